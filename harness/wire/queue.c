#include "wire/queue.h"

#include "base/mem.h"

/* Twice the room; the part of the ring that had wrapped round moves behind the rest. */
static int queue_grow(struct queue *q, struct err *err)
{
	const size_t room = q->room ? 2 * q->room : 16;
	struct exchange **v = mem_grow(q->v, room * sizeof(*v));

	if (!v)
		return err_set(err, ERR_NOMEM, "no memory for %zu exchanges", room);
	for (size_t i = 0; i < q->first; i++)
		v[q->room + i] = v[i];
	q->v = v;
	q->room = room;
	return 0;
}

int queue_push(struct queue *q, struct exchange *x, struct err *err)
{
	if (q->n == q->room && queue_grow(q, err))
		return -1;
	q->v[(q->first + q->n++) % q->room] = x;
	return 0;
}

struct exchange *queue_pop(struct queue *q)
{
	struct exchange *x;

	if (q->n == 0)
		return NULL;
	x = q->v[q->first];
	q->first = (q->first + 1) % q->room;
	q->n--;
	return x;
}

void queue_free(struct queue *q)
{
	mem_free(q->v);
	*q = (struct queue){ 0 };
}

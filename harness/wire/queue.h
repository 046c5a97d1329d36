/* queue.h - exchanges that wait for their turn, first come, first served. */
#ifndef WIRE_QUEUE_H
#define WIRE_QUEUE_H

#include "wire/wire.h"

struct queue {
	struct exchange **v; /* a ring */
	size_t first, n, room;
};

int queue_push(struct queue *q, struct exchange *x, struct err *err) MUST_CHECK; /* ERR_NOMEM */
struct exchange *queue_pop(struct queue *q); /* NULL when empty */
void queue_free(struct queue *q);

#endif

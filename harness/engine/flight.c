/* flight.c - exchanges from their making to their record.  An engine knows all that it has handed
 * out, so that a run that stops leaks none.
 */
#include "engine/internal.h"

#include "base/mem.h"

struct flight {
	struct exchange x;
	struct owner owner;
	struct arena a;
	struct engine *e;
	struct flight *next, **at;
};

struct exchange *exchange_new(struct engine *e, enum owner_kind kind, void *p)
{
	struct flight *f = mem_alloc(sizeof(*f));

	if (!f) {
		engine_stop(e, REASON_HARNESS, "out of memory");
		return NULL;
	}
	arena_init(&f->a, EXCHANGE_ARENA_MAX);
	f->x.a = &f->a;
	f->x.owner = &f->owner;
	f->owner = (struct owner){ .kind = kind, .p = p };
	f->e = e;
	f->next = e->flights;
	f->at = &e->flights;
	if (f->next)
		f->next->at = &f->next;
	e->flights = f;
	return &f->x;
}

void exchange_free(struct exchange *x)
{
	struct flight *f = (struct flight *)x; /* its first member */

	*f->at = f->next;
	if (f->next)
		f->next->at = f->at;
	arena_free(&f->a);
	mem_free(f);
}

int64_t device_now_ms(const struct engine *e)
{
	return world_wall_ms(e->world) + e->clock_offset_ms;
}

int64_t clock_offset_ms(const struct exchange *x, int64_t device_ms)
{
	/* The device's second began up to a second ago; the request was half a round trip away. */
	return device_ms + 500 - (x->wall_ms + (x->done_ms - x->sent_ms) / 2);
}

void step_record(struct arena *a, struct step_result *out, const char *role, int step,
		 unsigned expect, const struct answer *an, const struct exchange *x,
		 struct str summary)
{
	*out = (struct step_result){
		.role = role,
		.step = step,
		.expect = expect,
		.outcome = an->outcome,
		.status = an->status,
		.sent_ms = x->sent_ms,
		.took_ms = x->done_ms - x->sent_ms,
		.summary = arena_str(a, summary),
		.sent = arena_str(a, str_sub(x->sent_octets, 0, OCTETS_KEPT)),
		.received = arena_str(a, str_sub(x->received_octets, 0, OCTETS_KEPT)),
	};
}

void flights_free(struct engine *e)
{
	while (e->flights)
		exchange_free(&e->flights->x);
}

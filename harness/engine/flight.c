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
	int64_t number;
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
	f->number = ++e->n_made;
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

static const struct flight *flight_of(const struct exchange *x)
{
	return (const struct flight *)x; /* its first member */
}

int64_t exchange_number(const struct exchange *x)
{
	return flight_of(x)->number;
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
	const struct engine *e = flight_of(x)->e;
	size_t max_bytes = e->o.keep_octets ? OCTETS_EVIDENCE : OCTETS_KEPT;

	*out = (struct step_result){
		.role = role,
		.step = step,
		.expect = expect,
		.outcome = an->outcome,
		.status = an->status,
		.number = exchange_number(x),
		.fate = x->fate,
		.why = arena_str(a, x->fate == WIRE_ANSWERED ? STR("") : str(x->why)),
		.sent_ms = x->sent_ms,
		.took_ms = x->done_ms - x->sent_ms,
		.wall_ms = x->wall_ms,
		.device_ms = e->r->survey.has_clock ? x->wall_ms + e->clock_offset_ms : 0,
		.summary = arena_str(a, summary),
		.sent = arena_str(a, str_sub(x->sent_octets, 0, max_bytes)),
		.received = arena_str(a, str_sub(x->received_octets, 0, max_bytes)),
		.sent_bytes = x->sent_octets.n,
		.received_bytes = x->received_octets.n,
	};
}

void flights_free(struct engine *e)
{
	while (e->flights)
		exchange_free(&e->flights->x);
}

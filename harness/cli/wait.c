#include "cli/wait.h"

#include <inttypes.h>

#define TRY_MAX  (64u << 20) /* octets of one answer, and what is made of it */
#define SLICE_MS 200         /* so often is a signal looked for */

/* One wait for an answer, or, when none is in flight, for time to pass. */
struct span {
	const struct wait_options *o;
	struct wire *wire;
	const struct world *world;
};

static bool stopped(const struct wait_options *o)
{
	return o->interrupted && *o->interrupted;
}

static int spend(const struct span *s, int64_t until_ms, struct exchange **done, struct err *err)
{
	*done = NULL;
	while (!*done && !stopped(s->o)) {
		int64_t left = until_ms - world_mono_ms(s->world);

		if (left <= 0)
			return 0;
		if (s->wire->ops->next(s->wire, left < SLICE_MS ? left : SLICE_MS, done, err))
			return -1;
	}
	return 0;
}

static void look(struct wait *w, const struct wait_options *o, bool done)
{
	const struct exchange *x = &w->x;
	char before[sizeof(w->saw)];

	memcpy(before, w->saw, sizeof(before));
	w->answered = done && x->fate == WIRE_ANSWERED;
	if (w->answered)
		snprintf(w->saw, sizeof(w->saw), "%d%s%s", x->response.status,
			 *http_reason(x->response.status) ? " " : "",
			 http_reason(x->response.status));
	else if (done)
		snprintf(w->saw, sizeof(w->saw), "%s: %s", wire_fate_name(x->fate), x->why);
	else if (!*w->saw)
		snprintf(w->saw, sizeof(w->saw), "no answer yet");
	if (!o->log || w->answered || strcmp(before, w->saw) == 0)
		return;
	fprintf(o->log, "%6" PRId64 ".%" PRId64 " s  %s\n", w->took_ms / 1000,
		w->took_ms % 1000 / 100, w->saw);
	fflush(o->log);
}

static int ask(struct wait *w, const struct wait_options *o, struct wire *wire, struct err *err)
{
	arena_free(&w->a);
	arena_init(&w->a, TRY_MAX);
	w->x = (struct exchange){ .a = &w->a, .fresh_connection = true };
	w->x.request.method = STR("GET");
	w->x.request.target = o->target;
	w->tries++;
	return wire->ops->submit(wire, &w->x, err);
}

int wait_for(struct wait *w, struct wire *wire, const struct world *world,
	     const struct wait_options *o, struct err *err)
{
	const struct span s = { o, wire, world };
	const int64_t from = world_mono_ms(world), end = from + o->timeout_ms;
	struct exchange *done = NULL, *none;

	for (;;) {
		int64_t next;

		if (ask(w, o, wire, err) || spend(&s, end, &done, err))
			return -1;
		w->took_ms = world_mono_ms(world) - from;
		look(w, o, done != NULL);
		next = world_mono_ms(world) + o->interval_ms;
		if (w->answered || !done || stopped(o) || next >= end)
			return 0;
		if (spend(&s, next, &none, err))
			return -1;
		if (stopped(o))
			return 0;
	}
}

void wait_free(struct wait *w)
{
	arena_free(&w->a);
}

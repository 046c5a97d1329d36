#include "report/exchanges.h"

#include "report/write.h"

#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	if (x->step->number != y->step->number)
		return x->step->number < y->step->number ? -1 : 1;
	return x->variant < y->variant ? -1 : x->variant > y->variant;
}

/* Each case of a client has numbers of its own. */
static int by_time(const void *a, const void *b)
{
	const struct told *x = a, *y = b;

	if (x->step->sent_ms != y->step->sent_ms)
		return x->step->sent_ms < y->step->sent_ms ? -1 : 1;
	if (x->variant != y->variant)
		return x->variant < y->variant ? -1 : 1;
	return x->step < y->step ? -1 : x->step > y->step;
}

static size_t all_steps(const struct run_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_variant; i++)
		n += r->variant[i].n_step;
	return n;
}

size_t exchanges_told(const struct run_result *r, struct arena *a, struct told **out)
{
	bool client = str_eq(r->kind, STR("client"));
	struct told *all = arena_array(a, struct told, all_steps(r) + 1);
	size_t n = 0, kept = 0;

	*out = all;
	for (size_t i = 0; all && i < r->n_variant; i++)
		for (size_t k = 0; k < r->variant[i].n_step; k++)
			if (r->variant[i].step[k].sent.n)
				all[n++] = (struct told){ &r->variant[i].step[k], &r->variant[i] };
	if (n)
		qsort(all, n, sizeof(*all), client ? by_time : by_number);
	for (size_t i = 0; i < n; i++)
		if (client || !kept || all[kept - 1].step->number != all[i].step->number)
			all[kept++] = all[i];
	return kept;
}

struct str exchange_words(struct arena *a, const struct told *t)
{
	return arena_fmt(
		a, "%.*s %s: %.*s", STR_ARG(write_own(a, t->variant->variant->id, WRITE_MESSAGE)),
		t->step->role ? t->step->role : "step", STR_ARG(write_step_answer(a, t->step)));
}

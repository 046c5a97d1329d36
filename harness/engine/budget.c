/* budget.c - how many failed logins a run may cost: design, section 8. */
#include "engine/internal.h"

static int budget_word(struct str word, struct failure_budget *out)
{
	bool window = str_chr(word, '/') != (size_t)-1;
	struct str count = str_cut(&word, '/');
	uint64_t n = 0;

	if (str_eq(count, STR("none"))) {
		out->unlimited = true;
		return 0;
	}
	if (str_starts(count, STR("in-row:"))) {
		if (str_to_u64(str_sub(count, strlen("in-row:"), count.n), 1000, &n) || n == 0)
			return -1;
		out->in_row = (int)n;
		return 0;
	}
	if (str_to_u64(count, 100000, &n))
		return -1;
	out->count = (int)n;
	return window ? str_to_ms(word, &out->window_ms) : 0;
}

int failure_budget_parse(struct str text, struct failure_budget *out, struct err *err)
{
	struct str rest = text;

	*out = (struct failure_budget){ .count = -1 };
	while (rest.n)
		if (budget_word(str_cut(&rest, ','), out) || out->window_ms < 0)
			return err_set(
				err, ERR_INPUT,
				"--failures %.*s: expected COUNT/DURATION (3/30m), in-row:COUNT, "
				"or none",
				STR_ARG(text));
	if (!text.n)
		return err_set(err, ERR_INPUT,
			       "--failures is empty: expected 3/30m, in-row:1 or none");
	return 0;
}

static void note_budget(struct engine *e)
{
	e->r->budget =
		arena_fmt(&e->r->a,
			  "%zu variants may cost failed logins beyond the cap and were not "
			  "run; --lab runs them all on a device that may lock, --failures "
			  "COUNT/DURATION raises the cap, --failures in-row:1 suits a counter "
			  "that a success resets",
			  e->plan.skipped_budget);
}

int plan_cost(const struct engine *e, const struct suite_case *c)
{
	uint64_t times = c->spellings ? swarm_total(e, c) : 1;

	return c->failures * (int)times;
}

static bool logs_in(const struct suite_case *c)
{
	for (size_t i = 0; i < c->n_step; i++)
		if (!c->step[i].anonymous)
			return true;
	return c->spellings != NULL;
}

/* Nobody knows what a device counts that refuses right credentials.  One that has done so, and has
 * used up the cap, is not asked for more of the same.
 */
static bool refuses_right_ones(const struct engine *e, const struct suite_case *c, int spent)
{
	return e->refused_right && logs_in(c) && spent + e->o.spent >= e->o.budget.count;
}

bool plan_over_budget(const struct engine *e, const struct suite_case *c, int spent)
{
	const struct failure_budget *b = &e->o.budget;

	if (e->o.lab || b->unlimited)
		return false;
	if (!c->failures)
		return b->count >= 0 && refuses_right_ones(e, c, spent);
	if (b->in_row && c->failures > b->in_row)
		return true;
	return b->count >= 0 && spent + e->o.spent + plan_cost(e, c) > b->count;
}

struct str plan_budget_text(struct engine *e, const struct suite_case *c, struct arena *a)
{
	if (!c->failures)
		return STR("right credentials were refused before, which may count as failed "
			   "logins, and the cap is reached");
	return arena_fmt(a, "it may cost %d failed logins, and the cap is reached",
			 plan_cost(e, c));
}

void plan_skip_budget(struct engine *e, struct variant_result *r)
{
	e->plan.skipped_budget++;
	plan_skip(e, r, REASON_BUDGET, plan_budget_text(e, r->variant->c, &e->r->a));
	note_budget(e);
}

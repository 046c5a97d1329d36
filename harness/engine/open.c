#include "engine/internal.h"

/* Everything that may be answered, but acceptance and a lock, which ends the run. */
#define NOT_ACCEPTED                                                                               \
	(OUTCOME_SET_ANSWERED & ~OUTCOME_BIT(OUTCOME_ACCEPTED) & ~OUTCOME_BIT(OUTCOME_LOCKED))

static bool deviates(const struct suite_step *s)
{
	for (size_t i = 0; i < s->n_credentials; i++)
		if (s->credentials[i].n_deviation)
			return true;
	return s->anonymous || s->header.n || s->security.p || s->replay || s->target.p;
}

/* What may be refused has a control before it; what may not, only if it is. */
static void expect_something(struct suite_step *s)
{
	s->expect = deviates(s) ? NOT_ACCEPTED : OUTCOME_BIT(OUTCOME_ACCEPTED);
}

static int cost_of(struct engine *e, const struct suite_step *s)
{
	const struct open_case *o = e->o.open;
	int64_t times = suite_repeat(&e->r->a, o->variant, s, (struct str){ 0 });

	return s->anonymous || !deviates(s) ? 0 : (int)times;
}

static const char *word_for(const struct built *b)
{
	if (b->proved_invalid)
		return "wrong";
	return b->proved_valid ? "right" : NULL;
}

/* Nothing was expected, so nothing is broken. */
static bool only_expected_otherwise(const struct engine *e, enum verdict v, enum reason why)
{
	return e->o.open->unsaid && v == VERDICT_FAIL &&
	       (why == REASON_DECISION || why == REASON_OUTCOME);
}

static struct str plain_words(struct trial *t)
{
	const struct step_result *s = t->deciding >= 0 ? &t->steps[t->deciding] : NULL;

	return s ? arena_fmt(&t->a, "%d %s", s->status, outcome_name(t->outcome)) : STR("");
}

static void tell(struct engine *e, struct trial *t, enum verdict v, enum reason why,
		 struct str message)
{
	bool other = only_expected_otherwise(e, v, why);
	const struct open_told told = {
		.verdict = other ? VERDICT_PASS : v,
		.reason = other ? REASON_NONE : why,
		.message = other       ? plain_words(t)
			   : message.p ? message
				       : STR(""),
		.form = t->form,
		.outcome = t->outcome,
		.has_outcome = t->has_outcome,
		.step = t->steps + t->told,
		.n_step = t->n_steps - t->told,
		.credentials = t->has_outcome ? word_for(&t->built) : NULL,
		.defects = t->defects,
		.failed_logins = e->r->failed_logins,
	};

	t->pending = false;
	e->o.open->tell(e->o.open->ctx, &told);
	t->told = t->n_steps;
	t->verdict = VERDICT_PASS;
	t->reason = REASON_NONE;
	t->message = t->form = t->defects = (struct str){ 0 };
	t->has_outcome = false;
}

void open_end(struct engine *e, struct trial *t, enum verdict v, enum reason why,
	      struct str message)
{
	if (t->pending)
		tell(e, t, v, why, message);
}

static bool within_budget(struct engine *e, struct trial *t, struct suite_step *s)
{
	struct suite_case *c = e->o.open->c;

	c->failures = cost_of(e, s);
	if (!plan_over_budget(e, c, e->r->failed_logins))
		return true;
	c->n_step--;
	tell(e, t, VERDICT_SKIP, REASON_BUDGET, plan_budget_text(e, c, &t->a));
	return false;
}

bool open_ask(struct engine *e, struct trial *t)
{
	struct open_case *o = e->o.open;
	enum open_next next;

	if (t->pending)
		tell(e, t, t->verdict, t->reason, t->message);
	for (;;) {
		next = o->next(o->ctx);
		e->open_over = next == OPEN_OVER;
		if (next != OPEN_STEP)
			return false;
		if (o->unsaid)
			expect_something(&o->c->step[o->c->n_step - 1]);
		if (!within_budget(e, t, &o->c->step[o->c->n_step - 1]))
			continue;
		e->exchanges_max += EXCHANGES_PER_VARIANT;
		t->pending = true;
		return true;
	}
}

bool open_start(struct engine *e)
{
	struct trial *t;

	if (e->open_over || e->trials)
		return false;
	e->open_result = (struct variant_result){ .variant = e->o.open->variant, .deciding = -1 };
	e->o.open->c->n_step = 0;
	t = trial_new(e, &e->open_result);
	if (t)
		t->open = true;
	return t;
}

/* trial_end.c - the end of a trial: its verdict, its words, and what the reports need of its steps.
 */
#include "engine/internal.h"

static struct str proof_words(struct arena *a, const struct trial *t, struct str message)
{
	size_t controls = 0;

	for (size_t i = 0; i < t->n_steps; i++)
		controls += strcmp(t->steps[i].role, "control") == 0;
	return judge_proof(a, controls, message);
}

static struct str copy_octets(struct engine *e, struct str octets)
{
	if (e->kept_bytes + octets.n > EVIDENCE_MAX)
		return (struct str){ 0 };
	e->kept_bytes += octets.n;
	return arena_str(&e->r->a, octets);
}

static const struct recipe *recipe_of(struct engine *e, const struct step_result *s)
{
	return s->recipe ? recipe_copy(&e->r->a, s->recipe) : NULL;
}

/* Octets only where there is a finding, or somebody wants evidence. */
void trial_copy_steps(struct engine *e, const struct trial *t, struct variant_result *r)
{
	bool octets = r->verdict != VERDICT_PASS || e->o.keep_octets;
	struct arena *a = &e->r->a;

	r->step = arena_array(a, struct step_result, t->n_steps + 1);
	if (!r->step)
		return;
	for (size_t i = 0; i < t->n_steps; i++) {
		r->step[i] = t->steps[i];
		r->step[i].summary = arena_str(a, t->steps[i].summary);
		r->step[i].why = arena_str(a, t->steps[i].why);
		r->step[i].sent = r->step[i].received = (struct str){ 0 };
		r->step[i].recipe = NULL;
		if (octets) {
			r->step[i].sent = copy_octets(e, t->steps[i].sent);
			r->step[i].received = copy_octets(e, t->steps[i].received);
			r->step[i].recipe = recipe_of(e, &t->steps[i]);
		}
	}
	r->n_step = t->n_steps;
}

void trial_end(struct engine *e, struct trial *t, enum verdict v, enum reason why,
	       struct str message)
{
	struct variant_result *r = t->result;

	t->phase = PHASE_END;
	t->verdict = v;
	t->reason = why;
	t->message = message;
	if (t->open) {
		open_end(e, t, v, why, message);
		return;
	}
	if (t->measure) {
		measure_point_done(e, t);
		return;
	}
	judge_result(r, &e->r->a, v, why,
		     v >= VERDICT_SKIP ? message : proof_words(&e->r->a, t, message));
	if (why == REASON_FORM) {
		r->form = arena_str(&e->r->a, t->form);
		r->cite = t->form_cite;
		r->gates = false;
	}
	r->outcome = t->outcome;
	r->has_outcome = t->has_outcome;
	r->deciding = t->deciding;
	r->failed_logins += t->failed_logins;
	trial_copy_steps(e, t, r);
	variant_finish(e, r);
}

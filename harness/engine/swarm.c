/* swarm.c - drawn spellings of one case: ask them all, then shrink what went wrong. */
#include "engine/swarm.h"

#include "base/mem.h"
#include "soap/spell_token.h"

#define EXCHANGES_EACH 16 /* more than any spelling needs, shrinking included */

uint64_t swarm_total(const struct engine *e, const struct suite_case *c)
{
	if (e->o.replay)
		return 1;
	return c->spellings->hostile ? e->o.hostile : e->o.spellings;
}

int swarm_draw(const struct engine *e, const struct swarm *s, uint64_t index, struct spelling *out,
	       struct err *err)
{
	if (e->o.replay) {
		*out = *e->o.replay;
		return 0;
	}
	return spell_draw(s->g, e->r->seed, index, s->asked[index].attempt, out, err);
}

/* --- life --- */

static int make_lanes(struct engine *e, struct swarm *s)
{
	s->n_lane = (size_t)(e->o.connections < LANES_MAX ? e->o.connections : LANES_MAX);
	if (s->n_lane > s->found->total)
		s->n_lane = (size_t)s->found->total;
	s->lane = mem_alloc(s->n_lane * sizeof(*s->lane));
	if (!s->lane)
		return -1;
	for (size_t i = 0; i < s->n_lane; i++) {
		s->lane[i] = (struct lane){ .s = s, .epoch = e->epoch };
		arena_init(&s->lane[i].a, TRIAL_ARENA_MAX);
	}
	return 0;
}

static int make_result(struct engine *e, struct swarm *s, struct variant_result *r)
{
	const struct suite_case *c = r->variant->c;
	uint64_t total = swarm_total(e, c);

	s->result = r;
	s->g = spell_grammar(c->spellings->of, c->spellings->hostile);
	s->asked = mem_alloc((size_t)total * sizeof(*s->asked));
	s->found = arena_new(&e->r->a, struct swarm_result);
	if (!s->asked || !s->found)
		return -1;
	s->found->g = s->g;
	s->found->total = total;
	s->found->group = arena_array(&e->r->a, struct spell_group, GROUPS_MAX);
	return s->found->group ? 0 : -1;
}

struct swarm *swarm_new(struct engine *e, struct variant_result *r)
{
	struct swarm *s = mem_alloc(sizeof(*s));

	if (!s || make_result(e, s, r) || make_lanes(e, s)) {
		swarm_free(s);
		engine_stop(e, REASON_HARNESS, "no memory for the spellings");
		return NULL;
	}
	r->swarm = s->found;
	e->swarm_exchanges += EXCHANGES_EACH * s->found->total + 1000 * GROUPS_MAX;
	return s;
}

void swarm_free(struct swarm *s)
{
	if (!s)
		return;
	for (size_t i = 0; s->lane && i < s->n_lane; i++)
		lane_free(&s->lane[i]);
	mem_free(s->lane);
	mem_free(s->asked);
	mem_free(s);
}

bool swarm_finished(const struct swarm *s)
{
	if (!s->finished)
		return false;
	for (size_t i = 0; i < s->n_lane; i++)
		if (s->lane[i].in_flight)
			return false;
	return true;
}

static void keep_steps(struct engine *e, struct swarm *s)
{
	struct variant_result *r = s->result;

	r->step = arena_array(&e->r->a, struct step_result, s->n_step + 1);
	if (!r->step)
		return;
	memcpy(r->step, s->steps, s->n_step * sizeof(*r->step));
	r->n_step = s->n_step;
	r->deciding = s->n_step > 1 ? 1 : -1;
}

static bool explained(const struct swarm *s, const struct spelling *one)
{
	for (size_t i = 0; i < s->found->n_group; i++)
		if (spell_has(s->g, one, &s->found->group[i].part))
			return true;
	return false;
}

/* How many of those that went wrong have what each group has. */
static void count_groups(struct engine *e, struct swarm *s)
{
	struct spelling one;
	struct err err = { 0 };

	for (uint64_t i = 0; i < s->found->total; i++) {
		s->found->unanswered += s->asked[i].gone;
		if (!s->asked[i].hit || swarm_draw(e, s, i, &one, &err))
			continue;
		for (size_t k = 0; k < s->found->n_group; k++)
			s->found->group[k].count += spell_has(s->g, &one, &s->found->group[k].part);
	}
}

/* Those that went wrong and have nothing in common with what was shrunk: how many, and the first of
 * them in full, since nobody will look at them again.
 */
static struct str unexplained(struct engine *e, struct swarm *s)
{
	struct spelling one;
	struct err err = { 0 };
	struct str first = { 0 };
	uint64_t n = 0;

	for (uint64_t i = 0; i < s->found->total; i++) {
		if (!s->asked[i].hit || swarm_draw(e, s, i, &one, &err) || explained(s, &one))
			continue;
		if (!n++)
			first = spell_text(&e->r->a, s->g, &one);
	}
	if (!n)
		return STR("");
	return arena_fmt(&e->r->a, "; %llu %s and not looked into, the first: %.*s",
			 (unsigned long long)n, s->g->hostile ? "accepted" : "refused",
			 STR_ARG(first));
}

void swarm_give_up(struct engine *e, struct swarm *s, enum verdict v, enum reason why,
		   struct str message)
{
	if (s->finished)
		return;
	s->finished = true;
	count_groups(e, s);
	swarm_judge(e, s->result);
	s->found->summary = arena_fmt(
		&e->r->a, "%llu of %llu asked, then: %.*s%.*s", (unsigned long long)s->done,
		(unsigned long long)s->found->total, STR_ARG(message), STR_ARG(unexplained(e, s)));
	s->result->verdict = v;
	s->result->reason = why;
	s->result->message = swarm_message(e, s->found);
	keep_steps(e, s);
	variant_finish(e, s->result);
}

/* --- the second round: shrink --- */

static void finish(struct engine *e, struct swarm *s)
{
	s->finished = true;
	s->found->asked = s->done;
	count_groups(e, s);
	keep_steps(e, s);
	s->result->outcome = s->outcome;
	s->result->has_outcome = s->found->n_group > 0;
	swarm_judge(e, s->result);
	variant_finish(e, s->result);
}

/* Take up the next one that went wrong and is not explained yet; the end when there is none. */
static void next_candidate(struct engine *e, struct swarm *s, uint64_t from)
{
	struct lane *l = &s->lane[0];
	struct err err = { 0 };

	for (uint64_t i = from; i < s->found->total; i++) {
		if (!s->asked[i].hit)
			continue;
		if (swarm_draw(e, s, i, &l->spelling, &err)) {
			swarm_give_up(e, s, VERDICT_ERROR, REASON_HARNESS,
				      arena_str(&e->r->a, str(err.text)));
			return;
		}
		if (explained(s, &l->spelling))
			continue;
		if (s->found->n_group == GROUPS_MAX) {
			s->found->more = true;
			break;
		}
		s->candidate = l->index = i;
		s->step = SHRINK_CONTROL;
		shrink_start(&s->shrink, s->g, &l->spelling);
		lane_begin(l, ERRAND_CONTROL);
		return;
	}
	finish(e, s);
}

static void try_smaller(struct swarm *s, struct lane *l)
{
	bool more = shrink_next(&s->shrink);

	s->step = more ? SHRINK_TRY : SHRINK_PROOF;
	l->spelling = more ? s->shrink.trial : s->shrink.now;
	lane_begin(l, ERRAND_PROBE);
}

static void record(struct engine *e, struct swarm *s, const struct lane *l, const char *role,
		   const struct exchange *x, const struct answer *an)
{
	bool control = l->errand == ERRAND_CONTROL;
	unsigned expect =
		control || !s->g->hostile ? OUTCOME_BIT(OUTCOME_ACCEPTED) : OUTCOME_SET_REFUSED;

	step_record(&e->r->a, &s->steps[s->n_step], role, control ? -1 : 0, expect, an, x,
		    arena_str(&e->r->a, l->built.summary));
	s->n_step++;
}

static void add_group(struct engine *e, struct swarm *s)
{
	struct spell_group *g = &s->found->group[s->found->n_group++];

	g->part = s->shrink.now;
	g->first = s->candidate;
	g->sent = s->steps[s->n_step - 1].sent;
	for (size_t i = 0; i < s->g->n; i++)
		g->optional = g->optional || (s->g->point[i].optional && g->part.choice[i]);
	g->words = spell_text(&e->r->a, s->g, &g->part);
	g->choices = spell_format(&e->r->a, s->g, &g->part);
}

/* It went well this time: nothing is known but that the target is not steady. */
static void unsteady(struct engine *e, struct swarm *s)
{
	s->found->not_repeated++;
	next_candidate(e, s, s->candidate + 1);
}

static void shrink_step(struct engine *e, struct swarm *s, struct lane *l, bool hit,
			const struct exchange *x, const struct answer *an)
{
	switch (s->step) {
	case SHRINK_CONTROL:
		record(e, s, l, "control", x, an);
		s->n_step--; /* kept only with the proof that follows it */
		s->step = SHRINK_AGAIN;
		l->spelling = s->shrink.now;
		lane_begin(l, ERRAND_PROBE);
		return;
	case SHRINK_AGAIN:
		if (hit)
			try_smaller(s, l);
		else
			unsteady(e, s);
		return;
	case SHRINK_TRY:
		shrink_told(&s->shrink, hit);
		try_smaller(s, l);
		return;
	case SHRINK_PROOF:
		if (!hit) {
			unsteady(e, s);
			return;
		}
		s->n_step++; /* the control before */
		record(e, s, l, "probe", x, an);
		s->outcome = an->outcome;
		add_group(e, s);
		s->step = SHRINK_AFTER;
		lane_begin(l, ERRAND_CONTROL);
		return;
	case SHRINK_AFTER:
		next_candidate(e, s, s->candidate + 1);
		return;
	}
}

/* --- the first round --- */

static void settle(struct swarm *s, struct lane *l, bool hit)
{
	s->asked[l->index].hit = hit;
	s->found->hits += hit;
	s->done++;
	s->found->asked = s->done;
	l->errand = ERRAND_NONE;
}

static void ask_step(struct swarm *s, struct lane *l, bool hit)
{
	if (l->errand == ERRAND_PROBE && s->g->hostile && !hit) {
		l->stale_control = false;
		lane_begin(l, ERRAND_CONTROL); /* is the target alive, and the session? */
	} else if (l->errand == ERRAND_CONTROL && l->stale_control && !l->asked_again) {
		/* The refusal may have been one of the old nonce: once more with the new one. */
		l->asked_again = true;
		lane_begin(l, ERRAND_PROBE);
	} else {
		settle(s, l, l->errand == ERRAND_PROBE && hit);
	}
}

void swarm_told(struct engine *e, struct swarm *s, struct lane *l, bool hit,
		const struct exchange *x, const struct answer *an)
{
	if (s->shrinking)
		shrink_step(e, s, l, hit, x, an);
	else
		ask_step(s, l, hit);
	if (s->shrinking || s->finished || s->done < s->found->total)
		return;
	s->shrinking = true;
	next_candidate(e, s, 0);
}

/* The next spelling for a lane that has none; false when there is none left. */
static bool take_up(struct engine *e, struct swarm *s, struct lane *l)
{
	struct err err = { 0 };

	if (s->shrinking || s->next == s->found->total)
		return false;
	l->index = s->next++;
	l->asked_again = false;
	lane_begin(l, ERRAND_PROBE);
	if (!swarm_draw(e, s, l->index, &l->spelling, &err))
		return true;
	swarm_give_up(e, s, VERDICT_ERROR, REASON_HARNESS, arena_str(&e->r->a, str(err.text)));
	return false;
}

struct exchange *swarm_next(struct engine *e, struct swarm *s)
{
	struct exchange *x = NULL;

	for (size_t i = 0; i < s->n_lane && !x && !s->finished; i++) {
		struct lane *l = &s->lane[i];

		/* Sending may end an errand at once, where the verifier says no. */
		while (!x && !s->finished && !l->in_flight &&
		       (l->errand != ERRAND_NONE || take_up(e, s, l)))
			x = lane_send(e, l);
	}
	return x;
}

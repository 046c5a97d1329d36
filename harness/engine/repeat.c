/* repeat.c - steps that go several times in a row, octets that go again, and what is remembered of
 * their answers.
 */
#include "engine/internal.h"

static const struct suite_step *step_of(const struct trial *t)
{
	return &t->c->step[t->step];
}

static enum sample_kind sample_of(const struct trial *t)
{
	return t->measure ? t->measure->m->sample : SAMPLE_NONE;
}

/* These count what the target counts: a control between their steps would start it anew. */
static bool is_quiet(const struct trial *t)
{
	static const bool quiet[SAMPLES] = {
		[SAMPLE_NONCE_ENTROPY] = true,
		[SAMPLE_LOCK_OUT] = true,
		[SAMPLE_BARE_COST] = true,
	};

	return quiet[sample_of(t)];
}

/* --- which step is next --- */

bool trial_step_next(struct trial *t)
{
	int rounds = sample_of(t) ? t->measure->m->rounds : 1;

	for (;; t->step++) {
		if (t->step == t->c->n_step && (t->open || ++t->round >= rounds))
			return false;
		if (t->step == t->c->n_step)
			t->step = 0;
		if (t->iteration)
			return true;
		t->repeat = suite_repeat(&t->a, t->variant, step_of(t), t->x);
		if (t->repeat > 0)
			return true;
	}
}

void trial_step_over(struct trial *t)
{
	t->step++;
	t->iteration = 0;
}

/* Without a counter in the first answer there is nothing to sample. */
static bool has_enough(const struct trial *t)
{
	return sample_of(t) == SAMPLE_BARE_COST && t->n_seen == 1 && t->seen[0].attempts < 0;
}

bool trial_goes_again(struct trial *t, enum outcome o)
{
	if (has_enough(t)) {
		t->step = t->c->n_step - 1;
		t->iteration = 0;
		return false;
	}
	if (t->iteration + 1 >= t->repeat || (step_of(t)->until & OUTCOME_BIT(o)))
		return false;
	t->iteration++;
	return true;
}

/* --- controls --- */

bool trial_wants_control_before(const struct trial *t)
{
	const struct suite_step *s = step_of(t), *before = t->step ? s - 1 : NULL;

	if ((s->expect & OUTCOME_BIT(OUTCOME_ACCEPTED)) || t->iteration)
		return false;
	if (is_quiet(t))
		return !t->step && !t->round;
	/* One more request would count; and the step before it was an accepted one. */
	return !(t->measure && before && before->expect == OUTCOME_BIT(OUTCOME_ACCEPTED) &&
		 !s->wait.p);
}

bool trial_wants_control_after(const struct trial *t, enum outcome o, bool good)
{
	bool last = t->step + 1 == t->c->n_step &&
		    (!sample_of(t) || t->round + 1 >= t->measure->m->rounds);

	/* What is repeated is judged by the step behind it: a control between would start anew. */
	if (good && t->repeat > 1 && t->step + 1 < t->c->n_step)
		return false;
	if (good && sample_of(t) == SAMPLE_LOCK_OUT)
		return false; /* its last step is one, and may well be refused */
	if (good && is_quiet(t) && !last)
		return false;
	return !(good && o == OUTCOME_ACCEPTED);
}

/* --- memory: what was built lives in its exchange, and ends with it --- */

static void keep(struct arena *a, struct str *now, struct str before)
{
	if (now->p && now->p != before.p)
		*now = arena_str(a, *now);
}

void trial_keep_memory(struct trial *t, const struct craft_memory *before)
{
	struct craft_memory *m = &t->session.memory;

	keep(&t->a, &m->nonce, before->nonce);
	keep(&t->a, &m->cnonce, before->cnonce);
	keep(&t->a, &m->session_nonce, before->session_nonce);
	keep(&t->a, &m->session_cnonce, before->session_cnonce);
	keep(&t->a, &m->token_nonce, before->token_nonce);
	keep(&t->a, &m->created, before->created);
}

static bool is_replayed(const struct trial *t)
{
	if (t->open)
		return true; /* nobody knows yet */
	for (size_t i = t->step + 1; i < t->c->n_step; i++)
		if (t->c->step[i].replay == t->step + 1)
			return true;
	return false;
}

void trial_keep_request(struct trial *t)
{
	const struct http_request *r = &t->built.request;
	struct http_request *k;

	if (!is_replayed(t))
		return;
	if (!t->kept)
		t->kept = arena_array(&t->a, struct http_request,
				      t->open ? OPEN_STEPS : t->c->n_step);
	if (!t->kept)
		return;
	k = &t->kept[t->step];
	*k = (struct http_request){ .method = arena_str(&t->a, r->method),
				    .target = arena_str(&t->a, r->target),
				    .body = arena_str(&t->a, r->body) };
	for (size_t i = 0; i < r->fields.n; i++)
		http_add(&t->a, &k->fields, arena_str(&t->a, r->fields.v[i].name),
			 arena_str(&t->a, r->fields.v[i].value));
}

int trial_replay(struct trial *t, struct err *err)
{
	size_t which = step_of(t)->replay;

	if (!t->kept || !t->kept[which - 1].method.p)
		return err_set(err, ERR_INPUT, "step %zu was not sent", which);
	t->built = (struct built){
		.request = t->kept[which - 1],
		.summary = arena_fmt(&t->a, "the octets of step %zu once more", which),
		.with_credentials = true,
	};
	return arena_check(&t->a, err);
}

/* --- observations --- */

void trial_observe(struct trial *t, const struct exchange *x, const struct answer *an)
{
	struct str nonce = answer_nonce(&an->challenge);

	if (!sample_of(t))
		return;
	if (t->n_seen == t->room_seen) {
		size_t room = t->room_seen ? 2 * t->room_seen : 16;
		struct observation *v = arena_array(&t->a, struct observation, room);

		if (!v)
			return;
		if (t->n_seen)
			memcpy(v, t->seen, t->n_seen * sizeof(*v));
		t->seen = v;
		t->room_seen = room;
	}
	t->seen[t->n_seen++] = (struct observation){
		.step = t->step,
		.outcome = an->outcome,
		.sent_ms = x->sent_ms,
		.done_ms = x->done_ms,
		.attempts = soap_attempts_left(an->text),
		.nonce = nonce.p ? arena_str(&t->a, nonce) : nonce,
	};
}

/* trial.c - one run through the steps of one case variant, controls included. */
#include "engine/internal.h"

#include "base/mem.h"

struct trial *trial_new(struct engine *e, struct variant_result *r)
{
	struct trial *t = mem_alloc(sizeof(*t));
	struct trial **at = &e->trials;

	if (!t) {
		engine_stop(e, REASON_HARNESS, "out of memory");
		return NULL;
	}
	t->result = r;
	t->variant = r->variant;
	t->c = r->variant->c;
	t->epoch = e->epoch;
	t->deciding = -1;
	arena_init(&t->a, TRIAL_ARENA_MAX);
	while (*at)
		at = &(*at)->next;
	*at = t;
	return t;
}

void trial_free(struct trial *t)
{
	arena_free(&t->a);
	mem_free(t);
}

static const struct suite_step *step_of(const struct trial *t)
{
	return &t->c->step[t->step];
}

static struct binding bind_of(const struct trial *t)
{
	return (struct binding){ t->variant, t->x };
}

static struct step_result *add_step(struct trial *t)
{
	static struct step_result spare;

	if (t->n_steps == t->room_steps) {
		size_t room = t->room_steps ? 2 * t->room_steps : 8;
		struct step_result *v = arena_array(&t->a, struct step_result, room);

		if (!v)
			return &spare;
		if (t->n_steps)
			memcpy(v, t->steps, t->n_steps * sizeof(*v));
		t->steps = v;
		t->room_steps = room;
	}
	return &t->steps[t->n_steps++];
}

static void record_control(struct trial *t, const struct control *k)
{
	struct step_result *s = add_step(t);

	*s = k->last;
	s->summary = arena_str(&t->a, k->last.summary);
	s->why = (struct str){ 0 }; /* it was accepted */
	s->sent = arena_str(&t->a, k->last.sent);
	s->received = arena_str(&t->a, k->last.received);
}

/* Everything again from the first step: once, after a lost connection, which is no finding. */
static void trial_restart(struct engine *e, struct trial *t)
{
	arena_free(&t->a);
	arena_init(&t->a, TRIAL_ARENA_MAX);
	t->session = (struct session){ 0 };
	t->steps = NULL;
	t->n_steps = t->room_steps = 0;
	t->step = 0;
	t->iteration = 0;
	t->round = 0;
	t->kept = NULL;
	t->seen = NULL;
	t->n_seen = t->room_seen = 0;
	t->phase = PHASE_START;
	t->challenge_tried = t->lost = false;
	t->deciding = -1;
	t->message = t->form = (struct str){ 0 };
	t->verdict = VERDICT_PASS;
	t->reason = REASON_NONE;
	t->last_done_ms = 0;
	t->epoch = e->epoch;
	t->tries++;
	if (t->measure) /* its value lived in the arena that is gone */
		t->x = measure_text(t);
}

static void inconclusive(struct engine *e, struct trial *t, enum reason why, struct str message)
{
	trial_end(e, t, VERDICT_INCONCLUSIVE, why, message);
}

static const char *epoch_words(enum reason why)
{
	return why == REASON_CLOCK ? "the device's clock moved while the case ran"
				   : "the target was not reachable while the case ran";
}

/* --- the phases: each does its part and says what to send, or moves on --- */

static struct exchange *phase_start(struct engine *e, struct trial *t)
{
	const struct suite_step *s;
	int64_t wait_ms = 0;

	while (!trial_step_next(t)) {
		if (t->open && open_ask(e, t))
			continue;
		trial_end(e, t, t->verdict, t->reason, t->message);
		return NULL;
	}
	s = step_of(t);
	t->challenge_tried = false;
	if (s->wait.p && !suite_wait_ms(suite_bind(&t->a, t->variant, s->wait, t->x), &wait_ms)) {
		int64_t from = t->last_done_ms ? t->last_done_ms : world_mono_ms(e->world);

		t->wake_ms = from + wait_ms;
		t->phase = PHASE_PARKED;
	} else {
		t->phase = PHASE_BEFORE;
	}
	return NULL;
}

static struct exchange *phase_parked(struct engine *e, struct trial *t)
{
	if (world_mono_ms(e->world) >= t->wake_ms)
		t->phase = PHASE_BEFORE;
	return NULL;
}

static bool control_is_there(struct engine *e, struct trial *t, int64_t after)
{
	struct err err = { 0 };
	enum need need;

	if (!t->control)
		t->control = control_for(e, t->c, step_of(t), bind_of(t), &err);
	if (!t->control) {
		trial_end(e, t, VERDICT_ERROR, REASON_HARNESS, arena_str(&t->a, str(err.text)));
		return false;
	}
	need = control_need(t->control, after);
	if (need == NEED_FAILED && t->control->not_offered)
		trial_end(e, t, VERDICT_SKIP, REASON_NOT_OFFERED,
			  arena_fmt(&t->a, "the target does not have the operation %.*s: %.*s",
				    STR_ARG(t->control->step.operation),
				    STR_ARG(t->control->bad_text)));
	else if (need == NEED_FAILED)
		inconclusive(e, t, REASON_CONTROL,
			     arena_fmt(&t->a, "the control was not accepted: %.*s",
				       STR_ARG(t->control->bad_text)));
	return need == NEED_READY;
}

static struct exchange *phase_before(struct engine *e, struct trial *t)
{
	/* One at a time: the control must have started after the last refusal; side by side: any
	 * one. */
	int64_t after = e->o.connections > 1 ? 0 : e->disturbed;

	t->control = NULL;
	if (trial_wants_control_before(t)) {
		if (!control_is_there(e, t, after))
			return NULL;
		record_control(t, t->control);
	}
	t->phase = PHASE_CHALLENGE;
	return NULL;
}

/* In the arena of the exchange: a step may be sent ten thousand times. */
static int make_request(struct engine *e, struct trial *t, const struct suite_step *s, bool bare,
			const struct exchange *x, struct err *err)
{
	struct craft_memory before = t->session.memory;

	if (!bare && s->replay)
		return trial_replay(t, err);
	if (build_request(e, s, t->c, bind_of(t), &t->session, x->a, bare, &t->built, err))
		return -1;
	if (marker_fits(t->c))
		marker_add(e, x, &t->built.request, t->variant->id);
	trial_keep_memory(t, &before);
	if (bare)
		return arena_check(&t->a, err);
	trial_keep_request(t);
	t->defects = t->open ? arena_str(&t->a, t->built.defects) : (struct str){ 0 };
	if (arena_check(&t->a, err))
		return -1;
	if (t->open && e->o.open->unsaid)
		return 0;
	return build_prove(s, bind_of(t), &t->built, err);
}

static struct exchange *send_built(struct engine *e, struct trial *t, const struct suite_step *s,
				   bool bare, const char *role)
{
	struct exchange *x = exchange_new(e, OWNER_TRIAL, t);
	struct err err = { 0 };

	if (!x) {
		trial_end(e, t, VERDICT_ERROR, REASON_HARNESS, STR("out of memory"));
		return NULL;
	}
	if (make_request(e, t, s, bare, x, &err)) {
		/* A deviation that this account or challenge gives no room for is not a bug of
		 * ours. */
		bool moot = err.code == ERR_INPUT;

		exchange_free(x);
		trial_end(e, t, moot ? VERDICT_SKIP : VERDICT_ERROR,
			  moot ? REASON_NOT_OFFERED : REASON_HARNESS,
			  arena_str(&t->a, str(err.text)));
		return NULL;
	}
	x->request = t->built.request;
	x->fresh_connection =
		str_eq(suite_bind(&t->a, t->variant, s->connection, t->x), STR("new"));
	t->role = role;
	t->phase = PHASE_FLIGHT;
	return x;
}

static struct str use_of(const struct suite_step *s)
{
	for (size_t i = 0; i < s->n_credentials; i++)
		if (s->credentials[i].use.p)
			return s->credentials[i].use;
	return (struct str){ 0 };
}

/* RFC 7616 3.5: the client goes on with the nonce that the last answer named, from nc 1. */
static bool take_next_nonce(struct engine *e, struct trial *t)
{
	if (t->session.next_nonce.p && t->session.memory.has_digest) {
		t->session.memory.challenge.nonce = t->session.next_nonce;
		return true;
	}
	trial_end(e, t, VERDICT_SKIP, REASON_NOT_OFFERED,
		  STR("the answer before names no nextnonce"));
	return false;
}

static struct exchange *phase_challenge(struct engine *e, struct trial *t)
{
	const struct suite_step *s = step_of(t);
	/* As a client does that has no nonce yet: the same request, without credentials.  There are
	 * servers whose nonces are good for one method, or one target, only.
	 */
	struct suite_step plain = { .expect = s->expect,
				    .method = s->method,
				    .query = s->query,
				    .path = s->path,
				    .connection = s->connection };
	bool digest = step_answers_challenge(e, t->c, s);
	bool has = t->session.memory.has_digest && !s->new_challenge;

	t->phase = PHASE_SEND;
	if (s->next_nonce && !take_next_nonce(e, t))
		return NULL;
	if (!digest || has || t->challenge_tried)
		return NULL;
	t->session.use = suite_bind(&t->a, t->variant, use_of(s), t->x);
	return send_built(e, t, &plain, true, "challenge");
}

static struct exchange *phase_send(struct engine *e, struct trial *t)
{
	return send_built(e, t, step_of(t), false, "probe");
}

static struct exchange *phase_flight(struct engine *e, struct trial *t)
{
	(void)e;
	(void)t;
	return NULL;
}

static struct exchange *phase_after(struct engine *e, struct trial *t)
{
	if (!control_is_there(e, t, t->probe_end))
		return NULL;
	record_control(t, t->control);
	if (t->verdict == VERDICT_PASS || t->reason == REASON_FORM || t->open) {
		trial_step_over(t);
		t->phase = PHASE_START;
	} else {
		trial_end(e, t, t->verdict, t->reason, t->message);
	}
	return NULL;
}

static struct exchange *(*const phases[])(struct engine *e, struct trial *t) = {
	[PHASE_START] = phase_start,   [PHASE_PARKED] = phase_parked,
	[PHASE_BEFORE] = phase_before, [PHASE_CHALLENGE] = phase_challenge,
	[PHASE_SEND] = phase_send,     [PHASE_FLIGHT] = phase_flight,
	[PHASE_AFTER] = phase_after,   [PHASE_END] = phase_flight,
};

struct exchange *trial_next(struct engine *e, struct trial *t)
{
	struct exchange *x = NULL;
	enum phase before;

	if (t->phase == PHASE_FLIGHT || t->phase == PHASE_END)
		return NULL;
	if (t->epoch != e->epoch)
		inconclusive(e, t, e->epoch_reason, str(epoch_words(e->epoch_reason)));
	else if (t->lost && t->tries && t->measure && t->measure->m->loss_ends)
		trial_end(e, t, VERDICT_FAIL, REASON_OUTCOME,
			  STR("the connection was lost, twice"));
	else if (t->lost && (t->tries || t->open))
		inconclusive(e, t, REASON_UNREACHABLE,
			     t->open ? STR("the connection was lost")
				     : STR("the connection was lost, twice"));
	else if (t->lost)
		trial_restart(e, t);
	do {
		before = t->phase;
		x = phases[t->phase](e, t);
	} while (!x && t->phase != before);
	return x;
}

/* --- the answers --- */

static void challenge_done(struct engine *e, struct trial *t, const struct exchange *x,
			   const struct answer *an)
{
	const unsigned expect = OUTCOME_BIT(OUTCOME_CHALLENGED) | OUTCOME_BIT(OUTCOME_STALE);
	struct err err = { 0 };
	bool came = an->outcome == OUTCOME_CHALLENGED || an->outcome == OUTCOME_STALE;

	if (!t->iteration && !t->round)
		step_record(&t->a, add_step(t), "challenge", (int)t->step, expect, an, x,
			    t->built.summary);
	t->challenge_tried = true;
	session_remember(&t->session, &t->a, an);
	if (came && !session_take(&t->session, &t->a, &an->challenge, &err)) {
		t->phase = PHASE_SEND;
		return;
	}
	inconclusive(e, t, REASON_CONTROL,
		     arena_fmt(&t->a, "no challenge to answer: %.*s %s",
			       STR_ARG(answer_text(&t->a, an)), err.text));
}

static bool is_probe(const struct trial *t)
{
	return strcmp(t->role, "probe") == 0;
}

/* A locked target may not even give a challenge: then that is the answer. */
static bool stands_for_probe(const struct trial *t, const struct answer *an)
{
	unsigned challenge = OUTCOME_BIT(OUTCOME_CHALLENGED) | OUTCOME_BIT(OUTCOME_STALE);

	return is_probe(t) || (suite_awaits_lock(t->c) && !(challenge & OUTCOME_BIT(an->outcome)) &&
			       (step_of(t)->expect & OUTCOME_BIT(an->outcome)));
}

/* Nobody answered, and the case does not list that: never a finding, the doctor looks. */
static bool unanswered(struct engine *e, struct trial *t, const struct answer *an)
{
	unsigned gone = OUTCOME_BIT(OUTCOME_CLOSED) | OUTCOME_BIT(OUTCOME_TIMEOUT);

	if (!(OUTCOME_BIT(an->outcome) & gone) ||
	    (stands_for_probe(t, an) && (step_of(t)->expect & OUTCOME_BIT(an->outcome))))
		return false;
	t->phase = PHASE_START;
	t->lost = true;
	doctor_call(e, NULL, REASON_UNREACHABLE, answer_text(&e->r->a, an));
	return true;
}

/* Of a step that is repeated, the first and the last time. */
static void record_probe(struct trial *t, const struct exchange *x, const struct answer *an,
			 bool again)
{
	struct step_result *s;

	if (again && t->iteration > 1)
		return;
	t->deciding = (int)t->n_steps;
	s = add_step(t);
	step_record(&t->a, s, "probe", (int)t->step, step_of(t)->expect, an, x, t->built.summary);
	s->recipe = recipe_copy(&t->a, &t->built.recipe);
}

static void probe_done(struct engine *e, struct trial *t, const struct exchange *x,
		       const struct answer *an)
{
	const struct suite_step *s = step_of(t);
	struct check_context cx = { an, &t->session, &t->built, &t->a, NULL, false };
	struct step_judgement j = judge_step(s, an, &cx);
	bool good, again;

	judge_form(e->o.profile, &j);
	if (j.reason == REASON_FORM) {
		t->form = j.form;
		t->form_cite = j.cite;
	}
	trial_observe(t, x, an);
	good = j.verdict == VERDICT_PASS || j.reason == REASON_FORM;
	again = good && trial_goes_again(t, an->outcome);
	record_probe(t, x, an, again);
	session_remember(&t->session, &t->a, an);
	t->outcome = an->outcome;
	t->has_outcome = true;
	t->verdict = j.verdict == VERDICT_PASS ? t->verdict : j.verdict;
	t->reason = j.verdict == VERDICT_PASS ? t->reason : j.reason;
	if (j.verdict != VERDICT_PASS || t->verdict == VERDICT_PASS)
		t->message = j.message;
	if (again) {
		t->phase = PHASE_START;
	} else if (trial_wants_control_after(t, an->outcome, good)) {
		t->phase = PHASE_AFTER;
	} else {
		trial_step_over(t);
		t->phase = PHASE_START;
	}
}

void trial_done(struct engine *e, struct trial *t, struct exchange *x)
{
	struct answer an;
	bool probe = is_probe(t);

	answer_read(&an, x, !e->o.http_kind && str_eq(x->request.method, STR("POST")));
	t->last_done_ms = x->done_ms;
	t->probe_end = e->sequence;
	if (probe && t->built.with_credentials && engine_counts_as_failure(&an)) {
		t->failed_logins++;
		e->refused_right += !t->c->failures;
	}
	if (suite_awaits_lock(t->c)) /* what it is about is no reason to stop */
		engine_note(e, &an, probe && t->built.with_credentials);
	else if (engine_watch(e, &an, probe && t->built.with_credentials))
		return;
	if (t->epoch != e->epoch) {
		t->phase = PHASE_START; /* trial_next ends or restarts it */
		return;
	}
	if (unanswered(e, t, &an))
		return;
	if (stands_for_probe(t, &an))
		probe_done(e, t, x, &an);
	else
		challenge_done(e, t, x, &an);
}

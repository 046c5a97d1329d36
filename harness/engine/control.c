/* control.c - correct requests that prove that a refusal was a refusal.
 *
 * One control per shape (mechanisms, operation, path, legal spellings), shared by every trial of
 * that shape: what follows one refusal precedes the next.
 */
#include "engine/internal.h"

#include "base/mem.h"

/* Only legal deviations stay; and none at all where the legal spelling itself is what must be
 * refused. */
static size_t legal_only(struct arena *a, struct suite_credentials *c, struct binding b)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_deviation; i++) {
		struct str value = suite_bind(a, b.variant, c->deviation[i].value, b.x);

		if (c->deviation[i].d->class(value) != DEVIATION_LEGAL ||
		    str_eq(value, STR("same")))
			continue;
		c->deviation[n] = c->deviation[i];
		c->deviation[n++].value = value;
	}
	return n;
}

/* Then the legal spelling itself is what must be refused, and the control has none of it. */
static bool refuses_a_legal_spelling(const struct suite_step *s, struct binding b, struct arena *a)
{
	for (size_t i = 0; i < s->n_credentials; i++)
		for (size_t j = 0; j < s->credentials[i].n_deviation; j++) {
			const struct suite_deviation *d = &s->credentials[i].deviation[j];

			if (d->d->class(suite_bind(a, b.variant, d->value, b.x)) != DEVIATION_LEGAL)
				return false;
		}
	return !(s->expect & OUTCOME_BIT(OUTCOME_ACCEPTED));
}

static bool accepts(const struct engine *e, enum mechanism m)
{
	static const char *const features[MECHANISMS] = { "basic", "digest", "token" };

	return feature_has(e, features[m]) || (m == MECH_TOKEN && feature_has(e, "token.text"));
}

/* The correct twin of a step, all values bound, in a. */
static int correct_twin(const struct engine *e, struct arena *a, const struct suite_case *c,
			const struct suite_step *s, struct binding b, struct suite_step *out,
			struct err *err)
{
	bool plain = s->anonymous || s->security.p || s->header.n;
	/* Where acceptance is at stake, so is everything unusual about the step. */
	bool at_stake = s->expect & OUTCOME_BIT(OUTCOME_ACCEPTED);
	bool drop = at_stake || refuses_a_legal_spelling(s, b, a);

	*out = (struct suite_step){ .line = s->line, .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	out->n_credentials = plain || !s->n_credentials ? 1 : s->n_credentials;
	out->credentials = arena_array(a, struct suite_credentials, out->n_credentials);
	if (!out->credentials)
		return arena_check(a, err);
	if (plain || !s->n_credentials) {
		bool own = c && c->has_mech && !plain;

		out->credentials[0].mech = own && accepts(e, c->mech) ? c->mech : e->mech;
		if (s->security.p && feature_has(e, "token"))
			out->credentials[0].mech = MECH_TOKEN;
	}
	if (plain)
		return 0;
	/* A refusal of right credentials is one of the operation or of the method. */
	if (!drop) {
		out->operation = suite_bind(a, b.variant, s->operation, b.x);
		out->method = suite_bind(a, b.variant, s->method, b.x);
		out->query = suite_bind(a, b.variant, s->query, b.x);
		out->path = suite_bind(a, b.variant, s->path, b.x);
	}
	for (size_t i = 0; i < s->n_credentials; i++) {
		struct suite_credentials *k = &out->credentials[i];

		*k = s->credentials[i];
		if (at_stake && !accepts(e, k->mech))
			k->mech = e->mech;
		k->use = at_stake ? (struct str){ 0 } : suite_bind(a, b.variant, k->use, b.x);
		k->deviation = arena_array(a, struct suite_deviation, k->n_deviation + 1);
		if (!k->deviation)
			return arena_check(a, err);
		memcpy(k->deviation, s->credentials[i].deviation,
		       k->n_deviation * sizeof(k->deviation[0]));
		k->n_deviation = drop ? 0 : legal_only(a, k, b);
	}
	return arena_check(a, err);
}

static struct str twin_key(struct arena *a, const struct suite_step *s)
{
	struct str key = arena_fmt(a, "%.*s|%.*s|%.*s|%.*s", STR_ARG(s->operation),
				   STR_ARG(s->method), STR_ARG(s->query), STR_ARG(s->path));

	for (size_t i = 0; i < s->n_credentials; i++) {
		const struct suite_credentials *c = &s->credentials[i];

		key = arena_fmt(a, "%.*s|%s:%.*s", STR_ARG(key), mechanism_name(c->mech),
				STR_ARG(c->use));
		for (size_t j = 0; j < c->n_deviation; j++)
			key = arena_fmt(a, "%.*s,%s=%.*s", STR_ARG(key), c->deviation[j].d->name,
					STR_ARG(c->deviation[j].value));
	}
	return key;
}

struct control *control_for(struct engine *e, const struct suite_case *c,
			    const struct suite_step *s, struct binding b, struct err *err)
{
	struct suite_step twin;
	struct str key;
	struct control *k;

	if (correct_twin(e, &e->r->a, c, s, b, &twin, err))
		return NULL;
	key = twin_key(&e->r->a, &twin);
	for (k = e->controls; k; k = k->next)
		if (str_eq(k->key, key))
			return k;
	k = mem_alloc(sizeof(*k));
	if (!k) {
		err_set(err, ERR_NOMEM, "no memory for a control");
		return NULL;
	}
	k->key = key;
	k->step = twin;
	k->want_after = -1;
	for (size_t i = 0; i < twin.n_credentials; i++)
		if (twin.credentials[i].use.p)
			k->session.use = twin.credentials[i].use;
	arena_init(&k->a, TRIAL_ARENA_MAX);
	arena_init(&k->last_arena, TRIAL_ARENA_MAX);
	k->next = e->controls;
	e->controls = k;
	return k;
}

void control_free(struct control *k)
{
	arena_free(&k->a);
	arena_free(&k->last_arena);
	mem_free(k);
}

enum need control_need(struct control *k, int64_t after)
{
	if (k->ok_start > after && k->ok_start >= k->bad_start)
		return NEED_READY;
	if (k->hopeless || (k->bad && k->bad_start > after))
		return NEED_FAILED;
	if (k->want_after < after)
		k->want_after = after;
	return NEED_WAIT;
}

static bool control_wanted(const struct control *k)
{
	return k->want_after >= 0 && !k->in_flight && k->ok_start <= k->want_after;
}

/* One of the run does: a target that treats the others differently must not stay unnoticed. */
static bool goes_unmarked(struct engine *e, struct control *k)
{
	if (!e->went_unmarked && e->r->marked) {
		e->went_unmarked = true;
		k->marking = UNMARKED;
	}
	return k->marking == UNMARKED;
}

static struct exchange *control_send(struct engine *e, struct control *k)
{
	struct exchange *x = exchange_new(e, OWNER_CONTROL, k);
	struct built built;
	/* An operation that is open would be answered, not challenged. */
	const struct suite_step bare = { .expect = k->step.expect, .path = k->step.path };
	struct err err = { 0 };

	if (!x)
		return NULL;
	k->asking = step_answers_challenge(e, NULL, &k->step) &&
		    (!k->has_challenge || (k->fresh_each_time && k->session.memory.nc));
	if (build_request(e, k->asking ? &bare : &k->step, NULL, (struct binding){ 0 }, &k->session,
			  x->a, k->asking, &built, &err)) {
		exchange_free(x);
		engine_stop(e, REASON_HARNESS, err.text);
		return NULL;
	}
	/* What was sent lives in x->a; a control needs only the count of it. */
	k->session.memory.cnonce = k->session.memory.token_nonce = (struct str){ 0 };
	k->session.memory.created = k->session.memory.nonce = (struct str){ 0 };
	k->session.memory.has_token = false;
	if (k->session.memory.session_nonce.p) {
		k->session.memory.session_nonce = arena_str(&k->a, k->session.memory.session_nonce);
		k->session.memory.session_cnonce =
			arena_str(&k->a, k->session.memory.session_cnonce);
	}
	x->request = built.request;
	if (k->asking || !goes_unmarked(e, k))
		marker_add(e, x, &x->request, STR("control"));
	x->fresh_connection = k->retry > 0;
	k->summary = built.summary;
	k->in_flight = true;
	return x;
}

struct exchange *control_next(struct engine *e)
{
	for (struct control *k = e->controls; k; k = k->next) {
		bool blocked = e->doctor.phase != DOCTOR_IDLE && k != e->doctor.canary;

		if (!blocked && control_wanted(k))
			return control_send(e, k);
	}
	return NULL;
}

/* Take a new challenge into a new arena: the old one's memory goes. */
static int control_renew(struct control *k, const struct challenge_list *list)
{
	struct arena a;
	struct err err = { 0 };
	struct session s = { .use = k->session.use };

	arena_init(&a, TRIAL_ARENA_MAX);
	if (session_take(&s, &a, list, &err)) {
		arena_free(&a);
		return -1;
	}
	arena_free(&k->a);
	k->a = a;
	k->session = s;
	k->has_challenge = true;
	return 0;
}

/* A server may name the nonce to use next (RFC 7616 3.5); a correct client takes it. */
static void control_nextnonce(struct control *k, const struct answer *an, struct arena *a)
{
	struct str field = http_get(&an->response->fields, "Authentication-Info");
	struct challenge c;
	const struct auth_param *p;
	struct err err = { 0 };

	if (!field.p || !k->has_challenge ||
	    credentials_parse(a, arena_fmt(a, "Info %.*s", STR_ARG(field)), &c, &err))
		return;
	p = challenge_param(&c, "nextnonce");
	if (!p || !p->value.n)
		return;
	k->session.memory.challenge.nonce = arena_str(&k->a, p->value);
	k->session.memory.nc = 0;
}

static void control_failed(struct engine *e, struct control *k, int64_t start,
			   const struct answer *an)
{
	bool gone = an->outcome == OUTCOME_CLOSED || an->outcome == OUTCOME_TIMEOUT;

	k->not_offered = k->step.operation.p && !k->was_accepted && an->outcome == OUTCOME_FAULT;
	k->bad = true;
	k->bad_start = start;
	k->retry = 0;
	k->bad_text = answer_text(&e->r->a, an);
	k->has_challenge = false;
	if (!gone)
		k->want_after = -1;
	if (e->doctor.phase != DOCTOR_IDLE)
		doctor_told(e, k, an);
	else
		doctor_call(e, k, gone ? REASON_UNREACHABLE : REASON_CONTROL, k->bad_text);
}

/* Is this refusal one that a correct client answers by itself?  Then the control goes once more. */
static bool control_again(struct control *k, const struct answer *an)
{
	bool gone = an->outcome == OUTCOME_CLOSED || an->outcome == OUTCOME_TIMEOUT;

	if (k->retry >= 2)
		return false;
	if (gone) {
		k->has_challenge = false;
		return k->retry++ == 0;
	}
	if (an->outcome == OUTCOME_STALE && !control_renew(k, &an->challenge)) {
		k->retry++;
		return true;
	}
	/* A nonce that serves once, without stale: legal for a server, so answer the new challenge.
	 */
	if (an->outcome == OUTCOME_CHALLENGED && k->session.memory.nc > 1 &&
	    !control_renew(k, &an->challenge)) {
		k->retry++;
		k->fresh_each_time = true;
		return true;
	}
	return false;
}

/* The one that went without the marker was refused: is it so with the marker, too? */
static bool control_marked_as_well(struct engine *e, struct control *k, const struct answer *an)
{
	if (k->marking != UNMARKED)
		return false;
	k->marking = MARKED_AS_WELL;
	k->bad_text = answer_text(&e->r->a, an);
	k->has_challenge = false;
	k->retry = 0;
	return true;
}

#define MARKER_DOUBTS 2 /* one may be chance */

static void control_compare(struct engine *e, struct control *k, const struct answer *an)
{
	if (k->marking == MARKED_AS_WELL && ++e->marker_doubts == MARKER_DOUBTS)
		marker_stop(e, answer_text(&e->r->a, an), k->bad_text);
	else if (k->marking == MARKED_AS_WELL)
		e->went_unmarked = false; /* another one is to try */
	k->marking = MARKED;
}

void control_done(struct engine *e, struct control *k, struct exchange *x)
{
	struct owner *o = x->owner;
	struct answer an;
	bool asked = k->asking;

	k->in_flight = false;
	k->asking = false;
	answer_read(&an, x, !e->o.http_kind);
	if (engine_watch(e, &an, !asked))
		return;
	if (asked && (an.outcome == OUTCOME_CHALLENGED || an.outcome == OUTCOME_STALE) &&
	    !control_renew(k, &an.challenge))
		return;
	if (an.outcome == OUTCOME_ACCEPTED && !asked) {
		control_compare(e, k, &an);
		k->ok_start = o->start;
		k->bad = k->hopeless = false;
		k->was_accepted = true;
		k->retry = 0;
		k->want_after = -1;
		arena_free(&k->last_arena);
		arena_init(&k->last_arena, TRIAL_ARENA_MAX);
		step_record(&k->last_arena, &k->last, "control", -1, k->step.expect, &an, x,
			    k->summary);
		control_nextnonce(k, &an, x->a);
		if (e->doctor.phase != DOCTOR_IDLE)
			doctor_told(e, k, &an);
		return;
	}
	if (!control_again(k, &an) && (asked || !control_marked_as_well(e, k, &an)))
		control_failed(e, k, o->start, &an);
}

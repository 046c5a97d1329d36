/* survey.c - who is the target, and what does it offer?  Before any case, and printed.
 *
 * The questions (question.c) are asked in order, each by one request, with a challenge before it
 * where Digest is used.
 */
#include "engine/survey.h"

#include "base/mem.h"

struct survey_task *survey_new(struct engine *e)
{
	struct survey_task *s = mem_alloc(sizeof(*s));

	(void)e;
	if (s) {
		arena_init(&s->a, TRIAL_ARENA_MAX);
		s->attempts_before = -1;
	}
	return s;
}

void survey_free(struct survey_task *s)
{
	if (!s)
		return;
	arena_free(&s->a);
	mem_free(s);
}

bool survey_finished(const struct survey_task *s)
{
	return s->finished;
}

bool feature_has(const struct engine *e, const char *name)
{
	int i = suite_feature_index(str(name));

	return i >= 0 && (e->r->survey.features >> i & 1);
}

void feature_set(struct engine *e, const char *name, bool on)
{
	int i = suite_feature_index(str(name));

	if (i >= 0 && on)
		e->r->survey.features |= UINT64_C(1) << i;
}

/* Some servers give one nonce to all who ask within a second.  What is asked side by side would
 * then be refused for each other's counts: one at a time.
 */
void survey_serialise(struct engine *e, const struct survey_task *s, const struct answer *an)
{
	struct str before = answer_nonce(&s->challenge), now = answer_nonce(&an->challenge);

	if (now.p && str_eq(before, now))
		e->o.connections = 1;
}

static const char *const algorithm_feature[HASHES] = {
	[HASH_MD5] = "digest.md5",
	[HASH_SHA1] = "", /* never of a challenge */
	[HASH_SHA256] = "digest.sha-256",
	[HASH_SHA512_256] = "digest.sha-512-256",
};

void features_of_challenges(struct engine *e, const struct challenge_list *l)
{
	size_t digests = 0;

	for (size_t i = 0; i < l->n; i++) {
		struct digest_challenge d;
		struct err err = { 0 };
		const struct auth_param *charset = challenge_param(&l->v[i], "charset");

		feature_set(e, "charset", charset && str_ieq(charset->value, STR("UTF-8")));
		feature_set(e, "digest.offered", challenge_is(&l->v[i], "Digest"));
		feature_set(e, "basic.offered", challenge_is(&l->v[i], "Basic"));
		if (digest_challenge_read(&l->v[i], &d, &err))
			continue;
		digests++;
		feature_set(e, algorithm_feature[d.alg], true);
		feature_set(e, "qop", d.qop_auth);
		feature_set(e, "qop.auth-int", d.qop_auth_int);
		feature_set(e, "no-qop", !d.has_qop);
		feature_set(e, "opaque", d.has_opaque);
		feature_set(e, "digest.sess", d.session);
		feature_set(e, "userhash", d.userhash);
	}
	feature_set(e, "several-algorithms", digests > 1);
	feature_set(e, "challenge", l->n > 0);
}

static int64_t median(int64_t *v, size_t n)
{
	for (size_t i = 1; i < n; i++) /* a few values: insertion sort */
		for (size_t j = i; j && v[j - 1] > v[j]; j--) {
			int64_t swap = v[j];

			v[j] = v[j - 1];
			v[j - 1] = swap;
		}
	return n ? v[n / 2] : 0;
}

static bool is_ascii(struct str s)
{
	size_t i = 0;

	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i == s.n;
}

static void features_of_account(struct engine *e)
{
	const struct craft_account *account = &e->in.account;
	bool letters = false;

	for (size_t i = 0; i < account->user.n; i++)
		letters = letters || char_is_alpha(account->user.p[i]);
	feature_set(e, "letters", letters);
	feature_set(e, "non-ascii", !is_ascii(account->user) || !is_ascii(account->password));
	feature_set(e, "colon", str_chr(account->password, ':') != (size_t)-1);
}

static void survey_end(struct engine *e, struct survey_task *s)
{
	features_of_account(e);
	feature_set(e, "onvif", !e->o.http_kind);
	feature_set(e, "http", e->o.http_kind);
	feature_set(e, "tls", e->o.tls);
	feature_set(e, "plain", !e->o.tls);
	e->r->survey.round_trip_ms = median(s->round_trip, s->n_round_trip);
	e->r->survey.done = true;
	s->finished = true;
}

struct exchange *survey_next(struct engine *e, struct survey_task *s)
{
	struct exchange *x;
	struct err err = { 0 };

	if (s->in_flight || s->finished)
		return NULL;
	while (!s->asked && !e->stopped && s->question < n_questions &&
	       !questions[s->question].arises(e, s))
		s->question++;
	if (e->stopped || s->question == n_questions) {
		survey_end(e, s);
		return NULL;
	}
	x = exchange_new(e, OWNER_SURVEY, s);
	if (!x)
		return NULL;
	s->asking = step_answers_challenge(e, NULL, &s->step) && !s->session.memory.has_digest;
	if (build_request(e, &s->step, NULL, (struct binding){ 0 }, &s->session, &s->a, s->asking,
			  &s->built, &err)) {
		exchange_free(x);
		engine_stop(e, REASON_HARNESS, err.text);
		return NULL;
	}
	x->request = s->built.request;
	if (!s->unmarked)
		marker_add(e, x, &x->request, STR("survey"));
	x->fresh_connection = s->once_more;
	s->in_flight = true;
	return x;
}

/* The first that is told: that of the connection which asked for the time. */
static void take_chain(struct engine *e, const struct exchange *x)
{
	struct tls_chain *known = &e->r->survey.tls;

	if (x->tls && !known->n && !known->left_off)
		*known = tls_chain_copy(&e->r->a, x->tls);
}

void survey_done_exchange(struct engine *e, struct survey_task *s, struct exchange *x)
{
	struct answer an;
	struct err err = { 0 };
	bool soap = !e->o.http_kind && str_eq(x->request.method, STR("POST"));

	s->in_flight = false;
	answer_read(&an, x, soap);
	take_chain(e, x);
	if (s->n_round_trip < ROUND_TRIPS)
		s->round_trip[s->n_round_trip++] = x->done_ms - x->sent_ms;
	if (engine_watch(e, &an, !s->asking && s->built.with_credentials))
		return;
	if (!s->once_more && (an.outcome == OUTCOME_CLOSED || an.outcome == OUTCOME_TIMEOUT)) {
		s->once_more = s->asked = true; /* one lost connection is no answer */
		return;
	}
	s->once_more = false;
	s->asked = s->asking && !session_take(&s->session, &s->a, &an.challenge, &err);
	if (s->asked)
		return; /* the same question again, now with an answer to the challenge */
	s->unmarked = false;
	questions[s->question++].answered(e, s, &an, x);
	s->session = (struct session){ 0 };
}

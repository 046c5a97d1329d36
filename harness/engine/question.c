/* question.c - what the survey asks, and what the answers mean.
 *
 * An answer sets features, or ends the run with the cause named: a wrong address, an open device, a
 * wrong password are one clear line each, not a page of failures.
 */
#include "engine/survey.h"

#include "auth/datetime.h"

#include <stdio.h>

#define URL_SHOWN 120 /* octets of it in a cause */

static void note_mechanism(struct engine *e, struct survey_task *s, struct str name,
			   const struct answer *an)
{
	struct survey *v = &e->r->survey;

	if (an->outcome == OUTCOME_CLOSED || an->outcome == OUTCOME_TIMEOUT)
		s->n_lost++;
	if (v->n_mechanism == COUNT(v->mechanism))
		return;
	v->mechanism[v->n_mechanism].name = arena_str(&e->r->a, name);
	v->mechanism[v->n_mechanism].answer = answer_text(&e->r->a, an);
	v->mechanism[v->n_mechanism++].accepted = an->outcome == OUTCOME_ACCEPTED;
}

static void prefer(struct engine *e, enum mechanism m)
{
	if (!e->has_mech)
		e->mech = m;
	e->has_mech = true;
}

/* --- the questions --- */

void survey_ask_with(struct survey_task *s, enum mechanism mech, struct str use)
{
	s->credentials[0] = (struct suite_credentials){ .mech = mech, .use = use };
	s->step.credentials = s->credentials;
	s->step.n_credentials = 1;
	s->session = (struct session){ .use = use };
}

static const struct {
	enum wire_fate fate;
	const char *hint;
} hints[] = {
	{ WIRE_UNRESOLVED, "is its name right?" },
	{ WIRE_TLS, "does this port speak TLS, and is the certificate one to trust? --cacert FILE "
		    "names it, --insecure takes any" },
};

static void stop_unreachable(struct engine *e, const struct exchange *x)
{
	const char *hint = "is the address right, is the device on, does its service listen on "
			   "this port, and is it http or https?";
	char text[600];

	for (size_t i = 0; i < COUNT(hints); i++)
		if (hints[i].fate == x->fate)
			hint = hints[i].hint;
	snprintf(text, sizeof(text), "no answer from %.*s: %s; %s",
		 STR_ARG(str_sub(e->r->target, 0, URL_SHOWN)), x->why, hint);
	engine_stop(e, REASON_UNREACHABLE, text);
	cause_name(e->r, cause_of_exchange(x), (struct str){ 0 });
}

static void stop_no_service(struct engine *e, const struct answer *an, const struct exchange *x)
{
	char text[600];

	snprintf(
		text, sizeof(text),
		"%.*s is no ONVIF device service: GetSystemDateAndTime got %.*s; the usual path is "
		"/onvif/device_service, and a plain web server is judged with --kind http",
		STR_ARG(str_sub(e->r->target, 0, URL_SHOWN)), STR_ARG(answer_text(&e->r->a, an)));
	engine_stop(e, REASON_UNREACHABLE, text);
	cause_name(e->r, cause_of_exchange(x), (struct str){ 0 });
}

static bool time_arises(struct engine *e, struct survey_task *s)
{
	s->step =
		(struct suite_step){ .anonymous = true, .operation = STR("GetSystemDateAndTime") };
	return !e->o.http_kind;
}

static void clock_from_date(struct engine *e, const struct exchange *x)
{
	struct survey *v = &e->r->survey;
	struct str date = http_get(&x->response.fields, "Date");
	struct err err = { 0 };
	int64_t ms;

	if (v->has_clock || !date.p || datetime_parse_http(date, &ms, &err))
		return;
	v->has_clock = true;
	v->clock_offset_ms = clock_offset_ms(x, ms);
	v->clock_quality_ms = (x->done_ms - x->sent_ms) / 2 + 500;
	v->clock_source = STR("Date");
	e->clock_offset_ms = v->clock_offset_ms;
}

static void time_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			  const struct exchange *x)
{
	struct survey *v = &e->r->survey;
	struct err err = { 0 };
	int64_t ms;

	(void)s;
	if (x->fate != WIRE_ANSWERED && x->fate != WIRE_MALFORMED) {
		stop_unreachable(e, x);
		return;
	}
	if (!an->has_message && an->outcome != OUTCOME_CHALLENGED &&
	    an->outcome != OUTCOME_FORBIDDEN && an->outcome != OUTCOME_STALE) {
		stop_no_service(e, an, x);
		return;
	}
	if (an->outcome != OUTCOME_ACCEPTED || soap_device_time(&an->message, &ms, &err)) {
		clock_from_date(e, x);
		return;
	}
	v->has_clock = true;
	v->clock_offset_ms = clock_offset_ms(x, ms);
	v->clock_quality_ms = (x->done_ms - x->sent_ms) / 2 + 500;
	v->clock_source = STR("GetSystemDateAndTime");
	e->clock_offset_ms = v->clock_offset_ms;
	feature_set(e, "clock", true);
}

static bool bare_arises(struct engine *e, struct survey_task *s)
{
	s->step = (struct suite_step){ .anonymous = true };
	if (!e->o.http_kind && !e->protected_op)
		e->protected_op = soap_operation_find(
			e->o.operation.p ? e->o.operation : STR("GetDeviceInformation"));
	return true;
}

struct challenge_list survey_challenges(struct engine *e, const struct answer *an)
{
	struct challenge_list list;
	struct str text[16];
	size_t n = 0;
	struct err err = { 0 };

	for (size_t i = 0; i < an->challenge.n && n < COUNT(text); i++)
		text[n++] = arena_str(&e->r->a, an->challenge.v[i].text);
	return challenge_parse(&e->r->a, text, n, &list, &err) ? (struct challenge_list){ 0 }
							       : list;
}

static void bare_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			  const struct exchange *x)
{
	struct survey *v = &e->r->survey;
	char text[400];

	if (x->fate != WIRE_ANSWERED && x->fate != WIRE_MALFORMED) {
		stop_unreachable(e, x);
		return;
	}
	clock_from_date(e, x);
	v->anonymous = an->outcome;
	v->anonymous_status = an->status;
	s->bare = answer_text(&e->r->a, an);
	v->server = arena_str(&e->r->a, http_get(&x->response.fields, "Server"));
	v->operation = e->o.http_kind ? arena_fmt(&e->r->a, "GET %.*s", STR_ARG(e->url.target))
				      : str(e->protected_op->name);
	v->challenge = s->challenge = survey_challenges(e, an);
	features_of_challenges(e, &s->challenge);
	if (an->outcome == OUTCOME_ACCEPTED && !e->o.http_kind && !e->o.operation.p &&
	    str_eq(str(e->protected_op->name), STR("GetDeviceInformation"))) {
		e->protected_op = soap_operation_find(STR("GetUsers"));
		s->question--; /* the same question, of the next operation */
		return;
	}
	if (an->outcome == OUTCOME_ACCEPTED) {
		snprintf(text, sizeof(text),
			 "%.*s is answered without credentials: authentication is off (or the "
			 "operation is public), so nothing that is refused or accepted would prove "
			 "anything; switch authentication on, or name a protected operation with "
			 "--operation",
			 STR_ARG(v->operation));
		engine_stop(e, REASON_CONTROL, text);
		cause_name(e->r, "anonymous-access", (struct str){ 0 });
	} else if (an->outcome == OUTCOME_ERROR || (x->fate == WIRE_MALFORMED && e->o.http_kind)) {
		snprintf(text, sizeof(text), "%.*s got %.*s: is the URL right?",
			 STR_ARG(str_sub(v->operation, 0, URL_SHOWN)), STR_ARG(s->bare));
		engine_stop(e, REASON_UNREACHABLE, text);
		cause_name(e->r, cause_of_exchange(x), (struct str){ 0 });
	}
	s->attempts_before = soap_attempts_left(an->text);
}

/* Does a bare request cost a failed login?  Only a counter in the answers can tell. */
static bool again_arises(struct engine *e, struct survey_task *s)
{
	(void)e;
	s->step = (struct suite_step){ .anonymous = true };
	s->unmarked = true; /* so it tells also whether the marker makes a difference */
	return true;
}

static void again_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			   const struct exchange *x)
{
	int now = soap_attempts_left(an->text);

	s->differs =
		e->r->marked && x->fate == WIRE_ANSWERED && an->outcome != e->r->survey.anonymous;
	s->bare_unmarked = answer_text(&e->r->a, an);
	survey_serialise(e, s, an);
	if (s->attempts_before < 0 || now < 0)
		e->r->survey.bare_cost = STR("unknown: the answers hold no counter of attempts");
	else if (now < s->attempts_before)
		e->r->survey.bare_cost = STR("yes: the counter of attempts went down");
	else
		e->r->survey.bare_cost = STR("no: the counter of attempts stayed");
}

/* A second marked one, to tell a target that dislikes the marker from one that is not steady. */
static bool marked_arises(struct engine *e, struct survey_task *s)
{
	(void)e;
	s->step = (struct suite_step){ .anonymous = true };
	return s->differs;
}

static void marked_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			    const struct exchange *x)
{
	(void)x;
	if (an->outcome == e->r->survey.anonymous)
		marker_stop(e, s->bare, s->bare_unmarked);
}

/* One question for each Digest challenge that we can answer. */
static bool digest_arises(struct engine *e, struct survey_task *s)
{
	while (s->algorithm < s->challenge.n) {
		struct digest_challenge d;
		struct err err = { 0 };

		if (digest_challenge_read(&s->challenge.v[s->algorithm++], &d, &err))
			continue;
		s->step = (struct suite_step){ .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
		survey_ask_with(s, MECH_DIGEST, str(digest_algorithm_name(d.alg, d.session)));
		/* Once refused, the password is not tried with every algorithm: that could lock. */
		return !(s->refused_kinds && !feature_has(e, "digest"));
	}
	return false;
}

static void digest_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			    const struct exchange *x)
{
	bool ok = an->outcome == OUTCOME_ACCEPTED;

	note_mechanism(e, s, arena_fmt(&s->a, "Digest %.*s", STR_ARG(s->session.use)), an);
	if (ok) {
		feature_set(e, "digest", true);
		feature_set(e, "rspauth", http_get(&x->response.fields, "Authentication-Info").p);
		prefer(e, MECH_DIGEST);
	} else if (!feature_has(e, "digest")) {
		s->refused_kinds++;
	}
	s->question--; /* until no challenge is left */
}

static bool token_arises(struct engine *e, struct survey_task *s)
{
	s->step = (struct suite_step){ .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	survey_ask_with(s, MECH_TOKEN, (struct str){ 0 });
	return !e->o.http_kind && s->refused_kinds < 2;
}

static void token_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			   const struct exchange *x)
{
	bool ok = an->outcome == OUTCOME_ACCEPTED;

	(void)x;
	note_mechanism(e, s, STR("UsernameToken PasswordDigest"), an);
	feature_set(e, "token", ok);
	feature_set(e, "token-only", ok && !s->challenge.n);
	if (ok)
		prefer(e, MECH_TOKEN);
	else
		s->refused_kinds++;
}

static bool may_send_clear(const struct engine *e)
{
	return e->o.cleartext || e->o.loopback || e->o.tls;
}

static bool text_arises(struct engine *e, struct survey_task *s)
{
	const struct deviation *type = deviation_find(MECH_TOKEN, STR("type"));

	s->step = (struct suite_step){ .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	survey_ask_with(s, MECH_TOKEN, (struct str){ 0 });
	s->deviation[0] = (struct suite_deviation){ type, STR("text") };
	s->credentials[0].deviation = s->deviation;
	s->credentials[0].n_deviation = 1;
	return type && !e->o.http_kind && may_send_clear(e) && s->refused_kinds < 2;
}

static void text_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			  const struct exchange *x)
{
	bool ok = an->outcome == OUTCOME_ACCEPTED;

	(void)x;
	note_mechanism(e, s, STR("UsernameToken PasswordText"), an);
	feature_set(e, "token.text", ok);
	if (ok)
		prefer(e, MECH_TOKEN);
}

static bool basic_arises(struct engine *e, struct survey_task *s)
{
	bool offered = false;

	for (size_t i = 0; i < s->challenge.n; i++)
		offered = offered || challenge_is(&s->challenge.v[i], "Basic");
	s->step = (struct suite_step){ .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	survey_ask_with(s, MECH_BASIC, (struct str){ 0 });
	return offered && may_send_clear(e) && s->refused_kinds < 2;
}

static void basic_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			   const struct exchange *x)
{
	bool ok = an->outcome == OUTCOME_ACCEPTED;

	(void)x;
	note_mechanism(e, s, STR("Basic"), an);
	feature_set(e, "basic", ok);
	if (ok)
		prefer(e, MECH_BASIC);
	else
		s->refused_kinds++;
}

/* No way to log in was found: nothing was offered, the target is gone, or the password is wrong. */
static void stop_without_login(struct engine *e, const struct survey_task *s)
{
	const struct survey *v = &e->r->survey;
	bool clear = may_send_clear(e);
	enum reason why = REASON_CONTROL;
	char text[600];

	if (!v->n_mechanism) {
		snprintf(text, sizeof(text),
			 "no way to log in could be tried: %.*s without credentials got %.*s, with "
			 "no challenge that is understood (Basic, or Digest with MD5, SHA-256 or "
			 "SHA-512-256); is the URL right?%s",
			 STR_ARG(str_sub(v->operation, 0, URL_SHOWN)), STR_ARG(s->bare),
			 clear ? "" : " Basic over http needs --cleartext");
	} else if (s->n_lost == v->n_mechanism) {
		why = REASON_UNREACHABLE;
		snprintf(text, sizeof(text),
			 "the target answered until it was sent the credentials of \"%.*s\" "
			 "(%.*s); did it go away, or does it hang up when they are wrong?",
			 STR_ARG(e->r->user), STR_ARG(v->mechanism[0].answer));
	} else {
		snprintf(text, sizeof(text),
			 "right credentials are needed, and those of \"%.*s\" were refused by "
			 "every way the target offers (%.*s); check user name and password%s",
			 STR_ARG(e->r->user), STR_ARG(v->mechanism[0].answer),
			 clear ? "" : ", or allow Basic and PasswordText with --cleartext");
		cause_name(e->r, "password-wrong", cause_of_refusal(&e->r->a, v));
	}
	engine_stop(e, why, text);
}

static bool identity_arises(struct engine *e, struct survey_task *s)
{
	if (!e->has_mech) {
		stop_without_login(e, s);
		return false;
	}
	s->step = (struct suite_step){ .operation = STR("GetDeviceInformation"),
				       .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	survey_ask_with(s, e->mech, (struct str){ 0 });
	return !e->o.http_kind;
}

static void identity_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			      const struct exchange *x)
{
	static const char *const names[] = { "Manufacturer", "Model", "FirmwareVersion",
					     "SerialNumber" };

	(void)s;
	(void)x;
	for (size_t i = 0; i < COUNT(names) && an->has_message; i++)
		e->r->survey.identity[i] =
			arena_str(&e->r->a, soap_leaf_text(&an->message, NULL, names[i]));
}

static bool method_arises(struct engine *e, struct survey_task *s, struct str method)
{
	s->step = (struct suite_step){ .method = method, .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	if (e->mech == MECH_TOKEN)
		return false;
	survey_ask_with(s, e->mech, (struct str){ 0 });
	return true;
}

static bool get_arises(struct engine *e, struct survey_task *s)
{
	return method_arises(e, s, STR("GET"));
}

static void get_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			 const struct exchange *x)
{
	(void)s;
	(void)x;
	feature_set(e, "get", an->outcome == OUTCOME_ACCEPTED);
}

static bool post_arises(struct engine *e, struct survey_task *s)
{
	if (e->mech == MECH_TOKEN)
		feature_set(e, "post", true);
	return method_arises(e, s, STR("POST"));
}

static void post_answered(struct engine *e, struct survey_task *s, const struct answer *an,
			  const struct exchange *x)
{
	(void)s;
	(void)x;
	feature_set(e, "post", an->outcome == OUTCOME_ACCEPTED);
}

const struct question questions[] = {
	{ time_arises, time_answered },         { bare_arises, bare_answered },
	{ again_arises, again_answered },       { marked_arises, marked_answered },
	{ digest_arises, digest_answered },     { token_arises, token_answered },
	{ text_arises, text_answered },         { basic_arises, basic_answered },
	{ identity_arises, identity_answered }, { media_arises, media_answered },
	{ open_arises, open_answered },         { second_arises, second_answered },
	{ get_arises, get_answered },           { post_arises, post_answered },
};
const size_t n_questions = COUNT(questions);

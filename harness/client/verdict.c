/* verdict.c - from a conversation to a verdict. */
#include "client/check.h"
#include "client/run.h"

#include <sysexits.h>

#define STEP_OCTETS (128u << 10) /* kept of each message */
#define LONG_OCTETS (8u << 20)   /* kept of longer ones, which a few cases ask for, in all */

/* What is wrong, or what could not be seen. */
struct finding {
	enum held held;
	struct str why;
	const struct heard *at;
	enum reason reason;
};

static struct finding holds(void)
{
	return (struct finding){ .held = HOLDS };
}

static struct finding broken(struct str why, const struct heard *at, enum reason reason)
{
	return (struct finding){ BROKEN, why, at, reason };
}

/* --- turns --- */

/* The first answer that played the turn's challenge; c->n: none. */
static size_t issued_at(const struct conversation *c, size_t turn)
{
	size_t i = 0;

	while (i < c->n && (c->v[i]->granted || (size_t)c->v[i]->turn != turn))
		i++;
	return i;
}

static bool is_answered(const struct conversation *c, size_t turn)
{
	for (size_t i = 0; i < c->n; i++)
		if ((size_t)c->v[i]->turn > turn)
			return true;
	return false;
}

/* The last request with credentials that were not right, behind from. */
static const struct heard *last_wrong(const struct conversation *c, size_t from)
{
	for (size_t i = c->n; i-- > from;)
		if (c->v[i]->has && !c->v[i]->right)
			return c->v[i];
	return NULL;
}

static struct finding not_answered(struct arena *a, const struct conversation *c, size_t turn,
				   size_t issued)
{
	const struct heard *wrong = last_wrong(c, issued);
	const struct heard *said = c->v[issued];

	if (wrong)
		return broken(arena_fmt(a, "expected right credentials, got wrong ones: %.*s",
					STR_ARG(wrong->why)),
			      wrong, REASON_DECISION);
	return broken(arena_fmt(a,
				"expected an answer to %schallenge %zu, but no credentials for it "
				"came",
				said->response.status == 401 ? "" : "the fault of ", turn + 1),
		      said, REASON_DECISION);
}

static struct finding judge_turn(struct arena *a, const struct conversation *c, size_t turn)
{
	const struct suite_turn *t = &c->variant->c->client->turn[turn];
	size_t issued = issued_at(c, turn);
	bool answered = is_answered(c, turn);

	if (t->grant || t->expect == TURN_ANY)
		return holds();
	if (t->expect != TURN_UNANSWERED && answered)
		return holds();
	/* What had no time to come is not missing: client_verdict() says so. */
	if (t->expect != TURN_UNANSWERED && c->timed_out && !last_wrong(c, issued))
		return holds();
	if (issued == c->n && turn == 0 && t->expect == TURN_ANSWERED)
		return broken(STR("it gave up before it asked for anything that is protected"),
			      c->v[c->n - 1], REASON_DECISION);
	if (issued == c->n && !answered)
		return (struct finding){ NOT_SHOWN,
					 arena_fmt(a,
						   "challenge %zu was never sent: the client "
						   "did not call so far",
						   turn + 1),
					 NULL, REASON_NOT_REACHED };
	if (t->expect == TURN_RIGHT && !last_wrong(c, issued))
		return (struct finding){ NOT_SHOWN,
					 STR("it sent no credentials for such a challenge"), NULL,
					 REASON_NOT_OFFERED };
	if (t->expect != TURN_UNANSWERED)
		return not_answered(a, c, turn, issued);
	for (size_t i = issued + 1; i < c->n; i++)
		if (c->v[i]->has)
			return broken(arena_fmt(a,
						"expected no credentials behind challenge %zu, got "
						"%.*s",
						turn + 1, STR_ARG(heard_summary(a, c->v[i]))),
				      c->v[i], REASON_DECISION);
	return holds();
}

static struct finding judge_turns(struct arena *a, const struct conversation *c)
{
	for (size_t i = 0; i < c->variant->c->client->n_turn; i++) {
		struct finding f = judge_turn(a, c, i);

		if (f.held != HOLDS)
			return f;
	}
	return holds();
}

/* --- checks --- */

static int64_t value_of(struct arena *a, const struct suite_variant *v, struct str text)
{
	uint64_t n;

	if (!text.p)
		return 0;
	text = suite_bind(a, v, text, (struct str){ NULL, 0 });
	return str_to_u64(text, 1000000, &n) ? 0 : (int64_t)n;
}

static struct finding judge_checks(struct arena *a, const struct conversation *const *c, size_t n,
				   const struct suite_variant *v)
{
	const struct suite_client *k = v->c->client;
	struct finding first = holds();

	for (size_t i = 0; i < k->n_check; i++) {
		const struct check_view w = { a, c, n, value_of(a, v, k->check[i].value) };
		struct check_finding f = client_check(&w, client_check_index(k->check[i].name));

		if (f.held == BROKEN)
			return broken(arena_fmt(a, "%.*s: %.*s", STR_ARG(k->check[i].name),
						STR_ARG(f.why)),
				      f.at, REASON_CHECK);
		if (f.held == NOT_SHOWN && first.held == HOLDS)
			first = (struct finding){
				NOT_SHOWN,
				arena_fmt(a, "%.*s cannot be seen: %.*s", STR_ARG(k->check[i].name),
					  STR_ARG(f.why)),
				f.at, f.no_duty ? REASON_NOT_OFFERED : REASON_NOT_REACHED
			};
	}
	return first;
}

/* --- how it ended --- */

static bool says_unable(const struct conversation *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->has)
			return false;
	return c->command && !c->timed_out && c->status == EX_UNAVAILABLE;
}

/* What it was told and never did: a command that is not made for it. */
static struct str left_undone(const struct conversation *c)
{
	bool method = !c->told.method.p, body = !c->told.body.n;

	for (size_t i = 0; i < c->n; i++) {
		method = method || str_eq(c->v[i]->request.method, c->told.method);
		body = body || c->v[i]->request.body.n || c->v[i]->early || c->v[i]->unasked;
	}
	if (!method)
		return STR("it did not use the method that it was told");
	return body ? STR("") : STR("it did not send the body that it was given");
}

/* The last line of what it printed: a command that is not there says so. */
static struct str last_line(struct str printed)
{
	struct str text = str_trim(printed);
	size_t at = text.n;

	while (at && text.p[at - 1] != '\n')
		at--;
	return str_trim(str_sub(text, at, text.n));
}

static struct str never_called(struct arena *a, const struct conversation *c)
{
	struct str line = last_line(c->printed);

	if (!c->command || c->timed_out || !c->status)
		return STR("the client never called");
	if (c->status < 0)
		return STR("the client never called, and ended by a signal");
	return arena_fmt(a, "the client never called, and ended with %d%s%.*s", c->status,
			 line.n ? ": " : "", STR_ARG(str_sub(line, 0, 200)));
}

static struct finding judge_end(struct arena *a, const struct conversation *c)
{
	if (says_unable(c))
		return (struct finding){ NOT_SHOWN, STR("the client says that it cannot do this"),
					 NULL, REASON_NOT_OFFERED };
	if (!c->n)
		return (struct finding){ NOT_SHOWN, never_called(a, c), NULL, REASON_NOT_REACHED };
	if (left_undone(c).n)
		return (struct finding){ NOT_SHOWN, left_undone(c), NULL, REASON_NOT_OFFERED };
	if (c->lost)
		return broken(arena_fmt(a, "it sent %zu requests, more than anybody reads",
					c->n + c->lost),
			      NULL, REASON_OUTCOME);
	if (c->command && !c->timed_out && c->status < 0)
		return broken(STR("the client ended by a signal"), c->v[c->n - 1], REASON_OUTCOME);
	return holds();
}

static struct finding judge_one(struct arena *a, const struct conversation *const *c, size_t n,
				const struct suite_variant *v)
{
	struct finding end = holds(), turns = holds(), checks;

	if (v->c->client->n_turn) {
		end = judge_end(a, c[0]);
		turns = c[0]->n ? judge_turns(a, c[0]) : holds();
	}
	if (end.held != HOLDS)
		return end;
	checks = judge_checks(a, c, n, v);
	/* What a check finds is nearer to the mistake than that it did not work. */
	if (checks.held == BROKEN || turns.held == HOLDS)
		return checks;
	return turns;
}

/* --- into a result --- */

static enum outcome outcome_of(const struct heard *h)
{
	if (h->granted)
		return OUTCOME_ACCEPTED;
	for (size_t i = 0; i < h->n_digest; i++)
		if (h->digest[i].stale)
			return OUTCOME_STALE;
	if (h->challenge.n)
		return OUTCOME_CHALLENGED;
	if (h->offers_token)
		return OUTCOME_NOT_AUTHORIZED;
	return h->response.status ? OUTCOME_ERROR : OUTCOME_CLOSED;
}

/* The request as octets, its body up to a limit; *bytes: without. */
static struct str sent_text(struct arena *a, const struct heard *h, size_t *left, size_t *bytes)
{
	struct http_request in = h->request;
	struct str text;

	if (h->beyond.n)
		in.body = arena_concat(a, in.body, h->beyond);
	*bytes = in.body.n;
	if (in.body.n > STEP_OCTETS && in.body.n <= *left)
		*left -= in.body.n;
	else
		in.body = str_sub(in.body, 0, STEP_OCTETS);
	text = http_request_text(a, &in);
	*bytes += text.n - in.body.n;
	return text;
}

static void step_fill(struct arena *a, const struct heard *h, size_t number, size_t *left,
		      struct step_result *s)
{
	size_t sent_bytes;
	struct str sent = sent_text(a, h, left, &sent_bytes);
	struct str received = http_response_text(a, &h->response);

	*s = (struct step_result){
		.role = "call",
		.step = -1,
		.expect = OUTCOME_SET_ANSWERED,
		.outcome = outcome_of(h),
		.status = h->response.status,
		.number = (int64_t)number,
		.fate = h->response.status ? WIRE_ANSWERED : WIRE_CLOSED,
		.connection = h->connection,
		.elsewhere = h->origin != 0,
		.sent_ms = h->mono_ms,
		.wall_ms = h->wall_ms,
		.device_ms = h->device_ms,
		.summary = heard_summary(a, h),
		.sent = sent,
		.received = str_sub(received, 0, STEP_OCTETS),
		.sent_bytes = sent_bytes,
		.received_bytes = received.n,
	};
}

/* A few at both ends tell a loop as well as all of it. */
#define STEPS_KEPT 200

static void steps_fill(struct arena *a, const struct conversation *c, const struct heard *at,
		       struct variant_result *out)
{
	size_t left = LONG_OCTETS;

	out->step = arena_array(a, struct step_result, STEPS_KEPT);
	for (size_t i = 0; out->step && i < c->n; i++) {
		bool kept = i < STEPS_KEPT / 2 || i + STEPS_KEPT / 2 >= c->n;

		if (!kept || out->n_step == STEPS_KEPT)
			continue;
		if (c->v[i] == at)
			out->deciding = (int)out->n_step;
		step_fill(a, c->v[i], i + 1, &left, &out->step[out->n_step++]);
	}
}

/* Of those that watch only the exchange that breaks it, and whose it was. */
static void step_found(struct arena *a, const struct conversation *const *c, size_t n,
		       const struct heard *at, struct variant_result *out)
{
	size_t left = LONG_OCTETS;

	out->step = arena_array(a, struct step_result, 1);
	for (size_t i = 0; out->step && i < n; i++)
		for (size_t k = 0; k < c[i]->n; k++)
			if (c[i]->v[k] == at && !out->n_step) {
				step_fill(a, at, k + 1, &left, &out->step[out->n_step++]);
				out->seen_in = c[i]->variant;
			}
	out->deciding = (int)out->n_step - 1;
}

/* What a broken assertion comes to under the profile. */
static enum verdict weight(const struct variant_result *r)
{
	if (r->cite && r->cite->level == LEVEL_MEASURE)
		return VERDICT_PASS;
	return r->gates ? VERDICT_FAIL : VERDICT_WARN;
}

static void set(struct variant_result *out, enum verdict v, enum reason why, struct str message)
{
	out->verdict = v;
	out->reason = why;
	out->message = message;
}

static void end_fill(struct arena *a, const struct conversation *c, struct variant_result *out)
{
	struct command_end *end = c->command ? arena_new(a, struct command_end) : NULL;

	if (end)
		*end = (struct command_end){ c->timed_out, c->status, arena_str(a, c->printed) };
	out->end = end;
}

static struct str well(const struct conversation *c)
{
	return c->n ? STR("as expected") : STR("nothing came that breaks it");
}

void client_verdict(struct arena *a, const struct conversation *const *c, size_t n,
		    const struct profile *profile, struct variant_result *out)
{
	struct case_standing standing = profile_standing(profile, out->variant->c);
	struct finding f = n ? judge_one(a, c, n, out->variant)
			     : (struct finding){ NOT_SHOWN, STR("the client never called"), NULL,
						 REASON_NOT_REACHED };
	bool own = n && out->variant->c->client->n_turn;

	out->cite = standing.cite ? standing.cite : &out->variant->c->cite[0];
	out->gates = standing.gates;
	out->deciding = -1;
	if (own) {
		steps_fill(a, c[0], f.at, out);
		end_fill(a, c[0], out);
	} else if (f.held == BROKEN && f.at) {
		step_found(a, c, n, f.at, out);
	}
	if (out->deciding >= 0) {
		out->outcome = out->step[out->deciding].outcome;
		out->has_outcome = true;
	}
	if (f.held == BROKEN)
		set(out, weight(out), f.reason, f.why);
	else if (own && c[0]->timed_out)
		set(out, VERDICT_INCONCLUSIVE, REASON_STOPPED,
		    STR("the command did not end in time (--timeout)"));
	else if (f.held == NOT_SHOWN)
		set(out, VERDICT_SKIP, f.reason, f.why);
	else
		set(out, VERDICT_PASS, REASON_NONE, n ? well(c[0]) : STR(""));
}

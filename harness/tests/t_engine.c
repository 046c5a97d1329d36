/* The engine's tables and pure parts: outcomes from octets, checks, budgets, exit codes. */
#include "engine/internal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define XML_OK                                                                                     \
	"<s:Envelope xmlns:s=\"" SOAP_NS_12 "\"><s:Body><r xmlns=\"" SOAP_NS_TDS                   \
	"\"/></s:Body></s:Envelope>"

struct canned {
	const char *name;
	enum wire_fate fate;
	int status;
	const char *field, *value, *body;
	bool soap;
	enum outcome want;
};

static const char not_authorized[] =
	"<s:Envelope xmlns:s=\"" SOAP_NS_12 "\" xmlns:ter=\"" SOAP_NS_TER "\"><s:Body><s:Fault>"
	"<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:NotAuthorized</s:Value>"
	"</s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en\">no</s:Text></s:Reason></s:Fault>"
	"</s:Body></s:Envelope>";
static const char other_fault[] =
	"<s:Envelope xmlns:s=\"" SOAP_NS_12
	"\"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value>"
	"</s:Code><s:Reason><s:Text xml:lang=\"en\">no</s:Text></s:Reason></s:Fault></s:Body>"
	"</s:Envelope>";
static const char locked_fault[] =
	"<s:Envelope xmlns:s=\"" SOAP_NS_12
	"\"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value>"
	"</s:Code><s:Reason><s:Text xml:lang=\"en\">The account is locked for 30 minutes</s:Text>"
	"</s:Reason></s:Fault></s:Body></s:Envelope>";

static const struct canned canned[] = {
	{ "soap success", WIRE_ANSWERED, 200, NULL, NULL, XML_OK, true, OUTCOME_ACCEPTED },
	{ "html under 200", WIRE_ANSWERED, 200, NULL, NULL, "<html>", true, OUTCOME_MALFORMED },
	{ "plain success", WIRE_ANSWERED, 204, NULL, NULL, "", false, OUTCOME_ACCEPTED },
	{ "fault under 200", WIRE_ANSWERED, 200, NULL, NULL, not_authorized, true,
	  OUTCOME_NOT_AUTHORIZED },
	{ "challenge", WIRE_ANSWERED, 401, "WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\"",
	  "", false, OUTCOME_CHALLENGED },
	{ "stale", WIRE_ANSWERED, 401, "WWW-Authenticate",
	  "Digest realm=\"r\", nonce=\"n\", stale=TRUE", "", false, OUTCOME_STALE },
	{ "stale of another scheme", WIRE_ANSWERED, 401, "WWW-Authenticate",
	  "Basic realm=\"r\", stale=true", "", false, OUTCOME_CHALLENGED },
	{ "401 bare", WIRE_ANSWERED, 401, NULL, NULL, "", false, OUTCOME_MALFORMED },
	{ "401 bare with fault", WIRE_ANSWERED, 401, NULL, NULL, not_authorized, true,
	  OUTCOME_NOT_AUTHORIZED },
	{ "broken challenge", WIRE_ANSWERED, 401, "WWW-Authenticate", "Digest realm=\"", "", false,
	  OUTCOME_MALFORMED },
	{ "400 fault", WIRE_ANSWERED, 400, NULL, NULL, not_authorized, true,
	  OUTCOME_NOT_AUTHORIZED },
	{ "500 fault", WIRE_ANSWERED, 500, NULL, NULL, other_fault, true, OUTCOME_FAULT },
	{ "locked text", WIRE_ANSWERED, 400, NULL, NULL, locked_fault, true, OUTCOME_LOCKED },
	{ "429", WIRE_ANSWERED, 429, NULL, NULL, "", false, OUTCOME_LOCKED },
	{ "503 with Retry-After", WIRE_ANSWERED, 503, "Retry-After", "60", "", false,
	  OUTCOME_LOCKED },
	{ "503", WIRE_ANSWERED, 503, NULL, NULL, "", false, OUTCOME_ERROR },
	{ "403", WIRE_ANSWERED, 403, NULL, NULL, "", false, OUTCOME_FORBIDDEN },
	{ "404", WIRE_ANSWERED, 404, NULL, NULL, "", false, OUTCOME_ERROR },
	{ "302", WIRE_ANSWERED, 302, NULL, NULL, "", false, OUTCOME_ERROR },
	{ "400", WIRE_ANSWERED, 400, NULL, NULL, "", false, OUTCOME_BAD_REQUEST },
	{ "reset", WIRE_CLOSED, 0, NULL, NULL, "", true, OUTCOME_CLOSED },
	{ "tls", WIRE_TLS, 0, NULL, NULL, "", true, OUTCOME_CLOSED },
	{ "timeout", WIRE_TIMEOUT, 0, NULL, NULL, "", true, OUTCOME_TIMEOUT },
	{ "bad http", WIRE_MALFORMED, 0, NULL, NULL, "", true, OUTCOME_MALFORMED },
};

static void outcome_follows_from_octets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(canned); i++) {
		const struct canned *c = &canned[i];
		struct arena a;
		struct exchange x = { .a = &a, .fate = c->fate };
		struct answer an;

		arena_init(&a, 1 << 20);
		x.response.status = c->status;
		x.response.body = str(c->body);
		if (c->field)
			http_add(&a, &x.response.fields, str(c->field), str(c->value));
		answer_read(&an, &x, c->soap);
		if (an.outcome != c->want)
			fail_msg("%s: got %s, want %s", c->name, outcome_name(an.outcome),
				 outcome_name(c->want));
		arena_free(&a);
	}
}

static const char not_understood[] =
	"<s:Envelope xmlns:s=\"" SOAP_NS_12
	"\"><s:Body><s:Fault><s:Code><s:Value>s:MustUnderstand</s:Value>"
	"</s:Code><s:Reason><s:Text xml:lang=\"en\">no</s:Text></s:Reason></s:Fault></s:Body>"
	"</s:Envelope>";

static const char version_mismatch[] =
	"<s:Envelope xmlns:s=\"" SOAP_NS_12
	"\"><s:Body><s:Fault><s:Code><s:Value>s:VersionMismatch</s:Value>"
	"</s:Code><s:Reason><s:Text xml:lang=\"en\">no</s:Text></s:Reason></s:Fault></s:Body>"
	"</s:Envelope>";
static const char ill_formed[] =
	"<s:Envelope xmlns:s=\"" SOAP_NS_12 "\" xmlns:ter=\"" SOAP_NS_TER "\"><s:Body><s:Fault>"
	"<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>ter:WellFormed</s:Value>"
	"</s:Subcode></s:Code><s:Reason><s:Text xml:lang=\"en\">no</s:Text></s:Reason></s:Fault>"
	"</s:Body></s:Envelope>";

static void the_form_of_a_refusal_is_judged(void **state)
{
	static const struct {
		int status;
		const char *body;
		enum verdict want;
	} rows[] = {
		{ 400, not_authorized, VERDICT_PASS },
		{ 500, other_fault, VERDICT_WARN },
		{ 500, not_understood, VERDICT_PASS },
		{ 500, version_mismatch, VERDICT_PASS },
		{ 400, ill_formed, VERDICT_PASS },
		{ 401, "", VERDICT_WARN },
		{ 403, "", VERDICT_WARN },
	};
	struct suite_step step = { .expect = OUTCOME_SET_REFUSED };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena a;
		struct answer an;
		struct exchange x = { .a = &a, .fate = WIRE_ANSWERED };
		struct check_context cx = { .answer = &an, .a = &a };

		arena_init(&a, 1 << 20);
		x.response.status = rows[i].status;
		x.response.body = str(rows[i].body);
		answer_read(&an, &x, true);
		if (judge_step(&step, &an, &cx).verdict != rows[i].want)
			fail_msg("row %zu: not verdict %d", i, rows[i].want);
		arena_free(&a);
	}
}

static void check_names_equal_the_suites(void **state)
{
	size_t n = 0;

	(void)state;
	for (; suite_check_names[n]; n++) {
		bool found = false;

		for (size_t i = 0; i < check_count(); i++)
			found = found || !strcmp(suite_check_names[n], check_name(i));
		if (!found)
			fail_msg("no function for check %s", suite_check_names[n]);
	}
	assert_int_equal(n, check_count());
}

static void budgets_are_read(void **state)
{
	static const struct {
		const char *text;
		int count;
		int64_t window_ms;
		int in_row;
		bool unlimited;
	} good[] = {
		{ "3/30m", 3, 1800000, 0, false },
		{ "5", 5, 0, 0, false },
		{ "0", 0, 0, 0, false },
		{ "in-row:1", -1, 0, 1, false },
		{ "4/1h,in-row:2", 4, 3600000, 2, false },
		{ "none", -1, 0, 0, true },
	};
	static const char *const bad[] = { "",   "x",        "3/",      "3/x",
					   "-1", "in-row:0", "in-row:", "3/-5m" };
	struct failure_budget b;
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(failure_budget_parse(str(good[i].text), &b, &err), 0);
		assert_int_equal(b.count, good[i].count);
		assert_int_equal(b.window_ms, good[i].window_ms);
		assert_int_equal(b.in_row, good[i].in_row);
		assert_int_equal(b.unlimited, good[i].unlimited);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (!failure_budget_parse(str(bad[i]), &b, &err))
			fail_msg("\"%s\" was taken for a budget", bad[i]);
		assert_int_equal(err.code, ERR_INPUT);
	}
}

static void exit_codes_have_their_order(void **state)
{
	struct run_result r = { 0 };
	struct variant_result gap = { .verdict = VERDICT_SKIP,
				      .reason = REASON_BUDGET,
				      .gates = true };

	(void)state;
	assert_int_equal(run_exit_code(&r, false, false), 5);
	r.count[VERDICT_PASS] = 1;
	assert_int_equal(run_exit_code(&r, false, false), 0);
	r.count[VERDICT_WARN] = 1;
	assert_int_equal(run_exit_code(&r, false, false), 0);
	assert_int_equal(run_exit_code(&r, true, false), 1);
	r.variant = &gap;
	r.n_variant = 1;
	assert_int_equal(run_exit_code(&r, false, false), 6);
	gap.gates = false;
	assert_int_equal(run_exit_code(&r, false, false), 0);
	r.count[VERDICT_INCONCLUSIVE] = 1;
	assert_int_equal(run_exit_code(&r, false, false), 6);
	r.count[VERDICT_FAIL] = 1;
	assert_int_equal(run_exit_code(&r, false, false), 1);
	assert_int_equal(run_exit_code(&r, false, true), 2);
	r.count[VERDICT_ERROR] = 1;
	assert_int_equal(run_exit_code(&r, false, true), 3);
}

static void names_are_complete(void **state)
{
	(void)state;
	for (int v = 0; v < VERDICTS; v++)
		assert_non_null(verdict_name((enum verdict)v));
	for (int r = 0; r < REASONS; r++)
		assert_non_null(reason_name((enum reason)r));
}

/* A control's ledger: when is one good enough, when is another needed, when is it hopeless? */
static void controls_prove_only_what_came_between(void **state)
{
	struct control k = { .want_after = -1 };

	(void)state;
	assert_int_equal(control_need(&k, 0), NEED_WAIT);
	assert_int_equal(k.want_after, 0);
	k.ok_start = 5;
	assert_int_equal(control_need(&k, 0), NEED_READY);
	assert_int_equal(control_need(&k, 4), NEED_READY);
	assert_int_equal(control_need(&k, 5), NEED_WAIT); /* a probe ended after it started */
	assert_int_equal(k.want_after, 5);
	k.bad = true;
	k.bad_start = 7;
	assert_int_equal(control_need(&k, 5), NEED_FAILED);
	assert_int_equal(control_need(&k, 0), NEED_FAILED); /* an older success is void */
	assert_int_equal(control_need(&k, 9), NEED_WAIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(outcome_follows_from_octets),
		cmocka_unit_test(the_form_of_a_refusal_is_judged),
		cmocka_unit_test(check_names_equal_the_suites),
		cmocka_unit_test(budgets_are_read),
		cmocka_unit_test(exit_codes_have_their_order),
		cmocka_unit_test(names_are_complete),
		cmocka_unit_test(controls_prove_only_what_came_between),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* From what a client did to a verdict: suites/client/README.md, expect="" and "Checks". */
#include "client_run_lab.h"

#define ONE(children) CASE("a", "", children SOUND)

#define NEVER     "skip not-reached: the client never called"
#define UNABLE    "skip not-offered: the client says that it cannot do this"
#define UNSHOWN   "skip not-reached: digest.hash cannot be seen: no request had Digest credentials"
#define SLOW      "inconclusive stopped: the command did not end in time (--timeout)"
#define KILLED    "fail outcome: the client ended by a signal"
#define MANY      "fail outcome: it sent 2001 requests, more than anybody reads"
#define WRONG     "fail decision: expected right credentials, got wrong ones: "
#define MISSED(n) "fail decision: expected an answer to " n ", but no credentials for it came"
#define METHOD    "skip not-offered: it did not use the method that it was told"

static const struct verdict_row {
	const char *cases, *habit, *found;
} rows[] = {
	/* answered */
	{ ONE("<challenge/>"), "good", "pass" },
	{ ONE("<challenge/>"), "silent", NEVER },
	{ ONE("<challenge/>"), "fails", NEVER ", and ended with 1" },
	{ ONE("<challenge/>"), "unable", UNABLE },
	{ ONE("<challenge/>"), "unable-at-once", UNABLE },
	{ ONE("<challenge/>"), "unable-at-last", "pass" },
	{ ONE("<challenge/>"), "plain", MISSED("challenge 1") },
	{ ONE("<challenge/>"), "credulous", WRONG "no account of that name" },
	{ ONE("<challenge/>"), "many", MANY },
	{ ONE("<challenge/>"), "killed", KILLED },
	{ ONE("<challenge/>"), "slow", SLOW },
	{ ONE("<challenge status='400'/>"), "plain", MISSED("the fault of challenge 1") },
	{ ONE("<challenge/><challenge/>"), "good", MISSED("challenge 2") },
	{ ONE("<challenge/><challenge/>"), "slow", SLOW },
	{ ONE("<challenge/><challenge><digest stale='true'/></challenge>"), "good", "pass" },
	/* What a check finds is nearer to the mistake than that it did not work. */
	{ CASE("a", "", "<challenge/><check is='digest.nc-form'/>"), "wrong",
	  WRONG "the password (or what proves it) is wrong" },
	{ CASE("a", "", "<challenge/><check is='digest.nc-form'/>"), "slow-wrong",
	  WRONG "the password (or what proves it) is wrong" },
	{ CASE("a", "", "<challenge/><check is='digest.nc-form'/>"), "nc-short",
	  "fail check: digest.nc-form: expected an nc of eight lower-case hexadecimal digits, got "
	  "\"1\"" },
	{ ONE("<challenge/>"), "nc-short", "pass" },
	/* right */
	{ ONE("<challenge expect='right'/>"), "good", "pass" },
	{ ONE("<challenge expect='right'/>"), "plain",
	  "skip not-offered: it sent no credentials for such a challenge" },
	{ ONE("<challenge expect='right'/>"), "credulous", WRONG "no account of that name" },
	{ ONE("<challenge expect='right'/>"), "slow", SLOW },
	/* unanswered */
	{ ONE("<challenge expect='unanswered'/>"), "good",
	  "fail decision: expected no credentials behind challenge 1, got GET /c/1/1, Digest "
	  "nc=00000001" },
	{ ONE("<challenge expect='unanswered'/>"), "unable-at-last",
	  "fail decision: expected no credentials behind challenge 1, got GET /c/1/1, Digest "
	  "nc=00000001" },
	{ ONE("<challenge expect='unanswered'/>"), "plain", UNSHOWN },
	{ ONE("<challenge expect='unanswered'/>"), "slow", SLOW },
	{ CASE("a", "", "<challenge expect='unanswered'/><check is='no-credentials'/>"), "plain",
	  "pass" },
	{ ONE("<challenge/><challenge expect='unanswered'/>"), "good", "pass" },
	{ ONE("<challenge/><challenge expect='unanswered'/>"), "plain", MISSED("challenge 1") },
	/* any */
	{ ONE("<challenge expect='any'/>"), "good", "pass" },
	{ ONE("<challenge expect='any'/>"), "plain", UNSHOWN },
	{ ONE("<challenge expect='any'/>"), "killed", KILLED },
	/* what it was told */
	{ ONE("<call method='POST' body='x'/><challenge/>"), "good", "pass" },
	{ ONE("<call method='POST' body='x'/><challenge/>"), "plain", METHOD },
	{ ONE("<call method='POST' body='x'/><challenge/>"), "slow", SLOW },
	{ ONE("<call body='x'/><challenge/>"), "plain",
	  "skip not-offered: it did not send the body that it was given" },
	/* levels: what the profile only notes is a warning, a measure is neither */
	{ CASE_CITED("a", "", "<cite clause='d#1' level='should'/>", "<challenge/>" SOUND), "plain",
	  "warn decision: expected an answer to challenge 1, but no credentials for it came" },
	{ CASE_CITED("a", "", "<cite clause='d#1' level='measure'/>", "<challenge/>" SOUND),
	  "plain",
	  "pass decision: expected an answer to challenge 1, but no credentials for it came" },
};

static void each_end_has_its_verdict(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str does = arena_fmt(&arena, "x.a=%s", rows[i].habit);
		struct str found = arena_fmt(&arena, "x.a %s\n", rows[i].found);

		run_lab_check((struct run_lab){ .cases = rows[i].cases, .does = does.p }, NULL,
			      found.p);
	}
}

/* Without a command there is no end of one that could tell. */
static void by_hand_there_is_no_exit_status(void **state)
{
	(void)state;
	run_lab_check((struct run_lab){ .cases = ONE("<challenge/>"),
					.does = "x.a=killed",
					.by_hand = true },
		      NULL, "x.a " MISSED("challenge 1") "\n");
	run_lab_check((struct run_lab){ .cases = ONE("<challenge/>"),
					.does = "x.a=unable",
					.by_hand = true },
		      NULL, "x.a " MISSED("challenge 1") "\n");
}

/* A command that is not there, or that breaks off: its own last words say why. */
static void who_never_called_says_why(void **state)
{
	static const struct {
		int status;
		const char *printed, *found;
	} ends[] = {
		{ 127, "first\nsh: 1: probe: not found\n",
		  "the client never called, and ended with 127: sh: 1: probe: not found" },
		{ 3, "", "the client never called, and ended with 3" },
		{ -1, "gone\n", "the client never called, and ended by a signal" },
		{ 0, "fine\n", "the client never called" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct run_lab l = { .cases = ONE("<challenge/>"), .does = "x.a=silent" };
		struct variant_result out;
		struct conversation said = { 0 };
		const struct conversation *c = &said;

		run_lab_load(&l);
		assert_int_equal(run_lab_play(&l), 0);
		out = l.r.variant[0];
		said.variant = out.variant;
		said.command = true;
		said.status = ends[i].status;
		said.printed = str(ends[i].printed);
		client_verdict(&l.r.a, &c, 1, l.r.profile, &out);
		check_view(out.message, str(ends[i].found), "message");
		run_lab_free(&l);
	}
}

/* The steps tell what was said, both ends of a long story, and which decides. */
static void steps_tell_what_was_said(void **state)
{
	struct run_lab l = { .cases = ONE("<challenge/>"), .does = "x.a=many" };
	const struct variant_result *v;

	(void)state;
	run_lab_load(&l);
	assert_int_equal(run_lab_play(&l), 0);
	v = &l.r.variant[0];
	assert_int_equal(v->n_step, 200);
	assert_int_equal(v->step[0].number, 1);
	assert_int_equal(v->step[99].number, 100);
	assert_int_equal(v->step[100].number, HEARD_MAX - 99);
	assert_int_equal(v->step[199].number, HEARD_MAX);
	assert_int_equal(v->deciding, -1);
	assert_false(v->has_outcome);
	run_lab_free(&l);

	l = (struct run_lab){ .cases = ONE("<challenge/>"), .does = "x.a=wrong" };
	run_lab_load(&l);
	assert_int_equal(run_lab_play(&l), 0);
	v = &l.r.variant[0];
	assert_int_equal(v->deciding, 1);
	assert_int_equal(v->outcome, OUTCOME_CHALLENGED);
	assert_int_equal(v->step[1].status, 401);
	assert_true(str_starts(v->step[1].sent, STR("GET /c/1/1 HTTP/1.1\r\n")));
	assert_true(str_starts(v->step[1].received, STR("HTTP/1.1 401 ")));
	check_str(v->step[1].summary, "GET /c/1/1, Digest nc=00000001");
	run_lab_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(each_end_has_its_verdict),
		CHECK(by_hand_there_is_no_exit_status),
		CHECK(who_never_called_says_why),
		CHECK(steps_tell_what_was_said),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

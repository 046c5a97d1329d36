/* TAP 14: the plan, the test points, and text that stays where it was put. */
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static char *report_of(struct run_fixture *f)
{
	struct err err = { 0 };
	size_t n;

	if (report_tap(&f->r, &f->o, f->path, &err))
		fail_msg("%s", err.text);
	return run_fixture_read(f, &n);
}

static void assert_has(const char *all, const char *text)
{
	if (!strstr(all, text))
		fail_msg("not written: %s\n%s", text, all);
}

static size_t lines_with(const char *all, const char *start)
{
	struct str rest = str(all);
	size_t n = 0;

	while (rest.n)
		n += str_starts(str_cut(&rest, '\n'), str(start));
	return n;
}

static void each_verdict_has_its_line(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("words"));
	all = report_of(&f);
	assert_true(str_starts(str(all), STR("TAP version 14\n1..18\nok 1 - digest.nc.reused")));
	assert_int_equal(lines_with(all, "ok "), 10);
	assert_int_equal(lines_with(all, "not ok "), 8);
	assert_has(all, "\nok 6 - basic.payload.odd[skew=-5h] A nonce count that was already used "
			"is refused # SKIP words\nok 7");
	assert_has(all, "\nnot ok 4 - digest.nc.reused[skew=-3h] A nonce count that was already "
			"used is refused\n  ---\n  verdict: \"fail\"\n  reason: \"decision\"\n");
	assert_has(all, "  clause: \"rfc7616#3.4.nc (RFC 7616 section 3.4)\"\n");
	assert_has(all, "    2: \"probe: words -> accepted 200, 12 ms\"\n");
	assert_has(all, "  property: \"token.skew.past\"\n  measured: \"295 s\"\n"
			"  spread: \"3 s\"\n  lowest: \"-4 s\"\n  ...\n");
	free(all);
	run_fixture_end(&f);
}

static void hostile_text_stays_in_its_place(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("a # SKIP b\nok 99\n  ...\nBail out! \\ \" "
				  "##[error]x\t\r\n1..3"));
	all = report_of(&f);
	assert_int_equal(lines_with(all, "ok "), 10);
	assert_int_equal(lines_with(all, "not ok "), 8);
	assert_int_equal(lines_with(all, "1.."), 1);
	assert_int_equal(lines_with(all, "Bail"), 0);
	assert_int_equal(lines_with(all, "  ---"), lines_with(all, "  ..."));
	assert_null(strstr(all, "##["));
	assert_has(all, "# SKIP a \\# SKIP b ok 99   ... Bail out! \\\\ \" \\#\\#[error]x");
	assert_has(all,
		   "message: \"a # SKIP b ok 99   ... Bail out! \\\\ \\\" \\u0023\\u0023[error]x");
	free(all);
	run_fixture_end(&f);
}

static void what_is_waived_is_skipped_with_its_finding(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("words"));
	run_fixture_overlay(&f, 3, STR("a\nok 99 # b"));
	f.r.cause = STR("no answer");
	all = report_of(&f);
	assert_true(str_starts(str(all), STR("TAP version 14\n1..20\nnot ok 1 - run.complete")));
	assert_has(all, "\n  cause: \"");
	assert_has(all, "\n  todo:\n    1: \"");
	assert_has(all, "\nnot ok 2 - run.waivers Each waiver stands for a finding of this run\n"
			"  ---\n  problems:\n    1: \"a ok 99 # b\"\n  ...\nok 3 - ");
	assert_has(all, "\nok 6 - digest.nc.reused[skew=-3h] A nonce count that was already used "
			"is refused # SKIP waived until 2027-01-31 by someone, T-1: a ok 99 \\# "
			"b\n  ---\n  verdict: \"fail\"\n");
	assert_int_equal(lines_with(all, "ok "), 11);
	assert_int_equal(lines_with(all, "not ok "), 9);
	free(all);
	run_fixture_end(&f);
}

static void a_run_that_stopped_has_a_point_of_its_own(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("words"));
	f.r.cause = STR("no answer\nat all");
	all = report_of(&f);
	assert_true(str_starts(str(all), STR("TAP version 14\n1..19\nnot ok 1 - run.complete The "
					     "run judges every selected case\n  ---\n"
					     "  message: \"no answer at all\"\n  ...\nok 2 - ")));
	free(all);
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++)
		f.result[i].n_step = 0;
	all = report_of(&f);
	assert_has(all, "\n1..1\nnot ok 1 - run.complete");
	free(all);
	f.r.n_variant = 0;
	f.r.cause = STR("");
	all = report_of(&f);
	assert_has(all, "\n1..1\nnot ok 1 - run.complete");
	assert_has(all, "nothing was judged");
	free(all);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_verdict_has_its_line),
		cmocka_unit_test(hostile_text_stays_in_its_place),
		cmocka_unit_test(what_is_waived_is_skipped_with_its_finding),
		cmocka_unit_test(a_run_that_stopped_has_a_point_of_its_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

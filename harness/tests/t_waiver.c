/* Waivers: files that are refused, each with its line; what a waiver takes away; what is wrong with
 * one that fits no longer.
 */
#include "run_fixture.h"

#include "cli/waiver_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* A waiver for variant 3 of the fixture, a failure. */
#define CASE   "case = digest.nc.reused[skew=-3h]\n"
#define DEVICE "device = one one\n"
#define WARE   "firmware = on?\n"
#define WHAT   "outcome = fail decision accepted\n"
#define WHO    "reason = the series ends\nticket = CAM-118\nowner = lab\n"
#define UNTIL  "until = 2026-08-22\n"
#define REST   DEVICE WARE WHAT WHO UNTIL

static const struct {
	const char *text;
	const char *complaint; /* what stands behind "w.ini:" */
} refused[] = {
	{ "[a]\n" CASE DEVICE WARE WHAT WHO, "1: the waiver has no until" },
	{ "[a]\n" REST, "1: the waiver has no case" },
	{ "; x\n\n[a]\n" CASE REST "[b]\n", "12: the waiver has no case" },
	{ CASE, "1: expected a [section]" },
	{ "[a]\n" CASE CASE, "3: an entry that was there before" },
	{ "[a]\nnonsense\n", "2: neither [section] nor name = value" },
	{ "[a\n" CASE, "1: neither [section] nor name = value" },
	{ "[a]\ncsae = x.y\n", "2: no entry \"csae\"" },
	{ "[a]\ncsae = x.y\n", "did you mean case?" },
	{ "[a]\ncase = *\n", "2: case: expected the id of a case" },
	{ "[a]\ncase =\n", "2: case: expected the id of a case" },
	{ "[a]\ndevice =\n", "2: device: expected \"MANUFACTURER MODEL\"" },
	{ "[a]\nfirmware =\n", "2: firmware: expected a version" },
	{ "[a]\noutcome = fail\n", "2: outcome: \"fail\", expected verdict, reason and outcome" },
	{ "[a]\noutcome = inconclusive locked none\n", "only fail and warn can be waived" },
	{ "[a]\noutcome = fail decision accepted too\n", "2: outcome: " },
	{ "[a]\nreason = ?\n", "2: reason: not filled in, expected why" },
	{ "[a]\nticket = ??? \n", "2: ticket: not filled in" },
	{ "[a]\nowner =\n", "2: owner: not filled in" },
	{ "[a]\nuntil = soon\n", "2: until: expected its last day as YYYY-MM-DD" },
	{ "[a]\nuntil = 2026-02-30\n", "2: until: expected" },
	{ "[a]\nuntil = 2026-2-03\n", "2: until: expected" },
	{ "[a]\nreason = \x01\n", "2: an octet that is no text" },
	{ "[a]\nreason = \xff\n", "2: an octet that is no text" },
	{ "[a]\n\n [b]\ncase = x.y\n", "3: a bracket behind a blank, expected a [section]" },
};

static void bad_files_are_refused(void **state)
{
	struct waiver_list list;
	char lots[400];

	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct err err = { 0 };
		struct arena a;

		arena_init(&a, 1 << 20);
		assert_int_equal(
			waiver_file_parse(&a, STR("w.ini"), str(refused[i].text), &list, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (strncmp(err.text, "w.ini:", 6) || !strstr(err.text + 6, refused[i].complaint))
			fail_msg("%zu: %s", i, err.text);
		arena_free(&a);
	}
	memset(lots, 'x', sizeof(lots));
	memcpy(lots, "[a]\nreason = ", 13);
	for (size_t nul = 0; nul < 2; nul++) {
		struct err err = { 0 };
		struct arena a;

		arena_init(&a, 1 << 20);
		lots[14] = nul ? '\0' : 'x';
		lots[20] = nul ? '\n' : 'x';
		assert_int_equal(
			waiver_file_parse(&a, STR("w.ini"), str_n(lots, sizeof(lots)), &list, &err),
			-1);
		assert_non_null(strstr(err.text, nul ? "w.ini:2: an octet that is no text"
						     : "w.ini:2: a line of over 198 octets"));
		arena_free(&a);
	}
}

static void values_go_on_in_the_next_line(void **state)
{
	static const char text[] = "\xef\xbb\xbf; remark\n[one]\n" CASE DEVICE WARE WHAT
				   "reason = the clock\n  cannot be set\n"
				   "ticket = T\nowner = o ; remark\n" UNTIL;
	struct waiver_list list;
	struct err err = { 0 };
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	if (waiver_file_parse(&a, STR("w.ini"), str(text), &list, &err))
		fail_msg("%s", err.text);
	assert_int_equal(list.n, 1);
	assert_true(str_eq(list.w[0].name, STR("one")));
	assert_true(str_eq(list.w[0].note.reason, STR("the clock cannot be set")));
	assert_true(str_eq(list.w[0].note.owner, STR("o")));
	assert_int_equal(list.w[0].note.line, 2);
	assert_int_equal(list.w[0].verdict, VERDICT_FAIL);
	assert_int_equal(list.w[0].outcome, OUTCOME_ACCEPTED);
	arena_free(&a);
}

/* The fixture began on 2026-08-22; manufacturer, model and firmware are "one". */
static const struct {
	const char *text;
	size_t waived, elsewhere;
	const char *problem; /* behind "w.ini:"; NULL: none */
	bool fails;          /* the exit status is 1 for another failure that stays */
} applied[] = {
	{ "[a]\n" CASE REST, 1, 0, NULL, true },
	{ "[a]\ncase = digest.nc.reused*3h]\n" REST, 1, 0, NULL, true },
	{ "[a]\n" CASE "device = *\nfirmware = *\n" WHAT WHO UNTIL, 1, 0, NULL, true },
	{ "[a]\n" CASE DEVICE "firmware = two\n" WHAT WHO UNTIL, 0, 1, NULL, true },
	{ "[a]\n" CASE "device = one\n" WARE WHAT WHO UNTIL, 0, 1, NULL, true },
	{ "[a]\n" CASE DEVICE WARE WHAT WHO "until = 2026-08-21\n", 0, 0,
	  "1: waiver a expired on 2026-08-21", true },
	{ "[a]\n" CASE DEVICE WARE "outcome = fail check accepted\n" WHO UNTIL, 0, 0,
	  "1: waiver a is for \"fail check accepted\", and digest.nc.reused[skew=-3h] is \"fail "
	  "decision accepted\"",
	  true },
	{ "[a]\n" CASE DEVICE WARE "outcome = fail decision none\n" WHO UNTIL, 0, 0,
	  "1: waiver a is for \"fail decision none\"", true },
	{ "\n[a]\ncase = digest.nc.reused[skew=-0h]\n" REST, 0, 0,
	  "2: waiver a is not needed: digest.nc.reused[skew=-0h] passes;", true },
	{ "[a]\ncase = no.such.case\n" REST, 0, 0, "1: waiver a matches no case: no.such.case",
	  true },
	{ "[a]\ncase = digest.nc.reused[skew=-99h]\n" REST, 0, 0, "1: waiver a matches no case",
	  true },
	/* In the catalogue, and not selected: nothing is known. */
	{ "[a]\ncase = measure.skew.past\n" REST, 0, 0, NULL, true },
	/* Not judged: nothing is known. */
	{ "[a]\ncase = token.created.skewed[skew=-7h]\n" REST, 0, 0, NULL, true },
	{ "[a]\n" CASE REST "[b]\n" CASE REST
	  "[c]\ncase = token.created.skewed[skew=-4h]\n" DEVICE WARE
	  "outcome = fail outcome accepted\n" WHO UNTIL,
	  2, 0, NULL, false },
	{ "[a]\ncase = token.created.skewed[skew=-1h]\n" DEVICE WARE
	  "outcome = warn form accepted\n" WHO UNTIL,
	  1, 0, NULL, true },
};

static void waivers_are_laid_over_a_run(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(applied); i++) {
		struct waiver_list list = { 0 };
		struct run_fixture f;
		struct err err = { 0 };
		size_t n = 0;

		run_fixture_start(&f, STR("one"));
		f.result[16].verdict = VERDICT_PASS; /* an error of ours would outrank all */
		f.r.count[VERDICT_ERROR]--;
		f.r.count[VERDICT_PASS]++;
		f.variant[17].c = &f.c[0]; /* measure.skew.past is not selected */
		if (waiver_file_parse(&f.r.a, STR("w.ini"), str(applied[i].text), &list, &err))
			fail_msg("%zu: %s", i, err.text);
		waivers_apply(&list, &f.r);
		for (size_t k = 0; k < FIXTURE_VARIANTS; k++)
			n += f.result[k].waiver != NULL;
		if (f.r.waived != applied[i].waived || n != f.r.waived ||
		    f.r.waivers->elsewhere != applied[i].elsewhere)
			fail_msg("%zu: %zu waived", i, f.r.waived);
		for (int k = 0; k < VERDICTS; k++)
			n += f.r.count[k];
		assert_int_equal(n, FIXTURE_VARIANTS);
		if (f.r.waivers->n_problem != (applied[i].problem != NULL))
			fail_msg("%zu: %zu problems: %.*s", i, f.r.waivers->n_problem,
				 STR_ARG(f.r.waivers->problem[0]));
		if (applied[i].problem &&
		    !str_starts(str_sub(f.r.waivers->problem[0], 6, 400), str(applied[i].problem)))
			fail_msg("%zu: %.*s", i, STR_ARG(f.r.waivers->problem[0]));
		assert_int_equal(run_exit_code(&f.r, false, false), applied[i].fails ? 1 : 6);
		run_fixture_end(&f);
	}
}

static void a_bad_waiver_fails_a_good_run(void **state)
{
	struct str problem = STR("w.ini:1: bad");
	const struct waiver_report bad = { .problem = &problem, .n_problem = 1 }, good = { 0 };
	struct run_result r = { .count = { [VERDICT_PASS] = 1 }, .waivers = &good };

	(void)state;
	assert_int_equal(run_exit_code(&r, false, false), 0);
	r.waivers = &bad;
	assert_int_equal(run_exit_code(&r, false, false), 1);
	r.count[VERDICT_PASS] = 0;
	r.waivers = &good;
	r.waived = 1;
	assert_int_equal(run_exit_code(&r, false, false), 0); /* something ran */
}

static void apply_text(struct run_fixture *f, const char *text)
{
	struct waiver_list *list = arena_new(&f->r.a, struct waiver_list);
	struct err err = { 0 };

	assert_non_null(list);
	if (waiver_file_parse(&f->r.a, STR("w.ini"), str(text), list, &err))
		fail_msg("%s", err.text);
	waivers_apply(list, &f->r);
}

static void reports_show_what_is_waived(void **state)
{
	static const struct console_options wide = { .width = 200 };
	static const char *const junit[] = {
		"<testsuites name=\"countersign\" tests=\"19\" failures=\"2\" errors=\"6\"",
		"<skipped message=\"WAIVED: one\">",
		" waiver: waived until 2026-08-22 by lab, CAM-118: the series ends\n",
		"[[PROPERTY|verdict=fail]]\n[[PROPERTY|waived=2026-08-22]]",
		"run.waivers Each waiver still stands",
		"<failure message=\"w.ini:10: waiver b matches no case: x.y; mend the pattern",
	};
	static const char *const printed[] = {
		"WAIVED        digest.nc.reused[skew=-3h] (fail): waived until 2026-08-22 by lab",
		"WAIVER        w.ini:10: waiver b matches no case",
		" 1 fail, 6 skip, 5 inconclusive, 1 error, 1 waived; ",
	};
	struct run_fixture f;
	struct err err = { 0 };
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("one"));
	apply_text(&f, "[a]\n" CASE REST "[b]\ncase = x.y\n" REST);
	assert_int_equal(f.r.waived, 1);
	assert_int_equal(report_junit(&f.r, &f.o, f.path, &err), 0);
	all = run_fixture_read(&f, &n);
	for (size_t i = 0; i < COUNT(junit); i++)
		if (!strstr(all, junit[i]))
			fail_msg("not in the report: %s", junit[i]);
	free(all);
	all = run_fixture_console(&f, &wide, &n);
	for (size_t i = 0; i < COUNT(printed); i++)
		if (!strstr(all, printed[i]))
			fail_msg("not printed: %s", printed[i]);
	assert_null(strstr(all, "FAIL          digest.nc.reused[skew=-3h]"));
	free(all);
	run_fixture_end(&f);
}

static void a_suggestion_has_to_be_filled_in(void **state)
{
	struct waiver_list list;
	struct run_fixture f;
	struct ledger r;
	struct err err = { 0 };
	struct str text;

	(void)state;
	run_fixture_start(&f, hostile_text);
	assert_int_equal(ledger_of_run(&f.r.a, &f.r, &r, &err), 0);
	text = waiver_file_suggest(&f.r.a, &r, false);
	assert_true(str_find(text, STR("case     = digest.nc.reused[skew=-3h]\n")) != (size_t)-1);
	assert_true(str_find(text, STR("outcome  = fail decision accepted\n")) != (size_t)-1);
	assert_true(str_find(text, STR("until    = 2026-11-20\n")) != (size_t)-1);
	assert_true(str_find(text, STR("warn")) == (size_t)-1);
	assert_int_equal(waiver_file_parse(&f.r.a, STR("w.ini"), text, &list, &err), -1);
	if (!strstr(err.text, "reason: not filled in"))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '?')
			((char *)(uintptr_t)text.p)[i] = 'x';
	if (waiver_file_parse(&f.r.a, STR("w.ini"), text, &list, &err))
		fail_msg("%s", err.text);
	waivers_apply(&list, &f.r);
	assert_int_equal(f.r.waived, 2);
	assert_int_equal(f.r.waivers->n_problem, 0);
	assert_int_equal(ledger_of_run(&f.r.a, &f.r, &r, &err), 0);
	assert_int_equal(waiver_file_suggest(&f.r.a, &r, false).n, 0);
	assert_true(waiver_file_suggest(&f.r.a, &r, true).n > 0);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_files_are_refused),
		cmocka_unit_test(values_go_on_in_the_next_line),
		cmocka_unit_test(waivers_are_laid_over_a_run),
		cmocka_unit_test(a_bad_waiver_fails_a_good_run),
		cmocka_unit_test(reports_show_what_is_waived),
		cmocka_unit_test(a_suggestion_has_to_be_filled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a job of GitHub Actions reads: commands that only we give, and a summary within its cap. */
#include "run_fixture.h"

#include "report/markdown.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static char *annotations_of(struct run_fixture *f)
{
	FILE *out = fopen(f->path, "wb");
	struct err err = { 0 };
	size_t n;

	assert_non_null(out);
	if (github_annotations(out, &f->r, &f->o, &err))
		fail_msg("%s", err.text);
	assert_int_equal(fclose(out), 0);
	return run_fixture_read(f, &n);
}

static size_t lines_with(const char *all, const char *start)
{
	struct str rest = str(all);
	size_t n = 0;

	while (rest.n)
		n += str_starts(str_cut(&rest, '\n'), str(start));
	return n;
}

static void assert_has(const char *all, const char *text)
{
	if (!strstr(all, text))
		fail_msg("not written: %s\n%s", text, all);
}

static void waived_findings_are_none_and_bad_waivers_are(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("words"));
	run_fixture_overlay(&f, 3, STR("w.ini:3: a\n::error::b"));
	all = annotations_of(&f);
	assert_true(str_starts(str(all), STR("::error title=countersign waiver::w.ini:3: a "
					     "::error::b\n")));
	assert_null(strstr(all, "digest.nc.reused[skew=-3h]"));
	assert_int_equal(lines_with(all, "::error title="), 8);
	free(all);
	run_fixture_end(&f);
}

static void findings_are_annotations(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("100%: a, b"));
	all = annotations_of(&f);
	assert_int_equal(lines_with(all, "::error title="), 8);
	assert_int_equal(lines_with(all, "::warning title="), 2);
	assert_int_equal(lines_with(all, ""), 10);
	assert_has(all, "::error title=fail digest.nc.reused[skew=-3h]::100%25: a, b [must, "
			"rfc7616#3.4.nc (RFC 7616 section 3.4)]\n");
	free(all);
	f.r.cause = STR("the account is locked");
	for (size_t i = 11; i < 16; i++)
		f.result[i].n_step = 0; /* one cause, not a page of what it kept from running */
	all = annotations_of(&f);
	assert_true(str_starts(str(all), STR("::error title=countersign stopped::the account is "
					     "locked\n")));
	assert_int_equal(lines_with(all, "::error title="), 4);
	free(all);
	run_fixture_end(&f);
}

static void there_are_at_most_ten_of_a_kind(void **state)
{
	struct run_fixture f;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("words"));
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++)
		f.result[i].verdict = VERDICT_FAIL;
	f.r.cause = STR("and it stopped");
	all = annotations_of(&f);
	assert_int_equal(lines_with(all, "::error title="), 10);
	assert_has(all, "\n::error title=countersign::10 more: see the report\n");
	free(all);
	f.r.cause.p = NULL;
	f.r.cause.n = 0;
	f.r.n_variant = 10;
	all = annotations_of(&f);
	assert_int_equal(lines_with(all, "::error title=fail "), 10);
	free(all);
	run_fixture_end(&f);
}

static void hostile_text_gives_no_command(void **state)
{
	static const struct console_options plain = { .width = 60 };
	struct run_fixture f;
	struct str line, rest;
	char *all;
	size_t n;

	(void)state;
	run_fixture_start(&f, STR("x\n::set-env name=A::b\r\n ::stop-commands::t ##[error]y "
				  "##vso[task.setvariable variable=z]w %0A::error::"));
	all = annotations_of(&f);
	assert_int_equal(lines_with(all, "::error title="), 8);
	assert_int_equal(lines_with(all, "::"), 10);
	free(all);
	all = run_fixture_console(&f, &plain, &n);
	for (rest = str(all); rest.n;) {
		line = str_trim(str_cut(&rest, '\n'));
		assert_false(str_starts(line, STR("::")));
		assert_int_equal(str_find(line, STR("##")), (size_t)-1);
	}
	assert_has(all, ": :stop-commands::t");
	assert_has(all, "# #[error]y");
	free(all);
	run_fixture_end(&f);
}

static void a_summary_is_appended_and_stays_within_a_mebibyte(void **state)
{
	struct run_fixture f;
	struct err err = { 0 };
	size_t once, n, had = MARKDOWN_MAX - 4500;
	char *filler = calloc(1, had), *all;
	FILE *out;

	(void)state;
	run_fixture_start(&f, STR("words"));
	assert_int_equal(github_summary(&f.r, &f.o, f.path, &err), 0);
	free(run_fixture_read(&f, &once));
	assert_int_equal(github_summary(&f.r, &f.o, f.path, &err), 0);
	all = run_fixture_read(&f, &n);
	assert_int_equal(n, 2 * once);
	assert_memory_equal(all, all + once, once);
	free(all);
	out = fopen(f.path, "wb");
	assert_non_null(filler);
	assert_non_null(out);
	assert_int_equal(fwrite(filler, 1, had, out), had);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(github_summary(&f.r, &f.o, f.path, &err), 0);
	all = run_fixture_read(&f, &n);
	assert_true(n > had + 1000 && n <= MARKDOWN_MAX);
	assert_has(all + had, "did not fit on this page.\n");
	free(all);
	assert_int_equal(github_summary(&f.r, &f.o, f.path, &err), -1);
	assert_non_null(strstr(err.text, "the job summary is full"));
	assert_int_equal(github_summary(&f.r, &f.o, f.folder, &err), -1);
	assert_non_null(strstr(err.text, "Is a directory"));
	free(filler);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waived_findings_are_none_and_bad_waivers_are),
		cmocka_unit_test(findings_are_annotations),
		cmocka_unit_test(there_are_at_most_ten_of_a_kind),
		cmocka_unit_test(hostile_text_gives_no_command),
		cmocka_unit_test(a_summary_is_appended_and_stays_within_a_mebibyte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What a person reads: clean, within the width, nothing left out and nothing said twice. */
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const struct console_options plain = { .width = 72 };

static void assert_printed(const char *all, const char *text)
{
	if (!strstr(all, text))
		fail_msg("not printed: %s", text);
}

static size_t count(const char *all, const char *text)
{
	size_t n = 0;

	for (; (all = strstr(all, text)); all++)
		n++;
	return n;
}

static void the_card_and_the_findings_are_there(void **state)
{
	static const char *const texts[] = {
		"target        one & two\n",
		"device        one & two one & two, firmware one & two, serial one & two\n",
		"operation     one & two; without credentials it answers challenged (401)\n",
		"(malformed)",
		"clock         2.300 s behind ours (+/- 0.500 s, by one & two)\n",
		"round trip    12 ms\n",
		"second path   one & two; without credentials it answers challenged (401)\n",
		"certificate   one & two; issued by itself, expired\n"
		"              by one & two; 1970-01-01T00:00:00Z to 2026-08-22T10:11:12Z\n"
		"              SHA-256 5feceb66 ffc86f38 d952786c 6d696c79 c2dbc239\n"
		"              dd4e91b4 6729d73a 27fb57e9\n"
		"              one & two\n"
		"              by CN = root\n",
		"              and 3 more, which were not kept\n",
		"FAIL          digest.nc.reused[skew=-3h] [must, rfc7616#3.4.nc (RFC 7616\n",
		"WARN          token.created.skewed[skew=-1h]",
		"ERROR         ",
		"INCONCLUSIVE  ",
		"why: A captured request would work a second time.\n",
		"remedy: Keep the highest nc & answer <401> to a repeat.\n",
		"token.skew.past                    295 s\n",
		"    spread                           3 s\n",
		"    lowest                           -4 s\n",
		"STOPPED       the account is locked\n",
		"1 variant was not judged, since the run ended before.\n",
		"ERROR 2 pass, 2 warn, 2 fail, 6 skip, 5 inconclusive, 1 error; 54 exch",
		"; 54 exchanges, 3 failed logins, 4.212 s\n",
		"skipped: 1 not offered by the target, 1 for want of failed logins (--failures), ",
	};
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("one & two"));
	f.r.cause = STR("the account is locked");
	f.result[15].n_step = 0;
	all = run_fixture_console(&f, &plain, &n);
	for (size_t i = 0; i < COUNT(texts); i++)
		assert_printed(all, texts[i]);
	assert_null(strchr(all, '\x1b'));
	free(all);
	run_fixture_end(&f);
}

static void advice_is_given_once_for_the_variants_of_a_case(void **state)
{
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.variant[4].c = f.variant[3].c;
	all = run_fixture_console(&f, &plain, &n);
	assert_int_equal(count(all, "FAIL   "), 2);
	assert_int_equal(count(all, "why: "), 1 + 2); /* of the fails, and of two warns */
	free(all);
	run_fixture_end(&f);
}

static void lines_stay_within_the_width(void **state)
{
	struct run_fixture f;
	size_t n, column = 0;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("words of a reason that go on and on until they pass the edge of "
				  "any terminal that is not a whole wall wide"));
	all = run_fixture_console(&f, &(struct console_options){ .width = 60 }, &n);
	*strstr(all, "54 exchanges") = '\0'; /* the totals are one line */
	*strrchr(all, '\n') = '\0';
	for (const char *p = all; *p; p++) {
		column = *p == '\n' ? 0 : column + 1;
		if (column == 0 && strncmp(p + 1, "                countersign replay", 34) == 0)
			p = strchr(p + 1, '\n') - 1; /* to be copied: not wrapped */
		assert_true(column <= 60);
	}
	free(all);
	run_fixture_end(&f);
}

static void hostile_text_cannot_drive_the_terminal(void **state)
{
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, hostile_text);
	f.r.cause = hostile_text;
	all = run_fixture_console(&f, &plain, &n);
	assert_null(memchr(all, 0x1b, n));
	assert_null(memchr(all, 0x07, n));
	assert_null(memchr(all, '\r', n));
	assert_true(str_is_utf8(str_n(all, n)));
	assert_printed(all, "STOPPED       a<b>");
	free(all);
	run_fixture_end(&f);
}

static void colour_is_only_there_when_asked_for(void **state)
{
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("one"));
	all = run_fixture_console(&f, &(struct console_options){ .colour = true }, &n);
	assert_printed(all, "\x1b[1;31mFAIL\x1b[0m");
	free(all);
	run_fixture_end(&f);
}

/* Nothing failed, but the budget kept gating cases from running: that is no pass. */
static void the_first_word_is_that_of_the_exit_status(void **state)
{
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("one"));
	memset(f.r.count, 0, sizeof(f.r.count));
	f.r.count[VERDICT_PASS] = 7;
	f.r.exit_code = 6;
	all = run_fixture_console(&f, &plain, &n);
	assert_printed(all, "INCONCLUSIVE 7 pass, 0 fail;");
	free(all);
	f.r.exit_code = 0;
	all = run_fixture_console(&f, &plain, &n);
	assert_printed(all, "PASS 7 pass, 0 fail;");
	free(all);
	run_fixture_end(&f);
}

static void a_secret_never_gets_out(void **state)
{
	struct run_fixture f;
	size_t n;
	char *all;

	(void)state;
	run_fixture_start(&f, STR("was s3cret Pa55 or s3c\x1b[0mret Pa55 or s3cret\nPa55 here"));
	assert_int_equal(redact_add(&f.redactor, STR("s3cret Pa55")), 0);
	f.r.cause = f.r.target;
	all = run_fixture_console(&f, &plain, &n);
	assert_null(strstr(all, "s3cret"));
	assert_printed(all, "[redacted]");
	free(all);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_card_and_the_findings_are_there),
		cmocka_unit_test(advice_is_given_once_for_the_variants_of_a_case),
		cmocka_unit_test(lines_stay_within_the_width),
		cmocka_unit_test(hostile_text_cannot_drive_the_terminal),
		cmocka_unit_test(colour_is_only_there_when_asked_for),
		cmocka_unit_test(the_first_word_is_that_of_the_exit_status),
		cmocka_unit_test(a_secret_never_gets_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

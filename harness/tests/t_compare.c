/* Two records compared, and records that cannot be read. */
#include "run_fixture.h"

#include "report/compare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define HEAD                                                                                       \
	"{\"format\": 1, \"target\": \"http://h/\", \"kind\": \"onvif\", \"user\": \"u\",\n"       \
	"\"seed\": \"s\", \"started\": \"2026-01-01T00:00:00.000Z\", \"exit_code\": 1,\n"
#define CASE      "\"id\": \"a.b\", \"case\": \"a.b\", \"family\": \"a\", \"title\": \"T\", "
#define ROW(rest) HEAD "\"variants\": [\n{" CASE rest "}]}"
#define FAIL_ROW  CASE "\"rev\": 1, \"verdict\": \"fail\", \"reason\": \"decision\", \"steps\": []"

/* More of them: t_load. */
static const struct {
	const char *text, *complaint;
} refused[] = {
	{ "", "r.json:1: " },
	{ "{\n\"format\": 1,\n", "r.json:3: " },
	{ "[]", "r.json:1: format, expected 1: what countersign run --json writes" },
	{ "{\"format\": 1, \"format\": 1}", "duplicate" },
	{ HEAD "\"variants\": [3]}", "r.json:1: id of a variant, expected a text" },
	{ ROW("\"rev\": \"x\", \"verdict\": \"pass\", \"reason\": \"none\""),
	  "r.json:4: variant a.b: rev, expected an integer" },
	{ ROW("\"rev\": 1, \"verdict\": \"good\""),
	  "r.json:4: variant a.b: verdict, expected one" },
	{ HEAD "\"variants\": [{" FAIL_ROW "}, {" FAIL_ROW "}]}",
	  "r.json:3: variant a.b: id, expected each id once" },
};

static void bad_records_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		struct ledger r;
		struct err err = { 0 };
		struct arena a;

		arena_init(&a, 1 << 20);
		assert_int_equal(ledger_parse(&a, STR("r.json"), str(refused[i].text), &r, &err),
				 -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (strncmp(err.text, "r.json:", 7) || !strstr(err.text, refused[i].complaint))
			fail_msg("%zu: %s", i, err.text);
		arena_free(&a);
	}
}

#define PASS_NOW                                                                                   \
	{                                                                                          \
		.rev = 1, .verdict = VERDICT_PASS                                                  \
	}
#define FAIL_NOW                                                                                   \
	{                                                                                          \
		.rev = 1, .verdict = VERDICT_FAIL, .reason = REASON_DECISION, .has_outcome = true, \
		.outcome = OUTCOME_ACCEPTED                                                        \
	}
#define NUMBER(v, limit)                                                                           \
	{                                                                                          \
		.rev = 1, .verdict = VERDICT_PASS, .measured = true, .value = v,                   \
		.at_limit = limit, .unit = {                                                       \
			"s",                                                                       \
			1                                                                          \
		}                                                                                  \
	}

static const struct {
	struct ledger_row before, after; /* rev 0: not in that record */
	enum change want;                /* CHANGES: nothing changed */
} pairs[] = {
	{ PASS_NOW, FAIL_NOW, CHANGE_REGRESSED },
	{ PASS_NOW, { .rev = 1, .verdict = VERDICT_WARN }, CHANGE_REGRESSED },
	{ { .rev = 1, .verdict = VERDICT_WARN }, FAIL_NOW, CHANGE_REGRESSED },
	{ FAIL_NOW, PASS_NOW, CHANGE_FIXED },
	{ FAIL_NOW, { .rev = 1, .verdict = VERDICT_WARN }, CHANGE_FIXED },
	{ FAIL_NOW, FAIL_NOW, CHANGES },
	{ FAIL_NOW, { .rev = 1, .verdict = VERDICT_FAIL, .reason = REASON_CHECK }, CHANGE_OTHER },
	{ PASS_NOW, PASS_NOW, CHANGES },
	{ PASS_NOW, { .rev = 1, .verdict = VERDICT_INCONCLUSIVE }, CHANGE_INCONCLUSIVE },
	{ PASS_NOW, { .rev = 1, .verdict = VERDICT_ERROR }, CHANGE_INCONCLUSIVE },
	{ { .rev = 1, .verdict = VERDICT_ERROR },
	  { .rev = 1, .verdict = VERDICT_INCONCLUSIVE },
	  CHANGES },
	{ { .rev = 1, .verdict = VERDICT_INCONCLUSIVE }, FAIL_NOW, CHANGE_NEW },
	{ { .rev = 1, .verdict = VERDICT_SKIP }, FAIL_NOW, CHANGE_NEW },
	{ { .rev = 0 }, FAIL_NOW, CHANGE_NEW },
	{ PASS_NOW, { .rev = 0 }, CHANGE_GONE },
	{ PASS_NOW, { .rev = 1, .verdict = VERDICT_SKIP }, CHANGE_GONE },
	{ { .rev = 0 }, { .rev = 1, .verdict = VERDICT_SKIP }, CHANGES },
	{ { .rev = 1, .verdict = VERDICT_PASS },
	  { .rev = 2, .verdict = VERDICT_FAIL },
	  CHANGE_REV },
	{ PASS_NOW, { .rev = 1, .verdict = VERDICT_FAIL, .waived = true }, CHANGE_WAIVED },
	{ FAIL_NOW, { .rev = 1, .verdict = VERDICT_FAIL, .waived = true }, CHANGE_WAIVED },
	{ { .rev = 1, .verdict = VERDICT_FAIL, .waived = true }, FAIL_NOW, CHANGE_OTHER },
	{ { .rev = 1, .verdict = VERDICT_WARN, .waived = true }, FAIL_NOW, CHANGE_REGRESSED },
	{ { .rev = 1, .verdict = VERDICT_FAIL, .waived = true }, PASS_NOW, CHANGE_FIXED },
	{ NUMBER(300, false), NUMBER(330, false), CHANGES },
	{ NUMBER(300, false), NUMBER(331, false), CHANGE_DRIFTED },
	{ NUMBER(300, false), NUMBER(269, false), CHANGE_DRIFTED },
	{ NUMBER(300, false), NUMBER(300, true), CHANGE_DRIFTED },
	{ NUMBER(3, false), NUMBER(4, false), CHANGES }, /* one unit is noise */
	{ NUMBER(3, false), NUMBER(5, false), CHANGE_DRIFTED },
	{ NUMBER(INT64_MIN, false), NUMBER(INT64_MAX, false), CHANGE_DRIFTED },
	{ NUMBER(INT64_MAX, false), NUMBER(INT64_MAX, false), CHANGES },
	{ PASS_NOW, NUMBER(3, false), CHANGE_DRIFTED },
};

static void changes_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pairs); i++) {
		struct ledger_row x = pairs[i].before, y = pairs[i].after;
		struct ledger before = { .row = &x, .n = x.rev > 0 };
		struct ledger after = { .row = &y, .n = y.rev > 0 };
		struct comparison c;
		struct err err = { 0 };
		struct arena a;

		x.id = y.id = STR("a.b");
		arena_init(&a, 1 << 20);
		assert_int_equal(compare(&a, &before, &after, 10, &c, &err), 0);
		if (c.n != (pairs[i].want != CHANGES) || c.same != 1 - c.n)
			fail_msg("%zu: %zu changes", i, c.n);
		if (c.n && c.row[0].kind != pairs[i].want)
			fail_msg("%zu: %s, expected %s", i, change_name(c.row[0].kind),
				 change_name(pairs[i].want));
		arena_free(&a);
	}
}

static void lists_are_joined_by_id(void **state)
{
	struct ledger_row old[] = { { .id = STR("a"), .rev = 1, .verdict = VERDICT_FAIL },
				    { .id = STR("b"), .rev = 1, .verdict = VERDICT_PASS },
				    { .id = STR("d"), .rev = 1, .verdict = VERDICT_PASS } };
	struct ledger_row now[] = { { .id = STR("a"), .rev = 1, .verdict = VERDICT_PASS },
				    { .id = STR("c"), .rev = 1, .verdict = VERDICT_PASS },
				    { .id = STR("d"), .rev = 1, .verdict = VERDICT_FAIL },
				    { .id = STR("dd"), .rev = 1, .verdict = VERDICT_PASS } };
	static const char *const want[] = { "regressed d", "fixed a", "new c", "new dd", "gone b" };
	struct ledger before = { .row = old, .n = COUNT(old) };
	struct ledger after = { .row = now, .n = COUNT(now) };
	struct comparison c;
	struct err err = { 0 };
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	assert_int_equal(compare(&a, &before, &after, 10, &c, &err), 0);
	assert_int_equal(c.n, COUNT(want));
	for (size_t i = 0; i < c.n; i++) {
		const struct ledger_row *r = c.row[i].after ? c.row[i].after : c.row[i].before;
		struct str got =
			arena_fmt(&a, "%s %.*s", change_name(c.row[i].kind), STR_ARG(r->id));

		assert_string_equal(got.p, want[i]);
	}
	assert_int_equal(c.count[CHANGE_NEW], 2);
	arena_free(&a);
}

/* What a run wrote is read back as the run itself; hostile texts break neither. */
static void a_run_equals_its_own_record(void **state)
{
	static const struct console_options plain = { 0 };
	struct run_fixture f;
	struct ledger now, old;
	struct comparison c;
	struct err err = { 0 };
	FILE *out = tmpfile();

	(void)state;
	assert_non_null(out);
	run_fixture_start(&f, hostile_text);
	assert_int_equal(report_json(&f.r, &f.o, f.path, &err), 0);
	if (ledger_read(&f.r.a, str(f.path), &old, &err) ||
	    ledger_of_run(&f.r.a, &f.r, &now, &err) || compare(&f.r.a, &old, &now, 10, &c, &err))
		fail_msg("%s", err.text);
	assert_int_equal(old.n, FIXTURE_VARIANTS);
	assert_int_equal(c.n, 0);
	assert_int_equal(c.same, FIXTURE_VARIANTS);
	now.row[3].verdict = VERDICT_PASS;
	assert_int_equal(compare(&f.r.a, &now, &old, 10, &c, &err), 0);
	console_comparison(out, &c, &f.redactor, &plain);
	assert_true(ftell(out) > 100);
	rewind(out);
	for (int ch; (ch = fgetc(out)) != EOF;)
		assert_true(ch >= 0x20 || ch == '\n');
	fclose(out);
	run_fixture_end(&f);
}

static void a_file_has_its_limit(void **state)
{
	struct run_fixture f;
	struct err err = { 0 };
	struct str text;

	(void)state;
	run_fixture_start(&f, STR("one"));
	assert_int_equal(file_replace(f.path, STR("0123456789"), &err), 0);
	assert_int_equal(file_read(&f.r.a, str(f.path), 10, "ten octets", &text, &err), 0);
	assert_true(str_eq(text, STR("0123456789")));
	assert_int_equal(file_read(&f.r.a, str(f.path), 9, "nine octets", &text, &err), -1);
	assert_non_null(strstr(err.text, "more than 9 octets, expected nine octets"));
	assert_int_equal(err.code, ERR_INPUT);
	assert_int_equal(file_read(&f.r.a, str(f.folder), 9, "a file", &text, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_records_are_refused),
		cmocka_unit_test(changes_are_told_apart),
		cmocka_unit_test(lists_are_joined_by_id),
		cmocka_unit_test(a_run_equals_its_own_record),
		cmocka_unit_test(a_file_has_its_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

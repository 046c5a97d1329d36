/* The table of deviations: its shape, its domains, its classes. */
#include "auth/craft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct deviation *row(enum mechanism mech, const char *name)
{
	const struct deviation *d = deviation_find(mech, str(name));

	assert_non_null(d);
	return d;
}

static void every_row_is_complete(void **state)
{
	size_t n[MECHANISMS] = { 0 };

	(void)state;
	for (const struct deviation *d = deviations; d->name; d++) {
		assert_in_range(d->mech, MECH_BASIC, MECH_TOKEN);
		n[d->mech]++;
		assert_non_null(d->apply);
		assert_non_null(d->class);
		assert_true(strlen(d->values) > 0);
		assert_in_range(strlen(d->help), 8, 90);
		assert_null(strchr(d->help, '\n'));
		/* The first of that name is this row: no name comes twice. */
		assert_ptr_equal(deviation_find(d->mech, str(d->name)), d);
	}
	for (size_t m = 0; m < MECHANISMS; m++)
		assert_true(n[m] > 0);
}

static void no_value_comes_twice(void **state)
{
	(void)state;
	for (const struct deviation *d = deviations; d->name; d++) {
		struct str rest = str(d->values), word;

		while ((word = str_word(&rest)).n)
			assert_false(str_has_word(rest, word));
	}
}

static void find_knows_the_mechanism(void **state)
{
	(void)state;
	assert_null(deviation_find(MECH_BASIC, STR("nc")));
	assert_null(deviation_find(MECH_DIGEST, STR("nc ")));
	assert_null(deviation_find(MECH_TOKEN, STR("")));
	assert_ptr_not_equal(row(MECH_BASIC, "user"), row(MECH_TOKEN, "user"));
	assert_string_equal(mechanism_name(MECH_BASIC), "basic");
	assert_string_equal(mechanism_name(MECH_DIGEST), "digest");
	assert_string_equal(mechanism_name(MECH_TOKEN), "token");
}

static void check_takes_the_domain_and_nothing_else(void **state)
{
	static const struct {
		enum mechanism mech;
		const char *name, *value;
		int want;
	} rows[] = {
		{ MECH_DIGEST, "nc", "same", 0 },
		{ MECH_DIGEST, "nc", "Same", -1 },
		{ MECH_DIGEST, "nc", "", -1 },
		{ MECH_DIGEST, "nc", "same lower", -1 },
		{ MECH_DIGEST, "nc", "=LITERAL", 0 },
		{ MECH_DIGEST, "nc", "=", 0 },
		{ MECH_DIGEST, "nc", "00000001", -1 },
		{ MECH_DIGEST, "password", "=x", -1 },
		{ MECH_TOKEN, "created", "-1h", 0 },
		{ MECH_TOKEN, "created", "+10m", 0 },
		{ MECH_TOKEN, "created", "0s", 0 },
		{ MECH_TOKEN, "created", "DURATION", -1 },
		{ MECH_TOKEN, "created", "-1y", -1 },
		{ MECH_TOKEN, "created", "=2026-08-22T10:11:12Z", 0 },
		{ MECH_TOKEN, "nonce", "bytes:1", 0 },
		{ MECH_TOKEN, "nonce", "bytes:4096", 0 },
		{ MECH_TOKEN, "nonce", "bytes:4097", -1 },
		{ MECH_TOKEN, "nonce", "bytes:0", -1 },
		{ MECH_TOKEN, "nonce", "bytes:", -1 },
		{ MECH_TOKEN, "nonce", "bytes:NUMBER", -1 },
		{ MECH_TOKEN, "must-understand", "true", 0 },
		{ MECH_BASIC, "scheme", "two-spaces", 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct deviation *d = row(rows[i].mech, rows[i].name);
		struct err err = { 0 };

		assert_int_equal(deviation_check(d, str(rows[i].value), &err), rows[i].want);
		assert_int_equal(err.code, rows[i].want ? ERR_INPUT : ERR_NONE);
	}
}

static void check_says_what_is_expected(void **state)
{
	struct err err = { 0 };

	(void)state;
	assert_int_equal(deviation_check(row(MECH_DIGEST, "nc"), STR("samt"), &err), -1);
	assert_string_equal(err.text,
			    "nc=\"samt\": expected one of: same lower skip zero high or =TEXT");
	assert_int_equal(deviation_check(row(MECH_TOKEN, "nonce"), STR("x"), &err), -1);
	assert_non_null(strstr(err.text, "bytes:1 to bytes:4096"));
	assert_int_equal(deviation_check(row(MECH_TOKEN, "created"), STR("x"), &err), -1);
	assert_non_null(strstr(err.text, "a duration such as -10m"));
}

static void classes(void **state)
{
	static const struct {
		enum mechanism mech;
		const char *name, *value;
		enum deviation_class class;
	} rows[] = {
		{ MECH_BASIC, "password", "wrong", DEVIATION_CONTENT },
		{ MECH_BASIC, "scheme", "mixed", DEVIATION_LEGAL },
		{ MECH_BASIC, "scheme", "two-spaces", DEVIATION_LEGAL },
		{ MECH_BASIC, "scheme", "tab", DEVIATION_CONTENT },
		{ MECH_DIGEST, "nonce", "same", DEVIATION_STATE },
		{ MECH_DIGEST, "nonce", "truncated", DEVIATION_STATE },
		{ MECH_DIGEST, "nonce", "empty", DEVIATION_CONTENT },
		{ MECH_DIGEST, "nc", "same", DEVIATION_STATE },
		{ MECH_DIGEST, "nc", "lower", DEVIATION_STATE },
		{ MECH_DIGEST, "nc", "skip", DEVIATION_LEGAL },
		{ MECH_DIGEST, "nc", "high", DEVIATION_LEGAL },
		{ MECH_DIGEST, "nc", "zero", DEVIATION_CONTENT },
		{ MECH_DIGEST, "nc", "=0000000a", DEVIATION_STATE },
		{ MECH_DIGEST, "nc", "=0000000A", DEVIATION_CONTENT },
		{ MECH_DIGEST, "nc", "=00000000", DEVIATION_CONTENT },
		{ MECH_DIGEST, "nc", "=0000000", DEVIATION_CONTENT },
		{ MECH_DIGEST, "nc", "=0000000g", DEVIATION_CONTENT },
		{ MECH_DIGEST, "cnonce", "comma", DEVIATION_LEGAL },
		{ MECH_DIGEST, "cnonce", "quote", DEVIATION_LEGAL },
		{ MECH_DIGEST, "cnonce", "empty", DEVIATION_LEGAL },
		{ MECH_DIGEST, "separator", "tight", DEVIATION_LEGAL },
		{ MECH_DIGEST, "separator", "none", DEVIATION_CONTENT },
		{ MECH_DIGEST, "unquote", "realm", DEVIATION_LEGAL },
		{ MECH_DIGEST, "uri", "absolute", DEVIATION_LEGAL },
		{ MECH_TOKEN, "created", "-1h", DEVIATION_STATE },
		{ MECH_TOKEN, "created", "same", DEVIATION_STATE },
		{ MECH_TOKEN, "created", "offset", DEVIATION_LEGAL },
		{ MECH_TOKEN, "created", "=x", DEVIATION_STATE },
		{ MECH_TOKEN, "created", "leap", DEVIATION_CONTENT },
		{ MECH_TOKEN, "nonce", "bytes:20", DEVIATION_LEGAL },
		{ MECH_TOKEN, "nonce", "same", DEVIATION_STATE },
		{ MECH_TOKEN, "nonce", "double", DEVIATION_CONTENT },
		{ MECH_TOKEN, "type", "text", DEVIATION_LEGAL },
		{ MECH_TOKEN, "type", "missing", DEVIATION_CONTENT },
		{ MECH_TOKEN, "must-understand", "0", DEVIATION_LEGAL },
		{ MECH_TOKEN, "extra", "timestamp", DEVIATION_LEGAL },
		{ MECH_TOKEN, "extra", "timestamp-expired", DEVIATION_STATE },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct deviation *d = row(rows[i].mech, rows[i].name);

		assert_int_equal(d->class(str(rows[i].value)), rows[i].class);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_complete),
		cmocka_unit_test(no_value_comes_twice),
		cmocka_unit_test(find_knows_the_mechanism),
		cmocka_unit_test(check_takes_the_domain_and_nothing_else),
		cmocka_unit_test(check_says_what_is_expected),
		cmocka_unit_test(classes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

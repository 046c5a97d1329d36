/* Views: comparison, cutting, numbers, durations, globs, UTF-8. */
#include "check.h"

static void compares(void **state)
{
	(void)state;
	assert_true(str_eq(STR(""), (struct str){ NULL, 0 }));
	assert_true(str_eq(STR("a\0b"), STR("a\0b")));
	assert_false(str_eq(STR("a\0b"), STR("a\0c")));
	assert_false(str_eq(STR("a"), STR("A")));
	assert_true(str_ieq(STR("dIgEsT"), STR("Digest")));
	assert_false(str_ieq(STR("\xc4"), STR("\xe4"))); /* ASCII only */
	assert_true(str_starts(STR("Digest x"), STR("Digest")));
	assert_false(str_starts(STR("Dig"), STR("Digest")));
	assert_true(str_istarts(STR("DIGEST x"), STR("digest ")));
	assert_true(str_ends(STR("MD5-sess"), STR("-sess")));
	assert_false(str_ends(STR("sess"), STR("-sess")));
	assert_int_equal(str(NULL).n, 0);
}

static void finds(void **state)
{
	(void)state;
	assert_int_equal(str_find(STR("abcabc"), STR("ca")), 2);
	assert_int_equal(str_find(STR("abc"), STR("abcd")), (size_t)-1);
	assert_int_equal(str_find(STR("abc"), STR("")), 0);
	assert_int_equal(str_ifind(STR("xBaSiC"), STR("basic")), 1);
	assert_int_equal(str_ifind(STR("x"), STR("y")), (size_t)-1);
	assert_int_equal(str_chr(STR("a\0:"), ':'), 2);
	assert_int_equal(str_chr((struct str){ NULL, 0 }, ':'), (size_t)-1);
}

static void cuts(void **state)
{
	struct str rest = STR("a,b,,c");

	(void)state;
	check_str(str_sub(STR("abc"), 1, 1), "b");
	check_str(str_sub(STR("abc"), 2, 99), "c");
	check_str(str_sub(STR("abc"), 99, 1), "");
	check_str(str_trim(STR(" \t\r\n a b \n")), "a b");
	check_str(str_trim(STR(" ")), "");
	check_str(str_cut(&rest, ','), "a");
	check_str(str_cut(&rest, ','), "b");
	check_str(str_cut(&rest, ','), "");
	check_str(str_cut(&rest, ','), "c");
	assert_int_equal(rest.n, 0);
	check_str(str_cut(&rest, ','), "");
	rest = STR("  one\ttwo ");
	check_str(str_word(&rest), "one");
	check_str(str_word(&rest), "two");
	check_str(str_word(&rest), "");
	assert_true(str_has_word(STR("digest token"), STR("token")));
	assert_false(str_has_word(STR("digest token"), STR("tok")));
	assert_false(str_has_word(STR(""), STR("")));
}

static void classes(void **state)
{
	(void)state;
	assert_true(char_is_tchar('!') && char_is_tchar('~') && char_is_tchar('a'));
	assert_false(char_is_tchar('"') || char_is_tchar(' ') || char_is_tchar('\0') ||
		     char_is_tchar('/') || char_is_tchar('=') || char_is_tchar('\xe9'));
	assert_int_equal(char_hex('0'), 0);
	assert_int_equal(char_hex('f'), 15);
	assert_int_equal(char_hex('A'), 10);
	assert_int_equal(char_hex('g'), -1);
	assert_int_equal(char_lower('Z'), 'z');
	assert_int_equal(char_lower('['), '[');
}

static void numbers(void **state)
{
	uint64_t v = 7;

	(void)state;
	assert_int_equal(str_to_u64(STR("0"), 0, &v), 0);
	assert_int_equal(v, 0);
	assert_int_equal(str_to_u64(STR("18446744073709551615"), UINT64_MAX, &v), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(str_to_u64(STR("18446744073709551616"), UINT64_MAX, &v), -1);
	assert_int_equal(str_to_u64(STR("65536"), 65535, &v), -1);
	assert_int_equal(str_to_u64(STR("65535"), 65535, &v), 0);
	assert_int_equal(str_to_u64(STR("9"), 5, &v), -1);
	assert_int_equal(str_to_u64(STR("007"), 9, &v), 0);
	assert_int_equal(v, 7);
	assert_int_equal(str_to_u64(STR(""), 9, &v), -1);
	assert_int_equal(str_to_u64(STR("+1"), 9, &v), -1);
	assert_int_equal(str_to_u64(STR("1 "), 9, &v), -1);
	assert_int_equal(str_to_u64(STR("0x1"), 9, &v), -1);
}

static void durations(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} good[] = {
		{ "10", 10000 },     { "-90s", -90000 }, { "+10m", 600000 }, { "1h", 3600000 },
		{ "2d", 172800000 }, { "250ms", 250 },   { "0", 0 },         { "-0ms", 0 },
	};
	static const char *const bad[] = { "",   "s",   "-",   "1.5s", "1 s",
					   "1w", "--1", "10S", "m",    "9223372036854775807d" };
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(str_to_ms(str(good[i].text), &ms), 0);
		assert_int_equal(ms, good[i].ms);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(str_to_ms(str(bad[i]), &ms), -1);
}

static void globs(void **state)
{
	(void)state;
	assert_true(str_glob(STR("digest.nc.reused"), STR("digest.*")));
	assert_true(str_glob(STR("digest.nc.reused"), STR("*nc*")));
	assert_true(str_glob(STR("digest.nc.reused"), STR("*.??.reused")));
	assert_true(str_glob(STR(""), STR("*")));
	assert_true(str_glob(STR("aXbXc"), STR("a*X*c")));
	assert_false(str_glob(STR("digest.nc"), STR("digest")));
	assert_false(str_glob(STR("digest"), STR("digest?")));
	assert_false(str_glob(STR("basic"), STR("*c?")));
	assert_false(str_glob(STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), STR("*a*a*a*a*a*a*a*b")));
}

static void utf8(void **state)
{
	static const char *const bad[] = { "\x80",         "\xc0\xaf",
					   "\xc3",         "\xe0\x80\x80",
					   "\xed\xa0\x80", "\xf4\x90\x80\x80",
					   "\xf8\x88",     "\xe2\x82",
					   "a\xffz",       "\xf0\x80\x80\x80" };

	(void)state;
	assert_true(str_is_utf8(STR("")));
	assert_true(
		str_is_utf8(STR("J\xc3\xa4s\xc3\xb8n \xe2\x82\xac \xf0\x9f\x98\x80 \xed\x9f\xbf")));
	assert_true(str_is_utf8(STR("a\0b")));
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_false(str_is_utf8(str(bad[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(compares), CHECK(finds),     CHECK(cuts),  CHECK(classes),
		CHECK(numbers),  CHECK(durations), CHECK(globs), CHECK(utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

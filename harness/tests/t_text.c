/* Any octets in; text that XML 1.0, JSON and a terminal take out. */
#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#define FFFD "\xef\xbf\xbd"

/* As an initialiser of static data, where STR() may not stand. */
#define OCTETS(lit)                                                                                \
	{                                                                                          \
		"" lit, sizeof(lit) - 1                                                            \
	}

static const struct {
	struct str in;
	const char *out;
} cleans[] = {
	{ OCTETS(""), "" },
	{ OCTETS("plain <text> & more"), "plain <text> & more" },
	{ OCTETS("a\tb\nc"), "a\tb\nc" },
	{ OCTETS("a\r\nb\rc"), "a\nb#x0Dc" },
	{ OCTETS("\0"), "#x00" },
	{ OCTETS("\x1b[31mred\x1b[0m"), "red" },
	{ OCTETS("\x1b[?25l\x1b[1;2 q."), "." },
	{ OCTETS("\xc2\x9b"
		 "2Jx"),
	  "x" },
	{ OCTETS("\x1b[31"), "#x1B[31" },
	{ OCTETS("\x1b]0;t\x07"), "#x1B]0;t#x07" },
	{ OCTETS("\x7f\xc2\x85"), "#x7F#x85" },
	{ OCTETS("\xff"), FFFD },
	{ OCTETS("\xc0\x80"), FFFD FFFD },
	{ OCTETS("\xe0\x80\x80"), FFFD FFFD FFFD },
	{ OCTETS("\xed\xa0\x80"), FFFD FFFD FFFD },
	{ OCTETS("\xf5\x80\x80\x80"), FFFD FFFD FFFD FFFD },
	{ OCTETS("\xf9\x80\x80\x80"), FFFD FFFD FFFD FFFD },
	{ OCTETS("\xf4\x90\x80\x80"), FFFD FFFD FFFD FFFD },
	{ OCTETS("\xe2\x82"), FFFD FFFD },
	{ OCTETS("\xef\xbf\xbe\xef\xbf\xbf"), FFFD FFFD },
	{ OCTETS("\xf0\x9f\xbf\xbe"), FFFD },
	{ OCTETS("\xef\xb7\x90"), FFFD },
	{ OCTETS("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ OCTETS("a\xe2\x80\xae"
		 "b"),
	  "a#x202Eb" },
};

static void cleans_every_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cleans); i++) {
		struct arena a;
		struct str out;

		arena_init(&a, 1 << 16);
		out = text_clean(&a, cleans[i].in, 1000);
		if (!str_eq(out, str(cleans[i].out)))
			fail_msg("row %zu: \"%.*s\"", i, STR_ARG(out));
		assert_true(arena_ok(&a));
		arena_free(&a);
	}
}

/* XML 1.0 section 2.2, less what a terminal acts on. */
static void assert_fit(struct str s)
{
	assert_true(str_is_utf8(s));
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];

		assert_true(c >= 0x20 || c == '\t' || c == '\n');
		assert_int_not_equal(c, 0x7f);
	}
	assert_int_equal((int)str_find(s, STR("\xef\xbf\xbe")), -1);
	assert_int_equal((int)str_find(s, STR("\xef\xbf\xbf")), -1);
}

static void any_octets_become_fit_and_stay_within_the_cap(void **state)
{
	struct virtual_world v;
	struct world w;

	(void)state;
	virtual_world_init(&v, 0, 7);
	w = world_virtual(&v);
	for (size_t round = 0; round < 3000; round++) {
		struct str out, again;
		struct arena a;
		char in[200];
		size_t cap = round % 90;

		world_random(&w, in, sizeof(in));
		for (size_t i = 0; i < sizeof(in) && round % 3; i++) /* more of what matters */
			in[i] = in[i] & 8
					? in[i]
					: "\x1b[\xc2\x9b\xed\xa0\xef\xbf\xbe\xf0\x90;m"[in[i] & 7];
		arena_init(&a, 1 << 16);
		out = text_clean(&a, str_n(in, sizeof(in)), round % 2 ? cap : 4000);
		assert_fit(out);
		assert_true(round % 2 == 0 || out.n <= cap);
		again = text_clean(&a, out, 4000);
		assert_true(str_eq(out, again));
		arena_free(&a);
	}
}

static void a_cut_says_the_length_and_keeps_characters_whole(void **state)
{
	struct arena a;
	struct str out;
	char in[300];

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < sizeof(in); i += 3)
		memcpy(in + i, "\xe2\x82\xac", 3);
	out = text_clean(&a, str_n(in, sizeof(in)), 100);
	assert_true(out.n <= 100 && out.n > 90);
	assert_true(str_ends(out, STR("\xe2\x82\xac... (cut, 300 octets in all)")));
	out = text_clean(&a, str_n(in, sizeof(in)), 300);
	assert_int_equal(out.n, 300);
	out = text_clean(&a, str_n(in, sizeof(in)), 10);
	assert_int_equal(out.n, 9);
	out = text_clean(&a, str_n(in, sizeof(in)), 0);
	assert_int_equal(out.n, 0);
	arena_free(&a);
}

/* --- file_replace --- */

static void assert_holds(const char *path, const char *text)
{
	FILE *f = fopen(path, "rb");
	char have[64];
	size_t n;

	assert_non_null(f);
	n = fread(have, 1, sizeof(have) - 1, f);
	have[n] = '\0';
	fclose(f);
	assert_string_equal(have, text);
}

static void a_file_is_replaced_and_parents_are_made(void **state)
{
	char folder[] = "file_test_XXXXXX", path[128], link[128];
	struct err err = { 0 };
	struct stat st;

	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/a/b/report.xml", folder);
	snprintf(link, sizeof(link), "%s/latest.xml", folder);
	assert_int_equal(file_replace(path, STR("one"), &err), 0);
	assert_holds(path, "one");
	assert_int_equal(symlink("a/b/report.xml", link), 0);
	assert_int_equal(file_replace(link, STR("two"), &err), 0);
	assert_holds(path, "two");
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(unlink(link), 0);
	assert_int_equal(unlink(path), 0);
	snprintf(path, sizeof(path), "%s/a/b", folder);
	assert_int_equal(rmdir(path), 0); /* no part file is left */
	snprintf(path, sizeof(path), "%s/a", folder);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

static void what_cannot_be_written_is_an_error_of_files(void **state)
{
	static const char *const paths[] = { "", "/proc/none/report.xml", "/dev/full", "." };
	struct stat st;

	(void)state;
	for (size_t i = 0; i < COUNT(paths); i++) {
		struct err err = { 0 };

		assert_int_equal(file_replace(paths[i], STR("x"), &err), -1);
		assert_int_equal(err.code, ERR_IO);
		assert_true(err.text[0] != '\0');
	}
	assert_int_equal(stat("/dev/full", &st), 0);
	assert_true(S_ISCHR(st.st_mode)); /* a device is written through, never replaced */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cleans_every_kind),
		cmocka_unit_test(any_octets_become_fit_and_stay_within_the_cap),
		cmocka_unit_test(a_cut_says_the_length_and_keeps_characters_whole),
		cmocka_unit_test(a_file_is_replaced_and_parents_are_made),
		cmocka_unit_test(what_cannot_be_written_is_an_error_of_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

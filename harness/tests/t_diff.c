/* What sets a probe apart from its control, as the pages for people show it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/buf.h"
#include "report/diff.h"

/* The pieces as one text: [deviation], (fresh), {removed}. */
static void assert_diff(const char *text, const char *control, const char *named,
			const char *expected)
{
	static const char open[] = { 0, '(', '[', '{' }, close[] = { 0, ')', ']', '}' };
	struct str words = str(named), name[4];
	struct arena a;
	struct buf b;
	struct diff d;
	size_t n = 0;

	while (words.n && n < COUNT(name))
		name[n++] = str_word(&words);
	arena_init(&a, 64u << 20);
	buf_init(&b, 1 << 20);
	d = diff_messages(&a, str(text), str(control), name, n);
	assert_true(arena_ok(&a));
	for (size_t i = 0; i < d.n; i++) {
		if (open[d.piece[i].kind])
			buf_char(&b, open[d.piece[i].kind]);
		buf_str(&b, d.piece[i].text);
		if (close[d.piece[i].kind])
			buf_char(&b, close[d.piece[i].kind]);
	}
	assert_true(buf_ok(&b));
	assert_string_equal(b.n ? b.p : "", expected);
	buf_free(&b);
	arena_free(&a);
}

static void equal_messages_have_no_difference(void **state)
{
	(void)state;
	assert_diff("POST / HTTP/1.1\nHost: a\n", "POST / HTTP/1.1\nHost: a\n", "",
		    "POST / HTTP/1.1\nHost: a\n");
	assert_diff("", "", "", "");
	assert_diff("a b", NULL, "", "a b");
}

static void what_each_request_makes_anew_is_no_deviation(void **state)
{
	(void)state;
	assert_diff("Digest nonce=\"aa11\", nc=00000002, realm=\"R\"",
		    "Digest nonce=\"bb22\", nc=00000001, realm=\"r\"", "",
		    "Digest nonce=\"(aa11)\", nc=(00000002), realm=\"[R]\"");
	assert_diff("<u:Created>10Z</u:Created><u:Nonce T=\"x\">ab+c==</u:Nonce>",
		    "<u:Created>11Z</u:Created><u:Nonce T=\"y\">de+f==</u:Nonce>", "",
		    "<u:Created>(10Z)</u:Created><u:Nonce T=\"[x]\">(ab+c==)</u:Nonce>");
	assert_diff("Content-Length: 12\nX: 12", "Content-Length: 11\nX: 11", "",
		    "Content-Length: (12)\nX: [12]");
	assert_diff("X-Countersign: a[b=1];r;7\nX: 1", "X-Countersign: control;r;6\nX: 1", "",
		    "X-Countersign: (a[b=1]);r;(7)\nX: 1");
}

static void what_the_case_names_is_the_deviation(void **state)
{
	(void)state;
	assert_diff("<u:Created>10Z</u:Created><p:Nonce>n</p:Nonce>",
		    "<u:Created>11Z</u:Created><p:Nonce>m</p:Nonce>", "created",
		    "<u:Created>[10Z]</u:Created><p:Nonce>(n)</p:Nonce>");
	assert_diff("nc=00000001, cnonce=\"a\"", "nc=00000001, cnonce=\"b\"", "nc",
		    "nc=[00000001], cnonce=\"(a)\"");
	assert_diff("<N EncodingType=\"a\">b</N>", NULL, "encoding-type",
		    "<N EncodingType=\"[a]\">b</N>");
}

static void what_was_left_out_is_shown(void **state)
{
	(void)state;
	assert_diff("a=\"1\", c=\"3\"", "a=\"1\", b=\"2\", c=\"3\"", "",
		    "a=\"1\", {b=\"2\", }c=\"3\"");
	assert_diff("POST / HTTP/1.1\nHost: a\n\nbody", "POST / HTTP/1.1\nHost: a\nX: 1\n\nbody",
		    "", "POST / HTTP/1.1\nHost: a\n{X: 1\n}\nbody");
}

static void what_was_added_is_shown(void **state)
{
	(void)state;
	assert_diff("a=1, b=2, c=3", "a=1, c=3", "", "a=1, [b=2, ]c=3");
	assert_diff("x y", "", "", "[x y]");
}

/* Thousands of words on both sides: bounded, and still all of the text. */
static void a_flood_of_words_is_shown_whole(void **state)
{
	size_t n = 3000;
	char *text = malloc(2 * n + 1), *control = malloc(2 * n + 1), *expected = malloc(2 * n + 3);

	(void)state;
	assert_true(text && control && expected);
	for (size_t i = 0; i < n; i++) {
		memcpy(text + 2 * i, "a,", 2);
		memcpy(control + 2 * i, "b;", 2);
	}
	text[2 * n] = control[2 * n] = '\0';
	assert_diff(text, control, "", text); /* more words than are compared */
	text[2 * 1500] = control[2 * 1500] = '\0';
	snprintf(expected, 2 * n + 3, "[%s]", text);
	assert_diff(text, control, "", expected); /* more than the table holds */
	free(text);
	free(control);
	free(expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_messages_have_no_difference),
		cmocka_unit_test(what_each_request_makes_anew_is_no_deviation),
		cmocka_unit_test(what_the_case_names_is_the_deviation),
		cmocka_unit_test(what_was_left_out_is_shown),
		cmocka_unit_test(what_was_added_is_shown),
		cmocka_unit_test(a_flood_of_words_is_shown_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The reader of vector files and answers: RFC 8259, and nothing beside it. */
#include "check.h"

#include "cli/vectors_json.h"

static const struct jv *read_text(const char *text)
{
	const struct jv *v;

	if (jv_read(&arena, str(text), &v, &err))
		fail_msg("%s: %s", text, err.text);
	return v;
}

static void values_are_read(void **state)
{
	const struct jv *v =
		read_text(" {\"a\" : [1, -2.5e+3, \"x\", null , true,false], \"b\":{}}\n");
	const struct jv *a = jv_get(v, "a"), *one = jv_first(a);
	static const enum jv_kind kinds[] = { JV_NUMBER, JV_NUMBER, JV_STRING,
					      JV_NULL,   JV_TRUE,   JV_FALSE };

	(void)state;
	assert_int_equal(jv_count(v), 2);
	assert_int_equal(jv_count(a), COUNT(kinds));
	for (size_t i = 0; i < COUNT(kinds); i++, one = one->next)
		assert_true(jv_is(one, kinds[i]));
	assert_null(one);
	check_str(a->raw, "[1, -2.5e+3, \"x\", null , true,false]");
	assert_true(jv_is(jv_get(v, "b"), JV_OBJECT));
	assert_null(jv_first(jv_get(v, "b")));
	assert_null(jv_get(v, "c"));
	assert_null(jv_get(NULL, "a"));
	assert_null(jv_text(a).p);
}

static void escapes_are_resolved(void **state)
{
	static const struct {
		const char *text;
		struct str want;
	} rows[] = {
		{ "\"\"", { "", 0 } },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", { "\"\\/\b\f\n\r\t", 8 } },
		{ "\"a\\u0000b\"", { "a\0b", 3 } },
		{ "\"\\u00e9\\u20AC\"", { "\xc3\xa9\xe2\x82\xac", 5 } },
		{ "\"\\ud83d\\udd11\"", { "\xf0\x9f\x94\x91", 4 } },
		{ "\"\xf0\x9f\x94\x91 and then plain octets\"",
		  { "\xf0\x9f\x94\x91 and then plain octets", 26 } },
		{ "\"sixteen octets..\\\"behind\"", { "sixteen octets..\"behind", 23 } },
		{ "\"\x7f\"", { "\x7f", 1 } },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_view(jv_text(read_text(rows[i].text)), rows[i].want, rows[i].text);
}

static void what_is_no_json_is_refused(void **state)
{
	static const char *const texts[] = {
		"",
		" ",
		"{",
		"}",
		"[1",
		"[1,]",
		"[,1]",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{a:1}",
		"{'a':1}",
		"\"",
		"\"a",
		"\"\\\"",
		"\"\\",
		"\"\\x\"",
		"\"\\u12\"",
		"\"\\u12g4\"",
		"\"\\ud83d\"",
		"\"\\udd11\"",
		"\"\\ud83d\\u0041\"",
		"\"\x01\"",
		"\"a long one with a\ttab\"",
		"\"\xff\"",
		"\"\xc3\"",
		"\"\xed\xa0\x80\"",
		"1 2",
		"[] x",
		"nul",
		"tru",
		"{\"a\":1,\"a\":2}",
		"{\"a\":1,\"\\u0061\":2}",
		"// x\n1",
	};
	const struct jv *v;

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		if (jv_read(&arena, str(texts[i]), &v, &err) == 0)
			fail_msg("accepted: %s", texts[i]);
		assert_int_equal(err.code, ERR_PARSE);
	}
}

static void depth_is_capped(void **state)
{
	char text[100];
	const struct jv *v;

	(void)state;
	memset(text, '[', sizeof(text));
	assert_int_equal(jv_read(&arena, str_n(text, sizeof(text)), &v, &err), -1);
	assert_int_equal(err.code, ERR_PARSE);
	assert_non_null(strstr(err.text, "nested too deep"));
}

static void the_line_is_named(void **state)
{
	const struct jv *v;

	(void)state;
	assert_int_equal(jv_read(&arena, STR("{\n\"a\": 1,\n\"b\" 2}"), &v, &err), -1);
	assert_non_null(strstr(err.text, "line 3"));
}

/* Nothing is read behind the end: each prefix is refused from memory of its own size. */
static void a_prefix_is_refused(void **state)
{
	static const char text[] = "{\"abcdefghijkl\": [\"\\u00e9\xc3\xa9\", 12, true]}";

	(void)state;
	for (size_t n = 0; n + 1 < sizeof(text); n++) {
		char *copy = malloc(n + (n == 0));
		const struct jv *v;

		assert_non_null(copy);
		memcpy(copy, text, n);
		assert_int_equal(jv_read(&arena, str_n(copy, n), &v, &err), -1);
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(values_are_read),   CHECK(escapes_are_resolved),
		CHECK(depth_is_capped),   CHECK(what_is_no_json_is_refused),
		CHECK(the_line_is_named), CHECK(a_prefix_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

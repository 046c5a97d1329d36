/* Request targets in other spellings. */
#include "engine/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void each_word_gives_its_spelling(void **state)
{
	static const struct {
		const char *word, *target, *want; /* want NULL: there is no such spelling */
	} rows[] = {
		{ "absolute", "/a?x=1", "http://h:80/a?x=1" },
		{ "double-slash", "/a/b", "//a/b" },
		{ "dot-segment", "/a", "/./a" },
		{ "parent-segment", "/a?x=1", "/x/../a?x=1" },
		{ "encoded", "/onvif/a?b", "/%6fnvif/a?b" },
		{ "encoded", "/?letters", NULL },
		{ "upper", "/aB?c", "/AB?c" },
		{ "upper", "/", NULL },
		{ "trailing-slash", "/a?x=1", "/a/?x=1" },
		{ "parameter", "/a?x=1", "/a;x=1?x=1" },
		{ "nul", "/a", "/a%00" },
		{ "none of these", "/a", NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct arena a DEFER(arena_free);
		struct str target = str(rows[i].target);
		struct err err = { 0 };
		int result;

		arena_init(&a, 4096);
		result = target_spell(&a, STR("http://h:80"), str(rows[i].word), &target, &err);
		assert_int_equal(result, rows[i].want ? 0 : -1);
		if (!rows[i].want)
			assert_int_equal(err.code, ERR_INPUT);
		else if (!str_eq(target, str(rows[i].want)))
			fail_msg("%s: %.*s", rows[i].word, STR_ARG(target));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(each_word_gives_its_spelling) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

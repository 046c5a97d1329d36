/* Axes: variants, what "$name" becomes, and durations that add up. */
#include "suite_lab.h"

static const char two_axes[] =
	LAB_SUITE("", "<axis name='a' values='1h 2h'/><axis name='ab' values='3h 4h 5h'/>"
		      "<send><token created='$a'/></send><send><token created='-$ab'/></send>");

static void axes_multiply_in_order(void **state)
{
	static const char *const ids[] = {
		"x.a[a=1h,ab=3h]", "x.a[a=1h,ab=4h]", "x.a[a=1h,ab=5h]",
		"x.a[a=2h,ab=3h]", "x.a[a=2h,ab=4h]", "x.a[a=2h,ab=5h]"
	};
	struct suite_variant *v;
	struct catalogue k;
	struct err err;
	size_t n;

	(void)state;
	lab_load(&k, two_axes);
	assert_int_equal(suite_expand(&k.a, &k.c[0], &v, &n, &err), 0);
	assert_int_equal(n, COUNT(ids));
	for (size_t i = 0; i < n; i++) {
		lab_str(v[i].id, ids[i]);
		assert_ptr_equal(v[i].c, &k.c[0]);
		assert_int_equal(v[i].choice[0], i / 3);
		assert_int_equal(v[i].choice[1], i % 3);
	}
	catalogue_free(&k);
}

static void without_axes_there_is_one_variant(void **state)
{
	struct suite_variant *v;
	struct catalogue k;
	struct err err;
	size_t n;

	(void)state;
	lab_load(&k, LAB_SUITE("", "<send/>"));
	assert_int_equal(suite_expand(&k.a, &k.c[0], &v, &n, &err), 0);
	assert_int_equal(n, 1);
	lab_str(v[0].id, "x.a");
	catalogue_free(&k);
}

static void the_longest_name_wins(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "$a", "2h" },      { "$ab", "4h" },       { "-$a", "-2h" },
		{ "$a$ab", "2h4h" }, { "<$abc>", "<4hc>" }, { "none", "none" },
		{ "$", "$" },        { "5$ $1", "5$ $1" },  { "$other", "$other" },
		{ "", "" },          { "$a-$a", "2h-2h" },  { "$x", "$x" },
	};
	struct suite_variant *v;
	struct catalogue k;
	struct err err;
	size_t n;

	(void)state;
	lab_load(&k, two_axes);
	assert_int_equal(suite_expand(&k.a, &k.c[0], &v, &n, &err), 0);
	for (size_t i = 0; i < COUNT(rows); i++)
		lab_str(suite_bind(&k.a, &v[4], str(rows[i].text), (struct str){ 0 }),
			rows[i].want);
	assert_null(suite_bind(&k.a, &v[4], (struct str){ 0 }, STR("9")).p);
	catalogue_free(&k);
}

static void x_is_the_measures(void **state)
{
	struct suite_variant *v;
	struct catalogue k;
	struct err err;
	size_t n;

	(void)state;
	lab_load(&k,
		 LAB_SUITE("", "<axis name='xy' values='1h'/><measure property='p' unit='s' low='0'"
			       " high='1h' resolution='1'/>"
			       "<send><token created='-$x'/></send>"));
	assert_int_equal(suite_expand(&k.a, &k.c[0], &v, &n, &err), 0);
	lab_str(suite_bind(&k.a, &v[0], STR("-$x"), STR("90s")), "-90s");
	lab_str(suite_bind(&k.a, &v[0], STR("$xy$x"), STR("90s")), "1h90s");
	lab_str(suite_bind(&k.a, &v[0], STR("-$x"), (struct str){ 0 }), "-$x");
	catalogue_free(&k);
}

static void too_many_variants_are_refused(void **state)
{
	struct catalogue k;
	struct err err = { 0 };

	(void)state;
	lab_init(&k);
	assert_int_equal(
		suite_parse_memory(&k, lab_schemas, STR("x.xml"),
				   STR(LAB_SUITE("", "<axis name='a' values='1 2 3 4 5 6 7 8 9'/>"
						     "<axis name='b' values='1 2 3 4 5 6 7 8 9'/>"
						     "<axis name='c' values='1 2 3 4'/><send/>")),
				   &err),
		-1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.text, "x.xml:2: more variants of x.a than 256, expected fewer");
	catalogue_free(&k);
}

static void waits_add_up(void **state)
{
	static const struct {
		const char *text;
		int64_t ms;
	} rows[] = {
		{ "5m10s", 310000 }, { "10", 10000 },     { "1h30m", 5400000 }, { "250ms", 250 },
		{ "0", 0 },          { "1s250ms", 1250 }, { "2d", 172800000 },
	};
	static const char *const wrong[] = { "",
					     "s",
					     "-5s",
					     "+5s",
					     "5x",
					     "5 s",
					     "5m-1s",
					     "$a",
					     "5m10",
					     "99999999999999999999d",
					     "9223372036854775s9223372036854775s" };
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(suite_wait_ms(str(rows[i].text), &ms), 0);
		assert_int_equal(ms, rows[i].ms);
	}
	for (size_t i = 0; i < COUNT(wrong); i++) {
		if (suite_wait_ms(str(wrong[i]), &ms) != -1)
			fail_msg("\"%s\" is a wait", wrong[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(axes_multiply_in_order),
		cmocka_unit_test(without_axes_there_is_one_variant),
		cmocka_unit_test(the_longest_name_wins),
		cmocka_unit_test(x_is_the_measures),
		cmocka_unit_test(too_many_variants_are_refused),
		cmocka_unit_test(waits_add_up),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

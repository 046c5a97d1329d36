/* The option table: what it reads, and how it says what is wrong. */
#include "cli/options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define ARGS_MAX 8

static int parse(struct options *o, enum command_id id, const char *const *args, struct err *err)
{
	char *argv[ARGS_MAX] = { NULL };
	int n = 0;

	for (; args[n]; n++)
		argv[n] = (char *)(uintptr_t)args[n];
	return options_parse(o, id, n, argv, err);
}

static void every_type_is_read(void **state)
{
	static const char *const args[] = { "http://cam/", "--only=digest.*", "-o",
					    "token.*",     "--timeout=2m",    "-qn",
					    NULL };
	static const char *const more[] = { "--connections", "4",  "-uroot", "--risk",
					    "unsafe",        "--", "-x",     NULL };
	struct err err = { 0 };
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, CMD_RUN, args, &err), 0);
	assert_true(str_eq(o.operand[0], STR("http://cam/")));
	assert_int_equal(o.n_operand, 1);
	assert_int_equal(o.only.n, 2);
	assert_true(str_eq(o.only.v[1], STR("token.*")));
	assert_int_equal(o.timeout_ms, 120000);
	assert_true(o.quiet && o.dry_run);
	assert_false(o.user_given);
	assert_int_equal(parse(&o, CMD_RUN, more, &err), 0);
	assert_int_equal(o.connections, 4);
	assert_true(o.user_given && str_eq(o.user, STR("root")));
	assert_true(str_eq(o.risk, STR("unsafe")));
	assert_true(str_eq(o.operand[0], STR("-x")));
}

static void defaults_are_those_of_the_table(void **state)
{
	static const char *const none[] = { NULL };
	struct err err = { 0 };
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, CMD_RUN, none, &err), 0);
	assert_true(str_eq(o.user, STR("admin")));
	assert_true(str_eq(o.kind, STR("onvif")));
	assert_int_equal(o.timeout_ms, 10000);
	assert_int_equal(o.connections, 0);
	assert_null(o.junit.p);
	assert_null(o.password_file.p);
	assert_int_equal(parse(&o, CMD_DEVICE, none, &err), 0);
	assert_true(str_eq(o.listen, STR("127.0.0.1:0")));
	assert_null(o.user.p); /* not an option of device */
}

/* One name, two meanings: a file for run, a switch for list. */
static void an_option_belongs_to_its_commands(void **state)
{
	static const char *const json[] = { "--json", "x", NULL };
	static const char *const past[] = { "--clock-offset", "-1h", NULL };
	struct err err = { 0 };
	struct options o;

	(void)state;
	assert_int_equal(parse(&o, CMD_RUN, json, &err), 0);
	assert_true(str_eq(o.json, STR("x")));
	assert_int_equal(o.n_operand, 0);
	assert_int_equal(parse(&o, CMD_LIST, json, &err), 0);
	assert_true(o.as_json);
	assert_int_equal(o.n_operand, 1);
	assert_int_equal(parse(&o, CMD_DEVICE, past, &err), 0);
	assert_int_equal(o.clock_offset_ms, -3600000);
	assert_int_equal(parse(&o, CMD_RUN, past, &err), -1);
}

static const struct {
	enum command_id id;
	const char *args[4];
	const char *why;
} wrong[] = {
	{ CMD_RUN, { "--junt", "x" }, "unknown option --junt, did you mean --junit?" },
	{ CMD_RUN, { "--pass" }, "did you mean --password-file?" },
	{ CMD_RUN, { "--xyzzy" }, "unknown option --xyzzy" },
	{ CMD_RUN, { "--password", "x" }, "COUNTERSIGN_PASSWORD" },
	{ CMD_RUN, { "--password=x" }, "--password-file FILE" },
	{ CMD_RUN, { "--color", "never" }, "--colour" },
	{ CMD_RUN, { "-x" }, "unknown option -x" },
	{ CMD_RUN, { "--junit" }, "--junit needs a value: --junit FILE" },
	{ CMD_RUN, { "--junit=" }, "--junit needs a value" },
	{ CMD_RUN, { "-u" }, "--user needs a value" },
	{ CMD_RUN, { "--strict=maybe" }, "--strict maybe: expected yes or no" },
	{ CMD_RUN, { "--strict=" }, "--strict : expected yes or no" },
	{ CMD_RUN, { "--kind", "soap" }, "expected one of onvif http" },
	{ CMD_RUN, { "--kind", "onvif http" }, "expected one of onvif http" },
	{ CMD_RUN, { "--connections", "0" }, "expected a number from 1 to 256" },
	{ CMD_RUN, { "--connections", "257" }, "expected a number" },
	{ CMD_RUN, { "--connections", "-1" }, "expected a number" },
	{ CMD_RUN, { "--timeout", "soon" }, "expected a duration such as 10s" },
	{ CMD_RUN, { "--timeout", "0" }, "expected a duration" },
	{ CMD_RUN, { "--timeout", "-5s" }, "expected a duration" },
	{ CMD_LIST, { "--strict" }, "unknown option --strict" },
};

static void what_is_wrong_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct err err = { 0 };
		struct options o;

		assert_int_equal(parse(&o, wrong[i].id, wrong[i].args, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.text, wrong[i].why))
			fail_msg("%s: %s", wrong[i].args[0], err.text);
	}
}

static void too_many_of_anything_is_refused(void **state)
{
	char *only[2 * OPTIONS_LIST_MAX + 2], *operands[OPTIONS_OPERAND_MAX + 1];
	char name[] = "--only", value[] = "*";
	struct err err = { 0 };
	struct options o;

	(void)state;
	for (size_t i = 0; i < COUNT(only); i++)
		only[i] = i % 2 ? value : name;
	assert_int_equal(options_parse(&o, CMD_RUN, 2 * OPTIONS_LIST_MAX, only, &err), 0);
	assert_int_equal(options_parse(&o, CMD_RUN, COUNT(only), only, &err), -1);
	for (size_t i = 0; i < COUNT(operands); i++)
		operands[i] = value;
	assert_int_equal(options_parse(&o, CMD_LIST, OPTIONS_OPERAND_MAX, operands, &err), 0);
	assert_int_equal(options_parse(&o, CMD_LIST, COUNT(operands), operands, &err), -1);
}

/* No two rows of one command may share a name or a letter, and every row must be complete. */
static void the_table_is_sound(void **state)
{
	(void)state;
	for (const struct option_row *r = option_rows; r->name; r++) {
		assert_true(r->help && *r->help);
		assert_true(r->commands != 0);
		assert_true((r->type == OPTION_SWITCH) == (r->argument == NULL));
		assert_true((r->type == OPTION_CHOICE) == (r->choices != NULL));
		for (const struct option_row *s = r + 1; s->name; s++) {
			if (!(r->commands & s->commands))
				continue;
			assert_string_not_equal(r->name, s->name);
			assert_true(!r->letter || r->letter != s->letter);
		}
	}
}

static void the_nearest_word_is_found(void **state)
{
	static const char *const names[] = { "run", "survey", "list", "explain" };

	(void)state;
	assert_string_equal(nearest(STR("rnu"), names, COUNT(names)), "run");
	assert_string_equal(nearest(STR("surway"), names, COUNT(names)), "survey");
	assert_string_equal(nearest(STR("expl"), names, COUNT(names)), "explain");
	assert_null(nearest(STR("certify"), names, COUNT(names)));
	assert_null(nearest(STR("a word that is much longer than any name of a command"), names,
			    COUNT(names)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_is_read),
		cmocka_unit_test(defaults_are_those_of_the_table),
		cmocka_unit_test(an_option_belongs_to_its_commands),
		cmocka_unit_test(what_is_wrong_is_said),
		cmocka_unit_test(too_many_of_anything_is_refused),
		cmocka_unit_test(the_table_is_sound),
		cmocka_unit_test(the_nearest_word_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

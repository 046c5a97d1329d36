/* The layers below the arguments: which one is heard, and how each says what is wrong. */
#include "cli/config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGS_MAX 8
#define TEXT_MAX 8192

static char folder[] = "/tmp/config_test_XXXXXX";

static const char *const variables[] = { "COUNTERSIGN_TIMEOUT",
					 "COUNTERSIGN_ONLY",
					 "COUNTERSIGN_STRICT",
					 "COUNTERSIGN_JSON",
					 "COUNTERSIGN_LAB",
					 "COUNTERSIGN_CONFIG",
					 "COUNTERSIGN_NO_CONFIG",
					 "COUNTERSIGN_PASSWORD",
					 "COUNTERSIGN_COLOUR",
					 "COUNTERSIGN_DRY_RUN",
					 "NO_COLOR",
					 "FORCE_COLOR" };

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static int enter(void **state)
{
	(void)state;
	if (!mkdtemp(folder) || chdir(folder) || mkdir("home", 0700) ||
	    mkdir("home/countersign", 0700))
		return -1;
	return setenv("HOME", folder, 1);
}

static int leave(void **state)
{
	(void)state;
	if (rmdir("home/countersign") || rmdir("home") || chdir("/"))
		return -1;
	return rmdir(folder);
}

static int fresh(void **state)
{
	char home[sizeof(folder) + 8];

	(void)state;
	for (size_t i = 0; i < COUNT(variables); i++)
		unsetenv(variables[i]);
	unlink("countersign.ini");
	unlink("named.ini");
	unlink("home/countersign/countersign.ini");
	snprintf(home, sizeof(home), "%s/home", folder);
	return setenv("XDG_CONFIG_HOME", home, 1);
}

static int parse(struct config *c, struct options *o, enum command_id id, const char *const *args,
		 struct err *err)
{
	char *argv[ARGS_MAX] = { NULL };
	int n = 0;

	for (; args[n]; n++)
		argv[n] = (char *)(uintptr_t)args[n];
	return config_parse(c, o, id, n, argv, err);
}

static const char *const none[] = { NULL };

#define READ(id, ...)                                                                              \
	struct config c DEFER(config_free) = { 0 };                                                \
	struct err err = { 0 };                                                                    \
	struct options o;                                                                          \
	const char *const args[] = { __VA_ARGS__ };                                                \
	int status = parse(&c, &o, id, args, &err);                                                \
	if (status)                                                                                \
	fail_msg("%s", err.text)

static void check_timeout(const char *const *args, int64_t ms, const char *place)
{
	struct config c DEFER(config_free) = { 0 };
	struct err err = { 0 };
	struct options o;
	const struct option_row *row = option_find(STR("timeout"), CMD_RUN);

	if (parse(&c, &o, CMD_RUN, args, &err))
		fail_msg("%s", err.text);
	assert_int_equal(o.timeout_ms, ms);
	assert_true(str_ends(o.source[row - option_rows].place, str(place)));
}

/* Each layer in turn over the one before. */
static void the_nearer_layer_is_heard(void **state)
{
	static const char *const flag[] = { "--timeout=6s", NULL };
	static const char *const named[] = { "--config", "named.ini", NULL };
	static const char *const no[] = { "--no-config", NULL };

	(void)state;
	check_timeout(none, 10000, "built-in");
	write_file("home/countersign/countersign.ini", "[defaults]\ntimeout = 1s\n");
	check_timeout(none, 1000, "home/countersign/countersign.ini:2");
	write_file("home/countersign/countersign.ini",
		   "[run]\ntimeout = 2s\n[defaults]\ntimeout = 1s\n");
	check_timeout(none, 2000, "countersign.ini:2");
	write_file("countersign.ini", "[defaults]\ntimeout = 3s\n");
	check_timeout(none, 3000, "countersign.ini:2");
	write_file("countersign.ini", "[run]\ntimeout = 4s\n[defaults]\ntimeout = 3s\n");
	check_timeout(none, 4000, "countersign.ini:2");
	write_file("named.ini", "; remark\n[survey]\ntimeout = 1m\n");
	check_timeout(named, 10000, "built-in"); /* that file only, and not for run */
	check_timeout(no, 10000, "built-in");
	assert_int_equal(setenv("COUNTERSIGN_NO_CONFIG", "1", 1), 0);
	check_timeout(none, 10000, "built-in");
	assert_int_equal(unsetenv("COUNTERSIGN_NO_CONFIG"), 0);
	assert_int_equal(setenv("COUNTERSIGN_TIMEOUT", "5s", 1), 0);
	check_timeout(none, 5000, "COUNTERSIGN_TIMEOUT");
	check_timeout(flag, 6000, "arguments");
}

static void a_list_is_that_of_one_layer(void **state)
{
	(void)state;
	write_file("home/countersign/countersign.ini", "[run]\nonly = far.*\nskip = a.*\n");
	write_file("countersign.ini", "[run]\nonly = digest.*\n  token.*\n");
	{
		READ(CMD_RUN, NULL);
		assert_int_equal(o.only.n, 2);
		assert_true(str_eq(o.only.v[0], STR("digest.*")));
		assert_true(str_eq(o.only.v[1], STR("token.*")));
		assert_int_equal(o.skip.n, 1);
	}
	assert_int_equal(setenv("COUNTERSIGN_ONLY", "basic.* http.*", 1), 0);
	{
		READ(CMD_RUN, NULL);
		assert_int_equal(o.only.n, 2);
		assert_true(str_eq(o.only.v[1], STR("http.*")));
	}
	{
		READ(CMD_RUN, "-o", "soap.*", "--only=xml.*", NULL);
		assert_int_equal(o.only.n, 2);
		assert_true(str_eq(o.only.v[0], STR("soap.*")));
	}
}

static void a_switch_can_be_taken_back(void **state)
{
	(void)state;
	write_file("countersign.ini", "[run]\nslow = yes\nstrict = on\nquiet = true\n");
	assert_int_equal(setenv("COUNTERSIGN_STRICT", "no", 1), 0);
	{
		READ(CMD_RUN, "--slow=no", NULL);
		assert_false(o.slow);
		assert_false(o.strict);
		assert_true(o.quiet);
	}
}

/* json is a FILE for run and a switch for list; only one of them has the short name. */
static void a_name_of_two_options_is_that_of_run(void **state)
{
	(void)state;
	write_file("countersign.ini", "[defaults]\nonly = digest.*\n[selftest]\nonly = nc-*\n");
	assert_int_equal(setenv("COUNTERSIGN_JSON", "out.json", 1), 0);
	{
		READ(CMD_LIST, NULL);
		assert_false(o.as_json);
	}
	{
		READ(CMD_SELFTEST, NULL);
		assert_true(str_eq(o.fault_glob, STR("nc-*")));
	}
	{
		READ(CMD_RUN, NULL);
		assert_true(str_eq(o.json, STR("out.json")));
		assert_int_equal(o.only.n, 1);
	}
}

/* What a file says gives way to what was said nearer, also where the option is another one. */
static void alternatives_are_settled_by_their_layer(void **state)
{
	(void)state;
	write_file("countersign.ini",
		   "[run]\npassword-file = p\nfailures = 3/30m\ncolour = always\n");
	{
		READ(CMD_RUN, "http://cam/", "--netrc-file", "n", "--lab", NULL);
		assert_null(o.password_file.p);
		assert_true(str_eq(o.netrc_file, STR("n")));
		assert_null(o.failures.p);
	}
	assert_int_equal(setenv("COUNTERSIGN_PASSWORD", "secret words", 1), 0);
	assert_int_equal(setenv("NO_COLOR", "1", 1), 0);
	{
		READ(CMD_RUN, "http://cam/", NULL);
		assert_null(o.password_file.p);
		assert_true(str_eq(o.colour, STR("auto")));
		assert_true(str_eq(o.failures, STR("3/30m")));
	}
	{
		READ(CMD_RUN, "--password-file", "q", "--colour=always", NULL);
		assert_true(str_eq(o.password_file, STR("q")));
		assert_true(str_eq(o.colour, STR("always")));
	}
}

/* Who names a device means it, also where a file names a list of them. */
static void a_list_of_devices_gives_way_to_one(void **state)
{
	(void)state;
	write_file("countersign.ini", "[defaults]\ntargets = t.ini\nfailures = 1/1h\n");
	{
		READ(CMD_RUN, NULL);
		assert_true(str_eq(o.targets, STR("t.ini")));
	}
	{
		READ(CMD_RUN, "http://cam/", NULL);
		assert_null(o.targets.p);
		assert_true(str_eq(o.failures, STR("1/1h")));
	}
	{
		READ(CMD_RUN, "--device", "gate", "http://cam/", NULL);
		assert_true(str_eq(o.targets, STR("t.ini")));
	}
	{
		READ(CMD_RUN, "--targets", "u.ini", "http://cam/", NULL);
		assert_true(str_eq(o.targets, STR("u.ini")));
	}
}

/* A bench has its camera's account in a file; the built-in device is judged there all the same. */
static void defaults_of_a_device_are_not_those_of_another(void **state)
{
	(void)state;
	write_file("countersign.ini",
		   "[defaults]\nuser = u\npassword-file = p\nfailures = 1/1h\npersona = sarix\n"
		   "fault = nc-unchecked\n");
	{
		READ(CMD_RUN, NULL);
		assert_true(str_eq(o.user, STR("admin")));
		assert_false(o.user_given);
		assert_null(o.password_file.p);
		assert_null(o.failures.p);
		assert_true(str_eq(o.persona, STR("sarix")));
		assert_int_equal(o.fault.n, 1);
	}
	{
		READ(CMD_RUN, "http://cam/", NULL);
		assert_true(o.user_given && str_eq(o.user, STR("u")));
		assert_true(str_eq(o.password_file, STR("p")));
		assert_true(str_eq(o.failures, STR("1/1h")));
		assert_null(o.persona.p);
		assert_int_equal(o.fault.n, 0);
	}
	{
		READ(CMD_DEVICE, NULL);
		assert_true(str_eq(o.persona, STR("sarix")));
		assert_int_equal(o.fault.n, 1);
	}
	{
		READ(CMD_RUN, "--user", "x", NULL); /* for target_open to tell of */
		assert_true(o.user_given);
	}
}

static const struct {
	const char *text, *why;
} wrong[] = {
	{ "[run]\ntimout = 5s\n",
	  "countersign.ini:2: no entry \"timout\", expected the name of an option of run; did you "
	  "mean timeout?" },
	{ "[defaults]\n\nusr = x\n", "countersign.ini:3: no entry \"usr\"" },
	{ "[survey]\nonly = x\n", "expected the name of an option of survey" },
	{ "[rnu]\nuser = x\n",
	  "countersign.ini:1: no section [rnu], expected [defaults] or the name of a command; did "
	  "you mean [run]?" },
	{ "[help]\nman = yes\n", "no section [help]" },
	{ "[run]\npassword = x\n",
	  "countersign.ini:2: no entry password: a password in this file" },
	{ "[defaults]\npassword = x\n", "use password-file = FILE" },
	{ "[run]\ncolor = never\n", "spelt --colour" },
	{ "[run]\ntimeout = soon\n",
	  "countersign.ini:2: timeout soon: expected a duration such as 10s" },
	{ "[run]\nkind = soap\n", "countersign.ini:2: kind soap: expected one of onvif http" },
	{ "[run]\nslow = perhaps\n", "countersign.ini:2: slow perhaps: expected yes or no" },
	{ "[run]\nslow =\n", "expected yes or no" },
	{ "[run]\nuser =\n", "countersign.ini:2: user needs a value: --user NAME" },
	{ "[run]\nonly =\n", "countersign.ini:2: only needs a value" },
	{ "[vectors]\ntimeout = soon\n", "countersign.ini:2: timeout soon" }, /* of another one */
	{ "[run]\nlab = yes\n", "countersign.ini:2: lab makes a run less safe" },
	{ "[vectors]\nadapter = rm\n", "a file that --config names" },
	{ "[run]\nconfig = x\n",
	  "countersign.ini:2: config is of one call, expected it among the arguments or in the "
	  "environment" },
	{ "[run]\ndry-run = yes\n", "dry-run is of one call, expected it among the arguments" },
	{ "user = x\n", "countersign.ini:1: expected a [section]" },
	{ "[run]\nuser\n", "countersign.ini:2: neither [section] nor name = value" },
};

static void what_is_wrong_is_said_with_its_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct config c DEFER(config_free) = { 0 };
		struct err err = { 0 };
		struct options o;

		write_file("countersign.ini", wrong[i].text);
		assert_int_equal(parse(&c, &o, CMD_RUN, none, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.text, wrong[i].why))
			fail_msg("%s%s", wrong[i].text, err.text);
	}
}

static void a_file_that_was_named_is_trusted(void **state)
{
	(void)state;
	write_file("named.ini", "[run]\nlab = yes\n[vectors]\nadapter = ./adapter\n");
	assert_int_equal(setenv("COUNTERSIGN_CONFIG", "named.ini", 1), 0);
	{
		READ(CMD_RUN, NULL);
		assert_true(o.lab);
		assert_true(str_eq(o.config_files, STR("named.ini")));
	}
	{
		READ(CMD_VECTORS, NULL);
		assert_true(str_eq(o.adapter, STR("./adapter")));
	}
}

static void calls_that_cannot_be_heeded_are_errors(void **state)
{
	static const char *const both[] = { "--config", "x", "--no-config", NULL };
	static const char *const missing[] = { "--config", "nowhere.ini", NULL };
	struct config c DEFER(config_free) = { 0 }, d DEFER(config_free) = { 0 };
	struct config e DEFER(config_free) = { 0 };
	struct err err = { 0 };
	struct options o;

	(void)state;
	assert_int_equal(parse(&c, &o, CMD_RUN, both, &err), -1);
	assert_non_null(strstr(err.text, "one of the two"));
	assert_int_equal(parse(&d, &o, CMD_RUN, missing, &err), -1);
	assert_non_null(strstr(err.text, "nowhere.ini"));
	assert_int_equal(setenv("COUNTERSIGN_TIMEOUT", "soon", 1), 0);
	assert_int_equal(parse(&e, &o, CMD_RUN, none, &err), -1);
	assert_string_equal(err.text, "COUNTERSIGN_TIMEOUT: timeout soon: expected a duration such "
				      "as 10s or 2m");
}

/* A broken file must not keep anybody from the help. */
static void help_reads_no_file(void **state)
{
	(void)state;
	write_file("countersign.ini", "nonsense\n");
	assert_int_equal(setenv("COUNTERSIGN_DRY_RUN", "nonsense", 1), 0); /* of one call */
	{
		READ(CMD_HELP, "run", NULL);
		assert_int_equal(o.n_operand, 1);
	}
	{
		READ(CMD_RUN, "--help", NULL);
		assert_true(o.help);
	}
}

static void read_back(FILE *f, char text[static TEXT_MAX])
{
	size_t n;

	rewind(f);
	n = fread(text, 1, TEXT_MAX - 1, f);
	text[n] = '\0';
}

static void origins_are_printed_without_secrets(void **state)
{
	char text[TEXT_MAX];
	FILE *f = tmpfile();

	(void)state;
	assert_non_null(f);
	assert_int_equal(setenv("COUNTERSIGN_PASSWORD", "hunter22", 1), 0);
	assert_int_equal(setenv("COUNTERSIGN_ONLY", "digest.* token.*", 1), 0);
	write_file("countersign.ini", "[run]\nuser = has-hunter22-in-it\nslow = yes\n");
	{
		READ(CMD_RUN, "http://cam/", "--timeout", "3s", NULL);
		assert_int_equal(config_print(f, &o, CMD_RUN, &err), 0);
	}
	read_back(f, text);
	assert_int_equal(fclose(f), 0);
	assert_null(strstr(text, "hunter22"));
	assert_non_null(strstr(text, "the password: of COUNTERSIGN_PASSWORD"));
	assert_non_null(
		strstr(text, "user = has-[redacted]-in-it              ; countersign.ini:2"));
	assert_non_null(strstr(text, "timeout = 3s                             ; arguments\n"));
	assert_non_null(
		strstr(text, "only = digest.* token.*                  ; COUNTERSIGN_ONLY"));
	assert_non_null(
		strstr(text, "slow = yes                               ; countersign.ini:3"));
	assert_non_null(strstr(text, "kind = onvif                             ; built-in\n"));
	assert_non_null(strstr(text, "\n;junit =                                 ; not set\n"));
	/* It is a file that says the same. */
	write_file("named.ini", text);
	unlink("countersign.ini");
	unsetenv("COUNTERSIGN_ONLY");
	{
		READ(CMD_RUN, "--config", "named.ini", NULL);
		assert_int_equal(o.only.n, 2);
		assert_int_equal(o.timeout_ms, 3000);
		assert_true(o.slow);
	}
}

/* Every row can be said in the environment under a name of its own, or must not be. */
static void variables_have_names_of_shells(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (const struct option_row *r = option_rows; r->name; r++) {
		struct str name = config_variable(&a, r);

		assert_true(str_starts(name, STR("COUNTERSIGN_")));
		assert_false(str_eq(name, STR("COUNTERSIGN_PASSWORD")));
		for (size_t i = 0; i < name.n; i++)
			assert_true(name.p[i] == '_' || (name.p[i] >= 'A' && name.p[i] <= 'Z') ||
				    char_is_digit(name.p[i]));
		assert_true(r->reach == REACH_ARGUMENTS || r->type != OPTION_SWITCH ||
			    r->argument == NULL);
	}
	arena_free(&a);
}

/* Back to what is built in, whatever the type. */
static void a_reset_undoes_each_type(void **state)
{
	struct options o, clean;
	struct err err = { 0 };

	(void)state;
	for (const struct option_row *r = option_rows; r->name; r++) {
		struct str value = r->choices ? str_n(r->choices, strcspn(r->choices, " "))
				   : r->type == OPTION_SWITCH ? STR("yes")
							      : STR("7");
		int command = 0;

		while (!(r->commands >> command & 1))
			command++;
		assert_int_equal(options_init(&clean, (enum command_id)command, &err), 0);
		o = clean;
		assert_int_equal(options_set(&o, r, value, LAYER_FILE, STR("f:1"), &err), 0);
		options_reset(&o, r);
		o.source[r - option_rows] = clean.source[r - option_rows];
		if (r->type == OPTION_LIST)
			assert_int_equal(((struct option_list *)((char *)&o + r->offset))->n, 0);
		else
			assert_memory_equal(&o, &clean, offsetof(struct options, source));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(the_nearer_layer_is_heard, fresh),
		cmocka_unit_test_setup(a_list_is_that_of_one_layer, fresh),
		cmocka_unit_test_setup(a_switch_can_be_taken_back, fresh),
		cmocka_unit_test_setup(a_name_of_two_options_is_that_of_run, fresh),
		cmocka_unit_test_setup(alternatives_are_settled_by_their_layer, fresh),
		cmocka_unit_test_setup(a_list_of_devices_gives_way_to_one, fresh),
		cmocka_unit_test_setup(defaults_of_a_device_are_not_those_of_another, fresh),
		cmocka_unit_test_setup(what_is_wrong_is_said_with_its_line, fresh),
		cmocka_unit_test_setup(a_file_that_was_named_is_trusted, fresh),
		cmocka_unit_test_setup(calls_that_cannot_be_heeded_are_errors, fresh),
		cmocka_unit_test_setup(help_reads_no_file, fresh),
		cmocka_unit_test_setup(origins_are_printed_without_secrets, fresh),
		cmocka_unit_test_setup_teardown(variables_have_names_of_shells, fresh, fresh),
		cmocka_unit_test_setup_teardown(a_reset_undoes_each_type, fresh, fresh),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}

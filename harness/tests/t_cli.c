/* The program as people and CI call it: exit statuses, what it prints where, its reports. */
#include "cli_process.h"

/* --- a table of calls --- */

static const struct {
	const char *args[ARGS_MAX];
	int status;
	const char *out, *err; /* parts of what is printed; NULL: nothing is */
} calls[] = {
	{ { "--version" }, 0, "countersign 0", NULL },
	{ { "--help" }, 0, "Usage: countersign COMMAND", NULL },
	{ { NULL }, 4, NULL, "Usage: countersign COMMAND" },
	{ { "rnu" }, 4, NULL, "no command \"rnu\", did you mean run?" },
	{ { "--verbose" }, 4, NULL, "no command \"--verbose\"" },
	{ { "help" }, 0, "Try first:", NULL },
	{ { "help", "run" }, 0, "--password-file FILE", NULL },
	{ { "help", "rum" }, 4, NULL, "did you mean run" },
	{ { "run", "--help" }, 0, "Usage: countersign run [OPTION...] [URL]", NULL },
	{ { "list", "-h" }, 0, "--features", NULL },
	{ { "run", "--nix" }, 4, NULL, "countersign run: unknown option --nix" },
	{ { "replay", "does/not/exist" }, 4, NULL, "does/not/exist is no case" },
	{ { "replay", "--exact", "no.json" }, 4, NULL, "no.json: no such file, expected a case" },
	{ { "judge", "does/not/exist" }, 4, NULL, "does/not/exist: no folder, expected one of" },
	{ { "run", "--hostile", "0" }, 4, NULL, "expected a number from 1 to 10000000" },
	{ { "explain", "digest.nc.reused" },
	  0,
	  "As sent for digest.nc.reused to the reference",
	  NULL },
	{ { "explain", "hostile.digest" }, 0, "as many drawn hostile spellings of digest", NULL },
	{ { "run", "--password", "x" }, 4, NULL, "COUNTERSIGN_PASSWORD" },
	{ { "run", "a", "b" }, 4, NULL, "expected [URL]" },
	{ { "lint", "x" }, 4, NULL, "expected no argument" },
	{ { "explain" }, 4, NULL, "expected CASE" },
	{ { "explain", "digest.nc.reusd" }, 4, NULL, "did you mean digest.nc.reused?" },
	{ { "explain", "digest.nc.reused" }, 0, "rests on    rfc7616#3.4.nc, hardening", NULL },
	{ { "explain", "digest.nc.reused[x=y]" }, 0, "catches     nc-unchecked", NULL },
	{ { "list", "digest.nc.*" }, 0, "digest.nc.reused", NULL },
	{ { "list", "--json", "digest.nc.reused" }, 0, "{\"id\":\"digest.nc.reused\"", NULL },
	{ { "list", "nothing.*" }, 4, NULL, "no case matches" },
	{ { "list", "--features" }, 0, "digest.sha-256", NULL },
	{ { "list", "--coverage", "rfc9110#3.3.*" }, 0, "digest.nonce.connection", NULL },
	{ { "list", "--coverage", "RTSP-05" },
	  0,
	  "device  OPTIONS wants credentials: (RTSP",
	  NULL },
	{ { "list", "--coverage", "RTSP-08" },
	  0,
	  "faults from the field: 1, of which 0 with cases, 1 with a reason, 0 without",
	  NULL },
	{ { "list", "--coverage", "DGN-09" },
	  0,
	  "faults from the field: 1, of which 1 with cases, 0 with a reason, 0 without",
	  NULL },
	{ { "list", "--coverage", "--json", "rfc9110#3.3.stateless" },
	  0,
	  "\"covered\":\"cases\",\"cases\":[\"connection.authenticated.basic\"",
	  NULL },
	{ { "list", "--coverage", "--json", "RTSP-08" },
	  0,
	  "{\"requirements\":{\"cases\":0,\"reason\":0,\"gap\":0},"
	  "\"faults\":{\"cases\":0,\"reason\":1,\"gap\":0}}",
	  NULL },
	{ { "list", "--coverage", "nothing.*" }, 4, NULL, "no requirement and no row matches" },
	{ { "explain", "digest.nc.reused" },
	  0,
	  "field       DGN-09: The nonce count is not looked at",
	  NULL },
	{ { "list", "--profile", "x" }, 4, NULL, "no such profile" },
	{ { "list", "--suites", "does/not/exist" }, 4, NULL, "No such file" },
	{ { "device", "--list-personas" }, 0, "sarix", NULL },
	{ { "device", "--list-faults" }, 0, "nc-unchecked", NULL },
	{ { "device", "--persona", "x" }, 4, NULL, "expected one of onvif" },
	{ { "device", "--fault", "nc-uncheckd" }, 4, NULL, "did you mean nc-unchecked" },
	{ { "device", "--listen", "nowhere" }, 4, NULL, "nowhere" },
	{ { "run", "--only", "no.such.*" }, 4, NULL, "matches no case" },
	{ { "run", "--only", "digest.*", "--skip", "*" }, 5, NULL, "nothing is selected" },
	{ { "run", "--profile", "x" }, 4, NULL, "expected one of" },
	{ { "run", "--failures", "x" }, 4, NULL, "--failures x: expected" },
	{ { "run", "--user", "x" }, 4, NULL, "need a URL" },
	{ { "run", "ftp://x/" }, 4, NULL, "expected http://HOST" },
	{ { "run", "http://u:p@127.0.0.1/" }, 4, NULL, "expected http://HOST" },
	{ { "run", "http://127.0.0.1:1/" }, 4, NULL, "no password: give --password-file" },
	{ { "run", "http://127.0.0.1:1/", "--persona", "onvif" }, 4, NULL, "built-in device" },
	{ { "run", "--junit", "-", "--json", "-" }, 4, NULL, "one of the two" },
	{ { "run", "--dry-run", "--only", "digest.nc.reused" }, 0, "Nothing was sent.", NULL },
	{ { "run", "--only", "digest.nc.reused" }, 0, "PASS 1 pass, 0 fail", NULL },
	{ { "run", "--only", "digest.nc.reused", "--fault", "nc-unchecked" }, 0, "WARN  ", NULL },
	{ { "run", "--only", "digest.nc.reused", "--fault", "nc-unchecked", "--strict" },
	  1,
	  "captured request",
	  NULL },
	{ { "run", "--only", "digest.nc.reused", "--fault", "nc-unchecked", "--profile",
	    "hardened" },
	  1,
	  "FAIL  ",
	  NULL },
	{ { "run", "--only", "digest.nc.reused", "--fault", "env-wrong-host" },
	  6,
	  "STOPPED  ",
	  NULL },
	{ { "run", "--only", "digest.nc.reused", "--junit", "/dev/full" },
	  3,
	  "PASS",
	  "/dev/full: cannot write" },
	{ { "survey" }, 0, "Digest SHA-256: 200 accepted", NULL },
	{ { "survey", "--persona", "http" }, 0, "challenges    ", NULL },
	{ { "survey", "--fault", "env-wrong-host" }, 6, "STOPPED", NULL },
	{ { "selftest", "--only", "no-such-fault" }, 5, "0 faults", NULL },
};

static void assert_stream(size_t row, const char *name, const char *have, const char *want)
{
	if (!want && *have)
		fail_msg("row %zu: %s should be empty and holds: %s", row, name, have);
	if (want && !strstr(have, want))
		fail_msg("row %zu: %s lacks \"%s\": %s", row, name, want, have);
}

static void calls_end_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++) {
		struct outcome o = call(calls[i].args);

		if (o.status != calls[i].status)
			fail_msg("row %zu: status %d, expected %d: %s%s", i, o.status,
				 calls[i].status, o.out, o.err);
		assert_stream(i, "stdout", o.out, calls[i].out);
		assert_stream(i, "stderr", o.err, calls[i].err);
		forget(&o);
	}
}

/* --- reports --- */

static void a_report_on_stdout_is_all_that_is_there(void **state)
{
	struct outcome o = CALL("run", "--only", "digest.nc.reused", "--json", "-");

	(void)state;
	assert_int_equal(o.status, 0);
	assert_int_equal(o.out[0], '{');
	assert_non_null(strstr(o.out, "\"exit_code\": 0"));
	assert_non_null(strstr(o.err, "PASS 1 pass"));
	forget(&o);
	o = CALL("run", "--only", "digest.nc.reused", "--junit", "-", "-q");
	assert_true(str_starts(str(o.out), STR("<?xml")));
	forget(&o);
}

static void reports_are_written_whatever_happens(void **state)
{
	char junit[PATH_SIZE], json[PATH_SIZE], made[PATH_SIZE], *text;
	struct outcome o;

	(void)state;
	path_of(junit, "new/folder/report.xml");
	path_of(json, "new/folder/results.json");
	o = CALL("run", "--fault", "env-wrong-host", "--junit", junit, "--json", json);
	assert_int_equal(o.status, 6);
	forget(&o);
	text = slurp(junit);
	assert_non_null(strstr(text, "<error message="));
	assert_non_null(strstr(text, "tests=\"1\" failures=\"0\" errors=\"1\""));
	free(text);
	text = slurp(json);
	assert_non_null(strstr(text, "\"exit_code\": 6"));
	free(text);
	o = CALL("run", "--only", "digest.*", "--skip", "*", "--junit", junit);
	assert_int_equal(o.status, 5);
	forget(&o);
	text = slurp(junit);
	assert_non_null(strstr(text, "nothing is selected"));
	free(text);
	unlink(junit);
	unlink(json);
	assert_int_equal(rmdir(path_of(made, "new/folder")), 0);
	assert_int_equal(rmdir(path_of(made, "new")), 0);
}

static void one_seed_gives_one_run(void **state)
{
	struct outcome a = CALL("run", "--seed", "x", "-q", "--only", "digest.*");
	struct outcome b = CALL("run", "--seed", "x", "-q", "--only", "digest.*");

	(void)state;
	assert_string_equal(a.out, b.out);
	forget(&a);
	forget(&b);
}

/* --- over the network --- */

static pid_t device; /* 0: none */

static void start_device(const char *fault, char url[static LINE_SIZE])
{
	const char *const args[] = { "device", "--fault", fault, NULL };
	int fd = start_piped(args, &device);

	assert_true(read_line(fd, url));
	assert_true(str_starts(str(url), STR("http://127.0.0.1:")));
	close(fd);
}

static void stop_device(void)
{
	pid_t pid = device;

	device = 0;
	assert_int_equal(kill(pid, SIGTERM), 0);
	assert_int_equal(status_of(pid), 0);
}

/* After a failed assertion. */
static int drop_device(void **state)
{
	(void)state;
	if (device > 0)
		stop_device();
	return 0;
}

static void write_password(const char *path, const char *password)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fchmod(fileno(f), 0600), 0);
	fprintf(f, "%s\n", password);
	fclose(f);
}

static void assert_absent(char *text, const char *secret)
{
	assert_null(strstr(text, secret));
	free(text);
}

static void a_device_is_judged_and_its_password_stays_secret(void **state)
{
	char password[PATH_SIZE], json[PATH_SIZE], junit[PATH_SIZE], url[LINE_SIZE];
	struct outcome o;

	(void)state;
	path_of(password, "password");
	path_of(json, "r.json");
	path_of(junit, "r.xml");
	start_device("nc-unchecked", url);
	write_password(password, "secure");
	o = CALL("run", url, "--password-file", password, "--json", json, "--junit", junit,
		 "--only", "digest.nc.*", "--only", "basic.*");
	assert_int_equal(o.status, 0);
	assert_non_null(strstr(o.out, "WARN          digest.nc.reused"));
	assert_null(strstr(o.out, "secure"));
	forget(&o);
	assert_absent(slurp(json), "secure");
	assert_absent(slurp(junit), "secure");
	write_password(password, "not-the-one");
	o = CALL("run", url, "--password-file", password, "--json", json);
	assert_int_equal(o.status, 6);
	assert_non_null(strstr(o.out, "STOPPED"));
	forget(&o);
	assert_absent(slurp(json), "not-the-one");
	stop_device();
	o = CALL("run", url, "--password-file", password);
	assert_int_equal(o.status, 6);
	assert_non_null(strstr(o.out, "STOPPED"));
	forget(&o);
	unlink(password);
	unlink(json);
	unlink(junit);
}

/* The device falls silent at request 50; only the signal ends the run, and the reports are there.
 */
static void an_interrupted_run_still_reports(void **state)
{
	char password[PATH_SIZE], json[PATH_SIZE], url[LINE_SIZE], line[LINE_SIZE], *text;
	const char *const args[] = { "run",    url,         "--password-file",
				     password, "--timeout", "1h",
				     "--json", json,        NULL };
	bool planned = false;
	pid_t run;
	int fd;

	(void)state;
	path_of(password, "password");
	path_of(json, "r.json");
	start_device("env-silent", url);
	write_password(password, "secure");
	fd = start_piped(args, &run);
	/* Its plan is printed after the survey, when the handler is long in place. */
	while (!planned && read_line(fd, line))
		planned = str_starts(str(line), STR("plan:"));
	assert_int_equal(kill(run, SIGINT), 0);
	while (read_line(fd, line))
		; /* a pipe that nobody reads would be an error of its own */
	close(fd);
	assert_int_equal(status_of(run), 2);
	assert_true(planned);
	text = slurp(json);
	assert_non_null(strstr(text, "\"reason\": \"interrupted\""));
	assert_non_null(strstr(text, "\"exit_code\": 2"));
	free(text);
	stop_device();
	unlink(password);
	unlink(json);
}

/* --- the manual page --- */

static void the_manual_names_every_command(void **state)
{
	static const char *const names[] = { "run",    "survey",   "list", "explain",
					     "device", "selftest", "lint", "help" };
	struct outcome o = CALL("help", "--man");
	char heading[64];

	(void)state;
	assert_int_equal(o.status, 0);
	assert_true(str_starts(str(o.out), STR(".TH COUNTERSIGN 1 ")));
	for (size_t i = 0; i < COUNT(names); i++) {
		snprintf(heading, sizeof(heading), ".SS countersign %s ", names[i]);
		assert_non_null(strstr(o.out, heading));
	}
	assert_non_null(strstr(o.out, "\\-\\-password\\-file"));
	assert_non_null(strstr(o.out, ".SH EXIT STATUS"));
	forget(&o);
}

static int make_folder(void **state)
{
	(void)state;
	unsetenv("COUNTERSIGN_PASSWORD");
	unsetenv("FORCE_COLOR");
	return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
	char path[PATH_SIZE];

	(void)state;
	unlink(path_of(path, "out"));
	unlink(path_of(path, "err"));
	return rmdir(folder);
}

/* What is taken is saved, and the file shows it again; a clean device refuses it. */
static void a_hit_is_saved_and_repeated(void **state)
{
	char path[PATH_SIZE];
	struct outcome o = CALL("run", "--fault", "username-unchecked", "--only", "hostile.digest",
				"--hostile", "100", "--seed", "1", "--replay-dir", folder);
	const char *told = strstr(o.out, "replay: ");

	(void)state;
	assert_int_equal(o.status, 1);
	assert_non_null(told);
	told += strlen("replay: ");
	snprintf(path, sizeof(path), "%.*s", (int)strcspn(told, "\n"), told);
	forget(&o);
	o = CALL("replay", path, "--fault", "username-unchecked");
	assert_int_equal(o.status, 1);
	assert_non_null(strstr(o.out, "1 of 1 spellings"));
	forget(&o);
	o = CALL("replay", path);
	assert_int_equal(o.status, 0);
	assert_non_null(strstr(o.out, "1 refused"));
	forget(&o);
	remove(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calls_end_as_they_should),
		cmocka_unit_test(a_report_on_stdout_is_all_that_is_there),
		cmocka_unit_test(reports_are_written_whatever_happens),
		cmocka_unit_test(one_seed_gives_one_run),
		cmocka_unit_test_teardown(a_device_is_judged_and_its_password_stays_secret,
					  drop_device),
		cmocka_unit_test_teardown(an_interrupted_run_still_reports, drop_device),
		cmocka_unit_test(a_hit_is_saved_and_repeated),
		cmocka_unit_test(the_manual_names_every_command),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}

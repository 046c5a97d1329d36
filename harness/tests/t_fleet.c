/* Many devices in one process: devices in memory, on their own clocks, so that nothing is waited
 * for.  What one of them does is nothing to the others.
 */
#include "cli/fleet.h"

#include "cli/interrupt.h"
#include "report/report.h"
#include "call_fixture.h"
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <unistd.h>

static int enter(void **state)
{
	(void)state;
	return call_enter();
}

static int leave(void **state)
{
	(void)state;
	return call_leave();
}

static void put(const char *path, const char *text)
{
	struct err err = { 0 };

	if (file_replace(path, str(text), &err))
		fail_msg("%s", err.text);
}

static char *text_of(const char *path)
{
	size_t n;

	return run_fixture_file(path, &n);
}

static int signals; /* that have come when the run begins */

static int run(const struct cli *cli)
{
	interrupted = signals;
	return fleet_run(cli);
}

#define CALL(...)                                                                                  \
	call_command(CMD_RUN, run,                                                                 \
		     (char *const[]){ (char *)"--targets", (char *)"t.ini", __VA_ARGS__, NULL })
#define W(word) ((char *)word)

/* From the end of the mark to the next one, or to the end. */
static char *part_of(const char *path, const char *mark, const char *next)
{
	char *text = text_of(path), *at = strstr(text, mark), *end;

	if (!at)
		fail_msg("%s lacks \"%s\"", path, mark);
	at += strlen(mark);
	end = strstr(at, next);
	if (end)
		*end = '\0';
	at = strdup(at);
	free(text);
	assert_non_null(at);
	return at;
}

/* --- lanes --- */

#define CLEAN  "[clean]\npersona = http\n"
#define FAULTY "[faulty]\npersona = sarix\nfault = nc-unchecked\n"
#define TROUBLE                                                                                    \
	"[gone]\npersona = onvif\nfault = env-silent\n"                                            \
	"[elsewhere]\npersona = onvif\nfault = env-wrong-host\n"                                   \
	"[locked]\npersona = onvif\nfault = env-lockout\n"                                         \
	"[restarts]\npersona = onvif\nfault = env-reboot\n"                                        \
	"[jumps]\npersona = onvif\nfault = env-clock-step\n"                                       \
	"[drops]\npersona = http\nfault = refusal-closes\n"

/* The test points of a device, without its own, whose number is its place. */
static char *points(const char *device)
{
	char mark[64], *text, *end;

	snprintf(mark, sizeof(mark), "# Subtest: %s\n", device);
	text = part_of("t.tap", mark, "\nok ");
	end = strstr(text, "\nnot ok ");
	if (end)
		*end = '\0';
	assert_true(strlen(text) > 1000);
	return text;
}

/* The same octets alone, between others, and when others hardly get a turn. */
static void a_device_in_trouble_is_nothing_to_the_others(void **state)
{
	static const char *const names[] = { "clean", "faulty" };
	char *const lanes[] = { W("1"), W("3"), W("32") };
	char *alone[2];

	(void)state;
	put("t.ini", CLEAN FAULTY);
	assert_int_equal(CALL(W("--only"), W("digest.*"), W("--seed"), W("1"), W("--tap"),
			      W("t.tap"), W("--lanes"), W("1")),
			 1);
	for (size_t i = 0; i < 2; i++)
		alone[i] = points(names[i]);
	put("t.ini", TROUBLE CLEAN "[more]\npersona = sarix\n" FAULTY);
	for (size_t k = 0; k < COUNT(lanes); k++) {
		assert_int_equal(CALL(W("--only"), W("digest.*"), W("--seed"), W("1"), W("--tap"),
				      W("t.tap"), W("--lanes"), lanes[k]),
				 1);
		for (size_t i = 0; i < 2; i++) {
			char *found = points(names[i]);

			assert_string_equal(found, alone[i]);
			free(found);
		}
		call_has("out.txt", " of 9 devices are good");
		call_has("out.txt", "locked ");
		assert_int_equal(call_count("t.tap", "# Subtest: "), 9);
	}
	for (size_t i = 0; i < 2; i++)
		free(alone[i]);
}

/* --- reports --- */

static void each_report_has_each_device(void **state)
{
	struct stat st;

	(void)state;
	put("t.ini", CLEAN FAULTY);
	assert_int_equal(CALL(W("--only"), W("digest.nc.*"), W("--junit"), W("j.xml"), W("--json"),
			      W("r.json"), W("--html"), W("p.html"), W("--markdown"), W("m.md"),
			      W("--tap"), W("t.tap"), W("--har"), W("har"), W("--pcapng"),
			      W("packets"), W("--results"), W("all")),
			 1);
	assert_int_equal(call_count("j.xml", "name=\"inventory.device\" value=\""), 2);
	assert_int_equal(call_count("r.json", "\"device\": \"clean\""), 1);
	assert_int_equal(call_count("p.html", "<tr>"), 4);
	call_has("m.md", "1 of 2 devices are good");
	call_has("m.md", "### FAIL faulty\n\n- FAIL digest.nc.");
	call_has("t.tap", "TAP version 14\n1..2\n# Subtest: clean\n    1..");
	call_has("t.tap", "\nnot ok 2 - faulty ");
	call_has("har/clean.har", "\"version\": \"1.2\"");
	call_has("har/faulty.har", "X-Countersign");
	assert_int_equal(stat("packets/clean.pcapng", &st), 0);
	assert_true(st.st_size > 1000);
	call_has("all/clean/results.json", "\"verdict\": \"pass\"");
	call_has("all/faulty/report.html", "digest.nc.reused");
	call_has("all/index.html", "href=\"faulty/report.html\"");
	call_has("all/TEST-countersign.xml", "faulty");
}

static void a_summary_of_github_has_the_fleet(void **state)
{
	(void)state;
	put("t.ini", CLEAN FAULTY);
	put("summary.md", "before\n");
	setenv("GITHUB_ACTIONS", "true", 1);
	setenv("GITHUB_STEP_SUMMARY", "summary.md", 1);
	assert_int_equal(CALL(W("--only"), W("digest.nc.reused")), 1);
	unsetenv("GITHUB_ACTIONS");
	unsetenv("GITHUB_STEP_SUMMARY");
	call_has("summary.md", "before\n## Countersign");
	call_has("summary.md", "| clean | PASS |");
}

/* What could not be written is told and is an error of ours; the others are written. */
static void a_report_that_cannot_be_written_keeps_no_other_back(void **state)
{
	(void)state;
	put("t.ini", CLEAN FAULTY);
	remove("j.xml");
	remove("har/clean.har");
	put("har/clean.har/in-the-way", "");
	assert_int_equal(CALL(W("--only"), W("digest.nc.reused"), W("--junit"), W("j.xml"),
			      W("--har"), W("har")),
			 4);
	call_has("err.txt", "--har: ");
	assert_int_not_equal(access("j.xml", F_OK), 0); /* told before anything was sent */
	remove("har/clean.har/in-the-way");
	remove("har/clean.har");
}

/* --- the end --- */

/* A signal that came before the first device was asked. */
static void a_signal_leaves_complete_reports(void **state)
{
	char *text;

	(void)state;
	put("t.ini", CLEAN FAULTY "[third]\npersona = http\n");
	signals = 1;
	assert_int_equal(CALL(W("--junit"), W("j.xml"), W("--json"), W("r.json"), W("--html"),
			      W("p.html"), W("--tap"), W("t.tap"), W("-q")),
			 2);
	signals = 0;
	assert_int_equal(call_count("j.xml", "name=\"inventory.device\" value=\""), 3);
	call_has("j.xml", "</testsuites>");
	assert_int_equal(call_count("r.json", "\"exit_code\": 2"), 4); /* of all, and of each */
	assert_int_equal(call_count("t.tap", "\nnot ok "), 3);
	call_has("p.html", "INTERRUPTED");
	text = part_of("p.html", "<h1>", "</html>");
	assert_non_null(strstr(text, "0 of 3 devices are good"));
	free(text);
}

static void each_shard_has_its_devices(void **state)
{
	(void)state;
	put("t.ini", CLEAN FAULTY "[third]\npersona = http\n");
	assert_int_equal(CALL(W("--only"), W("digest.nc.reused"), W("--shard"), W("1/2"),
			      W("--json"), W("r.json")),
			 0);
	assert_int_equal(call_count("r.json", "\"device\": \"clean\""), 1);
	assert_int_equal(call_count("r.json", "\"device\": \"faulty\""), 0);
	assert_int_equal(call_count("r.json", "\"device\": \"third\""), 1);
	assert_int_equal(CALL(W("--only"), W("digest.nc.reused"), W("--shard"), W("7/7")), 5);
	call_has("out.txt", "0 of 3 devices of t.ini");
}

/* --- what is refused --- */

static void what_is_of_one_device_is_refused(void **state)
{
	static const struct {
		char *words[2];
		const char *gist;
	} rows[] = {
		{ { W("http://h/"), NULL }, "--targets goes without a URL" },
		{ { W("--persona"), W("http") }, "--targets goes without --persona" },
		{ { W("--fault"), W("nc-unchecked") }, "--targets goes without --fault" },
		{ { W("--baseline"), W("b.json") }, "--targets goes without --baseline" },
		{ { W("--events"), W("-") }, "--targets goes without --events" },
		{ { W("--only-from"), W("-") }, "--targets goes without --only-from -" },
		{ { W("--har"), W("-") }, "--targets goes without --har -" },
		{ { W("--pcapng"), W("-") }, "--targets goes without --pcapng -" },
		{ { W("--password-file"), W("-") }, "--targets goes without --password-file -" },
		{ { W("--netrc-file"), W("-") }, "--targets goes without --netrc-file -" },
		{ { W("--shard"), W("3/2") }, "--shard 3/2" },
		{ { W("--html"), W("t.ini/x") }, "--html" },
		{ { W("--results"), W("t.ini/x") }, "--results" },
	};

	(void)state;
	put("t.ini", CLEAN);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(CALL(rows[i].words[0], rows[i].words[1]), 4);
		call_has("err.txt", rows[i].gist);
		assert_int_equal(call_count("err.txt", "\n"), 1);
		assert_int_equal(call_count("out.txt", "\n"), 0);
	}
	/* What a device lacks is told with its line before the first of them is asked. */
	put("t.ini", CLEAN "[b]\nurl = http://h/\npassword-file = nowhere\n");
	assert_int_equal(CALL(W("--junit"), W("none.xml")), 4);
	call_has("err.txt", "t.ini:3: [b]: ");
	assert_int_not_equal(access("none.xml", F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_device_in_trouble_is_nothing_to_the_others),
		cmocka_unit_test(each_report_has_each_device),
		cmocka_unit_test(a_summary_of_github_has_the_fleet),
		cmocka_unit_test(a_report_that_cannot_be_written_keeps_no_other_back),
		cmocka_unit_test(a_signal_leaves_complete_reports),
		cmocka_unit_test(each_shard_has_its_devices),
		cmocka_unit_test(what_is_of_one_device_is_refused),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}

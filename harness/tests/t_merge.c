/* Parts that machines judged, joined: of one device, of many, and what is no part. */
#include "call_fixture.h"
#include "report/report.h"
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static void put(const char *path, struct str text)
{
	struct err err = { 0 };

	if (file_replace(path, text, &err))
		fail_msg("%s", err.text);
}

#define W(word)    ((char *)word)
#define RUN(...)   call_command(CMD_RUN, cmd_run, (char *const[]){ __VA_ARGS__, NULL })
#define MERGE(...) call_command(CMD_MERGE, cmd_merge, (char *const[]){ __VA_ARGS__, NULL })
#define SARIX                                                                                      \
	W("--persona"), W("sarix"), W("--fault"), W("nc-unchecked"), W("--seed"), W("1"),          \
		W("--only"), W("digest.nc.*")
#define FLEET W("--targets"), W("t.ini"), W("--seed"), W("1"), W("--only"), W("digest.nc.*")

/* Parts and wholes for all tests: of one device, and of an inventory of three. */
static int enter(void **state)
{
	(void)state;
	if (call_enter())
		return -1;
	put("t.ini", STR("[a]\npersona = http\n[b]\npersona = sarix\nfault = nc-unchecked\n"
			 "[c]\npersona = onvif\n"));
	assert_int_equal(RUN(SARIX, W("--json"), W("whole.json"), W("--html"), W("whole.html")), 1);
	RUN(SARIX, W("--json"), W("1.json"), W("--shard"), W("1/3"));
	RUN(SARIX, W("--json"), W("2.json"), W("--shard"), W("2/3"));
	RUN(SARIX, W("--json"), W("3.json"), W("--shard"), W("3/3"));
	RUN(FLEET, W("--json"), W("f1.json"), W("--shard"), W("1/2"));
	RUN(FLEET, W("--json"), W("f2.json"), W("--shard"), W("2/2"));
	return 0;
}

static int leave(void **state)
{
	(void)state;
	return call_leave();
}

/* --- what fits --- */

static void shards_of_one_device_are_its_own_report(void **state)
{
	static const char *const verdicts[] = { "\"verdict\": \"pass\"", "\"verdict\": \"fail\"",
						"\"verdict\": \"warn\"", "\"verdict\": \"skip\"" };

	(void)state;
	assert_int_equal(MERGE(W("3.json"), W("1.json"), W("2.json"), W("--json"), W("all.json"),
			       W("--junit"), W("all.xml"), W("--html"), W("all.html")),
			 1);
	for (size_t i = 0; i < COUNT(verdicts); i++)
		assert_int_equal(call_count("all.json", verdicts[i]),
				 call_count("whole.json", verdicts[i]));
	assert_int_equal(call_count("all.json", "\"shard\": null"), 1);
	/* The page of one device, with the clause of each finding, and not a row of a table. */
	assert_true(call_count("all.html", "digest.nc.reused") > 1);
	call_has("whole.html", "authentication conformance report</title>");
	call_has("all.html", "authentication conformance report</title>");
	assert_int_equal(call_count("all.html", "devices are good"), 0);
	call_has("out.txt", "HTML report: all.html");
	assert_int_equal(call_count("all.xml", "inventory.device"), 0);
}

static void devices_of_an_inventory_are_a_fleet(void **state)
{
	(void)state;
	assert_int_equal(MERGE(W("f2.json"), W("f1.json"), W("--junit"), W("f.xml"), W("--html"),
			       W("f.html"), W("--json"), W("f.json")),
			 1);
	assert_int_equal(call_count("f.xml", "name=\"inventory.device\" value=\""), 3);
	call_has("f.html", "2 of 3 devices are good");
	assert_int_equal(call_count("f.json", "\"exit_code\": "), 4); /* of all, and of each */
	/* One device of an inventory is still a row of it. */
	assert_int_equal(MERGE(W("f2.json"), W("--html"), W("f.html")), 1);
	call_has("f.html", "2 of the 3 devices of the inventory are missing: number 1, 3");
}

static void a_missing_part_is_told_everywhere(void **state)
{
	(void)state;
	assert_int_equal(MERGE(W("1.json"), W("3.json"), W("--json"), W("p.json"), W("--html"),
			       W("p.html"), W("--junit"), W("p.xml")),
			 1);
	call_has("p.json", "of 3 shards these are missing: 2");
	call_has("p.html", "of 3 shards these are missing: 2");
	call_has("p.xml", "of 3 shards these are missing: 2");
	call_has("out.txt", "of 3 shards these are missing: 2");
}

/* --- what does not --- */

static void complains(int status, const char *gist)
{
	assert_int_equal(status, 4);
	call_has("err.txt", gist);
	assert_int_equal(call_count("err.txt", "\n"), 1);
}

static void parts_that_do_not_belong_together_are_refused(void **state)
{
	(void)state;
	complains(MERGE(W("1.json"), W("2.json"), W("1.json")), "as the same shard");
	complains(MERGE(W("1.json"), W("whole.json")), "expected each part once");
	complains(MERGE(W("whole.json"), W("whole.json")), "expected each part once");
	complains(MERGE(W("f1.json"), W("whole.json")), "an inventory of");
	complains(MERGE(W("nowhere.json")), "nowhere.json");
	RUN(SARIX, W("--json"), W("half.json"), W("--shard"), W("1/2"));
	complains(MERGE(W("half.json"), W("2.json")), "the number of shards");
	RUN(SARIX, W("--json"), W("other.json"), W("--shard"), W("2/3"), W("--profile"),
	    W("onvif-core"));
	complains(MERGE(W("1.json"), W("other.json")), "the profile");
}

/* Half a file, as of a disk that was full. */
static void a_file_that_breaks_off_is_refused(void **state)
{
	size_t n;
	char *text = run_fixture_file("1.json", &n);

	(void)state;
	assert_true(n > 1000);
	for (size_t i = 0; i < n - 2; i += n / 40) {
		put("cut.json", str_n(text, i));
		complains(MERGE(W("cut.json"), W("2.json"), W("3.json")), "cut.json:");
	}
	free(text);
}

/* An octet in the way: refused with the file and the line, or harmless. */
static void spoiled_files_do_no_harm(void **state)
{
	static const char octets[] = { '\0', '"', '{', '}', '9', '\x7f', '\xff' };
	size_t n;
	char *text = run_fixture_file("1.json", &n);

	(void)state;
	for (size_t i = 0; i < 70; i++) {
		size_t at = n / 71 * (i + 1);
		char kept = text[at];
		int status;

		text[at] = octets[i % sizeof(octets)];
		put("spoiled.json", str_n(text, n));
		status = MERGE(W("spoiled.json"), W("2.json"), W("3.json"), W("--html"),
			       W("s.html"), W("--junit"), W("s.xml"));
		assert_in_range(status, 0, 6);
		if (status == 4) {
			call_has("err.txt", "spoiled.json");
			assert_int_equal(call_count("err.txt", "\n"), 1);
		}
		text[at] = kept;
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shards_of_one_device_are_its_own_report),
		cmocka_unit_test(devices_of_an_inventory_are_a_fleet),
		cmocka_unit_test(a_missing_part_is_told_everywhere),
		cmocka_unit_test(parts_that_do_not_belong_together_are_refused),
		cmocka_unit_test(a_file_that_breaks_off_is_refused),
		cmocka_unit_test(spoiled_files_do_no_harm),
	};

	return cmocka_run_group_tests(tests, enter, leave);
}

/* Which part of the work --shard gives to a machine. */
#include "cli/shard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const char *const variables[] = { "CI_NODE_INDEX", "CI_NODE_TOTAL", "JOB_COMPLETION_INDEX",
					 "COUNTERSIGN_SHARDS" };

/* NULL: not there.  The tests may themselves be a job of a service that sets these. */
static void set_environment(const char *const value[COUNT(variables)])
{
	for (size_t i = 0; i < COUNT(variables); i++) {
		if (value[i])
			assert_int_equal(setenv(variables[i], value[i], 1), 0);
		else
			assert_int_equal(unsetenv(variables[i]), 0);
	}
}

static int read_shard(const char *text, struct shard *s, struct err *err)
{
	struct options o = { .shard = str(text) };

	*s = (struct shard){ -1, -1 };
	*err = (struct err){ 0 };
	return shard_read(&o, s, err);
}

static void parts_are_read(void **state)
{
	static const struct {
		const char *text;
		int index, total;
	} rows[] = {
		{ NULL, 0, 0 }, { "1/1", 1, 1 }, { "2/5", 2, 5 }, { "1000/1000", 1000, 1000 }
	};
	struct shard s;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (read_shard(rows[i].text, &s, &err))
			fail_msg("%zu: %s", i, err.text);
		assert_int_equal(s.index, rows[i].index);
		assert_int_equal(s.total, rows[i].total);
	}
}

static void what_is_no_part_is_refused(void **state)
{
	static const char *const rows[] = {
		"",
		"/",
		"1",
		"1/",
		"/2",
		"0/3",
		"4/3",
		"0/0",
		"1/0",
		"1/1001",
		"-1/3",
		"+1/3",
		" 1/3",
		"1/3 ",
		"1/3/3",
		"1.0/3",
		"x/3",
		"AUTO",
		"1/ 3",
		"0x1/3",
		"1/-3",
		"4294967297/4294967298",
		"1/18446744073709551617",
	};
	struct shard s;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (read_shard(rows[i], &s, &err) != -1)
			fail_msg("\"%s\" is part %d of %d", rows[i], s.index, s.total);
		assert_int_equal(err.code, ERR_INPUT);
		assert_non_null(strstr(err.text, "expected I/N"));
		assert_int_equal(s.total, 0); /* nothing is half read */
	}
}

static const struct {
	const char *value[COUNT(variables)];
	int index, total;      /* total 0: refused */
	const char *complaint; /* part of it */
} services[] = {
	{ { "1", "3", NULL, NULL }, 1, 3, NULL },
	{ { "3", "3", NULL, NULL }, 3, 3, NULL },
	{ { "0", "3", NULL, NULL }, 0, 0, "CI_NODE_INDEX, CI_NODE_TOTAL: shard 0 of 3" },
	{ { "4", "3", NULL, NULL }, 0, 0, "expected 1 to N-0 of N" },
	{ { "2", NULL, NULL, NULL }, 0, 0, "CI_NODE_INDEX is there without CI_NODE_TOTAL" },
	{ { NULL, "1", NULL, NULL }, 1, 1, NULL }, /* GitLab, of a job that is not parallel */
	{ { NULL, "2", NULL, NULL }, 0, 0, "nothing in the environment" },
	{ { NULL, NULL, "0", "3" }, 1, 3, NULL },
	{ { NULL, NULL, "2", "3" }, 3, 3, NULL },
	{ { NULL, NULL, "3", "3" }, 0, 0, "expected 0 to N-1 of N" },
	{ { NULL, NULL, "0", NULL }, 0, 0, "without COUNTERSIGN_SHARDS" },
	{ { NULL, NULL, "-1", "3" }, 0, 0, "JOB_COMPLETION_INDEX, COUNTERSIGN_SHARDS" },
	{ { NULL, NULL, NULL, "3" }, 0, 0, "nothing in the environment" },
	{ { "2", "4", "0", "3" }, 2, 4, NULL }, /* the first service that is there */
	{ { "", "", "1", "3" }, 2, 3, NULL },   /* empty is as not there */
	{ { NULL, NULL, NULL, NULL }, 0, 0, "nothing in the environment" },
};

static void the_environment_tells_the_part(void **state)
{
	static const char *const none[COUNT(variables)] = { NULL };
	struct shard s;
	struct err err;

	(void)state;
	for (size_t i = 0; i < COUNT(services); i++) {
		int bad;

		set_environment(services[i].value);
		bad = read_shard("auto", &s, &err);
		if (bad != (services[i].total ? 0 : -1))
			fail_msg("%zu: %d, %s", i, bad, err.text);
		if (bad && !strstr(err.text, services[i].complaint))
			fail_msg("%zu: %s", i, err.text);
		assert_int_equal(err.code, bad ? ERR_INPUT : ERR_NONE);
		assert_int_equal(s.index, services[i].index);
		assert_int_equal(s.total, services[i].total);
	}
	set_environment(none);
}

/* Machines of different builds share a run: a case must stay where it is.  The numbers are those
 * of Python: int.from_bytes(sha256(id)[:8], "big") % total + 1.
 */
static void a_case_stays_in_its_part(void **state)
{
	static const struct {
		const char *id;
		int of_2, of_5, of_1000;
	} rows[] = {
		{ "digest.nc.reused", 1, 2, 777 },
		{ "token.created.skewed", 2, 5, 20 },
		{ "layers.good-http-bad-token", 1, 2, 707 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(shard_of_case(str(rows[i].id), 1), 1);
		assert_int_equal(shard_of_case(str(rows[i].id), 2), rows[i].of_2);
		assert_int_equal(shard_of_case(str(rows[i].id), 5), rows[i].of_5);
		assert_int_equal(shard_of_case(str(rows[i].id), 1000), rows[i].of_1000);
	}
}

#define CASES 2000

/* Every case is in one part, from 1 to total, and no part is far from its share. */
static void parts_are_the_whole(void **state)
{
	static const int totals[] = { 1, 2, 3, 7, 20 };

	(void)state;
	for (size_t t = 0; t < COUNT(totals); t++) {
		int count[21] = { 0 };

		for (int i = 0; i < CASES; i++) {
			char id[32];
			int part;

			snprintf(id, sizeof(id), "family.topic.v%d", i);
			part = shard_of_case(str(id), totals[t]);
			assert_in_range(part, 1, totals[t]);
			count[part]++;
		}
		for (int part = 1; part <= totals[t]; part++)
			assert_in_range(count[part], CASES / totals[t] / 2, 2 * CASES / totals[t]);
	}
}

static void the_cap_is_parted(void **state)
{
	static const struct {
		struct failure_budget before;
		struct shard s;
		int count; /* -1: refused */
	} rows[] = {
		{ { .count = 10, .window_ms = 1000 }, { 0, 0 }, 10 },
		{ { .count = 10, .window_ms = 1000 }, { 1, 1 }, 10 },
		{ { .count = 10, .window_ms = 1000 }, { 3, 3 }, 3 },
		{ { .count = 3 }, { 1, 4 }, 0 }, /* never more than the whole */
		{ { .in_row = 1 }, { 1, 1 }, 0 },
		{ { .in_row = 1 }, { 1, 2 }, -1 },
		{ { .unlimited = true, .in_row = 1 }, { 1, 2 }, 0 },
		{ { .unlimited = true, .count = 7 }, { 1, 2 }, 7 },
	};
	const struct options o = { .failures = STR("in-row:1") };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct failure_budget b = rows[i].before;
		struct err err = { 0 };
		int bad = shard_budget(&rows[i].s, &o, &b, &err);

		assert_int_equal(bad, rows[i].count < 0 ? -1 : 0);
		if (bad)
			assert_non_null(strstr(err.text, "--failures in-row:1: "));
		else
			assert_int_equal(b.count, rows[i].count);
		assert_int_equal(b.window_ms, rows[i].before.window_ms);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_read),
		cmocka_unit_test(what_is_no_part_is_refused),
		cmocka_unit_test(the_environment_tells_the_part),
		cmocka_unit_test(a_case_stays_in_its_part),
		cmocka_unit_test(parts_are_the_whole),
		cmocka_unit_test(the_cap_is_parted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

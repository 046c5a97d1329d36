/* A results.json as a run again, and what is none. */
#include "run_fixture.h"

#include "report/load.h"
#include "report/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define HEAD                                                                                       \
	"{\"format\": 1, \"target\": \"t\", \"kind\": \"http\", \"user\": \"u\",\n"                \
	"\"seed\": \"s\", \"started\": \"2026-01-01T00:00:00.000Z\", \"exit_code\": 0,\n"
#define VARIANT                                                                                    \
	"\"id\": \"a.b\", \"case\": \"a.b\", \"family\": \"a\", \"title\": \"T\", "                \
	"\"rev\": 1, \"verdict\": \"fail\", \"reason\": \"decision\", "
#define ROW(rest)  HEAD "\"variants\": [\n{" rest "}]}"
#define STEPS      "\"steps\": [{\"outcome\": \"accepted\"}]"
#define RUN(extra) HEAD extra "\"variants\": []}"

static json_t *parse(const char *text)
{
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	if (!o)
		fail_msg("no JSON: %s", text);
	return o;
}

/* --- there and back --- */

static void same_text(struct str x, struct str y, const char *what)
{
	if (!str_eq(x, y) || !x.p != !y.p)
		fail_msg("%s: \"%.*s\" was \"%.*s\"", what, STR_ARG(y), STR_ARG(x));
}

static void same_step(const struct step_result *x, const struct step_result *y)
{
	same_text(str(x->role), str(y->role), "role");
	same_text(x->summary, y->summary, "summary");
	same_text(x->why, y->why, "why");
	assert_int_equal(x->step, y->step);
	assert_int_equal(x->outcome, y->outcome);
	assert_int_equal(x->status, y->status);
	assert_int_equal(x->number, y->number);
	assert_int_equal(x->sent_ms, y->sent_ms);
	assert_int_equal(x->took_ms, y->took_ms);
}

static void same_variant(const struct variant_result *x, const struct variant_result *y)
{
	same_text(x->variant->id, y->variant->id, "id");
	same_text(x->variant->c->id, y->variant->c->id, "case");
	same_text(x->variant->c->title, y->variant->c->title, "title");
	same_text(x->message, y->message, "message");
	assert_int_equal(x->verdict, y->verdict);
	assert_int_equal(x->reason, y->reason);
	assert_int_equal(x->gates, y->gates);
	assert_int_equal(x->has_outcome, y->has_outcome);
	if (x->has_outcome)
		assert_int_equal(x->outcome, y->outcome);
	assert_int_equal(x->deciding, y->deciding);
	assert_int_equal(x->failed_logins, y->failed_logins);
	assert_int_equal(x->started_ms, y->started_ms);
	assert_int_equal(x->took_ms, y->took_ms);
	assert_int_equal(x->measured, y->measured);
	assert_int_equal(x->value, y->value);
	assert_int_equal(x->n_more, y->n_more);
	assert_int_equal(!x->waiver, !y->waiver);
	assert_int_equal(x->n_step, y->n_step);
	for (size_t i = 0; i < x->n_step; i++)
		same_step(&x->step[i], &y->step[i]);
}

static void same_run(const struct run_result *x, const struct run_result *y)
{
	same_text(x->target, y->target, "target");
	same_text(x->kind, y->kind, "kind");
	same_text(x->user, y->user, "user");
	same_text(x->budget, y->budget, "budget");
	assert_int_equal(x->started_wall_ms, y->started_wall_ms);
	assert_int_equal(x->took_ms, y->took_ms);
	assert_int_equal(x->exit_code, y->exit_code);
	assert_int_equal(x->failed_logins, y->failed_logins);
	assert_int_equal(x->exchanges, y->exchanges);
	assert_int_equal(x->waived, y->waived);
	assert_int_equal(x->n_variant, y->n_variant);
	for (int i = 0; i < VERDICTS; i++)
		assert_int_equal(x->count[i], y->count[i]);
	for (size_t i = 0; i < x->n_variant; i++)
		same_variant(&x->variant[i], &y->variant[i]);
}

static void there_and_back(struct run_fixture *f)
{
	struct run_result back;
	struct arena a;
	struct load l = { .a = &a };
	struct err err = { 0 };
	json_t *o = json_run(&f->r, &f->o, &err);

	assert_non_null(o);
	arena_init(&a, 1 << 22);
	if (load_check(&l, o, &err) || load_run(&l, o, &back, &err))
		fail_msg("%s", err.text);
	json_decref(o); /* nothing is borrowed from it */
	same_run(&f->r, &back);
	arena_free(&a);
}

static void a_run_comes_back(void **state)
{
	struct run_fixture f;

	(void)state;
	run_fixture_start(&f, STR("some text"));
	there_and_back(&f);
	run_fixture_overlay(&f, 3, STR("some text"));
	there_and_back(&f);
	run_fixture_end(&f);
}

/* --- what is none --- */

static const struct {
	const char *text, *complaint;
} refused[] = {
	{ "[]", "r.json:1: format, expected 1" },
	{ "{\"format\": 2, \"variants\": []}", "r.json:1: format, expected 1" },
	{ "{\"format\": \"1\", \"variants\": []}", "r.json:1: format, expected 1" },
	{ "{\"format\": 1}", "r.json:1: format, expected 1" },
	{ "{\"format\": 1, \"variants\": {}}", "r.json:1: format, expected 1" },
	{ "{\"format\": 1, \"variants\": [], \"target\": 1}", "target, expected a text" },
	{ "{\"format\": 1, \"variants\": [], \"target\": \"t\"}", "kind, expected a text" },
	{ HEAD "\"variants\": [3]}", "r.json:1: id of a variant, expected a text" },
	{ HEAD "\"variants\": [null]}", "id of a variant, expected a text" },
	{ ROW("\"id\": \"a.b\""), "r.json:4: variant a.b: case, expected a text" },
	{ ROW("\"id\": \"\""), "id of a variant, expected a text" },
	{ ROW(VARIANT "\"steps\": {}"), "r.json:4: variant a.b: steps, expected a list" },
	{ ROW("\"id\": \"a.b\", \"case\": \"a\", \"family\": \"a\", \"title\": \"T\", "
	      "\"verdict\": \"good\""),
	  "variant a.b: verdict, expected one of" },
	{ ROW("\"id\": \"a.b\", \"case\": \"a\", \"family\": \"a\", \"title\": \"T\", "
	      "\"verdict\": \"pass\", \"reason\": 7"),
	  "variant a.b: reason, expected one of" },
	{ ROW(VARIANT STEPS ", \"outcome\": \"good\""), "variant a.b: outcome, expected one of" },
	{ ROW(VARIANT STEPS ", \"measure\": {\"value\": 1.5}"),
	  "variant a.b: value, expected an integer" },
	{ "{\"format\": 1, \"variants\": [], \"target\": \"t\", \"kind\": \"http\", \"user\": "
	  "\"u\", "
	  "\"seed\": \"s\", \"started\": \"soon\", \"exit_code\": 0}",
	  "started, expected a moment of UTC" },
};

static void what_is_no_run_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refused); i++) {
		const struct load l = { .path = STR("r.json"), .text = str(refused[i].text) };
		struct err err = { 0 };
		json_t *o = parse(refused[i].text);

		assert_int_equal(load_check(&l, o, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.text, refused[i].complaint))
			fail_msg("%zu: %s", i, err.text);
		json_decref(o);
	}
}

static void an_exit_status_is_one_of_ours(void **state)
{
	static const char *const rows[] = { "-1", "7", "4294967296", "1.0", "\"0\"", "null" };
	struct load l = { .path = STR("r.json") };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		json_t *o = parse(RUN(""));

		json_object_set_new(o, "exit_code", json_loads(rows[i], JSON_DECODE_ANY, NULL));
		assert_int_equal(load_check(&l, o, &err), -1);
		assert_string_equal(err.text, "r.json:1: exit_code, expected 0 to 6");
		json_decref(o);
	}
}

/* Members that only a writer of ours puts right: whatever stands there, the run can be reported. */
static void odd_members_do_no_harm(void **state)
{
	static const struct {
		const char *text;
		int deciding;
	} rows[] = {
		{ ROW(VARIANT STEPS ", \"deciding\": 0"), 0 },
		{ ROW(VARIANT STEPS ", \"deciding\": 1"), -1 },
		{ ROW(VARIANT STEPS ", \"deciding\": -7"), -1 },
		{ ROW(VARIANT STEPS ", \"deciding\": -4294967296"), -1 },
		{ ROW(VARIANT STEPS ", \"deciding\": \"0\""), -1 },
		{ ROW(VARIANT "\"steps\": [1, null, [], {\"status\": 99999999999}]"), -1 },
		{ ROW(VARIANT STEPS ", \"measure\": [], \"waiver\": 3, \"outcome\": {}"), -1 },
		{ ROW(VARIANT STEPS
		      ", \"measure\": {\"value\": 1, \"more\": [null, {\"name\": 1}]}"),
		  -1 },
		{ ROW(VARIANT STEPS ", \"waiver\": {}, \"level\": \"must\", \"clause\": \"c\""),
		  -1 },
		{ RUN("\"cause\": 1, \"cause_page\": {\"todo\": [1, {}]}, \"survey\": [],"), -1 },
		{ RUN("\"waivers\": {\"problems\": [3, null]}, \"inventory\": \"x\","), -1 },
		{ RUN("\"catalogue_sha256\": \"0123456789012345678901234567890123456789012345678901"
		      "23456789012345678901234567890\","),
		  -1 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct run_result r;
		struct arena a;
		struct load l = { .a = &a };
		struct err err = { 0 };
		json_t *o = parse(rows[i].text);

		arena_init(&a, 1 << 20);
		if (load_check(&l, o, &err) || load_run(&l, o, &r, &err))
			fail_msg("%zu: %s", i, err.text);
		if (r.n_variant && r.variant[0].deciding != rows[i].deciding)
			fail_msg("%zu: step %d decides", i, r.variant[0].deciding);
		json_decref(o);
		arena_free(&a);
	}
}

/* --- files that are merged --- */

static const struct {
	const char *text[2];   /* of two files; NULL: one */
	const char *complaint; /* NULL: they are merged */
} merged[] = {
	{ { "{\"runs\": []}" }, NULL }, /* a shard that got no device */
	{ { "{\"runs\": []}", RUN("") }, NULL },
	{ { "{\"runs\": [7]}" }, "1: format, expected 1" },
	{ { RUN("\"shard\": {\"index\": 1, \"total\": 1000000},") }, "1: shard, expected" },
	{ { RUN("\"shard\": {\"index\": 3, \"total\": 2},") }, "1: shard, expected" },
	{ { RUN("\"shard\": {\"index\": -1, \"total\": -1},") }, "1: shard, expected" },
	{ { RUN("\"failed_logins\": 9223372036854775807, \"counts\": {\"pass\": "
		"9223372036854775807}, \"shard\": {\"index\": 1, \"total\": 2},"),
	    RUN("\"failed_logins\": 9223372036854775807, \"counts\": {\"pass\": 1}, "
		"\"shard\": {\"index\": 2, \"total\": 2},") },
	  NULL },
	{ { RUN("\"shard\": {\"index\": 1, \"total\": 2},") }, NULL },
	{ { RUN("\"inventory\": {\"index\": 9, \"total\": 3, \"device\": \"d\"},") }, NULL },
	{ { RUN("") }, NULL },
};

static void put_file(const char *path, const char *text)
{
	struct err err = { 0 };

	if (file_replace(path, str(text), &err))
		fail_msg("%s", err.text);
}

static int merge_files(const char *const text[2], struct err *err)
{
	static const char *const paths[] = { "load_test_1.json", "load_test_2.json" };
	struct merge *m = merge_new(err);
	struct fleet_report *f = fleet_report_new(STR("tool"), STR("title"), err);
	int bad = 0;

	assert_non_null(m);
	assert_non_null(f);
	for (size_t i = 0; i < 2 && text[i] && !bad; i++) {
		put_file(paths[i], text[i]);
		bad = merge_add(m, str(paths[i]), err);
		remove(paths[i]);
	}
	if (!bad)
		bad = merge_join(m, NULL, f, FLEET_JUNIT | FLEET_JSON, err);
	if (!bad)
		assert_int_equal(merge_runs(m), strstr(text[text[1] != NULL], "target") ? 1 : 0);
	fleet_report_free(f);
	merge_free(m);
	return bad;
}

static void hostile_files_are_merged_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(merged); i++) {
		struct err err = { 0 };
		int bad = merge_files(merged[i].text, &err);

		if (bad != (merged[i].complaint ? -1 : 0))
			fail_msg("%zu: %d, %s", i, bad, err.text);
		if (bad && !strstr(err.text, merged[i].complaint))
			fail_msg("%zu: %s", i, err.text);
		assert_int_equal(err.code, bad ? ERR_INPUT : ERR_NONE);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_run_comes_back),
		cmocka_unit_test(what_is_no_run_is_refused),
		cmocka_unit_test(an_exit_status_is_one_of_ours),
		cmocka_unit_test(odd_members_do_no_harm),
		cmocka_unit_test(hostile_files_are_merged_or_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Known secrets go through every writer, and none comes out.  A new writer is a row. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "run_fixture.h"

#include "report/compare.h"
#include "report/decoding.h"
#include "report/events.h"
#include "report/fleet.h"
#include "report/merge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <ftw.h>
#include <unistd.h>

/* user admin, realm r, password Gr3y-H0rse-Parade */
#define PASSWORD "Gr3y-H0rse-Parade"
#define HEX      "477233792D48307273652D506172616465"
#define ESCAPED  "Gr3y\\u002dH0rse\\u002dParade"
#define PAYLOAD  "YWRtaW46R3IzeS1IMHJzZS1QYXJhZGU="
#define HA1      "3e8d2f1a9c4b5d6e7f80912a3b4c5d6e"
#define RESPONSE "6629fae49393a05397450978507c4ef1"
#define RSPAUTH  "8ca523f5e9506fed4657c9700eebdbec"
#define DIGEST   "tuOSpGlFlIXsozq4HFNeeGeFLEI="
#define COOKIE   "5e55i0n-0f-a-man"
#define NONCE    "n0nce-that-may-be-seen"

static const char *const secrets[] = {
	PASSWORD, "r3y-H0rse",  PAYLOAD,     "R3IzeS1IMHJzZS1QYXJhZGU",
	HA1,      RESPONSE,     RSPAUTH,     DIGEST,
	COOKIE,   "477233792D", "u002dH0rse"
};

static const char sent[] = "POST /" PASSWORD "?a=b HTTP/1.1\r\n"
			   "Authorization: Basic " PAYLOAD "\r\n"
			   "Authorization: Digest username=\"admin\", nonce=\"" NONCE
			   "\", response=\"" RESPONSE "\"\r\n"
			   "Cookie: sid=" COOKIE "\r\n"
			   "\r\n"
			   "<w:Password Type=\"#PasswordDigest\">" DIGEST "</w:Password>"
			   "<w:Password>" PASSWORD "</w:Password>";
static const char received[] =
	"HTTP/1.1 401 Not " PASSWORD "\r\n"
	"Set-Cookie: sid=" COOKIE "\r\n"
	"Authentication-Info: rspauth=\"" RSPAUTH "\", nextnonce=\"" NONCE "\"\r\n"
	"X-Echo: " PAYLOAD "\r\n"
	"\r\n"
	"in hex " HEX ", for JSON " ESCAPED ", you sent " RESPONSE " and " DIGEST " with " COOKIE
	" and " PAYLOAD "; I know " HA1 "; &lt;w:Password&gt;" DIGEST "&lt;/w:Password&gt;";
static const char told[] = "the target said: " PASSWORD ", " HEX ", " HA1 ", Basic " PAYLOAD
			   ", response=\"" RESPONSE "\"";

static int on_console(const struct run_result *r, const struct report_options *o, const char *path,
		      struct err *err)
{
	const struct console_options how = { .width = 5000 };
	FILE *out = fopen(path, "w");

	(void)err;
	assert_non_null(out);
	console_survey(out, r, o->redactor, &how);
	console_findings(out, r, o->redactor, &how);
	console_totals(out, r, &how);
	return fclose(out);
}

static int finish(FILE *out, int status)
{
	return fclose(out) ? -1 : status;
}

/* All lines of a run, and those of `countersign drive`. */
static int on_events(const struct run_result *r, const struct report_options *o, const char *path,
		     struct err *err)
{
	const struct variant_result *v = &r->variant[0];
	const struct open_told answer = { .message = str(told),
					  .form = str(told),
					  .defects = str(told),
					  .step = v->step,
					  .n_step = v->n_step };
	struct err problem = { 0 };
	FILE *out = fopen(path, "w");
	int status = 0;

	assert_non_null(out);
	(void)err_set(&problem, ERR_INPUT, "line 1: %s", told);
	status |= events_plan(out, r, o, err) | events_survey(out, r, o, err);
	for (size_t i = 0; i < r->n_variant; i++)
		status |= events_variant(out, r, o, &r->variant[i], err);
	status |= events_answer(out, r, o, &answer, err) |
		  events_problem(out, r, o, &problem, err) | events_end(out, r, o, err);
	return finish(out, status);
}

static int as_annotations(const struct run_result *r, const struct report_options *o,
			  const char *path, struct err *err)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	return finish(out, github_annotations(out, r, o, err));
}

static int in_fleet(const struct run_result *r, const struct report_options *o, const char *path,
		    int (*write)(const struct fleet_report *f, const char *path, struct err *err),
		    struct err *err)
{
	struct fleet_report *f = fleet_report_new(STR("tool"), STR("title"), err);
	int status;

	assert_non_null(f);
	status = fleet_report_add(f, r, o, FLEET_JUNIT | FLEET_JSON, STR(""), err);
	if (status == 0)
		status = write(f, path, err);
	fleet_report_free(f);
	return status;
}

static int fleet_on_console(const struct fleet_report *f, const char *path, struct err *err)
{
	const struct console_options how = { .width = 5000 };
	FILE *out = fopen(path, "w");

	(void)err;
	assert_non_null(out);
	console_fleet(out, f, &how);
	return finish(out, 0);
}

#define FLEET_WRITER(name, write)                                                                  \
	static int name(const struct run_result *r, const struct report_options *o,                \
			const char *path, struct err *err)                                         \
	{                                                                                          \
		return in_fleet(r, o, path, write, err);                                           \
	}
FLEET_WRITER(fleet_junit, report_fleet_junit)
FLEET_WRITER(fleet_json, report_fleet_json)
FLEET_WRITER(fleet_html, report_fleet_html)
FLEET_WRITER(fleet_console, fleet_on_console)

/* Against a run that passed: each finding is a row, and its words are this run's. */
static int compared(const struct run_result *r, struct arena *a, struct comparison *c,
		    struct err *err)
{
	struct ledger *before = arena_new(a, struct ledger), *after = arena_new(a, struct ledger);

	assert_true(before && after);
	if (ledger_of_run(a, r, before, err) || ledger_of_run(a, r, after, err))
		return -1;
	for (size_t i = 0; i < before->n; i++)
		before->row[i].verdict = VERDICT_PASS;
	return compare(a, before, after, 10, c, err);
}

static int comparison_as(const struct run_result *r, const struct report_options *o,
			 const char *path, bool json, struct err *err)
{
	const struct console_options how = { .width = 5000 };
	struct comparison c;
	struct arena a;
	int status;

	arena_init(&a, 1 << 20);
	status = compared(r, &a, &c, err);
	if (status == 0 && json) {
		status = report_comparison(&c, o, path, err);
	} else if (status == 0) {
		FILE *out = fopen(path, "w");

		assert_non_null(out);
		console_comparison(out, &c, o->redactor, &how);
		status = finish(out, 0);
	}
	arena_free(&a);
	return status;
}

static int comparison(const struct run_result *r, const struct report_options *o, const char *path,
		      struct err *err)
{
	return comparison_as(r, o, path, true, err);
}

static int comparison_on_console(const struct run_result *r, const struct report_options *o,
				 const char *path, struct err *err)
{
	return comparison_as(r, o, path, false, err);
}

/* What was pasted holds all that a run hears. */
static int decoding_as(const struct report_options *o, const char *path, bool json, struct err *err)
{
	const struct console_options how = { .width = 5000 };
	struct decoding d = { .file = str(told) };
	struct decoded_item *item;
	struct arena a;
	int status = 0;

	arena_init(&a, 1 << 20);
	item = decoding_item(&a, &d, 1, "Digest credentials");
	assert_non_null(item);
	decoding_fact(item, "digest.nc.reused", str(told));
	decoding_find(item, DECODED_WRONG, "digest.nc.reused", str(told), "rfc7616#3.4.nc");
	if (json) {
		status = report_decoding(&d, o, path, err);
	} else {
		FILE *out = fopen(path, "w");

		assert_non_null(out);
		console_decoding(out, &d, o->redactor, &how);
		status = finish(out, 0);
	}
	arena_free(&a);
	return status;
}

static int decoding(const struct run_result *r, const struct report_options *o, const char *path,
		    struct err *err)
{
	(void)r;
	return decoding_as(o, path, true, err);
}

static int decoding_on_console(const struct run_result *r, const struct report_options *o,
			       const char *path, struct err *err)
{
	(void)r;
	return decoding_as(o, path, false, err);
}

/* It knows no secret, and writes what report_json left. */
static int merged(const struct run_result *r, const struct report_options *o, const char *path,
		  struct err *err)
{
	struct fleet_report *f = fleet_report_new(STR("tool"), STR("title"), err);
	struct merge *m = merge_new(err);
	int status;

	assert_true(f && m);
	status = report_json(r, o, path, err);
	if (status == 0)
		status = merge_add(m, str(path), err);
	if (status == 0)
		status = merge_join(m, r->catalogue, f, FLEET_JSON, err);
	if (status == 0)
		status = merge_json(m, path, err);
	merge_free(m);
	fleet_report_free(f);
	return status;
}

static const struct {
	const char *name;
	int (*write)(const struct run_result *r, const struct report_options *o, const char *path,
		     struct err *err);
	bool octets; /* it holds those of requests and answers */
} writers[] = {
	{ "console", on_console, false },
	{ "junit", report_junit, false },
	{ "json", report_json, true },
	{ "har", report_har, true },
	{ "pcapng", report_pcapng, true },
	{ "results", report_results, true },
	{ "html", report_html, true },
	{ "markdown", report_markdown, false },
	{ "tap", report_tap, false },
	{ "summary", github_summary, false },
	{ "annotations", as_annotations, false },
	{ "events", on_events, true },
	{ "fleet's junit", fleet_junit, false },
	{ "fleet's json", fleet_json, true },
	{ "fleet's html", fleet_html, false },
	{ "fleet on the console", fleet_console, false },
	{ "comparison", comparison, false },
	{ "comparison on the console", comparison_on_console, false },
	{ "decoding", decoding, false },
	{ "decoding on the console", decoding_on_console, false },
	{ "merged", merged, true },
};

static bool saw_nonce, saw_id;

static bool holds(const char *all, size_t n, const char *words)
{
	return str_find(str_n(all, n), str(words)) != (size_t)-1;
}

static int search(const char *path, const struct stat *st, int type, struct FTW *at)
{
	size_t n;
	char *all;

	(void)st;
	(void)at;
	if (type != FTW_F)
		return 0;
	all = run_fixture_file(path, &n);
	for (size_t i = 0; i < COUNT(secrets); i++)
		if (holds(all, n, secrets[i]))
			fail_msg("%s holds %s", path, secrets[i]);
	saw_nonce = saw_nonce || holds(all, n, NONCE);
	saw_id = saw_id || holds(all, n, "digest.nc.reused");
	free(all);
	return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

/* Another number for each step, or exchanges would be shared. */
static void fill_octets(struct run_fixture *f)
{
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++)
		for (size_t k = 0; k < 3; k++) {
			struct step_result *s = &f->step[i][k];

			s->number = (int64_t)(i * 3 + k + 1);
			s->sent = str(sent);
			s->received = str(received);
		}
}

static void no_writer_tells_a_secret(void **state)
{
	struct run_fixture f;
	struct err err = { 0 };

	(void)state;
	run_fixture_start(&f, str(told));
	fill_octets(&f);
	f.r.cause = str(told);
	assert_int_equal(redact_add(&f.redactor, STR(PASSWORD)), 0);
	assert_int_equal(redact_add(&f.redactor, str_sub(STR(PASSWORD), 1, SIZE_MAX)), 0);
	assert_int_equal(redact_add(&f.redactor, STR(HA1)), 0);
	for (size_t i = 0; i < COUNT(writers); i++) {
		saw_nonce = saw_id = false;
		if (writers[i].write(&f.r, &f.o, f.path, &err))
			fail_msg("%s: %s", writers[i].name, err.text);
		nftw(f.path, search, 8, FTW_PHYS);
		if (!saw_id || saw_nonce != writers[i].octets)
			fail_msg("%s: id %d, octets %d", writers[i].name, saw_id, saw_nonce);
		nftw(f.path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(no_writer_tells_a_secret) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* One cause is named for a run that could not start, or for many findings: on the reference device,
 * with a wrong clock, a wrong password, a lock-out, and so on.
 */
#include "cli/lab.h"
#include "engine/internal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static struct catalogue catalogue;

static int setup(void **state)
{
	struct err err;

	(void)state;
	return catalogue_load(&catalogue, NULL, &err);
}

static int teardown(void **state)
{
	(void)state;
	catalogue_free(&catalogue);
	return 0;
}

static void every_page_has_all_its_parts(void **state)
{
	size_t n = 0;

	(void)state;
	for (; cause_id(n); n++) {
		struct arena a;
		struct cause c;

		arena_init(&a, 1 << 20);
		if (cause_read(&a, str(cause_id(n)), STR("Seen."), &c))
			fail_msg("%s.md lacks a title, what is behind it, or what to do",
				 cause_id(n));
		assert_true(str_starts(c.what, STR("Seen. ")));
		assert_true(str_chr(c.what, '\n') == (size_t)-1);
		assert_true(c.title.n > 10 && c.title.n <= 80);
		for (size_t i = 0; i < c.n_todo; i++)
			assert_true(c.todo[i].n > 10 && !char_is_digit(c.todo[i].p[0]));
		assert_true(n == 0 || strcmp(cause_id(n - 1), cause_id(n)) < 0);
		arena_free(&a);
	}
	assert_true(n >= 10);
	assert_null(cause_text(STR("no-such-cause")).p);
}

static const struct {
	const char *persona, *fault, *password, *operation, *only;
	int64_t clock_offset_ms;
	bool stopped;
	const char *id; /* NULL: none */
	const char *what;
} runs[] = {
	{ .persona = "onvif", .only = "digest.nc.reused" },
	{ .persona = "onvif",
	  .only = "digest.nc.reused",
	  .clock_offset_ms = 119000 /* within the two minutes */ },
	{ .persona = "pc-cctv",
	  .only = "digest.nc.reused",
	  .id = "clock-ahead",
	  .what = "It is 2820 s ahead of that of this machine" },
	{ .persona = "onvif",
	  .only = "digest.nc.reused",
	  .clock_offset_ms = -400000,
	  .id = "clock-behind",
	  .what = "It is 400 s behind" },
	{ .persona = "onvif",
	  .only = "digest.nc.reused",
	  .clock_offset_ms = 3600000,
	  .id = "clock-hour",
	  .what = "One hour: daylight saving, most likely." },
	{ .persona = "onvif",
	  .only = "digest.nc.reused",
	  .clock_offset_ms = -2 * 3600000 + 20000,
	  .id = "clock-hour",
	  .what = "It is 7180 s behind" },
	{ .persona = "onvif",
	  .only = "token.*",
	  .fault = "env-clock-step",
	  .id = "clock-stepped",
	  .what = "It jumped 1 time" },
	{ .persona = "token-only",
	  .only = "token.created.*",
	  .fault = "created-ignored",
	  .id = "time-not-checked",
	  .what = "tokens of a wrong time was accepted" },
	{ .persona = "onvif", .only = "token.created.*" },
	{ .persona = "digest-only",
	  .id = "digest-only",
	  .what = "variants that need a token were not judged" },
	{ .persona = "onvif",
	  .password = "not it",
	  .stopped = true,
	  .id = "password-wrong",
	  .what = "refused by every way" },
	{ .persona = "token-only",
	  .password = "not it",
	  .clock_offset_ms = 500000,
	  .stopped = true,
	  .id = "password-wrong",
	  .what = "the device's clock differs by 500 s" },
	{ .persona = "onvif",
	  .fault = "env-lockout",
	  .stopped = true,
	  .id = "account-locked",
	  .what = "It says for how long: 30 minutes." },
	{ .persona = "onvif",
	  .fault = "env-lockout-silent",
	  .stopped = true,
	  .id = "account-locked",
	  .what = "It does not say so, nor for how long." },
	{ .persona = "onvif",
	  .fault = "anonymous-getusers",
	  .operation = "GetUsers",
	  .stopped = true,
	  .id = "anonymous-access",
	  .what = "answered without credentials" },
	{ .persona = "onvif",
	  .fault = "env-wrong-host",
	  .stopped = true,
	  .id = "path-wrong",
	  .what = "Something speaks HTTP" },
	{ .persona = "http",
	  .fault = "env-wrong-host",
	  .stopped = true,
	  .id = "path-wrong",
	  .what = "Something speaks HTTP" },
};

static void a_run_names_its_cause(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(runs); i++) {
		const struct persona *p = persona_find(str(runs[i].persona));
		struct lab lab = { .catalogue = &catalogue,
				   .profile = catalogue_profile(&catalogue, str(p->profile)),
				   .device = { .persona = p,
					       .clock_offset_ms = runs[i].clock_offset_ms } };
		struct run_result r = { 0 };
		struct err err = { 0 };

		arena_init(&r.a, 256u << 20);
		if (runs[i].fault)
			lab.device.fault[lab.device.n_fault++] = fault_find(str(runs[i].fault));
		if (runs[i].password)
			lab.engine.account =
				(struct craft_account){ STR("admin"), str(runs[i].password) };
		lab.engine.operation = str(runs[i].operation);
		lab.engine.only[0] = str(runs[i].only);
		lab.engine.n_only = runs[i].only != NULL;
		if (lab_run(&lab, &r, &err))
			fail_msg("run %zu: %s", i, err.text);
		if (!r.cause_page != !runs[i].id)
			fail_msg("run %zu: cause %.*s, expected %s", i,
				 STR_ARG(r.cause_page ? r.cause_page->id : STR("none")),
				 runs[i].id ? runs[i].id : "none");
		assert_int_equal(r.cause.p != NULL, runs[i].stopped);
		if (r.cause_page && (!str_eq(r.cause_page->id, str(runs[i].id)) ||
				     str_find(r.cause_page->what, str(runs[i].what)) == (size_t)-1))
			fail_msg("run %zu: %.*s: %.*s", i, STR_ARG(r.cause_page->id),
				 STR_ARG(r.cause_page->what));
		arena_free(&r.a);
	}
}

static void the_first_answer_tells_where_it_went(void **state)
{
	static const struct {
		enum wire_fate fate;
		const char *why, *sent, *received, *body;
		int status;
		const char *id;
	} rows[] = {
		{ .fate = WIRE_UNRESOLVED, .id = "name-unknown" },
		{ .fate = WIRE_TIMEOUT, .id = "no-answer" },
		{ .fate = WIRE_TIMEOUT, .sent = "POST", .id = "no-answer" },
		{ .fate = WIRE_CLOSED, .why = "Connection refused", .id = "nobody-listens" },
		{ .fate = WIRE_CLOSED, .sent = "POST", .id = "wrong-port" },
		{ .fate = WIRE_TLS, .why = "wrong version number", .id = "tls-on-plain" },
		{ .fate = WIRE_TLS,
		  .why = "SSL certificate problem: self-signed certificate",
		  .id = "certificate" },
		{ .fate = WIRE_MALFORMED,
		  .sent = "POST",
		  .received = "\x15\x03\x01",
		  .id = "plain-on-tls" },
		{ .fate = WIRE_MALFORMED,
		  .sent = "POST",
		  .received = "RTSP/1.0 400",
		  .id = "wrong-port" },
		{ .fate = WIRE_ANSWERED,
		  .sent = "POST",
		  .status = 400,
		  .body = "<h1>The plain HTTP request was sent to HTTPS port</h1>",
		  .id = "plain-on-tls" },
		{ .fate = WIRE_ANSWERED, .sent = "POST", .status = 404, .id = "path-wrong" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct exchange x = { .fate = rows[i].fate };

		snprintf(x.why, sizeof(x.why), "%s", rows[i].why ? rows[i].why : "");
		x.sent_octets = str(rows[i].sent);
		x.received_octets = str(rows[i].received);
		x.response.status = rows[i].status;
		x.response.body = str(rows[i].body);
		assert_string_equal(cause_of_exchange(&x), rows[i].id);
		assert_non_null(cause_text(str(rows[i].id)).p);
	}
}

static void the_first_cause_stays(void **state)
{
	struct run_result r = { 0 };

	(void)state;
	arena_init(&r.a, 1 << 20);
	cause_name(&r, "no-such-page", STR(""));
	assert_null(r.cause_page);
	cause_name(&r, "path-wrong", STR(""));
	cause_name(&r, "password-wrong", STR(""));
	assert_true(str_eq(r.cause_page->id, STR("path-wrong")));
	arena_free(&r.a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_page_has_all_its_parts),
		cmocka_unit_test(a_run_names_its_cause),
		cmocka_unit_test(the_first_answer_tells_where_it_went),
		cmocka_unit_test(the_first_cause_stays),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

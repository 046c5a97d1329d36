/* Each measure finds the number that the reference device was told to have. */
#include "cli/lab.h"

#include <setjmp.h>
#include <stdarg.h>

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

struct bench {
	struct run_result r;
};

static void bench_free(struct bench *b)
{
	arena_free(&b->r.a);
}

/* The one variant of that case, on the device with that fault (NULL: none). */
static const struct variant_result *measure(struct bench *b, const char *persona, const char *fault,
					    const char *id)
{
	struct lab lab = { .catalogue = &catalogue,
			   .profile = catalogue_profile(&catalogue, STR("hardened")),
			   .device = { .persona = persona_find(str(persona)) } };
	struct err err = { 0 };

	*b = (struct bench){ 0 };
	arena_init(&b->r.a, 256u << 20);
	lab.engine.only[0] = str(id);
	lab.engine.n_only = 1;
	lab.engine.risk = RISK_UNSAFE;
	if (fault) {
		lab.device.fault[0] = fault_find(str(fault));
		lab.device.n_fault = 1;
		assert_non_null(lab.device.fault[0]);
	}
	if (lab_run(&lab, &b->r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(b->r.n_variant, 1);
	return &b->r.variant[0];
}

static int64_t more(const struct variant_result *v, const char *name)
{
	for (size_t i = 0; i < v->n_more; i++)
		if (strcmp(v->more[i].name, name) == 0)
			return v->more[i].value;
	return -1;
}

static void numbers_are_those_of_the_device(void **state)
{
	static const struct {
		const char *persona, *fault, *id;
		int64_t value;
		bool at_limit;
	} rows[] = {
		{ "onvif", NULL, "measure.digest.nonce.uses", 500, true },
		{ "onvif", "nonce-uses-limit", "measure.digest.nonce.uses", 8, false },
		{ "onvif", "nonce-one-shot", "measure.digest.nonce.uses", 1, false },
		{ "onvif", NULL, "measure.digest.nc.window", 63, false },
		{ "onvif", "nc-window-small", "measure.digest.nc.window", 7, false },
		{ "onvif", NULL, "measure.digest.cnonce.length", 4096, true },
		{ "onvif", "cnonce-limit", "measure.digest.cnonce.length", 64, false },
		{ "onvif", "user-limit", "measure.digest.user.length", 64, false },
		{ "onvif", "user-limit", "measure.token.user.length", 64, false },
		{ "token-only", NULL, "measure.token.user.length", 4096, true },
		{ "token-only", "token-nonce-limit", "measure.token.nonce.length", 20, false },
		{ "http", NULL, "measure.http.header.length", 16384, true },
		{ "onvif", "header-limit", "measure.http.header.length", 4080, false },
		{ "token-only", NULL, "measure.token.cache.size", 512, true },
		/* sixteen places: fifteen others leave the used one its own */
		{ "token-only", "token-cache-small", "measure.token.cache.size", 15, false },
		{ "token-only", "token-nonce-replay-accepted", "measure.token.cache.size", 0,
		  false },
		{ "token-only", NULL, "measure.token.cache.life", 290, true },
		{ "onvif", NULL, "measure.digest.nonce.entropy", 128, false },
		{ "onvif", "nonce-fixed", "measure.digest.nonce.entropy", 0, false },
		{ "onvif", NULL, "measure.digest.user.time", 0, false },
		{ "onvif", "user-timing", "measure.digest.user.time", 40, false },
		{ "onvif", "user-timing", "measure.token.user.time", 40, false },
		{ "onvif", "bare-401-counted", "measure.bare-401.cost", 1, false },
		{ "onvif", "env-lockout", "measure.bare-401.cost", 0, false },
		{ "onvif", NULL, "measure.digest.lock-out", 20, true },
		{ "onvif", "env-lockout", "measure.digest.lock-out", 5, false },
		{ "token-only", "env-lockout", "measure.token.lock-out", 5, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench b DEFER(bench_free);
		const struct variant_result *v =
			measure(&b, rows[i].persona, rows[i].fault, rows[i].id);

		if (!v->measured || v->value != rows[i].value || v->at_limit != rows[i].at_limit)
			fail_msg("%s, fault %s: %s, %.*s", rows[i].id,
				 rows[i].fault ? rows[i].fault : "none", verdict_name(v->verdict),
				 STR_ARG(v->message));
		assert_int_equal(v->verdict, VERDICT_PASS);
	}
}

static void lives_are_within_the_resolution(void **state)
{
	struct bench b DEFER(bench_free);
	const struct variant_result *v =
		measure(&b, "token-only", "token-cache-short", "measure.token.cache.life");

	(void)state;
	assert_true(v->measured);
	assert_in_range(v->value, 50, 60);
}

static void lock_outs_end(void **state)
{
	struct bench b DEFER(bench_free), silent DEFER(bench_free);
	const struct variant_result *v =
		measure(&b, "onvif", "env-lockout", "measure.digest.lock-out");

	(void)state;
	assert_int_equal(more(v, "told"), 1);
	assert_int_equal(more(v, "duration"), 1800);
	assert_null(b.r.cause.p); /* and the run did not stop */
	v = measure(&silent, "onvif", "env-lockout-silent", "measure.digest.lock-out");
	assert_int_equal(more(v, "told"), 0);
	assert_int_equal(more(v, "duration"), 1800);
}

static void nonces_tell_of_time(void **state)
{
	struct bench timed DEFER(bench_free), counted DEFER(bench_free);
	const struct variant_result *v =
		measure(&timed, "onvif", "nonce-time-ordered", "measure.digest.nonce.entropy");

	(void)state;
	assert_true(more(v, "rising") > 0);
	assert_in_range(more(v, "rising-from"), 1, 12);
	assert_in_range(v->value, 80, 90);
	v = measure(&counted, "onvif", "nonce-low-entropy", "measure.digest.nonce.entropy");
	assert_in_range(v->value, 1, 12);
	assert_int_equal(more(v, "rising"), 2);
}

/* Without a counter there is no number, and the second wrong password is spared. */
static void what_cannot_be_known_is_skipped(void **state)
{
	struct bench b DEFER(bench_free);
	const struct variant_result *v = measure(&b, "onvif", NULL, "measure.bare-401.cost");

	(void)state;
	assert_false(v->measured);
	assert_int_equal(v->verdict, VERDICT_SKIP);
	assert_int_equal(v->reason, REASON_NOT_OFFERED);
	assert_int_equal(v->failed_logins, 1);
}

/* Lost connections are no numbers. */
static void losses_are_no_findings(void **state)
{
	static const char *const ids[] = { "measure.digest.nonce.uses",
					   "measure.digest.user.length",
					   "measure.token.cache.size" };

	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct bench b DEFER(bench_free);
		const struct variant_result *v = measure(&b, "onvif", "env-drops", ids[i]);

		if (v->measured && !v->at_limit)
			fail_msg("%s: %.*s", ids[i], STR_ARG(v->message));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_those_of_the_device),
		cmocka_unit_test(lives_are_within_the_resolution),
		cmocka_unit_test(lock_outs_end),
		cmocka_unit_test(nonces_tell_of_time),
		cmocka_unit_test(what_cannot_be_known_is_skipped),
		cmocka_unit_test(losses_are_no_findings),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

/* Statistics over answers: the numbers of <sample>. */
#include "engine/sample.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define MANY 50

static struct observation seen[2 * MANY];
static char text[MANY][64];

static int64_t more(const struct sample_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_more; i++)
		if (strcmp(r->more[i].name, name) == 0)
			return r->more[i].value;
	return -1;
}

/* --- arithmetic --- */

static void medians(void **state)
{
	static const struct {
		int64_t v[5];
		size_t n;
		int64_t want;
	} rows[] = {
		{ { 0 }, 0, 0 },
		{ { 7 }, 1, 7 },
		{ { 9, 1 }, 2, 5 },
		{ { 2, -9, 4 }, 3, 2 },
		{ { 1, 2, 1000, 3 }, 4, 2 },
		{ { -1, -2 }, 2, -1 },
		{ { 5, 4, 3, 2, 1 }, 5, 3 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t v[5];

		memcpy(v, rows[i].v, sizeof(v));
		assert_int_equal(sample_median(v, rows[i].n), rows[i].want);
	}
}

static void logarithms(void **state)
{
	static const struct {
		uint64_t n;
		int64_t milli;
	} rows[] = {
		{ 1, 0 },
		{ 2, 1000 },
		{ 3, 1584 },
		{ 10, 3321 },
		{ 16, 4000 },
		{ 17, 4087 },
		{ 64, 6000 },
		{ 257, 8005 },
		{ 1000, 9965 },
		{ UINT64_C(1) << 40, 40000 },
		{ UINT64_C(1) << 63, 63000 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(sample_log2_milli(rows[i].n), rows[i].milli);
}

/* --- nonces --- */

static void set(size_t i, const char *nonce)
{
	snprintf(text[i], sizeof(text[i]), "%s", nonce);
}

static struct sample_result nonces(size_t n)
{
	struct sample_result r;

	for (size_t i = 0; i < n; i++)
		seen[i] = (struct observation){ .nonce = str(text[i]) };
	sample_evaluate(SAMPLE_NONCE_ENTROPY, seen, n, &r);
	return r;
}

/* So many characters of an alphabet, by chance, but the same in each run. */
static void by_chance(char *out, size_t n, const char *alphabet)
{
	static uint64_t x = 88172645463325252u;

	for (size_t i = 0; i < n; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		out[i] = alphabet[(x >> 20) % strlen(alphabet)];
	}
	out[n] = '\0';
}

#define HEX    "0123456789abcdef"
#define BASE64 "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

static void chance_shows_all_its_bits(void **state)
{
	struct sample_result r;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		by_chance(text[i], 32, HEX);
	r = nonces(MANY);
	assert_true(r.known);
	assert_int_equal(r.value, 128);
	assert_int_equal(more(&r, "samples"), MANY);
	assert_int_equal(more(&r, "shortest"), 32);
	assert_int_equal(more(&r, "longest"), 32);
	assert_int_equal(more(&r, "charset"), 16);
	assert_int_equal(more(&r, "varying"), 32);
	assert_int_equal(more(&r, "repeats"), 0);
	assert_int_equal(more(&r, "rising"), 0);
	assert_int_equal(more(&r, "rising-from"), -1);
	for (size_t i = 0; i < MANY; i++)
		by_chance(text[i], 22, BASE64);
	r = nonces(MANY);
	assert_int_equal(r.value, 132);
	assert_int_equal(more(&r, "charset"), 64);
}

/* A colon that always stands at one place is no character that could stand at others. */
static void fixed_parts_do_not_count(void **state)
{
	struct sample_result r;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		set(i, "6512bd43:");
		by_chance(text[i] + 9, 32, HEX);
	}
	r = nonces(MANY);
	assert_int_equal(r.value, 128);
	assert_int_equal(more(&r, "charset"), 17);
	assert_int_equal(more(&r, "varying"), 32);
	assert_int_equal(more(&r, "rising"), 0);
}

static void what_stands_still_has_none(void **state)
{
	struct sample_result r;

	(void)state;
	for (size_t i = 0; i < 10; i++)
		set(i, "always the same");
	r = nonces(10);
	assert_true(r.known);
	assert_int_equal(r.value, 0);
	assert_int_equal(more(&r, "repeats"), 9);
	assert_int_equal(more(&r, "varying"), 0);
	assert_int_equal(more(&r, "rising"), 0);
	assert_false(nonces(1).known); /* one is no sample */
	assert_false(nonces(0).known);
	seen[0].nonce = seen[1].nonce = (struct str){ 0 };
	sample_evaluate(SAMPLE_NONCE_ENTROPY, seen, 2, &r);
	assert_false(r.known);
}

static void counters_rise(void **state)
{
	struct sample_result r;

	(void)state;
	for (size_t i = 0; i < MANY; i++)
		snprintf(text[i], sizeof(text[i]), "%016zx", 1000 + i);
	r = nonces(MANY);
	assert_in_range(r.value, 5, 8);
	assert_int_equal(more(&r, "repeats"), 0);
	assert_int_equal(more(&r, "rising"), 3); /* 3e8 to 419 */
	assert_int_equal(more(&r, "rising-from"), 14);
}

/* Seconds in front, chance behind: the clock moved twice while the sample was taken. */
static void times_in_front_rise(void **state)
{
	struct sample_result r;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		int n = snprintf(text[i], sizeof(text[i]), "%08zx:", (size_t)0x66f00019 + i / 20);

		by_chance(text[i] + n, 16, HEX);
	}
	r = nonces(MANY);
	assert_int_equal(more(&r, "rising"), 1); /* 9, a, b */
	assert_int_equal(more(&r, "rising-from"), 8);
	assert_in_range(r.value, 64, 68);
}

/* In Base64 "z" comes before "0": the order is that of its digits. */
static void base64_has_its_own_order(void **state)
{
	static const char digits[] = BASE64;
	struct sample_result r;

	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		text[i][0] = 'M';
		text[i][1] = digits[10 + i];
		by_chance(text[i] + 2, 20, BASE64);
	}
	r = nonces(MANY);
	assert_int_equal(more(&r, "rising"), 1);
	assert_int_equal(more(&r, "rising-from"), 2);
}

static void lengths_may_differ(void **state)
{
	struct sample_result r;

	(void)state;
	set(0, "ab");
	set(1, "abcd");
	set(2, "");
	r = nonces(3);
	assert_true(r.known);
	assert_int_equal(more(&r, "shortest"), 0);
	assert_int_equal(more(&r, "longest"), 4);
	assert_int_equal(more(&r, "varying"), 4);
	assert_int_equal(more(&r, "rising"), 0);
}

/* --- times --- */

static void differences_are_medians_of_pairs(void **state)
{
	/* One slow answer in each column changes nothing. */
	static const int64_t unknown[] = { 10, 12, 900, 11, 10 }, wrong[] = { 50, 49, 52, 51, 700 };
	struct sample_result r;

	(void)state;
	for (size_t i = 0; i < COUNT(unknown); i++) {
		seen[2 * i] = (struct observation){ .done_ms = unknown[i] };
		seen[2 * i + 1] = (struct observation){ .step = 1,
							.sent_ms = 1000,
							.done_ms = 1000 + wrong[i] };
	}
	sample_evaluate(SAMPLE_TIME_DIFFERENCE, seen, 2 * COUNT(unknown), &r);
	assert_true(r.known);
	assert_int_equal(r.value, 40); /* of 40 37 -848 40 690 */
	assert_int_equal(more(&r, "pairs"), 5);
	assert_int_equal(more(&r, "unknown-user"), 11);
	assert_int_equal(more(&r, "wrong-password"), 51);
	assert_int_equal(more(&r, "spread"), 3); /* of 0 3 888 0 650 */
	sample_evaluate(SAMPLE_TIME_DIFFERENCE, seen, 1, &r);
	assert_false(r.known);
}

/* --- lock-outs --- */

static struct sample_result lock_out(size_t wrong, enum outcome last, size_t polls,
				     enum outcome end)
{
	struct sample_result r;
	size_t n = 0;

	for (size_t i = 0; i < wrong; i++, n++)
		seen[n] = (struct observation){ .outcome = OUTCOME_CHALLENGED,
						.done_ms = 10 * (int64_t)i };
	if (wrong)
		seen[n - 1].outcome = last;
	for (size_t i = 0; i < polls; i++, n++)
		seen[n] = (struct observation){ .step = 1,
						.outcome = OUTCOME_LOCKED,
						.sent_ms = 60000 * (int64_t)(i + 1) };
	if (polls)
		seen[n - 1].outcome = end;
	sample_evaluate(SAMPLE_LOCK_OUT, seen, n, &r);
	return r;
}

static void lock_outs_have_a_threshold_and_an_end(void **state)
{
	struct sample_result r = lock_out(5, OUTCOME_LOCKED, 30, OUTCOME_ACCEPTED);

	(void)state;
	assert_true(r.known);
	assert_int_equal(r.value, 5);
	assert_false(r.at_limit);
	assert_false(r.unfinished);
	assert_int_equal(more(&r, "told"), 1);
	assert_int_equal(more(&r, "duration"), 1799); /* since the fifth answer */
}

static void some_never_lock(void **state)
{
	struct sample_result r = lock_out(20, OUTCOME_CHALLENGED, 1, OUTCOME_ACCEPTED);

	(void)state;
	assert_int_equal(r.value, 20);
	assert_true(r.at_limit);
	assert_int_equal(more(&r, "told"), 0);
	assert_int_equal(more(&r, "duration"), -1);
}

static void some_do_not_say_so(void **state)
{
	struct sample_result r = lock_out(20, OUTCOME_CHALLENGED, 3, OUTCOME_ACCEPTED);

	(void)state;
	assert_int_equal(r.value, 20);
	assert_false(r.at_limit);
	assert_int_equal(more(&r, "told"), 0);
	assert_int_equal(more(&r, "duration"), 179);
}

static void some_do_not_end(void **state)
{
	struct sample_result r = lock_out(3, OUTCOME_LOCKED, 60, OUTCOME_LOCKED);

	(void)state;
	assert_int_equal(r.value, 3);
	assert_true(r.unfinished);
	assert_int_equal(more(&r, "duration"), -1);
	assert_int_equal(more(&r, "duration-at-least"), 3599);
	assert_false(lock_out(3, OUTCOME_LOCKED, 0, OUTCOME_LOCKED).known);
	assert_false(lock_out(0, OUTCOME_LOCKED, 2, OUTCOME_LOCKED).known);
}

/* --- bare requests --- */

static struct sample_result bare(int before, int after)
{
	struct sample_result r;

	seen[0] = (struct observation){ .step = 0, .attempts = before };
	for (size_t i = 1; i < 4; i++)
		seen[i] = (struct observation){ .step = 1, .attempts = -1 };
	seen[4] = (struct observation){ .step = 2, .attempts = after };
	sample_evaluate(SAMPLE_BARE_COST, seen, 5, &r);
	return r;
}

static void counters_tell_what_a_bare_request_costs(void **state)
{
	static const struct {
		int before, after, counted, value;
	} rows[] = {
		{ 9, 8, 0, 0 }, { 9, 5, 3, 1 }, { 9, 2, 6, 2 }, { 9, 7, 1, 1 }, { 3, 9, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sample_result r = bare(rows[i].before, rows[i].after);

		assert_true(r.known);
		assert_int_equal(r.value, rows[i].value);
		assert_int_equal(more(&r, "counted"), rows[i].counted);
		assert_int_equal(more(&r, "requests"), 3);
	}
	assert_false(bare(-1, 4).known);
	assert_false(bare(4, -1).known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(medians),
		cmocka_unit_test(logarithms),
		cmocka_unit_test(chance_shows_all_its_bits),
		cmocka_unit_test(fixed_parts_do_not_count),
		cmocka_unit_test(what_stands_still_has_none),
		cmocka_unit_test(counters_rise),
		cmocka_unit_test(times_in_front_rise),
		cmocka_unit_test(base64_has_its_own_order),
		cmocka_unit_test(lengths_may_differ),
		cmocka_unit_test(differences_are_medians_of_pairs),
		cmocka_unit_test(lock_outs_have_a_threshold_and_an_end),
		cmocka_unit_test(some_never_lock),
		cmocka_unit_test(some_do_not_say_so),
		cmocka_unit_test(some_do_not_end),
		cmocka_unit_test(counters_tell_what_a_bare_request_costs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

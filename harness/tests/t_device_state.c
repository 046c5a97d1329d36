/* The reference device over time: its clock, what it remembers, what happens to it. */
#include "tests/device_expect.h"

#include "base/mem.h"
#include "device/internal.h"

/* --- time --- */

static int64_t told_time(void)
{
	struct err err = { 0 };
	int64_t ms = 0;

	expect("anon op=GetSystemDateAndTime", 200);
	assert_int_equal(soap_device_time(&client.soap, &ms, &err), 0);
	return ms;
}

static void test_own_clock(void **state)
{
	(void)state;
	open_persona("pc-cctv");
	assert_int_equal(told_time() - CLIENT_START_MS, 47 * 60000);
	expect("token t:created=-130s", 400);
	expect("token t:created=+130s", 400);
	client_close(&client);

	client_open(&client, "pc-cctv", NULL, true);
	expect("token t:created=-1d | token t:created=+1d", 200);
	/* Without time, only the nonce stands against a replay. */
	expect("token t:nonce=same t:created=-1h", 400);
}

static void test_nonces_of_tokens_are_kept_long_enough(void **state)
{
	(void)state;
	open_persona("onvif");
	expect("token t:created=+4m", 200);
	expect("wait=8m token t:nonce=same t:created=-4m", 400);
}

/* --- nonce counts --- */

static void test_counts_may_come_out_of_order_once(void **state)
{
	const struct device d = { .persona = NULL };
	struct nonce n = { .top = 0 };

	(void)state;
	nonce_use(&n, 1);
	nonce_use(&n, 5);
	assert_true(nonce_used(&d, &n, 1));
	assert_false(nonce_used(&d, &n, 4));
	nonce_use(&n, 4);
	assert_true(nonce_used(&d, &n, 4));
	assert_true(nonce_used(&d, &n, 5));
	assert_false(nonce_used(&d, &n, 6));
	/* Too far below to be remembered: taken as used. */
	nonce_use(&n, UINT32_MAX);
	assert_true(nonce_used(&d, &n, 3));
	assert_true(nonce_used(&d, &n, UINT32_MAX - 64));
	assert_false(nonce_used(&d, &n, UINT32_MAX - 63));
}

static void test_wrong_requests_do_not_use_up_counts(void **state)
{
	(void)state;
	open_persona("onvif");
	expect("digest d:password=wrong", 401);
	expect("digest d:nonce=same d:nc==00000001", 200);
}

static void test_flood_of_challenges(void **state)
{
	(void)state;
	open_persona("onvif");
	expect("digest", 200);
	for (int i = 0; i < DEVICE_NONCES; i++)
		expect("anon", 401);
	/* The nonce was forgotten; the client is told that its password was right. */
	expect("digest", 401);
	assert_true(client_stale(&client));
}

/* --- the environment --- */

static void fails(int times)
{
	for (int i = 0; i < times; i++)
		expect("digest fresh d:password=wrong", 401);
}

static void test_lockout(void **state)
{
	(void)state;
	client_open(&client, "onvif", "env-lockout", false);
	fails(2);
	assert_int_equal(soap_attempts_left(client.soap.reason), 3);
	assert_false(soap_says_locked(client.soap.reason));
	expect("digest", 200); /* which resets the count */
	fails(4);
	assert_int_equal(soap_attempts_left(client.soap.reason), 1);
	fails(1);
	assert_true(soap_says_locked(client.soap.reason));
	expect("digest fresh", 401);
	assert_true(soap_says_locked(client.soap.reason));
	expect("token", 400);
	expect("digest as=viewer", 200); /* another account */
	expect("wait=31m digest fresh", 200);
	client_close(&client);

	client_open(&client, "onvif", "env-lockout-silent", false);
	fails(6);
	assert_false(soap_says_locked(client.soap.reason));
	expect("digest fresh", 401);
}

static void test_reboot(void **state)
{
	(void)state;
	client_open(&client, "onvif", "env-reboot", false);
	for (int i = 0; i < 38; i++)
		expect("digest", 200);
	client_run(&client, "digest");
	assert_int_equal(client.answer, DEVICE_CLOSES);
	client_run(&client, "wait=19s digest");
	assert_int_equal(client.answer, DEVICE_CLOSES);
	expect("wait=2s digest", 401);
	assert_true(client_stale(&client));
	expect("digest fresh", 200);
}

static void test_other_weather(void **state)
{
	(void)state;
	client_open(&client, "onvif", "env-clock-step", false);
	for (int i = 0; i < 59; i++)
		assert_int_equal(told_time(), CLIENT_START_MS);
	assert_int_equal(told_time() - CLIENT_START_MS, 3600000);
	client_close(&client);

	client_open(&client, "onvif", "env-drops", false);
	for (int i = 1; i <= 18; i++) {
		client_run(&client, "anon");
		assert_int_equal(client.answer, i % 9 ? DEVICE_ANSWERED : DEVICE_CLOSES);
	}
	client_close(&client);

	client_open(&client, "onvif", "env-silent", false);
	for (int i = 1; i <= 51; i++) {
		client_run(&client, "anon");
		assert_int_equal(client.answer, i < 50 ? DEVICE_ANSWERED : DEVICE_SILENT);
	}
	client_close(&client);

	client_open(&client, "onvif", "env-wrong-host", false);
	expect("anon op=GetHostname", 404);
}

/* --- short of memory --- */

/* Wrong credentials, judged while the i-th allocation fails: never a yes, and nothing leaks. */
static void starve(struct http_request *r)
{
	for (long i = 0; i < 24; i++) {
		struct arena a;
		struct http_response out;
		enum device_answer answer;

		arena_init(&a, 1u << 22);
		mem_fail_after(i);
		answer = device_handle(client.device, &a, 1, r, &out);
		mem_fail_after(-1);
		assert_int_equal(answer, DEVICE_ANSWERED);
		assert_in_range(out.status, 400, 500);
		arena_free(&a);
	}
}

static void test_out_of_memory_is_no_yes(void **state)
{
	const struct soap_operation *op = soap_operation_find(STR("GetUsers"));
	struct client_step s = { 0 };
	struct http_request r = { .method = STR("POST"), .target = STR("/onvif/device_service") };
	struct craft craft = { 0 };

	(void)state;
	open_persona("onvif");
	expect("digest | digest d:password=wrong", 401);
	s = client_step_read(&client, STR("digest token d:password=wrong t:password=wrong"));
	assert_int_equal(client_craft(&client, &s, &r, MECH_TOKEN, &craft), 0);
	r.body = soap_envelope(&client.arena, op, craft.token.security, STR(""));
	starve(&r);
	assert_int_equal(client_craft(&client, &s, &r, MECH_DIGEST, &craft), 0);
	client_add_fields(&client, &s, &r, &craft);
	starve(&r);
}

/* --- options --- */

static void test_options(void **state)
{
	struct device_options o = { 0 };
	struct err err = { 0 };

	(void)state;
	open_persona("onvif");
	assert_null(device_new(&o, &client.world, &err));
	assert_int_equal(err.code, ERR_INPUT);
	o.persona = persona_find(STR("onvif"));
	o.n_fault = DEVICE_FAULTS + 1;
	assert_null(device_new(&o, &client.world, &err));
	o.n_fault = 1;
	assert_null(device_new(&o, &client.world, &err));
	assert_null(persona_find(STR("ONVIF")));
	assert_null(fault_find(STR("")));
	device_free(NULL);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_own_clock),
		TEST(test_nonces_of_tokens_are_kept_long_enough),
		TEST(test_counts_may_come_out_of_order_once),
		TEST(test_wrong_requests_do_not_use_up_counts),
		TEST(test_flood_of_challenges),
		TEST(test_lockout),
		TEST(test_reboot),
		TEST(test_other_weather),
		TEST(test_out_of_memory_is_no_yes),
		TEST(test_options),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

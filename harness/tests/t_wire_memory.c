/* The in-memory transport: virtual time, connections, and octets as libcurl would have sent them.
 *
 * device_handle is this file's own: it looks at what arrives and answers as the test says.
 */
#include "device/device.h"
#include "wire/wire.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define ROUND_TRIP_MS 30
#define TIMEOUT_MS    5000
#define WALL_MS       INT64_C(1700000000000)

struct device {
	struct virtual_world *v;
	enum device_answer answer;
	struct http_response response;
	/* what the last request looked like */
	struct http_request request;
	uint64_t connection;
	int64_t at_ms;
	int requests;
	int64_t delay_ms;
};

int64_t device_delay_ms(const struct device *d)
{
	return d->delay_ms;
}

enum device_answer device_handle(struct device *d, struct arena *a, uint64_t connection,
				 const struct http_request *in, struct http_response *out)
{
	(void)a;
	d->request = *in;
	d->connection = connection;
	d->at_ms = d->v->mono_ms;
	d->requests++;
	*out = d->response;
	return d->answer;
}

struct lab {
	struct virtual_world v;
	struct device d;
	struct arena a;
	struct wire *w;
};

static void lab_open(struct lab *l)
{
	struct err err = { 0 };

	*l = (struct lab){ 0 };
	virtual_world_init(&l->v, WALL_MS, 1);
	l->d.v = &l->v;
	l->d.answer = DEVICE_ANSWERED;
	l->d.response.status = 200;
	l->d.response.body = STR("ok");
	arena_init(&l->a, 1000000);
	l->w = wire_memory_new(&l->d, &l->v, ROUND_TRIP_MS, TIMEOUT_MS, &err);
	assert_non_null(l->w);
}

static void lab_close(struct lab *l)
{
	l->w->ops->free(l->w);
	arena_free(&l->a);
}

static struct exchange *lab_submit(struct lab *l, const char *method, const char *body)
{
	struct exchange *x = arena_new(&l->a, struct exchange);
	struct err err = { 0 };

	assert_non_null(x);
	x->a = &l->a;
	x->request.method = str(method);
	x->request.target = STR("/p?q");
	x->request.body = str(body);
	http_add(x->a, &x->request.fields, STR("X"), STR("a\r\n\tb"));
	assert_int_equal(l->w->ops->submit(l->w, x, &err), 0);
	return x;
}

static struct exchange *lab_next(struct lab *l, int64_t timeout_ms)
{
	struct exchange *done;
	struct err err = { 0 };

	assert_int_equal(l->w->ops->next(l->w, timeout_ms, &done, &err), 0);
	return done;
}

static struct exchange *lab_post(struct lab *l)
{
	struct exchange *x = lab_submit(l, "POST", "body");

	assert_ptr_equal(lab_next(l, 1000), x);
	return x;
}

static void assert_str(struct str got, const char *want)
{
	if (!str_eq(got, str(want)))
		fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

static void test_answer(void **state)
{
	struct lab l;
	struct exchange *x;
	int64_t start;

	(void)state;
	lab_open(&l);
	start = l.v.mono_ms;
	http_add(&l.a, &l.d.response.fields, STR("A"), STR("b"));
	x = lab_post(&l);
	assert_int_equal(x->fate, WIRE_ANSWERED);
	assert_int_equal(x->response.status, 200);
	assert_str(x->response.body, "ok");
	assert_str(x->sent_octets, "POST /p?q HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\tb\r\n"
				   "Content-Length: 4\r\n\r\nbody");
	assert_str(x->received_octets, "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nok");
	/* the device reads the fold as spaces, and in the middle of the round trip */
	assert_str(http_get(&l.d.request.fields, "X"), "a   b");
	assert_str(l.d.request.body, "body");
	assert_int_equal(l.d.at_ms, start + ROUND_TRIP_MS / 2);
	assert_int_equal(x->sent_ms, start);
	assert_int_equal(x->done_ms, start + ROUND_TRIP_MS);
	assert_int_equal(x->wall_ms, WALL_MS);
	assert_int_equal(l.v.mono_ms, start + ROUND_TRIP_MS);
	assert_int_equal(l.v.wall_ms, WALL_MS + ROUND_TRIP_MS);
	lab_close(&l);
}

/* A device that takes its time moves the clock, and the answer comes so much later. */
static void test_delay(void **state)
{
	struct lab l;
	struct exchange *x;

	(void)state;
	lab_open(&l);
	l.d.delay_ms = 40;
	x = lab_post(&l);
	assert_int_equal(x->done_ms - x->sent_ms, ROUND_TRIP_MS + 40);
	assert_int_equal(l.v.wall_ms, WALL_MS + ROUND_TRIP_MS + 40);
	lab_close(&l);
}

static void test_methods(void **state)
{
	struct lab l;
	struct exchange *x;

	(void)state;
	lab_open(&l);
	x = lab_submit(&l, "GET", NULL);
	assert_ptr_equal(lab_next(&l, 1), x);
	assert_str(x->sent_octets, "GET /p?q HTTP/1.1\r\nHost: localhost\r\nX: a\r\n\tb\r\n\r\n");
	x = lab_submit(&l, "HEAD", NULL);
	assert_ptr_equal(lab_next(&l, 1), x);
	assert_str(x->response.body, "");
	x = lab_submit(&l, "POST", NULL);
	assert_ptr_equal(lab_next(&l, 1), x);
	assert_str(http_get(&l.d.request.fields, "Content-Length"), "0");
	lab_close(&l);
}

static void test_own_host_and_length(void **state)
{
	struct lab l;
	struct exchange *x;

	(void)state;
	lab_open(&l);
	x = lab_submit(&l, "POST", "body");
	http_add(x->a, &x->request.fields, STR("host"), STR("h"));
	http_add(x->a, &x->request.fields, STR("Content-Length"), STR("4"));
	http_add(&l.a, &l.d.response.fields, STR("content-length"), STR("2"));
	assert_ptr_equal(lab_next(&l, 1), x);
	assert_int_equal(http_count(&l.d.request.fields, "Host"), 1);
	assert_int_equal(http_count(&l.d.request.fields, "Content-Length"), 1);
	assert_int_equal(http_count(&x->response.fields, "Content-Length"), 1);
	lab_close(&l);
}

static void test_first_come_first_served(void **state)
{
	struct exchange *x[40];
	struct lab l;

	(void)state;
	lab_open(&l);
	for (size_t i = 0; i < COUNT(x); i++)
		x[i] = lab_submit(&l, "POST", "b");
	assert_int_equal(l.d.requests, 0); /* nothing happens before next */
	for (size_t i = 0; i < COUNT(x); i++)
		assert_ptr_equal(lab_next(&l, 0), x[i]);
	assert_null(lab_next(&l, 0));
	assert_int_equal(l.v.wall_ms, WALL_MS + (int64_t)COUNT(x) * ROUND_TRIP_MS);
	lab_close(&l);
}

static void test_idle_time_passes(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l);
	assert_null(lab_next(&l, 300000));
	assert_int_equal(l.v.wall_ms, WALL_MS + 300000);
	assert_null(lab_next(&l, -5));
	assert_int_equal(l.v.wall_ms, WALL_MS + 300000);
	lab_close(&l);
}

static void test_closed_and_silent(void **state)
{
	struct lab l;
	struct exchange *x;

	(void)state;
	lab_open(&l);
	l.d.answer = DEVICE_CLOSES;
	x = lab_post(&l);
	assert_int_equal(x->fate, WIRE_CLOSED);
	assert_true(x->why[0]);
	assert_int_equal(x->response.status, 0);
	assert_int_equal(x->received_octets.n, 0);
	assert_int_equal(x->done_ms - x->sent_ms, ROUND_TRIP_MS);
	l.d.answer = DEVICE_SILENT;
	x = lab_post(&l);
	assert_int_equal(x->fate, WIRE_TIMEOUT);
	assert_true(x->sent_octets.n > 0);
	assert_int_equal(x->done_ms - x->sent_ms, TIMEOUT_MS);
	lab_close(&l);
}

static void test_connections(void **state)
{
	struct lab l;
	struct exchange *x;
	uint64_t kept, fresh;

	(void)state;
	lab_open(&l);
	lab_post(&l);
	kept = l.d.connection;
	lab_post(&l);
	assert_int_equal(l.d.connection, kept);

	x = lab_submit(&l, "POST", "b");
	x->fresh_connection = true;
	lab_next(&l, 1);
	fresh = l.d.connection;
	assert_int_not_equal(fresh, kept);
	lab_post(&l);
	assert_int_equal(l.d.connection, kept);

	l.d.answer = DEVICE_CLOSES;
	lab_post(&l);
	l.d.answer = DEVICE_ANSWERED;
	lab_post(&l);
	assert_int_not_equal(l.d.connection, kept);
	assert_int_not_equal(l.d.connection, fresh);

	kept = l.d.connection;
	http_add(&l.a, &l.d.response.fields, STR("Connection"), STR("close"));
	lab_post(&l);
	assert_int_equal(l.d.connection, kept);
	lab_post(&l);
	assert_int_not_equal(l.d.connection, kept);
	lab_close(&l);
}

static void test_bad_input(void **state)
{
	struct virtual_world v;
	struct err err = { 0 };
	struct exchange x = { 0 };
	struct lab l;

	(void)state;
	virtual_world_init(&v, WALL_MS, 1);
	assert_null(wire_memory_new(NULL, &v, 10, 5, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_null(wire_memory_new(NULL, &v, -1, 5, &err));
	lab_open(&l);
	x.a = &l.a;
	x.request.method = STR("POST");
	x.request.target = STR("/");
	http_add(&l.a, &x.request.fields, STR("X"), STR("a\r\nY: b"));
	err = (struct err){ 0 };
	assert_int_equal(l.w->ops->submit(l.w, &x, &err), -1); /* as over HTTP */
	assert_int_equal(err.code, ERR_INPUT);
	lab_close(&l);
}

static void test_arena_exhausted(void **state)
{
	static const char body[20000];
	struct arena small;
	struct exchange *x;
	struct lab l;

	(void)state;
	arena_init(&small, 10000);
	lab_open(&l);
	l.d.response.body = str_n(body, sizeof(body));
	x = lab_submit(&l, "POST", "b");
	x->a = &small;
	assert_ptr_equal(lab_next(&l, 1), x);
	assert_int_equal(x->fate, WIRE_MALFORMED);
	assert_int_equal(x->response.body.n, 0);
	lab_close(&l);
	arena_free(&small);
}

static void test_no_memory(void **state)
{
	struct lab l;
	struct exchange x = { 0 };
	struct err err = { 0 };

	(void)state;
	lab_open(&l);
	x.a = &l.a;
	x.request.method = STR("GET");
	x.request.target = STR("/");
	mem_fail_after(0);
	assert_int_equal(l.w->ops->submit(l.w, &x, &err), -1);
	assert_null(wire_memory_new(&l.d, &l.v, 0, 1, &err));
	mem_fail_after(-1);
	assert_int_equal(err.code, ERR_NOMEM);
	assert_int_equal(l.w->ops->submit(l.w, &x, &err), 0);
	assert_ptr_equal(lab_next(&l, 1), &x);
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_delay),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_own_host_and_length),
		cmocka_unit_test(test_first_come_first_served),
		cmocka_unit_test(test_idle_time_passes),
		cmocka_unit_test(test_closed_and_silent),
		cmocka_unit_test(test_connections),
		cmocka_unit_test(test_bad_input),
		cmocka_unit_test(test_arena_exhausted),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

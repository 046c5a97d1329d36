/* The HTTP transport: what it sends, which connection it uses, how it queues and waits. */
#include "wire_lab.h"

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <cmocka.h>

#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* One connection after the other, each served until it closes. */
static void serve_all(struct server *s)
{
	int fd;

	while ((fd = server_accept(s)) >= 0) {
		while (server_read(s, fd) && server_send(s, fd, STR(OK_ANSWER)))
			;
		server_close(fd);
	}
}

static void test_post(void **state)
{
	const char *octets = "POST /onvif/device_service?x=/../%41 HTTP/1.1\r\n"
			     "Host: 127.0.0.1:%d\r\n"
			     "Content-Length: 4\r\n\r\nbody";
	struct lab l;
	struct exchange *x;
	char want[256];

	(void)state;
	lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
	x = lab_exchange(&l, "POST", "body");
	x->request.target = STR("/onvif/device_service?x=/../%41");
	x->owner = &l;
	lab_send(&l, x);
	assert_int_equal(x->fate, WIRE_ANSWERED);
	assert_string_equal(x->why, "");
	assert_ptr_equal(x->owner, &l);
	assert_int_equal(x->response.status, 200);
	assert_int_equal(x->response.fields.n, 1);
	assert_str(x->response.body, "ok");
	assert_str(x->received_octets, OK_ANSWER);
	/* the only fields are those that were asked for, Host and Content-Length */
	snprintf(want, sizeof(want), "%.*s%d%s", (int)(strstr(octets, "%d") - octets), octets,
		 l.server.port, strstr(octets, "%d") + 2);
	assert_str(x->sent_octets, want);
	assert_true(x->sent_ms > 0 && x->sent_ms <= x->done_ms);
	assert_true(x->wall_ms > INT64_C(1600000000000));
	lab_close(&l);
	assert_string_equal(l.server.request, want);
}

static void test_methods(void **state)
{
	static const struct {
		const char *method, *body, *length; /* the field that follows from them */
	} rows[] = {
		{ "GET", NULL, NULL },
		{ "OPTIONS", NULL, NULL },
		{ "HEAD", NULL, NULL },
		{ "get", NULL, NULL }, /* methods are case-sensitive: RFC 9110 9.1 */
		{ "POST", NULL, "\r\nContent-Length: 0\r\n" },
		{ "PUT", "xy", "\r\nContent-Length: 2\r\n" },
		{ "GET", "xyz", "\r\nContent-Length: 3\r\n" },
		{ "GET", NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lab l;
		struct exchange *x;

		lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
		x = lab_exchange(&l, rows[i].method, rows[i].body);
		lab_send(&l, x);
		assert_int_equal(x->fate, WIRE_ANSWERED);
		assert_true(str_starts(x->sent_octets, str(rows[i].method)));
		assert_true(has(x->sent_octets, rows[i].length ? rows[i].length : " / HTTP/1.1"));
		assert_int_equal(has(x->sent_octets, "Content-Length"), rows[i].length != NULL);
		assert_str(x->response.body, strcmp(rows[i].method, "HEAD") ? "ok" : "");
		lab_close(&l);
	}
}

static void test_keep_alive(void **state)
{
	struct lab l;
	struct exchange *first, *second;

	(void)state;
	lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
	first = lab_post(&l, "1");
	second = lab_exchange(&l, "GET", NULL);
	lab_send(&l, second);
	assert_int_equal(first->fate, WIRE_ANSWERED);
	assert_int_equal(second->fate, WIRE_ANSWERED);
	lab_close(&l);
	assert_int_equal(l.server.accepted, 1);
}

/* Two connections at once: the kept one stays open beside the fresh one. */
static void serve_fresh(struct server *s)
{
	const int kept = server_accept(s);
	int fresh;

	server_read(s, kept);
	server_send(s, kept, STR(OK_ANSWER));
	fresh = server_accept(s);
	server_read(s, fresh);
	server_send(s, fresh, STR(OK_ANSWER));
	server_wait_closed(fresh); /* only if the client does not keep it */
	server_read(s, kept);
	server_send(s, kept, STR(OK_ANSWER));
	server_wait_closed(kept);
}

static void test_fresh_connection(void **state)
{
	struct lab l;
	struct exchange *x;

	(void)state;
	lab_open(&l, serve_fresh, NULL, (struct wire_options){ .connections = 2 });
	assert_int_equal(lab_post(&l, "kept")->fate, WIRE_ANSWERED);
	x = lab_exchange(&l, "POST", "fresh");
	x->fresh_connection = true;
	lab_send(&l, x);
	assert_int_equal(x->fate, WIRE_ANSWERED);
	assert_int_equal(lab_post(&l, "kept again")->fate, WIRE_ANSWERED);
	lab_close(&l);
	assert_int_equal(l.server.accepted, 2);
	assert_non_null(strstr(l.server.request, "kept again"));
}

/* The second request on a kept connection finds it closed: libcurl tries once more by itself. */
static void serve_dying(struct server *s)
{
	int fd = server_accept(s);

	server_read(s, fd);
	server_send(s, fd, STR(OK_ANSWER));
	server_read(s, fd);
	server_close(fd);
	serve_all(s);
}

static void test_kept_connection_died(void **state)
{
	struct lab l;
	struct exchange *x;

	(void)state;
	lab_open(&l, serve_dying, NULL, (struct wire_options){ 0 });
	assert_int_equal(lab_post(&l, "1")->fate, WIRE_ANSWERED);
	x = lab_post(&l, "2");
	assert_int_equal(x->fate, WIRE_ANSWERED);
	assert_true(str_ends(x->sent_octets, STR("\r\n\r\n2")));
	assert_int_equal(str_find(str_sub(x->sent_octets, 1, x->sent_octets.n), STR("POST ")),
			 (size_t)-1); /* recorded once */
	lab_close(&l);
	assert_int_equal(l.server.accepted, 2);
}

/* Reads until the octet that no test sends but as its last. */
static void serve_big(struct server *s)
{
	const int fd = server_accept(s);
	char in[65536];
	ssize_t n;

	while (fd >= 0 && (n = recv(fd, in, sizeof(in), 0)) > 0 && in[n - 1] != '!')
		;
	server_send(s, fd, STR(OK_ANSWER));
	server_wait_closed(fd);
}

/* It leaves in many pieces, without "Expect", and is recorded whole. */
static void test_big_request(void **state)
{
	static char body[3000000];
	struct lab l;
	struct exchange *x;

	(void)state;
	memset(body, 'b', sizeof(body));
	body[sizeof(body) - 1] = '!';
	lab_open(&l, serve_big, NULL, (struct wire_options){ 0 });
	x = lab_exchange(&l, "POST", NULL);
	x->request.body = str_n(body, sizeof(body));
	lab_send(&l, x);
	assert_int_equal(x->fate, WIRE_ANSWERED);
	assert_true(str_starts(x->sent_octets, STR("POST / HTTP/1.1\r\nHost: ")));
	assert_true(str_ends(x->sent_octets, x->request.body));
	assert_true(x->sent_octets.n < sizeof(body) + 100);
	assert_false(has(str_sub(x->sent_octets, 0, 100), "Expect"));
	lab_close(&l);
}

static void test_fields_as_given(void **state)
{
	static const char *const lines[][2] = {
		{ "zeta", "1" },
		{ "Authorization", "Digest username=\"a\", realm=\"r\"" },
		{ "AUTHORIZATION", "Basic  eDp5" },
		{ "Alpha", "\xff\x80 \xc3\xa4" },
		{ "Empty", "" },
		{ "zeta", "2" },
		{ "Folded", "a,\r\n b,\r\n\tc" },
		{ "Odd name ", "x" },
		{ "Accept", "text/xml" },
		{ "Content-Type", "application/soap+xml; charset=utf-8" },
		{ "User-Agent", "u" },
	};
	struct lab l;
	struct exchange *x;
	char want[1024] = "\r\n";
	size_t n = 2;

	(void)state;
	lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
	x = lab_exchange(&l, "POST", "b");
	for (size_t i = 0; i < COUNT(lines); i++) {
		lab_field(x, lines[i][0], lines[i][1]);
		n += (size_t)snprintf(want + n, sizeof(want) - n, "%s:%s%s\r\n", lines[i][0],
				      *lines[i][1] ? " " : "", lines[i][1]);
	}
	lab_send(&l, x);
	assert_int_equal(x->fate, WIRE_ANSWERED);
	snprintf(want + n, sizeof(want) - n, "Content-Length: 1\r\n\r\nb");
	assert_true(has(x->sent_octets, want));
	lab_close(&l);
	assert_non_null(strstr(l.server.request, want));
}

static void test_own_host_and_length(void **state)
{
	struct lab l;
	struct exchange *x;

	(void)state;
	lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
	x = lab_exchange(&l, "POST", "body");
	lab_field(x, "Content-Length", "4");
	lab_field(x, "Host", "other.example");
	lab_send(&l, x);
	assert_int_equal(x->fate, WIRE_ANSWERED);
	assert_str(x->sent_octets, "POST / HTTP/1.1\r\nHost: other.example\r\n"
				   "Content-Length: 4\r\n\r\nbody");
	lab_close(&l);
}

static void test_refused_requests(void **state)
{
	const struct {
		struct str method, target, name, value, body;
	} rows[] = {
		{ STR("POST"), STR("/"), STR("X"), STR("a\r\nY: b"), STR("") },
		{ STR("POST"), STR("/"), STR("X"), STR("a\nb"), STR("") },
		{ STR("POST"), STR("/"), STR("X"), STR("a\rb"), STR("") },
		{ STR("POST"), STR("/"), STR("X"), STR("a\r\n"), STR("") },
		{ STR("POST"), STR("/"), STR("X"), STR("a\r"), STR("") },
		{ STR("POST"), STR("/"), STR("X"), STR("a\0b"), STR("") },
		{ STR("POST"), STR("/"), STR("X\r\nY"), STR("a"), STR("") },
		{ STR("POST"), STR("/"), STR("X\0"), STR("a"), STR("") },
		{ STR("POST"), STR("/"), STR("X:"), STR("a"), STR("") },
		{ STR("POST"), STR("/"), STR(""), STR("a"), STR("") },
		{ STR("POST"), STR("/"), STR("X;y"), STR(""), STR("") },
		{ STR("POST"), STR("/"), STR("Host"), STR("two"), STR("") },
		{ STR("POST"), STR("/ HTTP/1.1\r\nX: y"), STR("X"), STR("a"), STR("") },
		{ STR("POST"), STR(""), STR("X"), STR("a"), STR("") },
		{ STR("PO ST"), STR("/"), STR("X"), STR("a"), STR("") },
		{ STR(""), STR("/"), STR("X"), STR("a"), STR("") },
		{ STR("HEAD"), STR("/"), STR("X"), STR("a"), STR("body") },
	};
	struct lab l;

	(void)state;
	lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct exchange *x = lab_exchange(&l, "POST", NULL);
		struct err err = { 0 };

		x->request.method = rows[i].method;
		x->request.target = rows[i].target;
		x->request.body = rows[i].body;
		lab_field(x, "Host", "one");
		http_add(x->a, &x->request.fields, rows[i].name, rows[i].value);
		if (!l.w->ops->submit(l.w, x, &err))
			fail_msg("row %zu was taken", i);
		assert_int_equal(err.code, ERR_INPUT);
	}
	assert_int_equal(lab_post(&l, "still fine")->fate, WIRE_ANSWERED);
	lab_close(&l);
	assert_int_equal(l.server.accepted, 1);
}

/* No answer before all eight requests are here. */
static void serve_together(struct server *s)
{
	int fd[8];

	for (size_t i = 0; i < COUNT(fd); i++) {
		fd[i] = server_accept(s);
		server_read(s, fd[i]);
	}
	for (size_t i = COUNT(fd); i-- > 0;)
		server_send(s, fd[i], STR(OK_ANSWER));
	for (size_t i = 0; i < COUNT(fd); i++)
		server_wait_closed(fd[i]);
}

static void test_eight_in_parallel(void **state)
{
	struct exchange *sent[8];
	size_t seen[8] = { 0 };
	struct lab l;

	(void)state;
	lab_open(&l, serve_together, NULL, (struct wire_options){ .connections = 8 });
	for (size_t i = 0; i < COUNT(sent); i++) {
		sent[i] = lab_exchange(&l, "POST", "x");
		sent[i]->owner = &seen[i];
		lab_submit(&l, sent[i]);
	}
	for (size_t i = 0; i < COUNT(sent); i++) {
		struct exchange *x = lab_next(&l);

		assert_int_equal(x->fate, WIRE_ANSWERED);
		++*(size_t *)x->owner;
	}
	for (size_t i = 0; i < COUNT(seen); i++)
		assert_int_equal(seen[i], 1);
	lab_close(&l);
	assert_int_equal(l.server.accepted, 8);
}

static void test_queue_keeps_order(void **state)
{
	struct exchange *sent[40];
	struct lab l;

	(void)state;
	lab_open(&l, serve_all, NULL, (struct wire_options){ .connections = 1 });
	for (size_t i = 0; i < COUNT(sent); i++) {
		sent[i] = lab_exchange(&l, "POST", "x");
		lab_submit(&l, sent[i]);
		if (i % 3 == 2) /* the queue's ring goes round */
			assert_ptr_equal(lab_next(&l), sent[i / 3]);
	}
	for (size_t i = COUNT(sent) / 3; i < COUNT(sent); i++)
		assert_ptr_equal(lab_next(&l), sent[i]);
	lab_close(&l);
	assert_int_equal(l.server.accepted, 1);
}

static void test_nothing_in_flight(void **state)
{
	struct lab l;
	struct exchange *done;
	struct err err = { 0 };
	int64_t before;

	(void)state;
	lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
	done = lab_exchange(&l, "GET", NULL);
	before = world_mono_ms(&l.world);
	assert_int_equal(l.w->ops->next(l.w, 20, &done, &err), 0);
	assert_null(done);
	assert_true(world_mono_ms(&l.world) - before >=
		    20); /* it waits, or the engine would spin */
	assert_int_equal(l.w->ops->next(l.w, 0, &done, &err), 0);
	assert_null(done);
	lab_close(&l);
}

static void serve_silent(struct server *s)
{
	const int fd = server_accept(s);

	server_read(s, fd);
	server_wait_closed(fd);
}

static void test_free_drops_all(void **state)
{
	struct lab l;
	struct exchange *done;
	struct err err = { 0 };

	(void)state;
	lab_open(&l, serve_silent, NULL, (struct wire_options){ .connections = 2 });
	for (int i = 0; i < 5; i++)
		lab_submit(&l, lab_exchange(&l, "POST", "x"));
	assert_int_equal(l.w->ops->next(l.w, 1, &done, &err), 0);
	assert_null(done);
	lab_close(&l);
}

static void test_bad_options(void **state)
{
	const struct wire_options rows[] = {
		{ .url = STR("cam"), .connections = 1, .timeout_ms = 1 },
		{ .url = STR("http://u:p@cam/"), .connections = 1, .timeout_ms = 1 },
		{ .url = STR("http://cam/"), .connections = 0, .timeout_ms = 1 },
		{ .url = STR("http://cam/"), .connections = 1000, .timeout_ms = 1 },
		{ .url = STR("http://cam/"), .connections = 1, .timeout_ms = 0 },
		{ .url = STR("http://cam/"),
		  .connections = 1,
		  .timeout_ms = 1,
		  .max_head_bytes = SIZE_MAX },
		{ .url = STR("http://cam/"),
		  .connections = 1,
		  .timeout_ms = 1,
		  .max_body_bytes = SIZE_MAX },
	};
	const struct world world = world_real();

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		assert_null(wire_http_new(&rows[i], &world, &err));
		assert_int_equal(err.code, ERR_INPUT);
	}
}

/* Let the i-th allocation fail, for every i until all is well. */
static void test_no_memory(void **state)
{
	bool well = false;

	(void)state;
	for (long i = 0; i < 200 && !well; i++) {
		struct lab l;
		struct exchange *x;
		struct exchange *done = NULL;
		struct err err = { 0 };
		int bad;

		lab_open(&l, serve_all, NULL, (struct wire_options){ 0 });
		x = lab_exchange(&l, "POST", "body");
		lab_field(x, "X", "y");
		mem_fail_after(i);
		bad = l.w->ops->submit(l.w, x, &err) ||
		      l.w->ops->next(l.w, LAB_TIMEOUT_MS, &done, &err);
		mem_fail_after(-1);
		assert_true(!bad || err.code == ERR_NOMEM);
		assert_true(bad || done == x);
		well = !bad && x->fate == WIRE_ANSWERED;
		lab_close(&l);
	}
	assert_true(well);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_post),
		cmocka_unit_test(test_methods),
		cmocka_unit_test(test_keep_alive),
		cmocka_unit_test(test_fresh_connection),
		cmocka_unit_test(test_kept_connection_died),
		cmocka_unit_test(test_big_request),
		cmocka_unit_test(test_fields_as_given),
		cmocka_unit_test(test_own_host_and_length),
		cmocka_unit_test(test_refused_requests),
		cmocka_unit_test(test_eight_in_parallel),
		cmocka_unit_test(test_queue_keeps_order),
		cmocka_unit_test(test_nothing_in_flight),
		cmocka_unit_test(test_free_drops_all),
		cmocka_unit_test(test_bad_options),
		cmocka_unit_test(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

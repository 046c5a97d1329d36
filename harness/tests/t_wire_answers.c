/* The HTTP transport against what a device may answer: right, wrong, hostile, or nothing. */
#include "wire_lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#define OK_HEAD   "HTTP/1.1 200 OK\r\n"
#define CHUNKED   OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"
#define ANSWER(x) x, sizeof(x) - 1

struct answer {
	const char *name;
	const char *octets;
	size_t n;
	enum wire_fate fate;
	const char *what; /* the body when answered, a part of why otherwise */
};

static const struct answer answers[] = {
	{ "content-length", ANSWER(OK_HEAD "Content-Length: 2\r\n\r\nok"), WIRE_ANSWERED, "ok" },
	{ "until close", ANSWER(OK_HEAD "\r\nto the end"), WIRE_ANSWERED, "to the end" },
	{ "no body", ANSWER("HTTP/1.1 204 No Content\r\n\r\n"), WIRE_ANSWERED, "" },
	{ "HTTP/1.0", ANSWER("HTTP/1.0 401 Unauthorized\r\n\r\nno"), WIRE_ANSWERED, "no" },
	{ "no reason", ANSWER("HTTP/1.1 200\r\n\r\nx"), WIRE_ANSWERED, "x" },
	{ "bare LF", ANSWER("HTTP/1.1 200 OK\nContent-Length: 1\n\nx"), WIRE_ANSWERED, "x" },
	{ "interim",
	  ANSWER("HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 103 Early\r\n\r\n" OK_HEAD "\r\nx"),
	  WIRE_ANSWERED, "x" },
	{ "chunked", ANSWER(CHUNKED "3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"), WIRE_ANSWERED,
	  "abc0123456789" },
	{ "trailer", ANSWER(CHUNKED "1\r\na\r\n0\r\nWWW-Authenticate: Basic\r\n\r\n"),
	  WIRE_ANSWERED, "a" },
	{ "NUL in the body", ANSWER(OK_HEAD "\r\na\0b"), WIRE_ANSWERED, "a" },

	{ "word for status", ANSWER("HTTP/1.1 abc OK\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "status 99", ANSWER("HTTP/1.1 99 Low\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "status 099", ANSWER("HTTP/1.1 099 Low\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "status 600", ANSWER("HTTP/1.1 600 High\r\n\r\n"), WIRE_MALFORMED, "status line" },
	{ "status 2000", ANSWER("HTTP/1.1 2000 OK\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "status 200OK", ANSWER("HTTP/1.1 200OK\r\n\r\n"), WIRE_MALFORMED, "status line" },
	{ "negative status", ANSWER("HTTP/1.1 -20 OK\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "HTTP/4.2", ANSWER("HTTP/4.2 200 OK\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "HTTP/2", ANSWER("HTTP/2 200\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "no version", ANSWER("HTTP 200 OK\r\n\r\n"), WIRE_MALFORMED, "status line" },
	{ "space in front", ANSWER(" HTTP/1.1 200 OK\r\n\r\n"), WIRE_MALFORMED, "status line" },
	{ "HTTP/0.9", ANSWER("<html>hello</html>\n"), WIRE_MALFORMED, "status line" },
	{ "HTTP/0.9 without LF", ANSWER("hello"), WIRE_MALFORMED, "status line" },
	{ "RTSP", ANSWER("RTSP/1.0 200 OK\r\n\r\n"), WIRE_MALFORMED, "status line" },
	{ "NUL in a field", ANSWER(OK_HEAD "X: a\0b\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "no colon", ANSWER(OK_HEAD "nonsense\r\n\r\n"), WIRE_MALFORMED, "colon" },
	{ "no name", ANSWER(OK_HEAD ": x\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "length abc", ANSWER(OK_HEAD "Content-Length: abc\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "length -1", ANSWER(OK_HEAD "Content-Length: -1\r\n\r\n"), WIRE_MALFORMED, "" },
	{ "chunk size zz", ANSWER(CHUNKED "zz\r\nab\r\n"), WIRE_MALFORMED, "" },
	{ "chunk size -1", ANSWER(CHUNKED "-1\r\nab\r\n"), WIRE_MALFORMED, "" },
	{ "chunk size empty", ANSWER(CHUNKED "\r\nab\r\n"), WIRE_MALFORMED, "" },
	{ "second chunk bad", ANSWER(CHUNKED "2\r\nab\r\nq\r\n"), WIRE_MALFORMED, "" },
	{ "chunk size huge", ANSWER(CHUNKED "fffffffffffffffff\r\nab\r\n"), WIRE_MALFORMED, "" },
	{ "chunk too long", ANSWER(CHUNKED "2\r\nabcd\r\n0\r\n\r\n"), WIRE_MALFORMED, "" },

	{ "nothing", "", 0, WIRE_CLOSED, "" },
	{ "half a status line", ANSWER("HTTP/1.1 2"), WIRE_CLOSED, "" },
	{ "half a head", ANSWER(OK_HEAD "Content-Le"), WIRE_CLOSED, "" },
	{ "only interim", ANSWER("HTTP/1.1 100 Continue\r\n\r\n"), WIRE_CLOSED, "" },
	{ "short body", ANSWER(OK_HEAD "Content-Length: 9\r\n\r\nshort"), WIRE_CLOSED, "" },
	{ "no last chunk", ANSWER(CHUNKED "2\r\nab\r\n"), WIRE_CLOSED, "" },
	{ "half a chunk", ANSWER(CHUNKED "9\r\nab"), WIRE_CLOSED, "" },
};

static void serve_answer(struct server *s)
{
	const struct answer *a = s->arg;
	const int fd = server_accept(s);

	server_read(s, fd);
	server_send(s, fd, str_n(a->octets, a->n));
	server_close(fd);
}

static void check_answer(const struct answer *a, const struct exchange *x)
{
	if (x->fate != a->fate)
		fail_msg("%s: %s (%s), want %s", a->name, wire_fate_name(x->fate), x->why,
			 wire_fate_name(a->fate));
	if (a->fate == WIRE_ANSWERED) {
		assert_true(str_starts(x->response.body, str(a->what)));
		assert_true(str_eq(x->received_octets, str_n(a->octets, a->n)));
		assert_string_equal(x->why, "");
		return;
	}
	assert_true(x->why[0]);
	if (!strstr(x->why, a->what))
		fail_msg("%s: \"%s\" lacks \"%s\"", a->name, x->why, a->what);
	assert_int_equal(x->response.status, 0);
	assert_int_equal(x->response.fields.n, 0);
}

static void test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct lab l;

		lab_open(&l, serve_answer, &answers[i], (struct wire_options){ 0 });
		check_answer(&answers[i], lab_post(&l, "x"));
		lab_close(&l);
	}
}

/* The same with one octet per segment, as far as the network lets us: no answer may depend on where
 * reads end.
 */
static void serve_piecemeal(struct server *s)
{
	const struct answer *a = s->arg;
	const int fd = server_accept(s);

	server_read(s, fd);
	server_no_delay(fd);
	for (size_t i = 0; i < a->n && server_send(s, fd, str_n(a->octets + i, 1)); i++)
		;
	server_close(fd);
}

static void test_answers_in_pieces(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct lab l;
		struct exchange *x;

		lab_open(&l, serve_piecemeal, &answers[i], (struct wire_options){ 0 });
		x = lab_post(&l, "x");
		/* a client that stops early resets the connection, which may hide the rest */
		if (answers[i].fate != WIRE_MALFORMED)
			check_answer(&answers[i], x);
		else
			assert_int_not_equal(x->fate, WIRE_ANSWERED);
		lab_close(&l);
	}
}

static void test_response_fields(void **state)
{
	static const struct answer a = {
		.octets = "HTTP/1.1 401 Unauthorized\r\n"
			  "WWW-Authenticate: Digest realm=\"a\",\r\n"
			  "\t nonce=\"b\"  \r\n"
			  "www-authenticate:Basic realm=\"\xe4\"\r\n"
			  "WWW-Authenticate : Digest realm=\"second\"\r\n"
			  "Empty:\r\n"
			  "Bare: a\rb\r\n"
			  "Content-Length: 0\r\n\r\n",
	};
	static const char *const want[][2] = {
		{ "WWW-Authenticate", "Digest realm=\"a\", nonce=\"b\"" },
		{ "www-authenticate", "Basic realm=\"\xe4\"" },
		{ "WWW-Authenticate", "Digest realm=\"second\"" },
		{ "Empty", "" },
		{ "Bare", "a b" },
		{ "Content-Length", "0" },
	};
	struct answer sized = a;
	struct lab l;
	struct exchange *x;

	(void)state;
	sized.n = strlen(a.octets);
	lab_open(&l, serve_answer, &sized, (struct wire_options){ 0 });
	x = lab_post(&l, "x");
	assert_int_equal(x->fate, WIRE_ANSWERED);
	assert_int_equal(x->response.status, 401);
	assert_int_equal(x->response.fields.n, COUNT(want));
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_str(x->response.fields.v[i].name, want[i][0]);
		assert_str(x->response.fields.v[i].value, want[i][1]);
	}
	assert_str(x->received_octets, a.octets);
	lab_close(&l);
}

static void serve_repeated(struct server *s)
{
	const struct answer *a = s->arg; /* octets: what is repeated; what: what comes before */
	const int fd = server_accept(s);

	server_read(s, fd);
	server_send(s, fd, str(a->what));
	while (s->sent_octets < UINT64_C(1) << 30 && server_send(s, fd, str_n(a->octets, a->n)))
		;
	server_close(fd);
}

/* A gigabyte of anything: the transfer ends at the cap, long before the server is done. */
static void test_endless(void **state)
{
	static char zeros[16384];
	static const struct {
		const char *before;
		struct answer repeated;
		const char *why;
	} rows[] = {
		{ OK_HEAD "Content-Length: 1073741824\r\n\r\n",
		  { .octets = zeros, .n = sizeof(zeros) },
		  "response body larger than 100000 octets" },
		{ CHUNKED,
		  { .octets = "4\r\nabcd\r\n", .n = sizeof("4\r\nabcd\r\n") - 1 },
		  "response body larger than" },
		{ OK_HEAD,
		  { .octets = "X: y\r\n", .n = sizeof("X: y\r\n") - 1 },
		  "response head larger than 65536" },
		{ "",
		  { .octets = "HTTP/1.1 100 Go on\r\n\r\n",
		    .n = sizeof("HTTP/1.1 100 Go on\r\n\r\n") - 1 },
		  "response head larger" },
		{ CHUNKED "0\r\n",
		  { .octets = "X: y\r\n", .n = sizeof("X: y\r\n") - 1 },
		  "response head larger" },
		{ OK_HEAD "X: ",
		  { .octets = "aaaaaaaaaaaaaaaa", .n = sizeof("aaaaaaaaaaaaaaaa") - 1 },
		  "endless line" },
		{ OK_HEAD "X:\r\n",
		  { .octets = " \r\n", .n = sizeof(" \r\n") - 1 },
		  "response head larger" },
		{ "",
		  { .octets = "aaaaaaaaaaaaaaaa", .n = sizeof("aaaaaaaaaaaaaaaa") - 1 },
		  "status line" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct answer a = rows[i].repeated;
		struct lab l;
		struct exchange *x;

		a.what = rows[i].before;
		lab_open(&l, serve_repeated, &a, (struct wire_options){ .max_body_bytes = 100000 });
		x = lab_post(&l, "x");
		assert_int_equal(x->fate, WIRE_MALFORMED);
		if (!strstr(x->why, rows[i].why))
			fail_msg("row %zu: %s", i, x->why);
		assert_true(x->received_octets.n <= 65536 + 100000);
		assert_true(l.a.total_bytes < 1000000);
		lab_close(&l);
		assert_true(l.server.sent_octets < (UINT64_C(64) << 20)); /* socket buffers */
	}
}

static void test_arena_exhausted(void **state)
{
	static const struct answer a = { .octets = "0123456789abcdef", .n = 16 };
	struct answer body = a;
	struct arena small;
	struct lab l;
	struct exchange *x;

	(void)state;
	body.what = OK_HEAD "Content-Length: 1000000\r\n\r\n";
	arena_init(&small, 20000);
	lab_open(&l, serve_repeated, &body, (struct wire_options){ 0 });
	x = lab_exchange(&l, "POST", "x");
	x->a = &small;
	lab_send(&l, x);
	assert_int_equal(x->fate, WIRE_MALFORMED);
	assert_non_null(strstr(x->why, "response larger than"));
	assert_int_equal(x->response.body.n, 0);
	lab_close(&l);
	arena_free(&small);
}

static void serve_reset(struct server *s)
{
	const struct answer *a = s->arg;
	const int fd = server_accept(s);

	server_read(s, fd);
	server_send(s, fd, str_n(a->octets, a->n));
	server_reset(fd);
}

static void test_reset(void **state)
{
	static const struct answer rows[] = {
		{ "before any answer", "", 0, WIRE_CLOSED, "" },
		{ "within the head", ANSWER(OK_HEAD "X"), WIRE_CLOSED, "" },
		{ "within the body", ANSWER(OK_HEAD "Content-Length: 9\r\n\r\nab"), WIRE_CLOSED,
		  "" },
		{ "within a chunk", ANSWER(CHUNKED "9\r\nab"), WIRE_CLOSED, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lab l;

		lab_open(&l, serve_reset, &rows[i], (struct wire_options){ 0 });
		check_answer(&rows[i], lab_post(&l, "x"));
		lab_close(&l);
	}
}

static void serve_stuck(struct server *s)
{
	const struct answer *a = s->arg;
	const int fd = server_accept(s);

	server_read(s, fd);
	server_send(s, fd, str_n(a->octets, a->n));
	server_wait_closed(fd);
}

static void test_timeout(void **state)
{
	static const struct answer rows[] = {
		{ "no answer", "", 0, WIRE_TIMEOUT, "" },
		{ "half a head", ANSWER(OK_HEAD "X: y\r\n"), WIRE_TIMEOUT, "" },
		{ "half a body", ANSWER(OK_HEAD "Content-Length: 3\r\n\r\na"), WIRE_TIMEOUT, "" },
		{ "open end", ANSWER(OK_HEAD "\r\nabc"), WIRE_TIMEOUT, "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct lab l;

		lab_open(&l, serve_stuck, &rows[i], (struct wire_options){ .timeout_ms = 100 });
		check_answer(&rows[i], lab_post(&l, "x"));
		lab_close(&l);
	}
}

static void serve_nobody(struct server *s)
{
	(void)s;
}

static void test_closed_port(void **state)
{
	/* Bound and not listening: meanwhile nobody else gets the port. */
	const int held = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);
	char url[64];
	struct lab l;
	struct exchange *x;

	(void)state;
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(held >= 0);
	assert_int_equal(bind(held, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(held, (struct sockaddr *)&at, &n), 0);
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/", ntohs(at.sin_port));
	lab_open(&l, serve_nobody, NULL, (struct wire_options){ .url = str(url) });
	x = lab_post(&l, "x");
	assert_int_equal(x->fate, WIRE_CLOSED);
	assert_int_equal(x->sent_octets.n, 0);
	assert_true(x->why[0]);
	lab_close(&l);
	close(held);
}

/* RFC 6761 6.4: .invalid never resolves.  Where no name server answers, the timeout says the same.
 */
static void test_no_such_host(void **state)
{
	struct lab l;

	(void)state;
	lab_open(&l, serve_nobody, NULL,
		 (struct wire_options){ .url = STR("http://no-such-host.invalid/"),
					.timeout_ms = 3000 });
	assert_int_equal(lab_post(&l, "x")->fate, WIRE_UNRESOLVED);
	lab_close(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),         cmocka_unit_test(test_answers_in_pieces),
		cmocka_unit_test(test_response_fields), cmocka_unit_test(test_endless),
		cmocka_unit_test(test_arena_exhausted), cmocka_unit_test(test_reset),
		cmocka_unit_test(test_timeout),         cmocka_unit_test(test_closed_port),
		cmocka_unit_test(test_no_such_host),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Octets that were recorded, read as the wire read them when they came. */
#include "check.h"

#include "wire/recorded.h"

#define RN "\r\n"

static void a_request_is_taken_apart(void **state)
{
	struct http_request q;

	(void)state;
	assert_int_equal(recorded_request(&arena,
					  STR("POST /a b?c HTTP/1.1" RN "Host: x" RN
					      "X-Fold: one" RN " two" RN "Empty:" RN RN "body"),
					  &q, &err),
			 0);
	check_view(q.method, STR("POST"), "method");
	check_view(q.target, STR("/a b?c"), "target");
	check_view(q.body, STR("body"), "body");
	assert_int_equal(q.fields.n, 3);
	check_view(http_get(&q.fields, "x-fold"), STR("one" RN " two"), "fold");
	check_view(http_get(&q.fields, "Empty"), STR(""), "empty");
}

static void what_is_no_request_is_refused(void **state)
{
	static const struct {
		const char *octets, *want;
	} rows[] = {
		{ "", "not whole" },
		{ "GET / HTTP/1.1" RN "Host: x" RN, "not whole" },
		{ "GET / HTTP/1.0" RN RN, "not HTTP/1.1" },
		{ "GET / HTTP/1.1" RN "Host" RN RN, "no colon" },
	};
	struct http_request q;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(recorded_request(&arena, str(rows[i].octets), &q, &err), -1);
		assert_non_null(strstr(err.text, rows[i].want));
	}
}

static void a_response_is_taken_apart(void **state)
{
	static const struct {
		const char *octets, *body;
		int status;
	} rows[] = {
		{ "HTTP/1.1 200 OK" RN "Content-Length: 2" RN RN "abc", "ab", 200 },
		{ "HTTP/1.1 401 No" RN RN "all of it", "all of it", 401 },
		{ "HTTP/1.0 204 x\n\n", "", 204 },
		{ "HTTP/1.1 100 Continue" RN RN "HTTP/1.1 200 OK" RN RN "x", "x", 200 },
		{ "HTTP/1.1 200 OK" RN "Transfer-Encoding: chunked" RN RN "3" RN "abc" RN "A;ext" RN
		  "0123456789" RN "0" RN "Trailer: x" RN RN,
		  "abc0123456789", 200 },
		{ "HTTP/1.1 200 OK" RN "Content-Length: 500" RN RN, "", 200 }, /* HEAD */
	};
	struct http_response r;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(recorded_response(&arena, str(rows[i].octets), &r, &err), 0);
		assert_int_equal(r.status, rows[i].status);
		check_view(r.body, str(rows[i].body), rows[i].octets);
	}
}

/* Lengths are those of octets that are gone. */
static void a_masked_response_is_as_long_as_it_is(void **state)
{
	static const struct {
		const char *octets, *body;
	} rows[] = {
		{ "HTTP/1.1 200 OK" RN "Content-Length: 500" RN RN "a[x]", "a[x]" },
		{ "HTTP/1.1 200 OK" RN "Content-Length: 2" RN RN "a[x]b", "a[x]b" },
		{ "HTTP/1.1 200 OK" RN "X: [x]" RN "Content-Length: 2" RN RN "abc", "ab" },
		{ "HTTP/1.1 200 OK" RN "X: [x]" RN "Transfer-Encoding: chunked" RN RN "1" RN "a" RN
		  "0" RN RN,
		  "a" },
		{ "HTTP/1.1 200 OK" RN "X: [x]" RN "Content-Length: 3" RN RN "a", NULL },
		{ "HTTP/1.1 200 OK" RN "Transfer-Encoding: chunked" RN RN "9" RN "[x]" RN "0" RN RN,
		  NULL },
		{ "HTTP/1.1 200 OK [x]", NULL },
	};
	struct http_response r;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int status =
			recorded_masked_response(&arena, str(rows[i].octets), STR("[x]"), &r, &err);

		assert_int_equal(status, rows[i].body ? 0 : -1);
		if (rows[i].body)
			check_view(r.body, str(rows[i].body), rows[i].octets);
	}
}

static void what_is_no_response_is_refused(void **state)
{
	static const struct {
		const char *octets, *want;
	} rows[] = {
		{ "", "not whole" },
		{ "HTTP/1.1 200 OK" RN, "not whole" },
		{ "HTTP/1.1 100 Continue" RN RN, "not whole" },
		{ "HTTP/1.1 999 x" RN RN, "status" },
		{ "ICY 200 OK" RN RN, "status" },
		{ "HTTP/1.1 200 OK" RN "no colon" RN RN, "no name and colon" },
		{ "HTTP/1.1 200 OK" RN "Content-Length: 9" RN RN "short", "5 octets of a body" },
		{ "HTTP/1.1 200 OK" RN "Transfer-Encoding: chunked" RN RN "9" RN "short",
		  "not whole" },
		{ "HTTP/1.1 200 OK" RN "Transfer-Encoding: chunked" RN RN "fffffffffffffff" RN "x",
		  "not whole" },
		{ "HTTP/1.1 200 OK" RN "Transfer-Encoding: chunked" RN RN "zz",
		  "without its size" },
	};
	struct http_response r;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(recorded_response(&arena, str(rows[i].octets), &r, &err), -1);
		assert_non_null(strstr(err.text, rows[i].want));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(a_request_is_taken_apart),       CHECK(what_is_no_request_is_refused),
		CHECK(a_response_is_taken_apart),      CHECK(a_masked_response_is_as_long_as_it_is),
		CHECK(what_is_no_response_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

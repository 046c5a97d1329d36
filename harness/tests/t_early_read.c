/* Heads and contents as far as they have come, whatever the pieces. */
#include "check.h"

#include "device/early_parts.h"

#define HEAD "POST /c/1?x=1 HTTP/1.1\r\nHost: x\r\n"

/* What is read of the first n octets. */
static int read_head(struct str octets, size_t *scanned, struct early_head *h)
{
	return early_head_read(&arena, octets, scanned, h);
}

static void heads(void **state)
{
	static const struct {
		const char *octets;
		bool http_1_0, close, expects, chunked;
		size_t length;
	} rows[] = {
		{ "GET / HTTP/1.1\r\n\r\n", false, false, false, false, 0 },
		{ "GET / HTTP/1.0\r\n\r\n", true, true, false, false, 0 },
		{ HEAD "Content-Length: 5\r\n\r\n", false, false, false, false, 5 },
		{ HEAD "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n", false, false, true,
		  false, 5 },
		{ HEAD "content-length:5\r\nEXPECT:\t100-Continue \r\n\r\n", false, false, true,
		  false, 5 },
		{ HEAD "Content-Length: 0\r\nExpect: 100-continue\r\n\r\n", false, false, false,
		  false, 0 },
		{ HEAD "Content-Length: 5\r\nExpect: something\r\n\r\n", false, false, false, false,
		  5 },
		{ "POST / HTTP/1.0\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n", true,
		  true, false, false, 5 },
		{ HEAD "Transfer-Encoding: Chunked\r\nExpect: 100-continue\r\n\r\n", false, false,
		  true, true, 0 },
		{ HEAD "Connection: x, Close\r\n\r\n", false, true, false, false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str octets = str(rows[i].octets);
		struct early_head h = { .length = 0 };
		size_t scanned = 0;

		for (size_t n = 0; n < octets.n; n++)
			assert_int_equal(read_head(str_sub(octets, 0, n), &scanned, &h), 1);
		assert_int_equal(read_head(octets, &scanned, &h), 0);
		assert_int_equal(h.bytes, octets.n);
		assert_int_equal(h.http_1_0, rows[i].http_1_0);
		assert_int_equal(h.close, rows[i].close);
		assert_int_equal(h.expects, rows[i].expects);
		assert_int_equal(h.chunked, rows[i].chunked);
		assert_int_equal(h.length, rows[i].length);
	}
}

static void a_head_is_data(void **state)
{
	struct str octets = STR(HEAD "A:  b c \r\nA: d\r\n\r\nrest");
	struct early_head h;
	struct str value[3];
	size_t scanned = 0;

	(void)state;
	assert_int_equal(read_head(octets, &scanned, &h), 0);
	assert_int_equal(h.bytes, octets.n - 4);
	check_str(h.in.method, "POST");
	check_str(h.in.target, "/c/1?x=1");
	assert_int_equal(h.in.fields.n, 3);
	assert_int_equal(http_all(&h.in.fields, "a", value, 3), 2);
	check_str(value[0], "b c");
	check_str(value[1], "d");
	assert_int_equal(h.in.body.n, 0);
}

static void refused_heads(void **state)
{
	static const struct {
		const char *octets;
		int status;
	} rows[] = {
		{ "\x16\x03\x01\r\n\r\n", 400 },
		{ "GET /\r\n\r\n", 400 },
		{ "GET  / HTTP/1.1\r\n\r\n", 400 },
		{ "G(T / HTTP/1.1\r\n\r\n", 400 },
		{ "GET / HTTP/2.0\r\n\r\n", 505 },
		{ "GET / RTSP/1.0\r\n\r\n", 400 },
		{ HEAD "no colon\r\n\r\n", 400 },
		{ HEAD "a : b\r\n\r\n", 400 },
		{ HEAD "a: b\r\n fold\r\n\r\n", 400 },
		{ HEAD ": b\r\n\r\n", 400 },
		{ HEAD "Content-Length: -1\r\n\r\n", 400 },
		{ HEAD "Content-Length: 1, 1\r\n\r\n", 400 },
		{ HEAD "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", 400 },
		{ HEAD "Content-Length: 99999999999999999999\r\n\r\n", 400 },
		{ HEAD "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
		{ HEAD "Transfer-Encoding: gzip\r\n\r\n", 501 },
		{ "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct early_head h;
		size_t scanned = 0;
		int got = read_head(str(rows[i].octets), &scanned, &h);

		if (got != rows[i].status)
			fail_msg("row %zu: %d, not %d", i, got, rows[i].status);
	}
}

static void a_long_head_is_refused(void **state)
{
	struct str octets = { arena_alloc(&arena, EARLY_HEAD_MAX), EARLY_HEAD_MAX };
	struct early_head h;
	size_t scanned = 0;

	(void)state;
	memset((char *)(uintptr_t)octets.p, 'a', octets.n);
	assert_int_equal(read_head(str_sub(octets, 0, octets.n - 1), &scanned, &h), 1);
	assert_int_equal(read_head(octets, &scanned, &h), 431);
}

/* In pieces of n octets.  Gives what early_body_read() said last. */
static int read_body(struct early_body *b, struct buf *in, struct str octets, size_t n)
{
	int why = 1;

	buf_init(in, 8u << 20);
	while (octets.n && why == 1) {
		struct str piece = str_sub(octets, 0, n);

		buf_str(in, piece);
		why = early_body_read(b, in);
		octets = str_sub(octets, piece.n, octets.n);
	}
	if (!why) /* what was not given yet is behind it, too */
		buf_str(in, octets);
	return why;
}

static void contents(void **state)
{
	static const struct {
		bool chunked;
		size_t length;
		const char *octets;
		int why;
		const char *body, *behind;
	} rows[] = {
		{ false, 5, "helloGET", 0, "hello", "GET" },
		{ false, 9, "hello", 1, NULL, NULL },
		{ true, 0, "0\r\n\r\nGET", 0, "", "GET" },
		{ true, 0, "5\r\nhello\r\n0\r\n\r\n", 0, "hello", "" },
		{ true, 0, "2;x=y\r\nhe\r\n03\r\nllo\r\n000\r\na: b\r\nc: d\r\n\r\nGET", 0, "hello",
		  "GET" },
		{ true, 0, "A\r\n0123456789\r\n0\r\n\r\n", 0, "0123456789", "" },
		{ true, 0, "5\r\nhello\r\n0\r\n", 1, NULL, NULL },
		{ true, 0, "5\r\nhelloX\r\n0\r\n\r\n", 400, NULL, NULL },
		{ true, 0, "5\r\nhelloX\n0\r\n\r\n", 400, NULL, NULL },
		{ true, 0, "g\r\n", 400, NULL, NULL },
		{ true, 0, "\r\n", 400, NULL, NULL },
		{ true, 0, "1234567890123\r\n", 400, NULL, NULL },
		{ true, 0, "fffffff\r\n", 413, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		for (size_t n = 1; n < 80; n++) {
			struct early_body b = { .chunked = rows[i].chunked,
						.length = rows[i].length };
			struct buf in DEFER(buf_free);
			int why = read_body(&b, &in, str(rows[i].octets), n);

			if (why != rows[i].why)
				fail_msg("row %zu by %zu: %d", i, n, why);
			if (why)
				continue;
			check_view(str_sub(buf_view(&in), 0, b.done), str(rows[i].body), "body");
			check_view(str_sub(buf_view(&in), b.done, in.n), str(rows[i].behind),
				   "behind");
		}
}

static void lines_without_end_are_refused(void **state)
{
	static const struct {
		const char *begin;
		size_t n;
	} rows[] = { { "5;", 1100 }, { "0\r\na: ", 9000 } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct early_body b = { .chunked = true };
		struct buf in DEFER(buf_free);
		int why = 1;

		buf_init(&in, 1u << 20);
		buf_puts(&in, rows[i].begin);
		for (size_t n = 0; n < rows[i].n && why == 1; n++) {
			buf_char(&in, 'x');
			why = early_body_read(&b, &in);
		}
		assert_int_equal(why, 400);
	}
}

static void many_trailers_are_refused(void **state)
{
	struct early_body b = { .chunked = true };
	struct buf in DEFER(buf_free);
	int why = 1;

	(void)state;
	buf_init(&in, 1u << 20);
	buf_puts(&in, "0\r\n");
	for (int i = 0; i < 1000 && why == 1; i++) {
		buf_puts(&in, "trailer: value\r\n");
		why = early_body_read(&b, &in);
	}
	assert_int_equal(why, 400);
	assert_true(in.n < 100);
}

static void a_large_content_is_refused(void **state)
{
	struct early_body b = { .length = EARLY_BODY_MAX + 1 };
	struct buf in DEFER(buf_free);

	(void)state;
	buf_init(&in, 1024);
	assert_int_equal(early_body_read(&b, &in), 413);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(heads),
		CHECK(a_head_is_data),
		CHECK(refused_heads),
		CHECK(a_long_head_is_refused),
		CHECK(contents),
		CHECK(lines_without_end_are_refused),
		CHECK(many_trailers_are_refused),
		CHECK(a_large_content_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

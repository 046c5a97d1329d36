/* Recorded octets as a message: whatever came, the parts that there are. */
#include "check.h"

#include "report/message.h"

static void requests(void **state)
{
	static const char text[] = "POST /a?b=c HTTP/1.1\r\n"
				   "Host: h\r\n"
				   "Authorization: Digest nonce=\"n\",\r\n"
				   "\tnc=00000001 \r\n"
				   "no field at all\r\n"
				   "Empty:\r\n"
				   "\r\n"
				   "body\r\n\r\nof it";
	struct message m;

	(void)state;
	message_read(&arena, str(text), &m);
	check_str(m.start[0], "POST");
	check_str(m.start[1], "/a?b=c");
	check_str(m.start[2], "HTTP/1.1");
	assert_int_equal(m.fields.n, 3);
	check_str(http_get(&m.fields, "authorization"), "Digest nonce=\"n\",\r\n\tnc=00000001 ");
	check_str(http_get(&m.fields, "Empty"), "");
	check_str(m.body, "body\r\n\r\nof it");
	assert_int_equal(m.head_bytes, strlen(text) - m.body.n);
}

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

static void responses(void **state)
{
	static const struct {
		const char *text, *status, *reason, *body;
	} rows[] = {
		{ "HTTP/1.1 401 Not so fast\r\n\r\nx", "401", "Not so fast", "x" },
		{ "HTTP/1.1 204\n\n", "204", "", "" },
		{ "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 200 OK\r\n\r\ny", "200", "OK",
		  "y" },
		{ "HTTP/1.1 101 Switching\r\n\r\nraw", "101", "Switching", "raw" },
		{ "HTTP/1.1 100 Continue\r\n\r\n", "100", "Continue", "" },
		{ CHUNKED "5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n", "200", "OK",
		  "hello world" },
		{ CHUNKED "ff\r\ncut off", "200", "OK", "cut off" },
		{ CHUNKED "ffffffffffffffffffffffff\r\nx", "200", "OK", "x" },
		{ CHUNKED "no number", "200", "OK", "" },
		{ "HTTP/1.1 200 OK\r\nHalf: a fie", "200", "OK", "" },
		{ " \r\n", "", "", "" },
		{ "\r\n\r\n", "", "", "" },
		{ "", "", "", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct message m;

		message_read(&arena, str(rows[i].text), &m);
		check_view(m.start[1], str(rows[i].status), rows[i].text);
		check_view(m.start[2], str(rows[i].reason), rows[i].text);
		check_view(m.body, str(rows[i].body), rows[i].text);
	}
}

/* Cut anywhere, and with every octet in every place, it stays within the octets that it was given.
 */
static void broken(void **state)
{
	static const char text[] = "HTTP/1.1 100 C\r\n\r\n" CHUNKED "2\r\nab\r\n0\r\n\r\n";
	struct message m;

	(void)state;
	for (size_t n = 0; n < sizeof(text); n++) {
		char *copy = malloc(n + 1);

		assert_non_null(copy);
		for (int c = 0; c < 256; c += 5) {
			memcpy(copy, text, n);
			if (n)
				copy[n - 1] = (char)c;
			message_read(&arena, str_n(copy, n), &m);
			assert_true(m.head_bytes <= n && m.body.n <= n);
		}
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(requests), CHECK(responses), CHECK(broken) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

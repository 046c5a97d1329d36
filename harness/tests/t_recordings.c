/* Readers of recordings: what is in them, and what is wrong with them. */
#include "check.h"

#include "report/recordings.h"
#include "wire/stream.h"

static struct recording rec;

/* --- HTTP Archive --- */

#define HAR(entries) "{\"log\": {\"version\": \"1.2\", \"entries\": [" entries "]}}"
#define ENTRY(request, response)                                                                   \
	"{\"startedDateTime\": \"2026-01-02T03:04:05.678+01:00\", \"connection\": \"7\", "         \
	"\"request\": {\"method\": \"POST\", \"url\": \"http://u:p@cam:81/a?b#c\", \"headers\": [" \
	"{\"name\": \":authority\", \"value\": \"x\"}, {\"name\": \"Host\", \"value\": "           \
	"\"cam:81\"}"                                                                              \
	"], \"postData\": {\"text\": \"hello\"}" request "}, "                                     \
	"\"response\": {\"status\": 401, \"headers\": [{\"name\": \"X-Countersign\", \"value\": "  \
	"\"a.b[p=;c];0123456789abcdef;3\"}], \"content\": {\"text\": \"aGk=\", \"encoding\": "     \
	"\"base64\"}" response "}}"

static int har(const char *text)
{
	return recording_har(&arena, STR("x.har"), str(text), &rec, &err);
}

static void an_archive_is_read(void **state)
{
	const struct recorded_exchange *x;

	(void)state;
	assert_int_equal(har(HAR(ENTRY("", ""))), 0);
	assert_int_equal(rec.n, 1);
	x = &rec.v[0];
	assert_int_equal(x->wall_ms, INT64_C(1767319445678));
	check_str(x->server, "cam:81");
	check_str(x->request.method, "POST");
	check_str(x->request.target, "/a?b");
	check_str(x->request.body, "hello");
	assert_int_equal(x->request.fields.n, 1);
	assert_int_equal(x->response.status, 401);
	check_str(x->response.body, "hi");
	assert_int_equal(recording_close(&rec, &arena, &err), 0);
	check_str(rec.v[0].variant, "a.b[p=;c]");
	check_str(rec.run, "0123456789abcdef");
	assert_int_equal(rec.v[0].number, 3);
	assert_false(rec.by_path);
}

static void a_wrong_archive_gives_one_clear_error(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "{", "x.har:1: " },
		{ "[]", "x.har:1: no object" },
		{ "{\"log\": {}}", "x.har: expected an HTTP Archive" },
		{ HAR("{}"), "x.har: entry 1: expected an object with a startedDateTime" },
		{ HAR("{\"startedDateTime\": \"2026-01-02T03:04:05Z\"}"),
		  "entry 1: expected a request with method and url" },
		{ HAR("{\"startedDateTime\": \"2026-01-02T03:04:05Z\", \"request\": {\"method\": "
		      "\"GET\", \"url\": \"/x\", \"headers\": []}}"),
		  "entry 1: expected a request whose url is of http" },
		{ HAR("{\"startedDateTime\": \"2026-01-02T03:04:05Z\", \"request\": {\"method\": "
		      "\"GET\", \"url\": \"http://x/\", \"headers\": [{}]}}"),
		  "entry 1: expected each header with a name and a value" },
		{ HAR("{\"startedDateTime\": \"2026-01-02T03:04:05Z\", \"request\": {\"method\": "
		      "\"GET\", \"url\": \"http://x/\", \"headers\": []}, \"response\": "
		      "{\"status\": 7}}"),
		  "entry 1: expected a response with a status of HTTP" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(har(rows[i].text), -1);
		if (!strstr(err.text, rows[i].error))
			fail_msg("%s: got %s", rows[i].error, err.text);
	}
}

/* What a browser archives beside HTTP, and in front of it. */
static void foreign_entries_are_passed_over(void **state)
{
	static const char *const urls[] = { "data:image/png;base64,iVBORw0KGgo=", "ws://cam/live",
					    "blob:http://cam/1", "chrome-extension://x/y.js" };
	struct str all = STR("");

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++)
		all = arena_fmt(&arena, "%.*s{\"request\": {\"url\": \"%s\"}}, ", STR_ARG(all),
				urls[i]);
	all = arena_fmt(&arena, "{\"log\": {\"entries\": [%.*s%s]}}", STR_ARG(all), ENTRY("", ""));
	assert_int_equal(har(all.p), 0);
	assert_int_equal(rec.n, 1);
	check_str(rec.v[0].request.target, "/a?b");
}

static void masked_credentials_are_told(void **state)
{
	(void)state;
	assert_int_equal(
		har(HAR("{\"startedDateTime\": \"2026-01-02T03:04:05Z\", \"request\": {\"method\": "
			"\"GET\", \"url\": \"http://x/\", \"headers\": [{\"name\": "
			"\"authorization\", \"value\": \"Digest response=\\\"[redacted]\\\"\"}]}, "
			"\"response\": {\"status\": 0}}")),
		0);
	assert_int_equal(recording_close(&rec, &arena, &err), -1);
	assert_non_null(strstr(err.text, "--evidence full"));
	assert_int_equal(har(HAR("")), 0);
	assert_int_equal(recording_close(&rec, &arena, &err), -1);
	assert_non_null(strstr(err.text, "no HTTP exchange"));
}

/* --- captures --- */

static struct str hex_of(const char *text)
{
	struct str out = STR("");

	for (; *text; text++)
		out = arena_fmt(&arena, "%.*s%02x", STR_ARG(out), (unsigned char)*text);
	return out;
}

/* One segment; from the client's port 5 to the server's 80, or back. */
static struct str packet(bool up, int stream, int sequence, int ms, const char *octets)
{
	return arena_fmt(&arena,
			 "{\"_source\": {\"layers\": {\"tcp.stream\": [\"%d\"], "
			 "\"frame.time_epoch\": [\"1700000000.%03d000000\"], \"ip.src\": [\"%s\"], "
			 "\"ip.dst\": [\"%s\"], \"tcp.srcport\": [\"%s\"], \"tcp.dstport\": "
			 "[\"%s\"], \"tcp.seq_raw\": [\"%u\"], \"tcp.payload\": [\"%.*s\"]}}}",
			 stream, ms, up ? "10.0.0.1" : "10.0.0.2", up ? "10.0.0.2" : "10.0.0.1",
			 up ? "5" : "80", up ? "80" : "5", (unsigned)sequence,
			 STR_ARG(hex_of(octets)));
}

static int capture(const struct str *packets, size_t n)
{
	struct str all = STR("[");

	for (size_t i = 0; i < n; i++)
		all = arena_fmt(&arena, "%.*s%s%.*s", STR_ARG(all), i ? "," : "",
				STR_ARG(packets[i]));
	all = arena_concat(&arena, all, STR("]"));
	return recording_capture(&arena, STR("x.pcap"), all, &rec, &err);
}

static void packets_become_exchanges(void **state)
{
	/* Out of order, sent twice, overlapping, and two requests on a connection. */
	const struct str packets[] = {
		packet(true, 0, 1, 100, "GET /a HTTP/1.1\r\nHo"),
		packet(false, 0, 1, 120, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\n"),
		packet(true, 0, 20, 110, "st: x\r\n\r\n"),
		packet(true, 0, 1, 130, "GET /a HTTP/1.1\r\nHo"),
		packet(true, 0, 29, 200,
		       "POST /b HTTP/1.1\r\nTransfer-Encoding: "
		       "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
		packet(false, 0, 42, 121,
		       "\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"),
		packet(false, 0, 85, 210, "HTTP/1.1 204 Fine\r\nContent-Length: 5\r\n\r\n"),
		/* Numbers begin anew. */
		packet(true, 1, 0, 151, "\r\n\r\n"),
		packet(true, 1, -15, 150, "HEAD / HTTP/1.0"),
	};

	(void)state;
	assert_int_equal(capture(packets, COUNT(packets)), 0);
	assert_int_equal(recording_close(&rec, &arena, &err), 0);
	assert_int_equal(rec.n, 3);
	check_str(rec.v[0].request.target, "/a");
	check_str(http_get(&rec.v[0].request.fields, "Host"), "x");
	check_str(rec.v[0].server, "10.0.0.2:80");
	assert_int_equal(rec.v[0].wall_ms, INT64_C(1700000000100));
	assert_int_equal(rec.v[0].response.status, 401);
	check_str(rec.v[0].response.body, "hi");
	check_str(rec.v[1].request.target, "/");
	assert_int_equal(rec.v[1].response.status, 0);
	check_str(rec.v[2].request.body, "abc");
	assert_int_equal(rec.v[2].response.status, 204);
	for (size_t i = 0; i < rec.n; i++)
		assert_false(rec.v[i].cut);
}

static void what_is_missing_is_told(void **state)
{
	const struct str gap[] = {
		packet(true, 0, 1, 100, "GET /a HTTP/1.1\r\n\r\n"),
		packet(false, 0, 1, 120, "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc"),
		packet(false, 0, 900, 120, "later"),
	};
	const struct str wrong[] = { STR(
		"{\"_source\": {\"layers\": {\"tcp.payload\": [\"zz\"]}}}") };
	const struct str foreign[] = { packet(true, 0, 1, 100, "SSH-2.0-x\r\n\r\n") };

	(void)state;
	assert_int_equal(capture(gap, COUNT(gap)), 0);
	assert_int_equal(rec.n, 1);
	assert_true(rec.v[0].cut);
	assert_int_equal(capture(wrong, 1), -1);
	assert_non_null(strstr(err.text, "x.pcap: packet 1"));
	assert_int_equal(capture(foreign, 1), 0);
	assert_int_equal(rec.n, 0);
	assert_int_equal(recording_capture(&arena, STR("x.pcap"), STR("{}"), &rec, &err), -1);
	assert_non_null(strstr(err.text, "expected a list"));
}

/* One message without TCP; between the client's port and the server's 80. */
static struct str pdu(bool up, const char *port, int ms, const char *octets)
{
	return arena_fmt(&arena,
			 "{\"_source\": {\"layers\": {\"frame.time_epoch\": "
			 "[\"1700000000.%03d000000\"], \"ip.src\": [\"%s\"], \"ip.dst\": [\"%s\"], "
			 "\"exported_pdu.src_port\": [\"%s\"], \"exported_pdu.dst_port\": "
			 "[\"%s\"], \"exported_pdu.exported_pdu\": [\"%.*s\"]}}}",
			 ms, up ? "10.0.0.1" : "10.0.0.2", up ? "10.0.0.2" : "10.0.0.1",
			 up ? port : "80", up ? "80" : port, STR_ARG(hex_of(octets)));
}

#define LATER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"

static void exported_messages_become_exchanges(void **state)
{
	/* One client has two requests, and its first answer was told before all of it was there.
	 * Of one time they stay in their order, whatever their ports are. */
	const struct str packets[] = {
		pdu(true, "9999", 100, "GET /a HTTP/1.1\r\n\r\n"),
		pdu(false, "9999", 100, LATER),
		pdu(false, "9999", 100, LATER "hi"),
		pdu(true, "10000", 100, "GET /b HTTP/1.1\r\n\r\n"),
		pdu(true, "9999", 100, "GET /a HTTP/1.1\r\n\r\n"),
		pdu(false, "10000", 100, "HTTP/1.1 401 No\r\n\r\n"),
		pdu(false, "9999", 100, LATER "ho"),
		STR("{\"_source\": {\"layers\": {\"exported_pdu.exported_pdu\": [\"00\"]}}}"),
	};
	const struct str wrong[] = { STR(
		"{\"_source\": {\"layers\": {\"exported_pdu.src_port\": [\"1\"], "
		"\"exported_pdu.dst_port\": [\"2\"], \"exported_pdu.exported_pdu\": "
		"[\"zz\"]}}}") };

	(void)state;
	assert_int_equal(capture(packets, COUNT(packets)), 0);
	assert_int_equal(recording_close(&rec, &arena, &err), 0);
	assert_int_equal(rec.n, 3);
	check_str(rec.v[0].request.target, "/a");
	check_str(rec.v[0].response.body, "hi");
	check_str(rec.v[0].server, "10.0.0.2:80");
	check_str(rec.v[1].request.target, "/a");
	check_str(rec.v[1].response.body, "ho");
	check_str(rec.v[2].request.target, "/b");
	assert_int_equal(rec.v[2].response.status, 401);
	assert_int_equal(rec.v[0].connection, rec.v[1].connection);
	assert_true(rec.v[1].connection != rec.v[2].connection);
	assert_int_equal(capture(wrong, 1), -1);
	assert_non_null(strstr(err.text, "packet 1 of what tshark tells: expected time and"));
}

static void what_cannot_be_read_is_counted(void **state)
{
	const struct str packets[] = {
		packet(true, 0, 1, 100, "\x16\x03\x01hello"),
		packet(true, 1, 1, 100, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
		packet(false, 2, 1, 100, "\x16\x03\x03later"),
		packet(true, 3, 1, 100, "GET / HTTP/1.1\r\n\r\n"),
		packet(true, 4, 1, 100, "SSH-2.0-x\r\n"),
	};

	(void)state;
	assert_int_equal(capture(packets, COUNT(packets)), 0);
	assert_int_equal(rec.n, 1);
	assert_int_equal(rec.n_tls, 2);
	assert_int_equal(rec.n_http2, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(an_archive_is_read),
		CHECK(a_wrong_archive_gives_one_clear_error),
		CHECK(foreign_entries_are_passed_over),
		CHECK(masked_credentials_are_told),
		CHECK(packets_become_exchanges),
		CHECK(what_is_missing_is_told),
		CHECK(exported_messages_become_exchanges),
		CHECK(what_cannot_be_read_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

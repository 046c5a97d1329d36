/* The reference device on a real socket: what the HTTP library must hand through unchanged. */
#include "device/device.h"
#include "auth/digest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cmocka.h>

#define BASIC "Authorization: Basic YWRtaW46c2VjdXJl\r\n"

static struct arena arena;
static struct world world;
static struct device *device;
static struct device_server *server;
static int port;

static void start(const char *persona, const char *fault)
{
	struct device_options o = { .persona = persona_find(str(persona)) };
	struct err err = { 0 };
	struct str url, rest;
	uint64_t number = 0;

	if (fault)
		o.fault[o.n_fault++] = fault_find(str(fault));
	arena_init(&arena, 64u << 20);
	world = world_real();
	device = device_new(&o, &world, &err);
	assert_non_null(device);
	server = device_server_start(device, STR("127.0.0.1:0"), &arena, &url, &err);
	if (!server)
		fail_msg("%s", err.text);
	assert_true(str_starts(url, STR("http://127.0.0.1:")));
	assert_true(str_ends(url, str(device_path(device))));
	rest = str_sub(url, strlen("http://127.0.0.1:"), url.n);
	rest = str_cut(&rest, '/');
	assert_int_equal(str_to_u64(rest, 65535, &number), 0);
	port = (int)number;
}

static int stop(void **state)
{
	(void)state;
	device_server_stop(server);
	device_free(device);
	arena_free(&arena);
	server = NULL;
	device = NULL;
	return 0;
}

static int dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = 20 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static void put(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

		assert_true(n > 0);
		text = str_sub(text, (size_t)n, text.n);
	}
}

static size_t content_length(struct str head)
{
	size_t at = str_ifind(head, STR("content-length:"));
	uint64_t n = 0;
	struct str rest;

	if (at == (size_t)-1)
		return 0;
	rest = str_sub(head, at + strlen("content-length:"), head.n);
	assert_int_equal(str_to_u64(str_trim(str_cut(&rest, '\n')), 1u << 20, &n), 0);
	return (size_t)n;
}

/* One whole response; what came so far when the connection ends. */
static struct str get(int fd, bool head_only)
{
	size_t room = 1u << 16, n = 0;
	char *p = arena_alloc(&arena, room);

	assert_non_null(p);
	while (n < room) {
		size_t end = str_find(str_n(p, n), STR("\r\n\r\n"));
		ssize_t more;

		if (end != (size_t)-1 &&
		    (head_only || n >= end + 4 + content_length(str_n(p, end + 2))))
			break;
		more = recv(fd, p + n, room - n, 0);
		if (more <= 0)
			break;
		n += (size_t)more;
	}
	return str_n(p, n);
}

static struct str ask(struct str request)
{
	int fd = dial();
	struct str answer;

	put(fd, request);
	answer = get(fd, str_starts(request, STR("HEAD")));
	close(fd);
	return answer;
}

static void assert_status(struct str answer, const char *status)
{
	if (!str_eq(str_sub(answer, 9, 3), str(status)))
		fail_msg("not %s: %.*s", status, STR_ARG(answer));
}

static bool has(struct str answer, const char *text)
{
	return str_ifind(answer, str(text)) != (size_t)-1;
}

static struct str nonce_of(struct str answer)
{
	size_t at = str_find(answer, STR("nonce=\""));
	struct str rest;

	assert_true(at != (size_t)-1);
	rest = str_sub(answer, at + strlen("nonce=\""), answer.n);
	return str_cut(&rest, '"');
}

static struct str opaque_of(struct str answer)
{
	struct str rest = str_sub(answer, str_find(answer, STR("opaque=\"")) + 8, answer.n);

	return str_cut(&rest, '"');
}

static struct str digest_request(struct str challenge, const char *target, const char *nc)
{
	struct digest_inputs in = {
		.alg = HASH_MD5,
		.qop = DIGEST_QOP_AUTH,
		.user = STR("admin"),
		.realm = STR("reference device"),
		.password = STR("secure"),
		.method = STR("GET"),
		.uri = str(target),
		.nonce = nonce_of(challenge),
		.nc = str(nc),
		.cnonce = STR("c"),
	};
	char hex[HASH_HEX_MAX];
	struct err err = { 0 };

	assert_int_equal(digest_response(&in, hex, &err), 0);
	return arena_fmt(&arena,
			 "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Digest username=\"admin\", "
			 "realm=\"reference device\", nonce=\"%.*s\", uri=\"%s\", response=\"%s\", "
			 "algorithm=MD5, qop=auth, nc=%s, cnonce=\"c\", opaque=\"%.*s\"\r\n\r\n",
			 target, STR_ARG(in.nonce), target, hex, nc, STR_ARG(opaque_of(challenge)));
}

static void test_digest_over_one_connection(void **state)
{
	struct str answer, challenge;
	int fd;

	(void)state;
	start("http", NULL);
	fd = dial();
	put(fd, STR("GET /a%20b?q=%41 HTTP/1.1\r\nHost: x\r\n\r\n"));
	challenge = get(fd, false);
	assert_status(challenge, "401");
	assert_true(has(challenge, "algorithm=SHA-256"));
	assert_true(has(challenge, "WWW-Authenticate: Basic"));
	assert_true(has(challenge, "\r\nDate: "));
	/* The target arrives as it was sent, or uri would not agree. */
	put(fd, digest_request(challenge, "/a%20b?q=%41", "00000001"));
	answer = get(fd, false);
	assert_status(answer, "200");
	assert_true(has(answer, "Authentication-Info: rspauth="));
	put(fd, digest_request(challenge, "/a%20b?q=%41", "00000001"));
	answer = get(fd, false);
	assert_status(answer, "401");
	assert_true(has(answer, "stale=true"));
	close(fd);
}

static void test_fields_arrive_as_sent(void **state)
{
	(void)state;
	start("http", NULL);
	assert_status(ask(STR("GET / HTTP/1.1\r\nHost: x\r\n" BASIC "\r\n")), "200");
	/* Two Authorization fields are two: a library that joined or dropped one would hide it. */
	assert_status(ask(STR("GET / HTTP/1.1\r\nHost: x\r\n" BASIC BASIC "\r\n")), "401");
	assert_status(ask(STR("HEAD / HTTP/1.1\r\nHost: x\r\n" BASIC "\r\n")), "200");
	assert_status(ask(STR("OPTIONS / HTTP/1.1\r\nHost: x\r\n" BASIC "\r\n")), "204");
}

static void test_soap(void **state)
{
	static const char body[] =
		"<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>"
		"<GetHostname xmlns=\"http://www.onvif.org/ver10/device/wsdl\"/></s:Body>"
		"</s:Envelope>";
	struct str answer;

	(void)state;
	start("onvif", NULL);
	answer = ask(arena_fmt(&arena,
			       "POST /onvif/device_service HTTP/1.1\r\nHost: x\r\n"
			       "Content-Length: %zu\r\n\r\n%s",
			       strlen(body), body));
	assert_status(answer, "200");
	assert_true(has(answer, "GetHostnameResponse"));
	/* The same in chunks. */
	answer = ask(arena_fmt(&arena,
			       "POST /onvif/device_service HTTP/1.1\r\nHost: x\r\n"
			       "Transfer-Encoding: chunked\r\n\r\n%zx\r\n%s\r\n0\r\n\r\n",
			       strlen(body), body));
	assert_status(answer, "200");
}

static void test_large_bodies_are_cut_off(void **state)
{
	size_t n = (1u << 20) + 1;
	char *p;
	int fd;

	(void)state;
	start("onvif", NULL);
	p = arena_alloc(&arena, n);
	assert_non_null(p);
	memset(p, ' ', n);
	fd = dial();
	put(fd, arena_fmt(&arena,
			  "POST /onvif/device_service HTTP/1.1\r\nHost: x\r\nContent-Length: "
			  "%zu\r\n\r\n",
			  n));
	put(fd, str_n(p, n));
	assert_status(get(fd, false), "413");
	close(fd);
}

static void test_connections_have_numbers(void **state)
{
	struct str challenge;
	int fd;

	(void)state;
	start("http", "nonce-bound-to-connection");
	fd = dial();
	put(fd, STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
	challenge = get(fd, false);
	assert_status(ask(digest_request(challenge, "/", "00000001")), "401");
	put(fd, digest_request(challenge, "/", "00000001"));
	assert_status(get(fd, false), "200");
	close(fd);
}

static void test_closes(void **state)
{
	struct str bare = STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

	(void)state;
	start("http", "env-drops");
	for (int i = 1; i < 9; i++)
		assert_status(ask(bare), "401");
	assert_int_equal(ask(bare).n, 0);
	assert_status(ask(bare), "401");
}

static void test_silence_ends_with_the_server(void **state)
{
	struct str bare = STR("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	int fd;

	(void)state;
	start("http", "env-silent");
	for (int i = 1; i < 50; i++)
		assert_status(ask(bare), "401");
	fd = dial();
	put(fd, bare);
	device_server_stop(server);
	server = NULL;
	assert_int_equal(get(fd, false).n, 0);
	close(fd);
}

static void test_bad_addresses(void **state)
{
	static const char *const addresses[] = {
		"", "127.0.0.1", ":80", "127.0.0.1:http", "127.0.0.1:65536", "192.0.2.1:0"
	};
	struct err err = { 0 };
	struct str url;

	(void)state;
	start("http", NULL);
	for (size_t i = 0; i < COUNT(addresses); i++) {
		assert_null(device_server_start(device, str(addresses[i]), &arena, &url, &err));
		assert_true(err.code == ERR_INPUT || err.code == ERR_IO);
	}
	device_server_stop(NULL);
}

#define TEST(name) cmocka_unit_test_teardown(name, stop)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_digest_over_one_connection),
		TEST(test_fields_arrive_as_sent),
		TEST(test_soap),
		TEST(test_large_bodies_are_cut_off),
		TEST(test_connections_have_numbers),
		TEST(test_closes),
		TEST(test_silence_ends_with_the_server),
		TEST(test_bad_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

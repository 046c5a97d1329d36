/* The server that asks by heads, on a real socket. */
#include "check.h"

#include "base/buf.h"
#include "device/early_parts.h"

#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define LIMIT_S 20
#define LONG    (1100u << 10)

static struct early_server *server;
static int port;
static char *large;

/* What the handlers saw. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct buf content;
static size_t handled, n_content;

/* --- the handlers: the target says what to do --- */

static enum device_answer handle(void *ctx, struct arena *a, uint64_t connection,
				 const struct http_request *in, struct http_response *out)
{
	(void)ctx;
	pthread_mutex_lock(&lock);
	handled++;
	pthread_mutex_unlock(&lock);
	if (str_eq(in->target, STR("/drop")))
		return DEVICE_CLOSES;
	*out = (struct http_response){ .status = 200 };
	out->body = arena_fmt(a, "%.*s %.*s %zu on %d", STR_ARG(in->method), STR_ARG(in->target),
			      in->body.n, (int)connection);
	return DEVICE_ANSWERED;
}

static enum head_answer head(void *ctx, struct arena *a, uint64_t connection,
			     const struct http_request *in, struct http_response *out)
{
	(void)ctx, (void)connection;
	assert_int_equal(in->body.n, 0);
	if (str_eq(in->target, STR("/100")))
		return HEAD_CONTINUE;
	if (str_eq(in->target, STR("/wait")))
		return HEAD_WAIT;
	if (str_eq(in->target, STR("/drop")))
		return HEAD_CLOSES;
	*out = (struct http_response){ .status = 401, .body = STR("who?") };
	if (str_eq(in->target, STR("/close")))
		http_add(a, &out->fields, STR("Connection"), STR("close"));
	return HEAD_FINAL;
}

static bool take(void *ctx, uint64_t connection, struct str octets)
{
	bool is_content;

	(void)ctx, (void)connection;
	pthread_mutex_lock(&lock);
	buf_str(&content, str_sub(octets, 0, 1000));
	n_content += octets.n;
	is_content = str_find(buf_view(&content), STR("HTTP/1.1")) == (size_t)-1;
	pthread_mutex_unlock(&lock);
	return is_content;
}

static size_t content_n(void)
{
	size_t n;

	pthread_mutex_lock(&lock);
	n = n_content;
	pthread_mutex_unlock(&lock);
	return n;
}

/* --- the client --- */

static int start(void **state)
{
	const struct early_handler h = { handle, head, take, NULL };
	struct str origin, rest;
	uint64_t number = 0;

	check_setup(state);
	buf_init(&content, 1u << 20);
	handled = n_content = 0;
	server = early_server_start(&h, STR("127.0.0.1:0"), &arena, &origin, &err);
	if (!server)
		fail_msg("%s", err.text);
	assert_true(str_starts(origin, STR("http://127.0.0.1:")));
	rest = str_sub(origin, strlen("http://127.0.0.1:"), origin.n);
	assert_int_equal(str_to_u64(rest, 65535, &number), 0);
	port = (int)number;
	large = malloc(LONG);
	assert_non_null(large);
	memset(large, 'x', LONG);
	return 0;
}

static int stop(void **state)
{
	early_server_stop(server);
	buf_free(&content);
	free(large);
	return check_teardown(state);
}

static int dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval limit = { .tv_sec = LIMIT_S };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static bool put(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = send(fd, text.p, text.n, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		text = str_sub(text, (size_t)n, text.n);
	}
	return true;
}

/* Until that text has come, or the end. */
static struct str get(int fd, const char *until)
{
	size_t room = 4096, n = 0;
	char *p = arena_alloc(&arena, room);

	assert_non_null(p);
	while (n < room && (!until || str_find(str_n(p, n), str(until)) == (size_t)-1)) {
		ssize_t more = recv(fd, p + n, 1, 0);

		if (more < 0)
			fail_msg("nothing came behind: %.*s", (int)n, p);
		if (more == 0)
			break;
		n++;
	}
	return str_n(p, n);
}

static void want(struct str got, const char *begin, const char *end)
{
	if (!str_starts(got, str(begin)) || !str_ends(got, str(end)))
		fail_msg("expected \"%s\" to \"%s\", got: %.*s", begin, end, STR_ARG(got));
}

#define WHO "HTTP/1.1 401 Unauthorized\r\n"

static struct str announce(const char *target, size_t n)
{
	return arena_fmt(&arena,
			 "POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %zu\r\n"
			 "Expect: 100-continue\r\n\r\n",
			 target, n);
}

/* --- tests --- */

/* RFC 9110 10.1.1: no 100 before it, and nothing of the content. */
static void the_answer_comes_first(void **state)
{
	int fd = dial();

	(void)state;
	put(fd, announce("/401", LONG));
	want(get(fd, "who?"), WHO, "Content-Length: 4\r\n\r\nwho?");
	close(fd);
	assert_int_equal(content_n(), 0);
}

/* And whatever is sent all the same is content, up to its announced length. */
static void the_connection_goes_on_behind_the_content(void **state)
{
	int fd = dial();

	(void)state;
	put(fd, announce("/401", LONG));
	get(fd, "who?");
	assert_true(put(fd, str_n(large, LONG)));
	put(fd, STR("GET /next HTTP/1.1\r\nHost: x\r\n\r\n"));
	want(get(fd, "on 1"), "HTTP/1.1 200", "GET /next 0 on 1");
	close(fd);
	assert_int_equal(content_n(), LONG);
}

/* A client that does not wait. */
static void content_that_comes_with_the_head(void **state)
{
	int fd = dial();

	(void)state;
	put(fd, arena_concat(&arena, announce("/401", 5), STR("helloGET / HTTP/1.1\r\n\r\n")));
	want(get(fd, "on 1"), WHO, "GET / 0 on 1");
	close(fd);
	check_str(buf_view(&content), "hello");
}

static void another_request_in_the_midst_ends_it(void **state)
{
	int fd = dial();

	(void)state;
	put(fd, announce("/401", LONG));
	get(fd, "who?");
	put(fd, STR("GET /next HTTP/1.1\r\nHost: x\r\n\r\n"));
	want(get(fd, NULL), "HTTP/1.1 400", "\r\n\r\n");
	close(fd);
	pthread_mutex_lock(&lock);
	assert_int_equal(handled, 0);
	pthread_mutex_unlock(&lock);
}

/* RFC 9112 9.6: in stages, so that the answer is read even behind all that was sent. */
static void a_closed_connection_loses_no_answer(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		int fd = dial();

		assert_true(put(fd, announce("/close", LONG)));
		assert_true(put(fd, str_n(large, LONG)));
		want(get(fd, NULL), WHO, "who?");
		close(fd);
	}
}

static void of_chunks_the_end_is_not_looked_for(void **state)
{
	int fd = dial();
	struct str answer;

	(void)state;
	put(fd, STR("POST /401 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
		    "Expect: 100-continue\r\n\r\n"));
	answer = get(fd, NULL);
	want(answer, WHO, "who?");
	assert_true(str_find(answer, STR("\r\nConnection: close\r\n")) != (size_t)-1);
	close(fd);
}

static void who_is_asked_to_continue_is_heard(void **state)
{
	int fd = dial();

	(void)state;
	put(fd, announce("/100", LONG));
	want(get(fd, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n", "\r\n\r\n");
	assert_true(put(fd, str_n(large, LONG)));
	want(get(fd, "on 1"), "HTTP/1.1 200", "POST /100 1126400 on 1");
	put(fd, STR("POST /100 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
		    "Expect: 100-continue\r\n\r\n"));
	want(get(fd, "\r\n\r\n"), "HTTP/1.1 100 Continue\r\n", "\r\n\r\n");
	put(fd, STR("5\r\nhello\r\n0\r\n\r\n"));
	want(get(fd, "on 1"), "HTTP/1.1 200", "POST /100 5 on 1");
	close(fd);
}

/* Nothing is said: the first that comes is the final answer. */
static void who_is_told_nothing_is_heard_too(void **state)
{
	int fd = dial();

	(void)state;
	put(fd, announce("/wait", 5));
	put(fd, STR("hello"));
	want(get(fd, "on 1"), "HTTP/1.1 200", "POST /wait 5 on 1");
	close(fd);
}

static void plain_requests(void **state)
{
	static const struct {
		const char *octets, *begin, *end;
	} rows[] = {
		{ "\r\n\r\nGET / HTTP/1.1\r\nConnection: close\r\n\r\n", "HTTP/1.1 200",
		  "GET / 0 on 1" },
		{ "GET / HTTP/1.0\r\n\r\n", "HTTP/1.1 200", "GET / 0 on 2" },
		{ "HEAD / HTTP/1.0\r\n\r\n", "HTTP/1.1 200", "Content-Length: 13\r\n\r\n" },
		/* HTTP/1.0 knows no Expect: RFC 9110 10.1.1. */
		{ "POST /401 HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
		  "HTTP/1.1 200", "POST /401 1 on 4" },
		{ "GET /drop HTTP/1.1\r\n\r\n", "", "" },
		{ "POST /drop HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n", "",
		  "" },
		{ "nonsense\r\n\r\n", "HTTP/1.1 400", "Content-Length: 0\r\n\r\n" },
		{ "POST / HTTP/1.1\r\nContent-Length: 2000000\r\n\r\nx", "HTTP/1.1 413",
		  "Content-Length: 0\r\n\r\n" },
		{ "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", "HTTP/1.1 400",
		  "Content-Length: 0\r\n\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int fd = dial();

		put(fd, str(rows[i].octets));
		want(get(fd, NULL), rows[i].begin, rows[i].end);
		close(fd);
	}
}

static void many_requests_at_once(void **state)
{
	struct str all = STR("");
	int fd = dial();

	(void)state;
	for (int i = 0; i < 50; i++)
		all = arena_fmt(&arena, "%.*sGET /%d HTTP/1.1\r\n\r\n", STR_ARG(all), i);
	put(fd, all);
	for (int i = 0; i < 50; i++)
		want(get(fd, "on 1"), "HTTP/1.1 200", arena_fmt(&arena, "GET /%d 0 on 1", i).p);
	close(fd);
}

static void a_head_without_end_is_refused(void **state)
{
	int fd = dial();

	(void)state;
	put(fd, STR("GET / HTTP/1.1\r\nX: "));
	put(fd, str_n(large, 200u << 10));
	want(get(fd, NULL), "HTTP/1.1 431", "\r\n\r\n");
	close(fd);
}

/* Whoever holds connections keeps nobody out. */
static void held_connections_make_room(void **state)
{
	int held[100], fd;

	(void)state;
	for (size_t i = 0; i < COUNT(held); i++) {
		held[i] = dial();
		put(held[i], STR("GET / HTTP/1.1\r\nX"));
	}
	fd = dial();
	put(fd, STR("GET / HTTP/1.1\r\n\r\n"));
	want(get(fd, "on 101"), "HTTP/1.1 200", "GET / 0 on 101");
	close(fd);
	for (size_t i = 0; i < COUNT(held); i++)
		close(held[i]);
}

static void it_stops_with_connections_open(void **state)
{
	int waiting = dial(), silent = dial();
	char octet;

	put(waiting, announce("/100", 5));
	get(waiting, "\r\n\r\n");
	stop(state);
	server = NULL;
	assert_true(recv(waiting, &octet, 1, 0) <= 0);
	close(waiting);
	close(silent);
	start(state);
}

static void an_address_that_is_none(void **state)
{
	const struct early_handler h = { handle, head, take, NULL };
	struct str origin;

	(void)state;
	assert_null(early_server_start(&h, STR("nowhere"), &arena, &origin, &err));
	assert_int_equal(err.code, ERR_INPUT);
	early_server_stop(NULL);
}

#define SERVED(test) cmocka_unit_test_setup_teardown(test, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SERVED(the_answer_comes_first),
		SERVED(the_connection_goes_on_behind_the_content),
		SERVED(content_that_comes_with_the_head),
		SERVED(another_request_in_the_midst_ends_it),
		SERVED(a_closed_connection_loses_no_answer),
		SERVED(of_chunks_the_end_is_not_looked_for),
		SERVED(who_is_asked_to_continue_is_heard),
		SERVED(who_is_told_nothing_is_heard_too),
		SERVED(plain_requests),
		SERVED(many_requests_at_once),
		SERVED(a_head_without_end_is_refused),
		SERVED(held_connections_make_room),
		SERVED(it_stops_with_connections_open),
		CHECK(an_address_that_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

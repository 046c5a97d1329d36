#include "scripted_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define STUCK_S                                                                                    \
	30 /* a script that waits so long has lost its peer: end it, the test then fails           \
	    */

static void die(const char *what)
{
	perror(what);
	abort();
}

static void *run(void *server)
{
	struct server *s = server;

	s->script(s);
	return NULL;
}

void server_start(struct server *s, void (*script)(struct server *), const void *arg)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	socklen_t n = sizeof(at);

	*s = (struct server){ .script = script, .arg = arg };
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	s->listener = socket(AF_INET, SOCK_STREAM, 0);
	if (s->listener < 0 || bind(s->listener, (struct sockaddr *)&at, n) ||
	    listen(s->listener, 16) || getsockname(s->listener, (struct sockaddr *)&at, &n))
		die("listen");
	s->port = ntohs(at.sin_port);
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%d/", s->port);
	if (pthread_create(&s->thread, NULL, run, s))
		die("pthread_create");
}

void server_stop(struct server *s)
{
	shutdown(s->listener, SHUT_RDWR); /* wakes accept */
	pthread_join(s->thread, NULL);
	close(s->listener);
}

int server_accept(struct server *s)
{
	const struct timeval limit = { .tv_sec = STUCK_S };
	const int fd = accept(s->listener, NULL, NULL);

	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	s->accepted++;
	return fd;
}

/* The octets of head and body, or 0 while the head is not complete. */
static size_t request_size(const struct server *s)
{
	const struct str all = str_n(s->request, s->request_octets);
	const size_t head = str_find(all, STR("\r\n\r\n"));
	const size_t length = str_find(all, STR("\r\nContent-Length: "));
	uint64_t body = 0;

	if (head == (size_t)-1)
		return 0;
	if (length < head) {
		struct str rest = str_sub(all, length + strlen("\r\nContent-Length: "), all.n);

		if (str_to_u64(str_cut(&rest, '\r'), sizeof(s->request), &body))
			body = 0;
	}
	return head + 4 + (size_t)body;
}

bool server_read(struct server *s, int fd)
{
	s->request_octets = 0;
	while (fd >= 0 && s->request_octets + 1 < sizeof(s->request)) {
		const size_t room = sizeof(s->request) - 1 - s->request_octets;
		const size_t size = request_size(s);
		ssize_t n;

		if (size && s->request_octets >= size)
			return true;
		n = recv(fd, s->request + s->request_octets, room, 0);
		if (n <= 0)
			return false;
		s->request_octets += (size_t)n;
		s->request[s->request_octets] = '\0';
	}
	return false;
}

bool server_send(struct server *s, int fd, struct str octets)
{
	while (fd >= 0 && octets.n > 0) {
		const ssize_t n = send(fd, octets.p, octets.n, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		s->sent_octets += (uint64_t)n;
		octets = str_sub(octets, (size_t)n, octets.n);
	}
	return fd >= 0;
}

void server_wait_closed(int fd)
{
	char dropped[256];

	while (fd >= 0 && recv(fd, dropped, sizeof(dropped), 0) > 0)
		;
	server_close(fd);
}

void server_no_delay(int fd)
{
	const int on = 1;

	if (fd >= 0)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

void server_close(int fd)
{
	if (fd >= 0)
		close(fd);
}

void server_reset(int fd)
{
	const struct linger now = { .l_onoff = 1 };

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	server_close(fd);
}

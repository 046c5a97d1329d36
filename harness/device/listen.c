/* listen.c - the socket on which a device listens. */
#include "device/internal.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* "127.0.0.1:0", "[::1]:8000" into host and port, NUL-terminated. */
static int listen_parse(struct str text, struct arena *a, struct str *host, struct str *port,
			struct err *err)
{
	size_t colon = text.n;
	uint64_t number;

	while (colon > 0 && text.p[colon - 1] != ':')
		colon--;
	if (colon < 2 || str_to_u64(str_sub(text, colon, text.n), 65535, &number))
		return err_set(err, ERR_INPUT, "\"%.*s\": expected ADDRESS:PORT", STR_ARG(text));
	*port = arena_str(a, str_sub(text, colon, text.n));
	*host = str_sub(text, 0, colon - 1);
	if (str_starts(*host, STR("[")) && str_ends(*host, STR("]")))
		*host = str_sub(*host, 1, host->n - 2);
	*host = arena_str(a, *host);
	return arena_check(a, err);
}

static int socket_listen(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM, 0), on = 1;

	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    bind(fd, to->ai_addr, to->ai_addrlen) || listen(fd, 64)) {
		int why = errno;

		close(fd);
		errno = why;
		return -1;
	}
	return fd;
}

static int socket_port(int fd)
{
	struct sockaddr_storage own = { 0 };
	socklen_t n = sizeof(own);
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;

	if (getsockname(fd, (struct sockaddr *)&own, &n))
		return -1;
	if (own.ss_family == AF_INET6) {
		memcpy(&v6, &own, sizeof(v6));
		return ntohs(v6.sin6_port);
	}
	memcpy(&v4, &own, sizeof(v4));
	return ntohs(v4.sin_port);
}

int device_socket(struct str text, struct str *host, int *port, struct arena *a, struct err *err)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
				  .ai_socktype = SOCK_STREAM,
				  .ai_flags = AI_PASSIVE };
	struct addrinfo *found = NULL;
	struct str service;
	int fd, failed;

	if (listen_parse(text, a, host, &service, err))
		return -1;
	failed = getaddrinfo(host->p, service.p, &hints, &found);
	if (failed)
		return err_set(err, ERR_INPUT, "%.*s: %s", STR_ARG(text), gai_strerror(failed));
	fd = socket_listen(found);
	if (fd < 0)
		err_system(err, ERR_IO, errno, "%.*s", STR_ARG(text));
	freeaddrinfo(found);
	if (fd < 0)
		return -1;
	*port = socket_port(fd);
	return fd;
}

struct str device_origin(struct arena *a, struct str host, int port)
{
	bool v6 = str_chr(host, ':') != (size_t)-1;

	return arena_fmt(a, "http://%s%.*s%s:%d", v6 ? "[" : "", STR_ARG(host), v6 ? "]" : "",
			 port);
}

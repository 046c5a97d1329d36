/* early.c - a small HTTP server that may answer before the content has come.
 *
 * One thread, one poll(): for one client and whoever disturbs it.
 */
#include "device/early_parts.h"
#include "device/internal.h"

#include "base/mem.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define LINKS_MAX 32  /* each may hold a content */
#define LOOK_MS   500 /* between two looks at the clock */

struct early_server {
	struct early_handler h;
	struct world world;
	int listener, wake[2]; /* a pipe: something to read says stop */
	pthread_t thread;
	uint64_t connections;
	struct early_link *link[LINKS_MAX];
	size_t n_link;
};

static void drop(struct early_server *s, size_t i)
{
	early_link_free(s->link[i]);
	s->link[i] = s->link[--s->n_link];
}

/* Of those that never got a request out the oldest, else the one that was silent for longest. */
static void make_room(struct early_server *s)
{
	size_t idlest = 0;

	if (s->n_link < LINKS_MAX)
		return;
	for (size_t i = 1; i < s->n_link; i++) {
		const struct early_link *l = s->link[i], *than = s->link[idlest];

		if (l->heard != than->heard ? than->heard : l->since_ms < than->since_ms)
			idlest = i;
	}
	drop(s, idlest);
}

static void greet(struct early_server *s, int64_t now_ms)
{
	int fd = accept(s->listener, NULL, NULL);

	if (fd < 0)
		return;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	make_room(s);
	s->link[s->n_link] = early_link_new(&s->h, fd, ++s->connections, now_ms);
	if (s->link[s->n_link])
		s->n_link++;
	else
		close(fd);
}

/* False: it is to stop. */
static bool turn(struct early_server *s)
{
	struct pollfd fd[2 + LINKS_MAX] = { { .fd = s->wake[0], .events = POLLIN },
					    { .fd = s->listener, .events = POLLIN } };
	size_t n = s->n_link;
	int64_t now_ms;

	for (size_t i = 0; i < n; i++)
		fd[2 + i] = (struct pollfd){ .fd = s->link[i]->fd,
					     .events = early_link_wants(s->link[i]) };
	poll(fd, 2 + n, LOOK_MS);
	if (fd[0].revents)
		return false;
	now_ms = world_mono_ms(&s->world);
	/* From the end: the last one takes the place of one that goes. */
	for (size_t i = n; i-- > 0;) {
		early_link_turn(s->link[i], fd[2 + i].revents, now_ms);
		if (s->link[i]->dead)
			drop(s, i);
	}
	if (fd[1].revents)
		greet(s, now_ms);
	return true;
}

static void *serve(void *ctx)
{
	struct early_server *s = ctx;

	while (turn(s))
		;
	while (s->n_link)
		drop(s, s->n_link - 1);
	return NULL;
}

static int begin(struct early_server *s, struct err *err)
{
	if (pipe(s->wake))
		return err_set(err, ERR_IO, "no pipe for a server");
	for (size_t i = 0; i < COUNT(s->wake); i++)
		fcntl(s->wake[i], F_SETFD, FD_CLOEXEC);
	fcntl(s->listener, F_SETFD, FD_CLOEXEC);
	fcntl(s->listener, F_SETFL, O_NONBLOCK);
	if (!pthread_create(&s->thread, NULL, serve, s))
		return 0;
	close(s->wake[0]);
	close(s->wake[1]);
	return err_set(err, ERR_IO, "no thread for a server");
}

struct early_server *early_server_start(const struct early_handler *h, struct str listen,
					struct arena *a, struct str *origin_out, struct err *err)
{
	struct early_server *s = mem_alloc(sizeof(*s));
	struct str host;
	int port;

	if (!s) {
		err_set(err, ERR_NOMEM, "no memory for a server");
		return NULL;
	}
	*s = (struct early_server){ .h = *h, .world = world_real() };
	s->listener = device_socket(listen, &host, &port, a, err);
	if (s->listener >= 0 && !begin(s, err)) {
		*origin_out = device_origin(a, host, port);
		return s;
	}
	if (s->listener >= 0)
		close(s->listener);
	mem_free(s);
	return NULL;
}

void early_server_stop(struct early_server *s)
{
	if (!s)
		return;
	while (write(s->wake[1], "", 1) < 1)
		;
	pthread_join(s->thread, NULL);
	close(s->listener);
	close(s->wake[0]);
	close(s->wake[1]);
	mem_free(s);
}

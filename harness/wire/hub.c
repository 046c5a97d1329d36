/* hub.c - one wait for many targets.  Each wire keeps a multi handle of its own, so that a target
 * meets the same connections as if it were judged alone; the hub waits for the sockets and timers
 * of all of them at once.
 */
#include "wire/http_wire.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#define ROOM_FIRST 64

struct hub_socket {
	struct http_wire *w;
	curl_socket_t fd;
	short events;
};

struct wire_hub {
	const struct world *world;
	struct hub_socket *socket, *ready; /* room of each */
	struct pollfd *poll;               /* one more: of wake */
	size_t n, room;
	int wake[2];             /* a pipe: what is written to its second end ends the wait */
	struct http_wire *wires; /* linked by next_of_hub */
	bool no_memory;
};

/* --- the sockets --- */

/* realloc, of an array whose members are copied as they are. */
static bool grow(void **p, size_t old_bytes, size_t bytes)
{
	void *more = mem_alloc(bytes);

	if (!more)
		return false;
	if (old_bytes)
		memcpy(more, *p, old_bytes);
	mem_free(*p);
	*p = more;
	return true;
}

static bool make_room(struct wire_hub *h)
{
	size_t room = h->room ? 2 * h->room : ROOM_FIRST, used = h->n * sizeof(*h->socket);
	void *socket = h->socket, *ready = h->ready, *poll = h->poll;
	bool ok;

	if (h->n < h->room)
		return true;
	ok = grow(&socket, used, room * sizeof(*h->socket));
	h->socket = socket;
	ok = ok && grow(&ready, 0, room * sizeof(*h->ready));
	h->ready = ready;
	ok = ok && grow(&poll, 0, (room + 1) * sizeof(*h->poll));
	h->poll = poll;
	if (ok)
		h->room = room;
	return ok;
}

static int open_wake(struct wire_hub *h, struct err *err)
{
	if (pipe(h->wake))
		return err_system(err, ERR_IO, errno, "cannot make a pipe");
	for (int i = 0; i < 2; i++)
		if (fcntl(h->wake[i], F_SETFD, FD_CLOEXEC) ||
		    fcntl(h->wake[i], F_SETFL, O_NONBLOCK))
			return err_system(err, ERR_IO, errno, "cannot make a pipe");
	return 0;
}

struct wire_hub *wire_hub_new(const struct world *world, struct err *err)
{
	struct wire_hub *h = mem_alloc(sizeof(*h));

	if (h)
		*h = (struct wire_hub){ .world = world, .wake = { -1, -1 } };
	if (!h || !make_room(h))
		err_set(err, ERR_NOMEM, "no memory for many targets");
	else if (open_wake(h, err) == 0)
		return h;
	wire_hub_free(h);
	return NULL;
}

void wire_hub_free(struct wire_hub *h)
{
	if (!h)
		return;
	for (int i = 0; i < 2; i++)
		if (h->wake[i] >= 0)
			close(h->wake[i]);
	mem_free(h->socket);
	mem_free(h->ready);
	mem_free(h->poll);
	mem_free(h);
}

/* --- what libcurl tells --- */

static struct hub_socket *find(struct wire_hub *h, const struct http_wire *w, curl_socket_t fd)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->socket[i].fd == fd && h->socket[i].w == w)
			return &h->socket[i];
	return NULL;
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *wire, void *unused)
{
	struct http_wire *w = wire;
	struct wire_hub *h = w->hub;
	struct hub_socket *s = find(h, w, fd);

	(void)easy;
	(void)unused;
	if (what == CURL_POLL_REMOVE) {
		if (s)
			*s = h->socket[--h->n];
		return 0;
	}
	if (!s && !make_room(h)) {
		h->no_memory = true;
		return -1;
	}
	if (!s)
		s = &h->socket[h->n++];
	*s = (struct hub_socket){ .w = w, .fd = fd };
	s->events =
		(short)((what & CURL_POLL_IN ? POLLIN : 0) | (what & CURL_POLL_OUT ? POLLOUT : 0));
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *wire)
{
	struct http_wire *w = wire;

	(void)multi;
	w->timer_ms = ms < 0 ? INT64_MAX : world_mono_ms(w->world) + ms;
	return 0;
}

/* --- wires that come and go --- */

int hub_join(struct wire_hub *h, struct http_wire *w, struct err *err)
{
	w->hub = h;
	w->timer_ms = INT64_MAX;
	if (curl_multi_setopt(w->multi, CURLMOPT_SOCKETFUNCTION, on_socket) != CURLM_OK ||
	    curl_multi_setopt(w->multi, CURLMOPT_SOCKETDATA, (void *)w) != CURLM_OK ||
	    curl_multi_setopt(w->multi, CURLMOPT_TIMERFUNCTION, on_timer) != CURLM_OK ||
	    curl_multi_setopt(w->multi, CURLMOPT_TIMERDATA, (void *)w) != CURLM_OK)
		return err_set(err, ERR_INTERNAL, "libcurl does not wait for many");
	w->next_of_hub = h->wires;
	h->wires = w;
	return 0;
}

void hub_leave(struct http_wire *w)
{
	struct wire_hub *h = w->hub;
	size_t kept = 0;

	if (!h)
		return;
	for (struct http_wire **at = &h->wires; *at; at = &(*at)->next_of_hub) {
		if (*at == w) {
			*at = w->next_of_hub;
			break;
		}
	}
	for (size_t i = 0; i < h->n; i++)
		if (h->socket[i].w != w)
			h->socket[kept++] = h->socket[i];
	h->n = kept;
	w->hub = NULL;
}

/* --- the wait --- */

static int64_t least_wait_ms(const struct wire_hub *h, int64_t ms)
{
	const int64_t now = world_mono_ms(h->world);

	for (const struct http_wire *w = h->wires; w; w = w->next_of_hub)
		if (w->timer_ms != INT64_MAX && w->timer_ms - now < ms)
			ms = w->timer_ms - now;
	return ms < 0 ? 0 : ms < INT_MAX ? ms : INT_MAX;
}

static int act(struct http_wire *w, curl_socket_t fd, int what, struct err *err)
{
	int running;

	if (curl_multi_socket_action(w->multi, fd, what, &running) != CURLM_OK)
		return err_set(err, ERR_INTERNAL, "libcurl cannot go on");
	return 0;
}

static int act_timers(struct wire_hub *h, struct err *err)
{
	const int64_t now = world_mono_ms(h->world);

	for (struct http_wire *w = h->wires; w; w = w->next_of_hub) {
		if (w->timer_ms > now)
			continue;
		w->timer_ms = INT64_MAX; /* libcurl sets the next one in here */
		if (act(w, CURL_SOCKET_TIMEOUT, 0, err))
			return -1;
	}
	return 0;
}

/* libcurl adds and removes sockets while it acts, so what is ready is noted first. */
static int act_sockets(struct wire_hub *h, struct err *err)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		if (h->poll[i].revents) {
			h->ready[n] = h->socket[i];
			h->ready[n++].events = h->poll[i].revents;
		}
	for (size_t i = 0; i < n; i++) {
		const struct hub_socket s = h->ready[i];
		int what = (s.events & (POLLIN | POLLHUP) ? CURL_CSELECT_IN : 0) |
			   (s.events & POLLOUT ? CURL_CSELECT_OUT : 0) |
			   (s.events & (POLLERR | POLLNVAL) ? CURL_CSELECT_ERR : 0);

		if (find(h, s.w, s.fd) && act(s.w, s.fd, what, err))
			return -1;
	}
	return 0;
}

void wire_hub_wake(struct wire_hub *h)
{
	ssize_t n = write(h->wake[1], "", 1);

	(void)n; /* a pipe that is full wakes as well */
}

static void forget_wakes(struct wire_hub *h)
{
	char octets[64];

	while (read(h->wake[0], octets, sizeof(octets)) > 0)
		continue;
}

int wire_hub_wait(struct wire_hub *h, int64_t timeout_ms, struct err *err)
{
	int ready;

	for (size_t i = 0; i < h->n; i++)
		h->poll[i] =
			(struct pollfd){ .fd = h->socket[i].fd, .events = h->socket[i].events };
	h->poll[h->n] = (struct pollfd){ .fd = h->wake[0], .events = POLLIN };
	ready = poll(h->poll, (nfds_t)h->n + 1, (int)least_wait_ms(h, timeout_ms));
	if (ready < 0 && errno != EINTR)
		return err_system(err, ERR_IO, errno, "cannot wait for the network");
	if (ready > 0 && h->poll[h->n].revents)
		forget_wakes(h);
	if ((ready > 0 && act_sockets(h, err)) || act_timers(h, err))
		return -1;
	return h->no_memory ? err_set(err, ERR_NOMEM, "no memory for many sockets") : 0;
}

/* server.c - HTTP on a socket, for the reference device or another.  The only door to
 * libmicrohttpd.
 *
 * One thread of libmicrohttpd serves all connections, so the core needs no locks; only the list of
 * silent connections is shared with the thread that stops the server.
 */
#include "device/internal.h"

#include "base/buf.h"
#include "base/mem.h"

#include <pthread.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <microhttpd.h>

#define BODY_MAX     (1u << 20)
#define ARENA_MAX    (64u << 20)
#define HEAD_BYTES   (128u << 10) /* of memory per connection: request head and response head */
#define IDLE_SECONDS 60u
#define STOP_SECONDS 5  /* for all connections to end */
#define SILENT_MAX   64 /* connections held without an answer; more are closed */
#define TARGET_MAX   (64u << 10)
#define LINKS_MAX    400u        /* connections that are open; of more the idlest are closed */
#define LINKS_SPARE  32u         /* open beyond that, while those go */
#define BODIES_MAX   (64u << 20) /* octets of all contents that are arriving */

/* One connection. */
struct link {
	uint64_t number;
	struct MHD_Connection *connection;
	struct link *newer, *older;
	int fd;
	bool answered; /* a request came whole */
	bool silent, leaving;
};

struct device_server {
	device_handle_fn *handle;
	void *ctx;
	struct MHD_Daemon *daemon;
	uint64_t connections;
	struct link *newest; /* of those that are open */
	size_t n_link, n_leaving;
	size_t bodies; /* octets */
	/* The list is changed by libmicrohttpd's thread alone, and under the lock, as the rest. */
	pthread_mutex_t lock;
	pthread_cond_t gone; /* the last connection */
	struct MHD_Connection *silent[SILENT_MAX];
	size_t n_silent;
	bool stopping;
};

/* One request while it arrives. */
struct arrival {
	struct arena arena;
	struct buf *body;
	struct str target;
	size_t arrived; /* octets of body, as they count in the server */
	bool started, silent, too_long, too_large;
};

/* --- a request arrives --- */

/* The request target as it was sent: libmicrohttpd decodes the one that it passes on. */
static void *on_target(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct arrival *r = mem_alloc(sizeof(*r));

	(void)cls, (void)connection;
	if (!r)
		return NULL;
	arena_init(&r->arena, ARENA_MAX);
	r->too_long = strnlen(uri, TARGET_MAX) == TARGET_MAX;
	r->target = r->too_long ? STR("/") : arena_str(&r->arena, str(uri));
	return r;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
			 enum MHD_RequestTerminationCode why)
{
	struct arrival *r = *state;

	struct device_server *s = cls;

	(void)connection, (void)why;
	if (!r)
		return;
	s->bodies -= r->arrived;
	if (r->body)
		buf_free(r->body);
	arena_free(&r->arena);
	mem_free(r);
	*state = NULL;
}

/* --- connections --- */

static void link_add(struct device_server *s, struct MHD_Connection *connection, struct link *l)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	pthread_mutex_lock(&s->lock);
	*l = (struct link){ .number = ++s->connections,
			    .connection = connection,
			    .older = s->newest,
			    .fd = info ? info->connect_fd : -1 };
	if (s->stopping)
		shutdown(l->fd, SHUT_RDWR);
	if (s->newest)
		s->newest->newer = l;
	s->newest = l;
	s->n_link++;
	pthread_mutex_unlock(&s->lock);
}

static void link_drop(struct device_server *s, struct link *l)
{
	pthread_mutex_lock(&s->lock);
	if (l->newer)
		l->newer->older = l->older;
	else
		s->newest = l->older;
	if (l->older)
		l->older->newer = l->newer;
	s->n_link--;
	s->n_leaving -= l->leaving;
	if (!s->newest)
		pthread_cond_broadcast(&s->gone);
	pthread_mutex_unlock(&s->lock);
	mem_free(l);
}

/* The oldest of those that never got a request out, else the oldest that waits for nothing. */
static struct link *idlest(const struct device_server *s)
{
	struct link *idle = NULL, *mute = NULL;

	for (struct link *l = s->newest; l; l = l->older) {
		if (l->leaving || l->silent)
			continue;
		idle = l;
		mute = l->answered ? mute : l;
	}
	return mute ? mute : idle;
}

/* Somebody who opens thousands of connections must not keep all others out until they time out. */
static void make_room(struct device_server *s)
{
	struct link *l = s->n_link - s->n_leaving > LINKS_MAX ? idlest(s) : NULL;

	if (!l)
		return;
	l->leaving = true;
	s->n_leaving++;
	shutdown(l->fd, SHUT_RDWR);
}

static void on_connection(void *cls, struct MHD_Connection *connection, void **socket_state,
			  enum MHD_ConnectionNotificationCode code)
{
	struct device_server *s = cls;
	struct link *l = *socket_state;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED && l) {
		link_drop(s, l);
		*socket_state = NULL;
	}
	if (code != MHD_CONNECTION_NOTIFY_STARTED)
		return;
	l = mem_alloc(sizeof(*l));
	*socket_state = l;
	if (!l)
		return;
	link_add(s, connection, l);
	make_room(s);
}

static struct link *link_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info ? info->socket_context : NULL;
}

struct header_sink {
	struct arena *a;
	struct http_fields *fields;
};

static enum MHD_Result on_header(void *cls, enum MHD_ValueKind kind, const char *name,
				 const char *value)
{
	struct header_sink *sink = cls;

	(void)kind;
	http_add(sink->a, sink->fields, arena_str(sink->a, str(name)),
		 arena_str(sink->a, str_trim(str(value))));
	return MHD_YES;
}

/* --- the answer leaves --- */

static struct MHD_Response *response_make(struct arena *a, const struct http_response *from)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		from->body.n, (void *)(uintptr_t)from->body.p, MHD_RESPMEM_MUST_COPY);

	for (size_t i = 0; r && i < from->fields.n; i++) {
		const struct http_field *f = &from->fields.v[i];
		struct str name = arena_str(a, f->name), value = arena_str(a, f->value);

		if (!name.n || !value.p || MHD_add_response_header(r, name.p, value.p) != MHD_YES) {
			MHD_destroy_response(r);
			return NULL;
		}
	}
	return r;
}

static enum MHD_Result send_response(struct MHD_Connection *connection, struct arena *a,
				     const struct http_response *from)
{
	struct MHD_Response *r = response_make(a, from);
	enum MHD_Result queued;

	if (!r)
		return MHD_NO;
	queued = MHD_queue_response(connection, (unsigned)from->status, r);
	MHD_destroy_response(r);
	return queued;
}

static enum MHD_Result send_status(struct MHD_Connection *connection, struct arena *a, int status)
{
	struct http_response plain = { .status = status };

	return send_response(connection, a, &plain);
}

static enum MHD_Result hold_silent(struct device_server *s, struct arrival *r,
				   struct MHD_Connection *connection, struct link *link)
{
	pthread_mutex_lock(&s->lock);
	if (!s->stopping && s->n_silent < SILENT_MAX) {
		r->silent = link->silent = true;
		s->silent[s->n_silent++] = connection;
		MHD_suspend_connection(connection);
	}
	pthread_mutex_unlock(&s->lock);
	return r->silent ? MHD_YES : MHD_NO;
}

static enum MHD_Result answer(struct device_server *s, struct arrival *r,
			      struct MHD_Connection *connection, const char *method)
{
	struct http_request in = { .method = arena_str(&r->arena, str(method)),
				   .target = r->target };
	struct header_sink sink = { &r->arena, &in.fields };
	struct link *link = link_of(connection);
	struct http_response out;

	if (!link)
		return MHD_NO;
	link->answered = true;
	if (r->too_long)
		return send_status(connection, &r->arena, 414);
	if (r->too_large || (r->body && !buf_ok(r->body)))
		return send_status(connection, &r->arena, 413);
	MHD_get_connection_values(connection, MHD_HEADER_KIND, on_header, &sink);
	in.body = r->body ? buf_view(r->body) : STR("");
	switch (s->handle(s->ctx, &r->arena, link->number, &in, &out)) {
	case DEVICE_ANSWERED:
		return send_response(connection, &r->arena, &out);
	case DEVICE_SILENT:
		return hold_silent(s, r, connection, link);
	case DEVICE_CLOSES:
		break;
	}
	return MHD_NO;
}

/* Past a cap it stays failed: the rest is read and dropped. */
static void take_body(struct device_server *s, struct arrival *r, struct str data)
{
	r->too_large = r->too_large || data.n > BODIES_MAX - s->bodies || !buf_ok(r->body);
	if (r->too_large)
		return;
	buf_add(r->body, data.p, data.n);
	r->arrived += data.n;
	s->bodies += data.n;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
				  const char *method, const char *version, const char *data,
				  size_t *n, void **state)
{
	struct arrival *r = *state;
	struct device_server *s = cls;

	(void)url, (void)version;
	/* A silent connection that was woken up: only ever to be closed. */
	if (!r || r->silent)
		return MHD_NO;
	if (!r->started) {
		r->started = true;
		return MHD_YES;
	}
	if (*n == 0)
		return answer(s, r, connection, method);
	if (!r->body) {
		r->body = arena_new(&r->arena, struct buf);
		if (!r->body)
			return MHD_NO;
		buf_init(r->body, BODY_MAX);
	}
	take_body(s, r, str_n(data, *n));
	*n = 0;
	return MHD_YES;
}

/* --- start and stop --- */

static struct MHD_Daemon *daemon_start(struct device_server *s, int fd)
{
	/* The device writes its own Date, and libmicrohttpd's messages are for nobody. */
	const unsigned flags = MHD_USE_AUTO | MHD_USE_INTERNAL_POLLING_THREAD |
			       MHD_ALLOW_SUSPEND_RESUME | MHD_USE_SUPPRESS_DATE_NO_CLOCK;

	return MHD_start_daemon(flags, 0, NULL, NULL, on_request, s, MHD_OPTION_LISTEN_SOCKET, fd,
				MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
				MHD_OPTION_NOTIFY_CONNECTION, on_connection, s,
				MHD_OPTION_URI_LOG_CALLBACK, on_target, NULL,
				MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES,
				MHD_OPTION_CONNECTION_LIMIT, LINKS_MAX + LINKS_SPARE,
				MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS, MHD_OPTION_END);
}

struct device_server *device_server_for(device_handle_fn *handle, void *ctx, struct str listen,
					struct arena *a, struct str *origin_out, struct err *err)
{
	struct device_server *s = mem_alloc(sizeof(*s));
	struct str host;
	int port = 0, fd;

	if (!s) {
		err_set(err, ERR_NOMEM, "no memory for a server");
		return NULL;
	}
	s->handle = handle;
	s->ctx = ctx;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->gone, NULL);
	fd = device_socket(listen, &host, &port, a, err);
	if (fd >= 0) {
		s->daemon = daemon_start(s, fd);
		if (!s->daemon) {
			close(fd);
			err_set(err, ERR_IO, "%.*s: the server does not start", STR_ARG(listen));
		}
	}
	if (!s->daemon) {
		pthread_cond_destroy(&s->gone);
		pthread_mutex_destroy(&s->lock);
		mem_free(s);
		return NULL;
	}
	*origin_out = device_origin(a, host, port);
	return s;
}

static enum device_answer handle_device(void *ctx, struct arena *a, uint64_t connection,
					const struct http_request *in, struct http_response *out)
{
	return device_handle(ctx, a, connection, in, out);
}

struct device_server *device_server_start(struct device *d, struct str listen, struct arena *a,
					  struct str *url_out, struct err *err)
{
	struct str origin;
	struct device_server *s = device_server_for(handle_device, d, listen, a, &origin, err);

	if (s)
		*url_out = arena_concat(a, origin, str(device_path(d)));
	return s;
}

/* libmicrohttpd 0.9.75 reads a response that is not there when it refuses a head after it was told
 * to stop: so all connections end before that.
 */
static void end_connections(struct device_server *s)
{
	const struct world world = world_real();
	const struct timespec until = { .tv_sec = world_wall_ms(&world) / 1000 + STOP_SECONDS };

	pthread_mutex_lock(&s->lock);
	s->stopping = true;
	/* Suspended connections have to be woken up to be closed. */
	for (size_t i = 0; i < s->n_silent; i++)
		MHD_resume_connection(s->silent[i]);
	for (struct link *l = s->newest; l; l = l->older)
		shutdown(l->fd, SHUT_RDWR);
	while (s->newest && !pthread_cond_timedwait(&s->gone, &s->lock, &until))
		;
	pthread_mutex_unlock(&s->lock);
}

void device_server_stop(struct device_server *s)
{
	int fd;

	if (!s)
		return;
	fd = MHD_quiesce_daemon(s->daemon); /* accepts nobody any more */
	end_connections(s);
	MHD_stop_daemon(s->daemon);
	if (fd >= 0)
		close(fd);
	pthread_cond_destroy(&s->gone);
	pthread_mutex_destroy(&s->lock);
	mem_free(s);
}

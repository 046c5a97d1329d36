/* client_serve.c - the sockets of a run that judges a client: each case below a path of its own. */
#include "cli/client_lab.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>

#define ORIGINS 2

struct client_server {
	struct door {
		struct client_server *s;
		int origin;
		struct device_server *http;
		struct str url;
	} door[ORIGINS];
	struct early_server *early; /* of cases that answer by heads */
	struct str early_url;
	const struct world *world;
	pthread_cond_t came;
	pthread_mutex_t lock; /* of the rest: each door has a thread of its own */
	struct played {
		struct play *play; /* NULL: none */
		struct str path;   /* "/c/17/"; "" at the one URL */
		char octets[32];
		size_t requests;
		int64_t last_ms;
	} now;
	bool one_url; /* of the case that was served last */
};

/* A client that still talks of the case before must not be taken for one of this case. */
static bool is_of(const struct played *now, struct str target)
{
	struct str moved = str_sub(now->path, 0, now->path.n ? now->path.n - 1 : 0);

	return now->play && (str_starts(target, now->path) || str_eq(target, moved));
}

static enum device_answer handle(void *ctx, struct arena *a, uint64_t connection,
				 const struct http_request *in, struct http_response *out)
{
	const struct door *d = ctx;
	struct client_server *s = d->s;
	enum device_answer answer = DEVICE_ANSWERED;

	pthread_mutex_lock(&s->lock);
	if (is_of(&s->now, in->target)) {
		s->now.requests++;
		s->now.last_ms = world_mono_ms(s->world);
		answer = play_request(s->now.play, a, connection, d->origin, in, out);
	} else if (!s->now.play && s->one_url) {
		/* Between two cases: whoever polls the one URL shall come again. */
		*out = (struct http_response){ .status = 503,
					       .body = STR("the next case comes\n") };
		http_add(a, &out->fields, STR("Retry-After"), STR("1"));
	} else {
		*out = (struct http_response){ .status = 404,
					       .body = STR("no case is served here now\n") };
	}
	pthread_cond_broadcast(&s->came);
	pthread_mutex_unlock(&s->lock);
	return answer;
}

static enum head_answer handle_head(void *ctx, struct arena *a, uint64_t connection,
				    const struct http_request *in, struct http_response *out)
{
	const struct door *d = ctx;
	struct client_server *s = d->s;
	enum head_answer answer = HEAD_CONTINUE;

	pthread_mutex_lock(&s->lock);
	if (is_of(&s->now, in->target))
		answer = play_head(s->now.play, a, connection, d->origin, in, out);
	if (answer == HEAD_FINAL) {
		s->now.requests++;
		s->now.last_ms = world_mono_ms(s->world);
	}
	pthread_mutex_unlock(&s->lock);
	return answer;
}

/* A connection of the case before has no early answer of this one. */
static bool handle_content(void *ctx, uint64_t connection, struct str octets)
{
	const struct door *d = ctx;
	struct client_server *s = d->s;
	bool content;

	pthread_mutex_lock(&s->lock);
	content = !s->now.play || play_content(s->now.play, connection, octets);
	pthread_mutex_unlock(&s->lock);
	return content;
}

/* "127.0.0.1:8000": the same host, any port. */
static struct str beside(struct arena *a, struct str listen)
{
	size_t colon = listen.n;

	while (colon > 0 && listen.p[colon - 1] != ':')
		colon--;
	return arena_fmt(a, "%.*s0", STR_ARG(str_sub(listen, 0, colon)));
}

struct client_server *client_server_start(struct str listen, const struct world *world,
					  struct arena *a, struct err *err)
{
	struct client_server *s = mem_alloc(sizeof(*s));
	struct early_handler by_heads = { handle, handle_head, handle_content, NULL };
	bool started = true;

	if (!s) {
		err_set(err, ERR_NOMEM, "no memory for a server");
		return NULL;
	}
	*s = (struct client_server){ .world = world };
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->came, NULL);
	for (int i = 0; started && i < ORIGINS; i++) {
		struct door *d = &s->door[i];

		d->s = s;
		d->origin = i;
		d->http = device_server_for(handle, d, i ? beside(a, listen) : listen, a, &d->url,
					    err);
		started = d->http != NULL;
	}
	by_heads.ctx = &s->door[0];
	if (started)
		s->early = early_server_start(&by_heads, beside(a, listen), a, &s->early_url, err);
	if (s->early)
		return s;
	client_server_stop(s);
	return NULL;
}

void client_server_stop(struct client_server *s)
{
	if (!s)
		return;
	for (int i = 0; i < ORIGINS; i++)
		device_server_stop(s->door[i].http);
	early_server_stop(s->early);
	pthread_cond_destroy(&s->came);
	pthread_mutex_destroy(&s->lock);
	mem_free(s);
}

struct str client_server_origin(const struct client_server *s, int origin)
{
	return s->door[origin].url;
}

struct str client_server_early(const struct client_server *s)
{
	return s->early_url;
}

void client_server_play(struct client_server *s, const struct served *served)
{
	pthread_mutex_lock(&s->lock);
	s->now = (struct played){ .play = served ? served->play : NULL };
	if (served)
		s->one_url = !served->path.n;
	if (served && served->path.n) {
		snprintf(s->now.octets, sizeof(s->now.octets), "%.*s/", STR_ARG(served->path));
		s->now.path = str(s->now.octets);
	}
	pthread_mutex_unlock(&s->lock);
}

void client_server_wait(struct client_server *s, int64_t wait_ms)
{
	struct timespec until;

	timespec_get(&until, TIME_UTC);
	until.tv_sec += wait_ms / 1000;
	until.tv_nsec += wait_ms % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&s->lock);
	pthread_cond_timedwait(&s->came, &s->lock, &until);
	pthread_mutex_unlock(&s->lock);
}

struct client_server_state client_server_state(struct client_server *s)
{
	struct client_server_state state = { 0 };

	pthread_mutex_lock(&s->lock);
	state.requests = s->now.requests;
	state.last_ms = s->now.last_ms;
	state.over = s->now.play && play_is_over(s->now.play);
	pthread_mutex_unlock(&s->lock);
	return state;
}

#include "wire/http_wire.h"

#include "base/mem.h"
#include "wire/request.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#define DEFAULT_HEAD_BYTES ((size_t)64 * 1024)
#define MAX_HEAD_BYTES     ((size_t)256 * 1024) /* libcurl gives up at 300 KiB */
#define DEFAULT_BODY_BYTES ((size_t)4 * 1024 * 1024)
#define MAX_BODY_BYTES     ((size_t)1024 * 1024 * 1024)
#define MAX_CONNECTIONS    256
#define OPTIONS_BYTES      32768 /* a URL and a file name */

static struct http_wire *self(struct wire *w)
{
	return (struct http_wire *)w; /* its first member */
}

/* More than the slots wait here and not in libcurl, whose timeout would run while they do. */
static int start_waiting(struct http_wire *w, struct err *err)
{
	for (size_t i = 0; w->waiting.n > 0 && i < w->n_slot; i++)
		if (!w->slot[i].x && slot_start(&w->slot[i], queue_pop(&w->waiting), err))
			return -1;
	return 0;
}

static int http_submit(struct wire *base, struct exchange *x, struct err *err)
{
	struct http_wire *w = self(base);

	if (request_begin(x, err) || queue_push(&w->waiting, x, err))
		return -1;
	return start_waiting(w, err);
}

/* One finished exchange, if there is one. */
static int take_finished(struct http_wire *w, struct exchange **done, struct err *err)
{
	struct slot *s;
	CURLMsg *m;
	CURLcode code;
	char *slot = NULL;
	int left, failed;

	m = curl_multi_info_read(w->multi, &left);
	if (!m || m->msg != CURLMSG_DONE)
		return 0;
	code = m->data.result;
	curl_easy_getinfo(m->easy_handle, CURLINFO_PRIVATE, &slot);
	s = (struct slot *)(void *)slot;
	failed = record_finish(s, code, err);
	curl_multi_remove_handle(w->multi, s->easy);
	*done = failed ? NULL : s->x;
	s->x = NULL;
	return failed;
}

/* What came in since the last call; a hub has seen to that in its wait. */
static int perform(struct http_wire *w, struct err *err)
{
	int running;

	if (!w->hub && curl_multi_perform(w->multi, &running) != CURLM_OK)
		return err_set(err, ERR_INTERNAL, "libcurl cannot go on");
	return 0;
}

static int wait_for(struct http_wire *w, int64_t ms, struct err *err)
{
	if (w->hub)
		return wire_hub_wait(w->hub, ms, err);
	if (curl_multi_poll(w->multi, NULL, 0, ms < INT_MAX ? (int)ms : INT_MAX, NULL) != CURLM_OK)
		return err_set(err, ERR_IO, "cannot wait for the network");
	return 0;
}

static int http_next(struct wire *base, int64_t timeout_ms, struct exchange **done, struct err *err)
{
	struct http_wire *w = self(base);
	const int64_t from = world_mono_ms(w->world);

	*done = NULL;
	for (;;) {
		int64_t left;

		if (start_waiting(w, err) || perform(w, err) || take_finished(w, done, err))
			return -1;
		left = timeout_ms - (world_mono_ms(w->world) - from);
		if (*done || left <= 0)
			return 0;
		if (wait_for(w, left, err))
			return -1;
	}
}

static void http_free(struct wire *base)
{
	struct http_wire *w = self(base);

	for (size_t i = 0; i < w->n_slot; i++)
		slot_close(&w->slot[i]);
	hub_leave(w);
	curl_multi_cleanup(w->multi);
	curl_global_cleanup();
	queue_free(&w->waiting);
	arena_free(&w->a);
	mem_free(w->slot);
	mem_free(w);
}

static const struct wire_ops http_ops = { http_submit, http_next, http_free };

/* libcurl would tell only at the first handshake, and then as an error of ours. */
static int ca_file_check(const char *path, struct err *err)
{
	char line[80];
	FILE *f = fopen(path, "r");
	bool found = false;

	if (!f)
		return err_system(err, ERR_INPUT, errno, "%s", path);
	while (!found && fgets(line, sizeof(line), f))
		found = str_starts(str(line), STR("-----BEGIN ")) &&
			str_find(str(line), STR("CERTIFICATE-----")) != (size_t)-1;
	fclose(f);
	if (found)
		return 0;
	return err_set(err, ERR_INPUT, "%s: no certificate, expected PEM", path);
}

static int options_check(struct http_wire *w, struct err *err)
{
	struct wire_options *o = &w->o;
	struct url_parts url;

	if (url_parse(o->url, &url, err))
		return -1;
	if (o->connections < 1 || o->connections > MAX_CONNECTIONS)
		return err_set(err, ERR_INPUT, "connections: 1 to %d", MAX_CONNECTIONS);
	if (o->timeout_ms < 1 || o->timeout_ms > INT_MAX)
		return err_set(err, ERR_INPUT, "timeout: 1 ms to %d ms", INT_MAX);
	if (o->max_head_bytes == 0)
		o->max_head_bytes = DEFAULT_HEAD_BYTES;
	if (o->max_body_bytes == 0)
		o->max_body_bytes = DEFAULT_BODY_BYTES;
	if (o->max_head_bytes > MAX_HEAD_BYTES || o->max_body_bytes > MAX_BODY_BYTES)
		return err_set(err, ERR_INPUT, "caps: at most %zu octets of head, %zu of body",
			       MAX_HEAD_BYTES, MAX_BODY_BYTES);
	if (o->ca_file && ca_file_check(o->ca_file, err))
		return -1;
	w->origin = arena_concat(&w->a, url.origin, STR("/")).p;
	if (o->ca_file)
		o->ca_file = arena_str(&w->a, str(o->ca_file)).p;
	o->url = arena_str(&w->a, o->url);
	return arena_check(&w->a, err);
}

static int open_all(struct http_wire *w, struct err *err)
{
	w->multi = curl_multi_init();
	w->slot = mem_alloc((size_t)w->o.connections * sizeof(*w->slot));
	if (!w->multi || !w->slot)
		return err_set(err, ERR_NOMEM, "no memory for %d connections", w->o.connections);
	w->n_slot = (size_t)w->o.connections;
	curl_multi_setopt(w->multi, CURLMOPT_PIPELINING, CURLPIPE_NOTHING);
	curl_multi_setopt(w->multi, CURLMOPT_MAXCONNECTS, (long)w->n_slot);
	curl_multi_setopt(w->multi, CURLMOPT_MAX_HOST_CONNECTIONS, (long)w->n_slot);
	curl_multi_setopt(w->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)w->n_slot);
	for (size_t i = 0; i < w->n_slot; i++)
		if (slot_open(&w->slot[i], w, err))
			return -1;
	return w->o.hub ? hub_join(w->o.hub, w, err) : 0;
}

struct wire *wire_http_new(const struct wire_options *o, const struct world *world, struct err *err)
{
	struct http_wire *w = mem_alloc(sizeof(*w));

	if (!w || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		mem_free(w);
		err_set(err, ERR_NOMEM, "libcurl does not start");
		return NULL;
	}
	w->wire.ops = &http_ops;
	w->world = world;
	w->o = *o;
	arena_init(&w->a, OPTIONS_BYTES);
	if (options_check(w, err) || open_all(w, err)) {
		http_free(&w->wire);
		return NULL;
	}
	return &w->wire;
}

#include "wire/queue.h"
#include "wire/request.h"

#include "base/mem.h"
#include "device/device.h"

struct memory_wire {
	struct wire wire;
	struct device *d;
	struct virtual_world *v;
	struct world world;
	int64_t round_trip_ms, timeout_ms;
	struct queue waiting;
	uint64_t kept;            /* the connection that is kept alive; 0: none */
	uint64_t last_connection; /* numbers are never used again */
};

static struct memory_wire *self(struct wire *w)
{
	return (struct memory_wire *)w; /* its first member */
}

static int memory_submit(struct wire *base, struct exchange *x, struct err *err)
{
	if (request_begin(x, err))
		return -1;
	return queue_push(&self(base)->waiting, x, err);
}

/* As libcurl does: Host in front, Content-Length behind, each unless the request brings its own. */
static struct http_request as_sent(struct arena *a, const struct http_request *r)
{
	struct http_request out = *r;

	out.fields = (struct http_fields){ 0 };
	if (!http_count(&r->fields, "Host"))
		http_add(a, &out.fields, STR("Host"), STR("localhost"));
	for (size_t i = 0; i < r->fields.n; i++)
		http_add(a, &out.fields, r->fields.v[i].name, r->fields.v[i].value);
	if (request_has_body(r) && !http_count(&r->fields, "Content-Length"))
		http_add(a, &out.fields, STR("Content-Length"), arena_fmt(a, "%zu", r->body.n));
	return out;
}

/* RFC 9112 5.2: a server replaces an obs-fold with spaces, and 5.1: no white space is of the value.
 */
static struct str as_read(struct arena *a, struct str value)
{
	char *copy;

	value = str_trim(value);
	if (str_chr(value, '\n') == (size_t)-1 || !(copy = arena_alloc(a, value.n)))
		return value;
	for (size_t i = 0; i < value.n; i++)
		copy[i] = strchr("\r\n\t", value.p[i]) ? ' ' : value.p[i];
	return str_n(copy, value.n);
}

static struct http_request as_received(struct arena *a, const struct http_request *sent)
{
	struct http_request out = *sent;

	out.fields = (struct http_fields){ 0 };
	for (size_t i = 0; i < sent->fields.n; i++)
		http_add(a, &out.fields, sent->fields.v[i].name,
			 as_read(a, sent->fields.v[i].value));
	return out;
}

/* RFC 9110 8.6: a reader of the octets must find the end of the message. */
static void complete_response(struct arena *a, const struct http_request *r,
			      struct http_response *out)
{
	if (str_eq(r->method, STR("HEAD")) || out->status == 204 || out->status == 304)
		out->body = STR("");
	else if (!http_count(&out->fields, "Content-Length"))
		http_add(a, &out->fields, STR("Content-Length"), arena_fmt(a, "%zu", out->body.n));
}

static bool wants_close(const struct http_fields *f)
{
	return str_ifind(http_get(f, "Connection"), STR("close")) != (size_t)-1;
}

/* A fresh connection is not kept, and the kept one stays. */
static uint64_t pick_connection(struct memory_wire *w, const struct exchange *x)
{
	if (x->fresh_connection)
		return ++w->last_connection;
	if (w->kept == 0)
		w->kept = ++w->last_connection;
	return w->kept;
}

static void drop_connection(struct memory_wire *w, uint64_t connection)
{
	if (w->kept == connection)
		w->kept = 0;
}

static void answered(struct memory_wire *w, struct exchange *x, const struct http_request *sent)
{
	virtual_world_advance(w->v,
			      w->round_trip_ms - w->round_trip_ms / 2 + device_delay_ms(w->d));
	complete_response(x->a, sent, &x->response);
	x->received_octets = http_response_text(x->a, &x->response);
	x->fate = WIRE_ANSWERED;
}

static void carry(struct memory_wire *w, struct exchange *x)
{
	const struct http_request sent = as_sent(x->a, &x->request);
	const struct http_request received = as_received(x->a, &sent);
	const uint64_t connection = pick_connection(w, x);

	x->sent_ms = world_mono_ms(&w->world);
	x->wall_ms = world_wall_ms(&w->world);
	x->sent_octets = http_request_text(x->a, &sent);
	virtual_world_advance(w->v, w->round_trip_ms / 2);
	switch (device_handle(w->d, x->a, connection, &received, &x->response)) {
	case DEVICE_ANSWERED:
		answered(w, x, &sent);
		if (wants_close(&sent.fields) || wants_close(&x->response.fields))
			drop_connection(w, connection);
		break;
	case DEVICE_CLOSES:
		virtual_world_advance(w->v, w->round_trip_ms - w->round_trip_ms / 2);
		exchange_fail(x, WIRE_CLOSED, "the device closed the connection");
		drop_connection(w, connection);
		break;
	case DEVICE_SILENT:
		virtual_world_advance(w->v, w->timeout_ms - w->round_trip_ms / 2);
		exchange_fail(x, WIRE_TIMEOUT, "no answer within %lld ms",
			      (long long)w->timeout_ms);
		drop_connection(w, connection);
		break;
	}
	x->done_ms = world_mono_ms(&w->world);
}

static int memory_next(struct wire *base, int64_t timeout_ms, struct exchange **done,
		       struct err *err)
{
	struct memory_wire *w = self(base);

	*done = queue_pop(&w->waiting);
	if (!*done) {
		if (timeout_ms > 0)
			virtual_world_advance(w->v, timeout_ms);
		return 0;
	}
	carry(w, *done);
	if (!arena_ok((*done)->a))
		exchange_fail(*done, WIRE_MALFORMED,
			      "response larger than the %zu octets of its case",
			      (*done)->a->max_bytes);
	(void)err; /* nothing of ours can fail */
	return 0;
}

static void memory_free(struct wire *base)
{
	struct memory_wire *w = self(base);

	queue_free(&w->waiting);
	mem_free(w);
}

static const struct wire_ops memory_ops = { memory_submit, memory_next, memory_free };

struct wire *wire_memory_new(struct device *d, struct virtual_world *v, int64_t round_trip_ms,
			     int64_t timeout_ms, struct err *err)
{
	struct memory_wire *w = NULL;

	if (round_trip_ms < 0 || timeout_ms < round_trip_ms)
		err_set(err, ERR_INPUT, "a timeout below the round trip ends every exchange");
	else if (!(w = mem_alloc(sizeof(*w))))
		err_set(err, ERR_NOMEM, "no memory for a transport");
	if (!w)
		return NULL;
	w->wire.ops = &memory_ops;
	w->d = d;
	w->v = v;
	w->world = world_virtual(v);
	w->round_trip_ms = round_trip_ms;
	w->timeout_ms = timeout_ms;
	return &w->wire;
}

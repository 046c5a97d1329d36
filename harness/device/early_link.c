/* early_link.c - one connection of the server that asks by heads. */
#include "device/early_parts.h"

#include "base/mem.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BYTES  65536
#define ARENA_MAX   (16u << 20)
#define OUT_MAX     (8u << 20)
#define IDLE_MS     60000
#define LINGER_MS   2000
#define LINGER_MAX  (4u << 20) /* octets that are read behind the last answer */
#define NO_RESPONSE ((struct http_response){ 0 })

/* --- life --- */

struct early_link *early_link_new(const struct early_handler *h, int fd, uint64_t number,
				  int64_t now_ms)
{
	struct early_link *l = mem_alloc(sizeof(*l));

	if (!l)
		return NULL;
	*l = (struct early_link){ .h = h, .fd = fd, .number = number, .since_ms = now_ms };
	buf_init(&l->in, EARLY_HEAD_MAX + EARLY_BODY_MAX + READ_BYTES);
	buf_init(&l->out, OUT_MAX);
	arena_init(&l->a, ARENA_MAX);
	return l;
}

void early_link_free(struct early_link *l)
{
	close(l->fd);
	buf_free(&l->in);
	buf_free(&l->out);
	arena_free(&l->a);
	mem_free(l);
}

static void consume(struct early_link *l, size_t n)
{
	if (n && n < l->in.n)
		memmove(l->in.p, l->in.p + n, l->in.n - n);
	l->in.n -= n;
}

/* The next request has its own memory. */
static void begin(struct early_link *l)
{
	arena_free(&l->a);
	arena_init(&l->a, ARENA_MAX);
	l->head = (struct early_head){ .length = 0 };
	l->scanned = 0;
	l->phase = READS_HEAD;
}

/* --- answers --- */

static bool is_last(const struct early_link *l, const struct http_response *out)
{
	return l->head.close || str_ieq(http_get(&out->fields, "Connection"), STR("close"));
}

/* RFC 9112 9.6: whoever closes says so. */
static void respond(struct early_link *l, struct http_response *out, bool last)
{
	if (last && !http_get(&out->fields, "Connection").p)
		http_add(&l->a, &out->fields, STR("Connection"), STR("close"));
	if (!http_get(&out->fields, "Content-Length").p)
		http_add(&l->a, &out->fields, STR("Content-Length"),
			 arena_fmt(&l->a, "%zu", out->body.n));
	if (str_eq(l->head.in.method, STR("HEAD")))
		out->body = STR("");
	buf_str(&l->out, http_response_text(&l->a, out));
	l->dead = l->dead || !buf_ok(&l->out) || !arena_ok(&l->a);
	if (last)
		l->phase = LAST;
	else
		begin(l);
}

static void refuse(struct early_link *l, int status)
{
	struct http_response out = { .status = status };

	respond(l, &out, true);
}

/* --- what has come; true: it went on --- */

static void await_content(struct early_link *l)
{
	l->body = (struct early_body){ .chunked = l->head.chunked, .length = l->head.length };
	l->phase = READS_BODY;
}

static void final(struct early_link *l, struct http_response *out)
{
	size_t length = l->head.length;
	/* Where chunks end is not looked for. */
	bool last = is_last(l, out) || l->head.chunked;

	respond(l, out, last);
	if (last)
		return;
	l->rest = length;
	l->phase = READS_REST;
}

static void ask(struct early_link *l)
{
	struct http_response out = NO_RESPONSE;

	switch (l->h->head(l->h->ctx, &l->a, l->number, &l->head.in, &out)) {
	case HEAD_CONTINUE:
		buf_puts(&l->out, "HTTP/1.1 100 Continue\r\n\r\n");
		await_content(l);
		break;
	case HEAD_WAIT:
		await_content(l);
		break;
	case HEAD_FINAL:
		final(l, &out);
		break;
	case HEAD_CLOSES:
		l->dead = true;
		break;
	}
}

static bool step_head(struct early_link *l)
{
	size_t empty = 0;
	int why;

	/* RFC 9112 2.2 */
	while (!l->scanned && str_starts(str_sub(buf_view(&l->in), empty, 2), STR("\r\n")))
		empty += 2;
	consume(l, empty);
	why = early_head_read(&l->a, buf_view(&l->in), &l->scanned, &l->head);
	if (why > 1)
		refuse(l, why);
	if (why)
		return false;
	consume(l, l->head.bytes);
	l->heard = true;
	if (l->head.expects)
		ask(l);
	else
		await_content(l);
	return true;
}

static bool step_body(struct early_link *l)
{
	struct http_response out = NO_RESPONSE;
	int why = early_body_read(&l->body, &l->in);
	size_t bytes = l->body.done;

	if (why > 1)
		refuse(l, why);
	if (why)
		return false;
	l->head.in.body = str_sub(buf_view(&l->in), 0, bytes);
	if (l->h->handle(l->h->ctx, &l->a, l->number, &l->head.in, &out) == DEVICE_ANSWERED)
		respond(l, &out, is_last(l, &out));
	else
		l->dead = true;
	consume(l, bytes);
	return true;
}

static bool step_rest(struct early_link *l)
{
	struct str octets = str_sub(buf_view(&l->in), 0, l->rest);
	bool content;

	if (!octets.n)
		return false;
	content = l->h->content(l->h->ctx, l->number, octets);
	consume(l, octets.n);
	l->rest -= octets.n;
	if (!content)
		refuse(l, 400);
	else if (!l->rest)
		begin(l);
	return true;
}

/* The answer is out: now the client sees the end, and what it still sends is read, lest a reset
 * takes the answer from it. */
static bool step_last(struct early_link *l)
{
	shutdown(l->fd, SHUT_WR);
	l->phase = LINGERS;
	return true;
}

static bool step_linger(struct early_link *l)
{
	if (l->in.n)
		(void)l->h->content(l->h->ctx, l->number, buf_view(&l->in));
	l->lingered += l->in.n;
	l->dead = l->dead || l->lingered > LINGER_MAX;
	consume(l, l->in.n);
	return false;
}

static bool step(struct early_link *l)
{
	static bool (*const steps[])(struct early_link *) = {
		[READS_HEAD] = step_head, [READS_BODY] = step_body, [READS_REST] = step_rest,
		[LAST] = step_last,       [LINGERS] = step_linger,
	};

	_Static_assert(COUNT(steps) == PHASES, "one per phase");
	return steps[l->phase](l);
}

/* --- octets --- */

static bool pending(const struct early_link *l)
{
	return l->sent < l->out.n;
}

static void flush(struct early_link *l)
{
	ssize_t n = 0;

	while (pending(l) && n >= 0) {
		n = send(l->fd, l->out.p + l->sent, l->out.n - l->sent, MSG_NOSIGNAL);
		if (n > 0)
			l->sent += (size_t)n;
		else if (n < 0 && errno != EAGAIN && errno != EINTR)
			l->dead = true;
	}
	if (pending(l))
		return;
	buf_clear(&l->out);
	l->sent = 0;
}

static void take(struct early_link *l, int64_t now_ms)
{
	char octets[READ_BYTES];
	ssize_t n = recv(l->fd, octets, sizeof(octets), 0);

	if (n > 0) {
		buf_add(&l->in, octets, (size_t)n);
		if (l->phase != LINGERS)
			l->since_ms = now_ms;
	} else if (n == 0) {
		l->ended = true;
	} else if (errno != EAGAIN && errno != EINTR) {
		l->dead = true;
	}
	l->dead = l->dead || !buf_ok(&l->in);
}

short early_link_wants(const struct early_link *l)
{
	if (pending(l))
		return POLLOUT;
	return l->ended ? 0 : POLLIN;
}

void early_link_turn(struct early_link *l, short events, int64_t now_ms)
{
	int64_t limit_ms = l->phase == LINGERS ? LINGER_MS : IDLE_MS;
	bool goes_on = true;

	if (events & POLLOUT)
		flush(l);
	/* While an answer waits to be read, nothing more is. */
	if (events & (POLLIN | POLLHUP | POLLERR) && !pending(l))
		take(l, now_ms);
	while (goes_on && !l->dead && !pending(l)) {
		goes_on = step(l);
		flush(l);
	}
	if (l->ended && !pending(l))
		l->dead = true;
	if (now_ms - l->since_ms > limit_ms)
		l->dead = true;
}

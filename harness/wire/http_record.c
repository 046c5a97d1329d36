#include "wire/http_wire.h"

#include "wire/request.h"

#include <stdarg.h>
#include <stdio.h>

void record_reset(struct slot *s)
{
	buf_clear(&s->sent);
	buf_clear(&s->received);
	buf_clear(&s->head);
	buf_clear(&s->body);
	s->head_bytes = s->body_at = 0;
	s->head_done = s->no_memory = false;
	s->why[0] = s->error[0] = '\0';
}

/* Evidence goes as far as the cap does; the rest is dropped. */
static void keep(struct slot *s, struct buf *b, const char *p, size_t n)
{
	const size_t room = b->max_bytes - b->n;

	buf_add(b, p, n < room ? n : room);
	if (!buf_ok(b))
		s->no_memory = true;
}

/* The number of octets taken, which stops the transfer, since it was at least one. */
static size_t stop(struct slot *s, const char *fmt, ...) PRINTF(2, 3);
static size_t stop(struct slot *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->why, sizeof(s->why), fmt, ap);
	va_end(ap);
	return 0;
}

/* libcurl repeats a request by itself when the connection that it had kept was dead.  Only the last
 * try counts.  A long head may come in pieces.
 */
static void request_head_out(struct slot *s, const char *p, size_t n)
{
	if (str_find(buf_view(&s->sent), STR("\r\n\r\n")) != (size_t)-1)
		record_reset(s);
	if (s->sent.n == 0) {
		s->x->sent_ms = world_mono_ms(s->w->world);
		s->x->wall_ms = world_wall_ms(s->w->world);
	}
	keep(s, &s->sent, p, n);
}

/* CURLINFO_HEADER_IN is left out: libcurl does not report the end of an interim head, and reports a
 * wrong last octet when the empty line arrives in two pieces.  record_head sees every line.
 */
int record_octets(CURL *easy, curl_infotype type, char *p, size_t n, void *slot)
{
	struct slot *s = slot;

	(void)easy;
	if (!s->x)
		return 0;
	if (type == CURLINFO_HEADER_OUT)
		request_head_out(s, p, n);
	else if (type == CURLINFO_DATA_OUT)
		keep(s, &s->sent, p, n);
	else if (type == CURLINFO_DATA_IN)
		keep(s, &s->received, p, n);
	return 0;
}

/* RFC 9110 15.2: interim responses come before the final one; 101 is final, nobody asked for it. */
static bool is_interim(struct str head)
{
	const int status = head_status(str_cut(&head, '\n'));

	return status >= 100 && status < 200 && status != 101;
}

size_t record_head(char *p, size_t one, size_t n, void *slot)
{
	struct slot *s = slot;

	(void)one; /* always 1 */
	s->head_bytes += n;
	if (!s->head_done)
		keep(s, &s->received, p, n);
	if (s->head_bytes > s->w->o.max_head_bytes)
		return stop(s, "response head larger than %zu octets", s->w->o.max_head_bytes);
	if (s->head_done)
		return n; /* a trailer: evidence, but no field of the response (RFC 9110 6.5.1) */
	keep(s, &s->head, p, n);
	if (p[0] == '\r' || p[0] == '\n') { /* libcurl's end of the head */
		s->head_done = !is_interim(buf_view(&s->head));
		s->body_at = s->received.n;
		if (!s->head_done)
			buf_clear(&s->head);
	}
	return s->no_memory ? 0 : n;
}

size_t record_body(char *p, size_t one, size_t n, void *slot)
{
	struct slot *s = slot;

	(void)one; /* always 1 */
	if (!s->head_done)
		return stop(s, "the response does not start with a status line");
	if (n > s->w->o.max_body_bytes - s->body.n)
		return stop(s, "response body larger than %zu octets", s->w->o.max_body_bytes);
	keep(s, &s->body, p, n);
	return s->no_memory ? 0 : n;
}

/* Without a transfer coding the body is the tail of what was received, and need not be kept twice.
 */
static struct str body_of(const struct slot *s)
{
	const struct str raw = str_sub(s->x->received_octets, s->body_at, SIZE_MAX);

	return str_eq(raw, buf_view(&s->body)) ? raw : arena_str(s->x->a, buf_view(&s->body));
}

static int read_head(struct slot *s, struct http_response *out, const char **why)
{
	char *text = arena_alloc(s->x->a, s->head.n + 1);

	*why = "no memory";
	if (!text)
		return -1;
	memcpy(text, s->head.p, s->head.n);
	return head_parse(s->x->a, text, s->head.n, out, why);
}

static void answered(struct slot *s)
{
	struct exchange *x = s->x;
	const char *why;

	if (!s->head_done) { /* libcurl takes the end of the connection for the end of the head */
		exchange_fail(x, WIRE_CLOSED, "closed within the response head");
		return;
	}
	if (read_head(s, &x->response, &why)) {
		exchange_fail(x, WIRE_MALFORMED, "%s", why);
		return;
	}
	x->response.body = body_of(s);
	x->fate = WIRE_ANSWERED;
}

/* Where libcurl's code is wider than a fate. */
static enum wire_fate refine(struct slot *s, CURLcode code, enum wire_fate fate)
{
	struct http_response r = { 0 };
	curl_off_t resolved_us = 0;
	const char *why;

	curl_easy_getinfo(s->easy, CURLINFO_NAMELOOKUP_TIME_T, &resolved_us);
	if (code == CURLE_OPERATION_TIMEDOUT && s->sent.n == 0 && resolved_us == 0)
		return WIRE_UNRESOLVED;
	if (code == CURLE_RECV_ERROR && s->head_done && !read_head(s, &r, &why) &&
	    str_ifind(http_get(&r.fields, "Transfer-Encoding"), STR("chunked")) != (size_t)-1 &&
	    chunks_broken(str_sub(buf_view(&s->received), s->body_at, SIZE_MAX)))
		return WIRE_MALFORMED;
	return fate;
}

/* libcurl has no code of its own for a line past its limit (100 KiB): it says that memory is short.
 */
static bool line_too_long(const struct slot *s, CURLcode code)
{
	return code == CURLE_OUT_OF_MEMORY && s->sent.n > 0 && !s->head_done;
}

static int judge(struct slot *s, CURLcode code, struct err *err)
{
	const char *why = s->error[0] ? s->error : curl_easy_strerror(code);
	enum wire_fate fate;

	if (s->why[0])
		exchange_fail(s->x, WIRE_MALFORMED, "%s", s->why);
	else if (line_too_long(s, code))
		exchange_fail(s->x, WIRE_MALFORMED, "response head with an endless line");
	else if (http_fate(code, &fate))
		return err_set(err, code == CURLE_SSL_CACERT_BADFILE ? ERR_INPUT : ERR_INTERNAL,
			       "%s", why);
	else if (fate == WIRE_ANSWERED)
		answered(s);
	else
		exchange_fail(s->x, refine(s, code, fate), "%s", why);
	return 0;
}

int record_finish(struct slot *s, CURLcode code, struct err *err)
{
	struct exchange *x = s->x;

	x->done_ms = world_mono_ms(s->w->world);
	if (s->no_memory)
		return err_set(err, ERR_NOMEM, "no memory for the octets of an exchange");
	x->sent_octets = arena_str(x->a, buf_view(&s->sent));
	x->received_octets = arena_str(x->a, buf_view(&s->received));
	http_take_chain(s);
	if (judge(s, code, err))
		return -1;
	if (!arena_ok(x->a))
		exchange_fail(x, WIRE_MALFORMED, "response larger than the %zu octets of its case",
			      x->a->max_bytes);
	return 0;
}

/* quirk_answer.c - what happens to whole messages: framing that is refused, answers that say too
 * much, or nothing.
 */
#include "device/internal.h"

static bool has_field(const struct call *c, const char *name, const char *piece)
{
	return str_ifind(http_get(&c->in->fields, name), str(piece)) != (size_t)-1;
}

bool quirk_refuses_message(struct call *c)
{
	const struct {
		enum behaviour behaviour;
		bool applies;
		int status;
	} rows[] = {
		{ EMPTY_POST_400, c->in->body.n == 0, 400 },
		{ EXPECT_REFUSED, has_field(c, "Expect", "100-continue"), 417 },
		{ CHUNKED_REFUSED, has_field(c, "Transfer-Encoding", "chunked"), 501 },
		{ ABSOLUTE_FORM_REFUSED, str_istarts(c->in->target, STR("http")), 404 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (c->d->on[rows[i].behaviour] && rows[i].applies) {
			respond_text(c, rows[i].status, STR("refused\n"));
			return true;
		}
	}
	return false;
}

static bool sent_credentials(const struct call *c)
{
	return http_count(&c->in->fields, "Authorization") > 0;
}

static bool closes(const struct call *c)
{
	const struct device *d = c->d;
	size_t octets = http_get(&c->in->fields, "Authorization").n;

	if (d->on[LONG_FIELD_CLOSES] && octets > (size_t)d->value[LONG_FIELD_CLOSES])
		return true;
	return d->on[REFUSAL_CLOSES] && sent_credentials(c) && c->out->status == 401;
}

static void set_cookie(struct call *c)
{
	const char *attributes = c->d->on[COOKIE_LOOSE] ? "; Path=/" : "; Path=/; Secure; HttpOnly";

	respond_header(c, "Set-Cookie", arena_fmt(c->a, "session=%s%s", c->d->cookie, attributes));
}

void quirk_answer(struct call *c)
{
	const struct device *d = c->d;
	bool success = c->out->status >= 200 && c->out->status < 300;

	c->closes = closes(c);
	if (d->on[REFUSAL_ECHOES] && !success && sent_credentials(c))
		c->out->body =
			arena_concat(c->a, c->out->body, http_get(&c->in->fields, "Authorization"));
	if (d->on[ANSWER_PUBLIC] && success)
		respond_header(c, "Cache-Control", STR("public, max-age=60"));
	if (success && sent_credentials(c) && (d->on[OPEN_COOKIE] || d->on[COOKIE_LOOSE]))
		set_cookie(c);
	if (d->on[COOKIE_REQUIRED] && !success)
		set_cookie(c);
	if (d->persona->tls && !d->on[HSTS_MISSING])
		respond_header(c, "Strict-Transport-Security", STR("max-age=31536000"));
}

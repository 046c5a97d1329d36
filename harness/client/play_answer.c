/* play_answer.c - what the device of a case says, once it is known whether it says yes. */
#include "client/play_parts.h"

#include "base/buf.h"

#define LONG_BODY 65536
#define NS_WSSE   UT_NS_WSSE

static void field(const struct answer_context *c, const char *name, struct str value)
{
	http_add(c->a, &c->out->fields, str(name), value);
}

static bool is(struct str value, const char *word)
{
	return str_eq(value, str(word));
}

static struct str replaced(struct arena *a, struct str text, struct str from, struct str to)
{
	struct buf out DEFER(buf_free);
	size_t at;

	buf_init(&out, 1u << 20);
	while ((at = str_find(text, from)) != (size_t)-1) {
		buf_str(&out, str_sub(text, 0, at));
		buf_str(&out, to);
		text = str_sub(text, at + from.n, text.n);
	}
	buf_str(&out, text);
	return arena_str(a, buf_view(&out));
}

/* An envelope of ours under another prefix: soap/envelope.c writes "s". */
static struct str prefixed(struct arena *a, struct str xml, struct str prefix)
{
	const char *const places[] = { "<%ss:", "<%s/s:", "xmlns:%ss=", ">%ss:" };

	for (size_t i = 0; prefix.n && i < COUNT(places); i++) {
		struct str head = str(places[i]), from, to;
		size_t at = str_find(head, STR("%s"));
		struct str before = str_sub(head, 0, at), behind = str_sub(head, at + 2, head.n);

		from = arena_concat(a, before, behind);
		/* The s of the name is the one before ":" or "=". */
		to = arena_fmt(a, "%.*s%.*s%.*s%.*s", STR_ARG(before),
			       STR_ARG(str_sub(behind, 0, behind.n - 2)), STR_ARG(prefix),
			       STR_ARG(str_sub(behind, behind.n - 1, 1)));
		xml = replaced(a, xml, from, to);
	}
	return xml;
}

/* --- refusals --- */

static struct str refusal_fault(const struct play *p, const struct answer_context *c,
				const struct suite_turn *t)
{
	struct str kind = play_answer_setting(p, c->a, t, "fault");
	struct str reason = play_answer_setting(p, c->a, t, "reason");
	bool of_wsse = is(kind, "failed-authentication");
	struct str xml;

	if (!reason.p)
		reason =
			of_wsse ? STR("The security token could not be authenticated or authorized")
				: STR("Sender not Authorized");
	xml = soap_fault_envelope(c->a, "Sender", is(kind, "sender") ? NULL : "NotAuthorized",
				  reason);
	if (of_wsse) {
		xml = replaced(c->a, xml, STR("ter:NotAuthorized"),
			       STR("wsse:FailedAuthentication"));
		xml = replaced(c->a, xml, STR("xmlns:ter=\"" SOAP_NS_TER "\""),
			       STR("xmlns:wsse=\"" NS_WSSE "\""));
	}
	return prefixed(c->a, xml, play_answer_setting(p, c->a, t, "prefix"));
}

static struct str refusal_text(const struct play *p, const struct answer_context *c,
			       const struct suite_turn *t)
{
	struct str body = play_answer_setting(p, c->a, t, "body");
	char *octets;

	if (is(body, "none"))
		return STR("");
	if (is(body, "html"))
		return STR("<!DOCTYPE html>\n<html><head><title>401 Unauthorized</title></head>"
			   "<body><h1>Unauthorized</h1></body></html>\n");
	if (!is(body, "long"))
		return STR("Unauthorized\n");
	octets = arena_alloc(c->a, LONG_BODY);
	if (!octets)
		return STR("");
	memset(octets, '.', LONG_BODY);
	return str_n(octets, LONG_BODY);
}

static int refusal_status(const struct play *p, const struct answer_context *c,
			  const struct suite_turn *t, bool challenged)
{
	struct str said = play_answer_setting(p, c->a, t, "status");
	uint64_t status;

	if (said.p && str_to_u64(said, 599, &status) == 0)
		return (int)status;
	return challenged ? 401 : 400; /* ONVIF Core 5.9.1: a fault alone comes with 400 */
}

static void add_challenges(struct play *p, const struct answer_context *c,
			   const struct suite_turn *t, enum staleness stale, bool *any)
{
	bool one = is(play_answer_setting(p, c->a, t, "fields"), "one");
	struct str joined = STR("");
	const struct suite_offer *o;
	size_t n;

	o = play_offers(p, t, &n);
	for (size_t i = 0; i < n; i++) {
		struct str text = offer_text(p, c->a, &o[i], stale);

		if (!text.p)
			continue;
		*any = true;
		if (one)
			joined = arena_fmt(c->a, "%.*s%s%.*s", STR_ARG(joined),
					   joined.n ? ", " : "", STR_ARG(text));
		else
			field(c, "WWW-Authenticate", text);
	}
	if (joined.n)
		field(c, "WWW-Authenticate", joined);
}

static void close_if_set(const struct play *p, const struct answer_context *c,
			 const struct suite_turn *t)
{
	if (is(play_answer_setting(p, c->a, t, "connection"), "close"))
		field(c, "Connection", STR("close"));
}

void play_challenge(struct play *p, const struct answer_context *c, const struct suite_turn *t,
		    enum staleness stale)
{
	bool challenged = false;
	bool token = play_turn_offers(p, t, OFFER_TOKEN);

	add_challenges(p, c, t, stale, &challenged);
	c->out->status = refusal_status(p, c, t, challenged);
	if (token || (p->o.soap && !is(play_answer_setting(p, c->a, t, "body"), "none") &&
		      play_answer_setting(p, c->a, t, "fault").p)) {
		field(c, "Content-Type", STR("application/soap+xml; charset=utf-8"));
		c->out->body = refusal_fault(p, c, t);
	} else {
		field(c, "Content-Type",
		      is(play_answer_setting(p, c->a, t, "body"), "html")
			      ? STR("text/html; charset=utf-8")
			      : STR("text/plain; charset=utf-8"));
		c->out->body = refusal_text(p, c, t);
	}
	close_if_set(p, c, t);
}

void play_refuse(struct play *p, const struct answer_context *c, const struct suite_turn *t)
{
	c->out->status = 417;
	close_if_set(p, c, t);
}

/* --- what is granted --- */

/* The operation's answer, as a device without accounts gives it, with addresses of this case. */
static void operation(struct play *p, const struct answer_context *c)
{
	struct http_request in = c->h->request;
	struct str path = p->said.told.target, own;

	in.target = str(device_path(p->operations));
	if (device_handle(p->operations, c->a, c->h->connection, &in, c->out) != DEVICE_ANSWERED)
		c->out->status = 500;
	/* The first URL, without its query. */
	own = str_cut(&path, '?');
	c->out->body = replaced(c->a, c->out->body, STR("/onvif/device_service<"),
				arena_concat(c->a, own, STR("<")));
	if (p->client->n_turn)
		c->out->body =
			prefixed(c->a, c->out->body,
				 play_answer_setting(p, c->a, &p->client->turn[0], "prefix"));
}

static void info(struct play *p, const struct answer_context *c, struct str kind)
{
	const struct heard *h = c->h;
	struct digest_inputs in = h->http.inputs;
	const char *mark = is(kind, "quoted") ? "\"" : "";
	char hex[HASH_HEX_MAX], nonce[NONCE_HEX + 1];
	struct err ignored;

	in.body = c->out->body; /* RFC 7616 3.5: with auth-int, of the answer */
	if (!(h->has & HAS_DIGEST) || is(kind, "none") || !kind.p ||
	    digest_rspauth(&in, hex, &ignored))
		return;
	if (is(kind, "next")) {
		play_draw_nonce(p, nonce);
		field(c, "Authentication-Info", arena_fmt(c->a, "nextnonce=\"%s\"", nonce));
		return;
	}
	if (is(kind, "wrong"))
		hex[0] = hex[0] == '0' ? '1' : '0';
	if (h->http.qop == DIGEST_QOP_NONE)
		field(c, "Authentication-Info", arena_fmt(c->a, "rspauth=\"%s\"", hex));
	else
		field(c, "Authentication-Info",
		      arena_fmt(c->a, "rspauth=\"%s\", cnonce=\"%.*s\", nc=%s%.*s%s, qop=%s%s%s",
				hex, STR_ARG(h->http.cnonce), mark, STR_ARG(h->http.inputs.nc),
				mark, mark,
				h->http.qop == DIGEST_QOP_AUTH_INT ? "auth-int" : "auth", mark));
}

static void plain_answer(const struct answer_context *c)
{
	c->out->status = 200;
	field(c, "Content-Type", STR("text/plain; charset=utf-8"));
	c->out->body = STR("You are who you say you are.\n");
}

/* What is asked of more rights than the account has; false: nothing is. */
static bool forbid(const struct play *p, const struct answer_context *c, const struct suite_turn *t)
{
	struct str said = play_setting(p, c->a, &t->set, "status");
	uint64_t status;

	if (!said.p || str_to_u64(said, 599, &status))
		return false;
	c->out->status = (int)status;
	field(c, "Content-Type", STR("text/plain; charset=utf-8"));
	c->out->body = STR("This account may not do that.\n");
	return true;
}

void play_grant(struct play *p, const struct answer_context *c, const struct suite_turn *t)
{
	struct str redirect = t ? play_setting(p, c->a, &t->set, "redirect") : STR("");

	if (redirect.n && !p->redirected) {
		p->redirected = true;
		c->out->status = 307;
		field(c, "Location",
		      arena_fmt(c->a, "%.*s%.*s/moved",
				STR_ARG(is(redirect, "other-origin") ? p->o.other_origin
								     : p->o.origin),
				STR_ARG(p->o.path)));
		return;
	}
	if (t && forbid(p, c, t))
		return;
	if (c->h->is_soap && p->operations)
		operation(p, c);
	else
		plain_answer(c);
	if (!t)
		return;
	info(p, c, play_setting(p, c->a, &t->set, "info"));
	if (is(play_setting(p, c->a, &t->set, "connection"), "close"))
		field(c, "Connection", STR("close"));
}

/* --- without credentials --- */

/* UTCDateTime is optional: ONVIF Core 8.3.6.  A camera without it tells its local time alone. */
static void without_utc(const struct answer_context *c)
{
	struct str body = c->out->body;
	size_t from = str_find(body, STR("<tt:UTCDateTime>"));
	size_t to = str_find(body, STR("</tt:UTCDateTime>"));
	struct str inside;

	if (from == (size_t)-1 || to == (size_t)-1)
		return;
	inside = str_sub(body, from + strlen("<tt:UTCDateTime>"),
			 to - from - strlen("<tt:UTCDateTime>"));
	c->out->body = arena_fmt(c->a, "%.*s<tt:LocalDateTime>%.*s</tt:LocalDateTime>%.*s",
				 STR_ARG(str_sub(body, 0, from)), STR_ARG(inside),
				 STR_ARG(str_sub(body, to + strlen("</tt:UTCDateTime>"), body.n)));
}

/* It is summer where the device is: the flag is set, and local time is another one.  UTCDateTime
 * is UTC all the same (ONVIF Core 8.3.6).
 */
static void in_summer(const struct answer_context *c)
{
	const struct str flag = STR("<tt:DaylightSavings>false"), zone = STR("<tt:TZ>UTC0");

	c->out->body = replaced(c->a, c->out->body, flag, STR("<tt:DaylightSavings>true"));
	c->out->body = replaced(c->a, c->out->body, zone, STR("<tt:TZ>CET-1CEST,M3.5.0,M10.5.0/3"));
}

/* .p NULL: as a device does. */
static struct str time_setting(const struct play *p, struct arena *a)
{
	struct str time = play_setting(p, a, &p->client->clock, "time");

	return !time.p && p->o.persona ? p->o.persona->time : time;
}

static bool asks_time(const struct heard *h)
{
	return str_eq(h->soap.body_name, STR("GetSystemDateAndTime"));
}

bool play_is_open(const struct play *p, struct arena *a, const struct heard *h)
{
	const struct soap_operation *op =
		h->is_soap ? soap_operation_find(h->soap.body_name) : NULL;

	return op && p->operations && op->access == ACCESS_PRE_AUTH &&
	       !(asks_time(h) && is(time_setting(p, a), "challenged"));
}

void play_open(struct play *p, const struct answer_context *c)
{
	struct str time = asks_time(c->h) ? time_setting(p, c->a) : STR("");

	if (is(time, "refused")) {
		c->out->status = 400;
		field(c, "Content-Type", STR("application/soap+xml; charset=utf-8"));
		c->out->body = soap_fault_envelope(c->a, "Sender", "NotAuthorized",
						   STR("Sender not Authorized"));
		return;
	}
	operation(p, c);
	if (is(time, "no-utc"))
		without_utc(c);
	if (is(time, "daylight"))
		in_summer(c);
}

/* actor.c - the scripted client's calls: what it sends, and what it makes of the answers. */
#include "client/actor.h"

#include "base/buf.h"
#include "client/actor_parts.h"

/* Nonces of one call that may turn out old: then something is wrong. */
#define HUGE_REALM              16384
#define HUGE_TRIES              10
#define STALE_MAX               4
#define FORBIDDEN_TRIES         2
#define HOUR_MS                 (60 * 60 * 1000)
#define REDIRECT_MAX            5
#define OTHER_ORIGIN_CONNECTION (UINT64_C(1) << 32)

enum next { AGAIN, GRANTED, GIVEN_UP };

/* One call, which may take several requests. */
struct call {
	struct actor *k;
	const struct soap_operation *op; /* NULL: plain HTTP */
	int origin;
	struct str method, target, body;
	struct str kept;        /* credentials that a fault keeps over a redirect */
	bool has_credentials;   /* the last request */
	bool early;             /* it was answered before its content */
	bool resent;            /* on a new connection */
	bool asked_time, other; /* asked again; went over to another scheme by a fault */
	unsigned tries;         /* challenges that were answered, but for stale nonces */
	unsigned stale, redirects;
	struct http_request in;
	struct http_response out;
};

/* --- one request --- */

static bool goes_with_credentials(const struct call *c)
{
	const struct actor *k = c->k;

	if (c->origin && !has(k, PLANTED_OTHER_ORIGIN) && !has(k, PLANTED_TOKEN_ELSEWHERE) &&
	    !c->kept.p)
		return false;
	return k->mode != ANONYMOUS;
}

static bool goes_with_token(const struct call *c, bool credentials)
{
	const struct actor *k = c->k;

	if (has(k, PLANTED_TOKEN_UNASKED) && k->mode == ANONYMOUS)
		return true;
	if (has(k, PLANTED_TOKEN_AND_DIGEST) && k->mode == BY_DIGEST)
		return credentials;
	return credentials && k->mode == BY_TOKEN;
}

static struct str with_password(struct actor *k, struct str target)
{
	return arena_fmt(k->a, "%.*s%suser=%.*s&password=%.*s", STR_ARG(target),
			 str_chr(target, '?') == (size_t)-1 ? "?" : "&", STR_ARG(k->o->told.user),
			 STR_ARG(k->o->told.password));
}

static struct str without_query(struct str target)
{
	return str_cut(&target, '?');
}

/* What is sent apart from credentials; the request with them is the one that was challenged. */
static int set_request(struct call *c, bool credentials, struct err *err)
{
	struct actor *k = c->k;

	c->in = (struct http_request){ .method = c->method, .target = c->target, .body = c->body };
	if (c->op && actor_envelope(k, c->op, goes_with_token(c, credentials), &c->in.body, err))
		return -1;
	if (has(k, PLANTED_PASSWORD_IN_QUERY))
		c->in.target = with_password(k, c->in.target);
	if (!credentials)
		return 0;
	if (has(k, PLANTED_BODY_LOST) || has(k, PLANTED_ENVELOPE_LOST))
		c->in.body = STR("");
	if (has(k, PLANTED_METHOD_CHANGED))
		c->in.method = STR("GET");
	if (has(k, PLANTED_QUERY_LOST))
		c->in.target = without_query(c->in.target);
	return 0;
}

static void add(struct call *c, const char *name, struct str value)
{
	http_add(c->k->a, &c->in.fields, str(name), value);
}

static struct str host_of(const struct actor *k, int origin)
{
	struct str url = k->o->origin[origin];
	size_t at = str_find(url, STR("://"));

	return at == (size_t)-1 ? url : str_sub(url, at + 3, url.n);
}

static void add_fields(struct call *c)
{
	struct actor *k = c->k;

	add(c, "Host", host_of(k, c->origin));
	add(c, "User-Agent", STR("countersign-actor"));
	if (c->op)
		add(c, "Content-Type",
		    has(k, PLANTED_SOAP_TYPE_11) ? STR("text/xml; charset=utf-8")
						 : soap_content_type(k->a, c->op));
	actor_expect(k, &c->in);
	/* RFC 9110 8.6: a method that has content says so when there is none, too. */
	if ((c->in.body.n || str_has_word(STR("POST PUT PATCH"), c->in.method)) &&
	    !has(k, PLANTED_LENGTH_MISSING))
		add(c, "Content-Length", arena_fmt(k->a, "%zu", c->in.body.n));
}

static int add_basic(struct call *c, struct err *err)
{
	struct str field;

	if (actor_basic(c->k, &field, err))
		return -1;
	add(c, "Authorization", field);
	return 0;
}

static int add_credentials(struct call *c, struct err *err)
{
	struct actor *k = c->k;
	struct str field;

	if (c->kept.p) {
		add(c, "Authorization", c->kept);
		return 0;
	}
	if (k->mode == BY_BASIC)
		return add_basic(c, err);
	if (k->mode != BY_DIGEST)
		return 0;
	if (actor_digest(k, &c->in, &field, err))
		return -1;
	add(c, "Authorization", field);
	return has(k, PLANTED_BOTH_AUTHORIZATIONS) ? add_basic(c, err) : 0;
}

/* What a library had in its documentation, sent before anybody asked. */
static void add_template(struct call *c)
{
	if (!has(c->k, PLANTED_TEMPLATE_FIRST) || c->k->seen_401)
		return;
	add(c, "Authorization",
	    arena_fmt(c->k->a,
		      "Digest username=\"%.*s\", realm=\"realm\", nonce=\"nonce\", uri=\"%.*s\", "
		      "response=\"00000000000000000000000000000000\"",
		      STR_ARG(c->k->o->told.user), STR_ARG(c->in.target)));
}

static struct str with_userinfo(const struct call *c, struct str target)
{
	struct actor *k = c->k;

	return arena_fmt(k->a, "http://%.*s:%.*s@%.*s%.*s", STR_ARG(k->o->told.user),
			 STR_ARG(k->o->told.password), STR_ARG(host_of(k, c->origin)),
			 STR_ARG(target));
}

static int write_request(struct call *c, struct err *err)
{
	struct actor *k = c->k;
	bool credentials = goes_with_credentials(c);

	if (set_request(c, credentials, err))
		return -1;
	if (credentials && add_credentials(c, err))
		return -1;
	if (!credentials)
		add_template(c);
	add_fields(c);
	if (has(k, PLANTED_USERINFO_IN_TARGET))
		c->in.target = with_userinfo(c, c->in.target);
	c->has_credentials = credentials || goes_with_token(c, credentials);
	return arena_check(k->a, err);
}

static bool closes(const struct http_response *r)
{
	return str_ieq(http_get(&r->fields, "Connection"), STR("close"));
}

/* 0: there is an answer. */
static int exchange(struct call *c)
{
	struct actor *k = c->k;
	uint64_t connection = k->connection + (c->origin ? OTHER_ORIGIN_CONNECTION : 0);

	int before;

	c->out = (struct http_response){ 0 };
	before = actor_head(k, c->origin, connection, &c->in, &c->out);
	c->early = before == 1;
	if (before < 0 ||
	    (!before && k->o->send(k->o->ctx, k->a, connection, c->origin, &c->in, &c->out))) {
		k->connection++;
		return -1;
	}
	k->connected = !closes(&c->out);
	k->connection += closes(&c->out);
	/* The content that it has announced is not sent: the connection is of no use any more. */
	if (c->early && !has(k, PLANTED_EXPECT_PIPELINES) && k->connected) {
		k->connection++;
		k->connected = false;
	}
	k->seen_401 = k->seen_401 || c->out.status == 401;
	return 0;
}

/* --- the device's clock: ONVIF Core 8.3.6 --- */

/* Asked without credentials: a device whose clock is wrong would refuse the one call that tells so.
 * False: a fault gives the device up.
 */
static bool ask_time(struct actor *k)
{
	struct call c = { .k = k,
			  .op = soap_operation_find(STR("GetSystemDateAndTime")),
			  .method = STR("POST"),
			  .target = k->o->told.target };
	bool token = has(k, PLANTED_TOKEN_ON_TIME) || has(k, PLANTED_TOKEN_UNASKED);
	struct soap_message m;
	struct err ignored;
	int64_t device_ms = 0;

	if (has(k, PLANTED_TIME_NEVER_ASKED))
		return true;
	if (actor_envelope(k, c.op, token, &c.in.body, &ignored))
		return false;
	c.in.method = c.method;
	c.in.target = c.target;
	add_fields(&c);
	if (exchange(&c))
		return true;
	if (has(k, PLANTED_TIME_CHALLENGED_STOPS) && c.out.status == 401)
		return false;
	if (c.out.status != 200 || actor_read_soap(k, c.out.body, &m))
		return true;
	if (soap_device_time(&m, &device_ms, &ignored) && !has(k, PLANTED_NO_UTC_EPOCH))
		return true;
	if (has(k, PLANTED_DAYLIGHT_SUBTRACTED) &&
	    str_find(c.out.body, STR("DaylightSavings>true")) != (size_t)-1)
		device_ms -= HOUR_MS;
	k->offset_ms = device_ms - world_wall_ms(k->o->world);
	return true;
}

/* --- what an answer means --- */

static enum next granted(struct call *c)
{
	struct actor *k = c->k;
	struct soap_message m;

	if (c->op && (actor_read_soap(k, c->out.body, &m) || m.is_fault))
		return GIVEN_UP;
	if (c->has_credentials && !actor_heed_info(k, &c->out))
		return GIVEN_UP;
	return GRANTED;
}

/* The origin of an URL, and what is behind it; -1: neither of ours. */
static int origin_of(const struct actor *k, struct str url, struct str *target)
{
	for (int i = 0; i < 2; i++) {
		struct str rest = str_sub(url, k->o->origin[i].n, url.n);

		if (!k->o->origin[i].n || !str_starts(url, k->o->origin[i]) ||
		    !str_starts(rest, STR("/")))
			continue;
		*target = rest;
		return i;
	}
	return -1;
}

static enum next redirected(struct call *c)
{
	struct actor *k = c->k;
	struct str location = http_get(&c->out.fields, "Location");
	int origin = c->origin;

	if (!location.n || c->redirects++ == REDIRECT_MAX)
		return GIVEN_UP;
	if (str_starts(location, STR("/")))
		c->target = location;
	else
		origin = origin_of(k, location, &c->target);
	if (origin < 0)
		return GIVEN_UP;
	if (has(k, PLANTED_REDIRECT_STALE_URI))
		c->kept = http_get(&c->in.fields, "Authorization");
	c->origin = origin;
	return AGAIN;
}

/* A token that was refused may be one of a clock that has changed; once. */
static enum next token_refused(struct call *c)
{
	struct actor *k = c->k;
	int64_t before = k->offset_ms, moved;

	if (has(k, PLANTED_FAULT_LOOP))
		return ++c->tries < 10 ? AGAIN : GIVEN_UP;
	if (c->asked_time || has(k, PLANTED_CLOCK_CACHED))
		return GIVEN_UP;
	c->asked_time = true;
	if (!ask_time(k))
		return GIVEN_UP;
	moved = k->offset_ms - before;
	if (has(k, PLANTED_CLOCK_RETRY_BLIND))
		k->offset_ms = before;
	return moved >= 1000 || moved <= -1000 ? AGAIN : GIVEN_UP;
}

/* stale=true says that the password was right: RFC 7616 3.3.  False: it does not. */
static bool answers_stale(struct call *c, const struct actor_offers *offers)
{
	struct actor *k = c->k;
	const struct actor_offer *o = actor_strongest(k, offers);
	unsigned most = has(k, PLANTED_LOOPS_ON_STALE) ? 10 * STALE_MAX : STALE_MAX;

	if (k->mode != BY_DIGEST || !o || !o->ch.stale || has(k, PLANTED_STALE_IGNORED))
		return false;
	if (str_eq(o->ch.nonce, k->sent.nonce) || c->stale++ == most)
		return false;
	actor_take(k, o, offers);
	return true;
}

/* Where a fault goes on from, behind credentials that were refused. */
static enum next burnt(struct call *c, const struct actor_offers *offers)
{
	struct actor *k = c->k;
	unsigned most = has(k, PLANTED_LOOPS_ON_401) ? 20 : has(k, PLANTED_TRIES_TWICE) ? 2 : 1;
	bool other = has(k, PLANTED_BASIC_AFTER_DIGEST) || has(k, PLANTED_TOKEN_AFTER_DIGEST);

	if (c->tries++ < most)
		return actor_choose(k, offers) || has(k, PLANTED_LOOPS_ON_401) ? AGAIN : GIVEN_UP;
	if (!other || c->other)
		return GIVEN_UP;
	c->other = true;
	k->mode = has(k, PLANTED_BASIC_AFTER_DIGEST) ? BY_BASIC : BY_TOKEN;
	return AGAIN;
}

static bool is_huge(const struct actor_offers *offers)
{
	return offers->n_digest && offers->digest[0].ch.realm.n > HUGE_REALM;
}

/* One answer to a challenge in each call, and no second one: a nonce of an earlier call may be
 * refused without a word of stale, a password may not be tried twice.
 */
static enum next refused(struct call *c)
{
	struct actor *k = c->k;
	struct actor_offers offers;

	actor_read(k, &c->out, &offers);
	c->kept.p = NULL;
	if (c->origin && !has(k, PLANTED_OTHER_ORIGIN))
		return GIVEN_UP;
	if (has(k, PLANTED_BODY_FIRST) && c->op && offers.foreign)
		return GIVEN_UP;
	if (has(k, PLANTED_HUGE_LOOPS) && is_huge(&offers) && c->tries++ < HUGE_TRIES)
		return AGAIN;
	if (has(k, PLANTED_CLOSED_CONNECTION) && !k->connected)
		return GIVEN_UP;
	if (c->has_credentials && answers_stale(c, &offers))
		return AGAIN;
	if (c->has_credentials && has(k, PLANTED_STALE_IGNORED))
		return GIVEN_UP;
	if (c->has_credentials && k->mode == BY_TOKEN && !offers.n_digest)
		return token_refused(c);
	return burnt(c, &offers);
}

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 307 || status == 308;
}

static enum next heed(struct call *c)
{
	int status = c->out.status;

	if (is_redirect(status))
		return redirected(c);
	if (has(c->k, PLANTED_FORBIDDEN_REPEATED) && status == 403 && c->has_credentials &&
	    c->tries++ < FORBIDDEN_TRIES)
		return AGAIN;
	if (c->early && (has(c->k, PLANTED_EXPECT_STOPS) || has(c->k, PLANTED_SOAP_EXPECT_STOPS)))
		return GIVEN_UP;
	if (status == 417)
		return actor_unexpect(c->k, &c->in) ? AGAIN : GIVEN_UP;
	/* Devices send ter:NotAuthorized with any of these. */
	if (status == 401 || (status >= 400 && (c->op || has(c->k, PLANTED_LOOPS_ON_401))))
		return refused(c);
	return status >= 200 && status < 300 ? granted(c) : GIVEN_UP;
}

/* --- calls --- */

static bool make_call(struct call *c)
{
	enum next next = AGAIN;
	struct err ignored;

	while (next == AGAIN) {
		bool reused = c->k->connected;

		if (write_request(c, &ignored))
			return false;
		if (exchange(c) == 0) {
			next = heed(c);
			continue;
		}
		/* A connection that was kept may be closed at any time: once more on a new one. */
		c->k->connected = false;
		if (!reused || c->resent)
			return false;
		c->resent = true;
	}
	return next == GRANTED;
}

/* Where call number i goes to. */
static struct str target_of(const struct actor *k, size_t i)
{
	struct str target = k->o->told.target;

	if (i < k->o->n_url)
		(void)origin_of(k, k->o->url[i], &target);
	return target;
}

static struct call call_of(struct actor *k, size_t i)
{
	const struct told *told = &k->o->told;
	struct call c = { .k = k, .target = target_of(k, i), .method = told->method };

	if (k->o->soap) {
		c.op = soap_operation_find(STR("GetDeviceInformation"));
		c.method = STR("POST");
		return c;
	}
	c.body = told->body;
	if (!c.method.p)
		c.method = told->body.p ? STR("POST") : STR("GET");
	return c;
}

/* What faults do at the start of a session and of each call. */
static void begin(struct actor *k, size_t i)
{
	if (i && has(k, PLANTED_NO_REUSE))
		k->mode = ANONYMOUS;
	if (!i && has(k, PLANTED_PREEMPTIVE_BASIC))
		k->mode = BY_BASIC;
}

int actor_run(const struct actor_options *o, struct arena *a)
{
	struct actor k = { .o = o,
			   .a = a,
			   .planted = o->fault ? (int)(o->fault - client_faults) : -1,
			   .connection = 1 };
	bool well = !o->soap || ask_time(&k), all_well = well;

	k.first_target = target_of(&k, 0);
	for (size_t i = 0; (int)i < o->told.times && (well || has(&k, PLANTED_POLLS_AFTER_REFUSAL));
	     i++) {
		struct call c = call_of(&k, i);

		begin(&k, i);
		well = make_call(&c);
		all_well = all_well && well;
	}
	if (has(&k, PLANTED_ENDS_WELL_ALWAYS))
		return 0;
	if (has(&k, PLANTED_ENDS_BADLY_ON_401) && k.seen_401)
		return 1;
	return all_well ? 0 : 1;
}

/* device.c - a request in, a response out. */
#include "device/internal.h"

#include "auth/datetime.h"
#include "base/mem.h"

/* --- life --- */

static const struct account default_account[LEVELS] = {
	[LEVEL_OPERATOR] = { { "operator", 8 }, { "op-secret", 9 }, LEVEL_OPERATOR },
	[LEVEL_USER] = { { "viewer", 6 }, { "view-secret", 11 }, LEVEL_USER },
};

static void accounts_take(struct device *d, const struct account *given)
{
	const struct account administrator = { persona_user(d->persona),
					       persona_password(d->persona), 0 };

	for (int i = 0; i < LEVELS; i++) {
		const struct account *from = given[i].user.n            ? &given[i]
					     : i == LEVEL_ADMINISTRATOR ? &administrator
									: &default_account[i];

		d->account[i] = (struct account){
			.user = arena_str(&d->own, from->user),
			.password = arena_str(&d->own, from->password),
			.level = i,
		};
	}
}

static void fault_plant(struct device *d, const struct fault *f)
{
	for (const enum defect *p = f->ignore; p && *p != DEFECT_COUNT; p++)
		defect_set(&d->ignore, *p);
	d->on[f->behaviour] = f->behaviour != BEHAVE_WELL;
	d->value[f->behaviour] = f->value;
}

static int options_check(const struct device_options *o, struct err *err)
{
	if (!o->persona)
		return err_set(err, ERR_INPUT, "a reference device needs a persona");
	if (o->n_fault > DEVICE_FAULTS)
		return err_set(err, ERR_INPUT, "at most %d faults at once", DEVICE_FAULTS);
	for (size_t i = 0; i < o->n_fault; i++) {
		if (!o->fault[i])
			return err_set(err, ERR_INPUT, "fault %zu is none", i + 1);
	}
	return 0;
}

static void secret_make(struct device *d, char out[static NONCE_HEX + 1])
{
	uint8_t octets[NONCE_HEX / 2];

	world_random(d->world, octets, sizeof(octets));
	for (size_t i = 0; i < sizeof(octets); i++) {
		out[2 * i] = "0123456789abcdef"[octets[i] >> 4];
		out[2 * i + 1] = "0123456789abcdef"[octets[i] & 15];
	}
}

struct device *device_new(const struct device_options *o, const struct world *world,
			  struct err *err)
{
	struct device *d;

	if (options_check(o, err))
		return NULL;
	d = mem_alloc(sizeof(*d));
	if (!d) {
		err_set(err, ERR_NOMEM, "no memory for a reference device");
		return NULL;
	}
	d->persona = o->persona;
	d->world = world;
	d->ignore_time = o->ignore_time;
	d->anonymous = o->anonymous;
	d->clock_offset_ms = o->persona->clock_offset_ms + o->clock_offset_ms;
	arena_init(&d->own, 1u << 20);
	accounts_take(d, o->account);
	d->nonce = arena_array(&d->own, struct nonce, DEVICE_NONCES);
	d->token = arena_array(&d->own, struct token_seen, DEVICE_TOKENS);
	for (size_t i = 0; i < o->n_fault; i++)
		fault_plant(d, o->fault[i]);
	secret_make(d, d->opaque);
	secret_make(d, d->cookie);
	if (arena_check(&d->own, err)) {
		device_free(d);
		return NULL;
	}
	return d;
}

void device_free(struct device *d)
{
	if (!d)
		return;
	arena_free(&d->own);
	mem_free(d);
}

int64_t device_clock_ms(const struct device *d)
{
	return world_wall_ms(d->world) + d->clock_offset_ms;
}

int64_t device_delay_ms(const struct device *d)
{
	return d->delay_ms;
}

const char *device_path(const struct device *d)
{
	return d->persona->soap ? "/onvif/device_service" : "/";
}

/* --- routes --- */

static bool method_is(const struct call *c, const char *name)
{
	return str_eq(c->in->method, str(name));
}

static void judge_and_respond(struct call *c)
{
	decide(c);
	respond(c);
}

static void read_envelope(struct call *c)
{
	const struct soap_operation *op;
	bool unread;

	if (quirk_soap_expand(c)) {
		respond_text(c, 500, STR("no memory\n"));
		return;
	}
	if (c->d->on[XML_DEEP_500] && quirk_soap_depth(c->in->body) > 64) {
		respond_text(c, 500, STR("stack overflow\n"));
		return;
	}
	unread = soap_read(c->a, c->in->body, &c->soap, &c->err);
	if (quirk_soap_envelope(c, !unread))
		return;
	if (unread) {
		if (c->err.code == ERR_PARSE)
			respond_fault(c, 400, "Sender", "WellFormed", STR("Well-formed Error"));
		else
			respond_text(c, c->err.code == ERR_LIMIT ? 413 : 500, STR("too large\n"));
		return;
	}
	if (c->soap.version != 12) {
		respond_fault(c, 500, "VersionMismatch", NULL, STR("SOAP version mismatch"));
		return;
	}
	if (!c->soap.body_name.n) {
		respond_fault(c, 400, "Sender", "Tag", STR("No Tag"));
		return;
	}
	op = soap_operation_find(c->soap.body_name);
	if (op && str_eq(str(op->ns), c->soap.body_ns) &&
	    strcmp(op->name, "GetNothingAtAll") != 0) {
		c->op = op;
		c->access = op->access;
	}
	judge_and_respond(c);
}

static void service(struct call *c)
{
	if (!method_is(c, "POST")) {
		if (quirk_soap_method(c))
			return;
		respond_text(c, method_is(c, "OPTIONS") ? 200 : 405, STR(""));
		respond_header(c, "Allow", STR("POST, OPTIONS"));
		return;
	}
	c->is_soap = true;
	if (quirk_refuses_message(c))
		return;
	c->access = ACCESS_READ_SYSTEM;
	/* Clients that expect a challenge first send an empty body: they are to get it. */
	if (c->in->body.n)
		read_envelope(c);
	else
		judge_and_respond(c);
}

/* A JPEG is fetched with HTTP authentication; a device of tokens alone has no such resource. */
static void snapshot(struct call *c)
{
	if (!device_offers_http(c->d)) {
		respond_text(c, 404, STR("no such resource\n"));
	} else if (!method_is(c, "GET") && !method_is(c, "HEAD")) {
		respond_text(c, 405, STR(""));
		respond_header(c, "Allow", STR("GET, HEAD"));
	} else {
		c->access = ACCESS_READ_MEDIA;
		judge_and_respond(c);
	}
}

static const struct {
	const char *path;
	void (*serve)(struct call *c);
} routes[] = {
	{ "/onvif/device_service", service },
	{ "/onvif/media_service", service },
	{ "/snapshot.jpg", snapshot },
};

/* RFC 6585 5: 431 says that one field is too large. */
static bool header_too_large(const struct call *c)
{
	for (size_t i = 0; c->d->on[HEADER_LIMIT] && i < c->in->fields.n; i++) {
		if (c->in->fields.v[i].value.n > (size_t)c->d->value[HEADER_LIMIT])
			return true;
	}
	return false;
}

static void route(struct call *c)
{
	if (header_too_large(c)) {
		respond_text(c, 431, STR("header field too large\n"));
		return;
	}
	if (!c->d->persona->soap) {
		c->access = ACCESS_READ_SYSTEM;
		judge_and_respond(c);
		return;
	}
	for (size_t i = 0; i < COUNT(routes); i++) {
		if (str_eq(c->path, str(routes[i].path))) {
			routes[i].serve(c);
			return;
		}
	}
	respond_text(c, 404, STR("no such resource\n"));
}

/* The path of a request target in origin or absolute form (RFC 9112 3.2). */
static struct str path_of(struct str target)
{
	const size_t at = str_find(target, STR("://"));

	if (str_istarts(target, STR("http")) && at != (size_t)-1) {
		size_t slash;

		target = str_sub(target, at + 3, target.n);
		slash = str_chr(target, '/');
		target = slash == (size_t)-1 ? STR("/") : str_sub(target, slash, target.n);
	}
	return str_cut(&target, '?');
}

/* IMF-fixdate, RFC 9110 5.6.7, by the device's own clock. */
static struct str date_text(struct call *c)
{
	static const char days[] = "ThuFriSatSunMonTueWed"; /* 1970-01-01 was a Thursday */
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	int64_t now_ms = device_clock_ms(c->d);
	struct str t = datetime_format(c->a, now_ms, 0);
	int64_t day = now_ms >= 0 ? now_ms / 86400000 % 7 : 0;
	uint64_t month = 1;

	if (t.n < 20 || str_to_u64(str_sub(t, 5, 2), 12, &month) || month < 1)
		return STR("Thu, 01 Jan 1970 00:00:00 GMT");
	return arena_fmt(c->a, "%.3s, %.2s %.3s %.4s %.8s GMT", days + 3 * day, t.p + 8,
			 months + 3 * (month - 1), t.p, t.p + 11);
}

/* Memory is short, or a writer of ours failed: an answer that needs none. */
static void last_resort(struct http_response *out)
{
	*out = (struct http_response){ .status = 500 };
}

enum device_answer device_handle(struct device *d, struct arena *a, uint64_t connection,
				 const struct http_request *in, struct http_response *out)
{
	struct call c = { .d = d, .a = a, .connection = connection, .in = in, .out = out };
	enum device_answer answer;
	bool done = false;

	*out = (struct http_response){ 0 };
	c.path = path_of(in->target);
	d->delay_ms = 0;
	answer = environment_enter(&c, &done);
	if (answer != DEVICE_ANSWERED)
		return answer;
	quirk_open_path(&c);
	if (!done)
		route(&c);
	quirk_answer(&c);
	if (c.closes)
		return DEVICE_CLOSES;
	if (method_is(&c, "HEAD"))
		out->body = STR("");
	respond_header(&c, "Date", date_text(&c));
	if (!arena_ok(a))
		last_resort(out);
	return DEVICE_ANSWERED;
}

/* The harness as the server of a client under test: one vector, one port. */
#include "cli/vectors_net.h"

#include "base/mem.h"
#include "device/device.h"
#include "soap/soap.h"

#define KEEP_MAX (8u << 20) /* octets of what a client sent */
#define NO_STR   ((struct str){ NULL, 0 })

/* The first answer to the challenge counts: what comes after it may be a retry with something else.
 */
struct net_server {
	struct arena keep;
	const struct vector *v;
	const struct role *role;
	struct device_server *http;
	bool challenged, answered;
	size_t requests;
	struct str method, target, authorization, body;
	size_t n_authorization;
};

/* How the vectors of one operation are served. */
struct role {
	const char *op;
	struct str (*unfit)(struct arena *a, const struct vector *v);
	bool (*is_answer)(struct net_server *s, struct arena *a, const struct http_request *in);
	void (*challenge)(struct net_server *s, struct arena *a, struct http_response *out);
	void (*take)(struct net_server *s, struct arena *a, struct answer *out);
};

/* --- Basic and Digest --- */

static bool breaks_field(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] == '\r' || value.p[i] == '\n' || value.p[i] == '\0')
			return true;
	return false;
}

static struct str unfit_digest(struct arena *a, const struct vector *v)
{
	struct str *field;
	size_t n = vector_inputs(a, v, "www_authenticate", &field);

	if (str_eq(vector_input(a, v, "method"), STR("CONNECT")))
		return STR("a CONNECT is not served: what follows it is no HTTP");
	for (size_t i = 0; i < n; i++)
		if (breaks_field(field[i]))
			return STR("a challenge with octets that no field can hold");
	return NO_STR;
}

static struct str unfit_nowhere(struct arena *a, const struct vector *v)
{
	(void)a, (void)v;
	return NO_STR;
}

/* Basic may be sent unasked; an answer to a challenge cannot come before it. */
static bool has_authorization(struct net_server *s, struct arena *a, const struct http_request *in)
{
	(void)a;
	return http_count(&in->fields, "Authorization") > 0 &&
	       (s->challenged || str_istarts(http_get(&in->fields, "Authorization"), STR("Basic")));
}

static void challenge_digest(struct net_server *s, struct arena *a, struct http_response *out)
{
	struct str *field;
	size_t n = vector_inputs(a, s->v, "www_authenticate", &field);

	out->status = 401;
	for (size_t i = 0; i < n; i++)
		http_add(a, &out->fields, STR("WWW-Authenticate"), field[i]);
}

static void challenge_basic(struct net_server *s, struct arena *a, struct http_response *out)
{
	(void)s;
	out->status = 401;
	http_add(a, &out->fields, STR("WWW-Authenticate"),
		 STR("Basic realm=\"r\", charset=\"UTF-8\""));
}

static void take_field(struct net_server *s, struct arena *a, struct answer *out)
{
	out->authorization = arena_str(a, s->authorization);
	out->own = OWN_CNONCE | OWN_NC;
	if (s->n_authorization > 1) {
		out->kind = ANSWER_REFUSED;
		out->why = arena_fmt(a, "sent %zu fields Authorization", s->n_authorization);
	}
}

/* A body counts where it is hashed. */
static bool other_body(struct net_server *s, struct arena *a)
{
	const struct auth_param *qop;
	struct challenge c;
	struct err err;

	if (credentials_parse(a, s->authorization, &c, &err))
		return false;
	qop = challenge_param(&c, "qop");
	return qop && str_ieq(qop->value, STR("auth-int")) &&
	       !str_eq(s->body, vector_input(a, s->v, "body"));
}

static void take_digest(struct net_server *s, struct arena *a, struct answer *out)
{
	struct str why = { NULL, 0 };

	take_field(s, a, out);
	if (!str_eq(s->method, vector_input(a, s->v, "method")) ||
	    !str_eq(s->target, vector_input(a, s->v, "uri")))
		why = arena_fmt(a, "asks for %.*s %.*s", STR_ARG(s->method), STR_ARG(s->target));
	else if (other_body(s, a))
		why = arena_fmt(a, "sends a body of %zu octets", s->body.n);
	if (!why.p || out->kind != ANSWER_GIVEN)
		return;
	out->kind = ANSWER_UNSUPPORTED;
	out->why = why;
}

/* --- UsernameToken --- */

static bool has_token(struct net_server *s, struct arena *a, const struct http_request *in)
{
	struct soap_message m;
	struct err err;

	(void)s;
	return soap_read(a, in->body, &m, &err) == 0 && m.n_token > 0;
}

static void challenge_token(struct net_server *s, struct arena *a, struct http_response *out)
{
	(void)s;
	out->status = 400;
	http_add(a, &out->fields, STR("Content-Type"), STR("application/soap+xml; charset=utf-8"));
	out->body = soap_fault_envelope(a, "Sender", "NotAuthorized",
					STR("a UsernameToken is expected"));
}

/* The children as they stand in the envelope, white space at the ends included. */
static void take_token(struct net_server *s, struct arena *a, struct answer *out)
{
	struct soap_message m;
	struct err err;

	if (soap_read(a, s->body, &m, &err)) {
		out->kind = ANSWER_REFUSED;
		out->why = str(arena_str(a, str(err.text)).p);
		return;
	}
	out->own = OWN_NONCE | OWN_CREATED;
	out->username = m.token.username;
	out->password = m.token.password;
	out->type = m.token.password_type;
	out->nonce = m.token.nonce;
	out->created = m.token.created;
}

static const struct role roles[] = {
	{ "basic.encode", unfit_nowhere, has_authorization, challenge_basic, take_field },
	{ "digest.respond", unfit_digest, has_authorization, challenge_digest, take_digest },
	{ "usernametoken.create", unfit_nowhere, has_token, challenge_token, take_token },
	{ .op = NULL },
};

static const struct role *role_of(const struct vector_op *op)
{
	const struct role *r = roles;

	while (r->op && !str_eq(str(r->op), str(op->name)))
		r++;
	return r->op ? r : NULL;
}

bool net_is_client(const struct vector_op *op)
{
	return role_of(op) != NULL;
}

struct str net_unfit(struct arena *a, const struct vector *v)
{
	return role_of(v->op)->unfit(a, v);
}

/* --- the server --- */

static void keep_request(struct net_server *s, const struct http_request *in)
{
	s->answered = true;
	s->method = arena_str(&s->keep, in->method);
	s->target = arena_str(&s->keep, in->target);
	s->body = arena_str(&s->keep, in->body);
	s->n_authorization = http_count(&in->fields, "Authorization");
	s->authorization = arena_str(&s->keep, http_get(&in->fields, "Authorization"));
}

static enum device_answer handle(void *ctx, struct arena *a, uint64_t connection,
				 const struct http_request *in, struct http_response *out)
{
	struct net_server *s = ctx;

	(void)connection;
	*out = (struct http_response){ .status = 200 };
	s->requests++;
	if (!s->role->is_answer(s, a, in)) {
		s->role->challenge(s, a, out);
		s->challenged = true;
	} else {
		if (!s->answered)
			keep_request(s, in);
		if (s->role->challenge == challenge_token)
			out->body = soap_response_envelope(a, STR(""));
	}
	return arena_ok(a) ? DEVICE_ANSWERED : DEVICE_CLOSES;
}

struct net_server *net_serve(struct arena *a, const struct vector *v, struct str *url,
			     struct err *err)
{
	struct net_server *s = mem_alloc(sizeof(*s));
	struct str origin, uri = vector_input(a, v, "uri");

	if (!s) {
		err_set(err, ERR_NOMEM, "no memory for a server");
		return NULL;
	}
	s->v = v;
	s->role = role_of(v->op);
	arena_init(&s->keep, KEEP_MAX);
	s->http = device_server_for(handle, s, STR("127.0.0.1:0"), a, &origin, err);
	if (!s->http) {
		mem_free(s);
		return NULL;
	}
	/* What is no path cannot stand in a URL; who can ask for it takes it from uri. */
	*url = arena_concat(a, origin, str_starts(uri, STR("/")) ? uri : STR("/"));
	return s;
}

static void take(struct net_server *s, struct arena *a, struct answer *out)
{
	*out = (struct answer){ .kind = ANSWER_GIVEN };
	if (!arena_ok(&s->keep)) {
		out->kind = ANSWER_REFUSED;
		out->why = STR("sent more than can be kept");
	} else if (s->answered) {
		s->role->take(s, a, out);
	} else {
		out->kind = ANSWER_REFUSED;
		out->why = s->requests ? STR("asked, and sent no credentials")
				       : STR("asked for nothing");
	}
}

size_t net_take(struct net_server *s, struct arena *a, struct answer *out)
{
	size_t requests;

	if (!s)
		return 0;
	device_server_stop(s->http); /* joins its thread: what it wrote is ours now */
	take(s, a, out);
	requests = s->requests;
	arena_free(&s->keep);
	mem_free(s);
	return requests;
}

/* The harness as the client of a server under test, whose nonces are its own. */
#include "cli/vectors_net.h"

#include "auth/digest.h"
#include "auth/verify.h"
#include "base/buf.h"
#include "wire/wire.h"

#define FIELDS_MAX 16
#define VALUE_MAX  (64u << 10)
#define NO_STR     ((struct str){ NULL, 0 })

/* --- an answer for another nonce: RFC 7616 3.4 --- */

struct renewal {
	struct arena *a;
	const struct vector *v;
	const struct digest_challenge *to;
	struct challenge said;
	struct digest_inputs in; /* of the first account that the response is right for */
	char old[HASH_HEX_MAX], fresh[HASH_HEX_MAX];
	struct err *err;
};

static struct str said(const struct renewal *r, const char *name)
{
	const struct auth_param *p = challenge_param(&r->said, name);

	return p ? p->value : NO_STR;
}

/* Where a value has the right response, or the beginning of it: value[at..at+n). */
static bool has_response(struct str value, struct str right, size_t *at, size_t *n)
{
	*n = right.n;
	*at = str_ifind(value, right);
	if (*at != (size_t)-1)
		return true;
	*at = 0;
	*n = value.n;
	return value.n > 0 && str_ieq(value, str_sub(right, 0, value.n));
}

/* Absent, empty or zeros: wrong for any nonce in the same way. */
static bool is_constant(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] != '0')
			return false;
	return true;
}

/* What was hashed, if the response comes from what the answer says itself. */
static int find_account(struct renewal *r, bool *found)
{
	struct digest_inputs in = { .method = vector_input(r->a, r->v, "method"),
				    .body = vector_input(r->a, r->v, "body"),
				    .uri = said(r, "uri"),
				    .realm = said(r, "realm"),
				    .nonce = said(r, "nonce"),
				    .nc = said(r, "nc"),
				    .cnonce = said(r, "cnonce"),
				    .qop_text = said(r, "qop") };
	struct str response = said(r, "response");
	struct account *account;
	size_t n = vector_accounts(r->a, r->v, &account), at, length;

	*found = false;
	/* An unknown algorithm is hashed as what was offered. */
	if (digest_algorithm_parse(said(r, "algorithm"), &in.alg, &in.session)) {
		in.alg = r->to->alg;
		in.session = r->to->session;
	}
	if (in.qop_text.p)
		in.qop = str_eq(in.qop_text, STR("auth-int")) ? DIGEST_QOP_AUTH_INT
							      : DIGEST_QOP_AUTH;
	for (size_t i = 0; i < n && !*found; i++) {
		in.user = account[i].user;
		in.password = account[i].password;
		if (digest_response(&in, r->old, r->err))
			return -1;
		*found = has_response(response, str(r->old), &at, &length) || is_constant(response);
	}
	r->in = in;
	return 0;
}

/* The response as it was written: in capitals, cut or with more around it, where it was. */
static bool put_response(struct renewal *r, struct buf *out, struct str value)
{
	size_t at, n;
	bool capitals;

	if (!has_response(value, str(r->old), &at, &n))
		return false;
	capitals = !str_eq(str_sub(value, at, n), str_n(r->old, n));
	buf_str(out, str_sub(value, 0, at));
	for (const char *p = r->fresh; p < r->fresh + n; p++)
		buf_char(out, capitals && *p >= 'a' && *p <= 'f' ? (char)(*p - 'a' + 'A') : *p);
	buf_str(out, str_sub(value, at + n, value.n));
	return true;
}

static void put_quoted(struct buf *out, struct str value)
{
	buf_char(out, '"');
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, value.p[i]);
	}
	buf_char(out, '"');
}

/* One value, in place of the octets it had; the rest of the field stays as it is. */
static bool put_value(struct renewal *r, struct buf *out, const struct auth_param *p)
{
	struct str opaque = vector_input(r->a, r->v, "opaque");
	struct buf response;
	bool put;

	if (str_ieq(p->name, STR("nonce")) && str_eq(p->value, r->in.nonce)) {
		put_quoted(out, r->to->nonce);
	} else if (str_ieq(p->name, STR("opaque")) && r->to->has_opaque &&
		   str_eq(p->value, opaque)) {
		put_quoted(out, r->to->opaque);
	} else if (str_ieq(p->name, STR("response"))) {
		buf_init(&response, VALUE_MAX);
		put = put_response(r, &response, p->value);
		if (put && p->quoted)
			put_quoted(out, buf_view(&response));
		else if (put)
			buf_str(out, buf_view(&response));
		buf_free(&response);
		return put;
	} else {
		return false;
	}
	return true;
}

static int write_renewed(struct renewal *r, struct str field, struct str *text)
{
	struct digest_inputs in = r->in;
	const char *at = field.p;
	struct buf out;
	int bad;

	in.nonce = r->to->nonce;
	if (digest_response(&in, r->fresh, r->err))
		return -1;
	buf_init(&out, VALUE_MAX);
	for (size_t i = 0; i < r->said.n_param; i++) {
		const struct auth_param *p = &r->said.param[i];

		buf_add(&out, at, (size_t)(p->raw.p - at));
		at = p->raw.p;
		if (put_value(r, &out, p))
			at = p->raw.p + p->raw.n;
	}
	buf_add(&out, at, (size_t)(field.p + field.n - at));
	if (r->to->has_opaque && !vector_input(r->a, r->v, "opaque").p && !said(r, "opaque").p) {
		buf_puts(&out, ", opaque=");
		put_quoted(&out, r->to->opaque);
	}
	bad = buf_check(&out, "credentials", r->err);
	*text = bad ? NO_STR : arena_str(r->a, buf_view(&out));
	buf_free(&out);
	return bad;
}

int net_renew(struct arena *a, const struct vector *v, const struct digest_challenge *to,
	      struct str *out, struct err *err)
{
	struct renewal r = { .a = a, .v = v, .to = to, .err = err };
	struct str field = vector_input(a, v, "authorization");
	bool found;

	*out = NO_STR;
	if (credentials_parse(a, field, &r.said, err) || find_account(&r, &found))
		return -1;
	if (!found || !str_eq(r.in.nonce, vector_input(a, v, "nonce")))
		return 0;
	if (write_renewed(&r, field, out))
		return -1;
	return arena_check(a, err);
}

/* --- exchanges --- */

struct dialogue {
	struct arena *a;
	const struct vector *v;
	struct wire *wire;
	struct str target;
	int64_t timeout_ms;
	struct answer *out;
	struct err *err;
};

static int unsupported(struct dialogue *d, struct str why)
{
	d->out->kind = ANSWER_UNSUPPORTED;
	d->out->why = why;
	return 0;
}

/* authorization.p NULL: none. */
static int exchange(struct dialogue *d, struct str authorization, struct http_response *response)
{
	struct str method = vector_input(d->a, d->v, "method");
	struct exchange x = { .a = d->a, .fresh_connection = true }, *done = NULL;

	x.request.method = method.p ? method : STR("GET");
	x.request.target = d->target;
	x.request.body = vector_input(d->a, d->v, "body");
	if (authorization.p)
		http_add(d->a, &x.request.fields, STR("Authorization"), authorization);
	if (d->wire->ops->submit(d->wire, &x, d->err))
		return -1;
	while (!done)
		if (d->wire->ops->next(d->wire, d->timeout_ms, &done, d->err))
			return -1;
	if (x.fate != WIRE_ANSWERED)
		return err_set(d->err, ERR_IO, "the server gave no answer: %s", x.why);
	*response = x.response;
	return 0;
}

/* A server that protects nothing accepts everything. */
static int ask_unasked(struct dialogue *d, struct http_response *response)
{
	if (exchange(d, NO_STR, response))
		return -1;
	if (response->status == 401)
		return 0;
	return err_set(d->err, ERR_INPUT, "the server gives %d where no credentials are sent",
		       response->status);
}

static int decide(struct dialogue *d, struct str authorization)
{
	struct http_response response;

	if (exchange(d, authorization, &response)) {
		if (d->err->code == ERR_INPUT)
			return unsupported(d, STR("octets that no field can hold"));
		return -1;
	}
	d->out->has_valid = true;
	d->out->valid = response.status >= 200 && response.status <= 299;
	return 0;
}

static int ask_basic(struct dialogue *d)
{
	struct http_response response;

	if (ask_unasked(d, &response))
		return -1;
	return decide(d, vector_input(d->a, d->v, "authorization"));
}

/* The challenge of the algorithm that the credentials name, or the first. */
static int choose(struct dialogue *d, const struct http_response *response,
		  struct digest_challenge *out, struct str *raw_realm, bool *same)
{
	struct str field[FIELDS_MAX];
	size_t n = http_all(&response->fields, "WWW-Authenticate", field, FIELDS_MAX);
	const struct auth_param *p;
	struct challenge_list list;
	struct digest_challenge one;
	struct challenge said;
	enum hash_alg alg = HASH_MD5;
	bool session = false, any = false;
	struct err why;

	if (credentials_parse(d->a, vector_input(d->a, d->v, "authorization"), &said, d->err) ||
	    challenge_parse(d->a, field, n < FIELDS_MAX ? n : FIELDS_MAX, &list, d->err))
		return -1;
	p = challenge_param(&said, "algorithm");
	*same = false;
	if (p && digest_algorithm_parse(p->value, &alg, &session))
		alg = HASH_MD5;
	for (size_t i = 0; i < list.n && !*same; i++) {
		if (digest_challenge_read(&list.v[i], &one, &why))
			continue;
		*same = one.alg == alg && one.session == session;
		if (!any || *same) {
			*out = one;
			*raw_realm = challenge_param(&list.v[i], "realm")->raw;
		}
		any = true;
	}
	return any ? 0 : err_set(d->err, ERR_PARSE, "the server sends no Digest challenge");
}

/* What of the server is not as the vector has it; .p NULL: nothing.  A realm that lacks its escapes
 * is still the one that the server was told.
 */
static struct str other_server(struct dialogue *d, const struct digest_challenge *c,
			       struct str raw_realm, bool same)
{
	struct str qop = vector_words(d->a, d->v, "qop");
	struct str realm = vector_input(d->a, d->v, "realm");

	if (!str_eq(c->realm, realm) && str_find(raw_realm, realm) == (size_t)-1)
		return arena_fmt(d->a, "the server's realm is \"%.*s\"", STR_ARG(c->realm));
	if (c->qop_auth != str_has_word(qop, STR("auth")) ||
	    c->qop_auth_int != str_has_word(qop, STR("auth-int")))
		return STR("the server offers other values of qop");
	if (d->v->valid && !same)
		return STR("the server does not offer this algorithm");
	if (!c->has_opaque && vector_input(d->a, d->v, "opaque").p)
		return STR("the server sends no opaque");
	return NO_STR;
}

static int ask_digest(struct dialogue *d)
{
	struct http_response response;
	struct digest_challenge c;
	struct str why, authorization, raw_realm;
	bool same;

	d->target = vector_input(d->a, d->v, "uri");
	if (ask_unasked(d, &response) || choose(d, &response, &c, &raw_realm, &same))
		return -1;
	why = other_server(d, &c, raw_realm, same);
	if (why.p)
		return unsupported(d, why);
	if (net_renew(d->a, d->v, &c, &authorization, d->err))
		return -1;
	if (!authorization.p)
		return unsupported(d,
				   STR("the server's nonce is its own, and these credentials are "
				       "not right for the nonce that they name"));
	return decide(d, authorization);
}

/* When a server forgets a nonce and what time it has cannot be seen from outside. */
static int ask_token(struct dialogue *d)
{
	return unsupported(d, STR("a server's clock and memory of nonces cannot be put in over the "
				  "network"));
}

int net_ask(struct arena *a, const struct vector *v, struct str url, int64_t timeout_ms,
	    const struct world *world, struct answer *out, struct err *err)
{
	static const struct {
		const char *op;
		int (*ask)(struct dialogue *d);
	} rows[] = { { "basic.verify", ask_basic },
		     { "digest.verify", ask_digest },
		     { "usernametoken.verify", ask_token } };
	const struct wire_options o = { .url = url, .timeout_ms = timeout_ms, .connections = 1 };
	struct dialogue d = { .a = a, .v = v, .timeout_ms = timeout_ms, .out = out, .err = err };
	struct url_parts parts;
	int bad = 0;

	*out = (struct answer){ .kind = ANSWER_GIVEN };
	if (url_parse(url, &parts, err))
		return -1;
	d.target = parts.target;
	d.wire = wire_http_new(&o, world, err);
	if (!d.wire)
		return -1;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(str(rows[i].op), str(v->op->name)))
			bad = rows[i].ask(&d);
	d.wire->ops->free(d.wire);
	return bad;
}

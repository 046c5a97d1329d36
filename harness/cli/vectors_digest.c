/* What our own code answers: Digest, as a client and as a server. */
#include "cli/vectors.h"

#include "auth/verify.h"

#define NO_STR ((struct str){ NULL, 0 })

/* --- the client: RFC 7616 3.4 --- */

/* The first challenge that can be answered. */
static int choose(struct arena *a, const struct vector *v, struct digest_challenge *out,
		  bool *found, struct err *err)
{
	struct str *field;
	size_t n = vector_inputs(a, v, "www_authenticate", &field);
	struct challenge_list list;
	struct err why;

	*found = false;
	if (challenge_parse(a, field, n, &list, err))
		return -1;
	for (size_t i = 0; i < list.n && !*found; i++)
		*found = digest_challenge_read(&list.v[i], out, &why) == 0;
	return 0;
}

/* A field under way; there is room for twice the octets of each value. */
struct writer {
	char *p;
	size_t n;
	bool more;
};

static void put(struct writer *w, struct str s)
{
	if (s.n)
		memcpy(w->p + w->n, s.p, s.n);
	w->n += s.n;
}

static void put_name(struct writer *w, const char *name)
{
	put(w, w->more ? STR(", ") : STR("Digest "));
	put(w, str(name));
	put(w, STR("="));
	w->more = true;
}

static void put_token(struct writer *w, const char *name, struct str value)
{
	if (!value.p)
		return;
	put_name(w, name);
	put(w, value);
}

static void put_quoted(struct writer *w, const char *name, struct str value)
{
	if (!value.p)
		return;
	put_name(w, name);
	w->p[w->n++] = '"';
	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '"' || value.p[i] == '\\')
			w->p[w->n++] = '\\';
		w->p[w->n++] = value.p[i];
	}
	w->p[w->n++] = '"';
}

static struct str write_answer(struct arena *a, const struct digest_challenge *c,
			       const struct digest_inputs *in, struct str user, struct str response)
{
	bool qop = in->qop != DIGEST_QOP_NONE;
	size_t room = 2 * (user.n + in->realm.n + in->nonce.n + in->uri.n + in->cnonce.n +
			   c->opaque.n + response.n + c->algorithm.n);
	struct writer w = { .p = arena_alloc(a, room + 256) };

	if (!w.p)
		return STR("");
	put_quoted(&w, "username", user);
	put_quoted(&w, "realm", in->realm);
	put_quoted(&w, "nonce", in->nonce);
	put_quoted(&w, "uri", in->uri);
	put_quoted(&w, "response", response);
	put_token(&w, "algorithm", c->algorithm);
	put_quoted(&w, "opaque", c->opaque);
	put_token(&w, "qop",
		  in->qop == DIGEST_QOP_AUTH ? STR("auth")
		  : qop                      ? STR("auth-int")
					     : NO_STR);
	put_token(&w, "nc", qop ? in->nc : NO_STR);
	put_quoted(&w, "cnonce", qop || in->session ? in->cnonce : NO_STR);
	put_token(&w, "userhash", c->userhash ? STR("true") : NO_STR);
	return str_n(w.p, w.n);
}

int own_digest_respond(struct arena *a, const struct vector *v, struct answer *out, struct err *err)
{
	struct digest_challenge c;
	struct digest_inputs in = { .user = vector_input(a, v, "username"),
				    .password = vector_input(a, v, "password"),
				    .method = vector_input(a, v, "method"),
				    .uri = vector_input(a, v, "uri"),
				    .body = vector_input(a, v, "body"),
				    .cnonce = vector_input(a, v, "cnonce"),
				    .nc = vector_input(a, v, "nc") };
	char hex[HASH_HEX_MAX], hashed_user[HASH_HEX_MAX];
	bool found;

	if (choose(a, v, &c, &found, err))
		return -1;
	if (!found) {
		out->kind = ANSWER_REFUSED;
		out->why = STR("no challenge that can be answered");
		return 0;
	}
	in.alg = c.alg;
	in.session = c.session;
	in.realm = c.realm;
	in.nonce = c.nonce;
	in.qop = c.qop_auth       ? DIGEST_QOP_AUTH
		 : c.qop_auth_int ? DIGEST_QOP_AUTH_INT
				  : DIGEST_QOP_NONE;
	if (digest_response(&in, hex, err) ||
	    (c.userhash && digest_userhash(c.alg, in.user, c.realm, hashed_user, err)))
		return -1;
	out->authorization =
		write_answer(a, &c, &in, c.userhash ? str(hashed_user) : in.user, str(hex));
	return arena_check(a, err);
}

/* --- the server --- */

static int read_algorithms(struct arena *a, const struct vector *v, struct verify_policy *p,
			   struct err *err)
{
	struct str words = vector_words(a, v, "algorithms");

	for (struct str w = str_word(&words); w.n; w = str_word(&words)) {
		enum hash_alg alg;
		bool session;

		if (digest_algorithm_parse(w, &alg, &session))
			return err_set(err, ERR_INPUT, "%.*s: unknown algorithm %.*s",
				       STR_ARG(v->id), STR_ARG(w));
		*(session ? &p->algs_sess : &p->algs) |= 1u << alg;
	}
	return 0;
}

int own_digest_verify(struct arena *a, const struct vector *v, struct answer *out, struct err *err)
{
	struct http_request r = { .method = vector_input(a, v, "method"),
				  .target = vector_input(a, v, "uri"),
				  .body = vector_input(a, v, "body") };
	struct str qop = vector_words(a, v, "qop");
	struct verify_policy p = { .offer_digest = true,
				   .realm = vector_input(a, v, "realm"),
				   .opaque = vector_input(a, v, "opaque"),
				   .qop_auth = str_has_word(qop, STR("auth")),
				   .qop_auth_int = str_has_word(qop, STR("auth-int")) };
	struct verify_result result;
	struct account *account;
	char hex[HASH_HEX_MAX];

	p.n_account = vector_accounts(a, v, &account);
	p.account = account;
	http_add(a, &r.fields, STR("Authorization"), vector_input(a, v, "authorization"));
	if (read_algorithms(a, v, &p, err) || verify_http(a, &p, &r, &result, err))
		return -1;
	out->has_valid = true;
	out->valid =
		!defects_any(&result.defects) && str_eq(result.nonce, vector_input(a, v, "nonce"));
	if (!out->valid || !vector_expected(v))
		return 0;
	if (digest_rspauth(&result.inputs, hex, err))
		return -1;
	out->rspauth = arena_str(a, str(hex));
	return arena_check(a, err);
}

/* What an answer to a challenge differs in: the rules of vectors/README.md. */
#include "cli/vectors.h"

#include "auth/digest.h"
#include "cli/vectors_json.h"

#define NO_STR ((struct str){ NULL, 0 })

/* One Authorization value in comparison. */
struct comparison {
	struct arena *a;
	const struct vector *v;
	const struct answer *got;
	const struct jv *set; /* expected parameters */
	struct challenge c;
	struct err *err;
};

static struct str sent(const struct comparison *k, const char *name)
{
	const struct auth_param *p = challenge_param(&k->c, name);

	return p ? p->value : NO_STR;
}

static struct str want(const struct comparison *k, const char *name)
{
	return vector_member(k->a, k->set, name);
}

/* --- names --- */

/* An ext-value (RFC 8187 3.2.1), or .p NULL. */
static struct str ext_value(struct arena *a, struct str text)
{
	struct str charset = str_cut(&text, '\'');
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	if (!p || !str_ieq(charset, STR("UTF-8")) || str_chr(text, '\'') == (size_t)-1)
		return NO_STR;
	str_cut(&text, '\'');
	for (size_t i = 0; i < text.n; i++) {
		int high = i + 2 < text.n && text.p[i] == '%' ? char_hex(text.p[i + 1]) : -1;
		int low = high >= 0 ? char_hex(text.p[i + 2]) : -1;

		p[n] = text.p[i];
		if (low >= 0) {
			p[n] = (char)(high << 4 | low);
			i += 2;
		}
		n++;
	}
	return str_n(p, n);
}

/* The hashed name where it is asked for, or the plain one: to support userhash is optional. */
static struct str differs_name(const struct comparison *k)
{
	struct str name = sent(k, "username"), expected = want(k, "username");
	bool hashed = str_ieq(sent(k, "userhash"), STR("true"));

	if (!name.p && sent(k, "username*").p)
		name = ext_value(k->a, sent(k, "username*"));
	if (want(k, "userhash").p && !hashed)
		expected = vector_input(k->a, k->v, "username");
	else if (!want(k, "userhash").p && hashed)
		return STR("userhash=true, which was not asked for");
	return str_eq(name, expected) ? NO_STR : differs_text(k->a, "username", name, expected);
}

/* --- the response --- */

/* What is right for the cnonce and nc that the code under test drew itself. */
static int own_response(const struct comparison *k, char hex[static HASH_HEX_MAX])
{
	struct digest_inputs in = { .user = vector_input(k->a, k->v, "username"),
				    .password = vector_input(k->a, k->v, "password"),
				    .method = vector_input(k->a, k->v, "method"),
				    .body = vector_input(k->a, k->v, "body"),
				    .uri = want(k, "uri"),
				    .realm = want(k, "realm"),
				    .nonce = want(k, "nonce"),
				    .nc = sent(k, "nc"),
				    .cnonce = sent(k, "cnonce") };
	struct str qop = want(k, "qop");

	if (digest_algorithm_parse(want(k, "algorithm"), &in.alg, &in.session))
		return err_set(k->err, ERR_INPUT, "%.*s: unknown algorithm", STR_ARG(k->v->id));
	if (qop.p)
		in.qop = str_eq(qop, STR("auth")) ? DIGEST_QOP_AUTH : DIGEST_QOP_AUTH_INT;
	return digest_response(&in, hex, k->err);
}

static int differs_response(const struct comparison *k, struct str *what)
{
	struct str expected = want(k, "response"), response = sent(k, "response");
	char hex[HASH_HEX_MAX];

	if (k->v->valid && k->got->own & (OWN_CNONCE | OWN_NC)) {
		if (own_response(k, hex))
			return -1;
		expected = arena_str(k->a, str(hex));
	}
	if (!str_eq(response, expected))
		*what = differs_text(k->a, "response", response, expected);
	return 0;
}

/* --- the rest --- */

/* RFC 7616 3.3: absent means MD5. */
static struct str differs_algorithm(const struct comparison *k)
{
	struct str got = sent(k, "algorithm"), expected = want(k, "algorithm");
	enum hash_alg x, y;
	bool x_session, y_session;

	if (digest_algorithm_parse(got, &x, &x_session) == 0 &&
	    digest_algorithm_parse(expected, &y, &y_session) == 0 && x == y &&
	    x_session == y_session)
		return NO_STR;
	return differs_text(k->a, "algorithm", got, expected);
}

static struct str differs_rest(const struct comparison *k)
{
	static const struct {
		const char *name;
		unsigned own;
	} exact[] = { { "realm", 0 },          { "nonce", 0 }, { "uri", 0 },
		      { "opaque", 0 },         { "qop", 0 },   { "nc", OWN_NC },
		      { "cnonce", OWN_CNONCE } };
	struct str got, expected;

	for (size_t i = 0; i < COUNT(exact); i++) {
		expected = want(k, exact[i].name);
		got = sent(k, exact[i].name);
		if (!expected.p || (k->got->own & exact[i].own && got.n))
			continue;
		if (!str_eq(got, expected))
			return differs_text(k->a, exact[i].name, got, expected);
	}
	if (k->v->valid && !want(k, "qop").p && sent(k, "qop").p)
		return STR("a qop is sent, and none was offered");
	return NO_STR;
}

/* An invalid one lists only what must not come together. */
static int differs_set(const struct comparison *k, struct str *what)
{
	*what = differs_rest(k);
	if (!what->p && (k->v->valid || want(k, "algorithm").p))
		*what = differs_algorithm(k);
	if (!what->p && want(k, "username").p)
		*what = differs_name(k);
	if (!what->p && want(k, "response").p)
		return differs_response(k, what);
	return 0;
}

/* RFC 7616 3.4: which parameters are generated as quoted-string, and which are not. */
static struct str differs_form(const struct comparison *k, const struct jv *names, bool quoted)
{
	for (const struct jv *name = jv_first(names); name; name = name->next) {
		const char *text = arena_str(k->a, jv_text(name)).p;
		const struct auth_param *p = challenge_param(&k->c, text);

		if (p && p->quoted != quoted)
			return arena_fmt(k->a, "%s is sent %s quotes", text,
					 quoted ? "without" : "in");
	}
	return NO_STR;
}

static struct str differs_grammar(const struct comparison *k)
{
	if (!challenge_is(&k->c, "Digest"))
		return STR("no Digest credentials");
	if (k->c.problems & CHALLENGE_DUPLICATE)
		return STR("a parameter is sent twice");
	if (k->c.problems)
		return STR("the credentials break the grammar of RFC 9110 11.4");
	return NO_STR;
}

int differs_digest(struct arena *a, const struct vector *v, const struct answer *got,
		   struct str *what, struct err *err)
{
	const struct jv *expected = vector_expected(v);
	struct comparison k = { .a = a, .v = v, .got = got, .err = err };
	struct str other = STR("x");

	if (credentials_parse(a, got->authorization, &k.c, err))
		return -1;
	*what = differs_grammar(&k);
	if (!what->p)
		*what = differs_form(&k, jv_get(expected, "quoted"), true);
	if (!what->p)
		*what = differs_form(&k, jv_get(expected, "token"), false);
	k.set = jv_get(expected, "params");
	if (what->p || !k.set)
		return arena_check(a, err);
	if (differs_set(&k, what))
		return -1;
	k.set = jv_first(jv_get(expected, "or"));
	for (; k.set && what->p && other.p; k.set = k.set->next)
		if (differs_set(&k, &other))
			return -1;
	if (!other.p)
		*what = NO_STR;
	return arena_check(a, err);
}

/* quirk_token.c - faulty readers of UsernameTokens. */
#include "device/internal.h"

/* --- tokens that are not for the device --- */

bool quirk_token_elsewhere(struct call *c, struct username_token *t)
{
	const struct device *d = c->d;
	const struct soap_message *m = &c->soap;
	struct str rest = c->in->body;
	bool comment = d->on[TOKEN_IN_COMMENT] && str_find(rest, STR("<!--")) != (size_t)-1;

	if ((d->on[TOKEN_IN_BODY] && m->token_in_body) ||
	    (d->on[TOKEN_ANY_NAMESPACE] && m->security_foreign) ||
	    (d->on[TOKEN_ANY_ACTOR] && m->security_elsewhere) || comment)
		return naive_token(c->a, &rest, t);
	return false;
}

struct username_token quirk_token_read(struct call *c)
{
	struct username_token t = c->soap.token, naive;
	struct str rest = c->in->body;

	if (c->d->on[TOKEN_COMMENT_ENDS] && str_find(rest, STR("<!--")) != (size_t)-1 &&
	    naive_token(c->a, &rest, &naive))
		t = naive;
	if (c->d->on[TOKEN_TYPE_SUFFIX] && str_ends(t.password_type, STR("PasswordDigest")))
		t.password_type = str(UT_TYPE_DIGEST);
	return t;
}

/* --- right tokens that are refused --- */

struct glance {
	struct call *c;
	const struct username_token *t;
	const struct token_result *v;
};

static bool body_has(const struct glance *g, const char *text)
{
	return str_find(g->c->in->body, str(text)) != (size_t)-1;
}

static bool has_fraction(const struct glance *g)
{
	return str_chr(g->t->created, '.') != (size_t)-1;
}

static bool has_offset(const struct glance *g)
{
	struct str text = str_trim(g->t->created);

	return text.n > 0 && text.p[text.n - 1] != 'Z';
}

static bool nonce_long(const struct glance *g)
{
	return g->v->nonce_octets.n > (size_t)g->c->d->value[TOKEN_NONCE_LIMIT];
}

/* strlen() over the nonce: the digest is another one. */
static bool nonce_nul(const struct glance *g)
{
	return str_chr(g->v->nonce_octets, '\0') != (size_t)-1;
}

static bool other_prefix(const struct glance *g)
{
	return !body_has(g, "<wsse:UsernameToken");
}

/* Only Username, Password, Nonce, Created in this order. */
static bool other_order(const struct glance *g)
{
	static const char *const names[] = { "Password", "Nonce", "Created" };
	struct str body = g->c->in->body;
	size_t at = str_find(body, STR("UsernameToken"));

	for (size_t i = 0; at != (size_t)-1 && i < COUNT(names); i++) {
		struct str rest = str_sub(body, at, body.n);
		size_t next = str_find(rest, arena_fmt(g->c->a, "</%s>", names[i]));

		if (next == (size_t)-1)
			next = str_find(rest, arena_fmt(g->c->a, ":%s>", names[i]));
		at = next == (size_t)-1 ? next : at + next;
	}
	return at == (size_t)-1;
}

static bool cdata(const struct glance *g)
{
	return body_has(g, "<![CDATA[");
}

static bool reference(const struct glance *g)
{
	return body_has(g, "&#");
}

static bool spaced(struct str s)
{
	return str_trim(s).n != s.n;
}

static bool space(const struct glance *g)
{
	return spaced(g->t->nonce) || spaced(g->t->created) || spaced(g->t->password);
}

static bool unknown_child(const struct glance *g)
{
	const struct str known = STR("Username Password Nonce Created");
	const struct soap_message *m = &g->c->soap;

	for (size_t i = 0; i < m->n_leaf; i++) {
		if (str_eq(m->leaf[i].parent, STR("UsernameToken")) &&
		    !str_has_word(known, m->leaf[i].name))
			return true;
	}
	return false;
}

static bool no_encoding(const struct glance *g)
{
	return !g->t->nonce_encoding.p;
}

static bool single_quotes(const struct glance *g)
{
	return body_has(g, "Type='");
}

static bool timestamp(const struct glance *g)
{
	return body_has(g, "Timestamp");
}

static const struct {
	enum behaviour behaviour;
	bool (*refuses)(const struct glance *g);
} refusals[] = {
	{ TOKEN_FRACTION_REFUSED, has_fraction }, { TOKEN_OFFSET_REFUSED, has_offset },
	{ TOKEN_NONCE_LIMIT, nonce_long },        { TOKEN_NONCE_NUL, nonce_nul },
	{ TOKEN_PREFIX, other_prefix },           { TOKEN_ORDER_REFUSED, other_order },
	{ TOKEN_CDATA_REFUSED, cdata },           { TOKEN_REFERENCE_REFUSED, reference },
	{ TOKEN_SPACE_REFUSED, space },           { TOKEN_UNKNOWN_CHILD_REFUSED, unknown_child },
	{ TOKEN_ENCODING_REQUIRED, no_encoding }, { TOKEN_QUOTES_REFUSED, single_quotes },
	{ TOKEN_TIMESTAMP_REFUSED, timestamp },
};

bool quirk_token_refuses(struct call *c, const struct username_token *t,
			 const struct token_result *v)
{
	struct glance g = { .c = c, .t = t, .v = v };

	for (size_t i = 0; i < COUNT(refusals); i++) {
		if (c->d->on[refusals[i].behaviour] && refusals[i].refuses(&g))
			return true;
	}
	return false;
}

/* quirk_token.c - faulty readers of UsernameTokens. */
#include "device/internal.h"

/* --- tokens that are not for the device --- */

bool quirk_token_elsewhere(struct call *c, struct username_token *t)
{
	const struct device *d = c->d;
	const struct soap_message *m = &c->soap;
	struct str rest = c->in->body;
	bool comment = d->on[TOKEN_IN_COMMENT] && str_find(rest, STR("<!--")) != (size_t)-1;

	if (d->on[TOKEN_WRAPPED] && !m->token_in_body && !m->security_foreign &&
	    !m->security_elsewhere && str_find(rest, STR("<!--")) == (size_t)-1)
		return naive_token(c->a, &rest, t);
	if ((d->on[TOKEN_IN_BODY] && m->token_in_body) ||
	    (d->on[TOKEN_ANY_NAMESPACE] && m->security_foreign) ||
	    (d->on[TOKEN_ANY_ACTOR] && m->security_elsewhere) || comment)
		return naive_token(c->a, &rest, t);
	return false;
}

/* --- tokens that are read otherwise --- */

/* The last child of the UsernameToken with that name, whatever its namespace; NULL: none. */
static const struct soap_leaf *last_child(const struct call *c, const char *name)
{
	const struct soap_message *m = &c->soap;

	for (size_t i = m->n_leaf; i-- > 0;) {
		if (str_eq(m->leaf[i].name, str(name)) &&
		    str_eq(m->leaf[i].parent, STR("UsernameToken")))
			return &m->leaf[i];
	}
	return NULL;
}

/* Children by local name: the last of each, or those that have another namespace. */
static void read_children(const struct call *c, struct username_token *t, bool last)
{
	struct {
		const char *name;
		struct str *text;
		int *count;
	} child[] = {
		{ "Username", &t->username, &t->n_username },
		{ "Password", &t->password, &t->n_password },
		{ "Nonce", &t->nonce, &t->n_nonce },
		{ "Created", &t->created, &t->n_created },
	};

	for (size_t i = 0; i < COUNT(child); i++) {
		const struct soap_leaf *l = last_child(c, child[i].name);

		if (!l || (!last && *child[i].count))
			continue;
		*child[i].text = l->text;
		*child[i].count = 1;
		if (!last && i == 1)
			t->password_type = str(UT_TYPE_DIGEST);
	}
	t->wsu_created |= !last;
}

/* The innermost of tokens within tokens. */
static bool nested_token(struct call *c, struct username_token *t)
{
	const struct str tag = STR("UsernameToken>");
	struct str rest = c->in->body, last = { 0 };
	size_t n = 0;

	for (size_t at; (at = str_find(rest, tag)) != (size_t)-1;
	     rest = str_sub(rest, at + tag.n, rest.n)) {
		size_t open = at;

		while (open > 0 && rest.p[open] != '<')
			open--;
		if (rest.p[open] == '<' && rest.p[open + 1] != '/') {
			last = str_sub(rest, open, rest.n);
			n++;
		}
	}
	return n > 1 && naive_token(c->a, &last, t);
}

static bool first_text(struct call *c, struct username_token *t)
{
	struct str rest = c->in->body;
	bool split = str_find(rest, STR("<![CDATA[")) != (size_t)-1 ||
		     str_find(rest, STR("<x xmlns")) != (size_t)-1;

	return split && naive_token(c->a, &rest, t);
}

struct username_token quirk_token_read(struct call *c)
{
	struct username_token t = c->soap.token, naive;
	struct str rest = c->in->body;

	if (c->d->on[TOKEN_DUPLICATE_LAST])
		read_children(c, &t, true);
	if (c->d->on[TOKEN_CHILD_ANY_NAMESPACE])
		read_children(c, &t, false);
	if (c->d->on[TOKEN_NESTED] && nested_token(c, &naive))
		t = naive;
	if (c->d->on[TOKEN_FIRST_TEXT] && first_text(c, &naive))
		t = naive;

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

static bool fraction_long(const struct glance *g)
{
	struct str rest = g->t->created;
	size_t digits = 0;

	str_cut(&rest, '.');
	while (digits < rest.n && char_is_digit(rest.p[digits]))
		digits++;
	return digits > (size_t)g->c->d->value[TOKEN_FRACTION_LIMIT];
}

/* A decoder of forms: "+" is a space to it. */
static bool plus(const struct glance *g)
{
	return str_find(g->t->nonce, STR("++")) != (size_t)-1;
}

static bool role(const struct glance *g)
{
	return body_has(g, "s:role=");
}

static bool others(const struct glance *g)
{
	return g->c->soap.security_elsewhere;
}

static bool beside(const struct glance *g)
{
	const struct soap_message *m = &g->c->soap;

	for (size_t i = 0; i < m->n_leaf; i++) {
		if (str_eq(m->leaf[i].parent, STR("Header")))
			return true;
	}
	return false;
}

static bool deep(const struct glance *g)
{
	return quirk_soap_depth(g->c->in->body) > (size_t)g->c->d->value[TOKEN_DEPTH_LIMIT];
}

static bool large(const struct glance *g)
{
	return g->c->in->body.n > (size_t)g->c->d->value[TOKEN_SIZE_LIMIT];
}

/* A text of more than one piece. */
static bool pieces(const struct glance *g)
{
	return body_has(g, "<!--") || cdata(g) || reference(g);
}

static const struct {
	enum behaviour behaviour;
	bool (*refuses)(const struct glance *g);
} refusals[] = {
	{ TOKEN_FRACTION_REFUSED, has_fraction },
	{ TOKEN_OFFSET_REFUSED, has_offset },
	{ TOKEN_NONCE_LIMIT, nonce_long },
	{ TOKEN_NONCE_NUL, nonce_nul },
	{ TOKEN_PREFIX, other_prefix },
	{ TOKEN_ORDER_REFUSED, other_order },
	{ TOKEN_CDATA_REFUSED, cdata },
	{ TOKEN_REFERENCE_REFUSED, reference },
	{ TOKEN_SPACE_REFUSED, space },
	{ TOKEN_UNKNOWN_CHILD_REFUSED, unknown_child },
	{ TOKEN_ENCODING_REQUIRED, no_encoding },
	{ TOKEN_QUOTES_REFUSED, single_quotes },
	{ TOKEN_TIMESTAMP_REFUSED, timestamp },
	{ TOKEN_FRACTION_LIMIT, fraction_long },
	{ TOKEN_PLUS_REFUSED, plus },
	{ TOKEN_ROLE_REFUSED, role },
	{ TOKEN_OTHERS_REFUSED, others },
	{ TOKEN_BESIDE_REFUSED, beside },
	{ TOKEN_DEPTH_LIMIT, deep },
	{ TOKEN_SIZE_LIMIT, large },
	{ TOKEN_SPLIT_REFUSED, pieces },
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

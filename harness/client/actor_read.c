/* actor_read.c - what an answer offers, as the scripted client reads it: with auth/challenge.h, and
 * where a fault of reading is planted, with what that makes of it.
 */
#include "client/actor_parts.h"

#define FIELDS_MAX 64
#define CUT_AT     1024

/* --- what is planted in the reading of one challenge; false: it is unread --- */

static bool is_quoted(struct str s)
{
	return s.n >= 2 && s.p[0] == '"' && s.p[s.n - 1] == '"';
}

static struct str between_quotes(struct str s)
{
	return is_quoted(s) ? str_sub(s, 1, s.n - 2) : s;
}

/* "name=value" with whatever quotes are at the ends. */
static void take_piece(struct challenge *c, struct str piece)
{
	struct str name = str_cut(&piece, '='), value = str_trim(piece);
	bool quoted = str_starts(value, STR("\""));
	struct str raw = value;

	if (value.n && value.p[value.n - 1] == ',')
		value.n--;
	if (quoted)
		value = str_sub(value, 1, value.n);
	if (value.n && value.p[value.n - 1] == '"')
		value.n--;
	c->param[c->n_param++] = (struct auth_param){ str_trim(name), value, raw, quoted };
}

/* Cuts the text at each separator, in quoted strings or not. */
static bool split_at(struct actor *k, struct challenge *c, struct str separator)
{
	struct str rest = str_sub(c->text, c->scheme.n, c->text.n);

	c->param = arena_array(k->a, struct auth_param, rest.n + 1);
	c->n_param = 0;
	c->problems = 0;
	while (c->param && rest.n) {
		size_t at = str_find(rest, separator);
		size_t n = at == (size_t)-1 ? rest.n : at;

		take_piece(c, str_sub(rest, 0, n));
		rest = str_sub(rest, n + separator.n, rest.n);
	}
	return c->param != NULL;
}

static bool split_at_comma(struct actor *k, struct challenge *c)
{
	return split_at(k, c, STR(","));
}

static bool split_at_comma_space(struct actor *k, struct challenge *c)
{
	return split_at(k, c, STR(", "));
}

static bool split_at_space(struct actor *k, struct challenge *c)
{
	return split_at(k, c, STR(" "));
}

static bool realm_is_first(struct actor *k, struct challenge *c)
{
	(void)k;
	return c->n_param && str_ieq(c->param[0].name, STR("realm"));
}

/* Keeps the parameters that pass. */
static void keep_if(struct challenge *c, bool (*passes)(const struct auth_param *p))
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_param; i++)
		if (passes(&c->param[i]))
			c->param[n++] = c->param[i];
	c->n_param = n;
}

static bool is_lower(const struct auth_param *p)
{
	for (size_t i = 0; i < p->name.n; i++)
		if (char_lower(p->name.p[i]) != p->name.p[i])
			return false;
	return true;
}

static bool lower_names(struct actor *k, struct challenge *c)
{
	(void)k;
	keep_if(c, is_lower);
	return c->n_param > 0;
}

static bool is_as_expected(const struct auth_param *p)
{
	bool must = str_ieq(p->name, STR("realm")) || str_ieq(p->name, STR("nonce"));

	return p->quoted || !must;
}

static bool quotes_required(struct actor *k, struct challenge *c)
{
	(void)k;
	keep_if(c, is_as_expected);
	return true;
}

static bool pairs_kept(struct actor *k, struct challenge *c)
{
	(void)k;
	for (size_t i = 0; i < c->n_param; i++)
		c->param[i].value = between_quotes(c->param[i].raw);
	return true;
}

static bool ends_at_quote(struct actor *k, struct challenge *c)
{
	(void)k;
	for (size_t i = 0; i < c->n_param; i++) {
		struct str rest = between_quotes(c->param[i].raw);

		c->param[i].value = str_cut(&rest, '"');
	}
	return true;
}

static bool quotes_kept(struct actor *k, struct challenge *c)
{
	(void)k;
	for (size_t i = 0; i < c->n_param; i++) {
		struct auth_param *p = &c->param[i];

		if (str_ieq(p->name, STR("algorithm")) || str_ieq(p->name, STR("stale")))
			p->value = p->raw;
	}
	return true;
}

/* Is there a place outside quoted strings of which is() is true? */
static bool stands_outside(struct str text, bool (*is)(struct str rest))
{
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++) {
		if (!quoted && is(str_sub(text, i, text.n)))
			return true;
		if (text.p[i] == '"')
			quoted = !quoted;
		else if (quoted && text.p[i] == '\\')
			i++;
	}
	return false;
}

static bool is_tab(struct str rest)
{
	return str_starts(rest, STR("\t"));
}

static bool is_spaced_equals(struct str rest)
{
	return str_starts(rest, STR(" =")) || str_starts(rest, STR("= "));
}

static bool is_empty_member(struct str rest)
{
	return str_starts(rest, STR(",")) &&
	       str_starts(str_trim(str_sub(rest, 1, rest.n)), STR(","));
}

static bool no_tabs(struct actor *k, struct challenge *c)
{
	(void)k;
	return !stands_outside(c->text, is_tab);
}

static bool tight_equals(struct actor *k, struct challenge *c)
{
	(void)k;
	return !stands_outside(c->text, is_spaced_equals);
}

static bool no_empty_members(struct actor *k, struct challenge *c)
{
	(void)k;
	return !stands_outside(c->text, is_empty_member);
}

static bool known_names(struct actor *k, struct challenge *c)
{
	const struct str known = STR("realm domain nonce opaque stale algorithm qop charset "
				     "userhash");

	(void)k;
	for (size_t i = 0; i < c->n_param; i++) {
		struct str name = c->param[i].name;

		if (str_ifind(known, name) == (size_t)-1)
			return false;
	}
	return true;
}

static bool scheme_as_printed(struct actor *k, struct challenge *c)
{
	(void)k;
	return str_eq(c->scheme, STR("Digest")) || str_eq(c->scheme, STR("Basic"));
}

/* What it does not find stays empty. */
static bool scheme_by_substring(struct actor *k, struct challenge *c)
{
	static const char *const needed[] = { "realm", "nonce" };
	struct auth_param *p = arena_array(k->a, struct auth_param, c->n_param + COUNT(needed));

	if (str_ifind(c->text, STR("digest")) == (size_t)-1 || !p)
		return true;
	if (c->n_param)
		memcpy(p, c->param, c->n_param * sizeof(*p));
	c->param = p;
	c->scheme = STR("Digest");
	for (size_t i = 0; i < COUNT(needed); i++)
		if (!challenge_param(c, needed[i]))
			p[c->n_param++] = (struct auth_param){ .name = str(needed[i]),
							       .value = STR(""),
							       .raw = STR("") };
	return true;
}

static const struct {
	enum planted fault;
	bool (*read)(struct actor *k, struct challenge *c);
} readings[] = {
	{ PLANTED_SPLITS_ON_COMMA, split_at_comma },
	{ PLANTED_SPLITS_ON_COMMA_SPACE, split_at_comma_space },
	{ PLANTED_SPLITS_ON_SPACE, split_at_space },
	{ PLANTED_ORDER_ASSUMED, realm_is_first },
	{ PLANTED_NAME_CASE, lower_names },
	{ PLANTED_PAIRS_KEPT, pairs_kept },
	{ PLANTED_ENDS_AT_QUOTE, ends_at_quote },
	{ PLANTED_QUOTES_REQUIRED, quotes_required },
	{ PLANTED_QUOTES_KEPT, quotes_kept },
	{ PLANTED_EQUALS_TIGHT, tight_equals },
	{ PLANTED_EMPTY_MEMBER_STOPS, no_empty_members },
	{ PLANTED_TABS_UNREAD, no_tabs },
	{ PLANTED_EXTRA_STOPS, known_names },
	{ PLANTED_SCHEME_CASE, scheme_as_printed },
	{ PLANTED_SUBSTRING_SCHEME, scheme_by_substring },
};

static bool read_as_planted(struct actor *k, struct challenge *c)
{
	for (size_t i = 0; i < COUNT(readings); i++)
		if (has(k, readings[i].fault))
			return readings[i].read(k, c);
	return true;
}

/* --- all challenges of an answer --- */

/* An unknown algorithm makes a challenge that is to be ignored: RFC 7616 3.3. */
static int read_digest(struct actor *k, const struct challenge *c, struct digest_challenge *out)
{
	struct challenge other = *c;
	struct err ignored;
	size_t n = 0;

	if (!digest_challenge_read(c, out, &ignored))
		return 0;
	if (!has(k, PLANTED_UNKNOWN_ALGORITHM) || !challenge_param(c, "algorithm"))
		return -1;
	other.param = arena_array(k->a, struct auth_param, c->n_param + 1);
	for (size_t i = 0; other.param && i < c->n_param; i++)
		if (!str_ieq(c->param[i].name, STR("algorithm")))
			other.param[n++] = c->param[i];
	other.n_param = n;
	if (digest_challenge_read(&other, out, &ignored))
		return -1;
	out->algorithm = challenge_param(c, "algorithm")->value;
	return 0;
}

static void read_one(struct actor *k, struct challenge *c, struct actor_offers *out)
{
	struct actor_offer *offer = &out->digest[out->n_digest];
	const struct auth_param *p;

	if (!read_as_planted(k, c))
		return;
	out->basic = out->basic || challenge_is(c, "Basic");
	if (!challenge_is(c, "Digest") || read_digest(k, c, &offer->ch))
		return;
	p = challenge_param(c, "qop");
	offer->qop = p ? p->value : STR("");
	p = challenge_param(c, "stale");
	if (has(k, PLANTED_STALE_CASE))
		offer->ch.stale = p && str_eq(p->value, STR("true"));
	out->n_digest++;
}

static bool is_known(const struct challenge *c)
{
	return challenge_is(c, "Digest") || challenge_is(c, "Basic");
}

static bool has_unknown_algorithm(const struct challenge_list *l)
{
	enum hash_alg alg;
	bool session;

	for (size_t i = 0; i < l->n; i++) {
		const struct auth_param *p = challenge_param(&l->v[i], "algorithm");

		if (p && digest_algorithm_parse(p->value, &alg, &session))
			return true;
	}
	return false;
}

/* How many of the challenges are looked at. */
static size_t looked_at(const struct actor *k, const struct challenge_list *l)
{
	if (has(k, PLANTED_UNKNOWN_SCHEME_STOPS) && l->n && !is_known(&l->v[0]))
		return 0;
	if (has(k, PLANTED_UNKNOWN_ALGORITHM_STOPS) && has_unknown_algorithm(l))
		return 0;
	return has(k, PLANTED_FIRST_ONLY) && l->n ? 1 : l->n;
}

static void read_list(struct actor *k, struct challenge_list *l, size_t n, struct actor_offers *out)
{
	struct actor_offer *v = arena_array(k->a, struct actor_offer, out->n_digest + n + 1);

	if (!v)
		return;
	if (out->n_digest)
		memcpy(v, out->digest, out->n_digest * sizeof(*v));
	out->digest = v;
	for (size_t i = 0; i < n; i++)
		read_one(k, &l->v[i], out);
}

static void read_field(struct actor *k, struct str field, struct actor_offers *out)
{
	struct challenge_list l;
	struct err ignored;

	if (!challenge_parse(k->a, &field, 1, &l, &ignored))
		read_list(k, &l, l.n ? 1 : 0, out);
}

static void read_challenges(struct actor *k, const struct http_response *r,
			    struct actor_offers *out)
{
	struct str field[FIELDS_MAX];
	size_t n = http_all(&r->fields, "WWW-Authenticate", field, FIELDS_MAX);
	struct challenge_list l;
	struct err ignored;

	n = n < FIELDS_MAX ? n : FIELDS_MAX;
	if (has(k, PLANTED_FIRST_FIELD_ONLY) && n)
		n = 1;
	for (size_t i = 0; i < n; i++) {
		if (has(k, PLANTED_CHALLENGE_CUT))
			field[i] = str_sub(field[i], 0, CUT_AT);
		if (has(k, PLANTED_ONE_PER_FIELD))
			read_field(k, field[i], out);
	}
	if (has(k, PLANTED_ONE_PER_FIELD) || challenge_parse(k->a, field, n, &l, &ignored))
		return;
	read_list(k, &l, looked_at(k, &l), out);
}

/* --- the body --- */

int actor_read_soap(struct actor *k, struct str body, struct soap_message *m)
{
	struct err ignored;

	if (has(k, PLANTED_FIXED_PREFIX) && str_find(body, STR("<s:Envelope")) == (size_t)-1)
		return -1;
	return soap_read(k->a, body, m, &ignored);
}

/* ONVIF Core 5.8.2.2: by the codes.  The words of a reason are anybody's, and in any language. */
static bool asks_for_token(const struct actor *k, const struct soap_message *m)
{
	if (has(k, PLANTED_TOKEN_NEVER) || !m->is_fault)
		return false;
	if (has(k, PLANTED_FAULT_TEXT))
		return str_find(m->reason, STR("Sender not Authorized")) != (size_t)-1;
	for (size_t i = 0; i < m->n_subcode; i++)
		if (str_eq(m->subcode[i], STR("NotAuthorized")) ||
		    str_eq(m->subcode[i], STR("FailedAuthentication")))
			return true;
	/* There are devices that say no more than that it is the sender's mistake. */
	return !m->n_subcode && str_eq(m->fault_code, STR("Sender"));
}

void actor_read(struct actor *k, const struct http_response *r, struct actor_offers *out)
{
	struct soap_message m;

	*out = (struct actor_offers){ 0 };
	read_challenges(k, r, out);
	if (!k->o->soap)
		return;
	out->foreign = actor_read_soap(k, r->body, &m) != 0;
	out->token = !out->foreign && asks_for_token(k, &m);
}

struct str actor_info(struct actor *k, const struct http_response *r, const char *name)
{
	struct str value = http_get(&r->fields, "Authentication-Info");
	const struct auth_param *p;
	struct challenge info;
	struct err ignored;

	/* The same list of parameters as credentials have, without a scheme. */
	if (!value.p ||
	    credentials_parse(k->a, arena_concat(k->a, STR("Info "), value), &info, &ignored))
		return (struct str){ NULL, 0 };
	p = challenge_param(&info, name);
	return p ? p->value : (struct str){ NULL, 0 };
}

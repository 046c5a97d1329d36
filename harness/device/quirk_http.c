/* quirk_http.c - faulty readers of the Authorization field: what they take that is wrong, and what
 * they refuse that is right.
 */
#include "device/internal.h"

#include "auth/base64.h"

/* --- wrong fields that are taken --- */

static bool came_before(const struct challenge *c, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (str_ieq(c->param[k].name, c->param[i].name))
			return true;
	}
	return false;
}

static bool comes_again(const struct challenge *c, size_t i)
{
	for (size_t k = i + 1; k < c->n_param; k++) {
		if (str_ieq(c->param[k].name, c->param[i].name))
			return true;
	}
	return false;
}

/* The field with one parameter of each name: the first, or the last. */
static int drop_duplicates(struct call *c, struct str *value)
{
	struct challenge parsed;
	struct str out;

	if (credentials_parse(c->a, *value, &parsed, &c->err))
		return -1;
	if (!(parsed.problems & CHALLENGE_DUPLICATE))
		return 0;
	out = arena_concat(c->a, parsed.scheme, STR(" "));
	for (size_t i = 0, n = 0; i < parsed.n_param; i++) {
		const struct auth_param *p = &parsed.param[i];

		if (c->d->on[DUPLICATE_FIRST] ? came_before(&parsed, i) : comes_again(&parsed, i))
			continue;
		out = arena_concat(c->a, out,
				   arena_fmt(c->a, "%s%.*s=%.*s", n++ ? ", " : "", STR_ARG(p->name),
					     STR_ARG(p->raw)));
	}
	*value = out;
	return 0;
}

/* Basic without Base64: name, colon and password as they are. */
static void encode_plain(struct call *c, struct str *value)
{
	struct str pair = str_sub(*value, strlen("Basic "), value->n);

	if (str_istarts(*value, STR("Basic ")) && str_chr(pair, ':') != (size_t)-1)
		*value = arena_concat(c->a, STR("Basic "), base64_encode(c->a, pair));
}

static int read_value(struct call *c, struct str *value)
{
	if (c->d->on[BASIC_PLAIN])
		encode_plain(c, value);
	/* The article on Sarix cameras prints a field of Basic without its scheme. */
	if (c->d->on[BASIC_BARE] && str_chr(*value, ' ') == (size_t)-1)
		*value = arena_concat(c->a, STR("Basic "), *value);
	if (c->d->on[DUPLICATE_FIRST] || c->d->on[DUPLICATE_LAST])
		return drop_duplicates(c, value);
	return 0;
}

int quirk_http_read(struct call *c, struct http_request *seen)
{
	size_t n = http_count(&c->in->fields, "Authorization"), k = 0;
	bool first = c->d->on[FIELDS_FIRST], last = c->d->on[FIELDS_LAST];

	*seen = *c->in;
	seen->fields = (struct http_fields){ 0 };
	for (size_t i = 0; i < c->in->fields.n; i++) {
		struct http_field f = c->in->fields.v[i];

		if (str_ieq(f.name, STR("Authorization"))) {
			k++;
			if ((first && k > 1) || (last && k < n))
				continue;
			if (read_value(c, &f.value))
				return -1;
		}
		http_add(c->a, &seen->fields, f.name, f.value);
	}
	return arena_check(c->a, &c->err);
}

/* --- right fields that are refused --- */

/* What a refusal looks at. */
struct glance {
	const struct device *d;
	struct arena *a;
	const struct http_request *request;
	const struct challenge *credentials;
};

static const struct auth_param *param(const struct glance *g, const char *name)
{
	return challenge_param(g->credentials, name);
}

static bool any_of(const struct glance *g, const char *names, bool quoted)
{
	struct str rest = str(names), name;

	while ((name = str_word(&rest)).n) {
		for (size_t i = 0; i < g->credentials->n_param; i++) {
			const struct auth_param *p = &g->credentials->param[i];

			if (str_ieq(p->name, name) && p->quoted == quoted)
				return true;
		}
	}
	return false;
}

static bool text_has(const struct glance *g, const char *needle)
{
	return str_find(g->credentials->text, str(needle)) != (size_t)-1;
}

static bool nc_decimal(const struct glance *g)
{
	const struct auth_param *nc = param(g, "nc");
	uint64_t ignored;

	return nc && str_to_u64(nc->value, UINT64_MAX, &ignored);
}

static bool uri_query(const struct glance *g)
{
	return str_chr(g->request->target, '?') != (size_t)-1;
}

static bool auth_int(const struct glance *g)
{
	return param(g, "qop") && str_ieq(param(g, "qop")->value, STR("auth-int"));
}

static bool sha256(const struct glance *g)
{
	return param(g, "algorithm") && str_istarts(param(g, "algorithm")->value, STR("SHA-256"));
}

static bool quoted(const struct glance *g)
{
	return any_of(g, "nc qop algorithm", true);
}

static bool unquoted(const struct glance *g)
{
	return any_of(g, "username realm nonce uri response cnonce opaque", false);
}

static bool scheme_case(const struct glance *g)
{
	return !str_eq(g->credentials->scheme, STR("Digest")) &&
	       !str_eq(g->credentials->scheme, STR("Basic"));
}

static bool name_case(const struct glance *g)
{
	for (size_t i = 0; i < g->credentials->n_param; i++) {
		struct str name = g->credentials->param[i].name;

		for (size_t k = 0; k < name.n; k++) {
			if (char_lower(name.p[k]) != name.p[k])
				return true;
		}
	}
	return false;
}

static bool unknown_param(const struct glance *g)
{
	const struct str known = STR("username username* realm nonce uri response cnonce nc "
				     "qop opaque algorithm userhash");

	for (size_t i = 0; i < g->credentials->n_param; i++) {
		struct str rest = known, name;
		bool found = false;

		while (!found && (name = str_word(&rest)).n)
			found = str_ieq(name, g->credentials->param[i].name);
		if (!found)
			return true;
	}
	return false;
}

static bool space_at_equals(const struct glance *g)
{
	return text_has(g, " =") || text_has(g, "\t=");
}

static bool empty_member(const struct glance *g)
{
	return text_has(g, ",,") || text_has(g, ", ,");
}

static bool order(const struct glance *g)
{
	return g->credentials->n_param > 0 &&
	       !str_ieq(g->credentials->param[0].name, STR("username"));
}

static bool tight_comma(const struct glance *g)
{
	struct str t = g->credentials->text;

	for (size_t i = 0; i + 2 < t.n; i++) {
		if (t.p[i] == '"' && t.p[i + 1] == ',' && char_is_alpha(t.p[i + 2]))
			return true;
	}
	return false;
}

static bool any_value(const struct glance *g, char c, bool raw)
{
	for (size_t i = 0; i < g->credentials->n_param; i++) {
		const struct auth_param *p = &g->credentials->param[i];

		if (p->quoted && str_chr(raw ? p->raw : p->value, c) != (size_t)-1)
			return true;
	}
	return false;
}

static bool comma_in_string(const struct glance *g)
{
	return any_value(g, ',', false);
}

static bool quoted_pair(const struct glance *g)
{
	return any_value(g, '\\', true);
}

static bool algorithm_missing(const struct glance *g)
{
	return !param(g, "algorithm");
}

static bool algorithm_case(const struct glance *g)
{
	const struct auth_param *p = param(g, "algorithm");

	return p && p->value.n && p->value.p[0] == char_lower(p->value.p[0]);
}

static bool cnonce_long(const struct glance *g)
{
	const struct auth_param *p = param(g, "cnonce");

	return p && p->value.n > (size_t)g->d->value[CNONCE_LIMIT];
}

static bool uri_absolute(const struct glance *g)
{
	return param(g, "uri") && str_istarts(param(g, "uri")->value, STR("http"));
}

static bool spaces(const struct glance *g)
{
	return text_has(g, "Basic  ");
}

static bool star(const struct glance *g)
{
	return param(g, "username*") && !param(g, "username");
}

static bool userhash(const struct glance *g)
{
	return param(g, "userhash") && str_ieq(param(g, "userhash")->value, STR("true"));
}

static bool session(const struct glance *g)
{
	return param(g, "algorithm") && str_ends(param(g, "algorithm")->value, STR("-sess"));
}

static bool session_second(const struct glance *g)
{
	return session(g) && param(g, "nc") && !str_eq(param(g, "nc")->value, STR("00000001"));
}

static bool sha512_256(const struct glance *g)
{
	return param(g, "algorithm") && str_istarts(param(g, "algorithm")->value, STR("SHA-512"));
}

static bool auth_int_empty(const struct glance *g)
{
	return auth_int(g) && g->request->body.n == 0;
}

static bool no_qop(const struct glance *g)
{
	return !param(g, "qop");
}

/* What Basic credentials say, decoded. */
static struct str pair_of(const struct glance *g)
{
	struct str octets = { 0 }, payload = str_sub(g->credentials->text, 6, (size_t)-1);
	struct err ignored = { 0 };

	if (!challenge_is(g->credentials, "Basic") ||
	    base64_decode(g->a, str_trim(payload), &octets, &ignored))
		return (struct str){ 0 };
	return octets;
}

static bool utf8(const struct glance *g)
{
	struct str pair = pair_of(g);

	for (size_t i = 0; i < pair.n; i++)
		if ((unsigned char)pair.p[i] >= 0x80)
			return true;
	return false;
}

static bool second_colon(const struct glance *g)
{
	struct str rest = pair_of(g);

	str_cut(&rest, ':');
	return str_chr(rest, ':') != (size_t)-1;
}

static bool uri_escaped(const struct glance *g)
{
	return param(g, "uri") && str_chr(param(g, "uri")->value, '%') != (size_t)-1;
}

static bool head(const struct glance *g)
{
	return str_eq(g->request->method, STR("HEAD"));
}

static bool no_cookie(const struct glance *g)
{
	return str_ifind(http_get(&g->request->fields, "Cookie"), STR("session=")) == (size_t)-1;
}

static const struct {
	enum behaviour behaviour;
	bool digest_only;
	bool (*refuses)(const struct glance *g);
} refusals[] = {
	{ NC_DECIMAL, true, nc_decimal },
	{ URI_QUERY_REFUSED, true, uri_query },
	{ AUTH_INT_REFUSED, true, auth_int },
	{ SHA256_REFUSED, true, sha256 },
	{ QUOTED_REFUSED, true, quoted },
	{ UNQUOTED_REFUSED, true, unquoted },
	{ SCHEME_CASE_REFUSED, false, scheme_case },
	{ NAME_CASE_REFUSED, true, name_case },
	{ UNKNOWN_PARAM_REFUSED, true, unknown_param },
	{ SPACE_AT_EQUALS_REFUSED, true, space_at_equals },
	{ EMPTY_MEMBER_REFUSED, true, empty_member },
	{ ORDER_REFUSED, true, order },
	{ TIGHT_COMMA_REFUSED, true, tight_comma },
	{ COMMA_IN_STRING_REFUSED, true, comma_in_string },
	{ QUOTED_PAIR_REFUSED, true, quoted_pair },
	{ ALGORITHM_REQUIRED, true, algorithm_missing },
	{ ALGORITHM_CASE_REFUSED, true, algorithm_case },
	{ CNONCE_LIMIT, true, cnonce_long },
	{ URI_ABSOLUTE_REFUSED, true, uri_absolute },
	{ SPACES_REFUSED, false, spaces },
	{ STAR_REFUSED, true, star },
	{ USERHASH_REFUSED, true, userhash },
	{ SESSION_REFUSED, true, session },
	{ SESSION_SECOND_REFUSED, true, session_second },
	{ SHA512_256_REFUSED, true, sha512_256 },
	{ AUTH_INT_EMPTY_REFUSED, true, auth_int_empty },
	{ QOP_REQUIRED, true, no_qop },
	{ UTF8_REFUSED, false, utf8 },
	{ COLON_REFUSED, false, second_colon },
	{ COOKIE_REQUIRED, true, no_cookie },
	{ HEAD_REFUSED, true, head },
	{ URI_ESCAPED_REFUSED, true, uri_escaped },
};

bool quirk_http_refuses(struct call *c, const struct http_request *seen)
{
	struct challenge parsed;
	struct glance g = { .d = c->d, .a = c->a, .request = seen, .credentials = &parsed };

	if (credentials_parse(c->a, http_get(&seen->fields, "Authorization"), &parsed, &c->err))
		return false;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		if (c->d->on[refusals[i].behaviour] &&
		    (!refusals[i].digest_only || challenge_is(&parsed, "Digest")) &&
		    refusals[i].refuses(&g))
			return true;
	}
	return false;
}

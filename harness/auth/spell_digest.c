/* Spellings of Digest credentials that a recipient has to read: RFC 9110 5.5, 5.6, 11.2 and 11.4.
 */
#include "auth/deviate.h"
#include "auth/spell_parts.h"

enum {
	FIELD,
	SCHEME,
	SPACE,
	NAMES,
	QUOTE_QOP,
	QUOTE_NC,
	QUOTE_ALGORITHM,
	TOKEN_USERNAME,
	TOKEN_REALM,
	TOKEN_NONCE,
	TOKEN_RESPONSE,
	TOKEN_CNONCE,
	TOKEN_OPAQUE,
	ESCAPE,
	BEFORE_EQUALS,
	AFTER_EQUALS,
	BEFORE_COMMA,
	AFTER_COMMA,
	EMPTY_FIRST,
	EMPTY_INSIDE,
	EMPTY_LAST,
	EXTRA,
	ORDER,
	TAIL,
	FOLD,
	POINTS
};

#define NOTATION "rfc9110#11.2.both-notations rfc2617#1.2.notations"
#define BWS      "rfc9110#5.6.3.bad-whitespace"
#define EMPTY    "rfc9110#5.6.1.empty-members"
#define LIST     "rfc9110#11.4.credentials"

static const struct spell_point points[] = {
	[FIELD] = { .name = "field",
		    .clause = "rfc9110#5.1.field-case",
		    .words = SPELL_FIELD_WORDS },
	[SCHEME] = { .name = "scheme",
		     .clause = "rfc9110#11.1.scheme-case rfc2617#1.2.scheme-case",
		     .words = SPELL_SCHEME_WORDS },
	[SPACE] = { .name = "space", .clause = LIST, .words = SPELL_SPACE_WORDS },
	[NAMES] = { .name = "names",
		    .clause = "rfc9110#11.2.names-case",
		    .words = SPELL_WORDS("parameter names in upper case",
					 "parameter names in mixed case") },
	[QUOTE_QOP] = { .name = "quote-qop",
			.clause = NOTATION,
			.words = SPELL_WORDS("qop as a quoted-string") },
	[QUOTE_NC] = { .name = "quote-nc",
		       .clause = NOTATION,
		       .words = SPELL_WORDS("nc as a quoted-string") },
	[QUOTE_ALGORITHM] = { .name = "quote-algorithm",
			      .clause = NOTATION,
			      .words = SPELL_WORDS("algorithm as a quoted-string") },
	[TOKEN_USERNAME] = { .name = "token-username",
			     .clause = NOTATION,
			     .words = SPELL_WORDS("username as a token") },
	[TOKEN_REALM] = { .name = "token-realm",
			  .clause = NOTATION,
			  .words = SPELL_WORDS("realm as a token") },
	[TOKEN_NONCE] = { .name = "token-nonce",
			  .clause = NOTATION,
			  .words = SPELL_WORDS("nonce as a token") },
	[TOKEN_RESPONSE] = { .name = "token-response",
			     .clause = NOTATION,
			     .words = SPELL_WORDS("response as a token") },
	[TOKEN_CNONCE] = { .name = "token-cnonce",
			   .clause = NOTATION,
			   .words = SPELL_WORDS("cnonce as a token") },
	[TOKEN_OPAQUE] = { .name = "token-opaque",
			   .clause = NOTATION,
			   .words = SPELL_WORDS("opaque as a token") },
	[ESCAPE] = { .name = "escape",
		     .clause = "rfc9110#5.6.4.quoted-pair",
		     .words = SPELL_WORDS("a quoted-pair in username",
					  "quoted-pairs throughout username",
					  "a quoted-pair in realm", "a quoted-pair in nonce",
					  "a quoted-pair in uri", "a quoted-pair in response",
					  "a quoted-pair in cnonce") },
	[BEFORE_EQUALS] = { .name = "before-equals",
			    .clause = BWS,
			    .words = SPELL_WORDS("a space before the equals signs",
						 "a tab before the equals signs",
						 "spaces before the last equals sign") },
	[AFTER_EQUALS] = { .name = "after-equals",
			   .clause = BWS,
			   .words = SPELL_WORDS("a space behind the equals signs",
						"a tab behind the equals signs",
						"spaces behind the last equals sign") },
	[BEFORE_COMMA] = { .name = "before-comma",
			   .clause = LIST,
			   .words = SPELL_WORDS("a space before the commas",
						"a tab before the commas") },
	[AFTER_COMMA] = { .name = "after-comma",
			  .clause = LIST,
			  .words = SPELL_WORDS("nothing behind the commas",
					       "a tab behind the commas",
					       "spaces behind the commas") },
	[EMPTY_FIRST] = { .name = "empty-first",
			  .clause = EMPTY,
			  .words = SPELL_WORDS("an empty member in front of the list",
					       "two empty members in front of the list") },
	[EMPTY_INSIDE] = { .name = "empty-inside",
			   .clause = EMPTY,
			   .words = SPELL_WORDS("an empty member in the list",
						"two empty members in the list",
						"an empty member with spaces in the list") },
	[EMPTY_LAST] = { .name = "empty-last",
			 .clause = EMPTY,
			 .words = SPELL_WORDS("an empty member at the end of the list",
					      "two empty members at the end of the list") },
	[EXTRA] = { .name = "extra",
		    .clause = "rfc2617#3.2.2.auth-param",
		    .words = SPELL_WORDS("an unknown parameter at the end",
					 "an unknown parameter in front",
					 "an unknown parameter with a comma in quotes",
					 "an unknown parameter with quotes in quotes",
					 "an unknown parameter that looks like nonce=") },
	[ORDER] = { .name = "order",
		    .clause = LIST,
		    .words = SPELL_WORDS("the parameters backwards", "the last parameter in front",
					 "the first parameter at the end",
					 "the parameters in another order"),
		    .repeat = 20 },
	[TAIL] = { .name = "tail", .clause = "rfc9110#5.5.outer-space", .words = SPELL_TAIL_WORDS },
	/* RFC 9112 5.2: a server answers 400, or reads a space. */
	[FOLD] = { .name = "fold",
		   .clause = "rfc9112#5.2.obs-fold",
		   .words = SPELL_WORDS("the field folded behind the scheme",
					"the field folded behind a comma"),
		   .optional = true },
};
_Static_assert(COUNT(points) == POINTS, "one row per point");
const struct spell_grammar spell_digest_legal = { MECH_DIGEST, false, points, POINTS };

/* --- notation of the values --- */

static const struct {
	const char *name;
	uint8_t point;     /* of the other notation */
	uint8_t escape[2]; /* choices of ESCAPE that mean it */
} notations[] = {
	{ "username", TOKEN_USERNAME, { 1, 2 } },
	{ "realm", TOKEN_REALM, { 3, 3 } },
	{ "nonce", TOKEN_NONCE, { 4, 4 } },
	{ "uri", POINTS, { 5, 5 } },
	{ "response", TOKEN_RESPONSE, { 6, 6 } },
	{ "cnonce", TOKEN_CNONCE, { 7, 7 } },
	{ "opaque", TOKEN_OPAQUE, { 0, 0 } },
	{ "qop", QUOTE_QOP, { 0, 0 } },
	{ "nc", QUOTE_NC, { 0, 0 } },
	{ "algorithm", QUOTE_ALGORITHM, { 0, 0 } },
};

/* A backslash where none is needed: before the first octet, or before all. */
static struct str escaped(struct arena *a, struct str value, bool all)
{
	struct str out = STR("\"");

	for (size_t i = 0; i < value.n; i++) {
		bool pair = all || i == 0 || value.p[i] == '"' || value.p[i] == '\\';

		out = arena_fmt(a, "%.*s%s%c", STR_ARG(out), pair ? "\\" : "", value.p[i]);
	}
	return arena_concat(a, out, STR("\""));
}

static void respell(struct arena *a, struct craft_param *p, const uint8_t *choice)
{
	for (size_t i = 0; i < COUNT(notations); i++) {
		unsigned escape = choice[ESCAPE];

		if (!str_eq(p->name, str(notations[i].name)))
			continue;
		if (notations[i].point < POINTS && choice[notations[i].point])
			p->quoted = !p->quoted || !text_is_token(p->value);
		if (escape && p->quoted && p->value.n &&
		    (escape == notations[i].escape[0] || escape == notations[i].escape[1])) {
			p->value = escaped(a, p->value, escape == 2);
			p->raw = true;
		}
	}
	if (choice[NAMES])
		p->name = choice[NAMES] == 1 ? text_upper(a, p->name) : text_mixed(a, p->name);
}

/* --- order, and one more parameter --- */

static void swap(struct craft_param *v, size_t i, size_t k)
{
	struct craft_param one = v[i];

	v[i] = v[k];
	v[k] = one;
}

static void reorder(struct craft_param *v, size_t n, unsigned choice)
{
	uint64_t state = choice;

	if (choice == 1) {
		for (size_t i = 0; i < n / 2; i++)
			swap(v, i, n - 1 - i);
	} else if (choice == 2) {
		for (size_t i = n; i > 1; i--)
			swap(v, i - 1, i - 2);
	} else if (choice == 3) {
		for (size_t i = 0; i + 1 < n; i++)
			swap(v, i, i + 1);
	}
	for (size_t i = n; choice > 3 && i > 1; i--) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		swap(v, i - 1, (size_t)(state >> 33) % i);
	}
}

static int add_extra(struct craft *c, unsigned choice, struct err *err)
{
	static const struct {
		const char *name, *value;
		bool front;
	} rows[] = {
		{ "x-new", "1", false },
		{ "x-new", "1", true },
		{ "x-new", "\"a, b\"", true },
		{ "x-new", "\"a \\\" b\"", true },
		{ "xnonce", "\"nonce=\\\"1\\\", nc=2\"", true },
	};
	struct craft_param p = { .raw = true };

	if (!choice)
		return 0;
	p.name = str(rows[choice - 1].name);
	p.value = str(rows[choice - 1].value);
	p.quoted = p.value.p[0] == '"';
	return digest_insert(c, rows[choice - 1].front ? 0 : c->digest.n_param, p, err);
}

/* --- the field --- */

static void add_value(struct buf *b, const struct craft_param *p)
{
	if (!p->quoted || p->raw) {
		buf_str(b, p->value);
		return;
	}
	buf_char(b, '"');
	for (size_t i = 0; i < p->value.n; i++) {
		if (p->value.p[i] == '"' || p->value.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, p->value.p[i]);
	}
	buf_char(b, '"');
}

static void add_comma(struct buf *b, const uint8_t *choice, bool first)
{
	static const char *const before[] = { "", " ", "\t" };
	static const char *const after[] = { " ", "", "\t", "   " };
	static const char *const empty[] = { "", ",", ",,", " , " };

	buf_puts(b, before[choice[BEFORE_COMMA]]);
	buf_char(b, ',');
	if (first)
		buf_puts(b, empty[choice[EMPTY_INSIDE]]);
	if (first && choice[FOLD] == 2)
		buf_puts(b, "\r\n");
	buf_puts(b, first && choice[FOLD] == 2 ? " " : after[choice[AFTER_COMMA]]);
}

static void add_params(struct buf *b, const struct craft *c, const uint8_t *choice)
{
	static const char *const equals[] = { "", " ", "\t", "   " };
	const struct digest_craft *d = &c->digest;

	for (size_t i = 0; i < d->n_param; i++) {
		bool last = i + 1 == d->n_param;
		unsigned before = choice[BEFORE_EQUALS], after = choice[AFTER_EQUALS];

		buf_str(b, d->param[i].name);
		buf_puts(b, equals[before == 3 && !last ? 0 : before]);
		buf_char(b, '=');
		buf_puts(b, equals[after == 3 && !last ? 0 : after]);
		add_value(b, &d->param[i]);
		if (!last)
			add_comma(b, choice, i == 0);
	}
}

int spell_write_digest(struct craft *c, const uint8_t *choice, struct http_fields *out,
		       struct err *err)
{
	static const char *const first[] = { "", ", ", ", ,, " };
	static const char *const last[] = { "", ",", ", ," };
	struct digest_craft *d = &c->digest;
	struct buf b DEFER(buf_free);

	for (size_t i = 0; i < d->n_param; i++)
		respell(c->a, &d->param[i], choice);
	reorder(d->param, d->n_param, choice[ORDER]);
	if (add_extra(c, choice[EXTRA], err))
		return -1;
	buf_init(&b, SPELL_FIELD_MAX);
	buf_str(&b, spell_scheme("Digest", choice[SCHEME], c->a));
	buf_puts(&b, spell_space(choice[SPACE]));
	buf_puts(&b, choice[FOLD] == 1 ? "\r\n " : "");
	buf_puts(&b, first[choice[EMPTY_FIRST]]);
	add_params(&b, c, choice);
	buf_puts(&b, last[choice[EMPTY_LAST]]);
	buf_puts(&b, spell_tail(choice[TAIL]));
	if (buf_check(&b, "the Authorization field", err))
		return -1;
	http_add(c->a, out, str(spell_field_name(choice[FIELD])), arena_str(c->a, buf_view(&b)));
	return 0;
}

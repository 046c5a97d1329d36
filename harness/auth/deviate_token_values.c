/* Deviations of a UsernameToken before hashing, and of its digest (UTP 1.1 section 3.1). */
#include "auth/base64.h"
#include "auth/deviate.h"

static const struct str none = { NULL, 0 };

int deviate_token_user(struct craft *c, struct str value, struct err *err)
{
	return deviate_user(c, value, &c->token.sent.username, err);
}

int deviate_token_password(struct craft *c, struct str value, struct err *err)
{
	return deviate_password(c, value, &c->token.password_hashed, err);
}

/* --- type --- */

int deviate_token_type(struct craft *c, struct str value, struct err *err)
{
	struct token_craft *t = &c->token;
	struct str type = t->sent.password_type;
	const struct {
		const char *value;
		struct str type;
		bool text;
	} types[] = {
		{ "text", STR(UT_TYPE_TEXT), true },
		{ "missing", none, false },
		{ "missing-text", none, true },
		{ "foreign", STR("urn:example:password#PasswordOther"), t->text },
		{ "suffix", str_sub(type, str_chr(type, '#'), type.n), t->text },
		{ "qname", t->text ? STR("wsse:PasswordText") : STR("wsse:PasswordDigest"),
		  t->text },
		{ "upper", text_upper(c->a, type), t->text },
		{ "lower", text_lower(c->a, type), t->text },
		/* Version 1.1 keeps the URIs of 1.0. */
		{ "version", text_replace(c->a, type, str_chr(type, '#') - 1, '1'), t->text },
		{ "query", text_insert(c->a, type, str_chr(type, '#'), STR("?")), t->text },
		{ "empty", STR(""), t->text },
	};

	for (size_t i = 0; i < COUNT(types); i++) {
		if (str_eq(value, str(types[i].value))) {
			t->sent.password_type = types[i].type;
			t->text = types[i].text;
		}
	}
	return arena_check(c->a, err);
}

/* --- nonce --- */

static int nonce_same(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->memory->has_token)
		return err_set(err, ERR_INPUT, "no step before this one sent a token");
	token_use_nonce(c, c->memory->token_nonce);
	return arena_check(c->a, err);
}

static int nonce_empty(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	token_use_nonce(c, STR(""));
	return arena_check(c->a, err);
}

/* Hashes the right octets: a decoder that skips what it does not know sees a right token. */
static int nonce_insert(struct craft *c, struct str piece, struct err *err)
{
	struct str *nonce = &c->token.sent.nonce;

	*nonce = text_insert(c->a, *nonce, text_middle(*nonce), piece);
	return arena_check(c->a, err);
}

static int nonce_not_base64(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nonce_insert(c, STR("!"), err);
}

static int nonce_spaces_inside(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nonce_insert(c, STR(" "), err);
}

static int nonce_bytes(struct craft *c, struct str argument, struct err *err)
{
	struct str octets;
	uint64_t bytes;

	if (str_to_u64(argument, 4096, &bytes))
		return err_set(err, ERR_INPUT, "not a number of octets");
	if (token_fresh_nonce(c, (size_t)bytes, &octets, err))
		return -1;
	token_use_nonce(c, octets);
	return arena_check(c->a, err);
}

/* Only the first half: a nonce that comes again, in the next run, is a replay. */
static int nonce_zeros(struct craft *c, struct str argument, struct err *err)
{
	static const char zeros[8];
	struct str fresh = c->token.nonce_octets;

	(void)argument;
	token_use_nonce(c, arena_concat(c->a, str_n(zeros, sizeof(zeros)),
					str_sub(fresh, sizeof(zeros), fresh.n)));
	return arena_check(c->a, err);
}

/* What a C string cuts short. */
static int nonce_nul_inside(struct craft *c, struct str argument, struct err *err)
{
	struct str octets = c->token.nonce_octets;

	(void)argument;
	token_use_nonce(c, text_replace(c->a, octets, octets.n / 2, '\0'));
	return arena_check(c->a, err);
}

static int nonce_with_nul(struct craft *c, size_t at, struct err *err)
{
	token_use_nonce(c, text_replace(c->a, c->token.nonce_octets, at, '\0'));
	return arena_check(c->a, err);
}

static int nonce_nul_first(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nonce_with_nul(c, 0, err);
}

static int nonce_nul_last(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nonce_with_nul(c, c->token.nonce_octets.n - 1, err);
}

/* Fresh octets behind ones that Base64 writes with one sign only. */
static int nonce_signs(struct craft *c, const char *octets, struct err *err)
{
	struct str fresh;

	if (token_fresh_nonce(c, 12, &fresh, err))
		return -1;
	token_use_nonce(c, arena_concat(c->a, str(octets), fresh));
	return arena_check(c->a, err);
}

/* "////" */
static int nonce_ones(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nonce_signs(c, "\xff\xff\xff", err);
}

/* "++++", which a decoder of forms takes for spaces. */
static int nonce_plus(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nonce_signs(c, "\xfb\xef\xbe", err);
}

/* Lines around it, as pretty-printers and encoders of mail leave them. */
static int nonce_lines(struct craft *c, struct str argument, struct err *err)
{
	struct str *nonce = &c->token.sent.nonce;

	(void)argument;
	*nonce = arena_fmt(c->a, "\n%.*s\n", STR_ARG(*nonce));
	return arena_check(c->a, err);
}

static int nonce_no_padding(struct craft *c, struct str argument, struct err *err)
{
	struct str *nonce = &c->token.sent.nonce;
	size_t end = str_chr(*nonce, '=');

	(void)argument;
	if (end == (size_t)-1)
		return err_set(err, ERR_INPUT, "the nonce has no padding");
	*nonce = str_sub(*nonce, 0, end);
	return 0;
}

static int nonce_more_padding(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	c->token.sent.nonce = arena_concat(c->a, c->token.sent.nonce, STR("="));
	return arena_check(c->a, err);
}

/* What a decoder that ends at the padding does not see. */
static int nonce_hidden(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	c->token.sent.nonce = arena_concat(c->a, c->token.sent.nonce, STR("AAAA"));
	return arena_check(c->a, err);
}

static int nonce_undecoded(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->token.nonce_octets = c->token.sent.nonce;
	return 0;
}

static int nonce_double(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	c->token.sent.nonce = base64_encode(c->a, c->token.sent.nonce);
	return arena_check(c->a, err);
}

static int nonce_literal(struct craft *c, struct str argument, struct err *err)
{
	struct err not_base64;
	struct str octets;

	(void)err;
	if (base64_decode(c->a, argument, &octets, &not_base64))
		octets = argument;
	c->token.nonce_value = c->token.nonce_octets = octets;
	c->token.sent.nonce = argument;
	return 0;
}

int deviate_token_nonce(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "same", nonce_same },
		{ "empty", nonce_empty },
		{ "not-base64", nonce_not_base64 },
		{ "bytes:NUMBER", nonce_bytes },
		{ "zeros", nonce_zeros },
		{ "nul-inside", nonce_nul_inside },
		{ "nul-first", nonce_nul_first },
		{ "nul-last", nonce_nul_last },
		{ "ones", nonce_ones },
		{ "plus", nonce_plus },
		{ "lines", nonce_lines },
		{ "no-padding", nonce_no_padding },
		{ "more-padding", nonce_more_padding },
		{ "hidden", nonce_hidden },
		{ "undecoded", nonce_undecoded },
		{ "double", nonce_double },
		{ "spaces-inside", nonce_spaces_inside },
		{ "=LITERAL", nonce_literal },
	};

	return RUN(actions);
}

/* --- omit --- */

/* Of the same list without those that are named in gone. */
static struct str without(struct arena *a, struct str list, struct str gone)
{
	struct str rest = list, out = STR(""), word;

	while ((word = str_word(&rest)).n)
		if (!str_has_word(gone, word))
			out = arena_fmt(a, "%.*s%s%.*s", STR_ARG(out), out.n ? " " : "",
					STR_ARG(word));
	return out;
}

/* A client without Nonce or Created leaves them out of the digest too (UTP 3.1). */
int deviate_token_omit(struct craft *c, struct str value, struct err *err)
{
	static const struct {
		const char *value, *gone;
	} rows[] = {
		{ "username", "Username" },
		{ "password", "Password" },
		{ "nonce", "Nonce" },
		{ "created", "Created" },
		{ "nonce-created", "Nonce Created" },
		{ "all", "Username Password Nonce Created" },
	};
	struct token_craft *t = &c->token;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str gone = str(rows[i].gone);

		if (!str_eq(value, str(rows[i].value)))
			continue;
		t->children = without(c->a, t->children, gone);
		if (str_has_word(gone, STR("Nonce")))
			t->nonce_octets = STR("");
		if (str_has_word(gone, STR("Created")))
			t->created_hashed = STR("");
	}
	return arena_check(c->a, err);
}

/* Deviations of a UsernameToken before hashing, and of its digest (UTP 1.1 section 3.1). */
#include "auth/base64.h"
#include "auth/datetime.h"
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
		{ "undecoded", nonce_undecoded },
		{ "double", nonce_double },
		{ "spaces-inside", nonce_spaces_inside },
		{ "=LITERAL", nonce_literal },
	};

	return RUN(actions);
}

/* --- created --- */

static int created_shift(struct craft *c, struct str argument, struct err *err)
{
	int64_t shift;

	if (str_to_ms(argument, &shift) ||
	    __builtin_add_overflow(c->token.created_ms, shift, &c->token.created_ms))
		return err_set(err, ERR_INPUT, "not a duration");
	token_use_created(c, datetime_format(c->a, c->token.created_ms, 0));
	return arena_check(c->a, err);
}

static int created_same(struct craft *c, struct err *err)
{
	if (!c->memory->created.p)
		return err_set(err, ERR_INPUT, "no step before this one sent Created");
	token_use_created(c, c->memory->created);
	return 0;
}

/* Another text for the same instant, from "2026-08-22T10:11:12Z". */
static int respell(struct craft *c, const char *spelling, struct err *err)
{
	int64_t ms = c->token.created_ms;
	struct str z = c->token.sent.created, bare = str_sub(z, 0, z.n - (z.n > 0));
	const struct {
		const char *value;
		struct str text;
	} texts[] = {
		{ "empty", STR("") },
		{ "no-zone", bare },
		{ "offset", datetime_format_offset(c->a, ms, 120) },
		{ "offset-zero", arena_concat(c->a, bare, STR("+00:00")) },
		{ "fraction3", datetime_format(c->a, ms, 3) },
		{ "fraction9", datetime_format(c->a, ms, 9) },
		{ "date-only", str_sub(z, 0, sizeof("2026-08-22") - 1) },
		{ "garbage", STR("yesterday") },
		{ "lower", text_lower(c->a, z) },
		{ "leap", arena_concat(c->a, str_sub(bare, 0, sizeof("2026-08-22T10:11:") - 1),
				       STR("60Z")) },
		{ "no-seconds",
		  arena_concat(c->a, str_sub(bare, 0, sizeof("2026-08-22T10:11") - 1), STR("Z")) },
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		if (strcmp(spelling, texts[i].value) == 0)
			token_use_created(c, texts[i].text);
	return arena_check(c->a, err);
}

int deviate_token_created(struct craft *c, struct str value, struct err *err)
{
	char spelling[16] = "";
	int64_t ms;

	if (str_starts(value, STR("="))) {
		token_use_created(c, str_sub(value, 1, value.n));
		return 0;
	}
	if (str_eq(value, STR("same")))
		return created_same(c, err);
	if (str_to_ms(value, &ms) == 0)
		return created_shift(c, value, err);
	if (value.n < sizeof(spelling))
		memcpy(spelling, value.p, value.n);
	return respell(c, spelling, err);
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

/* Deviations of Digest before hashing: what is hashed, what is sent, or both (RFC 7616 3.4). */
#include "auth/deviate.h"

#include <inttypes.h>

int deviate_digest_password(struct craft *c, struct str value, struct err *err)
{
	return deviate_password(c, value, &c->digest.hash.password, err);
}

/* --- user --- */

/* RFC 7616 3.4: username and username* MUST NOT come together. */
static int both_users(struct craft *c, struct str argument, struct err *err)
{
	struct str user = c->in->account.user, out = STR("UTF-8''");

	(void)argument;
	for (size_t i = 0; i < user.n; i++) {
		struct str one = str_sub(user, i, 1);

		if (char_is_alpha(user.p[i]) || char_is_digit(user.p[i]))
			out = arena_concat(c->a, out, one);
		else
			out = arena_fmt(c->a, "%.*s%%%02X", STR_ARG(out),
					(unsigned)(unsigned char)user.p[i]);
	}
	c->digest.user_star = out;
	return arena_check(c->a, err);
}

int deviate_digest_user(struct craft *c, struct str value, struct err *err)
{
	if (str_eq(value, STR("both")))
		return both_users(c, value, err);
	if (deviate_user(c, value, &c->digest.user, err))
		return -1;
	c->digest.hash.user = c->digest.user;
	return 0;
}

int deviate_digest_realm(struct craft *c, struct str value, struct err *err)
{
	struct digest_craft *d = &c->digest;

	if (str_eq(value, STR("empty")) && !d->realm.n)
		return err_set(err, ERR_INPUT, "the realm of the challenge is empty");
	d->realm = str_eq(value, STR("empty")) ? STR("")
					       : arena_concat(c->a, d->realm, STR(" of others"));
	d->hash.realm = d->realm;
	return arena_check(c->a, err);
}

/* --- nonce --- */

static int nonce_same(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->memory->nc && !c->memory->nonce.p)
		return err_set(err, ERR_INPUT, "no step before this one sent a nonce");
	digest_use_nonce(c, digest_last_nonce(c->memory));
	return 0;
}

static int nonce_foreign(struct craft *c, struct str argument, struct err *err)
{
	struct str nonce;

	(void)argument;
	if (text_foreign(c, c->digest.nonce, &nonce, err))
		return -1;
	digest_use_nonce(c, nonce);
	return 0;
}

static int nonce_altered(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	digest_use_nonce(c, text_alter(c->a, c->digest.nonce));
	return arena_check(c->a, err);
}

static int nonce_empty(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	digest_use_nonce(c, STR(""));
	return 0;
}

static int nonce_truncated(struct craft *c, struct str argument, struct err *err)
{
	struct str nonce = c->digest.nonce;

	(void)argument;
	if (nonce.n < 2)
		return err_set(err, ERR_INPUT, "the nonce is too short to be cut");
	digest_use_nonce(c, str_sub(nonce, 0, nonce.n / 2));
	return 0;
}

int deviate_digest_nonce(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "same", nonce_same },           { "foreign", nonce_foreign },
		{ "altered", nonce_altered },     { "empty", nonce_empty },
		{ "truncated", nonce_truncated },
	};

	return RUN(actions);
}

/* --- nc --- */

static int set_nc(struct craft *c, struct str nc, struct err *err)
{
	c->digest.nc = c->digest.hash.nc = nc;
	return arena_check(c->a, err);
}

static int nc_same(struct craft *c, struct str argument, struct err *err)
{
	uint64_t last = digest_last_nc(c->memory, c->digest.nonce);

	(void)argument;
	if (!last)
		return err_set(err, ERR_INPUT,
			       "no step before this one sent an nc with this nonce");
	return set_nc(c, digest_nc_text(c->a, last), err);
}

static int nc_lower(struct craft *c, struct str argument, struct err *err)
{
	uint64_t last = digest_last_nc(c->memory, c->digest.nonce);

	(void)argument;
	if (last < 2)
		return err_set(err, ERR_INPUT, "no step before this one skipped an nc");
	return set_nc(c, digest_nc_text(c->a, last - 1), err);
}

static int nc_skip(struct craft *c, struct str argument, struct err *err)
{
	uint64_t last = digest_last_nc(c->memory, c->digest.nonce);

	(void)argument;
	return set_nc(c, digest_nc_text(c->a, last + 1 + 5), err);
}

static int nc_zero(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return set_nc(c, STR("00000000"), err);
}

static int nc_high(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return set_nc(c, STR("ffffffff"), err);
}

int deviate_digest_nc(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "same", nc_same }, { "lower", nc_lower }, { "skip", nc_skip },
		{ "zero", nc_zero }, { "high", nc_high },   { "=LITERAL", set_nc },
	};

	if (!c->digest.has_qop)
		return err_set(err, ERR_INPUT, "without qop there is no nc");
	return RUN(actions);
}

/* --- nc-form: the same number in another spelling --- */

static int nc_format(struct craft *c, const char *format, struct err *err)
{
	uint64_t nc;

	if (digest_nc_number(c->digest.nc, &nc))
		return err_set(err, ERR_INPUT, "nc is not a number");
	if (str_eq(str(format), STR("long")))
		return set_nc(c, arena_fmt(c->a, "%09" PRIx64, nc), err);
	return set_nc(c, arena_fmt(c->a, "%" PRIx64, nc), err);
}

static int nc_short(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nc_format(c, "short", err);
}

static int nc_long(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return nc_format(c, "long", err);
}

/* The next number that has a letter among its digits. */
static int nc_upper(struct craft *c, struct str argument, struct err *err)
{
	uint64_t nc;
	struct str upper, lower;

	(void)argument;
	if (digest_nc_number(c->digest.nc, &nc))
		return err_set(err, ERR_INPUT, "nc is not a number");
	for (nc = nc < 10 ? 10 : nc;; nc++) {
		lower = digest_nc_text(c->a, nc);
		upper = text_upper(c->a, lower);
		if (!str_eq(lower, upper) || !arena_ok(c->a))
			return set_nc(c, upper, err);
	}
}

int deviate_digest_nc_form(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "short", nc_short },
		{ "long", nc_long },
		{ "upper", nc_upper },
	};

	if (!c->digest.has_qop)
		return err_set(err, ERR_INPUT, "without qop there is no nc");
	return RUN(actions);
}

/* --- cnonce --- */

static int set_cnonce(struct craft *c, struct str cnonce, struct err *err)
{
	c->digest.cnonce = c->digest.hash.cnonce = cnonce;
	return arena_check(c->a, err);
}

static int cnonce_same(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (!c->memory->cnonce.p)
		return err_set(err, ERR_INPUT, "no step before this one sent a cnonce");
	return set_cnonce(c, c->memory->cnonce, err);
}

static int cnonce_empty(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return set_cnonce(c, STR(""), err);
}

static int cnonce_long(struct craft *c, struct str argument, struct err *err)
{
	char octets[128];

	(void)argument;
	world_random(c->in->world, octets, sizeof(octets));
	return set_cnonce(c, text_hex(c->a, str_n(octets, sizeof(octets))), err);
}

static int cnonce_insert(struct craft *c, struct str piece, struct err *err)
{
	struct str cnonce = c->digest.cnonce;

	return set_cnonce(c, text_insert(c->a, cnonce, cnonce.n / 2, piece), err);
}

/* What a reader that splits at commas gets wrong. */
static int cnonce_comma(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return cnonce_insert(c, STR(", nc=x"), err);
}

/* What a reader that ends a string at the first quote, or hashes the backslash, gets wrong. */
static int cnonce_quote(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return cnonce_insert(c, STR("\""), err);
}

int deviate_digest_cnonce(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "same", cnonce_same },   { "empty", cnonce_empty }, { "long", cnonce_long },
		{ "comma", cnonce_comma }, { "quote", cnonce_quote },
	};

	if (!c->digest.has_qop && !c->digest.hash.session)
		return err_set(err, ERR_INPUT, "without qop there is no cnonce");
	return RUN(actions);
}

/* Deviations of the digest of a UsernameToken (UTP 1.1 section 3.1). */
#include "auth/base64.h"
#include "auth/deviate.h"

/* The digest over other parts, in their order. */
static int digest_of(struct craft *c, enum hash_alg alg, const struct str *part, size_t n,
		     struct str *octets, struct err *err)
{
	uint8_t digest[HASH_MAX];

	if (hash_parts(alg, part, n, digest, err))
		return -1;
	*octets = arena_str(c->a, str_n(digest, hash_bytes(alg)));
	return arena_check(c->a, err);
}

static int set_base64(struct craft *c, struct str octets, struct err *err)
{
	c->token.sent.password = base64_encode(c->a, octets);
	return arena_check(c->a, err);
}

static int right(struct craft *c, enum hash_alg alg, struct str *octets, struct err *err)
{
	const struct token_craft *t = &c->token;

	return digest_of(c, alg, HASH_PARTS(t->nonce_octets, t->created_hashed, t->password_hashed),
			 octets, err);
}

static int as_hex(struct craft *c, struct str argument, struct err *err)
{
	struct str octets;

	(void)argument;
	if (right(c, HASH_SHA1, &octets, err))
		return -1;
	c->token.sent.password = text_hex(c->a, octets);
	return arena_check(c->a, err);
}

/* The digest of the right parts in their order, by another hash. */
static int other_hash(struct craft *c, enum hash_alg alg, struct err *err)
{
	struct str octets;

	return right(c, alg, &octets, err) ? -1 : set_base64(c, octets, err);
}

static int sha256(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return other_hash(c, HASH_SHA256, err);
}

static int md5(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return other_hash(c, HASH_MD5, err);
}

static int sha512_256(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return other_hash(c, HASH_SHA512_256, err);
}

/* SHA-1 over these parts. */
static int sha1_of(struct craft *c, const struct str *part, size_t n, struct err *err)
{
	struct str octets;

	return digest_of(c, HASH_SHA1, part, n, &octets, err) ? -1 : set_base64(c, octets, err);
}

static int no_nonce(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;

	(void)argument;
	return sha1_of(c, HASH_PARTS(t->created_hashed, t->password_hashed), err);
}

static int no_created(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;

	(void)argument;
	return sha1_of(c, HASH_PARTS(t->nonce_octets, t->password_hashed), err);
}

/* One value for ever: as good as the password itself. */
static int bare(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return sha1_of(c, HASH_PARTS(c->token.password_hashed), err);
}

static int swapped(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;

	(void)argument;
	return sha1_of(c, HASH_PARTS(t->created_hashed, t->nonce_octets, t->password_hashed), err);
}

static int nonce_last(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;

	(void)argument;
	return sha1_of(c, HASH_PARTS(t->password_hashed, t->created_hashed, t->nonce_octets), err);
}

/* A stored SHA-1 in place of the password, as some travel systems agree to. */
static int equivalent(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;
	struct str hashed;

	(void)argument;
	if (digest_of(c, HASH_SHA1, HASH_PARTS(t->password_hashed), &hashed, err))
		return -1;
	return sha1_of(c, HASH_PARTS(t->nonce_octets, t->created_hashed, hashed), err);
}

static int double_base64(struct craft *c, struct str argument, struct err *err)
{
	struct str octets;

	(void)argument;
	return right(c, HASH_SHA1, &octets, err) ? -1
						 : set_base64(c, base64_encode(c->a, octets), err);
}

/* What a comparison over the octets that came takes for right. */
static int too_short(struct craft *c, struct str argument, struct err *err)
{
	struct str octets;

	(void)argument;
	return right(c, HASH_SHA1, &octets, err) ? -1 : set_base64(c, str_sub(octets, 0, 10), err);
}

static int altered(struct craft *c, struct str argument, struct err *err)
{
	struct str octets;

	(void)argument;
	if (right(c, HASH_SHA1, &octets, err))
		return -1;
	octets = text_replace(c->a, octets, octets.n - 1, (char)(octets.p[octets.n - 1] ^ 1));
	return set_base64(c, octets, err);
}

static int empty(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->token.sent.password = STR("");
	return 0;
}

/* What a comparison that stops at 20 octets takes for right. */
static int too_long(struct craft *c, struct str argument, struct err *err)
{
	struct str octets;

	(void)argument;
	if (right(c, HASH_SHA1, &octets, err))
		return -1;
	return set_base64(c, arena_concat(c->a, octets, STR("xx")), err);
}

static int plain(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->token.sent.password = c->token.password_hashed;
	return 0;
}

static int literal(struct craft *c, struct str argument, struct err *err)
{
	(void)err;
	c->token.sent.password = argument;
	return 0;
}

int deviate_token_digest(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "hex", as_hex },
		{ "sha256", sha256 },
		{ "md5", md5 },
		{ "sha512-256", sha512_256 },
		{ "no-nonce", no_nonce },
		{ "no-created", no_created },
		{ "bare", bare },
		{ "swapped", swapped },
		{ "nonce-last", nonce_last },
		{ "equivalent", equivalent },
		{ "double", double_base64 },
		{ "short", too_short },
		{ "altered", altered },
		{ "empty", empty },
		{ "long", too_long },
		{ "plain", plain },
		{ "=LITERAL", literal },
	};

	if (c->token.text)
		return err_set(err, ERR_INPUT, "a plaintext password has no digest");
	return RUN(actions);
}

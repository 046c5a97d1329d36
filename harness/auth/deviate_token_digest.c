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

static int sha256(struct craft *c, struct str argument, struct err *err)
{
	struct str octets;

	(void)argument;
	return right(c, HASH_SHA256, &octets, err) ? -1 : set_base64(c, octets, err);
}

static int no_nonce(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;
	struct str octets;

	(void)argument;
	return digest_of(c, HASH_SHA1, HASH_PARTS(t->created_hashed, t->password_hashed), &octets,
			 err)
		       ? -1
		       : set_base64(c, octets, err);
}

static int no_created(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;
	struct str octets;

	(void)argument;
	return digest_of(c, HASH_SHA1, HASH_PARTS(t->nonce_octets, t->password_hashed), &octets,
			 err)
		       ? -1
		       : set_base64(c, octets, err);
}

static int swapped(struct craft *c, struct str argument, struct err *err)
{
	const struct token_craft *t = &c->token;
	struct str octets;

	(void)argument;
	return digest_of(c, HASH_SHA1,
			 HASH_PARTS(t->created_hashed, t->nonce_octets, t->password_hashed),
			 &octets, err)
		       ? -1
		       : set_base64(c, octets, err);
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
		{ "hex", as_hex },        { "sha256", sha256 },
		{ "no-nonce", no_nonce }, { "no-created", no_created },
		{ "swapped", swapped },   { "altered", altered },
		{ "empty", empty },       { "long", too_long },
		{ "plain", plain },       { "=LITERAL", literal },
	};

	if (c->token.text)
		return err_set(err, ERR_INPUT, "a plaintext password has no digest");
	return RUN(actions);
}

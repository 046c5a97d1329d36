#include "engine/recipe.h"

#include "auth/base64.h"

static enum recipe_password which_password(const struct craft_in *in, struct str password)
{
	if (str_eq(password, in->account.password))
		return RECIPE_RIGHT;
	if (str_eq(password, in->wrong_password))
		return RECIPE_WRONG;
	return password.n ? RECIPE_OTHER : RECIPE_EMPTY;
}

/* RFC 7617 2: what the payload holds may deviate from the two that it should be made of. */
static int add_basic(struct recipe_part *p, struct arena *a, const struct craft *c,
		     const struct craft_in *in, struct err *err)
{
	const struct basic_craft *b = &c->basic;
	struct str pair = arena_fmt(a, "%.*s:%.*s", STR_ARG(b->user), STR_ARG(b->password));

	p->user = b->user;
	p->computed = b->payload;
	p->password = which_password(in, b->password);
	if (!str_eq(base64_encode(a, pair), b->payload))
		p->password = RECIPE_OTHER;
	return arena_check(a, err);
}

static int add_digest(struct recipe_part *p, struct arena *a, const struct craft *c,
		      const struct craft_in *in, struct err *err)
{
	char hex[HASH_HEX_MAX];

	p->digest = c->digest.hash;
	p->password = which_password(in, p->digest.password);
	if (digest_response(&p->digest, hex, err))
		return -1;
	p->digest.password = (struct str){ 0 };
	p->computed = arena_str(a, str(hex));
	return arena_check(a, err);
}

static int add_token(struct recipe_part *p, struct arena *a, const struct craft *c,
		     const struct craft_in *in, struct err *err)
{
	const struct token_craft *t = &c->token;

	p->text = t->text;
	p->password = which_password(in, t->password_hashed);
	p->nonce = t->sent.nonce;
	p->nonce_bytes = t->nonce_octets.n;
	p->nonce_plain = str_eq(base64_encode(a, t->nonce_octets), t->sent.nonce);
	p->created = t->sent.created;
	p->device_unix_ms = in->device_unix_ms;
	p->created_hashed = str_eq(t->sent.created, t->created_hashed);
	p->computed = t->password_hashed;
	if (!t->text && ut_password_digest(a, t->nonce_octets, t->created_hashed,
					   t->password_hashed, &p->computed, err))
		return -1;
	return arena_check(a, err);
}

int recipe_add(struct recipe *r, struct arena *a, const struct craft *c, enum mechanism mech,
	       const struct craft_in *in, const struct digest_challenge *challenge, struct err *err)
{
	static int (*const add[MECHANISMS])(struct recipe_part * p, struct arena * a,
					    const struct craft *c, const struct craft_in *in,
					    struct err *err) = {
		[MECH_BASIC] = add_basic,
		[MECH_DIGEST] = add_digest,
		[MECH_TOKEN] = add_token,
	};
	struct recipe_part *p = &r->part[r->n];

	if (r->n == COUNT(r->part)) {
		r->whole = false;
		return 0;
	}
	r->whole = r->n++ ? r->whole : true;
	*p = (struct recipe_part){ .mech = mech };
	if (challenge) {
		p->challenge_nonce = challenge->nonce;
		p->challenge_opaque = challenge->opaque;
	}
	return add[mech](p, a, c, in, err);
}

static void keep(struct arena *a, struct str *s)
{
	if (s->p)
		*s = arena_str(a, *s);
}

const struct recipe *recipe_copy(struct arena *a, const struct recipe *r)
{
	struct recipe *copy = r->n ? arena_new(a, struct recipe) : NULL;

	if (!copy)
		return NULL;
	*copy = *r;
	for (size_t i = 0; i < r->n; i++) {
		struct recipe_part *p = &copy->part[i];
		struct str *const views[] = {
			&p->computed,
			&p->user,
			&p->digest.qop_text,
			&p->digest.user,
			&p->digest.realm,
			&p->digest.method,
			&p->digest.uri,
			&p->digest.body,
			&p->digest.nonce,
			&p->digest.nc,
			&p->digest.cnonce,
			&p->digest.session_nonce,
			&p->digest.session_cnonce,
			&p->challenge_nonce,
			&p->challenge_opaque,
			&p->nonce,
			&p->created,
		};

		for (size_t k = 0; k < COUNT(views); k++)
			keep(a, views[k]);
	}
	return copy;
}

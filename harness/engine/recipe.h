/* recipe.h - how credentials came to be, for somebody who makes them anew.
 *
 * The octets of a request say nearly all; a recipe adds what was hashed, and which of the texts in
 * it are of one time only.  No password is in it, only which one it was.
 */
#ifndef ENGINE_RECIPE_H
#define ENGINE_RECIPE_H

#include "auth/craft.h"

enum recipe_password {
	RECIPE_RIGHT,
	RECIPE_WRONG, /* of the same length, with another first octet: x, or y where it is x */
	RECIPE_EMPTY,
	RECIPE_OTHER /* cannot be said without the password */
};

/* The credentials of one mechanism.  All views live with their recipe. */
struct recipe_part {
	enum mechanism mech;
	enum recipe_password password;
	struct str computed; /* what the password went into, unescaped: the payload of Basic, the
				response, the text of wsse:Password; a secret */
	struct str user;     /* of Basic: what stands before the colon */
	/* Digest: all that is hashed; its password is empty. */
	struct digest_inputs digest;
	struct str challenge_nonce, challenge_opaque; /* of the challenge that is answered */
	/* UsernameToken */
	bool text;                 /* PasswordText */
	bool nonce_plain;          /* the Nonce is the Base64 of what is hashed */
	bool created_hashed;       /* Created is hashed as it is sent */
	struct str nonce, created; /* as sent */
	size_t nonce_bytes;        /* octets */
	int64_t device_unix_ms;    /* the device's time then */
};

struct recipe {
	struct recipe_part part[MECHANISMS + 1];
	size_t n;
	bool whole; /* false: there is a part that is not told */
};

/* Add what a craft made.  in: what it was told. */
int recipe_add(struct recipe *r, struct arena *a, const struct craft *c, enum mechanism mech,
	       const struct craft_in *in, const struct digest_challenge *challenge,
	       struct err *err) MUST_CHECK;
/* A copy whose views live in a; NULL when r has no part, or the arena is full. */
const struct recipe *recipe_copy(struct arena *a, const struct recipe *r);

#endif

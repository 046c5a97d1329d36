/* craft.h - write the credentials of one request, correct but for its deviations.
 *
 * Zero is a correct client: a craft without deviations gives what RFC 7617, RFC 7616 and UTP 1.1
 *ask for.  A deviation is a row of the table in deviation.c; it runs at its stage:
 *
 *	VALUES	before hashing: changes what is hashed and what is sent, each by itself
 *	PARAMS	after hashing: changes the parameters (or token children) to be written
 *	FIELDS	after writing: changes the header lines (or the Security header text)
 *
 * Within a stage they run in the order of the table.
 */
#ifndef AUTH_CRAFT_H
#define AUTH_CRAFT_H

#include "auth/digest.h"
#include "auth/username_token.h"
#include "base/http.h"
#include "base/world.h"

enum mechanism { MECH_BASIC, MECH_DIGEST, MECH_TOKEN, MECHANISMS };
const char *mechanism_name(enum mechanism m); /* "basic", "digest", "token" */

enum deviation_stage { STAGE_VALUES, STAGE_PARAMS, STAGE_FIELDS };

/* How a deviation is proved before it is sent (design, section 5). */
enum deviation_class {
	DEVIATION_CONTENT, /* the reference verifier must find a defect in the octets */
	DEVIATION_STATE,   /* replay, age, order: only a server with a memory can tell */
	DEVIATION_LEGAL    /* an unusual but right spelling: the verifier must find no defect */
};

struct craft;
struct deviation {
	enum mechanism mech;
	const char *name;   /* attribute name in the case language: "nc" */
	const char *values; /* space-separated; in capitals, or with them: open domains */
	enum deviation_stage stage;
	const char *help; /* one line */
	int (*apply)(struct craft *c, struct str value, struct err *err);
	/* The class of one value ("nc" is STATE for "same", CONTENT for "zero"). */
	enum deviation_class (*class)(struct str value);
};

/* The table, ended by a row whose name is NULL. */
extern const struct deviation deviations[];
const struct deviation *deviation_find(enum mechanism mech, struct str name);
/* Is value in the domain of d?  Fills err with what is expected when it is not. */
int deviation_check(const struct deviation *d, struct str value, struct err *err) MUST_CHECK;

/* One deviation of one step, values already free of "$axis". */
struct deviate {
	const struct deviation *d;
	struct str value;
};

/* --- what a craft is told --- */

/* What a client remembers between requests of one case; the craft reads and updates it.
 * All views live in the arena of the case.  Whoever takes up a new challenge sets challenge and
 * has_digest and leaves the rest alone: a nonce that differs from the last one starts with nc 1,
 * and nonce="same" finds the old one.  After nc ffffffff the nonce is used up and has_digest is
 * false.
 */
struct craft_memory {
	bool has_digest;
	struct digest_challenge challenge; /* that digest credentials answer */
	struct str nonce;                  /* last one sent; .p NULL: challenge.nonce, if any */
	uint64_t nc;                       /* highest one sent with nonce; 0 none */
	struct str cnonce;                 /* last one sent */
	struct str session_nonce, session_cnonce; /* -sess: of the session's start */
	bool has_token;
	struct str token_nonce; /* octets of the last token */
	struct str created;     /* text of the last token */
};

struct craft_account {
	struct str user, password;
};

struct craft_in {
	struct craft_account account; /* the right one */
	struct str wrong_user;        /* a name that no account has */
	struct str wrong_password;    /* of the same length as the right one, and not it */
	int64_t device_unix_ms;       /* now, on the device's clock */
	const struct world *world;    /* randomness for cnonce and nonce */
	struct http_request request;  /* method, target and body are read */
	struct str origin;            /* "http://host:port", for absolute uris */
	bool qop_auth_int;            /* prefer auth-int where it is offered */
	bool token_text; /* the correct token is PasswordText (a device without digest) */
};

/* --- what it gives --- */

/* One parameter of Digest credentials on its way out. */
struct craft_param {
	struct str name, value; /* value unquoted */
	bool quoted, omit;
	bool raw; /* value is written as it is, with its quotes and quoted pairs */
};

#define CRAFT_PARAMS 24

struct digest_craft {
	struct str scheme;                                                      /* "Digest" */
	struct digest_inputs hash;                                              /* what is hashed */
	struct str user, realm, nonce, uri, nc, cnonce, qop, algorithm, opaque; /* what is sent */
	bool has_qop, has_algorithm, has_opaque;
	struct str user_star; /* an RFC 8187 value for username*; .p NULL: none */
	bool no_user;         /* username* comes alone */
	bool userhash;        /* user is a hash, and userhash=true goes with it */
	struct craft_param param[CRAFT_PARAMS];
	size_t n_param;
	struct str separator; /* ", " */
	struct str equals;    /* "=" */
};

struct basic_craft {
	struct str scheme; /* "Basic" */
	struct str space;  /* " " */
	struct str user, password;
	struct str pair;    /* user ":" password, before Base64 */
	struct str payload; /* after Base64 */
};

struct token_craft {
	struct username_token sent; /* texts to be written, not yet escaped */
	struct str nonce_octets;    /* hashed */
	struct str nonce_value;     /* the nonce itself, for the memory */
	struct str created_hashed, password_hashed;
	bool text;          /* Type PasswordText */
	int64_t created_ms; /* instant, before it is formatted */
	/* Writing: */
	struct str wsse_prefix, wsu_prefix, wsse_ns, wsu_ns;
	struct str must_understand; /* value of the attribute; .p NULL: none */
	struct str actor;           /* value of the SOAP 1.2 role attribute; .p NULL: none */
	struct str soap_prefix;     /* of the envelope, for the two above: "s" */
	char quote;                 /* of attributes */
	bool redeclare;             /* each child declares its own namespace again */
	struct str children; /* in order, "Username Password Nonce Created"; twice: written twice */
	struct str attributes;    /* raw, of UsernameToken, with a space in front */
	struct str before, after; /* raw XML around the children, inside UsernameToken */
	struct str beside;        /* raw XML before the UsernameToken, inside Security */
	/* How the text of a child is written, as XML; child is its local name. */
	struct str (*text_form)(struct arena *a, const char *child, struct str text);
	struct str formed_child; /* the one child that is written so; .n 0: none */
	struct str (*child_form)(struct arena *a, struct str text);
	struct str foreign_child;           /* written in a namespace that nobody knows */
	struct str other_child, other_text; /* that child, at its other_at-th coming, has this */
	int other_at;
	struct str prologue;   /* raw XML before the Envelope: a document type */
	struct str security;   /* FIELDS stage: the Security element, raw XML */
	struct str body_extra; /* raw XML to put into the Body (a misplaced token) */
};

struct craft {
	struct arena *a;
	const struct craft_in *in;
	struct craft_memory *memory;
	enum mechanism mech;
	struct basic_craft basic;
	struct digest_craft digest;
	struct token_craft token;
	/* Values of Authorization fields, in order: basic and digest. */
	struct str field[4];
	size_t n_field;
};

/* Craft credentials of one mechanism.  For MECH_DIGEST memory->challenge must be there
 * (has_digest).
 *
 * On return: basic, digest: out->field[]; token: out->token.security and .body_extra.  memory->nc
 * and the rest are advanced as a correct client would, or as the deviations say; a forged nonce
 * leaves them alone.  With -sess the cnonce of the session's start is kept for all its requests, so
 * that servers that keep no session agree with those that do.
 *
 * -1 with ERR_INPUT when a deviation cannot apply ("nc=same" on the first step,
 * "payload=no-padding" where there is no padding), ERR_NOMEM, ERR_CRYPTO, ERR_LIMIT; memory is then
 * unchanged.
 */
int craft_credentials(struct craft *out, struct arena *a, enum mechanism mech,
		      const struct craft_in *in, struct craft_memory *memory,
		      const struct deviate *deviate, size_t n_deviate, struct err *err) MUST_CHECK;

#endif

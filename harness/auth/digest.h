/* digest.h - the arithmetic of HTTP Digest: RFC 7616 3.4, RFC 2617 3.2.2, RFC 2069 2.1.2.
 *
 * Pure functions of octets: the client side, the reference device and the vectors share them.
 * Nothing is checked or normalised: what is given is what is hashed.
 */
#ifndef AUTH_DIGEST_H
#define AUTH_DIGEST_H

#include "auth/challenge.h"

struct digest_inputs {
	enum hash_alg alg;
	bool session;        /* -sess: A1 takes nonce and cnonce in (RFC 7616 3.4.2) */
	enum digest_qop qop; /* DIGEST_QOP_NONE: the RFC 2069 form */
	struct str qop_text; /* hashed in place of the name of qop when .p is not NULL */
	struct str user, realm, password;
	struct str method, uri, body; /* body: content-coded octets, for auth-int */
	struct str nonce, nc, cnonce; /* nc as written: "00000001" */
	struct str session_nonce,
		session_cnonce; /* of the session's start; .p NULL: nonce, cnonce */
};

/* The response directive, lower-case hex, NUL-terminated. */
int digest_response(const struct digest_inputs *in, char hex[static HASH_HEX_MAX],
		    struct err *err) MUST_CHECK;
/* rspauth of Authentication-Info: as response, with an empty method (RFC 7616 3.5). */
int digest_rspauth(const struct digest_inputs *in, char hex[static HASH_HEX_MAX],
		   struct err *err) MUST_CHECK;
/* H(user ":" realm), for userhash=true (RFC 7616 3.4.4). */
int digest_userhash(enum hash_alg alg, struct str user, struct str realm,
		    char hex[static HASH_HEX_MAX], struct err *err) MUST_CHECK;
/* HA1 without the session part; HA2; H(body): for vectors and explanations. */
int digest_ha1(const struct digest_inputs *in, char hex[static HASH_HEX_MAX],
	       struct err *err) MUST_CHECK;
int digest_ha2(const struct digest_inputs *in, char hex[static HASH_HEX_MAX],
	       struct err *err) MUST_CHECK;

#endif

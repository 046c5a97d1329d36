/* challenge.h - WWW-Authenticate and Authorization as RFC 9110 section 11 writes them. */
#ifndef AUTH_CHALLENGE_H
#define AUTH_CHALLENGE_H

#include "auth/hash.h"
#include "base/arena.h"

struct auth_param {
	struct str name;  /* as written */
	struct str value; /* unquoted, quoted pairs resolved (RFC 9110 5.6.4) */
	struct str raw;   /* as written, with its quotes */
	bool quoted;
};

/* What is wrong with one challenge; it is still listed, so that the report can show it. */
enum challenge_problem {
	CHALLENGE_DUPLICATE = 1 << 0, /* a parameter name twice: RFC 9110 11.2 */
	CHALLENGE_SYNTAX = 1 << 1,    /* unterminated string, stray octets, junk parameter */
	CHALLENGE_NO_COMMA = 1 << 2,  /* parameters parted by white space only, as the Sarix article
				       * prints them */
};

struct challenge {
	struct str scheme;  /* as written */
	struct str token68; /* .p NULL when there is none */
	struct auth_param *param;
	size_t n_param;
	unsigned problems; /* enum challenge_problem, ORed */
	struct str text;   /* the octets it was read from */
};

struct challenge_list {
	struct challenge *v;
	size_t n;
};

/* Read the values of all WWW-Authenticate fields of a response, in order.  Several challenges in a
 * field, empty list members, white space around "=", obs-fold: all read.  Malformed input never
 * fails: it gives a challenge with problems set.  -1 only for ERR_NOMEM and ERR_LIMIT (64 KiB of
 * field values, 64 challenges, 64 parameters each).
 */
int challenge_parse(struct arena *a, const struct str *field, size_t n, struct challenge_list *out,
		    struct err *err) MUST_CHECK;

/* One Authorization field: the same grammar, exactly one member.  Parameters parted by white space
 * only are read, with CHALLENGE_NO_COMMA.
 */
int credentials_parse(struct arena *a, struct str field, struct challenge *out,
		      struct err *err) MUST_CHECK;

/* First parameter of that name, case folded; NULL when there is none. */
const struct auth_param *challenge_param(const struct challenge *c, const char *name);
bool challenge_is(const struct challenge *c, const char *scheme);

enum digest_qop { DIGEST_QOP_NONE, DIGEST_QOP_AUTH, DIGEST_QOP_AUTH_INT, DIGEST_QOPS };

/* A Digest challenge understood (RFC 7616 3.3).  Views borrow from the challenge. */
struct digest_challenge {
	struct str realm, nonce, opaque, domain;
	struct str algorithm; /* as written; .p NULL when absent (then MD5) */
	enum hash_alg alg;
	bool session; /* -sess */
	bool has_opaque;
	bool stale;                  /* stale=true, case folded, quoted or not */
	bool qop_auth, qop_auth_int; /* offered; both false: RFC 2069 form */
	bool has_qop;
	bool userhash, charset_utf8;
};

/* -1 with ERR_PARSE when it cannot be answered: not Digest, no realm or nonce, an algorithm that
 * nobody registered, only unknown qop options, duplicated or unreadable parameters.
 */
int digest_challenge_read(const struct challenge *c, struct digest_challenge *out,
			  struct err *err) MUST_CHECK;

/* "SHA-256-sess" to HASH_SHA256 and true; case folded; the empty view is MD5.  -1 if unknown. */
int digest_algorithm_parse(struct str token, enum hash_alg *alg, bool *session);
const char *digest_algorithm_name(enum hash_alg alg, bool session); /* "SHA-512-256-sess" */

#endif

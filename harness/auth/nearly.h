/* nearly.h - credentials that do not match: which known mistake gives exactly what was sent?
 *
 * Each hypothesis is a row of a table and a function that recomputes with that mistake.  What a row
 * says is for people; what is compared is never printed.
 */
#ifndef AUTH_NEARLY_H
#define AUTH_NEARLY_H

#include "auth/digest.h"

struct hypothesis {
	const char *name;   /* "nonce-undecoded": stable, for programs */
	const char *text;   /* what was done, and whose mistake it usually is */
	const char *clause; /* that says how it is right */
};

/* why NULL: no hypothesis gives what was sent.  detail: which of several, may be empty. */
struct nearly {
	const struct hypothesis *why;
	struct str detail;
};

/* Digest: what the credentials say, with the password that is thought to be right. */
struct nearly_digest {
	struct digest_inputs in; /* as said; a method that is not known is for the caller to try */
	struct str response;     /* as sent */
	struct str target, host; /* of the request; .p NULL: not known */
	struct str user;         /* that is thought to be right */
	struct str realm, nonce, qop_list;       /* of the challenge; .p NULL: not known */
	struct str raw_user, raw_realm, raw_uri; /* as written, quotes included; .p NULL: none */
};
/* Is it right as it is? */
int nearly_digest_right(const struct nearly_digest *n, bool *right, struct err *err) MUST_CHECK;
int nearly_digest(struct arena *a, const struct nearly_digest *n, struct nearly *out,
		  struct err *err) MUST_CHECK;

/* PasswordDigest: texts as they stand in the envelope, white space included. */
struct nearly_token {
	struct str nonce, created, digest; /* .p NULL: no such element */
	struct str timestamp_created;      /* of the Timestamp beside it; .p NULL: none */
	struct str user, password;
};
int nearly_token_right(struct arena *a, const struct nearly_token *n, bool *right,
		       struct err *err) MUST_CHECK;
int nearly_token(struct arena *a, const struct nearly_token *n, struct nearly *out,
		 struct err *err) MUST_CHECK;

/* Basic: the token68, and the account that it is thought to be of. */
struct nearly_basic {
	struct str payload, user, password;
};
int nearly_basic(struct arena *a, const struct nearly_basic *n, struct nearly *out,
		 struct err *err) MUST_CHECK;

/* The rows of each table in the order in which they are tried; NULL past the end. */
const struct hypothesis *nearly_digest_row(size_t i);
const struct hypothesis *nearly_token_row(size_t i);
const struct hypothesis *nearly_basic_row(size_t i);

/* Passwords that are not quite the right one; ended by make NULL.  make gives .p NULL where its
 * mistake changes nothing.
 */
struct password_slip {
	struct hypothesis why;
	struct str (*make)(struct arena *a, struct str password);
};
extern const struct password_slip password_slips[];

/* Lower-case hex of octets. */
struct str nearly_hex(struct arena *a, struct str octets);
/* Percent-encoded octets as what they stand for; others as they are. */
struct str nearly_percent_decoded(struct arena *a, struct str text);
struct str nearly_case(struct arena *a, struct str text, bool upper);

#endif

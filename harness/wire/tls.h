/* tls.h - the certificates that a target showed when a connection began (RFC 8446 4.4.2).
 *
 * They are told, never judged: whether a client trusts them is the business of --cacert and
 * --insecure.  Whatever a target sends, so many of them are kept, and so much of each.
 */
#ifndef WIRE_TLS_H
#define WIRE_TLS_H

#include "base/arena.h"

#define TLS_CERTIFICATES 10    /* kept of a chain */
#define TLS_PEM_BYTES    16384 /* of one; none of RSA with 16384 bits is as long */
#define TLS_NAME_BYTES   512   /* kept of a name */

struct tls_certificate {
	struct str subject, issuer; /* "CN = camera, O = ACME" */
	bool has_times;
	int64_t from_ms, until_ms; /* when it is valid, both included; UTC */
	struct str sha256;         /* of its DER octets, 64 hex digits in lower case */
	struct str pem;            /* .p NULL: not kept */
};

/* The target's own certificate first.  What does not fit, and all behind it, is left off. */
struct tls_chain {
	struct tls_certificate *v;
	size_t n, left_off;
};

/* What a certificate is, by itself. */
enum tls_note {
	TLS_SELF_ISSUED, /* subject and issuer are one (RFC 5280 3.2); of a root as it should be */
	TLS_EXPIRED,
	TLS_NOT_YET_VALID,
	TLS_NOTES
};
const char *tls_note_name(enum tls_note n);  /* "self-issued": stable, for programs */
const char *tls_note_words(enum tls_note n); /* "issued by itself" */
bool tls_note_holds(enum tls_note n, const struct tls_certificate *c, int64_t at_ms);

/* PEM of one certificate (RFC 7468 section 5) and nothing else, to the hash of its octets.  -1 with
 * ERR_PARSE.
 */
int tls_fingerprint(struct arena *a, struct str pem, struct str *hex, struct err *err) MUST_CHECK;

/* All of it, with copies of the texts; failure shows in arena_ok. */
struct tls_chain tls_chain_copy(struct arena *a, const struct tls_chain *c);

#endif

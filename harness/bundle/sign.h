/* sign.h - signatures of a bundle: detached CMS (RFC 5652), and plain ones for DSSE.  One of the
 * two doors to OpenSSL beyond digests; sign_check.c is the other half.
 *
 * RSA with PKCS #1 v1.5 gives the same octets each time; ECDSA draws a number for each signature.
 * OpenSSL 3.0 makes no CMS of Ed25519.
 */
#ifndef BUNDLE_SIGN_H
#define BUNDLE_SIGN_H

#include "base/arena.h"
#include "base/buf.h"

#define SIGN_MAX   (1u << 20) /* octets of a CMS object */
#define SIGN_KEYID 65         /* hex SHA-256 of a public key, and a NUL */

struct signer;

/* PEM texts; chain may be empty.  A key with a pass phrase is refused, as is a certificate that is
 * not of this key, is not for signing, or is not valid at now_ms.  NULL with ERR_INPUT and what is
 * wrong; the caller knows the files' names.
 */
struct signer *signer_new(struct str key, struct str cert, struct str chain, int64_t now_ms,
			  struct err *err) MUST_CHECK;
void signer_free(struct signer *s);
void signer_keyid(const struct signer *s, char keyid[static SIGN_KEYID]);
/* DER; the signing time is what the caller says. */
int sign_cms(const struct signer *s, struct str content, int64_t time_ms, struct buf *der,
	     struct err *err) MUST_CHECK;
/* What the key's kind makes of it: RSA PKCS #1 v1.5 or ECDSA in DER, over SHA-256. */
int sign_octets(const struct signer *s, struct str octets, struct buf *out,
		struct err *err) MUST_CHECK;

/* --- checking: sign_check.c --- */

struct proof; /* a detached CMS signature of one signer, whose certificate it holds */

/* NULL with ERR_PARSE: no such thing, something behind it, or it does not sign content. */
struct proof *proof_new(struct str der, struct str content, struct err *err) MUST_CHECK;
void proof_free(struct proof *p);
void proof_keyid(const struct proof *p, char keyid[static SIGN_KEYID]);
/* Who signed, as the certificate calls him: "CN = Lab 7, O = Example". */
struct str proof_subject(struct arena *a, const struct proof *p);
struct str proof_issuer(struct arena *a, const struct proof *p);
/* Is sig a signature over octets by the same key? */
int proof_octets(const struct proof *p, struct str octets, struct str sig,
		 struct err *err) MUST_CHECK;
/* Does a chain lead from the signer to one of ca (PEM; empty: the system's) at now_ms, for
 * signing as in S/MIME, which is what `openssl cms -verify` asks too?  Nothing is fetched: revoked
 * certificates are not known.
 */
int proof_trust(const struct proof *p, struct str ca, int64_t now_ms, struct err *err) MUST_CHECK;

#endif

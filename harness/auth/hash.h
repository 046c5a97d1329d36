/* hash.h - the digests of the authentication schemes.  The only door to OpenSSL's EVP. */
#ifndef AUTH_HASH_H
#define AUTH_HASH_H

#include "base/err.h"
#include "base/str.h"

enum hash_alg { HASH_MD5, HASH_SHA1, HASH_SHA256, HASH_SHA512_256, HASHES };

#define HASH_MAX     32                 /* octets of the longest digest here */
#define HASH_HEX_MAX (2 * HASH_MAX + 1) /* lower-case hex and a NUL */

size_t hash_bytes(enum hash_alg alg); /* 16, 20, 32, 32 */

/* Digest of the parts one after the other.  ERR_CRYPTO when OpenSSL refuses (FIPS and MD5).
 * HASH_SHA512_256 is FIPS 180-4 SHA-512/256 with its own initial value, not a truncated SHA-512.
 */
int hash_parts(enum hash_alg alg, const struct str *part, size_t n, uint8_t out[static HASH_MAX],
	       struct err *err) MUST_CHECK;

/* hex(H(part0 ":" part1 ":" ...)), NUL-terminated; hex may alias a part. */
int hash_joined_hex(enum hash_alg alg, const struct str *part, size_t n,
		    char hex[static HASH_HEX_MAX], struct err *err) MUST_CHECK;

/* Compare secrets in constant time. */
bool hash_equal(struct str a, struct str b);

#define HASH_PARTS(...) (const struct str[]){ __VA_ARGS__ }, COUNT(((struct str[]){ __VA_ARGS__ }))

#endif

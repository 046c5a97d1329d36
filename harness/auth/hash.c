#include "auth/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

static const struct {
	const char *evp; /* OpenSSL's name for it */
	size_t bytes;
} algs[] = {
	[HASH_MD5] = { "MD5", 16 },
	[HASH_SHA1] = { "SHA1", 20 },
	[HASH_SHA256] = { "SHA2-256", 32 },
	[HASH_SHA512_256] = { "SHA2-512/256", 32 },
};
_Static_assert(COUNT(algs) == HASHES, "one row per enum hash_alg");

/* Fetched once and kept: a fetch costs more than the digest of a header.  The device's server may
 * run in a thread of its own.
 */
static EVP_MD *fetched[HASHES];
static CRYPTO_ONCE fetch_once = CRYPTO_ONCE_STATIC_INIT;

static void fetched_free(void)
{
	for (size_t i = 0; i < HASHES; i++)
		EVP_MD_free(fetched[i]);
}

static void fetch_all(void)
{
	for (size_t i = 0; i < HASHES; i++)
		fetched[i] = EVP_MD_fetch(NULL, algs[i].evp, NULL);
	OPENSSL_atexit(fetched_free);
}

static void ctx_free(EVP_MD_CTX **ctx)
{
	EVP_MD_CTX_free(*ctx);
}

size_t hash_bytes(enum hash_alg alg)
{
	return algs[alg].bytes;
}

/* H(part0 separator part1 ...); the separator may be empty. */
static int hash_with(enum hash_alg alg, struct str separator, const struct str *part, size_t n,
		     uint8_t out[static HASH_MAX], struct err *err)
{
	EVP_MD_CTX *ctx DEFER(ctx_free) = EVP_MD_CTX_new();
	uint8_t raw[EVP_MAX_MD_SIZE];
	bool ok = CRYPTO_THREAD_run_once(&fetch_once, fetch_all) && ctx && fetched[alg] &&
		  EVP_DigestInit_ex(ctx, fetched[alg], NULL);

	for (size_t i = 0; ok && i < n; i++)
		ok = (i == 0 || EVP_DigestUpdate(ctx, separator.p, separator.n)) &&
		     EVP_DigestUpdate(ctx, part[i].p, part[i].n);
	if (!ok || !EVP_DigestFinal_ex(ctx, raw, NULL))
		return err_set(err, ERR_CRYPTO, "OpenSSL does not give %s", algs[alg].evp);
	memcpy(out, raw, algs[alg].bytes);
	return 0;
}

int hash_parts(enum hash_alg alg, const struct str *part, size_t n, uint8_t out[static HASH_MAX],
	       struct err *err)
{
	return hash_with(alg, STR(""), part, n, out, err);
}

int hash_joined_hex(enum hash_alg alg, const struct str *part, size_t n,
		    char hex[static HASH_HEX_MAX], struct err *err)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t raw[HASH_MAX];

	if (hash_with(alg, STR(":"), part, n, raw, err))
		return -1;
	for (size_t i = 0; i < algs[alg].bytes; i++) {
		hex[2 * i] = digits[raw[i] >> 4];
		hex[2 * i + 1] = digits[raw[i] & 15];
	}
	hex[2 * algs[alg].bytes] = '\0';
	return 0;
}

bool hash_equal(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || CRYPTO_memcmp(a.p, b.p, a.n) == 0);
}

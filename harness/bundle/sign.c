#include "bundle/sign_pem.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdlib.h>

struct signer {
	EVP_PKEY *key;
	X509 *cert;
	STACK_OF(X509) * chain;
};

static void drop_bio(BIO **b)
{
	BIO_free(*b);
}

static void drop_cms(CMS_ContentInfo **c)
{
	CMS_ContentInfo_free(*c);
}

static void drop_time(ASN1_TIME **t)
{
	ASN1_TIME_free(*t);
}

static void drop_digest(EVP_MD_CTX **c)
{
	EVP_MD_CTX_free(*c);
}

static BIO *bio_of(struct str s)
{
	return BIO_new_mem_buf(s.p ? s.p : "", (int)s.n);
}

int sign_failed(struct err *err, enum err_code code, const char *what)
{
	const char *why = ERR_reason_error_string(ERR_peek_last_error());

	ERR_clear_error();
	return err_set(err, code, "%s%s%s", what, why ? ": " : "", why ? why : "");
}

STACK_OF(X509) * sign_pem_certs(struct str pem, struct err *err)
{
	BIO *in DEFER(drop_bio) = bio_of(pem);
	STACK_OF(X509) *list = sk_X509_new_null();
	X509 *cert;

	while (in && list && (cert = PEM_read_bio_X509(in, NULL, NULL, NULL)))
		if (!sk_X509_push(list, cert))
			X509_free(cert);
	if (list && sk_X509_num(list) > 0) {
		ERR_clear_error(); /* "no start line": the end of the text */
		return list;
	}
	sk_X509_pop_free(list, X509_free);
	sign_failed(err, ERR_INPUT, "no certificate in PEM");
	return NULL;
}

int sign_keyid(EVP_PKEY *key, char keyid[static SIGN_KEYID])
{
	unsigned char *der = NULL, hash[EVP_MAX_MD_SIZE];
	int n = i2d_PUBKEY(key, &der);
	bool ok = n > 0 && EVP_Digest(der, (size_t)n, hash, NULL, EVP_sha256(), NULL);

	OPENSSL_free(der);
	keyid[0] = '\0';
	for (size_t i = 0; ok && i < 32; i++)
		snprintf(keyid + 2 * i, 3, "%02x", hash[i]);
	return ok ? 0 : -1;
}

const EVP_MD *sign_digest(const EVP_PKEY *key)
{
	int kind = EVP_PKEY_get_base_id(key);

	return kind == EVP_PKEY_ED25519 || kind == EVP_PKEY_ED448 ? NULL : EVP_sha256();
}

/* --- the key and its certificate --- */

/* Nobody is asked at a terminal. */
static int no_pass_phrase(char *room, int size, int writing, void *ctx)
{
	(void)room, (void)size, (void)writing, (void)ctx;
	return -1;
}

static int read_key(struct signer *s, struct str pem, struct err *err)
{
	BIO *in DEFER(drop_bio) = bio_of(pem);

	s->key = in ? PEM_read_bio_PrivateKey(in, NULL, no_pass_phrase, NULL) : NULL;
	if (s->key)
		return 0;
	return sign_failed(err, ERR_INPUT, "no private key in PEM without a pass phrase");
}

static int read_certs(struct signer *s, struct str cert, struct str chain, struct err *err)
{
	STACK_OF(X509) *own = sign_pem_certs(cert, err);

	if (!own)
		return -1;
	s->cert = sk_X509_shift(own);
	s->chain = own; /* what stands behind the certificate in its file belongs to the chain */
	if (!chain.n)
		return 0;
	own = sign_pem_certs(chain, err);
	if (!own)
		return err_prefix(err, "the chain");
	while (sk_X509_num(own) > 0)
		if (!sk_X509_push(s->chain, sk_X509_shift(own)))
			break;
	sk_X509_pop_free(own, X509_free);
	return 0;
}

static int check_signer(struct signer *s, int64_t now_ms, struct err *err)
{
	time_t now = (time_t)(now_ms / 1000);

	if (X509_check_private_key(s->cert, s->key) != 1) {
		ERR_clear_error();
		return err_set(err, ERR_INPUT, "the certificate is of another key");
	}
	if (X509_cmp_time(X509_get0_notBefore(s->cert), &now) >= 0)
		return err_set(err, ERR_INPUT, "the certificate is not valid yet");
	if (X509_cmp_time(X509_get0_notAfter(s->cert), &now) <= 0)
		return err_set(err, ERR_INPUT, "the certificate has expired");
	if (X509_check_purpose(s->cert, X509_PURPOSE_SMIME_SIGN, 0) != 1)
		return err_set(err, ERR_INPUT,
			       "the certificate is not for signing: its key usage needs "
			       "digitalSignature, and its extended key usage, when it has one, "
			       "emailProtection");
	return 0;
}

struct signer *signer_new(struct str key, struct str cert, struct str chain, int64_t now_ms,
			  struct err *err)
{
	struct signer *s = OPENSSL_zalloc(sizeof(*s));

	if (!s) {
		err_set(err, ERR_NOMEM, "no memory for a key");
		return NULL;
	}
	if (read_key(s, key, err) || read_certs(s, cert, chain, err) ||
	    check_signer(s, now_ms, err)) {
		signer_free(s);
		return NULL;
	}
	return s;
}

void signer_free(struct signer *s)
{
	if (!s)
		return;
	EVP_PKEY_free(s->key);
	X509_free(s->cert);
	sk_X509_pop_free(s->chain, X509_free);
	OPENSSL_free(s);
}

void signer_keyid(const struct signer *s, char keyid[static SIGN_KEYID])
{
	sign_keyid(s->key, keyid);
}

/* --- signing --- */

static int write_cms(CMS_ContentInfo *cms, struct buf *der, struct err *err)
{
	unsigned char *p = NULL;
	int n = i2d_CMS_ContentInfo(cms, &p);

	if (n <= 0)
		return sign_failed(err, ERR_CRYPTO, "the CMS signature cannot be written");
	buf_add(der, p, (size_t)n);
	OPENSSL_free(p);
	return buf_check(der, "the CMS signature", err);
}

int sign_cms(const struct signer *s, struct str content, int64_t time_ms, struct buf *der,
	     struct err *err)
{
	const unsigned flags = CMS_BINARY | CMS_DETACHED;
	BIO *in DEFER(drop_bio) = bio_of(content);
	ASN1_TIME *when DEFER(drop_time) = ASN1_TIME_set(NULL, (time_t)(time_ms / 1000));
	CMS_ContentInfo *cms DEFER(drop_cms) =
		CMS_sign(NULL, NULL, s->chain, NULL, flags | CMS_PARTIAL);
	CMS_SignerInfo *one;

	/* No list of algorithms that an S/MIME answer may use: nobody answers a bundle. */
	one = cms ? CMS_add1_signer(cms, s->cert, s->key, sign_digest(s->key),
				    flags | CMS_NOSMIMECAP)
		  : NULL;
	if (!in || !when || !one ||
	    !CMS_signed_add1_attr_by_NID(one, NID_pkcs9_signingTime, when->type, when, -1) ||
	    !CMS_final(cms, in, NULL, flags))
		return sign_failed(err, ERR_CRYPTO, "OpenSSL makes no CMS signature with this key");
	return write_cms(cms, der, err);
}

int sign_octets(const struct signer *s, struct str octets, struct buf *out, struct err *err)
{
	EVP_MD_CTX *ctx DEFER(drop_digest) = EVP_MD_CTX_new();
	const unsigned char *p = (const unsigned char *)octets.p;
	unsigned char sig[2048];
	size_t n = sizeof(sig);

	if (!ctx || !EVP_DigestSignInit(ctx, NULL, sign_digest(s->key), NULL, s->key) ||
	    EVP_DigestSign(ctx, sig, &n, p, octets.n) != 1)
		return sign_failed(err, ERR_CRYPTO, "OpenSSL makes no signature with this key");
	buf_add(out, sig, n);
	return buf_check(out, "a signature", err);
}

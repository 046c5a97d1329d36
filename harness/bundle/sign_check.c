#include "bundle/sign_pem.h"

#include "report/report.h"

#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509_vfy.h>

struct proof {
	CMS_ContentInfo *cms;
	X509 *cert;
	STACK_OF(X509) * certs; /* all that it holds: the chain, trusted by nobody yet */
};

static void drop_bio(BIO **b)
{
	BIO_free(*b);
}

static void drop_digest(EVP_MD_CTX **c)
{
	EVP_MD_CTX_free(*c);
}

static void drop_store(X509_STORE **s)
{
	X509_STORE_free(*s);
}

static void drop_store_ctx(X509_STORE_CTX **c)
{
	X509_STORE_CTX_free(*c);
}

static void drop_certs(STACK_OF(X509) * *list)
{
	sk_X509_pop_free(*list, X509_free);
}

/* --- the signature --- */

static int read_cms(struct proof *p, struct str der, struct err *err)
{
	const unsigned char *at = (const unsigned char *)der.p;

	p->cms = der.n <= SIGN_MAX ? d2i_CMS_ContentInfo(NULL, &at, (long)der.n) : NULL;
	if (!p->cms || at != (const unsigned char *)der.p + der.n)
		return sign_failed(err, ERR_PARSE, "no CMS signature in DER");
	if (OBJ_obj2nid(CMS_get0_type(p->cms)) != NID_pkcs7_signed ||
	    CMS_is_detached(p->cms) != 1 ||
	    sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(p->cms)) != 1)
		return err_set(err, ERR_PARSE, "no detached CMS signature of one signer");
	return 0;
}

/* The certificates come later, when what they vouch for is whole. */
static int check_content(struct proof *p, struct str content, struct err *err)
{
	BIO *in DEFER(drop_bio) = BIO_new_mem_buf(content.p, (int)content.n);
	STACK_OF(X509) * signers;

	if (!in || CMS_verify(p->cms, NULL, NULL, in, NULL,
			      CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY) != 1)
		return sign_failed(err, ERR_PARSE, "the signature does not fit");
	signers = CMS_get0_signers(p->cms);
	p->cert = signers ? sk_X509_value(signers, 0) : NULL;
	if (p->cert)
		X509_up_ref(p->cert);
	sk_X509_free(signers);
	p->certs = CMS_get1_certs(p->cms);
	if (!p->cert || !X509_get0_pubkey(p->cert))
		return sign_failed(err, ERR_PARSE, "the signer's certificate is not there");
	return 0;
}

struct proof *proof_new(struct str der, struct str content, struct err *err)
{
	struct proof *p = OPENSSL_zalloc(sizeof(*p));

	if (!p) {
		err_set(err, ERR_NOMEM, "no memory for a signature");
		return NULL;
	}
	if (read_cms(p, der, err) || check_content(p, content, err)) {
		proof_free(p);
		return NULL;
	}
	return p;
}

void proof_free(struct proof *p)
{
	if (!p)
		return;
	CMS_ContentInfo_free(p->cms);
	X509_free(p->cert);
	sk_X509_pop_free(p->certs, X509_free);
	OPENSSL_free(p);
}

void proof_keyid(const struct proof *p, char keyid[static SIGN_KEYID])
{
	sign_keyid(X509_get0_pubkey(p->cert), keyid);
}

int proof_octets(const struct proof *p, struct str octets, struct str sig, struct err *err)
{
	EVP_MD_CTX *ctx DEFER(drop_digest) = EVP_MD_CTX_new();
	EVP_PKEY *key = X509_get0_pubkey(p->cert);

	if (ctx && EVP_DigestVerifyInit(ctx, NULL, sign_digest(key), NULL, key) &&
	    EVP_DigestVerify(ctx, (const unsigned char *)sig.p, sig.n,
			     (const unsigned char *)octets.p, octets.n) == 1) {
		return 0;
	}
	ERR_clear_error();
	return err_set(err, ERR_PARSE, "the signature does not fit");
}

/* --- the signer --- */

static struct str name_text(struct arena *a, const X509_NAME *name)
{
	BIO *out DEFER(drop_bio) = BIO_new(BIO_s_mem());
	char *p = NULL;
	long n;

	if (!out || X509_NAME_print_ex(out, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB) < 0)
		return STR("");
	n = BIO_get_mem_data(out, &p);
	return text_clean(a, str_n(p, (size_t)n), 300);
}

struct str proof_subject(struct arena *a, const struct proof *p)
{
	return name_text(a, X509_get_subject_name(p->cert));
}

struct str proof_issuer(struct arena *a, const struct proof *p)
{
	return name_text(a, X509_get_issuer_name(p->cert));
}

static int fill_store(X509_STORE *store, struct str ca, struct err *err)
{
	STACK_OF(X509) * list DEFER(drop_certs) = NULL;

	if (!ca.n)
		return X509_STORE_set_default_paths(store) == 1
			       ? 0
			       : sign_failed(err, ERR_CRYPTO, "no certificates of the system");
	list = sign_pem_certs(ca, err);
	if (!list)
		return -1;
	for (int i = 0; i < sk_X509_num(list); i++)
		if (X509_STORE_add_cert(store, sk_X509_value(list, i)) != 1)
			return sign_failed(err, ERR_INPUT, "a certificate cannot be taken");
	return 0;
}

int proof_trust(const struct proof *p, struct str ca, int64_t now_ms, struct err *err)
{
	X509_STORE *store DEFER(drop_store) = X509_STORE_new();
	X509_STORE_CTX *ctx DEFER(drop_store_ctx) = X509_STORE_CTX_new();
	int why;

	if (!store || !ctx)
		return err_set(err, ERR_NOMEM, "no memory for certificates");
	if (fill_store(store, ca, err))
		return -1;
	if (X509_STORE_CTX_init(ctx, store, p->cert, p->certs) != 1 ||
	    X509_STORE_CTX_set_default(ctx, "smime_sign") != 1)
		return sign_failed(err, ERR_CRYPTO, "the chain cannot be checked");
	X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(ctx), (time_t)(now_ms / 1000));
	if (X509_verify_cert(ctx) == 1)
		return 0;
	why = X509_STORE_CTX_get_error(ctx);
	ERR_clear_error();
	return err_set(err, ERR_PARSE, "%s", X509_verify_cert_error_string(why));
}

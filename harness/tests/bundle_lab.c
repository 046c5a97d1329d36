#define _XOPEN_SOURCE 700 /* nftw */
#include "bundle_lab.h"

#include "report/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>
#include <ftw.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/ec.h>
#include <openssl/x509v3.h>
#include <unistd.h>

/* --- keys --- */

static EVP_PKEY *new_key(enum lab_key kind)
{
	if (kind == LAB_RSA)
		return EVP_RSA_gen(2048);
	if (kind == LAB_EC)
		return EVP_EC_gen("P-256");
	return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

static struct str taken(struct arena *a, BIO *b)
{
	char *p;
	long n = BIO_get_mem_data(b, &p);
	struct str s = arena_str(a, str_n(p, (size_t)n));

	BIO_free(b);
	return s;
}

static X509 *new_cert(EVP_PKEY *key, const char *name, X509_NAME *issuer)
{
	X509 *cert = X509_new();
	X509_NAME *subject = X509_get_subject_name(cert);
	time_t now = (time_t)(LAB_NOW_MS / 1000);

	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), issuer ? 2 : 1);
	X509_time_adj(X509_getm_notBefore(cert), -2 * 86400, &now);
	X509_time_adj(X509_getm_notAfter(cert), 2 * 86400, &now);
	X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
				   -1, 0);
	X509_set_issuer_name(cert, issuer ? issuer : subject);
	if (!issuer) {
		X509_EXTENSION *is_ca =
			X509V3_EXT_conf_nid(NULL, NULL, NID_basic_constraints, "CA:TRUE");

		X509_add_ext(cert, is_ca, -1);
		X509_EXTENSION_free(is_ca);
	}
	X509_set_pubkey(cert, key);
	return cert;
}

struct lab_id lab_id(struct arena *a, enum lab_key kind, const char *name, const struct lab_id *ca)
{
	BIO *key_out = BIO_new(BIO_s_mem()), *cert_out = BIO_new(BIO_s_mem());
	BIO *ca_key = ca ? BIO_new_mem_buf(ca->key.p, (int)ca->key.n) : NULL;
	BIO *ca_cert = ca ? BIO_new_mem_buf(ca->cert.p, (int)ca->cert.n) : NULL;
	EVP_PKEY *key = new_key(kind);
	EVP_PKEY *signer = ca ? PEM_read_bio_PrivateKey(ca_key, NULL, NULL, NULL) : key;
	X509 *issuer = ca ? PEM_read_bio_X509(ca_cert, NULL, NULL, NULL) : NULL;
	X509 *cert = new_cert(key, name, issuer ? X509_get_subject_name(issuer) : NULL);
	const EVP_MD *md = EVP_PKEY_get_base_id(signer) == EVP_PKEY_ED25519 ? NULL : EVP_sha256();

	assert_true(X509_sign(cert, signer, md) > 0);
	assert_int_equal(PEM_write_bio_PrivateKey(key_out, key, NULL, NULL, 0, NULL, NULL), 1);
	assert_int_equal(PEM_write_bio_X509(cert_out, cert), 1);
	X509_free(cert);
	X509_free(issuer);
	if (signer != key)
		EVP_PKEY_free(signer);
	EVP_PKEY_free(key);
	BIO_free(ca_key);
	BIO_free(ca_cert);
	return (struct lab_id){ taken(a, key_out), taken(a, cert_out) };
}

/* --- the folder --- */

static const char results[] =
	"{\"format\": 1, \"tool\": \"countersign 0.1.0 (commit 0123456789ab)\","
	" \"command\": \"countersign run --certify --results out http://192.0.2.1/\","
	" \"certify\": true, \"target\": \"http://192.0.2.1/\", \"kind\": \"onvif\","
	" \"user\": \"admin\", \"profile\": \"onvif-core\", \"catalogue_sha256\": \"00ff\","
	" \"seed\": \"1\", \"started\": \"2026-01-01T00:00:00.000Z\", \"took_ms\": 61500,"
	" \"survey\": {\"identity\": {\"manufacturer\": \"Acme\", \"model\": \"C\\u001b1\","
	" \"firmware\": null, \"serial\": null}},"
	" \"counts\": {}, \"cause\": null, \"exit_code\": 0, \"variants\": ["
	"{\"id\": \"digest.plain\", \"rev\": 1, \"verdict\": \"pass\", \"reason\": \"none\","
	" \"gates\": true},"
	"{\"id\": \"digest.rspauth\", \"rev\": 2, \"verdict\": \"skip\","
	" \"reason\": \"not-offered\", \"gates\": true}]}";

void lab_start(struct lab *lab)
{
	*lab = (struct lab){ .folder = "bundle_test_XXXXXX" };
	arena_init(&lab->a, (size_t)2 << 30);
	assert_non_null(mkdtemp(lab->folder));
	lab->results = json_loads(results, 0, NULL);
	lab->manifest = json_pack("{s:i, s:s, s:[]}", "format", 1, "evidence", "redacted", "files");
	assert_non_null(lab->results);
	lab_file(lab, "evidence/digest.plain/00-control.request", "GET / HTTP/1.1\r\n\r\n", true);
	lab_file(lab, "TEST-countersign.xml", "<testsuites/>\n", true);
}

static void write_file(struct lab *lab, const char *name, const char *text)
{
	struct err err = { 0 };
	struct str path = arena_fmt(&lab->a, "%s/%s", lab->folder, name);

	if (file_replace(path.p, str(text), &err))
		fail_msg("%s", err.text);
}

void lab_file(struct lab *lab, const char *name, const char *text, bool listed)
{
	char hex[BUNDLE_SHA256];
	struct err err = { 0 };

	write_file(lab, name, text);
	assert_int_equal(files_sha256(str(text), hex, &err), 0);
	if (listed)
		json_array_append_new(json_object_get(lab->manifest, "files"),
				      json_pack("{s:s, s:s}", "path", name, "sha256", hex));
}

static void write_cases(struct lab *lab)
{
	json_t *v;
	size_t i;

	json_array_foreach(json_object_get(lab->results, "variants"), i, v)
	{
		char *text = json_dumps(v, 0);

		lab_file(lab, arena_fmt(&lab->a, "evidence/v%zu/case.json", i).p, text, true);
		free(text);
	}
}

static void forget(json_t *files, const char *name)
{
	json_t *entry;
	size_t i;

	json_array_foreach(files, i,
			   entry) if (strcmp(json_string_value(json_object_get(entry, "path")),
					     name) == 0) break;
	json_array_remove(files, i);
}

void lab_write_results(struct lab *lab)
{
	char *text = json_dumps(lab->results, JSON_INDENT(1));

	forget(json_object_get(lab->manifest, "files"), "results.json");
	lab_file(lab, "results.json", text, true);
	free(text);
	text = json_dumps(lab->manifest, 0);
	write_file(lab, "manifest.json", text);
	free(text);
}

void lab_write(struct lab *lab)
{
	write_cases(lab);
	lab_write_results(lab);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void lab_end(struct lab *lab)
{
	assert_int_equal(nftw(lab->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	json_decref(lab->results);
	json_decref(lab->manifest);
	arena_free(&lab->a);
}

/* --- bundles --- */

static struct arena ids;
struct lab_id lab_ca, lab_rsa, lab_other_ca, lab_ec, lab_ed;

int lab_make_ids(void **state)
{
	(void)state;
	arena_init(&ids, 1 << 20);
	lab_ca = lab_id(&ids, LAB_RSA, "Test CA", NULL);
	lab_rsa = lab_id(&ids, LAB_RSA, "Lab \x1b[31m 7", &lab_ca);
	lab_other_ca = lab_id(&ids, LAB_EC, "Other CA", NULL);
	lab_ec = lab_id(&ids, LAB_EC, "Lab 8", &lab_other_ca);
	lab_ed = lab_id(&ids, LAB_ED25519, "Lab 9", &lab_ca);
	return 0;
}

int lab_drop_ids(void **state)
{
	(void)state;
	arena_free(&ids);
	return 0;
}

static struct signer *signer_of(const struct lab_id *id)
{
	struct err err = { 0 };
	struct signer *s = signer_new(id->key, id->cert, STR(""), LAB_NOW_MS, &err);

	if (!s)
		fail_msg("%s", err.text);
	return s;
}

struct made lab_make(struct lab *lab, const struct lab_id *id, bool draft)
{
	struct signer *signer = signer_of(id);
	const struct bundle_options o = { .folder = lab->folder,
					  .signer = signer,
					  .tool = STR("countersign test"),
					  .decision_rule = str(bundle_decision_rule),
					  .statement = STR("Ana, lab 7"),
					  .firmware = { STR("fw.bin"), 3, "00aa" },
					  .draft = draft };
	struct made m = { .bad = 0 };

	buf_init(&m.b, BUNDLE_MAX_BYTES);
	m.bad = bundle_make(&lab->a, &o, &m.b, &m.unfit, &m.err);
	signer_free(signer);
	return m;
}

struct buf lab_make_good(struct lab *lab, const struct lab_id *id)
{
	struct made m = lab_make(lab, id, false);

	if (m.bad)
		fail_msg("%s: %.*s", m.err.text, STR_ARG(m.unfit));
	return m.b;
}

int lab_verify(struct str octets, struct str trusted, int64_t at_ms, struct bundle_facts *facts,
	       struct arena *a, struct err *err)
{
	const struct bundle_check check = { .ca = trusted, .now_ms = at_ms };

	*err = (struct err){ 0 };
	return bundle_verify(a, octets, &check, facts, err);
}

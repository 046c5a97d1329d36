/* The HTTP transport over TLS: which certificates it takes, and what a failed handshake is called.
 */
#include "wire_lab.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#define ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

/* A certificate may hold octets that nobody needs. */
static void add_comment(X509 *cert, size_t n)
{
	ASN1_OCTET_STRING *octets = ASN1_OCTET_STRING_new();
	ASN1_OBJECT *type = OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1);
	X509_EXTENSION *comment;
	unsigned char *text = calloc(1, n + 1);

	assert_non_null(text);
	assert_int_equal(ASN1_OCTET_STRING_set(octets, text, (int)n), 1);
	comment = X509_EXTENSION_create_by_OBJ(NULL, type, 0, octets);
	assert_non_null(comment);
	if (n)
		X509_add_ext(cert, comment, -1);
	X509_EXTENSION_free(comment);
	ASN1_OCTET_STRING_free(octets);
	ASN1_OBJECT_free(type);
	free(text);
}

/* A self-signed certificate for 127.0.0.1, made anew by each run, and a file with it. */
struct identity {
	EVP_PKEY *key;
	X509 *cert;
	SSL_CTX *ctx;
	char file[64];
	/* What a test asks of the first exchange; NULL: nothing. */
	void (*look)(const struct exchange *x, const struct identity *id);
	size_t kept, left_off; /* for look */
};

/* padding: octets of a comment that makes it longer. */
static X509 *self_signed(EVP_PKEY *key, size_t padding)
{
	X509 *cert = X509_new();
	X509_NAME *name = X509_get_subject_name(cert);
	X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name, "IP:127.0.0.1");

	assert_non_null(san);
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"camera", -1,
				   -1, 0);
	X509_set_issuer_name(cert, name);
	X509_set_pubkey(cert, key);
	X509_add_ext(cert, san, -1);
	X509_EXTENSION_free(san);
	add_comment(cert, padding);
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

static void identity_open_with(struct identity *id, size_t padding)
{
	FILE *f;
	int fd;

	*id = (struct identity){ .look = NULL };
	id->key = EVP_EC_gen("P-256");
	assert_non_null(id->key);
	id->cert = self_signed(id->key, padding);
	id->ctx = SSL_CTX_new(TLS_server_method());
	assert_non_null(id->ctx);
	assert_int_equal(SSL_CTX_use_certificate(id->ctx, id->cert), 1);
	assert_int_equal(SSL_CTX_use_PrivateKey(id->ctx, id->key), 1);
	snprintf(id->file, sizeof(id->file), "/tmp/t_wire_tls.XXXXXX");
	fd = mkstemp(id->file);
	f = fd < 0 ? NULL : fdopen(fd, "w");
	assert_non_null(f);
	assert_int_equal(PEM_write_X509(f, id->cert), 1);
	assert_int_equal(fclose(f), 0);
}

static void identity_open(struct identity *id)
{
	identity_open_with(id, 0);
}

static void identity_close(struct identity *id)
{
	unlink(id->file);
	SSL_CTX_free(id->ctx);
	X509_free(id->cert);
	EVP_PKEY_free(id->key);
}

/* One connection, as many requests as come. */
static void serve_tls(struct server *s)
{
	const struct identity *id = s->arg;
	const int fd = server_accept(s);
	SSL *ssl = SSL_new(id->ctx);
	char in[4096];

	if (fd >= 0 && SSL_set_fd(ssl, fd) == 1 && SSL_accept(ssl) == 1)
		while (SSL_read(ssl, in, sizeof(in)) > 0 &&
		       SSL_write(ssl, ANSWER, (int)strlen(ANSWER)) > 0)
			;
	SSL_free(ssl);
	server_close(fd);
}

static void serve_plain(struct server *s)
{
	const int fd = server_accept(s);

	server_send(s, fd, STR("HTTP/1.1 400 This is not TLS\r\n\r\n"));
	server_wait_closed(fd);
}

static void serve_hangup(struct server *s)
{
	server_close(server_accept(s));
}

/* Two requests to https://127.0.0.1:PORT/; the fate of both. */
static enum wire_fate fate(void (*script)(struct server *), const struct identity *id,
			   struct wire_options o)
{
	struct lab l = { .world = world_real() };
	struct err err = { 0 };
	struct exchange *x;
	char url[80];
	enum wire_fate first;

	arena_init(&l.a, 1000000);
	server_start(&l.server, script, id);
	snprintf(url, sizeof(url), "https://127.0.0.1:%d/", l.server.port);
	o.url = str(url);
	o.connections = 1;
	o.timeout_ms = LAB_TIMEOUT_MS;
	l.w = wire_http_new(&o, &l.world, &err);
	assert_non_null(l.w);
	x = lab_post(&l, "x");
	first = x->fate;
	assert_int_equal(x->why[0] != '\0', first != WIRE_ANSWERED);
	if (id && id->look)
		id->look(x, id);
	if (first == WIRE_ANSWERED) {
		assert_str(x->received_octets, ANSWER); /* in the clear */
		assert_true(has(x->sent_octets, "POST / HTTP/1.1\r\n"));
		x = lab_post(&l, "y");
		assert_int_equal(x->fate, first);
		assert_null(x->tls); /* no handshake came before it */
	}
	lab_close(&l);
	assert_int_equal(l.server.accepted, 1);
	return first;
}

static void test_certificates(void **state)
{
	struct identity id;

	(void)state;
	identity_open(&id);
	assert_int_equal(fate(serve_tls, &id, (struct wire_options){ 0 }), WIRE_TLS);
	assert_int_equal(fate(serve_tls, &id, (struct wire_options){ .insecure = true }),
			 WIRE_ANSWERED);
	assert_int_equal(fate(serve_tls, &id, (struct wire_options){ .ca_file = id.file }),
			 WIRE_ANSWERED);
	identity_close(&id);
}

static void looks_like_ours(const struct exchange *x, const struct identity *id)
{
	const struct tls_certificate *c;
	uint8_t sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	assert_non_null(x->tls);
	assert_int_equal(x->tls->n, 1);
	assert_int_equal(x->tls->left_off, 0);
	c = &x->tls->v[0];
	assert_str(c->subject, "CN = camera");
	assert_str(c->issuer, "CN = camera");
	assert_true(c->has_times);
	assert_int_equal(c->until_ms - c->from_ms, 7200 * 1000);
	assert_true(c->from_ms < x->wall_ms && x->wall_ms < c->until_ms);
	assert_int_equal(X509_digest(id->cert, EVP_sha256(), sum, &n), 1);
	assert_int_equal(c->sha256.n, 2 * n);
	for (unsigned i = 0; i < n; i++)
		assert_int_equal(char_hex(c->sha256.p[2 * i]) << 4 |
					 char_hex(c->sha256.p[2 * i + 1]),
				 sum[i]);
	assert_true(tls_note_holds(TLS_SELF_ISSUED, c, x->wall_ms));
	assert_false(tls_note_holds(TLS_EXPIRED, c, c->until_ms));
	assert_true(tls_note_holds(TLS_EXPIRED, c, c->until_ms + 1));
	assert_false(tls_note_holds(TLS_NOT_YET_VALID, c, c->from_ms));
	assert_true(tls_note_holds(TLS_NOT_YET_VALID, c, c->from_ms - 1));
}

static void test_the_chain_is_told(void **state)
{
	struct identity id;

	(void)state;
	identity_open(&id);
	id.look = looks_like_ours;
	assert_int_equal(fate(serve_tls, &id, (struct wire_options){ .insecure = true }),
			 WIRE_ANSWERED);
	assert_int_equal(fate(serve_tls, &id, (struct wire_options){ .ca_file = id.file }),
			 WIRE_ANSWERED);
	identity_close(&id);
}

static void has_odd_times(const struct exchange *x, const struct identity *id)
{
	(void)id;
	assert_non_null(x->tls);
	assert_true(x->tls->v[0].has_times);
	assert_int_equal(x->tls->v[0].from_ms, 0);
	assert_int_equal(x->tls->v[0].until_ms, INT64_C(253402300799000));
	assert_false(tls_note_holds(TLS_EXPIRED, &x->tls->v[0], x->wall_ms));
}

/* A camera whose clock never ran, and RFC 5280 4.1.2.5: no well-defined end. */
static void test_times_of_any_century(void **state)
{
	struct identity id;

	(void)state;
	identity_open(&id);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notBefore(id.cert), "700101000000Z"), 1);
	assert_int_equal(ASN1_TIME_set_string(X509_getm_notAfter(id.cert), "99991231235959Z"), 1);
	assert_true(X509_sign(id.cert, id.key, EVP_sha256()) > 0);
	id.look = has_odd_times;
	assert_int_equal(fate(serve_tls, &id, (struct wire_options){ .insecure = true }),
			 WIRE_ANSWERED);
	identity_close(&id);
}

static void is_so_long(const struct exchange *x, const struct identity *id)
{
	assert_non_null(x->tls);
	assert_int_equal(x->tls->n, id->kept);
	assert_int_equal(x->tls->left_off, id->left_off);
	for (size_t i = 0; i < x->tls->n; i++)
		assert_true(x->tls->v[i].pem.n <= TLS_PEM_BYTES && x->tls->v[i].sha256.n == 64);
}

static void add_to_chain(struct identity *id, size_t padding)
{
	assert_int_equal(SSL_CTX_add_extra_chain_cert(id->ctx, self_signed(id->key, padding)), 1);
}

/* However long the chain, and however long one certificate is. */
static void test_a_hostile_chain_is_cut(void **state)
{
	static const struct {
		size_t own, more, then; /* octets in the first; so many more; octets in the last */
		size_t kept, left_off;
	} rows[] = {
		{ 0, 5, 0, 7, 0 },
		{ 0, TLS_CERTIFICATES - 2, 0, TLS_CERTIFICATES, 0 },
		{ 0, 60, 0, TLS_CERTIFICATES, 62 - TLS_CERTIFICATES },
		{ 40000, 1, 0, 0, 3 },
		{ 0, 2, 40000, 3, 1 },
		{ 10000, 1, 0, 3, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct identity id;

		identity_open_with(&id, rows[i].own);
		for (size_t k = 0; k < rows[i].more; k++)
			add_to_chain(&id, 0);
		add_to_chain(&id, rows[i].then);
		id.look = is_so_long;
		id.kept = rows[i].kept;
		id.left_off = rows[i].left_off;
		assert_int_equal(fate(serve_tls, &id, (struct wire_options){ .insecure = true }),
				 WIRE_ANSWERED);
		identity_close(&id);
	}
}

static void is_untold(const struct exchange *x, const struct identity *id)
{
	(void)id;
	assert_null(x->tls);
}

/* OpenSSL takes no list of certificates that is longer than 100 KiB. */
static void test_an_endless_chain_ends_the_handshake(void **state)
{
	struct identity id;

	(void)state;
	identity_open(&id);
	for (int k = 0; k < 4; k++)
		add_to_chain(&id, 50000);
	id.look = is_untold;
	assert_int_equal(fate(serve_tls, &id, (struct wire_options){ .insecure = true }), WIRE_TLS);
	identity_close(&id);
}

/* The octets of "0" alone are taken for a certificate: what is in it is not looked at. */
static void test_only_pem_has_a_fingerprint(void **state)
{
#define BEGIN "-----BEGIN CERTIFICATE-----\n"
#define END   "-----END CERTIFICATE-----\n"
	static const char *const bad[] = {
		"",
		BEGIN,
		END,
		BEGIN END,
		BEGIN "MA=" END,
		BEGIN "MA=\n" END,
		BEGIN "MA==\n" END "\n",
		BEGIN "MA==\n" END BEGIN "MA==\n" END,
		BEGIN "\033[31m\n" END,
		BEGIN "MQ==\n" END, /* no SEQUENCE */
		" " BEGIN "MA==\n" END,
		"-----BEGIN PUBLIC KEY-----\nMA==\n-----END PUBLIC KEY-----\n",
	};
	struct err err = { 0 };
	struct arena a;
	struct str hex = { 0 };

	(void)state;
	arena_init(&a, 1000000);
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (tls_fingerprint(&a, str(bad[i]), &hex, &err) != -1)
			fail_msg("taken: \"%s\"", bad[i]);
		assert_int_equal(err.code, ERR_PARSE);
	}
	assert_int_equal(tls_fingerprint(&a, STR(BEGIN "MA==\n" END), &hex, &err), 0);
	/* printf 0 | sha256sum */
	assert_str(hex, "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9");
	arena_free(&a);
}

static void test_no_tls(void **state)
{
	(void)state;
	assert_int_equal(fate(serve_plain, NULL, (struct wire_options){ .insecure = true }),
			 WIRE_TLS);
	assert_int_equal(fate(serve_hangup, NULL, (struct wire_options){ .insecure = true }),
			 WIRE_TLS);
}

/* A wrong --cacert is the user's mistake, not the device's. */
static void test_no_such_ca_file(void **state)
{
	const struct world world = world_real();
	const struct wire_options o = {
		.url = STR("https://127.0.0.1/"),
		.connections = 1,
		.timeout_ms = LAB_TIMEOUT_MS,
		.ca_file = "/nonexistent/ca.pem",
	};
	struct err err = { 0 };

	(void)state;
	assert_null(wire_http_new(&o, &world, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_non_null(strstr(err.text, "/nonexistent/ca.pem"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_certificates),
		cmocka_unit_test(test_the_chain_is_told),
		cmocka_unit_test(test_times_of_any_century),
		cmocka_unit_test(test_a_hostile_chain_is_cut),
		cmocka_unit_test(test_an_endless_chain_ends_the_handshake),
		cmocka_unit_test(test_only_pem_has_a_fingerprint),
		cmocka_unit_test(test_no_tls),
		cmocka_unit_test(test_no_such_ca_file),
	};

	signal(SIGPIPE, SIG_IGN); /* the server writes through OpenSSL, without MSG_NOSIGNAL */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

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

/* A self-signed certificate for 127.0.0.1, made anew by each run, and a file with it. */
struct identity {
	EVP_PKEY *key;
	X509 *cert;
	SSL_CTX *ctx;
	char file[64];
};

static X509 *self_signed(EVP_PKEY *key)
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
	assert_true(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

static void identity_open(struct identity *id)
{
	FILE *f;
	int fd;

	id->key = EVP_EC_gen("P-256");
	assert_non_null(id->key);
	id->cert = self_signed(id->key);
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
	if (first == WIRE_ANSWERED) {
		assert_str(x->received_octets, ANSWER); /* in the clear */
		assert_true(has(x->sent_octets, "POST / HTTP/1.1\r\n"));
		assert_int_equal(lab_post(&l, "y")->fate, first);
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
		cmocka_unit_test(test_no_tls),
		cmocka_unit_test(test_no_such_ca_file),
	};

	signal(SIGPIPE, SIG_IGN); /* the server writes through OpenSSL, without MSG_NOSIGNAL */
	return cmocka_run_group_tests(tests, NULL, NULL);
}

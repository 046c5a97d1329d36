/* The client side of Basic and Digest: published examples, and what is remembered between requests.
 */
#include "craft_bench.h"

#include "base/mem.h"

#include <stdio.h>

static void has(const struct bench *b, const char *piece)
{
	if (str_find(b->craft.field[0], str(piece)) == (size_t)-1)
		fail_msg("%.*s\nlacks %s", STR_ARG(b->craft.field[0]), piece);
}

static void lacks(const struct bench *b, const char *piece)
{
	assert_int_equal(str_find(b->craft.field[0], str(piece)), (size_t)-1);
}

/* --- published examples --- */

static void rfc7617_section_2(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account = (struct craft_account){ STR("Aladdin"), STR("open sesame") };
	good(&b, MECH_BASIC, "");
	is_text(b.craft.field[0], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
	b.in.account = (struct craft_account){ STR("test"), STR("123\xc2\xa3") };
	good(&b, MECH_BASIC, "");
	is_text(b.craft.field[0], "Basic dGVzdDoxMjPCow==");
	b.in.account = (struct craft_account){ STR("user"), STR("a:b:c") };
	good(&b, MECH_BASIC, "");
	is_text(b.craft.field[0], "Basic dXNlcjphOmI6Yw==");
}

/* Pelco, "Sarix: authentication": Basic without a scheme, Digest without commas. */
static void sarix_article(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account = (struct craft_account){ STR("admin"), STR("secure") };
	b.in.request.target = STR("/onvif/device_service");
	b.memory.cnonce = STR("4215345dc8eb9396");
	b.memory.challenge = (struct digest_challenge){
		.realm = STR("Sarix"),
		.nonce = STR("40348f31eb8ea656bdf1d4704b054064"),
		.has_qop = true,
		.qop_auth = true,
	};
	good(&b, MECH_BASIC, "scheme=omit");
	is_text(b.craft.field[0], "YWRtaW46c2VjdXJl");
	good(&b, MECH_DIGEST, "separator=none cnonce=same");
	is_text(b.craft.field[0],
		"Digest username=\"admin\" realm=\"Sarix\" "
		"nonce=\"40348f31eb8ea656bdf1d4704b054064\" uri=\"/onvif/device_service\" "
		"response=\"4c7fed898c7e565896c9a4b0b5802c85\" qop=auth nc=00000001 "
		"cnonce=\"4215345dc8eb9396\"");
}

static void rfc7616_section_3_9_1(void **state)
{
	static const struct {
		const char *algorithm;
		enum hash_alg alg;
		const char *response;
	} rows[] = {
		{ "MD5", HASH_MD5, "response=\"8ca523f5e9506fed4657c9700eebdbec\"" },
		{ "SHA-256", HASH_SHA256,
		  "response=\"753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench b DEFER(bench_free);

		bench_init(&b);
		b.in.account = (struct craft_account){ STR("Mufasa"), STR("Circle of Life") };
		b.in.request = (struct http_request){ .method = STR("GET"),
						      .target = STR("/dir/index.html") };
		b.memory.cnonce = STR("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
		b.memory.challenge.realm = STR("http-auth@example.org");
		b.memory.challenge.nonce = STR("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v");
		b.memory.challenge.opaque = STR("FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS");
		b.memory.challenge.algorithm = str(rows[i].algorithm);
		b.memory.challenge.alg = rows[i].alg;
		good(&b, MECH_DIGEST, "cnonce=same");
		has(&b, rows[i].response);
		has(&b, "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"");
		has(&b, "uri=\"/dir/index.html\"");
		has(&b, ", qop=auth, nc=00000001, cnonce=\"f2/wE4q74E6z");
		assert_int_equal(str_find(b.craft.field[0], STR("algorithm=\"")), (size_t)-1);
	}
}

/* RFC 2069 2.4 with erratum 749. */
static void rfc2069_form(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account = (struct craft_account){ STR("Mufasa"), STR("CircleOfLife") };
	b.in.request =
		(struct http_request){ .method = STR("GET"), .target = STR("/dir/index.html") };
	b.memory.challenge = (struct digest_challenge){
		.realm = STR("testrealm@host.com"),
		.nonce = STR("dcd98b7102dd2f0e8b11d0f600bfb0c093"),
	};
	good(&b, MECH_DIGEST, "");
	is_text(b.craft.field[0],
		"Digest username=\"Mufasa\", realm=\"testrealm@host.com\", "
		"nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", uri=\"/dir/index.html\", "
		"response=\"1949323746fe6a43ef61f9606e7febea\"");
	bad(&b, MECH_DIGEST, "qop=none");
	bad(&b, MECH_DIGEST, "nc=zero");
	bad(&b, MECH_DIGEST, "cnonce=long");
}

static void md5_sess(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account = (struct craft_account){ STR("Mufasa"), STR("Circle of Life") };
	b.in.request =
		(struct http_request){ .method = STR("GET"), .target = STR("/dir/index.html") };
	b.memory.cnonce = STR("f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
	b.memory.challenge.realm = STR("http-auth@example.org");
	b.memory.challenge.nonce = STR("7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v");
	b.memory.challenge.algorithm = STR("MD5-sess");
	b.memory.challenge.session = true;
	good(&b, MECH_DIGEST, "cnonce=same");
	has(&b, "response=\"e783283f46242139c486a698fec7211d\"");
	has(&b, "algorithm=MD5-sess");
	/* The session goes on: same cnonce, next nc. */
	good(&b, MECH_DIGEST, "");
	has(&b, "cnonce=\"f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ\"");
	has(&b, "nc=00000002");
	is_text(b.memory.session_cnonce, "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ");
	/* A new challenge starts another one. */
	b.memory.challenge.nonce = STR("another");
	good(&b, MECH_DIGEST, "");
	lacks(&b, "f2/wE4q74E6z");
	has(&b, "nc=00000001");
	is_text(b.memory.session_nonce, "another");
}

static void quotes_are_escaped(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account = (struct craft_account){ STR("a\"b\\c"), STR("p:w\"\\d") };
	good(&b, MECH_DIGEST, "");
	has(&b, "username=\"a\\\"b\\\\c\", ");
	good(&b, MECH_DIGEST, "escape=user");
	has(&b, "username=\"\\a\\\"\\b\\\\\\c\", ");
	bad(&b, MECH_DIGEST, "unquote=username");
	assert_non_null(strstr(b.err.text, "cannot be a token"));
}

/* --- memory --- */

static void nc_counts_up(void **state)
{
	struct bench b DEFER(bench_free);
	struct str first;

	(void)state;
	bench_init(&b);
	bad(&b, MECH_DIGEST, "nc=same");
	bad(&b, MECH_DIGEST, "nonce=same");
	bad(&b, MECH_DIGEST, "cnonce=same");
	good(&b, MECH_DIGEST, "");
	has(&b, "nc=00000001");
	first = b.memory.cnonce;
	assert_int_equal(first.n, 32);
	bad(&b, MECH_DIGEST, "nc=lower");
	good(&b, MECH_DIGEST, "");
	has(&b, "nc=00000002");
	assert_false(str_eq(first, b.memory.cnonce));
	good(&b, MECH_DIGEST, "nonce=same nc=same");
	has(&b, "nc=00000002");
	good(&b, MECH_DIGEST, "nc=skip");
	has(&b, "nc=00000008");
	good(&b, MECH_DIGEST, "nc=lower");
	has(&b, "nc=00000007");
	/* What was sent lower does not make the next one lower. */
	good(&b, MECH_DIGEST, "nc=zero");
	has(&b, "nc=00000000");
	good(&b, MECH_DIGEST, "nc-form=upper");
	has(&b, "nc=0000000A");
	good(&b, MECH_DIGEST, "nc-form=short");
	has(&b, "nc=b,");
	good(&b, MECH_DIGEST, "nc-form=long");
	has(&b, "nc=00000000c,");
	good(&b, MECH_DIGEST, "nc==junk");
	has(&b, "nc=junk,");
	good(&b, MECH_DIGEST, "");
	has(&b, "nc=0000000d");
}

static void forged_nonces_leave_no_trace(void **state)
{
	static const char *const values[] = { "nonce=foreign", "nonce=altered", "nonce=empty",
					      "nonce=truncated" };
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	good(&b, MECH_DIGEST, "");
	for (size_t i = 0; i < COUNT(values); i++) {
		good(&b, MECH_DIGEST, values[i]);
		has(&b, "nc=00000001");
		lacks(&b, "nonce=\"40348f31eb8ea656bdf1d4704b054064\"");
		is_text(b.memory.nonce, "40348f31eb8ea656bdf1d4704b054064");
		assert_int_equal(b.memory.nc, 1);
	}
	good(&b, MECH_DIGEST, "");
	has(&b, "nc=00000002");
}

static void foreign_nonces_look_alike(void **state)
{
	static const char *const nonces[] = {
		"40348f31eb8ea656bdf1d4704b054064",
		"ABCDEF0123456789ABCDEF0123456789",
		"1627567:31f7",
		"12345678",
		"dGhlIG5vbmNlIG9mIGEgc2VydmVy",
		"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0vAA==",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(nonces); i++) {
		struct bench b DEFER(bench_free);
		struct str got;

		bench_init(&b);
		b.memory.challenge.nonce = str(nonces[i]);
		good(&b, MECH_DIGEST, "nonce=foreign");
		got = b.craft.digest.nonce;
		assert_int_equal(got.n, strlen(nonces[i]));
		assert_false(str_eq(got, str(nonces[i])));
		for (size_t k = 0; k < got.n; k++) {
			assert_true(char_is_alpha(got.p[k]) == char_is_alpha(nonces[i][k]) ||
				    char_hex(got.p[k]) >= 0);
			if (!char_is_alpha(nonces[i][k]) && !char_is_digit(nonces[i][k]))
				assert_int_equal(got.p[k], nonces[i][k]);
		}
		good(&b, MECH_DIGEST, "nonce=altered");
		assert_int_equal(b.craft.digest.nonce.n, strlen(nonces[i]));
		assert_false(str_eq(b.craft.digest.nonce, str(nonces[i])));
	}
}

static void old_nonces_are_found_again(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	good(&b, MECH_DIGEST, "");
	good(&b, MECH_DIGEST, "");
	b.memory.challenge.nonce = STR("new0");
	good(&b, MECH_DIGEST, "nonce=same");
	has(&b, "nonce=\"40348f31eb8ea656bdf1d4704b054064\"");
	has(&b, "nc=00000003");
	good(&b, MECH_DIGEST, "");
	has(&b, "nonce=\"new0\"");
	has(&b, "nc=00000001");
}

static void the_last_nc_uses_the_nonce_up(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	good(&b, MECH_DIGEST, "nc=high");
	has(&b, "nc=ffffffff");
	assert_false(b.memory.has_digest);
	bad(&b, MECH_DIGEST, "");
	b.memory.has_digest = true;
	bad(&b, MECH_DIGEST, "");
	good(&b, MECH_DIGEST, "nc=same");
}

static void control_octets_are_refused(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	b.in.account.user = STR("admin\r\nX: y");
	bad(&b, MECH_DIGEST, "");
	b.in.account.user = STR("ad:min");
	bad(&b, MECH_BASIC, "");
	b.in.account.user = STR("123");
	bad(&b, MECH_BASIC, "user=case");
	b.in.wrong_user = STR("");
	bad(&b, MECH_DIGEST, "user=unknown");
	b.memory.has_digest = false;
	bad(&b, MECH_DIGEST, "");
}

static void wrong_use_is_named(void **state)
{
	struct bench b DEFER(bench_free);
	struct deviate v = { deviation_find(MECH_BASIC, STR("user")), STR("case") };

	(void)state;
	bench_init(&b);
	assert_int_equal(
		craft_credentials(&b.craft, &b.arena, MECH_DIGEST, &b.in, &b.memory, &v, 1, &b.err),
		-1);
	assert_int_equal(b.err.code, ERR_INPUT);
	v.value = STR("nonsense");
	assert_int_equal(
		craft_credentials(&b.craft, &b.arena, MECH_BASIC, &b.in, &b.memory, &v, 1, &b.err),
		-1);
	assert_non_null(strstr(b.err.text, "expected one of: unknown empty case prefix"));
	bad(&b, MECH_DIGEST, "nc=lower");
	assert_non_null(strstr(b.err.text, "digest nc=\"lower\": "));
}

/* --- failures --- */

static void every_allocation_may_fail(void **state)
{
	(void)state;
	for (enum mechanism m = MECH_BASIC; m < MECHANISMS; m++) {
		for (long n = 0;; n++) {
			struct bench b DEFER(bench_free);
			int result;

			bench_init(&b);
			mem_fail_after(n);
			result = craft(&b, m, "");
			mem_fail_after(-1);
			if (result == 0) {
				assert_true(n > 0);
				break;
			}
			assert_int_equal(b.err.code, ERR_NOMEM);
			assert_true(n < 100);
		}
	}
}

static void nc_runs_ahead_and_falls_behind(void **state)
{
	struct bench b DEFER(bench_free);

	(void)state;
	bench_init(&b);
	bad(&b, MECH_DIGEST, "nc=behind:1");
	good(&b, MECH_DIGEST, "");
	good(&b, MECH_DIGEST, "nc=ahead:100");
	has(&b, "nc=00000065");
	bad(&b, MECH_DIGEST, "nc=behind:101");
	good(&b, MECH_DIGEST, "nc=behind:100");
	has(&b, "nc=00000001");
	good(&b, MECH_DIGEST, "nc=behind:64");
	has(&b, "nc=00000025");
	good(&b, MECH_DIGEST, ""); /* and the highest one stays the highest */
	has(&b, "nc=00000066");
}

static void names_and_cnonces_have_the_length_asked_for(void **state)
{
	static const int lengths[] = { 1, 2, 7, 64, 4095, 4096 };

	(void)state;
	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct bench b DEFER(bench_free);
		char text[32];

		bench_init(&b);
		snprintf(text, sizeof(text), "user=bytes:%d", lengths[i]);
		good(&b, MECH_DIGEST, text);
		assert_int_equal(b.craft.digest.user.n, lengths[i]);
		assert_true(str_eq(b.craft.digest.user, b.craft.digest.hash.user));
		good(&b, MECH_TOKEN, text);
		assert_int_equal(b.craft.token.sent.username.n, lengths[i]);
		snprintf(text, sizeof(text), "cnonce=bytes:%d", lengths[i]);
		good(&b, MECH_DIGEST, text);
		assert_int_equal(b.craft.digest.cnonce.n, lengths[i]);
		assert_true(str_eq(b.craft.digest.cnonce, b.craft.digest.hash.cnonce));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rfc7617_section_2),
		cmocka_unit_test(sarix_article),
		cmocka_unit_test(rfc7616_section_3_9_1),
		cmocka_unit_test(rfc2069_form),
		cmocka_unit_test(md5_sess),
		cmocka_unit_test(quotes_are_escaped),
		cmocka_unit_test(nc_counts_up),
		cmocka_unit_test(nc_runs_ahead_and_falls_behind),
		cmocka_unit_test(names_and_cnonces_have_the_length_asked_for),
		cmocka_unit_test(forged_nonces_leave_no_trace),
		cmocka_unit_test(foreign_nonces_look_alike),
		cmocka_unit_test(old_nonces_are_found_again),
		cmocka_unit_test(the_last_nc_uses_the_nonce_up),
		cmocka_unit_test(control_octets_are_refused),
		cmocka_unit_test(wrong_use_is_named),
		cmocka_unit_test(every_allocation_may_fail),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

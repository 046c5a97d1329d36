/* Digest arithmetic against values that others published. */
#include "check.h"

#include "auth/digest.h"

#define DOE "J\xc3\xa4s\xc3\xb8n Doe"

static const struct {
	const char *source, *algorithm, *qop, *user, *realm, *password, *method, *uri, *body;
	const char *nonce, *nc, *cnonce, *response;
} rows[] = {
	{ "RFC 2617 3.5", "MD5", "auth", "Mufasa", "testrealm@host.com", "Circle Of Life", "GET",
	  "/dir/index.html", "", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "00000001", "0a4f113b",
	  "6629fae49393a05397450978507c4ef1" },
	/* The RFC prints e966c932a9242554e42c8ee200cec7f6, which is wrong. */
	{ "RFC 2069 2.4 with errata 749", "MD5", "", "Mufasa", "testrealm@host.com", "CircleOfLife",
	  "GET", "/dir/index.html", "", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "", "",
	  "1949323746fe6a43ef61f9606e7febea" },
	{ "RFC 7616 3.9.1", "MD5", "auth", "Mufasa", "http-auth@example.org", "Circle of Life",
	  "GET", "/dir/index.html", "", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "00000001",
	  "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ", "8ca523f5e9506fed4657c9700eebdbec" },
	{ "RFC 7616 3.9.1", "SHA-256", "auth", "Mufasa", "http-auth@example.org", "Circle of Life",
	  "GET", "/dir/index.html", "", "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", "00000001",
	  "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
	  "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1" },
	/* The RFC prints a value of truncated SHA-512. */
	{ "RFC 7616 3.9.2 with errata 4897", "SHA-512-256", "auth", DOE, "api@example.org",
	  "Secret, or not?", "GET", "/doe.json", "", "5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK",
	  "00000001", "NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v",
	  "3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5" },
	{ "Pelco, Sarix authentication", "MD5", "auth", "admin", "Sarix", "secure", "POST",
	  "/onvif/device_service", "", "40348f31eb8ea656bdf1d4704b054064", "00000001",
	  "4215345dc8eb9396", "4c7fed898c7e565896c9a4b0b5802c85" },
};

static struct digest_inputs inputs_of(size_t i)
{
	struct digest_inputs in = {
		.qop = !*rows[i].qop                  ? DIGEST_QOP_NONE
		       : !strcmp(rows[i].qop, "auth") ? DIGEST_QOP_AUTH
						      : DIGEST_QOP_AUTH_INT,
		.user = str(rows[i].user),
		.realm = str(rows[i].realm),
		.password = str(rows[i].password),
		.method = str(rows[i].method),
		.uri = str(rows[i].uri),
		.body = str(rows[i].body),
		.nonce = str(rows[i].nonce),
		.nc = str(rows[i].nc),
		.cnonce = str(rows[i].cnonce),
	};

	assert_int_equal(digest_algorithm_parse(str(rows[i].algorithm), &in.alg, &in.session), 0);
	return in;
}

static void published(void **state)
{
	char hex[HASH_HEX_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct digest_inputs in = inputs_of(i);

		assert_int_equal(digest_response(&in, hex, &err), 0);
		check_view(str(hex), str(rows[i].response), rows[i].source);
	}
}

static void parts(void **state)
{
	struct digest_inputs in = inputs_of(COUNT(rows) - 1);
	char hex[HASH_HEX_MAX];

	(void)state;
	/* Pelco's article prints both. */
	assert_int_equal(digest_ha1(&in, hex, &err), 0);
	assert_string_equal(hex, "efd83201b93b72f10211d7b51b0d4460");
	assert_int_equal(digest_ha2(&in, hex, &err), 0);
	assert_string_equal(hex, "bb7214af296c80b7b6e7d4b2e47f4ae6");
	/* RFC 7616 3.9.2 with errata 4897 */
	assert_int_equal(
		digest_userhash(HASH_SHA512_256, STR(DOE), STR("api@example.org"), hex, &err), 0);
	assert_string_equal(hex,
			    "793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b");
}

/* What each input is for, checked against the formula spelt out. */
static void formula(void **state)
{
	struct digest_inputs in = inputs_of(0);
	char hex[HASH_HEX_MAX], want[HASH_HEX_MAX], a1[HASH_HEX_MAX], a2[HASH_HEX_MAX];

	(void)state;
	in.session = true;
	in.qop = DIGEST_QOP_AUTH_INT;
	in.body = STR("x\0y");
	assert_int_equal(digest_ha1(&in, a1, &err), 0);
	assert_int_equal(
		hash_joined_hex(HASH_MD5, HASH_PARTS(str(a1), in.nonce, in.cnonce), a1, &err), 0);
	assert_int_equal(hash_joined_hex(HASH_MD5, HASH_PARTS(in.body), a2, &err), 0);
	assert_int_equal(
		hash_joined_hex(HASH_MD5, HASH_PARTS(in.method, in.uri, str(a2)), a2, &err), 0);
	assert_int_equal(hash_joined_hex(HASH_MD5,
					 HASH_PARTS(str(a1), in.nonce, in.nc, in.cnonce,
						    STR("auth-int"), str(a2)),
					 want, &err),
			 0);
	assert_int_equal(digest_response(&in, hex, &err), 0);
	assert_string_equal(hex, want);

	/* the session's first nonce and cnonce stay in A1 */
	in.session_nonce = in.nonce;
	in.session_cnonce = in.cnonce;
	in.nonce = in.cnonce = STR("next");
	assert_int_equal(hash_joined_hex(HASH_MD5,
					 HASH_PARTS(str(a1), in.nonce, in.nc, in.cnonce,
						    STR("auth-int"), str(a2)),
					 want, &err),
			 0);
	assert_int_equal(digest_response(&in, hex, &err), 0);
	assert_string_equal(hex, want);

	/* a qop of another name is hashed by that name */
	in.qop_text = STR("auth-conf");
	assert_int_equal(digest_response(&in, hex, &err), 0);
	assert_string_not_equal(hex, want);
}

/* RFC 7616 3.5: A2 begins with the colon. */
static void rspauth(void **state)
{
	struct digest_inputs in = inputs_of(0);
	char hex[HASH_HEX_MAX], want[HASH_HEX_MAX], a1[HASH_HEX_MAX], a2[HASH_HEX_MAX];

	(void)state;
	assert_int_equal(digest_ha1(&in, a1, &err), 0);
	assert_int_equal(hash_joined_hex(HASH_MD5, HASH_PARTS(STR(":/dir/index.html")), a2, &err),
			 0);
	assert_int_equal(hash_joined_hex(HASH_MD5,
					 HASH_PARTS(str(a1), in.nonce, in.nc, in.cnonce,
						    STR("auth"), str(a2)),
					 want, &err),
			 0);
	assert_int_equal(digest_rspauth(&in, hex, &err), 0);
	assert_string_equal(hex, want);
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(published), CHECK(parts), CHECK(formula),
					    CHECK(rspauth) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

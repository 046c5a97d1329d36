/* PasswordDigest against a published value, and what goes into it. */
#include "check.h"

#include "auth/base64.h"
#include "auth/username_token.h"

/* ONVIF Application Programmer's Guide 1.0, section 6.1.1.3. */
#define NONCE    "LKqI6G/AikKCQrN0zqZFlg=="
#define CREATED  "2010-09-16T07:50:45Z"
#define PASSWORD "userpassword"
#define DIGEST   "tuOSpGlFlIXsozq4HFNeeGeFLEI="

static struct str digest_of(struct str nonce, struct str created, struct str password)
{
	struct str out;

	assert_int_equal(ut_password_digest(&arena, nonce, created, password, &out, &err), 0);
	return out;
}

static void published(void **state)
{
	struct str nonce;

	(void)state;
	assert_int_equal(base64_decode(&arena, STR(NONCE), &nonce, &err), 0);
	check_str(digest_of(nonce, STR(CREATED), STR(PASSWORD)), DIGEST);
	/* known mistakes give other values */
	assert_false(str_eq(digest_of(STR(NONCE), STR(CREATED), STR(PASSWORD)), STR(DIGEST)));
	assert_false(str_eq(digest_of(STR(""), STR(CREATED), STR(PASSWORD)), STR(DIGEST)));
	assert_false(str_eq(digest_of(STR(CREATED), nonce, STR(PASSWORD)), STR(DIGEST)));
}

static void octets(void **state)
{
	(void)state;
	/* the parts have no separator: only the octets count */
	check_view(digest_of(STR("ab"), STR("c"), STR("d")),
		   digest_of(STR(""), STR("abcd"), STR("")), "joined");
	/* a NUL ends nothing: ONVIF Device Manager sends nonces that end in five of them */
	assert_false(str_eq(digest_of(STR("n\0\0\0\0\0"), STR("c"), STR("p")),
			    digest_of(STR("n"), STR("c"), STR("p"))));
	/* SHA-1 of nothing, FIPS 180-4 */
	check_str(digest_of(STR(""), STR(""), STR("")), "2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(published), CHECK(octets) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

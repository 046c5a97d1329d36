/* Digests: published answers of each algorithm, and joining. */
#include "check.h"

#include "auth/hash.h"

/* MD5: RFC 1321 A.5.  The others: examples for "abc" and "" of FIPS 180-4, as NIST publishes them.
 */
static void published(void **state)
{
	static const struct {
		enum hash_alg alg;
		const char *text, *hex;
	} rows[] = {
		{ HASH_MD5, "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ HASH_MD5, "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ HASH_SHA1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d" },
		{ HASH_SHA256, "abc",
		  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ HASH_SHA512_256, "abc",
		  "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23" },
		{ HASH_SHA512_256, "",
		  "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a" },
	};
	char hex[HASH_HEX_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str part = str(rows[i].text);

		assert_int_equal(hash_joined_hex(rows[i].alg, &part, 1, hex, &err), 0);
		assert_string_equal(hex, rows[i].hex);
		assert_int_equal(strlen(hex), 2 * hash_bytes(rows[i].alg));
	}
}

static void joins(void **state)
{
	char hex[HASH_HEX_MAX], whole[HASH_HEX_MAX];
	uint8_t a[HASH_MAX], b[HASH_MAX];

	(void)state;
	assert_int_equal(
		hash_joined_hex(HASH_MD5, HASH_PARTS(STR("a"), STR(""), STR("c")), hex, &err), 0);
	assert_int_equal(hash_joined_hex(HASH_MD5, HASH_PARTS(STR("a::c")), whole, &err), 0);
	assert_string_equal(hex, whole);
	/* the result may take the place of a part */
	assert_int_equal(hash_joined_hex(HASH_MD5, HASH_PARTS(str(hex), STR("x")), hex, &err), 0);
	assert_int_equal(hash_joined_hex(HASH_MD5, HASH_PARTS(str(whole), STR("x")), whole, &err),
			 0);
	assert_string_equal(hex, whole);
	assert_int_equal(hash_parts(HASH_SHA1, HASH_PARTS(STR("a"), STR("bc")), a, &err), 0);
	assert_int_equal(hash_parts(HASH_SHA1, HASH_PARTS(STR("abc")), b, &err), 0);
	assert_memory_equal(a, b, 20);
	/* a NUL is an octet like any other */
	assert_int_equal(hash_parts(HASH_SHA1, HASH_PARTS(STR("abc\0")), b, &err), 0);
	assert_memory_not_equal(a, b, 20);
}

static void compares(void **state)
{
	(void)state;
	assert_true(hash_equal(STR("abc"), STR("abc")));
	assert_false(hash_equal(STR("abc"), STR("abd")));
	assert_false(hash_equal(STR("abc"), STR("ab")));
	assert_true(hash_equal(STR(""), (struct str){ NULL, 0 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(published), CHECK(joins), CHECK(compares) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

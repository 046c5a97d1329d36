/* Base64: RFC 4648 section 10, and what a strict decoder refuses. */
#include "check.h"

#include "auth/base64.h"

static const struct {
	const char *octets, *text;
} published[] = {
	{ "", "" },
	{ "f", "Zg==" },
	{ "fo", "Zm8=" },
	{ "foo", "Zm9v" },
	{ "foob", "Zm9vYg==" },
	{ "fooba", "Zm9vYmE=" },
	{ "foobar", "Zm9vYmFy" },
	{ "admin:secure", "YWRtaW46c2VjdXJl" }, /* Pelco's article on Sarix */
};

static void both_ways(void **state)
{
	struct str octets;

	(void)state;
	for (size_t i = 0; i < COUNT(published); i++) {
		struct str text = str(published[i].text);

		check_view(base64_encode(&arena, str(published[i].octets)), text, "encoded");
		assert_int_equal(base64_decode(&arena, text, &octets, &err), 0);
		check_view(octets, str(published[i].octets), "decoded");
		check_view(base64_decode_loosely(&arena, text), octets, "decoded loosely");
	}
}

static void every_octet(void **state)
{
	char all[256 + 2];
	struct str octets;

	(void)state;
	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)(i * 7);
	for (size_t n = 0; n <= sizeof(all); n++) {
		struct str text = base64_encode(&arena, str_n(all, n));

		assert_int_equal(text.n, (n + 2) / 3 * 4);
		assert_int_equal(base64_decode(&arena, text, &octets, &err), 0);
		check_view(octets, str_n(all, n), "octets");
		check_view(base64_decode_loosely(&arena, text), str_n(all, n), "loosely");
	}
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *error, *loosely;
	} rows[] = {
		{ "Zg", "Base64: missing padding at offset 2", "f" },
		{ "Zg=", "Base64: missing padding at offset 3", "f" },
		{ "Zg===", "Base64: padding at offset 2", "f" },
		{ "Zm9v=", "Base64: missing padding at offset 5", "foo" },
		{ "Zm9v====", "Base64: padding at offset 4", "foo" },
		{ "Zm=v", "Base64: padding at offset 2", "f" },
		{ "Zg==junk", "Base64: padding at offset 2", "f" },
		{ "Zm 9v", "Base64: a foreign character at offset 2", "foo" },
		{ "Zm9v\n", "Base64: a foreign character at offset 4", "foo" },
		{ "Zm9!v", "Base64: a foreign character at offset 3", "foo" },
		{ "--__", "Base64: a foreign character at offset 0", "\xfb\xef\xff" },
		{ "Zh==", "Base64: unused bits that are set at offset 1", "f" },
		{ "Zm9=", "Base64: unused bits that are set at offset 2", "fo" },
		{ "Z", "Base64: missing padding at offset 1", "" },
		{ "=", "Base64: missing padding at offset 1", "" },
		{ "====", "Base64: padding at offset 0", "" },
	};
	struct str octets;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(base64_decode(&arena, str(rows[i].text), &octets, &err), -1);
		assert_int_equal(err.code, ERR_PARSE);
		assert_string_equal(err.text, rows[i].error);
		check_view(base64_decode_loosely(&arena, str(rows[i].text)), str(rows[i].loosely),
			   rows[i].text);
	}
	assert_int_equal(base64_decode(&arena, STR("Zm\0v"), &octets, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(both_ways), CHECK(every_octet), CHECK(refuses) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

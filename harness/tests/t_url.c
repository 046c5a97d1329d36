/* URLs: what is taken apart, and what is refused before anything is sent. */
#include "wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

static const struct {
	const char *url, *host;
	int port;
	const char *target, *origin;
	bool tls, loopback;
} good[] = {
	{ "http://cam", "cam", 80, "/", "http://cam", false, false },
	{ "http://cam/", "cam", 80, "/", "http://cam", false, false },
	{ "HTTP://Cam.example:8080/onvif/device_service", "Cam.example", 8080,
	  "/onvif/device_service", "HTTP://Cam.example:8080", false, false },
	{ "https://10.0.0.7/x?a=b@c:d", "10.0.0.7", 443, "/x?a=b@c:d", "https://10.0.0.7", true,
	  false },
	{ "https://cam:443//a/../b", "cam", 443, "//a/../b", "https://cam:443", true, false },
	{ "http://127.0.0.1:1/", "127.0.0.1", 1, "/", "http://127.0.0.1:1", false, true },
	{ "http://127.200.0.9:65535", "127.200.0.9", 65535, "/", "http://127.200.0.9:65535", false,
	  true },
	{ "http://128.0.0.1/", "128.0.0.1", 80, "/", "http://128.0.0.1", false, false },
	{ "http://LocalHost/", "LocalHost", 80, "/", "http://LocalHost", false, true },
	{ "http://localhost.example/", "localhost.example", 80, "/", "http://localhost.example",
	  false, false },
	{ "http://127.0.0.1.example/", "127.0.0.1.example", 80, "/", "http://127.0.0.1.example",
	  false, false },
	{ "http://[::1]/", "::1", 80, "/", "http://[::1]", false, true },
	{ "http://[::1]:8000/p", "::1", 8000, "/p", "http://[::1]:8000", false, true },
	{ "https://[2001:db8::7]:8443", "2001:db8::7", 8443, "/", "https://[2001:db8::7]:8443",
	  true, false },
	{ "http://[fe80::1%25eth0]/", "fe80::1%25eth0", 80, "/", "http://[fe80::1%25eth0]", false,
	  false },
};

static const struct {
	const char *url, *why; /* a part of the message */
} bad[] = {
	{ "", "not an http or https URL" },
	{ "cam", "not an http or https URL" },
	{ "192.168.1.5:80/onvif", "not an http or https URL" },
	{ "//cam/", "not an http or https URL" },
	{ "ftp://cam/", "not an http or https URL" },
	{ "rtsp://cam/stream", "not an http or https URL" },
	{ "file:///etc/passwd", "not an http or https URL" },
	{ "http:/cam", "not an http or https URL" },
	{ "http://", "host" },
	{ "http:///path", "host" },
	{ "http://:80/", "host" },
	{ "http://?x", "host" },
	{ "http://cam?x=1", "host" },
	{ "http://c%61m/", "host" },
	{ "http://cam\\x/", "host" },
	{ "http://[::1/", "host" },
	{ "http://[]/", "host" },
	{ "http://[1.2.3.4]/", "host" },
	{ "http://[::g]/", "host" },
	{ "http://[fe80::1%25]/", "host" },
	{ "http://::1/", "host" },
	{ "http://[::1]x/", "port" },
	{ "http://cam:/", "port" },
	{ "http://cam:0/", "port" },
	{ "http://cam:70000/", "port" },
	{ "http://cam:65536/", "port" },
	{ "http://cam:99999999999999999999/", "port" },
	{ "http://cam:-1/", "port" },
	{ "http://cam:80a/", "port" },
	{ "http://cam:80:80/", "port" },
	{ "http://admin:secret@cam/", "no user or password" },
	{ "http://admin@cam/", "no user or password" },
	{ "http://@cam/", "no user or password" },
	{ "http://cam/a b", "a space" },
	{ " http://cam/", "a space" },
	{ "http://cam/\r\nHost: x", "control" },
	{ "http://cam\t/", "control" },
	{ "http://cam/\x7f", "control" },
	{ "http://c\xc3\xa4m/", "non-ASCII" },
	{ "http://cam/#top", "fragment" },
};

static void assert_view(struct str got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct url_parts u;
		struct err err = { 0 };

		if (url_parse(str(good[i].url), &u, &err))
			fail_msg("%s: %s", good[i].url, err.text);
		assert_view(u.host, good[i].host);
		assert_int_equal(u.port, good[i].port);
		assert_view(u.target, good[i].target);
		assert_view(u.origin, good[i].origin);
		assert_int_equal(u.tls, good[i].tls);
		assert_int_equal(u.loopback, good[i].loopback);
	}
}

static void test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct url_parts u;
		struct err err = { 0 };

		if (!url_parse(str(bad[i].url), &u, &err))
			fail_msg("%s was taken", bad[i].url);
		assert_int_equal(err.code, ERR_INPUT);
		if (!strstr(err.text, bad[i].why))
			fail_msg("%s: \"%s\" lacks \"%s\"", bad[i].url, err.text, bad[i].why);
		assert_non_null(strstr(err.text, "expected http://HOST[:PORT][/PATH]"));
	}
}

static void test_password_is_not_repeated(void **state)
{
	struct url_parts u;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(url_parse(STR("http://admin:geheim@cam/"), &u, &err), -1);
	assert_null(strstr(err.text, "geheim"));
	/* nor when something else is wrong before it */
	assert_int_equal(url_parse(STR("htp://admin:geheim@cam/"), &u, &err), -1);
	assert_null(strstr(err.text, "geheim"));
}

static void test_nul_and_length(void **state)
{
	static char big[9000];
	struct url_parts u;
	struct err err = { 0 };

	(void)state;
	assert_int_equal(url_parse(STR("http://cam/\0x"), &u, &err), -1);
	memset(big, 'a', sizeof(big));
	memcpy(big, "http://cam/", strlen("http://cam/"));
	assert_int_equal(url_parse(str_n(big, sizeof(big)), &u, &err), -1);
	assert_non_null(strstr(err.text, "longer than"));
	assert_int_equal(url_parse(str_n(big, 8192), &u, &err), 0);
	memset(big + 7, 'h', 300);
	assert_int_equal(url_parse(str_n(big, 300), &u, &err), -1);
	assert_int_equal(url_parse(str_n(big, 7 + 255), &u, &err), 0);
}

/* Every prefix of a URL in memory of exactly its size: no reading past the end. */
static void test_prefixes(void **state)
{
	const char *url = "https://[fe80::1%25e0]:8443/a?b";

	(void)state;
	for (size_t n = 0; n <= strlen(url); n++) {
		char *exact = malloc(n ? n : 1);
		struct url_parts u;
		struct err err = { 0 };

		assert_non_null(exact);
		memcpy(exact, url, n);
		assert_true(url_parse(str_n(exact, n), &u, &err) == 0 || err.code == ERR_INPUT);
		free(exact);
	}
}

static void test_fate_names(void **state)
{
	(void)state;
	assert_string_equal(wire_fate_name(WIRE_ANSWERED), "answered");
	assert_string_equal(wire_fate_name(WIRE_UNRESOLVED), "unresolved");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_password_is_not_repeated),
		cmocka_unit_test(test_nul_and_length),
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_fate_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* HTTP messages as data. */
#include "check.h"

#include "base/http.h"

static void fields(void **state)
{
	struct http_fields f = { 0 };
	struct str all[2];

	(void)state;
	assert_null(http_get(&f, "Host").p);
	for (int i = 0; i < 20; i++)
		http_add(&arena, &f, STR("X-Fill"), STR("x"));
	http_add(&arena, &f, STR("WWW-Authenticate"), STR("Basic realm=\"a\""));
	http_add(&arena, &f, STR("www-authenticate"), STR("Digest"));
	http_add(&arena, &f, STR("Empty"), (struct str){ NULL, 0 });
	assert_int_equal(f.n, 23);
	check_str(http_get(&f, "WWW-AUTHENTICATE"), "Basic realm=\"a\"");
	assert_int_equal(http_count(&f, "www-authenticate"), 2);
	assert_int_equal(http_all(&f, "WWW-Authenticate", all, COUNT(all)), 2);
	check_str(all[1], "Digest");
	assert_int_equal(http_all(&f, "X-Fill", all, COUNT(all)), 20);
	assert_non_null(http_get(&f, "Empty").p);
	assert_int_equal(http_get(&f, "Empty").n, 0);
}

static void texts(void **state)
{
	struct http_request q = { .method = STR("POST"),
				  .target = STR("/a?b"),
				  .body = STR("x\0y") };
	struct http_response r = { .status = 401, .body = STR("no") };

	(void)state;
	http_add(&arena, &q.fields, STR("Host"), STR("h"));
	http_add(&arena, &r.fields, STR("WWW-Authenticate"), STR("Basic realm=\"a\""));
	check_str(http_request_text(&arena, &q), "POST /a?b HTTP/1.1\r\nHost: h\r\n\r\nx\0y");
	check_str(http_response_text(&arena, &r), "HTTP/1.1 401 Unauthorized\r\n"
						  "WWW-Authenticate: Basic realm=\"a\"\r\n\r\nno");
	r = (struct http_response){ .status = 599 };
	check_str(http_response_text(&arena, &r), "HTTP/1.1 599 \r\n\r\n");
	assert_string_equal(http_reason(200), "OK");
	assert_string_equal(http_reason(0), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(fields), CHECK(texts) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

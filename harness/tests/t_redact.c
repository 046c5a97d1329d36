/* No secret reaches what is written, and nothing else is lost. */
#include "check.h"

#include "base/mem.h"
#include "base/redact.h"

static struct redactor redactor_of(struct str secret)
{
	struct redactor r = { .n = 0 };

	assert_int_equal(redact_add(&r, secret), 0);
	return r;
}

static void registered_secrets(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "it is s&cret/1 here", "it is [redacted] here" },
		{ "s&cret/1s&cret/1", "[redacted]" },
		{ "?p=s%26cret%2f1&q", "?p=[redacted]&q" },
		{ "?p=s%26cret/1", "?p=[redacted]" },
		{ "<a>s&amp;cret/1</a>", "<a>[redacted]</a>" },
		{ "<a>s&#38;cret&#x2F;1</a>", "<a>[redacted]</a>" },
		{ "{\"s&cret\\/1\"}", "{\"[redacted]\"}" },
		{ "{\"s\\u0026cret\\u002F1\"}", "{\"[redacted]\"}" },
		{ "\\u00zz \\u0", "\\u00zz \\u0" },
		/* escaped again, by who quotes what was escaped */
		{ "<a>&amp;#115;&amp;amp;cret/1</a>", "<a>[redacted]</a>" },
		{ "<a>s&#38;amp;#x26;&#x26;#38;#99;ret/1</a>", "<a>[redacted]</a>" },
		{ "<a>s&amp;amp;amp;amp;amp;#38;cret&AMP;#x2F;1</a>", "<a>[redacted]</a>" },
		{ "?p=s%2526cret%25252F1&q", "?p=[redacted]&q" },
		{ "{\"s\\\\u0026cret\\\\\\/1\"}", "{\"[redacted]\"}" },
		{ "&amp;#115;&amp;amp;cret/2 %25 \\\\", "&amp;#115;&amp;amp;cret/2 %25 \\\\" },
		{ "[7326637265742F31]", "[[redacted]]" },
		{ "[61733a7326637265742f310]", "[61733a[redacted]0]" },
		{ "[7326637265742f32]", "[7326637265742f32]" },
		/* Base64 of "s&cret/1", of "a" and "ab" before it, and inside longer text */
		{ "[cyZjcmV0LzE=]", "[[redacted]E=]" },
		{ "YXMmY3JldC8x", "YX[redacted]" },
		{ "YWJzJmNyZXQvMQ==", "YWJ[redacted]Q==" },
		{ "S&cret/1 s&cret/", "S&cret/1 s&cret/" },
		{ "nothing", "nothing" },
	};
	struct redactor r = redactor_of(STR("s&cret/1"));

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_view(redact(&r, &arena, str(rows[i].text)), str(rows[i].want), rows[i].text);
}

static void spaces_and_percents(void **state)
{
	struct redactor r = redactor_of(STR("a b%20"));

	(void)state;
	check_str(redact(&r, &arena, STR("x=a+b%2520&")), "x=[redacted]&");
	check_str(redact(&r, &arena, STR("x=a%20b%2520&")), "x=[redacted]&");
	check_str(redact(&r, &arena, STR("x=a b%20&")), "x=[redacted]&");
}

static void by_syntax(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "Authorization: Basic dXNlcjpwYXNz\r\nHost: h",
		  "Authorization: Basic [redacted]\r\nHost: h" },
		{ "authorization:basic dXNl cjpw, foo=\"bar\"\r\nHost: h",
		  "authorization:basic [redacted]\r\nHost: h" },
		{ "Authorization: Basic secret\n", "Authorization: Basic [redacted]\n" },
		{ "curl -H 'Authorization: Basic dXNlcjpwYXNz' http://h/",
		  "curl -H 'Authorization: Basic [redacted]' http://h/" },
		{ "the value Basic dXNlcjpwYXNz== came", "the value Basic [redacted] came" },
		{ "WWW-Authenticate: Basic realm=\"x\"", "WWW-Authenticate: Basic realm=\"x\"" },
		{ "Basic authentication", "Basic authentication" },
		{ "Digest username=\"u\", response=\"6629fae49393a05397450978507c4ef1\", nc=1",
		  "Digest username=\"u\", response=\"[redacted]\", nc=1" },
		{ "Digest RESPONSE = 6629fae49393a053, nc=1",
		  "Digest RESPONSE = [redacted], nc=1" },
		{ "\"response=\\\"6629fae49393a053\\\"\"", "\"response=\\\"[redacted]\\\"\"" },
		{ "<digest response=\"upper\"/>", "<digest response=\"upper\"/>" },
		{ "<w:Password Type=\"a>b\">se&lt;cret</w:Password>",
		  "<w:Password Type=\"a>b\">[redacted]</w:Password>" },
		{ "<Password><![CDATA[x]]></Password><Password/>",
		  "<Password>[redacted]</Password><Password/>" },
		{ "<Password>x", "<Password>[redacted]" },
		{ "&lt;w:Password Type=&quot;a&quot;&gt;x&lt;/w:Password&gt; &lt;w:Nonce&gt;",
		  "&lt;w:Password Type=&quot;a&quot;&gt;[redacted]&lt;/w:Password&gt; "
		  "&lt;w:Nonce&gt;" },
		{ "\\u003cw:Password\\u003ex\\u003c/w:Password\\u003e",
		  "\\u003cw:Password\\u003e[redacted]\\u003c/w:Password\\u003e" },
		{ "Authentication-Info: rspauth=\"6629fae49393a053\", nextnonce=\"abcdef0123\"",
		  "Authentication-Info: rspauth=\"[redacted]\", nextnonce=\"abcdef0123\"" },
		{ "<PasswordText>x</PasswordText>", "<PasswordText>x</PasswordText>" },
		{ "Cookie: a=b; c=d\r\nSet-Cookie: e=f; Path=/\r\nHost: h",
		  "Cookie: [redacted]\r\nSet-Cookie: [redacted]\r\nHost: h" },
		{ "-H \"Cookie: a=b\" x", "-H \"Cookie: [redacted]\" x" },
	};
	struct redactor r = { .n = 0 };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_view(redact(&r, &arena, str(rows[i].text)), str(rows[i].want), rows[i].text);
}

static void what_is_refused(void **state)
{
	struct redactor r = { .n = 0 };

	(void)state;
	assert_int_equal(redact_add(&r, STR("")), -1);
	assert_int_equal(redact_add(&r, STR("ab")), -1);
	for (size_t i = 0; i < COUNT(r.secret); i++)
		assert_int_equal(redact_add(&r, STR("abc")), 0);
	assert_int_equal(redact_add(&r, STR("abc")), -1);
}

/* What a request held is a secret wherever its answer says it again. */
static void what_is_learnt(void **state)
{
	static const char sent[] = "POST / HTTP/1.1\r\n"
				   "Authorization: Digest nonce=\"abcdefabcdef\", "
				   "response=\"6629fae49393a05397450978507c4ef1\"\r\n"
				   "Cookie: short=x; session=0123456789\r\n\r\n"
				   "<w:Password>c2VjcmV0IGRpZ2VzdA==</w:Password>";
	struct redactor r = { .n = 0 };

	(void)state;
	redact_learn(&r, str(sent));
	check_str(redact(&r, &arena, STR("6629fae49393a05397450978507c4ef1 is wrong")),
		  "[redacted] is wrong");
	check_str(redact(&r, &arena, STR("digest c2VjcmV0IGRpZ2VzdA== of nonce abcdefabcdef")),
		  "digest [redacted] of nonce abcdefabcdef");
	check_str(redact(&r, &arena, STR("session 0123456789, x")), "session [redacted], x");
	redact_learn(&r, STR(""));
	assert_int_equal(r.n, 3); /* "short=x" is too short */
}

static void off_and_without_memory(void **state)
{
	struct redactor r = redactor_of(STR("secret"));
	struct str text = STR("the secret");

	(void)state;
	for (long n = 0; n < 2; n++) {
		struct arena a;

		arena_init(&a, 10000);
		mem_fail_after(n);
		check_str(redact(&r, &a, text), "");
		mem_fail_after(-1);
		assert_false(arena_ok(&a));
		arena_free(&a);
	}
	r.off = true;
	assert_ptr_equal(redact(&r, &arena, text).p, text.p);
}

/* Each rule reads on from where it stopped: openings without end take no longer than text. */
/* Not by syntax: only the secret itself counts. */
static void what_is_found(void **state)
{
	const struct str secret = STR("p&ss word");

	(void)state;
	assert_true(redact_finds(STR("a p&ss word b"), secret));
	assert_true(redact_finds(STR("/x?p%26ss+word"), secret));
	assert_true(redact_finds(STR("<a>p&amp;ss word</a>"), secret));
	assert_true(redact_finds(STR("Basic dXNlcjpwJnNzIHdvcmQ="), secret));
	assert_false(redact_finds(STR("<Password>p&ss wor</Password>"), secret));
	assert_false(redact_finds(STR("Basic dXNlcjpzZWNyZXQ="), secret));
	assert_false(redact_finds(STR(""), secret));
	assert_false(redact_finds(STR("text"), STR("")));
	assert_false(redact_finds(STR("text"), (struct str){ NULL, 0 }));
}

static void hostile_texts(void **state)
{
	static const char *const openings[] = {
		"<Password ", "<Password>", "&lt;Password ", "&#60;Password&#62;",
		"cookie: ",   "response=/", "basic ",        "authorization:basic ",
		"&#"
	};
	struct redactor r = redactor_of(STR("secret"));
	size_t n = 1u << 18;
	char *text = malloc(n);

	(void)state;
	assert_non_null(text);
	for (size_t k = 0; k < COUNT(openings); k++) {
		for (size_t i = 0; i < n; i++)
			text[i] = openings[k][i % strlen(openings[k])];
		assert_true(redact(&r, &arena, str_n(text, n)).n > 0);
	}
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(registered_secrets), CHECK(spaces_and_percents),
		CHECK(by_syntax),          CHECK(what_is_refused),
		CHECK(what_is_learnt),     CHECK(off_and_without_memory),
		CHECK(what_is_found),      CHECK(hostile_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

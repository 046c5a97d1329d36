/* How answers are compared: what vectors/README.md promises, clause by clause. */
#include "check.h"

#include "cli/vectors.h"

#define RESPOND                                                                                    \
	"{\"schema\": \"x\", \"about\": \"x\", \"notes\": {}, \"groups\": [{\"operation\": "       \
	"\"digest.respond\", \"about\": \"x\", \"tests\": [{\"id\": \"t.one\", \"source\": "       \
	"\"x\", "                                                                                  \
	"\"flags\": [], \"result\": \"%s\", \"www_authenticate\": [], \"username\": \"%s\", "      \
	"\"password\": \"secure\", \"method\": \"POST\", \"uri\": \"/onvif/device_service\", "     \
	"\"cnonce\": \"4215345dc8eb9396\", \"nc\": \"00000001\", \"expected\": {%s}}]}]}"

#define NONCE    "40348f31eb8ea656bdf1d4704b054064"
#define RESPONSE "4c7fed898c7e565896c9a4b0b5802c85"
/* The Sarix example, as a correct client sends it. */
#define PARAMS                                                                                     \
	"\"username\": \"admin\", \"realm\": \"Sarix\", \"nonce\": \"" NONCE                       \
	"\", \"uri\": \"/onvif/device_service\", \"response\": \"" RESPONSE                        \
	"\", \"qop\": \"auth\", \"nc\": \"00000001\", \"cnonce\": \"4215345dc8eb9396\""
#define HEADER                                                                                     \
	"Digest username=\"admin\", realm=\"Sarix\", nonce=\"" NONCE                               \
	"\", uri=\"/onvif/device_service\", response=\"" RESPONSE                                  \
	"\", qop=auth, nc=00000001, cnonce=\"4215345dc8eb9396\""

static struct vector_result judge_as(const char *result, const char *user, const char *expected,
				     const struct answer *got)
{
	struct str text = arena_fmt(&arena, RESPOND, result, user, expected);
	struct vector_result out;
	struct vector_set s = { 0 };

	arena_init(&s.a, 1u << 20);
	if (vectors_add(&s, STR("t.json"), text, &err) ||
	    vector_judge(&arena, &arena, &s.v[0], got, &out, &err))
		fail_msg("%s", err.text);
	vectors_free(&s);
	return out;
}

static struct vector_result judge_header(const char *expected, const char *header)
{
	const struct answer got = { .authorization = str(header) };

	return judge_as("valid", "admin", expected, &got);
}

static void check_verdict(struct vector_result got, enum vector_verdict want, const char *gist)
{
	if (got.verdict != want)
		print_error("%s: \"%.*s\"\n", vector_verdict_name(got.verdict),
			    STR_ARG(got.message));
	assert_int_equal(got.verdict, want);
	if (gist && str_find(got.message, str(gist)) == (size_t)-1)
		fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(got.message), gist);
}

static const char *params_of(const char *params)
{
	return arena_fmt(&arena, "\"params\": {%s}", params).p;
}

/* What may be written in another way is no divergence. */
static void spelling_is_free(void **state)
{
	static const char *const more[] = { "", ", algorithm=MD5", ", algorithm=\"md5\"",
					    ", opaque=\"\"", ", foo=bar, userhash=false" };

	(void)state;
	for (size_t i = 0; i < COUNT(more); i++)
		check_verdict(
			judge_header(params_of(PARAMS), arena_fmt(&arena, HEADER "%s", more[i]).p),
			VECTOR_PASS, NULL);
	check_verdict(judge_header(params_of(PARAMS),
				   "DIGEST cnonce=4215345dc8eb9396,nc=\"00000001\" , qop=\"auth\","
				   "response=" RESPONSE
				   ",uri=\"/onvif/device_service\",nonce=" NONCE
				   ",realm=Sarix,USERNAME=\"\\admin\""),
		      VECTOR_PASS, NULL);
}

static void divergences_are_named(void **state)
{
	static const struct {
		const char *header, *gist;
	} rows[] = {
		{ "", "no Digest credentials" },
		{ "Basic YTpi", "no Digest credentials" },
		{ HEADER ", response=\"x\"", "sent twice" },
		{ HEADER "; x", "break the grammar" },
		{ HEADER ", algorithm=SHA-256", "algorithm is \"SHA-256\", expected" },
		{ HEADER ", userhash=true", "not asked for" },
		{ "Digest username=\"admin\"", "no realm, expected \"Sarix\"" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_verdict(judge_header(params_of(PARAMS), rows[i].header), VECTOR_FAIL,
			      rows[i].gist);
}

/* RFC 2617 3.2.2: no qop that was not offered. */
static void a_qop_that_was_not_offered(void **state)
{
	const char *without =
		"\"params\": {\"username\": \"admin\", \"realm\": \"Sarix\", \"nonce\": "
		"\"" NONCE "\", \"uri\": \"/onvif/device_service\", \"response\": "
		"\"" RESPONSE "\"}";

	(void)state;
	check_verdict(judge_header(without, HEADER), VECTOR_FAIL, "none was offered");
}

/* RFC 7616 3.4.4: a client that cannot hash names sends the plain one; 3.4: or username*. */
static void names(void **state)
{
	const char *hashed = params_of("\"username\": \"f00\", \"userhash\": \"true\"");
	const struct answer star = {
		.authorization = STR("Digest username*=UTF-8''J%C3%A4s%20on, userhash=false"),
	};

	(void)state;
	check_verdict(judge_header(hashed, "Digest username=\"f00\", userhash=true"), VECTOR_PASS,
		      NULL);
	check_verdict(judge_header(hashed, "Digest username=\"admin\""), VECTOR_PASS, NULL);
	check_verdict(judge_header(hashed, "Digest username=\"f00\""), VECTOR_FAIL, "username is");
	check_verdict(judge_header(hashed, "Digest username=\"admin\", userhash=true"), VECTOR_FAIL,
		      "username is");
	check_verdict(judge_as("valid", "J\xc3\xa4s on",
			       params_of("\"username\": \"J\xc3\xa4s on\""), &star),
		      VECTOR_PASS, NULL);
}

static void form(void **state)
{
	const char *token = "\"quoted\": [], \"token\": [\"qop\", \"nc\", \"algorithm\"]";
	const char *quoted = "\"quoted\": [\"realm\", \"opaque\"], \"token\": []";

	(void)state;
	check_verdict(judge_header(token, HEADER), VECTOR_PASS, NULL);
	check_verdict(judge_header(quoted, HEADER), VECTOR_PASS, NULL);
	check_verdict(judge_header(token, HEADER ", algorithm=\"MD5\""), VECTOR_FAIL,
		      "algorithm is sent in quotes");
	check_verdict(judge_header(quoted, "Digest realm=Sarix"), VECTOR_FAIL,
		      "realm is sent without quotes");
}

static void alternatives(void **state)
{
	const char *either =
		"\"params\": {\"qop\": \"auth-int\"}, \"or\": [{\"qop\": \"x\"}, {" PARAMS "}]";

	(void)state;
	check_verdict(judge_header(either, HEADER), VECTOR_PASS, NULL);
	check_verdict(
		judge_header("\"params\": {\"qop\": \"auth-int\"}, \"or\": [{\"qop\": \"x\"}]",
			     HEADER),
		VECTOR_FAIL, "qop is \"auth\", expected \"auth-int\"");
}

/* The response is computed again for a cnonce that the library drew itself. */
static void values_of_its_own(void **state)
{
	struct answer got = {
		.own = OWN_CNONCE | OWN_NC,
		.authorization = STR("Digest username=\"admin\", realm=\"Sarix\", nonce=\"" NONCE
				     "\", uri=\"/onvif/device_service\", qop=auth, nc=00000002, "
				     "cnonce=\"00\", response=\"8e6d4a3b\""),
	};
	struct vector_result wrong = judge_as("valid", "admin", params_of(PARAMS), &got);
	size_t at;

	(void)state;
	check_verdict(wrong, VECTOR_FAIL, "response is \"8e6d4a3b\", expected \"");
	at = str_find(wrong.message, STR("expected \"")) + 10;
	got.authorization = arena_concat(
		&arena, str_sub(got.authorization, 0, str_find(got.authorization, STR("8e6d4a3b"))),
		str_sub(wrong.message, at, 33));
	check_verdict(judge_as("valid", "admin", params_of(PARAMS), &got), VECTOR_PASS, NULL);
	assert_true(str_find(got.authorization, STR(RESPONSE)) == (size_t)-1);
	got.own = 0;
	check_verdict(judge_as("valid", "admin", params_of(PARAMS), &got), VECTOR_FAIL,
		      "nc is \"00000002\"");
}

static void invalid_ones(void **state)
{
	const char *mistake = "\"params\": {\"response\": \"" RESPONSE "\"}";
	const struct answer gives = { .authorization = STR(HEADER) };
	const struct answer other = { .authorization = STR("Digest response=\"x\"") };
	const struct answer refuses = { .kind = ANSWER_REFUSED, .why = STR("no\nway") };
	const struct answer cannot = { .kind = ANSWER_UNSUPPORTED, .why = STR("MD5") };

	(void)state;
	check_verdict(judge_as("invalid", "admin", mistake, &gives), VECTOR_FAIL, "must not come");
	check_verdict(judge_as("invalid", "admin", mistake, &other), VECTOR_PASS, NULL);
	check_verdict(judge_as("invalid", "admin", mistake, &refuses), VECTOR_PASS, NULL);
	check_verdict(judge_as("valid", "admin", params_of(PARAMS), &refuses), VECTOR_FAIL,
		      "refused: no way");
	check_verdict(judge_as("valid", "admin", params_of(PARAMS), &cannot), VECTOR_UNSUPPORTED,
		      "MD5");
}

/* The files that are built in: all right, and none of them without being judged. */
static void our_own_code(void **state)
{
	struct vector_result *result;
	struct vector_set s;
	struct arena keep;

	(void)state;
	arena_init(&keep, 64u << 20);
	assert_int_equal(vectors_load(&s, NULL, 0, &err), 0);
	assert_true(s.n >= 600);
	check_view(s.v[0].id, STR("digest.sarix"), "the first");
	result = arena_array(&keep, struct vector_result, s.n);
	assert_int_equal(vectors_own(&s, NULL, &keep, result, &err), 0);
	for (size_t i = 0; i < s.n; i++)
		check_verdict(result[i], VECTOR_PASS, NULL);
	vectors_free(&s);
	arena_free(&keep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(spelling_is_free),
		CHECK(divergences_are_named),
		CHECK(names),
		CHECK(a_qop_that_was_not_offered),
		CHECK(form),
		CHECK(alternatives),
		CHECK(values_of_its_own),
		CHECK(invalid_ones),
		CHECK(our_own_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

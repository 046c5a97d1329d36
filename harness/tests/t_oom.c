/* Every codec without memory, at each point where it could ask for some: it says ERR_NOMEM, and a
 * build with AddressSanitizer sees neither a leak nor a stray access.
 */
#include "check.h"

#include "auth/datetime.h"
#include "auth/verify.h"
#include "base/mem.h"

static const struct account accounts[] = {
	{ .user = { "admin", 5 }, .password = { "secure", 6 } },
	{ .user = { "guest", 5 }, .password = { "x", 1 } },
};

static const struct verify_policy policy = {
	.account = accounts,
	.n_account = COUNT(accounts),
	.realm = { "Sarix", 5 },
	.offer_basic = true,
	.offer_digest = true,
	.algs = 1u << HASH_MD5 | 1u << HASH_SHA256,
	.qop_auth = true,
	.qop_auth_int = true,
};

static int parse_challenges(struct arena *a, struct err *e)
{
	const struct str field[] = {
		STR("Digest realm=\"a\\\"b\", nonce=\"n\", a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8"),
		STR("i=9, Basic realm=\"x\", A, B, C, D, E, F, G, H, Newauth abc=="),
	};
	struct challenge_list l;

	return challenge_parse(a, field, COUNT(field), &l, e);
}

static int verify_field(struct arena *a, struct str field, struct err *e)
{
	struct http_request r = { .method = STR("POST"), .target = STR("/"), .body = STR("x") };
	struct http_field one = { STR("Authorization"), field };
	struct verify_result out;

	r.fields = (struct http_fields){ .v = &one, .n = 1, .room = 1 };
	return verify_http(a, &policy, &r, &out, e);
}

static int verify_basic(struct arena *a, struct err *e)
{
	return verify_field(a, STR("Basic YWRtaW46c2VjdXJl"), e);
}

static int verify_basic_loose(struct arena *a, struct err *e)
{
	return verify_field(a, STR("Basic YWRta!W46c2VjdXJl"), e);
}

static int verify_digest(struct arena *a, struct err *e)
{
	return verify_field(a,
			    STR("Digest username*=UTF-8''admin, realm=\"Sarix\", nonce=\"n\", "
				"uri=\"/\", response=\"4c7fed898c7e565896c9a4b0b5802c85\", "
				"qop=auth-int, nc=00000001, cnonce=\"c\", algorithm=FOO"),
			    e);
}

static int verify_userhash(struct arena *a, struct err *e)
{
	return verify_field(a, STR("Digest username=\"x\", realm=\"Sarix\", userhash=true"), e);
}

static int verify_one_token(struct arena *a, struct err *e)
{
	const struct username_token t = {
		.username = STR("admin"),
		.password = STR("tuOSpGlFlIXsozq4HFNeeGeFLEI="),
		.password_type = STR(UT_TYPE_DIGEST),
		.nonce = STR("LKqI6G/A!ikKCQrN0zqZFlg=="),
		.created = STR("2010-09-16T07:50:45Z"),
		.wsu_created = true,
	};
	struct token_result out;

	return verify_token(a, &policy, &t, &out, e);
}

static int make_token(struct arena *a, struct err *e)
{
	struct str created = datetime_format(a, 1284623445000, 3), digest;

	return ut_password_digest(a, STR("nonce"), created, STR("secure"), &digest, e);
}

static int name_defects(struct arena *a, struct err *e)
{
	struct defects d = { { 7, 7 } };

	(void)defects_text(a, d);
	return arena_check(a, e);
}

static int write_messages(struct arena *a, struct err *e)
{
	struct http_response r = { .status = 401, .body = STR("x") };

	for (int i = 0; i < 20; i++)
		http_add(a, &r.fields, STR("WWW-Authenticate"), STR("Basic realm=\"x\""));
	(void)http_response_text(a, &r);
	return arena_check(a, e);
}

static const struct {
	const char *name;
	int (*fn)(struct arena *a, struct err *e);
} codecs[] = {
	{ "challenge_parse", parse_challenges },
	{ "verify_http basic", verify_basic },
	{ "verify_http basic, loosely", verify_basic_loose },
	{ "verify_http digest", verify_digest },
	{ "verify_http userhash", verify_userhash },
	{ "verify_token", verify_one_token },
	{ "ut_password_digest", make_token },
	{ "defects_text", name_defects },
	{ "http_response_text", write_messages },
};

/* One run; true when it succeeded. */
static bool run(size_t i, size_t max_bytes)
{
	struct arena a;
	int result;

	err = (struct err){ .code = ERR_NONE };
	arena_init(&a, max_bytes);
	result = codecs[i].fn(&a, &err);
	arena_free(&a);
	if (result == 0)
		return true;
	if (err.code != ERR_NOMEM)
		print_error("%s: %s\n", codecs[i].name, err.text);
	assert_int_equal(err.code, ERR_NOMEM);
	return false;
}

static void allocator_fails(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(codecs); i++) {
		bool ok = false;

		for (long n = 0; !ok; n++) {
			mem_fail_after(n);
			ok = run(i, 1u << 20);
			mem_fail_after(-1);
			assert_true(n > 0 || !ok); /* each needs memory at all */
			assert_in_range(n, 0, 1000);
		}
	}
}

/* An arena asks the allocator seldom; a cap that grows octet by octet fails at each request. */
static void arena_is_full(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(codecs); i++) {
		size_t max_bytes = 0;

		while (!run(i, max_bytes))
			max_bytes += 16;
		assert_in_range(max_bytes, 16, 1u << 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(allocator_fails), CHECK(arena_is_full) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

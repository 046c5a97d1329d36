/* Authorization fields as a whole, Basic credentials, and the set of defects. */
#include "check.h"

#include "auth/verify.h"

static const struct account accounts[] = {
	{ .user = { "admin", 5 }, .password = { "secure", 6 } },
	{ .user = { "root", 4 }, .password = { "a:b:c", 5 } },
	{ .user = { "", 0 }, .password = { "x", 1 } },
	{ .user = { "guest", 5 }, .password = { "", 0 } },
	{ .user = { "ab", 2 }, .password = { "c", 1 } },
	{ .user = { "pa", 2 }, .password = { "ss?~", 4 } }, /* Base64 with a slash */
};

static struct verify_result verify(const char *const *field, size_t n, bool offer_basic)
{
	struct verify_policy p = { .account = accounts,
				   .n_account = COUNT(accounts),
				   .realm = STR("Sarix"),
				   .offer_basic = offer_basic };
	struct http_request r = { .method = STR("GET"), .target = STR("/") };
	struct verify_result out;

	http_add(&arena, &r.fields, STR("Host"), STR("h"));
	for (size_t i = 0; i < n; i++)
		http_add(&arena, &r.fields, STR("Authorization"), str(field[i]));
	assert_int_equal(verify_http(&arena, &p, &r, &out, &err), 0);
	return out;
}

static void basic(void **state)
{
	static const struct {
		const char *field, *want, *user;
	} rows[] = {
		{ "Basic YWRtaW46c2VjdXJl", "", "admin" },
		{ "bASIC   YWRtaW46c2VjdXJl ", "", "admin" },
		{ "Basic cm9vdDphOmI6Yw==", "", "root" }, /* the first colon parts */
		{ "Basic Ong=", "", "" },
		{ "Basic Z3Vlc3Q6", "", "guest" },
		{ "Basic YWRtaW46U2VjdXJl", "PASSWORD", "admin" },
		{ "Basic YWRtaW46", "PASSWORD", "admin" },
		{ "Basic QWRtaW46c2VjdXJl", "USER_UNKNOWN", "Admin" },
		{ "Basic", "SYNTAX", "" },
		{ "Basic\tYWRtaW46c2VjdXJl", "SYNTAX", "admin" },
		{ ", Basic YWRtaW46c2VjdXJl", "SYNTAX", "admin" },
		{ "YWRtaW46c2VjdXJl", "SCHEME", "" }, /* as Pelco's article prints it */
		{ "Bearer YWRtaW46c2VjdXJl", "SCHEME", "" },
		{ "BasicYWRtaW46c2VjdXJl", "SCHEME", "" },
		{ "\"Basic\" YWRtaW46c2VjdXJl", "SYNTAX", "" },
		{ "", "SYNTAX", "" },
		{ "Basic YWRt aW46c2VjdXJl", "BASIC_BASE64", "admin" },
		{ "Basic YWRt!aW46c2VjdXJl", "BASIC_BASE64", "admin" },
		{ "Basic \"YWRtaW46c2VjdXJl\"", "BASIC_BASE64", "admin" },
		{ "Basic cGE6c3M_fg==", "BASIC_BASE64", "pa" }, /* RFC 4648 section 5 */
		{ "Basic YWRt!aW46U2VjdXJl", "PASSWORD BASIC_BASE64", "admin" },
		{ "Basic YWRtaW46c2VjdXJl=", "BASIC_PADDING", "admin" },
		{ "Basic Ong", "BASIC_PADDING", "" },
		{ "Basic Ong=junk", "BASIC_PADDING", "" },
		{ "Basic Onh=", "BASIC_PADDING", "" }, /* unused bits */
		{ "Basic YWRtaW5zZWN1cmU=", "BASIC_NO_COLON", "admin" },
		{ "Basic YWRtaW4=", "PASSWORD BASIC_NO_COLON", "admin" },
		{ "Basic eHl6", "USER_UNKNOWN BASIC_NO_COLON", "xyz" },
		/* admin:secure\0x and admin\0x:secure */
		{ "Basic YWRtaW46c2VjdXJlAHg=", "BASIC_NUL", "admin" },
		{ "Basic YWRtaW4AeDpzZWN1cmU=", "BASIC_NUL", NULL },
		{ "Basic YWRtaW46c2VjdXIAeA==", "PASSWORD", "admin" }, /* admin:secur\0x */
		{ "Basic YWRtaW46c2VjdXJl, realm=\"x\"", "BASIC_PARAM", "admin" },
		{ "Basic YWRtaW46c2VjdXJl,", "BASIC_PARAM", "admin" },
		{ "Basic YWRtaW46c2VjdXJl realm=\"x\"", "BASIC_PARAM", "admin" },
		{ "Basic YWRtaW46c2VjdXJl a = b", "BASIC_PARAM", "admin" },
		{ "Basic realm=\"x\"", "USER_UNKNOWN BASIC_BASE64 BASIC_NO_COLON", NULL },
		{ "Basic , a=b", "SYNTAX", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct verify_result out = verify(&rows[i].field, 1, true);

		check_view(defects_text(&arena, out.defects), str(rows[i].want), rows[i].field);
		if (rows[i].user)
			check_view(out.user, str(rows[i].user), rows[i].field);
		assert_int_equal(out.account == NULL,
				 !!strstr(rows[i].want, "USER_UNKNOWN") ||
					 !!strstr(rows[i].want, "SCHEME") ||
					 (!!strstr(rows[i].want, "SYNTAX") && !out.user.n));
	}
}

static void fields(void **state)
{
	static const char *const right_wrong[] = { "Basic YWRtaW46c2VjdXJl", "Basic eHl6" };
	struct verify_result out;

	(void)state;
	out = verify(NULL, 0, true);
	check_str(defects_text(&arena, out.defects), "NO_CREDENTIALS");
	out = verify(right_wrong, 2, true);
	check_str(defects_text(&arena, out.defects), "TWO_FIELDS");
	out = verify(right_wrong, 1, false);
	check_str(defects_text(&arena, out.defects), "SCHEME");
	assert_non_null(out.account);
}

static void too_long(void **state)
{
	char *large = malloc(70000);
	const struct verify_policy p = { .offer_basic = true };
	struct http_request r = { .method = STR("GET"), .target = STR("/") };
	struct verify_result out;

	(void)state;
	assert_non_null(large);
	memset(large, 'A', 70000);
	memcpy(large, "Basic ", 6);
	http_add(&arena, &r.fields, STR("Authorization"), str_n(large, 70000));
	assert_int_equal(verify_http(&arena, &p, &r, &out, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	free(large);
}

static void sets(void **state)
{
	struct defects a = { { 0 } }, b = { { 0 } }, all = { { 0 } };

	(void)state;
	assert_false(defects_any(&a));
	defect_set(&a, DEFECT_SYNTAX);
	defect_set(&a, DEFECT_NO_CREDENTIALS); /* the last: in the second word */
	defect_set(&b, DEFECT_NO_CREDENTIALS);
	check_str(defects_text(&arena, a), "SYNTAX NO_CREDENTIALS");
	check_str(defects_text(&arena, defects_minus(a, b)), "SYNTAX");
	check_str(defects_text(&arena, defects_plus(b, a)), "SYNTAX NO_CREDENTIALS");
	defect_clear(&a, DEFECT_NO_CREDENTIALS);
	assert_false(defect_has(&a, DEFECT_NO_CREDENTIALS));
	assert_true(defect_has(&a, DEFECT_SYNTAX));
	for (int i = 0; i < DEFECT_COUNT; i++) {
		assert_false(defect_has(&all, (enum defect)i));
		defect_set(&all, (enum defect)i);
		assert_true(strlen(defect_text((enum defect)i)) > 5);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(defect_name((enum defect)i),
						defect_name((enum defect)k));
	}
	assert_string_equal(defect_name(DEFECT_NC_REUSED), "NC_REUSED");
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(basic), CHECK(fields), CHECK(too_long),
					    CHECK(sets) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

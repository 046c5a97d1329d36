/* UsernameToken: each defect by itself, and what is right. */
#include "check.h"

#include "auth/verify.h"

/* ONVIF Application Programmer's Guide 1.0, section 6.1.1.3; the other digests were made with
 *	printf '...' | openssl sha1 -binary | base64
 */
#define NONCE   "LKqI6G/AikKCQrN0zqZFlg=="
#define CREATED "2010-09-16T07:50:45Z"
#define DIGEST  "tuOSpGlFlIXsozq4HFNeeGeFLEI="
#define INSTANT 1284623445000

static const struct account accounts[] = {
	{ .user = { "user", 4 }, .password = { "userpassword", 12 } },
};

/* What is not as in the published token; "" is an empty child, "-" an absent one. */
struct row {
	const char *want, *username, *password, *type, *nonce, *encoding, *created;
	int n_username, n_password, n_nonce, n_created;
	bool wsse_created;
};

static const struct row rows[] = {
	{ .want = "" },
	{ .want = "", .encoding = "-" },
	{ .want = "",
	  .password = "\n  " DIGEST "\t",
	  .nonce = " " NONCE "\r\n",
	  .created = "\n" CREATED " " },
	{ .want = "USER_UNKNOWN", .username = "User" },
	{ .want = "USER_UNKNOWN", .username = " user" },
	{ .want = "USER_UNKNOWN", .username = "" },
	{ .want = "PASSWORD", .password = "uuOSpGlFlIXsozq4HFNeeGeFLEI=" },
	{ .want = "PASSWORD", .created = "2010-09-16T07:50:46Z" },
	{ .want = "PASSWORD", .nonce = "MKqI6G/AikKCQrN0zqZFlg==" },
	/* the same instant, written in another way than it was hashed */
	{ .want = "PASSWORD", .created = "2010-09-16T07:50:45.000Z" },
	{ .want = "TOKEN_DUPLICATE", .n_username = 2 },
	{ .want = "TOKEN_DUPLICATE", .n_password = 2 },
	{ .want = "TOKEN_DUPLICATE", .n_nonce = 2 },
	{ .want = "TOKEN_DUPLICATE", .n_created = 3 },
	{ .want = "TOKEN_NO_USERNAME", .username = "-" },
	{ .want = "TOKEN_NO_PASSWORD", .password = "-" },
	/* without Nonce, without Created: right over what is left (UTP 3.1) */
	{ .want = "TOKEN_NO_NONCE", .nonce = "-", .password = "Ce4KJ3PLZm6rd1JDN/7tTbDBS+E=" },
	{ .want = "TOKEN_NO_NONCE", .nonce = " ", .password = "Ce4KJ3PLZm6rd1JDN/7tTbDBS+E=" },
	{ .want = "PASSWORD TOKEN_NO_NONCE", .nonce = "-" },
	{ .want = "TOKEN_NO_CREATED", .created = "-", .password = "UjeDbVWjeKNI3aiJ+UC3OO4pKg0=" },
	{ .want = "TOKEN_NO_CREATED", .created = "", .password = "UjeDbVWjeKNI3aiJ+UC3OO4pKg0=" },
	{ .want = "TOKEN_TEXT", .type = UT_TYPE_TEXT, .password = "userpassword" },
	{ .want = "PASSWORD TOKEN_TEXT", .type = UT_TYPE_TEXT, .password = "userpassword " },
	{ .want = "TOKEN_TEXT TOKEN_TYPE", .type = UT_TYPE_TEXT },
	{ .want = "TOKEN_NO_TYPE", .type = "-", .password = "userpassword" },
	{ .want = "PASSWORD TOKEN_NO_TYPE", .type = "-", .password = "x" },
	{ .want = "TOKEN_NO_TYPE TOKEN_TYPE", .type = "-" },
	{ .want = "TOKEN_TYPE", .type = "wsse:PasswordDigest" },
	{ .want = "TOKEN_TYPE", .type = UT_TYPE_DIGEST "x" },
	{ .want = "TOKEN_TYPE", .type = "" },
	{ .want = "TOKEN_TYPE", .type = "#PasswordText", .password = "userpassword" },
	{ .want = "PASSWORD TOKEN_TYPE", .type = "x", .password = "x" },
	{ .want = "TOKEN_NONCE_BASE64", .nonce = "LKqI6G/AikKCQrN0zqZFlg" },
	{ .want = "TOKEN_NONCE_BASE64", .nonce = "LKqI6G/A ikKCQrN0zqZFlg==" },
	{ .want = "PASSWORD TOKEN_NONCE_BASE64", .nonce = "!" },
	{ .want = "TOKEN_ENCODING",
	  .encoding = "http://docs.oasis-open.org/wss/2004/01/"
		      "oasis-200401-wss-soap-message-security-1.0#HexBinary" },
	{ .want = "TOKEN_ENCODING", .encoding = "" },
	{ .want = "TOKEN_NONCE_UNDECODED", .password = "YBCPSgpGYaaItaZAa5HaytT3CRM=" },
	{ .want = "TOKEN_DIGEST_FORM", .password = "tuOSpGlFlIXsozq4HFNeeGeFLA==" }, /* 19 octets */
	{ .want = "TOKEN_DIGEST_FORM", .password = "tuOSpGlFlIXsozq4HFNeeGeFLEIA" }, /* 21 octets */
	{ .want = "TOKEN_DIGEST_FORM", .password = "tuOSpGlFlIXsozq4HFNeeGeFLEI" },
	{ .want = "TOKEN_DIGEST_FORM", .password = "b6e392a469459485eca33ab81c535e7867852c42" },
	{ .want = "PASSWORD TOKEN_DIGEST_FORM", .password = "weYI3nXd8LjMNVksCKFV8t3rgHh3Rw==" },
	{ .want = "PASSWORD TOKEN_DIGEST_FORM", .password = "" },
	{ .want = "PASSWORD TOKEN_DIGEST_FORM", .password = "wrongpassword" },
	{ .want = "TOKEN_DIGEST_NO_NONCE", .password = "Ce4KJ3PLZm6rd1JDN/7tTbDBS+E=" },
	{ .want = "TOKEN_DIGEST_NO_CREATED", .password = "UjeDbVWjeKNI3aiJ+UC3OO4pKg0=" },
	{ .want = "TOKEN_DIGEST_PLAIN", .password = "userpassword" },
	{ .want = "CREATED_FORM",
	  .created = "yesterday",
	  .password = "F9y373hR/j5rvw7YHR+XKfRMYLo=" },
	{ .want = "CREATED_NO_ZONE",
	  .created = "2010-09-16T07:50:45",
	  .password = "fccv7uy9hbtj697Vd21u+nBzgHs=" },
	{ .want = "CREATED_NAMESPACE", .wsse_created = true },
	/* everything at once */
	{ .want = "TOKEN_DUPLICATE TOKEN_NO_USERNAME TOKEN_NO_PASSWORD TOKEN_NO_NONCE CREATED_FORM "
		  "CREATED_NAMESPACE",
	  .username = "-",
	  .password = "-",
	  .nonce = "-",
	  .created = "x",
	  .wsse_created = true,
	  .n_username = 2 },
};

static struct str child(const char *given, const char *usual)
{
	if (given && !strcmp(given, "-"))
		return (struct str){ NULL, 0 };
	return str(given ? given : usual);
}

static int times(int given, struct str text)
{
	return given ? given : text.p != NULL;
}

static struct username_token token_of(const struct row *r)
{
	struct username_token t = {
		.username = child(r->username, "user"),
		.password = child(r->password, DIGEST),
		.password_type = child(r->type, UT_TYPE_DIGEST),
		.nonce = child(r->nonce, NONCE),
		.nonce_encoding = child(r->encoding, UT_ENCODING_BASE64),
		.created = child(r->created, CREATED),
		.wsu_created = !r->wsse_created,
	};

	t.n_username = times(r->n_username, t.username);
	t.n_password = times(r->n_password, t.password);
	t.n_nonce = times(r->n_nonce, t.nonce);
	t.n_created = times(r->n_created, t.created);
	return t;
}

static struct token_result verify(const struct row *r)
{
	const struct verify_policy p = { .account = accounts, .n_account = COUNT(accounts) };
	struct username_token t = token_of(r);
	struct token_result out;

	assert_int_equal(verify_token(&arena, &p, &t, &out, &err), 0);
	return out;
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct token_result out = verify(&rows[i]);
		struct str label = arena_fmt(&arena, "row %zu", i);

		check_view(defects_text(&arena, out.defects), str(rows[i].want), label.p);
	}
}

static void what_was_read(void **state)
{
	struct token_result out = verify(&rows[0]);
	struct row bad = { .created = "x" }, local = { .created = "2010-09-16T09:50:45+02:00" };

	(void)state;
	assert_ptr_equal(out.account, &accounts[0]);
	check_str(out.user, "user");
	assert_int_equal(out.nonce_octets.n, 16);
	assert_true(out.has_created && out.created_unix_ms == INSTANT);
	assert_false(verify(&bad).has_created);
	assert_true(verify(&local).created_unix_ms == INSTANT);
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(each_row), CHECK(what_was_read) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

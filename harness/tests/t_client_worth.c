/* What credentials are worth, by what was said before them. */
#include "worth_lab.h"

struct worth_row {
	const char *label;
	unsigned has;
	bool offered, right;
	const char *defects, *why; /* why NULL: none */
	const char *step[LAB_STEPS];
};

static const struct worth_row http[] = {
	{ "nothing", 0, false, false, "", NULL, { PLAIN, MD5, PLAIN } },
	{ "Digest", HAS_DIGEST, true, true, "", NULL, { PLAIN, MD5, RIGHT } },
	{ "no challenge before it", HAS_DIGEST, false, false, "NONCE_UNKNOWN", UNKNOWN, { RIGHT } },
	{ "a nonce that was not issued",
	  HAS_DIGEST,
	  false,
	  false,
	  "NONCE_UNKNOWN",
	  UNKNOWN,
	  { PLAIN, CH("Digest realm=\"r\", nonce=\"other\", qop=\"auth\""), RIGHT } },
	{ "a nonce before the latest",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, MD5, PLAIN, CH("Digest realm=\"r\", nonce=\"other\", qop=\"auth\""), RIGHT } },
	{ "a wrong password",
	  HAS_DIGEST,
	  true,
	  false,
	  "PASSWORD",
	  PASSWORD,
	  { PLAIN, "!told=wrong horse", MD5, AUTH(USER QOP) } },
	{ "another user",
	  HAS_DIGEST,
	  true,
	  false,
	  "USER_UNKNOWN",
	  "no account of that name",
	  { PLAIN, MD5,
	    AUTH("username=\"guest\", realm=\"r\", nonce=\"n\", uri=\"/c/1\", response=\"?\", "
		 "opaque=\"o\"" QOP) } },
	{ "no response",
	  HAS_DIGEST,
	  true,
	  false,
	  "NO_RESPONSE",
	  "response is missing",
	  { PLAIN, MD5,
	    AUTH("username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/c/1\", opaque=\"o\"" QOP) } },
	{ "another algorithm than offered",
	  HAS_DIGEST,
	  true,
	  false,
	  "ALGORITHM_NOT_OFFERED",
	  "an algorithm that was not offered",
	  { PLAIN, MD5, AUTH(USER QOP ", algorithm=SHA-256") } },
	{ "the other algorithm of the same nonce",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN,
	    CH("Digest realm=\"r\", nonce=\"n\", qop=\"auth\", opaque=\"o\", Digest realm=\"r\", "
	       "nonce=\"n\", qop=\"auth\", opaque=\"o\", algorithm=SHA-256"),
	    AUTH(USER QOP ", algorithm=SHA-256") } },
	{ "another scheme",
	  HAS_OTHER,
	  false,
	  false,
	  "SCHEME",
	  "a scheme that is not offered; " NOT_OFFERED,
	  { PLAIN, MD5, ">GET /c/1\nAuthorization: Bearer abc" } },
	{ "unreadable",
	  HAS_OTHER,
	  false,
	  false,
	  "SYNTAX",
	  "the credentials break the grammar of RFC 9110 11.4; " NOT_OFFERED,
	  { PLAIN, MD5, ">GET /c/1\nAuthorization: ,=" } },
	{ "Basic", HAS_BASIC, true, true, "", NULL, { PLAIN, BASICS, BASIC } },
	{ "Basic before anything was said", HAS_BASIC, true, true, "", NULL, { BASIC } },
	{ "Basic where Digest is offered",
	  HAS_BASIC,
	  false,
	  false,
	  "",
	  NOT_OFFERED,
	  { PLAIN, MD5, BASIC } },
	{ "Basic, by the latest answer with a challenge",
	  HAS_BASIC,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, MD5, PLAIN, BASICS, PLAIN, "=200", BASIC } },
	{ "Basic, swapped",
	  HAS_BASIC,
	  true,
	  false,
	  "USER_UNKNOWN",
	  "name and password changed places; no account of that name",
	  { PLAIN, BASICS, ">GET /c/1\nAuthorization: Basic b3BlbiBzZXNhbWU6dXNlcg==" } },
	{ "Basic, another password",
	  HAS_BASIC,
	  true,
	  false,
	  "PASSWORD",
	  PASSWORD,
	  { PLAIN, BASICS, ">GET /c/1\nAuthorization: Basic dXNlcjpvcGVu" } },
};

/* Let through here, and found by a check. */
static const struct worth_row tolerated[] = {
	{ "two fields",
	  HAS_DIGEST,
	  true,
	  true,
	  "TWO_FIELDS",
	  NULL,
	  { PLAIN, MD5, RIGHT "\nAuthorization: Digest x=y" } },
	{ "a parameter twice",
	  HAS_DIGEST,
	  true,
	  true,
	  "DUPLICATE",
	  NULL,
	  { PLAIN, MD5, AUTH(USER QOP ", nc=00000001") } },
	{ "opaque lost",
	  HAS_DIGEST,
	  true,
	  true,
	  "OPAQUE",
	  NULL,
	  { PLAIN, MD5,
	    AUTH("username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/c/1\", "
		 "response=\"?\"" QOP) } },
	{ "opaque changed",
	  HAS_DIGEST,
	  true,
	  true,
	  "OPAQUE",
	  NULL,
	  { PLAIN, MD5,
	    AUTH("username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/c/1\", response=\"?\", "
		 "opaque=\"O\"" QOP) } },
	{ "nc of another form",
	  HAS_DIGEST,
	  true,
	  true,
	  "NC_FORM",
	  NULL,
	  { PLAIN, MD5, AUTH(USER ", qop=auth, nc=1, cnonce=\"abcdefgh\"") } },
	{ "nc from zero",
	  HAS_DIGEST,
	  true,
	  true,
	  "NC_ZERO",
	  NULL,
	  { PLAIN, MD5, AUTH(USER ", qop=auth, nc=00000000, cnonce=\"abcdefgh\"") } },
	{ "nc that was used",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, MD5, RIGHT, "=200", RIGHT } },
	{ "no qop", HAS_DIGEST, true, true, "NO_QOP", NULL, { PLAIN, MD5, AUTH(USER) } },
	{ "qop that was not offered",
	  HAS_DIGEST,
	  true,
	  true,
	  "QOP_NOT_OFFERED",
	  NULL,
	  { PLAIN, CH("Digest realm=\"r\", nonce=\"n\", opaque=\"o\""), RIGHT } },
	{ "another uri",
	  HAS_DIGEST,
	  true,
	  true,
	  "URI_OTHER",
	  NULL,
	  { PLAIN, MD5, ">GET /c/2\nAuthorization: Digest " USER QOP } },
	{ "a uri without the query",
	  HAS_DIGEST,
	  true,
	  true,
	  "URI_QUERY",
	  NULL,
	  { PLAIN, MD5, ">GET /c/1?a=b\nAuthorization: Digest " USER QOP } },
};

/* --- one session, one key: RFC 7616 3.4.2 --- */

static const struct worth_row sessions[] = {
	{ "the key of the first",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, SESS, FIRST, SECOND } },
	{ "a key of its own in each request",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, SESS, FIRST, "=200", "-", PLAIN, SESS, SECOND } },
	{ "nextnonce",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, MD5, RIGHT, INFO("m"), NEXT("m") } },
	{ "nextnonce of nextnonce",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, MD5, RIGHT, INFO("m"), NEXT("m"), INFO("k"), NEXT("k") } },
	{ "the old nonce behind a nextnonce",
	  HAS_DIGEST,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, MD5, RIGHT, INFO("m"), NEXT("m"), INFO("k"), NEXT("n") } },
	{ "nextnonce without credentials is none",
	  HAS_DIGEST,
	  false,
	  false,
	  "NONCE_UNKNOWN",
	  UNKNOWN,
	  { PLAIN, MD5, PLAIN, INFO("m"), NEXT("m") } },
	{ "an unreadable Authentication-Info",
	  HAS_DIGEST,
	  false,
	  false,
	  "NONCE_UNKNOWN",
	  UNKNOWN,
	  { PLAIN, MD5, RIGHT, "=200\nAuthentication-Info: \"m\"", NEXT("m") } },
};

/* --- tokens --- */

static const struct worth_row tokens[] = {
	{ "a token", HAS_TOKEN, true, true, "", NULL, { PLAIN, REFUSED, TOKEN } },
	{ "before anything was said", HAS_TOKEN, true, true, "", NULL, { TOKEN } },
	{ "a fault of WS-Security asks, too",
	  HAS_TOKEN,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, FAULT(SUBCODE("FailedAuthentication"), "x"), TOKEN } },
	{ "a fault that says it in words",
	  HAS_TOKEN,
	  true,
	  true,
	  "",
	  NULL,
	  { PLAIN, MD5, PLAIN, FAULT("", "The sender is NOT Authorized"), TOKEN } },
	{ "another fault does not ask",
	  HAS_TOKEN,
	  false,
	  false,
	  "",
	  NOT_OFFERED,
	  { PLAIN, MD5, PLAIN, FAULT(SUBCODE("InvalidArgVal"), "x"), TOKEN } },
	{ "where Digest is offered",
	  HAS_TOKEN,
	  false,
	  false,
	  "",
	  NOT_OFFERED,
	  { PLAIN, MD5, TOKEN } },
	{ "the same again",
	  HAS_TOKEN,
	  true,
	  true,
	  "TOKEN_REPLAYED",
	  NULL,
	  { TOKEN, "=200", TOKEN } },
	{ "the same again, the first was wrong",
	  HAS_TOKEN,
	  true,
	  true,
	  "",
	  NULL,
	  { AT("400000"), REFUSED, TOKEN } },
	{ "five minutes ago", HAS_TOKEN, true, true, "", NULL, { AT("300000") } },
	{ "longer ago",
	  HAS_TOKEN,
	  true,
	  false,
	  "CREATED_PAST",
	  "Created is too long ago",
	  { AT("300001") } },
	{ "five minutes ahead", HAS_TOKEN, true, true, "", NULL, { AT("-300000") } },
	{ "further ahead",
	  HAS_TOKEN,
	  true,
	  false,
	  "CREATED_FUTURE",
	  "Created is in the future",
	  { AT("-300001") } },
	{ "two of them",
	  HAS_TOKEN,
	  true,
	  true,
	  "TOKEN_TWO TOKEN_TWO_HEADERS",
	  NULL,
	  { SOAP("", "%nonce-of-16-octet " NOW "%%nonce-of-16-OCTET " NOW "%") } },
	{ "a wrong password",
	  HAS_TOKEN,
	  true,
	  false,
	  "PASSWORD",
	  PASSWORD,
	  { "!told=wrong horse", TOKEN } },
	{ "with Digest credentials",
	  HAS_TOKEN | HAS_DIGEST,
	  false,
	  false,
	  "",
	  NOT_OFFERED,
	  { PLAIN, MD5,
	    ">POST /c/1\nAuthorization: Digest " USER QOP "\n\n<s:Envelope xmlns:s='" SOAP_NS_12
	    "'><s:Header>%nonce-of-16-octet " NOW "%</s:Header><s:Body/></s:Envelope>" } },
	{ "no SOAP", 0, false, false, "", NULL, { ">POST /c/1\n\n<no" } },
	{ "no XML", 0, false, false, "", NULL, { ">POST /c/1\n\nx" } },
};

static void check_worth(const struct worth_row *row, const struct heard *h)
{
	struct str got = defects_text(&arena, h->defects);

	if (h->has != row->has || h->offered != row->offered || h->right != row->right ||
	    !str_eq(got, str(row->defects)) || !str_eq(h->why, str(row->why)))
		fail_msg("%s: has %u, offered %d, right %d, defects %.*s, %.*s", row->label, h->has,
			 h->offered, h->right, STR_ARG(got), STR_ARG(h->why));
}

static void worth_rows(const struct worth_row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct lab l;

		lab_play(&l, row[i].step);
		check_worth(&row[i], l.last);
		lab_free(&l);
	}
}

static void http_credentials(void **state)
{
	(void)state;
	worth_rows(http, COUNT(http));
}

static void what_is_only_odd(void **state)
{
	(void)state;
	worth_rows(tolerated, COUNT(tolerated));
}

static void sessions_go_on(void **state)
{
	(void)state;
	worth_rows(sessions, COUNT(sessions));
}

static void username_tokens(void **state)
{
	(void)state;
	worth_rows(tokens, COUNT(tokens));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(http_credentials),
		CHECK(what_is_only_odd),
		CHECK(sessions_go_on),
		CHECK(username_tokens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

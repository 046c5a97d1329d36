/* Checks of requests, of any credentials and of how a command ends. */
#include "client_lab.h"

#define BARE  ">GET /c/1"
#define OK    "=200"
#define NO    "<401\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"" /* a challenge of 2069 */
#define BASIC "<401\nWWW-Authenticate: Basic realm=\"r\""
#define BOTH  NO "\nWWW-Authenticate: Basic realm=\"r\""
#define GOOD                                                                                       \
	"Authorization: Digest username=\"user\", realm=\"r\", nonce=\"n\", uri=\"/c/1\", "        \
	"response=\"?\""
#define SEND BARE "\n" GOOD
/* user:open sesame */
#define PLAIN     "Authorization: Basic dXNlcjpvcGVuIHNlc2FtZQ=="
#define LEAK      BARE "\n" PLAIN
#define ELSEWHERE "=307\nLocation: http://127.0.0.1:2/", ">GET /\n@origin: 1"

static const struct lab_row rows[] = {
	HELD("one-authorization", BARE, NO, SEND, OK),
	WRONG("one-authorization", "expected one set of credentials, got 2", BARE, NO,
	      SEND "\n" PLAIN, OK),
	WRONG("one-authorization", "expected one set of credentials, got 2 in one field", BARE, NO,
	      SEND ", Digest nonce=\"nonce\"", OK),
	UNSEEN("one-authorization", "no request had an Authorization", BARE, NO),
	HELD("no-basic", BARE, NO, SEND, OK),
	WRONG("no-basic", "expected no Basic credentials, got some", LEAK, NO),
	WRONG("no-basic", "expected no Basic credentials, got some", BARE, NO, SEND "\n" PLAIN),
	HELD("no-credentials", BARE, NO),
	WRONG("no-credentials", "expected no credentials, got Digest credentials", BARE, NO, SEND),
	WRONG("no-credentials", "expected no credentials, got Basic credentials", BARE, NO, LEAK),
	WRONG("no-credentials", "expected no credentials, got an Authorization of another scheme",
	      BARE, NO, BARE "\nAuthorization: Bearer x"),
	WRONG("no-credentials", "expected no credentials, got a UsernameToken",
	      ">POST /\n\n<s:Envelope xmlns:s='" SOAP_NS_12 "'><s:Header>%n 2026-09-22T00:00:00Z%"
	      "</s:Header><s:Body/></s:Envelope>"),
	HELD("no-early-credentials", BARE, NO, SEND, OK),
	WRONG("no-early-credentials",
	      "expected no HTTP credentials before the first challenge, got Basic credentials",
	      LEAK, NO, SEND),
	/* The session of the case before goes on. */
	HELD("no-early-credentials", BARE, NO, SEND, OK, "-", SEND, OK),
	HELD("no-credentials-elsewhere", BARE, NO, SEND, ELSEWHERE, OK),
	HELD("no-credentials-elsewhere", BARE, NO, SEND, "=307\nLocation: http://127.0.0.1:2/"),
	WRONG("no-credentials-elsewhere",
	      "expected no credentials to another origin, got Digest credentials", BARE, NO, SEND,
	      ELSEWHERE "\n" GOOD),
	UNSEEN("no-credentials-elsewhere", "it was not sent to another origin", BARE, NO, SEND, OK),
	HELD("tries 1", BARE, NO, SEND, NO),
	WRONG("tries 1", "expected 1 tries with refused credentials at most, got another", BARE, NO,
	      SEND, NO, SEND, NO),
	HELD("tries 1", BARE, NO, SEND, NO, SEND, NO ", stale=true", SEND, OK),
	UNSEEN("tries 1", "no credentials were refused", BARE, NO, SEND, OK),
	HELD("requests 2", BARE, NO, SEND, OK),
	WRONG("requests 1", "expected 1 requests at most, got 2", BARE, NO, SEND, OK),
};

static const struct lab_row cleartext[] = {
	HELD("no-cleartext", BARE, NO, SEND, OK),
	HELD("no-cleartext", BARE, NO, BARE, BASIC, LEAK, OK),
	UNSEEN("no-cleartext", "neither Digest nor a UsernameToken was asked for or sent", BARE,
	       BASIC, LEAK, OK),
	UNSEEN("no-cleartext", "the password is too short to be looked for", "!password=abc", BARE,
	       NO, SEND, OK),
	UNSEEN("no-cleartext", "the password stands in what it was told besides", "!password=body",
	       "!body=somebody", BARE, NO),
#define LEAKS(where, ...)                                                                          \
	WRONG("no-cleartext", "expected the password nowhere in the request, got it in " where,    \
	      __VA_ARGS__)
	LEAKS("the field Authorization", LEAK, NO),
	LEAKS("the field Authorization", BARE, BOTH, LEAK, OK),
	LEAKS("the request target", BARE, NO, ">GET /c/1?pwd=open%20sesame", NO),
	LEAKS("the request target", BARE, NO, ">GET /c/1?pwd=open+sesame", NO),
	LEAKS("the field Cookie", BARE, NO, BARE "\nCookie: p=b3BlbiBzZXNhbWU=", NO),
	LEAKS("the body", BARE, NO, ">POST /c/1\n\n<Password>open sesame</Password>", NO),
	LEAKS("the field X", "!password=p&q<r", BARE, NO, BARE "\nX: p&amp;q&lt;r", NO),
	HELD("no-userinfo", ">GET /c/1?at=a@b\nHost: h:1\nReferer: http://h/@", NO),
#define USERINFO(where, ...)                                                                       \
	WRONG("no-userinfo", "expected no userinfo, got some in " where, __VA_ARGS__)
	USERINFO("the request target", ">GET http://user:x@h/c/1", NO),
	USERINFO("the request target", ">GET //user@h/c/1", NO),
	USERINFO("Host", BARE "\nHost: user:x@h", NO),
	USERINFO("Referer", BARE "\nReferer: http://user@h/", NO),
	USERINFO("the uri of its credentials", BARE, NO,
		 BARE "\nAuthorization: Digest uri=\"http://user@h/c/1\"", NO),
	WRONG("no-userinfo",
	      "expected the password nowhere in the request, got it in the request target",
	      ">GET /open%20sesame", NO),
	HELD("basic.payload", BARE, BASIC, LEAK, OK),
	HELD("basic.payload", "!user=", "!password=\xc2\xa3", BARE, BASIC,
	     BARE "\nAuthorization: Basic OsKj", OK),
	/* The pound sign in ISO 8859-1. */
	WRONG("basic.payload",
	      "expected the Base64 of user-id, colon and password, got something else", "!user=",
	      "!password=\xc2\xa3", BARE, BASIC, BARE "\nAuthorization: Basic e30=", BASIC),
	WRONG("basic.payload",
	      "expected the Base64 of user-id, colon and password, got something else", BARE, BASIC,
	      BARE "\nAuthorization: Basic", BASIC),
	UNSEEN("basic.payload", "no request had Basic credentials", BARE, BASIC),
};

#define POST           ">POST /c/1"
#define SIGNED(method) ">" method " /c/1\n" GOOD

static const struct lab_row requests[] = {
	HELD("body", "!body=hello", BARE, NO, SIGNED("POST") "\n\nhello", OK),
	WRONG("body", "expected the body of 5 octets, got 0, the first 0 of it", "!body=hello",
	      POST "\n\nhello", NO, SIGNED("POST"), OK),
	WRONG("body", "expected the body of 5 octets, got 7, the first 4 of it", "!body=hello",
	      POST "\n\nhello", NO, SIGNED("POST") "\n\nhell no", OK),
	UNSEEN("body", "it was given no body", BARE, NO, SEND, OK),
	UNSEEN("body", "no request had credentials", "!body=hello", POST, NO),
	HELD("content-length", POST "\nContent-Length: 0", NO),
	HELD("content-length", POST "\nTransfer-Encoding: chunked\n\nx", NO),
	WRONG("content-length", "expected Content-Length or Transfer-Encoding, got neither", POST,
	      NO),
	WRONG("content-length", "expected Content-Length or Transfer-Encoding, got both",
	      POST "\nTransfer-Encoding: chunked\nContent-Length: 1\n\nx", NO),
	WRONG("content-length", "expected one Content-Length, got several",
	      POST "\nContent-Length: 1\nContent-Length: 1\n\nx", NO),
	UNSEEN("content-length", "no request had a body", BARE, NO),
	HELD("same-request", POST "\n\nx", NO, SIGNED("POST") "\n\nx", OK),
	/* Some wait for the challenge before they send a body. */
	HELD("same-request", POST, NO, SIGNED("POST") "\n\nx", OK),
	/* What follows in the session is another call. */
	HELD("same-request", POST "\n\nx", NO, SIGNED("POST") "\n\nx", OK, SIGNED("GET"), OK),
	WRONG("same-request", "expected method \"POST\", got \"GET\"", POST "\n\nx", NO,
	      SIGNED("GET"), OK),
	WRONG("same-request", "expected target \"/c/1?a\", got \"/c/1\"", ">GET /c/1?a", NO, SEND,
	      OK),
	WRONG("same-request",
	      "expected the body of the request that was challenged (1 octets), got another (0 "
	      "octets)",
	      POST "\n\nx", NO, SIGNED("POST"), OK),
	UNSEEN("same-request", "no challenge was answered with credentials", SEND, NO),
	HELD("ends-well", "-", "!status=0"),
	WRONG("ends-well", "expected exit status 0, got 3, and printed: \"401\"", "-", "!status=3",
	      "!printed=curl:\n401\n"),
	WRONG("ends-well", "expected exit status 0, got a signal", "-", "!status=-1"),
	WRONG("ends-well", "expected exit status 0, got no end in time", "-", "!timeout="),
	UNSEEN("ends-well", "no command was run whose end could be seen", BARE, NO),
	HELD("ends-badly", "-", "!status=3"),
	WRONG("ends-badly", "expected exit status other than 0, got 0", "-", "!status=0"),
	WRONG("ends-badly", "expected exit status other than 0, got a signal", "-", "!status=-1"),
	UNSEEN("ends-badly", "no command was run whose end could be seen", BARE, NO),
};

static bool of_http(struct str name)
{
	return !str_starts(name, STR("digest.")) && !str_starts(name, STR("token.")) &&
	       !str_starts(name, STR("time.")) && !str_starts(name, STR("soap.")) &&
	       !str_starts(name, STR("device.")) && !str_starts(name, STR("expect."));
}

static void each_finding_of_requests(void **state)
{
	(void)state;
	lab_rows(rows, COUNT(rows));
	lab_rows(cleartext, COUNT(cleartext));
	lab_rows(requests, COUNT(requests));
	lab_complete(of_http);
}

/* The finding names the request that breaks it. */
static void the_request_is_named(void **state)
{
	struct check_finding f;
	struct lab l;

	(void)state;
	lab_play(&l, (const char *const[LAB_STEPS]){ BARE, NO, SEND, NO, SEND, NO });
	f = lab_check(&l, "tries 1");
	assert_int_equal(f.held, BROKEN);
	assert_ptr_equal(f.at, l.c[0].v[2]);
	f = lab_check(&l, "requests 1");
	assert_ptr_equal(f.at, l.c[0].v[1]);
	l.c[0].lost = 5; /* those past the cap count */
	f = lab_check(&l, "requests 7");
	assert_int_equal(f.held, BROKEN);
	assert_null(f.at);
	lab_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(each_finding_of_requests),
		CHECK(the_request_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

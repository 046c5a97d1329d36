/* Checks of UsernameTokens, of the device's time and of envelopes; and of octets that are hostile.
 */
#include "client_lab.h"

#define OK "=200"
#define FAULT                                                                                      \
	"<400\n\n<s:Envelope xmlns:s='" SOAP_NS_12 "' xmlns:t='" SOAP_NS_TER "'><s:Body><s:Fault>" \
	"<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>t:NotAuthorized</s:Value>"         \
	"</s:Subcode></s:Code></s:Fault></s:Body></s:Envelope>"
#define TYPE "Content-Type: application/soap+xml; charset=utf-8\n"

#define IN(ns, head, name)                                                                         \
	"<s:Envelope xmlns:s='" ns "'><s:Header>" head "</s:Header><s:Body><" name                 \
	" xmlns='" SOAP_NS_TDS "'/></s:Body></s:Envelope>"
#define POST(fields, head, name) ">POST /onvif\n" fields "\n" IN(SOAP_NS_12, head, name)
#define CALL(head)               POST(TYPE, head, "GetUsers")
#define TIME(head)               POST(TYPE, head, "GetSystemDateAndTime")
/* LAB_WALL is 2026-09-21T14:13:20Z. */
#define NOW         "2026-09-21T14:13:20Z"
#define TOKEN       "%nonce-of-16-octet " NOW "%"
#define OTHER       "%nonce-of-16-OCTET " NOW "%"
#define AT(created) CALL("%nonce-of-16-octet " created "%")
/* Parts as they are written. */
#define WSSE(ns, children)                                                                         \
	CALL("<w:Security xmlns:w='" ns "' xmlns:u='" UT_NS_WSU "'>" children "</w:Security>")
#define UT(children) WSSE(UT_NS_WSSE, "<w:UsernameToken>" children "</w:UsernameToken>")
#define USER         "<w:Username>user</w:Username>"
#define DIGEST       "<w:Password Type='" UT_TYPE_DIGEST "'>AAAA</w:Password>"
#define CREATED      "<u:Created>" NOW "</u:Created>"
#define HTTP         "Authorization: Basic eDp5\n"

static const struct lab_row tokens[] = {
	/* Nobody asked for this one. */
	HELD("no-cleartext", CALL(TOKEN), OK),
	WRONG("no-cleartext", "expected the password nowhere in the request, got it in the body",
	      CALL(TOKEN "open sesame"), OK),
	HELD("token.digest", CALL(TOKEN), OK),
	HELD("token.digest", "!told=wrong horse", CALL(TOKEN), FAULT),
	WRONG("token.digest",
	      "expected Base64(SHA-1(nonce + created + password)), got the password (or what "
	      "proves "
	      "it) is wrong; the digest is not Base64 of 20 octets",
	      UT(USER DIGEST "<w:Nonce>bm9uY2U=</w:Nonce>" CREATED), FAULT),
	UNSEEN("token.digest", "no token had a password digest", UT(USER), FAULT),
	HELD("token.type", CALL(TOKEN), OK),
	WRONG("token.type",
	      "expected Password with Type \"" UT_TYPE_DIGEST "\", got none, which means text",
	      UT(USER "<w:Password>x</w:Password>"), FAULT),
	WRONG("token.type",
	      "expected Password with Type \"" UT_TYPE_DIGEST "\", got \"#PasswordDigest\"",
	      UT(USER "<w:Password Type='#PasswordDigest'>x</w:Password>"), FAULT),
	UNSEEN("token.type", "no token had a Password", UT(USER), FAULT),
	HELD("token.no-text", CALL(TOKEN), OK),
	WRONG("token.no-text", "expected a password digest, got a PasswordText",
	      UT(USER "<w:Password Type='" UT_TYPE_TEXT "'>x</w:Password>"), FAULT),
	WRONG("token.no-text", "expected a password digest, got the password itself",
	      UT(USER "<w:Password>open sesame</w:Password>"), FAULT),
	HELD("token.encoding", CALL(TOKEN), OK),
	HELD("token.encoding",
	     UT("<w:Nonce EncodingType='" UT_ENCODING_BASE64 "'>bm9uY2U=</w:Nonce>"), FAULT),
	WRONG("token.encoding",
	      "expected EncodingType \"" UT_ENCODING_BASE64 "\" or none, got \"#HexBinary\"",
	      UT("<w:Nonce EncodingType='#HexBinary'>bm9uY2U=</w:Nonce>"), FAULT),
	WRONG("token.encoding", "expected a Nonce in Base64, got \"no-nce\"",
	      UT("<w:Nonce>no-nce</w:Nonce>"), FAULT),
	UNSEEN("token.encoding", "no token had a Nonce", UT(USER), FAULT),
	HELD("token.username", CALL(TOKEN), OK),
	WRONG("token.username", "expected Username \"a<b\", got \"a\"", "!user=a<b",
	      UT("<w:Username>a</w:Username>"), FAULT),
	HELD("token.username", "!user=a<b", UT("<w:Username>a&lt;b</w:Username>"), FAULT),
	UNSEEN("token.username", "no token had a Username", UT(DIGEST), FAULT),
	HELD("token.complete", CALL(TOKEN), OK),
	WRONG("token.complete", "expected Created, got none",
	      UT(USER DIGEST "<w:Nonce>bm9uY2U=</w:Nonce>"), FAULT),
	WRONG("token.complete", "expected Nonce, got an empty one",
	      UT(USER DIGEST "<w:Nonce/>" CREATED), FAULT),
	HELD("token.nonce-fresh", CALL(TOKEN), OK, CALL(OTHER), OK),
	WRONG("token.nonce-fresh", "expected another Nonce, got \"bm9uY2Utb2YtMTYtb2N0ZXQ=\" again",
	      CALL(TOKEN), OK, "-", CALL(TOKEN), OK),
	UNSEEN("token.nonce-fresh", "there was no second token with a Nonce", CALL(TOKEN), OK),
	HELD("token.nonce-length 17", CALL(TOKEN), OK),
	WRONG("token.nonce-length 18", "expected a Nonce of 18 octets or more, got 17", CALL(TOKEN),
	      OK),
	HELD("token.created-form", CALL(TOKEN), OK),
	HELD("token.created-form", AT("2026-09-21T14:13:20.123456+00:00"), OK),
	WRONG("token.created-form", "expected a Created in UTC (Z), got \"2026-09-21T14:13:20\"",
	      AT("2026-09-21T14:13:20"), OK),
	WRONG("token.created-form",
	      "expected a Created in UTC (Z), got \"2026-09-21T16:13:20+02:00\"",
	      AT("2026-09-21T16:13:20+02:00"), OK),
	WRONG("token.created-form",
	      "expected a Created such as 2026-08-22T10:11:12Z, got \"21.9.2026\"", AT("21.9.2026"),
	      OK),
	UNSEEN("token.created-form", "no token had a Created", UT(USER), FAULT),
	HELD("token.created-fraction 3", AT("2026-09-21T14:13:20.123Z"), OK),
	HELD("token.created-fraction 3", CALL(TOKEN), OK),
	WRONG("token.created-fraction 3", "expected a Created with 3 decimals at most, got 9",
	      AT("2026-09-21T14:13:20.123456789Z"), OK),
	HELD("token.name-first", CALL(TOKEN), OK),
	HELD("token.name-first", UT(USER CREATED DIGEST), FAULT),
	WRONG("token.name-first", "expected Username in front, got \"Created\"",
	      UT(CREATED USER DIGEST), FAULT),
	UNSEEN("token.created-fraction 3", "no token had a Created", UT(USER), FAULT),
};

#define STAMP(children) WSSE(UT_NS_WSSE, "<u:Timestamp>" children "</u:Timestamp>")
#define LATER           "<u:Expires>2026-09-21T14:18:20Z</u:Expires>"
#define NONE            "no Security header had a Timestamp"

static const struct lab_row timestamps[] = {
	HELD("token.timestamp", STAMP(CREATED LATER), OK),
	HELD("token.timestamp", STAMP(CREATED), OK),
	UNSEEN("token.timestamp", NONE, CALL(TOKEN), OK),
	/* The Created of the token is another one. */
	HELD("token.timestamp",
	     WSSE(UT_NS_WSSE, "<w:UsernameToken>" CREATED "</w:UsernameToken><u:Timestamp>" CREATED
			      "</u:Timestamp>"),
	     OK),
	WRONG("token.timestamp", "expected one Timestamp with one Created, got 2 Created",
	      WSSE(UT_NS_WSSE,
		   "<u:Timestamp>" CREATED "</u:Timestamp><u:Timestamp>" CREATED "</u:Timestamp>"),
	      FAULT),
	WRONG("token.timestamp", "expected one Timestamp with one Created, got 0 Created",
	      STAMP(LATER), FAULT),
	WRONG("token.timestamp", "expected one Timestamp with one Expires, got 2 Expires",
	      STAMP(CREATED LATER LATER), FAULT),
	WRONG("token.timestamp", "expected Expires behind Created, got it in front",
	      STAMP(LATER CREATED), FAULT),
	WRONG("token.timestamp", "expected Expires later than Created, got \"" NOW "\"",
	      STAMP(CREATED "<u:Expires>" NOW "</u:Expires>"), FAULT),
	WRONG("token.timestamp", "expected Created of the Timestamp in UTC (Z), got \"today\"",
	      STAMP("<u:Created>today</u:Created>"), FAULT),
	WRONG("token.timestamp",
	      "expected Expires of the Timestamp in UTC (Z), got \"2026-09-21T17:13:20+02:00\"",
	      STAMP(CREATED "<u:Expires>2026-09-21T17:13:20+02:00</u:Expires>"), FAULT),
	HELD("token.timestamp-near 5", STAMP(CREATED LATER), OK),
	WRONG("token.timestamp-near 5",
	      "expected the Timestamp within 5 s of the device's clock, got one 300 s ahead of it",
	      STAMP("<u:Created>2026-09-21T14:18:20Z</u:Created>"), FAULT),
	WRONG("token.timestamp-near 5",
	      "expected the Timestamp within 5 s of the device's clock, got one 6 s behind it",
	      STAMP("<u:Created>2026-09-21T14:13:14Z</u:Created>"), FAULT),
	UNSEEN("token.timestamp-near 5", NONE, STAMP("<u:Created>today</u:Created>"), FAULT),
};

#define SKEWED     ">POST /onvif\n@device: 604800000\n" TYPE "\n" IN(SOAP_NS_12, TOKEN, "GetUsers")
#define NEAR(text) "expected Created within 5 s of the device's clock, got one " text

static const struct lab_row times[] = {
	HELD("token.created-near 5", AT("2026-09-21T14:13:24.9Z"), OK),
	HELD("token.created-near 5", AT("2026-09-21T14:13:15Z"), OK),
	WRONG("token.created-near 5",
	      NEAR("604800 s behind it: it is the time of the client's own clock"), SKEWED, FAULT),
	WRONG("token.created-near 5",
	      NEAR("32400 s ahead of it: so many quarters of an hour, as a time zone makes them"),
	      AT("2026-09-21T23:13:20Z"), FAULT),
	WRONG("token.created-near 5", NEAR("60 s ahead of it"), AT("2026-09-21T14:14:20Z"), OK),
	UNSEEN("token.created-near 5", "no token had a Created that names an instant",
	       AT("21.9.2026"), OK),
	/* Who asks for the time does not know it yet. */
	HELD("token.created-near 5", TIME("%nonce-of-16-octet 2026-09-14T14:13:20Z%"), OK,
	     CALL(TOKEN), OK),
	HELD("token.namespaces", CALL(TOKEN), OK),
	WRONG("token.namespaces", "expected Security in \"" UT_NS_WSSE "\", got another namespace",
	      WSSE("urn:x", ""), FAULT),
	WRONG("token.namespaces",
	      "expected UsernameToken in \"" UT_NS_WSSE "\", got another namespace",
	      WSSE(UT_NS_WSSE, "<UsernameToken><Username>user</Username></UsernameToken>"), FAULT),
	WRONG("token.namespaces", "expected Nonce in \"" UT_NS_WSSE "\", got another namespace",
	      UT(USER "<Nonce>bm9uY2U=</Nonce>"), FAULT),
	WRONG("token.namespaces", "expected Created in \"" UT_NS_WSU "\", got another namespace",
	      UT(USER "<w:Created>" NOW "</w:Created>"), FAULT),
	UNSEEN("token.namespaces", "no request had a UsernameToken", CALL(""), FAULT),
	HELD("token.one", CALL(TOKEN), OK),
	WRONG("token.one", "expected one Security header, got 2", CALL(TOKEN OTHER), FAULT),
	WRONG("token.one", "expected one UsernameToken, got 2",
	      WSSE(UT_NS_WSSE, "<w:UsernameToken/><w:UsernameToken/>"), FAULT),
	WRONG("token.one", "expected one Created, got 2", UT(CREATED CREATED), FAULT),
	WRONG("token.one", "expected the UsernameToken in a Security header, got it elsewhere",
	      POST(TYPE, "", "w:UsernameToken xmlns:w='" UT_NS_WSSE "'"), FAULT),
	HELD("token.not-with-digest", CALL(TOKEN), OK),
	WRONG("token.not-with-digest", "expected a UsernameToken or HTTP credentials, got both",
	      POST(HTTP, TOKEN, "GetUsers"), FAULT),
	HELD("token.none-on-time", TIME(""), OK, CALL(TOKEN), OK),
	WRONG("token.none-on-time",
	      "expected GetSystemDateAndTime without a token, got it with one", TIME(TOKEN), OK),
	/* This device does not tell its time to everybody. */
	HELD("token.none-on-time", TIME(""), FAULT, TIME(TOKEN), OK),
	UNSEEN("token.none-on-time", "it did not ask for the device's time", CALL(TOKEN), OK),
	HELD("time.asked", TIME(""), OK, CALL(TOKEN), OK),
	WRONG("time.asked",
	      "expected GetSystemDateAndTime before the first token, got a token first",
	      CALL(TOKEN), OK, TIME(""), OK),
	UNSEEN("time.asked", "no request had a UsernameToken", TIME(""), OK),
	HELD("time.asked-again", TIME(""), OK, CALL(TOKEN), FAULT, TIME(""), OK, CALL(OTHER), OK),
	WRONG("time.asked-again", "expected GetSystemDateAndTime behind this refusal, got none",
	      TIME(""), OK, CALL(TOKEN), FAULT, CALL(OTHER), FAULT),
	UNSEEN("time.asked-again", "no token was refused", TIME(""), OK, CALL(TOKEN), OK),
};

#define WSA(name) "<a:" name " xmlns:a='http://www.w3.org/2005/08/addressing'>x</a:" name ">"
#define REPLY_TO                                                                                   \
	"<a:ReplyTo xmlns:a='http://www.w3.org/2005/08/addressing'><a:Address>x</a:Address>"       \
	"</a:ReplyTo>"

static const struct lab_row envelopes[] = {
	HELD("soap.well-formed", CALL(""), OK),
	WRONG("soap.well-formed", "expected an Envelope of SOAP 1.2, got one of SOAP 1.1",
	      ">POST /onvif\n\n" IN(SOAP_NS_11, "", "GetUsers"), OK),
	WRONG("soap.well-formed",
	      "expected an Envelope of SOAP 1.2, got one of a foreign namespace",
	      ">POST /onvif\n\n" IN("urn:x", "", "GetUsers"), OK),
	WRONG("soap.well-formed", "expected an envelope, got \"GetUsers\"",
	      ">POST /onvif\n" TYPE "\nGetUsers", OK),
	WRONG("soap.well-formed",
	      "expected a well-formed envelope, got \"line 1: the root element is not an "
	      "Envelope\"",
	      ">POST /onvif\n\n<x/>", OK),
	UNSEEN("soap.well-formed", "no request had a SOAP envelope", ">GET /", OK),
	HELD("soap.content-type", CALL(""), OK),
	WRONG("soap.content-type",
	      "expected Content-Type \"application/soap+xml\", got \"text/xml\"",
	      POST("Content-Type: text/xml\n", "", "GetUsers"), OK),
	WRONG("soap.content-type", "expected Content-Type \"application/soap+xml\", got none",
	      ">POST /onvif\nX: y\n\n" IN(SOAP_NS_12, "", "GetUsers"), OK),
	UNSEEN("soap.content-type", "no request had a SOAP envelope",
	       ">POST /onvif\n\n" IN(SOAP_NS_11, "", "GetUsers"), OK),
	HELD("soap.addressing-once", CALL(WSA("Action") WSA("MessageID") REPLY_TO), OK),
	WRONG("soap.addressing-once", "expected one MessageID, got 2",
	      CALL(WSA("Action") WSA("MessageID") WSA("MessageID")), OK),
	WRONG("soap.addressing-once", "expected one ReplyTo, got 2", CALL(REPLY_TO REPLY_TO), OK),
	UNSEEN("soap.addressing-once", "no envelope had WS-Addressing headers", CALL(TOKEN), OK),
};

static bool of_soap(struct str name)
{
	return str_starts(name, STR("token.")) || str_starts(name, STR("time.")) ||
	       str_starts(name, STR("soap."));
}

static void each_finding_of_envelopes(void **state)
{
	(void)state;
	lab_rows(tokens, COUNT(tokens));
	lab_rows(timestamps, COUNT(timestamps));
	lab_rows(times, COUNT(times));
	lab_rows(envelopes, COUNT(envelopes));
	lab_complete(of_soap);
}

/* Every check, of one request each and of all together: what they find does not matter. */
static void ask_all(struct lab *l)
{
	for (int i = 0; i < CLIENT_CHECKS; i++) {
		struct check_finding f = lab_check(l, client_checks[i].name);

		assert_true(f.held == HOLDS || f.why.n > 0);
		assert_true(!f.at || f.held == BROKEN);
	}
}

static void hostile_octets_do_no_harm(void **state)
{
	const struct str fields[] = {
		STR(""),
		STR("Digest"),
		STR("Digest \0"),
		STR("Digest ="),
		STR("Digest nonce=\"a\0b\", nc=\0\0\0\0\0\0\0\0, cnonce=\"\0\", uri=\"\0\""),
		STR("Digest username*=UTF-8''%00%ff, nonce=\"\", realm=\"\", nc="),
		STR("Digest nc=ffffffffffffffff, nonce=\"n\", qop=auth, algorithm=MD5-sess"),
		STR("Digest nc=fffffffffffffffff, nonce=\"n\", algorithm=\"\\\"\\"),
		STR("Digest userhash=true, username=\"\", algorithm=SHA-512-256"),
		STR("Basic \0"),
		STR("Basic Og==, Digest nonce=\"n\", Digest"),
		STR("\xff\xfe"),
		STR("Digest nonce=\"n\", realm=\"\xf0\x9f\", uri=\"http://\", response=\"\""),
	};
	const struct str bodies[] = {
		STR("\0"),
		STR("<\0"),
		STR("<s:Envelope xmlns:s='" SOAP_NS_12 "'/>"),
		STR(IN(SOAP_NS_12, "<Security/>", "GetSystemDateAndTime")),
		STR(IN(SOAP_NS_12,
		       "<w:Security xmlns:w='" UT_NS_WSSE "'><w:UsernameToken/>"
		       "</w:Security>",
		       "x")),
	};
	struct hearing at = { .wall_ms = INT64_MIN, .device_ms = INT64_MAX };
	struct lab l;

	(void)state;
	lab_play(&l, (const char *const[LAB_STEPS]){
			     ">GET /", "<401\nWWW-Authenticate: Digest realm=\"\", nonce=\"n\", "
				       "qop=\"auth\"\nWWW-Authenticate: Basic\n"
				       "Authentication-Info: nextnonce=\"\"" });
	for (size_t i = 0; i < COUNT(fields) * COUNT(bodies); i++) {
		struct http_request in = {
			STR("GET"), STR("/\0//@"), { 0 }, bodies[i % COUNT(bodies)]
		};
		struct http_response out = { .status = i % 3 ? 401 : 200 };
		struct heard *h;

		http_add(&arena, &in.fields, STR("Authorization"), fields[i / COUNT(bodies)]);
		http_add(&arena, &in.fields, STR("Host"), STR("\0@"));
		http_add(&arena, &in.fields, STR("Content-Type"), STR("application/soap+xml"));
		http_add(&arena, &out.fields, STR("Authentication-Info"), STR("nextnonce=\"n\""));
		at.connection = i;
		h = conversation_hear(&l.c[0], &at, &in);
		assert_non_null(h);
		conversation_say(&l.c[0], h, i % 5 ? &out : NULL, 0, i % 2);
		at.wall_ms = at.device_ms = LAB_WALL;
		if (i % 8 == 0)
			ask_all(&l);
	}
	ask_all(&l);
	lab_free(&l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(each_finding_of_envelopes),
		CHECK(hostile_octets_do_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

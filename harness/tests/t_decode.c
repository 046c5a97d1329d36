/* Pasted text: what it is, what belongs together, what is said of it. */
#include "tests/check.h"

#include "cli/decode.h"

#define NONCE     "dcd98b7102dd2f0e8b11d0f600bfb0c093"
#define CHALLENGE "Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", nonce=\"" NONCE "\""
/* The example of RFC 2617 3.5. */
#define RESPONSE "6629fae49393a05397450978507c4ef1"
#define CREDENTIALS(user, nc)                                                                      \
	"Digest username=\"" user "\", realm=\"testrealm@host.com\", nonce=\"" NONCE               \
	"\", uri=\"/dir/index.html\", qop=auth, nc=" nc                                            \
	", cnonce=\"0a4f113b\", response=\"" RESPONSE "\""
#define TYPE                                                                                       \
	" Type=\"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-"  \
	"1.0#PasswordDigest\""
/* The example of the ONVIF Application Programmer's Guide 6.1.1.3. */
#define TOKEN                                                                                      \
	"<wsse:UsernameToken><wsse:Username>user</wsse:Username>\n<wsse:Password" TYPE             \
	">tuOSpGlFlIXsozq4HFNeeGeFLEI=</wsse:Password>"                                            \
	"<wsse:Nonce>LKqI6G/AikKCQrN0zqZFlg==</wsse:Nonce>"                                        \
	"<wsu:Created>2010-09-16T07:50:45Z</wsu:Created></wsse:UsernameToken>"

/* findings: "weight name" of each that is no note, one after the other. */
static const struct {
	const char *input, *password, *findings;
} inputs[] = {
	{ "Authorization: " CREDENTIALS("Mufasa", "00000001"), "Circle Of Life",
	  "right response;" },
	{ CREDENTIALS("Mufasa", "00000001"), "Circle Of Life", "right response;" },
	{ CREDENTIALS("Mufasa", "1"), "Circle Of Life", "wrong nc-form;wrong nc-padding;" },
	{ CREDENTIALS("mufasa", "00000001"), "other", "wrong password;" },
	{ "WWW-Authenticate: " CHALLENGE
	  "\r\n\r\nAuthorization: " CREDENTIALS("Mufasa", "00000001"),
	  "Circle Of Life", "right challenge;right response;" },
	{ "HTTP/1.1 401 Unauthorized\nWWW-Authenticate: " CHALLENGE
	  "\n\nPOST /dir/index.html HTTP/1.1\nAuthorization: " CREDENTIALS("Mufasa", "00000001"),
	  "Circle Of Life", "right challenge;wrong method-other;" },
	{ "GET /dir/index.html HTTP/1.1\r\nAuthorization: " CREDENTIALS(
		  "Mufasa", "00000001") "\r\n\r\nHTTP/1.1 200 OK\r\nAuthentication-Info: "
					"rspauth=\"00\"\r\n\r\n",
	  "Circle Of Life", "right response;wrong rspauth-other;" },
	{ "WWW-Authenticate: Digest realm=\"r\", nonce=\"other\", qop=\"auth\"\n"
	  "Authorization: " CREDENTIALS("Mufasa", "00000001"),
	  "Circle Of Life", "right challenge;wrong realm;wrong nonce-unknown;right response;" },
	{ "HTTP/1.1 401 Unauthorized\n\n", NULL, "wrong no-challenge;" },
	{ "Digest realm=r, nonce=\"n\", algorithm=\"MD5\", stale=maybe", NULL,
	  "wrong challenge-unquoted;wrong challenge-quoted;wrong challenge-stale;" },
	{ "Digest realm=\"r\", nonce=\"n\", algorithm=ROT13", NULL, "wrong challenge-algorithm;" },
	{ "Digest realm=\"r\", nonce=\"n\", qop=\"later\"", NULL, "wrong challenge-qop;" },
	{ "Digest realm=\"r\", realm=\"r\"", NULL,
	  "wrong challenge-duplicate;wrong challenge-no-nonce;" },
	{ "Basic charset=latin1", NULL, "wrong challenge-no-realm;wrong challenge-charset;" },
	{ "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "open sesame", "right basic;" },
	/* curl -v, with its remarks between and inside of messages */
	{ "* Connected to cam (192.0.2.1) port 80 (#0)\n> GET /dir/index.html HTTP/1.1\n"
	  "> Host: cam\n> \n< HTTP/1.1 401 Unauthorized\n* Added cookie\n< "
	  "WWW-Authenticate: " CHALLENGE
	  "\n< \n* Issue another request\n{ [12 bytes data]\n> GET /dir/index.html HTTP/1.1\n"
	  "> Authorization: " CREDENTIALS("Mufasa", "00000001") "\n>\n< HTTP/1.1 200 OK\n<\n",
	  "Circle Of Life", "right challenge;right response;" },
	/* An envelope in chunks, with and without carriage returns. */
	{ "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\n"
	  "T: x\r\n\r\nBasic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
	  "open sesame", "right basic;" },
	{ "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\n10\nBasic QWxhZGRpbg\n0\n\n"
	  "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
	  "open sesame", "right basic;" },
	{ "POST / HTTP/1.1\nTransfer-Encoding: chunked\n\nnone\n"
	  "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
	  "open sesame", "right basic;" },
	{ "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ", "open sesame",
	  "wrong basic-padding;wrong basic-base64;" },
	{ TOKEN, "userpassword", "right digest;" },
	{ TOKEN, "another", "wrong password;" },
	{ "POST / HTTP/1.1\nHost: x\n\n" TOKEN
	  "\n\nHTTP/1.1 200 OK\nDate: Thu, 16 Sep 2010 08:50:45 "
	  "GMT\n\n",
	  "userpassword", "wrong created-skew;right digest;" },
	{ TOKEN "\n" TOKEN, NULL, "" },
};

static void inputs_are_told_apart(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(inputs); i++) {
		const struct decode_ask ask = { .file = STR("f"),
						.user = STR("admin"),
						.password = str(inputs[i].password) };
		struct str got = STR("");
		struct decoding d;

		assert_int_equal(decode(&arena, str(inputs[i].input), &ask, &d, &err), 0);
		for (size_t k = 0; k < d.n; k++)
			for (size_t m = 0; m < d.item[k].n_finding; m++) {
				const struct decoded_finding *f = &d.item[k].finding[m];

				if (f->weight != DECODED_NOTE)
					got = arena_fmt(&arena, "%.*s%s %s;", STR_ARG(got),
							decoded_weight_name(f->weight), f->name);
			}
		check_view(got, str(inputs[i].findings), inputs[i].input);
	}
}

static const struct {
	const char *input, *start;
} bad[] = {
	{ "", "f:1: nothing to decode" },
	{ "\n\nhello", "f:3: a line of no known form" },
	{ "\n<a>\n</a>", "f:2: another XML element" },
	{ "<wsse:UsernameToken>", "f:1: the XML does not end" },
	{ "\n<x:Envelope>\n\n<&</x:Envelope>", "f:2: " },
	{ "GET / HTTP/1.1\nHost: x\nno colon\n\n", "f:3: a line without a colon" },
	{ "X-Other: 1\n", "f:2: nothing to decode" },
};

static void bad_input_is_one_error_with_its_line(void **state)
{
	const struct decode_ask ask = { .file = STR("f") };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct decoding d;

		assert_int_equal(decode(&arena, str(bad[i].input), &ask, &d, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		if (!str_starts(str(err.text), str(bad[i].start)))
			print_error("%s: got %s\n", bad[i].input, err.text);
		assert_true(str_starts(str(err.text), str(bad[i].start)));
		assert_true(str_find(str(err.text), STR("expected")) != (size_t)-1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(inputs_are_told_apart),
		CHECK(bad_input_is_one_error_with_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the device of a recording is asked, on conversations as text. */
#include "client_lab.h"

#define ASK  ">GET /c/1\n"
#define CH   "<401\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth\", algorithm=MD5"
#define CH_2 "<401\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", algorithm=MD5"
#define STALE                                                                                      \
	"<401\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n2\", qop=\"auth\", algorithm=MD5, "  \
	"stale=true"
#define WITH(nonce, nc, response)                                                                  \
	">GET /c/1\nAuthorization: Digest username=\"user\", realm=\"r\", nonce=\"" nonce          \
	"\", uri=\"/c/1\", qop=auth, nc=" nc ", cnonce=\"c\", response=\"" response                \
	"\", algorithm=MD5"
#define RIGHT WITH("n", "00000001", "?")
#define BAD   WITH("n", "00000001", "0123456789abcdef0123456789abcdef")

#define ENVELOPE(header)                                                                           \
	">POST /c/1\n\n<s:Envelope "                                                               \
	"xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Header>" header                      \
	"</s:Header><s:Body><GetUsers "                                                            \
	"xmlns='http://www.onvif.org/ver10/device/wsdl'/></s:Body></s:Envelope>"
#define TEXT                                                                                       \
	"<w:Security xmlns:w='" UT_NS_WSSE "'><w:UsernameToken><w:Username>user</w:Username>"      \
	"<w:Password Type='" UT_TYPE_TEXT "'>open sesame</w:Password></w:UsernameToken>"           \
	"</w:Security>"

#define RSPAUTH(hex) "=200\nAuthentication-Info: rspauth=\"" hex "\", cnonce=\"c\", nc=00000001"

static const struct lab_row rows[] = {
	HELD("device.challenged", ASK, CH),
	WRONG("device.challenged", "expected a challenge in the 401, got none", ASK, "<401"),
	UNSEEN("device.challenged", "it answered no 401", ASK, "=200"),

	HELD("device.challenge-form", ASK, CH),
	WRONG("device.challenge-form",
	      "expected a nonce in the challenge, got \"Digest realm=\"r\"\"", ASK,
	      "<401\nWWW-Authenticate: Digest realm=\"r\""),
	WRONG("device.challenge-form", "expected algorithm without quotes, got \"\"MD5\"\"", ASK,
	      "<401\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", algorithm=\"MD5\""),
	WRONG("device.challenge-form", "expected qop between quotes, got \"auth\"", ASK,
	      "<401\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=auth"),
	WRONG("device.challenge-form",
	      "expected a challenge within the grammar, got \"Digest realm=\"r\"", ASK,
	      "<401\nWWW-Authenticate: Digest realm=\"r"),

	HELD("device.nonce-fresh", ASK, CH, ASK, CH_2),
	WRONG("device.nonce-fresh", "expected a new nonce in the 401, got \"n\" of an earlier one",
	      ASK, CH, ASK, CH),
	UNSEEN("device.nonce-fresh", "it sent no two Digest challenges", ASK, CH),

	HELD("device.wrong-refused", ASK, CH, BAD, CH_2),
	WRONG("device.wrong-refused",
	      "expected wrong credentials to be refused, got 200: the password (or what proves "
	      "it) is wrong",
	      ASK, CH, BAD, "=200"),
	/* What is open to all, and what is not wrong. */
	UNSEEN("device.wrong-refused", "no wrong credentials came", ASK, "=200", BAD, "=200"),
	UNSEEN("device.wrong-refused", "no wrong credentials came", ASK, CH, RIGHT, "=200"),

	HELD("device.right-accepted", ASK, CH, RIGHT, "=200"),
	HELD("device.right-accepted", ASK, CH, RIGHT, "=200", RIGHT, CH_2),
	WRONG("device.right-accepted", "expected right credentials to be accepted, got 401", ASK,
	      CH, RIGHT, CH_2),
	/* Behind three wrong ones it may be locked. */
	UNSEEN("device.right-accepted", "no right credentials with a new nonce came", ASK, CH, BAD,
	       CH_2, BAD, CH_2, BAD, CH, RIGHT, CH_2),

	HELD("device.stale", ASK, CH, RIGHT, STALE),
	HELD("device.stale", ASK, CH, BAD, CH_2),
	WRONG("device.stale",
	      "expected stale=true for an old nonce alone, got it without Digest credentials", ASK,
	      STALE),
	WRONG("device.stale",
	      "expected stale=true for right responses alone, got it for a wrong one", ASK, CH, BAD,
	      STALE),
	WRONG("device.stale", "expected a new nonce with stale=true, got the old one", ASK, CH_2,
	      WITH("n2", "00000001", "?"), STALE),

	HELD("device.nc-once", ASK, CH, RIGHT, "=200", RIGHT, CH_2),
	WRONG("device.nc-once",
	      "expected nc=00000001 to serve once with its nonce, got it accepted again", ASK, CH,
	      RIGHT, "=200", RIGHT, "=200"),
	UNSEEN("device.nc-once", "no nc came twice", ASK, CH, RIGHT, "=200",
	       WITH("n", "00000002", "?"), "=200"),

	HELD("device.token-once", ENVELOPE("%abc 2026-09-21T12:53:20Z%"), "=200",
	     ENVELOPE("%abc 2026-09-21T12:53:20Z%"), "<400"),
	WRONG("device.token-once",
	      "expected the nonce of a token to serve once, got it accepted again",
	      ENVELOPE("%abc 2026-09-21T12:53:20Z%"), "=200",
	      ENVELOPE("%abc 2026-09-21T12:53:21Z%"), "=200"),

	HELD("device.no-text", ENVELOPE(""), CH, ENVELOPE(TEXT), CH),
	WRONG("device.no-text", "expected PasswordText to be refused, got 200", ENVELOPE(""), CH,
	      ENVELOPE(TEXT), "=200"),

	HELD("device.rspauth", ASK, CH, RIGHT, RSPAUTH("98363b2d28a5f6ad905566993ca1e14e")),
	WRONG("device.rspauth",
	      "expected rspauth=\"98363b2d28a5f6ad905566993ca1e14e\", got "
	      "\"0123456789abcdef0123456789abcdef\"",
	      ASK, CH, RIGHT, RSPAUTH("0123456789abcdef0123456789abcdef")),
	UNSEEN("device.rspauth", "it sent no rspauth", ASK, CH, RIGHT, "=200"),
};

static bool of_device(struct str name)
{
	return str_starts(name, STR("device."));
}

static void each_finding_of_devices(void **state)
{
	(void)state;
	lab_rows(rows, COUNT(rows));
	lab_complete(of_device);
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(each_finding_of_devices) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Checks of Digest credentials: one conversation for each of their findings. */
#include "client_lab.h"

#define BARE ">GET /c/1"
#define OK   "=200"

#define OFFER(nonce, rest) "Digest realm=\"cam\", nonce=\"" nonce "\", opaque=\"o" nonce "\"" rest
#define FIELD(offer)       "\nWWW-Authenticate: " offer
#define ASK(nonce)         "<401" FIELD(OFFER(nonce, ", qop=\"auth\", algorithm=MD5"))
#define ASK_OLD(nonce)     "<401" FIELD(OFFER(nonce, ""))
#define ASK_2                                                                                      \
	"<401" FIELD(OFFER("s", ", qop=\"auth\", algorithm=SHA-256"))                              \
		FIELD(OFFER("m", ", qop=\"auth\", algorithm=MD5"))

/* Credentials: what is before response, and what is behind it. */
#define SEND(head, tail) ">GET /c/1\nAuthorization: Digest " head ", response=\"?\"" tail
#define NAMED(nonce)     "username=\"user\", realm=\"cam\", nonce=\"" nonce "\", uri=\"/c/1\""
#define TAIL(nonce, nc, cnonce)                                                                    \
	", algorithm=MD5, qop=auth, nc=" nc ", cnonce=\"" cnonce "\", opaque=\"o" nonce "\""
#define GOOD(nonce, nc, cnonce) SEND(NAMED(nonce), TAIL(nonce, nc, cnonce))
#define SHA(nonce, opaque)                                                                         \
	SEND(NAMED(nonce),                                                                         \
	     ", algorithm=SHA-256, qop=auth, nc=00000001, cnonce=\"c\", opaque=\"o" opaque "\"")
#define LOGIN BARE, ASK("a"), GOOD("a", "00000001", "8f4c2a91d7"), OK

static const struct lab_row form[] = {
	HELD("digest.grammar", LOGIN),
	WRONG("digest.grammar", "expected qop without quotes, got qop=\"auth\"", BARE, ASK("a"),
	      SEND(NAMED("a"), ", qop=\"auth\", nc=00000001, cnonce=\"c\", opaque=\"oa\"")),
	WRONG("digest.grammar", "expected algorithm without quotes, got algorithm=\"MD5\"", BARE,
	      ASK("a"), SEND(NAMED("a"), ", algorithm=\"MD5\"")),
	WRONG("digest.grammar", "expected opaque in quotes, got opaque=oa", BARE, ASK("a"),
	      SEND(NAMED("a"), ", opaque=oa")),
	WRONG("digest.grammar", "expected a cnonce in ASCII, got \"\xc3\xa9\"", BARE, ASK("a"),
	      SEND(NAMED("a"), ", cnonce=\"\xc3\xa9\"")),
	WRONG("digest.grammar",
	      "expected parameters parted by commas, got \"Digest username=\"user\" "
	      "realm=\"cam\"\"",
	      BARE, ASK("a"), ">GET /c/1\nAuthorization: Digest username=\"user\" realm=\"cam\""),
	UNSEEN("digest.grammar", "no request had Digest credentials", BARE, ASK("a")),
	HELD("digest.quoted", LOGIN),
	HELD("digest.quoted", BARE, ASK("a"), SEND(NAMED("a"), ", algorithm=\"MD5\"")),
	WRONG("digest.quoted", "expected opaque in quotes, got opaque=oa", BARE, ASK("a"),
	      SEND(NAMED("a"), ", opaque=oa")),
	UNSEEN("digest.quoted", "no request had Digest credentials", BARE, ASK("a")),
	HELD("digest.escapes", LOGIN),
	HELD("digest.escapes", BARE, ASK("a"),
	     SEND("username=\"a\\\"b\\\\c\", realm=\"cam\", nonce=\"a\", uri=\"/c/1\"", "")),
	WRONG("digest.escapes", "expected no backslash before \"s\", got one in username", BARE,
	      ASK("a"), SEND("username=\"u\\ser\", realm=\"cam\", nonce=\"a\", uri=\"/c/1\"", "")),
	UNSEEN("digest.escapes", "no request had Digest credentials", BARE, ASK("a")),
	HELD("digest.unquoted", LOGIN),
	HELD("digest.unquoted", BARE, ASK("a"), SEND(NAMED("a"), ", opaque=oa")),
	WRONG("digest.unquoted", "expected algorithm without quotes, got algorithm=\"MD5\"", BARE,
	      ASK("a"), SEND(NAMED("a"), ", algorithm=\"MD5\"")),
	UNSEEN("digest.unquoted", "no request had Digest credentials", BARE, ASK("a")),
	HELD("digest.complete", LOGIN),
	WRONG("digest.complete", "expected realm, got none", BARE, ASK("a"),
	      SEND("username=\"user\", nonce=\"a\", uri=\"/c/1\"", "")),
	WRONG("digest.complete", "expected each parameter once, got uri twice", BARE, ASK("a"),
	      SEND(NAMED("a"), ", uri=\"/c/1\"")),
	WRONG("digest.complete", "expected username (or username*), got both", BARE, ASK("a"),
	      SEND(NAMED("a"), ", username*=UTF-8''user")),
	HELD("digest.nc-form", LOGIN),
	WRONG("digest.nc-form", "expected an nc of eight lower-case hexadecimal digits, got \"1\"",
	      BARE, ASK("a"), GOOD("a", "1", "c")),
	UNSEEN("digest.nc-form", "no request had an nc", BARE, ASK_OLD("a"), SEND(NAMED("a"), "")),
	HELD("digest.cnonce-length 10", LOGIN),
	WRONG("digest.cnonce-length 11", "expected a cnonce of 11 characters or more, got 10",
	      LOGIN),
	HELD("digest.opaque", LOGIN),
	WRONG("digest.opaque", "expected opaque \"oa\", got none", BARE, ASK("a"),
	      SEND(NAMED("a"), "")),
	WRONG("digest.opaque", "expected opaque left out, got \"x\"", BARE,
	      "<401" FIELD("Digest realm=\"cam\", nonce=\"a\""),
	      SEND(NAMED("a"), ", opaque=\"x\"")),
	UNSEEN("digest.opaque", "it answered no challenge that it was sent",
	       GOOD("a", "00000001", "c")),
	HELD("digest.realm", LOGIN),
	WRONG("digest.realm", "expected realm \"cam\", got \"CAM\"", BARE, ASK("a"),
	      SEND("username=\"user\", realm=\"CAM\", nonce=\"a\", uri=\"/c/1\"", "")),
	/* A nonce that nobody gave: it can only be for the only challenge. */
	WRONG("digest.realm", "expected realm \"cam\", got \"x\"", BARE, ASK("a"),
	      SEND("username=\"user\", realm=\"x\", nonce=\"b\", uri=\"/c/1\"", "")),
	HELD("digest.uri", LOGIN),
	HELD("digest.uri", BARE, ASK("a"),
	     SEND("username=\"user\", realm=\"cam\", nonce=\"a\", uri=\"http://h:1/c/1\"", "")),
	WRONG("digest.uri", "expected uri \"/c/1?a=%20\", got \"/c/1\"", BARE, ASK("a"),
	      ">GET /c/1?a=%20\nAuthorization: Digest " NAMED("a") ", response=\"?\""),
	WRONG("digest.uri", "expected uri \"/c/%7e\", got \"/c/~\"", BARE, ASK("a"),
	      ">GET /c/%7e\nAuthorization: Digest nonce=\"a\", uri=\"/c/~\""),
	HELD("digest.username", LOGIN),
	HELD("digest.username", "!user=J\xc3\xa4s", BARE, ASK("a"),
	     SEND("username*=UTF-8''J%C3%A4s, realm=\"cam\", nonce=\"a\", uri=\"/c/1\"", "")),
	WRONG("digest.username", "expected username \"a\"b\", got \"a\\\"b\"", "!user=a\"b", BARE,
	      ASK("a"),
	      SEND("username=\"a\\\\\\\"b\", realm=\"cam\", nonce=\"a\", uri=\"/c/1\"", "")),
	HELD("digest.algorithm", LOGIN),
	WRONG("digest.algorithm", "expected algorithm left out, got \"MD5\"", BARE, ASK_OLD("a"),
	      SEND(NAMED("a"), ", algorithm=MD5, opaque=\"oa\"")),
	WRONG("digest.algorithm", "expected algorithm \"MD5\", got none", BARE, ASK("a"),
	      SEND(NAMED("a"), "")),
};

static const struct lab_row qop[] = {
	HELD("digest.qop-single", LOGIN),
	WRONG("digest.qop-single", "expected qop=auth, got \"auth,auth-int\"", BARE, ASK("a"),
	      SEND(NAMED("a"), ", qop=\"auth,auth-int\", nc=00000001")),
	WRONG("digest.qop-single", "expected qop=auth or qop=auth-int, got \"token\"", BARE,
	      "<401" FIELD(OFFER("a", ", qop=\"auth, auth-int\"")),
	      SEND(NAMED("a"), ", qop=token, nc=00000001, cnonce=\"c\"")),
	UNSEEN("digest.qop-single", "no request had a qop", BARE, ASK("a"), SEND(NAMED("a"), "")),
	HELD("digest.qop-present", LOGIN),
	WRONG("digest.qop-present", "expected qop, as the challenge offers qop, got none", BARE,
	      ASK("a"), SEND(NAMED("a"), "")),
	WRONG("digest.qop-present", "expected cnonce, as the challenge offers qop, got none", BARE,
	      ASK("a"), SEND(NAMED("a"), ", qop=auth, nc=00000001")),
	UNSEEN("digest.qop-present", "it answered no challenge with qop", BARE, ASK_OLD("a"),
	       SEND(NAMED("a"), "")),
	HELD("digest.qop-absent", BARE, ASK_OLD("a"), SEND(NAMED("a"), ", opaque=\"oa\"")),
	HELD("digest.qop-absent", BARE, "<401" FIELD(OFFER("a", ", algorithm=MD5-sess")),
	     SEND(NAMED("a"), ", algorithm=MD5-sess, cnonce=\"c\"")),
	WRONG("digest.qop-absent",
	      "expected no nc, as the challenge offers no qop, got \"00000001\"", BARE,
	      ASK_OLD("a"), SEND(NAMED("a"), ", nc=00000001")),
	UNSEEN("digest.qop-absent", "it answered no challenge without qop", LOGIN),
	WRONG("digest.userhash", "expected userhash=true, got none", BARE,
	      "<401" FIELD(OFFER("a", ", userhash=true")),
	      SEND("username=\"c0ffee\", realm=\"cam\", nonce=\"a\", uri=\"/c/1\"", "")),
	/* RFC 7616 3.4.4: "if the client supports the userhash parameter". */
	UNSEEN("digest.userhash", "it does not hash names", BARE,
	       "<401" FIELD(OFFER("a", ", userhash=true")), SEND(NAMED("a"), "")),
	UNSEEN("digest.userhash", "it answered no challenge with userhash=true", LOGIN),
	HELD("digest.userhash-absent", LOGIN),
	HELD("digest.userhash-absent", BARE, ASK("a"), SEND(NAMED("a"), ", userhash=false")),
	WRONG("digest.userhash-absent", "expected userhash left out, got \"true\"", BARE, ASK("a"),
	      SEND(NAMED("a"), ", userhash=true")),
	HELD("digest.hash", LOGIN),
	HELD("digest.hash", "!told=wrong horse", LOGIN),
	UNSEEN("digest.hash",
	       "credentials without all that is hashed cannot be recomputed: digest.complete and "
	       "digest.qop-present say what is missing",
	       BARE, ASK("a"), SEND(NAMED("a"), ", qop=auth, nc=00000001")),
	WRONG("digest.hash",
	      "expected the response that RFC 7616 3.4.1 gives, got "
	      "\"00000000000000000000000000000000\": the password (or what proves it) is wrong",
	      BARE, ASK("a"),
	      ">GET /c/1\nAuthorization: Digest " NAMED(
		      "a") ", response=\"00000000000000000000000000000000\"" TAIL("a", "00000001",
										  "c")),
};

#define NEXT(nonce) "=200\nAuthentication-Info: nextnonce=\"" nonce "\""
#define SESS(nonce, nc, cnonce)                                                                    \
	SEND(NAMED(nonce), ", algorithm=MD5-sess, qop=auth, nc=" nc ", cnonce=\"" cnonce "\"")
#define ASK_SESS "<401" FIELD("Digest realm=\"cam\", nonce=\"a\", qop=\"auth\", algorithm=MD5-sess")

static const struct lab_row counts[] = {
	HELD("digest.nc-first", LOGIN),
	WRONG("digest.nc-first",
	      "expected nc=00000001 (the first request with this nonce), got nc=00000000", BARE,
	      ASK("a"), GOOD("a", "00000000", "c")),
	/* The second connection was faster. */
	HELD("digest.nc-first", BARE, ASK("a"),
	     ">GET /c/1\n@connection: 2\nAuthorization: Digest " NAMED("a") ", response=\"?\"" TAIL(
		     "a", "00000002", "c"),
	     OK, GOOD("a", "00000001", "c"), OK),
	UNSEEN("digest.nc-first", "no request had an nc", BARE, ASK_OLD("a"), SEND(NAMED("a"), "")),
	UNSEEN("digest.nc-counts", "no nonce was used for two requests", LOGIN),
	HELD("digest.nc-counts", LOGIN, GOOD("a", "00000002", "8f4c2a91d7"), OK),
	WRONG("digest.nc-counts",
	      "expected nc=00000002 (the second request with this nonce), got nc=00000001", LOGIN,
	      GOOD("a", "00000001", "c"), OK),
	WRONG("digest.nc-counts",
	      "expected nc=0000000a (the second request with this nonce), got nc=00000010", BARE,
	      ASK("a"), GOOD("a", "00000009", "c"), OK, GOOD("a", "00000010", "c")),
	UNSEEN("digest.nc-per-nonce", "it used one nonce only", LOGIN),
	HELD("digest.nc-per-nonce", LOGIN, BARE, ASK("b"), GOOD("b", "00000001", "c"), OK),
	WRONG("digest.nc-per-nonce",
	      "expected nc=00000001 (the first request with this nonce), got nc=00000002", LOGIN,
	      BARE, ASK("b"), GOOD("b", "00000002", "c"), OK),
	UNSEEN("digest.session-kept", "no session of a -sess algorithm had a second request", BARE,
	       ASK_SESS, SESS("a", "00000001", "c"), OK),
	HELD("digest.session-kept", BARE, ASK_SESS, SESS("a", "00000001", "c"), OK,
	     SESS("a", "00000002", "d"), OK),
	HELD("digest.hash", BARE, ASK_SESS, SESS("a", "00000001", "c"), OK,
	     SESS("a", "00000002", "d"), OK),
	UNSEEN("digest.next-nonce", "no answer had a nextnonce", LOGIN),
	UNSEEN("digest.next-nonce", "no Digest credentials followed a nextnonce", BARE, ASK("a"),
	       GOOD("a", "00000001", "c"), NEXT("z")),
	HELD("digest.next-nonce", BARE, ASK("a"), GOOD("a", "00000001", "c"), NEXT("z"),
	     GOOD("z", "00000001", "d"), OK),
	WRONG("digest.next-nonce", "expected the nextnonce \"z\", got \"a\"", BARE, ASK("a"),
	      GOOD("a", "00000001", "c"), NEXT("z"), GOOD("a", "00000002", "d")),
	UNSEEN("digest.repeats", "it made no further call behind a granted one", LOGIN),
	HELD("digest.repeats", LOGIN, GOOD("a", "00000002", "c"), OK),
	WRONG("digest.repeats",
	      "expected Digest credentials of the session, got a request without them", LOGIN, BARE,
	      ASK("b")),
};

#define AGAIN(nonce, cnonce) "-", BARE, ASK(nonce), GOOD(nonce, "00000001", cnonce), OK
#define UNPREDICTABLE(cnonce, what)                                                                \
	WRONG("digest.cnonce-unpredictable",                                                       \
	      "expected a random cnonce, got \"" cnonce "\": " what, BARE, ASK("a"),               \
	      GOOD("a", "00000001", cnonce))

static const struct lab_row cnonces[] = {
	UNSEEN("digest.cnonce-fresh", "there was no second session with a cnonce", LOGIN,
	       GOOD("a", "00000002", "8f4c2a91d7"), OK),
	HELD("digest.cnonce-fresh", LOGIN, AGAIN("b", "1b09e3dd42")),
	WRONG("digest.cnonce-fresh",
	      "expected another cnonce for nonce \"b\", got \"8f4c2a91d7\" again", LOGIN,
	      AGAIN("b", "8f4c2a91d7")),
	/* Another nonce in the same conversation: it was random, and it is still. */
	HELD("digest.cnonce-fresh", LOGIN, ASK("b"), GOOD("b", "00000001", "8f4c2a91d7"), OK),
	HELD("digest.cnonce-unpredictable", LOGIN, ASK("b"), GOOD("b", "00000001", "8f4c2a91d7"),
	     OK),
	/* nextnonce goes on with the session. */
	UNSEEN("digest.cnonce-fresh", "there was no second session with a cnonce", BARE, ASK("a"),
	       GOOD("a", "00000001", "c"), NEXT("z"), GOOD("z", "00000001", "c"), OK),
	UNSEEN("digest.cnonce-unpredictable", "there was no second session with a cnonce", LOGIN),
	HELD("digest.cnonce-unpredictable", LOGIN, AGAIN("b", "1b09e3dd42")),
	HELD("digest.cnonce-unpredictable", BARE, ASK("a"), GOOD("a", "00000001", "3e5c10f9"), OK,
	     AGAIN("b", "3e5c10ff"), AGAIN("c", "3e5d0012"), AGAIN("d", "17900000010000001")),
	WRONG("digest.cnonce-unpredictable",
	      "expected a random cnonce, got \"8f4c2a91d7\": one that another session had", LOGIN,
	      AGAIN("b", "8f4c2a91d7")),
	WRONG("digest.cnonce-unpredictable",
	      "expected a random cnonce, got \"00000a10\": the next one of a counter", BARE,
	      ASK("a"), GOOD("a", "00000001", "00000a0f"), OK, AGAIN("b", "00000a10")),
	WRONG("digest.cnonce-unpredictable",
	      "expected a random cnonce, got \"cn9\": the next one of a counter", BARE, ASK("a"),
	      GOOD("a", "00000001", "cn3"), OK, AGAIN("b", "cn6"), AGAIN("c", "cn9")),
	UNPREDICTABLE("0a4f113b", "the one of an example in the RFC"),
	UNPREDICTABLE("1790000010", "the time"),    /* seconds */
	UNPREDICTABLE("1789999999123", "the time"), /* milliseconds */
	UNPREDICTABLE("6ab13b80", "the time"),      /* seconds in hex */
	UNPREDICTABLE("6ab13b80f4240", "the time"), /* uniqid() */
	/* 0x21a8c960:26865:1790000010 */
	UNPREDICTABLE("MHgyMWE4Yzk2MDoyNjg2NToxNzkwMDAwMDEw", "the time in Base64"),
	UNPREDICTABLE("MTc5MDAwMDAxMA==", "the time in Base64"),
};

static const struct lab_row choices[] = {
	HELD("digest.latest", LOGIN, BARE, ASK("b"), GOOD("b", "00000001", "c"), OK),
	WRONG("digest.latest", "expected nonce \"b\" of the latest challenge, got \"a\"", LOGIN,
	      BARE, ASK("b"), GOOD("a", "00000002", "c"), ASK("c")),
	UNSEEN("digest.latest", "no challenge was made before its Digest credentials",
	       GOOD("a", "00000001", "c"), ASK("b")),
	HELD("digest.pairing", BARE, ASK_2, SHA("s", "s"), OK),
	UNSEEN("digest.pairing", "it answered none of several Digest challenges", LOGIN),
	WRONG("digest.pairing",
	      "expected the algorithm of the challenge with nonce \"m\", got \"SHA-256\"", BARE,
	      ASK_2, SHA("m", "m"), ASK_2),
	WRONG("digest.pairing", "expected the opaque of the challenge with nonce \"s\", got \"om\"",
	      BARE, ASK_2, SHA("s", "m"), ASK_2),
	/* ONVIF Core 5.9.3: its example has one nonce for both. */
	HELD("digest.pairing", BARE,
	     "<401" FIELD(OFFER("s", ", algorithm=MD5")) FIELD(OFFER("s", ", algorithm=SHA-256")),
	     SHA("s", "s"), OK),
	HELD("digest.strongest", BARE, ASK_2, SHA("s", "s"), OK),
	UNSEEN("digest.strongest", "it is not known that it knows a stronger algorithm", BARE,
	       ASK_2, GOOD("m", "00000001", "c"), OK),
	WRONG("digest.strongest", "expected SHA-256, which was offered, got MD5", BARE, ASK_2,
	      SHA("s", "s"), OK, "-", BARE, ASK_2, GOOD("m", "00000001", "c"), OK),
	WRONG("digest.strongest", "expected Digest, which was offered, got Basic", BARE,
	      "<401" FIELD("Basic realm=\"x\"") FIELD(OFFER("a", "")),
	      ">GET /c/1\nAuthorization: Basic eDp5"),
	HELD("digest.first", BARE, ASK_2, SHA("s", "s"), OK),
	UNSEEN("digest.first", "it is not known that it knows what was offered before", BARE, ASK_2,
	       GOOD("m", "00000001", "c"), OK),
	WRONG("digest.first", "expected MD5, which was offered first, got SHA-256", BARE,
	      "<401" FIELD(OFFER("m", ", algorithm=MD5")) FIELD(OFFER("s", ", algorithm=SHA-256")),
	      SHA("s", "s"), OK),
};

static const struct {
	const struct lab_row *row;
	size_t n;
} tables[] = {
	{ form, COUNT(form) },       { qop, COUNT(qop) },         { counts, COUNT(counts) },
	{ cnonces, COUNT(cnonces) }, { choices, COUNT(choices) },
};

static void each_finding_of_digest(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++)
		lab_rows(tables[i].row, tables[i].n);
}

static bool of_digest(struct str name)
{
	return str_starts(name, STR("digest."));
}

/* The name as it is hashed, and the key of a session as a careless client makes it anew. */
static void what_is_hashed_anew(void **state)
{
	static const char *const sess[LAB_STEPS] = { BARE, ASK_SESS, SESS("a", "00000001", "c"),
						     OK };
	struct lab l;
	char hex[HASH_HEX_MAX];
	struct check_finding f;

	(void)state;
	lab_play(&l, sess);
	l.session_nonce = l.session_cnonce = (struct str){ NULL, 0 };
	lab_hear(&l, str(&SESS("a", "00000002", "d")[1]));
	f = lab_check(&l, "digest.session-kept");
	assert_int_equal(f.held, BROKEN);
	check_str(f.why, "expected the session key of nonce \"a\" and cnonce \"c\", with which the "
			 "session began, got one of this request's own");
	assert_ptr_equal(f.at, l.c[0].v[2]);
	lab_free(&l);
	for (int right = 0; right < 2; right++) {
		lab_play(&l, (const char *const[LAB_STEPS]){
				     BARE, "<401" FIELD(OFFER("a", ", userhash=true")) });
		assert_int_equal(digest_userhash(HASH_MD5, right ? STR("user") : STR("User"),
						 STR("cam"), hex, &err),
				 0);
		lab_hear(&l, arena_fmt(&arena,
				       "GET /c/1\nAuthorization: Digest username=\"%s\", "
				       "realm=\"cam\", nonce=\"a\", uri=\"/c/1\", response=\"?\", "
				       "userhash=true, opaque=\"oa\"",
				       hex));
		f = lab_check(&l, "digest.userhash");
		assert_int_equal(f.held, right ? HOLDS : BROKEN);
		assert_int_equal(lab_check(&l, "digest.hash").held, HOLDS);
		assert_int_equal(lab_check(&l, "digest.username").held, f.held);
		lab_free(&l);
	}
	lab_complete(of_digest);
}

static void every_check_has_a_row(void **state)
{
	(void)state;
	for (int i = 0; i < CLIENT_CHECKS; i++) {
		assert_string_equal(check_rows[i].name, client_checks[i].name);
		assert_true(!check_rows[i].all != !check_rows[i].one);
		assert_true(check_rows[i].all || check_rows[i].missing);
	}
	assert_null(client_checks[CLIENT_CHECKS].name);
}

/* Nothing was said, so nothing is shown; of no conversation at all neither. */
static void an_empty_conversation_shows_nothing(void **state)
{
	struct lab l;

	(void)state;
	for (size_t n = 0; n < 2; n++) {
		for (int i = 0; i < CLIENT_CHECKS; i++) {
			struct check_finding f;

			lab_play(&l, (const char *const[LAB_STEPS]){ n ? "-" : NULL });
			f = lab_check(&l, client_checks[i].name);
			if (f.held != NOT_SHOWN || !f.why.n || f.at)
				fail_msg("%s", client_checks[i].name);
			lab_free(&l);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(each_finding_of_digest),
		CHECK(what_is_hashed_anew),
		CHECK(every_check_has_a_row),
		CHECK(an_empty_conversation_shows_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

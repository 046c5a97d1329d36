/* The device of a client case: suites/client/README.md, "Turns" and "What the client is told". */
#include "play_lab.h"

#include "base/mem.h"

#define PLAIN ">GET /c/1/1"
#define DENIED                                                                                     \
	">GET /c/1/1\nAuthorization: Digest username=\"countersign\", realm=\"countersign\", "     \
	"nonce=\"$N\", uri=\"/c/1/1\", qop=auth, nc=00000001, cnonce=\"abcdefgh\", "               \
	"response=\"00000000000000000000000000000000\""

static const struct stage_row turns[] = {
	{ "a challenge alone, then all that is right",
	  "<challenge/>" CHECKS,
	  { PLAIN, "=401", "-stale", DIGEST("$N", "00000001"), "=200", DIGEST("$N", "00000002"),
	    "=200", PLAIN, "=401", DIGEST("$N", "00000001"), "=200" } },
	{ "wrong credentials: another nonce, no stale",
	  "<challenge/>" CHECKS,
	  { PLAIN, "=401", DENIED, "=401", "-stale", "-nonce=\"$P\"", "+nonce=\"$N\"",
	    DIGEST("$N", "00000001"), "=200", DENIED, "=401", "-stale" } },
	{ "right ones for an old nonce at a challenge that stays",
	  "<challenge repeat='2'/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=401", DIGEST("$P", "00000001"), "=200" } },
	{ "repeat: so many right answers",
	  "<challenge repeat='3'/>" CHECKS,
	  { PLAIN, "=401", DIGEST("$N", "00000001"), "=401", DIGEST("$N", "00000001"), "=401",
	    DIGEST("$N", "00000001"), "=200" } },
	{ "wrong answers do not count",
	  "<challenge repeat='2'/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=401", DENIED, "=401", DENIED, "=401",
	    DIGEST("$N", "00000001"), "=200" } },
	{ "a second challenge with stale, as the case has it",
	  "<challenge/><challenge><digest stale='true'/></challenge>" CHECKS,
	  { PLAIN, "=401", "-stale", DIGEST("$N", "00000001"), "=401", "+stale=true",
	    "-nonce=\"$P\"", DIGEST("$N", "00000001"), "=200" } },
	{ "an old nonce is stale once the second challenge was answered",
	  "<challenge/><challenge/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=401", "-stale", DIGEST("$N", "00000001"), "=200",
	    DIGEST("$P", "00000002"), "=401", "+stale=true", DIGEST("$N", "00000001"), "=200" } },
	{ "an old nonce does not answer the second challenge",
	  "<challenge/><challenge/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=401", DIGEST("$P", "00000002"), "=401",
	    DIGEST("$N", "00000001"), "=200" } },
	{ "a grant for one right request, then the next challenge",
	  "<call times='2'/><challenge/><grant/><challenge><digest "
	  "realm='other'/></challenge>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=200", DIGEST("$N", "00000002"), "=401",
	    "+realm=\"other\"" } },
	{ "the last grant stays",
	  "<challenge/><grant info='next'/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=200", "+nextnonce=", DIGEST("$N", "00000002"),
	    "=200", "+nextnonce=" } },
	{ "oddly written credentials are let through",
	  "<challenge/>" CHECKS,
	  { PLAIN,
	    ">GET /c/1/1\nAuthorization: Digest username=\"countersign\", realm=\"countersign\", "
	    "nonce=\"$N\", uri=\"/c/1/1\", qop=\"auth\", nc=\"00000000\", cnonce=\"abcdefgh\", "
	    "response=\"?\", algorithm=\"MD5\"",
	    "=200" } },
	{ "Basic was not offered",
	  "<challenge/>" CHECKS,
	  { PLAIN, ">GET /c/1/1\nAuthorization: Basic Y291bnRlcnNpZ246U2VzYW1lLTE5MTQ=", "=401" } },
	{ "Basic was offered",
	  "<challenge><basic/></challenge>" CHECKS,
	  { PLAIN, "+WWW-Authenticate: Basic realm=\"countersign\"\r\n", "-Digest",
	    ">GET /c/1/1\nAuthorization: Basic Y291bnRlcnNpZ246U2VzYW1lLTE5MTM=", "=401",
	    ">GET /c/1/1\nAuthorization: Basic Y291bnRlcnNpZ246U2VzYW1lLTE5MTQ=", "=200" } },
	{ "nonce=same",
	  "<challenge/><challenge><digest nonce='same' stale='true'/></challenge>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=401", "+nonce=\"$N\"", "+stale=true",
	    DIGEST("$N", "00000002"), "=200" } },
};

static const struct stage_row answers[] = {
	{ "status, body, connection",
	  "<challenge status='403' body='none' connection='close'/>" CHECKS,
	  { PLAIN, "=403", "+Connection: close", "-Unauthorized\n" } },
	{ "a usual body", "<challenge/>" CHECKS, { PLAIN, "+Unauthorized\n", "-Connection" } },
	{ "a page of HTML",
	  "<challenge body='html'/>" CHECKS,
	  { PLAIN, "=401", "+Content-Type: text/html", "+<h1>Unauthorized</h1>" } },
	{ "a long body",
	  "<challenge body='long'/>" CHECKS,
	  { PLAIN, "=401", "+....................................................",
	    "-Unauthorized\n" } },
	{ "a field each",
	  "<challenge><other text='Negotiate'/><digest/></challenge>" CHECKS,
	  { PLAIN, "+WWW-Authenticate: Negotiate\r\nWWW-Authenticate: Digest realm" } },
	{ "all in one field",
	  "<challenge fields='one'><other text='X a={nonce}'/><digest/></challenge>" CHECKS,
	  { PLAIN, "+WWW-Authenticate: X a=", "+, Digest realm=", "-{nonce}" } },
	{ "info=right",
	  "<challenge/><grant info='right' connection='close'/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=200", "+rspauth=\"", "+nc=00000001", "+qop=auth",
	    "+cnonce=\"abcdefgh\"", "+Connection: close" } },
	{ "info=quoted",
	  "<challenge/><grant info='quoted'/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=200", "+rspauth=\"", "+nc=\"00000001\"",
	    "+qop=\"auth\"" } },
	{ "a grant that refuses, and stays",
	  "<challenge/><grant status='403'/>" CHECKS,
	  { PLAIN, "=401", DIGEST("$N", "00000001"), "=403", "-WWW-Authenticate",
	    "+This account may not do that.", DIGEST("$N", "00000002"), "=403" } },
	{ "a grant that refuses, once",
	  "<challenge/><grant status='403'/><grant/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=403", DIGEST("$N", "00000002"), "=200" } },
	{ "info without qop",
	  "<challenge><digest qop='omit'/></challenge><grant info='wrong'/>" CHECKS,
	  { PLAIN, "-qop",
	    ">GET /c/1/1\nAuthorization: Digest username=\"countersign\", realm=\"countersign\", "
	    "nonce=\"$N\", uri=\"/c/1/1\", response=\"?\"",
	    "=200", "+rspauth=\"", "-qop=", "-cnonce=" } },
	{ "no info for Basic",
	  "<challenge><basic/></challenge><grant info='right'/>" CHECKS,
	  { PLAIN, ">GET /c/1/1\nAuthorization: Basic Y291bnRlcnNpZ246U2VzYW1lLTE5MTQ=", "=200",
	    "-Authentication-Info" } },
	{ "redirect, same origin",
	  "<challenge/><grant redirect='same-origin'/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=307",
	    "+Location: http://127.0.0.1:4711/c/1/moved\r\n",
	    DIGEST_AT("/c/1/moved", "$N", "00000002"), "=200" } },
	{ "redirect, other origin: that one asks nobody",
	  "<challenge/><grant redirect='other-origin'/>" CHECKS,
	  { PLAIN, DIGEST("$N", "00000001"), "=307",
	    "+Location: http://127.0.0.1:4712/c/1/moved\r\n", ">GET /c/1/moved\n@origin: 1", "=200",
	    "+This is another origin." } },
	{ "the other origin changes nothing",
	  "<challenge/>" CHECKS,
	  { ">GET /c/1/1\n@origin: 1", "=200", PLAIN, "=401", DIGEST("$N", "00000001"), "=200" } },
	{ "-sess over two requests",
	  "<challenge><digest algorithm='MD5-sess'/></challenge>" CHECKS,
	  { PLAIN, "+algorithm=MD5-sess",
	    ">GET /c/1/1\nAuthorization: Digest username=\"countersign\", realm=\"countersign\", "
	    "nonce=\"$N\", uri=\"/c/1/1\", qop=auth, nc=00000001, cnonce=\"one\", "
	    "algorithm=MD5-sess, response=\"?\"",
	    "=200",
	    ">GET /c/1/1\nAuthorization: Digest username=\"countersign\", realm=\"countersign\", "
	    "nonce=\"$N\", uri=\"/c/1/1\", qop=auth, nc=00000002, cnonce=\"two\", "
	    "algorithm=MD5-sess, response=\"?\"",
	    "=200" } },
};

static void goes_through_its_turns(void **state)
{
	(void)state;
	stage_rows(turns, COUNT(turns), (struct play_options){ .marker = false });
}

static void answers_as_the_case_has_it(void **state)
{
	(void)state;
	stage_rows(answers, COUNT(answers), (struct play_options){ .marker = false });
}

/* --- rspauth --- */

/* RFC 7616 3.5.1: as response, with an A2 that has no method. */
static void rspauth_is_right_or_wrong(void **state)
{
	static const char *const kinds[] = { "right", "wrong" };

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		struct str xml = arena_fmt(
			&arena, STAGE_CASE("", "<challenge/><grant info='%s'/>" CHECKS), kinds[i]);
		struct digest_inputs in = { .qop = DIGEST_QOP_AUTH,
					    .qop_text = STR("auth"),
					    .user = STR("countersign"),
					    .realm = STR("countersign"),
					    .password = STR("Sesame-1914"),
					    .uri = STR("/c/1/1"),
					    .nc = STR("00000001"),
					    .cnonce = STR("abcdefgh") };
		const char *const script[] = { PLAIN, DIGEST("$N", "00000001"), "=200", NULL };
		char hex[HASH_HEX_MAX];
		struct stage s;

		stage_init(&s, xml.p, 0, (struct play_options){ .soap = false });
		stage_steps(&s, kinds[i], script);
		in.nonce = s.nonce[0];
		assert_int_equal(digest_rspauth(&in, hex, &err), 0);
		assert_int_equal(str_find(s.octets, str(hex)) == (size_t)-1, i == 1);
		stage_free(&s);
	}
}

/* --- what the client is told --- */

static struct str url(struct stage *s, size_t i)
{
	size_t n;
	struct str *all = play_urls(s->p, &arena, &n);

	assert_true(i < n);
	assert_int_equal(n, s->l.told.times);
	return all[i];
}

static void a_call_is_told(void **state)
{
	static const char xml[] =
		STAGE_CASE("", "<call times='2' method='POST' path='/a%20b' query='a=1&amp;b=2' "
			       "body='xyz' length='7' user='a&quot;b'/><challenge/>" CHECKS);
	struct stage s;

	(void)state;
	stage_init(&s, xml, 0, (struct play_options){ .marker = false });
	check_str(s.l.told.method, "POST");
	check_str(s.l.told.body, "xyzxyzx");
	check_str(s.l.told.user, "a\"b");
	check_str(s.l.told.target, "/c/1/1/a%20b?a=1&b=2");
	check_str(url(&s, 0), "http://127.0.0.1:4711/c/1/1/a%20b?a=1&b=2");
	check_str(url(&s, 1), "http://127.0.0.1:4711/c/1/2/a%20b?a=1&b=2");
	stage_free(&s);

	stage_init(&s, xml, 0, (struct play_options){ .path = STR("") });
	check_str(url(&s, 1), "http://127.0.0.1:4711/a%20b?a=1&b=2");
	stage_free(&s);

	stage_init(&s, STAGE_CASE("", "<challenge/>" CHECKS), 0,
		   (struct play_options){ .path = STR("") });
	check_str(url(&s, 0), "http://127.0.0.1:4711/");
	stage_free(&s);
}

static void a_request_belongs_to_its_call(void **state)
{
	static const struct {
		const char *target;
		int call;
	} rows[] = { { "/c/1/2", 2 },     { "/c/1/2?x=1", 2 }, { "/c/1/2/x", 2 }, { "/c/1", 0 },
		     { "/c/1/moved", 0 }, { "/c/12", 0 },      { "/c/1/101", 0 }, { "*", 0 },
		     { "/c/1/", 0 },      { "/c/1/-1", 0 } };
	struct stage s;

	(void)state;
	stage_init(&s, STAGE_CASE("", "<call times='2'/><challenge/>" CHECKS), 0,
		   (struct play_options){ .marker = false });
	for (size_t i = 0; i < COUNT(rows); i++) {
		(void)stage_call(&s, arena_fmt(&arena, "GET %s", rows[i].target));
		assert_int_equal(s.out.status, 401);
		if (play_conversation(s.p)->v[i]->call != rows[i].call)
			fail_msg("%s is call %d", rows[i].target,
				 play_conversation(s.p)->v[i]->call);
	}
	stage_free(&s);
}

/* password="wrong": the client is given one that is not the device's. */
static void passwords_are_told(void **state)
{
	static const struct {
		const char *word, *told, *device;
	} rows[] = { { "wrong", "Sesame-1914-not", "Sesame-1914" },
		     { "=wrong", "wrong", "wrong" },
		     { "caf\xc3\xa9", "caf\xc3\xa9", "caf\xc3\xa9" } };

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct str xml = arena_fmt(
			&arena, STAGE_CASE("", "<call password='%s'/><challenge/>" CHECKS),
			rows[i].word);
		const char *const script[] = { PLAIN, DIGEST("$N", "00000001"), NULL };
		struct stage s;

		stage_init(&s, xml.p, 0, (struct play_options){ .marker = false });
		check_view(s.l.told.password, str(rows[i].told), rows[i].word);
		check_view(play_conversation(s.p)->account.password, str(rows[i].device),
			   rows[i].word);
		stage_steps(&s, rows[i].word, script);
		assert_int_equal(s.out.status, i ? 200 : 401);
		stage_free(&s);
	}
}

/* An axis stands for its value wherever a setting has it. */
static void axes_are_bound(void **state)
{
	static const char xml[] =
		STAGE_CASE("", "<axis name='q' values='auth auth-int'/>"
			       "<challenge repeat='2'><digest qop='$q'/></challenge>" CHECKS);
	static const char *const script[] = { PLAIN, "+qop=\"auth-int\"", NULL };
	struct stage s;

	(void)state;
	stage_init(&s, xml, 1, (struct play_options){ .marker = false });
	stage_steps(&s, "auth-int", script);
	stage_free(&s);
}

/* --- the rest --- */

static void a_persona_speaks_where_the_case_is_silent(void **state)
{
	struct suite_setting of_digest[] = { { STR("realm"), STR("Maker") },
					     { STR("qop"), STR("omit") },
					     { STR("names"), STR("upper") } };
	struct suite_setting of_answer[] = { { STR("status"), STR("403") } };
	struct suite_offer offer = { OFFER_DIGEST, { of_digest, COUNT(of_digest) } };
	const struct suite_persona maker = {
		.id = STR("maker"),
		.challenge = { .set = { of_answer, 1 }, .offer = &offer, .n_offer = 1 },
		.password = STR("maker's"),
	};
	static const struct stage_row rows[] = {
		{ "all of it",
		  "<challenge/>" CHECKS,
		  { PLAIN, "=403", "+REALM=\"Maker\"", "-QOP" } },
		{ "the case first",
		  "<challenge status='401'><digest realm='Case'/></challenge>" CHECKS,
		  { PLAIN, "=401", "+REALM=\"Case\"", "-QOP" } },
		{ "no Basic of this maker's",
		  "<challenge><basic/></challenge>" CHECKS,
		  { PLAIN, "=403", "+Basic realm=\"countersign\"" } },
	};
	struct play_options o = { .persona = &maker };
	struct stage s;

	(void)state;
	stage_rows(rows, COUNT(rows), o);
	stage_init(&s, STAGE_CASE("", "<challenge/>" CHECKS), 0, o);
	check_str(s.l.told.password, "maker's");
	stage_free(&s);
	o.account = (struct account){ STR("own"), STR("mine"), 0 };
	stage_init(&s, STAGE_CASE("", "<challenge/>" CHECKS), 0, o);
	check_str(s.l.told.password, "mine");
	check_str(s.l.told.user, "own");
	stage_free(&s);
}

static void answers_are_marked(void **state)
{
	static const struct stage_row rows[] = {
		{ "case, run, number",
		  "<challenge/>" CHECKS,
		  { PLAIN, "+X-Countersign: x.a;0123456789abcdef;1\r\n", DIGEST("$N", "00000001"),
		    "=200", "+X-Countersign: x.a;0123456789abcdef;2\r\n" } },
	};

	(void)state;
	stage_rows(rows, COUNT(rows),
		   (struct play_options){ .marker = true, .run = STR("0123456789abcdef") });
}

static void is_over_when_the_last_call_was_granted(void **state)
{
	static const char *const script[] = { PLAIN, DIGEST("$N", "00000001"), "=200", NULL };
	struct stage s;

	(void)state;
	stage_init(&s, STAGE_CASE("", "<call times='2'/><challenge/>" CHECKS), 0,
		   (struct play_options){ .marker = false });
	assert_false(play_is_over(s.p));
	stage_steps(&s, "first", script);
	assert_false(play_is_over(s.p));
	stage_steps(&s, "second", script);
	assert_true(play_is_over(s.p));
	stage_free(&s);
}

/* --- caps --- */

static void hears_no_more_than_its_caps(void **state)
{
	struct stage s;
	size_t closed = 0;

	(void)state;
	stage_init(&s, STAGE_CASE("", "<challenge/>" CHECKS), 0,
		   (struct play_options){ .marker = false });
	for (size_t i = 0; i < HEARD_MAX + 5; i++) {
		if (i % 500 == 0) {
			arena_free(&arena);
			arena_init(&arena, 16u << 20);
			s.nonce[0] = s.nonce[1] = (struct str){ NULL, 0 };
		}
		closed += stage_call(&s, STR("GET /c/1/1")) == DEVICE_CLOSES;
	}
	assert_int_equal(closed, 5);
	assert_int_equal(play_conversation(s.p)->n, HEARD_MAX);
	assert_int_equal(play_conversation(s.p)->lost, 5);
	stage_free(&s);
}

/* Each point at which there is no memory: an error or a closed connection, and no leak. */
static void survives_without_memory(void **state)
{
	static const char xml[] =
		STAGE_CASE("", "<call length='5000'/><challenge/><grant info='right'/>" CHECKS);
	struct stage s;
	bool through = false;

	(void)state;
	stage_init(&s, xml, 0, (struct play_options){ .marker = false });
	for (long n = 0; !through; n++) {
		const struct play_options o = { .variant = play_conversation(s.p)->variant,
						.path = STR("/c/1"),
						.soap = true,
						.marker = true };
		struct http_request in = { .method = STR("GET"), .target = STR("/c/1/1") };
		struct http_response out;
		struct play *p;
		struct arena a;

		arena_init(&a, 1u << 20);
		mem_fail_after(n);
		p = play_new(&o, &s.world, &err);
		through = p && play_request(p, &a, 1, 0, &in, &out) == DEVICE_ANSWERED;
		mem_fail_after(-1);
		assert_true(p || err.code == ERR_NOMEM);
		assert_true(!through || (n > 0 && out.status == 401));
		play_free(p);
		arena_free(&a);
		assert_in_range(n, 0, 1000);
	}
	stage_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(goes_through_its_turns),
		CHECK(answers_as_the_case_has_it),
		CHECK(rspauth_is_right_or_wrong),
		CHECK(a_call_is_told),
		CHECK(a_request_belongs_to_its_call),
		CHECK(passwords_are_told),
		CHECK(axes_are_bound),
		CHECK(a_persona_speaks_where_the_case_is_silent),
		CHECK(answers_are_marked),
		CHECK(is_over_when_the_last_call_was_granted),
		CHECK(hears_no_more_than_its_caps),
		CHECK(survives_without_memory),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

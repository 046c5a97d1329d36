#include "check.h"

#include "auth/base64.h"
#include "client/actor.h"
#include "soap/soap.h"

#define ORIGIN   "http://127.0.0.1:4711"
#define SENT_MAX 64
#define WALL_MS  INT64_C(1767225600000)

/* What a device says, one after the other; the last answer stays. */
struct script {
	struct {
		int status;
		const char *field, *value; /* NULL: none */
		struct str body;
	} answer[8];
	size_t n;
	struct http_request sent[SENT_MAX];
	int origin[SENT_MAX];
	size_t n_sent;
};

static int answer(void *ctx, struct arena *a, uint64_t connection, int origin,
		  const struct http_request *in, struct http_response *out)
{
	struct script *s = ctx;
	size_t i = s->n_sent < s->n ? s->n_sent : s->n - 1;

	(void)connection;
	assert_true(s->n_sent < SENT_MAX);
	s->sent[s->n_sent] = *in;
	s->origin[s->n_sent++] = origin;
	*out = (struct http_response){ .status = s->answer[i].status, .body = s->answer[i].body };
	if (s->answer[i].field)
		http_add(a, &out->fields, str(s->answer[i].field), str(s->answer[i].value));
	return 0;
}

static void challenge(struct script *s, const char *text)
{
	s->answer[s->n].status = 401;
	s->answer[s->n].field = "WWW-Authenticate";
	s->answer[s->n++].value = text;
}

static void grant(struct script *s)
{
	s->answer[s->n++].status = 200;
}

static void grant_with(struct script *s, const char *field, const char *value)
{
	s->answer[s->n].field = field;
	s->answer[s->n].value = value;
	grant(s);
}

static struct actor_options options(const char *fault)
{
	struct actor_options o = { .told = { .times = 1,
					     .target = STR("/dir/index.html"),
					     .user = STR("Mufasa"),
					     .password = STR("Circle of Life") },
				   .origin = { STR(ORIGIN), STR("http://127.0.0.1:4712") },
				   .send = answer };

	if (fault) {
		o.fault = client_fault_find(str(fault));
		assert_non_null(o.fault);
		o.soap = o.fault->soap;
	}
	return o;
}

static int run(struct script *s, struct actor_options *o)
{
	struct virtual_world clock;
	struct world world;

	virtual_world_init(&clock, WALL_MS, 1);
	world = world_virtual(&clock);
	o->world = &world;
	o->ctx = s;
	return actor_run(o, &arena);
}

static struct str authorization(const struct script *s, size_t i)
{
	assert_true(i < s->n_sent);
	return http_get(&s->sent[i].fields, "Authorization");
}

static struct str param(const struct script *s, size_t i, const char *name)
{
	const struct auth_param *p;
	struct challenge c;

	assert_int_equal(credentials_parse(&arena, authorization(s, i), &c, &err), 0);
	p = challenge_param(&c, name);
	return p ? p->value : (struct str){ NULL, 0 };
}

#define MD5_CHALLENGE                                                                              \
	"Digest realm=\"testrealm@host.com\", qop=\"auth\", "                                      \
	"nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", "                                           \
	"opaque=\"5ccc069c403ebaf9f0171e9517f40e41\""

/* The response is recomputed by itself, from what was sent. */
static void check_response(const struct script *s, size_t i, enum hash_alg alg)
{
	const struct digest_inputs in = { .alg = alg,
					  .qop = DIGEST_QOP_AUTH,
					  .user = STR("Mufasa"),
					  .realm = param(s, i, "realm"),
					  .password = STR("Circle of Life"),
					  .method = s->sent[i].method,
					  .uri = s->sent[i].target,
					  .nonce = param(s, i, "nonce"),
					  .nc = param(s, i, "nc"),
					  .cnonce = param(s, i, "cnonce") };
	char hex[HASH_HEX_MAX];

	assert_int_equal(digest_response(&in, hex, &err), 0);
	check_view(param(s, i, "response"), str(hex), "response");
}

static void answers_a_challenge(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	o.told.times = 2;
	challenge(&s, MD5_CHALLENGE);
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(s.n_sent, 3);
	assert_null(authorization(&s, 0).p);
	check_str(param(&s, 1, "nc"), "00000001");
	check_str(param(&s, 1, "opaque"), "5ccc069c403ebaf9f0171e9517f40e41");
	assert_null(param(&s, 1, "algorithm").p);
	check_response(&s, 1, HASH_MD5);
	check_str(param(&s, 2, "nc"), "00000002");
	check_response(&s, 2, HASH_MD5);
	assert_false(str_eq(param(&s, 1, "cnonce"), param(&s, 2, "cnonce")));
}

static void takes_the_strongest(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	challenge(&s, "Basic realm=\"x\", Digest realm=\"x\", nonce=\"a\", qop=\"auth\", "
		      "Negotiate, Digest realm=\"x\", nonce=\"b\", algorithm=SHA-256, "
		      "qop=\"auth-int, auth\"");
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	check_str(param(&s, 1, "nonce"), "b");
	check_str(param(&s, 1, "algorithm"), "SHA-256");
	check_response(&s, 1, HASH_SHA256);
}

static void basic_only_where_nothing_is_better(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	challenge(&s, "Digest realm=\"x\", nonce=\"a\", algorithm=MD6, Basic realm=\"x\"");
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	check_str(authorization(&s, 1), "Basic TXVmYXNhOkNpcmNsZSBvZiBMaWZl");
}

static void stops_at_a_second_401(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	o.told.times = 3;
	challenge(&s, "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"");
	challenge(&s, "Digest realm=\"x\", nonce=\"b\", qop=\"auth\"");
	assert_int_equal(run(&s, &o), 1);
	assert_int_equal(s.n_sent, 2);
}

static void answers_stale_nonces_but_not_for_ever(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	challenge(&s, "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"");
	challenge(&s, "Digest realm=\"x\", nonce=\"b\", qop=\"auth\", stale=TRUE");
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(s.n_sent, 3);
	check_str(param(&s, 2, "nonce"), "b");
	check_str(param(&s, 2, "nc"), "00000001");

	s = (struct script){ 0 };
	challenge(&s, "Digest realm=\"x\", nonce=\"a\", qop=\"auth\", stale=true");
	assert_int_equal(run(&s, &o), 1);
	assert_int_equal(s.n_sent, 2);
}

static void heeds_authentication_info(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	o.told.times = 2;
	challenge(&s, MD5_CHALLENGE);
	grant_with(&s, "Authentication-Info", "nextnonce=\"fresh\"");
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	check_str(param(&s, 2, "nonce"), "fresh");
	check_str(param(&s, 2, "nc"), "00000001");

	s = (struct script){ 0 };
	challenge(&s, MD5_CHALLENGE);
	grant_with(&s, "Authentication-Info",
		   "rspauth=\"00000000000000000000000000000000\", qop=auth");
	assert_int_equal(run(&s, &o), 1);
}

static void keeps_credentials_from_strangers(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	challenge(&s, MD5_CHALLENGE);
	grant_with(&s, "Location", "http://127.0.0.1:4712/moved");
	s.answer[1].status = 307;
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(s.origin[2], 1);
	check_str(s.sent[2].target, "/moved");
	assert_null(authorization(&s, 2).p);

	s.n_sent = 0;
	s.answer[1].value = ORIGIN "/moved";
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(s.origin[2], 0);
	check_str(param(&s, 2, "uri"), "/moved");

	s.n_sent = 0;
	s.answer[1].value = "http://127.0.0.1:47110/moved";
	assert_int_equal(run(&s, &o), 1);
	assert_int_equal(s.n_sent, 2);
}

static void sends_the_body_again(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);

	(void)state;
	o.told.body = STR("a=1");
	challenge(&s, "Digest realm=\"x\", nonce=\"a\", qop=\"auth-int\"");
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	check_str(s.sent[0].method, "POST");
	check_str(s.sent[1].body, "a=1");
	check_str(http_get(&s.sent[1].fields, "Content-Length"), "3");
	check_str(param(&s, 1, "qop"), "auth-int");
}

static void gives_hostile_challenges_up(void **state)
{
	static const char *const texts[] = { "",
					     ",,,",
					     "Digest",
					     "Digest =",
					     "Digest realm=\"x",
					     "Digest realm=\"x\", nonce=\"a\", nonce=\"b\"",
					     "Digest realm=\"x\", nonce=\"a\", algorithm=MD5-sess",
					     "Digest realm=\"x\", nonce=\"a\", qop=\"token\"" };

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct script s = { 0 };
		struct actor_options o = options(NULL);

		challenge(&s, texts[i]);
		assert_int_equal(run(&s, &o), 1);
		assert_int_equal(s.n_sent, 1);
	}
}

/* --- ONVIF --- */

static struct str time_response(int hour)
{
	return soap_response_envelope(
		&arena, arena_fmt(&arena,
				  "<R xmlns=\"urn:x\"><UTCDateTime><Time><Hour>%d</Hour><Minute>0"
				  "</Minute><Second>0</Second></Time><Date><Year>2026</Year>"
				  "<Month>1</Month><Day>1</Day></Date></UTCDateTime></R>",
				  hour));
}

static void onvif_answer(struct script *s, int status, struct str body)
{
	s->answer[s->n].body = body;
	s->answer[s->n++].status = status;
}

static void onvif_script(struct script *s)
{
	onvif_answer(s, 200, time_response(5));
	onvif_answer(s, 400,
		     soap_fault_envelope(&arena, "Sender", "NotAuthorized", STR("other words")));
	onvif_answer(s, 200, soap_response_envelope(&arena, STR("<R xmlns=\"urn:x\"/>")));
}

static void sends_tokens_of_the_devices_clock(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);
	struct soap_message m;
	struct str octets, digest;

	(void)state;
	o.soap = true;
	onvif_script(&s);
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(s.n_sent, 3);
	assert_int_equal(soap_read(&arena, s.sent[0].body, &m, &err), 0);
	check_str(m.body_name, "GetSystemDateAndTime");
	assert_int_equal(m.n_token, 0);
	assert_int_equal(soap_read(&arena, s.sent[2].body, &m, &err), 0);
	check_str(m.body_name, "GetDeviceInformation");
	check_str(m.token.created, "2026-01-01T05:00:00Z");
	assert_int_equal(base64_decode(&arena, m.token.nonce, &octets, &err), 0);
	assert_int_equal(octets.n, 16);
	assert_int_equal(ut_password_digest(&arena, octets, m.token.created, STR("Circle of Life"),
					    &digest, &err),
			 0);
	check_view(m.token.password, digest, "digest");
}

/* Refused, it asks for the time again; the same time says that it is the password. */
static void asks_for_the_time_again(void **state)
{
	struct script s = { 0 };
	struct actor_options o = options(NULL);
	struct str refusal;

	(void)state;
	o.soap = true;
	refusal = soap_fault_envelope(&arena, "Sender", "NotAuthorized", STR("x"));
	onvif_answer(&s, 200, time_response(5));
	onvif_answer(&s, 400, refusal);
	onvif_answer(&s, 400, refusal);
	onvif_answer(&s, 200, time_response(5));
	onvif_answer(&s, 400, refusal);
	assert_int_equal(run(&s, &o), 1);
	assert_int_equal(s.n_sent, 4);

	s.n_sent = 0;
	s.answer[3].body = time_response(7);
	assert_int_equal(run(&s, &o), 1);
	assert_int_equal(s.n_sent, 5);
}

/* --- faults --- */

/* All that was sent, and the exit status: what a device can see of a client. */
static struct str seen(const struct script *s, int status)
{
	struct str all = arena_fmt(&arena, "%d\n", status);

	for (size_t i = 0; i < s->n_sent; i++)
		all = arena_fmt(&arena, "%.*s%d %.*s\n", STR_ARG(all), s->origin[i],
				STR_ARG(http_request_text(&arena, &s->sent[i])));
	return all;
}

static void names_are_their_own(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct client_fault *f = client_faults; f->name; f++, n++) {
		assert_ptr_equal(client_fault_find(str(f->name)), f);
		assert_true(strlen(f->help) > 10);
	}
	assert_true(n >= 60);
	assert_null(client_fault_find(STR("no-such-fault")));
}

/* One conversation, in which each of the faults that are listed shows. */
struct situation {
	const char *faults, *challenge, *second, *info;
	int times;
	const char *method, *body, *user, *target;
	bool refused; /* nothing is ever granted */
};

static const struct situation situations[] = {
	{ .faults = "nc-from-zero nc-short nc-skips nc-constant cnonce-constant cnonce-counter "
		    "cnonce-time cnonce-short opaque-lost opaque-misspelt realm-escaped-again "
		    "realm-trimmed realm-missing username-lowered username-quote-unescaped "
		    "latin1-hashed nonce-twice uri-without-query uri-slash uri-decoded "
		    "method-get-hashed quoted-qop quoted-nc quoted-algorithm unquoted-response "
		    "unquoted-cnonce response-upper qop-list-echoed qop-list-hashed qop-ignored "
		    "qop-list-unread algorithm-lost sha256-label-md5-hash userhash-unasked "
		    "splits-on-comma splits-on-comma-space splits-on-space order-assumed "
		    "parameter-name-case quoted-pair-not-unescaped ends-at-escaped-quote "
		    "equals-tight empty-member-stops tabs-unread unknown-parameter-stops no-reuse "
		    "preemptive-basic both-authorizations password-in-query userinfo-in-target "
		    "template-credentials-first body-lost-on-retry method-changed-on-retry "
		    "query-lost-on-retry content-length-missing ends-badly-on-401",
	  .challenge = "Digest Nonce=\"a\",qop=\"auth,auth-int\" , , opaque=\"o\"\t, "
		       "algorithm=SHA-256, x = 1, realm=\" a\\\"b, c \"",
	  .times = 2,
	  .method = "POST",
	  .body = "body",
	  .user = "M\"\xc3\xbc"
		  "fasa",
	  .target = "/a%20b?c=d" },
	{ .faults = "nc-decimal nc-upper",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .times = 12 },
	{ .faults = "auth-int-body-skipped auth-int-as-auth sess-recomputed sess-ignored sess-raw "
		    "userhash-in-ha1 userhash-plain userhash-unlabelled sha512-256-as-sha256 "
		    "opaque-empty-lost",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth-int\", "
		       "algorithm=SHA-512-256-sess, userhash=true, opaque=\"\"",
	  .times = 2,
	  .method = "POST",
	  .body = "body" },
	{ .faults = "auth-int-empty-skipped",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth-int\"" },
	{ .faults = "qop-when-not-offered no-qop-form-broken no-qop-refused "
		    "algorithm-when-not-offered opaque-invented quotes-required",
	  .challenge = "Digest realm=x, nonce=\"a\"" },
	{ .faults = "qop-unknown-taken",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"token, auth\"" },
	{ .faults = "unknown-algorithm-answered basic-unasked",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", algorithm=X" },
	{ .faults = "unknown-algorithm-stops unknown-scheme-stops first-challenge-only "
		    "one-challenge-per-field weakest-taken nonce-of-other-challenge "
		    "opaque-of-other-challenge basic-when-digest-offered",
	  .challenge = "X, Digest realm=\"x\", nonce=\"z\", algorithm=Y, Digest realm=\"x\", "
		       "nonce=\"a\", opaque=\"a\", Digest realm=\"x\", nonce=\"b\", opaque=\"b\", "
		       "algorithm=SHA-256, Basic realm=\"x\"" },
	{ .faults = "scheme-case", .challenge = "DIGEST realm=\"x\", nonce=\"a\"" },
	{ .faults = "substring-scheme", .challenge = "Basic realm=\"digest\"" },
	{ .faults = "stale-ignored stale-case cached-nonce-for-ever nc-global realm-cached-ha1 "
		    "quotes-kept",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .second = "Digest realm=\"y\", nonce=\"b\", qop=\"auth\", stale=\"TRUE\"" },
	{ .faults = "loops-on-401 tries-twice basic-after-digest-failed ends-well-always "
		    "polls-after-refusal",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .second = "Digest realm=\"x\", nonce=\"b\", qop=\"auth\"",
	  .refused = true,
	  .times = 2 },
	{ .faults = "nextnonce-ignored nextnonce-count-kept",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .info = "nextnonce=\"n\"",
	  .times = 2 },
	{ .faults = "rspauth-ignored",
	  .challenge = "Digest realm=\"x\", nonce=\"a\", qop=\"auth\"",
	  .info = "rspauth=\"0\"" },
	{ .faults = "basic-latin1 basic-cut-at-colon",
	  .challenge = "Basic realm=\"x\"",
	  .user = "M\xc3\xbc"
		  "fasa" },
	{ .faults = "basic-wrapped",
	  .challenge = "Basic realm=\"x\"",
	  .user = "a-name-that-is-longer-than-fifty-seven-characters-in-base-64" },
	{ .faults = "basic-url-safe", .challenge = "Basic realm=\"x\"", .user = "~~~~>>>>" },
};

static struct str play(const struct situation *w, const char *fault)
{
	struct script s = { 0 };
	struct actor_options o = options(fault);

	o.told.times = w->times ? w->times : 1;
	o.told.method = str(w->method);
	o.told.body = str(w->body);
	o.told.password = STR("Circle: of Life");
	if (w->user)
		o.told.user = str(w->user);
	if (w->target)
		o.told.target = str(w->target);
	challenge(&s, w->challenge);
	if (w->second)
		challenge(&s, w->second);
	if (w->info)
		grant_with(&s, "Authentication-Info", w->info);
	else if (!w->refused)
		grant(&s);
	return seen(&s, run(&s, &o));
}

static void each_fault_changes_octets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(situations); i++) {
		struct str rest = str(situations[i].faults);
		struct str clean = play(&situations[i], NULL);

		check_view(play(&situations[i], NULL), clean, "it is the same twice");
		for (struct str f = str_word(&rest); f.n; f = str_word(&rest)) {
			struct str name = arena_str(&arena, f);
			struct str faulty = play(&situations[i], name.p);

			if (str_eq(faulty, clean))
				print_error("%s changes nothing\n", name.p);
			assert_false(str_eq(faulty, clean));
		}
	}
}

static struct str play_onvif(const char *fault)
{
	struct script s = { 0 };
	struct actor_options o = options(fault);

	o.soap = true;
	o.told.times = 2;
	o.told.user = STR("a&b");
	o.told.password = STR("Circle\xc2\xa3");
	onvif_script(&s);
	return seen(&s, run(&s, &o));
}

/* Those of a token alone: a device that takes tokens, twice. */
static void each_token_fault_changes_octets(void **state)
{
	struct str clean = play_onvif(NULL);

	(void)state;
	for (const struct client_fault *f = client_faults; f->name; f++) {
		if (!f->soap || !(str_starts(str(f->name), STR("token-")) ||
				  str_starts(str(f->name), STR("security-"))))
			continue;
		if (str_has_word(STR("token-and-digest token-only token-after-digest-failed"),
				 str(f->name)))
			continue;
		if (str_eq(play_onvif(f->name), clean))
			print_error("%s changes nothing\n", f->name);
		assert_false(str_eq(play_onvif(f->name), clean));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(answers_a_challenge),
		CHECK(takes_the_strongest),
		CHECK(basic_only_where_nothing_is_better),
		CHECK(stops_at_a_second_401),
		CHECK(answers_stale_nonces_but_not_for_ever),
		CHECK(heeds_authentication_info),
		CHECK(keeps_credentials_from_strangers),
		CHECK(sends_the_body_again),
		CHECK(gives_hostile_challenges_up),
		CHECK(sends_tokens_of_the_devices_clock),
		CHECK(asks_for_the_time_again),
		CHECK(names_are_their_own),
		CHECK(each_fault_changes_octets),
		CHECK(each_token_fault_changes_octets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

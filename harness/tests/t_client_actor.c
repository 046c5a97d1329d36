#include "actor_script.h"

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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

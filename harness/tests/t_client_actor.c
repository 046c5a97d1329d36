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

/* A device that answers by heads, with the statuses of a list; connections are noted. */
static enum head_answer heads[8];
static int head_status[8];
static uint64_t head_connection[8];
static size_t n_head;

static enum head_answer hear_head(void *ctx, struct arena *a, uint64_t connection, int origin,
				  const struct http_request *in, struct http_response *out)
{
	(void)ctx, (void)origin;
	assert_true(n_head < COUNT(heads));
	assert_int_equal(in->body.n, 0);
	assert_non_null(http_get(&in->fields, "Content-Length").p);
	head_connection[n_head] = connection;
	*out = (struct http_response){ .status = head_status[n_head] };
	if (out->status == 401)
		http_add(a, &out->fields, STR("WWW-Authenticate"), STR(MD5_CHALLENGE));
	return heads[n_head++];
}

static struct actor_options announcing(const char *fault, enum head_answer first, int status)
{
	struct actor_options o = options(fault);
	char *body = arena_alloc(&arena, (1u << 20) + 1);

	assert_non_null(body);
	memset(body, 'x', (1u << 20) + 1);
	o.told.body = str_n(body, (1u << 20) + 1);
	o.head = hear_head;
	n_head = 0;
	heads[0] = first;
	head_status[0] = status;
	heads[1] = HEAD_CONTINUE;
	return o;
}

static void announces_a_large_body(void **state)
{
	struct script s = { 0 };
	struct actor_options o = announcing(NULL, HEAD_FINAL, 401);

	(void)state;
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	/* Challenged before it was sent, it goes out once, with credentials. */
	assert_int_equal(n_head, 2);
	assert_int_equal(s.n_sent, 1);
	assert_int_equal(s.sent[0].body.n, (1u << 20) + 1);
	check_response(&s, 0, HASH_MD5);
	/* Nobody can speak any more on the connection that it left. */
	assert_false(head_connection[0] == head_connection[1]);
	/* One octet less is not worth a word. */
	o = announcing(NULL, HEAD_FINAL, 401);
	o.told.body.n--;
	s = (struct script){ .n = 0 };
	challenge(&s, MD5_CHALLENGE);
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(n_head, 0);
}

static void does_without_an_expectation_that_is_refused(void **state)
{
	struct script s = { 0 };
	struct actor_options o = announcing(NULL, HEAD_FINAL, 417);

	(void)state;
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(n_head, 1);
	assert_int_equal(s.n_sent, 1);
	assert_null(http_get(&s.sent[0].fields, "Expect").p);
	o = announcing("expect-417-gives-up", HEAD_FINAL, 417);
	assert_int_equal(run(&s, &o), 1);
	assert_int_equal(s.n_sent, 1);
}

static void sends_what_nobody_asks_for(void **state)
{
	struct script s = { 0 };
	struct actor_options o = announcing(NULL, HEAD_WAIT, 0);

	(void)state;
	grant(&s);
	assert_int_equal(run(&s, &o), 0);
	assert_int_equal(s.n_sent, 1);
	check_str(http_get(&s.sent[0].fields, "Expect"), "100-continue");
	o = announcing("expect-waits-for-ever", HEAD_WAIT, 0);
	assert_int_equal(run(&s, &o), 1);
	assert_int_equal(s.n_sent, 1);
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
		CHECK(announces_a_large_body),
		CHECK(does_without_an_expectation_that_is_refused),
		CHECK(sends_what_nobody_asks_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The network mode: what is served, what is made anew, and the second opinion on what was sent. */
#include "check.h"

#include "auth/verify.h"
#include "cli/vectors_net.h"
#include "soap/soap.h"
#include "wire/wire.h"

#define WAIT_MS 20000 /* for an answer on loopback: whoever waits so long hangs */

static struct vector_set set;
static struct world world;

static int load(void **state)
{
	check_setup(state);
	world = world_real();
	if (vectors_load(&set, NULL, 0, &err))
		fail_msg("%s", err.text);
	return 0;
}

static int unload(void **state)
{
	vectors_free(&set);
	return check_teardown(state);
}

static const struct vector *find(const char *id)
{
	for (size_t i = 0; i < set.n; i++)
		if (str_eq(set.v[i].id, str(id)))
			return &set.v[i];
	fail_msg("no vector %s", id);
	return NULL;
}

static struct answer own_answer(const struct vector *v)
{
	struct answer got = { .kind = ANSWER_GIVEN };

	if (v->op->own(&arena, v, &got, &err))
		fail_msg("%.*s: %s", STR_ARG(v->id), err.text);
	return got;
}

/* Two codes that share nothing but hashing agree on each answer.  These two are of values that a
 * library picks itself over the network: an nc of zero, a Created that is no dateTime.
 */
static void the_verifier_agrees_with_each_right_answer(void **state)
{
	static const char *const odd[] = { "digest.known.drbrain-nc0",
					   "usernametoken.known.amadeus-4" };
	size_t judged = 0, n_odd = 0;

	(void)state;
	for (size_t i = 0; i < set.n; i++) {
		const struct vector *v = &set.v[i];
		struct answer got = { .kind = ANSWER_REFUSED };
		struct str what = { NULL, 0 };

		if (net_is_client(v->op))
			got = own_answer(v);
		if (got.kind != ANSWER_GIVEN)
			continue;
		got.own = OWN_CNONCE | OWN_NC | OWN_NONCE | OWN_CREATED;
		if (net_verify(&arena, v, &got, &what, &err))
			fail_msg("%.*s: %s", STR_ARG(v->id), err.text);
		if (what.p && (n_odd == COUNT(odd) || !str_eq(v->id, str(odd[n_odd++]))))
			fail_msg("%.*s: %.*s", STR_ARG(v->id), STR_ARG(what));
		judged++;
		arena_free(&arena);
		arena_init(&arena, 16u << 20);
	}
	assert_true(judged > 750);
	assert_int_equal(n_odd, COUNT(odd));
}

static void check_opinion(const char *id, struct answer got, enum vector_verdict verdict,
			  const char *gist)
{
	struct vector_result out;

	if (net_judge(&arena, &arena, find(id), &got, &out, &err))
		fail_msg("%s", err.text);
	assert_int_equal(out.verdict, verdict);
	if (gist && str_find(out.message, str(gist)) == (size_t)-1)
		fail_msg("\"%.*s\" does not say \"%s\"", STR_ARG(out.message), gist);
}

/* With a cnonce of its own a mistake cannot be compared, but what is right can be told. */
static void a_mistake_is_told_from_what_is_right(void **state)
{
	struct answer right = own_answer(find("digest.mistake.sess-ignored"));
	struct answer wrong = right;

	(void)state;
	right.own = wrong.own = OWN_CNONCE | OWN_NC;
	check_opinion("digest.mistake.sess-ignored", right, VECTOR_PASS, NULL);
	wrong.authorization = arena_concat(&arena, wrong.authorization, STR(", realm=\"x\""));
	check_opinion("digest.mistake.sess-ignored", wrong, VECTOR_UNSUPPORTED,
		      "maybe not in this way");
	check_opinion("digest.sarix", wrong, VECTOR_FAIL, "sent twice");
}

/* --- what is served --- */

static int send_to(struct str url, const char *method, struct str authorization, struct str body)
{
	const struct wire_options o = { .url = url, .timeout_ms = WAIT_MS, .connections = 1 };
	struct exchange x = { .a = &arena, .fresh_connection = true }, *done = NULL;
	struct wire *w = wire_http_new(&o, &world, &err);
	struct url_parts parts;

	assert_non_null(w);
	assert_int_equal(url_parse(url, &parts, &err), 0);
	x.request.method = str(method);
	x.request.target = parts.target;
	x.request.body = body;
	if (authorization.p)
		http_add(&arena, &x.request.fields, STR("Authorization"), authorization);
	assert_int_equal(w->ops->submit(w, &x, &err), 0);
	while (!done)
		assert_int_equal(w->ops->next(w, WAIT_MS, &done, &err), 0);
	assert_int_equal(x.fate, WIRE_ANSWERED);
	w->ops->free(w);
	return x.response.status;
}

static struct answer ask(const char *id, const char *method, struct str first, struct str second,
			 struct str body)
{
	const struct vector *v = find(id);
	struct answer got = { .kind = ANSWER_GIVEN };
	struct str url;
	struct net_server *s = net_serve(&arena, v, &url, &err);

	if (!s)
		fail_msg("%s", err.text);
	send_to(url, method, first, body);
	if (second.p)
		send_to(url, method, second, body);
	net_take(s, &arena, &got);
	return got;
}

static const struct str none = { NULL, 0 };

static void what_answers_the_challenge_is_judged(void **state)
{
	struct str right = own_answer(find("digest.sarix")).authorization;
	struct answer got = ask("digest.sarix", "POST", none, right, STR(""));

	(void)state;
	check_view(got.authorization, right, "as it was sent");
	assert_int_equal(got.own, OWN_CNONCE | OWN_NC);
	check_opinion("digest.sarix", got, VECTOR_PASS, NULL);
}

static void what_comes_before_the_challenge_is_no_answer(void **state)
{
	struct str right = own_answer(find("digest.sarix")).authorization;
	struct answer got = ask("digest.sarix", "POST", right, none, STR(""));

	(void)state;
	assert_int_equal(got.kind, ANSWER_REFUSED);
	check_str(got.why, "asked, and sent no credentials");
}

static void another_request_is_no_answer(void **state)
{
	struct str right = own_answer(find("digest.sarix")).authorization;
	struct answer got = ask("digest.sarix", "GET", none, right, STR(""));

	(void)state;
	assert_int_equal(got.kind, ANSWER_UNSUPPORTED);
	check_str(got.why, "asks for GET /onvif/device_service");
}

static void basic_may_come_unasked(void **state)
{
	struct answer got =
		ask("basic.known.rfc7617-aladdin", "GET", STR("Basic eDp5"), none, STR(""));

	(void)state;
	check_str(got.authorization, "Basic eDp5");
	check_opinion("basic.known.rfc7617-aladdin", got, VECTOR_FAIL, "authorization is");
}

#define TOKEN                                                                                      \
	"<e:Envelope xmlns:e=\"" SOAP_NS_12 "\"><e:Header><w:Security xmlns:w=\"" UT_NS_WSSE       \
	"\"><w:UsernameToken><w:Username>%s</w:Username><w:Password Type=\"" UT_TYPE_TEXT          \
	"\">p</w:Password></w:UsernameToken></w:Security></e:Header><e:Body/></e:Envelope>"

static void a_token_is_read_from_the_envelope(void **state)
{
	struct str envelope = arena_fmt(&arena, TOKEN, "u &amp; v");
	struct answer got = ask("usernametoken.known.zeep", "POST", none, none, envelope);

	(void)state;
	check_str(got.username, "u & v");
	check_str(got.password, "p");
	check_str(got.type, UT_TYPE_TEXT);
	assert_null(got.nonce.p);
	got = ask("usernametoken.known.zeep", "POST", none, none, STR("<no/>"));
	assert_int_equal(got.kind, ANSWER_REFUSED);
}

static void a_client_that_asks_for_nothing(void **state)
{
	const struct vector *v = find("digest.sarix");
	struct answer got = { .kind = ANSWER_GIVEN };
	struct str url;

	(void)state;
	net_take(net_serve(&arena, v, &url, &err), &arena, &got);
	assert_int_equal(got.kind, ANSWER_REFUSED);
	check_str(got.why, "asked for nothing");
	assert_true(str_ends(url, STR("/onvif/device_service")));
}

/* --- what is made anew --- */

static struct str renewed(const char *id, const char *opaque)
{
	const struct digest_challenge to = { .realm = STR("Sarix"),
					     .nonce = STR("n\"1"),
					     .opaque = str(opaque),
					     .has_opaque = opaque != NULL };
	struct str out;

	if (net_renew(&arena, find(id), &to, &out, &err))
		fail_msg("%s", err.text);
	return out;
}

static void says(const char *id, const char *gist)
{
	struct str out = renewed(id, NULL);

	if (str_find(out, str(gist)) == (size_t)-1 || str_find(out, STR("n\\\"1")) == (size_t)-1)
		fail_msg("%s: %.*s", id, STR_ARG(out));
}

/* The same field but for its nonce and response; sums by hashlib. */
static void credentials_are_made_anew(void **state)
{
	(void)state;
	check_str(renewed("digest-verify.good.spelling.names-upper", NULL),
		  "Digest USERNAME=\"admin\", REALM=\"Sarix\", NONCE=\"n\\\"1\", URI=\"/onvif/"
		  "device_service\", RESPONSE=\"b24cdbbf1d8810a6ca16262efe7ab37a\", "
		  "CNONCE=\"4215345dc8eb9396\", QOP=auth, NC=00000001, ALGORITHM=MD5");
	check_str(renewed("digest-verify.bad.response.upper", "o\\"),
		  "Digest username=\"admin\", realm=\"Sarix\", nonce=\"n\\\"1\", uri=\"/onvif/"
		  "device_service\", response=\"B24CDBBF1D8810A6CA16262EFE7AB37A\", algorithm=MD5, "
		  "qop=auth, nc=00000001, cnonce=\"4215345dc8eb9396\", opaque=\"o\\\\\"");
	says("digest-verify.bad.response.short", "response=\"b24cdbbf1d8810a6ca16262efe7ab37\"");
	says("digest-verify.bad.response.hex-prefix",
	     "response=\"0xb24cdbbf1d8810a6ca16262efe7ab37a\"");
	says("digest-verify.bad.response.zeros", "response=\"00000000000000000000000000000000\"");
	says("digest-verify.bad.missing.response", "uri=\"/onvif/device_service\", algorithm=MD5");
	assert_null(renewed("digest-verify.bad.hash.password", NULL).p);
}

#define NET(test) cmocka_unit_test_setup_teardown(test, load, unload)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NET(the_verifier_agrees_with_each_right_answer),
		NET(a_mistake_is_told_from_what_is_right),
		NET(what_answers_the_challenge_is_judged),
		NET(what_comes_before_the_challenge_is_no_answer),
		NET(another_request_is_no_answer),
		NET(basic_may_come_unasked),
		NET(a_token_is_read_from_the_envelope),
		NET(a_client_that_asks_for_nothing),
		NET(credentials_are_made_anew),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

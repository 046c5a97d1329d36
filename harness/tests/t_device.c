/* The reference device without faults: what it takes, what it refuses, and in which words. */
#include "tests/device_expect.h"

#include "device/internal.h"

static void expect_not_authorized(const char *script, int status)
{
	expect(script, status);
	assert_true(client.is_soap);
	assert_true(soap_is_not_authorized(&client.soap));
}

static size_t challenges(void)
{
	return http_count(&client.response.fields, "WWW-Authenticate");
}

/* --- what is right --- */

static void test_right_credentials(void **state)
{
	static const struct {
		const char *persona, *script;
	} rows[] = {
		{ "onvif", "digest" },
		{ "onvif", "digest sha256" },
		{ "onvif", "digest | digest | digest query | digest path=/onvif/media_service" },
		{ "onvif", "digest conn=1 | digest conn=2" },
		{ "onvif", "token | token | token as=operator" },
		{ "onvif", "digest token" },
		{ "onvif", "digest op=GetUsers" },
		{ "onvif", "digest as=viewer" },
		{ "onvif", "digest as=viewer op=GetProfiles path=/onvif/media_service" },
		{ "onvif", "digest get path=/snapshot.jpg" },
		{ "onvif", "digest head path=/snapshot.jpg" },
		{ "onvif", "digest | digest d:nc=skip | digest d:nonce=same d:nc=lower" },
		{ "sarix", "digest | digest int | digest" },
		{ "sarix", "token | token t:type=text" },
		{ "sarix-ldap", "basic | token | token t:type=text" },
		{ "sarix-ldap", "basic get path=/snapshot.jpg" },
		{ "pc-cctv", "token | digest" },
		{ "pc-cctv", "token t:created=-110s | token t:created=+110s" },
		{ "token-only", "token | token op=GetUsers" },
		{ "http", "basic | digest | digest sha256 | digest int fresh" },
		{ "http", "digest head | digest path=/elsewhere" },
		{ "http", "digest sess | digest sess | basic b:scheme=two-spaces" },
		{ "http-strict",
		  "digest | digest next | digest d:user=star | digest d:user=hashed" },
		{ "http-strict", "digest sess sha256 | digest sess sha256" },
		{ "http-tls", "basic | basic head" },
		{ "http-2069", "basic | digest | digest" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		open_persona(rows[i].persona);
		expect(rows[i].script, 200);
		client_close(&client);
	}
	open_persona("onvif");
}

/* The exchange that Pelco published, with the commas that RFC 2617 wants between parameters. */
static void test_published_sarix_exchange(void **state)
{
	struct http_request r = { .method = STR("POST"), .target = STR("/onvif/device_service") };
	struct client_step s = { .connection = 1 };
	struct nonce *n;

	(void)state;
	open_persona("sarix");
	n = &client.device->nonce[client.device->n_nonce++];
	memcpy(n->text, "40348f31eb8ea656bdf1d4704b054064", NONCE_HEX);
	n->issued_ms = client.time.mono_ms;
	r.body = soap_envelope(&client.arena, soap_operation_find(STR("GetUsers")), STR(""),
			       STR(""));
	http_add(&client.arena, &r.fields, STR("Authorization"),
		 STR("Digest username=\"admin\", realm=\"Sarix\", "
		     "nonce=\"40348f31eb8ea656bdf1d4704b054064\", uri=\"/onvif/device_service\", "
		     "response=\"4c7fed898c7e565896c9a4b0b5802c85\", qop=auth, nc=00000001, "
		     "cnonce=\"4215345dc8eb9396\""));
	client_send(&client, &s, &r);
	assert_int_equal(client.response.status, 200);
	/* "It also rejects the request if [...] the nonce count has already been used." */
	client_send(&client, &s, &r);
	assert_int_equal(client.response.status, 401);
	assert_true(str_find(http_get(&client.response.fields, "WWW-Authenticate"),
			     STR("stale=TRUE")) != (size_t)-1);
}

/* Deviations whose class depends on what is offered (MD5 beside SHA-256, auth-int or not), and a
 * time without a zone, which no clause forbids and this device refuses.
 */
static bool depends(const struct deviate *v)
{
	static const struct {
		const char *name, *value;
	} rows[] = { { "qop", "auth-int" },
		     { "algorithm", "sha256" },
		     { "algorithm", "sess" },
		     { "omit", "algorithm" },
		     { "created", "no-zone" } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (strcmp(v->d->name, rows[i].name) == 0 && str_eq(v->value, str(rows[i].value)))
			return true;
	}
	return false;
}

/* Each deviation of the case language: what is legal passes, what is wrong does not. */
static int sweep(enum mechanism mech, const char *persona, const char *control)
{
	struct client c;
	int bad = 0;

	for (const struct deviation *d = deviations; d->name; d++) {
		struct str rest = str(d->values), value;

		while (d->mech == mech && (value = str_word(&rest)).n) {
			enum deviation_class class = d->class(value);
			struct deviate one = { d, value };
			struct err err = { 0 };

			if (class == DEVIATION_STATE || depends(&one) ||
			    deviation_check(d, value, &err))
				continue;
			client_open(&c, persona, NULL, false);
			client_run(&c, control);
			c.memory.has_digest &= mech == MECH_DIGEST;
			if (client_try(&c, mech, &one) == 0 &&
			    client_accepted(&c) != (class == DEVIATION_LEGAL)) {
				print_error("%s: %s=%.*s gives %d\n", persona, d->name,
					    STR_ARG(value), c.response.status);
				bad++;
			}
			client_close(&c);
		}
	}
	return bad;
}

static void test_each_deviation(void **state)
{
	(void)state;
	assert_int_equal(sweep(MECH_BASIC, "http", "basic"), 0);
	assert_int_equal(sweep(MECH_DIGEST, "onvif", "digest"), 0);
	assert_int_equal(sweep(MECH_DIGEST, "http", "digest"), 0);
	assert_int_equal(sweep(MECH_TOKEN, "sarix", "token"), 0);
	open_persona("onvif");
}

/* --- refusals --- */

static void test_without_credentials(void **state)
{
	struct str field[3];

	(void)state;
	open_persona("onvif");
	expect_not_authorized("anon", 401);
	assert_int_equal(http_all(&client.response.fields, "WWW-Authenticate", field, 3), 2);
	assert_true(str_find(field[0], STR("algorithm=MD5")) != (size_t)-1);
	assert_true(str_find(field[1], STR("algorithm=SHA-256")) != (size_t)-1);
	assert_false(client_stale(&client));
	/* A client that waits for a challenge may send no body at first. */
	expect("anon body=", 401);
	expect("anon get path=/snapshot.jpg", 401);
	assert_true(http_get(&client.response.fields, "Date").n == 29);
	client_close(&client);

	open_persona("token-only");
	expect_not_authorized("anon", 400);
	assert_int_equal(challenges(), 0);
	client_close(&client);

	open_persona("http");
	expect("anon", 401);
	assert_int_equal(challenges(), 5);
	expect("anon head", 401);
	assert_int_equal(client.response.body.n, 0);
}

static void test_each_challenge_is_new(void **state)
{
	struct str first, second;

	(void)state;
	open_persona("onvif");
	expect("anon", 401);
	first = http_get(&client.response.fields, "WWW-Authenticate");
	expect("anon", 401);
	second = http_get(&client.response.fields, "WWW-Authenticate");
	assert_true(first.n && !str_eq(first, second));
}

static void test_stale(void **state)
{
	static const struct {
		const char *script;
		bool stale;
	} rows[] = {
		{ "digest | wait=6m digest", true },
		{ "digest | wait=6m digest d:password=wrong", false },
		{ "digest d:nonce=foreign", true },
		{ "digest d:nonce=foreign d:password=wrong", false },
		{ "digest | digest d:nonce=same d:nc=same", true },
		{ "digest d:password=wrong", false },
		{ "digest d:realm=wrong", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		open_persona("onvif");
		expect(rows[i].script, 401);
		if (client_stale(&client) != rows[i].stale)
			fail_msg("\"%s\": stale is not %d", rows[i].script, rows[i].stale);
		assert_int_equal(challenges(), 2);
		client_close(&client);
	}
	open_persona("onvif");
	expect("digest | wait=4m digest", 200);
}

static void test_uri_of_another_resource(void **state)
{
	(void)state;
	open_persona("onvif");
	expect("digest d:uri=other", 400); /* RFC 7616 3.4.6 */
	expect("digest fresh d:uri=other d:password=wrong", 401);
}

static void test_tokens_are_refused(void **state)
{
	static const char *const scripts[] = {
		"token t:password=wrong", "token t:user=unknown", "token | token t:nonce=same",
		"token t:created=-10m",   "token t:created=+10m", "token t:type=text",
		"token t:omit=nonce",     "token t:omit=created", "digest token t:password=wrong",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(scripts); i++) {
		open_persona("onvif");
		expect_not_authorized(scripts[i], 400);
		assert_int_equal(challenges(), 0);
		client_close(&client);
	}
	/* The HTTP layer comes first: ONVIF Core 5.9.1. */
	open_persona("onvif");
	expect_not_authorized("digest token d:password=wrong", 401);
	client_close(&client);
	/* Nonces of refused tokens are not used up. */
	open_persona("onvif");
	expect("token t:password=wrong | token t:nonce=same", 200);
}

static void test_same_words_for_unknown_users(void **state)
{
	struct str wrong;

	(void)state;
	open_persona("token-only");
	expect("token t:password=wrong", 400);
	wrong = client.response.body;
	expect("token t:user=unknown", 400);
	assert_true(str_eq(client.response.body, wrong));
}

static void test_levels(void **state)
{
	(void)state;
	open_persona("onvif");
	expect("digest op=SetHostname", 200);
	expect_not_authorized("digest as=viewer op=GetUsers", 403);
	expect_not_authorized("digest as=operator op=SetSystemFactoryDefault", 403);
	expect_not_authorized("token as=viewer op=CreateUsers", 403);
	assert_int_equal(challenges(), 0);
	/* Two names: the lesser counts, whichever layer it is of. */
	expect("digest token as=viewer op=GetUsers", 403);
}

static void test_open_operations(void **state)
{
	(void)state;
	open_persona("onvif");
	for (const struct soap_operation *op = soap_operations; op->name; op++) {
		char script[128];

		snprintf(script, sizeof(script), "anon op=%s", op->name);
		expect(script, op->access == ACCESS_PRE_AUTH ? 200 : 401);
	}
	expect("digest d:password=wrong op=GetHostname", 200);
}

static void test_bad_requests(void **state)
{
	(void)state;
	open_persona("onvif");
	expect("anon body=<not-closed>", 400);
	assert_true(client.soap.is_fault);
	assert_true(str_eq(client.soap.subcode[0], STR("WellFormed")));
	expect("anon body=<!DOCTYPE<a>", 400);
	expect("anon body=<e:Envelope/>", 400);
	expect("digest body=", 400);
	assert_false(client.is_soap);
	expect("anon get", 405);
	assert_true(str_find(http_get(&client.response.fields, "Allow"), STR("POST")) == 0);
	expect("anon get path=/nothing", 404);
	expect("digest path=/snapshot.jpg", 405);
}

static struct str envelope(const char *ns, const char *header, const char *body)
{
	return arena_fmt(&client.arena,
			 "<e:Envelope xmlns:e=\"%s\"><e:Header>%s</e:Header><e:Body>%s</e:Body>"
			 "</e:Envelope>",
			 ns, header, body);
}

static void send_body(struct str body, int status)
{
	struct http_request r = { .method = STR("POST"),
				  .body = body,
				  .target = STR("http://camera/onvif/device_service?x") };
	struct client_step s = { .connection = 1 };

	client_send(&client, &s, &r);
	assert_int_equal(client.response.status, status);
}

static void test_envelopes(void **state)
{
	(void)state;
	open_persona("onvif");
	send_body(envelope(SOAP_NS_11, "", "<GetHostname xmlns=\"" SOAP_NS_TDS "\"/>"), 500);
	assert_true(str_eq(client.soap.fault_code, STR("VersionMismatch")));
	send_body(envelope(SOAP_NS_12, "", ""), 400);
	send_body(envelope(SOAP_NS_12, "", "<GetHostname xmlns=\"urn:another\"/>"), 401);
	send_body(envelope(SOAP_NS_12, "<x e:mustUnderstand=\"1\" xmlns=\"urn:x\"/>",
			   "<GetHostname xmlns=\"" SOAP_NS_TDS "\"/>"),
		  500);
	assert_true(str_eq(client.soap.fault_code, STR("MustUnderstand")));
	send_body(envelope(SOAP_NS_12, "", "<GetHostname xmlns=\"" SOAP_NS_TDS "\"/>"), 200);
	assert_true(str_eq(client.soap.body_name, STR("GetHostnameResponse")));
}

/* --- Authentication-Info --- */

static void test_authentication_info(void **state)
{
	struct str info;

	(void)state;
	open_persona("http");
	expect("digest int", 200);
	info = http_get(&client.response.fields, "Authentication-Info");
	assert_true(str_find(info, STR("rspauth=\"")) == 0);
	assert_true(str_find(info, STR("nc=00000001, qop=auth-int")) != (size_t)-1);
	assert_true(str_find(info, client.memory.cnonce) != (size_t)-1);
	expect("basic", 200);
	assert_null(http_get(&client.response.fields, "Authentication-Info").p);
}

#define TEST(name) cmocka_unit_test_teardown(name, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_right_credentials),
		TEST(test_published_sarix_exchange),
		TEST(test_each_deviation),
		TEST(test_without_credentials),
		TEST(test_each_challenge_is_new),
		TEST(test_stale),
		TEST(test_uri_of_another_resource),
		TEST(test_tokens_are_refused),
		TEST(test_same_words_for_unknown_users),
		TEST(test_levels),
		TEST(test_open_operations),
		TEST(test_bad_requests),
		TEST(test_envelopes),
		TEST(test_authentication_info),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

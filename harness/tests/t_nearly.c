/* Each known mistake is made, and must be named; another password has no name. */
#include "tests/check.h"

#include "auth/base64.h"
#include "auth/nearly.h"

/* --- Digest --- */

static struct nearly_digest said(void)
{
	return (struct nearly_digest){
		.in = { .alg = HASH_SHA256,
			.qop = DIGEST_QOP_AUTH,
			.user = STR("Operator"),
			.realm = STR("a \"b\" c"),
			.password = STR("p\xc3\xa4 ss%<word> of more than 32 octets"),
			.method = STR("POST"),
			.uri = STR("/onvif/a%20b?x=1"),
			.body = STR("<a/>"),
			.nonce = STR("n0nce"),
			.nc = STR("0000001a"),
			.cnonce = STR("c0") },
		.target = STR("/other/target"),
		.host = STR("192.0.2.1"),
		.user = STR("admin"),
		.realm = STR("another"),
		.nonce = STR("older"),
		.raw_user = STR("\"Operator\""),
		.raw_realm = STR("\"a \\\"b\\\" c\""),
	};
}

/* What a client hashed, or said, that has this mistake; s->in is copied to h before. */
typedef void mistake(struct nearly_digest *s, struct digest_inputs *h);

static void m_query(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->uri = STR("/onvif/a%20b");
}

static void m_target(struct nearly_digest *s, struct digest_inputs *h)
{
	h->uri = s->target;
}

static void m_url(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->uri = STR("http://192.0.2.1/onvif/a%20b?x=1");
}

static void m_decoded(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->uri = STR("/onvif/a b?x=1");
}

static void m_method(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->method = STR("GET");
}

static void m_no_body(struct nearly_digest *s, struct digest_inputs *h)
{
	s->in.qop = DIGEST_QOP_AUTH_INT;
	h->qop_text = STR("auth-int");
}

static void m_empty_body(struct nearly_digest *s, struct digest_inputs *h)
{
	s->in.qop = h->qop = DIGEST_QOP_AUTH_INT;
	h->body = STR("");
}

static void m_body_tail(struct nearly_digest *s, struct digest_inputs *h)
{
	s->in.qop = h->qop = DIGEST_QOP_AUTH_INT;
	h->body = STR("<a/>\r\n");
}

static void m_body_hashed(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->qop = DIGEST_QOP_AUTH_INT;
	h->qop_text = STR("auth");
}

static void m_escaped(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->realm = STR("a \\\"b\\\" c");
}

static void m_quotes(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->nonce = STR("\"n0nce\"");
	h->cnonce = STR("\"c0\"");
}

static void m_realm(struct nearly_digest *s, struct digest_inputs *h)
{
	h->realm = s->realm;
}

static void m_nonce(struct nearly_digest *s, struct digest_inputs *h)
{
	h->nonce = s->nonce;
}

static void m_case(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->user = STR("operator");
}

static void m_no_user(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->user = STR("");
}

static void m_user(struct nearly_digest *s, struct digest_inputs *h)
{
	h->user = s->user;
}

static void m_sess_missing(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)h;
	s->in.session = true;
}

static void m_sess_unsaid(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->session = true;
}

static void m_md5(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->alg = HASH_MD5;
}

static void m_no_qop(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->qop = DIGEST_QOP_NONE;
}

static void m_qop_unsaid(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)h;
	s->in.qop = DIGEST_QOP_NONE;
}

static void m_qop_list(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->qop_text = STR("auth,auth-int");
}

static void m_nc_short(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->nc = STR("1a");
}

static void m_nc_upper(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->nc = STR("0000001A");
}

static void m_nc_next(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->nc = STR("0000001b");
}

static void m_cnonce(struct nearly_digest *s, struct digest_inputs *h)
{
	(void)s;
	h->cnonce = STR("");
}

static const struct {
	const char *name;
	mistake *make;
} digests[] = {
	{ "uri-without-query", m_query },
	{ "uri-other", m_target },
	{ "uri-other", m_url },
	{ "uri-decoded", m_decoded },
	{ "method-other", m_method },
	{ "body-not-hashed", m_no_body },
	{ "body-not-hashed", m_empty_body },
	{ "body-other", m_body_tail },
	{ "body-hashed", m_body_hashed },
	{ "realm-escaped", m_escaped },
	{ "quotes-hashed", m_quotes },
	{ "realm-other", m_realm },
	{ "nonce-other", m_nonce },
	{ "user-case", m_case },
	{ "user-empty", m_no_user },
	{ "user-other", m_user },
	{ "session-key-missing", m_sess_missing },
	{ "session-key-unsaid", m_sess_unsaid },
	{ "algorithm-other", m_md5 },
	{ "qop-left-out", m_no_qop },
	{ "qop-unsaid", m_qop_unsaid },
	{ "qop-list", m_qop_list },
	{ "nc-padding", m_nc_short },
	{ "nc-padding", m_nc_upper },
	{ "nc-other", m_nc_next },
	{ "cnonce-missing", m_cnonce },
};

static void check_digest(const struct nearly_digest *s, const char *name)
{
	struct nearly near;
	bool right;

	assert_int_equal(nearly_digest_right(s, &right, &err), 0);
	assert_false(right);
	assert_int_equal(nearly_digest(&arena, s, &near, &err), 0);
	if (!near.why)
		print_error("%s: nothing was named\n", name);
	assert_non_null(near.why);
	assert_string_equal(near.why->name, name);
}

static void each_digest_mistake_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(digests); i++) {
		struct nearly_digest s = said();
		struct digest_inputs h = s.in;
		char hex[HASH_HEX_MAX];

		digests[i].make(&s, &h);
		assert_int_equal(digest_response(&h, hex, &err), 0);
		s.response = str(hex);
		check_digest(&s, digests[i].name);
	}
}

/* Those that are no other input of the same arithmetic. */
static const char *const odd_digests[] = { "response-upper-case", "response-cut",
					   "session-key-octets", "password-is-a1" };

static void odd_digest_mistakes_are_named(void **state)
{
	struct nearly_digest s = said();
	char hex[HASH_HEX_MAX], a1[HASH_HEX_MAX], a2[HASH_HEX_MAX];
	uint8_t octets[HASH_MAX];
	const struct str colon = STR(":");

	(void)state;
	assert_int_equal(digest_response(&s.in, hex, &err), 0);
	s.response = nearly_case(&arena, str(hex), true);
	check_digest(&s, odd_digests[0]);
	s.response = str_sub(str(hex), 0, 32);
	check_digest(&s, odd_digests[1]);

	s.in.session = true;
	assert_int_equal(hash_parts(s.in.alg,
				    HASH_PARTS(s.in.user, colon, s.in.realm, colon, s.in.password),
				    octets, &err),
			 0);
	assert_int_equal(hash_joined_hex(s.in.alg,
					 HASH_PARTS(str_n(octets, 32), s.in.nonce, s.in.cnonce), a1,
					 &err),
			 0);
	assert_int_equal(digest_ha2(&s.in, a2, &err), 0);
	assert_int_equal(hash_joined_hex(s.in.alg,
					 HASH_PARTS(str(a1), s.in.nonce, s.in.nc, s.in.cnonce,
						    STR("auth"), str(a2)),
					 hex, &err),
			 0);
	s.response = str(hex);
	check_digest(&s, odd_digests[2]);

	s = said();
	assert_int_equal(digest_response(&s.in, hex, &err), 0);
	assert_int_equal(digest_ha1(&s.in, a1, &err), 0);
	s.response = str(hex);
	s.in.password = str(a1);
	check_digest(&s, odd_digests[3]);
}

static void every_digest_row_has_a_test(void **state)
{
	const struct hypothesis *h;

	(void)state;
	for (size_t i = 0; (h = nearly_digest_row(i)); i++) {
		bool tested = false;

		for (size_t k = 0; k < COUNT(digests); k++)
			tested = tested || strcmp(digests[k].name, h->name) == 0;
		for (size_t k = 0; k < COUNT(odd_digests); k++)
			tested = tested || strcmp(odd_digests[k], h->name) == 0;
		if (!tested)
			print_error("%s has no test\n", h->name);
		assert_true(tested);
		assert_true(h->text[0] && h->clause[0]);
	}
}

/* The first slip that gives the same octets is the one that is named. */
static void each_password_slip_is_named(void **state)
{
	static const char good[] = " P\xc3\xa4 ss%<word> of more than 32 octets, and more ";

	(void)state;
	for (const struct password_slip *p = password_slips; p->make; p++) {
		struct nearly_digest s = said();
		struct digest_inputs h;
		char hex[HASH_HEX_MAX];

		s.in.password = str(strcmp(p->why.name, "password-utf16") ? good : "Secret");
		h = s.in;
		h.password = p->make(&arena, s.in.password);
		assert_non_null(h.password.p);
		assert_int_equal(digest_response(&h, hex, &err), 0);
		s.response = str(hex);
		check_digest(&s, p->why.name);
	}
}

static void another_password_has_no_name(void **state)
{
	struct nearly_digest s = said();
	struct digest_inputs h = s.in;
	char hex[HASH_HEX_MAX];
	struct nearly near;

	(void)state;
	h.password = STR("something else");
	assert_int_equal(digest_response(&h, hex, &err), 0);
	s.response = str(hex);
	assert_int_equal(nearly_digest(&arena, &s, &near, &err), 0);
	assert_null(near.why);
}

/* --- UsernameToken --- */

#define CREATED "2026-11-22T10:11:12.5Z"
#define SECRET  "s3cret"

static struct str nonce_octets(void)
{
	return str_n("\x01\x02\x03\x00\x05\xff\xfe\xfd", 8);
}

static struct str sum(enum hash_alg alg, struct str x, struct str y, struct str z)
{
	uint8_t out[HASH_MAX];

	assert_int_equal(hash_parts(alg, HASH_PARTS(x, y, z), out, &err), 0);
	return arena_str(&arena, str_n(out, hash_bytes(alg)));
}

static struct str digest(struct str nonce, struct str created, struct str password)
{
	return base64_encode(&arena, sum(HASH_SHA1, nonce, created, password));
}

static void check_token(struct str sent, const char *name)
{
	const struct nearly_token t = { .nonce = base64_encode(&arena, nonce_octets()),
					.created = STR(CREATED),
					.timestamp_created = STR("2026-11-22T09:00:00.123Z"),
					.digest = sent,
					.user = STR("admin"),
					.password = STR(SECRET) };
	struct nearly near;
	bool right;

	assert_int_equal(nearly_token_right(&arena, &t, &right, &err), 0);
	assert_false(right);
	assert_int_equal(nearly_token(&arena, &t, &near, &err), 0);
	if (!near.why)
		print_error("%s: nothing was named\n", name);
	assert_non_null(near.why);
	assert_string_equal(near.why->name, name);
}

static void each_token_mistake_is_named(void **state)
{
	const struct str n = nonce_octets(), c = STR(CREATED), p = STR(SECRET), no = STR("");
	const struct str text = base64_encode(&arena, n), right = sum(HASH_SHA1, n, c, p);
	const struct str good = base64_encode(&arena, right);
	const struct {
		const char *name;
		struct str sent;
	} rows[] = {
		{ "nonce-undecoded", digest(text, c, p) },
		{ "nonce-hex", digest(STR("0102030005fffefd"), c, p) },
		{ "nonce-hex", digest(STR("0102030005FFFEFD"), c, p) },
		{ "nonce-encoded-twice", digest(base64_encode(&arena, text), c, p) },
		{ "nonce-cut-at-nul", digest(str_n("\x01\x02\x03", 3), c, p) },
		{ "nonce-missing", digest(no, c, p) },
		{ "created-missing", digest(n, no, p) },
		{ "password-alone", digest(no, no, p) },
		{ "created-untrimmed", digest(n, STR(CREATED "\n"), p) },
		{ "created-reformatted", digest(n, STR("2026-11-22T10:11:12.500Z"), p) },
		{ "created-reformatted", digest(n, STR("2026-11-22T10:11:12Z"), p) },
		{ "created-reformatted", digest(n, STR("2026-11-22 10:11:12.5Z"), p) },
		{ "created-reformatted", digest(n, STR("2026-11-22T12:11:12+02:00"), p) },
		{ "created-reformatted", digest(n, STR("2026-11-22T10:11:12.5"), p) },
		{ "nonce-undecoded-created-reformatted",
		  digest(text, STR("2026-11-22T10:11:12.500Z"), p) },
		{ "created-other", digest(n, STR("2026-11-22T11:11:12.5Z"), p) },
		{ "created-other", digest(n, STR("2026-11-22T10:11:13.5Z"), p) },
		{ "created-other", digest(n, STR("2026-11-22T09:00:00.123Z"), p) },
		{ "order-other", digest(c, n, p) },
		{ "order-other", digest(p, c, n) },
		{ "hash-other", base64_encode(&arena, sum(HASH_SHA256, n, c, p)) },
		{ "digest-hex-in-base64", base64_encode(&arena, nearly_hex(&arena, right)) },
		{ "digest-hex", nearly_hex(&arena, right) },
		{ "digest-base64", str_sub(good, 0, good.n - 1) },
		{ "digest-cut", str_sub(good, 0, 20) },
		{ "password-plain", p },
		{ "password-hashed-first", digest(n, c, sum(HASH_SHA1, no, no, p)) },
		{ "password-hashed-first",
		  digest(n, c, base64_encode(&arena, sum(HASH_SHA1, no, no, p))) },
		{ "user-for-password", digest(n, c, STR("admin")) },
		{ "user-hashed", digest(n, c, STR("admin" SECRET)) },
		{ "password-lf", digest(n, c, STR(SECRET "\n")) },
		{ "password-utf16", digest(n, c, str_n("s\0003\0c\0r\0e\0t\0", 12)) },
	};
	const struct hypothesis *h;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_token(rows[i].sent, rows[i].name);
	for (size_t i = 0; (h = nearly_token_row(i)); i++) {
		bool tested = false;

		for (size_t k = 0; k < COUNT(rows); k++)
			tested = tested || strcmp(rows[k].name, h->name) == 0;
		if (!tested)
			print_error("%s has no test\n", h->name);
		assert_true(tested);
	}
}

/* --- Basic --- */

static void each_basic_mistake_is_named(void **state)
{
	const struct str right = base64_encode(&arena, STR("Admin:s3cret?>"));
	const struct {
		const char *name;
		struct str sent;
	} rows[] = {
		{ "basic-not-encoded", STR("Admin:s3cret?>") },
		{ "basic-base64", str_sub(right, 0, right.n - 1) },
		{ "basic-encoded-twice", base64_encode(&arena, right) },
		{ "basic-no-colon", base64_encode(&arena, STR("Admins3cret?>")) },
		{ "basic-swapped", base64_encode(&arena, STR("s3cret?>:Admin")) },
		{ "user-case", base64_encode(&arena, STR("admin:s3cret?>")) },
		{ "user-other", base64_encode(&arena, STR("root:s3cret?>")) },
		{ "password-lf", base64_encode(&arena, STR("Admin:s3cret?>\n")) },
	};
	struct nearly near;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct nearly_basic n = { rows[i].sent, STR("Admin"), STR("s3cret?>") };

		assert_int_equal(nearly_basic(&arena, &n, &near, &err), 0);
		if (!near.why)
			print_error("%s: nothing was named\n", rows[i].name);
		assert_non_null(near.why);
		assert_string_equal(near.why->name, rows[i].name);
	}
	for (size_t i = 0; nearly_basic_row(i); i++)
		assert_string_equal(nearly_basic_row(i)->name, rows[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(each_digest_mistake_is_named), CHECK(odd_digest_mistakes_are_named),
		CHECK(every_digest_row_has_a_test),  CHECK(each_password_slip_is_named),
		CHECK(another_password_has_no_name), CHECK(each_token_mistake_is_named),
		CHECK(each_basic_mistake_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

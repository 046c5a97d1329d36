/* Every value of every deviation: it changes the octets, and the reference verifier, which reads
 * them as a server does, finds a defect just where the class of the value says so.
 */
#include "craft_bench.h"

#include "auth/verify.h"
#include "soap/soap.h"

/* --- the server's side --- */

static void policy(const struct bench *b, struct verify_policy *p, struct account *account)
{
	*account =
		(struct account){ .user = b->in.account.user, .password = b->in.account.password };
	*p = (struct verify_policy){
		.account = account,
		.n_account = 1,
		.realm = b->memory.challenge.realm,
		.offer_basic = true,
		.offer_digest = true,
		.algs = b->memory.challenge.session ? 0 : 1u << b->memory.challenge.alg,
		.algs_sess = b->memory.challenge.session ? 1u << b->memory.challenge.alg : 0,
		.qop_auth = true,
		.qop_auth_int = true,
		.opaque = b->memory.challenge.opaque,
	};
}

static struct defects judge_http(struct bench *b, const struct verify_policy *p)
{
	struct http_request r = b->in.request;
	struct verify_result result;

	r.fields = (struct http_fields){ 0 };
	for (size_t i = 0; i < b->craft.n_field; i++)
		http_add(&b->arena, &r.fields, STR("Authorization"), b->craft.field[i]);
	assert_int_equal(verify_http(&b->arena, p, &r, &result, &b->err), 0);
	return result.defects;
}

static struct str envelope(struct bench *b)
{
	struct soap_parts parts = { .security = b->craft.token.security,
				    .body_extra = b->craft.token.body_extra,
				    .prologue = b->craft.token.prologue };

	return soap_envelope_of(&b->arena, soap_operation_find(STR("GetUsers")), &parts);
}

/* What stands in the wrong place is named by the reader of the envelope, the rest by the verifier.
 */
static struct defects judge_token(struct bench *b, const struct verify_policy *p)
{
	struct token_result result = { 0 };
	struct soap_message m;

	if (soap_read(&b->arena, envelope(b), &m, &b->err))
		defect_set(&result.defects, DEFECT_SYNTAX); /* no XML, or none that SOAP allows */
	else if (m.n_token == 0)
		defect_set(&result.defects, m.token_in_body        ? DEFECT_TOKEN_MISPLACED
					    : m.security_foreign   ? DEFECT_TOKEN_NAMESPACE
					    : m.security_elsewhere ? DEFECT_TOKEN_ACTOR
								   : DEFECT_NO_CREDENTIALS);
	else
		assert_int_equal(verify_token(&b->arena, p, &m.token, &result, &b->err), 0);
	if (m.n_token > 1)
		defect_set(&result.defects, DEFECT_TOKEN_TWO);
	if (m.n_security > 1)
		defect_set(&result.defects, DEFECT_TOKEN_TWO_HEADERS);
	return result.defects;
}

static struct defects judge(struct bench *b, enum mechanism mech)
{
	struct verify_policy p;
	struct account account;

	policy(b, &p, &account);
	return mech == MECH_TOKEN ? judge_token(b, &p) : judge_http(b, &p);
}

static struct str octets(struct bench *b, enum mechanism mech)
{
	struct str out = STR("");

	if (mech == MECH_TOKEN)
		return envelope(b);
	for (size_t i = 0; i < b->craft.n_field; i++)
		out = arena_fmt(&b->arena, "%.*s%.*s\n", STR_ARG(out), STR_ARG(b->craft.field[i]));
	return out;
}

/* --- suitable input --- */

static void qop_auth_int(struct bench *b)
{
	b->in.qop_auth_int = true;
}

static void sha256(struct bench *b)
{
	b->memory.challenge.algorithm = STR("SHA-256");
	b->memory.challenge.alg = HASH_SHA256;
}

static void userhash(struct bench *b)
{
	b->memory.challenge.userhash = true;
}

static void session(struct bench *b)
{
	b->memory.challenge.algorithm = STR("MD5-sess");
	b->memory.challenge.session = true;
}

static void utf8_user(struct bench *b)
{
	b->in.account.user = STR("op\xc3\xa9rateur");
}

/* Its Base64 has characters in which the two alphabets differ. */
static void utf8_password(struct bench *b)
{
	b->in.account.password = STR("p\xc3\xa4ss~~~???");
}

static const struct {
	enum mechanism mech;
	const char *name, *value; /* value NULL: each */
	void (*prepare)(struct bench *b);
} needs[] = {
	{ MECH_DIGEST, "body", NULL, qop_auth_int },
	{ MECH_DIGEST, "omit", "algorithm", sha256 },
	{ MECH_DIGEST, "user", "hashed", userhash },
	{ MECH_DIGEST, "algorithm", "plain-hash", session },
	{ MECH_DIGEST, "password", "question", utf8_password },
	{ MECH_DIGEST, "password", "ascii", utf8_password },
	{ MECH_BASIC, "password", "question", utf8_password },
	{ MECH_BASIC, "password", "ascii", utf8_password },
	{ MECH_BASIC, "payload", "url-alphabet", utf8_password },
	{ MECH_BASIC, "user", "question", utf8_user },
	{ MECH_BASIC, "user", "ascii", utf8_user },
};

/* Values of the open domains. */
static const struct {
	const char *name; /* NULL: of any row */
	const char *word, *value;
} examples[] = {
	{ "nc", "=LITERAL", "=00000063" },
	{ "created", "=LITERAL", "=2026-08-22T10:00:00Z" },
	{ "nonce", "=LITERAL", "=LKqI6G/AikKCQrN0zqZFlg==" },
	{ "password", "bytes:NUMBER", "bytes:4" },
	{ NULL, "=LITERAL", "=somebody" },
	{ NULL, "DURATION", "-1h" },
	{ NULL, "bytes:NUMBER", "bytes:4096" },
	{ NULL, "ahead:NUMBER", "ahead:4096" },
	{ NULL, "behind:NUMBER", "behind:5" },
	{ NULL, "fraction:NUMBER", "fraction:12" },
	{ NULL, "zone:MINUTES", "zone:-330" },
	{ NULL, "wall:MINUTES", "wall:330" },
};

/* Legal in the specifications, and for the policy of a device to refuse. */
static const struct {
	const char *name, *value;
	enum defect defect;
} policies[] = {
	{ "type", "text", DEFECT_TOKEN_TEXT },
	{ "created", "no-zone", DEFECT_CREATED_NO_ZONE },
};

/* A correct client does that: mustUnderstand is true; the next nonce is that of the last step; two
 * tokens of one second have one Created.
 */
static const struct {
	enum mechanism mech;
	const char *name, *value;
} correct_values[] = {
	{ MECH_DIGEST, "nonce", "same" },
	{ MECH_TOKEN, "must-understand", "true" },
	{ MECH_TOKEN, "created", "same" },
};

/* The bench after one earlier request, which skipped some nc. */
static void prepare_bench(struct bench *b, enum mechanism mech, void (*prepare)(struct bench *b))
{
	bench_init(b);
	if (prepare)
		prepare(b);
	good(b, mech, mech == MECH_DIGEST ? "nc=skip" : "");
	virtual_world_advance(&b->virtual, 1000);
}

static bool may_be_equal(const struct deviation *d, struct str value)
{
	for (size_t i = 0; i < COUNT(correct_values); i++)
		if (correct_values[i].mech == d->mech && !strcmp(correct_values[i].name, d->name) &&
		    str_eq(value, str(correct_values[i].value)))
			return true;
	return false;
}

static struct defects policy_defects(const struct deviation *d, struct str value)
{
	struct defects out = { 0 };

	for (size_t i = 0; d->mech == MECH_TOKEN && i < COUNT(policies); i++)
		if (!strcmp(policies[i].name, d->name) && str_eq(value, str(policies[i].value)))
			defect_set(&out, policies[i].defect);
	return out;
}

/* --- the sweep --- */

static int complain(struct bench *b, const struct deviation *d, struct str value, const char *what)
{
	struct defects found = judge(b, d->mech);

	print_error("%s %s=%.*s: %s {%.*s}\n%.*s\n", mechanism_name(d->mech), d->name,
		    STR_ARG(value), what, STR_ARG(defects_text(&b->arena, found)),
		    STR_ARG(octets(b, d->mech)));
	return 1;
}

/* 1 when the value is not what the table says. */
static int try_value(const struct deviation *d, struct str value, void (*prepare)(struct bench *b))
{
	struct bench right DEFER(bench_free), b DEFER(bench_free);
	struct deviate v = { d, value };
	struct defects found, allowed = policy_defects(d, value);

	prepare_bench(&right, d->mech, prepare);
	good(&right, d->mech, "");
	found = judge(&right, d->mech);
	if (defects_any(&found))
		return complain(&right, d, value, "a correct client has defects");
	prepare_bench(&b, d->mech, prepare);
	if (craft_credentials(&b.craft, &b.arena, d->mech, &b.in, &b.memory, &v, 1, &b.err)) {
		print_error("%s\n", b.err.text);
		return 1;
	}
	if (str_eq(octets(&right, d->mech), octets(&b, d->mech)) != may_be_equal(d, value))
		return complain(&b, d, value, "changes nothing, or something after all");
	found = defects_minus(judge(&b, d->mech), allowed);
	if (defects_any(&found) != (d->class(value) == DEVIATION_CONTENT))
		return complain(&b, d, value, "the class does not fit");
	return 0;
}

/* Whatever allocation fails first, it is an error and the memory of the client stays as it was. */
static int starve_value(const struct deviation *d, struct str value,
			void (*prepare)(struct bench *b))
{
	const size_t step = 64, most = 1u << 20;
	struct deviate v = { d, value };

	for (size_t room = 0; room < most; room += step) {
		struct bench b DEFER(bench_free);
		struct craft_memory before;

		prepare_bench(&b, d->mech, prepare);
		before = b.memory;
		b.arena.max_bytes = b.arena.total_bytes + room;
		if (craft_credentials(&b.craft, &b.arena, d->mech, &b.in, &b.memory, &v, 1,
				      &b.err) == 0)
			return room == 0;
		if (b.err.code != ERR_NOMEM || memcmp(&before, &b.memory, sizeof(before)) != 0) {
			print_error("%zu octets: %s\n", room, b.err.text);
			return 1;
		}
	}
	return 1;
}

static struct str example(const struct deviation *d, struct str word)
{
	for (size_t i = 0; i < COUNT(examples); i++)
		if (str_eq(word, str(examples[i].word)) &&
		    (!examples[i].name || !strcmp(examples[i].name, d->name)))
			return str(examples[i].value);
	return word;
}

static int try_row(const struct deviation *d,
		   int (*try)(const struct deviation *d, struct str value,
			      void (*prepare)(struct bench *b)))
{
	struct str rest = str(d->values), word;
	int failures = 0;

	while ((word = str_word(&rest)).n) {
		void (*prepare)(struct bench * b) = NULL;

		for (size_t i = 0; i < COUNT(needs); i++)
			if (needs[i].mech == d->mech && !strcmp(needs[i].name, d->name) &&
			    (!needs[i].value || str_eq(word, str(needs[i].value))))
				prepare = needs[i].prepare;
		failures += try(d, example(d, word), prepare);
	}
	return failures;
}

static void sweep(enum mechanism mech)
{
	int failures = 0;

	for (const struct deviation *d = deviations; d->name; d++)
		if (d->mech == mech)
			failures += try_row(d, try_value);
	assert_int_equal(failures, 0);
}

static void basic(void **state)
{
	(void)state;
	sweep(MECH_BASIC);
}

static void digest(void **state)
{
	(void)state;
	sweep(MECH_DIGEST);
}

static void token(void **state)
{
	(void)state;
	sweep(MECH_TOKEN);
}

/* A probe is wrong for the one reason that its name says. */
static const struct {
	enum mechanism mech;
	const char *deviation, *defects;
} reason_rows[] = {
	{ MECH_BASIC, "password=nul-appended", "BASIC_NUL" },
	{ MECH_BASIC, "payload=no-colon", "BASIC_NO_COLON" },
	{ MECH_BASIC, "payload=no-padding", "BASIC_PADDING" },
	{ MECH_BASIC, "payload=not-base64", "BASIC_BASE64" },
	{ MECH_BASIC, "payload=trailing-param", "BASIC_PARAM" },
	{ MECH_BASIC, "fields=two-right-wrong", "TWO_FIELDS" },
	{ MECH_BASIC, "payload=doubled", "USER_UNKNOWN BASIC_NO_COLON" },
	{ MECH_BASIC, "payload=plain", "USER_UNKNOWN BASIC_BASE64 BASIC_NO_COLON" },
	{ MECH_BASIC, "user=nul-appended", "BASIC_NUL" },
	{ MECH_DIGEST, "user=both", "USERNAME_BOTH" },
	{ MECH_DIGEST, "user=star", "" },
	{ MECH_DIGEST, "password=bytes:5", "PASSWORD" },
	{ MECH_DIGEST, "response=half", "RESPONSE_PREFIX" },
	{ MECH_DIGEST, "overlong=nc", "PASSWORD NC_FORM" },
	{ MECH_DIGEST, "overlong=algorithm", "ALGORITHM_UNKNOWN" },
	{ MECH_DIGEST, "uri=fragment", "URI_QUERY" },
	{ MECH_DIGEST, "uri=query-altered", "URI_QUERY" },
	{ MECH_DIGEST, "uri=double-slash", "URI_OTHER" },
	{ MECH_DIGEST, "realm=wrong", "REALM" },
	{ MECH_DIGEST, "nonce=empty", "NONCE_EMPTY" },
	{ MECH_DIGEST, "nc=zero", "NC_ZERO" },
	{ MECH_DIGEST, "nc-form=upper", "NC_FORM" },
	{ MECH_DIGEST, "qop=none", "NO_QOP" },
	{ MECH_DIGEST, "qop=unknown", "QOP_NOT_OFFERED" },
	{ MECH_DIGEST, "algorithm=unknown", "ALGORITHM_UNKNOWN" },
	{ MECH_DIGEST, "algorithm=sess", "ALGORITHM_NOT_OFFERED" },
	{ MECH_DIGEST, "method=other", "METHOD" },
	{ MECH_DIGEST, "uri=other", "URI_OTHER" },
	{ MECH_DIGEST, "uri=no-query", "URI_QUERY" },
	{ MECH_DIGEST, "qop=auth-int body=changed", "BODY" },
	{ MECH_DIGEST, "opaque=altered", "OPAQUE" },
	{ MECH_DIGEST, "response=upper", "RESPONSE_UPPER" },
	{ MECH_DIGEST, "omit=cnonce", "NO_CNONCE" },
	{ MECH_DIGEST, "duplicate-wrong=nonce", "DUPLICATE" },
	{ MECH_DIGEST, "separator=none", "NO_COMMA" },
	{ MECH_DIGEST, "fields=two-same", "TWO_FIELDS" },
	{ MECH_TOKEN, "type=suffix", "TOKEN_TYPE" },
	{ MECH_TOKEN, "type=missing-text", "TOKEN_NO_TYPE" },
	{ MECH_TOKEN, "created=leap", "CREATED_FORM" },
	{ MECH_TOKEN, "nonce=undecoded", "TOKEN_NONCE_UNDECODED" },
	{ MECH_TOKEN, "omit=nonce-created", "TOKEN_NO_NONCE TOKEN_NO_CREATED" },
	{ MECH_TOKEN, "digest=no-nonce", "TOKEN_DIGEST_NO_NONCE" },
	{ MECH_TOKEN, "digest=no-created", "TOKEN_DIGEST_NO_CREATED" },
	{ MECH_TOKEN, "digest=plain", "TOKEN_DIGEST_PLAIN" },
	{ MECH_TOKEN, "encoding-type=foreign", "TOKEN_ENCODING" },
	{ MECH_TOKEN, "duplicate=nonce", "TOKEN_DUPLICATE" },
	{ MECH_TOKEN, "namespace=draft", "TOKEN_NAMESPACE" },
	{ MECH_TOKEN, "namespace=wsu-missing", "CREATED_NAMESPACE" },
	{ MECH_TOKEN, "actor=other", "TOKEN_ACTOR" },
	{ MECH_TOKEN, "tokens=two-same", "TOKEN_TWO" },
	{ MECH_TOKEN, "place=body", "TOKEN_MISPLACED" },
	{ MECH_TOKEN, "place=comment", "NO_CREDENTIALS" },
	{ MECH_TOKEN, "blank=nonce", "TOKEN_NO_NONCE" },
	{ MECH_TOKEN, "blank=created", "TOKEN_NO_CREATED" },
	{ MECH_TOKEN, "child-namespace=created", "CREATED_NAMESPACE" },
	{ MECH_TOKEN, "child-namespace=password", "TOKEN_NO_PASSWORD" },
	{ MECH_TOKEN, "duplicate-wrong=username", "TOKEN_DUPLICATE" },
	{ MECH_TOKEN, "append=comment-created", "PASSWORD CREATED_FORM" },
	{ MECH_TOKEN, "append=cdata-username", "USER_UNKNOWN" },
	{ MECH_TOKEN, "attack=doctype", "SYNTAX" },
	{ MECH_TOKEN, "attack=internal-entity", "SYNTAX" },
	{ MECH_TOKEN, "attack=undeclared-entity", "SYNTAX" },
	{ MECH_TOKEN, "attack=nested", "PASSWORD" },
	{ MECH_TOKEN, "headers=right-ours", "" },
	{ MECH_TOKEN, "headers=right-theirs", "PASSWORD" },
	{ MECH_TOKEN, "actor=none", "TOKEN_ACTOR" },
	/* Deviations add up. */
	{ MECH_DIGEST, "method=other opaque=omit", "OPAQUE METHOD" },
	{ MECH_DIGEST, "names=mixed order=reversed separator=tight equals=tab quote=nc", "" },
	{ MECH_TOKEN, "prefix=odd quotes=single text=charref order=reversed extra=id", "" },
	{ MECH_TOKEN, "nonce=bytes:4096 text=charref", "" },
	{ MECH_TOKEN, "prefix=default text=whitespace created=fraction9", "" },
	{ MECH_TOKEN, "prefix=swapped extra=timestamp text=comment", "" },
};

static void reasons(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(reason_rows); i++) {
		struct bench b DEFER(bench_free);
		struct defects found;

		prepare_bench(&b, reason_rows[i].mech, NULL);
		good(&b, reason_rows[i].mech, reason_rows[i].deviation);
		found = judge(&b, reason_rows[i].mech);
		is_text(defects_text(&b.arena, found), reason_rows[i].defects);
	}
}

static void memory_ends_anywhere(void **state)
{
	int failures = 0;

	(void)state;
	for (const struct deviation *d = deviations; d->name; d++)
		failures += try_row(d, starve_value);
	assert_int_equal(failures, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(basic),
		cmocka_unit_test(digest),
		cmocka_unit_test(token),
		cmocka_unit_test(reasons),
		cmocka_unit_test(memory_ends_anywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

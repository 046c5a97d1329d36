/* A collection of known answers, right and wrong ones, against auth/.
 *
 * COUNTERSIGN_SHARED names a directory with facts/known-answers.jsonl: one object a line with id,
 * mechanism, output, inputs, expected, verifies, class, and correct where the expected value is
 * wrong.  Without it there is nothing to do; the values that matter most stand in t_digest.c and
 * t_username_token.c too.  Every line is handled or fails: none is passed over.
 */
#include "check.h"

#include "auth/base64.h"
#include "auth/digest.h"
#include "auth/verify.h"

#include <jansson.h>

#define ROWS 187

struct answer {
	json_t *row, *inputs;
	const char *id;
	struct str mechanism, output, class, expected, correct; /* correct.p NULL: not given */
	bool verifies;
};

static struct str text(json_t *object, const char *key)
{
	json_t *s = json_object_get(object, key);

	return s ? str_n(json_string_value(s), json_string_length(s)) : (struct str){ NULL, 0 };
}

static struct str input(const struct answer *t, const char *key)
{
	return text(t->inputs, key);
}

static struct str unhex(struct str hex)
{
	char *p = arena_alloc(&arena, hex.n / 2 + 1);

	assert_non_null(p);
	assert_int_equal(hex.n % 2, 0);
	for (size_t i = 0; i < hex.n / 2; i++)
		p[i] = (char)(char_hex(hex.p[2 * i]) * 16 + char_hex(hex.p[2 * i + 1]));
	return str_n(p, hex.n / 2);
}

/* Ours against the row's: equal if it verifies, else different and equal to the correct value. */
static void judge(const struct answer *t, struct str ours, bool same)
{
	if (same) {
		check_view(ours, t->expected, t->id);
		return;
	}
	if (str_eq(ours, t->expected))
		print_error("%s: a wrong value is ours\n", t->id);
	assert_false(str_eq(ours, t->expected));
	if (t->correct.p)
		check_view(ours, t->correct, t->id);
}

/* --- Digest --- */

static struct digest_inputs digest_inputs_of(const struct answer *t)
{
	struct str qop = input(t, "qop"), algorithm = input(t, "algorithm");
	struct digest_inputs in = {
		.user = input(t, "username"),
		.realm = input(t, "realm"),
		.password = input(t, "password"),
		.method = input(t, "method"),
		.uri = input(t, "uri"),
		.nonce = input(t, "nonce"),
		.nc = input(t, "nc"),
		.cnonce = input(t, "cnonce"),
		.body = input(t, "body_hex").p ? unhex(input(t, "body_hex")) : input(t, "body"),
	};

	assert_int_equal(digest_algorithm_parse(algorithm, &in.alg, &in.session), 0);
	if (qop.p)
		in.qop = str_eq(qop, STR("auth")) ? DIGEST_QOP_AUTH : DIGEST_QOP_AUTH_INT;
	return in;
}

static int body_hash(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *e)
{
	return hash_joined_hex(in->alg, &in->body, 1, hex, e);
}

static int user_hash(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *e)
{
	return digest_userhash(in->alg, in->user, in->realm, hex, e);
}

/* Rows of -sess algorithms mean A1 with the session in it. */
static int session_ha1(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *e)
{
	if (digest_ha1(in, hex, e))
		return -1;
	if (!in->session)
		return 0;
	return hash_joined_hex(in->alg, HASH_PARTS(str(hex), in->nonce, in->cnonce), hex, e);
}

static const struct {
	const char *output;
	int (*fn)(const struct digest_inputs *in, char hex[static HASH_HEX_MAX], struct err *e);
} outputs[] = {
	{ "response", digest_response }, { "rspauth", digest_rspauth }, { "ha1", session_ha1 },
	{ "ha2", digest_ha2 },           { "bodyhash", body_hash },     { "userhash", user_hash },
};

static struct str compute(const struct answer *t, const struct digest_inputs *in)
{
	char hex[HASH_HEX_MAX];

	for (size_t i = 0; i < COUNT(outputs); i++) {
		if (!str_eq(t->output, str(outputs[i].output)))
			continue;
		assert_int_equal(outputs[i].fn(in, hex, &err), 0);
		return arena_str(&arena, str(hex));
	}
	print_error("%s: unknown output\n", t->id);
	fail();
	return STR("");
}

static struct defects verify_field(struct str field, const struct digest_inputs *in,
				   const struct verify_policy *p)
{
	struct http_request r = { .method = in->method, .target = in->uri, .body = in->body };
	struct verify_result out;

	http_add(&arena, &r.fields, STR("Authorization"), field);
	assert_int_equal(verify_http(&arena, p, &r, &out, &err), 0);
	return out.defects;
}

/* "Authorization: Digest ..." as it was on the wire, through the verifier. */
static void digest_on_the_wire(const struct answer *t, const struct digest_inputs *in)
{
	struct account account = { .user = in->user, .password = in->password };
	struct str field = input(t, "header");
	struct verify_policy p = { .account = &account,
				   .n_account = 1,
				   .realm = in->realm,
				   .offer_digest = true,
				   .algs = ~0u,
				   .algs_sess = ~0u,
				   .qop_auth = in->qop == DIGEST_QOP_AUTH,
				   .qop_auth_int = in->qop == DIGEST_QOP_AUTH_INT };
	struct challenge c;
	struct defects d;

	str_cut(&field, ':');
	field = str_trim(field);
	assert_int_equal(credentials_parse(&arena, field, &c, &err), 0);
	if (challenge_param(&c, "opaque"))
		p.opaque = challenge_param(&c, "opaque")->value;
	d = verify_field(field, in, &p);
	if (t->verifies)
		check_view(defects_text(&arena, d), STR(""), t->id);
	else
		assert_true(defect_has(&d, DEFECT_PASSWORD) || defect_has(&d, DEFECT_BODY));
}

/* A response of the wrong length: only its form can be judged. */
static void digest_literal(const struct answer *t)
{
	const struct account account = { .user = STR("u"), .password = STR("p") };
	const struct verify_policy p = { .account = &account,
					 .n_account = 1,
					 .realm = STR("r"),
					 .offer_digest = true,
					 .algs = 1u << HASH_MD5 };
	struct digest_inputs in = { .method = STR("INVITE"), .uri = STR("sip:x") };
	struct str field = arena_fmt(&arena,
				     "Digest username=\"u\", realm=\"r\", nonce=\"n\", "
				     "uri=\"sip:x\", response=\"%.*s\"",
				     STR_ARG(input(t, "response_literal")));
	struct defects d = verify_field(field, &in, &p);

	assert_false(t->verifies);
	check_view(defects_text(&arena, d), STR("PASSWORD RESPONSE_FORM"), t->id);
}

static void digest_row(const struct answer *t)
{
	struct digest_inputs in = digest_inputs_of(t);
	bool sasl = json_is_true(json_object_get(t->inputs, "sess_raw"));
	char hex[HASH_HEX_MAX];
	struct str star;

	if (input(t, "response_literal").p) {
		digest_literal(t);
		return;
	}
	/* SASL (RFC 2831) hashes raw octets where HTTP hashes hex digits: ours must differ. */
	judge(t, compute(t, &in), t->verifies && !sasl);
	if (input(t, "header").p)
		digest_on_the_wire(t, &in);
	if (input(t, "username_sent").p) {
		assert_int_equal(user_hash(&in, hex, &err), 0);
		check_view(str(hex), input(t, "username_sent"), t->id);
	}
	star = input(t, "username_star");
	if (star.p) {
		struct account account = { .user = in.user };
		struct verify_policy p = { .account = &account,
					   .n_account = 1,
					   .offer_digest = true };
		struct str field = arena_concat(&arena, STR("Digest username*="), star);
		struct defects d = verify_field(field, &in, &p);

		assert_false(defect_has(&d, DEFECT_USER_UNKNOWN));
	}
}

/* --- Basic --- */

/* JSON is UTF-8; a row in Latin-1 holds nothing above U+00FF. */
static struct str in_charset(struct str s, struct str charset)
{
	struct str out = STR("");

	if (!str_eq(charset, STR("latin-1")))
		return s;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];
		char latin = s.p[i];

		if (c >= 0xc0)
			latin = (char)((c & 3) << 6 | ((uint8_t)s.p[++i] & 63));
		out = arena_concat(&arena, out, str_n(&latin, 1));
	}
	return out;
}

static const struct {
	const char *id, *defects;
} basic_negatives[] = {
	{ "neg-basic-nocolon", "PASSWORD BASIC_NO_COLON" },
	{ "neg-basic-badpad", "BASIC_PADDING" },
	{ "neg-basic-space", "BASIC_BASE64" },
	{ "neg-basic-nul", "BASIC_NUL" },
	/* read as user "a", password "b:c" */
	{ "neg-basic-colon-user", "USER_UNKNOWN" },
};

static void basic_row(const struct answer *t)
{
	struct str user = in_charset(input(t, "username"), input(t, "charset"));
	struct str password = in_charset(input(t, "password"), input(t, "charset"));
	struct str pair = arena_concat(&arena, arena_concat(&arena, user, STR(":")), password);
	struct account account = { .user = user, .password = password };
	struct verify_policy p = { .account = &account, .n_account = 1, .offer_basic = true };
	const struct digest_inputs in = { .method = STR("GET"), .uri = STR("/") };
	const char *want = "";
	struct defects d;

	for (size_t i = 0; i < COUNT(basic_negatives); i++)
		if (!strcmp(t->id, basic_negatives[i].id))
			want = basic_negatives[i].defects;
	assert_int_equal(*want != '\0', str_starts(t->class, STR("negative")));
	if (!strcmp(t->id, "neg-basic-nul"))
		account.password.n--; /* the account is the one before the NUL */
	judge(t, arena_concat(&arena, STR("Basic "), base64_encode(&arena, pair)), t->verifies);
	d = verify_field(t->expected, &in, &p);
	check_view(defects_text(&arena, d), str(want), t->id);
}

/* --- UsernameToken --- */

static void token_row(const struct answer *t)
{
	struct str nonce_text = input(t, "nonce_b64"), nonce, ours, password = input(t, "password");
	struct str created = input(t, "created");
	uint8_t sha1[HASH_MAX];
	bool variant = input(t, "password_equivalent").p;

	if (input(t, "nonce_hex").p)
		nonce = unhex(input(t, "nonce_hex"));
	else
		assert_int_equal(base64_decode(&arena, nonce_text, &nonce, &err), 0);
	assert_int_equal(ut_password_digest(&arena, nonce, created, password, &ours, &err), 0);
	/* A password equivalent is another formula (UTP 3.1 allows to agree on one): not ours ...
	 */
	judge(t, ours, t->verifies && !variant);
	if (!variant)
		return;
	/* ... but ours over SHA-1(password) is theirs. */
	assert_int_equal(hash_parts(HASH_SHA1, &password, 1, sha1, &err), 0);
	assert_int_equal(ut_password_digest(&arena, nonce, created, str_n(sha1, 20), &ours, &err),
			 0);
	check_view(ours, t->expected, t->id);
}

/* --- */

static struct {
	const char *mechanism;
	void (*fn)(const struct answer *t);
	size_t want, seen;
} mechanisms[] = {
	{ "digest", digest_row, 138, 0 },
	{ "basic", basic_row, 16, 0 },
	{ "wsse", token_row, 33, 0 },
};

static void one_row(const char *line)
{
	json_error_t at;
	struct answer t = { .row = json_loads(line, JSON_ALLOW_NUL, &at) };

	assert_non_null(t.row);
	t.inputs = json_object_get(t.row, "inputs");
	t.id = json_string_value(json_object_get(t.row, "id"));
	t.mechanism = text(t.row, "mechanism");
	t.output = text(t.row, "output");
	t.class = text(t.row, "class");
	t.expected = text(t.row, "expected");
	t.correct = text(t.row, "correct");
	t.verifies = json_is_true(json_object_get(t.row, "verifies"));
	assert_non_null(t.id);
	for (size_t i = 0; i < COUNT(mechanisms); i++) {
		if (!str_eq(t.mechanism, str(mechanisms[i].mechanism)))
			continue;
		mechanisms[i].seen++;
		mechanisms[i].fn(&t);
	}
	json_decref(t.row);
}

static FILE *open_answers(void)
{
	const char *shared = getenv("COUNTERSIGN_SHARED");

	if (!shared)
		return NULL;
	return fopen(arena_fmt(&arena, "%s/facts/known-answers.jsonl", shared).p, "r");
}

static void every_row(void **state)
{
	static char line[65536];
	FILE *f = open_answers();
	size_t total = 0;

	(void)state;
	if (!f)
		skip();
	while (fgets(line, sizeof(line), f)) {
		arena_free(&arena);
		one_row(line);
		total++;
	}
	(void)fclose(f);
	for (size_t i = 0; i < COUNT(mechanisms); i++)
		assert_int_equal(mechanisms[i].seen, mechanisms[i].want);
	assert_int_equal(total, ROWS);
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(every_row) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

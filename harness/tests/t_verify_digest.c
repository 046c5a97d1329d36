/* Digest credentials: each defect by itself, and every legal spelling without any. */
#include "check.h"

#include "auth/verify.h"

#define TARGET "/onvif/device_service?a=%2F&b=c"
#define BODY   "<x/>"
#define DOE    "J\xc3\xa4s\xc3\xb8n Doe"

static const struct account accounts[] = {
	{ .user = { "admin", 5 }, .password = { "secure", 6 } },
	{ .user = { "a\"b\\c", 5 }, .password = { "p:w", 3 } },
	{ .user = { DOE, sizeof(DOE) - 1 }, .password = { "x", 1 } },
};

enum server { FULL, AUTH_ONLY, RFC2069, NO_OPAQUE, EMPTY_OPAQUE, BASIC_ONLY };

static struct verify_policy policy_of(enum server s)
{
	return (struct verify_policy){
		.account = accounts,
		.n_account = COUNT(accounts),
		.realm = STR("Sarix"),
		.offer_basic = true,
		.offer_digest = s != BASIC_ONLY,
		.algs = 1u << HASH_MD5 | 1u << HASH_SHA256,
		.algs_sess = 1u << HASH_MD5,
		.qop_auth = s != RFC2069,
		.qop_auth_int = s != RFC2069 && s != AUTH_ONLY,
		.opaque = s == NO_OPAQUE      ? (struct str){ NULL, 0 }
			  : s == EMPTY_OPAQUE ? STR("")
					      : STR("op"),
	};
}

/* Parameters of correct credentials; "@" is where the response goes. */
#define USER   "username=\"admin\""
#define REALM  ", realm=\"Sarix\""
#define NONCE  ", nonce=\"abc\""
#define URI    ", uri=\"" TARGET "\""
#define ANSWER ", response=\"@\""
#define QOP    ", qop=auth, nc=00000001, cnonce=\"xyz\""
#define OPAQUE ", opaque=\"op\""
#define ALL    "Digest " USER REALM NONCE URI ANSWER QOP OPAQUE

/* What is hashed where it is not the correct client's. */
struct hashed {
	const char *algorithm, *user, *realm, *password, *method, *uri, *body, *nonce, *nc, *cnonce;
	const char *qop; /* "-": the RFC 2069 form */
};

struct row {
	const char *want; /* names of the defects, in the order of the enumeration */
	const char *field;
	struct hashed hashed;
	enum server server;
	const char *(*edit)(char *hex); /* of the response */
};

static const char *in_upper_case(char *hex)
{
	for (char *c = hex; *c; c++)
		if (*c >= 'a' && *c <= 'f')
			*c = (char)(*c - 'a' + 'A');
	return hex;
}

static const char *cut_short(char *hex)
{
	hex[31] = '\0';
	return hex;
}

static const char *made_longer(char *hex)
{
	hex[32] = '0';
	hex[33] = '\0';
	return hex;
}

static const char *last_digit_changed(char *hex)
{
	hex[31] = hex[31] == '0' ? '1' : '0';
	return hex;
}

static const struct row rows[] = {
	/* --- right, in every spelling that RFC 9110 11.2 has a recipient accept --- */
	{ .field = ALL },
	{ .field = "dIgEsT " USER REALM NONCE URI ANSWER QOP OPAQUE },
	{ .field = "Digest   " USER REALM NONCE URI ANSWER QOP OPAQUE },
	{ .field = "Digest " OPAQUE QOP ANSWER URI NONCE REALM ", " USER },
	{ .field = ALL ", algorithm=MD5" },
	{ .field = ALL ", algorithm=\"MD5\"" },
	{ .field = ALL ", algorithm=md5" },
	{ .field = ALL ", unknown=\"a, b=\\\"c\", x=1" },
	{ .field = ALL ",, ," },
	{ .field = "Digest USERNAME=\"admin\", Realm=\"Sarix\", NONCE=\"abc\"" URI ANSWER QOP
		  OPAQUE },
	{ .field = "Digest username=admin,realm=Sarix,nonce=abc" URI ",response=@,qop=\"auth\","
		   "nc=\"00000001\",cnonce=xyz,opaque=op" },
	{ .field = "Digest username = \"admin\" ,realm\t=\t\"S\\arix\"" NONCE URI ANSWER QOP
		  OPAQUE },
	{ .field = "Digest username=\"a\\\"b\\\\c\"" REALM NONCE URI ANSWER QOP OPAQUE,
	  .hashed = { .user = "a\"b\\c", .password = "p:w" } },
	{ .field = "Digest username=\"" DOE "\"" REALM NONCE URI ANSWER QOP OPAQUE,
	  .hashed = { .user = DOE, .password = "x" } },
	{ .field =
		  "Digest username*=UTF-8''J%C3%A4s%c3%B8n%20Doe" REALM NONCE URI ANSWER QOP OPAQUE,
	  .hashed = { .user = DOE, .password = "x" } },
	{ .field = "Digest username*=utf-8'en'admin" REALM NONCE URI ANSWER QOP OPAQUE },
	/* the hash of no account; the right ones: userhash() below */
	{ .field = "Digest username=\"9cb7d1484b8fdac7d63a1b0c0d5e5c5a\"" REALM NONCE URI ANSWER QOP
		  OPAQUE ", userhash=true",
	  .want = "USER_UNKNOWN" },
	{ .field = ALL ", userhash=false" },
	{ .field = ALL ", algorithm=SHA-256", .hashed = { .algorithm = "SHA-256" } },
	{ .field = ALL ", algorithm=MD5-sess", .hashed = { .algorithm = "MD5-sess" } },
	{ .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE
		   ", qop=auth-int, nc=00000001, cnonce=\"xyz\"",
	  .hashed = { .qop = "auth-int" } },
	{ .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE,
	  .hashed = { .qop = "-" },
	  .server = RFC2069 },
	{ .field = "Digest " USER REALM NONCE URI ANSWER QOP, .server = NO_OPAQUE },
	{ .field = "Digest " USER REALM NONCE URI ANSWER QOP ", opaque=\"\"", .server = NO_OPAQUE },
	{ .field = "Digest " USER REALM NONCE ", uri=\"http://h:80" TARGET "\"" ANSWER QOP OPAQUE,
	  .hashed = { .uri = "http://h:80" TARGET } },
	{ .field = "Digest " USER REALM NONCE
		   ", uri=\"/%6fnvif/device_service?a=%2f&b=%63\"" ANSWER QOP OPAQUE,
	  .hashed = { .uri = "/%6fnvif/device_service?a=%2f&b=%63" } },
	{ .field = "Digest " USER REALM NONCE URI ANSWER
		   ", qop=auth, nc=ffffffff, cnonce=\"\"" OPAQUE,
	  .hashed = { .nc = "ffffffff", .cnonce = "" } },

	/* --- of every scheme --- */
	{ .want = "SYNTAX", .field = ALL ", open=\"" },
	{ .want = "SYNTAX", .field = ", " ALL },
	{ .want = "SYNTAX", .field = "Digest\t" USER REALM NONCE URI ANSWER QOP OPAQUE },
	{ .want = "SYNTAX", .field = ALL ", Basic x" },
	{ .want = "SYNTAX USER_UNKNOWN",
	  .field = "Digest username*=ISO-8859-1''admin" REALM NONCE URI ANSWER QOP OPAQUE },
	{ .want = "SYNTAX USER_UNKNOWN",
	  .field = "Digest username*=UTF-8''%ff" REALM NONCE URI ANSWER QOP OPAQUE },
	{ .want = "SCHEME", .field = ALL, .server = BASIC_ONLY },
	{ .want = "USER_UNKNOWN",
	  .field = "Digest username=\"Admin\"" REALM NONCE URI ANSWER QOP OPAQUE },
	{ .want = "PASSWORD", .field = ALL, .hashed = { .password = "Secure" } },
	{ .want = "PASSWORD", .field = ALL, .edit = last_digit_changed },
	{ .want = "PASSWORD", .field = ALL, .hashed = { .uri = "/other" } },
	{ .want = "PASSWORD", .field = ALL, .hashed = { .qop = "-" } },

	/* --- what is missing, twice, or other --- */
	{ .want = "NO_COMMA",
	  .field = "Digest username=\"admin\" realm=\"Sarix\" nonce=\"abc\""
		   " uri=\"" TARGET "\" response=\"@\" qop=auth nc=00000001"
		   " cnonce=\"xyz\" opaque=\"op\"" },
	{ .want = "DUPLICATE", .field = ALL ", username=\"x\"" },
	{ .want = "NO_USERNAME", .field = "Digest realm=\"Sarix\"" NONCE URI ANSWER QOP OPAQUE },
	{ .want = "NO_REALM", .field = "Digest " USER NONCE URI ANSWER QOP OPAQUE },
	{ .want = "NO_NONCE", .field = "Digest " USER REALM URI ANSWER QOP OPAQUE },
	{ .want = "NO_URI", .field = "Digest " USER REALM NONCE ANSWER QOP OPAQUE },
	{ .want = "NO_RESPONSE", .field = "Digest " USER REALM NONCE URI QOP OPAQUE },
	{ .want = "NO_CNONCE",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE ", qop=auth, nc=00000001" },
	{ .want = "NO_CNONCE",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE ", algorithm=MD5-sess",
	  .server = RFC2069 },
	{ .want = "NO_NC",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE ", qop=auth, cnonce=\"xyz\"" },
	{ .want = "NO_QOP",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE,
	  .hashed = { .qop = "-" } },
	/* the directive was dropped after hashing */
	{ .want = "NO_QOP",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE ", nc=00000001, cnonce=\"xyz\"" },
	{ .want = "PASSWORD NO_QOP",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE,
	  .hashed = { .qop = "-", .password = "x" } },
	{ .want = "QOP_NOT_OFFERED",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE
		   ", qop=auth-int, nc=00000001, cnonce=\"xyz\"",
	  .hashed = { .qop = "auth-int" },
	  .server = AUTH_ONLY },
	{ .want = "QOP_NOT_OFFERED",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE
		   ", qop=auth-conf, nc=00000001, cnonce=\"xyz\"",
	  .hashed = { .qop = "auth-conf" } },
	{ .want = "QOP_NOT_OFFERED", .field = ALL, .server = RFC2069 },
	{ .want = "ALGORITHM_NOT_OFFERED",
	  .field = ALL ", algorithm=SHA-512-256",
	  .hashed = { .algorithm = "SHA-512-256" } },
	{ .want = "ALGORITHM_NOT_OFFERED",
	  .field = ALL ", algorithm=SHA-256-sess",
	  .hashed = { .algorithm = "SHA-256-sess" } },
	{ .want = "ALGORITHM_UNKNOWN", .field = ALL ", algorithm=FOO-1" },
	{ .want = "ALGORITHM_UNKNOWN",
	  .field = ALL ", algorithm=FOO-1",
	  .hashed = { .algorithm = "SHA-256" } },
	{ .want = "PASSWORD ALGORITHM_UNKNOWN",
	  .field = ALL ", algorithm=FOO-1",
	  .hashed = { .password = "x" } },
	{ .want = "USERNAME_BOTH", .field = ALL ", username*=UTF-8''admin" },
	{ .want = "REALM",
	  .field = "Digest " USER ", realm=\"Other\"" NONCE URI ANSWER QOP OPAQUE,
	  .hashed = { .realm = "Other" } },
	{ .want = "PASSWORD REALM",
	  .field = "Digest " USER ", realm=\"Other\"" NONCE URI ANSWER QOP OPAQUE },
	{ .want = "OPAQUE", .field = "Digest " USER REALM NONCE URI ANSWER QOP },
	{ .want = "OPAQUE", .field = "Digest " USER REALM NONCE URI ANSWER QOP ", opaque=\"oq\"" },
	{ .want = "OPAQUE", .field = ALL, .server = NO_OPAQUE },
	{ .want = "OPAQUE",
	  .field = "Digest " USER REALM NONCE URI ANSWER QOP,
	  .server = EMPTY_OPAQUE },
	{ .want = "",
	  .field = "Digest " USER REALM NONCE URI ANSWER QOP ", opaque=\"\"",
	  .server = EMPTY_OPAQUE },
	{ .want = "URI_OTHER",
	  .field = "Digest " USER REALM NONCE ", uri=\"/other\"" ANSWER QOP OPAQUE,
	  .hashed = { .uri = "/other" } },
	{ .want = "URI_OTHER",
	  .field = "Digest " USER REALM NONCE ", uri=\"\"" ANSWER QOP OPAQUE,
	  .hashed = { .uri = "" } },
	{ .want = "PASSWORD URI_OTHER",
	  .field = "Digest " USER REALM NONCE ", uri=\"/other\"" ANSWER QOP OPAQUE },
	{ .want = "URI_QUERY",
	  .field = "Digest " USER REALM NONCE ", uri=\"/onvif/device_service\"" ANSWER QOP OPAQUE,
	  .hashed = { .uri = "/onvif/device_service" } },
	{ .want = "METHOD", .field = ALL, .hashed = { .method = "GET" } },
	{ .want = "METHOD", .field = ALL, .hashed = { .method = "DESCRIBE" } },
	{ .want = "BODY",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE
		   ", qop=auth-int, nc=00000001, cnonce=\"xyz\"",
	  .hashed = { .qop = "auth-int", .body = "" } },
	{ .want = "BODY",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE
		   ", qop=auth-int, nc=00000001, cnonce=\"xyz\"",
	  .hashed = { .qop = "auth-int", .body = BODY " " } },

	/* --- forms --- */
	{ .want = "RESPONSE_FORM",
	  .field = "Digest " USER REALM NONCE URI ", response=\" @ \"" QOP OPAQUE },
	{ .want = "PASSWORD RESPONSE_FORM",
	  .field = "Digest " USER REALM NONCE URI ", response=\"zz\"" QOP OPAQUE },
	{ .want = "USER_UNKNOWN RESPONSE_FORM",
	  .field = "Digest username=\"x\"" REALM NONCE URI ", response=\"zz\"" QOP OPAQUE },
	{ .want = "PASSWORD RESPONSE_FORM",
	  .field = ALL ", algorithm=MD5",
	  .hashed = { .algorithm = "SHA-256" } },
	{ .want = "RESPONSE_UPPER", .field = ALL, .edit = in_upper_case },
	{ .want = "RESPONSE_PREFIX", .field = ALL, .edit = cut_short },
	{ .want = "RESPONSE_PREFIX", .field = ALL, .edit = made_longer },
	{ .want = "RESPONSE_EMPTY",
	  .field = "Digest " USER REALM NONCE URI ", response=\"\"" QOP OPAQUE },
	{ .want = "NC_FORM",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE ", qop=auth, nc=1, cnonce=\"xyz\"",
	  .hashed = { .nc = "1" } },
	{ .want = "NC_FORM",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE
		   ", qop=auth, nc=0000000A, cnonce=\"xyz\"",
	  .hashed = { .nc = "0000000A" } },
	{ .want = "NC_ZERO",
	  .field = "Digest " USER REALM NONCE URI ANSWER OPAQUE
		   ", qop=auth, nc=00000000, cnonce=\"xyz\"",
	  .hashed = { .nc = "00000000" } },
	{ .want = "NONCE_EMPTY",
	  .field = "Digest " USER REALM ", nonce=\"\"" URI ANSWER QOP OPAQUE,
	  .hashed = { .nonce = "" } },
	/* everything at once */
	{ .want = "SYNTAX USER_UNKNOWN DUPLICATE NO_REALM NO_CNONCE OPAQUE URI_OTHER RESPONSE_FORM "
		  "NC_FORM NONCE_EMPTY",
	  .field = "Digest username=\"\", username=\"\", nonce=\"\", uri=\"x\", response=\"x\", "
		   "qop=auth, nc=x, y=\"" },
};

static struct str either(const char *given, const char *usual)
{
	return str(given ? given : usual);
}

static struct str response_of(const struct row *row)
{
	const struct hashed *h = &row->hashed;
	struct digest_inputs in = {
		.qop = DIGEST_QOP_AUTH,
		.user = either(h->user, "admin"),
		.realm = either(h->realm, "Sarix"),
		.password = either(h->password, "secure"),
		.method = either(h->method, "POST"),
		.uri = either(h->uri, TARGET),
		.body = either(h->body, BODY),
		.nonce = either(h->nonce, "abc"),
		.nc = either(h->nc, "00000001"),
		.cnonce = either(h->cnonce, "xyz"),
	};
	char hex[HASH_HEX_MAX];

	assert_int_equal(digest_algorithm_parse(str(h->algorithm), &in.alg, &in.session), 0);
	if (h->qop && !strcmp(h->qop, "-"))
		in.qop = DIGEST_QOP_NONE;
	else if (h->qop && !strcmp(h->qop, "auth-int"))
		in.qop = DIGEST_QOP_AUTH_INT;
	else if (h->qop)
		in.qop_text = str(h->qop);
	assert_int_equal(digest_response(&in, hex, &err), 0);
	return arena_str(&arena, str(row->edit ? row->edit(hex) : hex));
}

static struct str field_of(const struct row *row)
{
	struct str rest = str(row->field), head = str_cut(&rest, '@');

	if (head.n == strlen(row->field))
		return head;
	return arena_concat(&arena, arena_concat(&arena, head, response_of(row)), rest);
}

static struct verify_result verify(struct verify_policy p, struct str field, const char *target)
{
	struct http_request r = { .method = STR("POST"), .target = str(target), .body = STR(BODY) };
	struct verify_result out;

	http_add(&arena, &r.fields, STR("authorization"), field);
	assert_int_equal(verify_http(&arena, &p, &r, &out, &err), 0);
	return out;
}

static void each_row(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct verify_result out =
			verify(policy_of(rows[i].server), field_of(&rows[i]), TARGET);

		check_view(defects_text(&arena, out.defects), str(rows[i].want ? rows[i].want : ""),
			   rows[i].field);
	}
}

static void userhash(void **state)
{
	char hex[HASH_HEX_MAX];
	struct row row = { .hashed = { .user = DOE, .password = "x" } };
	struct verify_result out;

	(void)state;
	assert_int_equal(digest_userhash(HASH_MD5, STR(DOE), STR("Sarix"), hex, &err), 0);
	row.field = arena_fmt(&arena, "Digest username=\"%s\"%s, userhash=true", hex,
			      REALM NONCE URI ANSWER QOP OPAQUE)
			    .p;
	out = verify(policy_of(FULL), field_of(&row), TARGET);
	check_str(defects_text(&arena, out.defects), "");
	assert_ptr_equal(out.account, &accounts[2]);
	check_view(out.user, str(hex), "user as read");
	check_str(out.inputs.user, DOE);
}

static void what_was_read(void **state)
{
	struct row row = { .field = ALL ", algorithm=MD5-sess",
			   .hashed = { .algorithm = "MD5-sess" } };
	struct verify_result out = verify(policy_of(FULL), field_of(&row), TARGET);
	char hex[HASH_HEX_MAX];

	(void)state;
	assert_ptr_equal(out.account, &accounts[0]);
	check_str(out.user, "admin");
	check_str(out.nonce, "abc");
	check_str(out.cnonce, "xyz");
	assert_true(out.has_nc && out.nc == 1 && out.session);
	assert_int_equal(out.qop, DIGEST_QOP_AUTH);
	assert_int_equal(out.alg, HASH_MD5);
	/* inputs: what is needed for rspauth */
	assert_int_equal(digest_response(&out.inputs, hex, &err), 0);
	check_view(str(hex), response_of(&row), "inputs");
	row.field = ALL ", nc=zz";
	assert_true(verify(policy_of(FULL), STR("Digest nc=zz"), TARGET).has_nc == false);
	assert_true(verify(policy_of(FULL), STR("Digest nc=1ffffffff"), TARGET).nc == 0x1ffffffff);
	assert_false(verify(policy_of(FULL), STR("Digest nc=00000000000000001"), TARGET).has_nc);
}

/* uri against the request line, each with the hash of what was sent. */
static void resources(void **state)
{
	static const struct {
		const char *target, *uri, *want;
	} cases[] = {
		{ "/", "/", "" },
		{ "/", "http://h", "" },
		{ "http://h/", "/", "" },
		{ "*", "*", "" },
		{ "/a", "/a?", "URI_QUERY" },
		{ "/a?", "/a", "URI_QUERY" },
		{ "/a?x", "/a?X", "URI_QUERY" },
		{ "/a?x", "https://[::1]:8/a?x", "" },
		{ "/a?x", "https://h?x", "URI_OTHER" },
		{ "/?x", "https://h?x", "" },
		{ "/a", "/A", "URI_OTHER" },
		{ "/a", "/a/", "URI_OTHER" },
		{ "/a", "a", "URI_OTHER" },
		{ "/~u", "/%7Eu", "" },
		{ "/~u", "/%7eu", "" },
		{ "/a%2fb", "/a%2Fb", "" },
		{ "/a%2fb", "/a/b", "URI_OTHER" },
		{ "/a%", "/a%", "" },
		{ "/a%4", "/a%4", "" },
		{ "/a%41", "/a%2541", "URI_OTHER" },
		{ "/a", "x y://h/a", "URI_OTHER" },
		{ "/a", "://h/a", "URI_OTHER" },
		{ "/a?u=http://h/b", "/a?u=http://h/b", "" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct row row = { .hashed = { .uri = cases[i].uri } };
		struct verify_result out;

		row.field = arena_fmt(&arena, "Digest %s, uri=\"%s\"%s", USER REALM NONCE,
				      cases[i].uri, ANSWER QOP OPAQUE)
				    .p;
		out = verify(policy_of(FULL), field_of(&row), cases[i].target);
		check_view(defects_text(&arena, out.defects), str(cases[i].want), cases[i].uri);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { CHECK(each_row), CHECK(userhash), CHECK(what_was_read),
					    CHECK(resources) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* WWW-Authenticate as servers write it.  Most rows follow the cases of RFC 9110 section 11 and of
 * J. Reschke's collection of HTTP authentication tests (greenbytes.de).
 */
#include "check.h"

#include "auth/challenge.h"
#include "base/buf.h"

/* "Digest realm=[x] nonce=[y]" for each challenge, with ~token68 and the problems: D duplicate,
 * S syntax, N no comma.
 */
static struct str dump(const struct challenge_list *l)
{
	static const char letters[] = "DSN";
	struct buf b;
	struct str text;

	buf_init(&b, 1u << 20);
	for (size_t i = 0; i < l->n; i++) {
		const struct challenge *c = &l->v[i];

		buf_puts(&b, i ? " | " : "");
		buf_str(&b, c->scheme);
		if (c->token68.p)
			buf_fmt(&b, " ~%.*s", STR_ARG(c->token68));
		for (size_t k = 0; k < c->n_param; k++)
			buf_fmt(&b, " %.*s=[%.*s]", STR_ARG(c->param[k].name),
				STR_ARG(c->param[k].value));
		for (int bit = 0; bit < 3; bit++)
			if (c->problems & 1u << bit)
				buf_fmt(&b, " !%c", letters[bit]);
	}
	text = arena_str(&arena, buf_view(&b));
	buf_free(&b);
	return text;
}

static struct str read_one(const char *field)
{
	struct challenge_list l;
	struct str s = str(field);

	assert_int_equal(challenge_parse(&arena, &s, 1, &l, &err), 0);
	return dump(&l);
}

static const struct {
	const char *field, *want;
} rows[] = {
	{ "", "" },
	{ " , ,", "" },
	{ "Basic realm=\"foo\"", "Basic realm=[foo]" },
	{ "BASIC REALM=\"foo\"", "BASIC REALM=[foo]" },
	{ "Basic realm=foo", "Basic realm=[foo]" },
	{ "Basic , realm=\"foo\"", "Basic realm=[foo]" },
	{ "Basic, realm=\"foo\"", "Basic |  realm=[foo] !S" },
	{ "Basic realm = \"foo\"", "Basic realm=[foo]" },
	{ "Basic realm\t=\t\"foo\"", "Basic realm=[foo]" },
	{ "Basic   realm=\"foo\"", "Basic realm=[foo]" },
	{ "Basic realm=\"\\f\\o\\o\"", "Basic realm=[foo]" },
	{ "Basic realm=\"\\\"foo\\\"\"", "Basic realm=[\"foo\"]" },
	{ "Basic realm=\"foo\", bar=\"xyz\",, a=b,", "Basic realm=[foo] bar=[xyz] a=[b]" },
	{ "Basic bar=\"xyz\", realm=\"foo\"", "Basic bar=[xyz] realm=[foo]" },
	{ "Basic realm=\"a\", realm=\"b\"", "Basic realm=[a] realm=[b] !D" },
	{ "Basic realm=\"a\", REALM=\"b\"", "Basic realm=[a] REALM=[b] !D" },
	{ "Basic", "Basic" },
	{ "Negotiate, Basic realm=\"x\"", "Negotiate | Basic realm=[x]" },
	{ "Newauth realm=\"newauth\", Basic realm=\"basic\"",
	  "Newauth realm=[newauth] | Basic realm=[basic]" },
	/* RFC 9110 11.6.1 */
	{ "Basic realm=\"basic\", Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\"",
	  "Basic realm=[basic] | Newauth realm=[apps] type=[1] title=[Login to \"apps\"]" },
	{ "Newauth abc==, Basic realm=\"x\"", "Newauth ~abc== | Basic realm=[x]" },
	{ "NTLM TlRMTVNTUAAB/+-._~==", "NTLM ~TlRMTVNTUAAB/+-._~==" },
	{ "Digest realm=\"a, Basic realm=\\\"b\\\"\", nonce=\"n\"",
	  "Digest realm=[a, Basic realm=\"b\"] nonce=[n]" },
	{ "Basic realm=\"", "Basic realm=[] !S" },
	{ "Basic realm=\"foo", "Basic realm=[foo] !S" },
	{ "Basic realm=\"foo\\", "Basic realm=[foo\\] !S" },
	{ "Digest nonce=\"n\", realm=\"r\", qop=\"auth, auth-int\", algorithm=MD5",
	  "Digest nonce=[n] realm=[r] qop=[auth, auth-int] algorithm=[MD5]" },
	{ "Digest nonce=\"n\", realm=\"r\", qop=auth", "Digest nonce=[n] realm=[r] qop=[auth]" },
	{ "Digest realm=\"r\", nonce=\"n\", stale=\"TRUE\"",
	  "Digest realm=[r] nonce=[n] stale=[TRUE]" },
	{ "Digest realm=\"r\", nonce=\"\", qop=\"auth\"", "Digest realm=[r] nonce=[] qop=[auth]" },
	{ "Digest realm=\"\xe9\"", "Digest realm=[\xe9]" },
	{ "Digest realm=\"\xc3\xa9\"", "Digest realm=[\xc3\xa9]" },
	{ "Digest realm=\"r\",\r\n nonce=\"n\"", "Digest realm=[r] nonce=[n]" },
	{ "Digest realm=\"a \r\n\t b\"", "Digest realm=[a b]" },
	{ "Digest realm=\"r\",nonce=\"n\"", "Digest realm=[r] nonce=[n]" },
	/* Pelco's article on Sarix: the challenge and the credentials as printed */
	{ "Digest realm=\"Sarix\" nonce=\"40348f31eb8ea656bdf1d4704b054064\", "
	  "qop=\"auth,auth-int\"",
	  "Digest realm=[Sarix] nonce=[40348f31eb8ea656bdf1d4704b054064] qop=[auth,auth-int] !N" },
	{ "Digest username=\"admin\" realm=\"Sarix\" qop=auth nc=00000001",
	  "Digest username=[admin] realm=[Sarix] qop=[auth] nc=[00000001] !N" },
	/* Only after a comma does a word start another challenge. */
	{ "Basic realm=\"a\" Newauth x=1", "Basic realm=[a] x=[1] !S !N" },
	{ "Newauth Basic realm=\"x\"", "Newauth realm=[x] !S" },
	{ "realm=\"x\"", " realm=[x] !S" },
	{ "=\"x\"", " !S" },
	{ "\"Basic\" realm=\"x\"", " realm=[x] !S" },
	{ "Digest realm=\"r\"; nonce=\"n\"", "Digest realm=[r] nonce=[n] !S !N" },
	{ "Digest realm=\"r\"nonce=\"n\"", "Digest realm=[r] nonce=[n] !S" },
	{ "Digest realm=\"r\", nonce=ab/cd==", "Digest realm=[r] nonce=[ab/cd==] !S" },
	{ "Digest realm=\"r\", nonce=", "Digest realm=[r] nonce=[] !S" },
	{ "Digest realm=\"r\", nonce=, qop=\"auth\"", "Digest realm=[r] nonce=[] qop=[auth] !S" },
	{ "Newauth abc==, x=1", "Newauth ~abc== x=[1] !S" },
	{ "Basic dXNl cjpw", "Basic !S" },
	{ "Basic(realm=x)", "Basic realm=[x)] !S" },
	{ "Digest realm=\"a\x01z\"", "Digest realm=[a\x01z] !S" },
	{ "<html>", " !S" },
};

static void published_readings(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_view(read_one(rows[i].field), str(rows[i].want), rows[i].field);
}

/* Whatever the cut, every view lies inside what was given and nothing crashes. */
static void every_prefix(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t n = 0; n <= strlen(rows[i].field); n++) {
			char *copy = malloc(n + 1);
			struct challenge_list l;
			struct str s = str_n(copy, n);

			assert_non_null(copy);
			memcpy(copy, rows[i].field, n);
			assert_int_equal(challenge_parse(&arena, &s, 1, &l, &err), 0);
			for (size_t k = 0; k < l.n; k++)
				assert_in_range(l.v[k].text.n, 0, n);
			free(copy);
		}
	}
}

static void several_fields(void **state)
{
	struct str two[] = { STR("Basic realm=\"x\""), STR("Digest realm=\"y\", nonce=\"n\"") };
	struct str one = STR("Basic realm=\"x\", Digest realm=\"y\", nonce=\"n\"");
	struct str cut[] = { STR("Digest realm=\"y\""), STR("nonce=\"n\", Basic realm=\"x\"") };
	struct str open[] = { STR("Basic realm=\"x"), STR("Digest realm=\"y\"") };
	struct challenge_list l, same;

	(void)state;
	assert_int_equal(challenge_parse(&arena, two, 2, &l, &err), 0);
	assert_int_equal(challenge_parse(&arena, &one, 1, &same, &err), 0);
	check_view(dump(&l), dump(&same), "two fields");
	check_str(l.v[0].text, "Basic realm=\"x\"");
	check_str(same.v[0].text, "Basic realm=\"x\"");
	check_str(same.v[1].text, "Digest realm=\"y\", nonce=\"n\"");
	/* RFC 9110 5.3: the fields of one name are one list. */
	assert_int_equal(challenge_parse(&arena, cut, 2, &l, &err), 0);
	check_str(dump(&l), "Digest realm=[y] nonce=[n] | Basic realm=[x]");
	check_str(l.v[0].text, "Digest realm=\"y\", nonce=\"n\"");
	/* ... but a string does not go on in the next field. */
	assert_int_equal(challenge_parse(&arena, open, 2, &l, &err), 0);
	check_str(dump(&l), "Basic realm=[x] !S | Digest realm=[y]");
}

static void raw_and_quoted(void **state)
{
	struct str s = STR("Digest realm=\"a\\\"b\", nc=1");
	struct challenge_list l;
	const struct auth_param *p;

	(void)state;
	assert_int_equal(challenge_parse(&arena, &s, 1, &l, &err), 0);
	assert_true(challenge_is(&l.v[0], "digest"));
	p = challenge_param(&l.v[0], "REALM");
	assert_non_null(p);
	assert_true(p->quoted);
	check_str(p->raw, "\"a\\\"b\"");
	p = challenge_param(&l.v[0], "nc");
	assert_non_null(p);
	assert_false(p->quoted);
	check_str(p->raw, "1");
	assert_null(challenge_param(&l.v[0], "nonce"));
}

static void limits(void **state)
{
	struct challenge_list l;
	struct str s, schemes = STR(""), params = STR("a b=c");
	char *large = malloc(65537);

	(void)state;
	assert_non_null(large);
	memset(large, 'x', 65537);
	s = str_n(large, 65536);
	assert_int_equal(challenge_parse(&arena, &s, 1, &l, &err), 0);
	s = str_n(large, 65537);
	assert_int_equal(challenge_parse(&arena, &s, 1, &l, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	free(large);
	for (int i = 0; i < 64; i++)
		schemes = arena_concat(&arena, schemes, STR("a,"));
	assert_int_equal(challenge_parse(&arena, &schemes, 1, &l, &err), 0);
	assert_int_equal(l.n, 64);
	schemes = arena_concat(&arena, schemes, STR("a,"));
	assert_int_equal(challenge_parse(&arena, &schemes, 1, &l, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	for (int i = 1; i < 64; i++)
		params = arena_concat(&arena, params, STR(",b=c"));
	assert_int_equal(challenge_parse(&arena, &params, 1, &l, &err), 0);
	assert_int_equal(l.v[0].n_param, 64);
	params = arena_concat(&arena, params, STR(",b=c"));
	assert_int_equal(challenge_parse(&arena, &params, 1, &l, &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
}

static void credentials(void **state)
{
	static const struct {
		const char *field, *scheme;
		unsigned problems;
	} cases[] = {
		{ "Digest username=\"u\", nc=1", "Digest", 0 },
		{ "  Basic dXNlcjpwYXNz  ", "Basic", 0 },
		{ "Digest a=b c=d", "Digest", CHALLENGE_NO_COMMA },
		{ "Digest a=b, a=d", "Digest", CHALLENGE_DUPLICATE },
		{ "Digest a=b, Basic x", "Digest", CHALLENGE_SYNTAX },
		{ ", Digest a=b", "Digest", CHALLENGE_SYNTAX },
		{ "Basic dXNl cjpw", "Basic", CHALLENGE_SYNTAX },
		{ "", "", CHALLENGE_SYNTAX },
		{ "YWRtaW46c2VjdXJl", "YWRtaW46c2VjdXJl", 0 }, /* as Pelco's article prints it */
	};
	struct challenge c;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		assert_int_equal(credentials_parse(&arena, str(cases[i].field), &c, &err), 0);
		check_view(c.scheme, str(cases[i].scheme), cases[i].field);
		assert_int_equal(c.problems, cases[i].problems);
		check_view(c.text, str_trim(str(cases[i].field)), "text");
	}
}

static int read_digest(const char *field, struct digest_challenge *d)
{
	struct challenge_list l;
	struct str s = str(field);

	assert_int_equal(challenge_parse(&arena, &s, 1, &l, &err), 0);
	assert_true(l.n > 0);
	return digest_challenge_read(&l.v[0], d, &err);
}

static void digest_good(void **state)
{
	struct digest_challenge d;

	(void)state;
	assert_int_equal(read_digest("Digest realm=\"r\", nonce=\"n\"", &d), 0);
	assert_int_equal(d.alg, HASH_MD5);
	assert_false(d.session || d.has_qop || d.qop_auth || d.qop_auth_int || d.stale ||
		     d.has_opaque || d.userhash || d.charset_utf8);
	assert_null(d.algorithm.p);
	/* RFC 7616 3.9.2 */
	assert_int_equal(read_digest("Digest realm=\"api@example.org\", qop=\"auth\", "
				     "algorithm=SHA-512-256, "
				     "nonce=\"5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK\", "
				     "opaque=\"HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS\", "
				     "charset=UTF-8, userhash=true",
				     &d),
			 0);
	assert_int_equal(d.alg, HASH_SHA512_256);
	assert_true(d.qop_auth && !d.qop_auth_int && d.has_qop && d.has_opaque && d.userhash &&
		    d.charset_utf8);
	check_str(d.opaque, "HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS");
	/* as the field writes it: no comma, quoted tokens, spaces, unknown options */
	assert_int_equal(
		read_digest("Digest realm=\"Sarix\" nonce=\"40\", qop=\"auth,auth-int\"", &d), 0);
	assert_true(d.qop_auth && d.qop_auth_int);
	assert_int_equal(
		read_digest("digest REALM=r, nonce=n, qop=\" auth-int , x\", stale=\"TRUE\", "
			    "algorithm=\"md5-SESS\", opaque=\"\"",
			    &d),
		0);
	assert_true(d.qop_auth_int && !d.qop_auth && d.stale && d.session && d.has_opaque);
	assert_int_equal(d.alg, HASH_MD5);
	check_str(d.algorithm, "md5-SESS");
	assert_int_equal(read_digest("Digest realm=\"r\", nonce=\"\", qop=\"\", stale=maybe", &d),
			 0);
	assert_true(d.has_qop && !d.qop_auth && !d.stale);
}

static void digest_bad(void **state)
{
	static const struct {
		const char *field, *error;
	} bad[] = {
		{ "Basic realm=\"r\"", "not a Digest challenge" },
		{ "Digest nonce=\"n\"", "the Digest challenge has no realm" },
		{ "Digest realm=\"r\"", "the Digest challenge has no nonce" },
		{ "Digest realm=\"r\", nonce=\"n\", algorithm=FOO-1",
		  "nobody registered the algorithm \"FOO-1\"" },
		{ "Digest realm=\"r\", nonce=\"n\", qop=\"auth-conf\"", "no known option in qop" },
		{ "Digest realm=\"r\", nonce=\"n\", nonce=\"m\"",
		  "a parameter of the Digest challenge comes twice" },
		{ "Digest realm=\"r\", nonce=\"n", "the Digest challenge breaks its grammar" },
	};
	struct digest_challenge d;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(read_digest(bad[i].field, &d), -1);
		assert_int_equal(err.code, ERR_PARSE);
		assert_string_equal(err.text, bad[i].error);
	}
}

static void algorithms(void **state)
{
	static const char *const unknown[] = { "SHA",  "SHA-1",   "SHA1",          "-sess",
					       "MD5-", "SHA-512", "MD5-sess-sess", "token" };
	enum hash_alg alg;
	bool session;

	(void)state;
	assert_int_equal(digest_algorithm_parse(STR(""), &alg, &session), 0);
	assert_true(alg == HASH_MD5 && !session);
	for (int i = 0; i < 2 * HASHES; i++) {
		const char *name = digest_algorithm_name((enum hash_alg)(i / 2), i % 2);

		if (i / 2 == HASH_SHA1) {
			assert_string_equal(name, "");
			continue;
		}
		assert_int_equal(digest_algorithm_parse(str(name), &alg, &session), 0);
		assert_int_equal(alg, i / 2);
		assert_int_equal(session, i % 2);
	}
	assert_string_equal(digest_algorithm_name(HASH_SHA512_256, true), "SHA-512-256-sess");
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_int_equal(digest_algorithm_parse(str(unknown[i]), &alg, &session), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(published_readings), CHECK(every_prefix), CHECK(several_fields),
		CHECK(raw_and_quoted),     CHECK(limits),       CHECK(credentials),
		CHECK(digest_good),        CHECK(digest_bad),   CHECK(algorithms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

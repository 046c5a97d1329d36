/* What a challenge asks for, and what is wrong with it: RFC 9110 11, RFC 7616 3.3, RFC 7617 2. */
#include "cli/decode_parts.h"

/* --- tests of one challenge --- */

static struct str param(const struct challenge *c, const char *name)
{
	const struct auth_param *p = challenge_param(c, name);

	return p ? p->value : (struct str){ NULL, 0 };
}

static bool is_digest(const struct challenge *c)
{
	return challenge_is(c, "Digest");
}

static bool syntax(const struct challenge *c)
{
	return c->problems & CHALLENGE_SYNTAX;
}

static bool duplicate(const struct challenge *c)
{
	return c->problems & CHALLENGE_DUPLICATE;
}

static bool no_comma(const struct challenge *c)
{
	return c->problems & CHALLENGE_NO_COMMA;
}

static bool no_scheme(const struct challenge *c)
{
	return c->scheme.n == 0;
}

static bool no_realm(const struct challenge *c)
{
	return (is_digest(c) || challenge_is(c, "Basic")) && !challenge_param(c, "realm");
}

static bool no_nonce(const struct challenge *c)
{
	return is_digest(c) && !param(c, "nonce").n;
}

static bool unknown_algorithm(const struct challenge *c)
{
	enum hash_alg alg;
	bool session;

	return is_digest(c) && digest_algorithm_parse(param(c, "algorithm"), &alg, &session);
}

static bool unknown_qop(const struct challenge *c)
{
	struct digest_challenge d;
	struct err ignored;

	return is_digest(c) && param(c, "qop").n && !syntax(c) && !duplicate(c) && !no_realm(c) &&
	       !no_nonce(c) && !unknown_algorithm(c) && digest_challenge_read(c, &d, &ignored);
}

/* RFC 7616 3.3: these are quoted-strings, and those are not, "for historical reasons". */
static bool unquoted(const struct challenge *c)
{
	static const char *const names[] = { "realm", "domain", "nonce", "opaque", "qop" };

	for (size_t i = 0; i < COUNT(names) && is_digest(c); i++) {
		const struct auth_param *p = challenge_param(c, names[i]);

		if (p && !p->quoted)
			return true;
	}
	return false;
}

static bool quoted(const struct challenge *c)
{
	static const char *const names[] = { "stale", "algorithm" };

	for (size_t i = 0; i < COUNT(names) && is_digest(c); i++) {
		const struct auth_param *p = challenge_param(c, names[i]);

		if (p && p->quoted)
			return true;
	}
	return false;
}

static bool is_bool(struct str s)
{
	return !s.p || str_ieq(s, STR("true")) || str_ieq(s, STR("false"));
}

static bool odd_stale(const struct challenge *c)
{
	return is_digest(c) && !is_bool(param(c, "stale"));
}

static bool odd_userhash(const struct challenge *c)
{
	return is_digest(c) && !is_bool(param(c, "userhash"));
}

static bool odd_charset(const struct challenge *c)
{
	struct str charset = param(c, "charset");

	return charset.p && !str_ieq(charset, STR("UTF-8"));
}

static bool stale(const struct challenge *c)
{
	return is_digest(c) && str_ieq(param(c, "stale"), STR("true"));
}

static bool no_qop(const struct challenge *c)
{
	return is_digest(c) && !param(c, "qop").n;
}

static bool md5(const struct challenge *c)
{
	enum hash_alg alg;
	bool session;

	return is_digest(c) && !digest_algorithm_parse(param(c, "algorithm"), &alg, &session) &&
	       alg == HASH_MD5;
}

static bool basic(const struct challenge *c)
{
	return challenge_is(c, "Basic");
}

static const struct {
	enum decoded_weight weight;
	const char *name, *text, *clause;
	bool (*test)(const struct challenge *c);
} rows[] = {
	{ DECODED_WRONG, "challenge-no-scheme", "parameters without a scheme before them",
	  "RFC 9110 section 11.3", no_scheme },
	{ DECODED_WRONG, "challenge-syntax",
	  "stray octets, or a quoted-string that does not end: a client may drop all of it",
	  "RFC 9110 section 11.2", syntax },
	{ DECODED_WRONG, "challenge-duplicate", "a parameter comes twice", "RFC 9110 section 11.2",
	  duplicate },
	{ DECODED_WRONG, "challenge-no-comma", "parameters are parted by white space only",
	  "RFC 9110 section 11.2", no_comma },
	{ DECODED_WRONG, "challenge-no-realm", "no realm",
	  "RFC 7616 section 3.3, RFC 7617 section 2", no_realm },
	{ DECODED_WRONG, "challenge-no-nonce", "no nonce, or an empty one", "RFC 7616 section 3.3",
	  no_nonce },
	{ DECODED_WRONG, "challenge-algorithm",
	  "an algorithm that nobody registered: a client must pass over this challenge",
	  "RFC 7616 section 3.3", unknown_algorithm },
	{ DECODED_WRONG, "challenge-qop", "qop has no known option: it cannot be answered",
	  "RFC 7616 section 3.3", unknown_qop },
	{ DECODED_WRONG, "challenge-unquoted",
	  "realm, domain, nonce, opaque and qop must be quoted, and one is not",
	  "RFC 7616 section 3.3", unquoted },
	{ DECODED_WRONG, "challenge-quoted", "stale and algorithm must not be quoted, and one is",
	  "RFC 7616 section 3.3", quoted },
	{ DECODED_WRONG, "challenge-stale", "stale is neither true nor false, which means false",
	  "RFC 7616 section 3.3", odd_stale },
	{ DECODED_WRONG, "challenge-userhash", "userhash is neither true nor false",
	  "RFC 7616 section 3.3", odd_userhash },
	{ DECODED_WRONG, "challenge-charset", "a charset other than UTF-8",
	  "RFC 7616 section 3.3, RFC 7617 section 2.1", odd_charset },
	{ DECODED_NOTE, "challenge-is-stale",
	  "the nonce's life was over: answer again with this one, without asking for a password",
	  "RFC 7616 section 3.3", stale },
	{ DECODED_NOTE, "challenge-no-qop",
	  "no qop: the answer is the old one, without cnonce and nc, and a captured one works as "
	  "long as the nonce",
	  "RFC 7616 section 3.3, RFC 2069", no_qop },
	{ DECODED_NOTE, "challenge-md5", "MD5, which is there for old clients only",
	  "RFC 7616 section 5.12", md5 },
	{ DECODED_NOTE, "challenge-basic", "the password will go over the wire as it is: use TLS",
	  "RFC 7617 section 4", basic },
};

/* --- what a client must answer --- */

static struct str digest_answer(struct arena *a, const struct digest_challenge *c)
{
	const char *qop = c->qop_auth       ? ", qop=auth, nc=00000001, cnonce"
			  : c->qop_auth_int ? ", qop=auth-int, nc=00000001, cnonce"
			  : c->session      ? ", cnonce"
					    : "";

	return arena_fmt(a,
			 "Digest with username%s, realm and nonce as here, uri, response (%zu hex "
			 "digits of %s)%s%s%s",
			 c->userhash ? " as H(name:realm) and userhash=true" : "",
			 2 * hash_bytes(c->alg), digest_algorithm_name(c->alg, c->session),
			 c->algorithm.p ? ", algorithm as here" : "",
			 c->has_opaque ? ", opaque as here" : "", qop);
}

static struct str answer(struct arena *a, const struct challenge *c)
{
	struct digest_challenge d;
	struct err why;

	if (basic(c))
		return STR("Basic with Base64 of name, colon, password");
	if (!is_digest(c))
		return STR("nothing that this program knows: another scheme");
	if (digest_challenge_read(c, &d, &why))
		return arena_fmt(a, "nothing: %s", why.text);
	return digest_answer(a, &d);
}

static int explain(struct decoder *d, size_t line, const struct challenge *c, const char *where)
{
	static const char *const facts[] = { "realm",  "algorithm", "qop",     "nonce",   "opaque",
					     "domain", "stale",     "charset", "userhash" };
	struct decoded_item *item = decoding_item(d->a, d->out, line,
						  is_digest(c) ? "Digest challenge"
						  : basic(c)   ? "Basic challenge"
							       : "challenge");
	bool wrong = false;

	if (!item)
		return arena_check(d->a, d->err);
	decoding_fact(item, "in", str(where));
	decoding_fact(item, "scheme", c->scheme);
	for (size_t i = 0; i < COUNT(facts); i++)
		decoding_fact(item, facts[i], param(c, facts[i]));
	decoding_fact(item, "answer", answer(d->a, c));
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!rows[i].test(c))
			continue;
		decoding_find(item, rows[i].weight, rows[i].name, str(rows[i].text),
			      rows[i].clause);
		wrong = wrong || rows[i].weight == DECODED_WRONG;
	}
	if (!wrong)
		decoding_find(item, DECODED_RIGHT, "challenge", STR("keeps the grammar"),
			      "RFC 9110 section 11.3");
	return arena_check(d->a, d->err);
}

int decode_challenges(struct decoder *d, size_t line, const struct str *field, size_t n,
		      const char *where)
{
	struct decoded_item *item;

	if (challenge_parse(d->a, field, n, &d->offered, d->err))
		return err_prefix(d->err, "%zu", line);
	for (size_t i = 0; i < d->offered.n; i++) {
		const struct challenge *c = &d->offered.v[i];

		if (explain(d, decode_line(d, c->text, line), c, where))
			return -1;
	}
	if (d->offered.n)
		return 0;
	item = decoding_item(d->a, d->out, line, "challenge");
	if (item)
		decoding_find(item, DECODED_WRONG, "challenge-empty",
			      STR("a field without a challenge"), "RFC 9110 section 11.6.1");
	return arena_check(d->a, d->err);
}

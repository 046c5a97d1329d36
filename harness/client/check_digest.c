/* How Digest credentials are written: RFC 7616 3.4, RFC 2617 3.2.2 where no qop is offered. */
#include "client/check_parts.h"

/* --- form --- */

/* RFC 7616 3.4: "for historical reasons".  Nothing is said of userhash. */
static const struct {
	const char *name;
	bool quoted;
} quoting[] = {
	{ "username", true },
	{ "realm", true },
	{ "nonce", true },
	{ "uri", true },
	{ "response", true },
	{ "cnonce", true },
	{ "opaque", true },
	{ "algorithm", false },
	{ "qop", false },
	{ "nc", false },
	/* RFC 8187 3.2.1: an ext-value is no quoted-string. */
	{ "username*", false },
};

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] > 126)
			return false;
	return true;
}

/* Those that are to be in quotes, or those that are not to be. */
static struct check_finding quotes(const struct check_view *w, const struct heard *h, bool wanted)
{
	for (size_t i = 0; i < COUNT(quoting); i++) {
		const struct auth_param *p = challenge_param(&h->authorization, quoting[i].name);

		if (p && quoting[i].quoted == wanted && p->quoted != wanted)
			return check_broken(w, h, "expected %s %s, got %s=%.*s", quoting[i].name,
					    wanted ? "in quotes" : "without quotes",
					    quoting[i].name, STR_ARG(str_sub(p->raw, 0, 80)));
	}
	return check_holds();
}

struct check_finding judge_digest_quoted(const struct check_view *w, const struct conversation *c,
					 const struct heard *h)
{
	(void)c;
	return quotes(w, h, true);
}

struct check_finding judge_digest_unquoted(const struct check_view *w, const struct conversation *c,
					   const struct heard *h)
{
	(void)c;
	return quotes(w, h, false);
}

/* RFC 9110 5.6.4. */
struct check_finding judge_digest_escapes(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	(void)c;
	for (size_t i = 0; i < h->authorization.n_param; i++) {
		const struct auth_param *p = &h->authorization.param[i];

		for (size_t k = 0; p->quoted && k + 1 < p->raw.n; k++) {
			if (p->raw.p[k] != '\\')
				continue;
			k++;
			if (p->raw.p[k] != '"' && p->raw.p[k] != '\\')
				return check_broken(w, h,
						    "expected no backslash before \"%c\", got one "
						    "in %.*s",
						    p->raw.p[k] < 0x20 || p->raw.p[k] > 0x7e
							    ? '?'
							    : p->raw.p[k],
						    STR_ARG(str_sub(p->name, 0, 40)));
		}
	}
	return check_holds();
}

struct check_finding judge_digest_grammar(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	struct check_finding f;

	(void)c;
	if (defect_has(&h->http.defects, DEFECT_SYNTAX))
		return check_broken(w, h, "expected the grammar of RFC 9110 11.4, got %.*s",
				    STR_ARG(check_quoted(w, h->authorization.text)));
	if (defect_has(&h->http.defects, DEFECT_NO_COMMA))
		return check_broken(w, h, "expected parameters parted by commas, got %.*s",
				    STR_ARG(check_quoted(w, h->authorization.text)));
	f = quotes(w, h, true);
	f = f.held == HOLDS ? quotes(w, h, false) : f;
	if (f.held != HOLDS)
		return f;
	if (!is_ascii(check_param(h, "cnonce")))
		return check_broken(w, h, "expected a cnonce in ASCII, got %.*s",
				    STR_ARG(check_quoted(w, check_param(h, "cnonce"))));
	return check_holds();
}

static const char *twice(const struct heard *h)
{
	for (size_t i = 0; i < COUNT(quoting); i++) {
		size_t n = 0;

		for (size_t k = 0; k < h->authorization.n_param; k++)
			n += str_ieq(h->authorization.param[k].name, str(quoting[i].name));
		if (n > 1)
			return quoting[i].name;
	}
	return "one";
}

struct check_finding judge_digest_complete(const struct check_view *w, const struct conversation *c,
					   const struct heard *h)
{
	static const char *const mandatory[] = { "realm", "nonce", "uri", "response" };
	bool user = check_param(h, "username").p, star = check_param(h, "username*").p;

	(void)c;
	if (defect_has(&h->http.defects, DEFECT_DUPLICATE))
		return check_broken(w, h, "expected each parameter once, got %s twice", twice(h));
	if (user == star)
		return check_broken(w, h, "expected username (or username*), got %s",
				    user ? "both" : "neither");
	for (size_t i = 0; i < COUNT(mandatory); i++) {
		if (!check_param(h, mandatory[i]).p)
			return check_broken(w, h, "expected %s, got none", mandatory[i]);
	}
	return check_holds();
}

struct check_finding judge_digest_nc_form(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	struct str nc = check_param(h, "nc");

	(void)c;
	if (!nc.p)
		return check_unseen(NULL);
	if (defect_has(&h->http.defects, DEFECT_NC_FORM))
		return check_broken(w, h,
				    "expected an nc of eight lower-case hexadecimal digits, got "
				    "%.*s",
				    STR_ARG(check_quoted(w, nc)));
	return check_holds();
}

struct check_finding judge_digest_cnonce_length(const struct check_view *w,
						const struct conversation *c, const struct heard *h)
{
	struct str cnonce = check_param(h, "cnonce");

	(void)c;
	if (!cnonce.p)
		return check_unseen(NULL);
	if ((int64_t)cnonce.n < w->value)
		return check_broken(w, h, "expected a cnonce of %lld characters or more, got %zu",
				    (long long)w->value, cnonce.n);
	return check_holds();
}

/* --- what comes back as it was sent --- */

static struct check_finding expect_same(const struct check_view *w, const struct heard *h,
					const char *name, struct str want)
{
	struct str got = check_param(h, name);

	if (!want.p == !got.p && str_eq(want, got))
		return check_holds();
	return check_broken(w, h, "expected %s %.*s, got %.*s", name,
			    STR_ARG(want.p ? check_quoted(w, want) : STR("left out")),
			    STR_ARG(check_quoted(w, got)));
}

struct check_finding judge_digest_opaque(const struct check_view *w, const struct conversation *c,
					 const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);

	if (!d)
		return check_unseen("it answered no challenge that it was sent");
	return expect_same(w, h, "opaque", d->has_opaque ? d->opaque : (struct str){ NULL, 0 });
}

struct check_finding judge_digest_realm(const struct check_view *w, const struct conversation *c,
					const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);

	if (!d)
		return check_unseen("it answered no challenge that it was sent");
	return expect_same(w, h, "realm", d->realm);
}

/* RFC 7616 3.4: the values of opaque and algorithm are those supplied.  Names of algorithms have
 * no case. */
struct check_finding judge_digest_algorithm(const struct check_view *w,
					    const struct conversation *c, const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);
	struct str got = check_param(h, "algorithm");

	if (!d)
		return check_unseen("it answered no challenge that it was sent");
	if (d->algorithm.p && got.p && str_ieq(d->algorithm, got))
		return check_holds();
	return expect_same(w, h, "algorithm", d->algorithm);
}

/* scheme "://" authority in front, if there is one; "/" when nothing is behind it. */
static struct str behind_authority(struct str uri)
{
	size_t at = str_find(uri, STR("://")), slash;

	if (!str_istarts(uri, STR("http://")) && !str_istarts(uri, STR("https://")))
		return uri;
	uri = str_sub(uri, at + 3, uri.n);
	slash = str_chr(uri, '/');
	return slash == (size_t)-1 ? STR("/") : str_sub(uri, slash, uri.n);
}

/* RFC 7616 3.4.6: it agrees with the request target.  3.4 names the effective request URI, so an
 * absolute one is right, too; but nothing may be decoded, encoded or left out, for it is hashed. */
struct check_finding judge_digest_uri(const struct check_view *w, const struct conversation *c,
				      const struct heard *h)
{
	struct str uri = check_param(h, "uri"), target = h->request.target;

	(void)c;
	if (!uri.p)
		return check_unseen("no request had a uri");
	if (str_eq(uri, target) || str_eq(behind_authority(uri), behind_authority(target)))
		return check_holds();
	return expect_same(w, h, "uri", target);
}

/* --- names --- */

struct check_finding judge_digest_username(const struct check_view *w, const struct conversation *c,
					   const struct heard *h)
{
	bool hashed = str_ieq(check_param(h, "userhash"), STR("true"));
	struct str want = c->told.user;
	char hex[HASH_HEX_MAX];
	struct err ignored;

	if (!h->http.user.p)
		return check_unseen("no request had a username");
	if (hashed) {
		if (digest_userhash(h->http.alg, want, h->http.inputs.realm, hex, &ignored))
			return check_unseen(NULL);
		want = str(hex);
	}
	if (str_eq(h->http.user, want))
		return check_holds();
	return check_broken(w, h, "expected username %.*s%s, got %.*s",
			    STR_ARG(check_quoted(w, want)), hashed ? " (userhash=true)" : "",
			    STR_ARG(check_quoted(w, h->http.user)));
}

/* RFC 7616 3.4.4 binds the client that supports it; to send the plain name is to do without. */
struct check_finding judge_digest_userhash(const struct check_view *w, const struct conversation *c,
					   const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);
	struct str got = check_param(h, "userhash");

	if (!d || !d->userhash)
		return check_unseen(NULL);
	if (!got.p && str_eq(h->http.user, c->told.user))
		return check_unseen("it does not hash names");
	if (!str_ieq(got, STR("true")))
		return check_broken(w, h, "expected userhash=true, got %.*s",
				    STR_ARG(check_quoted(w, got)));
	return judge_digest_username(w, c, h);
}

/* userhash=false says what leaving it out says. */
struct check_finding judge_digest_userhash_absent(const struct check_view *w,
						  const struct conversation *c,
						  const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);
	struct str got = check_param(h, "userhash");

	if (!d || d->userhash)
		return check_unseen(NULL);
	if (got.p && !str_ieq(got, STR("false")))
		return check_broken(w, h, "expected userhash left out, got %.*s",
				    STR_ARG(check_quoted(w, got)));
	return check_holds();
}

/* --- qop --- */

static bool offers_qop(const struct digest_challenge *d)
{
	return d->qop_auth || d->qop_auth_int;
}

struct check_finding judge_digest_qop_single(const struct check_view *w,
					     const struct conversation *c, const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);
	struct str qop = check_param(h, "qop");

	if (!d || !offers_qop(d) || !qop.p)
		return check_unseen(NULL);
	if ((d->qop_auth && str_ieq(qop, STR("auth"))) ||
	    (d->qop_auth_int && str_ieq(qop, STR("auth-int"))))
		return check_holds();
	return check_broken(w, h, "expected qop=%s, got %.*s",
			    !d->qop_auth       ? "auth-int"
			    : !d->qop_auth_int ? "auth"
					       : "auth or qop=auth-int",
			    STR_ARG(check_quoted(w, qop)));
}

static const char *const with_qop[] = { "qop", "nc", "cnonce" };

struct check_finding judge_digest_qop_present(const struct check_view *w,
					      const struct conversation *c, const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);

	if (!d || !offers_qop(d))
		return check_unseen(NULL);
	for (size_t i = 0; i < COUNT(with_qop); i++) {
		if (!check_param(h, with_qop[i]).p)
			return check_broken(w, h,
					    "expected %s, as the challenge offers qop, got none",
					    with_qop[i]);
	}
	return check_holds();
}

/* RFC 2617 3.2.2: they MUST NOT be there.  A -sess key cannot be made without a cnonce. */
struct check_finding judge_digest_qop_absent(const struct check_view *w,
					     const struct conversation *c, const struct heard *h)
{
	const struct digest_challenge *d = check_challenge(c, h);

	if (!d || offers_qop(d))
		return check_unseen(NULL);
	for (size_t i = 0; i < COUNT(with_qop); i++) {
		struct str got = check_param(h, with_qop[i]);

		if (got.p && !(d->session && str_eq(str(with_qop[i]), STR("cnonce"))))
			return check_broken(w, h,
					    "expected no %s, as the challenge offers no qop, got "
					    "%.*s",
					    with_qop[i], STR_ARG(check_quoted(w, got)));
	}
	return check_holds();
}

/* challenges.c - WWW-Authenticate and Authentication-Info. */
#include "device/internal.h"

static struct str quote(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, 2 * s.n + 3);
	size_t n = 0;

	if (!p)
		return STR("\"\"");
	p[n++] = '"';
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			p[n++] = '\\';
		p[n++] = s.p[i];
	}
	p[n++] = '"';
	return str_n(p, n);
}

/* One challenge while it is written. */
struct writer {
	struct arena *a;
	struct str text;
	bool any;
};

static void param(struct writer *w, const char *name, struct str value)
{
	struct str head = arena_fmt(w->a, "%s%s=", w->any ? ", " : " ", name);

	w->text = arena_concat(w->a, arena_concat(w->a, w->text, head), value);
	w->any = true;
}

static void param_qop(struct writer *w, const struct device *d)
{
	const struct persona *p = d->persona;
	const char *list = p->qop_auth && p->qop_auth_int ? "auth,auth-int"
			   : p->qop_auth                  ? "auth"
							  : "auth-int";

	if ((!p->qop_auth && !p->qop_auth_int) || d->on[CHALLENGE_NO_QOP])
		return;
	if (d->on[CHALLENGE_UNTERMINATED])
		param(w, "qop", arena_concat(w->a, STR("\""), str(list)));
	else
		param(w, "qop", d->on[CHALLENGE_QOP_UNQUOTED] ? str(list) : quote(w->a, str(list)));
}

/* RFC 7616 3.3: stale and algorithm are tokens and are not quoted. */
static void param_token(struct writer *w, const char *name, struct str value, bool quoted)
{
	param(w, name, quoted ? quote(w->a, value) : value);
}

/* RFC 7616 3.3: what a server may say beside. */
static void param_options(struct writer *w, const struct device *d)
{
	const struct persona *p = d->persona;

	if (p->domain)
		param(w, "domain", quote(w->a, STR("/")));
	if (p->charset)
		param(w, "charset",
		      d->on[CHALLENGE_CHARSET_ODD] ? STR("ISO-8859-1") : STR("UTF-8"));
	if (p->userhash)
		param(w, "userhash", d->on[CHALLENGE_USERHASH_ODD] ? STR("yes") : STR("true"));
}

static struct str nonce_text(struct call *c, const struct nonce *n)
{
	return arena_concat(c->a, str(n->text), c->d->on[NONCE_WITH_QUOTE] ? STR("\"") : STR(""));
}

static struct str digest_challenge(struct call *c, const struct nonce *n, enum hash_alg alg,
				   bool session, bool stale)
{
	const struct device *d = c->d;
	const struct persona *p = d->persona;
	struct writer w = { .a = c->a, .text = STR("Digest") };

	if (!d->on[CHALLENGE_NO_REALM])
		param_token(&w, "realm", p->realm, !d->on[CHALLENGE_REALM_UNQUOTED]);
	if (!d->on[CHALLENGE_NO_NONCE])
		param(&w, "nonce", quote(c->a, nonce_text(c, n)));
	if (d->on[CHALLENGE_PARAM_TWICE])
		param(&w, "nonce", quote(c->a, str(d->opaque)));
	if (p->opaque)
		param(&w, "opaque", quote(c->a, str(d->opaque)));
	/* RFC 2617 3.2.1: absent means MD5, and a server of MD5 alone need not say it. */
	if (p->algs != (1u << HASH_MD5) || p->algs_sess || d->on[CHALLENGE_ALGORITHM_QUOTED])
		param_token(&w, "algorithm", str(digest_algorithm_name(alg, session)),
			    d->on[CHALLENGE_ALGORITHM_QUOTED]);
	if (stale)
		param_token(&w, "stale", p->stale_upper ? STR("TRUE") : STR("true"),
			    d->on[CHALLENGE_STALE_QUOTED]);
	param_qop(&w, d);
	param_options(&w, d);
	return w.text;
}

static void add(struct call *c, struct str value)
{
	http_add(c->a, &c->out->fields, STR("WWW-Authenticate"), value);
}

/* One field per challenge (RFC 9110 11.6.1), one challenge per algorithm in order of preference
 * (RFC 7616 3.7), Digest before Basic.
 */
void challenges_add(struct call *c, bool stale)
{
	const struct persona *p = c->d->persona;
	const struct nonce *n = device_offers_digest(c->d) ? nonce_issue(c) : NULL;

	if (c->d->on[CHALLENGE_MISSING] ||
	    (c->d->on[CHALLENGE_NOT_ON_HEAD] && str_eq(c->in->method, STR("HEAD"))))
		return;
	for (int alg = c->d->on[MD5_NOT_OFFERED] ? HASH_SHA256 : 0; n && alg < HASHES; alg++) {
		if (p->algs >> alg & 1)
			add(c, digest_challenge(c, n, (enum hash_alg)alg, false, stale));
		if (p->algs >> alg & 1 && c->d->on[CHALLENGE_ALGORITHM_TWICE])
			add(c,
			    digest_challenge(c, nonce_issue(c), (enum hash_alg)alg, false, stale));
		if (p->algs_sess >> alg & 1)
			add(c, digest_challenge(c, n, (enum hash_alg)alg, true, stale));
	}
	if (device_offers_basic(c->d))
		add(c, arena_fmt(c->a, "Basic realm=%.*s, charset=\"%s\"",
				 STR_ARG(quote(c->a, p->realm)),
				 c->d->on[CHALLENGE_CHARSET_ODD] ? "ISO-8859-1" : "UTF-8"));
}

static struct str short_nc(struct str nc)
{
	while (nc.n > 1 && nc.p[0] == '0')
		nc = str_sub(nc, 1, nc.n);
	return nc;
}

/* RFC 7616 3.5: the server proves that it knows the password too. */
void info_add(struct call *c)
{
	struct digest_inputs in = c->http.v.inputs;
	char hex[HASH_HEX_MAX];
	struct writer w = { .a = c->a, .text = STR("") };
	const struct device *d = c->d;
	bool auth_int = (c->http.v.qop == DIGEST_QOP_AUTH_INT) != d->on[INFO_QOP_OTHER];

	if (!d->persona->authentication_info || !c->http.digest || c->http.v.qop == DIGEST_QOP_NONE)
		return;
	in.body = str_eq(c->in->method, STR("HEAD")) ? STR("") : c->out->body;
	if (digest_rspauth(&in, hex, &c->err))
		return;
	if (d->on[RSPAUTH_WRONG])
		hex[0] = hex[0] == '0' ? '1' : '0';
	param_token(&w, "rspauth", str(hex), !d->on[INFO_UNQUOTED]);
	if (!d->on[INFO_NO_CNONCE])
		param(&w, "cnonce", quote(c->a, c->http.v.cnonce));
	param_token(&w, "nc", d->on[INFO_NC_SHORT] ? short_nc(in.nc) : in.nc, d->on[INFO_QUOTED]);
	param_token(&w, "qop", auth_int ? STR("auth-int") : STR("auth"), d->on[INFO_QUOTED]);
	if (d->persona->next_nonce) {
		struct nonce *next = nonce_issue(c);

		next->next = true;
		param(&w, "nextnonce", quote(c->a, str(next->text)));
	}
	http_add(c->a, &c->out->fields, STR("Authentication-Info"), str_trim(w.text));
}

/* Which challenge the credentials are for: RFC 7616 3.3, 3.6, 3.7 and 5.6. */
#include "client/check_parts.h"

static bool names_one_of(const struct heard *said, struct str nonce)
{
	for (size_t i = 0; i < said->n_digest; i++)
		if (str_eq(said->digest[i].nonce, nonce))
			return true;
	return false;
}

/* RFC 7616 3.6: a session lasts until another challenge comes.  That nextnonce is taken is another
 * check, that it may be taken is clear. */
struct check_finding judge_digest_latest(const struct check_view *w, const struct conversation *c,
					 const struct heard *h)
{
	struct str nonce = check_param(h, "nonce");

	for (size_t i = check_index(c, h); i-- > 0;) {
		const struct heard *said = c->v[i];

		if (said->next_nonce.p && str_eq(said->next_nonce, nonce))
			return check_holds();
		if (!said->n_digest)
			continue;
		if (names_one_of(said, nonce))
			return check_holds();
		return check_broken(w, h, "expected nonce %.*s of the latest challenge, got %.*s",
				    STR_ARG(check_quoted(w, said->digest[0].nonce)),
				    STR_ARG(check_quoted(w, nonce)));
	}
	return check_unseen("no challenge was made before its Digest credentials");
}

/* --- one of several --- */

struct pair {
	const struct heard *said;
	struct str nonce, realm, opaque;
	enum hash_alg alg;
	bool session, known; /* known: the algorithm */
};

/* What credentials take from a challenge: one bit each. */
static unsigned taken_from(const struct pair *p, const struct digest_challenge *d)
{
	unsigned bits = str_eq(d->nonce, p->nonce) ? 1 : 0;

	bits |= p->known && d->alg == p->alg && d->session == p->session ? 2 : 0;
	bits |= d->has_opaque && p->opaque.p && str_eq(d->opaque, p->opaque) ? 4 : 0;
	return bits | (str_eq(d->realm, p->realm) ? 8u : 0);
}

/* The answer that h answers, when it had several challenges that h may have mixed. */
static bool read_pair(const struct conversation *c, const struct heard *h, struct pair *p)
{
	*p = (struct pair){
		.said = h->answers ? h->answers : check_latest(c, h, false),
		.nonce = check_param(h, "nonce"),
		.realm = check_param(h, "realm"),
		.opaque = check_param(h, "opaque"),
	};
	p->known = !digest_algorithm_parse(check_param(h, "algorithm"), &p->alg, &p->session);
	return p->said && p->said->n_digest > 1 && names_one_of(p->said, p->nonce);
}

struct check_finding judge_digest_pairing(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	static const char *const names[] = { "nonce", "algorithm", "opaque", "realm" };
	unsigned any = 0, best = 0;
	struct pair p;
	size_t i = 0;

	if (!read_pair(c, h, &p))
		return check_unseen(NULL);
	/* What is in no challenge at all is another check's matter. */
	for (size_t k = 0; k < p.said->n_digest; k++)
		any |= taken_from(&p, &p.said->digest[k]);
	for (size_t k = 0; k < p.said->n_digest; k++) {
		unsigned bits = taken_from(&p, &p.said->digest[k]);

		if (bits & 1 && (!best || bits == any || (bits & 2 && !(best & 2))))
			best = bits;
		if (best == any)
			return check_holds();
	}
	while (!((any & ~best) >> i & 1))
		i++;
	return check_broken(w, h, "expected the %s of the challenge with nonce %.*s, got %.*s",
			    names[i], STR_ARG(check_quoted(w, p.nonce)),
			    STR_ARG(check_quoted(w, check_param(h, names[i]))));
}

/* RFC 7616 3.7 prefers by the server's order alone, 5.6 wants the strongest scheme that is
 * understood.  Both SHAs give 256 bits, and none is the stronger one: only MD5 is weaker. */
static int strength(const struct digest_challenge *d)
{
	return d->alg == HASH_SHA256 || d->alg == HASH_SHA512_256;
}

/* One of its algorithm: credentials that only share its nonce take none. */
static bool took(const struct heard *h, const struct digest_challenge *d)
{
	return d->alg == h->http.alg && d->session == h->http.session;
}

static const char *name_of(const struct digest_challenge *d)
{
	return digest_algorithm_name(d->alg, d->session);
}

static struct check_finding strongest_scheme(const struct check_view *w,
					     const struct conversation *c, const struct heard *h)
{
	const struct heard *said = check_latest(c, h, true);

	if (!said || !said->n_digest)
		return check_unseen(NULL);
	return check_broken(w, h, "expected Digest, which was offered, got %s",
			    h->has & HAS_BASIC ? "Basic" : "a token");
}

struct check_finding judge_digest_strongest(const struct check_view *w,
					    const struct conversation *c, const struct heard *h)
{
	const struct heard *said = h->answers;

	/* ONVIF Core 5.9.1: tokens are for devices that have nothing else. */
	if (h->has & HAS_BASIC || !(h->has & HAS_DIGEST))
		return strongest_scheme(w, c, h);
	if (!h->to || !took(h, h->to) ||
	    said->n_digest + said->offers_basic + said->offers_token < 2)
		return check_unseen(NULL);
	for (size_t i = 0; i < said->n_digest; i++) {
		const struct digest_challenge *d = &said->digest[i];

		if (strength(d) <= strength(h->to))
			continue;
		if (check_knows(w, d->alg, d->session))
			return check_broken(w, h, "expected %s, which was offered, got %s",
					    name_of(d), name_of(h->to));
		return check_unseen("it is not known that it knows a stronger algorithm");
	}
	return check_holds();
}

/* RFC 7616 3.7: "it SHOULD use the first challenge it supports". */
struct check_finding judge_digest_first(const struct check_view *w, const struct conversation *c,
					const struct heard *h)
{
	const struct heard *said = h->answers;
	bool skipped = false;

	(void)c;
	if (!h->to || !took(h, h->to) || said->n_digest < 2)
		return check_unseen(NULL);
	for (size_t i = 0; i < said->n_digest; i++) {
		const struct digest_challenge *d = &said->digest[i];

		if (took(h, d))
			break;
		if (check_knows(w, d->alg, d->session))
			return check_broken(w, h, "expected %s, which was offered first, got %s",
					    name_of(d), name_of(h->to));
		skipped = true;
	}
	return skipped ? check_unseen("it is not known that it knows what was offered before")
		       : check_holds();
}

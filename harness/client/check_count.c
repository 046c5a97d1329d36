/* What Digest credentials are made of, and how they count: RFC 7616 3.4, 3.5, 3.6. */
#include "client/check_parts.h"

/* --- the response --- */

static const struct {
	enum defect defect;
	const char *name;
} unhashed[] = {
	{ DEFECT_NO_RESPONSE, "response" }, { DEFECT_NO_NONCE, "nonce" },
	{ DEFECT_NO_CNONCE, "cnonce" },     { DEFECT_NO_NC, "nc" },
	{ DEFECT_NO_USERNAME, "username" },
};

/* The likely mistake, in the words of the one who compared with the device's account. */
static struct str mistake(const struct heard *h)
{
	return h->why.p ? h->why : STR("the hash of something else");
}

struct check_finding judge_digest_hash(const struct check_view *w, const struct conversation *c,
				       const struct heard *h)
{
	const struct heard *first = check_session(c, h);

	for (size_t i = 0; i < COUNT(unhashed); i++) {
		if (defect_has(&h->http.defects, unhashed[i].defect))
			return check_unseen("credentials without all that is hashed cannot be "
					    "recomputed: digest.complete and digest.qop-present "
					    "say what is missing");
	}
	if (check_response(c, h, NULL) ||
	    (h->http.session && first != h && check_response(c, h, first)))
		return check_holds();
	return check_broken(w, h, "expected the response that RFC 7616 3.4.1 gives, got %.*s: %.*s",
			    STR_ARG(check_quoted(w, check_param(h, "response"))),
			    STR_ARG(mistake(h)));
}

/* RFC 2617 3.2.2.2: A1 is computed once, with the cnonce of the session's first request. */
struct check_finding judge_digest_session_kept(const struct check_view *w,
					       const struct conversation *c, const struct heard *h)
{
	const struct heard *first = check_session(c, h);

	if (!h->http.session || first == h || !first->http.cnonce.p)
		return check_unseen(NULL);
	if (check_response(c, h, first))
		return check_holds();
	if (check_response(c, h, NULL))
		return check_broken(w, h,
				    "expected the session key of nonce %.*s and cnonce %.*s, with "
				    "which the session began, got one of this request's own",
				    STR_ARG(check_quoted(w, first->http.nonce)),
				    STR_ARG(check_quoted(w, first->http.cnonce)));
	return check_unseen("a response of the session is right with no key");
}

/* --- nc --- */

static bool counts(const struct heard *h)
{
	return h->has & HAS_DIGEST && h->http.nonce.p && h->http.has_nc;
}

/* What came before h with its nonce. */
struct before {
	size_t n;
	uint64_t max;
	bool same; /* its very nc */
};

static struct before nc_before(const struct conversation *c, size_t at)
{
	const struct heard *h = c->v[at];
	struct before b = { 0 };

	for (size_t i = 0; i < at; i++) {
		const struct heard *v = c->v[i];

		if (!counts(v) || !str_eq(v->http.nonce, h->http.nonce))
			continue;
		b.n++;
		b.max = v->http.nc > b.max ? v->http.nc : b.max;
		b.same = b.same || v->http.nc == h->http.nc;
	}
	return b;
}

/* Requests of several connections may overtake each other: it came, but later. */
static bool overtaken(const struct conversation *c, size_t at, uint64_t nc)
{
	const struct heard *h = c->v[at];

	for (size_t i = at + 1; i < c->n; i++) {
		const struct heard *v = c->v[i];

		if (counts(v) && v->http.nc == nc && v->connection != h->connection &&
		    str_eq(v->http.nonce, h->http.nonce))
			return true;
	}
	return false;
}

/* One request with an nc at a time. */
typedef struct check_finding nc_fn(const struct check_view *w, const struct conversation *c,
				   size_t at);

static struct check_finding each_nc(const struct check_view *w, nc_fn *one, const char *missing)
{
	struct check_finding all = check_unseen(missing);

	for (size_t i = 0; i < w->n; i++) {
		for (size_t at = 0; at < w->c[i]->n; at++) {
			struct check_finding f = check_unseen(NULL);

			if (counts(w->c[i]->v[at]))
				f = one(w, w->c[i], at);
			if (f.held == BROKEN)
				return f;
			if (f.held == HOLDS)
				all = f;
		}
	}
	return all;
}

static struct check_finding expect_nc(const struct check_view *w, const struct heard *h,
				      uint64_t want, const char *which)
{
	return check_broken(w, h, "expected nc=%08llx (%s), got nc=%.*s", (unsigned long long)want,
			    which, STR_ARG(str_sub(check_param(h, "nc"), 0, 40)));
}

static struct check_finding nc_first(const struct check_view *w, const struct conversation *c,
				     size_t at)
{
	const struct heard *h = c->v[at];

	if (nc_before(c, at).n)
		return check_unseen(NULL);
	if (h->http.nc == 1 || overtaken(c, at, 1))
		return check_holds();
	return expect_nc(w, h, 1, "the first request with this nonce");
}

struct check_finding judge_digest_nc_first(const struct check_view *w)
{
	return each_nc(w, nc_first, "no request had an nc");
}

static bool is_first_nonce(const struct conversation *c, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (counts(c->v[i]) && !str_eq(c->v[i]->http.nonce, c->v[at]->http.nonce))
			return false;
	return true;
}

static struct check_finding nc_per_nonce(const struct check_view *w, const struct conversation *c,
					 size_t at)
{
	return is_first_nonce(c, at) ? check_unseen(NULL) : nc_first(w, c, at);
}

struct check_finding judge_digest_nc_per_nonce(const struct check_view *w)
{
	return each_nc(w, nc_per_nonce, "it used one nonce only");
}

static struct check_finding nc_next(const struct check_view *w, const struct conversation *c,
				    size_t at)
{
	static const char *const nth[] = { "first", "second", "third", "fourth" };
	const struct heard *h = c->v[at];
	struct before b = nc_before(c, at);
	struct str which;

	if (!b.n)
		return check_unseen(NULL);
	if (!b.same && (h->http.nc == b.max + 1 || overtaken(c, at, b.max + 1)))
		return check_holds();
	/* Behind one of a higher number, from another connection: it was on its way. */
	if (!b.same && h->http.nc < b.max && h->http.nc &&
	    h->connection != c->v[at - 1]->connection)
		return check_holds();
	which = b.n < COUNT(nth) ? arena_fmt(w->a, "the %s request with this nonce", nth[b.n])
				 : arena_fmt(w->a, "request %zu with this nonce", b.n + 1);
	return expect_nc(w, h, b.max + 1, which.p ? which.p : "");
}

struct check_finding judge_digest_nc_counts(const struct check_view *w)
{
	return each_nc(w, nc_next, "no nonce was used for two requests");
}

/* --- further requests --- */

/* The next request behind at that has Digest credentials, no challenge between; NULL: none. */
static const struct heard *next_digest(const struct conversation *c, size_t at)
{
	for (size_t i = at + 1; i < c->n; i++) {
		if (c->v[i]->has & HAS_DIGEST)
			return c->v[i];
		if (c->v[i]->n_digest)
			return NULL;
	}
	return NULL;
}

struct check_finding judge_digest_next_nonce(const struct check_view *w)
{
	struct check_finding all = check_unseen("no answer had a nextnonce");

	for (size_t i = 0; i < w->n; i++) {
		for (size_t at = 0; at < w->c[i]->n; at++) {
			struct str want = w->c[i]->v[at]->next_nonce;
			const struct heard *h = want.p ? next_digest(w->c[i], at) : NULL;

			if (!want.p)
				continue;
			if (h && !str_eq(check_param(h, "nonce"), want))
				return check_broken(
					w, h, "expected the nextnonce %.*s, got %.*s",
					STR_ARG(check_quoted(w, want)),
					STR_ARG(check_quoted(w, check_param(h, "nonce"))));
			if (h)
				all = check_holds();
			else if (all.held == NOT_SHOWN)
				all = check_unseen("no Digest credentials followed a nextnonce");
		}
	}
	return all;
}

/* Anybody may call those: ONVIF Core 5.9.4.3. */
static bool is_open(const struct heard *h)
{
	const struct soap_operation *op =
		h->is_soap ? soap_operation_find(h->soap.body_name) : NULL;

	return op && op->access == ACCESS_PRE_AUTH;
}

/* RFC 7616 3.6: the session goes on behind an answer that grants. */
struct check_finding judge_digest_repeats(const struct check_view *w)
{
	struct check_finding all = check_unseen("it made no further call behind a granted one");

	for (size_t i = 0; i < w->n; i++) {
		bool session = false;

		for (size_t at = 0; at < w->c[i]->n; at++) {
			const struct heard *h = w->c[i]->v[at];

			if (h->origin || is_open(h))
				continue;
			if (session && !(h->has & HAS_DIGEST))
				return check_broken(w, h,
						    "expected Digest credentials of the session, "
						    "got a request without them");
			if (session)
				all = check_holds();
			session = h->has & HAS_DIGEST && h->granted;
		}
	}
	return all;
}

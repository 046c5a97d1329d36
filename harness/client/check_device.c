/* What the device of a recorded conversation answered. */
#include "client/check_parts.h"

#include "auth/digest.h"

#define LOCKED_BEHIND 3           /* refusals in a row: from then on it may be a lock-out */
#define YOUNG_MS      (10 * 1000) /* no device gives a nonce less than that */

/* --- what the answer is --- */

static bool accepted(const struct heard *h)
{
	return h->response.status >= 200 && h->response.status < 300 && !h->offers_token;
}

static bool refused(const struct heard *h)
{
	return h->response.status == 401 || h->offers_token;
}

static bool says_stale(const struct heard *h)
{
	for (size_t i = 0; i < h->n_digest; i++)
		if (h->digest[i].stale)
			return true;
	return false;
}

static struct str path_of(const struct heard *h)
{
	struct str target = h->request.target;

	return str_cut(&target, '?');
}

static bool same_place(const struct heard *x, const struct heard *y)
{
	return str_eq(path_of(x), path_of(y)) && str_eq(x->request.method, y->request.method) &&
	       str_eq(x->is_soap ? x->soap.body_name : STR(""),
		      y->is_soap ? y->soap.body_name : STR(""));
}

/* What is open to all proves nothing: somebody was refused there before. */
static bool is_protected(const struct conversation *c, const struct heard *h)
{
	for (size_t i = 0, at = check_index(c, h); i < at; i++)
		if (refused(c->v[i]) && same_place(c->v[i], h))
			return true;
	return false;
}

/* Refusals of credentials right before it. */
static bool may_be_locked(const struct conversation *c, const struct heard *h)
{
	int row = 0;

	for (size_t i = check_index(c, h); i-- > 0 && !(c->v[i]->has && accepted(c->v[i]));)
		row += c->v[i]->has && refused(c->v[i]) && !says_stale(c->v[i]);
	return row >= LOCKED_BEHIND;
}

/* --- challenges --- */

struct check_finding judge_device_challenged(const struct check_view *w,
					     const struct conversation *c, const struct heard *h)
{
	(void)c;
	if (h->response.status != 401)
		return check_unseen(NULL);
	if (!h->challenge.n)
		return check_broken(w, h, "expected a challenge in the 401, got none");
	return check_holds();
}

/* RFC 7616 3.3: which parameters are quoted, and which are not. */
static const struct {
	const char *name;
	bool quoted;
} written[] = {
	{ "realm", true },      { "nonce", true },    { "opaque", true },
	{ "qop", true },        { "domain", true },   { "stale", false },
	{ "algorithm", false }, { "charset", false }, { "userhash", false },
};

static struct check_finding challenge_form(const struct check_view *w, const struct heard *h,
					   const struct challenge *one)
{
	static const char *const required[] = { "realm", "nonce" };
	struct str text = check_quoted(w, one->text);

	if (one->problems)
		return check_broken(w, h, "expected a challenge within the grammar, got %.*s",
				    STR_ARG(text));
	if (!challenge_is(one, "Digest"))
		return check_holds();
	for (size_t i = 0; i < COUNT(required); i++)
		if (!challenge_param(one, required[i]))
			return check_broken(w, h, "expected a %s in the challenge, got %.*s",
					    required[i], STR_ARG(text));
	for (size_t i = 0; i < COUNT(written); i++) {
		const struct auth_param *p = challenge_param(one, written[i].name);

		if (p && p->quoted != written[i].quoted)
			return check_broken(w, h, "expected %s %s quotes, got %.*s",
					    written[i].name,
					    written[i].quoted ? "between" : "without",
					    STR_ARG(check_quoted(w, p->raw)));
	}
	return check_holds();
}

struct check_finding judge_device_challenge_form(const struct check_view *w,
						 const struct conversation *c,
						 const struct heard *h)
{
	struct check_finding f = check_unseen(NULL);

	(void)c;
	for (size_t i = 0; i < h->challenge.n && f.held != BROKEN; i++)
		f = challenge_form(w, h, &h->challenge.v[i]);
	return f;
}

static bool offers_nonce(const struct heard *h, struct str nonce)
{
	for (size_t i = 0; i < h->n_digest; i++)
		if (str_eq(h->digest[i].nonce, nonce))
			return true;
	return false;
}

/* RFC 7616 3.3: a nonce is made anew for each 401.  One answer may offer it under several
 * algorithms.
 */
struct check_finding judge_device_nonce_fresh(const struct check_view *w,
					      const struct conversation *c, const struct heard *h)
{
	size_t before = 0;

	if (!h->n_digest || h->response.status != 401)
		return check_unseen(NULL);
	for (size_t i = 0, at = check_index(c, h); i < at; i++) {
		const struct heard *said = c->v[i];

		if (said->response.status != 401 || !said->n_digest)
			continue;
		before++;
		for (size_t k = 0; k < h->n_digest; k++)
			if (offers_nonce(said, h->digest[k].nonce))
				return check_broken(w, h,
						    "expected a new nonce in the 401, got %.*s "
						    "of an earlier one",
						    STR_ARG(check_quoted(w, h->digest[k].nonce)));
	}
	return before ? check_holds() : check_unseen(NULL);
}

/* --- decisions --- */

/* What proves that the password is not known, or not used; all else may be a lenient device. */
static bool is_wrong(const struct heard *h)
{
	static const enum defect proofs[] = { DEFECT_PASSWORD, DEFECT_USER_UNKNOWN,
					      DEFECT_RESPONSE_EMPTY, DEFECT_RESPONSE_PREFIX };

	for (size_t i = 0; i < COUNT(proofs); i++)
		if (defect_has(&h->defects, proofs[i]))
			return true;
	return false;
}

static bool has_both(const struct heard *h)
{
	return h->has & HAS_TOKEN && h->has & (HAS_DIGEST | HAS_BASIC);
}

struct check_finding judge_device_wrong_refused(const struct check_view *w,
						const struct conversation *c, const struct heard *h)
{
	if (!is_wrong(h) || has_both(h) || !h->response.status || !is_protected(c, h))
		return check_unseen(NULL);
	if (accepted(h))
		return check_broken(w, h, "expected wrong credentials to be refused, got %d: %.*s",
				    h->response.status, STR_ARG(h->why));
	return check_holds();
}

/* Has this nonce had this nc, or a request with it been refused? */
static bool is_used_up(const struct conversation *c, const struct heard *h)
{
	for (size_t i = 0, at = check_index(c, h); i < at; i++)
		if (c->v[i]->has & HAS_DIGEST && str_eq(c->v[i]->http.nonce, h->http.nonce) &&
		    c->v[i]->http.nc >= h->http.nc)
			return true;
	return false;
}

static bool is_spotless(const struct heard *h)
{
	return h->right && !defects_any(&h->defects) && !has_both(h);
}

/* Was the nonce given just now? */
static bool is_young(const struct heard *h)
{
	return h->answers && h->mono_ms - h->answers->mono_ms < YOUNG_MS;
}

struct check_finding judge_device_right_accepted(const struct check_view *w,
						 const struct conversation *c,
						 const struct heard *h)
{
	if (!is_spotless(h) || !h->response.status || may_be_locked(c, h))
		return check_unseen(NULL);
	if (h->has & HAS_DIGEST && (is_used_up(c, h) || !is_young(h)))
		return check_unseen(NULL);
	if (refused(h) && !says_stale(h))
		return check_broken(w, h, "expected right credentials to be accepted, got %d",
				    h->response.status);
	return accepted(h) ? check_holds() : check_unseen(NULL);
}

/* RFC 7616 3.3: stale=true says that the response was right, and only the nonce old. */
struct check_finding judge_device_stale(const struct check_view *w, const struct conversation *c,
					const struct heard *h)
{
	bool stale = says_stale(h);

	if (!refused(h) || !h->n_digest)
		return check_unseen(NULL);
	if (stale && !(h->has & HAS_DIGEST))
		return check_broken(w, h,
				    "expected stale=true for an old nonce alone, got it without "
				    "Digest credentials");
	if (stale && is_wrong(h))
		return check_broken(w, h,
				    "expected stale=true for right responses alone, got it "
				    "for a wrong one");
	if (stale && offers_nonce(h, h->http.nonce))
		return check_broken(w, h, "expected a new nonce with stale=true, got the old one");
	if (!stale && h->has & HAS_DIGEST && is_spotless(h) && !is_used_up(c, h) && !is_young(h) &&
	    h->answers && !may_be_locked(c, h))
		return check_broken(w, h,
				    "expected stale=true for a right response with an old "
				    "nonce, got none");
	return stale || h->has & HAS_DIGEST ? check_holds() : check_unseen(NULL);
}

/* --- replays --- */

struct check_finding judge_device_nc_once(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	if (!h->http.has_nc || !h->http.nonce.n)
		return check_unseen(NULL);
	for (size_t i = 0, at = check_index(c, h); i < at; i++) {
		const struct heard *v = c->v[i];

		if (!(v->has & HAS_DIGEST) || !accepted(v) || v->http.nc != h->http.nc ||
		    !str_eq(v->http.nonce, h->http.nonce))
			continue;
		if (accepted(h))
			return check_broken(w, h,
					    "expected nc=%08llx to serve once with its nonce, got "
					    "it accepted again",
					    (unsigned long long)h->http.nc);
		return check_holds();
	}
	return check_unseen(NULL);
}

struct check_finding judge_device_token_once(const struct check_view *w,
					     const struct conversation *c, const struct heard *h)
{
	struct str nonce = h->token.nonce_octets;

	for (size_t i = 0, at = check_index(c, h); nonce.n && i < at; i++) {
		const struct heard *v = c->v[i];

		if (!(v->has & HAS_TOKEN) || !accepted(v) || check_asks_time(v) ||
		    !str_eq(v->token.nonce_octets, nonce))
			continue;
		if (accepted(h) && !check_asks_time(h))
			return check_broken(w, h,
					    "expected the nonce of a token to serve once, got "
					    "it accepted again");
		return check_holds();
	}
	return check_unseen(NULL);
}

struct check_finding judge_device_no_text(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	if (!defect_has(&h->defects, DEFECT_TOKEN_TEXT) || has_both(h) || !h->response.status ||
	    !is_protected(c, h))
		return check_unseen(NULL);
	if (accepted(h))
		return check_broken(w, h, "expected PasswordText to be refused, got %d",
				    h->response.status);
	return check_holds();
}

/* --- Authentication-Info --- */

struct check_finding judge_device_rspauth(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	struct str value = http_get(&h->response.fields, "Authentication-Info");
	char hex[HASH_HEX_MAX];
	const struct auth_param *p;
	struct challenge info;
	struct err ignored;

	(void)c;
	if (!value.p || !h->right ||
	    credentials_parse(w->a, arena_concat(w->a, STR("Info "), value), &info, &ignored))
		return check_unseen(NULL);
	p = challenge_param(&info, "rspauth");
	if (!p || digest_rspauth(&h->http.inputs, hex, &ignored))
		return check_unseen(NULL);
	if (!str_eq(p->value, str(hex)))
		return check_broken(w, h, "expected rspauth=\"%s\", got %.*s", hex,
				    STR_ARG(check_quoted(w, p->value)));
	return check_holds();
}

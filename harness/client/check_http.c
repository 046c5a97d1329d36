/* Credentials and requests of any scheme: RFC 9110 8.6, 11.4, 11.6.2, 15.5.2. */
#include "client/check_parts.h"

#define HTTP (HAS_BASIC | HAS_DIGEST | HAS_OTHER)

/* --- which credentials --- */

/* Sets that the Authorization fields hold: two may be glued together in one. */
static size_t sets(const struct check_view *w, const struct heard *h)
{
	struct str field[16];
	size_t n = http_all(&h->request.fields, "Authorization", field, COUNT(field));
	struct challenge_list list;
	struct err ignored;
	size_t known = 0;

	if (n > 1 || challenge_parse(w->a, field, n, &list, &ignored))
		return n;
	for (size_t i = 0; i < list.n; i++)
		known += challenge_is(&list.v[i], "Digest") || challenge_is(&list.v[i], "Basic");
	return known > 1 ? known : n;
}

struct check_finding judge_one_authorization(const struct check_view *w,
					     const struct conversation *c, const struct heard *h)
{
	size_t n = sets(w, h);

	(void)c;
	if (n > 1)
		return check_broken(w, h, "expected one set of credentials, got %zu%s", n,
				    h->n_authorization == 1 ? " in one field" : "");
	return check_holds();
}

struct check_finding judge_no_basic(const struct check_view *w, const struct conversation *c,
				    const struct heard *h)
{
	struct str field[16];
	size_t n = http_all(&h->request.fields, "Authorization", field, COUNT(field));

	(void)c;
	for (size_t i = 0; i < n && i < COUNT(field); i++) {
		if (str_istarts(str_trim(field[i]), STR("Basic ")))
			return check_broken(w, h, "expected no Basic credentials, got some");
	}
	return check_holds();
}

static const char *kind_of(const struct heard *h)
{
	if (h->has & HAS_DIGEST)
		return "Digest credentials";
	if (h->has & HAS_BASIC)
		return "Basic credentials";
	return h->has & HAS_TOKEN ? "a UsernameToken" : "an Authorization of another scheme";
}

struct check_finding judge_no_credentials(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	(void)c;
	if (h->has)
		return check_broken(w, h, "expected no credentials, got %s", kind_of(h));
	return check_holds();
}

/* A nonce of a conversation before this one may go on: RFC 7616 3.6. */
static bool asked_before(const struct check_view *w, const struct conversation *c,
			 const struct heard *h)
{
	for (size_t i = 0; i < w->n && w->c[i] != c; i++) {
		for (size_t k = 0; k < w->c[i]->n; k++)
			if (w->c[i]->v[k]->challenge.n)
				return true;
	}
	return check_latest(c, h, true) != NULL;
}

/* A token has no challenge that it could wait for: ONVIF Core 5.9.1. */
struct check_finding judge_no_early_credentials(const struct check_view *w,
						const struct conversation *c, const struct heard *h)
{
	if (h->has & HTTP && !asked_before(w, c, h))
		return check_broken(w, h,
				    "expected no HTTP credentials before the first challenge, got "
				    "%s",
				    kind_of(h));
	return check_holds();
}

struct check_finding judge_no_credentials_elsewhere(const struct check_view *w)
{
	struct check_finding all = check_unseen("it was not sent to another origin");

	for (size_t i = 0; i < w->n; i++) {
		for (size_t k = 0; k < w->c[i]->n; k++) {
			const struct heard *h = w->c[i]->v[k];
			int status = h->response.status;

			if (h->origin && h->has)
				return check_broken(w, h,
						    "expected no credentials to another origin, "
						    "got %s",
						    kind_of(h));
			if (h->origin || (status >= 300 && status < 400 &&
					  http_get(&h->response.fields, "Location").p))
				all = check_holds();
		}
	}
	return all;
}

/* --- how many --- */

static bool says_stale(const struct heard *h)
{
	for (size_t i = 0; i < h->n_digest; i++)
		if (h->digest[i].stale)
			return true;
	return false;
}

/* An answer with stale=true asks for another nonce and refuses nobody: RFC 7616 3.3.  Nor does
 * 417. */
static bool refused(const struct heard *h)
{
	return h->has && !h->granted && h->response.status >= 400 && h->response.status != 417 &&
	       !says_stale(h);
}

struct check_finding judge_tries(const struct check_view *w)
{
	struct check_finding all = check_unseen("no credentials were refused");

	for (size_t i = 0; i < w->n; i++) {
		int64_t n = 0;

		for (size_t k = 0; k < w->c[i]->n; k++) {
			const struct heard *h = w->c[i]->v[k];

			if (!refused(h))
				continue;
			all = check_holds();
			if (++n > w->value)
				return check_broken(w, h,
						    "expected %lld tries with refused credentials "
						    "at most, got another",
						    (long long)w->value);
		}
	}
	return all;
}

struct check_finding judge_requests(const struct check_view *w)
{
	struct check_finding all = check_unseen("it sent no request");

	for (size_t i = 0; i < w->n; i++) {
		const struct conversation *c = w->c[i];
		size_t n = c->n + c->lost;

		if (n > 0)
			all = check_holds();
		if ((int64_t)n > w->value)
			return check_broken(w, w->value < (int64_t)c->n ? c->v[w->value] : NULL,
					    "expected %lld requests at most, got %zu",
					    (long long)w->value, n);
	}
	return all;
}

/* --- the request itself --- */

struct check_finding judge_body(const struct check_view *w, const struct conversation *c,
				const struct heard *h)
{
	struct str want = c->told.body, got = h->request.body;
	size_t same = 0;

	if (!want.p)
		return check_unseen("it was given no body");
	if (h->early)
		return check_unseen(NULL);
	if (str_eq(want, got))
		return check_holds();
	while (same < want.n && same < got.n && want.p[same] == got.p[same])
		same++;
	return check_broken(w, h, "expected the body of %zu octets, got %zu, the first %zu of it",
			    want.n, got.n, same);
}

/* RFC 9110 8.6: normally sent in POST even when it is 0; RFC 9112 6.2: never beside chunked. */
struct check_finding judge_content_length(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	bool length = http_get(&h->request.fields, "Content-Length").p;
	bool chunked = http_get(&h->request.fields, "Transfer-Encoding").p;
	struct str method = h->request.method;

	(void)c;
	if (length && chunked)
		return check_broken(w, h, "expected Content-Length or Transfer-Encoding, got both");
	if (http_count(&h->request.fields, "Content-Length") > 1)
		return check_broken(w, h, "expected one Content-Length, got several");
	if (!h->request.body.n && !str_eq(method, STR("POST")) && !str_eq(method, STR("PUT")) &&
	    !str_eq(method, STR("PATCH")))
		return check_unseen(NULL);
	if (!length && !chunked)
		return check_broken(w, h,
				    "expected Content-Length or Transfer-Encoding, got neither");
	return check_holds();
}

/* The first request with credentials behind its challenge. */
static bool is_retry(const struct conversation *c, const struct heard *h)
{
	for (size_t i = check_index(c, h->answers) + 1; i < c->n && c->v[i] != h; i++)
		if (c->v[i]->answers == h->answers)
			return false;
	return true;
}

/* An envelope changes with its headers (a token, MessageID): its operation stays.  Some clients
 * wait for the challenge before they send a body. */
static bool same_body(const struct heard *before, const struct heard *h)
{
	/* Of what was answered early any part may have come: RFC 9110 10.1.1. */
	if (h->early)
		return true;
	if (before->early)
		return h->request.body.n &&
		       (h->is_soap || str_starts(h->request.body, before->request.body));
	if (before->is_soap && h->is_soap)
		return str_eq(before->soap.body_ns, h->soap.body_ns) &&
		       str_eq(before->soap.body_name, h->soap.body_name);
	return !before->request.body.n || str_eq(before->request.body, h->request.body);
}

struct check_finding judge_same_request(const struct check_view *w, const struct conversation *c,
					const struct heard *h)
{
	const struct heard *before = h->answers;

	if (!before || before->granted || before->origin != h->origin || !is_retry(c, h))
		return check_unseen(NULL);
	if (!str_eq(before->request.method, h->request.method))
		return check_broken(w, h, "expected method %.*s, got %.*s",
				    STR_ARG(check_quoted(w, before->request.method)),
				    STR_ARG(check_quoted(w, h->request.method)));
	if (!str_eq(before->request.target, h->request.target))
		return check_broken(w, h, "expected target %.*s, got %.*s",
				    STR_ARG(check_quoted(w, before->request.target)),
				    STR_ARG(check_quoted(w, h->request.target)));
	if (!same_body(before, h))
		return check_broken(w, h,
				    "expected the body of the request that was challenged (%zu "
				    "octets), got another (%zu octets)",
				    before->request.body.n, h->request.body.n);
	return check_holds();
}

/* Expect: 100-continue: RFC 9110 10.1.1 and 15.5.18. */
#include "client/check_parts.h"

struct check_finding judge_expect_content(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	(void)c;
	if (!h->expects)
		return check_unseen(NULL);
	if (!h->has_content)
		return check_broken(w, h, "expected content with Expect: 100-continue, got none");
	return check_holds();
}

/* What was announced is still to come, unless the connection ends: RFC 9112 6.3 and 9.3. */
struct check_finding judge_expect_in_sync(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	size_t behind = 0;
	struct str line = heard_stray(h, &behind);

	(void)c;
	if (!h->early)
		return check_unseen(NULL);
	if (line.p)
		return check_broken(
			w, h,
			"expected the announced content or the end of the connection, "
			"got another request behind %zu octets of %.*s: %.*s",
			behind,
			STR_ARG(check_quoted(w, http_get(&h->request.fields, "Content-Length"))),
			STR_ARG(check_quoted(w, line)));
	return check_holds();
}

/* Where the content was to come, which is another mistake. */
static bool is_again_in_midst(const struct heard *refused)
{
	struct str octets = refused->beyond.n ? refused->beyond : refused->request.body;
	size_t behind;

	return heard_stray(refused, &behind).p &&
	       str_ifind(octets, STR("\r\nExpect:")) == (size_t)-1;
}

static bool is_again(const struct heard *before, const struct heard *h)
{
	return h->origin == before->origin && !h->expects &&
	       str_eq(h->request.method, before->request.method) &&
	       str_eq(h->request.target, before->request.target);
}

/* Only the last one of a request counts: with credentials it may try once more. */
struct check_finding judge_expect_retried(const struct check_view *w)
{
	struct check_finding all = check_unseen("no request was answered by 417");

	for (size_t i = 0; i < w->n; i++) {
		const struct heard *refused = NULL;

		for (size_t k = 0; k < w->c[i]->n; k++) {
			const struct heard *h = w->c[i]->v[k];

			if (h->expects && h->response.status == 417 && is_again_in_midst(h))
				refused = NULL, all = check_holds();
			else if (h->expects && h->response.status == 417)
				refused = h;
			else if (refused && is_again(refused, h))
				refused = NULL, all = check_holds();
		}
		if (refused)
			return check_broken(
				w, refused, "expected the request again without Expect, got %s",
				refused == w->c[i]->v[w->c[i]->n - 1] ? "nothing more"
								      : "other requests only");
	}
	return all;
}

struct check_finding judge_expect_goes_on(const struct check_view *w)
{
	struct check_finding all = check_unseen("no request waited for 100 Continue");

	for (size_t i = 0; i < w->n; i++) {
		for (size_t k = 0; k < w->c[i]->n; k++) {
			const struct heard *h = w->c[i]->v[k];

			if (!h->unasked)
				continue;
			if (!h->response.status && !h->request.body.n)
				return check_broken(w, h,
						    "expected the content after a while without "
						    "100 Continue, got none");
			all = check_holds();
		}
	}
	return all;
}

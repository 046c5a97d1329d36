/* Where names and passwords can be read, and Basic, where they must be. */
#include "client/check_parts.h"

#include "auth/base64.h"
#include "auth/nearly.h"
#include "base/redact.h"

#define SECRET_MIN 4           /* octets: shorter ones stand somewhere by chance */
#define TOLD_BYTES (64u << 10) /* of a body: a longer one is a text again and again */

/* Asked for, or sent unasked. */
static bool is_of_digests(const struct conversation *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->n_digest || c->v[i]->offers_token || c->v[i]->has & HAS_TOKEN)
			return true;
	return false;
}

/* Why it cannot be looked for; NULL: it can. */
static const char *unsearchable(const struct conversation *c)
{
	const struct told *t = &c->told;
	const struct str elsewhere[] = { t->target, str_sub(t->body, 0, TOLD_BYTES), t->user,
					 t->method };

	if (t->password.n < SECRET_MIN)
		return "the password is too short to be looked for";
	for (size_t i = 0; i < COUNT(elsewhere); i++)
		if (redact_finds(elsewhere[i], t->password))
			return "the password stands in what it was told besides";
	return NULL;
}

/* Basic is the answer to a challenge that leaves no other choice. */
static bool basic_was_asked(const struct conversation *c, const struct heard *h)
{
	const struct heard *said = check_latest(c, h, true);

	return said && said->offers_basic && !said->n_digest && !said->offers_token;
}

static bool in_payload(const struct check_view *w, struct str value, struct str password)
{
	struct str payload = value;

	str_word(&payload);
	return str_istarts(value, STR("Basic ")) &&
	       str_find(base64_decode_loosely(w->a, payload), password) != (size_t)-1;
}

static struct check_finding leaks(const struct check_view *w, const struct heard *h,
				  const char *where, struct str name)
{
	return check_broken(w, h, "expected the password nowhere in the request, got it in %s%.*s",
			    where, STR_ARG(str_sub(name, 0, 80)));
}

/* RFC 7616 5.6, 5.8: where Digest can be had, the password is not shown.  Before it is known what
 * is offered, neither. */
struct check_finding judge_no_cleartext(const struct check_view *w, const struct conversation *c,
					const struct heard *h)
{
	const char *cannot = unsearchable(c);
	struct str password = c->told.password;

	if (!is_of_digests(c))
		return check_unseen("neither Digest nor a UsernameToken was asked for or sent");
	if (cannot)
		return check_unseen(cannot);
	if (redact_finds(h->request.target, password))
		return leaks(w, h, "the request target", STR(""));
	for (size_t i = 0; i < h->request.fields.n; i++) {
		const struct http_field *f = &h->request.fields.v[i];

		if (h->has & HAS_BASIC && str_ieq(f->name, STR("Authorization")) &&
		    basic_was_asked(c, h))
			continue;
		if (redact_finds(f->value, password) || in_payload(w, f->value, password))
			return leaks(w, h, "the field ", f->name);
	}
	/* What it was told to send is no leak. */
	if (h->request.body.p != c->told.body.p && redact_finds(h->request.body, password))
		return leaks(w, h, "the body", STR(""));
	return check_holds();
}

/* RFC 9110 4.2.4, 10.1.3. */
static bool has_userinfo(struct str uri)
{
	size_t at = str_find(uri, STR("://"));
	struct str authority;

	if (str_istarts(uri, STR("http://")) || str_istarts(uri, STR("https://")))
		uri = str_sub(uri, at + 3, uri.n);
	else if (str_starts(uri, STR("//")))
		uri = str_sub(uri, 2, uri.n);
	else
		return false;
	authority = str_cut(&uri, '/');
	return str_chr(authority, '@') != (size_t)-1;
}

struct check_finding judge_no_userinfo(const struct check_view *w, const struct conversation *c,
				       const struct heard *h)
{
	const struct {
		const char *where;
		bool found;
	} places[] = {
		{ "the request target", has_userinfo(h->request.target) },
		{ "Host", str_chr(http_get(&h->request.fields, "Host"), '@') != (size_t)-1 },
		{ "Referer", has_userinfo(http_get(&h->request.fields, "Referer")) },
		{ "the uri of its credentials", has_userinfo(check_param(h, "uri")) },
	};

	for (size_t i = 0; i < COUNT(places); i++) {
		if (places[i].found)
			return check_broken(w, h, "expected no userinfo, got some in %s",
					    places[i].where);
	}
	if (!unsearchable(c) && redact_finds(h->request.target, c->told.password))
		return leaks(w, h, "the request target", STR(""));
	return check_holds();
}

/* RFC 7617 2: Base64 of user-id, colon and password, padded and in one line. */
struct check_finding judge_basic_payload(const struct check_view *w, const struct conversation *c,
					 const struct heard *h)
{
	struct str colon = arena_concat(w->a, c->told.user, STR(":"));
	struct str want = base64_encode(w->a, arena_concat(w->a, colon, c->told.password));
	struct nearly_basic n = { h->authorization.token68, c->told.user, c->told.password };
	struct nearly near = { 0 };
	struct err ignored;

	if (h->authorization.token68.p && !h->authorization.n_param &&
	    str_eq(h->authorization.token68, want))
		return check_holds();
	if (!h->authorization.token68.p || nearly_basic(w->a, &n, &near, &ignored) || !near.why)
		return check_broken(w, h,
				    "expected the Base64 of user-id, colon and password, got "
				    "something else");
	return check_broken(w, h, "expected the Base64 of user-id, colon and password, got: %s",
			    near.why->text);
}

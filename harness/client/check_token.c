/* UsernameTokens: UTP 1.0 and 1.1 section 3.1, ONVIF Core 5.9.5. */
#include "client/check_parts.h"

#include "auth/base64.h"
#include "auth/datetime.h"
#include "auth/username_token.h"

#define TOKENS_MAX 4096 /* nonces that are compared */

/* --- the digest --- */

static bool is_text(const struct heard *h)
{
	return str_eq(h->soap.token.password_type, STR(UT_TYPE_TEXT));
}

/* With the password that the client was told; a missing part is the empty one. */
static bool digest_matches(const struct check_view *w, const struct conversation *c,
			   const struct heard *h)
{
	struct str want;
	struct err ignored;

	return ut_password_digest(w->a, h->token.nonce_octets, str_trim(h->soap.token.created),
				  c->told.password, &want, &ignored) == 0 &&
	       hash_equal(want, str_trim(h->soap.token.password));
}

struct check_finding judge_token_digest(const struct check_view *w, const struct conversation *c,
					const struct heard *h)
{
	if (!h->soap.token.password.p || is_text(h))
		return check_unseen("no token had a password digest");
	if (digest_matches(w, c, h))
		return check_holds();
	return check_broken(w, h, "expected Base64(SHA-1(nonce + created + password)), got %.*s",
			    STR_ARG(h->why.p ? h->why : STR("something else")));
}

struct check_finding judge_token_type(const struct check_view *w, const struct conversation *c,
				      const struct heard *h)
{
	struct str type = h->soap.token.password_type;

	(void)c;
	if (!h->soap.token.password.p)
		return check_unseen("no token had a Password");
	if (str_eq(type, STR(UT_TYPE_DIGEST)))
		return check_holds();
	return check_broken(
		w, h, "expected Password with Type \"%s\", got %.*s", UT_TYPE_DIGEST,
		STR_ARG(type.p ? arena_fmt(w->a, "\"%.*s\"", STR_ARG(str_sub(type, 0, 160)))
			       : STR("none, which means text")));
}

/* No Type means text (UTP 1.1 3.1); under another one the password may be plain as well. */
struct check_finding judge_token_no_text(const struct check_view *w, const struct conversation *c,
					 const struct heard *h)
{
	if (is_text(h))
		return check_broken(w, h, "expected a password digest, got a PasswordText");
	if (h->soap.token.password.p && c->told.password.n &&
	    hash_equal(str_trim(h->soap.token.password), str_trim(c->told.password)))
		return check_broken(w, h, "expected a password digest, got the password itself");
	return check_holds();
}

/* --- nonces --- */

struct check_finding judge_token_encoding(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	struct str encoding = h->soap.token.nonce_encoding;

	(void)c;
	if (!h->soap.token.nonce.p)
		return check_unseen(NULL);
	if (defect_has(&h->token.defects, DEFECT_TOKEN_NONCE_BASE64))
		return check_broken(w, h, "expected a Nonce in Base64, got %.*s",
				    STR_ARG(check_quoted(w, h->soap.token.nonce)));
	if (!encoding.p || str_eq(encoding, STR(UT_ENCODING_BASE64)))
		return check_holds();
	return check_broken(w, h, "expected EncodingType \"%s\" or none, got \"%.*s\"",
			    UT_ENCODING_BASE64, STR_ARG(str_sub(encoding, 0, 160)));
}

struct check_finding judge_token_nonce_length(const struct check_view *w,
					      const struct conversation *c, const struct heard *h)
{
	(void)c;
	if (!h->soap.token.nonce.p)
		return check_unseen(NULL);
	if ((int64_t)h->token.nonce_octets.n < w->value)
		return check_broken(w, h, "expected a Nonce of %lld octets or more, got %zu",
				    (long long)w->value, h->token.nonce_octets.n);
	return check_holds();
}

struct check_finding judge_token_nonce_fresh(const struct check_view *w)
{
	const struct heard **seen = arena_array(w->a, const struct heard *, TOKENS_MAX);
	size_t n = 0;

	for (size_t i = 0; seen && i < w->n; i++) {
		for (size_t k = 0; k < w->c[i]->n && n < TOKENS_MAX; k++) {
			const struct heard *h = w->c[i]->v[k];

			if (!(h->has & HAS_TOKEN) || !h->token.nonce_octets.n)
				continue;
			for (size_t m = 0; m < n; m++) {
				if (str_eq(seen[m]->token.nonce_octets, h->token.nonce_octets))
					return check_broken(
						w, h, "expected another Nonce, got %.*s again",
						STR_ARG(check_quoted(
							w, str_trim(h->soap.token.nonce))));
			}
			seen[n++] = h;
		}
	}
	return n > 1 ? check_holds() : check_unseen("there was no second token with a Nonce");
}

/* --- Created --- */

struct check_finding judge_token_created_form(const struct check_view *w,
					      const struct conversation *c, const struct heard *h)
{
	struct str created = str_trim(h->soap.token.created);
	struct datetime when;
	struct err ignored;

	(void)c;
	if (!h->soap.token.created.p)
		return check_unseen(NULL);
	if (datetime_parse(created, &when, &ignored))
		return check_broken(w, h,
				    "expected a Created such as 2026-08-22T10:11:12Z, got %.*s",
				    STR_ARG(check_quoted(w, created)));
	if (!when.has_zone || when.offset_min)
		return check_broken(w, h, "expected a Created in UTC (Z), got %.*s",
				    STR_ARG(check_quoted(w, created)));
	return check_holds();
}

/* What the distance looks like. */
static const char *guess(const struct heard *h, int64_t off_ms, int64_t value_ms)
{
	int64_t quarter = 900 * 1000, rest = (off_ms % quarter + quarter) % quarter;
	int64_t own = h->token.created_unix_ms - h->wall_ms;

	if (own <= value_ms && own >= -value_ms)
		return ": it is the time of the client's own clock";
	if (rest <= value_ms || quarter - rest <= value_ms)
		return ": so many quarters of an hour, as a time zone makes them";
	return "";
}

struct check_finding judge_token_created_near(const struct check_view *w,
					      const struct conversation *c, const struct heard *h)
{
	int64_t off_ms = h->token.created_unix_ms - h->device_ms, value_ms;

	(void)c;
	/* Who asks for the time does not know it yet: that there is a token is token.none-on-time.
	 */
	if (!h->token.has_created || check_asks_time(h))
		return check_unseen(NULL);
	value_ms = w->value < 1000000000 ? w->value * 1000 : INT64_MAX;
	/* Created may leave its fraction away. */
	if (off_ms <= value_ms && off_ms > -value_ms - 1000)
		return check_holds();
	return check_broken(w, h,
			    "expected Created within %lld s of the device's clock, got one %lld s "
			    "%s it%s",
			    (long long)w->value, (long long)(off_ms < 0 ? -off_ms : off_ms) / 1000,
			    off_ms < 0 ? "behind" : "ahead of", guess(h, off_ms, value_ms));
}

/* --- the whole token --- */

struct check_finding judge_token_username(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	struct str got = h->soap.token.username;

	if (!got.p)
		return check_unseen("no token had a Username");
	if (str_eq(got, c->told.user))
		return check_holds();
	return check_broken(w, h, "expected Username %.*s, got %.*s",
			    STR_ARG(check_quoted(w, c->told.user)), STR_ARG(check_quoted(w, got)));
}

/* ONVIF Core 5.9.5: a client uses both nonce and timestamp. */
struct check_finding judge_token_complete(const struct check_view *w, const struct conversation *c,
					  const struct heard *h)
{
	const struct username_token *t = &h->soap.token;
	const struct {
		const char *name;
		struct str text;
	} child[] = {
		{ "Username", t->username },
		{ "Password", t->password },
		{ "Nonce", t->nonce },
		{ "Created", t->created },
	};

	(void)c;
	for (size_t i = 0; i < COUNT(child); i++) {
		if (!child[i].text.n)
			return check_broken(w, h, "expected %s, got %s", child[i].name,
					    child[i].text.p ? "an empty one" : "none");
	}
	return check_holds();
}

static bool has_leaf(const struct heard *h, const char *name)
{
	return soap_leaf_text(&h->soap, "UsernameToken", name).p != NULL;
}

struct check_finding judge_token_namespaces(const struct check_view *w,
					    const struct conversation *c, const struct heard *h)
{
	const struct username_token *t = &h->soap.token;
	const struct {
		const char *name;
		int n;
	} child[] = { { "Username", t->n_username },
		      { "Password", t->n_password },
		      { "Nonce", t->n_nonce } };

	(void)c;
	if (h->is_soap && h->soap.security_foreign)
		return check_broken(w, h, "expected Security in \"%s\", got another namespace",
				    UT_NS_WSSE);
	if (h->is_soap && !h->soap.n_token && !h->soap.token_in_body && has_leaf(h, "Username"))
		return check_broken(w, h, "expected UsernameToken in \"%s\", got another namespace",
				    UT_NS_WSSE);
	if (!(h->has & HAS_TOKEN))
		return check_unseen(NULL);
	for (size_t i = 0; i < COUNT(child); i++) {
		if (!child[i].n && has_leaf(h, child[i].name))
			return check_broken(w, h, "expected %s in \"%s\", got another namespace",
					    child[i].name, UT_NS_WSSE);
	}
	if (t->created.p && !t->wsu_created)
		return check_broken(w, h, "expected Created in \"%s\", got another namespace",
				    UT_NS_WSU);
	return check_holds();
}

struct check_finding judge_token_one(const struct check_view *w, const struct conversation *c,
				     const struct heard *h)
{
	const struct username_token *t = &h->soap.token;
	const struct {
		const char *name;
		int n;
	} parts[] = {
		{ "Security header", h->soap.n_security },
		{ "UsernameToken", h->soap.n_token },
		{ "Username", t->n_username },
		{ "Password", t->n_password },
		{ "Nonce", t->n_nonce },
		{ "Created", t->n_created },
	};

	(void)c;
	if (h->is_soap && h->soap.token_in_body)
		return check_broken(w, h,
				    "expected the UsernameToken in a Security header, got it "
				    "elsewhere");
	for (size_t i = 0; h->is_soap && i < COUNT(parts); i++) {
		if (parts[i].n > 1)
			return check_broken(w, h, "expected one %s, got %d", parts[i].name,
					    parts[i].n);
	}
	return h->has & HAS_TOKEN ? check_holds() : check_unseen(NULL);
}

/* The schema of secext 1.0 has it in front, and all else in any order. */
struct check_finding judge_token_name_first(const struct check_view *w,
					    const struct conversation *c, const struct heard *h)
{
	(void)c;
	for (size_t i = 0; h->is_soap && i < h->soap.n_leaf; i++) {
		const struct soap_leaf *l = &h->soap.leaf[i];

		if (!str_eq(l->parent, STR("UsernameToken")))
			continue;
		if (str_eq(l->name, STR("Username")))
			return check_holds();
		return check_broken(w, h, "expected Username in front, got %.*s",
				    STR_ARG(check_quoted(w, l->name)));
	}
	return check_unseen(NULL);
}

/* ONVIF Core 5.9.1: not both on the HTTP level and on the WS level. */
struct check_finding judge_token_not_with_digest(const struct check_view *w,
						 const struct conversation *c,
						 const struct heard *h)
{
	(void)c;
	if (h->has & HAS_TOKEN && h->n_authorization)
		return check_broken(w, h, "expected a UsernameToken or HTTP credentials, got both");
	return check_holds();
}

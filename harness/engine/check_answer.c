/* check_answer.c - checks of Authentication-Info and of the other fields of an answer. */
#include "engine/check.h"

#define ECHO_LEAST 8 /* octets of credentials that no answer repeats by chance */

/* --- Authentication-Info: RFC 7616 3.5 --- */

/* False when there is none (why stays), or when it cannot be read (why says so). */
static bool info_read(const struct check_context *x, struct challenge *out, struct str *why)
{
	struct str field = http_get(&x->answer->response->fields, "Authentication-Info");
	struct err err = { 0 };

	if (!field.p)
		return false;
	if (!credentials_parse(x->a, arena_fmt(x->a, "Info %.*s", STR_ARG(field)), out, &err))
		return true;
	*why = arena_fmt(x->a, "Authentication-Info cannot be read: %s", err.text);
	return false;
}

static int info_notation(const struct check_context *x, const char *names, bool quoted,
			 struct str *why)
{
	struct str rest = str(names), name;
	struct challenge c;

	if (!info_read(x, &c, why))
		return why->p != NULL;
	while ((name = str_word(&rest)).n)
		for (size_t i = 0; i < c.n_param; i++)
			if (str_ieq(c.param[i].name, name) && c.param[i].quoted != quoted)
				FAIL("%.*s in Authentication-Info is %s", STR_ARG(name),
				     quoted ? "not a quoted-string" : "a quoted-string");
	return 0;
}

int check_info_quoted(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return info_notation(x, "nextnonce rspauth cnonce", true, why);
}

int check_info_unquoted(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return info_notation(x, "qop nc", false, why);
}

int check_info_absent(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	if (http_count(&x->answer->response->fields, "Authentication-Info"))
		FAIL("the answer has Authentication-Info");
	return 0;
}

int check_info_nc(const struct check_context *x, struct str value, struct str *why)
{
	const struct auth_param *nc;
	struct challenge c;
	size_t digits = 0;

	(void)value;
	if (!info_read(x, &c, why))
		return why->p != NULL;
	nc = challenge_param(&c, "nc");
	while (nc && digits < nc->value.n && char_hex(nc->value.p[digits]) >= 0)
		digits++;
	if (nc && (digits != 8 || nc->value.n != 8))
		FAIL("nc in Authentication-Info is %.*s", STR_ARG(nc->value));
	return 0;
}

int check_info_qop(const struct check_context *x, struct str value, struct str *why)
{
	static const char *const names[DIGEST_QOPS] = { "", "auth", "auth-int" };
	const struct auth_param *qop;
	struct challenge c;

	(void)value;
	if (!x->built->has_digest || !info_read(x, &c, why))
		return why->p != NULL;
	qop = challenge_param(&c, "qop");
	if (qop && !str_ieq(qop->value, str(names[x->built->digest.qop])))
		FAIL("qop in Authentication-Info is %.*s, sent was %s", STR_ARG(qop->value),
		     names[x->built->digest.qop]);
	return 0;
}

/* Authentication-Info of a Digest answer (RFC 7616 3.5), where there is one. */
int check_rspauth(const struct check_context *x, struct str value, struct str *why)
{
	struct challenge c;
	const struct auth_param *rsp, *nc, *cnonce;
	char hex[HASH_HEX_MAX];
	struct digest_inputs in = x->built->digest;
	struct err err = { 0 };

	(void)value;
	if (!x->built->has_digest || !info_read(x, &c, why))
		return why->p != NULL;
	rsp = challenge_param(&c, "rspauth");
	nc = challenge_param(&c, "nc");
	cnonce = challenge_param(&c, "cnonce");
	if (!rsp)
		return 0;
	in.body = x->answer->response->body;
	if (digest_rspauth(&in, hex, &err))
		FAIL("%s", err.text);
	if (challenge_param(&c, "qop") && (!nc || !cnonce))
		FAIL("Authentication-Info has qop without nc and cnonce");
	if (!str_ieq(rsp->value, str(hex)))
		FAIL("rspauth is not the value that the password gives");
	if (nc && !str_ieq(nc->value, in.nc))
		FAIL("nc in Authentication-Info is %.*s, sent was %.*s", STR_ARG(nc->value),
		     STR_ARG(in.nc));
	if (cnonce && !str_eq(cnonce->value, in.cnonce))
		FAIL("cnonce in Authentication-Info is not the one that was sent");
	return 0;
}

/* --- the rest of the answer --- */

int check_answered(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	if (!x->answer->status)
		FAIL("no answer came: %.*s", STR_ARG(x->answer->why));
	return 0;
}

static bool holds(const struct http_response *r, struct str text)
{
	for (size_t i = 0; i < r->fields.n; i++)
		if (str_find(r->fields.v[i].value, text) != (size_t)-1)
			return true;
	return str_find(r->body, text) != (size_t)-1;
}

/* What stands behind the scheme in each Authorization field that was sent. */
int check_no_echo(const struct check_context *x, struct str value, struct str *why)
{
	struct str field[4];
	size_t n = http_all(&x->built->request.fields, "Authorization", field, COUNT(field));

	(void)value;
	for (size_t i = 0; i < n && i < COUNT(field); i++) {
		struct str rest = field[i], scheme = str_cut(&rest, ' ');

		rest = str_trim(rest);
		if (rest.n >= ECHO_LEAST && holds(x->answer->response, rest))
			FAIL("the answer repeats the %.*s credentials of the request",
			     STR_ARG(scheme));
	}
	return 0;
}

int check_not_public(const struct check_context *x, struct str value, struct str *why)
{
	struct str field = http_get(&x->answer->response->fields, "Cache-Control");

	(void)value;
	if (str_ifind(field, STR("public")) != (size_t)-1)
		FAIL("Cache-Control: %.*s", STR_ARG(field));
	return 0;
}

int check_no_cookie(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	if (http_count(&x->answer->response->fields, "Set-Cookie"))
		FAIL("the answer sets a cookie");
	return 0;
}

static bool has_attribute(struct str cookie, const char *name)
{
	str_cut(&cookie, ';');
	while (cookie.n) {
		struct str attribute = str_cut(&cookie, ';');

		if (str_ieq(str_trim(attribute), str(name)))
			return true;
	}
	return false;
}

/* RFC 6265 4.1.2.5 and 4.1.2.6 */
int check_cookie_protected(const struct check_context *x, struct str value, struct str *why)
{
	struct str set[8];
	size_t n = http_all(&x->answer->response->fields, "Set-Cookie", set, COUNT(set));

	(void)value;
	for (size_t i = 0; i < n && i < COUNT(set); i++) {
		struct str rest = set[i], name = str_cut(&rest, '=');

		if (!has_attribute(set[i], "Secure") || !has_attribute(set[i], "HttpOnly"))
			FAIL("cookie %.*s is not both Secure and HttpOnly", STR_ARG(name));
	}
	return 0;
}

/* RFC 6797 6.1 */
int check_hsts(const struct check_context *x, struct str value, struct str *why)
{
	struct str field = http_get(&x->answer->response->fields, "Strict-Transport-Security");
	size_t at = str_ifind(field, STR("max-age="));
	struct str age = str_trim(str_sub(field, at + strlen("max-age="), field.n));

	(void)value;
	if (!field.p)
		FAIL("there is no Strict-Transport-Security");
	if (at == (size_t)-1 || !age.n || age.p[0] < '1' || age.p[0] > '9')
		FAIL("Strict-Transport-Security: %.*s", STR_ARG(field));
	return 0;
}

/* A path in another spelling may be another resource, which needs no credentials; it is a way
 * around them only where it gives what they protect.
 */
int check_other_content(const struct check_context *x, struct str value, struct str *why)
{
	struct str body = x->answer->response->body, before = x->session->last_body;

	(void)value;
	if (x->answer->outcome == OUTCOME_ACCEPTED && before.n &&
	    str_eq(str_sub(body, 0, before.n), before))
		FAIL("%d with the content that the step before got", x->answer->status);
	return 0;
}

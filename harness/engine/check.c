/* check.c - what an answer must hold besides its outcome: <check is="..."> of a case. */
#include "engine/check.h"
#include "engine/check_soap.h"

static const struct challenge *each(const struct check_context *x, size_t *i, const char *scheme)
{
	const struct challenge_list *l = &x->answer->challenge;

	while (*i < l->n) {
		const struct challenge *c = &l->v[(*i)++];

		if (!scheme || challenge_is(c, scheme))
			return c;
	}
	return NULL;
}

static int check_present(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	if (!x->answer->challenge.n)
		FAIL("the %d answer has no WWW-Authenticate challenge", x->answer->status);
	return 0;
}

static int check_well_formed(const struct check_context *x, struct str value, struct str *why)
{
	const struct challenge *c;

	(void)value;
	for (size_t i = 0; (c = each(x, &i, NULL));) {
		if (c->problems & CHALLENGE_DUPLICATE)
			FAIL("a parameter stands twice in: %.*s", STR_ARG(c->text));
		if (c->problems)
			FAIL("the challenge breaks the grammar: %.*s", STR_ARG(c->text));
	}
	return check_present(x, value, why);
}

static int has_scheme(const struct check_context *x, const char *scheme, struct str *why)
{
	size_t i = 0;

	if (!each(x, &i, scheme))
		FAIL("no %s challenge is offered", scheme);
	return 0;
}

static int check_digest(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return has_scheme(x, "Digest", why);
}

static int check_basic(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return has_scheme(x, "Basic", why);
}

static int check_no_basic(const struct check_context *x, struct str value, struct str *why)
{
	size_t i = 0;

	(void)value;
	if (each(x, &i, "Basic"))
		FAIL("Basic is offered");
	return 0;
}

/* Every challenge of scheme (NULL: each one) has the parameter; there is at least one. */
static int every_has(const struct check_context *x, const char *scheme, const char *name,
		     struct str *why)
{
	const struct challenge *c;
	size_t i = 0;

	while ((c = each(x, &i, scheme))) {
		const struct auth_param *p = challenge_param(c, name);

		if (!p)
			FAIL("no %s in the challenge: %.*s", name, STR_ARG(c->text));
	}
	return i ? 0 : check_present(x, (struct str){ 0 }, why);
}

/* Where the parameter is given, it is written as a quoted-string (or as a token). */
static int every_quoted(const struct check_context *x, const char *name, bool quoted,
			struct str *why)
{
	const struct challenge *c;

	for (size_t i = 0; (c = each(x, &i, NULL));) {
		const struct auth_param *p = challenge_param(c, name);

		if (p && p->quoted != quoted)
			FAIL("%s is %s: %.*s", name,
			     quoted ? "not a quoted-string" : "a quoted-string, not a token",
			     STR_ARG(p->raw));
	}
	return 0;
}

#define QUOTED(fn, name, quoted)                                                                   \
	static int fn(const struct check_context *x, struct str value, struct str *why)            \
	{                                                                                          \
		(void)value;                                                                       \
		return every_quoted(x, name, quoted, why);                                         \
	}
QUOTED(check_realm_quoted, "realm", true)
QUOTED(check_nonce_quoted, "nonce", true)
QUOTED(check_qop_quoted, "qop", true)
QUOTED(check_opaque_quoted, "opaque", true)
QUOTED(check_domain_quoted, "domain", true)
QUOTED(check_algorithm_token, "algorithm", false)
QUOTED(check_stale_token, "stale", false)

static int check_realm(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return every_has(x, NULL, "realm", why);
}

static int check_qop(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return every_has(x, "Digest", "qop", why);
}

static int check_nonce(const struct check_context *x, struct str value, struct str *why)
{
	const struct challenge *c;

	(void)value;
	if (every_has(x, "Digest", "nonce", why))
		return 1;
	for (size_t i = 0; (c = each(x, &i, "Digest"));)
		if (!challenge_param(c, "nonce")->value.n)
			FAIL("the nonce is empty");
	return 0;
}

static int check_nonce_length(const struct check_context *x, struct str value, struct str *why)
{
	const struct challenge *c;
	uint64_t least = 0;

	if (str_to_u64(value, 4096, &least))
		FAIL("challenge.nonce-length needs a number of octets");
	for (size_t i = 0; (c = each(x, &i, "Digest"));) {
		const struct auth_param *p = challenge_param(c, "nonce");

		if (p && p->value.n < least)
			FAIL("a nonce of %zu octets", p->value.n);
	}
	return 0;
}

static int check_nonce_plain(const struct check_context *x, struct str value, struct str *why)
{
	const struct challenge *c;

	(void)value;
	for (size_t i = 0; (c = each(x, &i, "Digest"));) {
		const struct auth_param *p = challenge_param(c, "nonce");

		if (p && str_chr(p->value, '"') != (size_t)-1)
			FAIL("the nonce has a double quote in it: %.*s", STR_ARG(p->raw));
	}
	return 0;
}

static int check_nonce_fresh(const struct check_context *x, struct str value, struct str *why)
{
	const struct challenge *c;

	(void)value;
	for (size_t i = 0; (c = each(x, &i, "Digest"));) {
		const struct auth_param *p = challenge_param(c, "nonce");

		for (size_t j = 0; p && j < x->session->n_seen; j++)
			if (str_eq(p->value, x->session->seen_nonce[j]))
				FAIL("the nonce of an earlier challenge comes again");
	}
	return 0;
}

static bool any_stale(const struct check_context *x)
{
	const struct challenge *c;

	for (size_t i = 0; (c = each(x, &i, "Digest"));) {
		const struct auth_param *p = challenge_param(c, "stale");

		if (p && str_ieq(p->value, STR("true")))
			return true;
	}
	return false;
}

static int check_stale(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	if (!any_stale(x))
		FAIL("no challenge says stale=true");
	return 0;
}

static int check_no_stale(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	if (any_stale(x))
		FAIL("a challenge says stale=true");
	return 0;
}

/* The algorithm of a Digest challenge as a canonical name; an unknown one as written. */
static struct str algorithm_of(const struct challenge *c)
{
	const struct auth_param *p = challenge_param(c, "algorithm");
	enum hash_alg alg;
	bool session;

	if (!p)
		return STR("MD5");
	if (digest_algorithm_parse(p->value, &alg, &session))
		return p->value;
	return str(digest_algorithm_name(alg, session));
}

static int check_distinct(const struct check_context *x, struct str value, struct str *why)
{
	const struct challenge *c, *d;

	(void)value;
	for (size_t i = 0; (c = each(x, &i, "Digest"));)
		for (size_t j = i; (d = each(x, &j, "Digest"));)
			if (str_ieq(algorithm_of(c), algorithm_of(d)))
				FAIL("two challenges for %.*s", STR_ARG(algorithm_of(c)));
	return 0;
}

static int offers(const struct check_context *x, const char *algorithm, struct str *why)
{
	const struct challenge *c;

	for (size_t i = 0; (c = each(x, &i, "Digest"));)
		if (str_ieq(algorithm_of(c), str(algorithm)))
			return 0;
	FAIL("no Digest challenge with %s", algorithm);
}

/* Where the parameter is given, its value is one of words. */
static int every_is(const struct check_context *x, const char *name, const char *words,
		    struct str *why)
{
	const struct challenge *c;

	for (size_t i = 0; (c = each(x, &i, NULL));) {
		const struct auth_param *p = challenge_param(c, name);
		struct str rest = str(words), word;
		bool known = !p;

		while (!known && (word = str_word(&rest)).n)
			known = str_ieq(p->value, word);
		if (!known)
			FAIL("%s is %.*s", name, STR_ARG(p->raw));
	}
	return 0;
}

static int check_charset(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return every_is(x, "charset", "UTF-8", why);
}

static int check_userhash(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return every_is(x, "userhash", "true false", why);
}

static int check_md5(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return offers(x, "MD5", why);
}

static int check_sha256(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return offers(x, "SHA-256", why);
}

static int check_fault_sender(const struct check_context *x, struct str value, struct str *why)
{
	const struct soap_message *m = &x->answer->message;

	(void)value;
	if (!x->answer->has_message || !m->is_fault)
		FAIL("the answer is no SOAP fault");
	if (!str_eq(m->fault_code, STR("Sender")) || !str_eq(m->fault_code_ns, STR(SOAP_NS_12)))
		FAIL("the fault's Code is %.*s, not env:Sender", STR_ARG(m->fault_code));
	return 0;
}

static int check_fault_not_authorized(const struct check_context *x, struct str value,
				      struct str *why)
{
	const struct soap_message *m = &x->answer->message;

	(void)value;
	if (!x->answer->has_message || !m->is_fault)
		FAIL("the answer is no SOAP fault");
	if (soap_is_not_authorized(m))
		return 0;
	if (!m->n_subcode)
		FAIL("the fault has no Subcode");
	if (!m->subcode_ns[0].n)
		FAIL("the prefix of Subcode %.*s is not bound", STR_ARG(m->subcode[0]));
	FAIL("the fault's Subcode is %.*s", STR_ARG(m->subcode[m->n_subcode - 1]));
}

static int check_fault_well_formed(const struct check_context *x, struct str value, struct str *why)
{
	const struct answer *an = x->answer;

	(void)value;
	if (!an->has_message && an->why.p)
		FAIL("the body is no readable envelope: %.*s", STR_ARG(an->why));
	if (an->has_message && an->message.is_fault && !an->message.fault_code.n)
		FAIL("the fault has no Code");
	if (an->has_message && an->message.is_fault && !an->message.reason.n)
		FAIL("the fault has no Reason");
	if (an->has_message && an->message.unbound.n)
		FAIL("the prefix of the code %.*s is not bound", STR_ARG(an->message.unbound));
	return 0;
}

static int check_status(const struct check_context *x, struct str value, struct str *why)
{
	uint64_t want = 0;

	if (str_to_u64(value, 999, &want) || (uint64_t)x->answer->status != want)
		FAIL("the status is %d, not %.*s", x->answer->status, STR_ARG(value));
	return 0;
}

static int check_same_answer(const struct check_context *x, struct str value, struct str *why)
{
	const struct session *s = x->session;
	struct session now = { 0 };

	(void)value;
	if (!s->has_last)
		FAIL("there is no answer before this one");
	session_remember(&now, x->a, x->answer);
	if (now.last_status != s->last_status)
		FAIL("status %d here, %d before", now.last_status, s->last_status);
	if (!str_eq(now.last_schemes, s->last_schemes))
		FAIL("other challenges than before");
	if (!str_eq(now.last_fault, s->last_fault)) /* numbers in it were taken out: counters */
		FAIL("fault text \"%.*s\" here, \"%.*s\" before", STR_ARG(now.last_fault),
		     STR_ARG(s->last_fault));
	return 0;
}

static int check_time_utc(const struct check_context *x, struct str value, struct str *why)
{
	int64_t ms;
	struct err err = { 0 };

	(void)value;
	if (!x->answer->has_message)
		FAIL("no SOAP answer");
	if (soap_device_time(&x->answer->message, &ms, &err))
		FAIL("%s", err.text);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(const struct check_context *x, struct str value, struct str *why);
	bool needs_credentials; /* the answer alone does not say it */
} table[] = {
	{ "challenge.present", check_present, false },
	{ "challenge.well-formed", check_well_formed, false },
	{ "challenge.digest", check_digest, false },
	{ "challenge.basic", check_basic, false },
	{ "challenge.no-basic", check_no_basic, false },
	{ "challenge.realm", check_realm, false },
	{ "challenge.realm-quoted", check_realm_quoted, false },
	{ "challenge.nonce", check_nonce, false },
	{ "challenge.nonce-quoted", check_nonce_quoted, false },
	{ "challenge.nonce-fresh", check_nonce_fresh, false },
	{ "challenge.nonce-length", check_nonce_length, false },
	{ "challenge.qop", check_qop, false },
	{ "challenge.qop-quoted", check_qop_quoted, false },
	{ "challenge.algorithm-token", check_algorithm_token, false },
	{ "challenge.stale-token", check_stale_token, false },
	{ "challenge.stale", check_stale, false },
	{ "challenge.no-stale", check_no_stale, false },
	{ "challenge.distinct-algorithms", check_distinct, false },
	{ "challenge.md5", check_md5, false },
	{ "challenge.sha-256", check_sha256, false },
	{ "challenge.opaque-quoted", check_opaque_quoted, false },
	{ "challenge.domain-quoted", check_domain_quoted, false },
	{ "fault.sender", check_fault_sender, false },
	{ "fault.not-authorized", check_fault_not_authorized, false },
	{ "fault.well-formed", check_fault_well_formed, false },
	{ "fault.must-understand", check_fault_must_understand, false },
	{ "fault.version-mismatch", check_fault_version, false },
	{ "fault.receiver", check_fault_receiver, false },
	{ "not-internal", check_not_internal, false },
	{ "capabilities.digest", check_says_digest, false },
	{ "capabilities.token", check_says_token, false },
	{ "no-data", check_no_data, false },
	{ "no-userinfo", check_no_userinfo, false },
	{ "status", check_status, false },
	{ "same-answer", check_same_answer, false },
	{ "time.utc", check_time_utc, false },
	{ "rspauth", check_rspauth, true },
	{ "not-public", check_not_public, false },
	{ "no-cookie", check_no_cookie, false },
	{ "challenge.charset", check_charset, false },
	{ "challenge.userhash", check_userhash, false },
	{ "info.absent", check_info_absent, false },
	{ "info.quoted", check_info_quoted, false },
	{ "info.unquoted", check_info_unquoted, false },
	{ "info.nc", check_info_nc, true },
	{ "info.qop", check_info_qop, true },
	{ "answered", check_answered, false },
	{ "no-echo", check_no_echo, true },
	{ "cookie.protected", check_cookie_protected, false },
	{ "hsts", check_hsts, false },
	{ "other-content", check_other_content, false },
	{ "challenge.nonce-plain", check_nonce_plain, false },
};

size_t check_count(void)
{
	return COUNT(table);
}

const char *check_name(size_t i)
{
	return table[i].name;
}

int check_run(const struct suite_check *c, const struct check_context *x, struct str *why)
{
	for (size_t i = 0; i < COUNT(table); i++) {
		if (!str_eq(c->name, str(table[i].name)))
			continue;
		if (x->blind && (x->masked || table[i].needs_credentials)) {
			*x->blind = true;
			return 0;
		}
		return table[i].run(x, c->value, why);
	}
	*why = STR("no such check"); /* the loader refuses these */
	return 1;
}

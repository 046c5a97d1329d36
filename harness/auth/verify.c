#include "auth/verify_parts.h"

const struct account *verify_account(const struct verify_policy *p, struct str user)
{
	for (size_t i = 0; i < p->n_account; i++)
		if (str_eq(p->account[i].user, user))
			return &p->account[i];
	return NULL;
}

static int judge_scheme(struct judge *j)
{
	struct challenge *c = &j->credentials;
	struct defects *d = &j->out->defects;
	size_t before = c->scheme.n ? (size_t)(c->scheme.p - c->text.p) : 0;

	c->text = str_sub(c->text, before, c->text.n);
	/* RFC 9110 11.4: first the scheme, then SP; a tab is none. */
	if (before || c->scheme.n == 0 ||
	    (c->text.n > c->scheme.n && c->text.p[c->scheme.n] != ' '))
		defect_set(d, DEFECT_SYNTAX);
	if (challenge_is(c, "Basic")) {
		if (!j->policy->offer_basic)
			defect_set(d, DEFECT_SCHEME);
		return verify_basic(j);
	}
	if (challenge_is(c, "Digest")) {
		if (!j->policy->offer_digest)
			defect_set(d, DEFECT_SCHEME);
		return verify_digest(j);
	}
	if (c->scheme.n)
		defect_set(d, DEFECT_SCHEME);
	return 0;
}

int verify_http(struct arena *a, const struct verify_policy *p, const struct http_request *r,
		struct verify_result *out, struct err *err)
{
	struct judge j = { .a = a, .policy = p, .request = r, .out = out, .err = err };
	struct str field;
	size_t n = http_all(&r->fields, "Authorization", &field, 1);

	*out = (struct verify_result){ .account = NULL };
	if (n == 0) {
		defect_set(&out->defects, DEFECT_NO_CREDENTIALS);
		return 0;
	}
	if (n > 1)
		defect_set(&out->defects, DEFECT_TWO_FIELDS);
	if (credentials_parse(a, field, &j.credentials, err) || judge_scheme(&j))
		return -1;
	return arena_check(a, err);
}

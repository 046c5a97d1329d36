/* answer.c - what an answer is, from its octets alone (design, section 6). */
#include "engine/internal.h"

#define BODY_KEPT 65536
#define TEXT_KEPT 512 /* octets of a text body that are searched for counters and locks */

/* An answer that never arrived whole. */
static const struct {
	enum wire_fate fate;
	enum outcome outcome;
} fates[] = {
	{ WIRE_MALFORMED, OUTCOME_MALFORMED }, { WIRE_CLOSED, OUTCOME_CLOSED },
	{ WIRE_TLS, OUTCOME_CLOSED },          { WIRE_UNRESOLVED, OUTCOME_CLOSED },
	{ WIRE_TIMEOUT, OUTCOME_TIMEOUT },
};

static void read_fate(struct answer *out, const struct exchange *x)
{
	out->outcome = OUTCOME_CLOSED;
	for (size_t i = 0; i < COUNT(fates); i++)
		if (fates[i].fate == x->fate)
			out->outcome = fates[i].outcome;
	out->why = str(x->why);
}

static bool looks_like_xml(const struct http_response *r)
{
	struct str type = http_get(&r->fields, "Content-Type");

	return str_ifind(type, STR("xml")) != (size_t)-1 ||
	       str_starts(str_trim(r->body), STR("<?xml"));
}

/* The challenges of a 401, and whether one of them can be read at all. */
static bool read_challenges(struct answer *out, const struct exchange *x)
{
	struct str field[64];
	size_t n = http_all(&x->response.fields, "WWW-Authenticate", field, COUNT(field));
	struct err err = { 0 };

	if (n > COUNT(field))
		n = COUNT(field);
	if (challenge_parse(x->a, field, n, &out->challenge, &err))
		out->why = arena_str(x->a, str(err.text));
	for (size_t i = 0; i < out->challenge.n; i++)
		if (!(out->challenge.v[i].problems & (CHALLENGE_SYNTAX | CHALLENGE_DUPLICATE)))
			return true;
	if (!out->why.p)
		out->why = n ? STR("a 401 whose challenge cannot be read")
			     : STR("a 401 without WWW-Authenticate");
	return false;
}

static bool says_stale(const struct challenge_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct auth_param *p = challenge_param(&list->v[i], "stale");

		if (challenge_is(&list->v[i], "Digest") && p && str_ieq(p->value, STR("true")))
			return true;
	}
	return false;
}

static bool says_locked(const struct answer *out, const struct http_response *r)
{
	if (r->status == 423 || r->status == 429)
		return true;
	if (r->status == 503 && http_get(&r->fields, "Retry-After").p)
		return true;
	return r->status >= 400 && soap_says_locked(out->text);
}

static enum outcome outcome_of_401(struct answer *out, const struct exchange *x)
{
	if (!read_challenges(out, x))
		/* A fault tells a SOAP client what it needs, challenge or not; the form is judged
		 * apart. */
		return out->has_message && soap_is_not_authorized(&out->message)
			       ? OUTCOME_NOT_AUTHORIZED
			       : OUTCOME_MALFORMED;
	return says_stale(&out->challenge) ? OUTCOME_STALE : OUTCOME_CHALLENGED;
}

static enum outcome outcome_of_status(struct answer *out, const struct http_response *r, bool soap)
{
	bool fault = out->has_message && out->message.is_fault;

	if (fault)
		return soap_is_not_authorized(&out->message) ? OUTCOME_NOT_AUTHORIZED
							     : OUTCOME_FAULT;
	if (r->status >= 200 && r->status < 300) {
		if (!soap || out->has_message)
			return OUTCOME_ACCEPTED;
		if (!out->why.p)
			out->why = STR("a success whose body is no SOAP envelope");
		return OUTCOME_MALFORMED;
	}
	if (r->status == 403)
		return OUTCOME_FORBIDDEN;
	if (r->status == 404 || r->status < 400 || r->status >= 500)
		return OUTCOME_ERROR;
	return OUTCOME_BAD_REQUEST;
}

void answer_read(struct answer *out, const struct exchange *x, bool soap)
{
	const struct http_response *r = &x->response;
	struct err err = { 0 };

	*out = (struct answer){ .response = r, .sent = x->sent_octets };
	if (x->fate != WIRE_ANSWERED) {
		read_fate(out, x);
		return;
	}
	out->status = r->status;
	if (r->body.n && (soap || looks_like_xml(r))) {
		out->has_message = soap_read(x->a, r->body, &out->message, &err) == 0;
		if (!out->has_message && looks_like_xml(r))
			out->why = arena_str(x->a, str(err.text));
	}
	out->text = out->has_message ? out->message.reason : str_sub(r->body, 0, TEXT_KEPT);
	if (says_locked(out, r))
		out->outcome = OUTCOME_LOCKED;
	else if (r->status == 401)
		out->outcome = outcome_of_401(out, x);
	else
		out->outcome = outcome_of_status(out, r, soap);
}

struct str answer_text(struct arena *a, const struct answer *an)
{
	const char *name = outcome_name(an->outcome);

	if (!an->status)
		return arena_fmt(a, "%s (%.*s)", name, STR_ARG(an->why));
	if (an->outcome == OUTCOME_MALFORMED && an->why.p)
		return arena_fmt(a, "%d %s (%.*s)", an->status, name, STR_ARG(an->why));
	return arena_fmt(a, "%d %s", an->status, name);
}

struct str answer_nonce(const struct challenge_list *l)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct auth_param *p = challenge_param(&l->v[i], "nonce");

		if (p && challenge_is(&l->v[i], "Digest"))
			return p->value;
	}
	return (struct str){ 0 };
}

/* --- sessions --- */

static bool names_algorithm(const struct digest_challenge *d, struct str use)
{
	return !use.p || str_ieq(str(digest_algorithm_name(d->alg, d->session)), use);
}

static struct digest_challenge copy_challenge(struct arena *a, const struct digest_challenge *d)
{
	struct digest_challenge c = *d;

	c.realm = arena_str(a, d->realm);
	c.nonce = arena_str(a, d->nonce);
	c.opaque = arena_str(a, d->opaque);
	c.domain = arena_str(a, d->domain);
	c.algorithm = d->algorithm.p ? arena_str(a, d->algorithm) : (struct str){ 0 };
	return c;
}

int session_take(struct session *s, struct arena *a, const struct challenge_list *list,
		 struct err *err)
{
	for (size_t i = 0; i < list->n; i++) {
		struct digest_challenge d;
		struct err ignored = { 0 };

		if (digest_challenge_read(&list->v[i], &d, &ignored) ||
		    !names_algorithm(&d, s->use))
			continue;
		s->memory.challenge = copy_challenge(a, &d);
		s->memory.has_digest = true;
		return arena_check(a, err);
	}
	if (s->use.p)
		return err_set(err, ERR_PARSE, "no Digest challenge for %.*s", STR_ARG(s->use));
	return err_set(err, ERR_PARSE, "no Digest challenge that can be answered");
}

static bool is_word_char(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || c == '-' || c == '_';
}

/* A word with a digit in it becomes '#': a counter of attempts, a time or an id is no difference
 * between two answers.
 */
static struct str without_numbers(struct arena *a, struct str text)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0, end; p && i < text.n; i = end) {
		bool number = false;

		for (end = i; end < text.n && is_word_char(text.p[end]); end++)
			number = number || char_is_digit(text.p[end]);
		if (end == i)
			end++;
		for (size_t k = i; k < (number ? i + 1 : end); k++)
			p[n++] = number ? '#' : text.p[k];
	}
	return p ? str_n(p, n) : STR("");
}

/* RFC 6265 5.4, without its rules of scope: a case talks to one server. */
static void remember_cookies(struct session *s, struct arena *a, const struct http_fields *f)
{
	struct str set[8];
	size_t n = http_all(f, "Set-Cookie", set, COUNT(set));

	for (size_t i = 0; i < n && i < COUNT(set); i++) {
		struct str rest = set[i], pair = str_trim(str_cut(&rest, ';'));

		s->cookies = s->cookies.p ? arena_fmt(a, "%.*s; %.*s", STR_ARG(s->cookies),
						      STR_ARG(pair))
					  : arena_str(a, pair);
	}
}

static void remember_next_nonce(struct session *s, struct arena *a, const struct http_fields *f)
{
	struct str field = http_get(f, "Authentication-Info");
	struct challenge c;
	const struct auth_param *p;
	struct err ignored = { 0 };

	s->next_nonce = (struct str){ 0 };
	if (!field.p ||
	    credentials_parse(a, arena_fmt(a, "Info %.*s", STR_ARG(field)), &c, &ignored))
		return;
	p = challenge_param(&c, "nextnonce");
	if (p && p->value.n)
		s->next_nonce = arena_str(a, p->value);
}

void session_remember(struct session *s, struct arena *a, const struct answer *an)
{
	struct str schemes = { 0 };

	for (size_t i = 0; i < an->challenge.n; i++) {
		const struct auth_param *nonce = challenge_param(&an->challenge.v[i], "nonce");

		schemes = arena_fmt(a, "%.*s%.*s ", STR_ARG(schemes),
				    STR_ARG(an->challenge.v[i].scheme));
		if (nonce && s->n_seen < COUNT(s->seen_nonce))
			s->seen_nonce[s->n_seen++] = arena_str(a, nonce->value);
	}
	s->has_last = true;
	s->last_status = an->status;
	s->last_schemes = schemes;
	s->last_fault = without_numbers(a, an->text);
	s->last_body = arena_str(a, str_sub(an->response->body, 0, BODY_KEPT));
	remember_cookies(s, a, &an->response->fields);
	remember_next_nonce(s, a, &an->response->fields);
}

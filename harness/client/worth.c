/* worth.c - what credentials of a request are worth, by what was said before it. */
#include "client/worth.h"

#include "auth/nearly.h"
#include "base/buf.h"

/* What some server lets through: each is found by a check of its own, and must not fail every case.
 */
static const enum defect tolerated[] = {
	DEFECT_TWO_FIELDS,
	DEFECT_DUPLICATE,
	DEFECT_OPAQUE,
	DEFECT_NO_REALM,
	DEFECT_NC_FORM,
	DEFECT_NC_ZERO,
	DEFECT_RESPONSE_UPPER,
	DEFECT_QOP_NOT_OFFERED,
	DEFECT_NO_QOP,
	DEFECT_URI_OTHER,
	DEFECT_URI_QUERY,
	DEFECT_METHOD,
	DEFECT_BODY,
	DEFECT_TOKEN_TEXT,
	DEFECT_TOKEN_NO_TYPE,
	DEFECT_TOKEN_TYPE,
	DEFECT_TOKEN_ENCODING,
	DEFECT_TOKEN_REPLAYED,
	DEFECT_TOKEN_TWO,
	DEFECT_TOKEN_TWO_HEADERS,
	DEFECT_TOKEN_NAMESPACE,
	DEFECT_TOKEN_NO_NONCE,
	DEFECT_TOKEN_NO_CREATED,
	DEFECT_CREATED_NAMESPACE,
	DEFECT_CREATED_NO_ZONE,
};
/* What cannot be told while nobody knows the account. */
static const enum defect unknowable[] = { DEFECT_PASSWORD, DEFECT_USER_UNKNOWN,
					  DEFECT_RESPONSE_PREFIX };

static struct str param(const struct heard *h, const char *name)
{
	const struct auth_param *p = challenge_param(&h->authorization, name);

	return p ? p->value : (struct str){ NULL, 0 };
}

static struct str raw(const struct heard *h, const char *name)
{
	const struct auth_param *p = challenge_param(&h->authorization, name);

	return p ? p->raw : (struct str){ NULL, 0 };
}

/* --- what it says --- */

static bool looks_like_xml(struct str body)
{
	return str_starts(str_trim(body), STR("<"));
}

static void read_soap(struct conversation *c, struct heard *h)
{
	struct err why = { 0 };

	if (!looks_like_xml(h->request.body))
		return;
	h->is_soap = soap_read(&c->a, h->request.body, &h->soap, &why) == 0;
	if (!h->is_soap)
		h->soap_problem = arena_str(&c->a, str(why.text));
	else if (h->soap.n_token > 0)
		h->has |= HAS_TOKEN;
}

static void read_authorization(struct conversation *c, struct heard *h)
{
	struct err ignored;
	struct str value = http_get(&h->request.fields, "Authorization");

	h->n_authorization = http_count(&h->request.fields, "Authorization");
	if (!h->n_authorization)
		return;
	if (credentials_parse(&c->a, value, &h->authorization, &ignored))
		h->has |= HAS_OTHER;
	else if (challenge_is(&h->authorization, "Digest"))
		h->has |= HAS_DIGEST;
	else
		h->has |= challenge_is(&h->authorization, "Basic") ? HAS_BASIC : HAS_OTHER;
}

/* --- which challenge it answers --- */

static const struct digest_challenge *named_by(const struct heard *said, const struct heard *h)
{
	const struct digest_challenge *of_nonce = NULL;
	enum hash_alg alg;
	bool session;

	if (digest_algorithm_parse(param(h, "algorithm"), &alg, &session))
		return NULL;
	for (size_t i = 0; i < said->n_digest; i++) {
		const struct digest_challenge *d = &said->digest[i];

		if (!str_eq(d->nonce, param(h, "nonce")))
			continue;
		if (d->alg == alg && d->session == session)
			return d;
		of_nonce = of_nonce ? of_nonce : d;
	}
	return of_nonce;
}

/* nextnonce stands for the challenge that its session began with: RFC 7616 3.5. */
static const struct digest_challenge *renewed_by(struct conversation *c, const struct heard *said,
						 const struct heard *h)
{
	struct digest_challenge *d;

	if (!said->to || !said->next_nonce.p || !str_eq(said->next_nonce, param(h, "nonce")))
		return NULL;
	d = arena_new(&c->a, struct digest_challenge);
	if (d) {
		*d = *said->to;
		d->nonce = said->next_nonce;
	}
	return d;
}

static void find_challenge(struct conversation *c, struct heard *h)
{
	for (size_t i = c->n; i-- > 0 && !h->answers;) {
		const struct heard *said = c->v[i];

		if (h->has & HAS_DIGEST) {
			h->to = named_by(said, h);
			h->to = h->to ? h->to : renewed_by(c, said, h);
			h->answers = h->to ? said : NULL;
		} else if (said->challenge.n || said->offers_token) {
			h->answers = said;
		}
	}
}

static bool is_offered(const struct conversation *c, const struct heard *h)
{
	const struct heard *last = NULL;

	for (size_t i = c->n; i-- > 0 && !last;)
		if (c->v[i]->challenge.n || c->v[i]->offers_token)
			last = c->v[i];
	if ((h->has & HAS_DIGEST && !h->answers) || h->has & HAS_OTHER)
		return false;
	if (!last)
		return true;
	return (!(h->has & HAS_BASIC) || last->offers_basic) &&
	       (!(h->has & HAS_TOKEN) || last->offers_token);
}

/* --- HTTP --- */

static struct verify_policy policy_of(const struct conversation *c, const struct heard *h)
{
	struct verify_policy p = {
		.account = &c->account, .n_account = 1, .offer_basic = true, .offer_digest = true
	};
	const struct heard *said = h->answers;

	if (!h->to)
		return p;
	p.realm = h->to->realm;
	p.qop_auth = h->to->qop_auth;
	p.qop_auth_int = h->to->qop_auth_int;
	if (h->to->has_opaque)
		p.opaque = h->to->opaque;
	p.algs = h->to->session ? 0 : 1u << h->to->alg;
	p.algs_sess = h->to->session ? 1u << h->to->alg : 0;
	for (size_t i = 0; i < said->n_digest; i++) {
		if (!str_eq(said->digest[i].nonce, h->to->nonce))
			continue;
		*(said->digest[i].session ? &p.algs_sess : &p.algs) |= 1u << said->digest[i].alg;
	}
	return p;
}

/* RFC 2617 3.2.2.2: one A1 for the session, with the cnonce that it began with. */
static int allow_session(struct conversation *c, struct heard *h, struct err *err)
{
	const struct verify_result *first = NULL;
	struct digest_inputs in = h->http.inputs;
	char hex[HASH_HEX_MAX];

	if (!h->http.session || !defect_has(&h->http.defects, DEFECT_PASSWORD))
		return 0;
	for (size_t i = 0; i < c->n && !first; i++) {
		const struct heard *v = c->v[i];

		if (v->has & HAS_DIGEST && v->http.session && str_eq(v->http.nonce, h->http.nonce))
			first = &v->http;
	}
	if (!first)
		return 0;
	in.session_nonce = first->nonce;
	in.session_cnonce = first->cnonce;
	if (digest_response(&in, hex, err))
		return -1;
	if (hash_equal(param(h, "response"), str(hex)))
		defect_clear(&h->http.defects, DEFECT_PASSWORD);
	return 0;
}

/* Without a challenge that they name there is none that they could differ from. */
static void judge_unasked(struct heard *h)
{
	static const enum defect relative[] = {
		DEFECT_ALGORITHM_NOT_OFFERED,
		DEFECT_QOP_NOT_OFFERED,
		DEFECT_NO_QOP,
		DEFECT_REALM,
		DEFECT_OPAQUE,
	};

	for (size_t i = 0; i < COUNT(relative); i++)
		defect_clear(&h->http.defects, relative[i]);
	if (h->http.nonce.n)
		defect_set(&h->http.defects, DEFECT_NONCE_UNKNOWN);
}

static int judge_http(struct conversation *c, struct heard *h, struct err *err)
{
	struct verify_policy p = policy_of(c, h);

	if (verify_http(&c->a, &p, &h->request, &h->http, err) || allow_session(c, h, err))
		return -1;
	if (h->has & HAS_DIGEST && !h->answers)
		judge_unasked(h);
	return 0;
}

/* --- tokens --- */

static bool seen_before(const struct conversation *c, struct str nonce)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct heard *v = c->v[i];

		if (v->has & HAS_TOKEN && v->right && str_eq(v->token.nonce_octets, nonce))
			return true;
	}
	return false;
}

static int judge_token(struct conversation *c, struct heard *h, struct err *err)
{
	struct verify_policy p = { .account = &c->account, .n_account = 1 };
	int64_t ahead_ms;

	if (verify_token(&c->a, &p, &h->soap.token, &h->token, err))
		return -1;
	if (h->soap.n_token > 1)
		defect_set(&h->token.defects, DEFECT_TOKEN_TWO);
	if (h->soap.n_security > 1)
		defect_set(&h->token.defects, DEFECT_TOKEN_TWO_HEADERS);
	if (h->token.nonce_octets.n && seen_before(c, h->token.nonce_octets))
		defect_set(&h->token.defects, DEFECT_TOKEN_REPLAYED);
	if (!h->token.has_created)
		return 0;
	ahead_ms = h->token.created_unix_ms - h->device_ms;
	if (-ahead_ms > TOKEN_WINDOW_MS)
		defect_set(&h->token.defects, DEFECT_CREATED_PAST);
	if (ahead_ms > TOKEN_WINDOW_MS)
		defect_set(&h->token.defects, DEFECT_CREATED_FUTURE);
	return 0;
}

/* --- in words --- */

/* As the challenge has it that the credentials name. */
static struct str qop_list(const struct heard *h)
{
	for (size_t i = 0; h->to && i < h->answers->challenge.n; i++) {
		const struct challenge *one = &h->answers->challenge.v[i];
		const struct auth_param *nonce = challenge_param(one, "nonce");
		const struct auth_param *qop = challenge_param(one, "qop");

		if (nonce && qop && str_eq(nonce->value, h->to->nonce))
			return qop->value;
	}
	return (struct str){ NULL, 0 };
}

static int nearly_of(struct conversation *c, struct heard *h, struct nearly *near, struct err *err)
{
	const struct nearly_digest n = {
		.in = h->http.inputs,
		.response = param(h, "response"),
		.target = h->request.target,
		.host = http_get(&h->request.fields, "Host"),
		.user = c->account.user,
		.realm = h->to ? h->to->realm : (struct str){ NULL, 0 },
		.nonce = h->to ? h->to->nonce : (struct str){ NULL, 0 },
		.qop_list = qop_list(h),
		.raw_user = raw(h, "username"),
		.raw_realm = raw(h, "realm"),
		.raw_uri = raw(h, "uri"),
	};
	const struct nearly_token t = {
		.nonce = h->soap.token.nonce,
		.created = h->soap.token.created,
		.digest = h->soap.token.password,
		.user = c->account.user,
		.password = c->account.password,
	};
	const struct nearly_basic b = { h->authorization.token68, c->account.user,
					c->account.password };

	*near = (struct nearly){ 0 };
	if (h->has & HAS_DIGEST && defect_has(&h->http.defects, DEFECT_PASSWORD))
		return nearly_digest(&c->a, &n, near, err);
	if (h->has & HAS_TOKEN && defect_has(&h->token.defects, DEFECT_PASSWORD))
		return nearly_token(&c->a, &t, near, err);
	if (h->has & HAS_BASIC && defects_any(&h->http.defects))
		return nearly_basic(&c->a, &b, near, err);
	return 0;
}

static int explain(struct conversation *c, struct heard *h, const struct defects *left,
		   struct err *err)
{
	struct buf text DEFER(buf_free);
	struct nearly near;

	buf_init(&text, 4096);
	if (nearly_of(c, h, &near, err))
		return -1;
	if (near.why)
		buf_fmt(&text, "%s%s%.*s", near.why->text, near.detail.n ? ": " : "",
			STR_ARG(near.detail));
	for (int d = 0; d < DEFECT_COUNT; d++) {
		bool said = near.why && d == DEFECT_PASSWORD;

		if (defect_has(left, (enum defect)d) && !said)
			buf_fmt(&text, "%s%s", text.n ? "; " : "", defect_text((enum defect)d));
	}
	if (!h->offered && !defect_has(left, DEFECT_NONCE_UNKNOWN))
		buf_fmt(&text, "%scredentials of a kind that was not asked for",
			text.n ? "; " : "");
	h->why = arena_str(&c->a, buf_view(&text));
	return 0;
}

static struct defects untolerated(const struct heard *h, bool known)
{
	struct defects left = h->defects;

	for (size_t i = 0; i < COUNT(tolerated); i++)
		defect_clear(&left, tolerated[i]);
	for (size_t i = 0; !known && i < COUNT(unknowable); i++)
		defect_clear(&left, unknowable[i]);
	return left;
}

int worth_judge(struct conversation *c, struct heard *h, struct err *err)
{
	struct defects left;

	read_authorization(c, h);
	read_soap(c, h);
	if (!h->has)
		return arena_check(&c->a, err);
	find_challenge(c, h);
	h->offered = is_offered(c, h);
	if (h->has & (HAS_BASIC | HAS_DIGEST | HAS_OTHER) && judge_http(c, h, err))
		return -1;
	if (h->has & HAS_TOKEN && judge_token(c, h, err))
		return -1;
	h->defects = defects_plus(h->http.defects, h->token.defects);
	left = untolerated(h, c->account.password.p != NULL);
	h->right = h->offered && !defects_any(&left);
	if (!h->right && explain(c, h, &left, err))
		return -1;
	return arena_check(&c->a, err);
}

/* judge_http.c - the credentials of the HTTP layer: what the verifier finds, and what memory adds.
 */
#include "device/internal.h"

bool device_offers_basic(const struct device *d)
{
	return d->persona->basic || d->on[BASIC_ONLY] || d->on[BASIC_TOO];
}

bool device_offers_digest(const struct device *d)
{
	return d->persona->digest && !d->on[BASIC_ONLY];
}

bool device_offers_http(const struct device *d)
{
	return device_offers_basic(d) || device_offers_digest(d);
}

struct verify_policy device_policy(const struct device *d, const struct account account[LEVELS])
{
	const struct persona *p = d->persona;
	bool qop = !d->on[CHALLENGE_NO_QOP];

	return (struct verify_policy){
		.account = account,
		.n_account = LEVELS,
		.realm = p->realm,
		.offer_basic = device_offers_basic(d),
		.offer_digest = device_offers_digest(d),
		.algs = p->algs,
		.algs_sess = p->algs_sess,
		.qop_auth = p->qop_auth && qop,
		.qop_auth_int = p->qop_auth_int && qop,
		.opaque = p->opaque ? str(d->opaque) : (struct str){ 0 },
	};
}

static bool only(struct defects left, const enum defect *list, size_t n)
{
	if (!defects_any(&left))
		return false;
	for (size_t i = 0; i < n; i++)
		defect_clear(&left, list[i]);
	return !defects_any(&left);
}

/* --- the verifier, and a loose device's further tries --- */

static bool has_proof_defect(const struct defects *d)
{
	return defect_has(d, DEFECT_PASSWORD) || defect_has(d, DEFECT_USER_UNKNOWN);
}

static const struct account *own_account(const struct device *d, const struct account *tried,
					 const struct account *found)
{
	return found ? &d->account[found - tried] : NULL;
}

static int verify_loosely(struct call *c, const struct http_request *seen, struct verify_result *v)
{
	struct str given = variant_basic_password(c, seen);
	struct account tried[LEVELS];

	for (size_t i = 0; variant_accounts(c, i, v->user, given, tried); i++) {
		struct verify_policy p = device_policy(c->d, tried);
		struct verify_result again;

		if (verify_http(c->a, &p, seen, &again, &c->err))
			return -1;
		again.account = own_account(c->d, tried, again.account);
		if (!has_proof_defect(&again.defects)) {
			*v = again;
			return 0;
		}
	}
	return 0;
}

/* The right response as this device would make or compare it: of MD5's length for every algorithm,
 * or without the session of a -sess algorithm.
 */
static int verify_carelessly(struct call *c, const struct http_request *seen,
			     struct verify_result *v)
{
	const size_t md5_digits = 32;
	struct digest_inputs in = v->inputs;
	struct challenge credentials;
	const struct auth_param *response;
	char hex[HASH_HEX_MAX];

	if ((!c->d->on[RESPONSE_HALF] && !c->d->on[SESSION_UNHASHED]) || !v->account)
		return 0;
	if (credentials_parse(c->a, http_get(&seen->fields, "Authorization"), &credentials,
			      &c->err))
		return -1;
	response = challenge_param(&credentials, "response");
	in.session = in.session && !c->d->on[SESSION_UNHASHED];
	if (digest_response(&in, hex, &c->err))
		return -1;
	if (response && response->value.n >= md5_digits &&
	    str_eq(str_sub(response->value, 0, md5_digits), str_n(hex, md5_digits))) {
		defect_clear(&v->defects, DEFECT_PASSWORD);
		defect_clear(&v->defects, DEFECT_RESPONSE_PREFIX);
		defect_clear(&v->defects, DEFECT_RESPONSE_FORM);
	}
	return 0;
}

/* Would the password be right without its last octet? */
static int note_near(struct call *c, const struct http_request *seen, struct verify_result *v)
{
	struct account tried[LEVELS];
	struct verify_policy p;
	struct verify_result again;

	if (!c->d->on[NEAR_TOLD])
		return 0;
	memcpy(tried, c->d->account, sizeof(tried));
	for (size_t i = 0; i < LEVELS; i++)
		tried[i].password.n -= tried[i].password.n ? 1 : 0;
	p = device_policy(c->d, tried);
	if (verify_http(c->a, &p, seen, &again, &c->err))
		return -1;
	c->near = v->account && !has_proof_defect(&again.defects);
	return 0;
}

static int verify(struct call *c, const struct http_request *seen, struct verify_result *v)
{
	struct verify_policy p = device_policy(c->d, c->d->account);

	if (verify_http(c->a, &p, seen, v, &c->err) || verify_carelessly(c, seen, v))
		return -1;
	if (has_proof_defect(&v->defects))
		return note_near(c, seen, v) || verify_loosely(c, seen, v) ? -1 : 0;
	return 0;
}

/* --- what only a memory can tell --- */

static bool bound_elsewhere(const struct call *c, const struct nonce *n)
{
	size_t length = strlen(n->path);

	if (c->d->on[NONCE_OF_CONNECTION] && n->connection != c->connection)
		return true;
	return c->d->on[NONCE_OF_PATH] && !str_eq(str_sub(c->path, 0, length), str(n->path));
}

static bool too_old(const struct device *d, const struct nonce *n)
{
	int64_t life_ms = d->on[NONCE_LIFE] ? d->value[NONCE_LIFE] : d->persona->nonce_life_ms;

	return world_mono_ms(d->world) - n->issued_ms > life_ms;
}

/* Is it another than the last one that came with this nonce? */
static bool is_new_cnonce(const struct http_judgement *j)
{
	return !str_eq(str_sub(j->v.cnonce, 0, NONCE_HEX), str(j->nonce->cnonce));
}

static void judge_nc(const struct call *c, struct http_judgement *j)
{
	const struct nonce *n = j->nonce;
	uint64_t nc = j->v.nc;

	if (nonce_used(c->d, n, nc) && !(c->d->on[NC_BY_CNONCE] && is_new_cnonce(j)))
		defect_set(&j->v.defects, DEFECT_NC_REUSED);
	else if (nc < n->top)
		defect_set(&j->v.defects, DEFECT_NC_LOWER);
	if (c->d->on[NC_STRICT] && nc != n->top + 1)
		defect_set(&j->v.defects, DEFECT_NC_REUSED);
	if (c->d->on[NONCE_ONE_SHOT] && n->top > 0)
		defect_set(&j->v.defects, DEFECT_NONCE_STALE);
}

static void judge_nonce(const struct call *c, struct http_judgement *j)
{
	if (!j->v.nonce.n)
		return;
	j->nonce = nonce_find(c, j->v.nonce);
	if (!j->nonce || bound_elsewhere(c, j->nonce)) {
		j->nonce = NULL;
		defect_set(&j->v.defects, DEFECT_NONCE_UNKNOWN);
		return;
	}
	if (j->nonce->next && c->d->on[NEXT_NONCE_REFUSED])
		defect_set(&j->v.defects, DEFECT_NONCE_UNKNOWN);
	if (too_old(c->d, j->nonce))
		defect_set(&j->v.defects, DEFECT_NONCE_STALE);
	if (c->d->on[NONCE_USES] && j->nonce->uses >= c->d->value[NONCE_USES])
		defect_set(&j->v.defects, DEFECT_NONCE_STALE);
	j->qop = j->v.has_nc && j->v.qop != DIGEST_QOP_NONE;
	if (j->qop)
		judge_nc(c, j);
}

/* --- what follows from it --- */

/* RFC 7616 3.3: stale says that the credentials are right but for the nonce, so that a client need
 * not ask its user again.  A repeated nc is answered alike: a fresh nonce cures it.
 */
static bool is_stale(const struct device *d, const struct http_judgement *j)
{
	static const enum defect age[] = { DEFECT_NONCE_STALE, DEFECT_NONCE_UNKNOWN,
					   DEFECT_NC_REUSED };

	if (d->on[STALE_NEVER])
		return false;
	if (d->on[STALE_LIES] && defect_has(&j->left, DEFECT_PASSWORD))
		return true;
	return only(j->left, age, COUNT(age));
}

static bool is_bad_uri(const struct http_judgement *j)
{
	static const enum defect uri[] = { DEFECT_URI_OTHER, DEFECT_URI_QUERY };

	return only(j->left, uri, COUNT(uri));
}

int judge_http(struct call *c)
{
	struct http_judgement *j = &c->http;
	struct http_request seen;

	*j = (struct http_judgement){ 0 };
	if (quirk_http_read(c, &seen) || verify(c, &seen, &j->v))
		return -1;
	j->digest = j->v.nonce.p != NULL;
	if (quirk_http_refuses(c, &seen))
		defect_set(&j->v.defects, DEFECT_SYNTAX);
	judge_nonce(c, j);
	j->left = defects_minus(j->v.defects, c->d->ignore);
	/* Unused and below the highest: a client with two connections sends that.  RFC 7616 3.4
	 * only has repeats detected.
	 */
	defect_clear(&j->left, DEFECT_NC_LOWER);
	j->stale = is_stale(c->d, j);
	j->bad_uri = is_bad_uri(j);
	return 0;
}

void judge_http_accept(struct call *c)
{
	struct nonce *n = c->http.nonce;
	struct str cnonce = str_sub(c->http.v.cnonce, 0, NONCE_HEX);

	if (!n || !c->http.qop)
		return;
	nonce_use(n, c->http.v.nc);
	memset(n->cnonce, 0, sizeof(n->cnonce));
	if (cnonce.n)
		memcpy(n->cnonce, cnonce.p, cnonce.n);
}

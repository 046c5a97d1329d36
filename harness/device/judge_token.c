/* judge_token.c - the credentials of the SOAP layer: what the verifier finds, and what clock and
 * memory add.
 */
#include "device/internal.h"

#include "auth/datetime.h"

/* --- the verifier, and a loose device's further tries --- */

static bool has_proof_defect(const struct defects *d)
{
	return defect_has(d, DEFECT_PASSWORD) || defect_has(d, DEFECT_USER_UNKNOWN);
}

static int verify_loosely(struct call *c, const struct username_token *t, struct token_result *v)
{
	bool text = !str_eq(str_trim(t->password_type), str(UT_TYPE_DIGEST));
	struct str given = text ? t->password : (struct str){ 0 };
	struct account tried[LEVELS];

	for (size_t i = 0; variant_accounts(c, i, v->user, given, tried); i++) {
		struct verify_policy p = device_policy(c->d, tried);
		struct token_result again;

		if (verify_token(c->a, &p, t, &again, &c->err))
			return -1;
		if (again.account)
			again.account = &c->d->account[again.account - tried];
		if (!has_proof_defect(&again.defects)) {
			*v = again;
			return 0;
		}
	}
	return 0;
}

static int verify(struct call *c, const struct username_token *t, struct token_result *v)
{
	struct verify_policy p = device_policy(c->d, c->d->account);

	if (verify_token(c->a, &p, t, v, &c->err))
		return -1;
	if (has_proof_defect(&v->defects))
		return verify_loosely(c, t, v);
	return 0;
}

/* --- clock, memory, policy --- */

/* UTP 1.1 3.1: stale tokens are refused; the profile leaves the window to the server. */
static void judge_created(const struct device *d, const struct username_token *t,
			  struct token_result *v)
{
	int64_t past_ms = d->persona->skew_past_ms, future_ms = d->persona->skew_future_ms;
	int64_t ahead_ms = v->created_unix_ms - device_clock_ms(d);
	struct datetime when;
	struct err ignored;
	int64_t local_ms = ahead_ms - d->value[CREATED_LOCAL] * 60000;

	if (d->on[CREATED_LOCAL] && -local_ms <= past_ms && local_ms <= future_ms)
		return;

	if (!v->has_created || d->ignore_time)
		return;
	if (d->on[CREATED_ZONE_IGNORED] &&
	    datetime_parse(str_trim(t->created), &when, &ignored) == 0)
		ahead_ms += when.offset_min * (int64_t)60000;
	if (d->on[CREATED_WINDOW])
		past_ms = future_ms = d->value[CREATED_WINDOW];
	if (past_ms > 0 && -ahead_ms > past_ms)
		defect_set(&v->defects, DEFECT_CREATED_PAST);
	if (future_ms > 0 && ahead_ms > future_ms)
		defect_set(&v->defects, DEFECT_CREATED_FUTURE);
}

/* A device that takes plaintext passwords needs no nonce and no time to check them.  They are to be
 * called PasswordText: WS-I BSP 1.1, R4201.
 */
static void allow_text(const struct device *d, struct token_result *v)
{
	static const enum defect allowed[] = { DEFECT_TOKEN_TEXT, DEFECT_TOKEN_NO_NONCE,
					       DEFECT_TOKEN_NO_CREATED };

	if (!d->persona->token_text || d->on[TOKEN_TEXT_REFUSED] ||
	    !defect_has(&v->defects, DEFECT_TOKEN_TEXT))
		return;
	for (size_t i = 0; i < COUNT(allowed); i++)
		defect_clear(&v->defects, allowed[i]);
}

/* A device that looks at the password only where it knows the Type. */
static void open_types(const struct device *d, struct token_result *v)
{
	bool text = d->on[TOKEN_TEXT_OPEN] && defect_has(&v->defects, DEFECT_TOKEN_TEXT);

	if (text || (d->on[TOKEN_TYPE_OPEN] && defect_has(&v->defects, DEFECT_TOKEN_TYPE))) {
		defect_clear(&v->defects, DEFECT_TOKEN_TYPE);
		defect_clear(&v->defects, DEFECT_PASSWORD);
	}
}

static int judge_one(struct call *c, const struct username_token *t, struct token_judgement *j)
{
	const struct device *d = c->d;

	*j = (struct token_judgement){ 0 };
	if (verify(c, t, &j->v))
		return -1;
	judge_created(d, t, &j->v);
	if (j->v.nonce_octets.n && token_seen(d, j->v.nonce_octets, j->v.created_unix_ms))
		defect_set(&j->v.defects, DEFECT_TOKEN_REPLAYED);
	open_types(d, &j->v);
	allow_text(d, &j->v);
	judge_timestamp(c, &j->v.defects);
	if (quirk_token_refuses(c, t, &j->v) ||
	    (!d->persona->token_digest && !d->persona->token_text))
		defect_set(&j->v.defects, DEFECT_PASSWORD);
	return 0;
}

/* --- which token, and how many --- */

bool token_present(struct call *c)
{
	struct username_token ignored;

	return c->soap.n_token > 0 || quirk_token_elsewhere(c, &ignored);
}

/* Any right one of several will do: the fault. */
static int judge_any(struct call *c, struct token_judgement *j)
{
	struct str rest = c->in->body;
	struct username_token t;

	for (int i = 0; i < 4 && naive_token(c->a, &rest, &t); i++) {
		if (judge_one(c, &t, j))
			return -1;
		j->left = defects_minus(j->v.defects, c->d->ignore);
		if (!defects_any(&j->left))
			return 0;
	}
	return 0;
}

int judge_token(struct call *c, struct token_judgement *out)
{
	struct username_token t;

	if (c->soap.n_token > 1 &&
	    c->d->on[c->soap.n_security > 1 ? SECURITY_ANY_OF_TWO : TOKEN_ANY_OF_TWO])
		return judge_any(c, out);
	if (c->soap.n_token > 0 && c->soap.security_elsewhere && c->d->on[TOKEN_ANY_ACTOR])
		return judge_any(c, out);
	if (c->soap.n_token > 0)
		t = quirk_token_read(c);
	else if (!quirk_token_elsewhere(c, &t))
		t = (struct username_token){ 0 };
	if (judge_one(c, &t, out))
		return -1;
	if (c->soap.n_token > 1)
		defect_set(&out->v.defects, DEFECT_TOKEN_TWO);
	if (c->soap.n_security > 1)
		defect_set(&out->v.defects, DEFECT_TOKEN_TWO_HEADERS);
	out->left = defects_minus(out->v.defects, c->d->ignore);
	return 0;
}

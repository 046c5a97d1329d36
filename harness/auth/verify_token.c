/* UsernameToken: UTP 1.0 and 1.1 section 3.1, ONVIF Core 5.9.5. */
#include "auth/verify_parts.h"

#include "auth/base64.h"
#include "auth/datetime.h"

/* One token in judgement; texts are trimmed where XSD collapses white space. */
struct token_judge {
	struct arena *a;
	const struct username_token *t;
	struct token_result *out;
	struct err *err;
	struct str nonce, created;
	struct str digest; /* octets that were sent; .n 0 when they are no Base64 */
};

static void flag(struct token_judge *j, enum defect which)
{
	defect_set(&j->out->defects, which);
}

static void judge_children(struct token_judge *j)
{
	const struct username_token *t = j->t;

	if (t->n_username > 1 || t->n_password > 1 || t->n_nonce > 1 || t->n_created > 1)
		flag(j, DEFECT_TOKEN_DUPLICATE);
	if (!t->username.p)
		flag(j, DEFECT_TOKEN_NO_USERNAME);
	if (!t->password.p)
		flag(j, DEFECT_TOKEN_NO_PASSWORD);
}

static int judge_nonce(struct token_judge *j)
{
	struct err why = { .code = ERR_NONE };

	if (j->nonce.n == 0) {
		flag(j, DEFECT_TOKEN_NO_NONCE);
		return 0;
	}
	/* ONVIF's own examples leave EncodingType out: Base64Binary is its default. */
	if (j->t->nonce_encoding.p && !str_eq(j->t->nonce_encoding, STR(UT_ENCODING_BASE64)))
		flag(j, DEFECT_TOKEN_ENCODING);
	if (base64_decode(j->a, j->nonce, &j->out->nonce_octets, &why) == 0)
		return 0;
	if (why.code != ERR_PARSE)
		return err_set(j->err, why.code, "%s", why.text);
	flag(j, DEFECT_TOKEN_NONCE_BASE64);
	j->out->nonce_octets = base64_decode_loosely(j->a, j->nonce);
	return 0;
}

static void judge_created(struct token_judge *j)
{
	struct datetime when;
	struct err ignored;

	if (j->created.n == 0) {
		flag(j, DEFECT_TOKEN_NO_CREATED);
		return;
	}
	if (!j->t->wsu_created)
		flag(j, DEFECT_CREATED_NAMESPACE);
	if (datetime_parse(j->created, &when, &ignored)) {
		flag(j, DEFECT_CREATED_FORM);
		return;
	}
	if (!when.has_zone)
		flag(j, DEFECT_CREATED_NO_ZONE);
	j->out->has_created = true;
	j->out->created_unix_ms = when.unix_ms;
}

/* Ways to hash that are known mistakes, and the one that is right. */
struct formula {
	bool without_nonce, undecoded_nonce, without_created;
	enum defect defect; /* DEFECT_COUNT: none */
};

static int digest_of(struct token_judge *j, const struct formula *f, struct str *octets)
{
	struct str nonce = f->undecoded_nonce ? j->nonce : j->out->nonce_octets;
	struct str created = j->created, base64;

	if (f->without_nonce)
		nonce = STR("");
	if (f->without_created)
		created = STR("");
	if (ut_password_digest(j->a, nonce, created, j->out->account->password, &base64, j->err))
		return -1;
	return base64_decode(j->a, base64, octets, j->err);
}

/* Does the digest that was sent come from this formula?  what: the defect that explains it. */
static int try_formula(struct token_judge *j, const struct formula *f, enum defect *what)
{
	struct str octets, sent = str_trim(j->t->password), loose;
	char hex[2 * HASH_MAX + 1];

	if (digest_of(j, f, &octets))
		return -1;
	for (size_t i = 0; i < octets.n; i++) {
		hex[2 * i] = "0123456789abcdef"[(uint8_t)octets.p[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[(uint8_t)octets.p[i] & 15];
	}
	loose = base64_decode_loosely(j->a, sent);
	*what = DEFECT_PASSWORD;
	if (hash_equal(j->digest, octets))
		*what = f->defect;
	else if (f->defect == DEFECT_COUNT &&
		 ((loose.n && (str_starts(octets, loose) || str_starts(loose, octets))) ||
		  str_ieq(sent, str_n(hex, 2 * octets.n))))
		*what = DEFECT_TOKEN_DIGEST_FORM;
	return 0;
}

/* The first formula that explains the digest; PASSWORD when there is none. */
static int explain_digest(struct token_judge *j, enum defect *what)
{
	static const struct formula formulas[] = {
		{ .defect = DEFECT_COUNT },
		{ .undecoded_nonce = true, .defect = DEFECT_TOKEN_NONCE_UNDECODED },
		{ .without_nonce = true, .defect = DEFECT_TOKEN_DIGEST_NO_NONCE },
		{ .without_created = true, .defect = DEFECT_TOKEN_DIGEST_NO_CREATED },
	};

	*what = DEFECT_PASSWORD;
	for (size_t i = 0; i < COUNT(formulas) && *what == DEFECT_PASSWORD; i++)
		if (try_formula(j, &formulas[i], what))
			return -1;
	return 0;
}

static bool is_plain_password(const struct token_judge *j)
{
	return hash_equal(j->t->password, j->out->account->password);
}

static void judge_digest(struct token_judge *j, enum defect what)
{
	bool well_formed = j->digest.n == hash_bytes(HASH_SHA1);

	if (what == DEFECT_PASSWORD && is_plain_password(j))
		what = DEFECT_TOKEN_DIGEST_PLAIN;
	else if (what == DEFECT_PASSWORD && !well_formed)
		flag(j, DEFECT_TOKEN_DIGEST_FORM);
	if (what != DEFECT_COUNT)
		flag(j, what);
}

/* A right digest that is not called one is a wrong Type, not a wrong password. */
static void judge_text(struct token_judge *j, enum defect what)
{
	if (is_plain_password(j))
		return;
	flag(j, what == DEFECT_COUNT ? DEFECT_TOKEN_TYPE : DEFECT_PASSWORD);
}

static int judge_password(struct token_judge *j)
{
	struct str type = j->t->password_type;
	struct err ignored;
	enum defect what;

	if (base64_decode(j->a, str_trim(j->t->password), &j->digest, &ignored))
		j->digest = STR("");
	if (explain_digest(j, &what))
		return -1;
	if (str_eq(type, STR(UT_TYPE_DIGEST))) {
		judge_digest(j, what);
		return 0;
	}
	flag(j, !type.p                           ? DEFECT_TOKEN_NO_TYPE
		: str_eq(type, STR(UT_TYPE_TEXT)) ? DEFECT_TOKEN_TEXT
						  : DEFECT_TOKEN_TYPE);
	judge_text(j, what);
	return 0;
}

int verify_token(struct arena *a, const struct verify_policy *p, const struct username_token *t,
		 struct token_result *out, struct err *err)
{
	struct token_judge j = { .a = a,
				 .t = t,
				 .out = out,
				 .err = err,
				 .nonce = str_trim(t->nonce),
				 .created = str_trim(t->created) };

	*out = (struct token_result){ .user = t->username };
	judge_children(&j);
	if (judge_nonce(&j))
		return -1;
	judge_created(&j);
	if (t->username.p) {
		out->account = verify_account(p, t->username);
		if (!out->account)
			flag(&j, DEFECT_USER_UNKNOWN);
	}
	if (out->account && t->password.p && judge_password(&j))
		return -1;
	return arena_check(a, err);
}

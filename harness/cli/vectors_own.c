/* What our own code answers: Basic, challenges and UsernameToken. */
#include "cli/vectors.h"

#include "auth/base64.h"
#include "auth/datetime.h"
#include "auth/verify.h"
#include "soap/soap.h"

#define WINDOW_MS 300000 /* UTP 1.1 3.1 names five minutes */

static int refuse(struct answer *out, const char *why)
{
	out->kind = ANSWER_REFUSED;
	out->why = str(why);
	return 0;
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
			return true;
	return false;
}

/* RFC 7617 2: a user-id with a colon cannot be sent, control characters must not be. */
int own_basic_encode(struct arena *a, const struct vector *v, struct answer *out, struct err *err)
{
	struct str user = vector_input(a, v, "username"), password = vector_input(a, v, "password");
	struct str pair;

	if (str_chr(user, ':') != (size_t)-1)
		return refuse(out, "a colon in the user-id");
	if (has_control(user) || has_control(password))
		return refuse(out, "a control character");
	pair = arena_concat(a, arena_concat(a, user, STR(":")), password);
	out->authorization = arena_concat(a, STR("Basic "), base64_encode(a, pair));
	return arena_check(a, err);
}

int own_basic_verify(struct arena *a, const struct vector *v, struct answer *out, struct err *err)
{
	struct http_request r = { .method = STR("GET"), .target = STR("/") };
	struct verify_policy p = { .offer_basic = true };
	struct verify_result result;
	struct account *account;

	p.n_account = vector_accounts(a, v, &account);
	p.account = account;
	http_add(a, &r.fields, STR("Authorization"), vector_input(a, v, "authorization"));
	if (verify_http(a, &p, &r, &result, err))
		return -1;
	out->has_valid = true;
	out->valid = !defects_any(&result.defects);
	return 0;
}

/* Challenges that are broken are not handed out. */
int own_challenge_parse(struct arena *a, const struct vector *v, struct answer *out,
			struct err *err)
{
	struct str *field;
	size_t n = vector_inputs(a, v, "fields", &field), kept = 0;
	struct challenge_list *list = &out->challenges;

	if (challenge_parse(a, field, n, list, err))
		return -1;
	for (size_t i = 0; i < list->n; i++)
		if (!list->v[i].problems)
			list->v[kept++] = list->v[i];
	list->n = kept;
	out->has_challenges = true;
	return kept ? 0 : refuse(out, "no challenge");
}

int own_token_create(struct arena *a, const struct vector *v, struct answer *out, struct err *err)
{
	struct str nonce = vector_input(a, v, "nonce"), password = vector_input(a, v, "password");
	bool text = str_eq(vector_input(a, v, "type"), STR("PasswordText"));

	out->username = vector_input(a, v, "username");
	out->created = vector_input(a, v, "created");
	out->nonce = base64_encode(a, nonce);
	out->type = text ? STR(UT_TYPE_TEXT) : STR(UT_TYPE_DIGEST);
	out->password = password;
	if (text)
		return arena_check(a, err);
	return ut_password_digest(a, nonce, out->created, password, &out->password, err);
}

/* --- usernametoken.verify --- */

static int judge_seen(struct arena *a, const struct vector *v, struct token_result *t,
		      struct err *err)
{
	struct str *seen, octets;
	size_t n = vector_inputs(a, v, "seen", &seen);

	for (size_t i = 0; i < n; i++) {
		if (base64_decode(a, seen[i], &octets, err))
			return -1;
		if (str_eq(octets, t->nonce_octets))
			defect_set(&t->defects, DEFECT_TOKEN_REPLAYED);
	}
	return 0;
}

static int judge_time(struct arena *a, const struct vector *v, struct token_result *t,
		      struct err *err)
{
	struct datetime now;
	int64_t ahead_ms;

	if (datetime_parse(vector_input(a, v, "now"), &now, err))
		return -1;
	ahead_ms = t->created_unix_ms - now.unix_ms;
	if (t->has_created && ahead_ms > WINDOW_MS)
		defect_set(&t->defects, DEFECT_CREATED_FUTURE);
	if (t->has_created && -ahead_ms > WINDOW_MS)
		defect_set(&t->defects, DEFECT_CREATED_PAST);
	return 0;
}

/* UTP 1.1 3.1: without Type it is plaintext, which only a server that takes it may accept. */
static void allow_types(struct arena *a, const struct vector *v, struct token_result *t)
{
	if (!str_has_word(vector_words(a, v, "types"), STR("PasswordText")))
		return;
	defect_clear(&t->defects, DEFECT_TOKEN_TEXT);
	defect_clear(&t->defects, DEFECT_TOKEN_NO_TYPE);
}

int own_token_verify(struct arena *a, const struct vector *v, struct answer *out, struct err *err)
{
	struct verify_policy p = { .n_account = 0 };
	struct err why = { .code = ERR_NONE };
	struct soap_message m;
	struct token_result t;
	struct account *account;

	p.n_account = vector_accounts(a, v, &account);
	p.account = account;
	out->has_valid = true;
	if (soap_read(a, vector_input(a, v, "envelope"), &m, &why)) {
		if (why.code == ERR_PARSE)
			return 0;
		return err_set(err, why.code, "%s", why.text);
	}
	if (m.version == 0 || m.n_security != 1 || m.n_token != 1)
		return 0;
	if (verify_token(a, &p, &m.token, &t, err) || judge_time(a, v, &t, err) ||
	    judge_seen(a, v, &t, err))
		return -1;
	allow_types(a, v, &t);
	out->valid = !defects_any(&t.defects);
	return 0;
}

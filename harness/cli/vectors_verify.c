/* What auth/verify.h, which decides like a server, says of what a library sent over the network. */
#include "cli/vectors_net.h"

#include "auth/verify.h"
#include "cli/vectors_json.h"

struct opinion {
	struct arena *a;
	const struct vector *v;
	const struct answer *got;
	struct account account;
	struct verify_policy policy;
	struct err *err;
};

/* The challenge that was answered, by its nonce; the nonce itself is compared elsewhere. */
static int find_challenge(struct opinion *o, struct str nonce)
{
	struct challenge_list list;
	struct digest_challenge c;
	struct str *field;
	size_t n = vector_inputs(o->a, o->v, "www_authenticate", &field);
	struct err why;

	if (challenge_parse(o->a, field, n, &list, o->err))
		return -1;
	for (size_t i = 0; i < list.n; i++) {
		if (digest_challenge_read(&list.v[i], &c, &why) || !str_eq(c.nonce, nonce))
			continue;
		*(c.session ? &o->policy.algs_sess : &o->policy.algs) |= 1u << c.alg;
		o->policy.realm = c.realm;
		o->policy.opaque = c.has_opaque ? c.opaque : (struct str){ NULL, 0 };
		o->policy.qop_auth = c.qop_auth;
		o->policy.qop_auth_int = c.qop_auth_int;
	}
	return 0;
}

static int defects_of_http(struct opinion *o, struct defects *out)
{
	struct http_request r = { .method = vector_input(o->a, o->v, "method"),
				  .target = vector_input(o->a, o->v, "uri"),
				  .body = vector_input(o->a, o->v, "body") };
	struct verify_result result;
	struct challenge c;
	const struct auth_param *nonce;

	if (credentials_parse(o->a, o->got->authorization, &c, o->err))
		return -1;
	nonce = challenge_param(&c, "nonce");
	o->policy.offer_basic = o->v->op->own == own_basic_encode;
	o->policy.offer_digest = !o->policy.offer_basic;
	if (find_challenge(o, nonce ? nonce->value : STR("")))
		return -1;
	http_add(o->a, &r.fields, STR("Authorization"), o->got->authorization);
	if (verify_http(o->a, &o->policy, &r, &result, o->err))
		return -1;
	/* The server's own doing, and what the vector asked for. */
	defect_clear(&result.defects, DEFECT_NONCE_EMPTY);
	if (!(o->got->own & OWN_NC))
		defect_clear(&result.defects, DEFECT_NC_ZERO);
	*out = result.defects;
	return 0;
}

static int defects_of_token(struct opinion *o, struct defects *out)
{
	struct username_token t = { .username = o->got->username,
				    .password = o->got->password,
				    .password_type = o->got->type,
				    .nonce = o->got->nonce,
				    .created = o->got->created,
				    .n_username = 1,
				    .n_password = 1,
				    .n_nonce = o->got->nonce.p != NULL,
				    .n_created = o->got->created.p != NULL,
				    .wsu_created = true };
	struct token_result result;

	if (verify_token(o->a, &o->policy, &t, &result, o->err))
		return -1;
	if (str_eq(vector_input(o->a, o->v, "type"), STR("PasswordText")))
		defect_clear(&result.defects, DEFECT_TOKEN_TEXT);
	*out = result.defects;
	return 0;
}

int net_verify(struct arena *a, const struct vector *v, const struct answer *got, struct str *what,
	       struct err *err)
{
	struct opinion o = { .a = a, .v = v, .got = got, .err = err };
	struct defects defects = { { 0 } };

	o.account = (struct account){ .user = vector_input(a, v, "username"),
				      .password = vector_input(a, v, "password") };
	o.policy.account = &o.account;
	o.policy.n_account = 1;
	if (v->op->own == own_token_create ? defects_of_token(&o, &defects)
					   : defects_of_http(&o, &defects))
		return -1;
	*what = (struct str){ NULL, 0 };
	for (int d = 0; d < DEFECT_COUNT && !what->p; d++)
		if (defect_has(&defects, (enum defect)d))
			*what = str(defect_text((enum defect)d));
	return arena_check(a, err);
}

/* An invalid one must not come in one wrong way.  Where the response hangs on values of the
 * library's own it cannot be compared: right is right, but what is wrong may be so in another way.
 */
static int second_opinion(struct arena *keep, const struct vector *v, struct str what,
			  struct vector_result *out, struct err *err)
{
	*out = (struct vector_result){ VECTOR_FAIL, arena_fmt(keep, "a server refuses it: %.*s",
							      STR_ARG(what)) };
	if (!v->valid)
		*out = (struct vector_result){
			VECTOR_UNSUPPORTED,
			arena_fmt(keep,
				  "wrong (%.*s), maybe not in this way: its values are its own",
				  STR_ARG(what))
		};
	return arena_check(keep, err);
}

static bool hangs_on_secret(const struct vector *v)
{
	const struct jv *expected = vector_expected(v), *params = jv_get(expected, "params");

	return v->op->own == own_digest_respond ? jv_get(params, "response") != NULL
						: jv_get(expected, "password") != NULL;
}

int net_judge(struct arena *a, struct arena *keep, const struct vector *v, const struct answer *got,
	      struct vector_result *out, struct err *err)
{
	struct str what;

	if (vector_judge(a, keep, v, got, out, err))
		return -1;
	if (out->verdict != VECTOR_PASS || got->kind != ANSWER_GIVEN || !net_is_client(v->op) ||
	    !hangs_on_secret(v))
		return 0;
	if (net_verify(a, v, got, &what, err))
		return -1;
	return what.p ? second_opinion(keep, v, what, out, err) : 0;
}

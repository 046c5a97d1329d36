/* What an answer differs in from the expected one: Basic, challenges and UsernameToken. */
#include "cli/vectors.h"

#include "auth/base64.h"
#include "auth/username_token.h"
#include "cli/vectors_json.h"

struct str differs_text(struct arena *a, const char *name, struct str got, struct str want)
{
	if (!got.p)
		return arena_fmt(a, "no %s, expected \"%.*s\"", name, STR_ARG(want));
	return arena_fmt(a, "%s is \"%.*s\", expected \"%.*s\"", name, STR_ARG(got), STR_ARG(want));
}

/* The scheme's name has no case (RFC 9110 11.1). */
int differs_basic(struct arena *a, const struct vector *v, const struct answer *got,
		  struct str *what, struct err *err)
{
	struct str want = vector_member(a, vector_expected(v), "authorization");
	struct str payload = got->authorization, expected = want;
	struct str scheme = str_cut(&payload, ' ');

	str_cut(&expected, ' ');
	if (!str_ieq(scheme, STR("Basic")) || !str_eq(payload, expected))
		*what = differs_text(a, "authorization", got->authorization, want);
	return arena_check(a, err);
}

int differs_rspauth(struct arena *a, const struct vector *v, const struct answer *got,
		    struct str *what, struct err *err)
{
	struct str want = vector_member(a, vector_expected(v), "rspauth");

	if (want.p && got->rspauth.p && !str_eq(got->rspauth, want))
		*what = differs_text(a, "rspauth", got->rspauth, want);
	return arena_check(a, err);
}

/* --- challenges --- */

/* A text, or {"hex": ...}. */
static struct str value_of(struct arena *a, const struct jv *value)
{
	if (jv_is(value, JV_OBJECT))
		return vector_unhex(a, jv_text(jv_get(value, "hex")));
	return jv_text(value);
}

static const struct auth_param *param_of(const struct challenge *c, struct str name)
{
	for (size_t i = 0; i < c->n_param; i++)
		if (str_ieq(c->param[i].name, name))
			return &c->param[i];
	return NULL;
}

/* The order of parameters has no meaning, that of challenges has. */
static struct str differs_challenge(struct arena *a, const struct challenge *got,
				    const struct jv *want)
{
	const struct jv *params = jv_get(want, "params");
	struct str scheme = vector_member(a, want, "scheme");
	struct str token68 = vector_member(a, want, "token68");

	if (!str_ieq(got->scheme, scheme))
		return differs_text(a, "scheme", got->scheme, scheme);
	if (token68.p ? !str_eq(got->token68, token68) : got->token68.n > 0)
		return differs_text(a, "token68", got->token68, token68);
	if (got->n_param != jv_count(params))
		return arena_fmt(a, "%.*s has %zu parameters, expected %zu", STR_ARG(scheme),
				 got->n_param, jv_count(params));
	for (const struct jv *pair = jv_first(params); pair; pair = pair->next) {
		struct str name = jv_text(jv_first(pair));
		const struct auth_param *p = param_of(got, name);
		struct str value = value_of(a, jv_first(pair)->next);

		if (!p || !str_eq(p->value, value))
			return differs_text(a, arena_str(a, name).p, p ? p->value : STR(""), value);
	}
	return (struct str){ NULL, 0 };
}

int differs_challenges(struct arena *a, const struct vector *v, const struct answer *got,
		       struct str *what, struct err *err)
{
	const struct jv *list = jv_get(vector_expected(v), "challenges"), *want = jv_first(list);

	if (!got->has_challenges)
		*what = STR("no challenges");
	else if (got->challenges.n != jv_count(list))
		*what = arena_fmt(a, "%zu challenges, expected %zu", got->challenges.n,
				  jv_count(list));
	for (size_t i = 0; !what->p && i < got->challenges.n; i++, want = want->next)
		*what = differs_challenge(a, &got->challenges.v[i], want);
	return arena_check(a, err);
}

/* --- UsernameToken --- */

/* The digest that belongs to the nonce and time of the answer itself. */
static int own_password(struct arena *a, const struct vector *v, const struct answer *got,
			struct str *want, struct err *err)
{
	struct str nonce, password = vector_input(a, v, "password");
	struct err why;

	if (!(got->own & (OWN_NONCE | OWN_CREATED)) || !str_eq(got->type, STR(UT_TYPE_DIGEST)))
		return 0;
	if (base64_decode(a, str_trim(got->nonce), &nonce, &why))
		return 0;
	return ut_password_digest(a, nonce, got->created, password, want, err);
}

int differs_token(struct arena *a, const struct vector *v, const struct answer *got,
		  struct str *what, struct err *err)
{
	const struct {
		const char *name;
		struct str got;
		unsigned own;
	} children[] = {
		{ "username", got->username, 0 },
		{ "type", got->type, 0 },
		{ "nonce", got->nonce, OWN_NONCE },
		{ "created", got->created, OWN_CREATED },
	};
	const struct jv *expected = vector_expected(v);
	struct str want;

	for (size_t i = 0; i < COUNT(children) && !what->p; i++) {
		want = vector_member(a, expected, children[i].name);
		if (!want.p || (got->own & children[i].own && children[i].got.n))
			continue;
		if (!str_eq(children[i].got, want))
			*what = differs_text(a, children[i].name, children[i].got, want);
	}
	want = vector_member(a, expected, "password");
	if (v->valid && own_password(a, v, got, &want, err))
		return -1;
	if (!what->p && !str_eq(got->password, want))
		*what = differs_text(a, "password", got->password, want);
	return arena_check(a, err);
}

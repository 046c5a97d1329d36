/* What an answer differs in from the expected one: Basic, challenges and UsernameToken. */
#include "cli/vectors.h"

#include "auth/base64.h"
#include "auth/username_token.h"

#include <jansson.h>

static struct str is_not(struct arena *a, const char *name, struct str got, struct str want)
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
		*what = is_not(a, "authorization", got->authorization, want);
	return arena_check(a, err);
}

int differs_rspauth(struct arena *a, const struct vector *v, const struct answer *got,
		    struct str *what, struct err *err)
{
	struct str want = vector_member(a, vector_expected(v), "rspauth");

	if (want.p && got->rspauth.p && !str_eq(got->rspauth, want))
		*what = is_not(a, "rspauth", got->rspauth, want);
	return arena_check(a, err);
}

/* --- challenges --- */

static struct str value_of(struct arena *a, const json_t *value)
{
	if (json_is_object(value))
		return vector_unhex(a, vector_member(NULL, value, "hex"));
	return str_n(json_string_value(value), json_string_length(value));
}

static const struct auth_param *param_of(const struct challenge *c, const json_t *pair)
{
	return challenge_param(c, json_string_value(json_array_get(pair, 0)));
}

/* The order of parameters has no meaning, that of challenges has. */
static struct str differs_challenge(struct arena *a, const struct challenge *got,
				    const json_t *want)
{
	json_t *params = json_object_get(want, "params"), *pair;
	struct str scheme = vector_member(a, want, "scheme");
	struct str token68 = vector_member(a, want, "token68");
	size_t i;

	if (!str_ieq(got->scheme, scheme))
		return is_not(a, "scheme", got->scheme, scheme);
	if (token68.p ? !str_eq(got->token68, token68) : got->token68.n > 0)
		return is_not(a, "token68", got->token68, token68);
	if (got->n_param != json_array_size(params))
		return arena_fmt(a, "%.*s has %zu parameters, expected %zu", STR_ARG(scheme),
				 got->n_param, json_array_size(params));
	json_array_foreach(params, i, pair)
	{
		const struct auth_param *p = param_of(got, pair);
		struct str value = value_of(a, json_array_get(pair, 1));

		if (!p || !str_eq(p->value, value))
			return is_not(a, json_string_value(json_array_get(pair, 0)),
				      p ? p->value : (struct str){ NULL, 0 }, value);
	}
	return (struct str){ NULL, 0 };
}

int differs_challenges(struct arena *a, const struct vector *v, const struct answer *got,
		       struct str *what, struct err *err)
{
	const json_t *want = json_object_get(vector_expected(v), "challenges");

	if (!got->has_challenges)
		*what = STR("no challenges");
	else if (got->challenges.n != json_array_size(want))
		*what = arena_fmt(a, "%zu challenges, expected %zu", got->challenges.n,
				  json_array_size(want));
	for (size_t i = 0; !what->p && i < got->challenges.n; i++)
		*what = differs_challenge(a, &got->challenges.v[i], json_array_get(want, i));
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
	const json_t *expected = vector_expected(v);
	struct str want;

	for (size_t i = 0; i < COUNT(children) && !what->p; i++) {
		want = vector_member(a, expected, children[i].name);
		if (!want.p || (got->own & children[i].own && children[i].got.n))
			continue;
		if (!str_eq(children[i].got, want))
			*what = is_not(a, children[i].name, children[i].got, want);
	}
	want = vector_member(a, expected, "password");
	if (v->valid && own_password(a, v, got, &want, err))
		return -1;
	if (!what->p && !str_eq(got->password, want))
		*what = is_not(a, "password", got->password, want);
	return arena_check(a, err);
}

/* challenge_fuzzer.c - what servers and clients write into authentication fields: read it, ask
 * everything of it, judge it.  Line feeds part the field from the target and the body of the
 * request: "field LF target LF body".
 */
#include "auth/verify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void arena_drop(struct arena *a)
{
	arena_free(a);
}

static bool inside(struct str part, struct str whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

/* Views of one field lie inside it, apart from values that were unquoted. */
static void check_views(const struct challenge_list *l, struct str field)
{
	for (size_t i = 0; i < l->n; i++) {
		const struct challenge *c = &l->v[i];

		if (!inside(c->scheme, field) || !inside(c->token68, field) ||
		    !inside(c->text, field))
			__builtin_trap();
		for (size_t k = 0; k < c->n_param; k++)
			if (!inside(c->param[k].raw, field) || c->param[k].value.n > field.n)
				__builtin_trap();
	}
}

static void read_challenges(struct arena *a, struct str field)
{
	struct challenge_list l;
	struct digest_challenge d;
	struct err err = { 0 };

	if (challenge_parse(a, &field, 1, &l, &err))
		return;
	check_views(&l, field);
	for (size_t i = 0; i < l.n; i++)
		if (digest_challenge_read(&l.v[i], &d, &err) == 0 && !d.nonce.p)
			__builtin_trap();
}

/* Credentials without any defect name an account: nothing else may be accepted. */
static void judge_credentials(struct arena *a, struct str field, struct str target, struct str body)
{
	static const struct account accounts[] = {
		{ .user = { "admin", 5 }, .password = { "secure", 6 } },
	};
	const struct verify_policy p = {
		.account = accounts,
		.n_account = 1,
		.realm = STR("Sarix"),
		.offer_basic = true,
		.offer_digest = true,
		.algs = 1u << HASH_MD5 | 1u << HASH_SHA256,
		.algs_sess = 1u << HASH_MD5,
		.qop_auth = true,
		.qop_auth_int = true,
	};
	struct http_request r = { .method = STR("POST"), .target = target, .body = body };
	struct verify_result out;
	struct err err = { 0 };

	http_add(a, &r.fields, STR("Authorization"), field);
	if (verify_http(a, &p, &r, &out, &err))
		return;
	(void)defects_text(a, out.defects);
	if (!defects_any(&out.defects) && !out.account)
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a DEFER(arena_drop);
	struct str rest = str_n(data, size), field = str_cut(&rest, '\n');
	struct str target = str_cut(&rest, '\n');

	arena_init(&a, 64u << 20);
	read_challenges(&a, str_n(data, size));
	read_challenges(&a, field);
	judge_credentials(&a, field, target, rest);
	return 0;
}

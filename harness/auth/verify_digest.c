/* Digest credentials: RFC 7616 3.4, RFC 2617 3.2.2, RFC 2069 where no qop is offered. */
#include "auth/verify_parts.h"

static void flag(struct judge *j, enum defect which)
{
	defect_set(&j->out->defects, which);
}

/* .p NULL when the parameter is absent. */
static struct str param(const struct judge *j, const char *name)
{
	const struct auth_param *p = challenge_param(&j->credentials, name);

	return p ? p->value : (struct str){ NULL, 0 };
}

/* --- what the parameters say --- */

static void judge_grammar(struct judge *j)
{
	static const struct {
		enum challenge_problem problem;
		enum defect defect;
	} map[] = {
		{ CHALLENGE_SYNTAX, DEFECT_SYNTAX },
		{ CHALLENGE_DUPLICATE, DEFECT_DUPLICATE },
		{ CHALLENGE_NO_COMMA, DEFECT_NO_COMMA },
	};

	for (size_t i = 0; i < COUNT(map); i++)
		if (j->credentials.problems & map[i].problem)
			flag(j, map[i].defect);
	if (j->credentials.token68.p)
		flag(j, DEFECT_SYNTAX);
}

static void read_algorithm(struct judge *j)
{
	struct digest_inputs *in = &j->out->inputs;
	const struct verify_policy *p = j->policy;
	unsigned offered;

	if (digest_algorithm_parse(param(j, "algorithm"), &in->alg, &in->session)) {
		flag(j, DEFECT_ALGORITHM_UNKNOWN);
		return;
	}
	j->out->alg = in->alg;
	j->out->session = in->session;
	offered = in->session ? p->algs_sess : p->algs;
	if (!(offered & 1u << in->alg))
		flag(j, DEFECT_ALGORITHM_NOT_OFFERED);
}

/* An unknown qop is hashed as sent, over the same A2 as auth. */
static void read_qop(struct judge *j)
{
	static const char *const names[] = {
		[DIGEST_QOP_AUTH] = "auth", [DIGEST_QOP_AUTH_INT] = "auth-int"
	};
	const bool offered[] = { [DIGEST_QOP_AUTH] = j->policy->qop_auth,
				 [DIGEST_QOP_AUTH_INT] = j->policy->qop_auth_int };
	struct str text = param(j, "qop");
	struct digest_inputs *in = &j->out->inputs;
	bool known = false;

	if (!text.p) {
		if (j->policy->qop_auth || j->policy->qop_auth_int)
			flag(j, DEFECT_NO_QOP);
		return;
	}
	in->qop = DIGEST_QOP_AUTH;
	in->qop_text = text;
	for (int q = DIGEST_QOP_AUTH; q <= DIGEST_QOP_AUTH_INT; q++) {
		if (!str_ieq(text, str(names[q])))
			continue;
		in->qop = (enum digest_qop)q;
		known = offered[q];
	}
	j->out->qop = in->qop;
	if (!known)
		flag(j, DEFECT_QOP_NOT_OFFERED);
}

static bool is_lower_hex(struct str s, size_t n)
{
	for (size_t i = 0; i < s.n; i++)
		if (char_hex(s.p[i]) < 0 || (s.p[i] >= 'A' && s.p[i] <= 'F'))
			return false;
	return s.n == n;
}

/* The number is read even from a wrong form, as lenient servers do. */
static void read_nc(struct judge *j)
{
	struct verify_result *out = j->out;
	struct str nc = param(j, "nc");
	uint64_t v = 0;

	if (!nc.p)
		return;
	out->inputs.nc = nc;
	out->has_nc = nc.n > 0 && nc.n <= 16;
	for (size_t i = 0; i < nc.n && out->has_nc; i++) {
		out->has_nc = char_hex(nc.p[i]) >= 0;
		v = v << 4 | (uint64_t)(char_hex(nc.p[i]) & 15);
	}
	out->nc = out->has_nc ? v : 0;
	if (!is_lower_hex(nc, 8))
		flag(j, DEFECT_NC_FORM);
	else if (v == 0)
		flag(j, DEFECT_NC_ZERO);
}

static void read_nonces(struct judge *j)
{
	struct verify_result *out = j->out;
	struct str opaque = param(j, "opaque"), expected = j->policy->opaque;

	out->nonce = out->inputs.nonce = param(j, "nonce");
	out->cnonce = out->inputs.cnonce = param(j, "cnonce");
	if (!out->nonce.p)
		flag(j, DEFECT_NO_NONCE);
	else if (out->nonce.n == 0)
		flag(j, DEFECT_NONCE_EMPTY);
	if ((param(j, "qop").p || out->session) && !out->cnonce.p)
		flag(j, DEFECT_NO_CNONCE);
	if (param(j, "qop").p && !param(j, "nc").p)
		flag(j, DEFECT_NO_NC);
	/* An empty one that nobody asked for says nothing. */
	if (expected.p ? !opaque.p || !str_eq(opaque, expected) : opaque.n > 0)
		flag(j, DEFECT_OPAQUE);
}

static void read_realm_and_uri(struct judge *j)
{
	struct digest_inputs *in = &j->out->inputs;

	in->realm = param(j, "realm");
	if (!in->realm.p) {
		flag(j, DEFECT_NO_REALM);
		in->realm = j->policy->realm;
	} else if (!str_eq(in->realm, j->policy->realm)) {
		flag(j, DEFECT_REALM);
	}
	in->uri = param(j, "uri");
	if (!in->uri.p) {
		flag(j, DEFECT_NO_URI);
		in->uri = j->request->target;
		return;
	}
	switch (verify_uri(j->request->target, in->uri)) {
	case URI_SAME:
		break;
	case URI_OTHER_QUERY:
		flag(j, DEFECT_URI_QUERY);
		break;
	case URI_OTHER_PATH:
		flag(j, DEFECT_URI_OTHER);
		break;
	}
}

/* --- whose they are --- */

/* RFC 7616 3.4.4: username is H(user ":" realm). */
static int find_userhash(struct judge *j)
{
	const struct verify_policy *p = j->policy;
	char hex[HASH_HEX_MAX];

	for (size_t i = 0; i < p->n_account; i++) {
		if (digest_userhash(j->out->inputs.alg, p->account[i].user, j->out->inputs.realm,
				    hex, j->err))
			return -1;
		if (str_eq(str(hex), j->out->user))
			j->out->account = &p->account[i];
	}
	return 0;
}

static int read_user(struct judge *j)
{
	struct str user = param(j, "username"), star = param(j, "username*");
	struct verify_result *out = j->out;
	struct err why = { .code = ERR_NONE };

	if (!user.p && !star.p) {
		flag(j, DEFECT_NO_USERNAME);
		return 0;
	}
	if (user.p && star.p)
		flag(j, DEFECT_USERNAME_BOTH);
	out->user = user;
	if (!user.p && verify_ext_value(j->a, star, &out->user, &why)) {
		if (why.code != ERR_PARSE)
			return err_set(j->err, why.code, "%s", why.text);
		flag(j, DEFECT_SYNTAX);
	}
	if (!str_ieq(param(j, "userhash"), STR("true")))
		out->account = verify_account(j->policy, out->user);
	else if (find_userhash(j))
		return -1;
	if (!out->account) {
		flag(j, DEFECT_USER_UNKNOWN);
		return 0;
	}
	out->inputs.user = out->account->user;
	out->inputs.password = out->account->password;
	return 0;
}

/* --- the response --- */

enum likeness {
	LIKE_NOTHING,
	LIKE_EXACT,
	LIKE_UPPER,  /* but for the case of its digits */
	LIKE_PREFIX, /* cut short or made longer */
	LIKE_DIGITS  /* the digits are right, something else is between or around them */
};

static bool same_digits(struct str sent, struct str right)
{
	size_t n = 0;

	for (size_t i = 0; i < sent.n; i++) {
		char c = char_lower(sent.p[i]);

		if (char_hex(c) < 0)
			continue;
		if (n == right.n || right.p[n] != c)
			return false;
		n++;
	}
	return n == right.n;
}

static enum likeness likeness(struct str sent, struct str right)
{
	if (hash_equal(sent, right))
		return LIKE_EXACT;
	if (str_ieq(sent, right))
		return LIKE_UPPER;
	if (str_starts(sent, right) || str_starts(right, sent))
		return LIKE_PREFIX;
	return same_digits(sent, right) ? LIKE_DIGITS : LIKE_NOTHING;
}

static int compare(struct judge *j, const struct digest_inputs *in, enum likeness *like)
{
	char hex[HASH_HEX_MAX];

	if (digest_response(in, hex, j->err))
		return -1;
	*like = likeness(param(j, "response"), str(hex));
	return 0;
}

/* The credentials leave out, or name wrongly, what was hashed: what else can it have been?  Puts
 * what matches into the result.
 */
static int compare_unsaid(struct judge *j, enum likeness *like)
{
	static const enum digest_qop qops[] = { DIGEST_QOP_AUTH, DIGEST_QOP_AUTH_INT };
	const struct defects *d = &j->out->defects;
	struct digest_inputs in;

	for (int alg = 0; alg < HASHES && !*like; alg++) {
		if (!defect_has(d, DEFECT_ALGORITHM_UNKNOWN) || !(j->policy->algs & 1u << alg))
			continue;
		in = j->out->inputs;
		in.alg = (enum hash_alg)alg;
		if (compare(j, &in, like))
			return -1;
	}
	for (size_t i = 0; i < COUNT(qops) && !*like; i++) {
		if (!defect_has(d, DEFECT_NO_QOP) || !j->out->cnonce.p || !j->out->inputs.nc.p)
			continue;
		in = j->out->inputs;
		in.qop = qops[i];
		if (compare(j, &in, like))
			return -1;
	}
	if (*like)
		j->out->inputs = in;
	return 0;
}

static int is_right_for(struct judge *j, const struct digest_inputs *in, bool *right)
{
	enum likeness like;

	if (compare(j, in, &like))
		return -1;
	*right = like == LIKE_EXACT;
	return 0;
}

static int explain_method(struct judge *j, bool *right)
{
	static const char *const methods[] = { "GET",     "POST",     "HEAD",  "PUT",
					       "DELETE",  "OPTIONS",  "PATCH", "TRACE",
					       "CONNECT", "DESCRIBE", "SETUP", "PLAY" };
	struct digest_inputs in = j->out->inputs;

	for (size_t i = 0; i < COUNT(methods) && !*right; i++) {
		in.method = str(methods[i]);
		if (is_right_for(j, &in, right))
			return -1;
	}
	if (*right)
		flag(j, DEFECT_METHOD);
	return 0;
}

/* Bodies that a client hashes by mistake: none, or one with other white space at its end. */
static int explain_body(struct judge *j, bool *right)
{
	static const char *const tails[] = { " ", "\n", "\r\n" };
	struct digest_inputs in = j->out->inputs;
	struct str body = in.body;

	if (in.qop != DIGEST_QOP_AUTH_INT)
		return 0;
	in.body = STR("");
	if (is_right_for(j, &in, right))
		return -1;
	in.body = str_trim(body);
	if (!*right && is_right_for(j, &in, right))
		return -1;
	for (size_t i = 0; i < COUNT(tails) && !*right; i++) {
		in.body = arena_concat(j->a, body, str(tails[i]));
		if (is_right_for(j, &in, right))
			return -1;
	}
	if (*right)
		flag(j, DEFECT_BODY);
	return 0;
}

/* Everything that the hash needs was there. */
static int judge_hash(struct judge *j, bool well_formed)
{
	static const enum defect defects[] = {
		[LIKE_UPPER] = DEFECT_RESPONSE_UPPER,
		[LIKE_PREFIX] = DEFECT_RESPONSE_PREFIX,
		[LIKE_DIGITS] = DEFECT_RESPONSE_FORM,
	};
	enum likeness like;
	bool right = false;

	if (compare(j, &j->out->inputs, &like) || (!like && compare_unsaid(j, &like)))
		return -1;
	if (like == LIKE_EXACT)
		return 0;
	if (like != LIKE_NOTHING) {
		flag(j, defects[like]);
		return 0;
	}
	if (!well_formed)
		flag(j, DEFECT_RESPONSE_FORM);
	if (explain_method(j, &right) || (!right && explain_body(j, &right)))
		return -1;
	if (!right)
		flag(j, DEFECT_PASSWORD);
	return 0;
}

static int judge_response(struct judge *j)
{
	static const enum defect missing[] = { DEFECT_NO_NONCE, DEFECT_NO_CNONCE, DEFECT_NO_NC };
	struct str response = param(j, "response");
	bool well_formed = is_lower_hex(response, 2 * hash_bytes(j->out->inputs.alg));
	bool can_hash = j->out->account != NULL;

	if (!response.p || response.n == 0) {
		flag(j, response.p ? DEFECT_RESPONSE_EMPTY : DEFECT_NO_RESPONSE);
		return 0;
	}
	for (size_t i = 0; i < COUNT(missing); i++)
		can_hash = can_hash && !defect_has(&j->out->defects, missing[i]);
	if (can_hash)
		return judge_hash(j, well_formed);
	if (!well_formed)
		flag(j, DEFECT_RESPONSE_FORM);
	return 0;
}

int verify_digest(struct judge *j)
{
	j->out->inputs.method = j->request->method;
	j->out->inputs.body = j->request->body;
	judge_grammar(j);
	read_algorithm(j);
	read_qop(j);
	read_nonces(j);
	read_nc(j);
	read_realm_and_uri(j);
	return read_user(j) || judge_response(j) ? -1 : 0;
}

/* Mistakes of Digest recomputed: RFC 7616 3.4. */
#include "auth/nearly_digest.h"

/* Would it be right with these inputs? */
void digest_way_try(struct digest_attempt *t, const struct digest_inputs *in, struct str detail)
{
	char hex[HASH_HEX_MAX];

	if (t->hit || t->failed)
		return;
	t->failed = digest_response(in, hex, t->err) != 0;
	t->hit = !t->failed && hash_equal(t->n->response, str(hex));
	if (t->hit)
		t->detail = detail;
}

/* --- the response itself --- */

void digest_way_upper_case(struct digest_attempt *t)
{
	char hex[HASH_HEX_MAX];

	t->failed = digest_response(&t->n->in, hex, t->err) != 0;
	t->hit = !t->failed && str_ieq(t->n->response, str(hex));
}

void digest_way_cut_or_longer(struct digest_attempt *t)
{
	char hex[HASH_HEX_MAX];

	t->failed = digest_response(&t->n->in, hex, t->err) != 0;
	t->hit = !t->failed && t->n->response.n >= 8 &&
		 (str_starts(str(hex), t->n->response) || str_starts(t->n->response, str(hex)));
}

/* --- A2 --- */

void digest_way_other_method(struct digest_attempt *t)
{
	static const char *const methods[] = { "GET",     "POST",     "HEAD",     "PUT",  "DELETE",
					       "OPTIONS", "DESCRIBE", "SETUP",    "PLAY", "PATCH",
					       "CONNECT", "REGISTER", "SUBSCRIBE" };
	struct digest_inputs in = t->n->in;

	for (size_t i = 0; i < COUNT(methods); i++) {
		in.method = str(methods[i]);
		digest_way_try(t, &in, in.method);
	}
	in.method = nearly_case(t->a, t->n->in.method, false);
	digest_way_try(t, &in, in.method);
	in.method = STR("");
	digest_way_try(t, &in, STR("none"));
}

void digest_way_without_query(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	in.uri = str_sub(in.uri, 0, str_chr(in.uri, '?'));
	digest_way_try(t, &in, STR(""));
}

static struct str path_of(struct str uri)
{
	size_t at = str_find(uri, STR("://"));
	struct str rest = str_sub(uri, at == (size_t)-1 ? uri.n : at + 3, uri.n);

	return str_sub(rest, str_chr(rest, '/'), rest.n);
}

void digest_way_other_uri(struct digest_attempt *t)
{
	static const char *const schemes[] = { "http", "https", "rtsp" };
	struct digest_inputs in = t->n->in;

	if (t->n->target.p) {
		in.uri = t->n->target;
		digest_way_try(t, &in, STR("the target of the request line"));
	}
	in.uri = path_of(t->n->in.uri);
	digest_way_try(t, &in, STR("only the path of uri"));
	for (size_t i = 0; i < COUNT(schemes) && t->n->host.p; i++) {
		in.uri = arena_fmt(t->a, "%s://%.*s%.*s", schemes[i], STR_ARG(t->n->host),
				   STR_ARG(t->n->in.uri));
		digest_way_try(t, &in, STR("the whole URL"));
	}
	in.uri = STR("/");
	digest_way_try(t, &in, STR("\"/\""));
	in.uri = STR("");
	digest_way_try(t, &in, STR("nothing"));
}

void digest_way_decoded_uri(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	in.uri = nearly_percent_decoded(t->a, in.uri);
	digest_way_try(t, &in, STR(""));
}

void digest_way_body_not_hashed(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	if (in.qop != DIGEST_QOP_AUTH_INT)
		return;
	in.qop = DIGEST_QOP_AUTH;
	in.qop_text = STR("auth-int");
	digest_way_try(t, &in, STR("A2 as for auth"));
	in = t->n->in;
	in.body = STR("");
	digest_way_try(t, &in, STR("the hash of an empty body"));
	in.qop = DIGEST_QOP_AUTH;
	in.qop_text = STR("auth");
	digest_way_try(t, &in, STR("all as for auth"));
}

void digest_way_other_body(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;
	static const char *const tails[] = { "\n", "\r\n", " " };

	if (in.qop != DIGEST_QOP_AUTH_INT)
		return;
	in.body = str_trim(in.body);
	digest_way_try(t, &in, STR("trimmed"));
	for (size_t i = 0; i < COUNT(tails); i++) {
		in.body = arena_concat(t->a, t->n->in.body, str(tails[i]));
		digest_way_try(t, &in, STR("with white space behind it"));
	}
}

void digest_way_body_hashed(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	if (in.qop == DIGEST_QOP_AUTH_INT)
		return;
	in.qop = DIGEST_QOP_AUTH_INT;
	digest_way_try(t, &in, STR(""));
	in.qop_text = STR("auth");
	digest_way_try(t, &in, STR(""));
}

/* --- A1 --- */

/* The raw text of a quoted-string without its quotes. */
static struct str inner(struct str raw, struct str value)
{
	if (!raw.p || raw.n < 2 || raw.p[0] != '"')
		return value;
	return str_sub(raw, 1, raw.n - 2);
}

void digest_way_escaped(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	in.realm = inner(t->n->raw_realm, in.realm);
	digest_way_try(t, &in, STR("realm"));
	in.user = inner(t->n->raw_user, in.user);
	digest_way_try(t, &in, STR("realm and username"));
	in.realm = t->n->in.realm;
	digest_way_try(t, &in, STR("username"));
	in = t->n->in;
	in.uri = inner(t->n->raw_uri, in.uri);
	digest_way_try(t, &in, STR("uri"));
}

static struct str quoted(struct digest_attempt *t, struct str s)
{
	return arena_fmt(t->a, "\"%.*s\"", STR_ARG(s));
}

/* Every set of username, realm, nonce, uri, cnonce. */
void digest_way_quotes_hashed(struct digest_attempt *t)
{
	for (unsigned set = 1; set < 32; set++) {
		struct digest_inputs in = t->n->in;
		struct str *const part[] = { &in.user, &in.realm, &in.nonce, &in.uri, &in.cnonce };

		for (size_t i = 0; i < COUNT(part); i++)
			if (set & 1u << i)
				*part[i] = quoted(t, *part[i]);
		digest_way_try(t, &in, STR(""));
	}
}

void digest_way_other_realm(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	if (t->n->realm.p) {
		in.realm = t->n->realm;
		digest_way_try(t, &in, STR("the challenge's"));
	}
	in.realm = STR("");
	digest_way_try(t, &in, STR("an empty one"));
	in.realm = str_trim(t->n->in.realm);
	digest_way_try(t, &in, STR("a trimmed one"));
}

void digest_way_user_in_other_case(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	for (int upper = 0; upper < 2; upper++) {
		in.user = nearly_case(t->a, t->n->in.user, upper);
		digest_way_try(t, &in, in.user);
	}
	if (str_ieq(t->n->user, t->n->in.user)) {
		in.user = t->n->user;
		digest_way_try(t, &in, in.user);
	}
}

void digest_way_other_user(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;
	struct str user = in.user;
	size_t slash = str_chr(user, '\\');

	in.user = t->n->user;
	digest_way_try(t, &in, STR("the name that was asked for, not the one in the credentials"));
	in.user = str_trim(user);
	digest_way_try(t, &in, STR("a trimmed one"));
	in.user = str_sub(user, slash == (size_t)-1 ? 0 : slash + 1, user.n);
	digest_way_try(t, &in, STR("without the domain"));
}

void digest_way_other_algorithm(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	for (int alg = 0; alg < HASHES; alg++) {
		in.alg = (enum hash_alg)alg;
		digest_way_try(t, &in,
			       arena_fmt(t->a, "%s under the label %s",
					 alg == HASH_SHA1
						 ? "SHA-1"
						 : digest_algorithm_name(in.alg, in.session),
					 digest_algorithm_name(t->n->in.alg, in.session)));
	}
}

/* -sess said and not done, or done and not said. */
static void session_key(struct digest_attempt *t, bool said)
{
	struct digest_inputs in = t->n->in;

	in.session = !said;
	if (t->n->in.session != said)
		return;
	for (int alg = 0; alg < HASHES; alg++) {
		in.alg = (enum hash_alg)alg;
		digest_way_try(t, &in,
			       alg == (int)t->n->in.alg ? STR("") : STR("and another hash"));
	}
}

void digest_way_session_missing(struct digest_attempt *t)
{
	session_key(t, true);
}

void digest_way_session_unsaid(struct digest_attempt *t)
{
	session_key(t, false);
}

/* RFC 2617's text read as octets, before errata 1649 said hex. */
void digest_way_session_octets(struct digest_attempt *t)
{
	const struct digest_inputs *in = &t->n->in;
	uint8_t octets[HASH_MAX];
	char a1[HASH_HEX_MAX], a2[HASH_HEX_MAX], hex[HASH_HEX_MAX];
	const struct str colon = STR(":");

	if (!in->session || in->qop == DIGEST_QOP_NONE)
		return;
	t->failed =
		hash_parts(in->alg, HASH_PARTS(in->user, colon, in->realm, colon, in->password),
			   octets, t->err) ||
		hash_joined_hex(
			in->alg,
			HASH_PARTS(str_n(octets, hash_bytes(in->alg)), in->nonce, in->cnonce), a1,
			t->err) ||
		digest_ha2(in, a2, t->err) ||
		hash_joined_hex(in->alg,
				HASH_PARTS(str(a1), in->nonce, in->nc, in->cnonce,
					   in->qop_text.p ? in->qop_text : STR("auth"), str(a2)),
				hex, t->err);
	t->hit = !t->failed && hash_equal(t->n->response, str(hex));
}

/* The password that is known may itself be hex(H(A1)), as htdigest keeps it. */
void digest_way_password_is_a1(struct digest_attempt *t)
{
	const struct digest_inputs *in = &t->n->in;
	char a2[HASH_HEX_MAX], hex[HASH_HEX_MAX];

	if (in->password.n != 2 * hash_bytes(in->alg) || in->session || in->qop == DIGEST_QOP_NONE)
		return;
	t->failed =
		digest_ha2(in, a2, t->err) ||
		hash_joined_hex(in->alg,
				HASH_PARTS(in->password, in->nonce, in->nc, in->cnonce,
					   in->qop_text.p ? in->qop_text : STR("auth"), str(a2)),
				hex, t->err);
	t->hit = !t->failed && hash_equal(t->n->response, str(hex));
}

/* --- the outer hash --- */

void digest_way_qop_left_out(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	if (in.qop == DIGEST_QOP_NONE)
		return;
	in.qop = DIGEST_QOP_NONE;
	in.qop_text.p = NULL;
	digest_way_try(t, &in, STR(""));
}

void digest_way_qop_unsaid(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	if (in.qop != DIGEST_QOP_NONE)
		return;
	in.qop = DIGEST_QOP_AUTH;
	digest_way_try(t, &in, STR("with nc and cnonce as sent"));
	in.nc = STR("00000001");
	digest_way_try(t, &in, STR("with nc 00000001"));
	in.qop = DIGEST_QOP_AUTH_INT;
	digest_way_try(t, &in, STR("auth-int with nc 00000001"));
}

void digest_way_qop_of_list(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;
	static const char *const lists[] = { "auth,auth-int", "auth, auth-int", "auth-int,auth",
					     "\"auth\"" };

	if (in.qop == DIGEST_QOP_NONE)
		return;
	for (size_t i = 0; i < COUNT(lists); i++) {
		in.qop_text = str(lists[i]);
		digest_way_try(t, &in, in.qop_text);
	}
	if (t->n->qop_list.p) {
		in.qop_text = t->n->qop_list;
		digest_way_try(t, &in, in.qop_text);
	}
}

static uint64_t hex_value(struct str s)
{
	uint64_t v = 0;

	for (size_t i = 0; i < s.n && i < 8; i++)
		v = v << 4 | (uint64_t)(char_hex(s.p[i]) & 15);
	return v;
}

void digest_way_unpadded_nc(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;
	struct str nc = in.nc;
	unsigned v = (unsigned)hex_value(nc);

	while (nc.n > 1 && nc.p[0] == '0')
		nc = str_sub(nc, 1, nc.n);
	in.nc = nc;
	digest_way_try(t, &in, STR("hashed without its zeros"));
	in.nc = arena_fmt(t->a, "%08x", v);
	digest_way_try(t, &in, STR("hashed with zeros, and sent without"));
	in.nc = nearly_case(t->a, t->n->in.nc, true);
	digest_way_try(t, &in, STR("hashed in capitals"));
	in.nc = arena_fmt(t->a, "%08u", v);
	digest_way_try(t, &in, STR("hashed in decimal"));
}

void digest_way_other_nc(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;
	unsigned v = (unsigned)hex_value(in.nc);
	const unsigned near[] = { v - 1, v + 1, 1, 0 };

	for (size_t i = 0; i < COUNT(near); i++) {
		in.nc = arena_fmt(t->a, "%08x", near[i]);
		digest_way_try(t, &in, in.nc);
	}
}

void digest_way_without_cnonce(struct digest_attempt *t)
{
	const struct digest_inputs *was = &t->n->in;
	struct digest_inputs in = *was;
	char a1[HASH_HEX_MAX], a2[HASH_HEX_MAX], hex[HASH_HEX_MAX];

	if (in.qop == DIGEST_QOP_NONE)
		return;
	in.cnonce = STR("");
	digest_way_try(t, &in, STR("an empty one in its place"));
	if (t->hit || t->failed || was->session)
		return;
	t->failed =
		digest_ha1(was, a1, t->err) || digest_ha2(was, a2, t->err) ||
		hash_joined_hex(was->alg,
				HASH_PARTS(str(a1), was->nonce, was->nc,
					   was->qop_text.p ? was->qop_text : STR("auth"), str(a2)),
				hex, t->err);
	t->hit = !t->failed && hash_equal(t->n->response, str(hex));
}

void digest_way_other_nonce(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	if (!t->n->nonce.p)
		return;
	in.nonce = t->n->nonce;
	digest_way_try(t, &in, STR(""));
}

void digest_way_empty_name(struct digest_attempt *t)
{
	struct digest_inputs in = t->n->in;

	in.user = STR("");
	digest_way_try(t, &in, STR(""));
}

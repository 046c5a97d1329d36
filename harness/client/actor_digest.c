/* actor_digest.c - Digest credentials of the scripted client: RFC 7616 3.4, RFC 2617 3.2.2. */
#include "client/actor_parts.h"

#include "base/buf.h"

#define FIELD_BYTES (256u << 10)
#define CNONCE_HEX  32
#define PARAMS_MAX  16

struct param {
	const char *name;
	struct str value;
	bool quoted, verbatim; /* verbatim: without escapes */
};

/* What is hashed, and what is written; they differ by faults alone. */
struct answer {
	struct actor *k;
	const struct digest_challenge *ch;
	struct digest_inputs in;
	struct str user, realm, qop, algorithm;
	bool userhash;
	char response[HASH_HEX_MAX];
	struct param p[PARAMS_MAX];
	size_t n;
};

/* --- values --- */

static struct str fresh_hex(struct actor *k)
{
	uint8_t octets[CNONCE_HEX / 2];
	char hex[CNONCE_HEX];

	world_random(k->o->world, octets, sizeof(octets));
	for (size_t i = 0; i < sizeof(octets); i++) {
		hex[2 * i] = "0123456789abcdef"[octets[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[octets[i] & 15];
	}
	return arena_str(k->a, str_n(hex, sizeof(hex)));
}

static struct str fresh_cnonce(struct actor *k)
{
	if (has(k, PLANTED_CNONCE_CONSTANT))
		return STR("0a4f113b0a4f113b");
	if (has(k, PLANTED_CNONCE_COUNTER))
		return arena_fmt(k->a, "%016llx", (unsigned long long)k->requests);
	if (has(k, PLANTED_CNONCE_TIME))
		return arena_fmt(k->a, "%lld", (long long)(world_wall_ms(k->o->world) / 1000));
	return str_sub(fresh_hex(k), 0, has(k, PLANTED_CNONCE_SHORT) ? 4 : CNONCE_HEX);
}

/* A session keeps the cnonce that it began with: so servers that keep no session agree, too. */
static void set_cnonce(struct answer *w)
{
	struct actor *k = w->k;

	w->in.cnonce = fresh_cnonce(k);
	if (!w->in.session || has(k, PLANTED_SESS_RECOMPUTED))
		return;
	if (!k->session_nonce.p) {
		k->session_nonce = w->in.nonce;
		k->session_cnonce = w->in.cnonce;
	}
	w->in.cnonce = k->session_cnonce;
	w->in.session_nonce = k->session_nonce;
	w->in.session_cnonce = k->session_cnonce;
}

static struct str upper(struct arena *a, struct str s)
{
	struct str copy = arena_str(a, s);
	char *p = (char *)(uintptr_t)copy.p;

	for (size_t i = 0; p && i < copy.n; i++)
		p[i] = p[i] >= 'a' && p[i] <= 'z' ? (char)(p[i] - 'a' + 'A') : p[i];
	return copy;
}

static struct str nc_text(struct actor *k, unsigned long long n)
{
	if (has(k, PLANTED_NC_DECIMAL))
		return arena_fmt(k->a, "%08llu", n);
	if (has(k, PLANTED_NC_SHORT))
		return arena_fmt(k->a, "%llx", n);
	if (has(k, PLANTED_NC_UPPER))
		return arena_fmt(k->a, "%08llX", n);
	return arena_fmt(k->a, "%08llx", n);
}

static void set_nc(struct answer *w)
{
	struct actor *k = w->k;
	unsigned long long n = ++k->nc;

	k->requests++;
	if (has(k, PLANTED_NC_FROM_ZERO))
		n--;
	if (has(k, PLANTED_NC_GLOBAL))
		n = k->requests;
	if (has(k, PLANTED_NC_CONSTANT))
		n = 1;
	if (has(k, PLANTED_NC_SKIPS))
		n = 2 * n - 1;
	w->in.nc = nc_text(k, n);
}

static struct str lowered(struct arena *a, struct str s)
{
	struct str copy = arena_str(a, s);
	char *p = (char *)(uintptr_t)copy.p;

	for (size_t i = 0; p && i < copy.n; i++)
		p[i] = char_lower(p[i]);
	return copy;
}

static struct str without_colon(struct str password)
{
	return str_cut(&password, ':');
}

static void set_user(struct answer *w)
{
	struct actor *k = w->k;

	w->user = k->o->told.user;
	if (has(k, PLANTED_USERNAME_LOWERED))
		w->user = lowered(k->a, w->user);
	w->in.user = w->user;
	w->in.password = k->o->told.password;
	if (has(k, PLANTED_BASIC_CUT_COLON))
		w->in.password = without_colon(w->in.password);
	if (has(k, PLANTED_LATIN1_HASHED)) {
		w->in.user = actor_latin1(k->a, w->in.user);
		w->in.password = actor_latin1(k->a, w->in.password);
	}
}

static void set_realm(struct answer *w)
{
	struct actor *k = w->k;

	w->realm = w->ch->realm;
	if (has(k, PLANTED_REALM_TRIMMED))
		w->realm = str_trim(w->realm);
	w->in.realm = has(k, PLANTED_REALM_CACHED_HA1) ? k->first_realm : w->realm;
}

static struct str decoded(struct arena *a, struct str s)
{
	char *out = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; out && i < s.n; i++) {
		bool coded = s.p[i] == '%' && i + 2 < s.n && char_hex(s.p[i + 1]) >= 0 &&
			     char_hex(s.p[i + 2]) >= 0;

		out[n++] =
			(char)(coded ? char_hex(s.p[i + 1]) << 4 | char_hex(s.p[i + 2]) : s.p[i]);
		i += coded ? 2 : 0;
	}
	return out ? str_n(out, n) : STR("");
}

/* The effective request target, octet by octet: RFC 7616 3.4. */
static void set_uri(struct answer *w, struct str target)
{
	struct actor *k = w->k;
	struct str path = target;

	w->in.uri = target;
	if (has(k, PLANTED_URI_WITHOUT_QUERY))
		w->in.uri = str_cut(&path, '?');
	if (has(k, PLANTED_URI_SLASH))
		w->in.uri = STR("/");
	if (has(k, PLANTED_URI_DECODED))
		w->in.uri = decoded(k->a, target);
	if (has(k, PLANTED_URI_OF_FIRST))
		w->in.uri = k->first_target;
}

static void set_algorithm(struct answer *w)
{
	struct actor *k = w->k;

	w->in.alg = w->ch->alg;
	w->in.session = w->ch->session && !has(k, PLANTED_SESS_IGNORED);
	w->algorithm = w->ch->algorithm;
	if (has(k, PLANTED_SHA256_LABEL_MD5) && w->in.alg == HASH_SHA256)
		w->in.alg = HASH_MD5;
	if (has(k, PLANTED_SHA512_AS_SHA256) && w->in.alg == HASH_SHA512_256)
		w->in.alg = HASH_SHA256;
	if (has(k, PLANTED_ALGORITHM_NOT_OFFERED) && !w->algorithm.p)
		w->algorithm = STR("MD5");
	if (has(k, PLANTED_ALGORITHM_LOST))
		w->algorithm.p = NULL;
}

static enum digest_qop qop_of(const struct answer *w)
{
	struct actor *k = w->k;
	struct str list = k->offer.qop;

	if (has(k, PLANTED_QOP_IGNORED))
		return DIGEST_QOP_NONE;
	if (has(k, PLANTED_QOP_WHOLE_VALUE) && !str_eq(list, STR("auth")))
		return DIGEST_QOP_NONE;
	if (has(k, PLANTED_QOP_NOT_OFFERED) && !w->ch->has_qop)
		return DIGEST_QOP_AUTH;
	if (w->ch->qop_auth || !w->ch->qop_auth_int)
		return w->ch->qop_auth ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE;
	return has(k, PLANTED_AUTH_INT_AS_AUTH) ? DIGEST_QOP_AUTH : DIGEST_QOP_AUTH_INT;
}

static void set_qop(struct answer *w)
{
	struct actor *k = w->k;
	struct str list = k->offer.qop, first = str_cut(&list, ',');

	w->in.qop = qop_of(w);
	w->qop = w->in.qop == DIGEST_QOP_AUTH_INT ? STR("auth-int") : STR("auth");
	if (w->in.qop == DIGEST_QOP_NONE)
		return;
	if (has(k, PLANTED_QOP_UNKNOWN_TAKEN) && first.n)
		w->qop = w->in.qop_text = str_trim(first);
	if (has(k, PLANTED_QOP_LIST_ECHOED) && k->offer.qop.n)
		w->qop = k->offer.qop;
	if (has(k, PLANTED_QOP_LIST_HASHED) && k->offer.qop.n)
		w->in.qop_text = k->offer.qop;
}

static void set_body(struct answer *w, struct str body)
{
	struct actor *k = w->k;

	w->in.body = body;
	if (w->in.qop != DIGEST_QOP_AUTH_INT)
		return;
	if (has(k, PLANTED_AUTH_INT_BODY_SKIPPED))
		w->in.body = STR("");
	if (has(k, PLANTED_AUTH_INT_EMPTY_SKIPPED) && !body.n) {
		w->in.qop = DIGEST_QOP_AUTH;
		w->in.qop_text = STR("auth-int");
	}
}

static int set_userhash(struct answer *w, struct err *err)
{
	struct actor *k = w->k;
	char hex[HASH_HEX_MAX];

	w->userhash = w->ch->userhash;
	if (!w->ch->userhash && !has(k, PLANTED_USERHASH_UNASKED))
		return 0;
	/* RFC 7616 3.4.4: behind every other calculation, with the same algorithm. */
	if (digest_userhash(w->in.alg, w->in.user, w->in.realm, hex, err))
		return -1;
	w->userhash = !has(k, PLANTED_USERHASH_UNLABELLED);
	if (has(k, PLANTED_USERHASH_PLAIN))
		return 0;
	w->user = arena_str(k->a, str(hex));
	if (has(k, PLANTED_USERHASH_IN_HA1))
		w->in.user = w->user;
	return 0;
}

/* --- the response --- */

/* A1 of a session over the octets of its first hash: RFC 2617's sample code, and SASL. */
static int raw_session(struct answer *w, struct err *err)
{
	const struct digest_inputs *in = &w->in;
	uint8_t octets[HASH_MAX];
	char ha1[HASH_HEX_MAX], ha2[HASH_HEX_MAX];

	if (hash_parts(in->alg, HASH_PARTS(in->user, STR(":"), in->realm, STR(":"), in->password),
		       octets, err) ||
	    hash_joined_hex(in->alg,
			    HASH_PARTS(str_n(octets, hash_bytes(in->alg)), in->nonce, in->cnonce),
			    ha1, err) ||
	    digest_ha2(in, ha2, err))
		return -1;
	return hash_joined_hex(
		in->alg, HASH_PARTS(str(ha1), in->nonce, in->nc, in->cnonce, w->qop, str(ha2)),
		w->response, err);
}

/* H(HA1 ":" nonce ":" ":" ":" ":" HA2): the form with qop, all of it empty. */
static int broken_without_qop(struct answer *w, struct err *err)
{
	const struct digest_inputs *in = &w->in;
	char ha1[HASH_HEX_MAX], ha2[HASH_HEX_MAX];

	if (digest_ha1(in, ha1, err) || digest_ha2(in, ha2, err))
		return -1;
	return hash_joined_hex(in->alg,
			       HASH_PARTS(str(ha1), in->nonce, STR(""), STR(""), STR(""), str(ha2)),
			       w->response, err);
}

static int respond(struct answer *w, struct err *err)
{
	struct actor *k = w->k;

	if (has(k, PLANTED_SESS_RAW) && w->in.session)
		return raw_session(w, err);
	if (has(k, PLANTED_NO_QOP_BROKEN) && w->in.qop == DIGEST_QOP_NONE)
		return broken_without_qop(w, err);
	return digest_response(&w->in, w->response, err);
}

/* --- writing --- */

static void add(struct answer *w, const char *name, struct str value, bool quoted)
{
	if (value.p)
		w->p[w->n++] = (struct param){ .name = name, .value = value, .quoted = quoted };
}

static struct str opaque_of(const struct answer *w)
{
	const struct str none = { NULL, 0 };
	struct actor *k = w->k;

	if (!w->ch->has_opaque)
		return has(k, PLANTED_OPAQUE_INVENTED) ? STR("") : none;
	if (has(k, PLANTED_OPAQUE_LOST) || (has(k, PLANTED_OPAQUE_EMPTY_LOST) && !w->ch->opaque.n))
		return none;
	return w->ch->opaque;
}

/* Quoted or not as RFC 7616 3.4 says: "For historical reasons". */
static void list(struct answer *w)
{
	const struct str none = { NULL, 0 };
	struct actor *k = w->k;
	bool with_qop = w->in.qop != DIGEST_QOP_NONE;
	struct str hex = arena_str(k->a, str(w->response));

	add(w, "username", w->user, true);
	w->p[0].verbatim = has(k, PLANTED_USERNAME_QUOTE_UNESCAPED);
	add(w, "realm", has(k, PLANTED_REALM_MISSING) ? none : w->realm, true);
	add(w, "nonce", w->in.nonce, true);
	add(w, "nonce", has(k, PLANTED_NONCE_TWICE) ? w->in.nonce : none, true);
	add(w, "uri", w->in.uri, true);
	add(w, "response", has(k, PLANTED_RESPONSE_UPPER) ? upper(k->a, hex) : hex,
	    !has(k, PLANTED_UNQUOTED_RESPONSE));
	add(w, "algorithm", w->algorithm, has(k, PLANTED_QUOTED_ALGORITHM));
	add(w, has(k, PLANTED_OPAQUE_MISSPELT) ? "opque" : "opaque", opaque_of(w), true);
	add(w, "qop", with_qop ? w->qop : none, has(k, PLANTED_QUOTED_QOP));
	add(w, "nc", with_qop ? w->in.nc : none, has(k, PLANTED_QUOTED_NC));
	add(w, "cnonce", with_qop ? w->in.cnonce : none, !has(k, PLANTED_UNQUOTED_CNONCE));
	add(w, "userhash", w->userhash ? STR("true") : none, false);
}

static void put_escaped(struct buf *b, struct str s, bool twice, bool letters)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_puts(b, twice ? "\\\\\\" : "\\");
		else if (letters && char_is_alpha(s.p[i]))
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
}

static void put_param(struct answer *w, struct buf *b, const struct param *p)
{
	bool letters = has(w->k, PLANTED_PAIRS_NEEDLESS) && strcmp(p->name, "username") == 0;
	bool twice = has(w->k, PLANTED_REALM_ESCAPED_AGAIN) && strcmp(p->name, "realm") == 0;

	buf_fmt(b, "%s=", p->name);
	buf_puts(b, p->quoted ? "\"" : "");
	if (p->quoted && !p->verbatim)
		put_escaped(b, p->value, twice, letters);
	else
		buf_str(b, p->value);
	buf_puts(b, p->quoted ? "\"" : "");
}

static int written(struct answer *w, struct str *field, struct err *err)
{
	struct buf b DEFER(buf_free);

	buf_init(&b, FIELD_BYTES);
	buf_puts(&b, "Digest ");
	for (size_t i = 0; i < w->n; i++) {
		buf_puts(&b, i ? ", " : "");
		put_param(w, &b, &w->p[i]);
	}
	if (buf_check(&b, "the Authorization field", err))
		return -1;
	*field = arena_str(w->k->a, buf_view(&b));
	return arena_check(w->k->a, err);
}

int actor_digest(struct actor *k, const struct http_request *in, struct str *field, struct err *err)
{
	struct answer w = { .k = k, .ch = &k->offer.ch };

	w.in.nonce = w.ch->nonce;
	w.in.method = has(k, PLANTED_METHOD_GET_HASHED) ? STR("GET") : in->method;
	set_user(&w);
	set_realm(&w);
	set_uri(&w, in->target);
	set_algorithm(&w);
	set_qop(&w);
	set_nc(&w);
	set_cnonce(&w);
	set_body(&w, in->body);
	if (set_userhash(&w, err) || respond(&w, err))
		return -1;
	k->sent = w.in;
	list(&w);
	return written(&w, field, err);
}

/* --- Authentication-Info: RFC 7616 3.5 --- */

static bool is_of_the_device(struct actor *k, const struct http_response *r)
{
	struct str rspauth = actor_info(k, r, "rspauth");
	struct digest_inputs in = k->sent;
	char hex[HASH_HEX_MAX];
	struct err ignored;

	if (has(k, PLANTED_INFO_UNQUOTED) &&
	    str_find(http_get(&r->fields, "Authentication-Info"), STR("qop=\"")) != (size_t)-1)
		return false;
	if (!rspauth.p || has(k, PLANTED_RSPAUTH_IGNORED))
		return true;
	in.body = r->body; /* with auth-int, of what it answers */
	return !digest_rspauth(&in, hex, &ignored) && hash_equal(rspauth, str(hex));
}

bool actor_heed_info(struct actor *k, const struct http_response *r)
{
	struct str next = actor_info(k, r, "nextnonce");

	if (k->mode != BY_DIGEST)
		return true;
	if (!is_of_the_device(k, r))
		return false;
	if (!next.p || has(k, PLANTED_NEXTNONCE_IGNORED))
		return true;
	k->offer.ch.nonce = next;
	k->nc = has(k, PLANTED_NEXTNONCE_COUNT) ? k->nc : 0;
	k->session_nonce = k->session_cnonce = (struct str){ NULL, 0 };
	return true;
}

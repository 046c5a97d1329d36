/* Digest, RFC 7616 section 3.4. */
#include "auth/deviate.h"

#include "base/buf.h"

#include <inttypes.h>

#define NC_MAX      0xffffffffu
#define FIELD_BYTES (64u << 10)

static const struct str qop_names[DIGEST_QOPS] = {
	[DIGEST_QOP_NONE] = { "", 0 },
	[DIGEST_QOP_AUTH] = { "auth", 4 },
	[DIGEST_QOP_AUTH_INT] = { "auth-int", 8 },
};

struct str digest_last_nonce(const struct craft_memory *m)
{
	return m->nonce.p ? m->nonce : m->challenge.nonce;
}

uint64_t digest_last_nc(const struct craft_memory *m, struct str nonce)
{
	return str_eq(nonce, digest_last_nonce(m)) ? m->nc : 0;
}

struct str digest_nc_text(struct arena *a, uint64_t nc)
{
	return arena_fmt(a, "%08" PRIx64, nc);
}

int digest_nc_number(struct str text, uint64_t *nc)
{
	uint64_t value = 0;

	if (!text.n)
		return -1;
	for (size_t i = 0; i < text.n; i++) {
		int digit = char_hex(text.p[i]);

		if (digit < 0 || value > NC_MAX)
			return -1;
		value = value * 16 + (uint64_t)digit;
	}
	if (value > NC_MAX)
		return -1;
	*nc = value;
	return 0;
}

/* A cnonce that nobody can guess: 128 bits, in hex. */
static struct str fresh_cnonce(struct craft *c)
{
	char octets[16];

	world_random(c->in->world, octets, sizeof(octets));
	return text_hex(c->a, str_n(octets, sizeof(octets)));
}

void digest_use_nonce(struct craft *c, struct str nonce)
{
	struct digest_craft *d = &c->digest;
	const struct craft_memory *m = c->memory;
	uint64_t nc = digest_last_nc(m, nonce) + 1;
	bool goes_on = d->hash.session && m->session_nonce.p && str_eq(m->session_nonce, nonce);

	d->nonce = d->hash.nonce = nonce;
	d->nc = d->hash.nc = nc > NC_MAX ? (struct str){ NULL, 0 } : digest_nc_text(c->a, nc);
	d->hash.session_nonce = goes_on ? m->session_nonce : (struct str){ NULL, 0 };
	d->hash.session_cnonce = goes_on ? m->session_cnonce : (struct str){ NULL, 0 };
	if (goes_on)
		d->cnonce = d->hash.cnonce = m->session_cnonce;
}

static enum digest_qop choose_qop(const struct craft *c)
{
	const struct digest_challenge *ch = &c->memory->challenge;

	if (ch->qop_auth_int && (c->in->qop_auth_int || !ch->qop_auth))
		return DIGEST_QOP_AUTH_INT;
	return ch->qop_auth ? DIGEST_QOP_AUTH : DIGEST_QOP_NONE;
}

static int start(struct craft *c, struct err *err)
{
	struct digest_craft *d = &c->digest;
	const struct digest_challenge *ch = &c->memory->challenge;

	if (!c->memory->has_digest)
		return err_set(err, ERR_INPUT, "there is no Digest challenge to answer");
	*d = (struct digest_craft){
		.scheme = STR("Digest"),
		.hash = {
			.alg = ch->alg,
			.session = ch->session,
			.qop = choose_qop(c),
			.user = c->in->account.user,
			.realm = ch->realm,
			.password = c->in->account.password,
			.method = c->in->request.method,
			.uri = c->in->request.target,
			.body = c->in->request.body,
			.cnonce = fresh_cnonce(c),
		},
		.user = c->in->account.user,
		.realm = ch->realm,
		.uri = c->in->request.target,
		.algorithm = ch->algorithm,
		.opaque = ch->opaque,
		.has_algorithm = ch->algorithm.p != NULL,
		.has_opaque = ch->has_opaque,
		.separator = STR(", "),
		.equals = STR("="),
	};
	d->qop = qop_names[d->hash.qop];
	d->has_qop = d->hash.qop != DIGEST_QOP_NONE;
	d->cnonce = d->hash.cnonce;
	digest_use_nonce(c, ch->nonce);
	return arena_check(c->a, err);
}

struct craft_param *digest_param(struct craft *c, struct str name)
{
	for (size_t i = 0; i < c->digest.n_param; i++)
		if (str_eq(c->digest.param[i].name, name) && !c->digest.param[i].omit)
			return &c->digest.param[i];
	return NULL;
}

int digest_insert(struct craft *c, size_t at, struct craft_param p, struct err *err)
{
	struct digest_craft *d = &c->digest;

	if (d->n_param == COUNT(d->param))
		return err_set(err, ERR_LIMIT, "more than %d parameters", CRAFT_PARAMS);
	memmove(d->param + at + 1, d->param + at, (d->n_param - at) * sizeof(d->param[0]));
	d->param[at] = p;
	d->n_param++;
	return 0;
}

static void add(struct digest_craft *d, const char *name, struct str value, bool quoted,
		bool is_sent)
{
	if (is_sent)
		d->param[d->n_param++] =
			(struct craft_param){ .name = str(name), .value = value, .quoted = quoted };
}

/* Quoted or not as RFC 7616 3.4 says: "For historical reasons". */
static int hash(struct craft *c, struct err *err)
{
	struct digest_craft *d = &c->digest;
	char hex[HASH_HEX_MAX];

	if (d->has_qop && !d->nc.p)
		return err_set(err, ERR_INPUT, "the last nc of this nonce was used");
	if (digest_response(&d->hash, hex, err))
		return -1;
	d->n_param = 0;
	add(d, "username", d->user, true, !d->no_user);
	add(d, "username*", d->user_star, false, d->user_star.p != NULL);
	add(d, "realm", d->realm, true, true);
	add(d, "nonce", d->nonce, true, true);
	add(d, "uri", d->uri, true, true);
	add(d, "response", arena_str(c->a, str(hex)), true, true);
	add(d, "algorithm", d->algorithm, false, d->has_algorithm);
	add(d, "opaque", d->opaque, true, d->has_opaque);
	add(d, "qop", d->qop, false, d->has_qop);
	add(d, "nc", d->nc, false, d->has_qop);
	add(d, "cnonce", d->cnonce, true, d->has_qop || d->hash.session);
	add(d, "userhash", STR("true"), false, d->userhash);
	return arena_check(c->a, err);
}

static void add_quoted(struct buf *b, struct str s)
{
	buf_char(b, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, s.p[i]);
	}
	buf_char(b, '"');
}

static void add_param(struct buf *b, const struct digest_craft *d, const struct craft_param *p)
{
	buf_str(b, p->name);
	buf_str(b, d->equals);
	if (p->quoted && !p->raw)
		add_quoted(b, p->value);
	else
		buf_str(b, p->value);
}

int digest_write(struct craft *c, struct str *out, struct err *err)
{
	const struct digest_craft *d = &c->digest;
	struct buf b DEFER(buf_free);
	bool first = true;

	buf_init(&b, FIELD_BYTES);
	buf_str(&b, d->scheme);
	if (d->scheme.n)
		buf_char(&b, ' ');
	for (size_t i = 0; i < d->n_param; i++) {
		if (d->param[i].omit)
			continue;
		if (!first)
			buf_str(&b, d->separator);
		add_param(&b, d, &d->param[i]);
		first = false;
	}
	if (buf_check(&b, "the Authorization field", err))
		return -1;
	*out = arena_str(c->a, buf_view(&b));
	return arena_check(c->a, err);
}

static int write_field(struct craft *c, struct err *err)
{
	c->n_field = 1;
	return digest_write(c, &c->field[0], err);
}

/* A nonce that was made up leaves no trace: the server keeps none either. */
static void remember(struct craft *c)
{
	struct craft_memory *m = c->memory;
	const struct digest_craft *d = &c->digest;
	uint64_t nc;

	if (digest_param(c, STR("cnonce")))
		m->cnonce = d->cnonce;
	if (!str_eq(d->nonce, m->challenge.nonce) && !str_eq(d->nonce, digest_last_nonce(m)))
		return;
	if (!str_eq(d->nonce, digest_last_nonce(m)))
		m->nc = 0;
	m->nonce = d->nonce;
	if (m->challenge.session && !d->hash.session_nonce.p) {
		m->session_nonce = d->nonce;
		m->session_cnonce = d->cnonce;
	}
	if (!digest_param(c, STR("nc")) || digest_nc_number(d->nc, &nc) || nc <= m->nc)
		return;
	m->nc = nc;
	if (nc == NC_MAX && str_eq(d->nonce, m->challenge.nonce))
		m->has_digest = false;
}

const struct crafter digest_crafter = { start, hash, write_field, remember };

#include "wire/tls.h"

#include "auth/base64.h"
#include "auth/hash.h"

static bool self_issued(const struct tls_certificate *c, int64_t at_ms)
{
	(void)at_ms;
	return c->subject.n && str_eq(c->subject, c->issuer);
}

static bool expired(const struct tls_certificate *c, int64_t at_ms)
{
	return c->has_times && at_ms > c->until_ms;
}

static bool not_yet_valid(const struct tls_certificate *c, int64_t at_ms)
{
	return c->has_times && at_ms < c->from_ms;
}

static const struct {
	const char *name, *words;
	bool (*holds)(const struct tls_certificate *c, int64_t at_ms);
} notes[TLS_NOTES] = {
	[TLS_SELF_ISSUED] = { "self-issued", "issued by itself", self_issued },
	[TLS_EXPIRED] = { "expired", "expired", expired },
	[TLS_NOT_YET_VALID] = { "not-yet-valid", "not yet valid", not_yet_valid },
};

const char *tls_note_name(enum tls_note n)
{
	return notes[n].name;
}

const char *tls_note_words(enum tls_note n)
{
	return notes[n].words;
}

bool tls_note_holds(enum tls_note n, const struct tls_certificate *c, int64_t at_ms)
{
	return notes[n].holds(c, at_ms);
}

/* The Base64 text between the two lines, without its line feeds; .p NULL when it is none. */
static struct str inside(struct arena *a, struct str pem)
{
	const struct str begin = STR("-----BEGIN CERTIFICATE-----\n"),
			 end = STR("-----END CERTIFICATE-----\n");
	struct str text = str_sub(pem, begin.n, pem.n - begin.n - end.n), line;
	char *p;
	size_t n = 0;

	if (pem.n < begin.n + end.n || pem.n > TLS_PEM_BYTES || !str_starts(pem, begin) ||
	    !str_ends(pem, end))
		return (struct str){ 0 };
	p = arena_alloc(a, text.n + 1);
	while (p && text.n) {
		line = str_cut(&text, '\n');
		memcpy(p + n, line.p, line.n);
		n += line.n;
	}
	return str_n(p, n);
}

int tls_fingerprint(struct arena *a, struct str pem, struct str *hex, struct err *err)
{
	struct str der = { 0 }, text = inside(a, pem);
	char sum[HASH_HEX_MAX];

	if (!arena_ok(a))
		return arena_check(a, err);
	/* A certificate is a SEQUENCE (RFC 5280 4.1). */
	if (!text.p || base64_decode(a, text, &der, err) || !der.n || der.p[0] != 0x30)
		return err_set(err, ERR_PARSE,
			       "no certificate, expected one in PEM of at most %d "
			       "octets",
			       TLS_PEM_BYTES);
	if (hash_joined_hex(HASH_SHA256, &der, 1, sum, err))
		return -1;
	*hex = arena_str(a, str(sum));
	return arena_check(a, err);
}

struct tls_chain tls_chain_copy(struct arena *a, const struct tls_chain *c)
{
	struct tls_chain out = { .v = arena_array(a, struct tls_certificate, c->n + 1),
				 .left_off = c->left_off };

	for (; out.v && out.n < c->n; out.n++) {
		struct tls_certificate *to = &out.v[out.n];

		*to = c->v[out.n];
		to->subject = arena_str(a, to->subject);
		to->issuer = arena_str(a, to->issuer);
		to->sha256 = arena_str(a, to->sha256);
		if (to->pem.p)
			to->pem = arena_str(a, to->pem);
	}
	return out;
}

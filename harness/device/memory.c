/* memory.c - the nonces that were issued, and those of tokens that were accepted. */
#include "device/internal.h"

#define NC_WINDOW 64

static void hex_write(char *out, const uint8_t *octets, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[octets[i] >> 4];
		out[2 * i + 1] = digits[octets[i] & 15];
	}
	out[2 * n] = '\0';
}

struct nonce *nonce_issue(struct call *c)
{
	struct device *d = c->d;
	bool fixed = d->on[NONCE_FIXED] && d->n_nonce;
	struct nonce *n = &d->nonce[fixed ? 0 : d->n_nonce++ % DEVICE_NONCES];
	uint8_t octets[NONCE_HEX / 2];

	if (fixed)
		return n;
	*n = (struct nonce){ .issued_ms = world_mono_ms(d->world), .connection = c->connection };
	world_random(d->world, octets, sizeof(octets));
	hex_write(n->text, octets, sizeof(octets));
	memcpy(n->path, c->path.p, c->path.n < PATH_OF_NONCE - 1 ? c->path.n : PATH_OF_NONCE - 1);
	return n;
}

struct nonce *nonce_find(const struct call *c, struct str text)
{
	struct device *d = c->d;
	size_t n = d->n_nonce < DEVICE_NONCES ? d->n_nonce : DEVICE_NONCES;
	size_t octets = (size_t)d->value[NONCE_PREFIX_COMPARED];

	for (size_t i = 0; i < n; i++) {
		struct str own = str(d->nonce[i].text);

		if (str_eq(own, text) ||
		    (d->on[NONCE_PREFIX_COMPARED] && text.n >= octets &&
		     str_eq(str_sub(own, 0, octets), str_sub(text, 0, octets))))
			return &d->nonce[i];
	}
	return NULL;
}

/* Below the window nothing is known any more: taken as used, so that a replay never passes. */
bool nonce_used(const struct nonce *n, uint64_t nc)
{
	if (nc > n->top)
		return false;
	return n->top - nc >= NC_WINDOW || (n->used >> (n->top - nc) & 1);
}

void nonce_use(struct nonce *n, uint64_t nc)
{
	if (nc > n->top) {
		n->used = nc - n->top < NC_WINDOW ? n->used << (nc - n->top) : 0;
		n->top = nc;
	}
	if (n->top - nc < NC_WINDOW)
		n->used |= (uint64_t)1 << (n->top - nc);
}

/* One key per nonce, whoever sent it: UTP 1.1 3.1 has the nonce itself cached.  The fault keeps
 * nonce and Created together, as gSOAP's plugin keeps the whole digest.
 */
static bool token_key(const struct device *d, struct str octets, int64_t created_ms,
		      uint8_t key[static HASH_MAX])
{
	struct str parts[] = { octets, str_n(&created_ms, sizeof(created_ms)) };
	size_t n = d->on[TOKEN_NONCE_WITH_CREATED] ? COUNT(parts) : 1;
	struct err ignored = { 0 };

	return hash_parts(HASH_SHA256, parts, n, key, &ignored) == 0;
}

bool token_seen(const struct device *d, struct str octets, int64_t created_ms)
{
	size_t n = d->n_token < DEVICE_TOKENS ? d->n_token : DEVICE_TOKENS;
	uint8_t key[HASH_MAX];

	if (!token_key(d, octets, created_ms, key))
		return true;
	for (size_t i = 0; i < n; i++) {
		if (memcmp(d->token[i].key, key, HASH_MAX) == 0 &&
		    device_clock_ms(d) <= d->token[i].until_ms)
			return true;
	}
	return false;
}

/* Kept as long as its Created is accepted: after that the clock refuses it. */
void token_remember(struct device *d, struct str octets, int64_t created_ms)
{
	struct token_seen *t = &d->token[d->n_token++ % DEVICE_TOKENS];
	bool timed = !d->ignore_time && d->persona->skew_past_ms > 0;

	if (!token_key(d, octets, created_ms, t->key))
		memset(t->key, 0, sizeof(t->key));
	t->until_ms = timed ? created_ms + d->persona->skew_past_ms : INT64_MAX;
}

void memory_forget(struct device *d)
{
	d->n_nonce = 0;
	d->n_token = 0;
}

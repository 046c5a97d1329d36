/* actor_choose.c - which of the challenges is answered. */
#include "client/actor_parts.h"

/* RFC 7616 3.7 has the server's order, RFC 9110 11.4 the strongest that the client knows. */
static int strength(const struct actor *k, const struct actor_offer *o)
{
	static const int of[HASHES] = { [HASH_MD5] = 1, [HASH_SHA256] = 2, [HASH_SHA512_256] = 3 };
	int s = of[o->ch.alg];

	return has(k, PLANTED_WEAKEST) ? -s : s;
}

/* A session needs a cnonce, and without qop there is none: RFC 7616 3.4.2. */
static bool can_be_answered(const struct actor *k, const struct actor_offer *o)
{
	if (has(k, PLANTED_NO_QOP_REFUSED) && !o->ch.has_qop)
		return false;
	if (has(k, PLANTED_SESS_WITHOUT_QOP))
		return true;
	return !o->ch.session || o->ch.qop_auth || o->ch.qop_auth_int;
}

const struct actor_offer *actor_strongest(struct actor *k, const struct actor_offers *offers)
{
	const struct actor_offer *best = NULL;

	for (size_t i = 0; i < offers->n_digest; i++) {
		const struct actor_offer *o = &offers->digest[i];

		if (can_be_answered(k, o) && (!best || strength(k, o) > strength(k, best)))
			best = o;
	}
	return best;
}

/* Values of another challenge that stands beside it. */
static void mix_up(struct actor *k, const struct actor_offer *offer,
		   const struct actor_offers *offers)
{
	for (size_t i = 0; i < offers->n_digest; i++) {
		const struct digest_challenge *other = &offers->digest[i].ch;

		if (&offers->digest[i] == offer)
			continue;
		if (has(k, PLANTED_OTHER_NONCE))
			k->offer.ch.nonce = other->nonce;
		if (has(k, PLANTED_OTHER_OPAQUE)) {
			k->offer.ch.opaque = other->opaque;
			k->offer.ch.has_opaque = other->has_opaque;
		}
	}
}

void actor_take(struct actor *k, const struct actor_offer *offer, const struct actor_offers *offers)
{
	struct str before = k->offer.ch.nonce;

	k->mode = BY_DIGEST;
	k->offer = *offer;
	mix_up(k, offer, offers);
	if (has(k, PLANTED_CACHED_NONCE) && k->first_nonce.p)
		k->offer.ch.nonce = k->first_nonce;
	if (!k->first_nonce.p) {
		k->first_nonce = k->offer.ch.nonce;
		k->first_realm = k->offer.ch.realm;
	}
	/* nc counts the requests with one nonce: RFC 7616 3.4. */
	if (before.p && str_eq(before, k->offer.ch.nonce))
		return;
	k->nc = 0;
	k->session_nonce = k->session_cnonce = (struct str){ NULL, 0 };
}

bool actor_choose(struct actor *k, const struct actor_offers *offers)
{
	const struct actor_offer *digest = actor_strongest(k, offers);
	bool by_basic = has(k, PLANTED_BASIC_WHEN_DIGEST) && offers->basic;
	bool by_token = offers->token || (has(k, PLANTED_TOKEN_ONLY) && digest);
	bool token_first =
		has(k, PLANTED_TOKEN_ONLY) ||
		((has(k, PLANTED_TOKEN_FIRST) || has(k, PLANTED_TEXT_FIRST)) && offers->token);

	/* A fault that asks for a token stands beside each challenge of a device: ONVIF Core 5.9.1
	 * has Digest first. */
	if (digest && !by_basic && !token_first)
		actor_take(k, digest, offers);
	else if (by_token && !by_basic)
		k->mode = BY_TOKEN;
	else if (offers->basic || has(k, PLANTED_BASIC_UNASKED))
		k->mode = BY_BASIC;
	else
		return false;
	return true;
}

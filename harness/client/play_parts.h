/* play_parts.h - what the files of the play share.  Nobody else but their test includes this. */
#ifndef CLIENT_PLAY_PARTS_H
#define CLIENT_PLAY_PARTS_H

#include "client/play.h"

#define NONCE_HEX 32

struct play {
	struct play_options o;
	const struct world *world;
	const struct suite_client *client;
	struct arena own; /* of texts that live as long as the play */
	struct conversation said;
	struct world device_world; /* its clock is the device's */
	struct device *operations; /* what the operations answer, once they are granted */
	size_t turn;               /* index; client->n_turn: behind the last */
	int64_t answered;          /* right answers to the present challenge */
	bool issued;               /* the present challenge was sent */
	bool redirected, jumped;
	int grants;                /* of calls, so far */
	char nonce[NONCE_HEX + 1]; /* the latest that we drew */
	char opaque[NONCE_HEX + 1];
};

/* A setting with its axes bound; .p NULL when it is not set. */
struct str play_setting(const struct play *p, struct arena *a, const struct suite_settings *s,
			const char *name);
/* The same of an answer's own attributes, where the persona speaks when the case is silent. */
struct str play_answer_setting(const struct play *p, struct arena *a, const struct suite_turn *t,
			       const char *name);
int64_t play_clock_ms(const struct play *p);
bool play_turn_offers(const struct play *p, const struct suite_turn *t, enum offer_kind kind);
/* The offers of a turn: its own, the persona's, or ours. */
const struct suite_offer *play_offers(const struct play *p, const struct suite_turn *t, size_t *n);

/* offer.c: one challenge as it stands in WWW-Authenticate; .p NULL for a token.  fresh: with a new
 * nonce.  stale: with stale=true, whatever is set; unstale: without. */
enum staleness { STALE_AS_SET, STALE_TRUE, STALE_ABSENT };
struct str offer_text(struct play *p, struct arena *a, const struct suite_offer *o,
		      enum staleness stale);
void play_draw_nonce(struct play *p, char out[static NONCE_HEX + 1]);

/* play_answer.c */
struct answer_context {
	struct arena *a;
	struct heard *h;
	struct http_response *out;
};
void play_challenge(struct play *p, const struct answer_context *c, const struct suite_turn *t,
		    enum staleness stale);
/* t NULL: behind the last turn. */
void play_grant(struct play *p, const struct answer_context *c, const struct suite_turn *t);
/* Is it for an operation that needs no credentials? */
bool play_is_open(const struct play *p, struct arena *a, const struct heard *h);
void play_open(struct play *p, const struct answer_context *c);

#endif

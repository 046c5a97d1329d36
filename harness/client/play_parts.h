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
	struct waiting { /* a head that was told nothing */
		bool is;
		uint64_t connection;
		struct arena a; /* of the head */
		struct http_request head;
		int64_t mono_ms, wall_ms, device_ms;
	} waiting;
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
/* 417: RFC 9110 15.5.18. */
void play_refuse(struct play *p, const struct answer_context *c, const struct suite_turn *t);
/* t NULL: behind the last turn. */
void play_grant(struct play *p, const struct answer_context *c, const struct suite_turn *t);
/* Is it for an operation that needs no credentials? */
bool play_is_open(const struct play *p, struct arena *a, const struct heard *h);
void play_open(struct play *p, const struct answer_context *c);

/* --- play.c: one request --- */

/* What a request comes to, by what was said before it. */
enum reply {
	REPLY_ELSEWHERE, /* at the other origin */
	REPLY_OPEN,      /* no credentials are needed */
	REPLY_GRANT,
	REPLY_CHALLENGE,
	REPLY_REFUSED /* 417 */
};
struct heard *play_hear(struct play *p, uint64_t connection, int origin,
			const struct http_request *in);
enum reply play_decide(struct play *p, struct arena *a, const struct heard *h);
/* c->h is answered: c->out is written and noted. */
void play_reply(struct play *p, const struct answer_context *c, enum reply reply);
/* <challenge early="..."> of the challenge that stands behind the present turn; .p NULL: none. */
struct str play_early(const struct play *p, struct arena *a);
/* Does a request with such a head, heard by it alone or whole, get an early answer? */
bool play_answers_early(struct play *p, struct arena *a, const struct heard *h, enum reply reply);

#endif

/* swarm.h - what swarm.c and swarm_lane.c share.  Nobody else includes this.
 *
 * A swarm asks all drawn spellings, as many at a time as there may be exchanges in flight; then,
 * one at a time and in the order of their numbers, it shrinks those that went wrong.  What it finds
 * therefore depends on the seed and the target, and not on which answer came first.
 */
#ifndef ENGINE_SWARM_H
#define ENGINE_SWARM_H

#include "engine/internal.h"

#define LANES_MAX  1000 /* as --connections */
#define GROUPS_MAX 32
#define ATTEMPTS   32 /* to draw a spelling that the verifier agrees with */

enum errand {
	ERRAND_NONE,
	ERRAND_PROBE,  /* the spelling */
	ERRAND_CONTROL /* the plain right credentials */
};

/* One client: its session, and what it is about. */
struct lane {
	struct swarm *s;
	struct arena a; /* of the session's challenge; renewed with it */
	struct session session;
	bool has_challenge;
	bool fresh_each_time; /* the target's nonces serve once */
	unsigned epoch;
	enum errand errand;
	bool asking; /* what is in flight is a bare request for a challenge */
	bool in_flight;
	uint64_t index;
	struct spelling spelling;
	int renewed; /* challenges taken up for this errand */
	int lost;    /* connections lost for this errand */
	int refused_controls;
	bool was_stale;     /* as the target said when it refused the old one */
	bool asked_again;   /* the probe, since its nonce may have been old */
	bool stale_control; /* the control needed a new challenge, so the probe may have too */
	struct built built;
};

/* The steps of one shrinking, in order. */
enum shrink_step {
	SHRINK_CONTROL, /* the plain right credentials are accepted */
	SHRINK_AGAIN,   /* the whole spelling once more */
	SHRINK_TRY,     /* smaller ones */
	SHRINK_PROOF,   /* the smallest, for the record */
	SHRINK_AFTER    /* the control after it */
};

/* What became of one spelling in the first round. */
struct asked {
	uint8_t attempt; /* with which it was drawn */
	bool hit;
	bool gone; /* no answer came */
};

struct swarm {
	struct variant_result *result;
	struct swarm_result *found;
	const struct spell_grammar *g;
	uint64_t next, done; /* of the first round */
	struct asked *asked;
	struct lane *lane;
	size_t n_lane;
	bool shrinking, finished;
	uint64_t candidate; /* number of the spelling that is being shrunk */
	enum shrink_step step;
	struct shrink shrink;
	enum outcome outcome; /* of the last hit */
	struct step_result steps[2 * GROUPS_MAX + 1];
	size_t n_step;
};

/* An errand is over: the answer to the probe was a hit, or the control was accepted. */
void swarm_told(struct engine *e, struct swarm *s, struct lane *l, bool hit,
		const struct exchange *x, const struct answer *an);
int swarm_draw(const struct engine *e, const struct swarm *s, uint64_t index, struct spelling *out,
	       struct err *err) MUST_CHECK;

/* swarm_lane.c */
void lane_free(struct lane *l);
void lane_begin(struct lane *l, enum errand errand);
struct exchange *lane_send(struct engine *e, struct lane *l);

#endif

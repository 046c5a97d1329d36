/* sample.h - numbers out of many answers: what a <sample> is evaluated to. */
#ifndef ENGINE_SAMPLE_H
#define ENGINE_SAMPLE_H

#include "engine/result.h"

/* What one answer showed, in the order of the answers. */
struct observation {
	size_t step; /* index into the case's steps */
	enum outcome outcome;
	int64_t sent_ms, done_ms; /* monotonic */
	int attempts;             /* left, as the answer says; -1: it does not */
	struct str nonce;         /* of its first Digest challenge; .p NULL none */
};

#define SAMPLE_NUMBERS 8

struct sample_result {
	bool known;      /* there is a number; else why says what is missing */
	int64_t value;   /* the main one */
	bool at_limit;   /* more may be true: it was not tried */
	bool unfinished; /* of a lock-out: it goes on */
	struct measured_number more[SAMPLE_NUMBERS];
	size_t n_more;
	const char *why;
};
/* nonce-entropy: apparent bits: the sum over all positions of log2 of the number of different
 *octets that stood there, or of all characters that vary where two thirds as many as chance would
 *show stood there.  Never a proof of randomness: a counter that is hashed looks like chance;
 * time-difference: the median of (second step - first step) over the rounds, in ms;
 * lock-out: how many wrong passwords it took, and for how long right ones were refused;
 * bare-cost: failed logins that one bare request counts as, rounded up.
 */
void sample_evaluate(enum sample_kind k, const struct observation *o, size_t n,
		     struct sample_result *out);

/* The middle of v, or half way between the two in the middle (towards zero); sorts v; 0 of none. */
int64_t sample_median(int64_t *v, size_t n);
int64_t sample_log2_milli(uint64_t n); /* 1000 * log2(n), rounded down; n > 0 */

#endif

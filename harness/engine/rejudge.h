/* rejudge.h - verdicts out of octets that were kept, by the catalogue and profile of today.
 *
 * Nothing is sent.  What octets cannot tell is not made up: such a case keeps its verdict, and the
 * reason why is told.
 */
#ifndef ENGINE_REJUDGE_H
#define ENGINE_REJUDGE_H

#include "engine/result.h"

/* Why a verdict stays what it was, unexamined. */
enum kept {
	KEPT_NOT,         /* it was judged anew */
	KEPT_UNJUDGED,    /* skip, inconclusive, error: there is nothing to judge */
	KEPT_NO_CASE,     /* the catalogue has it no more */
	KEPT_OTHER_STEPS, /* the case has other steps now */
	KEPT_SEARCH,      /* a measure, or drawn spellings: more than its octets */
	KEPT_NO_OCTETS,   /* they were not kept, or not in full */
	KEPT_MASKED,      /* what decides was masked, or needs the password */
	KEPTS
};
const char *kept_text(enum kept k); /* one line */

struct rejudge {
	struct arena *a; /* of what the results hold */
	const struct profile *profile;
	bool soap;
	bool masked; /* the octets are redacted */
};

/* One case as it was: its steps with their octets; variant is that of today, or NULL. */
struct rejudge_case {
	const struct variant_result *before;
	const bool *cut; /* per step: not all octets are there; NULL: all are */
};

/* *after is what before comes to now; where it stays, it is before with today's clause and weight.
 * *why: what differs in what was expected or seen, step by step; empty when nothing does.
 */
enum kept rejudge(const struct rejudge *j, const struct rejudge_case *c,
		  struct variant_result *after, struct str *why);

/* What octets are as an answer, for whoever sends some himself. */
enum outcome outcome_of(struct exchange *x, bool soap);

#endif

/* survey.h - the survey's memory and its questions: between survey.c and question.c only. */
#ifndef ENGINE_SURVEY_H
#define ENGINE_SURVEY_H

#include "engine/internal.h"

#define ROUND_TRIPS 32

struct survey_task {
	struct arena a;
	size_t question; /* index into questions[] */
	bool in_flight, finished;
	bool asking;    /* what is in flight is a bare request for a challenge */
	bool asked;     /* and it was answered by one: the question itself comes next */
	bool once_more; /* the answer was lost: the same request goes once more */
	bool unmarked;  /* the question goes without the marker */
	bool differs;   /* the answer to it was another one than with the marker */
	struct session session;
	struct challenge_list challenge; /* of the bare request, in the run's arena */
	size_t algorithm;                /* index of the Digest challenge to try next */
	struct str bare, bare_unmarked;  /* how the bare request fared, in the run's arena */
	size_t n_lost;                   /* tries with right credentials that got no answer */
	int refused_kinds;               /* mechanisms that right credentials were refused for */
	int64_t round_trip[ROUND_TRIPS];
	size_t n_round_trip;
	struct built built;
	struct suite_step step; /* of the question; the three below are its credentials */
	struct suite_credentials credentials[1];
	struct suite_deviation deviation[1];
	int attempts_before; /* that the first bare answer left; -1: it does not say */
};

/* One question: fill s->step and say true, or false when it does not arise; then read the answer.
 */
struct question {
	bool (*arises)(struct engine *e, struct survey_task *s);
	void (*answered)(struct engine *e, struct survey_task *s, const struct answer *an,
			 const struct exchange *x);
};
extern const struct question questions[];
extern const size_t n_questions;

/* The step's credentials: right ones of that mechanism, for the challenge that use names. */
void survey_ask_with(struct survey_task *s, enum mechanism mech, struct str use);
/* Those of an answer, at most sixteen, in the run's arena. */
struct challenge_list survey_challenges(struct engine *e, const struct answer *an);

/* second.c: where is a second endpoint, what does it say to a bare request, does it take the
 * credentials of the first?
 */
bool media_arises(struct engine *e, struct survey_task *s);
void media_answered(struct engine *e, struct survey_task *s, const struct answer *an,
		    const struct exchange *x);
bool open_arises(struct engine *e, struct survey_task *s);
void open_answered(struct engine *e, struct survey_task *s, const struct answer *an,
		   const struct exchange *x);
bool second_arises(struct engine *e, struct survey_task *s);
void second_answered(struct engine *e, struct survey_task *s, const struct answer *an,
		     const struct exchange *x);

/* Go on one at a time, if the second bare answer has the nonce of the first. */
void survey_serialise(struct engine *e, const struct survey_task *s, const struct answer *an);
void feature_set(struct engine *e, const char *name, bool on);
void features_of_challenges(struct engine *e, const struct challenge_list *l);

#endif

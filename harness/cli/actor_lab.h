/* actor_lab.h - a run of client cases against the scripted client, in memory, on a virtual clock.
 */
#ifndef CLI_ACTOR_LAB_H
#define CLI_ACTOR_LAB_H

#include "client/actor.h"
#include "client/run.h"

struct actor_lab {
	const struct catalogue *catalogue;
	const struct profile *profile;
	const struct suite_persona *persona; /* NULL: ours */
	const struct client_fault *fault;    /* NULL: none */
	bool soap;
	struct str known; /* words: features that it is known to have; empty: what it shows */
};

/* Judge it; r->a must be initialised, r is filled.  Everything is the same again, each time. */
int actor_lab_run(const struct actor_lab *lab, struct run_result *r, struct err *err) MUST_CHECK;

#endif

/* wait.h - ask a target until it answers. */
#ifndef CLI_WAIT_H
#define CLI_WAIT_H

#include "wire/wire.h"

#include <signal.h>
#include <stdio.h>

struct wait_options {
	struct str target; /* of the request line */
	int64_t timeout_ms, interval_ms;
	const volatile sig_atomic_t *interrupted; /* may be NULL */
	FILE *log; /* a line whenever what is seen changes; NULL: none */
};

/* Zero it; free the wire first, which borrows what is in flight. */
struct wait {
	struct arena a;
	struct exchange x;
	bool answered;
	char saw[300]; /* of the last one that ended: "401 Unauthorized", "closed: Connection
			  refused" */
	int tries;
	int64_t took_ms;
};

/* GET until there is a well-formed answer, the time is over (!answered), or a signal came.  All
 * waiting is done by the wire, so that a virtual clock costs nothing.  -1 for errors of ours.
 */
int wait_for(struct wait *w, struct wire *wire, const struct world *world,
	     const struct wait_options *o, struct err *err) MUST_CHECK;
void wait_free(struct wait *w);

#endif

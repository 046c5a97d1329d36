/* check.h - what a <check> of a client case asks of a conversation. */
#ifndef CLIENT_CHECK_H
#define CLIENT_CHECK_H

#include "client/conversation.h"

enum held {
	HOLDS,
	BROKEN,
	NOT_SHOWN, /* the conversation has nothing that the check could look at */
};

/* Conversations: one, or all of a run for <observe/>.  A check never compares requests of two
 * conversations unless its words say so ("no two sessions").
 */
struct check_view {
	struct arena *a; /* of *why */
	const struct conversation *const *c;
	size_t n;
	int64_t value; /* of a valued check */
};

struct check_finding {
	enum held held;
	struct str why; /* BROKEN: what was expected and what came, "expected nc=00000001, got
			   nc=00000000"; NOT_SHOWN: what is missing, "it made one call only" */
	const struct heard *at; /* the request that breaks it; NULL: none alone does */
	bool no_duty;           /* NOT_SHOWN: what is missing nobody has to do */
};

/* check: an index into client_checks. */
struct check_finding client_check(const struct check_view *w, int check);

#endif

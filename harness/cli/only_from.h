/* only_from.h - a file that names what is to be judged. */
#ifndef CLI_ONLY_FROM_H
#define CLI_ONLY_FROM_H

#include "suite/suite.h"

/* One id of a case or variant on each line; empty lines and those that begin with # say nothing.
 * The ids live in a.  -1 with ERR_INPUT and "file:line: what" for one that c does not have, or when
 * there is none.
 */
int only_from_read(struct arena *a, struct str path, const struct catalogue *c, struct str **id,
		   size_t *n, struct err *err) MUST_CHECK;

#endif

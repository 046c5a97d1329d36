/* explain_client.h - the turns of a client case, in words. */
#ifndef CLI_EXPLAIN_CLIENT_H
#define CLI_EXPLAIN_CLIENT_H

#include "base/buf.h"
#include "suite/suite.h"

/* A line for each thing that the client is told, each turn and each check: print(ctx, label, text).
 * label "": it goes on.
 */
void explain_client(const struct suite_case *c, struct arena *a,
		    void (*print)(const char *label, struct str text));

#endif

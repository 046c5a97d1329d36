/* list_targets.h - the devices of an inventory, for people and for programs: countersign list
 * --targets.
 */
#ifndef CLI_LIST_TARGETS_H
#define CLI_LIST_TARGETS_H

#include "cli/options.h"

/* Those whose names match one of the operands; prints them.  Needs no password. */
int list_targets(const struct options *o, struct err *err) MUST_CHECK;

#endif

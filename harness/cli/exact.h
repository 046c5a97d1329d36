/* exact.h - the octets of a case once more, as they were. */
#ifndef CLI_EXACT_H
#define CLI_EXACT_H

#include "cli/command.h"
#include "report/record.h"

/* Send the requests of c in order and say what the deciding one got.  Gives the exit status: 0 an
 * outcome that was asked for, 1 another, 6 no answer, or octets that are masked or not there.
 */
int exact_replay(const struct cli *cli, const struct recorded_case *c);

#endif

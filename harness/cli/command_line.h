/* command_line.h - the call of the program, as one line that says the same again. */
#ifndef CLI_COMMAND_LINE_H
#define CLI_COMMAND_LINE_H

#include "cli/command.h"

/* The arguments, quoted for a shell where need be, and behind them what files and the environment
 * have said.  No option holds a secret.  Lives in a.
 */
struct str command_line(struct arena *a, const struct cli *cli);

#endif

/* fleet.h - many devices in one process: --targets.
 *
 * Each device is a lane: a session of its own, with its own engine, connections and redactor.  All
 * wait together (wire_hub); devices in memory run on their own virtual clocks.  Lanes to one server
 * run one after the other, so that it meets no more at a time than its section says.
 */
#ifndef CLI_FLEET_H
#define CLI_FLEET_H

#include "cli/command.h"

/* Gives the exit status: the worst of all devices. */
int fleet_run(const struct cli *cli);

#endif

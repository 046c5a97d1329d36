/* device_park.h - many reference devices in one process: countersign device --targets. */
#ifndef CLI_DEVICE_PARK_H
#define CLI_DEVICE_PARK_H

#include "cli/command.h"

#include "base/world.h"

#include <signal.h>

/* Serve each section of the inventory on a port of its own, print an inventory with their URLs, and
 * wait for SIGINT or SIGTERM.
 */
int device_park(const struct cli *cli, const struct world *world, struct err *err) MUST_CHECK;

/* Before the servers' threads start, so that signals come to sigwait only. */
void device_block_signals(sigset_t *set);

#endif

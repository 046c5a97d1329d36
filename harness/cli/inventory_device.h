/* inventory_device.h - one device of an inventory, judged as if the arguments named it. */
#ifndef CLI_INVENTORY_DEVICE_H
#define CLI_INVENTORY_DEVICE_H

#include "cli/command.h"

/* Calls run with the section of --device in place of --targets and --device.  An operand is another
 * page of the same origin.  Gives run's exit status.
 */
int inventory_device_run(const struct cli *cli, int (*run)(const struct cli *cli));

#endif

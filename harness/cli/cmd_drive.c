#include "cli/inventory_device.h"
#include "cli/session.h"

int cmd_drive(const struct cli *cli)
{
	struct err err = { 0 };

	if (cli->o.device.p)
		return inventory_device_run(cli, session_drive);
	if (cli->o.targets.p) {
		err_set(&err, ERR_INPUT,
			"--targets: one device is driven, expected --device NAME with it");
		return cli_fail(&err);
	}
	return session_drive(cli);
}

#include "cli/fleet.h"
#include "cli/inventory_device.h"
#include "cli/session.h"

static int run_one(const struct cli *cli)
{
	return session_run(cli, false);
}

int cmd_run(const struct cli *cli)
{
	if (cli->o.device.p)
		return inventory_device_run(cli, run_one);
	return cli->o.targets.p ? fleet_run(cli) : run_one(cli);
}

int cmd_survey(const struct cli *cli)
{
	return session_run(cli, true);
}

#include "cli/fleet.h"
#include "cli/session.h"

int cmd_run(const struct cli *cli)
{
	return cli->o.targets.p ? fleet_run(cli) : session_run(cli, false);
}

int cmd_survey(const struct cli *cli)
{
	return session_run(cli, true);
}

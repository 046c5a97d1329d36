#include "cli/session.h"

int cmd_run(const struct cli *cli)
{
	return session_run(cli, false);
}

int cmd_survey(const struct cli *cli)
{
	return session_run(cli, true);
}

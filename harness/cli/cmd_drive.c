#include "cli/session.h"

int cmd_drive(const struct cli *cli)
{
	return session_drive(cli);
}

#include "cli/help.h"

static int manual(const struct cli *cli)
{
	struct str page = cli->o.operand[0];
	struct err err;

	if (page.n && !str_eq(page, STR("suite"))) {
		err_set(&err, ERR_INPUT, "no manual page %.*s: expected suite, or nothing",
			STR_ARG(page));
		return cli_fail(&err);
	}
	(page.n ? help_man_suite : help_man)(stdout);
	return EXIT_GOOD;
}

int cmd_help(const struct cli *cli)
{
	const char *names[COMMANDS];
	const char *near;

	if (cli->o.man)
		return manual(cli);
	if (!cli->o.n_operand) {
		help_overview(stdout);
		return EXIT_GOOD;
	}
	for (int i = 0; i < COMMANDS; i++) {
		names[i] = commands[i].name;
		if (str_eq(cli->o.operand[0], str(names[i]))) {
			help_command(stdout, (enum command_id)i);
			return EXIT_GOOD;
		}
	}
	near = nearest(cli->o.operand[0], names, COMMANDS);
	fprintf(stderr, "countersign: no command \"%.*s\"%s%s\n", STR_ARG(cli->o.operand[0]),
		near ? ", did you mean " : "", near ? near : "");
	return EXIT_USAGE;
}

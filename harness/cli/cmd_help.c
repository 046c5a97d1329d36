#include "cli/help.h"

int cmd_help(const struct cli *cli)
{
	const char *names[COMMANDS];
	const char *near;

	if (cli->o.man) {
		help_man(stdout);
		return EXIT_GOOD;
	}
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

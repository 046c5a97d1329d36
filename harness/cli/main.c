#include "cli/config.h"
#include "cli/help.h"
#include "cli/terminal.h"

#include <signal.h>

static int unknown_command(const char *name)
{
	const char *names[COMMANDS], *near;

	for (int i = 0; i < COMMANDS; i++)
		names[i] = commands[i].name;
	near = nearest(str(name), names, COMMANDS);
	fprintf(stderr, "countersign: no command \"%s\"%s%s%s\n", name,
		near ? ", did you mean " : "", near ? near : "",
		near ? "?" : "; countersign help lists them");
	return EXIT_USAGE;
}

static int wrong_operands(const struct command *c, size_t n)
{
	fprintf(stderr, "countersign %s: expected %s, %zu given\n", c->name,
		*c->operands ? c->operands : "no argument", n);
	return EXIT_USAGE;
}

static int run_command(enum command_id id, int argc, char *const *argv)
{
	struct cli cli = { .argc = argc, .argv = argv };
	const struct command *c = &commands[id];
	struct config config DEFER(config_free) = { 0 };
	struct err err = { 0 };

	if (config_parse(&config, &cli.o, id, argc - 2, argv + 2, &err)) {
		fprintf(stderr, "countersign %s: %s\n", c->name, err.text);
		return err.code == ERR_INPUT ? EXIT_USAGE : EXIT_INTERNAL;
	}
	if (cli.o.help) {
		help_command(stdout, id);
		return EXIT_GOOD;
	}
	if (cli.o.print_config)
		return config_print(stdout, &cli.o, id, &err) ? cli_fail(&err) : EXIT_GOOD;
	if (cli.o.n_operand < c->least || cli.o.n_operand > c->most)
		return wrong_operands(c, cli.o.n_operand);
	return c->run(&cli);
}

/* A full disk or a closed pipe must not pass for a good run. */
static int flushed(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fputs("countersign: standard output could not be written\n", stderr);
	return status == EXIT_USAGE ? status : EXIT_INTERNAL;
}

int main(int argc, char **argv)
{
	struct str first = str(argc > 1 ? argv[1] : NULL);

	signal(SIGPIPE, SIG_IGN); /* a peer that is gone is an answer, not our end */
	if (!first.n) {
		(terminal_watched(stderr) ? help_first : help_overview)(stderr);
		return EXIT_USAGE;
	}
	if (str_eq(first, STR("--version"))) {
		puts(cli_tool);
		return flushed(EXIT_GOOD);
	}
	if (str_eq(first, STR("--help")) || str_eq(first, STR("-h"))) {
		help_overview(stdout);
		return flushed(EXIT_GOOD);
	}
	for (int i = 0; i < COMMANDS; i++)
		if (str_eq(first, str(commands[i].name)))
			return flushed(run_command((enum command_id)i, argc, argv));
	return unknown_command(argv[1]);
}

#include "cli/command.h"

#include "cli/device_park.h"
#include "cli/help.h"
#include "cli/target.h"

#include <signal.h>

#define HELP_INDENT 26

static void list_personas(void)
{
	for (const struct persona *p = personas; p->name; p++) {
		printf("%-24s  ", p->name);
		help_wrap(stdout, HELP_INDENT, HELP_INDENT, str(p->help));
	}
}

static void list_faults(void)
{
	for (const struct fault *f = faults; f->name; f++) {
		struct str name = str(f->name);

		printf("%-24s  ", f->name);
		if (name.n > 24)
			printf("\n%*s", HELP_INDENT, "");
		help_wrap(stdout, HELP_INDENT, HELP_INDENT, str(f->help));
	}
}

void device_block_signals(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	pthread_sigmask(SIG_BLOCK, set, NULL);
}

static int serve(struct device *d, struct str listen, struct err *err)
{
	struct device_server *server;
	struct arena a;
	struct str url;
	sigset_t set;
	int number;

	device_block_signals(&set);
	arena_init(&a, 1 << 16);
	server = device_server_start(d, listen, &a, &url, err);
	if (server) {
		printf("%.*s\n", STR_ARG(url));
		fflush(stdout);
		sigwait(&set, &number);
		device_server_stop(server);
	}
	arena_free(&a);
	return server ? 0 : -1;
}

static int serve_one(const struct cli *cli, const struct world *world, struct err *err)
{
	struct device_options options;
	struct device *d;
	int failed;

	if (target_device(&options, &cli->o, err))
		return -1;
	d = device_new(&options, world, err);
	failed = !d || serve(d, cli->o.listen, err);
	device_free(d);
	return failed ? -1 : 0;
}

int cmd_device(const struct cli *cli)
{
	struct world world = world_real();
	struct err err = { 0 };
	int failed;

	if (cli->o.list_personas)
		list_personas();
	if (cli->o.list_faults)
		list_faults();
	if (cli->o.list_personas || cli->o.list_faults)
		return EXIT_GOOD;
	failed = cli->o.targets.p ? device_park(cli, &world, &err) : serve_one(cli, &world, &err);
	return failed ? cli_fail(&err) : EXIT_GOOD;
}

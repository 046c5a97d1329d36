#include "cli/command.h"
#include "cli/selftest.h"
#include "cli/terminal.h"

static int tell(const struct selftest_result *r)
{
	printf("%zu personas clean in %zu variants, %zu faults with %zu kills, %zu environments; "
	       "clients clean in %zu variants, %zu faults with %zu kills: %zu problem%s\n",
	       r->personas, r->clean_variants, r->faults, r->kills, r->environments,
	       r->client_variants, r->client_faults, r->client_kills, r->problems,
	       r->problems == 1 ? "" : "s");
	if (r->problems)
		return EXIT_NONCONFORMING;
	return r->personas + r->faults + r->environments + r->client_faults ? EXIT_GOOD
									    : EXIT_NOTHING;
}

int cmd_selftest(const struct cli *cli)
{
	struct catalogue c = { 0 };
	struct selftest_options o = { .catalogue = &c,
				      .only = cli->o.fault_glob,
				      .matrix = cli->o.matrix.p,
				      .client_matrix = cli->o.client_matrix.p,
				      .progress = terminal_watched(stderr) };
	struct selftest_result r;
	struct err err = { 0 };
	int failed = cli_catalogue(&cli->o, &c, &err) || selftest_run(&o, stdout, &r, &err) ||
		     selftest_clients(&o, stdout, &r, &err);

	catalogue_free(&c);
	return failed ? cli_fail(&err) : tell(&r);
}

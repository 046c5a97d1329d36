#include "cli/command.h"

#include <stdio.h>

int cli_fail(const struct err *err)
{
	fprintf(stderr, "countersign: %s\n", err->text);
	return err->code == ERR_INPUT ? EXIT_USAGE : EXIT_INTERNAL;
}

int cli_catalogue(const struct options *o, struct catalogue *out, struct err *err)
{
	if (catalogue_load(out, o->suites.p, err) == 0)
		return 0;
	if (o->suites.p && err->code != ERR_NOMEM)
		err->code = ERR_INPUT;
	return -1;
}

#include "cli/command.h"
#include "cli/terminal.h"
#include "report/compare.h"

#define COMPARE_MAX (512u << 20)

static int write_json(const struct options *o, const struct comparison *c, struct err *err)
{
	const struct redactor none = { 0 };
	const struct report_options how = { .redactor = &none,
					    .tool = STR("countersign " COUNTERSIGN_VERSION) };

	return o->json.p ? report_comparison(c, &how, o->json.p, err) : 0;
}

static int run(const struct options *o, struct arena *a, struct err *err)
{
	FILE *out = o->json.p && str_eq(o->json, STR("-")) ? stderr : stdout;
	const struct console_options how = { terminal_colour(o->colour, out), terminal_width(out) };
	const struct redactor none = { 0 }; /* what is compared was redacted when it was written */
	struct ledger before, after;
	struct comparison c;

	if (ledger_read(a, o->operand[0], &before, err) ||
	    ledger_read(a, o->operand[1], &after, err) ||
	    compare(a, &before, &after, o->drift, &c, err))
		return -1;
	console_comparison(out, &c, &none, &how);
	if (write_json(o, &c, err))
		return -1;
	return c.count[CHANGE_REGRESSED] ? EXIT_NONCONFORMING : EXIT_GOOD;
}

int cmd_compare(const struct cli *cli)
{
	struct arena a;
	struct err err = { 0 };
	int status;

	arena_init(&a, COMPARE_MAX);
	status = run(&cli->o, &a, &err);
	arena_free(&a);
	return status < 0 ? cli_fail(&err) : status;
}

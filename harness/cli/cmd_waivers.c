#include "cli/command.h"
#include "cli/waiver_file.h"
#include "report/report.h"

#define WAIVERS_MAX (256u << 20)

static int suggest(const struct cli *cli, struct arena *a, struct err *err)
{
	struct ledger r;
	struct str text;

	if (ledger_read(a, cli->o.operand[1], &r, err))
		return -1;
	text = waiver_file_suggest(a, &r, cli->o.strict);
	if (arena_check(a, err))
		return -1;
	if (!text.n) {
		fprintf(stderr, "countersign: nothing to waive in %.*s\n",
			STR_ARG(cli->o.operand[1]));
		return EXIT_GOOD;
	}
	return file_replace("-", text, err) ? -1 : EXIT_GOOD;
}

static int check(const struct cli *cli, struct arena *a, struct err *err)
{
	struct waiver_list list;

	if (waiver_file_open(a, cli->o.operand[1], &list, err))
		return -1;
	printf("%zu waiver%s, each complete\n", list.n, list.n == 1 ? "" : "s");
	return EXIT_GOOD;
}

static const struct {
	const char *name;
	int (*run)(const struct cli *cli, struct arena *a, struct err *err); /* -1: err */
} actions[] = {
	{ "suggest", suggest },
	{ "check", check },
};

int cmd_waivers(const struct cli *cli)
{
	struct err err = { 0 };
	struct arena a;
	int status = -1;

	arena_init(&a, WAIVERS_MAX);
	err_set(&err, ERR_INPUT, "waivers %.*s: expected suggest RESULTS.json or check FILE.ini",
		STR_ARG(cli->o.operand[0]));
	for (size_t i = 0; i < COUNT(actions); i++)
		if (str_eq(cli->o.operand[0], str(actions[i].name)))
			status = actions[i].run(cli, &a, &err);
	arena_free(&a);
	return status < 0 ? cli_fail(&err) : status;
}

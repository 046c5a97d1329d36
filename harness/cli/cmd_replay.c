/* cmd_replay.c - a finding once more: of a case, of what a run left, or of one drawn spelling. */
#include "cli/exact.h"
#include "cli/session.h"

#include <unistd.h>

#define ARENA_MAX (512u << 20)

/* The file says how it starts what it is. */
static bool is_spelled(struct str path)
{
	FILE *f = fopen(path.p, "rb");
	char start[32] = "";
	size_t n = f ? fread(start, 1, sizeof(start), f) : 0;

	if (f)
		fclose(f);
	return str_starts(str_n(start, n), STR("countersign-replay "));
}

static int read_spelled(struct arena *a, const struct options *o, struct str path,
			struct again *out, struct err *err)
{
	struct catalogue catalogue;
	int bad;

	if (cli_catalogue(o, &catalogue, err))
		return -1;
	bad = replay_open(a, path, &catalogue, &out->replay, err);
	catalogue_free(&catalogue);
	out->spelled = true;
	out->id = &out->replay.case_id;
	out->n = 1;
	return bad;
}

static int read_findings(struct arena *a, struct str path, struct again *out, struct err *err)
{
	struct recorded_findings found;

	if (record_findings(a, path, &found, err))
		return -1;
	if (!found.n)
		return err_set(err, ERR_INPUT, "%.*s:1: no finding, expected one at least",
			       STR_ARG(path));
	out->id = arena_array(a, struct str, found.n);
	if (!out->id)
		return arena_check(a, err);
	for (out->n = 0; out->n < found.n; out->n++)
		out->id[out->n] = found.v[out->n].id;
	out->profile = found.profile;
	return 0;
}

static int again(const struct cli *cli, struct arena *a, struct str what, struct err *err)
{
	struct again again = { .id = &what, .n = 1 };
	struct recorded_case one;
	bool file = access(what.p, F_OK) == 0;

	if (cli->o.exact && !file)
		return err_set(err, ERR_INPUT, "--exact %.*s: no such file, expected a case.json",
			       STR_ARG(what));
	if (cli->o.exact)
		return record_case(a, what, &one, err) ? -1 : exact_replay(cli, &one);
	if (file && is_spelled(what)) {
		if (read_spelled(a, &cli->o, what, &again, err))
			return -1;
	} else if (file && read_findings(a, what, &again, err)) {
		return -1;
	}
	return session_again(cli, &again);
}

int cmd_replay(const struct cli *cli)
{
	struct cli rest = *cli;
	struct str what = cli->o.operand[0];
	struct arena a;
	struct err err = { 0 };
	int status;

	rest.o.operand[0] = cli->o.operand[1];
	rest.o.n_operand--;
	arena_init(&a, ARENA_MAX);
	status = again(&rest, &a, what, &err);
	arena_free(&a);
	return status < 0 ? cli_fail(&err) : status;
}

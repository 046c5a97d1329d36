#include "cli/command.h"

#include "auth/datetime.h"
#include "base/world.h"
#include "bundle/bundle.h"
#include "cli/input.h"
#include "cli/judge.h"
#include "cli/unpack.h"
#include "report/report.h"

#include <stdio.h>

#define PEM_MAX (16u << 20)

static void drop_arena(struct arena *a)
{
	arena_free(a);
}

/* "2026-11-22" is the start of that day. */
static int time_of(struct str text, int64_t *ms, struct err *err)
{
	struct world world = world_real();
	struct datetime when;
	char full[64];

	*ms = world_wall_ms(&world);
	if (!text.p)
		return 0;
	snprintf(full, sizeof(full), text.n == 10 ? "%.*sT00:00:00Z" : "%.*s", STR_ARG(text));
	if (datetime_parse(str(full), &when, err))
		return err_set(err, ERR_INPUT,
			       "--at %.*s: expected a time such as 2026-11-22 or "
			       "2026-11-22T10:11:12Z",
			       STR_ARG(text));
	*ms = when.unix_ms;
	return 0;
}

/* --- judging again --- */

struct again {
	struct arena *a;
	bool done;
	struct judge_totals totals;
};

static bool has_evidence(const struct bundle_files *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (str_starts(f->v[i].name, STR("evidence/")))
			return true;
	return false;
}

/* The same catalogue comes to the same verdicts; another one may not, which is told. */
static int judge(void *ctx, const struct bundle_files *f, struct err *err)
{
	struct again *again = ctx;
	char folder[UNPACK_PATH];
	struct judge_totals *t = &again->totals;
	int bad;

	if (!has_evidence(f))
		return 0;
	if (unpack_files(f, folder, err))
		return -1;
	bad = judge_folder(again->a, str(folder), t, err);
	unpack_remove(folder);
	if (bad && err->code == ERR_INPUT)
		err->code = ERR_PARSE;
	if (bad)
		return -1;
	again->done = true;
	if (!t->changed || t->other_catalogue)
		return 0;
	return err_set(err, ERR_PARSE,
		       "results.json: %zu verdicts are not what the evidence gives, the first "
		       "is of %.*s",
		       t->changed, STR_ARG(text_clean(again->a, t->first_changed, 200)));
}

static void print_again(const struct again *again)
{
	const struct judge_totals *t = &again->totals;

	if (!again->done) {
		puts("evidence     none");
		return;
	}
	printf("evidence     judged again%s: %zu verdicts stay, %zu of them out of octets, %zu "
	       "change\n",
	       t->other_catalogue ? " by another catalogue than the run's" : "", t->same,
	       t->judged - (t->changed < t->judged ? t->changed : t->judged), t->changed);
}

static void row(const char *label, struct str text)
{
	while (text.n) {
		struct str line = str_cut(&text, '\n');

		printf("%-12s %.*s\n", label, STR_ARG(line));
		label = "";
	}
}

static void print(const struct bundle_facts *f, const struct again *again)
{
	printf("authentication conformance report, unchanged: %zu files, %zu octets\n", f->files,
	       f->octets);
	row("signed by", f->subject);
	row("issued by", f->issuer);
	row("target", f->target);
	row("device", f->device.n ? f->device : STR("not identified"));
	row("firmware", f->firmware.n ? f->firmware : STR("no file given"));
	row("profile", f->profile);
	row("started", f->started);
	row("result", f->result);
	row("rule", f->decision_rule);
	row("operator", f->statement);
	print_again(again);
	row("draft", f->unfit.n ? STR("not certified:") : STR(""));
	row("", f->unfit);
	if (f->other_zlib)
		row("note", STR("pressed by another zlib than this program's: the octets of the "
				"gzip layer were not compared, what it holds was"));
}

static int verify(struct arena *a, const struct options *o, struct err *err)
{
	struct again again = { .a = a };
	struct bundle_check check = { .ca = STR(""), .judge = judge, .judge_ctx = &again };
	struct bundle_facts facts;
	struct str octets;

	if (time_of(o->at, &check.now_ms, err) ||
	    (o->ca.p && input_read(a, o->ca, PEM_MAX, &check.ca, err)) ||
	    input_read(a, o->operand[0], BUNDLE_MAX_BYTES, &octets, err))
		return -1;
	if (bundle_verify(a, octets, &check, &facts, err))
		return err->code == ERR_INPUT ? err_prefix(err, "--ca %.*s", STR_ARG(o->ca))
					      : err_prefix(err, "%.*s", STR_ARG(o->operand[0]));
	print(&facts, &again);
	return 0;
}

/* A bundle that is not good is a finding, not an error of the user's or ours. */
int cmd_verify(const struct cli *cli)
{
	struct arena a DEFER(drop_arena);
	struct err err = { 0 };

	arena_init(&a, 3 * BUNDLE_MAX_BYTES);
	if (verify(&a, &cli->o, &err) == 0)
		return EXIT_GOOD;
	if (err.code != ERR_PARSE && err.code != ERR_LIMIT)
		return cli_fail(&err);
	fprintf(stderr, "countersign: %s\n", err.text);
	return EXIT_NONCONFORMING;
}

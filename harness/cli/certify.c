#include "cli/certify.h"

#include "bundle/certify.h"
#include "cli/command.h"

static int refuse(FILE *f, const char *text)
{
	fprintf(f, "countersign: --certify: %s\n", text);
	return 1;
}

int certify_check(const struct options *o, const char *tool, FILE *f, struct err *err)
{
	const struct {
		bool given;
		const char *text;
	} unfit[] = {
		{ o->only.n > 0, "--only filters the cases" },
		{ o->skip.n > 0, "--skip filters the cases" },
		{ o->waivers.p != NULL, "--waivers could waive findings" },
		{ o->shard.p != NULL, "--shard judges a part of the cases" },
		{ o->targets.p != NULL, "--targets judges many devices; certify each by itself" },
		{ o->suites.p != NULL, "--suites replaces the cases of this program" },
		{ !o->results.p, "--results is needed: its folder is what is bundled" },
		{ !str_eq(o->evidence, STR("redacted")), "--evidence must be redacted" },
		{ certify_build(tool) != NULL, certify_build(tool) },
	};
	int n = 0;

	if (!o->certify)
		return 0;
	for (size_t i = 0; i < COUNT(unfit); i++)
		if (unfit[i].given)
			n += refuse(f, unfit[i].text);
	if (!n)
		return 0;
	return err_set(err, ERR_INPUT, "such a run cannot be certified (%d reason%s)", n,
		       n == 1 ? "" : "s");
}

#define NAMED_MAX 20 /* cases named; the rest is counted */

static bool leaves_gap(const struct variant_result *v)
{
	if (v->verdict == VERDICT_INCONCLUSIVE || v->verdict == VERDICT_ERROR)
		return true;
	return v->verdict == VERDICT_SKIP && v->gates && certify_gap(reason_name(v->reason));
}

void certify_end(const struct options *o, struct run_result *r, FILE *f)
{
	size_t n = 0;

	if (!o->certify)
		return;
	for (size_t i = 0; i < r->n_variant; i++) {
		const struct variant_result *v = &r->variant[i];

		if (!leaves_gap(v) || ++n > NAMED_MAX)
			continue;
		fprintf(f, "not certified: %.*s: %s (%s)\n", STR_ARG(v->variant->id),
			verdict_name(v->verdict), reason_name(v->reason));
	}
	if (n > NAMED_MAX)
		fprintf(f, "not certified: %zu more\n", n - NAMED_MAX);
	if (n && r->exit_code == EXIT_GOOD)
		r->exit_code = EXIT_INCONCLUSIVE;
}

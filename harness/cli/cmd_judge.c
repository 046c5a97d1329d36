/* cmd_judge.c - all verdicts again, out of a folder of --results: no network, today's catalogue. */
#include "cli/judge.h"

#include "cli/overlay.h"
#include "cli/recording.h"
#include "cli/reports.h"
#include "cli/terminal.h"
#include "engine/rejudge.h"
#include "report/record.h"
#include "report/report.h"

#include <stdlib.h>

#define RESULT_MAX (1u << 30)

struct judging {
	const struct options *o;
	struct str dir;
	struct catalogue catalogue;
	struct record record;
	struct run_result r;
	const struct profile *profile;
	struct overlay overlay;
	FILE *out;
	size_t kept[KEPTS], same, changed, waived; /* waived: then */
	struct str first_changed;                  /* id; .n 0: none */
};

static void drop(struct judging *j)
{
	catalogue_free(&j->catalogue);
	arena_free(&j->r.a);
}

static int choose_profile(struct judging *j, struct err *err)
{
	struct str name = j->o->profile.p ? j->o->profile : j->record.profile, known = STR("");

	j->profile = name.p ? catalogue_profile(&j->catalogue, name) : NULL;
	if (j->profile)
		return 0;
	for (size_t i = 0; i < j->catalogue.n_profile; i++)
		known = arena_fmt(&j->r.a, "%.*s %.*s", STR_ARG(known),
				  STR_ARG(j->catalogue.profile[i].id));
	return err_set(err, ERR_INPUT, "profile %.*s: expected --profile with one of%.*s",
		       STR_ARG(name), STR_ARG(known));
}

/* Its variant as it is today; NULL: there is none. */
static const struct suite_variant *variant_of(struct judging *j, const struct recorded_case *c)
{
	const struct suite_case *now = catalogue_case(&j->catalogue, c->case_id);
	struct suite_variant *v = NULL;
	struct err err = { 0 };
	size_t n = 0;

	if (!now || suite_expand(&j->r.a, now, &v, &n, &err))
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (str_eq(v[i].id, c->id))
			return &v[i];
	return NULL;
}

/* For the reports, a case that is no more: what is known of it. */
static const struct suite_variant *placeholder(struct arena *a, const struct recorded_case *c)
{
	struct suite_case *gone = arena_new(a, struct suite_case);
	struct suite_variant *v = arena_new(a, struct suite_variant);
	struct str rest = c->case_id;

	if (!gone || !v)
		return NULL;
	gone->id = c->case_id;
	gone->family = str_cut(&rest, '.');
	gone->rev = c->rev;
	gone->title = STR("a case that the catalogue has no more");
	gone->why = gone->remedy = STR("");
	*v = (struct suite_variant){ .c = gone, .id = c->id };
	return v;
}

/* --- what is told --- */

static void tell(const struct judging *j, const char *word, const struct recorded_case *c,
		 struct str text)
{
	struct arena a;

	if (j->o->quiet)
		return;
	arena_init(&a, 1 << 20);
	fprintf(j->out, "%s %.*s: %.*s\n", word, STR_ARG(text_clean(&a, c->id, 400)),
		STR_ARG(text_clean(&a, text, 2000)));
	arena_free(&a);
}

static struct str reasons(struct judging *j, const struct recorded_case *c,
			  const struct variant_result *after, struct str why)
{
	struct arena *a = &j->r.a;
	int rev = after->variant->c->rev;
	bool altered = c->altered;

	for (size_t i = 0; i < c->v.n_step; i++)
		altered = altered || c->step[i].altered;
	if (rev != c->rev)
		why = arena_fmt(a, "%.*s%srev %d is now %d", STR_ARG(why), why.n ? "; " : "",
				c->rev, rev);
	if (after->gates != c->v.gates)
		why = arena_fmt(a, "%.*s%sprofile %.*s %s", STR_ARG(why), why.n ? "; " : "",
				STR_ARG(j->profile->id),
				after->gates ? "gates it" : "does not gate it");
	if (altered)
		why = arena_fmt(a, "%.*s%sthe files are not those that the manifest sums",
				STR_ARG(why), why.n ? "; " : "");
	return why;
}

static void tell_case(struct judging *j, const struct recorded_case *c,
		      const struct variant_result *after, struct str why)
{
	const struct variant_result *before = &c->v;
	bool same = before->verdict == after->verdict && before->reason == after->reason;
	struct arena *a = &j->r.a;

	why = reasons(j, c, after, why);
	j->same += same;
	j->changed += !same;
	if (!same && !j->first_changed.n)
		j->first_changed = c->id;
	if (!same)
		tell(j, "CHANGED", c,
		     arena_fmt(a, "%s (%s) is now %s (%s): %.*s%s%.*s",
			       verdict_name(before->verdict), reason_name(before->reason),
			       verdict_name(after->verdict), reason_name(after->reason),
			       STR_ARG(after->message), why.n ? "; since " : "", STR_ARG(why)));
	else if (why.n)
		tell(j, "stays", c,
		     arena_fmt(a, "%s: %.*s", verdict_name(after->verdict), STR_ARG(why)));
}

/* Verdicts come out of octets; what a run laid over them does not. */
static void tell_overlay(const struct judging *j, const struct console_options *console)
{
	static const struct redactor none = { .n = 0 };

	if (j->waived && !j->o->waivers.p)
		fprintf(j->out, "waived then: %zu; --waivers FILE lays waivers over these too\n",
			j->waived);
	console_waivers(j->out, &j->r, &none, console);
	if (j->overlay.comparison.after)
		console_comparison(j->out, &j->overlay.comparison, &none, console);
}

static void tell_all(const struct judging *j)
{
	const struct console_options console = { terminal_colour(j->o->colour, j->out),
						 terminal_width(j->out) };
	bool other = !str_eq(j->record.catalogue_sha256, str(j->catalogue.sha256));

	if (j->o->quiet)
		return;
	fprintf(j->out, "run %s, profile %.*s, catalogue %s, evidence %.*s\n", j->r.id,
		STR_ARG(j->profile->id), other ? "another than then" : "as then",
		STR_ARG(j->record.evidence));
	for (int i = KEPT_NOT + 1; i < KEPTS; i++)
		if (j->kept[i])
			fprintf(j->out, "kept: %zu, since %s\n", j->kept[i],
				kept_text((enum kept)i));
	fprintf(j->out, "%zu verdicts changed, %zu stay\n", j->changed, j->same);
	tell_overlay(j, &console);
	console_totals(j->out, &j->r, &console);
}

/* --- all cases --- */

static int judge_case(struct judging *j, struct recorded_case *c, struct err *err)
{
	const struct rejudge how = { .a = &j->r.a,
				     .profile = j->profile,
				     .soap = str_eq(j->r.kind, STR("onvif")),
				     .masked = !str_eq(j->record.evidence, STR("full")) };
	struct variant_result *after = &j->r.variant[j->r.n_variant];
	bool *cut = arena_array(&j->r.a, bool, c->v.n_step + 1);
	struct str why;
	enum kept kept;

	c->v.variant = variant_of(j, c);
	if (!cut)
		return arena_check(&j->r.a, err);
	for (size_t i = 0; i < c->v.n_step; i++)
		cut[i] = c->step[i].cut;
	kept = rejudge(&how, &(struct rejudge_case){ &c->v, cut }, after, &why);
	if (!after->variant)
		after->variant = placeholder(&j->r.a, c);
	if (!after->variant)
		return arena_check(&j->r.a, err);
	j->r.n_variant++;
	j->r.count[after->verdict]++;
	j->kept[kept]++;
	j->waived += c->waived;
	tell_case(j, c, after, why);
	/* Unmasked octets are not for reports whose redactor does not know the password. */
	for (size_t i = 0; !how.masked && i < after->n_step; i++)
		after->step[i].sent = after->step[i].received = (struct str){ 0 };
	return arena_check(&j->r.a, err);
}

static int judge_all(struct judging *j, struct err *err)
{
	struct run_result *r = &j->r;
	struct arena a;

	if (overlay_open(&j->overlay, &r->a, j->o, err) ||
	    record_open(&r->a, j->dir, &j->record, err) || choose_profile(j, err))
		return -1;
	a = r->a;
	*r = j->record.run;
	r->a = a;
	r->profile = j->profile;
	r->catalogue = &j->catalogue;
	r->from_record = true;
	if (!j->record.n)
		return err_set(err, ERR_INPUT,
			       "%.*s/manifest.json:1: no case, expected the folder of a run with "
			       "--evidence redacted or full",
			       STR_ARG(j->dir));
	r->variant = arena_array(&r->a, struct variant_result, j->record.n);
	if (!r->variant)
		return arena_check(&r->a, err);
	for (size_t i = 0; i < j->record.n; i++)
		if (judge_case(j, &j->record.c[i], err))
			return -1;
	return overlay_apply(&j->overlay, &r->a, j->o, r, r->cause_reason == REASON_INTERRUPTED,
			     err);
}

int judge_folder(struct arena *a, struct str dir, struct judge_totals *out, struct err *err)
{
	const struct options quiet = { .quiet = true };
	struct judging j DEFER(drop) = { .o = &quiet, .dir = dir, .out = stdout };

	arena_init(&j.r.a, RESULT_MAX);
	if (cli_catalogue(&quiet, &j.catalogue, err) || judge_all(&j, err))
		return -1;
	*out = (struct judge_totals){
		.same = j.same,
		.changed = j.changed,
		.judged = j.kept[KEPT_NOT],
		.first_changed = arena_str(a, j.first_changed),
		.other_catalogue = !str_eq(j.record.catalogue_sha256, str(j.catalogue.sha256)),
	};
	return arena_check(a, err);
}

static int judge_run(const struct cli *cli, struct str dir)
{
	static const struct redactor redactor = { .n = 0 };
	struct judging j DEFER(drop) = { .o = &cli->o, .dir = dir };
	const struct report_options how = { .redactor = &redactor,
					    .tool = str(cli_tool),
					    .command = STR("countersign judge") };
	struct err err = { 0 };
	bool taken;

	arena_init(&j.r.a, RESULT_MAX);
	if (reports_on_stdout(j.o, &taken, &err) || reports_check(j.o, &err))
		return cli_fail(&err);
	j.out = taken ? stderr : stdout;
	if (cli_catalogue(j.o, &j.catalogue, &err) || judge_all(&j, &err))
		return cli_fail(&err);
	tell_all(&j);
	if (reports_write(j.o, &j.r, &how, j.o->quiet ? NULL : j.out))
		return EXIT_INTERNAL;
	return j.r.exit_code;
}

int cmd_judge(const struct cli *cli)
{
	struct arena a DEFER(arena_free);
	struct recorded_file file;
	struct record record;
	struct err err = { 0 };

	arena_init(&a, RESULT_MAX);
	if (recording_look(&a, cli->o.operand[0], &file, &err))
		return cli_fail(&err);
	if (file.kind != RECORDED_RUN)
		return judge_recording(cli, &file, NULL);
	if (record_open(&a, file.path, &record, &err))
		return cli_fail(&err);
	if (str_eq(record.run.kind, STR("client")))
		return judge_recording(cli, &file, &record);
	return judge_run(cli, file.path);
}

#include "cli/events.h"

#include "report/events.h"

#include <errno.h>

int events_open(struct events *e, const struct options *o, struct err *err)
{
	if (!o->events.p || o->dry_run)
		return 0;
	if (str_eq(o->events, STR("-"))) {
		e->f = stdout;
		return 0;
	}
	e->f = fopen(o->events.p, "we");
	return e->f ? 0 : err_system(err, ERR_INPUT, errno, "--events %.*s", STR_ARG(o->events));
}

static bool wants(const struct events *e)
{
	return e->f && !e->failed;
}

static void note(struct events *e, int bad, const struct err *err)
{
	if (!bad)
		return;
	e->failed = true;
	fprintf(stderr, "countersign: %s\n", err->text);
}

static void tell(struct events *e, struct run_result *r, const struct report_options *how,
		 const struct variant_result *v)
{
	struct variant_result told = *v;
	struct err err = { 0 };

	if (!wants(e))
		return;
	if (e->waivers)
		told.waiver = waiver_of(e->waivers, r, v);
	note(e, events_variant(e->f, r, how, &told, &err), &err);
}

void events_begin(struct events *e, struct run_result *r, const struct report_options *how)
{
	struct err err = { 0 };

	if (!wants(e))
		return;
	e->begun = true;
	note(e, events_plan(e->f, r, how, &err), &err);
	for (size_t i = 0; i < r->n_variant; i++)
		if (r->variant[i].verdict == VERDICT_SKIP)
			tell(e, r, how, &r->variant[i]);
}

void events_phase(struct events *e, const struct run_result *r, const struct report_options *how)
{
	struct err err = { 0 };

	if (!wants(e) || e->surveyed || !r->survey.done)
		return;
	e->surveyed = true;
	note(e, events_survey(e->f, r, how, &err), &err);
}

void events_finished(struct events *e, struct run_result *r, const struct report_options *how,
		     const struct variant_result *v)
{
	if (!e->begun)
		return;
	events_phase(e, r, how);
	tell(e, r, how, v);
}

int events_close(struct events *e, const struct run_result *r, const struct report_options *how)
{
	struct err err = { 0 };

	if (wants(e)) {
		events_phase(e, r, how);
		note(e, events_end(e->f, r, how, &err), &err);
	}
	if (e->f && e->f != stdout && fclose(e->f) && !e->failed)
		e->failed = true;
	e->f = NULL;
	return e->failed ? -1 : 0;
}

#include "report/events.h"

#include "report/json.h"

#include <stdlib.h>

#define FORMAT      1 /* rises when a reader must change */
#define SCRATCH_MAX (64u << 20)
#define TEXT_MAX    4096

static json_t *plan(struct json_writer *w, const struct report_options *o)
{
	const struct run_result *r = w->r;
	json_t *e = json_object();

	json_put_own(w, e, "event", STR("plan"));
	json_put_int(w, e, "format", FORMAT);
	json_put_text(w, e, "tool", o->tool, TEXT_MAX);
	json_put_text(w, e, "target", r->target, TEXT_MAX);
	json_put_own(w, e, "kind", r->kind);
	json_put_own(w, e, "profile", r->profile ? r->profile->id : STR(""));
	json_put_own(w, e, "catalogue_sha256", r->catalogue ? str(r->catalogue->sha256) : STR(""));
	json_put_text(w, e, "seed", r->seed, TEXT_MAX);
	json_put_own(w, e, "run", str(r->id));
	json_put_int(w, e, "variants", (int64_t)r->n_variant);
	return e;
}

static json_t *survey(struct json_writer *w)
{
	json_t *e = json_object();

	json_put_own(w, e, "event", STR("survey"));
	json_put(w, e, "survey", json_survey(w, &w->r->survey));
	return e;
}

static json_t *variant(struct json_writer *w, const struct variant_result *v)
{
	json_t *e = json_object();

	json_put_own(w, e, "event", STR("variant"));
	json_put(w, e, "variant", json_variant_whole(w, v));
	return e;
}

static json_t *answer(struct json_writer *w, const struct open_told *t)
{
	json_t *e = json_object(), *steps = json_array();

	json_put_own(w, e, "event", STR("answer"));
	json_put_own(w, e, "verdict", str(verdict_name(t->verdict)));
	json_put_own(w, e, "reason", str(reason_name(t->reason)));
	json_put_text(w, e, "message", t->message, TEXT_MAX);
	json_put_optional(w, e, "form", t->form);
	json_put(w, e, "outcome",
		 t->has_outcome ? json_string(outcome_name(t->outcome)) : json_null());
	json_put(w, e, "credentials", t->credentials ? json_string(t->credentials) : json_null());
	json_put_optional(w, e, "defects", t->defects);
	json_put_int(w, e, "failed_logins", t->failed_logins);
	for (size_t i = 0; i < t->n_step; i++)
		json_append(w, steps, json_step_octets(w, &t->step[i]));
	json_put(w, e, "steps", steps);
	return e;
}

static json_t *problem(struct json_writer *w, const struct err *why)
{
	json_t *e = json_object();

	json_put_own(w, e, "event", STR("problem"));
	json_put_text(w, e, "text", str(why->text), TEXT_MAX);
	return e;
}

static json_t *end(struct json_writer *w)
{
	const struct run_result *r = w->r;
	json_t *e = json_object();

	json_put_own(w, e, "event", STR("end"));
	json_put(w, e, "counts", json_counts(w));
	json_put_int(w, e, "failed_logins", r->failed_logins);
	json_put_int(w, e, "exchanges", (int64_t)r->exchanges);
	json_put_int(w, e, "took_ms", r->took_ms);
	json_put(w, e, "cause", json_cause(w));
	json_put(w, e, "cause_page", json_cause_page(w, r->cause_page));
	json_put(w, e, "waivers", json_waivers(w, r->waivers));
	json_put_optional(w, e, "budget", r->budget);
	json_put_int(w, e, "exit_code", r->exit_code);
	return e;
}

static struct json_writer writer(const struct run_result *r, const struct report_options *o)
{
	struct json_writer w = { .redactor = o->redactor, .r = r };

	arena_init(&w.a, SCRATCH_MAX);
	return w;
}

/* Takes the event, and ends the writer. */
static int put_line(struct json_writer *w, FILE *f, json_t *event, struct err *err)
{
	char *dump = NULL;
	int bad;

	if (event && !w->failed && arena_ok(&w->a))
		dump = json_dumps(event, JSON_COMPACT);
	json_decref(event);
	arena_free(&w->a);
	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for an event");
	bad = fprintf(f, "%s\n", dump) < 0 || fflush(f);
	free(dump);
	return bad ? err_set(err, ERR_IO, "an event cannot be written") : 0;
}

int events_plan(FILE *f, const struct run_result *r, const struct report_options *o,
		struct err *err)
{
	struct json_writer w = writer(r, o);

	return put_line(&w, f, plan(&w, o), err);
}

int events_survey(FILE *f, const struct run_result *r, const struct report_options *o,
		  struct err *err)
{
	struct json_writer w = writer(r, o);

	return put_line(&w, f, survey(&w), err);
}

int events_variant(FILE *f, const struct run_result *r, const struct report_options *o,
		   const struct variant_result *v, struct err *err)
{
	struct json_writer w = writer(r, o);

	return put_line(&w, f, variant(&w, v), err);
}

int events_answer(FILE *f, const struct run_result *r, const struct report_options *o,
		  const struct open_told *t, struct err *err)
{
	struct json_writer w = writer(r, o);

	return put_line(&w, f, answer(&w, t), err);
}

int events_problem(FILE *f, const struct run_result *r, const struct report_options *o,
		   const struct err *why, struct err *err)
{
	struct json_writer w = writer(r, o);

	return put_line(&w, f, problem(&w, why), err);
}

int events_end(FILE *f, const struct run_result *r, const struct report_options *o, struct err *err)
{
	struct json_writer w = writer(r, o);

	return put_line(&w, f, end(&w), err);
}

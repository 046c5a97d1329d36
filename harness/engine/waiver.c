#include "engine/waiver.h"

#include "auth/datetime.h"

/* --- the outcome --- */

static bool name_in(struct str word, int n, const char *(*name)(int i), int *out)
{
	for (int i = 0; i < n; i++) {
		if (str_eq(word, str(name(i)))) {
			*out = i;
			return true;
		}
	}
	return false;
}

int waiver_outcome_parse(struct str words, struct waiver *out, struct err *err)
{
	struct str rest = words, verdict = str_word(&rest), reason = str_word(&rest),
		   outcome = str_word(&rest);
	int v = 0, r = 0, o = 0;

	out->has_outcome = !str_eq(outcome, STR("none"));
	if (str_trim(rest).n || !name_in(verdict, VERDICTS, verdict_at, &v) ||
	    (v != VERDICT_FAIL && v != VERDICT_WARN) || !name_in(reason, REASONS, reason_at, &r) ||
	    (out->has_outcome && !name_in(outcome, OUTCOMES, outcome_at, &o)))
		return err_set(
			err, ERR_INPUT,
			"\"%.*s\", expected verdict, reason and outcome as in results.json, "
			"such as \"fail decision accepted\" (only fail and warn can be waived)",
			STR_ARG(str_sub(words, 0, 80)));
	out->verdict = (enum verdict)v;
	out->reason = (enum reason)r;
	out->outcome = (enum outcome)o;
	return 0;
}

static bool is_that_outcome(const struct waiver *w, const struct variant_result *v)
{
	return v->verdict == w->verdict && v->reason == w->reason &&
	       v->has_outcome == w->has_outcome && (!w->has_outcome || v->outcome == w->outcome);
}

static struct str outcome_words(struct arena *a, const struct variant_result *v)
{
	return arena_fmt(a, "%s %s %s", verdict_name(v->verdict), reason_name(v->reason),
			 v->has_outcome ? outcome_name(v->outcome) : "none");
}

/* --- how each fares --- */

struct fate {
	size_t matched, applied, passing, other;
	const struct variant_result *first_passing, *first_other;
};

struct overlay {
	struct run_result *r;
	struct waiver_report *report;
	const struct waiver_list *l;
	struct str today, device; /* "2026-01-31" */
};

static void complain(struct overlay *o, const struct waiver *w, struct str what)
{
	o->report->problem[o->report->n_problem++] =
		arena_fmt(&o->r->a, "%.*s:%d: waiver %.*s %.*s", STR_ARG(o->l->file), w->note.line,
			  STR_ARG(w->name), STR_ARG(what));
}

static void waive(struct run_result *r, struct variant_result *v, const struct waiver *w)
{
	if (v->waiver)
		return; /* by an earlier one, with the same outcome */
	v->waiver = &w->note;
	r->count[v->verdict]--;
	r->waived++;
}

static struct fate meet(struct overlay *o, const struct waiver *w)
{
	struct fate f = { 0 };

	for (size_t i = 0; i < o->r->n_variant; i++) {
		struct variant_result *v = &o->r->variant[i];

		if (!str_glob(v->variant->id, w->pattern))
			continue;
		f.matched++;
		if (v->verdict > VERDICT_FAIL)
			continue; /* not judged: nothing is known of it */
		if (is_that_outcome(w, v)) {
			f.applied++;
			waive(o->r, v, w);
		} else if (v->verdict == VERDICT_PASS) {
			f.first_passing = f.passing++ ? f.first_passing : v;
		} else {
			f.first_other = f.other++ ? f.first_other : v;
		}
	}
	return f;
}

/* A case that is in the catalogue, and was not selected this time, may be waived another time. */
static bool names_a_case(const struct overlay *o, const struct waiver *w)
{
	struct str stem = str_sub(w->pattern, 0, str_chr(w->pattern, '['));
	const struct catalogue *c = o->r->catalogue;

	for (size_t i = 0; i < o->r->n_variant; i++)
		if (str_glob(o->r->variant[i].variant->c->id, stem))
			return false; /* selected, and it has no such variant */
	for (size_t i = 0; c && i < c->n_case; i++)
		if (str_glob(c->c[i].id, stem))
			return true;
	return false;
}

static const char *others(size_t n)
{
	return n > 1 ? " (and others)" : "";
}

static void judge(struct overlay *o, const struct waiver *w)
{
	struct arena *a = &o->r->a;
	struct fate f = meet(o, w);

	if (!f.matched && !names_a_case(o, w))
		complain(o, w,
			 arena_fmt(a, "matches no case: %.*s; mend the pattern, or remove it",
				   STR_ARG(w->pattern)));
	if (f.other)
		complain(o, w,
			 arena_fmt(a, "is for \"%s %s %s\", and %.*s is \"%.*s\"%s",
				   verdict_name(w->verdict), reason_name(w->reason),
				   w->has_outcome ? outcome_name(w->outcome) : "none",
				   STR_ARG(f.first_other->variant->id),
				   STR_ARG(outcome_words(a, f.first_other)), others(f.other)));
	if (f.passing)
		complain(o, w,
			 arena_fmt(a, "is not needed: %.*s passes%s; remove or narrow it",
				   STR_ARG(f.first_passing->variant->id), others(f.passing)));
}

static bool is_for_this(const struct overlay *o, const struct waiver *w)
{
	return str_glob(o->device, w->device) &&
	       str_glob(str_trim(o->r->survey.identity[2]), w->firmware);
}

/* Both are of the form YYYY-MM-DD, which sorts. */
static bool is_over(const struct overlay *o, const struct waiver *w)
{
	return o->today.n == w->note.until.n && memcmp(o->today.p, w->note.until.p, o->today.n) > 0;
}

struct str waiver_device(struct arena *a, const struct str identity[static 2])
{
	return str_trim(arena_fmt(a, "%.*s %.*s", STR_ARG(str_trim(identity[0])),
				  STR_ARG(str_trim(identity[1]))));
}

static void know_target(struct overlay *o)
{
	o->today = str_sub(datetime_format(&o->r->a, o->r->started_wall_ms, 0), 0, 10);
	o->device = waiver_device(&o->r->a, o->r->survey.identity);
}

const struct waiver_note *waiver_of(const struct waiver_list *l, struct run_result *r,
				    const struct variant_result *v)
{
	struct overlay o = { .r = r, .l = l };

	if (v->verdict > VERDICT_FAIL || !l->n)
		return NULL;
	know_target(&o);
	for (const struct waiver *w = l->w; w < l->w + l->n; w++)
		if (!is_over(&o, w) && is_for_this(&o, w) && str_glob(v->variant->id, w->pattern) &&
		    is_that_outcome(w, v))
			return &w->note;
	return NULL;
}

void waivers_apply(const struct waiver_list *l, struct run_result *r)
{
	struct waiver_report *report = arena_new(&r->a, struct waiver_report);
	struct overlay o = { .r = r, .report = report, .l = l };

	if (!report)
		return;
	/* Each waiver has at most two problems: of what passes, and of what fails otherwise. */
	*report = (struct waiver_report){ .file = l->file,
					  .problem = arena_array(&r->a, struct str, 2 * l->n + 1) };
	know_target(&o);
	r->waivers = report;
	for (size_t i = 0; report->problem && i < l->n; i++) {
		if (is_over(&o, &l->w[i]))
			complain(&o, &l->w[i],
				 arena_fmt(&r->a,
					   "expired on %.*s: mend the finding, or decide "
					   "anew",
					   STR_ARG(l->w[i].note.until)));
		else if (is_for_this(&o, &l->w[i]))
			judge(&o, &l->w[i]);
		else
			report->elsewhere++;
	}
}

#include "cli/selftest.h"

#include "base/mem.h"
#include "cli/lab.h"

#define RUN_ARENA_MAX (512u << 20)
#define DRAWN         150 /* spellings of each kind: enough for each choice to come */

/* What one run said of each variant, in the order of the catalogue: enough to compare two runs. */
struct verdicts {
	struct run_result r;
};

static void verdicts_free(struct verdicts *v)
{
	arena_free(&v->r.a);
	memset(v, 0, sizeof(*v));
}

/* Who is judged, and by what. */
struct setting {
	const struct persona *persona;
	const struct fault *fault; /* NULL: none */
	const struct profile *profile;
	const struct suite_case *only; /* this one, whatever its risk; NULL: all that are safe */
};

static int judge(const struct selftest_options *o, const struct setting *s, struct verdicts *out,
		 struct err *err)
{
	struct lab lab = { .catalogue = o->catalogue,
			   .profile = s->profile,
			   .device = { .persona = s->persona },
			   .engine = { .spellings = DRAWN, .hostile = DRAWN } };

	lab.engine.risk = RISK_UNSAFE; /* the reference device comes to no harm */
	if (s->fault) {
		lab.device.fault[0] = s->fault;
		lab.device.n_fault = 1;
	}
	if (s->only) {
		lab.engine.only[0] = s->only->id;
		lab.engine.n_only = 1;
		lab.engine.risk = RISK_UNSAFE;
	}
	arena_init(&out->r.a, RUN_ARENA_MAX);
	if (lab_run(&lab, &out->r, err)) {
		verdicts_free(out);
		return err_prefix(err, "persona %s, fault %s", s->persona->name,
				  s->fault ? s->fault->name : "none");
	}
	return 0;
}

#define PROBLEM(...) (fprintf(out, __VA_ARGS__), r->problems++)

/* --- the clean device --- */

static void check_clean(const struct persona *p, const struct run_result *run, FILE *out,
			struct selftest_result *r)
{
	if (run->cause.p)
		PROBLEM("persona %s: the run stopped: %.*s\n", p->name, STR_ARG(run->cause));
	for (size_t i = 0; i < run->n_variant; i++) {
		const struct variant_result *v = &run->variant[i];
		bool bad = v->verdict == VERDICT_FAIL || v->verdict == VERDICT_ERROR ||
			   v->verdict == VERDICT_INCONCLUSIVE;

		r->clean_variants++;
		if (bad)
			PROBLEM("persona %s is clean, and %.*s gives %s: %.*s\n", p->name,
				STR_ARG(v->variant->id), verdict_name(v->verdict),
				STR_ARG(v->message));
	}
}

static int clean_personas(const struct selftest_options *o, FILE *out, struct selftest_result *r,
			  struct err *err)
{
	for (const struct persona *p = personas; p->name; p++) {
		const struct profile *profile = catalogue_profile(o->catalogue, str(p->profile));
		struct verdicts v = { 0 };

		if (!profile)
			return err_set(err, ERR_INTERNAL, "persona %s: no profile %s", p->name,
				       p->profile);
		if (judge(o, &(struct setting){ .persona = p, .profile = profile }, &v, err))
			return -1;
		r->personas++;
		check_clean(p, &v.r, out, r);
		verdicts_free(&v);
	}
	return 0;
}

/* --- planted faults --- */

static bool red(const struct variant_result *v)
{
	return v->verdict == VERDICT_FAIL || v->verdict == VERDICT_WARN;
}

static bool other_numbers(const struct variant_result *clean, const struct variant_result *faulty)
{
	if (clean->value != faulty->value || clean->at_limit != faulty->at_limit ||
	    clean->n_more != faulty->n_more)
		return true;
	for (size_t i = 0; i < clean->n_more; i++)
		if (clean->more[i].value != faulty->more[i].value)
			return true;
	return false;
}

/* Does the fault show in this variant, where the clean device had nothing to show? */
static bool killed(const struct variant_result *clean, const struct variant_result *faulty)
{
	if (faulty->measured)
		return !clean->measured || other_numbers(clean, faulty);
	if (clean->verdict == VERDICT_WARN && faulty->verdict == VERDICT_FAIL)
		return true;
	return !red(clean) && clean->verdict != VERDICT_INCONCLUSIVE && red(faulty);
}

/* Each case that the fault turns red, once, in the order of the catalogue; named ones with a "+".
 */
static void write_row(FILE *matrix, const struct fault *f, const struct run_result *clean,
		      const struct run_result *faulty, struct selftest_result *r)
{
	const struct suite_case *last = NULL;

	if (matrix)
		fprintf(matrix, "%s (%s):", f->name, f->persona);
	for (size_t i = 0; i < faulty->n_variant; i++) {
		const struct suite_case *c = faulty->variant[i].variant->c;

		if (c == last || !killed(&clean->variant[i], &faulty->variant[i]))
			continue;
		last = c;
		r->kills++;
		if (matrix)
			fprintf(matrix, "\n  %s%.*s",
				str_has_word(c->kills, str(f->name)) ? "+" : " ", STR_ARG(c->id));
	}
	if (matrix)
		fputc('\n', matrix);
}

static bool case_turns_red(const struct suite_case *c, const struct run_result *clean,
			   const struct run_result *faulty)
{
	for (size_t i = 0; i < faulty->n_variant; i++)
		if (faulty->variant[i].variant->c->line == c->line &&
		    str_eq(faulty->variant[i].variant->c->id, c->id) &&
		    killed(&clean->variant[i], &faulty->variant[i]))
			return true;
	return false;
}

static void check_fault(const struct selftest_options *o, const struct fault *f,
			const struct run_result *clean, const struct run_result *faulty, FILE *out,
			struct selftest_result *r)
{
	size_t named = 0;

	for (size_t i = 0; i < o->catalogue->n_case; i++) {
		const struct suite_case *c = &o->catalogue->c[i];

		if (!str_has_word(c->kills, str(f->name)))
			continue;
		named++;
		if (!case_turns_red(c, clean, faulty))
			PROBLEM("fault %s (persona %s): %.*s names it and stays green\n", f->name,
				f->persona, STR_ARG(c->id));
	}
	if (!named)
		PROBLEM("fault %s: no case names it\n", f->name);
	for (size_t i = 0; i < faulty->n_variant; i++)
		if (faulty->variant[i].verdict == VERDICT_ERROR)
			PROBLEM("fault %s: %.*s gives error: %.*s\n", f->name,
				STR_ARG(faulty->variant[i].variant->id),
				STR_ARG(faulty->variant[i].message));
}

static int one_fault(const struct selftest_options *o, const struct fault *f,
		     struct verdicts *clean, FILE *matrix, FILE *out, struct selftest_result *r,
		     struct err *err)
{
	struct setting s = { .persona = persona_find(str(f->persona)),
			     .fault = f,
			     .profile = lab_everything() };
	struct verdicts faulty = { 0 };

	if (judge(o, &s, &faulty, err))
		return -1;
	if (faulty.r.n_variant != clean->r.n_variant) {
		verdicts_free(&faulty);
		return err_set(err, ERR_INTERNAL, "fault %s: another number of variants", f->name);
	}
	r->faults++;
	write_row(matrix, f, &clean->r, &faulty.r, r);
	check_fault(o, f, &clean->r, &faulty.r, out, r);
	verdicts_free(&faulty);
	return 0;
}

static int faults_of(const struct selftest_options *o, const struct persona *p, FILE *matrix,
		     FILE *out, struct selftest_result *r, struct err *err)
{
	struct setting s = { .persona = p, .profile = lab_everything() };
	struct verdicts clean = { 0 };
	int failed = judge(o, &s, &clean, err);

	for (const struct fault *f = faults; !failed && f->name; f++) {
		bool wanted = f->kind != FAULT_ENVIRONMENT &&
			      str_eq(str(f->persona), str(p->name)) &&
			      (!o->only.p || str_glob(str(f->name), o->only));

		if (wanted)
			failed = one_fault(o, f, &clean, matrix, out, r, err);
	}
	verdicts_free(&clean);
	return failed;
}

/* --- the environment --- */

static void check_environment(const struct fault *f, const struct run_result *run, FILE *out,
			      struct selftest_result *r)
{
	r->environments++;
	if (!run->count[VERDICT_INCONCLUSIVE])
		PROBLEM("%s: not one verdict is inconclusive\n", f->name);
	for (size_t i = 0; i < run->n_variant; i++)
		if (run->variant[i].verdict == VERDICT_FAIL ||
		    run->variant[i].verdict == VERDICT_ERROR)
			PROBLEM("%s: %.*s gives %s: %.*s\n", f->name,
				STR_ARG(run->variant[i].variant->id),
				verdict_name(run->variant[i].verdict),
				STR_ARG(run->variant[i].message));
}

static int environment(const struct selftest_options *o, const struct fault *f, FILE *out,
		       struct selftest_result *r, struct err *err)
{
	const struct persona *p = persona_find(str(f->persona));
	struct setting s = { .persona = p,
			     .fault = f,
			     .profile = catalogue_profile(o->catalogue, str(p->profile)) };
	struct verdicts v = { 0 };

	if (judge(o, &s, &v, err))
		return -1;
	check_environment(f, &v.r, out, r);
	verdicts_free(&v);
	return 0;
}

/* A measure that is about the environment, each by itself: it may do what nobody else may. */
static int measured_environment(const struct selftest_options *o, const struct fault *f,
				const struct suite_case *c, FILE *matrix, FILE *out,
				struct selftest_result *r, struct err *err)
{
	struct setting s = { .persona = persona_find(str(f->persona)),
			     .profile = lab_everything(),
			     .only = c };
	struct verdicts clean = { 0 }, faulty = { 0 };

	if (judge(o, &s, &clean, err))
		return -1;
	s.fault = f;
	if (judge(o, &s, &faulty, err)) {
		verdicts_free(&clean);
		return -1;
	}
	write_row(matrix, f, &clean.r, &faulty.r, r);
	if (!case_turns_red(c, &clean.r, &faulty.r))
		PROBLEM("%s: %.*s names it and measures nothing else\n", f->name, STR_ARG(c->id));
	verdicts_free(&clean);
	verdicts_free(&faulty);
	return 0;
}

static int environments(const struct selftest_options *o, FILE *matrix, FILE *out,
			struct selftest_result *r, struct err *err)
{
	int failed = 0;

	for (const struct fault *f = faults; !failed && f->name; f++) {
		if (f->kind != FAULT_ENVIRONMENT || (o->only.p && !str_glob(str(f->name), o->only)))
			continue;
		failed = environment(o, f, out, r, err);
		for (size_t i = 0; !failed && i < o->catalogue->n_case; i++)
			if (str_has_word(o->catalogue->c[i].kills, str(f->name)))
				failed = measured_environment(o, f, &o->catalogue->c[i], matrix,
							      out, r, err);
	}
	return failed;
}

int selftest_run(const struct selftest_options *o, FILE *out, struct selftest_result *r,
		 struct err *err)
{
	FILE *matrix = NULL;
	int failed = 0;

	*r = (struct selftest_result){ 0 };
	if (o->matrix && !(matrix = fopen(o->matrix, "w")))
		return err_set(err, ERR_IO, "%s: cannot be written", o->matrix);
	if (!o->only.p)
		failed = clean_personas(o, out, r, err);
	for (const struct persona *p = personas; !failed && p->name; p++)
		failed = faults_of(o, p, matrix, out, r, err);
	if (!failed)
		failed = environments(o, matrix, out, r, err);
	if (matrix && fclose(matrix) && !failed)
		failed = err_set(err, ERR_IO, "%s: cannot be written", o->matrix);
	return failed;
}

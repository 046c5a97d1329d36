/* selftest_client.c - prove the client cases on the scripted client: right, and with each fault. */
#include "cli/selftest.h"

#include "cli/actor_lab.h"
#include "cli/lab.h"

#define RUN_ARENA_MAX (512u << 20)

#define PROBLEM(...) (fprintf(t->out, __VA_ARGS__), t->r->problems++)

enum { PLAIN_HTTP, ONVIF, KINDS };
static const char *const kind_names[KINDS] = { "http", "onvif" };

struct test {
	const struct selftest_options *o;
	FILE *matrix, *out;
	struct selftest_result *r;
	struct run_result clean[KINDS];
	struct str shown[KINDS]; /* features, words */
};

static int judge(const struct test *t, int kind, const struct client_fault *fault,
		 struct run_result *out, struct err *err)
{
	const struct actor_lab lab = { .catalogue = t->o->catalogue,
				       .profile = lab_everything(),
				       .fault = fault,
				       .soap = kind == ONVIF,
				       .known = fault ? t->shown[kind] : STR("") };

	*out = (struct run_result){ 0 };
	arena_init(&out->a, RUN_ARENA_MAX);
	if (actor_lab_run(&lab, out, err)) {
		arena_free(&out->a);
		return err_prefix(err, "client of %s, fault %s", kind_names[kind],
				  fault ? fault->name : "none");
	}
	return 0;
}

/* What the right client shows, so that a fault that loses a feature does not hide in what is then
 * skipped.
 */
static struct str features_of(struct run_result *run)
{
	struct str words = STR("");

	for (size_t i = 0; i < run->n_variant; i++)
		if (run->variant[i].verdict == VERDICT_PASS)
			words = arena_fmt(&run->a, "%.*s %.*s", STR_ARG(words),
					  STR_ARG(run->variant[i].variant->c->client->provides));
	return words;
}

/* --- the client that is right --- */

static const char *where(const struct variant_result *v)
{
	return v->verdict == VERDICT_SKIP ? "is skipped" : verdict_name(v->verdict);
}

/* A case may be for the other kind of client, but nothing else may be in its way. */
static void check_clean_kind(struct test *t, int kind)
{
	const struct run_result *run = &t->clean[kind];

	for (size_t i = 0; i < run->n_variant; i++) {
		const struct variant_result *v = &run->variant[i];
		bool not_for_it = v->verdict == VERDICT_SKIP && v->reason == REASON_NOT_OFFERED;

		if (v->verdict != VERDICT_PASS && !not_for_it)
			PROBLEM("the client of %s is right, and %.*s %s: %.*s\n", kind_names[kind],
				STR_ARG(v->variant->id), where(v), STR_ARG(v->message));
	}
}

/* What neither of the two can show is no test of anybody. */
static void check_shown(struct test *t)
{
	for (size_t i = 0; i < t->clean[PLAIN_HTTP].n_variant; i++) {
		const struct variant_result *plain = &t->clean[PLAIN_HTTP].variant[i];
		const struct variant_result *onvif = &t->clean[ONVIF].variant[i];

		t->r->client_variants++;
		if (plain->verdict == VERDICT_SKIP && onvif->verdict == VERDICT_SKIP)
			PROBLEM("%.*s is for no client: %.*s; %.*s\n", STR_ARG(plain->variant->id),
				STR_ARG(plain->message), STR_ARG(onvif->message));
	}
}

/* --- planted faults --- */

static bool red(const struct variant_result *v)
{
	return v->verdict == VERDICT_FAIL || v->verdict == VERDICT_WARN;
}

static bool killed(const struct variant_result *clean, const struct variant_result *faulty)
{
	if (clean->verdict == VERDICT_WARN && faulty->verdict == VERDICT_FAIL)
		return true;
	return !red(clean) && red(faulty);
}

static void write_row(struct test *t, const struct client_fault *f, const struct run_result *clean,
		      const struct run_result *faulty)
{
	const struct suite_case *last = NULL;

	if (t->matrix)
		fprintf(t->matrix, "%s (%s):", f->name, kind_names[f->soap]);
	for (size_t i = 0; i < faulty->n_variant; i++) {
		const struct suite_case *c = faulty->variant[i].variant->c;

		if (c == last || !killed(&clean->variant[i], &faulty->variant[i]))
			continue;
		last = c;
		t->r->client_kills++;
		if (t->matrix)
			fprintf(t->matrix, "\n  %s%.*s",
				str_has_word(c->kills, str(f->name)) ? "+" : " ", STR_ARG(c->id));
	}
	if (t->matrix)
		fputc('\n', t->matrix);
}

/* The verdict of the case's first variant, to say why it stayed green. */
static const struct variant_result *turned_red(const struct suite_case *c,
					       const struct run_result *clean,
					       const struct run_result *faulty, bool *is_red)
{
	const struct variant_result *first = NULL;

	*is_red = false;
	for (size_t i = 0; i < faulty->n_variant && !*is_red; i++) {
		const struct variant_result *v = &faulty->variant[i];

		if (v->variant->c != c)
			continue;
		first = first ? first : v;
		*is_red = killed(&clean->variant[i], v);
	}
	return first;
}

static void check_fault(struct test *t, const struct client_fault *f,
			const struct run_result *clean, const struct run_result *faulty)
{
	const struct catalogue *k = t->o->catalogue;
	size_t named = 0;

	for (size_t i = 0; i < k->n_client; i++) {
		const struct suite_case *c = &k->client[i];
		const struct variant_result *v;
		bool is_red;

		if (!str_has_word(c->kills, str(f->name)))
			continue;
		named++;
		v = turned_red(c, clean, faulty, &is_red);
		if (!is_red)
			PROBLEM("client fault %s (%s): %.*s names it and stays green%s%.*s\n",
				f->name, kind_names[f->soap], STR_ARG(c->id), v ? ": " : "",
				STR_ARG(v ? v->message : STR("")));
	}
	if (!named)
		PROBLEM("client fault %s: no case names it\n", f->name);
	for (size_t i = 0; i < faulty->n_variant; i++)
		if (faulty->variant[i].verdict == VERDICT_ERROR)
			PROBLEM("client fault %s: %.*s gives error: %.*s\n", f->name,
				STR_ARG(faulty->variant[i].variant->id),
				STR_ARG(faulty->variant[i].message));
}

static int one_fault(struct test *t, const struct client_fault *f, struct err *err)
{
	const struct run_result *clean = &t->clean[f->soap];
	struct run_result faulty;

	if (judge(t, f->soap, f, &faulty, err))
		return -1;
	if (faulty.n_variant != clean->n_variant) {
		arena_free(&faulty.a);
		return err_set(err, ERR_INTERNAL, "fault %s: another number of variants", f->name);
	}
	t->r->client_faults++;
	write_row(t, f, clean, &faulty);
	check_fault(t, f, clean, &faulty);
	arena_free(&faulty.a);
	return 0;
}

static bool is_wanted(const struct selftest_options *o, const struct client_fault *f)
{
	return !o->only.p || str_glob(str(f->name), o->only);
}

static bool any_wanted(const struct selftest_options *o)
{
	for (const struct client_fault *f = client_faults; f->name; f++)
		if (is_wanted(o, f))
			return true;
	return false;
}

static int all_faults(struct test *t, struct err *err)
{
	if (!t->o->only.p) {
		check_clean_kind(t, PLAIN_HTTP);
		check_clean_kind(t, ONVIF);
		check_shown(t);
	}
	for (const struct client_fault *f = client_faults; f->name; f++)
		if (is_wanted(t->o, f) && one_fault(t, f, err))
			return -1;
	return 0;
}

static int run(struct test *t, struct err *err)
{
	int failed;

	if (judge(t, PLAIN_HTTP, NULL, &t->clean[PLAIN_HTTP], err))
		return -1;
	failed = judge(t, ONVIF, NULL, &t->clean[ONVIF], err);
	for (int k = 0; !failed && k < KINDS; k++)
		t->shown[k] = features_of(&t->clean[k]);
	failed = failed || all_faults(t, err);
	for (int k = 0; k < KINDS; k++)
		arena_free(&t->clean[k].a);
	return failed ? -1 : 0;
}

int selftest_clients(const struct selftest_options *o, FILE *out, struct selftest_result *r,
		     struct err *err)
{
	struct test t = { .o = o, .out = out, .r = r };
	int failed;

	if (!o->catalogue->n_client || !any_wanted(o))
		return 0;
	if (o->client_matrix && !(t.matrix = fopen(o->client_matrix, "w")))
		return err_set(err, ERR_IO, "%s: cannot be written", o->client_matrix);
	failed = run(&t, err);
	if (t.matrix && fclose(t.matrix) && !failed)
		failed = err_set(err, ERR_IO, "%s: cannot be written", o->client_matrix);
	return failed;
}

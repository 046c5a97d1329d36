/* Which cases stand for which sentences, and for which faults from the field. */
#include "cli/coverage.h"

#include "cli/help.h"
#include "report/report.h"

#include <stdio.h>

#define ANCHOR_COLUMNS 36
#define ROW_COLUMNS    8
#define WORD_COLUMNS   8 /* of a level, a side */

bool list_wanted(const struct options *o, struct str id)
{
	for (size_t i = 0; i < o->n_operand; i++)
		if (str_glob(id, o->operand[i]))
			return true;
	return o->n_operand == 0;
}

typedef const struct suite_case *next_case_fn(const struct catalogue *c, struct str row,
					      const struct suite_case *after);

/* The cases, or what stands in their place. */
static struct str standing_text(struct arena *a, const struct catalogue *c, struct str row,
				next_case_fn *next, enum covered covered, struct str uncased)
{
	struct str out = STR("");

	if (covered == COVERED_GAP)
		return STR("NO CASE");
	if (covered == COVERED_REASON)
		return arena_fmt(a, "(%.*s)", STR_ARG(uncased));
	for (const struct suite_case *p = next(c, row, NULL); p; p = next(c, row, p))
		out = arena_fmt(a, "%.*s%s%.*s", STR_ARG(out), out.n ? " " : "", STR_ARG(p->id));
	return out;
}

static void heading(struct str title, struct str *last)
{
	if (str_eq(title, *last))
		return;
	printf("%s%.*s\n", last->p ? "\n" : "", STR_ARG(title));
	*last = title;
}

/* A name that is too long has the line to itself. */
static void print_row(struct str name, int columns, const char *word, struct str text)
{
	int indent = 2 + columns + 1 + WORD_COLUMNS;

	if ((int)name.n > columns)
		printf("  %.*s\n  %*s %-*s", STR_ARG(name), columns, "", WORD_COLUMNS, word);
	else
		printf("  %-*.*s %-*s", columns, STR_ARG(name), WORD_COLUMNS, word);
	help_wrap(stdout, indent, indent, text);
}

static void print_requirement(const struct catalogue *c, const struct requirement *r,
			      struct str *last)
{
	struct arena a DEFER(arena_free);

	arena_init(&a, 1 << 20);
	heading(r->title, last);
	print_row(r->anchor, ANCHOR_COLUMNS, level_name(r->level),
		  standing_text(&a, c, r->anchor, catalogue_citing, requirement_covered(c, r),
				r->uncased));
}

static void print_field_row(const struct catalogue *c, const struct field_row *r, struct str *last)
{
	struct arena a DEFER(arena_free);
	struct str cases;

	arena_init(&a, 1 << 20);
	heading(r->group, last);
	cases = standing_text(&a, c, r->id, catalogue_answering, field_covered(c, r), r->uncased);
	print_row(r->id, ROW_COLUMNS, field_side_name(r->side),
		  arena_fmt(&a, "%.*s: %.*s", STR_ARG(r->text), STR_ARG(cases)));
}

static int requirements(const struct options *o, const struct catalogue *c,
			struct coverage_totals *t, struct err *err)
{
	struct str last = { 0 };

	for (size_t i = 0; i < c->n_requirement; i++) {
		const struct requirement *r = &c->requirement[i];

		if (!list_wanted(o, r->anchor))
			continue;
		t->requirement[requirement_covered(c, r)]++;
		if (!o->as_json)
			print_requirement(c, r, &last);
		else if (report_requirement(stdout, c, r, err))
			return -1;
	}
	if (last.p)
		fputc('\n', stdout);
	return 0;
}

static int field_rows(const struct options *o, const struct catalogue *c, struct coverage_totals *t,
		      struct err *err)
{
	struct str last = { 0 };

	for (size_t i = 0; i < c->n_field; i++) {
		const struct field_row *r = &c->field[i];

		if (!list_wanted(o, r->id))
			continue;
		t->field[field_covered(c, r)]++;
		if (!o->as_json)
			print_field_row(c, r, &last);
		else if (report_field_row(stdout, c, r, err))
			return -1;
	}
	if (last.p)
		fputc('\n', stdout);
	return 0;
}

static size_t sum(const size_t n[static COVERED_KINDS])
{
	size_t all = 0;

	for (size_t i = 0; i < COVERED_KINDS; i++)
		all += n[i];
	return all;
}

static void print_totals(const struct coverage_totals *t)
{
	const size_t *r = t->requirement, *f = t->field;

	printf("requirements: %zu, of which %zu with cases, %zu with a reason, %zu without\n",
	       sum(r), r[COVERED_CASE], r[COVERED_REASON], r[COVERED_GAP]);
	printf("faults from the field: %zu, of which %zu with cases, %zu with a reason, %zu "
	       "without\n",
	       sum(f), f[COVERED_CASE], f[COVERED_REASON], f[COVERED_GAP]);
}

int list_coverage(const struct options *o, const struct catalogue *c, struct err *err)
{
	struct coverage_totals t = { 0 };

	if (requirements(o, c, &t, err) || field_rows(o, c, &t, err))
		return -1;
	if (!sum(t.requirement) && !sum(t.field))
		return err_set(err, ERR_INPUT, "no requirement and no row matches");
	if (o->as_json)
		return report_coverage_totals(stdout, &t, err);
	print_totals(&t);
	return 0;
}

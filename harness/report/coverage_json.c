/* coverage_json.c - what stands for each requirement and each fault from the field, as lines of
 * JSON.
 */
#include "report/json.h"

#include <stdlib.h>

static const char *const covered_names[] = {
	[COVERED_CASE] = "cases",
	[COVERED_REASON] = "reason",
	[COVERED_GAP] = "gap",
};
_Static_assert(COUNT(covered_names) == COVERED_KINDS, "one name per enum covered");

static void open_writer(struct json_writer *w)
{
	*w = (struct json_writer){ 0 };
	arena_init(&w->a, 1u << 20);
}

/* Print o as one line, and free it and w. */
static int close_writer(FILE *f, struct json_writer *w, json_t *o, struct err *err)
{
	char *dump = o && !w->failed && arena_ok(&w->a) ? json_dumps(o, JSON_COMPACT) : NULL;

	json_decref(o);
	arena_free(&w->a);
	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for the coverage");
	fprintf(f, "%s\n", dump);
	free(dump);
	return 0;
}

int report_requirement(FILE *f, const struct catalogue *c, const struct requirement *r,
		       struct err *err)
{
	struct json_writer w;
	json_t *o = json_object(), *cases = json_array();

	open_writer(&w);
	json_put_own(&w, o, "anchor", r->anchor);
	json_put_own(&w, o, "document", r->document);
	json_put_own(&w, o, "level", str(level_name(r->level)));
	json_put_own(&w, o, "text", r->text);
	json_put_own(&w, o, "source", r->source);
	json_put_own(&w, o, "covered", str(covered_names[requirement_covered(c, r)]));
	for (const struct suite_case *p = catalogue_citing(c, r->anchor, NULL); p;
	     p = catalogue_citing(c, r->anchor, p))
		json_append_own(&w, cases, p->id);
	json_put(&w, o, "cases", cases);
	if (r->uncased.p)
		json_put_own(&w, o, "uncased", r->uncased);
	return close_writer(f, &w, o, err);
}

int report_field_row(FILE *f, const struct catalogue *c, const struct field_row *r, struct err *err)
{
	struct json_writer w;
	json_t *o = json_object(), *cases = json_array(), *cve = json_array();
	struct str rest = r->cve;

	open_writer(&w);
	json_put_own(&w, o, "field", r->id);
	json_put_own(&w, o, "side", str(field_side_name(r->side)));
	json_put_own(&w, o, "text", r->text);
	json_put_own(&w, o, "link", r->link);
	for (struct str word = str_word(&rest); word.n; word = str_word(&rest))
		json_append_own(&w, cve, word);
	json_put(&w, o, "cve", cve);
	json_put_own(&w, o, "covered", str(covered_names[field_covered(c, r)]));
	for (const struct suite_case *p = catalogue_answering(c, r->id, NULL); p;
	     p = catalogue_answering(c, r->id, p))
		json_append_own(&w, cases, p->id);
	json_put(&w, o, "cases", cases);
	if (r->uncased.p)
		json_put_own(&w, o, "uncased", r->uncased);
	return close_writer(f, &w, o, err);
}

static json_t *counts(struct json_writer *w, const size_t n[static COVERED_KINDS])
{
	json_t *o = json_object();

	for (size_t i = 0; i < COVERED_KINDS; i++)
		json_put_int(w, o, covered_names[i], (int64_t)n[i]);
	return o;
}

int report_coverage_totals(FILE *f, const struct coverage_totals *t, struct err *err)
{
	struct json_writer w;
	json_t *o = json_object();

	open_writer(&w);
	json_put(&w, o, "requirements", counts(&w, t->requirement));
	json_put(&w, o, "faults", counts(&w, t->field));
	return close_writer(f, &w, o, err);
}

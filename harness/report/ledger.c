#include "report/ledger.h"

#include "report/load.h"
#include "report/report.h"

#include "auth/datetime.h"

#include <stdlib.h>

#define SCRATCH_MAX (512u << 20)

static int by_id(const void *x, const void *y)
{
	const struct ledger_row *a = x, *b = y;
	int order = memcmp(a->id.p, b->id.p, a->id.n < b->id.n ? a->id.n : b->id.n);

	return order ? order : (a->id.n > b->id.n) - (a->id.n < b->id.n);
}

static void sort(struct ledger *s)
{
	if (s->n)
		qsort(s->row, s->n, sizeof(*s->row), by_id);
}

/* --- a run at hand --- */

static struct ledger_row row_of(const struct variant_result *v)
{
	const struct suite_measure *m = v->variant->c->measure;

	return (struct ledger_row){ .id = v->variant->id,
				    .message = v->message,
				    .clause = v->cite ? v->cite->clause : (struct str){ 0 },
				    .rev = v->variant->c->rev,
				    .verdict = v->verdict,
				    .reason = v->reason,
				    .outcome = v->outcome,
				    .has_outcome = v->has_outcome,
				    .waived = v->waiver != NULL,
				    .measured = v->measured && m,
				    .at_limit = v->at_limit,
				    .value = v->value,
				    .unit = m ? m->unit : (struct str){ 0 } };
}

int ledger_of_run(struct arena *a, const struct run_result *r, struct ledger *out, struct err *err)
{
	*out = (struct ledger){ .file = STR("this run"), .target = r->target };
	if (r->profile)
		out->profile = r->profile->id;
	if (r->catalogue)
		out->catalogue_sha256 = str(r->catalogue->sha256);
	out->started = datetime_format(a, r->started_wall_ms, 3);
	memcpy(out->identity, r->survey.identity, sizeof(out->identity));
	out->row = arena_array(a, struct ledger_row, r->n_variant + 1);
	for (size_t i = 0; out->row && i < r->n_variant; i++)
		out->row[out->n++] = row_of(&r->variant[i]);
	sort(out);
	return arena_check(a, err);
}

/* --- a file --- */

/* What the rows say is a small part of what a run has, which goes away. */
static void keep(struct arena *a, struct ledger *l)
{
	struct str *const texts[] = { &l->target,      &l->profile,     &l->catalogue_sha256,
				      &l->started,     &l->identity[0], &l->identity[1],
				      &l->identity[2], &l->identity[3] };

	for (size_t i = 0; i < COUNT(texts); i++)
		if (texts[i]->p)
			*texts[i] = arena_str(a, *texts[i]);
	for (size_t i = 0; i < l->n; i++) {
		struct ledger_row *r = &l->row[i];

		r->id = arena_str(a, r->id);
		r->message = arena_str(a, r->message);
		r->clause = arena_str(a, r->clause);
		r->unit = arena_str(a, r->unit);
	}
}

static int read_run(struct arena *a, const struct load *l, struct ledger *out, struct err *err)
{
	json_t *root DEFER(load_drop) = load_parse(l, err);
	struct run_result r;

	if (!root || load_check(l, root, err))
		return -1;
	if (json_array_size(json_object_get(root, "variants")) > RECORD_ROWS)
		return load_wrong(l, (struct str){ 0 }, "variants", "at most 50000 of them", err);
	if (load_run(l, root, &r, err) || ledger_of_run(a, &r, out, err))
		return -1;
	out->file = l->path;
	for (size_t i = 1; i < out->n; i++)
		if (str_eq(out->row[i - 1].id, out->row[i].id))
			return load_wrong(l, out->row[i].id, "id", "each id once", err);
	keep(a, out);
	return arena_check(a, err);
}

int ledger_parse(struct arena *a, struct str path, struct str text, struct ledger *out,
		 struct err *err)
{
	struct arena scratch;
	const struct load l = { .a = &scratch, .path = path, .text = text };
	int bad;

	arena_init(&scratch, SCRATCH_MAX);
	bad = read_run(a, &l, out, err);
	arena_free(&scratch);
	return bad;
}

int ledger_read(struct arena *a, struct str path, struct ledger *out, struct err *err)
{
	struct str text;

	if (file_read(a, path, RECORD_MAX, "a results.json", &text, err))
		return -1;
	return ledger_parse(a, path, text, out, err);
}

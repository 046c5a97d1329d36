#include "cli/vectors_report.h"

#include "cli/vectors_json.h"
#include "report/report.h"

#include <jansson.h>
#include <stdlib.h>

#define SCRATCH_MAX (64u << 20)

void vectors_count(struct vectors_run *r)
{
	memset(r->count, 0, sizeof(r->count));
	for (size_t i = 0; i < r->set->n; i++)
		r->count[r->result[i].verdict] += !r->selected || r->selected[i];
}

struct str vector_note(struct arena *a, const struct vector *v)
{
	const struct jv *flag = jv_first(jv_get(v->test, "flags"));
	struct str out = { NULL, 0 };

	for (; flag; flag = flag->next) {
		const struct jv *note = jv_find(v->file->notes, jv_text(flag));
		struct str bug = jv_text(jv_get(note, "bug"));
		struct str effect = jv_text(jv_get(note, "effect"));

		out = arena_fmt(a, "%.*s%s%.*s; then %.*s", STR_ARG(out), out.n ? ". Or " : "",
				STR_ARG(bug), STR_ARG(effect));
	}
	return out;
}

/* --- lines --- */

static const char *const labels[VECTOR_COUNT] = {
	[VECTOR_FAIL] = "FAIL",
	[VECTOR_ERROR] = "ERROR",
	[VECTOR_EXPECTED] = "expected",
	[VECTOR_STALE] = "STALE",
};

static void print_one(FILE *f, const struct vectors_run *r, size_t i, bool quiet)
{
	const struct vector_result *result = &r->result[i];
	const char *label = labels[result->verdict];
	struct arena a;
	struct str note;

	if (!label || (quiet && result->verdict == VECTOR_EXPECTED))
		return;
	arena_init(&a, SCRATCH_MAX);
	note = result->verdict == VECTOR_FAIL ? vector_note(&a, &r->set->v[i]) : STR("");
	fprintf(f, "%s %.*s: %.*s", label, STR_ARG(r->set->v[i].id), STR_ARG(result->message));
	if (note.n)
		fprintf(f, " (hunted: %.*s)", STR_ARG(text_clean(&a, note, 2000)));
	fputc('\n', f);
	arena_free(&a);
}

void vectors_print(FILE *f, const struct vectors_run *r, bool quiet)
{
	size_t n = 0;

	for (size_t i = 0; i < r->set->n; i++) {
		if (r->selected && !r->selected[i])
			continue;
		print_one(f, r, i, quiet);
		n++;
	}
	if (r->adapter.n)
		fprintf(f, "%.*s%s%.*s: ", STR_ARG(r->adapter), r->version.n ? " " : "",
			STR_ARG(r->version));
	fprintf(f, "%zu vectors: %zu right", n, r->count[VECTOR_PASS]);
	for (int v = VECTOR_FAIL; v < VECTOR_COUNT; v++)
		if (r->count[v])
			fprintf(f, ", %zu %s", r->count[v],
				vector_verdict_name((enum vector_verdict)v));
	fputc('\n', f);
}

/* --- JSON --- */

static json_t *string(struct str s)
{
	return json_stringn(s.p ? s.p : "", s.n);
}

static json_t *flags(const struct vector *v)
{
	const struct jv *flag = jv_first(jv_get(v->test, "flags"));
	json_t *list = json_array();

	for (; flag; flag = flag->next)
		json_array_append_new(list, string(jv_text(flag)));
	return list;
}

static json_t *result_object(struct arena *a, const struct vectors_run *r, size_t i)
{
	const struct vector *v = &r->set->v[i];
	const struct vector_result *result = &r->result[i];
	json_t *o = json_object();

	json_object_set_new(o, "id", string(v->id));
	json_object_set_new(o, "file", string(v->file->name));
	json_object_set_new(o, "operation", json_string(v->op->name));
	json_object_set_new(o, "group", string(jv_text(jv_get(v->group, "about"))));
	json_object_set_new(o, "flags", flags(v));
	json_object_set_new(o, "source", string(jv_text(jv_get(v->test, "source"))));
	json_object_set_new(o, "verdict", json_string(vector_verdict_name(result->verdict)));
	json_object_set_new(o, "message", string(result->message));
	if (result->verdict == VECTOR_FAIL)
		json_object_set_new(o, "note", string(text_clean(a, vector_note(a, v), 2000)));
	return o;
}

static json_t *counts(const struct vectors_run *r)
{
	json_t *o = json_object();

	for (int v = VECTOR_PASS; v < VECTOR_COUNT; v++)
		json_object_set_new(o, vector_verdict_name((enum vector_verdict)v),
				    json_integer((json_int_t)r->count[v]));
	return o;
}

static json_t *record(struct arena *a, const struct vectors_run *r)
{
	json_t *root = json_object(), *results = json_array();

	json_object_set_new(root, "format", json_integer(1));
	json_object_set_new(root, "tool", json_string("countersign " COUNTERSIGN_VERSION));
	json_object_set_new(root, "adapter", string(text_clean(a, r->adapter, 200)));
	json_object_set_new(root, "version", string(text_clean(a, r->version, 200)));
	json_object_set_new(root, "took_ms", json_integer(r->took_ms));
	json_object_set_new(root, "counts", counts(r));
	for (size_t i = 0; i < r->set->n; i++)
		if (!r->selected || r->selected[i])
			json_array_append_new(results, result_object(a, r, i));
	json_object_set_new(root, "results", results);
	return root;
}

int vectors_json(const struct vectors_run *r, const char *path, struct err *err)
{
	struct arena a;
	json_t *root;
	char *text;
	int bad;

	arena_init(&a, SCRATCH_MAX);
	root = record(&a, r);
	text = json_dumps(root, JSON_INDENT(1));
	json_decref(root);
	if (!text)
		bad = err_set(err, ERR_NOMEM, "no memory for the JSON report");
	else
		bad = file_replace(path, arena_concat(&a, str(text), STR("\n")), err) ||
		      arena_check(&a, err);
	free(text);
	arena_free(&a);
	return bad ? -1 : 0;
}

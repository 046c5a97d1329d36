#include "report/ledger.h"

#include "report/report.h"

#include "auth/datetime.h"

#include <jansson.h>
#include <stdlib.h>

#define FORMAT 1 /* of results.json: this reader knows no other */

struct reading {
	struct arena *a;
	struct str path, text;
	struct str id; /* of the variant at hand; .p NULL: none yet */
	struct err *err;
};

static void drop_json(json_t **root)
{
	json_decref(*root);
}

/* --- errors --- */

/* jansson keeps no places: the line is that of the variant's id, the first one before that. */
static int line_of(const struct reading *r)
{
	struct str before = str_sub(r->text, 0, r->id.p ? str_find(r->text, r->id) : 0);
	int line = 1;

	if (before.n == r->text.n)
		return 1; /* spelled with escapes */
	for (size_t i = 0; i < before.n; i++)
		line += before.p[i] == '\n';
	return line;
}

static int complain(const struct reading *r, const char *member, const char *what)
{
	return err_set(r->err, ERR_INPUT, "%.*s:%d: %s%.*s%s%s, expected %s", STR_ARG(r->path),
		       line_of(r), r->id.p ? "variant " : "", STR_ARG(str_sub(r->id, 0, 120)),
		       r->id.p ? ": " : "", member, what);
}

/* --- members --- */

static int text_of(const struct reading *r, const json_t *o, const char *name, bool needed,
		   struct str *out)
{
	const json_t *v = json_object_get(o, name);

	*out = (struct str){ 0 };
	if ((!v || json_is_null(v)) && !needed)
		return 0;
	if (!json_is_string(v) || (needed && !json_string_length(v)))
		return complain(r, name, "a text");
	*out = arena_str(r->a, str_n(json_string_value(v), json_string_length(v)));
	return 0;
}

static int number_of(const struct reading *r, const json_t *o, const char *name, int64_t *out)
{
	const json_t *v = json_object_get(o, name);

	if (!json_is_integer(v))
		return complain(r, name, "an integer");
	*out = json_integer_value(v);
	return 0;
}

static int word_of(const struct reading *r, const json_t *o, const char *name,
		   const char *(*at)(int i), int n, int *out)
{
	const char *word = json_string_value(json_object_get(o, name));

	for (*out = 0; word && *out < n; (*out)++)
		if (strcmp(word, at(*out)) == 0)
			return 0;
	return complain(r, name, "one of the words of reports/results.schema.json");
}

/* --- a variant --- */

static int read_decision(const struct reading *r, const json_t *o, struct ledger_row *out)
{
	int verdict, reason, outcome = 0;

	out->has_outcome = json_is_string(json_object_get(o, "outcome"));
	if (word_of(r, o, "verdict", verdict_at, VERDICTS, &verdict) ||
	    word_of(r, o, "reason", reason_at, REASONS, &reason) ||
	    (out->has_outcome && word_of(r, o, "outcome", outcome_at, OUTCOMES, &outcome)))
		return -1;
	out->verdict = (enum verdict)verdict;
	out->reason = (enum reason)reason;
	out->outcome = (enum outcome)outcome;
	return 0;
}

static int read_measure(const struct reading *r, const json_t *m, struct ledger_row *out)
{
	if (!m || json_is_null(m))
		return 0;
	out->measured = true;
	out->at_limit = json_is_true(json_object_get(m, "at_limit"));
	return number_of(r, m, "value", &out->value) || text_of(r, m, "unit", false, &out->unit)
		       ? -1
		       : 0;
}

static int read_row(struct reading *r, const json_t *o, struct ledger_row *out)
{
	r->id = (struct str){ 0 };
	if (text_of(r, o, "id", true, &out->id))
		return -1;
	r->id = out->id;
	out->waived = json_is_object(json_object_get(o, "waiver"));
	return number_of(r, o, "rev", &out->rev) || read_decision(r, o, out) ||
			       text_of(r, o, "message", false, &out->message) ||
			       text_of(r, o, "clause", false, &out->clause) ||
			       read_measure(r, json_object_get(o, "measure"), out)
		       ? -1
		       : 0;
}

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

static int read_rows(struct reading *r, const json_t *list, struct ledger *out)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list))
		return complain(r, "variants", "a list");
	if (n > RECORD_ROWS)
		return complain(r, "variants", "at most 50000 of them");
	out->row = arena_array(r->a, struct ledger_row, n + 1);
	if (!out->row)
		return arena_check(r->a, r->err);
	for (; out->n < n; out->n++)
		if (read_row(r, json_array_get(list, out->n), &out->row[out->n]))
			return -1;
	sort(out);
	for (size_t i = 1; i < out->n; i++) {
		r->id = out->row[i].id;
		if (str_eq(out->row[i - 1].id, r->id))
			return complain(r, "id", "each id once");
	}
	r->id = (struct str){ 0 };
	return 0;
}

/* --- the file --- */

static int read_head(const struct reading *r, const json_t *root, struct ledger *out)
{
	static const char *const names[] = { "manufacturer", "model", "firmware", "serial" };
	const json_t *identity = json_object_get(json_object_get(root, "survey"), "identity");

	if (!json_is_object(root) || json_integer_value(json_object_get(root, "format")) != FORMAT)
		return complain(r, "format",
				"1: a results.json, as countersign run --json writes "
				"it");
	for (size_t i = 0; i < COUNT(names); i++)
		if (text_of(r, identity, names[i], false, &out->identity[i]))
			return -1;
	return text_of(r, root, "tool", false, &out->tool) ||
			       text_of(r, root, "target", true, &out->target) ||
			       text_of(r, root, "profile", false, &out->profile) ||
			       text_of(r, root, "catalogue_sha256", false,
				       &out->catalogue_sha256) ||
			       text_of(r, root, "started", true, &out->started)
		       ? -1
		       : 0;
}

int ledger_parse(struct arena *a, struct str path, struct str text, struct ledger *out,
		 struct err *err)
{
	struct reading r = { .a = a, .path = path, .text = text, .err = err };
	json_error_t at;
	json_t *root DEFER(drop_json) =
		json_loadb(text.p ? text.p : "", text.n, JSON_REJECT_DUPLICATES, &at);

	*out = (struct ledger){ .file = path };
	if (!root)
		return err_set(err, ERR_INPUT, "%.*s:%d: %s, expected a results.json",
			       STR_ARG(path), at.line > 0 ? at.line : 1, at.text);
	if (read_head(&r, root, out) || read_rows(&r, json_object_get(root, "variants"), out))
		return -1;
	return arena_check(a, err);
}

int ledger_read(struct arena *a, struct str path, struct ledger *out, struct err *err)
{
	struct str text;

	if (file_read(a, path, RECORD_MAX, "a results.json", &text, err))
		return -1;
	return ledger_parse(a, path, text, out, err);
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

#include "report/load.h"

#include "auth/datetime.h"

#include <stdlib.h>

#define FORMAT 1 /* of results.json: this reader knows no other */

json_t *load_parse(const struct load *l, struct err *err)
{
	json_error_t at;
	json_t *root =
		json_loadb(l->text.p ? l->text.p : "", l->text.n, JSON_REJECT_DUPLICATES, &at);

	if (!root)
		err_set(err, ERR_INPUT, "%.*s:%d: %s, expected what countersign run --json writes",
			STR_ARG(l->path), at.line > 0 ? at.line : 1, at.text);
	return root;
}

void load_drop(json_t **o)
{
	json_decref(*o);
}

/* --- members --- */

/* jansson keeps no places: the line is that of the variant's id. */
int load_wrong(const struct load *l, struct str id, const char *member, const char *expected,
	       struct err *err)
{
	size_t at = id.n && l->text.p ? str_find(l->text, id) : 0;
	int line = 1;

	for (size_t i = 0; at != (size_t)-1 && i < at; i++)
		line += l->text.p[i] == '\n';
	return err_set(err, ERR_INPUT, "%.*s:%d: %s%.*s%s%s, expected %s", STR_ARG(l->path), line,
		       id.n ? "variant " : "", STR_ARG(str_sub(id, 0, 120)), id.n ? ": " : "",
		       member, expected);
}

static struct str view(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v))
				 : (struct str){ 0 };
}

/* .p NULL for null. */
static struct str text(const struct load *l, const json_t *o, const char *name)
{
	struct str v = view(o, name);

	return v.p ? arena_str(l->a, v) : v;
}

static struct str text_or_empty(const struct load *l, const json_t *o, const char *name)
{
	struct str v = text(l, o, name);

	return v.p ? v : STR("");
}

static int64_t number(const json_t *o, const char *name)
{
	return json_integer_value(json_object_get(o, name)); /* 0 for anything else */
}

static const char *level_at(int i)
{
	return level_name((enum level)i);
}

/* -1: none of them. */
static int word(struct str s, const char *(*at)(int i), int n)
{
	for (int i = 0; s.p && i < n; i++)
		if (str_eq(s, str(at(i))))
			return i;
	return -1;
}

static bool datetime_ok(struct str s)
{
	struct datetime t;
	struct err ignored = { 0 };

	return datetime_parse(s, &t, &ignored) == 0;
}

static int64_t moment(struct str s)
{
	struct datetime t;
	struct err ignored = { 0 };

	return s.p && datetime_parse(s, &t, &ignored) == 0 ? t.unix_ms : 0;
}

/* --- is it one? --- */

static int check_variant(const struct load *l, const json_t *v, struct err *err)
{
	static const char *const texts[] = { "case", "family", "title" };
	struct str id = view(v, "id"), outcome = view(v, "outcome");
	const json_t *measure = json_object_get(v, "measure");

	if (!id.n)
		return load_wrong(l, id, "id of a variant", "a text", err);
	for (size_t i = 0; i < COUNT(texts); i++)
		if (!view(v, texts[i]).p)
			return load_wrong(l, id, texts[i], "a text", err);
	if (word(view(v, "verdict"), verdict_at, VERDICTS) < 0)
		return load_wrong(l, id, "verdict",
				  "one of the words of reports/results.schema.json", err);
	if (word(view(v, "reason"), reason_at, REASONS) < 0)
		return load_wrong(l, id, "reason",
				  "one of the words of reports/results.schema.json", err);
	if (outcome.p && word(outcome, outcome_at, OUTCOMES) < 0)
		return load_wrong(l, id, "outcome",
				  "one of the words of reports/results.schema.json", err);
	if (!json_is_integer(json_object_get(v, "rev")))
		return load_wrong(l, id, "rev", "an integer", err);
	if (json_is_object(measure) && !json_is_integer(json_object_get(measure, "value")))
		return load_wrong(l, id, "value", "an integer", err);
	if (!json_is_array(json_object_get(v, "steps")))
		return load_wrong(l, id, "steps", "a list", err);
	return 0;
}

int load_check(const struct load *l, const json_t *o, struct err *err)
{
	static const char *const texts[] = { "target", "kind", "user", "seed", "started" };
	const struct str run = { 0 };
	const json_t *list = json_object_get(o, "variants");

	if (!json_is_object(o) || number(o, "format") != FORMAT || !json_is_array(list))
		return load_wrong(l, run, "format", "1: what countersign run --json writes", err);
	for (size_t i = 0; i < COUNT(texts); i++)
		if (!view(o, texts[i]).p)
			return load_wrong(l, run, texts[i], "a text", err);
	if (!datetime_ok(view(o, "started")))
		return load_wrong(l, run, "started", "a moment of UTC", err);
	if (!json_is_integer(json_object_get(o, "exit_code")) || number(o, "exit_code") < 0 ||
	    number(o, "exit_code") > 6)
		return load_wrong(l, run, "exit_code", "0 to 6", err);
	for (size_t i = 0; i < json_array_size(list); i++)
		if (check_variant(l, json_array_get(list, i), err))
			return -1;
	return 0;
}

/* --- a variant --- */

static void load_step(const struct load *l, const json_t *o, struct step_result *s)
{
	int outcome = word(view(o, "outcome"), outcome_at, OUTCOMES);
	bool control = !json_is_integer(json_object_get(o, "step")); /* null: no step of its case */

	*s = (struct step_result){ .role = text_or_empty(l, o, "role").p,
				   .step = control ? -1 : (int)number(o, "step"),
				   .outcome =
					   outcome < 0 ? OUTCOME_MALFORMED : (enum outcome)outcome,
				   .status = (int)number(o, "status"),
				   .number = number(o, "number"),
				   .fate = WIRE_ANSWERED,
				   .why = text(l, o, "why"),
				   .sent_ms = number(o, "sent_ms"),
				   .took_ms = number(o, "took_ms"),
				   .wall_ms = moment(view(o, "wall")),
				   .device_ms = moment(view(o, "device")),
				   .summary = text_or_empty(l, o, "summary"),
				   .sent = text(l, o, "sent"),
				   .received = text(l, o, "received") };
}

static int load_steps(const struct load *l, const json_t *o, struct variant_result *v)
{
	const json_t *list = json_object_get(o, "steps"), *at = json_object_get(o, "deciding");
	size_t n = json_array_size(list);

	v->step = arena_array(l->a, struct step_result, n + 1);
	if (!v->step)
		return -1;
	for (; v->n_step < n; v->n_step++)
		load_step(l, json_array_get(list, v->n_step), &v->step[v->n_step]);
	v->deciding = json_is_integer(at) && json_integer_value(at) >= 0 &&
				      json_integer_value(at) < (json_int_t)n
			      ? (int)json_integer_value(at)
			      : -1;
	return 0;
}

static int load_measure(const struct load *l, const json_t *o, struct variant_result *v)
{
	const json_t *m = json_object_get(o, "measure"), *more = json_object_get(m, "more");
	size_t n = json_array_size(more);
	struct measured_number *list = arena_array(l->a, struct measured_number, n + 1);

	if (!list)
		return -1;
	v->measured = json_is_object(m);
	v->value = number(m, "value");
	v->at_limit = json_is_true(json_object_get(m, "at_limit"));
	v->more = list;
	for (; v->n_more < n; v->n_more++) {
		const json_t *one = json_array_get(more, v->n_more);

		list[v->n_more] = (struct measured_number){ text_or_empty(l, one, "name").p,
							    number(one, "value"),
							    text_or_empty(l, one, "unit").p };
	}
	return 0;
}

static const struct cite *load_cite(const struct load *l, const json_t *o,
				    const struct suite_case *c)
{
	int level = word(view(o, "level"), level_at, LEVEL_COUNT);
	struct str clause = view(o, "clause");
	struct cite *own;

	if (level < 0 || !clause.p)
		return NULL;
	for (size_t i = 0; i < c->n_cite; i++)
		if (str_eq(c->cite[i].clause, clause) && c->cite[i].level == (enum level)level)
			return &c->cite[i];
	own = arena_new(l->a, struct cite);
	if (own)
		*own = (struct cite){ arena_str(l->a, clause), (enum level)level };
	return own;
}

/* What the file tells of a case that the catalogue does not have, or not so. */
static const struct suite_case *told_case(const struct load *l, const json_t *o)
{
	const json_t *measure = json_object_get(o, "measure");
	struct suite_case *c = arena_new(l->a, struct suite_case);
	struct suite_measure *m = arena_new(l->a, struct suite_measure);
	const struct cite *cite;

	if (!c || !m)
		return NULL;
	c->id = text(l, o, "case");
	c->family = text(l, o, "family");
	c->rev = (int)number(o, "rev");
	c->title = text(l, o, "title");
	c->why = text_or_empty(l, o, "why");
	c->remedy = text_or_empty(l, o, "remedy");
	if (json_is_object(measure)) {
		m->property = text_or_empty(l, measure, "property");
		m->unit = text_or_empty(l, measure, "unit");
		c->measure = m;
	}
	cite = load_cite(l, o, c);
	c->cite = (struct cite *)(uintptr_t)cite;
	c->n_cite = cite != NULL;
	return c;
}

static const struct suite_variant *load_case(const struct load *l, const json_t *o, bool ours)
{
	const struct suite_case *c = ours ? catalogue_case(l->catalogue, view(o, "case")) : NULL;
	struct suite_variant *v = arena_new(l->a, struct suite_variant);

	if (!v || !(c = c ? c : told_case(l, o)))
		return NULL;
	v->c = c;
	v->id = text(l, o, "id");
	return v;
}

static int load_waiver(const struct load *l, const json_t *o, struct variant_result *v)
{
	const json_t *w = json_object_get(o, "waiver");
	struct waiver_note *n = arena_new(l->a, struct waiver_note);

	if (!n)
		return -1;
	if (!json_is_object(w))
		return 0;
	*n = (struct waiver_note){ text_or_empty(l, w, "reason"), text_or_empty(l, w, "ticket"),
				   text_or_empty(l, w, "owner"), text_or_empty(l, w, "until"),
				   (int)number(w, "line") };
	v->waiver = n;
	return 0;
}

static int load_variant(const struct load *l, const json_t *o, bool ours, struct variant_result *v)
{
	int outcome = word(view(o, "outcome"), outcome_at, OUTCOMES);

	v->variant = load_case(l, o, ours);
	if (!v->variant)
		return -1;
	v->verdict = (enum verdict)word(view(o, "verdict"), verdict_at, VERDICTS);
	v->reason = (enum reason)word(view(o, "reason"), reason_at, REASONS);
	v->gates = json_is_true(json_object_get(o, "gates"));
	v->cite = load_cite(l, o, v->variant->c);
	v->has_outcome = outcome >= 0;
	v->outcome = outcome < 0 ? OUTCOME_ACCEPTED : (enum outcome)outcome;
	v->message = text_or_empty(l, o, "message");
	v->form = text(l, o, "form");
	v->curl = text(l, o, "curl");
	v->failed_logins = (int)number(o, "failed_logins");
	v->started_ms = number(o, "started_ms");
	v->took_ms = number(o, "took_ms");
	return load_steps(l, o, v) || load_measure(l, o, v) || load_waiver(l, o, v) ? -1 : 0;
}

/* --- the run --- */

static int load_overlays(const struct load *l, const json_t *o, struct run_result *out)
{
	const json_t *w = json_object_get(o, "waivers"), *problems = json_object_get(w, "problems");
	const json_t *p = json_object_get(o, "cause_page"), *todo = json_object_get(p, "todo");
	struct waiver_report *report = arena_new(l->a, struct waiver_report);
	struct cause *page = arena_new(l->a, struct cause);
	size_t n = json_array_size(problems);

	if (!report || !page || !(report->problem = arena_array(l->a, struct str, n + 1)))
		return -1;
	report->file = text_or_empty(l, w, "file");
	report->elsewhere = (size_t)number(w, "elsewhere");
	for (; report->n_problem < n; report->n_problem++)
		report->problem[report->n_problem] = arena_str(
			l->a, str(json_string_value(json_array_get(problems, report->n_problem))));
	out->waivers = json_is_object(w) ? report : NULL;
	page->id = text_or_empty(l, p, "id");
	page->title = text_or_empty(l, p, "title");
	page->what = text_or_empty(l, p, "what");
	for (size_t i = 0; i < json_array_size(todo) && i < CAUSE_TODO_MAX; i++)
		page->todo[page->n_todo++] =
			arena_str(l->a, str(json_string_value(json_array_get(todo, i))));
	out->cause_page = json_is_object(p) ? page : NULL;
	return 0;
}

static void load_head(const struct load *l, const json_t *o, struct run_result *out)
{
	static const char *const names[] = { "manufacturer", "model", "firmware", "serial" };
	const json_t *identity = json_object_get(json_object_get(o, "survey"), "identity");
	const json_t *cause = json_object_get(o, "cause"), *in = json_object_get(o, "inventory");
	int reason = word(view(cause, "reason"), reason_at, REASONS);

	out->target = text(l, o, "target");
	out->kind = text(l, o, "kind");
	out->user = text(l, o, "user");
	out->seed = text(l, o, "seed");
	out->started_wall_ms = moment(view(o, "started"));
	out->took_ms = number(o, "took_ms");
	out->failed_logins = (int)number(o, "failed_logins");
	out->exchanges = (size_t)number(o, "exchanges");
	out->exit_code = (int)number(o, "exit_code");
	out->budget = text(l, o, "budget");
	out->cause = text(l, cause, "text");
	out->cause_reason = reason < 0 ? REASON_NONE : (enum reason)reason;
	for (size_t i = 0; i < COUNT(names); i++)
		out->survey.identity[i] = text(l, identity, names[i]);
	out->place = (struct inventory_place){ text(l, in, "device"), text(l, in, "vendor"),
					       text(l, in, "model"), (int)number(in, "index"),
					       (int)number(in, "total") };
}

/* The profile by its id, the catalogue by its sum: true when it is the one at hand. */
static bool load_catalogue(const struct load *l, const json_t *o, struct run_result *out)
{
	struct str sum = view(o, "catalogue_sha256"), id = text(l, o, "profile");
	struct profile *p = arena_new(l->a, struct profile);
	struct catalogue *c = arena_new(l->a, struct catalogue);
	bool ours = l->catalogue && str_eq(sum, str(l->catalogue->sha256));

	if (p && id.p) {
		p->id = id;
		out->profile = p;
	}
	if (c && sum.n < sizeof(c->sha256))
		memcpy(c->sha256, sum.p ? sum.p : "", sum.n);
	out->catalogue = ours ? l->catalogue : sum.p ? c : NULL;
	return ours;
}

int load_run(const struct load *l, const json_t *o, struct run_result *out, struct err *err)
{
	const json_t *list = json_object_get(o, "variants");
	size_t n = json_array_size(list);
	bool ours;

	*out = (struct run_result){ 0 };
	load_head(l, o, out);
	ours = load_catalogue(l, o, out);
	out->variant = arena_array(l->a, struct variant_result, n + 1);
	if (!out->variant || load_overlays(l, o, out))
		return arena_check(l->a, err);
	for (; out->n_variant < n; out->n_variant++) {
		struct variant_result *v = &out->variant[out->n_variant];

		if (load_variant(l, json_array_get(list, out->n_variant), ours, v))
			return arena_check(l->a, err);
		out->count[v->verdict] += !v->waiver;
		out->waived += v->waiver != NULL;
	}
	return arena_check(l->a, err);
}

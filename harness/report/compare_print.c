/* compare_print.c - a comparison for people, and as JSON. */
#include "report/compare.h"
#include "report/json.h"
#include "report/print.h"

#include <inttypes.h>
#include <stdlib.h>

#define INDENT      20
#define SCRATCH_MAX (64u << 20)
#define SHOWN       60 /* rows of "new" and "gone" on the console */

static const enum print_style styles[CHANGES] = {
	[CHANGE_REGRESSED] = STYLE_BAD,
	[CHANGE_INCONCLUSIVE] = STYLE_ODD,
	[CHANGE_OTHER] = STYLE_WARN,
	[CHANGE_FIXED] = STYLE_GOOD,
};

/* "fail decision accepted", "pass", "absent", with " (waived)", and the number of a measure. */
static struct str state(struct arena *a, const struct ledger_row *r)
{
	struct str out;

	if (!r)
		return STR("absent");
	out = str(verdict_name(r->verdict));
	if (r->reason != REASON_NONE)
		out = arena_fmt(a, "%.*s %s", STR_ARG(out), reason_name(r->reason));
	if (r->has_outcome && r->verdict != VERDICT_PASS)
		out = arena_fmt(a, "%.*s %s", STR_ARG(out), outcome_name(r->outcome));
	if (r->waived)
		out = arena_fmt(a, "%.*s (waived)", STR_ARG(out));
	if (r->measured)
		out = arena_fmt(a, "%.*s, %s%" PRId64 " %.*s", STR_ARG(out),
				r->at_limit ? "at least " : "", r->value,
				STR_ARG(write_own(a, r->unit, 40)));
	return out;
}

static struct str id_of(const struct change_row *c)
{
	return c->after ? c->after->id : c->before->id;
}

static void print_change(struct printer *p, const struct change_row *c)
{
	struct str line =
		arena_fmt(&p->a, "%.*s: %.*s -> %.*s", STR_ARG(write_own(&p->a, id_of(c), 400)),
			  STR_ARG(state(&p->a, c->before)), STR_ARG(state(&p->a, c->after)));

	if (c->kind == CHANGE_REV)
		line = arena_fmt(&p->a, "%.*s, revision %" PRId64 " -> %" PRId64, STR_ARG(line),
				 c->before->rev, c->after->rev);
	print_styled(p, styles[c->kind], change_name(c->kind));
	fprintf(p->f, "%*s", INDENT - (int)strlen(change_name(c->kind)), "");
	print_wrapped(p, INDENT, INDENT, line);
	if (c->kind != CHANGE_REGRESSED)
		return;
	fprintf(p->f, "%*s", INDENT, "");
	print_wrapped(p, INDENT, INDENT, write_line(&p->a, p->redactor, c->after->message, 1000));
}

/* What is not the same of the two runs themselves, since verdicts may differ for that. */
static void print_difference(struct printer *p, const char *what, struct str x, struct str y)
{
	if (str_eq(x, y))
		return;
	fprintf(p->f, "%-*s", INDENT, what);
	print_wrapped(p, INDENT, INDENT,
		      arena_fmt(&p->a, "%.*s -> %.*s",
				STR_ARG(x.n ? write_line(&p->a, p->redactor, x, 200) : STR("?")),
				STR_ARG(y.n ? write_line(&p->a, p->redactor, y, 200) : STR("?"))));
}

static void print_head(struct printer *p, const struct comparison *c)
{
	print_difference(p, "compared", c->before->file, c->after->file);
	print_difference(p, "target", c->before->target, c->after->target);
	print_difference(p, "model", c->before->identity[1], c->after->identity[1]);
	print_difference(p, "firmware", c->before->identity[2], c->after->identity[2]);
	print_difference(p, "profile", c->before->profile, c->after->profile);
	print_difference(p, "catalogue", c->before->catalogue_sha256, c->after->catalogue_sha256);
	fputc('\n', p->f);
}

void console_comparison(FILE *f, const struct comparison *c, const struct redactor *redactor,
			const struct console_options *o)
{
	struct arena unused = { 0 };
	size_t shown[CHANGES] = { 0 };
	const char *before = "";
	struct printer p;

	print_start(&p, f, redactor, o);
	print_head(&p, c);
	for (size_t i = 0; i < c->n; i++) {
		enum change kind = c->row[i].kind;

		if (shown[kind]++ < SHOWN || kind <= CHANGE_REV)
			print_change(&p, &c->row[i]);
		else if (shown[kind] == SHOWN + 1)
			fprintf(f, "%-*sand %zu more\n", INDENT, change_name(kind),
				c->count[kind] - SHOWN);
		write_recycle(&p.a, &unused);
	}
	print_styled(&p, c->count[CHANGE_REGRESSED] ? STYLE_BAD : STYLE_GOOD,
		     c->count[CHANGE_REGRESSED] ? "REGRESSED " : "NO REGRESSION ");
	for (int k = 0; k < CHANGES; k++) {
		if (!c->count[k])
			continue;
		fprintf(f, "%s%zu %s", before, c->count[k], change_name((enum change)k));
		before = ", ";
	}
	fprintf(f, "%s%zu the same; a measure drifts by more than %" PRId64 " %%\n", before,
		c->same, c->drift_percent);
	print_end(&p);
}

/* --- JSON --- */

static json_t *side(struct json_writer *w, const struct ledger *r)
{
	json_t *o = json_object();

	json_put_optional(w, o, "file", r->file);
	json_put_optional(w, o, "target", r->target);
	json_put_optional(w, o, "firmware", r->identity[2]);
	json_put_optional(w, o, "profile", r->profile);
	json_put_optional(w, o, "catalogue_sha256", r->catalogue_sha256);
	json_put_optional(w, o, "started", r->started);
	return o;
}

static json_t *row(struct json_writer *w, const struct ledger_row *r)
{
	json_t *o;

	if (!r)
		return json_null();
	o = json_object();
	json_put_int(w, o, "rev", r->rev);
	json_put_own(w, o, "verdict", str(verdict_name(r->verdict)));
	json_put_own(w, o, "reason", str(reason_name(r->reason)));
	json_put(w, o, "outcome",
		 r->has_outcome ? json_string(outcome_name(r->outcome)) : json_null());
	json_put_bool(w, o, "waived", r->waived);
	json_put_text(w, o, "message", r->message, 1000);
	json_put(w, o, "value", r->measured ? json_integer(r->value) : json_null());
	json_put_optional(w, o, "unit",
			  r->measured ? write_own(&w->a, r->unit, 40) : (struct str){ 0 });
	return o;
}

static json_t *changes(struct json_writer *w, const struct comparison *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n; i++) {
		json_t *o = json_object();

		json_put_own(w, o, "id", id_of(&c->row[i]));
		json_put_own(w, o, "change", str(change_name(c->row[i].kind)));
		json_put(w, o, "before", row(w, c->row[i].before));
		json_put(w, o, "after", row(w, c->row[i].after));
		json_append(w, list, o);
	}
	return list;
}

static json_t *counts(struct json_writer *w, const struct comparison *c)
{
	json_t *o = json_object();

	for (int k = 0; k < CHANGES; k++)
		json_put_int(w, o, change_name((enum change)k), (int64_t)c->count[k]);
	json_put_int(w, o, "same", (int64_t)c->same);
	return o;
}

int report_comparison(const struct comparison *c, const struct report_options *o, const char *path,
		      struct err *err)
{
	struct json_writer w = { .redactor = o->redactor };
	json_t *root = json_object();

	arena_init(&w.a, SCRATCH_MAX);
	json_put_int(&w, root, "format", 1);
	json_put_text(&w, root, "tool", o->tool, 200);
	json_put(&w, root, "before", side(&w, c->before));
	json_put(&w, root, "after", side(&w, c->after));
	json_put_int(&w, root, "drift_percent", c->drift_percent);
	json_put(&w, root, "counts", counts(&w, c));
	json_put(&w, root, "changes", changes(&w, c));
	return json_finish(&w, root, path, err);
}

/* tap.c - TAP version 14: one test point per variant, its finding as a YAML block. */
#include "report/tap.h"

#define DOCUMENT_MAX (256u << 20)

struct tap {
	struct buf b;
	struct arena a, keep;
	const struct run_result *r;
	const struct report_options *o;
	size_t n; /* test points so far */
	bool bad; /* one of them is "not ok" */
};

/* A description ends at " #". */
void tap_description(struct buf *b, struct str clean)
{
	for (size_t i = 0; i < clean.n; i++) {
		if (clean.p[i] == '#' || clean.p[i] == '\\')
			buf_char(b, '\\');
		buf_char(b, clean.p[i]);
	}
}

/* `  key: "text"`; a double-quoted scalar on one line cannot end the block.  "##[" would be a
 * command to CI services that read standard output.
 */
static void yaml_text(struct buf *b, struct str clean)
{
	buf_char(b, '"');
	for (size_t i = 0; i < clean.n; i++) {
		char c = clean.p[i];

		if (c == '#' && i + 1 < clean.n && strchr("#[", clean.p[i + 1])) {
			buf_puts(b, "\\u0023");
			continue;
		}
		if (c == '"' || c == '\\')
			buf_char(b, '\\');
		buf_char(b, c);
	}
	buf_puts(b, "\"\n");
}

static void yaml(struct tap *t, const char *key, struct str clean)
{
	if (!clean.n)
		return;
	buf_fmt(&t->b, "  %s: ", key);
	yaml_text(&t->b, clean);
}

static void yaml_steps(struct tap *t, const struct variant_result *v)
{
	if (v->n_step)
		buf_puts(&t->b, "  steps:\n");
	for (size_t i = 0; i < v->n_step; i++) {
		const struct step_result *s = &v->step[i];
		struct str sent = write_line(&t->a, t->o->redactor, s->summary, 400);

		buf_fmt(&t->b,
			"    %zu: ", i + 1); /* no list: Perl's reader takes "- \"a: b\"" ill */
		yaml_text(&t->b, arena_fmt(&t->a, "%s: %.*s -> %.*s", s->role ? s->role : "step",
					   STR_ARG(sent), STR_ARG(write_step_answer(&t->a, s))));
	}
}

static void diagnostics(struct tap *t, const struct variant_result *v)
{
	const struct suite_case *c = v->variant->c;

	buf_puts(&t->b, "  ---\n");
	yaml(t, "verdict", str(verdict_name(v->verdict)));
	yaml(t, "reason", str(reason_name(v->reason)));
	yaml(t, "message", write_message(&t->a, t->o->redactor, v, 1000));
	yaml(t, "form", write_line(&t->a, t->o->redactor, v->form, 400));
	if (v->cite) {
		yaml(t, "level", str(level_name(v->cite->level)));
		yaml(t, "clause", write_clause(&t->a, t->r, v->cite));
	}
	yaml(t, "why", write_own(&t->a, c->why, 1000));
	if (v->verdict == VERDICT_FAIL || v->verdict == VERDICT_WARN)
		yaml(t, "remedy", write_own(&t->a, c->remedy, 1000));
	yaml_steps(t, v);
	buf_puts(&t->b, "  ...\n");
}

static void measured(struct tap *t, const struct variant_result *v)
{
	buf_puts(&t->b, "  ---\n");
	yaml(t, "property", write_own(&t->a, v->variant->c->measure->property, 200));
	yaml(t, "measured", write_measure(&t->a, v));
	for (size_t i = 0; i < v->n_more; i++)
		yaml(t, v->more[i].name, write_number(&t->a, &v->more[i]));
	buf_puts(&t->b, "  ...\n");
}

static void point(struct tap *t, bool ok, struct str id, struct str title)
{
	t->bad = t->bad || !ok;
	buf_fmt(&t->b, "%sok %zu - ", ok ? "" : "not ", ++t->n);
	tap_description(&t->b, id);
	if (title.n) {
		buf_char(&t->b, ' ');
		tap_description(&t->b, title);
	}
}

static void write_variant(struct tap *t, const struct variant_result *v)
{
	bool skip = v->verdict == VERDICT_SKIP || v->waiver;
	bool ok = skip || v->verdict == VERDICT_PASS || v->verdict == VERDICT_WARN;

	point(t, ok, write_own(&t->a, v->variant->id, 400),
	      write_own(&t->a, v->variant->c->title, 400));
	if (skip) {
		buf_puts(&t->b, " # SKIP ");
		tap_description(&t->b,
				v->waiver ? write_waiver(&t->a, t->o->redactor, v)
					  : write_message(&t->a, t->o->redactor, v, WRITE_MESSAGE));
	}
	buf_char(&t->b, '\n');
	if (v->verdict != VERDICT_SKIP && v->verdict != VERDICT_PASS)
		diagnostics(t, v);
	else if (v->measured && v->variant->c->measure)
		measured(t, v);
	write_recycle(&t->a, &t->keep);
}

static void explanation(struct tap *t)
{
	const struct cause *c = t->r->cause_page;

	if (!c)
		return;
	yaml(t, "cause", write_own(&t->a, c->title, 400));
	yaml(t, "because", write_line(&t->a, t->o->redactor, c->what, 1000));
	if (c->n_todo)
		buf_puts(&t->b, "  todo:\n");
	for (size_t i = 0; i < c->n_todo; i++) {
		buf_fmt(&t->b, "    %zu: ", i + 1);
		yaml_text(&t->b, write_own(&t->a, c->todo[i], 1000));
	}
}

static void write_cause(struct tap *t, struct str cause)
{
	point(t, false, STR("run.complete"), STR("The run judges every selected case"));
	buf_puts(&t->b, "\n  ---\n");
	yaml(t, "message", write_line(&t->a, t->o->redactor, cause, 1000));
	explanation(t);
	buf_puts(&t->b, "  ...\n");
	write_recycle(&t->a, &t->keep);
}

static void write_waiver_problems(struct tap *t, const struct waiver_report *w)
{
	point(t, false, STR("run.waivers"), STR("Each waiver stands for a finding of this run"));
	buf_puts(&t->b, "\n  ---\n  problems:\n");
	for (size_t i = 0; i < w->n_problem; i++) {
		buf_fmt(&t->b, "    %zu: ", i + 1);
		yaml_text(&t->b, write_line(&t->a, t->o->redactor, w->problem[i], 1000));
	}
	buf_puts(&t->b, "  ...\n");
	write_recycle(&t->a, &t->keep);
}

/* The same test points as the cases of the JUnit report. */
static void write_document(struct tap *t)
{
	const struct run_result *r = t->r;
	struct str cause = r->cause;
	bool cases = r->n_variant && (!cause.n || write_anything_ran(r));
	bool waivers = r->waivers && r->waivers->n_problem;

	if (!cases && !cause.n)
		cause = STR("nothing was judged: no case was selected");
	buf_fmt(&t->b, "1..%zu\n",
		(cases ? r->n_variant : 0) + (cause.n ? 1 : 0) + (waivers ? 1 : 0));
	if (cause.n)
		write_cause(t, cause);
	if (waivers)
		write_waiver_problems(t, r->waivers);
	for (size_t i = 0; cases && i < r->n_variant; i++)
		write_variant(t, &r->variant[i]);
}

int tap_points(const struct run_result *r, const struct report_options *o, struct buf *out,
	       bool *good, struct err *err)
{
	struct tap t = { .r = r, .o = o };
	int bad;

	buf_init(&t.b, DOCUMENT_MAX);
	arena_init(&t.a, DOCUMENT_MAX);
	arena_init(&t.keep, 1024);
	write_document(&t);
	bad = arena_check(&t.keep, err) || buf_check(&t.b, "the TAP report", err);
	arena_free(&t.a);
	*out = t.b;
	*good = !t.bad;
	return bad ? -1 : 0;
}

int report_tap(const struct run_result *r, const struct report_options *o, const char *path,
	       struct err *err)
{
	struct buf points DEFER(buf_free) = { 0 }, b DEFER(buf_free) = { 0 };
	bool good;

	if (tap_points(r, o, &points, &good, err))
		return -1;
	buf_init(&b, DOCUMENT_MAX + 64);
	buf_puts(&b, "TAP version 14\n");
	buf_str(&b, buf_view(&points));
	return buf_check(&b, "the TAP report", err) || file_replace(path, buf_view(&b), err) ? -1
											     : 0;
}

/* markdown.c - a page for GitHub's job summary, or any reader of GitHub Flavored Markdown.
 *
 * Findings come first, since a page may be cut.  A section is written into a buffer of its own and
 * goes in only as a whole, so that a cut page is still a page.
 */
#include "report/chain.h"
#include "report/markdown.h"

#define DOCUMENT_MAX (64u << 20)
#define CUT_ROOM     200 /* for the line that says what was left out */
#define CELL         300

struct markdown {
	struct buf b;    /* the page */
	struct buf part; /* the section that is being written */
	struct arena a, keep;
	const struct run_result *r;
	const struct report_options *o;
	size_t max_bytes;
	bool full; /* a part did not fit: nothing goes in behind it */
};

static const char *const words[VERDICTS] = {
	[VERDICT_PASS] = "pass", [VERDICT_WARN] = "WARN",   [VERDICT_FAIL] = "FAIL",
	[VERDICT_SKIP] = "skip", [VERDICT_ERROR] = "ERROR", [VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
};

static void own(struct markdown *m, struct str text)
{
	markdown_text(&m->part, write_own(&m->a, text, 1000));
}

static void foreign(struct markdown *m, struct str text)
{
	markdown_text(&m->part, write_line(&m->a, m->o->redactor, text, 1000));
}

/* false: it did not fit. */
static bool commit(struct markdown *m)
{
	bool fits = !m->full && m->b.n + m->part.n + CUT_ROOM <= m->max_bytes;

	if (fits)
		buf_str(&m->b, buf_view(&m->part));
	m->full = !fits;
	buf_clear(&m->part);
	write_recycle(&m->a, &m->keep);
	return fits;
}

/* "| label | text |", nothing when there is no text */
static void row(struct markdown *m, const char *label, struct str text)
{
	if (!text.n)
		return;
	buf_fmt(&m->part, "| %s | ", label);
	foreign(m, text_clean(&m->a, text, CELL));
	buf_puts(&m->part, " |\n");
}

static void write_head(struct markdown *m)
{
	const struct run_result *r = m->r;
	enum verdict v = write_overall(r);

	buf_fmt(&m->part, "## Countersign: %s\n\n", words[v]);
	buf_puts(&m->part, "| pass | warn | fail | skip | inconclusive | error | waived |\n"
			   "|---:|---:|---:|---:|---:|---:|---:|\n|");
	for (int i = 0; i < VERDICTS; i++)
		buf_fmt(&m->part, " %zu |", r->count[i]);
	buf_fmt(&m->part, " %zu |\n\n| | |\n|---|---|\n", r->waived);
	if (write_is_client(r))
		row(m, "client", r->client_command.n ? r->client_command : STR("by hand"));
	row(m, write_is_client(r) ? "served at" : "target", r->target);
	row(m, "profile", r->profile ? r->profile->id : STR(""));
	row(m, "time",
	    write_is_client(r) ? arena_fmt(&m->a, "%.*s s, %zu exchanges",
					   STR_ARG(write_seconds(&m->a, r->took_ms)), r->exchanges)
			       : arena_fmt(&m->a, "%.*s s, %zu exchanges, %d failed logins",
					   STR_ARG(write_seconds(&m->a, r->took_ms)), r->exchanges,
					   r->failed_logins));
	row(m, "seed", r->seed);
	row(m, "tool", m->o->tool);
	buf_char(&m->part, '\n');
	if (r->cause.n) {
		buf_puts(&m->part, "**Stopped:** ");
		foreign(m, r->cause);
		buf_puts(&m->part, "\n\n");
	}
	commit(m);
}

/* What is behind it all, and what to do. */
static void write_explanation(struct markdown *m)
{
	const struct cause *c = m->r->cause_page;

	if (!c)
		return;
	buf_puts(&m->part, "### Cause: ");
	own(m, c->title);
	buf_puts(&m->part, "\n\n");
	foreign(m, c->what);
	buf_puts(&m->part, "\n\n");
	for (size_t i = 0; i < c->n_todo; i++) {
		buf_fmt(&m->part, "%zu. ", i + 1);
		own(m, c->todo[i]);
		buf_char(&m->part, '\n');
	}
	buf_char(&m->part, '\n');
	commit(m);
}

/* The findings that stand for now, and what is wrong with the waivers. */
static void write_waivers(struct markdown *m)
{
	const struct waiver_report *w = m->r->waivers;

	if (!w || (!w->n_problem && !m->r->waived))
		return;
	buf_puts(&m->part, "### Waivers\n\n");
	for (size_t i = 0; i < w->n_problem; i++) {
		buf_puts(&m->part, "- **problem:** ");
		foreign(m, w->problem[i]);
		buf_char(&m->part, '\n');
	}
	for (size_t i = 0; i < m->r->n_variant; i++) {
		const struct variant_result *v = &m->r->variant[i];

		if (!v->waiver)
			continue;
		buf_fmt(&m->part, "- %s ", words[v->verdict]);
		own(m, v->variant->id);
		buf_puts(&m->part, ", ");
		markdown_text(&m->part, write_waiver(&m->a, m->o->redactor, v));
		buf_char(&m->part, '\n');
	}
	buf_char(&m->part, '\n');
	commit(m);
}

static void advice(struct markdown *m, const char *label, struct str clean)
{
	if (!clean.n)
		return;
	buf_fmt(&m->part, "- %s: ", label);
	markdown_text(&m->part, clean);
	buf_char(&m->part, '\n');
}

static void write_steps(struct markdown *m, const struct variant_result *v)
{
	if (!v->n_step)
		return;
	buf_puts(&m->part, "\n<details><summary>what was sent and what came</summary>\n\n");
	for (size_t i = 0; i < v->n_step; i++) {
		const struct step_result *s = &v->step[i];

		buf_fmt(&m->part, "%zu. %s%s: ", i + 1, s->role ? s->role : "step",
			(int)i == v->deciding ? " (decides)" : "");
		foreign(m, s->summary);
		buf_puts(&m->part, " &rarr; ");
		markdown_text(&m->part, write_step_answer(&m->a, s));
		buf_char(&m->part, '\n');
	}
	buf_puts(&m->part, "\n</details>\n");
}

static bool write_finding(struct markdown *m, const struct variant_result *v)
{
	const struct suite_case *c = v->variant->c;

	buf_fmt(&m->part, "#### %s ", words[v->verdict]);
	own(m, v->variant->id);
	buf_puts(&m->part, "\n\n");
	own(m, c->title);
	buf_puts(&m->part, "\n\n");
	advice(m, "found", write_message(&m->a, m->o->redactor, v, 1000));
	advice(m, "form", write_line(&m->a, m->o->redactor, v->form, 400));
	if (v->cite)
		advice(m, level_name(v->cite->level), write_clause(&m->a, m->r, v->cite));
	advice(m, "why", write_own(&m->a, c->why, 1000));
	if (v->verdict == VERDICT_FAIL || v->verdict == VERDICT_WARN)
		advice(m, "remedy", write_own(&m->a, c->remedy, 1000));
	write_steps(m, v);
	buf_char(&m->part, '\n');
	return commit(m);
}

/* Worst first; gives how many did not fit. */
static size_t write_findings(struct markdown *m)
{
	static const enum verdict order[] = { VERDICT_ERROR, VERDICT_FAIL, VERDICT_INCONCLUSIVE,
					      VERDICT_WARN };
	size_t n = 0, cut = 0, left_over = 0;

	for (size_t k = 0; k < COUNT(order); k++)
		for (size_t i = 0; i < m->r->n_variant; i++) {
			const struct variant_result *v = &m->r->variant[i];

			if (v->verdict != order[k] || v->waiver)
				continue;
			if (write_left_over(m->r, v)) {
				left_over++;
				continue;
			}
			if (!n++)
				buf_puts(&m->part, "### Findings\n\n");
			cut += !write_finding(m, v);
		}
	if (left_over) {
		buf_fmt(&m->part, "%zu not judged, since the run ended before.\n\n", left_over);
		commit(m);
	}
	return cut;
}

static void measure_row(struct markdown *m, const struct variant_result *v)
{
	buf_puts(&m->part, "| ");
	own(m, v->variant->c->measure->property);
	buf_puts(&m->part, " | ");
	markdown_text(&m->part, write_measure(&m->a, v));
	for (size_t i = 0; i < v->n_more; i++) {
		buf_fmt(&m->part, ", %s ", v->more[i].name);
		markdown_text(&m->part, write_number(&m->a, &v->more[i]));
	}
	buf_puts(&m->part, " |\n");
}

static void write_measures(struct markdown *m)
{
	size_t n = 0;

	for (size_t i = 0; i < m->r->n_variant; i++) {
		const struct variant_result *v = &m->r->variant[i];

		if (!v->measured || !v->variant->c->measure)
			continue;
		if (!n++)
			buf_puts(&m->part, "### Measured\n\n| property | value |\n|---|---|\n");
		measure_row(m, v);
	}
	if (n) {
		buf_char(&m->part, '\n');
		commit(m);
	}
}

/* --- the identity card --- */

static void anonymous_row(struct markdown *m, const char *label, enum outcome outcome, int status)
{
	if (status)
		row(m, label, arena_fmt(&m->a, "%s (%d)", outcome_name(outcome), status));
}

static void challenge_rows(struct markdown *m, const char *label, const struct challenge_list *l)
{
	for (size_t i = 0; i < l->n && i < WRITE_CHALLENGES; i++)
		row(m, label, write_challenge_line(&m->a, m->o->redactor, &l->v[i]));
	if (l->n > WRITE_CHALLENGES)
		row(m, label, arena_fmt(&m->a, "and %zu more", l->n - WRITE_CHALLENGES));
}

/* The same of another path: servers put other code, and other challenges, behind it. */
static void second_rows(struct markdown *m, const struct survey_endpoint *e)
{
	row(m, "second path", e->path);
	anonymous_row(m, "there without credentials", e->anonymous, e->anonymous_status);
	challenge_rows(m, "challenge there", &e->challenge);
}

/* What it is, never whether that is good: a client decides whom it trusts. */
static void certificate_rows(struct markdown *m)
{
	const struct tls_chain *c = &m->r->survey.tls;

	for (size_t i = 0; i < c->n; i++) {
		const struct tls_certificate *one = &c->v[i];
		const struct str notes = chain_notes(&m->a, one, m->r->started_wall_ms),
				 times = chain_times(&m->a, one);

		row(m, "certificate", one->subject);
		row(m, "issuer", one->issuer);
		row(m, "valid", times);
		row(m, "note", notes);
		row(m, "SHA-256", one->sha256);
	}
	row(m, "certificates", chain_left_off(&m->a, c));
}

static void write_survey(struct markdown *m)
{
	static const char *const labels[] = { "manufacturer", "model", "firmware", "serial" };
	const struct survey *s = &m->r->survey;

	if (!s->done)
		return;
	buf_puts(&m->part, "### The target\n\n| | |\n|---|---|\n");
	for (size_t i = 0; i < COUNT(labels); i++)
		row(m, labels[i], s->identity[i]);
	row(m, "server", s->server);
	row(m, "operation", s->operation);
	anonymous_row(m, "without credentials", s->anonymous, s->anonymous_status);
	challenge_rows(m, "challenge", &s->challenge);
	for (size_t i = 0; i < s->n_mechanism; i++) {
		buf_puts(&m->part, "| ");
		foreign(m, text_clean(&m->a, s->mechanism[i].name, CELL));
		buf_puts(&m->part, " | ");
		foreign(m, text_clean(&m->a, s->mechanism[i].answer, CELL));
		buf_puts(&m->part, " |\n");
	}
	if (s->has_clock)
		row(m, "clock",
		    arena_fmt(&m->a, "%s%.*s s against ours", s->clock_offset_ms < 0 ? "-" : "+",
			      STR_ARG(write_seconds(&m->a, s->clock_offset_ms < 0
								   ? -s->clock_offset_ms
								   : s->clock_offset_ms))));
	second_rows(m, &s->second);
	certificate_rows(m);
	buf_char(&m->part, '\n');
	commit(m);
}

/* All or nothing: half a table misleads. */
static void write_all(struct markdown *m)
{
	if (!m->r->n_variant)
		return;
	buf_fmt(&m->part,
		"<details><summary>All %zu variants</summary>\n\n"
		"| variant | verdict | |\n|---|---|---|\n",
		m->r->n_variant);
	for (size_t i = 0; i < m->r->n_variant && m->part.n < m->max_bytes; i++) {
		const struct variant_result *v = &m->r->variant[i];

		buf_puts(&m->part, "| ");
		own(m, v->variant->id);
		buf_fmt(&m->part, " | %s | ", v->waiver ? "waived" : words[v->verdict]);
		if (v->verdict != VERDICT_PASS)
			markdown_text(&m->part,
				      write_message(&m->a, m->o->redactor, v, WRITE_MESSAGE));
		buf_puts(&m->part, " |\n");
		write_recycle(&m->a, &m->keep);
	}
	buf_puts(&m->part, "\n</details>\n");
	commit(m);
}

static void write_page(struct markdown *m)
{
	size_t cut;

	write_head(m);
	write_explanation(m);
	cut = write_findings(m);
	write_waivers(m);
	write_measures(m);
	write_survey(m);
	write_all(m);
	if (cut)
		buf_fmt(&m->b, "%zu more findings and the rest did not fit on this page.\n", cut);
	else if (m->full)
		buf_puts(&m->b, "The rest did not fit on this page.\n");
}

int markdown_page(const struct run_result *r, const struct report_options *o, size_t max_bytes,
		  struct buf *out, struct err *err)
{
	struct markdown m = { .r = r, .o = o, .max_bytes = max_bytes };
	int bad;

	buf_init(&m.b, DOCUMENT_MAX);
	buf_init(&m.part, DOCUMENT_MAX);
	arena_init(&m.a, DOCUMENT_MAX);
	arena_init(&m.keep, 1024);
	write_page(&m);
	write_recycle(&m.a, &m.keep);
	bad = arena_check(&m.keep, err) || buf_check(&m.part, "the Markdown report", err) ||
	      buf_check(&m.b, "the Markdown report", err);
	buf_free(&m.part);
	*out = m.b;
	return bad ? -1 : 0;
}

int report_markdown(const struct run_result *r, const struct report_options *o, const char *path,
		    struct err *err)
{
	struct buf page DEFER(buf_free) = { 0 };

	if (markdown_page(r, o, MARKDOWN_MAX, &page, err))
		return -1;
	return file_replace(path, buf_view(&page), err);
}

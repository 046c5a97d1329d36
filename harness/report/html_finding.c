#include "report/html.h"

#define OPEN_CARDS    12 /* the rest is folded: nobody scrolls past more */
#define OCTETS_OTHERS 2  /* variants besides the first whose octets are shown */

static const struct section {
	enum verdict verdict;
	const char *title, *id;
	bool open, waived;
} sections[] = {
	{ VERDICT_ERROR, "Errors of the harness", "errors", true, false },
	{ VERDICT_FAIL, "What fails", "failures", true, false },
	{ VERDICT_INCONCLUSIVE, "What proves nothing", "inconclusive", false, false },
	{ VERDICT_WARN, "What warns", "warnings", false, false },
	{ VERDICT_FAIL, "Failures that are waived", "waived-failures", false, true },
	{ VERDICT_WARN, "Warnings that are waived", "waived-warnings", false, true },
};

static bool belongs(const struct html *h, const struct section *s, const struct variant_result *v)
{
	return v->verdict == s->verdict && (v->waiver != NULL) == s->waived &&
	       !html_left_over(h, v);
}

/* The next variant of that section at or behind from; c->n when there is none. */
static size_t next_of(const struct html *h, const struct html_case *c, const struct section *s,
		      size_t from)
{
	while (from < c->n && !belongs(h, s, &h->r->variant[c->index[from]]))
		from++;
	return from;
}

static const struct variant_result *variant_at(const struct html *h, const struct html_case *c,
					       size_t i)
{
	return &h->r->variant[c->index[i]];
}

static void write_clause_row(struct html *h, const struct cite *cite)
{
	const struct requirement *q =
		h->r->catalogue ? catalogue_requirement(h->r->catalogue, cite->clause) : NULL;

	html_fmt(h, "<div><dt>Rule</dt><dd><span class=\"level\">%s</span> ",
		 level_name(cite->level));
	if (q)
		html_own(h, q->text);
	html_put(h, " <span class=\"clause\">");
	html_own(h, write_clause(&h->one, h->r, cite));
	html_put(h, "</span></dd></div>\n");
}

static void own_row(struct html *h, const char *label, struct str text)
{
	if (!text.n)
		return;
	html_fmt(h, "<div><dt>%s</dt>", label);
	html_own_in(h, "dd", NULL, text);
	html_put(h, "</div>\n");
}

static void write_waiver_row(struct html *h, const struct waiver_note *w)
{
	html_row(h, "Waived",
		 arena_fmt(&h->one, "%.*s (%.*s, %.*s, until %.*s; line %d of the waiver file)",
			   STR_ARG(w->reason), STR_ARG(w->ticket), STR_ARG(w->owner),
			   STR_ARG(w->until), w->line));
}

static void write_advice(struct html *h, const struct variant_result *v)
{
	const struct suite_case *c = v->variant->c;

	html_put(h, "<dl class=\"facts\">\n");
	if (v->cite)
		write_clause_row(h, v->cite);
	own_row(h, "Why", c->why);
	if (v->verdict == VERDICT_FAIL || v->verdict == VERDICT_WARN)
		own_row(h, "Remedy", c->remedy);
	html_row(h, "Form", v->form);
	if (v->waiver)
		write_waiver_row(h, v->waiver);
	html_put(h, "</dl>\n");
}

/* How anybody can see it without this program. */
static void write_commands(struct html *h, const struct variant_result *v)
{
	struct str curl = write_curl(&h->one, h->o->redactor, h->r, v);

	if (!curl.n)
		return;
	html_put(h, "<details class=\"curl\"><summary>Send it again by hand</summary>\n<pre>");
	buf_xml(&h->b, curl);
	html_put(h, "</pre></details>\n");
}

static void write_other(struct html *h, const struct variant_result *v, bool octets)
{
	struct str bound = html_binding(v);

	html_put(h, "<li><details><summary><code>");
	html_own(h, bound.n ? bound : v->variant->id);
	html_put(h, "</code> ");
	buf_xml(&h->b, write_message(&h->one, h->o->redactor, v, WRITE_MESSAGE));
	html_put(h, "</summary>\n");
	html_evidence(h, v, octets);
	html_put(h, "</details></li>\n");
}

static void write_others(struct html *h, const struct html_case *c, const struct section *s,
			 size_t first)
{
	size_t n = 0, k = 0;

	for (size_t i = next_of(h, c, s, first + 1); i < c->n; i = next_of(h, c, s, i + 1))
		n++;
	if (!n)
		return;
	html_put(h, "<details class=\"others\"><summary>");
	html_plural(h, n, "more variant", "more variants");
	html_put(h, "</summary>\n<ul>\n");
	for (size_t i = next_of(h, c, s, first + 1); i < c->n; i = next_of(h, c, s, i + 1))
		write_other(h, variant_at(h, c, i), k++ < OCTETS_OTHERS);
	html_put(h, "</ul></details>\n");
}

static void write_card(struct html *h, const struct html_case *c, const struct section *s,
		       size_t first, bool open)
{
	const struct variant_result *v = variant_at(h, c, first);

	write_recycle(&h->one, &h->a);
	html_put(h, "<details class=\"finding\" id=\"");
	html_fmt(h, "%s-", s->id);
	html_token(h, c->c->id);
	html_fmt(h, "\"%s><summary>", open ? " open=\"open\"" : "");
	if (s->waived)
		html_mark_word(h, "waived", 0);
	html_mark(h, s->verdict, 0);
	html_put(h, "<span class=\"title\">");
	html_own(h, c->c->title);
	html_put(h, "</span> <code>");
	html_own(h, v->variant->id);
	html_put(h, "</code></summary>\n<p class=\"message\">");
	buf_xml(&h->b, write_message(&h->one, h->o->redactor, v, 1000));
	html_put(h, "</p>\n");
	write_advice(h, v);
	html_evidence(h, v, true);
	write_commands(h, v);
	write_others(h, c, s, first);
	html_put(h, "</details>\n");
}

static int level_of(const struct variant_result *v)
{
	return v->cite ? (int)v->cite->level : -1;
}

/* What a specification demands stands before what is advice. */
static void write_cards(struct html *h, const struct section *s)
{
	size_t n = 0;

	for (int level = LEVEL_COUNT - 1; level >= -1; level--) {
		for (size_t i = 0; i < h->n_case; i++) {
			size_t first = next_of(h, &h->c[i], s, 0);

			if (first < h->c[i].n && level_of(variant_at(h, &h->c[i], first)) == level)
				write_card(h, &h->c[i], s, first, s->open && n++ < OPEN_CARDS);
		}
	}
}

static size_t cards_of(const struct html *h, const struct section *s)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_case; i++)
		n += next_of(h, &h->c[i], s, 0) < h->c[i].n;
	return n;
}

static const char marks_help[] =
	"<p class=\"small\">In what was sent, <mark>this</mark> is the deviation under test, "
	"<i class=\"fresh\">this</i> is new in every request, and <del>this</del> stands only in "
	"the control.</p>\n";

void html_findings(struct html *h)
{
	bool helped = write_is_client(h->r); /* nothing is marked in what others made */

	for (size_t i = 0; i < COUNT(sections); i++) {
		size_t n = cards_of(h, &sections[i]);

		if (!n)
			continue;
		html_fmt(h,
			 "<section class=\"findings\" id=\"%s\">\n<h2>%s <span "
			 "class=\"n\">%zu</span></h2>\n",
			 sections[i].id, sections[i].title, n);
		html_put(h, helped ? "" : marks_help);
		helped = true;
		write_cards(h, &sections[i]);
		html_put(h, "</section>\n");
	}
}

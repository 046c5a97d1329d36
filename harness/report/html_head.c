#include "report/html.h"

#include "auth/datetime.h"

#define BAR_WIDTH 1000

/* What the run comes to, by its exit status (design, section 6). */
static const struct verdict_word {
	int status;
	const char *word, *class;
} verdict_words[] = {
	{ 0, "Pass", "is-pass" },           { 1, "Fail", "is-fail" },
	{ 2, "Interrupted", "is-open" },    { 3, "Error", "is-fail" },
	{ 5, "Nothing judged", "is-open" }, { 6, "Inconclusive", "is-open" },
};

static const struct verdict_word *verdict_word(const struct run_result *r)
{
	for (size_t i = 0; i < COUNT(verdict_words); i++)
		if (verdict_words[i].status == r->exit_code)
			return &verdict_words[i];
	return &verdict_words[3];
}

/* Worst first, as the bar is read. */
static const enum verdict bar_order[] = { VERDICT_ERROR, VERDICT_FAIL, VERDICT_INCONCLUSIVE,
					  VERDICT_WARN,  VERDICT_PASS, VERDICT_SKIP };

static void write_bar(struct html *h)
{
	const size_t *count = h->r->count;
	size_t sum = 0, x = 0;

	for (int i = 0; i < VERDICTS; i++)
		sum += count[i];
	if (!sum)
		return;
	html_fmt(h,
		 "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
		 "aria-hidden=\"true\">",
		 BAR_WIDTH);
	for (size_t i = 0; i < COUNT(bar_order); i++) {
		size_t width = count[bar_order[i]] * BAR_WIDTH / sum;

		if (count[bar_order[i]] && width < 5)
			width = 5; /* what is there is seen */
		html_fmt(h, "<rect class=\"f-%s\" x=\"%zu\" width=\"%zu\" height=\"10\"/>",
			 verdict_name(bar_order[i]), x, width);
		x += width;
	}
	html_put(h, "</svg>\n<ul class=\"counts\">");
	for (size_t i = 0; i < COUNT(bar_order); i++)
		if (count[bar_order[i]])
			html_fmt(h,
				 "<li><a href=\"#cases\" data-pick=\"%s\"><svg class=\"key\" "
				 "viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"f-%s\" "
				 "width=\"10\" height=\"10\"/></svg><b>%zu</b> %s</a></li>",
				 verdict_name(bar_order[i]), verdict_name(bar_order[i]),
				 count[bar_order[i]], verdict_name(bar_order[i]));
	html_put(h, "</ul>\n");
}

static size_t cases_with(const struct html *h, enum verdict v)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n_case; i++)
		n += h->c[i].count[v] > 0;
	return n;
}

static void lead_failed(struct html *h)
{
	size_t n = cases_with(h, VERDICT_FAIL);

	if (n) {
		html_plural(h, n, "case breaks", "cases break");
		html_put(h, " a rule that decides under this profile.");
	} else {
		html_plural(h, cases_with(h, VERDICT_WARN), "case warns", "cases warn");
		html_put(h, ", and this run counts warnings as failures.");
	}
}

static void lead_passed(struct html *h)
{
	size_t n = cases_with(h, VERDICT_WARN);

	html_put(h, "No rule that decides under this profile is broken");
	if (n) {
		html_put(h, "; ");
		html_plural(h, n, "case departs", "cases depart");
		html_put(h, " from advice or from the right form");
	}
	html_put(h, ".");
}

static void lead_open(struct html *h)
{
	size_t n = cases_with(h, VERDICT_INCONCLUSIVE);

	if (h->r->cause.n)
		html_put(h, "The run ended before its time; what is not judged here is neither "
			    "right nor wrong.");
	else if (n) {
		html_plural(h, n, "case proves", "cases prove");
		html_put(h, " nothing, since a control failed.");
	} else
		html_put(h, "Cases that decide did not run, so nothing can be said for certain.");
}

static void write_lead(struct html *h)
{
	const int status = h->r->exit_code;

	html_put(h, "<p class=\"lead\">");
	if (status == 0)
		lead_passed(h);
	else if (status == 1)
		lead_failed(h);
	else
		lead_open(h);
	html_put(h, "</p>\n");
}

static void write_facts(struct html *h)
{
	const struct run_result *r = h->r;

	html_put(h, "<dl class=\"facts\">\n");
	if (r->profile) {
		html_put(h, "<div><dt>Profile</dt><dd>");
		html_own(h, r->profile->title);
		html_put(h, " <code>");
		html_own(h, r->profile->id);
		html_put(h, "</code></dd></div>\n");
	}
	html_row(h, "Target", r->target);
	html_row(h, "Account", r->user);
	html_put(h, "<div><dt>Judged</dt><dd>");
	html_own(h, datetime_format(&h->one, r->started_wall_ms, 0));
	html_fmt(h, ", %zu exchanges in %.*s s</dd></div>\n", r->exchanges,
		 STR_ARG(write_seconds(&h->one, r->took_ms)));
	html_put(h, "</dl>\n");
	if (r->profile && r->profile->about.n) {
		html_put(h, "<details class=\"about\"><summary>What this profile asks</summary>");
		html_own_in(h, "p", NULL, r->profile->about);
		html_put(h, "</details>\n");
	}
}

static void write_cause(struct html *h)
{
	const struct run_result *r = h->r;
	size_t left = 0;

	for (size_t i = 0; i < r->n_variant; i++)
		left += html_left_over(h, &r->variant[i]);
	if (r->cause.n) {
		html_put(h,
			 "<section class=\"cause\" id=\"cause\">\n<h2>Why the run stopped</h2>\n");
		html_told_in(h, "p", "what", r->cause);
		if (left) {
			html_put(h, "<p>");
			html_plural(h, left, "variant was", "variants were");
			html_put(h, " not judged, since the run ended before.</p>\n");
		}
		html_put(h, "</section>\n");
	}
	if (r->budget.n) {
		html_put(h, "<section class=\"cause\">\n<h2>What the budget left out</h2>\n");
		html_told_in(h, "p", NULL, r->budget);
		html_put(h, "</section>\n");
	}
}

void html_head(struct html *h)
{
	const struct verdict_word *w = verdict_word(h->r);

	html_fmt(h, "<body class=\"%s\">\n<header>\n", w->class);
	html_put(h,
		 "<p class=\"brand\"><b>Countersign</b> authentication conformance report</p>\n");
	html_fmt(h, "<h1>%s%s</h1>\n", w->word,
		 h->r->exit_code == 0 && h->r->count[VERDICT_WARN] ? ", with warnings" : "");
	write_lead(h);
	write_bar(h);
	write_facts(h);
	html_put(h, "</header>\n<main>\n");
	write_cause(h);
}

/* --- the end --- */

static void write_legend(struct html *h)
{
	static const struct {
		enum verdict v;
		const char *text;
	} meanings[] = {
		{ VERDICT_PASS, "conforms; a measured number never fails" },
		{ VERDICT_WARN, "advice is not followed, or the right decision came in a wrong "
				"form" },
		{ VERDICT_FAIL, "a rule that decides under the profile is broken" },
		{ VERDICT_SKIP, "the target does not offer it, or it was not selected" },
		{ VERDICT_INCONCLUSIVE, "nothing is proved: a control failed, the account is "
					"locked, or no answer came" },
		{ VERDICT_ERROR, "a bug of the harness" },
	};

	html_put(h, "<h2>How to read this</h2>\n<p>A refusal counts only between two controls: "
		    "accepted requests that differ from it by the one deviation under test.</p>\n"
		    "<dl class=\"legend\">\n");
	for (size_t i = 0; i < COUNT(meanings); i++) {
		html_put(h, "<div><dt>");
		html_mark(h, meanings[i].v, 0);
		html_fmt(h, "</dt><dd>%s</dd></div>\n", meanings[i].text);
	}
	html_put(h, "</dl>\n");
}

void html_foot(struct html *h)
{
	const struct run_result *r = h->r;

	html_put(h, "</main>\n<footer>\n");
	write_legend(h);
	html_put(h, "<dl class=\"facts\">\n");
	html_row(h, "Tool", h->o->tool);
	html_row(h, "Command", h->o->command);
	html_row(h, "Seed", r->seed);
	html_row(h, "Catalogue", r->catalogue ? str(r->catalogue->sha256) : STR(""));
	html_row(h, "Failed logins", arena_fmt(&h->one, "%d", r->failed_logins));
	html_row(h, "Exit status", arena_fmt(&h->one, "%d", r->exit_code));
	html_put(h, "</dl>\n<p class=\"small\">This page loads nothing and sends nothing. Secrets "
		    "are masked unless its evidence was asked for in full.</p>\n</footer>\n");
}

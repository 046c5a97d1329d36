#include "report/html.h"

#include "auth/datetime.h"
#include "engine/cause.h"

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

/* With a baseline the status speaks of what got worse; the heading speaks of the device. */
static const struct verdict_word as_before[] = {
	{ 0, "Fail, as before", "is-fail" },
	{ 0, "Inconclusive, as before", "is-open" },
	{ 0, "Pass, with warnings", "is-pass" },
};

static const struct verdict_word *verdict_word(const struct run_result *r)
{
	static const enum verdict behind[COUNT(as_before)] = { VERDICT_FAIL, VERDICT_INCONCLUSIVE,
							       VERDICT_WARN };

	for (size_t i = 0; r->exit_code == 0 && i < COUNT(behind); i++)
		if (r->count[behind[i]])
			return &as_before[i];
	for (size_t i = 0; i < COUNT(verdict_words); i++)
		if (verdict_words[i].status == r->exit_code)
			return &verdict_words[i];
	return &verdict_words[3];
}

/* Worst first, as the bar is read. */
static const enum verdict bar_order[] = { VERDICT_ERROR, VERDICT_FAIL, VERDICT_INCONCLUSIVE,
					  VERDICT_WARN,  VERDICT_PASS, VERDICT_SKIP };

static size_t bar_part(struct html *h, const char *word, size_t n, size_t sum, size_t x)
{
	size_t width = n * BAR_WIDTH / sum;

	if (n && width < 5)
		width = 5; /* what is there is seen */
	html_fmt(h, "<rect class=\"f-%s\" x=\"%zu\" width=\"%zu\" height=\"10\"/>", word, x, width);
	return x + width;
}

static void bar_count(struct html *h, const char *word, size_t n)
{
	if (n)
		html_fmt(h,
			 "<li><a href=\"#cases\" data-pick=\"%s\"><svg class=\"key\" "
			 "viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"f-%s\" "
			 "width=\"10\" height=\"10\"/></svg><b>%zu</b> %s</a></li>",
			 word, word, n, word);
}

static void write_bar(struct html *h)
{
	const size_t *count = h->r->count;
	size_t sum = h->r->waived, x = 0;

	for (int i = 0; i < VERDICTS; i++)
		sum += count[i];
	if (!sum)
		return;
	html_fmt(h,
		 "<svg class=\"bar\" viewBox=\"0 0 %d 10\" preserveAspectRatio=\"none\" "
		 "aria-hidden=\"true\">",
		 BAR_WIDTH);
	for (size_t i = 0; i < COUNT(bar_order); i++)
		x = bar_part(h, verdict_name(bar_order[i]), count[bar_order[i]], sum, x);
	bar_part(h, "waived", h->r->waived, sum, x);
	html_put(h, "</svg>\n<ul class=\"counts\">");
	for (size_t i = 0; i < COUNT(bar_order); i++)
		bar_count(h, verdict_name(bar_order[i]), count[bar_order[i]]);
	bar_count(h, "waived", h->r->waived);
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
	const struct waiver_report *w = h->r->waivers;
	size_t n = cases_with(h, VERDICT_FAIL);

	if (n) {
		html_plural(h, n, "case breaks", "cases break");
		html_put(h, " a rule that decides under this profile.");
	} else if (w && w->n_problem) {
		html_plural(h, w->n_problem, "waiver does", "waivers do");
		html_put(h, " not hold.");
	} else {
		html_plural(h, cases_with(h, VERDICT_WARN), "case warns", "cases warn");
		html_put(h, ", and this run counts that as a failure.");
	}
}

/* What the baseline had as well fails no run, and is no pass either. */
static void lead_as_before(struct html *h)
{
	html_plural(h, cases_with(h, VERDICT_FAIL), "case breaks", "cases break");
	html_put(h, " a rule that decides under this profile, ");
	html_plural(h, cases_with(h, VERDICT_INCONCLUSIVE), "proves", "prove");
	html_put(h, " nothing; the baseline of this run is no better.");
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
		html_put(h, write_is_client(h->r) ? " nothing, since the run ended before."
						  : " nothing, since a control failed.");
	} else
		html_put(h, "Cases that decide did not run, so nothing can be said for certain.");
}

static void write_lead(struct html *h)
{
	const int status = h->r->exit_code;

	html_put(h, "<p class=\"lead\">");
	if (status == 0 && (h->r->count[VERDICT_FAIL] || h->r->count[VERDICT_INCONCLUSIVE]))
		lead_as_before(h);
	else if (status == 0)
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
	if (write_is_client(r)) {
		html_row(h, "Client", r->client_command.n ? r->client_command : STR("by hand"));
		html_row(h, "Served at", r->target);
	} else {
		html_row(h, "Target", r->target);
	}
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

static size_t left_over(const struct html *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->r->n_variant; i++)
		n += html_left_over(h, &h->r->variant[i]);
	return n;
}

static void write_page(struct html *h, const struct cause *c)
{
	html_prose_in(h, "p", c->what);
	html_put(h, c->n_todo ? "<ol class=\"todo\">\n" : "");
	for (size_t i = 0; i < c->n_todo; i++)
		html_prose_in(h, "li", c->todo[i]);
	html_put(h, c->n_todo ? "</ol>\n" : "");
}

/* Why the run ended early, or what one thing is behind many findings. */
static void write_cause(struct html *h)
{
	const struct run_result *r = h->r;
	size_t left = left_over(h);

	if (!r->cause.n && !r->cause_page)
		return;
	html_put(h, "<section class=\"cause\" id=\"cause\">\n");
	if (r->cause_page)
		html_told_in(h, "h2", NULL, r->cause_page->title);
	else
		html_put(h, "<h2>Why the run stopped</h2>\n");
	html_told_in(h, "p", "what", r->cause);
	if (r->cause_page)
		write_page(h, r->cause_page);
	if (left) {
		html_put(h, "<p>");
		html_plural(h, left, "variant was", "variants were");
		html_put(h, " not judged, since the run ended before.</p>\n");
	}
	html_put(h, "</section>\n");
}

static void write_waivers(struct html *h)
{
	const struct waiver_report *w = h->r->waivers;

	if (!w || !w->n_problem)
		return;
	html_put(h, "<section class=\"cause\" id=\"waivers\">\n<h2>Waivers that do not hold</h2>\n"
		    "<ul>\n");
	for (size_t i = 0; i < w->n_problem; i++)
		html_told_in(h, "li", NULL, w->problem[i]);
	html_put(h, "</ul>\n</section>\n");
}

static void write_budget(struct html *h)
{
	if (!h->r->budget.n)
		return;
	html_put(h, "<section class=\"cause\">\n<h2>What the budget left out</h2>\n");
	html_told_in(h, "p", NULL, h->r->budget);
	html_put(h, "</section>\n");
}

void html_head(struct html *h)
{
	const struct verdict_word *w = verdict_word(h->r);

	html_fmt(h, "<body class=\"%s\">\n<header>\n", w->class);
	html_put(h,
		 "<p class=\"brand\"><b>Countersign</b> authentication conformance report</p>\n");
	html_fmt(h, "<h1>%s</h1>\n", w->word);
	write_lead(h);
	write_bar(h);
	write_facts(h);
	html_put(h, "</header>\n<main>\n");
	write_cause(h);
	write_waivers(h);
	write_budget(h);
}

/* --- the end --- */

static const char target_legend[] =
	"<p>A refusal counts only between two controls: accepted requests that differ from it by "
	"the one deviation under test.</p>\n";
static const char client_legend[] =
	"<p>The client was served one device after the other; what it sent is recomputed from its "
	"octets, and looked at by the checks of the case.</p>\n";

static void write_legend(struct html *h)
{
	static const struct {
		enum verdict v;
		const char *text, *of_client; /* NULL: the same */
	} meanings[] = {
		{ VERDICT_PASS, "conforms; a measured number never fails", "conforms" },
		{ VERDICT_WARN,
		  "advice is not followed, or the right decision came in a wrong "
		  "form",
		  "advice is not followed" },
		{ VERDICT_FAIL, "a rule that decides under the profile is broken", NULL },
		{ VERDICT_SKIP, "the target does not offer it, or it was not selected",
		  "the client was not seen to do what it needs, or never came so far" },
		{ VERDICT_INCONCLUSIVE,
		  "nothing is proved: a control failed, the account is "
		  "locked, or no answer came",
		  "nothing is proved: the run was interrupted" },
		{ VERDICT_ERROR, "a bug of the harness", NULL },
	};

	const bool client = write_is_client(h->r);

	html_put(h, "<h2>How to read this</h2>\n");
	html_put(h, client ? client_legend : target_legend);
	html_put(h, "<dl class=\"legend\">\n");
	for (size_t i = 0; i < COUNT(meanings); i++) {
		html_put(h, "<div><dt>");
		html_mark(h, meanings[i].v, 0);
		html_fmt(h, "</dt><dd>%s</dd></div>\n",
			 client && meanings[i].of_client ? meanings[i].of_client
							 : meanings[i].text);
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
	if (!write_is_client(r))
		html_row(h, "Failed logins", arena_fmt(&h->one, "%d", r->failed_logins));
	html_row(h, "Exit status", arena_fmt(&h->one, "%d", r->exit_code));
	html_put(h, "</dl>\n<p class=\"small\">This page loads nothing and sends nothing. Secrets "
		    "are masked unless its evidence was asked for in full.</p>\n</footer>\n");
}

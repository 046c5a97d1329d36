#include "report/html.h"

/* --- measures --- */

static void write_row(struct html *h, const struct variant_result *v)
{
	const struct suite_measure *m = v->variant->c->measure;

	html_put(h, "<tr><th scope=\"row\"><code>");
	html_own(h, m->property);
	html_put(h, "</code> <span class=\"small\">");
	html_own(h, v->variant->c->title);
	html_put(h, "</span></th><td>");
	html_own(h, write_measure(&h->one, v));
	if (v->n_more)
		html_put(h, "<ul class=\"more\">");
	for (size_t i = 0; i < v->n_more; i++) {
		html_fmt(h, "<li>%s ", v->more[i].name);
		html_own(h, write_number(&h->one, &v->more[i]));
		html_put(h, "</li>");
	}
	html_put(h, v->n_more ? "</ul></td></tr>\n" : "</td></tr>\n");
}

void html_numbers(struct html *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->r->n_variant; i++) {
		const struct variant_result *v = &h->r->variant[i];

		if (!v->measured || !v->variant->c->measure)
			continue;
		if (!n++)
			html_put(h, "<section id=\"numbers\">\n<h2>What was measured</h2>\n<div "
				    "class=\"scroll\"><table class=\"numbers\"><tbody>\n");
		write_row(h, v);
	}
	if (n)
		html_put(h, "</tbody></table></div>\n</section>\n");
}

/* --- all cases --- */

static const char *level_of(const struct html *h, const struct html_case *c)
{
	const struct variant_result *first = &h->r->variant[c->index[0]];

	return first->cite ? level_name(first->cite->level) : "none";
}

static void write_verdicts(struct html *h, const struct html_case *c)
{
	for (int v = 0; v < VERDICTS; v++)
		if (c->count[v])
			html_fmt(h, "%s ", verdict_name((enum verdict)v));
	if (c->waived)
		html_put(h, "waived ");
}

static void write_variant(struct html *h, const struct variant_result *v)
{
	html_fmt(h, "<li data-v=\"%s\">", v->waiver ? "waived" : verdict_name(v->verdict));
	if (v->waiver)
		html_mark_word(h, "waived", 0);
	html_mark(h, v->verdict, 0);
	html_own_in(h, "code", NULL, html_binding(v));
	if (v->verdict != VERDICT_PASS || v->measured)
		buf_xml(&h->b, write_message(&h->one, h->o->redactor, v, WRITE_MESSAGE));
	html_put(h, "</li>\n");
}

static void write_marks(struct html *h, const size_t count[static VERDICTS], size_t waived,
			bool numbers)
{
	if (waived)
		html_mark_word(h, "waived", numbers ? waived : 0);
	for (int v = VERDICTS - 1; v >= 0; v--)
		if (count[v])
			html_mark(h, (enum verdict)v, numbers ? count[v] : 0);
}

static void write_case(struct html *h, const struct html_case *c)
{
	write_recycle(&h->one, &h->a);
	html_put(h, "<details class=\"case\" data-f=\"");
	html_token(h, c->c->family);
	html_fmt(h, "\" data-l=\"%s\" data-v=\"", level_of(h, c));
	write_verdicts(h, c);
	html_put(h, "\"><summary><span class=\"marks\">");
	write_marks(h, c->count, c->waived, c->n > 1);
	html_put(h, "</span><span class=\"title\">");
	html_own(h, c->c->title);
	html_put(h, "</span> <code>");
	html_own(h, c->c->id);
	html_fmt(h, "</code> <span class=\"level\">%s</span></summary>\n", level_of(h, c));
	html_own_in(h, "p", "why", c->c->why);
	html_put(h, "<ul class=\"variants\">\n");
	for (size_t i = 0; i < c->n; i++)
		write_variant(h, &h->r->variant[c->index[i]]);
	html_put(h, "</ul></details>\n");
}

static bool first_of_family(const struct html *h, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (str_eq(h->c[i].c->family, h->c[at].c->family))
			return false;
	return true;
}

static void write_family(struct html *h, struct str family)
{
	size_t count[VERDICTS] = { 0 }, cases = 0, waived = 0;

	for (size_t i = 0; i < h->n_case; i++) {
		bool in = str_eq(h->c[i].c->family, family);

		cases += in;
		waived += in ? h->c[i].waived : 0;
		for (int v = 0; in && v < VERDICTS; v++)
			count[v] += h->c[i].count[v];
	}
	html_put(h, "<details class=\"family\" data-f=\"");
	html_token(h, family);
	html_put(h, "\"><summary><span class=\"title\">");
	html_own(h, family);
	html_put(h, "</span> <span class=\"small\">");
	html_plural(h, cases, "case", "cases");
	html_put(h, "</span><span class=\"marks\">");
	write_marks(h, count, waived, true);
	html_put(h, "</span></summary>\n");
	for (size_t i = 0; i < h->n_case; i++)
		if (str_eq(h->c[i].c->family, family))
			write_case(h, &h->c[i]);
	html_put(h, "</details>\n");
}

/* --- the search: shown by the script, which alone can do it --- */

static void write_choice(struct html *h, const char *id, const char *label)
{
	html_fmt(h, "<label for=\"%s\">%s</label><select id=\"%s\"><option value=\"\">all</option>",
		 id, label, id);
}

static void write_chip(struct html *h, const char *word)
{
	html_fmt(h,
		 "<button type=\"button\" aria-pressed=\"false\" data-verdict=\"%s\">%s</button>",
		 word, word);
}

static void write_search(struct html *h)
{
	html_put(h, "<div class=\"search\" id=\"search\" hidden=\"hidden\">\n<input id=\"words\" "
		    "type=\"search\" placeholder=\"Search cases\" aria-label=\"Search cases\"/>\n"
		    "<div class=\"chips\" role=\"group\" aria-label=\"Verdicts\">");
	for (int v = VERDICTS - 1; v >= 0; v--)
		if (h->r->count[v])
			write_chip(h, verdict_name((enum verdict)v));
	if (h->r->waived)
		write_chip(h, "waived");
	html_put(h, "</div>\n");
	write_choice(h, "family", "Family");
	for (size_t i = 0; i < h->n_case; i++) {
		if (!first_of_family(h, i))
			continue;
		html_put(h, "<option>");
		html_token(h, h->c[i].c->family);
		html_put(h, "</option>");
	}
	html_put(h, "</select>\n");
	write_choice(h, "level", "Level");
	for (int l = LEVEL_COUNT - 1; l >= 0; l--)
		html_fmt(h, "<option>%s</option>", level_name((enum level)l));
	html_put(h, "</select>\n<output id=\"found\" aria-live=\"polite\"></output>\n</div>\n");
}

void html_cases(struct html *h)
{
	html_fmt(h, "<section id=\"cases\">\n<h2>All cases <span class=\"n\">%zu</span></h2>\n",
		 h->n_case);
	if (h->n_case)
		write_search(h);
	for (size_t i = 0; i < h->n_case; i++)
		if (first_of_family(h, i))
			write_family(h, h->c[i].c->family);
	html_put(h, "</section>\n");
}

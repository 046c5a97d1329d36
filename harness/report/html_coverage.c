/* html_coverage.c - what the run says of each requirement that the profile speaks of. */
#include "report/html.h"

enum held { HELD, BROKEN, WAIVED, WARNED, OPEN, NOT_JUDGED, NO_CASE, HELD_KINDS };

static const struct {
	const char *word, *class;
} held_words[HELD_KINDS] = {
	[BROKEN] = { "broken", "fail" },
	[WAIVED] = { "waived", "waived" },
	[WARNED] = { "warned of", "warn" },
	[OPEN] = { "open", "inconclusive" },
	[HELD] = { "held", "pass" },
	[NOT_JUDGED] = { "not judged", "skip" },
	[NO_CASE] = { "without a case", "none" },
};
static const enum held order[] = { BROKEN, OPEN, WAIVED, WARNED, HELD, NOT_JUDGED, NO_CASE };

struct document {
	struct str id, title;
	bool gates;
	size_t count[HELD_KINDS], n;
};

static bool cites(const struct suite_case *c, struct str anchor)
{
	for (size_t i = 0; i < c->n_cite; i++)
		if (str_eq(c->cite[i].clause, anchor))
			return true;
	return false;
}

/* The worst that a case which cites it says. */
static enum held standing(const struct html *h, const struct requirement *q)
{
	size_t count[VERDICTS] = { 0 }, waived = 0;

	if (q->uncased.p)
		return NO_CASE;
	for (size_t i = 0; i < h->n_case; i++) {
		if (!cites(h->c[i].c, q->anchor))
			continue;
		waived += h->c[i].waived;
		for (int v = 0; v < VERDICTS; v++)
			count[v] += h->c[i].count[v];
	}
	if (count[VERDICT_FAIL])
		return BROKEN;
	if (count[VERDICT_INCONCLUSIVE] || count[VERDICT_ERROR])
		return OPEN;
	if (waived)
		return WAIVED;
	if (count[VERDICT_WARN])
		return WARNED;
	return count[VERDICT_PASS] ? HELD : NOT_JUDGED;
}

static struct document *find_document(struct document *d, size_t *n, const struct requirement *q)
{
	for (size_t i = 0; i < *n; i++)
		if (str_eq(d[i].id, q->document))
			return &d[i];
	d[*n] = (struct document){ .id = q->document, .title = q->title };
	return &d[(*n)++];
}

static size_t count_documents(struct html *h, struct document *d)
{
	const struct catalogue *c = h->r->catalogue;
	size_t n = 0;

	for (size_t i = 0; i < c->n_requirement; i++) {
		const struct requirement *q = &c->requirement[i];
		struct html_weight w = html_weight(h, q->anchor, q->level);
		struct document *of;

		if (!w.spoken)
			continue;
		of = find_document(d, &n, q);
		of->gates |= w.gates;
		of->count[standing(h, q)]++;
		of->n++;
	}
	return n;
}

static void write_bar(struct html *h, const struct document *d)
{
	size_t x = 0;

	html_put(h, "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
		    "aria-hidden=\"true\">");
	for (size_t i = 0; i < COUNT(order); i++) {
		size_t width = d->count[order[i]] * 1000 / d->n;

		html_fmt(h, "<rect class=\"f-%s\" x=\"%zu\" width=\"%zu\" height=\"10\"/>",
			 held_words[order[i]].class, x, width);
		x += width;
	}
	html_put(h, "</svg>");
}

static void write_requirement(struct html *h, const struct requirement *q)
{
	enum held k = standing(h, q);

	html_fmt(h, "<tr><td><b class=\"v v-%s\">%s</b></td><td>", held_words[k].class,
		 held_words[k].word);
	html_own(h, q->text);
	if (q->uncased.p) {
		html_put(h, " <span class=\"small\">No case: ");
		html_own(h, q->uncased);
		html_put(h, ".</span>");
	}
	html_put(h, " <code>");
	html_own(h, q->anchor);
	html_fmt(h, "</code></td><td class=\"level\">%s</td></tr>\n", level_name(q->level));
}

static void write_document(struct html *h, const struct document *d)
{
	const struct catalogue *c = h->r->catalogue;
	const char *before = "";

	html_fmt(h, "<details class=\"document\"><summary><span class=\"title\">");
	html_own(h, d->title.n ? d->title : d->id);
	html_put(h, d->gates ? " <b class=\"decides\">decides</b></span>" : "</span>");
	write_bar(h, d);
	html_put(h, "<span class=\"numbers\">");
	for (size_t i = 0; i < COUNT(order); i++) {
		if (!d->count[order[i]])
			continue;
		html_fmt(h, "%s%zu %s", before, d->count[order[i]], held_words[order[i]].word);
		before = ", ";
	}
	html_put(h, "</span></summary>\n<table class=\"rules\"><tbody>\n");
	for (size_t i = 0; i < c->n_requirement; i++) {
		const struct requirement *q = &c->requirement[i];

		write_recycle(&h->one, &h->a);
		if (str_eq(q->document, d->id) && html_weight(h, q->anchor, q->level).spoken)
			write_requirement(h, q);
	}
	html_put(h, "</tbody></table></details>\n");
}

void html_coverage(struct html *h)
{
	const struct catalogue *c = h->r->catalogue;
	struct document *d;
	size_t n;

	if (!c || !c->n_requirement || !write_anything_ran(h->r))
		return;
	d = arena_array(&h->a, struct document, c->n_requirement);
	if (!d)
		return;
	n = count_documents(h, d);
	if (!n)
		return;
	html_put(h, "<section id=\"requirements\">\n<h2>What the run says of each document</h2>\n"
		    "<p class=\"small\">The requirements that the profile speaks of, by the worst "
		    "verdict of a case that cites them. Those that decide stand first.</p>\n");
	for (int gates = 1; gates >= 0; gates--)
		for (size_t i = 0; i < n; i++)
			if (d[i].gates == gates)
				write_document(h, &d[i]);
	html_put(h, "</section>\n");
}

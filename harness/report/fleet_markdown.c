/* fleet_markdown.c - a page of many devices: what is wrong first, then a row for each. */
#include "report/fleet_parts.h"
#include "report/markdown.h"

#define DOCUMENT_MAX (64u << 20)
#define CUT_ROOM     200 /* for the line that says what was left out */

struct page {
	struct buf b, part; /* part: goes in as a whole or not at all */
	size_t max_bytes;
	size_t cut; /* parts that did not fit */
};

static void commit(struct page *p)
{
	if (!p->cut && p->b.n + p->part.n + CUT_ROOM <= p->max_bytes)
		buf_str(&p->b, buf_view(&p->part));
	else
		p->cut++;
	buf_clear(&p->part);
}

static void write_head(struct page *p, const struct fleet_report *r)
{
	size_t count[VERDICTS], waived, good = 0;

	fleet_totals(r, count, &waived);
	for (size_t i = 0; i < r->n; i++)
		good += r->device[i].exit_code == 0;
	buf_puts(&p->part, "## ");
	markdown_text(&p->part, r->title);
	buf_fmt(&p->part, "\n\n%zu of %zu devices are good.\n\n", good, r->n);
	for (size_t i = 0; i < r->n_problem; i++) {
		buf_puts(&p->part, "**Missing:** ");
		markdown_text(&p->part, r->problem[i]);
		buf_puts(&p->part, "\n\n");
	}
	buf_puts(&p->part, "| pass | warn | fail | skip | inconclusive | error | waived |\n"
			   "|---:|---:|---:|---:|---:|---:|---:|\n|");
	for (int i = 0; i < VERDICTS; i++)
		buf_fmt(&p->part, " %zu |", count[i]);
	buf_fmt(&p->part, " %zu |\n\n", waived);
	commit(p);
}

static void write_findings(struct page *p, const struct fleet_device *d)
{
	enum verdict as;

	buf_fmt(&p->part, "### %s ", fleet_word(d, &as));
	markdown_text(&p->part, d->name);
	buf_puts(&p->part, "\n\n");
	if (d->cause.n) {
		buf_puts(&p->part, "**Cause:** ");
		markdown_text(&p->part, d->cause);
		buf_puts(&p->part, "\n\n");
	}
	for (size_t i = 0; i < d->n_finding; i++) {
		buf_puts(&p->part, "- ");
		markdown_text(&p->part, d->finding[i]);
		buf_char(&p->part, '\n');
	}
	if (d->more)
		buf_fmt(&p->part, "- and %zu more\n", d->more);
	buf_char(&p->part, '\n');
	commit(p);
}

static void write_row(struct page *p, const struct fleet_device *d)
{
	enum verdict as;
	const char *word = fleet_word(d, &as);

	buf_puts(&p->part, "| ");
	markdown_text(&p->part, d->name);
	buf_fmt(&p->part, " | %s |", word);
	for (int i = 0; i < VERDICTS; i++)
		buf_fmt(&p->part, " %zu |", d->count[i]);
	buf_puts(&p->part, " ");
	markdown_text(&p->part, d->identity);
	buf_puts(&p->part, " | ");
	markdown_text(&p->part, d->target);
	buf_puts(&p->part, " |\n");
	commit(p);
}

static void write_table(struct page *p, const struct fleet_report *r)
{
	if (!r->n)
		return;
	buf_puts(&p->part, "### Devices\n\n| device | verdict | pass | warn | fail | skip | "
			   "inconclusive | error | | target |\n"
			   "|---|---|---:|---:|---:|---:|---:|---:|---|---|\n");
	commit(p);
	for (size_t i = 0; i < r->n; i++)
		write_row(p, &r->device[i]);
}

int fleet_page(const struct fleet_report *r, size_t max_bytes, struct buf *out, struct err *err)
{
	struct page p = { .max_bytes = max_bytes };
	int bad;

	buf_init(&p.b, DOCUMENT_MAX);
	buf_init(&p.part, DOCUMENT_MAX);
	write_head(&p, r);
	for (size_t i = 0; i < r->n; i++)
		if (r->device[i].exit_code)
			write_findings(&p, &r->device[i]);
	write_table(&p, r);
	if (p.cut)
		buf_fmt(&p.b, "\n%zu more parts did not fit on this page.\n", p.cut);
	bad = buf_check(&p.part, "the Markdown report", err) ||
	      buf_check(&p.b, "the Markdown report", err);
	buf_free(&p.part);
	*out = p.b;
	return bad ? -1 : 0;
}

int report_fleet_markdown(const struct fleet_report *r, const char *path, struct err *err)
{
	struct buf page DEFER(buf_free) = { 0 };

	if (fleet_page(r, MARKDOWN_MAX, &page, err))
		return -1;
	return file_replace(path, buf_view(&page), err);
}

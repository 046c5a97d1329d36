/* fleet_html.c - one page of many devices: no script, nothing from the network. */
#include "report/fleet_parts.h"

#define PAGE_MAX_BYTES ((size_t)256 << 20)

static const char style[] =
	":root{color-scheme:light dark;--ink:#1b1f24;--dim:#5b6470;--line:#d8dde3;--bg:#fff;"
	"--good:#1a7f37;--bad:#b3261e;--odd:#7a5c00}"
	"@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--dim:#98a2ad;--line:#343b43;"
	"--bg:#14181c;--good:#57c26f;--bad:#ff8a80;--odd:#e0b84c}}"
	"body{margin:2rem auto;max-width:76rem;padding:0 1rem;font:15px/1.5 system-ui,sans-serif;"
	"color:var(--ink);background:var(--bg)}"
	"h1{font-size:1.4rem;margin:0 0 .3rem}p{margin:.3rem 0;color:var(--dim)}"
	"div.wide{overflow-x:auto}"
	"table{border-collapse:collapse;width:100%;margin-top:1.2rem}"
	"th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;"
	"border-bottom:1px solid var(--line)}"
	"th{color:var(--dim);font-weight:600}"
	".n{text-align:right;font-variant-numeric:tabular-nums}"
	"a{color:inherit}small{color:var(--dim);display:block;overflow-wrap:anywhere}"
	"ul{margin:0;padding:0;list-style:none}li{overflow-wrap:anywhere}"
	".good{color:var(--good)}.bad{color:var(--bad)}.odd{color:var(--odd)}"
	"b{font-weight:600}";

static const char *const classes[VERDICTS] = {
	[VERDICT_PASS] = "good", [VERDICT_WARN] = "odd",         [VERDICT_FAIL] = "bad",
	[VERDICT_SKIP] = "",     [VERDICT_INCONCLUSIVE] = "odd", [VERDICT_ERROR] = "bad",
};

/* The columns of counts. */
static const enum verdict columns[] = { VERDICT_PASS, VERDICT_WARN,         VERDICT_FAIL,
					VERDICT_SKIP, VERDICT_INCONCLUSIVE, VERDICT_ERROR };

static void cell(struct buf *b, size_t n)
{
	buf_fmt(b, "<td class=\"n\">%zu</td>", n);
}

static void small(struct buf *b, struct str text)
{
	if (!text.n)
		return;
	buf_puts(b, "<small>");
	buf_xml(b, text);
	buf_puts(b, "</small>");
}

static void write_name(struct buf *b, const struct fleet_device *d)
{
	buf_puts(b, "<td>");
	if (d->link.p) {
		buf_puts(b, "<a href=\"");
		buf_xml(b, d->link);
		buf_puts(b, "\">");
	}
	buf_xml(b, d->name);
	buf_puts(b, d->link.p ? "</a>" : "");
	small(b, d->identity);
	small(b, d->target);
	buf_puts(b, "</td>");
}

static void write_findings(struct buf *b, const struct fleet_device *d)
{
	buf_puts(b, "<td>");
	if (d->cause.n) {
		buf_puts(b, "<b>");
		buf_xml(b, d->cause);
		buf_puts(b, "</b>");
	}
	buf_puts(b, d->n_finding ? "<ul>" : "");
	for (size_t i = 0; i < d->n_finding; i++) {
		buf_puts(b, "<li>");
		buf_xml(b, d->finding[i]);
		buf_puts(b, "</li>");
	}
	buf_puts(b, d->n_finding ? "</ul>" : "");
	if (d->more)
		buf_fmt(b, "<small>%zu more</small>", d->more);
	buf_puts(b, "</td>");
}

static void write_device(struct buf *b, const struct fleet_device *d)
{
	enum verdict as;
	const char *word = fleet_word(d, &as);

	buf_puts(b, "<tr>");
	write_name(b, d);
	buf_fmt(b, "<td class=\"%s\"><b>%s</b></td>", classes[as], word);
	for (size_t i = 0; i < COUNT(columns); i++)
		cell(b, d->count[columns[i]]);
	cell(b, d->waived);
	write_findings(b, d);
	buf_puts(b, "</tr>\n");
}

static void write_totals(struct buf *b, const struct fleet_report *r)
{
	size_t count[VERDICTS], waived;

	fleet_totals(r, count, &waived);
	buf_puts(b, "<tr><th>all</th><th></th>");
	for (size_t i = 0; i < COUNT(columns); i++)
		cell(b, count[columns[i]]);
	cell(b, waived);
	buf_puts(b, "<td></td></tr>\n");
}

static void write_head(struct buf *b, const struct fleet_report *r)
{
	size_t good = 0;

	for (size_t i = 0; i < r->n; i++)
		good += r->device[i].exit_code == 0;
	buf_puts(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
	buf_xml(b, r->title);
	buf_fmt(b, "</title>\n<style>%s</style>\n</head>\n<body>\n<h1>", style);
	buf_xml(b, r->title);
	buf_fmt(b, "</h1>\n<p>%zu of %zu devices are good. ", good, r->n);
	buf_xml(b, r->tool);
	buf_puts(b, "</p>\n");
	for (size_t i = 0; i < r->n_problem; i++) {
		buf_puts(b, "<p class=\"bad\">");
		buf_xml(b, r->problem[i]);
		buf_puts(b, "</p>\n");
	}
	buf_puts(b, "<div class=\"wide\"><table>\n<tr><th>device</th><th>verdict</th>");
	for (size_t i = 0; i < COUNT(columns); i++)
		buf_fmt(b, "<th class=\"n\">%s</th>", verdict_name(columns[i]));
	buf_puts(b, "<th class=\"n\">waived</th><th>cause, worst findings</th></tr>\n");
}

int report_fleet_html(const struct fleet_report *r, const char *path, struct err *err)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, PAGE_MAX_BYTES);
	write_head(&b, r);
	for (size_t i = 0; i < r->n; i++)
		write_device(&b, &r->device[i]);
	write_totals(&b, r);
	buf_puts(&b, "</table></div>\n</body>\n</html>\n");
	return buf_check(&b, "the page", err) || file_replace(path, buf_view(&b), err) ? -1 : 0;
}

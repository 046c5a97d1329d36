#include "report/fleet_parts.h"
#include "report/print.h"

#define NAME_MIN 8
#define NAME_MAX 60 /* of an inventory */
#define WORD     13 /* columns of "INCONCLUSIVE" */

static const enum print_style styles[VERDICTS] = {
	[VERDICT_PASS] = STYLE_GOOD,        [VERDICT_WARN] = STYLE_WARN,
	[VERDICT_FAIL] = STYLE_BAD,         [VERDICT_SKIP] = STYLE_PLAIN,
	[VERDICT_INCONCLUSIVE] = STYLE_ODD, [VERDICT_ERROR] = STYLE_BAD,
};

static int name_columns(const struct fleet_report *r)
{
	size_t n = NAME_MIN;

	for (size_t i = 0; i < r->n; i++)
		n = r->device[i].name.n > n ? r->device[i].name.n : n;
	return (int)(n < NAME_MAX ? n : NAME_MAX);
}

static void print_device(struct printer *p, const struct fleet_device *d, int columns)
{
	enum verdict as;
	const char *word = fleet_word(d, &as);

	fprintf(p->f, "%-*.*s  ", columns, d->name.n < (size_t)columns ? (int)d->name.n : columns,
		d->name.p ? d->name.p : "");
	print_styled(p, styles[as], word);
	fprintf(p->f, "%*s%5zu%5zu%5zu%5zu%6zu%7zu\n", WORD - (int)strlen(word), "",
		d->count[VERDICT_PASS], d->count[VERDICT_WARN], d->count[VERDICT_FAIL],
		d->count[VERDICT_SKIP], d->count[VERDICT_INCONCLUSIVE] + d->count[VERDICT_ERROR],
		d->waived);
	if (d->cause.n) {
		fprintf(p->f, "%*s", columns + 2, "");
		print_wrapped(p, columns + 2, columns + 2, d->cause);
	}
	for (size_t i = 0; i < d->n_finding && !str_starts(d->finding[i], STR("WARN")); i++) {
		fprintf(p->f, "%*s", columns + 2, "");
		print_wrapped(p, columns + 2, columns + 4, d->finding[i]);
	}
	if (d->more && d->count[VERDICT_FAIL] + d->count[VERDICT_ERROR])
		fprintf(p->f, "%*sand %zu more findings\n", columns + 2, "", d->more);
}

void console_fleet(FILE *f, const struct fleet_report *r, const struct console_options *o)
{
	const struct redactor none = { 0 }; /* every text was redacted when it was added */
	int columns = name_columns(r);
	size_t count[VERDICTS], waived, good = 0;
	struct printer p;

	print_start(&p, f, &none, o);
	fprintf(f, "%-*s  %-*s%5s%5s%5s%5s%6s%7s\n", columns, "device", WORD, "", "pass", "warn",
		"fail", "skip", "open", "waived");
	for (size_t i = 0; i < r->n; i++) {
		print_device(&p, &r->device[i], columns);
		good += r->device[i].exit_code == 0;
	}
	fleet_totals(r, count, &waived);
	for (size_t i = 0; i < r->n_problem; i++) {
		print_styled(&p, STYLE_BAD, "PARTS");
		fputs("  ", f);
		print_wrapped(&p, 7, 7, r->problem[i]);
	}
	fprintf(f, "%zu of %zu devices are good", good, r->n);
	for (int i = 0; i < VERDICTS; i++)
		if (count[i] || i == VERDICT_PASS || i == VERDICT_FAIL)
			fprintf(f, "%s%zu %s", i == VERDICT_PASS ? ": " : ", ", count[i],
				verdict_name((enum verdict)i));
	if (waived)
		fprintf(f, ", %zu waived", waived);
	fputc('\n', f);
	print_end(&p);
}

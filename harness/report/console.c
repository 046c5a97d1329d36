#include "report/print.h"

#include <inttypes.h>

#define INDENT 14

static const struct {
	const char *word;
	enum print_style style;
} verdicts[VERDICTS] = {
	[VERDICT_PASS] = { "PASS", STYLE_GOOD },
	[VERDICT_WARN] = { "WARN", STYLE_WARN },
	[VERDICT_FAIL] = { "FAIL", STYLE_BAD },
	[VERDICT_SKIP] = { "SKIP", STYLE_PLAIN },
	[VERDICT_INCONCLUSIVE] = { "INCONCLUSIVE", STYLE_ODD },
	[VERDICT_ERROR] = { "ERROR", STYLE_ODD },
};

/* Worst first. */
static const enum verdict shown[] = { VERDICT_ERROR, VERDICT_FAIL, VERDICT_INCONCLUSIVE,
				      VERDICT_WARN };

static void advice(struct printer *p, const char *label, struct str text)
{
	if (!text.n)
		return;
	fprintf(p->f, "%*s%s: ", INDENT, "", label);
	print_wrapped(p, INDENT + (int)strlen(label) + 2, INDENT + 2, text);
}

/* As lines to be copied, so they are not wrapped. */
static void command(struct printer *p, const struct run_result *r, const struct variant_result *v)
{
	struct str rest = write_curl(&p->a, p->redactor, r, v);

	if (print_commands_ci(rest)) {
		fprintf(p->f, "%*sagain: the commands are in the reports\n", INDENT, "");
		return;
	}
	if (rest.p)
		fprintf(p->f, "%*sagain:\n", INDENT, "");
	while (rest.n) {
		struct str line = str_cut(&rest, '\n');

		fprintf(p->f, "%*s%.*s\n", INDENT + 2, "", STR_ARG(line));
	}
}

static void finding(struct printer *p, const struct run_result *r, const struct variant_result *v,
		    bool again)
{
	const struct suite_case *c = v->variant->c;
	struct str head = write_own(&p->a, v->variant->id, 400);

	if (v->cite)
		head = arena_fmt(&p->a, "%.*s  [%s, %.*s]", STR_ARG(head),
				 level_name(v->cite->level),
				 STR_ARG(write_clause(&p->a, r, v->cite)));
	print_styled(p, verdicts[v->verdict].style, verdicts[v->verdict].word);
	fprintf(p->f, "%*s", INDENT - (int)strlen(verdicts[v->verdict].word), "");
	print_wrapped(p, INDENT, INDENT, head);
	fprintf(p->f, "%*s", INDENT, "");
	print_wrapped(p, INDENT, INDENT, write_message(&p->a, p->redactor, v, 1000));
	advice(p, "form", write_line(&p->a, p->redactor, v->form, 400));
	if (again || v->verdict == VERDICT_ERROR || v->verdict == VERDICT_INCONCLUSIVE)
		return;
	advice(p, "why", write_own(&p->a, c->why, 1000));
	advice(p, "remedy", write_own(&p->a, c->remedy, 1000));
	command(p, r, v);
}

/* The variants of a case stand together: why and remedy are said once. */
static void findings_of(struct printer *p, const struct run_result *r, enum verdict verdict)
{
	const struct suite_case *last = NULL;
	struct arena unused = { 0 };

	for (size_t i = 0; i < r->n_variant; i++) {
		const struct variant_result *v = &r->variant[i];

		if (v->verdict != verdict || !write_told(r, v))
			continue;
		finding(p, r, v, v->variant->c == last);
		last = v->variant->c;
		write_recycle(&p->a, &unused);
	}
}

/* One line each: who reads this knows them. */
static void waived(struct printer *p, const struct run_result *r)
{
	struct arena unused = { 0 };

	for (size_t i = 0; r->waived && i < r->n_variant; i++) {
		const struct variant_result *v = &r->variant[i];

		if (!v->waiver)
			continue;
		print_styled(p, STYLE_PLAIN, "WAIVED");
		fprintf(p->f, "%*s", INDENT - (int)strlen("WAIVED"), "");
		print_wrapped(p, INDENT, INDENT,
			      arena_fmt(&p->a, "%.*s (%s): %.*s",
					STR_ARG(write_own(&p->a, v->variant->id, 400)),
					verdict_name(v->verdict),
					STR_ARG(write_waiver(&p->a, p->redactor, v))));
		write_recycle(&p->a, &unused);
	}
}

static void waiver_problems(struct printer *p, const struct run_result *r)
{
	for (size_t i = 0; r->waivers && i < r->waivers->n_problem; i++) {
		print_styled(p, STYLE_BAD, "WAIVER");
		fprintf(p->f, "%*s", INDENT - (int)strlen("WAIVER"), "");
		print_wrapped(p, INDENT, INDENT,
			      write_line(&p->a, p->redactor, r->waivers->problem[i], 1000));
	}
	if (r->waivers && r->waivers->elsewhere)
		fprintf(p->f, "%zu waiver%s for another device or firmware.\n",
			r->waivers->elsewhere, r->waivers->elsewhere == 1 ? " is" : "s are");
}

void console_waivers(FILE *f, const struct run_result *r, const struct redactor *redactor,
		     const struct console_options *o)
{
	struct printer p;

	print_start(&p, f, redactor, o);
	waived(&p, r);
	waiver_problems(&p, r);
	print_end(&p);
}

/* What is behind it all, and what to do. */
static void explained(struct printer *p, const struct run_result *r)
{
	const struct cause *c = r->cause_page;

	if (!c)
		return;
	if (!r->cause.n)
		fputc('\n', p->f);
	print_styled(p, STYLE_BOLD, "CAUSE");
	fprintf(p->f, "%*s", INDENT - (int)strlen("CAUSE"), "");
	print_wrapped(p, INDENT, INDENT, write_own(&p->a, c->title, 400));
	fprintf(p->f, "%*s", INDENT, "");
	print_wrapped(p, INDENT, INDENT, write_line(&p->a, p->redactor, c->what, 2000));
	for (size_t i = 0; i < c->n_todo; i++) {
		fprintf(p->f, "%*s%zu. ", INDENT, "", i + 1);
		print_wrapped(p, INDENT + 3, INDENT + 3, write_own(&p->a, c->todo[i], 1000));
	}
	fprintf(p->f, "%*scountersign explain %.*s says more\n\n", INDENT, "", STR_ARG(c->id));
}

static void measures(struct printer *p, const struct run_result *r)
{
	const char *heading = "measured\n";

	for (size_t i = 0; i < r->n_variant; i++) {
		const struct variant_result *v = &r->variant[i];

		if (!v->measured || !v->variant->c->measure)
			continue;
		fputs(heading, p->f);
		heading = "";
		fprintf(p->f, "  %-34.*s %.*s\n",
			STR_ARG(write_own(&p->a, v->variant->c->measure->property, 80)),
			STR_ARG(write_measure(&p->a, v)));
		for (size_t k = 0; k < v->n_more; k++)
			fprintf(p->f, "    %-32s %.*s\n", v->more[k].name,
				STR_ARG(write_number(&p->a, &v->more[k])));
	}
}

/* Drawn spellings: what came of all, and each way that went wrong. */
static void spellings(struct printer *p, const struct run_result *r)
{
	const char *heading = "spellings\n";

	for (size_t i = 0; i < r->n_variant; i++) {
		const struct swarm_result *s = r->variant[i].swarm;

		if (!s)
			continue;
		fputs(heading, p->f);
		heading = "";
		fputs("  ", p->f);
		print_wrapped(p, 2, 4, write_line(&p->a, p->redactor, s->summary, 1000));
		for (size_t k = 0; k < s->n_group; k++) {
			fputs("    ", p->f);
			print_wrapped(p, 4, 6,
				      write_line(&p->a, p->redactor, s->group[k].line, 1000));
		}
	}
}

static void left_over(struct printer *p, const struct run_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_variant; i++)
		n += write_left_over(r, &r->variant[i]);
	if (n)
		fprintf(p->f, "%zu variant%s not judged, since the run ended before.\n", n,
			n == 1 ? " was" : "s were");
}

void console_findings(FILE *f, const struct run_result *r, const struct redactor *redactor,
		      const struct console_options *o)
{
	struct printer p;

	print_start(&p, f, redactor, o);
	for (size_t i = 0; i < COUNT(shown); i++)
		findings_of(&p, r, shown[i]);
	waived(&p, r);
	waiver_problems(&p, r);
	measures(&p, r);
	spellings(&p, r);
	left_over(&p, r);
	if (r->budget.n)
		print_wrapped(&p, 0, 0, write_line(&p.a, redactor, r->budget, 2000));
	if (r->cause.n) {
		fputc('\n', f);
		print_styled(&p, STYLE_BAD, "STOPPED");
		fprintf(f, "%*s", INDENT - (int)strlen("STOPPED"), "");
		print_wrapped(&p, INDENT, INDENT, write_line(&p.a, redactor, r->cause, 2000));
		fputc('\n', f);
	}
	explained(&p, r);
	print_end(&p);
}

/* Why cases were skipped, and the option that runs them. */
static const struct {
	enum reason reason;
	const char *text, *of_client; /* NULL: the same */
} skips[] = {
	{ REASON_NOT_OFFERED, "not offered by the target", "not shown of the client" },
	{ REASON_NOT_REACHED, "never reached", "not reached by the client" },
	{ REASON_BUDGET, "for want of failed logins (--failures)", NULL },
	{ REASON_SLOW, "slow (--slow)", NULL },
	{ REASON_RISK, "risky (--risk)", NULL },
	{ REASON_CLEARTEXT, "would send the password in the clear (--cleartext)", NULL },
	{ REASON_EXCEPTED, "left out by the profile", NULL },
};

static void skipped(FILE *f, const struct run_result *r)
{
	const char *before = "skipped: ";

	for (size_t k = 0; k < COUNT(skips); k++) {
		size_t n = 0;

		for (size_t i = 0; i < r->n_variant; i++)
			n += r->variant[i].verdict == VERDICT_SKIP &&
			     r->variant[i].reason == skips[k].reason;
		if (n)
			fprintf(f, "%s%zu %s", before, n,
				write_is_client(r) && skips[k].of_client ? skips[k].of_client
									 : skips[k].text);
		before = n ? ", " : before;
	}
	if (before[0] == ',')
		fputc('\n', f);
}

void console_totals(FILE *f, const struct run_result *r, const struct console_options *o)
{
	const struct redactor none = { 0 };
	enum verdict v = write_overall(r);
	const char *before = " ";
	struct printer p;

	print_start(&p, f, &none, o);
	print_styled(&p, verdicts[v].style, verdicts[v].word);
	for (int i = 0; i < VERDICTS; i++) {
		if (!r->count[i] && i != VERDICT_PASS && i != VERDICT_FAIL)
			continue;
		fprintf(f, "%s%zu %s", before, r->count[i], verdict_name((enum verdict)i));
		before = ", ";
	}
	if (r->waived)
		fprintf(f, ", %zu waived", r->waived);
	fprintf(f, "; %zu exchange%s, ", r->exchanges, r->exchanges == 1 ? "" : "s");
	if (!write_is_client(r))
		fprintf(f, "%d failed login%s, ", r->failed_logins,
			r->failed_logins == 1 ? "" : "s");
	fprintf(f, "%.*s s\n", STR_ARG(write_seconds(&p.a, r->took_ms)));
	skipped(f, r);
	print_end(&p);
}

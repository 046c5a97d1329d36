/* cmd_docs.c - the pages that come out of the tables and the catalogue, so that they cannot drift.
 */
#include "cli/command.h"

#include "device/device.h"
#include "suite/suite.h"

#include <stdio.h>

/* Text for a Markdown table or paragraph: one line, and nothing in it is markup. */
static void text(struct str s)
{
	bool space = false;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
			space = true;
			continue;
		}
		if (space)
			putchar(' ');
		space = false;
		if (c == '<')
			fputs("&lt;", stdout);
		else if (c == '|')
			fputs("\\|", stdout);
		else
			putchar(c);
	}
}

static void code_words(struct str words)
{
	struct str word;
	const char *comma = "";

	while ((word = str_word(&words)).n) {
		printf("%s`%.*s`", comma, STR_ARG(word));
		comma = " ";
	}
}

/* --- deviations --- */

static void deviations_of(enum mechanism m)
{
	printf("\n### `<%s>`\n\n| attribute | values | what is sent |\n|---|---|---|\n",
	       mechanism_name(m));
	for (const struct deviation *d = deviations; d->name; d++) {
		if (d->mech != m)
			continue;
		printf("| `%s` | ", d->name);
		code_words(str(d->values));
		fputs(" | ", stdout);
		text(str(d->help));
		puts(" |");
	}
}

static int page_deviations(const struct catalogue *c)
{
	(void)c;
	for (int m = 0; m < MECHANISMS; m++)
		deviations_of((enum mechanism)m);
	return EXIT_GOOD;
}

/* --- features and faults --- */

static int page_features(const struct catalogue *c)
{
	(void)c;
	puts("| feature | the target has it when |\n|---|---|");
	for (const struct suite_feature *f = suite_features; f->name; f++) {
		printf("| `%s` | ", f->name);
		text(str(f->help));
		puts(" |");
	}
	return EXIT_GOOD;
}

static int page_faults(const struct catalogue *c)
{
	puts("| planted fault | persona | what is wrong | cases that name it |\n|---|---|---|---|");
	for (const struct fault *f = faults; f->name; f++) {
		if (f->kind == FAULT_ENVIRONMENT)
			continue;
		printf("| `%s` | %s | ", f->name, f->persona);
		text(str(f->help));
		fputs(" |", stdout);
		for (size_t i = 0; i < c->n_case; i++)
			if (str_has_word(c->c[i].kills, str(f->name)))
				printf(" %.*s", STR_ARG(c->c[i].id));
		puts(" |");
	}
	return EXIT_GOOD;
}

/* --- the catalogue --- */

static size_t variants_of(const struct suite_case *c)
{
	size_t n = 1;

	for (size_t i = 0; i < c->n_axis; i++)
		n *= c->axis[i].n;
	return n;
}

/* The cases of devices, or those of clients. */
struct section {
	const struct suite_case *c;
	size_t n;
};

static bool starts_family(const struct section *s, size_t i)
{
	return i == 0 || !str_eq(s->c[i].family, s->c[i - 1].family);
}

static void family_row(const struct section *s, size_t first)
{
	struct str family = s->c[first].family;
	size_t cases = 0, variants = 0;

	for (size_t i = first; i < s->n && str_eq(s->c[i].family, family); i++) {
		cases++;
		variants += variants_of(&s->c[i]);
	}
	printf("| [%.*s](#%.*s) | %zu | %zu |\n", STR_ARG(family), STR_ARG(family), cases,
	       variants);
}

static void families(const struct section *s, const char *of)
{
	size_t variants = 0;

	for (size_t i = 0; i < s->n; i++)
		variants += variants_of(&s->c[i]);
	printf("\n%zu cases of %s in %zu variants.\n\n| family | cases | variants "
	       "|\n|---|---|---|\n",
	       s->n, of, variants);
	for (size_t i = 0; i < s->n; i++)
		if (starts_family(s, i))
			family_row(s, i);
}

static void labelled(const char *label, struct str s)
{
	if (!s.n)
		return;
	printf("- %s: ", label);
	text(s);
	putchar('\n');
}

static void one_case(const struct catalogue *c, const struct suite_case *k)
{
	printf("\n### %.*s\n\n**", STR_ARG(k->id));
	text(k->title);
	fputs("**\n\n", stdout);
	labelled("why", k->why);
	labelled("remedy", k->remedy);
	for (size_t i = 0; i < k->n_cite; i++) {
		const struct requirement *q = catalogue_requirement(c, k->cite[i].clause);

		printf("- %s: `%.*s`, ", level_name(k->cite[i].level), STR_ARG(k->cite[i].clause));
		text(q ? q->source : STR("?"));
		putchar('\n');
	}
	printf("- %zu variant%s", variants_of(k), variants_of(k) == 1 ? "" : "s");
	if (!k->client)
		printf(", at most %d failed login%s each, %s%s", k->failures,
		       k->failures == 1 ? "" : "s", risk_name(k->risk), k->slow ? ", slow" : "");
	if (k->needs.n) {
		fputs(", needs ", stdout);
		code_words(k->needs);
	}
	putchar('\n');
	if (k->kills.n) {
		fputs("- catches ", stdout);
		code_words(k->kills);
		putchar('\n');
	}
	labelled("faults from the field", k->field);
}

static void all_cases(const struct catalogue *c, const struct section *s)
{
	for (size_t i = 0; i < s->n; i++) {
		if (starts_family(s, i))
			printf("\n## %.*s\n", STR_ARG(s->c[i].family));
		one_case(c, &s->c[i]);
	}
}

static int page_catalogue(const struct catalogue *c)
{
	const struct section devices = { c->c, c->n_case }, clients = { c->client, c->n_client };

	puts("# The catalogue\n\nThis page is written by `countersign docs catalogue`. The cases "
	     "of "
	     "devices are in `suites/*.xml` and their language is in [README.md](README.md); those "
	     "of "
	     "clients are in `suites/client/*.xml`, and their language is in "
	     "[client/README.md](client/README.md). `countersign explain CASE` shows the steps of "
	     "one.");
	families(&devices, "devices");
	if (clients.n)
		families(&clients, "clients");
	all_cases(c, &devices);
	all_cases(c, &clients);
	return EXIT_GOOD;
}

static const struct {
	const char *name;
	int (*print)(const struct catalogue *c);
} pages[] = {
	{ "catalogue", page_catalogue },
	{ "deviations", page_deviations },
	{ "faults", page_faults },
	{ "features", page_features },
};

const char *docs_page(size_t i)
{
	return i < COUNT(pages) ? pages[i].name : NULL;
}

int cmd_docs(const struct cli *cli)
{
	struct str name = cli->o.operand[0];
	struct catalogue c = { 0 };
	struct err err = { 0 };
	int status;

	for (size_t i = 0; i < COUNT(pages); i++) {
		if (!str_eq(name, str(pages[i].name)))
			continue;
		if (cli_catalogue(&cli->o, &c, &err))
			return cli_fail(&err);
		status = pages[i].print(&c);
		catalogue_free(&c);
		return status;
	}
	err_set(&err, ERR_INPUT, "no page %.*s: expected catalogue, deviations, faults or features",
		STR_ARG(name));
	return cli_fail(&err);
}

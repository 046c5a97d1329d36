/* man_suite.c - countersign-suite(5), out of the grammar, the deviations and the features. */
#include "cli/help.h"
#include "cli/man.h"

#include "suite/language.h"
#include "suite/suite.h"

static const char example[] =
	"<suite family=\"digest\" title=\"HTTP Digest access authentication\">\n"
	"  <case id=\"digest.nc.reused\" rev=\"1\" needs=\"digest qop\" failures=\"1\"\n"
	"        kills=\"nc-unchecked\">\n"
	"    <title>A nonce count that was already used is refused</title>\n"
	"    <why>A captured request would work a second time.</why>\n"
	"    <remedy>Keep the highest nc of each nonce.</remedy>\n"
	"    <cite clause=\"rfc7616#3.4.nc\" level=\"hardening\"/>\n"
	"    <send/>\n"
	"    <send expect=\"refused\"><digest nonce=\"same\" nc=\"same\"/></send>\n"
	"  </case>\n"
	"</suite>\n";

struct page {
	FILE *f;
	const char *(*meaning)(struct str element, struct str attribute);
};

static void item(FILE *f, const char *name, const char *text)
{
	fputs(".TP\n.B ", f);
	man_text(f, name);
	fputc('\n', f);
	man_text(f, text);
	fputc('\n', f);
}

static void deviations_of(FILE *f, enum mechanism mech)
{
	for (const struct deviation *d = deviations; d->name; d++) {
		if (d->mech != mech)
			continue;
		item(f, d->name, d->help);
		fputs("; one of: ", f);
		man_text(f, d->values);
		fputs(".\n", f);
	}
}

static void element(void *ctx, const struct language_element *e)
{
	static const char *const times[2][2] = { { "at most once", "any number of times" },
						 { "exactly once", "once or more often" } };
	const struct page *p = ctx;
	FILE *f = p->f;
	const char *meaning = p->meaning(str(e->name), STR(""));

	fprintf(f, ".SS <%s>\n", e->name);
	man_text(f, meaning ? meaning : "");
	fputc('\n', f);
	if (*e->parent)
		fprintf(f, "It stands in <%s>, %s.\n", e->parent, times[e->required][e->repeated]);
	if (e->deviates)
		deviations_of(f, e->mech);
}

static void attribute(void *ctx, const struct language_attribute *a)
{
	const struct page *p = ctx;
	FILE *f = p->f;
	const char *meaning = p->meaning(str(a->element), str(a->name));

	item(f, a->name, meaning ? meaning : "");
	fprintf(f, "%s%s", a->required ? "Mandatory: " : "Holds ", a->list ? "words, each " : "");
	man_text(f, a->domain);
	fputs(a->bound ? ", or $axis.\n" : ".\n", f);
}

/* Cases that judge clients, and personas: their elements may have names of the others. */
static void clients(FILE *f)
{
	struct page p = { f, man_client_meaning };
	const struct language_reader reader = { element, attribute, &p };

	fputs(".SH CLIENT CASES\n"
	      "Files in the folder client hold what is asked of those who call devices: the turns "
	      "of a device,\nand checks of what came.  Elements that are not told here, such as "
	      "<title> and <cite>, are those\nof the other cases.\n",
	      f);
	language_walk_client(&reader);
	fputs(".SS What needs, unless and provides can name\n", f);
	for (const struct client_feature *c = client_features; c->name; c++)
		item(f, c->name, c->help);
	fputs(".SS What a check of a client case can ask\n", f);
	for (const struct client_check_name *c = client_checks; c->name; c++)
		item(f, c->name, c->help);
}

void help_man_suite(FILE *f)
{
	struct page p = { f, man_meaning };
	const struct language_reader reader = { element, attribute, &p };

	fputs(".TH COUNTERSIGN-SUITE 5 " MAN_DATE " \"countersign " COUNTERSIGN_VERSION
	      "\" \"File Formats\"\n"
	      ".SH NAME\ncountersign\\-suite \\- cases and profiles of countersign\n"
	      ".SH DESCRIPTION\n"
	      "Cases are XML files, and profiles too, in the folder that \\-\\-suites names; "
	      "without it "
	      "the\nbuilt\\-in ones are taken.  A correct client is the zero: a case names only "
	      "what "
	      "deviates\nfrom it.  Controls around each refusal are put in by the program.\n"
	      "The command\n.B countersign lint\nchecks a folder.\n"
	      ".SH EXAMPLE\n.EX\n",
	      f);
	man_text(f, example);
	fputs(".EE\n.SH ELEMENTS\n", f);
	language_walk(&reader);
	fputs(".SH FEATURES\nWhat needs and unless can name; the survey finds them.\n", f);
	for (const struct suite_feature *s = suite_features; s->name; s++)
		item(f, s->name, s->help);
	clients(f);
	fputs(".SH SEE ALSO\n.BR countersign (1)\n", f);
}

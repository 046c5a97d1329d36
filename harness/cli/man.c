/* man.c - the manual page, from the same tables as the help. */
#include "cli/help.h"

/* Text in roff: no line starts a request, and hyphens stay hyphens that can be copied. */
static void roff(FILE *f, const char *text)
{
	bool start = true;

	for (const char *p = text; *p; p++) {
		if (start && (*p == '.' || *p == '\''))
			fputs("\\&", f);
		if (*p == '-')
			fputs("\\-", f);
		else if (*p == '\\')
			fputs("\\e", f);
		else
			fputc(*p, f);
		start = *p == '\n';
	}
}

static void paragraphs(FILE *f, const char *about)
{
	for (const char *p = about; *p;) {
		const char *end = strstr(p, "\n\n");
		char paragraph[1024];

		snprintf(paragraph, sizeof(paragraph), "%.*s",
			 end ? (int)(end - p) : (int)strlen(p), p);
		roff(f, paragraph);
		if (!end)
			break;
		fputs("\n.PP\n", f);
		p = end + 2;
	}
	fputc('\n', f);
}

static void option(FILE *f, const struct option_row *r)
{
	fputs(".TP\n\\fB", f);
	if (r->letter)
		fprintf(f, "\\-%c\\fR, \\fB", r->letter);
	fputs("\\-\\-", f);
	roff(f, r->name);
	if (r->argument)
		fprintf(f, "\\fR \\fI%s", r->argument);
	fputs("\\fR\n", f);
	roff(f, r->help);
	if (r->choices)
		fprintf(f, "; one of: %s", r->choices);
	if (r->fallback) {
		fputs(" (default: ", f);
		roff(f, r->fallback);
		fputc(')', f);
	}
	fputs(".\n", f);
}

static void command(FILE *f, enum command_id id)
{
	const struct command *c = &commands[id];

	fprintf(f, ".SS countersign %s \\fR[\\fIOPTION\\fR...] %s\n", c->name, c->operands);
	paragraphs(f, c->about);
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands >> id & 1 && !str_eq(str(r->name), STR("help")))
			option(f, r);
}

static void examples(FILE *f)
{
	fputs(".SH EXAMPLES\n", f);
	for (size_t i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];

		for (size_t k = 0; k < COUNT(c->examples) && c->examples[k].line; k++) {
			fputs(".TP\n.B ", f);
			roff(f, c->examples[k].line);
			fputc('\n', f);
			roff(f, c->examples[k].comment);
			fputc('\n', f);
		}
	}
}

static void environment(FILE *f)
{
	static const struct {
		const char *name, *text;
	} variables[] = {
		{ "COUNTERSIGN_PASSWORD", "The password, when no file gives one." },
		{ "NO_COLOR", "When not empty, no colours." },
		{ "FORCE_COLOR", "When not empty, colours also when the output is no terminal." },
		{ "CI", "When not empty, no line of progress." },
	};

	fputs(".SH ENVIRONMENT\n", f);
	for (size_t i = 0; i < COUNT(variables); i++)
		fprintf(f, ".TP\n.B %s\n%s\n", variables[i].name, variables[i].text);
}

void help_man(FILE *f)
{
	fputs(".TH COUNTERSIGN 1 \"\" \"countersign " COUNTERSIGN_VERSION "\" \"User Commands\"\n"
	      ".SH NAME\ncountersign \\- judge the authentication of ONVIF devices and web "
	      "servers\n"
	      ".SH SYNOPSIS\n.B countersign\n.I COMMAND\n[\\fIOPTION\\fR...]\n.br\n"
	      ".B countersign \\-\\-version\n"
	      ".SH DESCRIPTION\n"
	      "Judges whether a device keeps the rules of HTTP Basic, HTTP Digest and "
	      "WS\\-Security\n"
	      "UsernameToken authentication: it sends correct requests and faulty ones, says for "
	      "each\n"
	      "whether the device decided as the specifications ask, cites the clause, and writes "
	      "a\n"
	      "JUnit report.\n.SH COMMANDS\n",
	      f);
	for (int i = 0; i < COMMANDS; i++)
		command(f, (enum command_id)i);
	fputs(".SH EXIT STATUS\n", f);
	for (const struct exit_help *e = exit_help; e->text; e++) {
		fprintf(f, ".TP\n.B %d\n", e->status);
		roff(f, e->text);
		fputc('\n', f);
	}
	environment(f);
	examples(f);
}

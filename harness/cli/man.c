/* man.c - the manual page, from the same tables as the help. */
#include "cli/help.h"
#include "cli/man.h"

void man_text(FILE *f, const char *text)
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
		man_text(f, paragraph);
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
	man_text(f, r->name);
	if (r->argument)
		fprintf(f, "\\fR \\fI%s", r->argument);
	fputs("\\fR\n", f);
	man_text(f, r->help);
	if (r->choices)
		fprintf(f, "; one of: %s", r->choices);
	if (r->fallback) {
		fputs(" (default: ", f);
		man_text(f, r->fallback);
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
			man_text(f, c->examples[k].line);
			fputc('\n', f);
			man_text(f, c->examples[k].comment);
			fputc('\n', f);
		}
	}
}

static void environment(FILE *f)
{
	static const struct {
		const char *name, *text;
	} variables[] = {
		{ "COUNTERSIGN_PASSWORD", "The password, when no option gives a file of it." },
		{ "COUNTERSIGN_NAME",
		  "The option \\-\\-name, with _ for each hyphen: COUNTERSIGN_TIMEOUT=5s.  Of a "
		  "switch "
		  "yes or no; of an option that may be repeated the words of a list." },
		{ "XDG_CONFIG_HOME", "Where the user's file of defaults is looked for." },
		{ "NO_COLOR", "When not empty, no colours." },
		{ "FORCE_COLOR",
		  "When not empty, colours also when the output is no terminal; 0 is "
		  "none." },
		{ "CLICOLOR_FORCE", "The same, but 0 says nothing." },
		{ "CLICOLOR", "When 0, no colours." },
		{ "CI", "When not empty, no line of progress." },
	};

	fputs(".SH ENVIRONMENT\n", f);
	for (size_t i = 0; i < COUNT(variables); i++)
		fprintf(f, ".TP\n.B %s\n%s\n", variables[i].name, variables[i].text);
}

static void files(FILE *f)
{
	fputs(".SH FILES\n.TP\n.I countersign.ini\n"
	      "Defaults, in the current folder, or where \\-\\-config says.  The section [run] is "
	      "for\n"
	      "countersign run, and so on; [defaults] is for all commands.  An entry is the name "
	      "of an\n"
	      "option and its value: timeout = 5s.  A switch is yes or no, and an option that may "
	      "be\n"
	      "repeated takes several words.  Arguments overrule the environment, that overrules "
	      "the\n"
	      "files; \\-\\-print\\-config shows who said what.  A password is not taken, and what "
	      "makes\n"
	      "a run less safe or runs a program only from a file that \\-\\-config names.\n"
	      ".TP\n.I $XDG_CONFIG_HOME/countersign/countersign.ini\n"
	      "The user's own, read before that; without the variable\n"
	      ".IR ~/.config/countersign/countersign.ini .\n",
	      f);
}

void help_man(FILE *f)
{
	fputs(".TH COUNTERSIGN 1 " MAN_DATE " \"countersign " COUNTERSIGN_VERSION
	      "\" \"User Commands\"\n"
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
		man_text(f, e->text);
		fputc('\n', f);
	}
	environment(f);
	files(f);
	examples(f);
}

#include "cli/help.h"

#define WIDTH         90
#define OPTION_INDENT 26

const struct exit_help exit_help[] = {
	{ EXIT_GOOD, "nothing that decides is broken" },
	{ EXIT_NONCONFORMING, "nonconforming" },
	{ EXIT_INTERRUPTED, "interrupted; the reports hold what was done" },
	{ EXIT_INTERNAL, "an error of ours, or a report could not be written" },
	{ EXIT_USAGE, "bad option or input file" },
	{ EXIT_NOTHING, "nothing was selected, or nothing ran" },
	{ EXIT_INCONCLUSIVE, "inconclusive: wrong credentials, lock-out, unreachable" },
	{ 0, NULL },
};

void help_wrap(FILE *f, int column, int indent, struct str text)
{
	bool first = true;

	for (struct str w = str_word(&text); w.n; w = str_word(&text)) {
		if (!first && column + 1 + (int)w.n > WIDTH) {
			fprintf(f, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', f);
			column++;
		}
		fwrite(w.p, 1, w.n, f);
		column += (int)w.n;
		first = false;
	}
	fputc('\n', f);
}

/* Paragraphs are parted by an empty line. */
static void paragraphs(FILE *f, const char *about)
{
	struct str rest = str(about);

	while (rest.n) {
		size_t at = str_find(rest, STR("\n\n"));
		struct str one = str_sub(rest, 0, at);

		help_wrap(f, 0, 0, one);
		fputc('\n', f);
		rest = str_sub(rest, at == (size_t)-1 ? rest.n : at + 2, rest.n);
	}
}

static void examples(FILE *f, const struct command *c)
{
	fputs("Examples:\n", f);
	for (size_t i = 0; i < COUNT(c->examples) && c->examples[i].line; i++)
		fprintf(f, "  # %s\n  %s\n", c->examples[i].comment, c->examples[i].line);
}

static void option(FILE *f, const struct option_row *r)
{
	struct arena a;
	struct str left, text = str(r->help);

	arena_init(&a, 1 << 16);
	left = arena_fmt(&a, "  %c%c%s--%s%s%s", r->letter ? '-' : ' ', r->letter ? r->letter : ' ',
			 r->letter ? ", " : "  ", r->name, r->argument ? " " : "",
			 r->argument ? r->argument : "");
	if (r->choices)
		text = arena_fmt(&a, "%.*s; one of: %s", STR_ARG(text), r->choices);
	if (r->fallback)
		text = arena_fmt(&a, "%.*s (default: %s)", STR_ARG(text), r->fallback);
	if (r->env)
		text = arena_fmt(&a, "%.*s [environment: %s]", STR_ARG(text), r->env);
	fprintf(f, "%.*s", STR_ARG(left));
	if (left.n + 2 > OPTION_INDENT)
		fprintf(f, "\n%*s", OPTION_INDENT, "");
	else
		fprintf(f, "%*s", OPTION_INDENT - (int)left.n, "");
	help_wrap(f, OPTION_INDENT, OPTION_INDENT, text);
	arena_free(&a);
}

static void exit_statuses(FILE *f)
{
	fputs("Exit status:\n", f);
	for (const struct exit_help *e = exit_help; e->text; e++)
		fprintf(f, "  %d  %s\n", e->status, e->text);
}

void help_overview(FILE *f)
{
	fputs("countersign " COUNTERSIGN_VERSION
	      ": judges whether a device keeps the rules of HTTP Basic, HTTP Digest and\n"
	      "WS-Security UsernameToken authentication.\n\n"
	      "Usage: countersign COMMAND [OPTION...]\n\nCommands:\n",
	      f);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(f, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fputs("\nTry first:\n"
	      "  countersign run              judges the built-in device, takes a second or two\n"
	      "  countersign help run         how to judge yours\n"
	      "\ncountersign --version prints the version.\n\n",
	      f);
	exit_statuses(f);
}

void help_first(FILE *f)
{
	fputs("Countersign judges whether a device keeps the rules of HTTP Basic, HTTP Digest and\n"
	      "WS-Security UsernameToken authentication.\n\n"
	      "1. See it at work on the built-in device, in memory; then with a bug in that:\n"
	      "     countersign run\n"
	      "     countersign run --fault token-ignored-after-http\n"
	      "2. Look at your device. With the right password this costs no failed login:\n"
	      "     printf '%s\\n' 'the password' > secret.txt && chmod 600 secret.txt\n"
	      "     countersign survey http://HOST/onvif/device_service --user NAME "
	      "--password-file secret.txt\n"
	      "3. Judge it. Failed logins are capped, and the plan is printed first:\n"
	      "     countersign run http://HOST/onvif/device_service --user NAME "
	      "--password-file secret.txt\n\n"
	      "countersign help lists all commands, countersign help run all options of one.\n",
	      f);
}

void help_command(FILE *f, enum command_id id)
{
	const struct command *c = &commands[id];

	fprintf(f, "Usage: countersign %s [OPTION...]%s%s\n\n", c->name, *c->operands ? " " : "",
		c->operands);
	paragraphs(f, c->about);
	examples(f, c);
	fputs("\nOptions:\n", f);
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands >> id & 1)
			option(f, r);
	if (id != CMD_RUN && id != CMD_SURVEY)
		return;
	fputc('\n', f);
	exit_statuses(f);
}

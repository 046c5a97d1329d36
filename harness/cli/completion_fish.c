/* completion_fish.c - the script for fish: one line for each option of each command. */
#include "cli/completion.h"

#define QUOTE "\\'"

static void begin(FILE *f, enum command_id id)
{
	fprintf(f, "complete -c countersign -n '__countersign_command %s'", commands[id].name);
}

static void described(FILE *f, struct str text)
{
	fputs(" -d '", f);
	completion_escape(f, text, "\\", QUOTE);
	fputs("'\n", f);
}

static void words(FILE *f, struct completion c)
{
	struct str kinds = str(c.asked), kind;

	if (!*c.choices && !*c.asked)
		return;
	fprintf(f, " -a '%s", c.choices);
	while ((kind = str_word(&kinds)).n)
		fprintf(f, " (command countersign completion %.*s 2>/dev/null)", STR_ARG(kind));
	fputc('\'', f);
}

static void option(FILE *f, enum command_id id, const struct option_row *r)
{
	struct completion c = completion_of_option(r, id);

	begin(f, id);
	fprintf(f, " -l %s", r->name);
	if (r->letter)
		fprintf(f, " -s %c", r->letter);
	if (r->argument)
		fputs(c.files ? " -r -F" : " -x", f);
	words(f, c);
	described(f, completion_gist(r->help));
}

void completion_fish(FILE *f)
{
	fputs("# Completion of countersign for fish, written by: countersign completion fish\n"
	      "function __countersign_command\n"
	      "\tset -l words (commandline -opc)\n"
	      "\ttest (count $words) -ge 2; and test $words[2] = $argv[1]\n"
	      "end\n"
	      "complete -c countersign -f\n",
	      f);
	for (size_t i = 0; i < COMMANDS; i++) {
		fprintf(f,
			"complete -c countersign -n 'test (count (commandline -opc)) -eq 1' -a %s",
			commands[i].name);
		described(f, str(commands[i].summary));
	}
	for (int i = 0; i < COMMANDS; i++) {
		struct completion c = completion_of_operands((enum command_id)i);

		if (c.files || *c.choices || *c.asked) {
			begin(f, (enum command_id)i);
			fputs(c.files ? " -F" : "", f);
			words(f, c);
			fputc('\n', f);
		}
		for (const struct option_row *r = option_rows; r->name; r++)
			if (r->commands >> i & 1)
				option(f, (enum command_id)i, r);
	}
}

/* completion.c - the script for bash, which needs none of bash-completion. */
#include "cli/completion.h"

static void letters_and_names(FILE *f, enum command_id id)
{
	fprintf(f, "\t%s) options='", commands[id].name);
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands >> id & 1)
			fprintf(f, "--%s ", r->name);
	fputs("' ;;\n", f);
}

/* "words='a b'" and "asked='cases'", and whether files do. */
static void assignments(FILE *f, struct completion c)
{
	fprintf(f, "words='%s' asked='%s' files=%s", c.choices, c.asked, c.files ? "yes" : "");
}

static void values(FILE *f, enum command_id id)
{
	for (const struct option_row *r = option_rows; r->name; r++) {
		if (!(r->commands >> id & 1) || r->type == OPTION_SWITCH)
			continue;
		fprintf(f, "\t%s:--%s", commands[id].name, r->name);
		if (r->letter)
			fprintf(f, " | %s:-%c", commands[id].name, r->letter);
		fputs(") ", f);
		assignments(f, completion_of_option(r, id));
		fputs(" ;;\n", f);
	}
}

static const char head[] =
	"# Completion of countersign for bash, written by: countersign completion bash\n"
	"_countersign()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\tlocal command=${COMP_WORDS[1]} options= words= asked= files= kind value=yes\n"
	"\n"
	"\tCOMPREPLY=()\n"
	"\t# --name=value comes as three words.\n"
	"\tif [[ $cur == = ]]; then\n"
	"\t\tcur=\n"
	"\telif [[ $prev == = && $COMP_CWORD -gt 2 ]]; then\n"
	"\t\tprev=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tfi\n"
	"\tif [[ $COMP_CWORD -eq 1 ]]; then\n";

static const char tail[] =
	"\tif [[ $value != yes && $cur == -* ]]; then\n"
	"\t\tmapfile -t COMPREPLY < <(compgen -W \"$options\" -- \"$cur\")\n"
	"\t\treturn\n"
	"\tfi\n"
	"\tfor kind in $asked; do\n"
	"\t\twords+=\" $(command countersign completion $kind 2>/dev/null)\"\n"
	"\tdone\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"\tif [[ $files == yes ]]; then\n"
	"\t\tcompopt -o filenames 2>/dev/null\n"
	"\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- \"$cur\")\n"
	"\tfi\n"
	"}\n"
	"complete -F _countersign countersign\n";

void completion_bash(FILE *f)
{
	fputs(head, f);
	fputs("\t\tmapfile -t COMPREPLY < <(compgen -W '", f);
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(f, "%s ", commands[i].name);
	fputs("--help --version' -- \"$cur\")\n\t\treturn\n\tfi\n\tcase $command in\n", f);
	for (int i = 0; i < COMMANDS; i++)
		letters_and_names(f, (enum command_id)i);
	fputs("\tesac\n\tcase $command:$prev in\n", f);
	for (int i = 0; i < COMMANDS; i++)
		values(f, (enum command_id)i);
	fputs("\t*)\n\t\tvalue=no\n\t\tcase $command in\n", f);
	for (int i = 0; i < COMMANDS; i++) {
		fprintf(f, "\t\t%s) ", commands[i].name);
		assignments(f, completion_of_operands((enum command_id)i));
		fputs(" ;;\n", f);
	}
	fputs("\t\tesac\n\t\t;;\n\tesac\n", f);
	fputs(tail, f);
}

/* completion_zsh.c - the script for zsh: a specification of _arguments for each option. */
#include "cli/completion.h"

#define SPECIAL "[]:\\" /* of a specification */
#define QUOTE   "'\\''"

static void action(FILE *f, struct completion c)
{
	if (*c.asked && c.files)
		fprintf(f,
			"_alternative \"words\\:word\\:{_countersign_words %s}\" "
			"\"files\\:file\\:_files\"",
			c.asked);
	else if (*c.asked)
		fprintf(f, " _countersign_words %s",
			c.asked); /* the blank: without more arguments */
	else if (*c.choices && c.files)
		fprintf(f, "_alternative \"words\\:word\\:(%s)\" \"files\\:file\\:_files\"",
			c.choices);
	else if (*c.choices)
		fprintf(f, "(%s)", c.choices);
	else
		fputs(c.files ? "_files" : " ", f);
}

/* '(-u --user)'{-u+,--user=}'[account]:NAME: ', or '*--only=[...]:GLOB:...' */
static void option(FILE *f, enum command_id id, const struct option_row *r)
{
	const char *often = r->type == OPTION_LIST ? "*" : "", *value = r->argument ? "=" : "";

	fputs(" \\\n\t\t\t", f);
	if (r->letter && *often)
		fprintf(f, "'*'{-%c%s,--%s%s}'[", r->letter, r->argument ? "+" : "", r->name,
			value);
	else if (r->letter)
		fprintf(f, "'(-%c --%s)'{-%c%s,--%s%s}'[", r->letter, r->name, r->letter,
			r->argument ? "+" : "", r->name, value);
	else
		fprintf(f, "'%s--%s%s[", often, r->name, value);
	completion_escape(f, completion_gist(r->help), SPECIAL, QUOTE);
	fputc(']', f);
	if (r->argument) {
		fputc(':', f);
		completion_escape(f, str(r->argument), SPECIAL, QUOTE);
		fputc(':', f);
		action(f, completion_of_option(r, id));
	}
	fputc('\'', f);
}

static void command(FILE *f, enum command_id id)
{
	fprintf(f, "\t%s)\n\t\t_arguments -s -S", commands[id].name);
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands >> id & 1)
			option(f, id, r);
	if (commands[id].most) {
		fputs(" \\\n\t\t\t'*:", f);
		completion_escape(f, str(commands[id].operands), SPECIAL, QUOTE);
		fputc(':', f);
		action(f, completion_of_operands(id));
		fputc('\'', f);
	}
	fputs("\n\t\t;;\n", f);
}

void completion_zsh(FILE *f)
{
	fputs("#compdef countersign\n"
	      "# Completion of countersign for zsh, written by: countersign completion zsh\n"
	      "_countersign_words()\n"
	      "{\n"
	      "\tlocal -a names\n"
	      "\tlocal kind\n"
	      "\tfor kind in \"$@\"; do\n"
	      "\t\tnames+=(${(f)\"$(command countersign completion $kind "
	      "2>/dev/null)\"})\n"
	      "\tdone\n"
	      "\tcompadd -a names\n"
	      "}\n"
	      "_countersign()\n"
	      "{\n"
	      "\tif ((CURRENT == 2)); then\n"
	      "\t\tlocal -a names\n"
	      "\t\tnames=(\n",
	      f);
	for (size_t i = 0; i < COMMANDS; i++) {
		fprintf(f, "\t\t\t'%s:", commands[i].name);
		completion_escape(f, str(commands[i].summary), "", QUOTE);
		fputs("'\n", f);
	}
	fputs("\t\t)\n"
	      "\t\t_describe command names\n"
	      "\t\treturn\n"
	      "\tfi\n"
	      "\tlocal name=$words[2]\n"
	      "\tshift words\n"
	      "\t((CURRENT--))\n"
	      "\tcase $name in\n",
	      f);
	for (int i = 0; i < COMMANDS; i++)
		command(f, (enum command_id)i);
	fputs("\tesac\n"
	      "}\n"
	      "if [[ $funcstack[1] == _countersign ]]; then\n"
	      "\t_countersign \"$@\"\n"
	      "else\n"
	      "\tcompdef _countersign countersign\n"
	      "fi\n",
	      f);
}

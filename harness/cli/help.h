/* help.h - what a person reads about commands and options; all of it comes from the tables. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/command.h"

#include <stdio.h>

void help_overview(FILE *f);
void help_first(FILE *f); /* for somebody who has typed only the name */
void help_command(FILE *f, enum command_id id);
#define MAN_DATE "2026-11-22" /* when what the pages say changed last */
void help_man(FILE *f);       /* countersign(1) in roff */
void help_man_suite(FILE *f); /* countersign-suite(5) */
/* Words, wrapped: from column on, then at indent. */
void help_wrap(FILE *f, int column, int indent, struct str text);

struct exit_help {
	int status;
	const char *text;
};
extern const struct exit_help exit_help[]; /* ended by text NULL */

#endif

/* completion.h - what may stand where on the command line, and the scripts that tell shells so.
 *
 * The scripts hold commands, options and their choices; names that grow with the catalogue are
 * asked for while somebody types: countersign completion cases.
 */
#ifndef CLI_COMPLETION_H
#define CLI_COMPLETION_H

#include "cli/command.h"

#include <stdio.h>

/* What a value or an operand can be.  All empty: free text. */
struct completion {
	const char *choices; /* words; "" none */
	const char *asked;   /* kinds of words for completion_words; "" none */
	bool files;
};
struct completion completion_of_option(const struct option_row *row, enum command_id command);
struct completion completion_of_operands(enum command_id command);

/* Print the words of one kind, one a line; *known is false when there is no such kind. */
int completion_words(const struct options *o, struct str kind, FILE *f, bool *known,
		     struct err *err) MUST_CHECK;

void completion_bash(FILE *f);
void completion_zsh(FILE *f);
void completion_fish(FILE *f);
/* Up to the first semicolon: what fits beside a name. */
struct str completion_gist(const char *help);
/* text with each octet of special behind a backslash, and ' as escaped says. */
void completion_escape(FILE *f, struct str text, const char *special, const char *quote);

#endif

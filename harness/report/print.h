/* print.h - text for people: wrapped, coloured, clean (internal to report/). */
#ifndef REPORT_PRINT_H
#define REPORT_PRINT_H

#include "report/write.h"

struct printer {
	FILE *f;
	struct arena a;
	const struct redactor *redactor;
	bool colour;
	int width; /* columns */
};

enum print_style { STYLE_PLAIN, STYLE_BOLD, STYLE_GOOD, STYLE_WARN, STYLE_BAD, STYLE_ODD };

void print_start(struct printer *p, FILE *f, const struct redactor *r,
		 const struct console_options *o);
void print_end(struct printer *p);
/* A word in a style; plain without colour. */
void print_styled(struct printer *p, enum print_style style, const char *word);
/* text as words, from column on; lines after the first start at indent.  Ends the line. */
void print_wrapped(struct printer *p, int column, int indent, struct str text);
/* Whether CI services would obey a line of text as it stands: such text is not to be printed so. */
bool print_commands_ci(struct str text);
/* "label      text": one row of a card; the label is left out when NULL. */
void print_row(struct printer *p, const char *label, struct str text);

#endif

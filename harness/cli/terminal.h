/* terminal.h - what stands at the other end of stdout and stderr. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "base/str.h"

#include <stdio.h>

/* --colour always and never are final; auto heeds, in this order, NO_COLOR (no-color.org: when not
 * empty), FORCE_COLOR (0: none), CLICOLOR_FORCE (0 says nothing), then whether f is a terminal that
 * is not dumb, and CLICOLOR=0.
 */
bool terminal_colour(struct str when, FILE *f);
/* Columns, 40 to 120; 100 when f is no terminal. */
int terminal_width(FILE *f);
/* Is there somebody who watches a line change? */
bool terminal_watched(FILE *f);

#endif

/* terminal.h - what stands at the other end of stdout and stderr. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "base/str.h"

#include <stdio.h>

/* --colour auto, always, never; auto heeds NO_COLOR, FORCE_COLOR, TERM=dumb and CI logs. */
bool terminal_colour(struct str when, FILE *f);
/* Columns, 40 to 120; 100 when f is no terminal. */
int terminal_width(FILE *f);
/* Is there somebody who watches a line change? */
bool terminal_watched(FILE *f);

#endif

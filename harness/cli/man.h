/* man.h - what the manual pages share. */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "base/str.h"

#include <stdio.h>

/* Text in roff: no line starts a request, and hyphens stay hyphens that can be copied. */
void man_text(FILE *f, const char *text);

/* What an element ("case") or attribute ("case.rev") of the case language is for; NULL: unknown. */
const char *man_meaning(struct str element, struct str attribute);
size_t man_meanings(void); /* how many there are */
/* The same of client cases and personas, where a name may stand for something else. */
const char *man_client_meaning(struct str element, struct str attribute);
size_t man_client_meanings(void);

#endif

/* shell.h - words for bash (internal to report/). */
#ifndef REPORT_SHELL_H
#define REPORT_SHELL_H

#include "base/arena.h"
#include "base/buf.h"

/* A text in which a variable of the shell stands for some octets. */
struct shell_variable {
	struct str octets; /* empty: none of it */
	const char *name;
};

/* As one word of bash, in ASCII: 'text', or $'text' where it holds what cannot be printed.  A NUL
 * cannot be said: false.
 */
bool shell_word(struct buf *b, struct str text);
/* The same with the first place of each variable's octets as "$name". */
bool shell_template(struct buf *b, struct str text, const struct shell_variable *v, size_t n);

#endif

/* language.h - the elements and attributes of the case language, for its manual page. */
#ifndef SUITE_LANGUAGE_H
#define SUITE_LANGUAGE_H

#include "auth/craft.h"

#include <stdbool.h>

struct language_element {
	const char *name, *parent; /* parent "": the root of a file */
	bool required, repeated;
	bool deviates; /* the deviations of mech are attributes, too */
	enum mechanism mech;
};

struct language_attribute {
	const char *element, *name;
	bool required, list;
	bool bound;         /* may hold "$axis" */
	const char *domain; /* "a number of octets", "one of yes no"; valid in the call only */
};

struct language_reader {
	void (*element)(void *ctx, const struct language_element *e);
	void (*attribute)(void *ctx, const struct language_attribute *a);
	void *ctx;
};

/* Each element of suite files, then of profiles, behind its parent; its attributes follow it.  One
 * that has two parents comes at the first.
 */
void language_walk(const struct language_reader *r);
/* The same of files of client cases, then of personas: what they do not share with suite files, and
 * each name once.
 */
void language_walk_client(const struct language_reader *r);

#endif

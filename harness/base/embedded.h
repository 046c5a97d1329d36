/* embedded.h - files that are part of the program: embed.py writes the tables. */
#ifndef BASE_EMBEDDED_H
#define BASE_EMBEDDED_H

#include "base/str.h"

struct embedded_file {
	const char *name; /* below the folder that the build names; NULL ends a table */
	const unsigned char *octets;
	size_t n;
};

/* .p NULL when there is none. */
struct str embedded_find(const struct embedded_file *table, struct str name);

#endif

/* ini.h - an INI file as data, with a line for each entry.  The one door to libinih.
 *
 *	; a remark
 *	[section]
 *	name = value
 *	  and more of it
 */
#ifndef CLI_INI_H
#define CLI_INI_H

#include "base/arena.h"

struct ini_entry {
	struct str name, value; /* without white space around; continued lines joined by a blank */
	int line;               /* of the first */
};

struct ini_section {
	struct str name;
	int line;
	struct ini_entry *entry;
	size_t n;
};

struct ini_file {
	struct str path;
	struct ini_section *section;
	size_t n;
};

/* -1 with ERR_INPUT and "path:line: what, expected what": a line that is none of the above, an
 * entry before the first section or twice in one, an octet that is no text, a line of over 198
 * octets (a value may go on in the next line).  A section may be empty; path is borrowed.
 */
int ini_read(struct arena *a, struct str path, struct str text, struct ini_file *out,
	     struct err *err) MUST_CHECK;

#endif

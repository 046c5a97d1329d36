/* cause_page.h - the embedded pages, as the build writes them (internal to engine/). */
#ifndef ENGINE_CAUSE_PAGE_H
#define ENGINE_CAUSE_PAGE_H

#include <stddef.h>

struct cause_page {
	const char *id;
	const unsigned char *octets;
	size_t n;
};
extern const struct cause_page cause_pages[]; /* ended by id NULL, in order of the ids */

#endif

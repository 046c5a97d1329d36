/* redact_scan.h - what the two halves of the redactor share (internal to base/). */
#ifndef BASE_REDACT_SCAN_H
#define BASE_REDACT_SCAN_H

#include "base/redact.h"

/* One pass marks octets, a second writes: marks of several rules may overlap. */
struct scan {
	struct str text;
	char *marked; /* one octet for each of text: 1 is secret */
};

static inline void scan_mark(const struct scan *s, size_t from, size_t to)
{
	if (to > s->text.n)
		to = s->text.n;
	if (from < to)
		memset(s->marked + from, 1, to - from);
}

static inline char scan_at(struct str s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

/* Credentials by their syntax (redact_syntax.c). */
void scan_syntax(const struct scan *s);

#endif

/* junit.h - the parts of the JUnit writer (internal to report/). */
#ifndef REPORT_JUNIT_H
#define REPORT_JUNIT_H

#include "report/write.h"

#include "base/buf.h"

struct junit {
	struct buf b;     /* the document */
	struct arena a;   /* of the whole document: names */
	struct arena one; /* of one case, emptied after it */
	const struct run_result *r;
	const struct report_options *o;
	struct str *name; /* of every case so far: names are unique */
	size_t n_name;
	struct str
		device; /* one of many: stands before names of suites and classes; .p NULL: none */
};

struct junit_tally {
	size_t tests, failures, errors, skipped;
	int64_t took_ms;
};

/* The suites of one run, numbered from *id on, and what they add to t. */
int junit_suites(struct junit *j, struct junit_tally *t, size_t *id, struct err *err) MUST_CHECK;
/* The whole document around them. */
int junit_document(struct str suites, const struct junit_tally *t, const char *path,
		   struct err *err) MUST_CHECK;

/* text with references for markup, and for what is not ASCII: xunit-viewer guesses at the encoding
 * of a file, whatever its declaration says.
 */
void junit_xml(struct junit *j, struct str text);
/* text as it may stand in element content or an attribute.  "[[" is parted: CI services read
 * [[ATTACHMENT|path]] in output, and a device must not be able to attach files.
 */
void junit_text(struct junit *j, struct str text);
/* ` name="value"` */
void junit_attribute(struct junit *j, const char *name, struct str value);
/* A family as a name that every consumer takes: what is no letter or digit is "-"; behind the
 * device's name when there is one.
 */
struct str junit_family(struct junit *j, struct str family);
/* One <testcase> with all that belongs to it. */
void junit_case(struct junit *j, const struct variant_result *v);

#endif

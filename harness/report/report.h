/* report.h - one result, several readers.  Every writer redacts through the same redactor, writes
 * to a temporary file in the same directory and renames it.  What the run brought in is redacted
 * and cleaned; the catalogue's own words are only cleaned, since ids must stay what they are even
 * when somebody's password is "token".
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/redact.h"
#include "engine/engine.h"

#include <stdio.h>

enum evidence {
	EVIDENCE_REDACTED, /* octets without secrets */
	EVIDENCE_FULL,     /* as they were, for the eyes of their owner only */
	EVIDENCE_NONE
};
const char *evidence_name(enum evidence e); /* "redacted" */

struct report_options {
	const struct redactor *redactor; /* required */
	struct str tool;                 /* "countersign 0.1.0 (commit 0123456789ab)" */
	struct str command;     /* as it was called, for results.json; never holds a secret */
	enum evidence evidence; /* of what holds raw octets */
	bool certify; /* a run that may be certified: no filter, no waiver, a known build */
};

/* One page for people, which needs no network, no script and no other file. */
int report_html(const struct run_result *r, const struct report_options *o, const char *path,
		struct err *err) MUST_CHECK;
/* JUnit in the dialect of reports/junit.rng (valid for Jenkins' junit-10.xsd as well). */
int report_junit(const struct run_result *r, const struct report_options *o, const char *path,
		 struct err *err) MUST_CHECK;
/* The master record: reports/results.schema.json. */
int report_json(const struct run_result *r, const struct report_options *o, const char *path,
		struct err *err) MUST_CHECK;

/* The exchanges behind the cases: HTTP Archive 1.2, and pcapng of exported PDUs for Wireshark. Both
 * need struct engine_options' keep_octets, or hold those of findings only.
 */
int report_har(const struct run_result *r, const struct report_options *o, const char *path,
	       struct err *err) MUST_CHECK;
int report_pcapng(const struct run_result *r, const struct report_options *o, const char *path,
		  struct err *err) MUST_CHECK;
/* A folder with all of it, for archives and for judging again: reports/README.md, "The folder of
 * --results".  What an earlier run left there is replaced; files of others stay.
 */
int report_results(const struct run_result *r, const struct report_options *o, const char *path,
		   struct err *err) MUST_CHECK;
/* A page of GitHub Flavored Markdown, of at most 1 MiB; findings first. */
int report_markdown(const struct run_result *r, const struct report_options *o, const char *path,
		    struct err *err) MUST_CHECK;
/* TAP version 14: the test points are the cases of the JUnit report. */
int report_tap(const struct run_result *r, const struct report_options *o, const char *path,
	       struct err *err) MUST_CHECK;
/* Workflow commands of GitHub Actions: at most ten errors and ten warnings, since GitHub shows no
 * more of a step; a single line each.
 */
int github_annotations(FILE *f, const struct run_result *r, const struct report_options *o,
		       struct err *err) MUST_CHECK;
/* Append the Markdown page to the job summary of a step, which may hold 1 MiB in all. */
int github_summary(const struct run_result *r, const struct report_options *o, const char *path,
		   struct err *err) MUST_CHECK;

/* One case as one line of JSON; p may be NULL: then without its standing under a profile. */
int report_case(FILE *f, const struct profile *p, const struct suite_case *c,
		struct err *err) MUST_CHECK;

/* One device of an inventory as one line of JSON; texts with .p NULL, but for the device, are for
 * the arguments of a run to say.
 */
struct inventory_line {
	struct inventory_place place;
	struct str url, user, kind, profile; /* url .p NULL: the built-in device */
};
int report_inventory_line(FILE *f, const struct inventory_line *line, struct err *err) MUST_CHECK;

/* One row of the coverage as one line of JSON, and how many rows have what. */
int report_requirement(FILE *f, const struct catalogue *c, const struct requirement *r,
		       struct err *err) MUST_CHECK;
int report_field_row(FILE *f, const struct catalogue *c, const struct field_row *r,
		     struct err *err) MUST_CHECK;
struct coverage_totals {
	size_t requirement[COVERED_KINDS], field[COVERED_KINDS];
};
int report_coverage_totals(FILE *f, const struct coverage_totals *t, struct err *err) MUST_CHECK;

struct console_options {
	bool colour;
	int width; /* columns; 0: 100 */
};
/* Survey card; findings (all that is not a pass or a plain skip); totals. */
void console_survey(FILE *f, const struct run_result *r, const struct redactor *redactor,
		    const struct console_options *o);
void console_findings(FILE *f, const struct run_result *r, const struct redactor *redactor,
		      const struct console_options *o);
/* What was waived, and each waiver that fits no longer: a part of console_findings. */
void console_waivers(FILE *f, const struct run_result *r, const struct redactor *redactor,
		     const struct console_options *o);
void console_totals(FILE *f, const struct run_result *r, const struct console_options *o);

/* Make any octets fit for XML 1.0 and a terminal: valid UTF-8, no control character but TAB and LF,
 * CSI sequences dropped, others shown as "#x1B", non-characters and surrogates as U+FFFD; cut at
 * max_bytes on a character's boundary, with "..." and a note of the full length.
 */
struct str text_clean(struct arena *a, struct str octets, size_t max_bytes);

/* Write text to path by a temporary file and rename; parents are created.  A path that is no
 * regular file (a pipe, /dev/stdout) is written through, a link stays and its file is replaced, "-"
 * is standard output.
 */
int file_replace(const char *path, struct str text, struct err *err) MUST_CHECK;
/* Write a file of many in a folder of our own: a new one at once, and never through a link. */
int file_put(const char *path, struct str text, struct err *err) MUST_CHECK;
/* The folder and those above it, as far as they are not there. */
int folder_make(const char *path, struct err *err) MUST_CHECK;
/* Could file_replace write to path?  Parents are created, and an old file is left as it is.  What
 * is no regular file is not opened, since that may wait for a reader.
 */
int file_check(const char *path, struct err *err) MUST_CHECK;
/* Remove the temporary file of a file_replace that will not come to its end.  Safe in a handler of
 * signals.
 */
void file_abandon(void);

/* All of text, whatever signals come; -1 with errno. */
int file_write(int fd, struct str text) MUST_CHECK;
/* The whole of a file that a user named, into a; "-" is standard input.  -1 with ERR_INPUT when it
 * cannot be read or is longer than max_bytes; what says what it should be: "a waiver file".
 */
int file_read(struct arena *a, struct str path, size_t max_bytes, const char *what, struct str *out,
	      struct err *err) MUST_CHECK;

#endif

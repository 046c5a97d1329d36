/* drive.h - an open case whose steps are lines of standard input, and whose answers are lines of
 * standard output.
 */
#ifndef CLI_DRIVE_H
#define CLI_DRIVE_H

#include "engine/open.h"
#include "report/report.h"

#define DRIVE_LINE_MAX (1u << 20) /* octets */

struct drive {
	struct arena a; /* of all steps: controls go on to use them */
	struct suite_case c;
	struct suite_variant variant;
	struct open_case open;
	const struct run_result *r;
	const struct report_options *how;
	char *input; /* DRIVE_LINE_MAX octets, n of them read; line_n is what the last line took */
	size_t n, line_n;
	int line; /* its number, from 1 */
};

/* All zero before.  r and how are borrowed.  NULL with err when there is no memory. */
struct open_case *drive_open(struct drive *d, const struct run_result *r,
			     const struct report_options *how, struct err *err);
void drive_close(struct drive *d);

enum drive_word { DRIVE_SEND, DRIVE_BEGIN };
/* One line.  For DRIVE_SEND *xml is the <send>, and *unsaid whether it lacks expect; for
 * DRIVE_BEGIN *name is that of the case.  -1 with ERR_INPUT and "file:line: what, expected what".
 */
int drive_read(struct arena *a, struct str line, int number, enum drive_word *word, struct str *out,
	       bool *unsaid, struct err *err) MUST_CHECK;

#endif

/* drive.h - an open case whose steps are lines of standard input, and whose answers are lines of
 * standard output.
 */
#ifndef CLI_DRIVE_H
#define CLI_DRIVE_H

#include "engine/open.h"
#include "report/report.h"

struct drive {
	struct arena a; /* of all steps: controls go on to use them */
	struct suite_case c;
	struct suite_variant variant;
	struct open_case open;
	const struct run_result *r;
	const struct report_options *how;
	char *input; /* SEND_LINE_MAX octets, n of them read; line_n is what the last line took */
	size_t n, line_n;
	int line; /* its number, from 1 */
};

/* All zero before.  r and how are borrowed.  NULL with err when there is no memory. */
struct open_case *drive_open(struct drive *d, const struct run_result *r,
			     const struct report_options *how, struct err *err);
void drive_close(struct drive *d);

#endif

/* reports.h - the reports that a run leaves, as a table: a new format is a row and an option. */
#ifndef CLI_REPORTS_H
#define CLI_REPORTS_H

#include "cli/options.h"
#include "report/report.h"

#include <stdio.h>

/* At most one report may be "-", standard output; true: one is.  -1 with ERR_INPUT. */
int reports_on_stdout(const struct options *o, bool *taken, struct err *err) MUST_CHECK;

/* Can each report be written?  Asked before the first probe, so that nobody's failed logins are
 * spent for nothing.  -1 with ERR_INPUT and the option.
 */
int reports_check(const struct options *o, struct err *err) MUST_CHECK;

/* Write every report that o asks for and tell out where each is (NULL: tell nobody).  One that
 * cannot be written is told on stderr and keeps none of the others back.  -1: there was such a one.
 * A job of GitHub Actions gets its summary and annotations, too; those never fail a run.
 */
int reports_write(const struct options *o, const struct run_result *r,
		  const struct report_options *how, FILE *out) MUST_CHECK;

#endif

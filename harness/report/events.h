/* events.h - a run while it goes on, as lines of JSON: reports/events.schema.json.
 *
 * The lines are plan, survey, one variant for each verdict as it falls, and end.  Each is flushed,
 * so that a reader behind a pipe sees it at once.  -1 with ERR_IO when a line cannot be written.
 */
#ifndef REPORT_EVENTS_H
#define REPORT_EVENTS_H

#include "report/report.h"

#include <stdio.h>

int events_plan(FILE *f, const struct run_result *r, const struct report_options *o,
		struct err *err) MUST_CHECK;
int events_survey(FILE *f, const struct run_result *r, const struct report_options *o,
		  struct err *err) MUST_CHECK;
/* v need not be of r->variant: a copy may say more, such as its waiver. */
int events_variant(FILE *f, const struct run_result *r, const struct report_options *o,
		   const struct variant_result *v, struct err *err) MUST_CHECK;
/* What came of one step of an open case, with the octets of its exchanges. */
int events_answer(FILE *f, const struct run_result *r, const struct report_options *o,
		  const struct open_told *t, struct err *err) MUST_CHECK;
/* A line from outside that could not be taken. */
int events_problem(FILE *f, const struct run_result *r, const struct report_options *o,
		   const struct err *problem, struct err *err) MUST_CHECK;
int events_end(FILE *f, const struct run_result *r, const struct report_options *o,
	       struct err *err) MUST_CHECK;

#endif

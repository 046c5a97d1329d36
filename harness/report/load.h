/* load.h - a results.json as a run again, for the writers of reports (internal to report/). */
#ifndef REPORT_LOAD_H
#define REPORT_LOAD_H

#include "report/json.h"

struct load {
	struct arena *a;
	struct str path, text; /* of the file, for errors; text .p NULL: line 1 */
	const struct catalogue *catalogue;
};

/* "path:line: variant ID: member, expected what"; -1.  id .p NULL: of the run. */
int load_wrong(const struct load *l, struct str id, const char *member, const char *expected,
	       struct err *err);
/* Is o what a reader can take for a results.json? */
int load_check(const struct load *l, const json_t *o, struct err *err) MUST_CHECK;
/* Fill *out, which lives in l->a.  Cases come from l->catalogue when it is the one that the run
 * had, else they hold what the file tells.  What was drawn is left out.
 */
int load_run(const struct load *l, const json_t *o, struct run_result *out,
	     struct err *err) MUST_CHECK;

#endif

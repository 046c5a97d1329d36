/* load.h - a results.json as a run again, for whoever needs it as a run: the writers of reports, a
 * comparison, a merge (internal to report/).
 *
 * The file may come from anywhere: what a verdict hangs on is checked, other members that are odd
 * count as not there, and unknown ones are passed over, so that records of other versions can be
 * read.  record.h is the other reader and stays apart: it goes through a folder whose case.json
 * files have octets beside them, has no catalogue, checks every member that a judgement rests on,
 * and leaves text that only people read.
 */
#ifndef REPORT_LOAD_H
#define REPORT_LOAD_H

#include "report/json.h"

struct load {
	struct arena *a;
	struct str path, text; /* of the file, for errors; text .p NULL: line 1 */
	const struct catalogue *catalogue;
};

/* The octets of l->text; NULL with ERR_INPUT and the line. */
json_t *load_parse(const struct load *l, struct err *err) MUST_CHECK;
void load_drop(json_t **o);
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

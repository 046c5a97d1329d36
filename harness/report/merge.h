/* merge.h - results of one device that several machines judged in parts, and of many devices.
 *
 * Inputs are what `countersign run --json` wrote, for one device or for an inventory.  Whoever
 * wrote them, they are capped and each member that is read is checked.
 */
#ifndef REPORT_MERGE_H
#define REPORT_MERGE_H

#include "report/fleet.h"

#define MERGE_FILE_MAX ((size_t)1 << 30) /* octets of a file */

struct merge;
struct merge *merge_new(struct err *err);
void merge_free(struct merge *m); /* NULL is fine */

/* -1 with ERR_INPUT: "path:line: what, expected what".  path is borrowed. */
int merge_add(struct merge *m, struct str path, struct err *err) MUST_CHECK;
/* Join the parts of each device.  -1 with ERR_INPUT when two overlap, or are of different runs:
 * another number of shards, profile or catalogue.  What is missing is a cause of that device's run,
 * or a problem of the fleet.  c orders the cases and tells their clauses; both are borrowed by m.
 */
int merge_join(struct merge *m, const struct catalogue *c, struct fleet_report *f, unsigned parts,
	       struct err *err) MUST_CHECK;

size_t merge_runs(const struct merge *m); /* after merge_join: how many devices */
/* What report_json would have written, of the only run. */
int merge_json(const struct merge *m, const char *path, struct err *err) MUST_CHECK;
/* The only run by a writer of the reports of one: report_junit, report_html. */
typedef int merge_writer(const struct run_result *r, const struct report_options *o,
			 const char *path, struct err *err);
int merge_write(const struct merge *m, const struct report_options *o, merge_writer *write,
		const char *path, struct err *err) MUST_CHECK;

#endif

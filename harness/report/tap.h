/* tap.h - the test points of a run as text, for reports of many (internal to report/). */
#ifndef REPORT_TAP_H
#define REPORT_TAP_H

#include "report/write.h"

#include "base/buf.h"

/* Plan and points, without the line of the version.  *good: no point is "not ok".  The caller frees
 * *out, also after -1.
 */
int tap_points(const struct run_result *r, const struct report_options *o, struct buf *out,
	       bool *good, struct err *err) MUST_CHECK;
/* text, clean, as a description: '#' and '\' are escaped (TAP 14, "Escaping"). */
void tap_description(struct buf *b, struct str clean);

#endif

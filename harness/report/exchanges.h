/* exchanges.h - the exchanges behind the cases, in the order in which they were sent (internal to
 * report/).
 */
#ifndef REPORT_EXCHANGES_H
#define REPORT_EXCHANGES_H

#include "report/report.h"

struct told {
	const struct step_result *step;
	const struct variant_result
		*variant; /* the first that has it: a control may have several */
};

/* All whose octets were kept, each once; in a.  How many. */
size_t exchanges_told(const struct run_result *r, struct arena *a, struct told **out);
/* "digest.nc.reused probe: stale 401, 12 ms" */
struct str exchange_words(struct arena *a, const struct told *t);

#endif

/* compare.h - two records of one target: what got worse, what got better, what cannot be told. */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include "report/report.h"
#include "report/ledger.h"

/* In the order in which they are shown. */
enum change {
	CHANGE_REGRESSED,    /* pass, warn, fail: further along this line, and not waived */
	CHANGE_INCONCLUSIVE, /* newly inconclusive, or an error of ours */
	CHANGE_OTHER,        /* the same verdict for another reason, or a waiver that is gone */
	CHANGE_REV,          /* the case is another revision: a verdict may change for that */
	CHANGE_DRIFTED,      /* a measure moved by more than the threshold */
	CHANGE_WAIVED,       /* newly waived */
	CHANGE_FIXED,
	CHANGE_NEW,  /* not judged before */
	CHANGE_GONE, /* judged before, and not now: not selected, or not offered any more */
	CHANGES
};
const char *change_name(enum change c); /* "newly inconclusive" */

struct change_row {
	enum change kind;
	const struct ledger_row *before, *after; /* NULL: not in that record */
};

struct comparison {
	const struct ledger *before, *after;
	struct change_row *row; /* in order of kind, then id */
	size_t n, same, count[CHANGES];
	int64_t drift_percent; /* of the value before; a change of 1 unit is never drift */
};

/* before and after are borrowed. */
int compare(struct arena *a, const struct ledger *before, const struct ledger *after,
	    int64_t drift_percent, struct comparison *out, struct err *err) MUST_CHECK;

void console_comparison(FILE *f, const struct comparison *c, const struct redactor *redactor,
			const struct console_options *o);
/* reports/compare.schema.json. */
int report_comparison(const struct comparison *c, const struct report_options *o, const char *path,
		      struct err *err) MUST_CHECK;

#endif

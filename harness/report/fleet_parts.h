/* fleet_parts.h - inside of a fleet's report (internal to report/). */
#ifndef REPORT_FLEET_PARTS_H
#define REPORT_FLEET_PARTS_H

#include "report/fleet.h"
#include "report/json.h"
#include "report/junit.h"

struct fleet_report {
	struct arena a; /* of all texts */
	struct str tool, title;
	struct fleet_device *device;
	size_t n, room;
	struct str *problem;
	size_t n_problem, room_problem;
	struct junit_tally tally;
	size_t suites;
};

/* The record of the device that was added last. */
int fleet_report_add_record(struct fleet_report *f, const json_t *run, struct err *err) MUST_CHECK;
/* Counts of all devices. */
void fleet_totals(const struct fleet_report *f, size_t count[static VERDICTS], size_t *waived);
/* "FAIL": what a device comes to, by its exit status. */
const char *fleet_word(const struct fleet_device *d, enum verdict *as);
/* The test points of the device that was added last. */
int fleet_report_add_tap(struct fleet_report *f, const struct run_result *r,
			 const struct report_options *o, struct err *err) MUST_CHECK;
/* The Markdown page, of at most max_bytes; the caller frees *out, also after -1. */
int fleet_page(const struct fleet_report *r, size_t max_bytes, struct buf *out,
	       struct err *err) MUST_CHECK;

#endif

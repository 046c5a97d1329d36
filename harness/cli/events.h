/* events.h - the lines of --events, from the callbacks of a run. */
#ifndef CLI_EVENTS_H
#define CLI_EVENTS_H

#include "cli/options.h"
#include "engine/waiver.h"
#include "report/report.h"

#include <stdio.h>

/* All zero: nobody asked for events, and every call does nothing. */
struct events {
	FILE *f;
	bool begun, surveyed;
	bool failed; /* a line could not be written: told once, and no more are tried */
	const struct waiver_list *waivers; /* NULL: none */
};

/* Before anything is sent.  -1 with ERR_INPUT when the file cannot be opened. */
int events_open(struct events *e, const struct options *o, struct err *err) MUST_CHECK;
/* The plan, and what it has skipped already. */
void events_begin(struct events *e, struct run_result *r, const struct report_options *how);
/* At each change of phase; tells of the survey once. */
void events_phase(struct events *e, const struct run_result *r, const struct report_options *how);
void events_finished(struct events *e, struct run_result *r, const struct report_options *how,
		     const struct variant_result *v);
/* -1: some line could not be written. */
int events_close(struct events *e, const struct run_result *r, const struct report_options *how);

#endif

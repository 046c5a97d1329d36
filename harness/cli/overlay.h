/* overlay.h - what is laid over the verdicts of a run: waivers, and an older record. */
#ifndef CLI_OVERLAY_H
#define CLI_OVERLAY_H

#include "cli/options.h"
#include "engine/waiver.h"
#include "report/compare.h"

struct overlay {
	struct waiver_list waivers;
	struct ledger baseline;
	struct comparison comparison;
	bool has_waivers, has_baseline;
};

/* Read the files before anything is sent.  -1 with ERR_INPUT. */
int overlay_open(struct overlay *v, struct arena *a, const struct options *o,
		 struct err *err) MUST_CHECK;
/* Lay them over r, and set its exit_code.  All of v lives in a, which must outlive r. */
int overlay_apply(struct overlay *v, struct arena *a, const struct options *o, struct run_result *r,
		  bool interrupted, struct err *err) MUST_CHECK;

#endif

/* waiver.h - findings that a person let pass, each with a reason and an end.
 *
 * A waiver stands for one exact outcome of one device.  One that has expired, names no case, or
 * whose case passes or fails in another way, is a problem of its own: a waiver file can only get
 * shorter by itself.
 */
#ifndef ENGINE_WAIVER_H
#define ENGINE_WAIVER_H

#include "engine/result.h"

struct waiver {
	struct str name;             /* of the section */
	struct str pattern;          /* glob of variant ids */
	struct str device, firmware; /* globs: "MANUFACTURER MODEL", firmware */
	enum verdict verdict;        /* VERDICT_FAIL or VERDICT_WARN */
	enum reason reason;
	enum outcome outcome;
	bool has_outcome;
	struct waiver_note note;
};

struct waiver_list {
	struct str file;
	struct waiver *w;
	size_t n;
};

/* "fail decision accepted", as a waiver file and results.json have it; "none" without an outcome.
 * -1 with ERR_INPUT, and what was expected.
 */
int waiver_outcome_parse(struct str words, struct waiver *out, struct err *err) MUST_CHECK;
/* "MANUFACTURER MODEL", one blank between what is known; empty when nothing is. */
struct str waiver_device(struct arena *a, const struct str identity[static 2]);
/* The waiver that lets v stand, which waivers_apply will find as well once the run is over; NULL:
 * none does.  The survey of r must be done.
 */
const struct waiver_note *waiver_of(const struct waiver_list *l, struct run_result *r,
				    const struct variant_result *v);
/* Lay l over r: sets waivers, each variant's waiver, and takes the waived out of count[].  The day
 * is that on which the run started, in UTC.  l must outlive r.
 */
void waivers_apply(const struct waiver_list *l, struct run_result *r);

#endif

/* record.h - what a run left, read again: results.json, case.json, the folder of --results.
 *
 * Whoever wrote these files, they are hostile input: no name leads out of the folder, no link is
 * followed, sizes are capped, and what is wrong is one line "file:line: what, expected what".
 */
#ifndef REPORT_RECORD_H
#define REPORT_RECORD_H

#include "engine/result.h"

/* One case of a folder. */
struct recorded_case {
	struct str file;         /* its case.json */
	struct str id, case_id;  /* of the variant, of the case */
	int rev;                 /* of the case, when it ran */
	struct variant_result v; /* as it was told; variant, cite and swarm are NULL */
	struct recorded_step {
		bool cut;     /* not all of its octets were kept */
		bool altered; /* the octets are not those that the manifest sums */
	} * step;             /* v.n_step of them */
	bool waived;          /* it stood under a waiver */
	bool altered;         /* case.json is not what the manifest sums */
};

struct record {
	struct str profile, catalogue_sha256; /* .p NULL: not told */
	struct str evidence;                  /* "redacted", "full", "none" */
	struct run_result run; /* target, kind, user, seed, id, survey, cause, budget */
	struct recorded_case *c;
	size_t n;
};

/* Read DIR/manifest.json, DIR/results.json and every case that the manifest names.  Everything
 * lives in a.  -1 with ERR_INPUT, or ERR_NOMEM.
 */
int record_open(struct arena *a, struct str dir, struct record *out, struct err *err) MUST_CHECK;

/* One finding in a file of results, or of one case. */
struct recorded_finding {
	struct str id; /* of the variant */
	enum verdict verdict;
	int rev;
};
struct recorded_findings {
	struct recorded_finding *v;
	size_t n;
	struct str profile; /* .p NULL: the file does not say */
};
/* The fails and warns of a results.json; or the one case of a case.json, whatever its verdict. */
int record_findings(struct arena *a, struct str path, struct recorded_findings *out,
		    struct err *err) MUST_CHECK;
/* The case of a case.json, with its octets; its folder is that of the file. */
int record_case(struct arena *a, struct str path, struct recorded_case *out,
		struct err *err) MUST_CHECK;

#endif

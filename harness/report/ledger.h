/* ledger.h - a run as rows in order of their ids, of a results.json or at hand: what a comparison
 * and a waiver need of it.
 */
#ifndef REPORT_LEDGER_H
#define REPORT_LEDGER_H

#include "engine/result.h"

#define RECORD_MAX  (32u << 20) /* octets of a file */
#define RECORD_ROWS 50000

struct ledger_row {
	struct str id, message, clause;
	int64_t rev;
	enum verdict verdict;
	enum reason reason;
	enum outcome outcome;
	bool has_outcome, waived;
	bool measured, at_limit;
	int64_t value;
	struct str unit;
};

struct ledger {
	struct str file; /* or "this run" */
	struct str target, profile, catalogue_sha256, started;
	struct str identity[4]; /* manufacturer, model, firmware, serial; .p NULL unknown */
	struct ledger_row *row; /* in order of the ids, each once */
	size_t n;
};

/* -1 with ERR_INPUT and "path:line: what, expected what".  path is borrowed. */
int ledger_read(struct arena *a, struct str path, struct ledger *out, struct err *err) MUST_CHECK;
int ledger_parse(struct arena *a, struct str path, struct str text, struct ledger *out,
		 struct err *err) MUST_CHECK;
/* The same of a run that is at hand; its texts are borrowed, and not redacted. */
int ledger_of_run(struct arena *a, const struct run_result *r, struct ledger *out,
		  struct err *err) MUST_CHECK;

#endif

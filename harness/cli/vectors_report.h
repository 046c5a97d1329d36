/* vectors_report.h - what came of the vectors: expected divergences, lines, JSON, JUnit. */
#ifndef CLI_VECTORS_REPORT_H
#define CLI_VECTORS_REPORT_H

#include "cli/vectors.h"

#include <stdio.h>

struct vectors_run {
	const struct vector_set *set;
	const bool *selected;
	struct vector_result *result;
	struct str adapter, version; /* of the library; empty: our own code */
	int64_t started_wall_ms, took_ms;
	size_t count[VECTOR_COUNT]; /* of the selected */
};

/* Apply the file of --expect: listed divergences become EXPECTED, listed ones that pass STALE.
 * strict: an entry that matches no vector is ERR_INPUT.
 */
int vectors_expect(struct vectors_run *r, const char *path, bool strict, struct arena *keep,
		   struct err *err) MUST_CHECK;
/* Fill count. */
void vectors_count(struct vectors_run *r);
/* One line for each divergence, with the bug that it points at and what that leads to. */
void vectors_print(FILE *f, const struct vectors_run *r, bool quiet);
int vectors_json(const struct vectors_run *r, const char *path, struct err *err) MUST_CHECK;
int vectors_junit(const struct vectors_run *r, const char *path, struct err *err) MUST_CHECK;

/* The notes of a vector's flags: "bug; effect", .p NULL when there are none. */
struct str vector_note(struct arena *a, const struct vector *v);

#endif

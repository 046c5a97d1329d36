/* record.h - what a run's own files say of it: manifest.json and results.json, as JSON (internal to
 * bundle/).  They come from outside, so nothing of them is taken for granted.
 */
#ifndef BUNDLE_RECORD_H
#define BUNDLE_RECORD_H

#include "bundle/files.h"

#include <jansson.h>

struct record {
	json_t *manifest, *results;
	json_t *variants;         /* of results: objects with id, rev, verdict, reason, gates */
	int64_t start_ms, end_ms; /* of the run, since 1970 */
};

#define RECORD_RESULTS  "results.json"
#define RECORD_MANIFEST "manifest.json"

void record_drop_json(json_t **o);
/* -1 with ERR_PARSE and the file's name: not there, no JSON, a member is missing or of another
 * kind.
 */
int record_read(const struct bundle_files *f, struct record *out, struct err *err) MUST_CHECK;
void record_free(struct record *r);
/* Are the files those that the manifest lists, unchanged?  The same errors. */
int record_check_files(struct arena *a, const struct record *r, const struct bundle_files *f,
		       struct err *err) MUST_CHECK;

/* A text member, or ""; valid as long as the object. */
const char *record_text(const json_t *object, const char *key);
bool record_is(const json_t *variant, const char *verdict);
/* A JSON text of a file of f; NULL with ERR_PARSE. */
json_t *record_json(const struct bundle_files *f, const char *name, struct err *err);

/* PASSED, WARNED or FAILED.  FAILED also when the run came to no end: it is no pass. */
const char *record_result(const struct record *r);
/* What the results say that bundle.json repeats: target, kind, profile, plan, times, counts,
 * result, waivers.  NULL: no memory.
 */
json_t *record_summary(const struct record *r, struct err *err);

#endif

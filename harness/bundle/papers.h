/* papers.h - what a run's own files say of it: manifest.json and results.json, as JSON (internal to
 * bundle/).  They come from outside, so nothing of them is taken for granted.
 */
#ifndef BUNDLE_PAPERS_H
#define BUNDLE_PAPERS_H

#include "bundle/files.h"

#include <jansson.h>

struct papers {
	json_t *manifest, *results;
	json_t *variants;         /* of results: objects with id, rev, verdict, reason, gates */
	int64_t start_ms, end_ms; /* of the run, since 1970 */
};

#define PAPERS_RESULTS  "results.json"
#define PAPERS_MANIFEST "manifest.json"
#define PAPERS_CHAIN    "tls-chain.pem"

void papers_drop_json(json_t **o);
/* -1 with ERR_PARSE and the file's name: not there, no JSON, a member is missing or of another
 * kind.
 */
int papers_read(const struct bundle_files *f, struct papers *out, struct err *err) MUST_CHECK;
void papers_free(struct papers *r);
/* Are the files those that the manifest lists, unchanged?  The same errors. */
int papers_check_files(struct arena *a, const struct papers *r, const struct bundle_files *f,
		       struct err *err) MUST_CHECK;

/* Does each variant have its case.json, which says the same?  Unless evidence is "none". */
int papers_check_cases(const struct papers *p, const struct bundle_files *f,
		       struct err *err) MUST_CHECK;

/* Is PAPERS_CHAIN the certificates of the results?  The same errors. */
int papers_check_chain(const struct papers *p, const struct bundle_files *f,
		       struct err *err) MUST_CHECK;

/* A text member, or ""; valid as long as the object. */
const char *papers_text(const json_t *object, const char *key);
bool papers_is(const json_t *variant, const char *verdict);
/* A JSON text of a file of f; NULL with ERR_PARSE. */
json_t *papers_json(const struct bundle_files *f, const char *name, struct err *err);

/* PASSED, WARNED or FAILED.  FAILED also when the run came to no end: it is no pass. */
const char *papers_result(const struct papers *r);
/* What the results say that bundle.json repeats: target, kind, profile, plan, times, counts,
 * result, waivers.  NULL: no memory.
 */
json_t *papers_summary(const struct papers *r, struct err *err);

#endif

/* record_file.h - the JSON of a record, member by member (internal to report/). */
#ifndef REPORT_RECORD_FILE_H
#define REPORT_RECORD_FILE_H

#include "report/record.h"

#include <jansson.h>

#define RECORD_JSON_MAX   (64u << 20) /* octets of a file */
#define RECORD_OCTETS_MAX (4u << 20)  /* of one direction of a step */
#define RECORD_CASES_MAX  100000
#define RECORD_STEPS_MAX  10000

struct record_file {
	struct arena *a;
	struct str name; /* as errors tell it */
	struct str text;
	json_t *root;
};

/* A regular file below folder (AT_FDCWD: anywhere); never through a link, unless it is the user who
 * names it.
 */
int record_slurp(struct arena *a, int folder, struct str path, bool named, size_t max_bytes,
		 struct str *out, struct err *err) MUST_CHECK;
int record_parse(struct record_file *f, struct err *err) MUST_CHECK;
/* The same, whatever value it is. */
int record_parse_any(struct record_file *f, struct err *err) MUST_CHECK;
void record_close(struct record_file *f);

/* "name:line: ..." for the nth coming of a member's key, from 0; -1. */
int record_wrong(const struct record_file *f, const char *key, size_t nth, const char *expected,
		 struct err *err);
/* Members of an object; what is missing or null is an error, unless it is optional: then .p NULL.
 */
int record_text(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		struct str *out, struct err *err) MUST_CHECK;
int record_optional(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		    struct str *out, struct err *err) MUST_CHECK;
int record_int(const struct record_file *f, const json_t *o, const char *key, size_t nth,
	       int64_t least, int64_t most, int64_t *out, struct err *err) MUST_CHECK;
int record_bool(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		bool *out, struct err *err) MUST_CHECK;
int record_array(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		 size_t most, const json_t **out, struct err *err) MUST_CHECK;
/* One of n words, that name(i) gives. */
int record_word(const struct record_file *f, const json_t *o, const char *key, size_t nth,
		const char *(*name)(int i), int n, int *out, struct err *err) MUST_CHECK;

/* record_case.c */
/* What the manifest sums. */
struct record_sums {
	const struct record_file *manifest; /* NULL: there is none */
	const json_t *files;
	size_t at; /* files come in the order in which they are read */
};
/* Does the manifest sum something else under path?  text is what path holds. */
bool record_altered(struct record_sums *s, struct str path, struct str text);
/* One case in the reading. */
struct record_reader {
	struct record_file f;
	int folder;      /* of the record, or of the case when there is no manifest */
	struct str path; /* of the case's folder below it, with a slash; or empty */
	struct record_sums *sums;
	struct recorded_case *out;
};
int record_read_case(struct record_reader *c, struct err *err) MUST_CHECK;
/* UTC; -1 when it is none. */
int record_moment(struct str text, int64_t *unix_ms) MUST_CHECK;

/* record.c: the member "format" is one that this version reads. */
int record_format(const struct record_file *f, struct err *err) MUST_CHECK;

/* record_survey.c */
int record_survey(const struct record_file *f, const json_t *o, struct survey *out,
		  struct err *err) MUST_CHECK;

#endif

/* json.h - the parts of the JSON writers (internal to report/).  jansson stays in this folder. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "report/write.h"

#include <jansson.h>

struct json_writer {
	struct arena a, keep; /* scratch; keep remembers its failure */
	const struct redactor *redactor;
	const struct run_result *r;
	bool failed; /* jansson was out of memory; sticky */
};

/* Members of an object.  Each put takes its value; the text forms redact, clean and cap. */
void json_put(struct json_writer *w, json_t *object, const char *key, json_t *value);
void json_append(struct json_writer *w, json_t *array, json_t *value);
void json_put_text(struct json_writer *w, json_t *object, const char *key, struct str text,
		   size_t max_bytes);
/* The same, null when text.p is NULL. */
void json_put_optional(struct json_writer *w, json_t *object, const char *key, struct str text);
/* The catalogue's words: cleaned, not redacted. */
void json_put_own(struct json_writer *w, json_t *object, const char *key, struct str text);
void json_put_int(struct json_writer *w, json_t *object, const char *key, int64_t value);
void json_put_bool(struct json_writer *w, json_t *object, const char *key, bool value);
void json_append_text(struct json_writer *w, json_t *array, struct str text);
void json_append_own(struct json_writer *w, json_t *array, struct str text);

/* A variant without its steps, and a step without its octets: what all records of a run say. */
json_t *json_variant(struct json_writer *w, const struct variant_result *v);
json_t *json_variant_whole(struct json_writer *w, const struct variant_result *v); /* with both */
json_t *json_step_octets(struct json_writer *w, const struct step_result *s);
json_t *json_step(struct json_writer *w, const struct step_result *s);

/* What a person let pass; null for NULL. */
json_t *json_waiver(struct json_writer *w, const struct waiver_note *n);
json_t *json_waivers(struct json_writer *w, const struct waiver_report *r);
/* What explains the run; null for NULL. */
json_t *json_cause_page(struct json_writer *w, const struct cause *c);

/* How many variants have each verdict, and why the run stopped early, or null. */
json_t *json_counts(struct json_writer *w);
json_t *json_cause(struct json_writer *w);
/* The record of a run, as report_json writes it; NULL with ERR_NOMEM. */
json_t *json_run(const struct run_result *r, const struct report_options *o, struct err *err);
/* Any record, with a line feed at its end; NULL is what jansson gives without memory. */
int json_write(const json_t *root, const char *path, struct err *err) MUST_CHECK;
/* Write it, and let go of root and of the memory of w; ERR_NOMEM when w ran out of it. */
int json_finish(struct json_writer *w, json_t *root, const char *path, struct err *err) MUST_CHECK;

/* What the survey learnt. */
json_t *json_survey(struct json_writer *w, const struct survey *s);
json_t *json_client(struct json_writer *w, const struct run_result *r);

#endif

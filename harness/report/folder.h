/* folder.h - the folder of --results: its files and their sums (internal to report/). */
#ifndef REPORT_FOLDER_H
#define REPORT_FOLDER_H

#include "report/json.h"

#include <sys/types.h>

struct folder {
	struct json_writer w;
	const struct report_options *o;
	const char *path;
	json_t *files; /* of the manifest: path, bytes, sha256 of each file so far */
};

/* Write a file, named from the folder; it is in the manifest then. */
int folder_add(struct folder *f, struct str name, struct str octets, struct err *err) MUST_CHECK;
/* The same with an object as JSON; takes it.  NULL is what jansson gives without memory. */
int folder_add_json(struct folder *f, struct str name, json_t *object, struct err *err) MUST_CHECK;
/* One that another writer has just written. */
int folder_note(struct folder *f, const char *name, struct err *err) MUST_CHECK;

/* Unredacted octets are for their owner only: files made until the end have no other mode. */
mode_t evidence_guard(const struct report_options *o);
void evidence_guard_end(mode_t before);
/* That of o, or one that masks nothing. */
const struct redactor *evidence_redactor(const struct report_options *o);
/* Octets as the run wants them written; in a. */
struct str evidence_sent(struct arena *a, const struct report_options *o,
			 const struct step_result *s);
struct str evidence_received(struct arena *a, const struct report_options *o,
			     const struct step_result *s);

/* Take away what an earlier run left in evidence/: files of our names, and folders that are empty
 * then.
 */
void evidence_clear(const struct folder *f);
/* evidence/<variant>/: the octets of each step and case.json. */
int evidence_write(struct folder *f, struct err *err) MUST_CHECK;

#endif

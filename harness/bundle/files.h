/* files.h - the files of a bundle, in memory and sorted by name, and their SHA256SUMS. */
#ifndef BUNDLE_FILES_H
#define BUNDLE_FILES_H

#include "base/arena.h"
#include "base/buf.h"

#define BUNDLE_NAME_MAX 255          /* octets of a name: what a ustar header can hold */
#define BUNDLE_SUMS     "SHA256SUMS" /* one line for each file but itself and the two below */
#define BUNDLE_P7S      "SHA256SUMS.p7s"
#define BUNDLE_DSSE     "statement.dsse.json"
#define BUNDLE_CARD     "bundle.json"
#define BUNDLE_SHA256   65 /* lower-case hex and a NUL */

struct bundle_file {
	struct str name; /* NUL-terminated; "evidence/digest.plain/01-probe.request" */
	struct str octets;
};

struct bundle_files {
	struct bundle_file *v;
	size_t n, room;
	int64_t mtime_s; /* of all of them */
};

/* Letters, digits and ._=- in parts that are neither empty nor begin with a dot, parted by single
 * slashes: fits every file system and the lines of sha256sum, and leads nowhere else.
 */
bool files_name_ok(struct str name);
/* Append; octets are borrowed, the name is copied.  Failure shows in arena_ok(a). */
void files_add(struct arena *a, struct bundle_files *f, struct str name, struct str octets);
void files_sort(struct bundle_files *f);
/* NULL: none.  The files must be sorted. */
const struct bundle_file *files_find(const struct bundle_files *f, struct str name);
struct str files_get(const struct bundle_files *f, const char *name); /* .p NULL: none */

/* Does the bundle bring this file itself, rather than the run? */
bool files_is_own(struct str name);

int files_sha256(struct str octets, char hex[static BUNDLE_SHA256], struct err *err) MUST_CHECK;
/* As sha256sum writes it, of all files that it is to name. */
int files_sums(const struct bundle_files *f, struct buf *out, struct err *err) MUST_CHECK;
/* Does sums name exactly these files, with these hashes?  -1 with ERR_PARSE and the file's name. */
int files_check_sums(const struct bundle_files *f, struct str sums, struct err *err) MUST_CHECK;

#endif

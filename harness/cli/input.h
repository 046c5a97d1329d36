/* input.h - a file that an option names, as text in memory. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "base/arena.h"

/* -1 with ERR_INPUT and the path: not there, no file, more than max_bytes. */
int input_read(struct arena *a, struct str path, size_t max_bytes, struct str *out,
	       struct err *err) MUST_CHECK;
/* The same; refused when group or others can read it. */
int input_read_secret(struct arena *a, struct str path, size_t max_bytes, struct str *out,
		      struct err *err) MUST_CHECK;
/* value itself, or with "@" before it the text of that file without white space around it. */
int input_text(struct arena *a, struct str value, size_t max_bytes, struct str *out,
	       struct err *err) MUST_CHECK;
/* SHA-256 in hex of a file of any length. */
int input_sha256(struct str path, uint64_t *bytes, char hex[static 65], struct err *err) MUST_CHECK;

#endif

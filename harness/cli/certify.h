/* certify.h - `run --certify`: what keeps a run from being certified, before it and after it. */
#ifndef CLI_CERTIFY_H
#define CLI_CERTIFY_H

#include "cli/options.h"
#include "engine/result.h"

#include <stdio.h>

/* Each option, and the build, that a certification run must not have, a line each to f.  -1 with
 * ERR_INPUT when there is one; 0 without --certify.
 */
int certify_check(const struct options *o, const char *tool, FILE *f, struct err *err) MUST_CHECK;
/* After a run with --certify: each mandatory case that was skipped and each case without an end, a
 * line each; the exit code becomes 6 where it was 0.
 */
void certify_end(const struct options *o, struct run_result *r, FILE *f);

#endif

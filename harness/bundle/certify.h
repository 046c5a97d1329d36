/* certify.h - what keeps a run from being certified. */
#ifndef BUNDLE_CERTIFY_H
#define BUNDLE_CERTIFY_H

#include <stdbool.h>

struct papers;
struct json_t;

/* A list of texts, each a reason; empty: nothing does.  NULL: no memory.  Only what the run wrote
 * is asked, so that a reader of the bundle comes to the same list.
 */
struct json_t *certify_reasons(const struct papers *r);

/* Does a case of the profile that was skipped for this reason leave a question open?  Not when the
 * target does not offer it, which has evidence, or when the profile excepts it with a reason.
 */
bool certify_gap(const char *reason);
/* Why what tool names ("countersign 0.1.0 (commit ...)") cannot certify; NULL: it can. */
const char *certify_build(const char *tool);

#endif

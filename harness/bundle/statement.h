/* statement.h - the result as an in-toto Statement v1 with predicate test-result v0.1:
 * https://in-toto.io/attestation/test-result/v0.1
 */
#ifndef BUNDLE_STATEMENT_H
#define BUNDLE_STATEMENT_H

#include "bundle/papers.h"

struct statement_facts {
	const struct papers *papers;
	const json_t *firmware; /* name and sha256; null: not given */
	char sums[BUNDLE_SHA256], p7s[BUNDLE_SHA256];
};

/* One line of JSON; the same facts give the same octets.  The subjects are the firmware, when it is
 * known, and the two files that stand for all others.
 */
int statement_write(struct arena *a, const struct statement_facts *f, struct str *text,
		    struct err *err) MUST_CHECK;
/* The SHA-256 that a statement gives a subject, "" when it has none of that name. */
struct str statement_digest(struct arena *a, struct str payload, const char *subject);

#endif

/* lint.h - what lint.c and lint_case.c share.  Nobody else includes this. */
#ifndef SUITE_LINT_H
#define SUITE_LINT_H

#include "suite/suite.h"

struct lint {
	const struct catalogue *k;
	const char *const *fault_names; /* NULL: not looked at */
	struct arena *a;                /* of the findings */
	struct lint_finding **last;
	size_t n;
};

void lint_add(struct lint *l, struct str file, int line, const char *fmt, ...) PRINTF(4, 5);
bool lint_is_fault(const struct lint *l, struct str name);

/* All rules about one case; scratch lives as long as the call. */
int lint_case(struct lint *l, const struct suite_case *c, struct err *err) MUST_CHECK;

#endif

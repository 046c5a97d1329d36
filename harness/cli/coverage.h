/* coverage.h - countersign list --coverage. */
#ifndef CLI_COVERAGE_H
#define CLI_COVERAGE_H

#include "cli/options.h"
#include "suite/suite.h"

/* Whether an operand matches; without operands everything does. */
bool list_wanted(const struct options *o, struct str id);
int list_coverage(const struct options *o, const struct catalogue *c, struct err *err) MUST_CHECK;

#endif

/* selftest.h - prove the catalogue on the reference device and the scripted client: who is judged
 * are the cases. */
#ifndef CLI_SELFTEST_H
#define CLI_SELFTEST_H

#include "engine/engine.h"

#include <stdio.h>

struct selftest_options {
	const struct catalogue *catalogue;
	struct str only;           /* glob of fault names; .p NULL: all */
	const char *matrix;        /* file for the kill matrix; NULL: none */
	const char *client_matrix; /* the same of client cases */
	bool progress;             /* on err_out, a terminal */
};

struct selftest_result {
	size_t personas, clean_variants, faults, kills, environments;
	size_t client_variants, client_faults, client_kills;
	size_t problems;
};

/* - The clean device, in each persona, has no finding that its profile gates.
 * - Each case turns red (a finding that the clean device does not have, or another measured number)
 *   under each fault that it names, and each fault is named by a case.
 * - Faults of the environment give inconclusive verdicts and not one fail; a measure that names one
 *   finds another number under it.
 * Prints a line per problem.  -1 when it could not be done; problems are in *r.
 */
int selftest_run(const struct selftest_options *o, FILE *out, struct selftest_result *r,
		 struct err *err) MUST_CHECK;

/* The same of client cases, on the scripted client of client/actor.h, of plain HTTP and of ONVIF:
 * each passes, or is for the other kind; and each turns red under each fault that it names.  Adds
 * to *r.
 */
int selftest_clients(const struct selftest_options *o, FILE *out, struct selftest_result *r,
		     struct err *err) MUST_CHECK;

#endif

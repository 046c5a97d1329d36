/* waiver_file.h - waivers as people write them: a section each, every entry mandatory.
 *
 *	[skew of the 2.8 firmware]
 *	case     = token.created.old[skew=-1h]
 *	device   = ACME *
 *	firmware = 2.8.*
 *	outcome  = fail decision accepted
 *	reason   = the clock of this series cannot be set, it is replaced
 *	ticket   = CAM-118
 *	owner    = lab@example.org
 *	until    = 2027-01-31
 */
#ifndef CLI_WAIVER_FILE_H
#define CLI_WAIVER_FILE_H

#include "engine/waiver.h"
#include "report/ledger.h"

#include <stdio.h>

#define WAIVER_FILE_MAX (1u << 20) /* octets */
#define WAIVER_DAYS     90         /* that suggested waivers last */

/* -1 with ERR_INPUT and "path:line: what, expected what".  path is borrowed. */
int waiver_file_open(struct arena *a, struct str path, struct waiver_list *out,
		     struct err *err) MUST_CHECK;
int waiver_file_parse(struct arena *a, struct str path, struct str text, struct waiver_list *out,
		      struct err *err) MUST_CHECK;
/* A section for each fail that is not waived (warnings too: each warn); what only a person can
 * know is "?", which waiver_file_open refuses.  "" when there is nothing to waive.
 */
struct str waiver_file_suggest(struct arena *a, const struct ledger *r, bool warnings);

#endif

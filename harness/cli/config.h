/* config.h - the layers below the arguments: environment, countersign.ini, what is built in.
 *
 *	[defaults]              of each command that has such an option
 *	user = tester
 *	[run]                   of one command, before [defaults]
 *	only = digest.* token.*
 *
 * A name that means something else to other commands (json, only, timeout) is that of run in
 * [defaults] and in the environment, where --netrc-file is COUNTERSIGN_NETRC_FILE.
 */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include "cli/options.h"

#include <stdio.h>

#define CONFIG_MAX (64u << 10) /* octets of a file */

struct config {
	struct arena a; /* what the options point to */
};

/* Fill out from all layers; options.h has their order.  -1 with ERR_INPUT: of a file
 * "path:line: what, expected what", of the environment "COUNTERSIGN_USER: ...".
 * config_free also when it failed, and when the options are not used any more.
 */
int config_parse(struct config *c, struct options *out, enum command_id command, int argc,
		 char *const *argv, struct err *err) MUST_CHECK;
void config_free(struct config *c);

/* What holds for the command, as an INI file with the origin of each value behind it; no secret. */
int config_print(FILE *f, const struct options *o, enum command_id command,
		 struct err *err) MUST_CHECK;
/* The name of an option in the environment. */
struct str config_variable(struct arena *a, const struct option_row *row);

#endif

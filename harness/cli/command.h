/* command.h - one file per command; this is the row that each has. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"
#include "suite/suite.h"

struct inventory_place;

/* Exit statuses: design, section 6. */
enum exit_status {
	EXIT_GOOD = 0,
	EXIT_NONCONFORMING = 1,
	EXIT_INTERRUPTED = 2,
	EXIT_INTERNAL = 3,
	EXIT_USAGE = 4,
	EXIT_NOTHING = 5,
	EXIT_INCONCLUSIVE = 6
};

struct cli {
	struct options o;
	int argc; /* the whole command line, for the record */
	char *const *argv;
	const struct inventory_place *place; /* of the one device of --device; NULL: none */
};

struct command {
	const char *name;
	const char *operands; /* "[URL]"; "" none */
	size_t least, most;   /* number of operands */
	const char *summary;  /* one line */
	const char *about;    /* paragraphs, parted by an empty line */
	struct command_example {
		const char *line, *comment;
	} examples[5];                     /* ended by NULL, or full */
	int (*run)(const struct cli *cli); /* gives the exit status */
};
extern const struct command commands[COMMANDS];

/* "countersign 0.1.0 (commit 0123456789ab)"; "+dirty" stands behind a commit that is not what was
 * built, "no git, commit unknown" in its place where there was no repository.  version.cmake writes
 * it.
 */
extern const char cli_tool[];

int cmd_run(const struct cli *cli);
int cmd_drive(const struct cli *cli);
int cmd_survey(const struct cli *cli);
int cmd_replay(const struct cli *cli);
int cmd_judge(const struct cli *cli);
int cmd_list(const struct cli *cli);
int cmd_explain(const struct cli *cli);
int cmd_device(const struct cli *cli);
int cmd_client(const struct cli *cli);
int cmd_selftest(const struct cli *cli);
int cmd_lint(const struct cli *cli);
int cmd_vectors(const struct cli *cli);
int cmd_bundle(const struct cli *cli);
int cmd_verify(const struct cli *cli);
int cmd_docs(const struct cli *cli);
int cmd_decode(const struct cli *cli);
int cmd_compare(const struct cli *cli);
int cmd_merge(const struct cli *cli);
int cmd_waivers(const struct cli *cli);
int cmd_wait(const struct cli *cli);
int cmd_completion(const struct cli *cli);
int cmd_help(const struct cli *cli);

const char *docs_page(size_t i); /* the names of docs, then NULL */

/* Print "countersign: text" on stderr; gives the exit status for err's code. */
int cli_fail(const struct err *err);
/* The built-in catalogue, or that of --suites, whose faults are the user's: ERR_INPUT. */
int cli_catalogue(const struct options *o, struct catalogue *out, struct err *err) MUST_CHECK;

#endif

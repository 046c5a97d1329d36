/* options.h - one table of options: it feeds the parser, each command's help and the man page. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/arena.h"

#include <stddef.h>

/* Commands as bits, for the table's column. */
enum command_id {
	CMD_RUN,
	CMD_DRIVE,
	CMD_SURVEY,
	CMD_REPLAY,
	CMD_JUDGE,
	CMD_LIST,
	CMD_EXPLAIN,
	CMD_DEVICE,
	CMD_CLIENT,
	CMD_SELFTEST,
	CMD_LINT,
	CMD_VECTORS,
	CMD_DECODE,
	CMD_BUNDLE,
	CMD_VERIFY,
	CMD_DOCS,
	CMD_COMPARE,
	CMD_MERGE,
	CMD_WAIVERS,
	CMD_WAIT,
	CMD_COMPLETION,
	CMD_HELP,
	COMMANDS
};

#define OPTIONS_LIST_MAX    16
#define OPTIONS_OPERAND_MAX 1024

struct option_list {
	struct str v[OPTIONS_LIST_MAX];
	size_t n;
};

/* Who said it; a later one overrules an earlier one. */
enum option_layer {
	LAYER_BUILT_IN,
	LAYER_USER, /* countersign.ini of the user, section [defaults] */
	LAYER_USER_COMMAND,
	LAYER_FILE, /* that of the folder, or of --config */
	LAYER_FILE_COMMAND,
	LAYER_ENVIRONMENT,
	LAYER_ARGUMENTS
};

struct option_source {
	enum option_layer layer;
	struct str text;  /* the value in its words; of a list the last one */
	struct str place; /* "countersign.ini:3", "COUNTERSIGN_USER" */
};

#define OPTION_ROWS_MAX 128

/* All views are of argv, static, or of the struct config that filled it.  .p NULL: not given and no
 * default.
 */
struct options {
	/* who and how */
	struct str user, password_file, netrc_file, kind, operation, profile, cacert;
	bool insecure;
	/* what */
	struct option_list only, skip;
	struct str only_from;
	bool slow, lab, cleartext, dry_run, strict;
	struct str risk, failures, seed, suites;
	int64_t interval_ms;
	int64_t timeout_ms, connections; /* connections 0: not given */
	int64_t spent;                   /* 0: not given */
	int64_t spellings, hostile;      /* 0: not given */
	struct str replay_dir;
	bool exact;
	/* reports */
	struct str junit, json, har, pcapng, markdown, tap, colour, matrix;
	struct str results, evidence;
	bool no_marker, no_annotations;
	struct str waivers, baseline;
	struct str events;
	int64_t drift; /* percent */
	bool quiet, as_json, features, checks, clients, coverage, man, help;
	struct str html;
	/* vectors */
	struct str adapter, client, expect;
	/* clients on the wire */
	struct str exec;
	bool one_url;
	/* bundles */
	struct str out, key, cert, chain, statement, decision_rule, firmware, ca, at;
	bool certify, draft;
	/* the reference device */
	struct str persona, listen;
	struct option_list fault;
	struct str fault_glob, client_matrix;
	int64_t clock_offset_ms;
	bool ignore_time, list_personas, list_faults;
	/* many devices, many machines */
	struct str targets, device, shard;
	int64_t lanes;
	/* what is no option */
	struct str password_env; /* .p NULL: COUNTERSIGN_PASSWORD */
	struct str operand[OPTIONS_OPERAND_MAX];
	size_t n_operand;
	bool user_given, kind_given;
	/* where defaults come from */
	struct str config;
	bool no_config, print_config;
	struct str config_files;                      /* those that were read; .p NULL: none */
	struct option_source source[OPTION_ROWS_MAX]; /* by the row of option_rows */
};

enum option_type {
	OPTION_SWITCH,   /* bool; plain, or yes and no */
	OPTION_TEXT,     /* struct str */
	OPTION_CHOICE,   /* struct str, one of the words of choices */
	OPTION_LIST,     /* struct option_list */
	OPTION_NUMBER,   /* int64_t, 1..256 */
	OPTION_COUNT,    /* int64_t, 1..10000000 */
	OPTION_DURATION, /* int64_t milliseconds, at least 1 */
	OPTION_OFFSET    /* int64_t milliseconds, may be negative */
};

/* Which layers may say it. */
enum option_reach {
	REACH_ANY,
	REACH_CARE, /* makes a run less safe, or runs a program: not by a file that was not named */
	REACH_ENVIRONMENT, /* no file */
	REACH_ARGUMENTS    /* nothing else */
};

struct option_row {
	const char *name; /* without the dashes */
	char letter;      /* 0: none */
	enum option_type type;
	const char *argument; /* "FILE"; NULL for a switch */
	const char *choices;
	const char *fallback; /* as if it had been given; NULL: none */
	const char *env;      /* variables that matter to it, for the help */
	unsigned commands;    /* 1u << enum command_id, ORed */
	size_t offset;        /* of its field in struct options */
	size_t given;         /* offset of a bool that says whether it was given; 0: none */
	enum option_reach reach;
	const char *help;
};
extern const struct option_row option_rows[]; /* ended by name NULL */

/* Read what stands behind the command's name.  -1 with ERR_INPUT and what was probably meant. */
int options_parse(struct options *out, enum command_id command, int argc, char *const *argv,
		  struct err *err) MUST_CHECK;
/* The two halves of it; what comes between them are the layers of config.h. */
int options_init(struct options *out, enum command_id command, struct err *err) MUST_CHECK;
int options_arguments(struct options *o, enum command_id command, int argc, char *const *argv,
		      struct err *err) MUST_CHECK;
/* One value; a switch without one (.p NULL) is yes, and a list is the words of its last layer.
 * Layers must come in their order.  -1 with ERR_INPUT "--name value: expected ...".
 */
int options_set(struct options *o, const struct option_row *row, struct str value,
		enum option_layer layer, struct str place, struct err *err) MUST_CHECK;
void options_reset(struct options *o, const struct option_row *row); /* as if nobody had said it */
const struct option_row *option_find(struct str name, enum command_id command); /* or NULL */
/* "no option --password: why", for a name that is none on purpose; NULL. */
const char *option_refused(struct str name);

/* As if the command had been given --name value: "yes" and "no" for a switch, words for a list. The
 * error tells the name without dashes.
 */
int options_entry(struct options *o, enum command_id command, const char *name, struct str value,
		  struct err *err) MUST_CHECK;

/* The nearest of n names to word, or NULL when none is near. */
const char *nearest(struct str word, const char *const *name, size_t n);

#endif

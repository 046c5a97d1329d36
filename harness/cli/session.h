/* session.h - one run from the options to the reports. */
#ifndef CLI_SESSION_H
#define CLI_SESSION_H

#include "cli/command.h"
#include "cli/drive.h"
#include "cli/events.h"
#include "cli/overlay.h"
#include "cli/replay.h"
#include "cli/target.h"
#include "report/report.h"

struct session {
	const struct cli *cli;
	const struct options *o;
	bool survey_only;
	struct catalogue catalogue;
	const struct catalogue *shared; /* of many sessions; NULL: this one loads its own */
	struct shard shard;             /* the part of the cases */
	struct target target;
	struct redactor redactor;
	struct engine_options engine_options;
	struct replay replay;
	struct overlay overlay;
	const struct again *again; /* what is to be sent again; NULL: a run */
	struct events events;
	struct drive *drive; /* steps come from standard input; NULL: the catalogue is judged */
	struct report_options how; /* of all reports */
	bool realms_known;
	struct run_result r;
	struct engine *engine;
	FILE *out; /* for people: stdout, or stderr when a report goes to stdout */
	struct console_options console;
	size_t last_done; /* at the last call of progress */
	bool card_printed, line_shown;
	bool nothing; /* patterns, profile and shard have no case in common */
};

/* What is sent again. */
struct again {
	struct str *id; /* of cases or variants, n of them */
	size_t n;
	bool spelled; /* one drawn spelling: */
	struct replay replay;
	struct str profile; /* of the file; .p NULL: not told */
};

/* Gives the exit status. */
int session_run(const struct cli *cli, bool survey_only);
/* cli has the URL as its operand, if there is one. */
int session_again(const struct cli *cli, const struct again *again);
int session_drive(const struct cli *cli);

/* --- one of many: cli/fleet.c --- */
/* Everything before the first exchange, with s->cli, o, shared and shard as they are given; out
 * stays silent.  -1 with ERR_INPUT; when nothing is selected, that is s->nothing, and no error.
 */
int session_open(struct session *s, struct err *err) MUST_CHECK;
/* After engine_end: waivers, the comparison, the exit status, and what masks the hashes. */
void session_judged(struct session *s, bool failed);
void session_close(struct session *s);

/* --- what is masked in all that it tells: session_secrets.c --- */
void session_mask_password(struct session *s);
/* Once the survey is done, and once only: the hashes that open what the password does. */
void session_mask_realms(struct session *s);

/* --- what it prints: session_print.c --- */
void session_print_start(struct session *s);
void session_print_card(struct session *s); /* once, however often it is called */
void session_print_plan(struct session *s);
void session_print_dry_run(struct session *s);
void session_print_end(struct session *s);
/* Fixed, still failing or cannot: each case that was sent again.  Gives the exit status. */
int session_print_again(struct session *s);
/* The counting part of the progress of a run. */
void session_progress(void *ctx, const struct run_result *r, size_t done, size_t total);
/* The line of progress on stderr goes away. */
void session_clear_line(struct session *s);

#endif

/* replay.h - a file that repeats one drawn spelling: which case, and which choices.
 *
 *	countersign-replay 1
 *	case hostile.digest
 *	choices base=1 nonce=7
 *	# accepts: the empty password, nonce of a zero
 *	sent GET / HTTP/1.1\r\n
 *
 * A replay asks for a fresh challenge and makes the same choices, so it needs no more than the two
 * lines; the octets that were sent stand there for people, what cannot be printed as \xNN.
 */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "base/redact.h"
#include "engine/result.h"

#include <stdio.h>

#define REPLAY_MAX (1u << 20) /* octets of a file */

struct replay {
	struct str case_id, choices;
	struct spelling spelling;
};

/* -1 with ERR_INPUT and "name:line: what, expected what". */
int replay_parse(struct arena *a, struct str name, struct str text, struct replay *out,
		 struct err *err) MUST_CHECK;
/* The same from a file, and its choices by the grammar of its case. */
int replay_open(struct arena *a, struct str path, const struct catalogue *c, struct replay *out,
		struct err *err) MUST_CHECK;
/* "" when the arena is full. */
struct str replay_text(struct arena *a, const struct redactor *redactor, const struct run_result *r,
		       const struct variant_result *v, const struct spell_group *g);
/* One file for each way that went wrong: "DIR/hostile.digest-17.replay".  legal: those of right
 * spellings too.  Gives how many were written; -1 with ERR_IO.
 */
int replay_save(struct arena *a, const struct redactor *redactor, const struct run_result *r,
		struct str dir, bool legal, FILE *tell, struct err *err) MUST_CHECK;

#endif

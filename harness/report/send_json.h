/* send_json.h - a line of countersign drive: a step in JSON becomes the <send> that it stands for,
 * since one reader knows the language.
 */
#ifndef REPORT_SEND_JSON_H
#define REPORT_SEND_JSON_H

#include "base/arena.h"

#define SEND_LINE_MAX (1u << 20) /* octets */

enum send_word { SEND_STEP, SEND_BEGIN };
/* For SEND_STEP *out is the <send>, and *unsaid whether it lacks expect; for SEND_BEGIN *out is the
 * name of the case.  Both live in a.  -1 with ERR_INPUT and "-:line: what, expected what".
 */
int send_read(struct arena *a, struct str line, int number, enum send_word *word, struct str *out,
	      bool *unsaid, struct err *err) MUST_CHECK;

#endif

/* diff.h - what sets one request apart from another, as pieces for people (internal to report/). */
#ifndef REPORT_DIFF_H
#define REPORT_DIFF_H

#include "base/arena.h"

enum diff_kind {
	DIFF_SAME,
	DIFF_FRESH,     /* new in every request: nonces, times, lengths */
	DIFF_DEVIATION, /* set apart from the control, or what the case says it deviates in */
	DIFF_REMOVED,   /* stands in the control only */
	DIFF_KINDS
};

struct diff_piece {
	enum diff_kind kind;
	struct str text; /* a view of text, or of control for what was removed */
};

struct diff {
	struct diff_piece *piece;
	size_t n;
};

/* text against control, which may be .p NULL: then nothing sets it apart but what is named.  named
 * are names of fields ("nc", "created"), compared without case and hyphens: their values are the
 * deviation, also where each request has a new one, and where it equals the control's (a nonce
 * count that was used elsewhere).  Messages of very many words are one piece.  Failure shows in
 * arena_ok(a).
 */
struct diff diff_messages(struct arena *a, struct str text, struct str control,
			  const struct str *named, size_t n_named);

#endif

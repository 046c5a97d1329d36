/* cause.h - one cause behind a run that could not start, or behind many findings: its name, and
 * what to do.  Each has a page, reports/causes/ID.md, which is embedded; `countersign explain ID`
 * prints it, and title and advice below are read from it.
 */
#ifndef ENGINE_CAUSE_H
#define ENGINE_CAUSE_H

#include "base/arena.h"

#define CAUSE_TODO_MAX 8

struct cause {
	struct str id;    /* "clock-ahead" */
	struct str title; /* one line */
	struct str what;  /* a paragraph: the numbers of this run, then what is behind them */
	struct str todo[CAUSE_TODO_MAX];
	size_t n_todo;
};

/* The pages in order of their ids; NULL behind the last. */
const char *cause_id(size_t i);
/* Markdown, static; .p NULL when there is no such page. */
struct str cause_text(struct str id);
/* Fill *out from the page of that id.  found: what this run saw of it, or empty.  -1 when there is
 * no such page or it lacks a part.  The views live in a, or are static.
 */
int cause_read(struct arena *a, struct str id, struct str found, struct cause *out) MUST_CHECK;

struct run_result;
/* Name the cause of this run, unless one is named already. */
void cause_name(struct run_result *r, const char *id, struct str found);
/* At the end of a run: name what its survey and its results show, when nothing stopped it. */
void cause_look(struct run_result *r);

struct exchange;
/* Which page fits the first answer of a target that is not what it should be. */
const char *cause_of_exchange(const struct exchange *x);
struct survey;
/* What is to be said when right credentials were refused; .p NULL: nothing more. */
struct str cause_of_refusal(struct arena *a, const struct survey *v);

#endif

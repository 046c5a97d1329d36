/* child.h - a program under test as a child process, with a pipe to each of its ends. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include "base/arena.h"
#include "base/buf.h"

#include <sys/types.h>

#define CHILD_LINE_MAX (1u << 20)  /* octets of a line that it writes */
#define CHILD_TO_MAX   (64u << 20) /* octets that wait to be written to it */

struct child {
	pid_t pid; /* 0: none */
	int in, out, err;
	struct buf to, from; /* octets to be written; octets read and not yet taken */
	size_t taken;        /* of from */
	char words[256];     /* the end of what it wrote on standard error */
	size_t n_words;
	int status; /* with which it ended; -1: it did not, or by a signal */
};

/* A variable that it is told. */
struct child_variable {
	const char *name;
	struct str value; /* without NUL */
};
/* Our environment with these in front: the first of a name counts.  NULL: short of memory. */
char **child_environment(struct arena *a, const struct child_variable *v, size_t n);
/* By /bin/sh.  environment is as for execve; NULL: ours. */
int child_start(struct child *c, const char *command, char *const *environment,
		struct err *err) MUST_CHECK;
/* Queue a line, without its line feed. */
void child_say(struct child *c, struct str line);
/* Write and read what can be, waiting wait_ms at most.  -1 with ERR_IO or ERR_LIMIT and what
 * happened: it ended, closed a pipe, or wrote a line that is too long.  0 else, also when nothing
 * came.
 */
int child_exchange(struct child *c, int64_t wait_ms, struct err *err) MUST_CHECK;
/* The next whole line, valid until the next exchange; false when there is none. */
bool child_line(struct child *c, struct str *line);
/* It has been told everything. */
void child_end_input(struct child *c);
/* Close its input and wait for its end, or end it.  Its status stays. */
void child_stop(struct child *c, bool politely);

#endif

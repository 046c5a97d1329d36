/* vectors_drive.h - a library under test as a child process: vectors/adapters/README.md. */
#ifndef CLI_VECTORS_DRIVE_H
#define CLI_VECTORS_DRIVE_H

#include "cli/vectors.h"

#include "base/buf.h"
#include "base/world.h"

#include <sys/types.h>

#define ADAPTER_WINDOW   32         /* requests in flight */
#define ADAPTER_LINE_MAX (1u << 20) /* octets */
#define ADAPTER_ROW_MAX  40         /* failures without an answer between, then it is given up */

/* --- the process and its lines --- */

struct child {
	pid_t pid; /* 0: none */
	int in, out, err;
	struct buf to, from; /* octets to be written; octets read and not yet taken */
	size_t taken;        /* of from */
	char words[256];     /* the end of what it wrote on standard error */
	size_t n_words;
	int status; /* with which it ended; -1: it did not, or by a signal */
};

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

/* --- lines as JSON --- */

struct adapter_hello {
	struct str name, version;
	bool offers[16]; /* by index in vector_ops */
	unsigned own;    /* enum answer_own, ORed */
	bool network;    /* asks a server for what it answers: vectors_net.h */
};

/* {"id": ..., "op": ..., inputs, "url": ...}, with a line feed behind it; url.p NULL: none. */
int adapter_request(const struct vector *v, struct str url, struct buf *out,
		    struct err *err) MUST_CHECK;
int adapter_hello_read(struct arena *a, struct str line, struct adapter_hello *out,
		       struct err *err) MUST_CHECK;
/* The views of out and id borrow from line and a. */
int adapter_answer_read(struct arena *a, struct str line, struct str *id, struct answer *out,
			struct err *err) MUST_CHECK;

/* --- all vectors --- */

struct drive {
	const struct vector_set *set;
	const bool *selected;
	const char *command;
	int64_t timeout_ms;
	const struct world *world;
	void (*progress)(void *ctx, size_t done);
	void *ctx;
	struct arena *keep;           /* for messages and the hello */
	struct vector_result *result; /* one for each vector of the set */
	struct adapter_hello hello;   /* out */
	size_t restarts;              /* out */
};

/* -1 only when the adapter cannot be started or does not shake hands: ERR_INPUT. */
int vectors_drive(struct drive *d, struct err *err) MUST_CHECK;
/* command is a client, which is run for each vector and told in variables what to ask. */
int vectors_drive_client(struct drive *d, struct err *err) MUST_CHECK;

#endif

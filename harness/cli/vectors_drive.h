/* vectors_drive.h - a library under test as a child process: vectors/adapters/README.md. */
#ifndef CLI_VECTORS_DRIVE_H
#define CLI_VECTORS_DRIVE_H

#include "cli/vectors.h"

#include "base/world.h"
#include "cli/child.h"

#define ADAPTER_WINDOW  32 /* requests in flight */
#define ADAPTER_ROW_MAX 40 /* failures without an answer between, then it is given up */

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

/* wire_lab.h - an HTTP transport against a scripted server, for the tests of wire/. */
#ifndef TESTS_WIRE_LAB_H
#define TESTS_WIRE_LAB_H

#include "scripted_server.h"

#include "wire/wire.h"

#define LAB_TIMEOUT_MS                                                                             \
	30000 /* of an exchange, where a test sets none: long enough for any machine */

struct lab {
	struct server server;
	struct world world;
	struct arena a;
	struct wire *w;
};

/* Without a URL in o, the server's. */
void lab_open(struct lab *l, void (*script)(struct server *), const void *arg,
	      struct wire_options o);
void lab_close(struct lab *l); /* transport first, so that a waiting script ends */
/* A request for "/" without fields; body NULL: none. */
struct exchange *lab_exchange(struct lab *l, const char *method, const char *body);
void lab_field(struct exchange *x, const char *name, const char *value);
void lab_submit(struct lab *l, struct exchange *x);
struct exchange *lab_next(struct lab *l);         /* the next one that is finished */
void lab_send(struct lab *l, struct exchange *x); /* submit, and wait until it is finished */
/* Submit a POST with that body and wait. */
struct exchange *lab_post(struct lab *l, const char *body);

void assert_str(struct str got, const char *want);
bool has(struct str text, const char *part);

#endif

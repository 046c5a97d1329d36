/* run_parts.h - what the files of a run share.  Nobody else includes this. */
#ifndef CLIENT_RUN_PARTS_H
#define CLIENT_RUN_PARTS_H

#include "client/recording.h"
#include "client/run.h"

struct expansion {
	struct suite_variant *v;
	size_t n;
};

struct client_run {
	struct client_options o;
	const struct world *world;
	struct run_result *r;
	struct expansion *of; /* by index of the catalogue's client cases */
	bool *done;           /* by index of r->variant */
	size_t n_done;
	bool *asked; /* the same: not there only for what it shows */
	struct served served;
	struct play **play; /* by index: those that were served, for the ones that watch */
	const struct conversation *const *other; /* without a case */
	size_t n_other;
	uint64_t features; /* bit per client_features row */
	uint64_t wanted;   /* what has to be known for the cases that are asked for */
};

/* run_plan.c */
bool run_has(const struct client_run *k, struct str feature);
void run_provide(struct client_run *k, struct str words);
bool run_is_provider(const struct suite_case *c);
void run_finish(struct client_run *k, size_t i);
void run_skip(struct client_run *k, size_t i, enum reason why, struct str message);
int run_plan(struct client_run *k, struct err *err) MUST_CHECK;

#endif

/* run.h - judge one client: which cases, in which order, with what verdict.
 *
 * Like the engine it does no I/O:
 *
 *	while ((turn = client_run_next(r, &err)))	// a case to be served
 *		let the client call, answering with play_request(turn->play)
 *		client_run_done(r, turn, &err)
 *	client_run_end(r)
 */
#ifndef CLIENT_RUN_H
#define CLIENT_RUN_H

#include "client/play.h"
#include "engine/result.h"

struct recording;
struct client_options {
	const struct catalogue *catalogue;
	const struct profile *profile;       /* of kind "client" */
	const struct suite_persona *persona; /* NULL: ours */
	/* Globs of case or variant ids.  With only, cases that show what the selected ones need are
	 * served, too: their results are passes, or skips, never findings. */
	struct str only[16], skip[16];
	size_t n_only, n_skip;
	bool soap;        /* an ONVIF client */
	bool command;     /* a command is run for each case */
	bool told;        /* it can be told method, path, body and account: not by hand */
	bool calls;       /* it can be told to make several calls in one session */
	struct str known; /* words: features that it was seen to have in another run */
	bool one_url;     /* each case is served at the same URL */
	bool marker;
	struct str origin, other_origin;
	struct str early_origin; /* of cases that answer by heads; .n 0: as the others */
	struct str seed;
	struct account account;            /* empty: play_account() */
	const struct recording *recording; /* NULL: live */
	bool of_recordings; /* those for conversations without cases, too: see suites/client */
	void (*finished)(void *ctx, const struct variant_result *v);
	void *ctx;
};

struct client_run;
/* One case while it is served. */
struct served {
	const struct suite_variant *variant;
	struct play *play;
	size_t index;    /* of its variant_result */
	struct str path; /* below which it is served; "" at the one URL */
};

/* r->a must be initialised; o and r are borrowed.  NULL with ERR_INPUT when nothing is selected or
 * a pattern matches nothing.
 */
struct client_run *client_run_new(const struct client_options *o, const struct world *world,
				  struct run_result *r, struct err *err);
void client_run_free(struct client_run *k);
/* The next case that can be judged, those that show features first; NULL when there is none left.
 * What the client is known not to do is skipped here.
 */
struct served *client_run_next(struct client_run *k);
/* It has had its chance: judge it.  The conversation stays until the end of the run. */
void client_run_done(struct client_run *k, struct served *s);
/* Conversations without a case, n of them, for those that watch; they show what the client does.
 * Borrowed until the end.
 */
void client_run_watch(struct client_run *k, const struct conversation *const *c, size_t n);
/* Those that watch the whole run, and the sums.  interrupted: the rest is inconclusive. */
void client_run_end(struct client_run *k, bool interrupted);

/* One conversation, by the expectations of its turns and its checks; the verdict, its reason, its
 * message and its steps go to out, whose variant is set; a is that of the run.
 */
void client_verdict(struct arena *a, const struct conversation *const *c, size_t n,
		    const struct profile *profile, struct variant_result *out);

#endif

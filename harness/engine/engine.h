/* engine.h - judge one target: survey, schedule, cases, controls, verdicts.
 *
 * The engine does no I/O.  It hands out exchanges and takes them back:
 *
 *	while (!engine_finished(e)) {
 *		while ((x = engine_next(e)))	// what may be sent now
 *			wire submit x
 *		wire next(engine_wait_ms(e)) -> x
 *		if (x) engine_done(e, x)
 *	}
 *
 * engine_drive() is that loop.  Time and chance come from struct world alone.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "engine/open.h"
#include "engine/result.h"

#include <signal.h>

struct failure_budget {
	bool unlimited;    /* --lab */
	int count;         /* at most so many failed logins ... */
	int64_t window_ms; /* ... in any window of this length; 0: in the whole run */
	int in_row;        /* > 0: at most so many without a success between */
};
/* "3/30m", "5/1h", "in-row:1", "none"; -1 with ERR_INPUT. */
int failure_budget_parse(struct str text, struct failure_budget *out, struct err *err) MUST_CHECK;

/* Which of total parts a case belongs to, from 1: by a hash of its id, so that it stays when other
 * cases come and go.
 */
int shard_of_case(struct str case_id, int total);

struct engine_options {
	const struct catalogue *catalogue;
	const struct profile *profile;
	struct str url; /* of the target, for reports and absolute uris */
	bool http_kind; /* a plain HTTP server: GET on its path, no SOAP */
	struct craft_account account;
	struct str operation;          /* .p NULL: GetDeviceInformation, then GetUsers */
	struct str only[16], skip[16]; /* globs of case or variant ids */
	size_t n_only, n_skip;
	const struct str *exact; /* ids of cases and variants, and no others; n_exact 0: any */
	size_t n_exact;
	struct shard shard; /* the part of the cases that is run here */
	bool slow, cleartext, lab;
	enum risk risk;
	struct failure_budget budget;
	int connections;    /* exchanges in flight */
	bool loopback, tls; /* of the URL */
	struct str seed;    /* any text */
	bool survey_only;
	struct open_case *open;      /* judged in place of the catalogue; one connection; or NULL */
	int spent;                   /* failed logins of earlier runs: the cap counts them */
	bool keep_octets;            /* of passes too, and more of them: for evidence */
	bool no_marker;              /* requests go without X-Countersign */
	uint64_t spellings, hostile; /* how many are drawn for each case of <spellings> */
	const struct spelling *replay; /* asked instead of drawn ones; NULL: none */
	/* Called after each finished variant and at changes of phase; may be NULL. */
	void (*progress)(void *ctx, const struct run_result *r, size_t done, size_t total);
	void *progress_ctx;
	/* Called with each variant whose verdict stands; ctx as above; may be NULL. */
	void (*finished)(void *ctx, const struct variant_result *v);
};

struct engine;
/* Plan a run: selects and expands cases (results of those that are not run are there at once).
 * NULL with ERR_INPUT when nothing is selected or a pattern matches nothing.  r and o are borrowed
 * and filled; r->a must be initialised.
 */
struct engine *engine_new(const struct engine_options *o, const struct world *world,
			  struct run_result *r, struct err *err);
void engine_free(struct engine *e);

struct exchange *engine_next(struct engine *e);
void engine_done(struct engine *e, struct exchange *x);
int64_t engine_wait_ms(const struct engine *e); /* until something can be sent without a reply */
bool engine_finished(const struct engine *e);
/* Stop handing out; what has not finished becomes inconclusive (interrupted). */
void engine_stop(struct engine *e, enum reason why, const char *cause);

/* The loop above.  *interrupted is looked at between exchanges (a signal handler sets it). */
int engine_drive(struct engine *e, struct wire *w, const volatile sig_atomic_t *interrupted,
		 struct err *err);

/* One round of it, for whoever drives many engines: hand out what may be sent, wait at most wait_ms
 * and take one answer back; false in *came: none came.
 */
int engine_round(struct engine *e, struct wire *w, int64_t wait_ms, bool *came,
		 struct err *err) MUST_CHECK;
/* After the last round: what has no verdict yet says why.  failed: an error of ours ended it. */
void engine_end(struct engine *e, const struct err *failed);

/* The plan in words, before the first probe: cases, variants, failed logins, longest wait. */
struct engine_plan {
	size_t cases, variants, skipped_budget;
	int failed_logins;
	int64_t longest_wait_ms;
};
struct engine_plan engine_plan(const struct engine *e);

#endif

/* recording.h - a conversation that somebody recorded: what readers of captures, archives and
 * results fill, and what is judged of it, without a device and without a client.
 */
#ifndef CLIENT_RECORDING_H
#define CLIENT_RECORDING_H

#include "client/run.h"

#define RECORDING_MAX    100000       /* exchanges */
#define RECORDING_OCTETS (256u << 20) /* of a file, and of what tshark makes of it */

/* One request and what was answered. */
struct recorded_exchange {
	uint64_t connection;
	struct str server; /* host and port that it went to: "192.0.2.10:80" */
	int64_t wall_ms;   /* when it was sent; 0: not known */
	struct http_request request;
	struct http_response response; /* status 0: none came */
	bool cut;                      /* octets of it are missing */
	struct str variant, run;       /* of X-Countersign; .n 0: it has none */
	uint64_t number;               /* within its case, from 1; 0: not told */
};

/* How the command of a case ended: our own evidence tells it. */
struct recorded_end {
	struct str variant;
	struct command_end end;
};

struct recording {
	struct str format; /* "HTTP Archive", "capture", "results" */
	struct recorded_exchange *v;
	size_t n;
	struct recorded_end *end;
	size_t n_end;
	size_t n_tls, n_http2; /* connections of a capture that nobody here can read */
	/* By recording_close(). */
	struct str run; /* of the cases that are judged; .n 0: exchanges without a marker */
	size_t others;  /* exchanges that are of another run, or of none beside it */
	bool soap;      /* envelopes are among the requests */
	bool by_path;   /* each case has a path of its own: a command was run for each */
};

/* All exchanges are there, in a: reads their markers, puts them in order of time.  -1 with
 * ERR_INPUT when there is none, or when credentials are masked, so that nothing could be
 * recomputed.
 */
int recording_close(struct recording *rec, struct arena *a, struct err *err) MUST_CHECK;

/* The path below which the case of that variant was served; "" when it was the one URL. */
struct str recording_path(const struct recording *rec, struct str variant);

/* Judge it into r, whose arena is initialised, as a run would have been.  o has the catalogue, the
 * profile, the persona, patterns and the account (empty: the one of play_account() for a run of
 * cases; else none is known, and what needs a password cannot be seen).
 */
int recording_judge(const struct recording *rec, const struct client_options *o,
		    struct run_result *r, struct err *err) MUST_CHECK;

#endif

/* result.h - what a run found: what the engine fills and the reports write. */
#ifndef ENGINE_RESULT_H
#define ENGINE_RESULT_H

#include "auth/spell.h"
#include "engine/cause.h"
#include "engine/recipe.h"
#include "suite/suite.h"
#include "wire/wire.h"

enum verdict {
	VERDICT_PASS,
	VERDICT_WARN,
	VERDICT_FAIL,
	VERDICT_SKIP,
	VERDICT_INCONCLUSIVE,
	VERDICT_ERROR,
	VERDICTS
};
const char *verdict_name(enum verdict v); /* "inconclusive" */

/* Why a verdict is what it is, as a word: part of the JUnit type and of results.json. */
enum reason {
	REASON_NONE,
	/* fail, warn */
	REASON_DECISION, /* accepted what must be refused, or the other way round */
	REASON_FORM,     /* the right decision in a wrong form */
	REASON_CHECK,    /* a <check> does not hold */
	REASON_OUTCOME,  /* an outcome that the case does not list */
	/* skip */
	REASON_NOT_OFFERED, /* the target lacks a feature */
	REASON_BUDGET,
	REASON_SLOW,
	REASON_RISK,
	REASON_CLEARTEXT,
	REASON_EXCEPTED,    /* the profile leaves it out, with a reason */
	REASON_NOT_REACHED, /* a client never called the case, or never got so far */
	/* inconclusive */
	REASON_CONTROL, /* a control was not accepted */
	REASON_LOCKED,
	REASON_UNREACHABLE,
	REASON_CLOCK,
	REASON_STOPPED, /* the run stopped before it */
	REASON_INTERRUPTED,
	/* error */
	REASON_HARNESS,
	REASONS
};
const char *reason_name(enum reason r); /* "decision" */

/* The same words, and those of outcomes, by number: for readers that look a word up. */
const char *verdict_at(int i);
const char *reason_at(int i);
const char *outcome_at(int i);

/* One step (or control) as it went. */
struct step_result {
	const char *role; /* "control", "challenge", "probe", "time" */
	int step;         /* index into the case's steps; -1 for controls */
	unsigned expect;  /* outcome set */
	enum outcome outcome;
	int status;     /* HTTP status, 0 when there was none */
	int64_t number; /* of the exchange in its run, from 1: the n of X-Countersign.  A control
			   that several cases share has one; 0: none */
	enum wire_fate fate;
	struct str why;      /* a fate other than ANSWERED: one line */
	uint64_t connection; /* of a client: a number of its own; 0: not told */
	bool elsewhere;      /* of a client: it went to other_target */
	int64_t sent_ms, took_ms;
	int64_t wall_ms, device_ms; /* when it was sent; device_ms 0: its clock is not known */
	struct str summary;        /* one line of what was sent: "POST /onvif/device_service, Digest
				      nc=00000001" */
	struct str sent, received; /* raw octets, capped at 16 KiB each, at 64 KiB for evidence; .p
				      NULL: not kept; unredacted: writers redact */
	size_t sent_bytes, received_bytes; /* how many there were, as far as the wire's caps go */
	const struct recipe *recipe;       /* of its credentials; NULL: none, or not of this step */
};

/* One more number of a measure that has several. */
struct measured_number {
	const char *name; /* "longest": its property is that of the measure and this */
	int64_t value;
	const char *unit;
};

/* What drawn spellings have in common that a target refused (or took, of hostile ones): the
 * smallest difference from a spelling that went well.
 */
struct spell_group {
	struct spelling part;
	uint64_t first, count;   /* number of the first spelling that has it, and of all of those */
	bool optional;           /* a server may refuse it: counted, never a verdict */
	struct str words;        /* "parameter names in upper case" */
	struct str line;         /* for people: words, clause and count */
	struct str choices;      /* for a replay file: "names=1" */
	struct str sent;         /* the request of the smallest one; unredacted */
	const struct cite *cite; /* that decides; NULL: the profile does not speak of it */
	bool gates;
};

struct swarm_result {
	const struct spell_grammar *g;
	uint64_t total, asked, hits; /* hits: refused legal ones, or accepted hostile ones */
	uint64_t unanswered;         /* the connection was closed, or nothing came in time */
	uint64_t not_repeated;       /* hits that did not come again when they were asked again */
	bool more;                   /* there are more groups than are told */
	struct spell_group *group;
	size_t n_group;
	struct str summary; /* one line */
};

/* What a person let pass, and until when: a section of a waiver file (engine/waiver.h). */
struct waiver_note {
	struct str reason, ticket, owner, until; /* until: "2027-01-31", its last day in UTC */
	int line;                                /* of the file */
};

/* How the waivers of a run fared. */
struct waiver_report {
	struct str file;
	struct str *problem; /* "waivers.ini:12: what": each makes the run nonconforming */
	size_t n_problem;
	size_t elsewhere; /* waivers that are for another device or firmware */
};

/* How the command of a client ended. */
struct command_end {
	bool timed_out;
	int status;         /* exit status; -1: by a signal */
	struct str printed; /* the end of its standard error; may be empty */
};

struct variant_result {
	const struct suite_variant *variant;
	enum verdict verdict;
	enum reason reason;
	bool gates; /* the broken assertion gates under the profile */
	const struct cite
		*cite;        /* the assertion that decides; NULL only when the case was not run */
	enum outcome outcome; /* of the deciding step */
	bool has_outcome;
	struct str message; /* one line: what was expected, what came, which control proves it */
	struct str form;    /* form finding of a right decision; .p NULL none */
	struct str curl;    /* of a record: the command that it tells; .p NULL: made of the steps */
	struct step_result *step;
	size_t n_step;
	int deciding;                        /* index into step[], -1 when none */
	int failed_logins;                   /* spent */
	const struct command_end *end;       /* NULL: no command was run */
	const struct suite_variant *seen_in; /* of what only watches: whose exchange decides */
	struct swarm_result *swarm;          /* of <spellings>; NULL: a case of steps, or not run */
	const struct waiver_note *waiver;    /* NULL: none; verdict stays the original finding */
	bool measured;
	int64_t value;                /* measure: in units */
	bool at_limit;                /* measure: the value is the search's upper bound */
	struct measured_number *more; /* of a sample, which has several numbers */
	size_t n_more;
	int64_t started_ms, took_ms; /* monotonic */
	struct rng_seed {
		uint8_t octets[32];
	} seed; /* SHA-256(run seed, case id) */
};

/* A place that asks who is there. */
struct survey_endpoint {
	struct str path;                 /* .p NULL: there is none */
	struct challenge_list challenge; /* of a bare request */
	enum outcome anonymous;          /* what that gets */
	int anonymous_status;            /* 0: not asked, or no status */
};

/* What the survey learnt: the identity card of the target's authentication. */
struct survey {
	bool done;
	uint64_t features;               /* bit per suite_features row */
	struct challenge_list challenge; /* of a bare request to the protected operation */
	struct str operation;            /* the protected operation, or "GET /path" */
	enum outcome anonymous;          /* what a bare request gets */
	int anonymous_status;
	bool has_clock;
	int64_t clock_offset_ms;  /* device minus ours */
	int64_t clock_quality_ms; /* +/-: half the round trip plus the clock's resolution */
	struct str clock_source;  /* "GetSystemDateAndTime" or "Date" */
	int clock_steps;          /* how often the device's clock moved during the run */
	int64_t round_trip_ms;    /* median */
	struct str server;        /* Server field */
	struct str bare_cost; /* whether a bare 401 counts as a failed login: what is known of it */
	struct str identity[4]; /* manufacturer, model, firmware, serial; .p NULL unknown */
	struct {
		struct str name, answer; /* "Digest SHA-256", "accepted" */
		bool accepted;
	} mechanism[16]; /* each way that right credentials were tried */
	size_t n_mechanism;
	struct survey_endpoint second; /* the media service, when it has a path of its own */
	struct tls_chain tls;          /* n and left_off 0: not over TLS, or not told */
};

struct shard {
	int index, total; /* index from 1; total 0: all */
};

/* Its place among other devices. */
struct inventory_place {
	struct str device, vendor, model; /* as its owner calls it; .p NULL: not told */
	int index, total;                 /* index from 1; total 0: of no inventory */
};

struct run_result {
	struct arena a;
	struct str target, kind, user; /* url; "onvif"; account name */
	struct str other_target;       /* kind "client": the origin that it is redirected to */
	struct str client_command; /* kind "client": what was run for each case; .p NULL: none */
	uint64_t client_features;  /* what it showed: bit per client_features row */
	bool from_record;          /* judged again: how its credentials came to be is not known */
	bool in_memory;            /* the built-in device: the url leads nowhere */
	const struct profile *profile;
	const struct catalogue *catalogue;
	struct str seed; /* as given or drawn: 16 hex digits */
	char id[17];     /* of the run, from seed and start, as X-Countersign says it: 16 hex */
	bool marked;     /* requests said it */
	int64_t started_wall_ms, took_ms;
	struct shard shard;           /* of the cases */
	struct inventory_place place; /* in an inventory */
	struct survey survey;
	struct variant_result *variant;
	size_t n_variant;
	size_t count[VERDICTS]; /* without those that are waived */
	size_t waived;
	const struct waiver_report *waivers; /* NULL: no waiver file */
	int failed_logins;
	size_t exchanges;
	struct str cause; /* why the run stopped early, with what to do; .p NULL: it did not */
	enum reason cause_reason;
	const struct cause *cause_page; /* what explains it, or many cases; NULL: nothing known */
	struct str budget; /* what the cap kept from running, and the flag that would run it */
	int exit_code;
};

/* Exit code of design section 6, from the counts and flags. */
int run_exit_code(const struct run_result *r, bool strict, bool interrupted);

/* The one of two that counts for both: 4 > 3 > 2 > 1 > 6 > 5 > 0. */
int exit_code_worse(int a, int b);

#endif

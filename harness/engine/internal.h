/* internal.h - the engine's own parts.  Nobody outside engine/ includes this.
 *
 * Tasks talk to the target; each is a state machine that is asked for its next request and told the
 * answer:
 *	survey	who is it, what does it offer (survey.c)
 *	control	a correct request of one shape, shared by all that need it (control.c)
 *	trial	one run through the steps of one case variant (trial.c)
 *	doctor	what happened, when a control was not accepted (doctor.c)
 */
#ifndef ENGINE_INTERNAL_H
#define ENGINE_INTERNAL_H

#include "engine/engine.h"
#include "engine/sample.h"

#include "auth/verify.h"

#define EXCHANGE_ARENA_MAX    (16u << 20)
#define TRIAL_ARENA_MAX       (32u << 20)
#define OCTETS_KEPT           (16u << 10) /* of a request or response, in a result */
#define OCTETS_EVIDENCE       (64u << 10) /* the same, when evidence is wanted */
#define EVIDENCE_MAX          (96u << 20) /* octets kept of a whole run: a target is hostile */
#define STEPS_OF_MEASURE      64          /* recorded of its last point */
#define MEASURE_POINTS        8           /* tried at once by a parallel search */
#define EXCHANGES_PER_VARIANT 500         /* more than any plan needs: then the loop is ours */
#define RECOVERY_MS           60000       /* a device needs as long to boot */
#define RECOVERY_LOOPBACK_MS  30000       /* and a process on this machine less */
#define RECOVERY_PAUSE_MS     2000
#define CLOCK_TOLERANCE_MS    5000   /* a device clock that moved by more has stepped */
#define LOCK_MAX_S            604800 /* a longer Retry-After is no lock */

/* --- one answer, understood (answer.c) --- */

struct answer {
	enum outcome outcome;
	int status;
	struct challenge_list challenge;
	bool has_message; /* the body is a readable envelope */
	struct soap_message message;
	struct str text; /* fault reason, or the start of a text body: for counters and locks */
	struct str why;  /* one line: why it is malformed, closed, ... */
	const struct http_response *response;
	struct str sent; /* what it answers; octets */
};
/* Classify from octets alone; everything lives in x->a. */
void answer_read(struct answer *out, const struct exchange *x, bool soap);
/* "401 challenged", "200 accepted", "closed (connection reset)" */
struct str answer_text(struct arena *a, const struct answer *an);
struct str answer_nonce(const struct challenge_list *l); /* of the first Digest challenge */

/* --- a client's memory over the steps of a case, or of a control --- */

struct session {
	struct craft_memory memory;
	struct str use;           /* which challenge it answers; .p NULL: the first understood */
	struct str seen_nonce[8]; /* of earlier answers, for challenge.nonce-fresh */
	size_t n_seen;
	/* the answer before, for same-answer */
	bool has_last;
	int last_status;
	struct str last_schemes, last_fault, last_body;
	struct str cookies;    /* "a=1; b=2", as answers of this case have set them; .p NULL none */
	struct str next_nonce; /* of the last answer; .p NULL none */
};
/* Take the challenge to answer out of a list: the first understood, or the one that use names.
 * Copies into a.  -1 with ERR_PARSE when there is none.
 */
int session_take(struct session *s, struct arena *a, const struct challenge_list *list,
		 struct err *err) MUST_CHECK;
void session_remember(struct session *s, struct arena *a, const struct answer *an);

/* --- a request from a step (build.c) --- */

struct binding {
	const struct suite_variant *variant; /* may be NULL: nothing to bind */
	struct str x;                        /* of a measure; .p NULL none */
};

struct built {
	struct http_request request;
	struct str summary; /* "POST /onvif/device_service GetUsers, Digest nonce=same nc=same" */
	struct digest_inputs digest; /* for rspauth */
	bool has_digest;
	bool with_credentials;             /* a refusal of it may count as a failed login */
	bool proved_invalid, proved_valid; /* what the reference verifier said */
	struct str defects;                /* in words */
	struct recipe recipe;
};
/* A request target in another spelling: words of the case language (target.c). */
int target_spell(struct arena *a, struct str origin, struct str word, struct str *target,
		 struct err *err) MUST_CHECK;
/* Does it hold Digest credentials?  c may be NULL (a control's step says all). */
bool step_answers_challenge(const struct engine *e, const struct suite_case *c,
			    const struct suite_step *s);
/* What is wrong with the credentials of r, by the verifier, which shares no code with the builder.
 * d: the challenge that was answered, or NULL.  token: the body is to hold one.
 */
int build_verify(struct engine *e, struct arena *a, const struct digest_challenge *d,
		 const struct http_request *r, bool token, struct defects *out,
		 struct err *err) MUST_CHECK;
int build_request(struct engine *e, const struct suite_step *s, const struct suite_case *c,
		  struct binding b, struct session *session, struct arena *a, bool bare,
		  struct built *out, struct err *err) MUST_CHECK;
/* Before and after a craft: nonces are counted over all sessions. */
void nonce_join(struct engine *e, struct craft_memory *m);
void nonce_note(struct engine *e, const struct craft_memory *m);
/* A probe proves its case only if it is wrong (or right) in the way the case says. */
int build_prove(const struct suite_step *s, struct binding b, const struct built *built,
		struct err *err) MUST_CHECK;

/* --- <check> (check.c) --- */

struct check_context {
	const struct answer *answer;
	const struct session *session;
	const struct built *built;
	struct arena *a;
	/* Of octets that were kept: set when a check cannot be made of them.  NULL: it is live. */
	bool *blind;
	bool masked; /* the answer has gaps */
};
/* 0 when it holds; 1 when not, with a line in *why. */
int check_run(const struct suite_check *c, const struct check_context *x, struct str *why);
size_t check_count(void); /* with check_name: a test keeps suite_check_names equal */
const char *check_name(size_t i);

/* --- verdicts (judge.c) --- */

struct step_judgement {
	enum verdict verdict; /* PASS, WARN (of the form), or FAIL, not yet weighed */
	enum reason reason;
	struct str message, form;
	const struct cite *cite; /* of the form; NULL without one */
};
struct step_judgement judge_step(const struct suite_step *s, const struct answer *an,
				 const struct check_context *cx);
/* A form that the profile does not speak of is none. */
void judge_form(const struct profile *p, struct step_judgement *j);
/* The words of a verdict that so many accepted controls prove. */
struct str judge_proof(struct arena *a, size_t controls, struct str message);
/* Verdict, reason and message of a case that ended so; its cite and gates are set. */
void judge_result(struct variant_result *r, struct arena *a, enum verdict v, enum reason why,
		  struct str message);
bool judge_cares(const struct profile *p, const struct cite *cite);
enum verdict judge_weight(const struct variant_result *r, enum verdict v);

/* --- controls (control.c) --- */

struct control {
	struct str key;
	struct suite_step step; /* no deviation but legal ones, bound */
	const struct suite_case *c;
	struct arena a; /* of the session's challenge; renewed with it */
	struct session session;
	bool has_challenge;
	bool fresh_each_time;        /* the target's nonces serve once */
	bool asking;                 /* what is in flight is a bare request for a challenge */
	int64_t ok_start, bad_start; /* sequence numbers of the last of each; 0 never */
	int64_t want_after;          /* somebody needs one that starts after this; -1: nobody */
	bool in_flight;
	int retry;
	bool bad;                       /* the last one was refused */
	bool hopeless;                  /* the target accepts others, and refuses this shape */
	bool was_accepted, not_offered; /* its operation is answered with a fault, and always was */
	struct str bad_text;
	struct str summary; /* of the request in flight; lives in its exchange */
	struct arena last_arena;
	struct step_result last; /* how the last accepted one went, in last_arena */
	enum {
		MARKED,         /* as all are */
		UNMARKED,       /* the one that goes without the marker */
		MARKED_AS_WELL, /* which was not accepted, so it goes once more with it */
	} marking;
	struct control *next;
};
enum need { NEED_READY, NEED_WAIT, NEED_FAILED };
struct control *control_for(struct engine *e, const struct suite_case *c,
			    const struct suite_step *s, struct binding b, struct err *err);
enum need control_need(struct control *k, int64_t after);
struct exchange *control_next(struct engine *e);
void control_done(struct engine *e, struct control *k, struct exchange *x);
void control_free(struct control *k);

/* --- trials (trial.c) --- */

enum phase {
	PHASE_START, /* of a step: wait, if it says so */
	PHASE_PARKED,
	PHASE_BEFORE,    /* the control before */
	PHASE_CHALLENGE, /* a bare request for a challenge */
	PHASE_SEND,
	PHASE_FLIGHT,
	PHASE_AFTER, /* the control after */
	PHASE_END
};

struct measure;
struct trial {
	struct variant_result *result; /* of a measure's point: a scratch result of its own */
	struct measure *measure;
	bool open, pending; /* its steps come from outside; the last one is not told yet */
	size_t told;        /* records of steps that were told */
	struct str defects; /* of the last probe, in a */
	const struct suite_variant *variant;
	const struct suite_case *c;
	struct str x; /* of a measure */
	int64_t x_value;
	struct arena a;
	struct session session;
	enum phase phase;
	size_t step;
	int64_t repeat, iteration; /* of the step: how often, and which one from 0 */
	int round;                 /* of a sample, from 0 */
	struct http_request *kept; /* by step, of those that are replayed; NULL: none yet */
	struct observation *seen;  /* of a sample */
	size_t n_seen, room_seen;
	int64_t wake_ms, last_done_ms;
	int64_t probe_end; /* sequence number at which the last probe ended */
	struct control *control;
	const char *role;
	struct built built;
	enum verdict verdict; /* of the step that ends it, before the control after it */
	enum reason reason;
	struct str message, form;
	const struct cite *form_cite;
	unsigned epoch;
	int tries;
	bool challenge_tried;
	bool lost; /* a connection broke: this run of the steps is void */
	enum outcome outcome;
	bool has_outcome;
	int deciding, failed_logins;
	struct step_result *steps;
	size_t n_steps, room_steps;
	struct trial *next;
};

struct trial *trial_new(struct engine *e, struct variant_result *r);
void trial_free(struct trial *t);
/* Move on as far as possible; gives a request to send, or NULL (parked, waiting, or at its end). */
struct exchange *trial_next(struct engine *e, struct trial *t);
void trial_done(struct engine *e, struct trial *t, struct exchange *x);
void trial_end(struct engine *e, struct trial *t, enum verdict v, enum reason why,
	       struct str message);

/* repeat.c.  Go to the step that is to be sent, over those that are repeated 0 times; false when
 * there is none.
 */
bool trial_step_next(struct trial *t);
void trial_step_over(struct trial *t); /* the step went as expected, as often as it should */
/* It is to go once more after this answer: counts on. */
bool trial_goes_again(struct trial *t, enum outcome o);
bool trial_wants_control_before(const struct trial *t);
bool trial_wants_control_after(const struct trial *t, enum outcome o, bool good);
void trial_keep_memory(struct trial *t, const struct craft_memory *before);
void trial_keep_request(struct trial *t);
int trial_replay(struct trial *t, struct err *err) MUST_CHECK;
void trial_observe(struct trial *t, const struct exchange *x, const struct answer *an);

/* --- steps from outside (open.c) --- */

bool open_start(struct engine *e); /* false: no more will come, or a case is under way */
/* Tell of the step before, and get one more; false: this case has none. */
bool open_ask(struct engine *e, struct trial *t);
void open_end(struct engine *e, struct trial *t, enum verdict v, enum reason why,
	      struct str message);

/* --- measures (measure.c) --- */

struct measure {
	struct variant_result *result;
	const struct suite_measure *m;
	int64_t good, bad; /* bad: smallest that did not end as expected; good: largest below it */
	bool have_good, have_bad;
	bool begun;
	int64_t point[MEASURE_POINTS];
	signed char got[MEASURE_POINTS]; /* -1 not yet, 0 no, 1 yes */
	size_t n_point;
	bool done;
	struct trial *last; /* that ended: only while it is told so */
	struct measure *next;
};
struct measure *measure_new(struct engine *e, struct variant_result *r);
void measure_free(struct measure *m);
/* Start the trials of the next round; ends the measure when its resolution is reached. */
void measure_round(struct engine *e, struct measure *m);
void measure_point_done(struct engine *e, struct trial *t);
struct str measure_text(struct trial *t); /* "295s", in t->a */

/* --- drawn spellings (spelled.c, shrink.c, swarm.c, swarm_end.c) --- */

enum spelled { SPELLED, SPELLED_WRONGLY, SPELLED_NOT }; /* sent; not what it should be; error */
/* The request for a spelling; NULL: for the plain right one, whatever the grammar.  home: the arena
 * of the session.  For
 * SPELLED_WRONGLY err says what the verifier found, or that the account gives no room.
 */
enum spelled spelled_request(struct engine *e, const struct spell_grammar *g,
			     const struct spelling *s, struct session *session, struct arena *home,
			     struct arena *a, struct built *out, struct err *err);

/* Find the smallest part of a spelling that still does it.  Asks no-one itself. */
struct shrink {
	const struct spell_grammar *g;
	struct spelling now, trial; /* smallest so far; asked */
	size_t at;                  /* in points, twice: the optional ones go first */
	bool smaller;               /* in this round */
};
void shrink_start(struct shrink *s, const struct spell_grammar *g, const struct spelling *from);
bool shrink_next(struct shrink *s); /* false: s->now cannot be made smaller */
void shrink_told(struct shrink *s, bool still);

struct swarm;
uint64_t swarm_total(const struct engine *e, const struct suite_case *c);
struct swarm *swarm_new(struct engine *e, struct variant_result *r);
void swarm_free(struct swarm *s);
struct exchange *swarm_next(struct engine *e, struct swarm *s);
void swarm_done(struct engine *e, void *lane, struct exchange *x);
bool swarm_finished(const struct swarm *s);
/* The swarm can say no more: inconclusive, or an error of ours.  What it has shrunk is told. */
void swarm_give_up(struct engine *e, struct swarm *s, enum verdict v, enum reason why,
		   struct str message);
/* The summary, and the line of each group. */
struct str swarm_message(struct engine *e, const struct swarm_result *found);
/* Verdict and words from what a swarm found. */
void swarm_judge(struct engine *e, struct variant_result *r);

/* --- survey and doctor --- */

struct survey_task;
struct survey_task *survey_new(struct engine *e);
void survey_free(struct survey_task *s);
struct exchange *survey_next(struct engine *e, struct survey_task *s);
void survey_done_exchange(struct engine *e, struct survey_task *s, struct exchange *x);
bool survey_finished(const struct survey_task *s);
bool feature_has(const struct engine *e, const char *name);

/* While the doctor is in, nothing else is sent. */
enum doctor_phase { DOCTOR_IDLE, DOCTOR_CLOCK, DOCTOR_CANARY, DOCTOR_PAUSE };
struct doctor {
	enum doctor_phase phase;
	enum reason suspicion;   /* REASON_UNREACHABLE or REASON_CONTROL */
	struct control *patient; /* the control that failed; NULL: a trial's connection did */
	struct control *canary;  /* the plainest correct request */
	struct str symptom;
	int64_t wake_ms;
	int64_t gone_ms; /* when the canary first got no answer */
	int tries;
	bool in_flight;
};
void doctor_call(struct engine *e, struct control *patient, enum reason suspicion,
		 struct str symptom);
struct exchange *doctor_next(struct engine *e);
void doctor_done(struct engine *e, struct exchange *x);
/* A control ended while the doctor is in. */
void doctor_told(struct engine *e, struct control *k, const struct answer *an);

/* --- the engine --- */

enum owner_kind { OWNER_SURVEY, OWNER_CONTROL, OWNER_TRIAL, OWNER_DOCTOR, OWNER_SWARM };
struct owner {
	enum owner_kind kind;
	void *p;
	int64_t start; /* sequence number */
};

/* How far each nonce has been counted, over all sessions: servers give one nonce to several clients
 * within a second, and to the server all of ours are one.
 */
#define NONCES 64
struct nonce_count {
	char nonce[96];
	uint64_t nc;
};

struct flight;
struct engine {
	struct engine_options o;
	const struct world *world;
	struct run_result *r;
	struct url_parts url;
	struct craft_in in; /* account, wrong ones; request and time are set per craft */
	struct survey_task *survey;
	struct doctor doctor;
	struct control *controls;
	struct trial *trials; /* active */
	struct measure *measures;
	struct swarm *swarm;           /* runs alone, when the trials are over */
	uint64_t swarm_exchanges;      /* that swarms may need at most */
	struct variant_result **queue; /* to run, in order */
	size_t n_queue, next_queue, n_done, n_total;
	int in_flight;
	int64_t sequence;  /* of sends and answers */
	int64_t disturbed; /* sequence number of the last answer that was no acceptance */
	unsigned epoch;    /* counts reboots, clock steps, outages */
	enum reason epoch_reason;
	bool surveyed, stopped;
	size_t exchanges_max;              /* more than the plan can need: a loop of ours */
	struct flight *flights;            /* handed out and not yet back */
	int64_t n_made;                    /* exchanges, for their numbers */
	size_t kept_bytes;                 /* octets in the result */
	bool went_unmarked;                /* a control has gone without the marker */
	int marker_doubts;                 /* how often it was refused, and the marked one not */
	bool *variant_done;                /* by index into r->variant */
	struct rng rng;                    /* nonces and cnonces */
	struct world craft_world;          /* the world's clocks, and that generator */
	struct nonce_count nonces[NONCES]; /* a ring */
	size_t next_nonce;
	int64_t clock_offset_ms; /* device minus ours, now; the survey keeps what it was at the
				    start */
	int64_t started_ms;
	bool has_mech;
	enum mechanism mech; /* preferred by the target */
	const struct soap_operation *protected_op;
	struct engine_plan plan;
	int refused_right; /* of what no case said that it costs failed logins */
	bool open_over;
	struct variant_result open_result;
};

struct exchange *exchange_new(struct engine *e, enum owner_kind kind, void *p);
void exchange_free(struct exchange *x);
void flights_free(struct engine *e);
int64_t exchange_number(const struct exchange *x); /* in its run, from 1 */
int64_t device_now_ms(const struct engine *e);
/* Device minus ours, from a time that the device gave in whole seconds in the answer to x. */
int64_t clock_offset_ms(const struct exchange *x, int64_t device_ms);
/* Count what an answer costs. */
void engine_note(struct engine *e, const struct answer *an, bool with_credentials);
/* Look at every answer: locks, counters, disturbance; true when the run has been stopped by it. */
bool engine_watch(struct engine *e, const struct answer *an, bool with_credentials);
void engine_locked(struct engine *e, const struct answer *an); /* names the cause */
bool engine_counts_as_failure(const struct answer *an);
/* Note that the target was away or changed: trials that span it become inconclusive. */
void engine_disturb(struct engine *e, enum reason why);
void variant_finish(struct engine *e, struct variant_result *r);
void step_record(struct arena *a, struct step_result *out, const char *role, int step,
		 unsigned expect, const struct answer *an, const struct exchange *x,
		 struct str summary);
/* What the report needs of a trial's steps. */
void trial_copy_steps(struct engine *e, const struct trial *t, struct variant_result *r);

/* --- X-Countersign: case;run;n (marker.c) --- */

#define MARKER "X-Countersign"
int marker_start(struct engine *e, struct err *err) MUST_CHECK; /* the id of the run */
/* Put it at the end of r, the request of x; who: the id of a variant, or what asks.  Not twice, and
 * not when the run goes without.
 */
void marker_add(const struct engine *e, const struct exchange *x, struct http_request *r,
		struct str who);
/* May a request of c hold what the case does not say?  Not where it counts octets. */
bool marker_fits(const struct suite_case *c);
/* The target answers differently with and without: nothing that a case finds would be its own. */
void marker_stop(struct engine *e, struct str with, struct str without);

int plan_make(struct engine *e, struct err *err) MUST_CHECK;
/* Would c, after so many failed logins, pass the cap? */
bool plan_over_budget(const struct engine *e, const struct suite_case *c, int spent);
void plan_skip_budget(struct engine *e, struct variant_result *r);
struct str plan_budget_text(struct engine *e, const struct suite_case *c, struct arena *a);
int plan_cost(const struct engine *e, const struct suite_case *c); /* failed logins, at most */
void plan_skip(struct engine *e, struct variant_result *r, enum reason why, struct str message);
/* After the survey: skip what the target does not offer. */
void plan_after_survey(struct engine *e);
/* While it runs nothing else is sent: it counts requests, or times answers, or locks an account. */
bool plan_is_alone(const struct suite_case *c);

#endif

/* suite.h - cases, profiles and requirements as data.  suites/README.md has the language.
 *
 * Everything that a load gives lives in one arena and is read-only afterwards.
 */
#ifndef SUITE_SUITE_H
#define SUITE_SUITE_H

#include "auth/craft.h"
#include "base/arena.h"
#include "soap/soap.h"
#include "suite/client.h"

/* What an answer is, from its octets alone: a closed list (design, section 6). */
enum outcome {
	OUTCOME_ACCEPTED,
	OUTCOME_CHALLENGED,     /* 401 with a well-formed challenge */
	OUTCOME_STALE,          /* 401 whose Digest challenge says stale=true */
	OUTCOME_NOT_AUTHORIZED, /* SOAP fault ter:NotAuthorized, whatever the status, no challenge
				 */
	OUTCOME_FAULT,          /* another SOAP fault */
	OUTCOME_BAD_REQUEST,    /* another 4xx */
	OUTCOME_FORBIDDEN,      /* 403 */
	OUTCOME_LOCKED,         /* 423, 429, 503 with Retry-After, or a text that says locked */
	OUTCOME_MALFORMED,      /* breaks HTTP, XML or challenge grammar; a 401 without challenge */
	OUTCOME_ERROR,          /* 404, 5xx without a fault: says nothing about authentication */
	OUTCOME_CLOSED,
	OUTCOME_TIMEOUT,
	OUTCOMES
};
const char *outcome_name(enum outcome o); /* "not-authorized" */

/* Sets of outcomes in expect="": a bit per outcome. */
#define OUTCOME_BIT(o) (1u << (o))
#define OUTCOME_SET_REFUSED                                                                        \
	(OUTCOME_BIT(OUTCOME_CHALLENGED) | OUTCOME_BIT(OUTCOME_STALE) |                            \
	 OUTCOME_BIT(OUTCOME_NOT_AUTHORIZED) | OUTCOME_BIT(OUTCOME_FAULT) |                        \
	 OUTCOME_BIT(OUTCOME_BAD_REQUEST) | OUTCOME_BIT(OUTCOME_FORBIDDEN))
#define OUTCOME_SET_ANSWERED (OUTCOME_BIT(OUTCOME_CLOSED) - 1u)
/* Parse "refused", "challenged stale", "accepted"; -1 with ERR_INPUT and the list of words.
 * refused = challenged stale not-authorized fault bad-request forbidden; any = every answered one.
 */
int outcome_set_parse(struct str words, unsigned *set, struct err *err) MUST_CHECK;
struct str outcome_set_text(struct arena *a, unsigned set); /* "refused", or the words */

enum level { LEVEL_MEASURE, LEVEL_MAY, LEVEL_HARDENING, LEVEL_SHOULD, LEVEL_MUST, LEVEL_COUNT };
const char *level_name(enum level l);

enum risk { RISK_SAFE, RISK_INTRUSIVE, RISK_UNSAFE };
const char *risk_name(enum risk r);

struct cite {
	struct str clause; /* "rfc7616#3.4.nc": an anchor of requirements.xml */
	enum level level;
};

/* Credentials of one mechanism in one request: deviations as written ("$axis" still inside). */
struct suite_credentials {
	enum mechanism mech;
	struct suite_deviation {
		const struct deviation *d;
		struct str value;
	} * deviation;
	size_t n_deviation;
	struct str use; /* "MD5", "SHA-256", "strongest"...: which challenge is answered; .p NULL:
			   first */
};

/* One <send>. */
struct suite_step {
	int line;
	unsigned expect;      /* outcome set; OUTCOME_BIT(OUTCOME_ACCEPTED) when not said */
	struct str operation; /* .p NULL: the target's protected operation */
	struct str method;    /* .p NULL: POST for onvif, GET for http */
	struct str query;     /* appended behind "?"; .p NULL none */
	struct str path;      /* "second": the target's second protected path, "first" or .p NULL:
				 its URL */
	struct str target;    /* another spelling of the request target; .p NULL: as it is */
	struct str envelope;  /* "soap11", "foreign", "none"; .p NULL: that of SOAP 1.2 */
	struct str wait; /* before sending, on the device's time; may hold "$axis"; .p NULL none */
	struct str repeat;     /* how often, in a row; may hold "$x"; .p NULL: once */
	unsigned until;        /* outcomes that end the repetition; 0: none does */
	size_t replay;         /* the octets of that step (from 1) go once more; 0: a new request */
	struct str connection; /* "new", "same" or .p NULL; may hold "$axis" */
	bool new_challenge;    /* challenge="fresh": a bare request first, nc starts again */
	bool next_nonce;       /* challenge="next": the nextnonce of the answer before */
	bool no_content;       /* content="none": an empty body */
	bool return_cookies;   /* cookies="return": those that answers of this case have set */
	bool anonymous;        /* <anonymous/>: no credentials at all */
	bool bare_credentials; /* no mechanism child: the case's own mechanism, correct */
	struct suite_credentials *credentials; /* in order of the file */
	size_t n_credentials;
	struct http_fields header; /* <header name= value=/>: extra raw fields */
	struct str *length;        /* of header.v[i]: its value over and over; .p NULL: as it is */
	struct str security;       /* <security>: raw XML put into the SOAP Header; .p NULL none */
	struct suite_check *check; /* <check>: what the answer must hold besides its outcome */
	size_t n_check;
};

/* <check of="challenge" is="qop"/>: a property of the answer, from a table in check.c of engine/.
 * Names are validated by suite_check_names, which the engine's table must equal (a test).
 */
struct suite_check {
	int line;
	struct str name;  /* "challenge.qop" */
	struct str value; /* optional argument; .p NULL none */
};
extern const char *const suite_check_names[]; /* ended by NULL */

struct suite_axis {
	struct str name;
	struct str *value;
	size_t n;
};

#define REPEAT_MAX 10000
#define SAMPLE_MAX 1000  /* rounds */
#define LENGTH_MAX 65536 /* octets of a field */
/* Octets that a client is told to send: more than those that libcurl announces first. */
#define CALL_LENGTH_MAX (1200u << 10)

/* What a <sample> is evaluated as; each has its number of steps. */
enum sample_kind {
	SAMPLE_NONE,
	SAMPLE_NONCE_ENTROPY,
	SAMPLE_TIME_DIFFERENCE,
	SAMPLE_LOCK_OUT,
	SAMPLE_BARE_COST,
	SAMPLES
};
enum sample_kind suite_sample_kind(struct str name); /* SAMPLE_NONE when unknown */
const char *suite_sample_name(enum sample_kind k);   /* "nonce-entropy" */
size_t suite_sample_steps(enum sample_kind k);

/* <measure>: find the largest $x of low..high whose steps end as expected.
 * <sample>: go through the steps some rounds and reckon with the answers.
 */
struct suite_measure {
	enum sample_kind sample;       /* SAMPLE_NONE: a search */
	int rounds;                    /* of a sample */
	struct str property;           /* "token.skew.past" */
	struct str unit;               /* "s", "octets", "uses" */
	int64_t low, high, resolution; /* in units; durations in seconds */
	bool parallel;                 /* several points at once: for searches that wait */
	bool loss_ends;                /* a connection that is lost twice says that x is too much */
};

/* <spellings>: instead of steps, as many drawn requests as the run asks for (auth/spell.h). */
struct suite_spellings {
	enum mechanism of;
	bool hostile; /* none of them may be accepted; else every one must be */
};

struct suite_case {
	struct str id;     /* "digest.nc.reused" */
	struct str family; /* of its file: "digest" */
	struct str file;
	int line;
	int rev;
	struct str title, why, remedy;
	struct cite *cite;
	size_t n_cite;
	struct str needs;  /* words; see suite_feature_names */
	struct str unless; /* words: skipped when the target has one of these */
	struct str kills;  /* fault names */
	struct str field;  /* rows of the field catalogue */
	int failures;      /* failed logins that one variant may cost */
	enum risk risk;
	bool slow;
	struct suite_axis *axis;
	size_t n_axis;
	struct suite_step *step;
	size_t n_step;
	struct suite_measure *measure;     /* NULL: an ordinary case */
	struct suite_spellings *spellings; /* NULL: a case of steps */
	enum mechanism mech;               /* its own: first of basic digest token in needs */
	bool has_mech;
	struct suite_client *client; /* of a client case, which has no steps; else NULL */
};

/* What needs="" and unless="" may name; the survey sets them.  A table, with one line of help. */
struct suite_feature {
	const char *name; /* "digest.sha-256" */
	const char *help;
};
extern const struct suite_feature suite_features[]; /* ended by name NULL */
int suite_feature_index(struct str name);           /* -1 when unknown */

/* One binding of a case's axes. */
struct suite_variant {
	const struct suite_case *c;
	struct str id;  /* "token.created.skewed[skew=-1h]"; the case's id when it has no axis */
	size_t *choice; /* index into axis[i].value, n_axis of them */
};

struct requirement {
	struct str anchor;            /* "onvif-core#5.9.1.order" */
	struct str document, section; /* "onvif-core", "5.9.1" */
	struct str title;             /* of the document */
	enum level level;
	struct str text;    /* in our own words */
	struct str source;  /* "ONVIF Core 26.06 section 5.9.1" */
	struct str uncased; /* why no case cites it; .p NULL: one must */
	struct str file;
	int line;
};

/* Who has a fault of the field catalogue. */
enum field_side {
	FIELD_DEVICE,
	FIELD_SERVER, /* a server that is no camera, or its library */
	FIELD_BOTH,
	FIELD_CLIENT, /* listed for those who look a fault up: cases judge servers */
	FIELD_SIDES
};
const char *field_side_name(enum field_side s);

/* A fault that somebody met in the field. */
struct field_row {
	struct str id;    /* "DGN-09" */
	struct str group; /* title of its group */
	enum field_side side;
	struct str text;    /* in our own words */
	struct str link;    /* where somebody told of it */
	struct str cve;     /* words: "CVE-2011-1184"; a case may name the row by them too */
	struct str uncased; /* why no case answers it; .p NULL: one must, but for clients */
	struct str file;
	int line;
};

/* Which levels of which documents gate, and which are only noted. */
struct profile {
	struct str id, title, about; /* about: which text it encodes and what it leaves open */
	struct str kind;             /* "onvif", "http" or "any" */
	struct profile_rule {
		struct str document; /* "onvif-core", "*" */
		bool gate[LEVEL_COUNT];
		bool note[LEVEL_COUNT];
	} * rule;
	size_t n_rule;
	struct profile_exception {
		struct str pattern; /* glob of case ids */
		struct str reason;
	} * exception; /* cases that this profile leaves out */
	size_t n_exception;
	struct str file;
	int line;
};

struct catalogue {
	struct arena a;
	struct suite_case *c;
	size_t n_case;
	struct suite_case *client; /* those that judge clients */
	size_t n_client;
	struct suite_persona *persona; /* of makers, for client cases */
	size_t n_persona;
	struct requirement *requirement;
	size_t n_requirement;
	struct field_row *field;
	size_t n_field;
	struct profile *profile;
	size_t n_profile;
	char sha256[65]; /* of all files, in order: the catalogue's identity */
};

/* Load, validate against the RELAX NG schemas, and check what a schema cannot.  dir NULL: the
 * embedded files.  The first error wins: "digest.xml:12: unknown attribute \"nonse\", expected one
 * of ...".
 */
int catalogue_load(struct catalogue *out, const char *dir, struct err *err) MUST_CHECK;
void catalogue_free(struct catalogue *c);

/* Append one <send> to the steps of c, which have room for it.  Nothing in it may be an axis.  name
 * stands for a file in errors; -1 with ERR_INPUT.
 */
int suite_send_read(struct arena *a, struct str name, struct str octets, struct suite_case *c,
		    struct err *err) MUST_CHECK;

/* Of either kind. */
const struct suite_case *catalogue_case(const struct catalogue *c, struct str id);
const struct suite_persona *catalogue_persona(const struct catalogue *c, struct str id);
const struct profile *catalogue_profile(const struct catalogue *c, struct str id);
const struct requirement *catalogue_requirement(const struct catalogue *c, struct str anchor);
/* By its id or by one of its CVE numbers. */
const struct field_row *catalogue_field(const struct catalogue *c, struct str word);

/* The first case behind after (NULL: of all) that cites the anchor, or names the row by its id;
 * NULL at the end.  A fault of clients is answered by cases of clients alone.
 */
const struct suite_case *catalogue_citing(const struct catalogue *c, struct str anchor,
					  const struct suite_case *after);
const struct suite_case *catalogue_answering(const struct catalogue *c, struct str row,
					     const struct suite_case *after);

/* What stands for a row. */
enum covered { COVERED_CASE, COVERED_REASON, COVERED_GAP, COVERED_KINDS };
enum covered requirement_covered(const struct catalogue *c, const struct requirement *r);
enum covered field_covered(const struct catalogue *c, const struct field_row *r);

/* All variants of a case, axes multiplied in order. */
int suite_expand(struct arena *a, const struct suite_case *c, struct suite_variant **out, size_t *n,
		 struct err *err) MUST_CHECK;
/* text with "$axis" replaced by the variant's value ("-$skew" works); x_value replaces "$x" when
 * .p. */
struct str suite_bind(struct arena *a, const struct suite_variant *v, struct str text,
		      struct str x_value);
/* A bound wait="", whose parts add up: "5m10s" is 310000; -1 when it is not a duration, or
 * negative. */
int suite_wait_ms(struct str text, int64_t *ms);
/* How often a step is sent; 1 unless it says so. */
int64_t suite_repeat(struct arena *a, const struct suite_variant *v, const struct suite_step *s,
		     struct str x_value);
/* A step lists "locked": the case is about lock-outs. */
bool suite_awaits_lock(const struct suite_case *c);
/* $x of a measure, as suite_bind takes it: durations as seconds with an s behind ("90s"). */
struct str suite_measure_text(struct arena *a, const struct suite_measure *m, int64_t x);

/* How a broken assertion of c counts under p: the strongest cite that gates; when none gates, the
 * strongest that is noted.  NULL when the profile does not speak of any cite of c, or excepts it
 * (then *excepted is its reason).
 */
struct case_standing {
	const struct cite *cite; /* NULL: not selected */
	bool gates;
	struct str excepted;
};
struct case_standing profile_standing(const struct profile *p, const struct suite_case *c);

/* Everything a schema cannot say, all findings and not only the first: ids unique and well-formed,
 * cites known and of the level of their requirement, kills known (fault_names, ended by NULL; one
 * with a "?" in front may be named and need not be) and
 * every fault named (those of client_fault_names by client cases), refusals have failures or are of
 * state, axes used, needs known, profiles name known documents, each requirement cited or reasoned,
 * each row of the field catalogue answered or reasoned, fields known.  Each finding is "file:line:
 * what, expected what".
 */
struct lint_finding {
	struct str text;
	struct lint_finding *next;
};
int catalogue_lint(const struct catalogue *c, const char *const *fault_names,
		   const char *const *client_fault_names, struct arena *a,
		   struct lint_finding **out, size_t *n, struct err *err) MUST_CHECK;

#endif

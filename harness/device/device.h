/* device.h - the reference device: what a correct camera does, and every named way to do it wrong.
 *
 * The core is pure: a request and a time in, a response and a new state out.  It serves the
 * selftest in memory, and people over libmicrohttpd (server.c).  It reads the same octets as a
 * camera would and shares no code with the client side beyond hashing.
 */
#ifndef DEVICE_DEVICE_H
#define DEVICE_DEVICE_H

#include "auth/verify.h"
#include "base/http.h"
#include "base/world.h"

enum user_level { LEVEL_ADMINISTRATOR, LEVEL_OPERATOR, LEVEL_USER, LEVELS };

/* A named behaviour that is not a bug: a table in persona.c. */
struct persona {
	const char *name; /* "onvif", "sarix", "sarix-ldap", "pc-cctv", "token-only", "http", ... */
	const char *help; /* one line: which document it follows */
	const char *profile; /* the profile that it must satisfy: "onvif-core" */
	struct str realm;
	bool soap; /* an ONVIF device service; false: a plain HTTP server with one resource */
	bool basic, digest, token_digest, token_text;
	unsigned algs; /* 1 << enum hash_alg, each with its own challenge, in order of the enum */
	unsigned algs_sess;
	bool qop_auth, qop_auth_int;
	int64_t nonce_life_ms;
	int64_t skew_past_ms, skew_future_ms; /* of Created; 0: not checked */
	int64_t clock_offset_ms;              /* of its own clock against the world's */
	bool stale_upper;                     /* writes stale=TRUE */
	bool opaque;                          /* sends one and wants it back */
	bool authentication_info;
	bool next_nonce, userhash, charset, domain; /* as in its challenges and answers */
	bool tls;                                   /* stands behind TLS: its URL is https */
	/* Of its administrator; empty: admin and secure. */
	struct str user, password;
};
extern const struct persona personas[]; /* ended by name NULL */
const struct persona *persona_find(struct str name);
struct str persona_user(const struct persona *p); /* of the administrator */
struct str persona_password(const struct persona *p);

enum fault_kind {
	FAULT_IGNORE,     /* defects that are let through */
	FAULT_REFUSE,     /* right credentials that are refused */
	FAULT_FORM,       /* a right decision in a wrong form */
	FAULT_ENVIRONMENT /* not a bug of authentication: lock-out, reboot, ... */
};

/* A planted fault: a table in fault.c. */
struct device;
struct fault {
	const char *name;    /* "nc-unchecked" */
	const char *persona; /* the persona in which it is planted for the selftest */
	enum fault_kind kind;
	const char *help;          /* what a user would see */
	const enum defect *ignore; /* defects let through, ended by DEFECT_COUNT; may be NULL */
	int behaviour;             /* in the core: enum behaviour of device/internal.h; 0 none */
	int64_t value;             /* of the behaviour, where it takes one: milliseconds, a count */
};
extern const struct fault faults[]; /* ended by name NULL */
const struct fault *fault_find(struct str name);

#define DEVICE_FAULTS 8

struct device_options {
	const struct persona *persona; /* required */
	const struct fault *fault[DEVICE_FAULTS];
	size_t n_fault;
	struct account account[LEVELS]; /* empty user: admin/secure, operator/op-secret,
					   viewer/view-secret */
	bool anonymous;                 /* asks nobody who he is: it answers operations */
	bool ignore_time;               /* pc-cctv's "do not check time during authentication" */
	int64_t clock_offset_ms;        /* added to the persona's */
};

struct device;
/* world is borrowed.  NULL with err when memory is short or an option is impossible. */
struct device *device_new(const struct device_options *o, const struct world *world,
			  struct err *err);
void device_free(struct device *d); /* NULL is fine */

enum device_answer {
	DEVICE_ANSWERED,
	DEVICE_CLOSES, /* the connection is closed without an answer */
	DEVICE_SILENT  /* no answer ever: the client's timeout decides */
};

/* One request in, one response out, allocated in a.  connection tells connections apart (nonces of
 * a device with fault "nonce-bound-to-connection" are).
 */
enum device_answer device_handle(struct device *d, struct arena *a, uint64_t connection,
				 const struct http_request *in, struct http_response *out);

/* What the last answer took longer than others, on purpose: the wire in memory lets the virtual
 * clock pass so much; over the network nobody waits for it.
 */
int64_t device_delay_ms(const struct device *d);

/* The path of its service: "/onvif/device_service", or "/" for persona http. */
const char *device_path(const struct device *d);

/* --- over the network: device/server.c --- */
struct device_server;
/* listen: "127.0.0.1:0", "[::1]:8000".  Serves until device_server_stop. url_out is an arena
 * string. */
struct device_server *device_server_start(struct device *d, struct str listen, struct arena *a,
					  struct str *url_out, struct err *err);
void device_server_stop(struct device_server *s); /* NULL is fine; d stays */

/* The same for answers that are not a device's, called on the server's one thread: what it writes
 * can be read once the server has stopped.  origin_out: "http://127.0.0.1:4711".
 */
typedef enum device_answer device_handle_fn(void *ctx, struct arena *a, uint64_t connection,
					    const struct http_request *in,
					    struct http_response *out);
struct device_server *device_server_for(device_handle_fn *handle, void *ctx, struct str listen,
					struct arena *a, struct str *origin_out, struct err *err);

/* --- a server that asks by heads: device/early*.c --- */

/* What becomes of a request with Expect: 100-continue when its head is there: RFC 9110 10.1.1. */
enum head_answer {
	HEAD_CONTINUE, /* 100; then the whole request is handled */
	HEAD_WAIT,     /* nothing; the whole request is handled if its content comes all the same */
	HEAD_FINAL,    /* the answer, and the content is of no interest */
	HEAD_CLOSES
};

struct early_handler {
	device_handle_fn *handle; /* of a whole request */
	enum head_answer (*head)(void *ctx, struct arena *a, uint64_t connection,
				 const struct http_request *in, struct http_response *out);
	/* Octets behind HEAD_FINAL, as many as were announced, and all if the answer closes the
	 * connection.  False: they are no content; 400, and the connection ends. */
	bool (*content)(void *ctx, uint64_t connection, struct str octets);
	void *ctx;
};

/* libmicrohttpd closes a connection whose request it answers before the content, at once and with
 * octets unread, so that the answer may be lost to a reset (RFC 9112 9.6).  This server leaves it
 * open, or closes it in stages.  All functions are called on its one thread.
 */
struct early_server;
struct early_server *early_server_start(const struct early_handler *h, struct str listen,
					struct arena *a, struct str *origin_out, struct err *err);
void early_server_stop(struct early_server *s); /* NULL is fine */

#endif

/* wire.h - carry exchanges to a target and record their octets.  Two transports, one face. */
#ifndef WIRE_WIRE_H
#define WIRE_WIRE_H

#include "base/http.h"
#include "base/world.h"
#include "wire/tls.h"

enum wire_fate {
	WIRE_PENDING,
	WIRE_ANSWERED,  /* a complete response with a readable head */
	WIRE_MALFORMED, /* an answer that breaks HTTP, or passes a cap */
	WIRE_CLOSED,    /* refused, reset, closed before or within the response */
	WIRE_TIMEOUT,
	WIRE_TLS,       /* handshake or certificate */
	WIRE_UNRESOLVED /* no such host */
};
const char *wire_fate_name(enum wire_fate f);

/* One request and what became of it.  The engine owns it and fills the first part. */
struct exchange {
	struct arena *a; /* everything that the wire records lives here */
	struct http_request request;
	bool fresh_connection; /* do not reuse one, and do not keep this one */
	void *owner;           /* the engine's; the wire leaves it alone */

	enum wire_fate fate;
	char why[256]; /* fate other than ANSWERED: one line, no newline */
	struct http_response response;
	int64_t sent_ms, done_ms;                /* monotonic */
	int64_t wall_ms;                         /* when it was sent */
	struct str sent_octets, received_octets; /* raw, as far as the caps go */
	const struct tls_chain *tls; /* of the first handshakes of its wire; NULL: not told */
};

struct wire;
struct wire_ops {
	/* Begin; never blocks.  x and what its request points to are borrowed until next gives x
	 * back or the wire is freed.  -1 only for errors of ours; ERR_INPUT when a field or the
	 * target holds CR, LF or NUL (an obs-fold in a value is fine).
	 */
	int (*submit)(struct wire *w, struct exchange *x, struct err *err);
	/* Wait at most timeout_ms (virtual clocks jump) and give one finished exchange, or NULL;
	 * waits in full when nothing is in flight.
	 */
	int (*next)(struct wire *w, int64_t timeout_ms, struct exchange **done, struct err *err);
	/* Drop everything that is in flight and release w. */
	void (*free)(struct wire *w);
};
struct wire {
	const struct wire_ops *ops;
};

struct wire_options {
	struct str url;        /* http://host:port/path or https://... */
	int64_t timeout_ms;    /* of one exchange, connect included */
	int connections;       /* at most so many in flight */
	const char *ca_file;   /* --cacert, NULL: the system's */
	bool insecure;         /* no check of the certificate */
	struct wire_hub *hub;  /* of many targets; NULL: none.  Borrowed, must outlive the wire */
	size_t max_head_bytes; /* 0: 64 KiB */
	size_t max_body_bytes; /* 0: 4 MiB */
};

/* libcurl: one multi handle, keep-alive, raw header lines in the given order, duplicates allowed,
 * no header added but Host and Content-Length (no Accept, no Expect), redirects not followed,
 * proxies from the environment ignored.  NULL with ERR_INPUT for a bad URL.
 * When a kept connection turns out to be dead, libcurl sends the request again on another one;
 * sent_octets has the last try.  Trailers are in received_octets only.
 */
struct wire *wire_http_new(const struct wire_options *o, const struct world *world,
			   struct err *err);

/* Many wires over libcurl, one wait: after it, each wire's next with timeout 0 gives what has
 * finished.  Every target keeps its own connections.  One thread; world is borrowed.
 */
struct wire_hub *wire_hub_new(const struct world *world, struct err *err);
void wire_hub_free(struct wire_hub *h); /* NULL is fine; its wires are freed before */
/* Until something of any wire may have finished, a signal came, or timeout_ms passed. */
int wire_hub_wait(struct wire_hub *h, int64_t timeout_ms, struct err *err) MUST_CHECK;
/* End the wait that is under way, or the next one; from any thread. */
void wire_hub_wake(struct wire_hub *h);

/* Straight into a reference device; v is advanced by round_trip_ms per exchange and by timeouts.
 * d and v are borrowed.
 */
struct device;
struct wire *wire_memory_new(struct device *d, struct virtual_world *v, int64_t round_trip_ms,
			     int64_t timeout_ms, struct err *err);

/* Parts of a URL, views into url.  -1 with ERR_INPUT "…: expected http://HOST[:PORT][/PATH]".
 * User info in a URL is refused (a password does not belong there).
 */
struct url_parts {
	bool tls;
	struct str host; /* without brackets */
	int port;
	struct str target; /* path and query; "/" when absent */
	struct str origin; /* scheme://host:port as written */
	bool loopback;     /* localhost, 127.0.0.0/8, ::1 */
};
int url_parse(struct str url, struct url_parts *out, struct err *err) MUST_CHECK;

#endif

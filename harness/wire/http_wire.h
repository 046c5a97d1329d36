/* http_wire.h - inside of the libcurl transport: a slot carries one exchange at a time. */
#ifndef WIRE_HTTP_WIRE_H
#define WIRE_HTTP_WIRE_H

#include "base/buf.h"
#include "wire/queue.h"
#include "wire/wire.h"

#include <curl/curl.h>

struct http_wire;

struct slot {
	struct http_wire *w;
	CURL *easy;
	struct exchange *x; /* NULL: the slot is free */
	struct curl_slist *lines;
	char error[CURL_ERROR_SIZE];

	/* What was recorded; the memory is kept from exchange to exchange. */
	struct buf sent, received, head, body;
	size_t head_bytes; /* of all heads and trailers, interim ones too */
	size_t body_at;    /* in received */
	bool head_done;
	bool no_memory;
	char why[128]; /* set when a callback stopped the transfer */
};

struct http_wire {
	struct wire wire;
	const struct world *world;
	struct arena a; /* the strings of the options */
	struct wire_options o;
	const char *origin; /* "http://host:port/" */
	CURLM *multi;
	struct slot *slot;
	size_t n_slot;
	struct queue waiting;
	bool chain_told;      /* an exchange has the target's certificates */
	struct wire_hub *hub; /* NULL: it waits for itself */
	struct http_wire *next_of_hub;
	int64_t timer_ms; /* of a hub: when libcurl wants to be called, monotonic; or INT64_MAX */
};

/* http_submit.c: what holds for every exchange, and what one request needs. */
int slot_open(struct slot *s, struct http_wire *w, struct err *err) MUST_CHECK;
void slot_close(struct slot *s); /* also in mid-transfer, and when slot_open failed */
int slot_start(struct slot *s, struct exchange *x, struct err *err) MUST_CHECK;

/* http_record.c: libcurl's callbacks, all with the slot as their last argument, and their sum. */
void record_reset(struct slot *s);
int record_octets(CURL *easy, curl_infotype type, char *p, size_t n, void *slot);
size_t record_head(char *p, size_t one, size_t n, void *slot);
size_t record_body(char *p, size_t one, size_t n, void *slot);
/* Fill the slot's exchange from what was recorded; -1 for errors of ours, then x is not finished.
 */
int record_finish(struct slot *s, CURLcode code, struct err *err) MUST_CHECK;

/* http_tls.c */
void http_take_chain(struct slot *s);

/* hub.c: w->multi must be there.  A wire leaves before its multi handle goes. */
int hub_join(struct wire_hub *h, struct http_wire *w, struct err *err) MUST_CHECK;
void hub_leave(struct http_wire *w); /* of no hub is fine */

/* http_fate.c: -1 for a code that is an error of ours. */
int http_fate(CURLcode code, enum wire_fate *fate);

/* http_head.c */
/* The head of a response, from "HTTP/" to the empty line.  text is changed (RFC 9112 5.2: an
 * obs-fold becomes a space) and borrowed by out.  -1 with the reason in *why when it breaks the
 * grammar.
 */
int head_parse(struct arena *a, char *text, size_t n, struct http_response *out,
	       const char **why) MUST_CHECK;
int head_status(struct str line); /* 100..599, or -1 */
/* Does the chunked body break RFC 9112 7.1?  One that merely ends too early does not. */
bool chunks_broken(struct str body);

#endif

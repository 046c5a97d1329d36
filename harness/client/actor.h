/* actor.h - a scripted client in memory: right, or with one planted fault.
 *
 * It reads challenges and writes credentials as a correct client does, calling a device through a
 * function.  A fault is a row of a table; each has to be found by the cases that name it.
 */
#ifndef CLIENT_ACTOR_H
#define CLIENT_ACTOR_H

#include "base/http.h"
#include "base/world.h"
#include "client/conversation.h"
#include "device/device.h"

struct client_fault {
	const char *name; /* "nc-from-zero" */
	const char *help; /* what such a client does */
	bool soap; /* planted in an ONVIF client for the selftest; else in one of plain HTTP */
};
extern const struct client_fault client_faults[]; /* ended by name NULL */
const struct client_fault *client_fault_find(struct str name);

/* Sends one request; 0 and an answer in a, or -1: the connection was closed.  connection: a number
 * that the actor chooses; origin as in struct heard. */
typedef int actor_send_fn(void *ctx, struct arena *a, uint64_t connection, int origin,
			  const struct http_request *in, struct http_response *out);

/* Sends its head alone, in->body left out: what comes in place of 100 Continue. */
typedef enum head_answer actor_head_fn(void *ctx, struct arena *a, uint64_t connection, int origin,
				       const struct http_request *in, struct http_response *out);

struct actor_options {
	const struct client_fault *fault; /* NULL: none */
	bool soap; /* an ONVIF client: time first, then GetDeviceInformation */
	struct told told;
	const struct str *url; /* of each call (play_urls()); n_url 0: the target of told for all */
	size_t n_url;
	struct str origin[2]; /* "http://127.0.0.1:4711", by origin: to tell where an URL leads */
	actor_send_fn *send;
	actor_head_fn *head; /* NULL: 100 Continue comes always */
	void *ctx;
	const struct world *world; /* its own clock and chance */
};

/* Make the calls of told, one after the other in one session.  Returns the exit status of a
 * command: 0 when the last was granted, 1 when not.
 */
int actor_run(const struct actor_options *o, struct arena *a);

#endif

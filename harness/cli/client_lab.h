/* client_lab.h - the server and the command of a run that judges a client. */
#ifndef CLI_CLIENT_LAB_H
#define CLI_CLIENT_LAB_H

#include "client/run.h"
#include "device/device.h"

/* --- client_serve.c: two origins, one case at a time --- */

struct client_server;
/* listen as for device_server_start; the other origin has a port of its own beside it.  NULL with
 * err. */
struct client_server *client_server_start(struct str listen, const struct world *world,
					  struct arena *a, struct err *err);
void client_server_stop(struct client_server *s); /* NULL is fine */
struct str client_server_origin(const struct client_server *s, int origin);
/* Of cases whose answers come before the content, which have a port of their own, too. */
struct str client_server_early(const struct client_server *s);
/* From now on requests are for this case; NULL: for none, they get 404, at the one URL of all cases
 * 503.  Returns when no request is being answered any more.
 */
void client_server_play(struct client_server *s, const struct served *served);
/* Wait until something came, or wait_ms have passed. */
void client_server_wait(struct client_server *s, int64_t wait_ms);
/* How many requests the present case has had, when the last one came (monotonic), and whether it is
 * over.
 */
struct client_server_state {
	size_t requests;
	int64_t last_ms;
	bool over;
} client_server_state(struct client_server *s);

/* --- client_exec.c: one run of the command --- */

/* How it ended. */
struct client_end {
	bool timed_out;
	int status;     /* exit status; -1: by a signal */
	char last[256]; /* the end of what it wrote on standard error, n_last octets */
	size_t n_last;
};

/* Placeholders {url} {urls} {user} {password} {method} {case} of template are replaced by words
 * that the shell reads as one; the same is in the environment, and the body on its input.  -1: it
 * cannot be run.
 */
int client_exec(const char *template, const struct served *served, int64_t timeout_ms,
		const struct world *world, struct client_end *out, struct err *err) MUST_CHECK;

#endif

/* scripted_server.h - a TCP server on an ephemeral loopback port that plays one test's script.
 *
 * The script runs in a thread of its own and talks to one connection after the other; the test's
 * thread looks at the fields only after server_stop.  Nothing waits by the clock: each step waits
 * for octets, or for the other side to close.
 */
#ifndef TESTS_SCRIPTED_SERVER_H
#define TESTS_SCRIPTED_SERVER_H

#include "base/str.h"

#include <pthread.h>

struct server {
	void (*script)(struct server *s);
	const void *arg; /* the script's */
	int listener, port;
	pthread_t thread;
	char url[64]; /* "http://127.0.0.1:PORT/" */

	int accepted; /* connections */
	uint64_t sent_octets;
	char request[65536]; /* the last one that server_read got, terminated */
	size_t request_octets;
};

void server_start(struct server *s, void (*script)(struct server *), const void *arg);
/* Wait for the script; wakes it when it waits for a connection that never comes. */
void server_stop(struct server *s);

/* For scripts.  A negative fd is passed on quietly, so that a script ends when the test is over. */
int server_accept(struct server *s);        /* -1 when stopped */
bool server_read(struct server *s, int fd); /* one request with its body; false at the end */
bool server_send(struct server *s, int fd, struct str octets); /* false when the peer is gone */
void server_wait_closed(int fd); /* until the peer closes; then closes fd */
void server_no_delay(int fd);    /* each send becomes a segment of its own */
void server_close(int fd);
void server_reset(int fd); /* RST instead of FIN */

#endif

/* play.h - the device of one client case: what it answers to whatever comes.
 *
 * It stays at a <challenge> until right credentials for it have come (as often as repeat says), and
 * at a <grant> for one right request; the last turn stays.  Behind a last challenge everything
 * right is granted.  Wrong credentials get the challenge again, with another nonce.  A right
 * request with an old nonce gets it with stale=true.  What is wrong only in its form (a quoted qop,
 * an nc that does not count) is let through, so that one mistake fails one case and not all of
 * them.
 */
#ifndef CLIENT_PLAY_H
#define CLIENT_PLAY_H

#include "base/world.h"
#include "client/conversation.h"
#include "device/device.h"

struct play_options {
	const struct suite_variant *variant; /* of a client case with turns */
	const struct suite_persona *persona; /* NULL: ours */
	struct account account;              /* empty user: the default of play_account() */
	struct str origin, other_origin;     /* "http://127.0.0.1:4711"; for redirects and XAddrs */
	struct str path;                     /* below which the case is served: "/c/17" */
	bool soap;                           /* the client speaks SOAP */
	bool heads;                          /* its server asks play_head() first */
	bool marker;                         /* answers say X-Countersign: case;run;n */
	struct str run;                      /* its id, 16 hex digits */
};

struct play;
/* The account that a client is given: user "countersign", a password that needs no escape anywhere
 * unless the case says otherwise.
 */
struct account play_account(void);

/* world is borrowed.  NULL with err. */
struct play *play_new(const struct play_options *o, const struct world *world, struct err *err);
void play_free(struct play *p); /* NULL is fine */

/* One request in, one answer out, allocated in a.  origin: 0 the device, 1 the other origin. */
enum device_answer play_request(struct play *p, struct arena *a, uint64_t connection, int origin,
				const struct http_request *in, struct http_response *out);

/* The head alone of a request whose content is to come (in->body is empty).  HEAD_CONTINUE and
 * HEAD_WAIT: it will be given whole to play_request(). */
enum head_answer play_head(struct play *p, struct arena *a, uint64_t connection, int origin,
			   const struct http_request *in, struct http_response *out);
/* What comes over a connection behind HEAD_FINAL.  False: it is another request. */
bool play_content(struct play *p, uint64_t connection, struct str octets);
/* Nothing will come any more: a head that still waits has no content. */
void play_end(struct play *p);
/* Has the case answers that come before the content? */
bool play_is_early(const struct suite_client *c);

/* One request and its answer out of a record (out NULL: there was none), by the same turns.  The
 * world's clock must stand where it stood then.  False: the answer is not of the kind that the case
 * has for such a request, so that the account or the persona must have been another one.
 */
bool play_recorded(struct play *p, struct arena *a, uint64_t connection, int origin,
		   const struct http_request *in, const struct http_response *out);

/* All that was said so far; it grows with each request, and ends with the play. */
struct conversation *play_conversation(struct play *p);
/* The last turn was reached and played. */
bool play_is_over(const struct play *p);
/* What the client is to be told: URLs one for each call, n of told.times, arena strings.  Of SOAP
 * all are the same: a device has one device service. */
struct str *play_urls(struct play *p, struct arena *a, size_t *n);
/* And what to speak, where it has to be told: basic, digest, usernametoken or any. */
struct str play_scheme(const struct play *p);

#endif

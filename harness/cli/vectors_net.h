/* vectors_net.h - the network mode: the harness is the other side of the library under test.
 *
 * For what cannot be told its cnonce, its nonce or the time.  Towards a client the harness is a
 * server that sends one vector's challenge, on a port of its own; towards a server it is the client
 * that sends one vector's credentials.  What was sent is recomputed and judged as any answer is.
 */
#ifndef CLI_VECTORS_NET_H
#define CLI_VECTORS_NET_H

#include "cli/vectors.h"

#include "base/world.h"

struct net_server;

/* Is the library the client in this operation? */
bool net_is_client(const struct vector_op *op);
/* Why a vector cannot be asked of a client over the network; .p NULL: it can. */
struct str net_unfit(struct arena *a, const struct vector *v);

/* Serve v on a loopback port of its own until net_take.  url is in a.  NULL: ERR_IO, ERR_NOMEM. */
struct net_server *net_serve(struct arena *a, const struct vector *v, struct str *url,
			     struct err *err);
/* Stop serving.  out: what was sent, or refused: why it was not, or unsupported: the client asked
 * for something else.  s is gone; NULL is fine and leaves out alone.  Returns how many requests
 * came.
 */
size_t net_take(struct net_server *s, struct arena *a, struct answer *out);

/* Be the client of the server at url: credentials of v, for the nonce or the time of that server.
 * out->valid is whether it gave what it protects.  -1: the server could not be asked.
 */
int net_ask(struct arena *a, const struct vector *v, struct str url, int64_t timeout_ms,
	    const struct world *world, struct answer *out, struct err *err) MUST_CHECK;
/* An Authorization for another nonce (and opaque, where one was sent) and with nothing else
 * changed. Its response has to be right for the nonce that it names, or cut from or around what is
 * right, or wrong for any nonce in the same way; .p NULL when it is none of that for any account.
 */
int net_renew(struct arena *a, const struct vector *v, const struct digest_challenge *to,
	      struct str *out, struct err *err) MUST_CHECK;

/* vector_judge for what came over the network: auth/verify.h, which reads octets and shares no code
 * with what compares parameters, has to agree before it passes.
 */
int net_judge(struct arena *a, struct arena *keep, const struct vector *v, const struct answer *got,
	      struct vector_result *out, struct err *err) MUST_CHECK;
/* What auth/verify.h says is wrong with an answer; .p NULL: nothing. */
int net_verify(struct arena *a, const struct vector *v, const struct answer *got, struct str *what,
	       struct err *err) MUST_CHECK;

#endif

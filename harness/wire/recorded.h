/* recorded.h - messages out of octets that were recorded, read as the wire read them. */
#ifndef WIRE_RECORDED_H
#define WIRE_RECORDED_H

#include "wire/wire.h"

/* A request as it was sent; its body is what follows the head.  Views are of octets.  -1 with
 * ERR_PARSE when the head is not whole, or is no HTTP/1.1.
 */
int recorded_request(struct arena *a, struct str octets, struct http_request *out,
		     struct err *err) MUST_CHECK;
/* The final response among what was received, without its transfer coding.  Everything lives in a.
 * -1 with ERR_PARSE and what is wrong with the octets.
 */
int recorded_response(struct arena *a, struct str octets, struct http_response *out,
		      struct err *err) MUST_CHECK;
/* The same of octets in which mask may stand for others, so that lengths are not those that came: a
 * body that holds it is all that follows the head.  -1 also when it came in chunks, whose ends
 * nobody knows then.
 */
int recorded_masked_response(struct arena *a, struct str octets, struct str mask,
			     struct http_response *out, struct err *err) MUST_CHECK;

#endif

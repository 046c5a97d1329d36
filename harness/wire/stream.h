/* stream.h - HTTP messages out of the octets of one direction of a connection, one after the other.
 *
 * Octets come out of a capture, so anything may be among them: what is no HTTP/1 ends the reading,
 * and a message that is not whole is told as cut.
 */
#ifndef WIRE_STREAM_H
#define WIRE_STREAM_H

#include "base/http.h"

struct stream {
	struct str octets;
	size_t at; /* of them: where the next message begins */
	bool cut;  /* the last message is not whole, or what follows is no HTTP/1 */
};

/* Views are of the octets, or in a.  False: there is none left; then at is where it stopped. */
bool stream_request(struct stream *s, struct arena *a, struct http_request *out);
/* The final response; interim ones before it are passed over (RFC 9110 15.2).  method: of its
 * request, since an answer to HEAD has no content.
 */
bool stream_response(struct stream *s, struct arena *a, struct str method,
		     struct http_response *out);

#endif

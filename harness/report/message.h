/* message.h - recorded octets as one HTTP message, for writers that show its parts (internal to
 * report/).  It is hostile input: whatever cannot be read stays empty, and nothing is judged here.
 */
#ifndef REPORT_MESSAGE_H
#define REPORT_MESSAGE_H

#include "base/http.h"

struct message {
	struct str start[3]; /* method, target, version; or version, status, reason */
	struct http_fields fields;
	size_t head_bytes; /* with the empty line, and with interim responses before it */
	struct str body;   /* as sent; without its transfer coding if it was chunked */
};

/* Views of octets, but for what is decoded, which lives in a. */
void message_read(struct arena *a, struct str octets, struct message *out);

#endif

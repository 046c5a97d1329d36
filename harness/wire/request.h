/* request.h - what both transports demand of a request before they carry it. */
#ifndef WIRE_REQUEST_H
#define WIRE_REQUEST_H

#include "wire/wire.h"

/* Begin x: its results are emptied.  ERR_INPUT when the request would break out of its own lines
 * (CR, LF or NUL, but for an obs-fold in a value) or cannot be sent as it is.  Other octets may
 * break any grammar: that is what probes are for.
 */
int request_begin(struct exchange *x, struct err *err) MUST_CHECK;
/* Does a Content-Length belong to it even when the body is empty?  RFC 9110 8.6. */
bool request_has_body(const struct http_request *r);
/* Finish x with something other than an answer. */
void exchange_fail(struct exchange *x, enum wire_fate fate, const char *fmt, ...) PRINTF(3, 4);

#endif

/* http.h - one HTTP message as data: what the device core reads and writes, what wire/ carries. */
#ifndef BASE_HTTP_H
#define BASE_HTTP_H

#include "base/arena.h"
#include "base/str.h"

struct http_field {
	struct str name, value; /* value as on the wire, without the white space around it */
};

/* In order of the wire; the same name may come several times. */
struct http_fields {
	struct http_field *v;
	size_t n, room;
};

struct http_request {
	struct str method; /* "POST" */
	struct str target; /* as in the request line: "/onvif/device_service?x=1" */
	struct http_fields fields;
	struct str body;
};

struct http_response {
	int status; /* 100..599 */
	struct http_fields fields;
	struct str body; /* after transfer decoding; at most the wire's cap */
};

/* Append; both views are borrowed.  Failure shows in arena_ok(a). */
void http_add(struct arena *a, struct http_fields *f, struct str name, struct str value);
/* The value of the first field of that name (case folded); .p is NULL when there is none. */
struct str http_get(const struct http_fields *f, const char *name);
size_t http_count(const struct http_fields *f, const char *name);
/* All values of that name, in order, into out (room entries); returns how many there are. */
size_t http_all(const struct http_fields *f, const char *name, struct str *out, size_t room);
/* "HTTP/1.1 401 Unauthorized CRLF fields CRLF CRLF body", for logs, reports and tests. */
struct str http_response_text(struct arena *a, const struct http_response *r);
struct str http_request_text(struct arena *a, const struct http_request *r);
const char *http_reason(int status); /* "" when unknown */

#endif

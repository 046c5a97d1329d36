#include "base/http.h"

void http_add(struct arena *a, struct http_fields *f, struct str name, struct str value)
{
	if (f->n == f->room) {
		size_t room = f->room ? f->room * 2 : 8;
		struct http_field *v = arena_array(a, struct http_field, room);

		if (!v)
			return;
		if (f->n)
			memcpy(v, f->v, f->n * sizeof(*v));
		f->v = v;
		f->room = room;
	}
	f->v[f->n++] = (struct http_field){ name, value };
}

struct str http_get(const struct http_fields *f, const char *name)
{
	struct str first = { NULL, 0 };

	http_all(f, name, &first, 1);
	return first;
}

size_t http_count(const struct http_fields *f, const char *name)
{
	return http_all(f, name, NULL, 0);
}

size_t http_all(const struct http_fields *f, const char *name, struct str *out, size_t room)
{
	struct str wanted = str(name);
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (!str_ieq(f->v[i].name, wanted))
			continue;
		if (n < room) {
			out[n] = f->v[i].value;
			if (!out[n].p) /* NULL means absent */
				out[n].p = "";
		}
		n++;
	}
	return n;
}

static size_t fields_bytes(const struct http_fields *f)
{
	size_t n = 2;

	for (size_t i = 0; i < f->n; i++)
		n += f->v[i].name.n + f->v[i].value.n + 4;
	return n;
}

static void put(char **at, struct str s)
{
	if (s.n)
		memcpy(*at, s.p, s.n);
	*at += s.n;
}

/* One allocation: messages are up to megabytes, and an arena never gives back. */
static struct str message_text(struct arena *a, struct str first_line, const struct http_fields *f,
			       struct str body)
{
	size_t n = first_line.n + fields_bytes(f) + body.n;
	char *p = arena_alloc(a, n + 1), *at = p;

	if (!p)
		return STR("");
	put(&at, first_line);
	for (size_t i = 0; i < f->n; i++) {
		put(&at, f->v[i].name);
		put(&at, STR(": "));
		put(&at, f->v[i].value);
		put(&at, STR("\r\n"));
	}
	put(&at, STR("\r\n"));
	put(&at, body);
	return str_n(p, n);
}

struct str http_response_text(struct arena *a, const struct http_response *r)
{
	struct str line = arena_fmt(a, "HTTP/1.1 %d %s\r\n", r->status, http_reason(r->status));

	return message_text(a, line, &r->fields, r->body);
}

struct str http_request_text(struct arena *a, const struct http_request *r)
{
	struct str line = arena_concat(a, r->method, STR(" "));

	line = arena_concat(a, line, r->target);
	line = arena_concat(a, line, STR(" HTTP/1.1\r\n"));
	return message_text(a, line, &r->fields, r->body);
}

/* RFC 9110 section 15 and RFC 6585. */
static const struct {
	int status;
	const char *reason;
} reasons[] = {
	{ 100, "Continue" },
	{ 101, "Switching Protocols" },
	{ 200, "OK" },
	{ 201, "Created" },
	{ 202, "Accepted" },
	{ 203, "Non-Authoritative Information" },
	{ 204, "No Content" },
	{ 205, "Reset Content" },
	{ 206, "Partial Content" },
	{ 300, "Multiple Choices" },
	{ 301, "Moved Permanently" },
	{ 302, "Found" },
	{ 303, "See Other" },
	{ 304, "Not Modified" },
	{ 305, "Use Proxy" },
	{ 307, "Temporary Redirect" },
	{ 308, "Permanent Redirect" },
	{ 400, "Bad Request" },
	{ 401, "Unauthorized" },
	{ 402, "Payment Required" },
	{ 403, "Forbidden" },
	{ 404, "Not Found" },
	{ 405, "Method Not Allowed" },
	{ 406, "Not Acceptable" },
	{ 407, "Proxy Authentication Required" },
	{ 408, "Request Timeout" },
	{ 409, "Conflict" },
	{ 410, "Gone" },
	{ 411, "Length Required" },
	{ 412, "Precondition Failed" },
	{ 413, "Content Too Large" },
	{ 414, "URI Too Long" },
	{ 415, "Unsupported Media Type" },
	{ 416, "Range Not Satisfiable" },
	{ 417, "Expectation Failed" },
	{ 421, "Misdirected Request" },
	{ 422, "Unprocessable Content" },
	{ 423, "Locked" },
	{ 426, "Upgrade Required" },
	{ 428, "Precondition Required" },
	{ 429, "Too Many Requests" },
	{ 431, "Request Header Fields Too Large" },
	{ 500, "Internal Server Error" },
	{ 501, "Not Implemented" },
	{ 502, "Bad Gateway" },
	{ 503, "Service Unavailable" },
	{ 504, "Gateway Timeout" },
	{ 505, "HTTP Version Not Supported" },
	{ 511, "Network Authentication Required" },
};

const char *http_reason(int status)
{
	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "";
}

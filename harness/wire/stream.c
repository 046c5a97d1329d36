#include "wire/stream.h"

#include "wire/http_wire.h"

/* --- the head --- */

/* Its octets with the empty line, from at on; 0: it is not whole. */
static size_t head_length(const struct stream *s)
{
	struct str rest = str_sub(s->octets, s->at, s->octets.n);
	size_t crlf = str_find(rest, STR("\r\n\r\n")), lf = str_find(rest, STR("\n\n"));

	if (crlf != (size_t)-1 && (lf == (size_t)-1 || crlf < lf))
		return crlf + 4;
	return lf == (size_t)-1 ? 0 : lf + 2;
}

/* RFC 9112 2.2: empty lines before a request are passed over. */
static void pass_empty_lines(struct stream *s)
{
	while (s->at < s->octets.n && (s->octets.p[s->at] == '\r' || s->octets.p[s->at] == '\n'))
		s->at++;
}

static bool stop(struct stream *s)
{
	s->cut = s->cut || s->at < s->octets.n;
	return false;
}

static bool field_line(struct arena *a, struct str line, struct http_fields *out)
{
	size_t colon = str_chr(line, ':');

	/* RFC 9112 5.2: an obs-fold belongs to the value before it. */
	if (out->n && (line.p[0] == ' ' || line.p[0] == '\t')) {
		struct str *value = &out->v[out->n - 1].value;

		*value = str_n(value->p, (size_t)(line.p + line.n - value->p));
		return true;
	}
	if (colon == (size_t)-1)
		return false;
	http_add(a, out, str_sub(line, 0, colon), str_trim(str_sub(line, colon + 1, line.n)));
	return true;
}

static bool read_head(struct arena *a, struct str head, struct http_request *out)
{
	struct str line = str_trim(str_cut(&head, '\n')), version;

	*out = (struct http_request){ .method = str_cut(&line, ' ') };
	if (line.n < strlen(" HTTP/1.1") || !out->method.n)
		return false;
	version = str_sub(line, line.n - strlen(" HTTP/1.1"), line.n);
	out->target = str_sub(line, 0, line.n - version.n);
	if (!str_starts(version, STR(" HTTP/1.")))
		return false;
	while (head.n) {
		line = str_cut(&head, '\n');
		if (str_ends(line, STR("\r")))
			line.n--;
		if (line.n && !field_line(a, line, &out->fields))
			return false;
	}
	return arena_ok(a);
}

/* --- the body --- */

static bool is_chunked(const struct http_fields *f)
{
	return str_ifind(http_get(f, "Transfer-Encoding"), STR("chunked")) != (size_t)-1;
}

/* The size in front of a chunk: false when there is none, or it is not whole. */
static bool chunk_size(struct str *rest, size_t *size)
{
	size_t digits = 0;

	*size = 0;
	for (; digits < rest->n && char_hex(rest->p[digits]) >= 0 && digits < 8; digits++)
		*size = *size << 4 | (size_t)char_hex(rest->p[digits]);
	if (!digits || str_chr(*rest, '\n') == (size_t)-1)
		return false;
	str_cut(rest, '\n');
	return true;
}

/* RFC 9112 7.1.2: lines behind the last chunk, up to an empty one. */
static bool pass_trailers(struct str *rest)
{
	while (rest->n) {
		struct str line = str_trim(str_cut(rest, '\n'));

		if (!line.n)
			return true;
	}
	return false;
}

static void take_chunks(struct stream *s, struct arena *a, struct str *body)
{
	struct str rest = str_sub(s->octets, s->at, s->octets.n);
	char *p = arena_alloc(a, rest.n + 1);
	size_t n = 0, size = 0;

	*body = STR("");
	while (p && chunk_size(&rest, &size) && size && size <= rest.n) {
		memcpy(p + n, rest.p, size);
		n += size;
		rest = str_sub(rest, size, rest.n);
		str_cut(&rest, '\n');
	}
	s->cut = !p || size || !pass_trailers(&rest);
	s->at = s->cut ? s->octets.n : s->octets.n - rest.n;
	if (p)
		*body = str_n(p, n);
}

static void take(struct stream *s, uint64_t n, struct str *body)
{
	uint64_t left = s->octets.n - s->at;

	s->cut = n > left;
	*body = str_sub(s->octets, s->at, (size_t)(n < left ? n : left));
	s->at += body->n;
}

bool stream_request(struct stream *s, struct arena *a, struct http_request *out)
{
	struct str length;
	uint64_t n = 0;
	size_t head;

	pass_empty_lines(s);
	head = head_length(s);
	if (!head || !read_head(a, str_sub(s->octets, s->at, head), out))
		return stop(s);
	s->at += head;
	out->body = STR("");
	length = http_get(&out->fields, "Content-Length");
	if (is_chunked(&out->fields))
		take_chunks(s, a, &out->body);
	else if (length.p && !str_to_u64(length, UINT32_MAX, &n))
		take(s, n, &out->body);
	return true;
}

/* RFC 9112 6.3: what has no content whatever its fields say. */
static bool is_empty(int status, struct str method)
{
	return str_eq(method, STR("HEAD")) || status < 200 || status == 204 || status == 304;
}

static bool one_response(struct stream *s, struct arena *a, struct http_response *out)
{
	size_t head = head_length(s);
	char *text = head ? arena_alloc(a, head + 1) : NULL;
	const char *why;

	*out = (struct http_response){ .status = 0 };
	if (!text)
		return stop(s);
	memcpy(text, s->octets.p + s->at, head);
	if (head_parse(a, text, head, out, &why)) {
		*out = (struct http_response){ .status = 0 }; /* half of a head is none */
		return stop(s);
	}
	s->at += head;
	return true;
}

bool stream_response(struct stream *s, struct arena *a, struct str method,
		     struct http_response *out)
{
	struct str length;
	uint64_t n = 0;

	do {
		if (!one_response(s, a, out))
			return false;
	} while (out->status < 200 && out->status != 101);
	out->body = STR("");
	if (is_empty(out->status, method))
		return true;
	length = http_get(&out->fields, "Content-Length");
	if (is_chunked(&out->fields))
		take_chunks(s, a, &out->body);
	else if (length.p && !str_to_u64(length, UINT32_MAX, &n))
		take(s, n, &out->body);
	else
		take(s, s->octets.n - s->at, &out->body);
	return true;
}

#include "wire/recorded.h"

#include "wire/http_wire.h"

/* --- requests --- */

static int read_fields(struct arena *a, struct str head, struct http_fields *out, struct err *err)
{
	while (head.n) {
		size_t end = str_find(head, STR("\r\n"));
		struct str line = str_sub(head, 0, end);
		size_t colon;

		head = str_sub(head, end == (size_t)-1 ? head.n : end + 2, head.n);
		/* RFC 9112 5.2: an obs-fold belongs to the value before it. */
		if (line.n && out->n && (line.p[0] == ' ' || line.p[0] == '\t')) {
			struct str *value = &out->v[out->n - 1].value;

			*value = str_n(value->p, (size_t)(line.p + line.n - value->p));
			continue;
		}
		colon = str_chr(line, ':');
		if (colon == (size_t)-1)
			return err_set(err, ERR_PARSE, "a line of the head has no colon");
		http_add(a, out, str_sub(line, 0, colon),
			 str_trim(str_sub(line, colon + 1, line.n)));
	}
	return arena_check(a, err);
}

int recorded_request(struct arena *a, struct str octets, struct http_request *out, struct err *err)
{
	size_t end = str_find(octets, STR("\r\n\r\n"));
	struct str head = str_sub(octets, 0, end), line;
	size_t line_end = str_find(head, STR("\r\n"));
	const struct str version = STR(" HTTP/1.1");

	*out = (struct http_request){ .method = { 0 } };
	if (end == (size_t)-1)
		return err_set(err, ERR_PARSE, "the head of the request is not whole");
	line = str_sub(head, 0, line_end);
	if (!str_ends(line, version))
		return err_set(err, ERR_PARSE, "the request is not HTTP/1.1");
	line.n -= version.n;
	out->method = str_cut(&line, ' ');
	out->target = line;
	out->body = str_sub(octets, end + 4, octets.n);
	return read_fields(a, str_sub(head, line_end == (size_t)-1 ? head.n : line_end + 2, head.n),
			   &out->fields, err);
}

/* --- responses --- */

/* Where the head ends, its empty line included; 0: it does not.  libcurl takes bare LF as well. */
static size_t head_bytes(struct str octets)
{
	for (size_t i = 0; i < octets.n; i++) {
		struct str rest = str_sub(octets, i, octets.n);

		if (str_starts(rest, STR("\n\r\n")))
			return i + 3;
		if (str_starts(rest, STR("\n\n")))
			return i + 2;
	}
	return 0;
}

/* RFC 9112 7.1.  Octets that end before the last chunk are cut. */
static int decode_chunks(struct arena *a, struct str raw, struct str *out, struct err *err)
{
	char *p = arena_alloc(a, raw.n + 1);
	size_t n = 0;

	if (!p)
		return arena_check(a, err);
	for (;;) {
		size_t size = 0, digits = 0;

		for (; digits < raw.n && char_hex(raw.p[digits]) >= 0 && digits < 15; digits++)
			size = size << 4 | (size_t)char_hex(raw.p[digits]);
		if (!digits || str_chr(raw, '\n') == (size_t)-1)
			return err_set(err, ERR_PARSE, "a chunk without its size");
		str_cut(&raw, '\n');
		if (!size)
			break;
		if (size > raw.n)
			return err_set(err, ERR_PARSE, "the last chunk is not whole");
		memcpy(p + n, raw.p, size);
		n += size;
		raw = str_sub(raw, size, raw.n);
		str_cut(&raw, '\n');
	}
	*out = str_n(p, n);
	return 0;
}

static bool in_chunks(const struct http_response *r)
{
	return str_ifind(http_get(&r->fields, "Transfer-Encoding"), STR("chunked")) != (size_t)-1;
}

/* RFC 9112 6.3: as long as Content-Length says; else all of it. */
static int read_body(struct arena *a, struct str raw, struct http_response *out, struct err *err)
{
	struct str length = http_get(&out->fields, "Content-Length");
	uint64_t n;

	out->body = raw;
	if (in_chunks(out))
		return decode_chunks(a, raw, &out->body, err);
	if (length.p && raw.n && !str_to_u64(length, UINT32_MAX, &n) && n > raw.n)
		return err_set(err, ERR_PARSE, "%zu octets of a body of %zu", raw.n, (size_t)n);
	if (length.p && !str_to_u64(length, UINT32_MAX, &n))
		out->body = str_sub(raw, 0, (size_t)n);
	return 0;
}

/* *rest is what follows the head. */
static int read_head(struct arena *a, struct str octets, struct http_response *out,
		     struct str *rest, struct err *err)
{
	const char *why = NULL;
	size_t n;

	do { /* RFC 9110 15.2: interim responses come before the final one */
		char *text;

		*out = (struct http_response){ .status = 0 };
		n = head_bytes(octets);
		if (!n)
			return err_set(err, ERR_PARSE, "the head of the response is not whole");
		text = arena_alloc(a, n + 1);
		if (!text)
			return arena_check(a, err);
		memcpy(text, octets.p, n);
		if (head_parse(a, text, n, out, &why))
			return err_set(err, ERR_PARSE, "%s", why);
		octets = str_sub(octets, n, octets.n);
	} while (out->status < 200 && out->status != 101);
	*rest = octets;
	return 0;
}

int recorded_response(struct arena *a, struct str octets, struct http_response *out,
		      struct err *err)
{
	struct str rest;

	return read_head(a, octets, out, &rest, err) ? -1 : read_body(a, rest, out, err);
}

int recorded_masked_response(struct arena *a, struct str octets, struct str mask,
			     struct http_response *out, struct err *err)
{
	struct str rest;

	if (read_head(a, octets, out, &rest, err))
		return -1;
	if (str_find(rest, mask) == (size_t)-1)
		return read_body(a, rest, out, err);
	if (in_chunks(out))
		return err_set(err, ERR_PARSE, "chunks with masked octets");
	out->body = rest;
	return 0;
}

/* early_read.c - heads and contents of requests, as far as they have come: RFC 9112. */
#include "device/early_parts.h"

#define LINE_MAX_BYTES 1024 /* of a chunk size with its extensions */
#define TRAILER_MAX    8192

/* --- heads --- */

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_is_tchar(s.p[i]))
			return false;
	return s.n > 0;
}

static bool is_visible(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] <= ' ' || s.p[i] == 0x7f)
			return false;
	return s.n > 0;
}

static int read_request_line(struct arena *a, struct str line, struct early_head *out)
{
	struct str method = str_cut(&line, ' '), target = str_cut(&line, ' ');

	if (!is_token(method) || !is_visible(target))
		return 400;
	out->http_1_0 = str_eq(line, STR("HTTP/1.0"));
	if (!out->http_1_0 && !str_eq(line, STR("HTTP/1.1")))
		return str_starts(line, STR("HTTP/")) ? 505 : 400;
	out->in.method = arena_str(a, method);
	out->in.target = arena_str(a, target);
	return 0;
}

static struct str next_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	return str_ends(line, STR("\r")) ? str_sub(line, 0, line.n - 1) : line;
}

/* RFC 9112 5: no white space before the colon, and no line folds. */
static int read_fields(struct arena *a, struct str rest, struct early_head *out)
{
	while (rest.n) {
		struct str value = next_line(&rest), name;

		if (!value.n)
			break;
		if (str_chr(value, ':') == (size_t)-1 || str_chr(value, '\0') != (size_t)-1)
			return 400;
		name = str_cut(&value, ':');
		if (!is_token(name))
			return 400;
		http_add(a, &out->in.fields, arena_str(a, name), arena_str(a, str_trim(value)));
	}
	return arena_ok(a) ? 0 : 431;
}

static bool lists(const struct http_fields *f, const char *name, struct str word)
{
	struct str field[16];
	size_t n = http_all(f, name, field, COUNT(field));

	for (size_t i = 0; i < n && i < COUNT(field); i++)
		while (field[i].n)
			if (str_ieq(str_trim(str_cut(&field[i], ',')), word))
				return true;
	return false;
}

/* RFC 9112 6.3: what follows is as long as one of the two says. */
static int read_framing(struct early_head *out)
{
	const struct http_fields *f = &out->in.fields;
	struct str length = http_get(f, "Content-Length"),
		   coding = http_get(f, "Transfer-Encoding");
	uint64_t n = 0;

	if (coding.p && (length.p || out->http_1_0))
		return 400;
	if (coding.p && !str_ieq(coding, STR("chunked")))
		return 501;
	if (length.p && (http_count(f, "Content-Length") > 1 || str_to_u64(length, UINT64_MAX, &n)))
		return 400;
	out->chunked = coding.p != NULL;
	out->close = out->http_1_0 || lists(f, "Connection", STR("close"));
	/* RFC 9110 10.1.1: not of HTTP/1.0, and not without content. */
	out->expects =
		!out->http_1_0 && (n || out->chunked) && lists(f, "Expect", STR("100-continue"));
	out->length = n < SIZE_MAX ? (size_t)n : SIZE_MAX;
	return 0;
}

int early_head_read(struct arena *a, struct str octets, size_t *scanned, struct early_head *out)
{
	size_t from = *scanned, end;
	struct str rest;
	int refused;

	end = str_find(str_sub(octets, from, octets.n), STR("\r\n\r\n"));
	if (end == (size_t)-1) {
		*scanned = octets.n > 3 ? octets.n - 3 : 0;
		return octets.n >= EARLY_HEAD_MAX ? 431 : 1;
	}
	*out = (struct early_head){ .bytes = from + end + 4 };
	if (out->bytes > EARLY_HEAD_MAX)
		return 431;
	rest = str_sub(octets, 0, out->bytes);
	refused = read_request_line(a, next_line(&rest), out);
	refused = refused ? refused : read_fields(a, rest, out);
	return refused ? refused : read_framing(out);
}

/* --- contents --- */

/* A line of the raw octets behind what is decoded, with its end; 0: not whole. */
static size_t raw_line(const struct early_body *b, const struct buf *in)
{
	size_t end = str_chr(str_sub(buf_view(in), b->done, in->n), '\n');

	return end == (size_t)-1 ? 0 : end + 1;
}

static void drop(const struct early_body *b, struct buf *in, size_t n)
{
	memmove(in->p + b->done, in->p + b->done + n, in->n - b->done - n);
	in->n -= n;
}

static int read_size(struct early_body *b, struct buf *in)
{
	size_t n = raw_line(b, in), digits = 0;
	uint64_t size = 0;

	if (!n)
		return in->n - b->done > LINE_MAX_BYTES ? 400 : 1;
	for (; digits < n && char_hex(in->p[b->done + digits]) >= 0 && digits < 12; digits++)
		size = size << 4 | (uint64_t)char_hex(in->p[b->done + digits]);
	if (!digits || char_hex(in->p[b->done + digits]) >= 0 || n > LINE_MAX_BYTES)
		return 400;
	if (size > EARLY_BODY_MAX - b->done)
		return 413;
	drop(b, in, n);
	b->left = (size_t)size;
	b->at = size ? CHUNK_DATA : CHUNK_TRAILER;
	return 0;
}

static int read_data(struct early_body *b, struct buf *in)
{
	size_t n = in->n - b->done < b->left ? in->n - b->done : b->left;

	b->done += n;
	b->left -= n;
	if (b->left)
		return 1;
	b->at = CHUNK_END;
	return 0;
}

static int read_end(struct early_body *b, struct buf *in)
{
	size_t n = raw_line(b, in);

	if (!n)
		return in->n - b->done > 1 ? 400 : 1;
	if (n > 2 || (n == 2 && in->p[b->done] != '\r'))
		return 400;
	drop(b, in, n);
	b->at = CHUNK_SIZE;
	return 0;
}

/* Whole behind an empty line. */
static int read_trailer(struct early_body *b, struct buf *in, bool *whole)
{
	size_t n = raw_line(b, in);

	if (b->trailer + n > TRAILER_MAX || (!n && in->n - b->done > TRAILER_MAX))
		return 400;
	if (!n)
		return 1;
	*whole = n == 1 || (n == 2 && in->p[b->done] == '\r');
	b->trailer += n;
	drop(b, in, n);
	return 0;
}

static int read_chunks(struct early_body *b, struct buf *in)
{
	bool whole = false;
	int why = 0;

	while (!why && !whole) {
		switch (b->at) {
		case CHUNK_SIZE:
			why = read_size(b, in);
			break;
		case CHUNK_DATA:
			why = read_data(b, in);
			break;
		case CHUNK_END:
			why = read_end(b, in);
			break;
		case CHUNK_TRAILER:
			why = read_trailer(b, in, &whole);
			break;
		}
	}
	return why;
}

int early_body_read(struct early_body *b, struct buf *in)
{
	if (b->chunked)
		return read_chunks(b, in);
	if (b->length > EARLY_BODY_MAX)
		return 413;
	b->done = in->n < b->length ? in->n : b->length;
	return b->done < b->length;
}

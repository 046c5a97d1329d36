/* What programs put around messages that people paste: the marks of curl -v, chunks. */
#include "cli/decode_parts.h"

#include "base/buf.h"

#define CHUNK_MAX (1u << 24)

static struct str take_line(struct str *rest)
{
	size_t lf = str_chr(*rest, '\n');
	size_t n = lf == (size_t)-1 ? rest->n : lf + 1;
	struct str line = str_sub(*rest, 0, n);

	*rest = str_sub(*rest, n, rest->n);
	return line;
}

/* --- curl -v --- */

static bool is_marked(struct str line, char mark)
{
	return line.n && line.p[0] == mark &&
	       (line.n == 1 || strchr(" \r\n", line.p[1]) || line.p[1] == '\0');
}

/* Some line is a request that was sent, or the status of an answer. */
static bool is_transcript(struct str octets)
{
	while (octets.n) {
		struct str line = take_line(&octets);

		if (is_marked(line, '<') && str_starts(line, STR("< HTTP/")))
			return true;
		if (is_marked(line, '>') && str_find(line, STR(" HTTP/")) != (size_t)-1)
			return true;
	}
	return false;
}

/* "* Connected to ..." and "{ [12 bytes data]" are remarks: as fields named "*" they are passed
 * over wherever they stand, and each line keeps its number.
 */
static bool is_remark(struct str line)
{
	return is_marked(line, '*') || str_starts(line, STR("{ [")) || str_starts(line, STR("} ["));
}

struct str decode_unmark(struct arena *a, struct str octets)
{
	struct buf out DEFER(buf_free) = { 0 };
	struct str rest = octets;

	if (!is_transcript(octets))
		return octets;
	buf_init(&out, 2 * octets.n + 1);
	while (rest.n) {
		struct str line = take_line(&rest);

		if (is_remark(line))
			buf_fmt(&out, "*:%.*s", STR_ARG(str_sub(line, 1, line.n)));
		else if (is_marked(line, '<') || is_marked(line, '>'))
			buf_str(&out,
				str_sub(line, line.n > 1 && line.p[1] == ' ' ? 2 : 1, line.n));
		else
			buf_str(&out, line);
	}
	return buf_ok(&out) ? arena_str(a, buf_view(&out)) : octets;
}

/* --- chunks --- */

/* The size at the front of a line, extensions behind it passed over; -1 when there is none. */
static int chunk_size(struct str line, size_t *n)
{
	size_t digits = 0;

	*n = 0;
	while (digits < line.n && char_hex(line.p[digits]) >= 0 && *n < CHUNK_MAX)
		*n = *n << 4 | (size_t)char_hex(line.p[digits++]);
	return digits && *n < CHUNK_MAX ? 0 : -1;
}

/* RFC 9112 7.1.  What is pasted has often lost its carriage returns: a line feed will do. */
bool decode_unchunk(struct arena *a, struct str rest, struct str *body, size_t *taken)
{
	struct buf out DEFER(buf_free);
	const char *begin = rest.p;
	size_t n;

	buf_init(&out, rest.n + 1);
	do {
		if (chunk_size(take_line(&rest), &n) || n > rest.n)
			return false;
		buf_str(&out, str_sub(rest, 0, n));
		rest = str_sub(rest, n, rest.n);
		if (n && str_trim(take_line(&rest)).n)
			return false;
	} while (n);
	/* Trailers, up to an empty line. */
	while (rest.n && str_trim(take_line(&rest)).n)
		;
	*taken = (size_t)(rest.p - begin);
	*body = arena_str(a, buf_view(&out));
	return buf_ok(&out) && arena_ok(a);
}

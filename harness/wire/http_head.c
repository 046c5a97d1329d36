#include "wire/http_wire.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* RFC 9112 5.2: a line that starts with white space continues the one before; one SP replaces the
 * fold.  Works in place, for the result is never longer.
 */
static size_t unfold(char *text, size_t n)
{
	size_t out = 0;

	for (size_t i = 0; i < n;) {
		if (text[i] != '\n' || i + 1 >= n || !is_blank(text[i + 1])) {
			text[out++] = text[i++];
			continue;
		}
		while (out > 0 && (is_blank(text[out - 1]) || text[out - 1] == '\r'))
			out--;
		for (i++; i < n && is_blank(text[i]); i++)
			;
		text[out++] = ' ';
	}
	return out;
}

/* RFC 9112 2.2: a bare CR must not be taken for the end of a line. */
static void blank_bare_cr(char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (text[i] == '\r' && (i + 1 == n || text[i + 1] != '\n'))
			text[i] = ' ';
}

static struct str take_line(struct str *rest)
{
	struct str line = str_cut(rest, '\n');

	if (line.n > 0 && line.p[line.n - 1] == '\r')
		line.n--;
	return line;
}

/* RFC 9112 section 4: HTTP-version SP status-code [SP reason] */
int head_status(struct str line)
{
	const struct str code = str_sub(line, strlen("HTTP/1.1 "), 3);
	uint64_t status;

	if (!str_starts(line, STR("HTTP/1.")) || line.n < strlen("HTTP/1.1 200") ||
	    !char_is_digit(line.p[7]) || line.p[8] != ' ')
		return -1;
	if (line.n > strlen("HTTP/1.1 200") && line.p[12] != ' ')
		return -1;
	if (str_to_u64(code, 599, &status) || status < 100)
		return -1;
	return (int)status;
}

/* RFC 9112 5.1: white space between name and colon is removed from a response. */
static int field_parse(struct arena *a, struct str line, struct http_fields *out, const char **why)
{
	const size_t colon = str_chr(line, ':');
	const struct str name = str_trim(str_sub(line, 0, colon));

	*why = "a line of the response head has no name and colon";
	if (colon == (size_t)-1 || name.n == 0)
		return -1;
	http_add(a, out, name, str_trim(str_sub(line, colon + 1, line.n)));
	return 0;
}

int head_parse(struct arena *a, char *text, size_t n, struct http_response *out, const char **why)
{
	struct str rest, line;

	*why = "the response head has a NUL";
	if (memchr(text, '\0', n))
		return -1;
	rest = str_n(text, unfold(text, n));
	blank_bare_cr(text, rest.n);
	*why = "the status line is not HTTP/1.x and a status of 100 to 599";
	out->status = head_status(take_line(&rest));
	if (out->status < 0)
		return -1;
	while ((line = take_line(&rest)).n > 0)
		if (field_parse(a, line, &out->fields, why))
			return -1;
	return 0;
}

/* RFC 9112 7.1: chunk-size [chunk-ext] CRLF chunk-data CRLF.  libcurl decodes; this tells its error
 * of grammar from a connection that broke, for which it has the same code.
 */
bool chunks_broken(struct str body)
{
	while (body.n > 0) {
		uint64_t size = 0;
		size_t digits = 0;

		for (; digits < body.n && char_hex(body.p[digits]) >= 0; digits++) {
			if (size >> 60)
				return true;
			size = size << 4 | (uint64_t)char_hex(body.p[digits]);
		}
		if (digits == 0)
			return true;
		if (str_chr(body, '\n') == (size_t)-1 || size == 0)
			return false;
		str_cut(&body, '\n');
		if (size >= body.n)
			return false;
		body = str_sub(body, (size_t)size, body.n);
		if (body.p[0] == '\r')
			body = str_sub(body, 1, body.n);
		if (body.n > 0 && body.p[0] != '\n')
			return true;
		body = str_sub(body, 1, body.n);
	}
	return false;
}

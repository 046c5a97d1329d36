/* redact_syntax.c - credentials by their syntax: HTTP's fields, Digest's parameters, passwords of
 * tokens.
 *
 * Each rule looks for its credentials at start and returns how far it has read, so that no text,
 * however odd, is read again and again.
 */
#include "base/redact_scan.h"

static size_t skip_blank(struct str text, size_t i)
{
	while (scan_at(text, i) == ' ' || scan_at(text, i) == '\t')
		i++;
	return i;
}

static bool word_starts(struct str text, size_t i, const char *word)
{
	return (i == 0 || !char_is_tchar(text.p[i - 1]) || text.p[i - 1] == '\'') &&
	       str_istarts(str_sub(text, i, text.n), str(word));
}

/* Where the line ends on which i stands; inside quotes (a curl command, JSON) the quote ends it. */
static size_t line_end(struct str text, size_t start, size_t i)
{
	char before = start ? text.p[start - 1] : '\0';
	char quote = before == '"' || before == '\'' ? before : '\n';

	while (i < text.n && text.p[i] != '\r' && text.p[i] != '\n' && text.p[i] != quote)
		i++;
	return i;
}

static bool is_word(struct str s)
{
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] < 'a' || s.p[i] > 'z')
			return false;
	return s.n == 0 || char_is_alpha(s.p[0]);
}

#define PAYLOAD_MIN 4 /* octets of the shortest token68 that holds a colon: "Og==" */

/* "Basic dXNlcjpwYXNz", but neither "Basic realm=..." nor "Basic authentication". */
static size_t mark_basic(const struct scan *s, size_t start)
{
	size_t from = start + strlen("basic"), to;

	if (!word_starts(s->text, start, "basic") || skip_blank(s->text, from) == from)
		return start;
	from = skip_blank(s->text, from);
	for (to = from; char_is_tchar(scan_at(s->text, to)) || scan_at(s->text, to) == '/'; to++)
		if (s->text.p[to] == '\'')
			break;
	if (is_word(str_sub(s->text, from, to - from)))
		return start;
	while (scan_at(s->text, to) == '=')
		to++;
	if (to - from < PAYLOAD_MIN) /* "Basic 200" */
		return start;
	scan_mark(s, from, to);
	return to;
}

/* What follows "Authorization: Basic" is a payload whatever it looks like, to the end of the line.
 */
static size_t mark_authorization(const struct scan *s, size_t start)
{
	size_t i = start + strlen("authorization:"), end;

	if (!str_istarts(str_sub(s->text, start, s->text.n), STR("authorization:")))
		return start;
	i = skip_blank(s->text, i);
	if (!str_istarts(str_sub(s->text, i, s->text.n), STR("basic")))
		return start;
	i = skip_blank(s->text, i + strlen("basic"));
	while (start && char_is_tchar(s->text.p[start - 1]) && s->text.p[start - 1] != '\'')
		start--; /* "Proxy-" */
	end = line_end(s->text, start, i);
	scan_mark(s, i, end);
	return end;
}

/* response="<hex>" of Digest, and rspauth, which gives as much away to somebody who guesses; fewer
 * than eight hex digits give nothing away, and "response=upper" in prose stays readable.
 */
static size_t mark_response(const struct scan *s, size_t start)
{
	bool sent = word_starts(s->text, start, "response");
	size_t i = start, from, digits = 0;
	char quote;

	if (!sent && !word_starts(s->text, start, "rspauth"))
		return start;
	i = skip_blank(s->text, i + (sent ? strlen("response") : strlen("rspauth")));
	if (scan_at(s->text, i) != '=')
		return start;
	i = skip_blank(s->text, i + 1);
	quote = scan_at(s->text, i);
	if (quote == '\\') /* escaped: \"...\" ends at the next backslash */
		i += 2;
	else if (quote == '"' || quote == '\'')
		i++;
	else
		quote = '\0';
	for (from = i; i < s->text.n; i++) {
		char c = s->text.p[i];

		if (c == '\r' || c == '\n' || (quote ? c == quote : c == ' ' || c == ','))
			break;
		digits += char_hex(c) >= 0;
	}
	if (digits >= 8)
		scan_mark(s, from, i);
	return i;
}

/* Past the '>' of the tag that i is in. */
static size_t tag_end(struct str text, size_t i)
{
	char quote = '\0';

	for (; i < text.n; i++) {
		char c = text.p[i];

		if (quote) {
			quote = c == quote ? '\0' : quote;
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '>') {
			return i + 1;
		}
	}
	return i;
}

/* A tag as it is, as text of XML (an echo in a fault), and as some write JSON. */
static const struct brackets {
	const char *open, *close;
} brackets[] = { { "<", ">" }, { "&lt;", "&gt;" }, { "&#60;", "&#62;" }, { "\\u003c", "\\u003e" } };

static const struct brackets *opens_tag(struct str text, size_t i)
{
	for (size_t k = 0; k < COUNT(brackets); k++)
		if (text.p[i] == brackets[k].open[0] &&
		    str_istarts(str_sub(text, i, text.n), str(brackets[k].open)))
			return &brackets[k];
	return NULL;
}

/* The end of an escaped tag: its quotes may be escaped, too, and are not looked at. */
static size_t escaped_end(struct str text, size_t i, const char *close)
{
	size_t n = str_ifind(str_sub(text, i, text.n), str(close));

	return n == (size_t)-1 ? text.n : i + n + strlen(close);
}

static size_t end_of_content(struct str text, size_t from, const struct brackets *b)
{
	for (size_t i = from; i < text.n; i++)
		if (opens_tag(text, i) == b && scan_at(text, i + strlen(b->open)) == '/')
			return i;
	return text.n;
}

/* <Password> in any prefix, up to its end tag. */
static size_t mark_password(const struct scan *s, size_t start)
{
	const struct brackets *b = opens_tag(s->text, start);
	size_t i = b ? start + strlen(b->open) : start, from, end;

	if (!b)
		return start;
	while (char_is_tchar(scan_at(s->text, i)))
		i++;
	if (scan_at(s->text, i) == ':')
		i++;
	else
		i = start + strlen(b->open);
	if (!str_starts(str_sub(s->text, i, s->text.n), STR("Password")))
		return start;
	i += strlen("Password");
	if (!strchr(" \t\r\n>&\\", scan_at(s->text, i)))
		return start;
	from = b == brackets ? tag_end(s->text, i) : escaped_end(s->text, i, b->close);
	if (s->text.p[from - 1] == '>' && s->text.p[from - 2] == '/')
		return from;
	end = end_of_content(s->text, from, b);
	scan_mark(s, from, end);
	return end;
}

static size_t mark_cookie(const struct scan *s, size_t start)
{
	static const char *const names[] = { "cookie:", "set-cookie:" };
	size_t end;

	for (size_t k = 0; k < COUNT(names); k++) {
		size_t i = start + strlen(names[k]);

		if (!word_starts(s->text, start, names[k]))
			continue;
		i = skip_blank(s->text, i);
		end = line_end(s->text, start, i);
		scan_mark(s, i, end);
		return end;
	}
	return start;
}

static size_t (*const syntax[])(const struct scan *s, size_t start) = {
	mark_basic, mark_authorization, mark_response, mark_password, mark_cookie,
};

void scan_syntax(const struct scan *s)
{
	for (size_t k = 0; k < COUNT(syntax); k++) {
		size_t i = 0;

		while (i < s->text.n) {
			size_t read_to = syntax[k](s, i);

			i = read_to > i ? read_to : i + 1;
		}
	}
}

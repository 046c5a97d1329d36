#include "base/redact.h"

#include "base/mem.h"

#include <limits.h>

/* One pass marks octets, a second writes: marks of several rules may overlap. */
struct scan {
	struct str text;
	char *marked; /* one octet for each of text: 1 is secret */
};

static void mark(const struct scan *s, size_t from, size_t to)
{
	if (to > s->text.n)
		to = s->text.n;
	if (from < to)
		memset(s->marked + from, 1, to - from);
}

static char at(struct str s, size_t i)
{
	return i < s.n ? s.p[i] : '\0';
}

/* --- registered secrets --- */

/* Each decoder reads one octet of the secret from text at i: how many octets of the text it took,
 * and the octet in *c.
 */
static size_t read_plain(struct str text, size_t i, char *c)
{
	*c = text.p[i];
	return 1;
}

static size_t read_percent(struct str text, size_t i, char *c)
{
	int high = char_hex(at(text, i + 1)), low = char_hex(at(text, i + 2));

	if (text.p[i] != '%' || high < 0 || low < 0)
		return read_plain(text, i, c);
	*c = (char)(high * 16 + low);
	return 3;
}

/* A space in application/x-www-form-urlencoded. */
static size_t read_form(struct str text, size_t i, char *c)
{
	size_t n = read_percent(text, i, c);

	if (text.p[i] == '+')
		*c = ' ';
	return n;
}

static size_t read_numeric_reference(struct str text, size_t i, char *c)
{
	bool hex = char_lower(at(text, i + 2)) == 'x';
	size_t from = i + (hex ? 3 : 2), k = from;
	int v = 0;

	for (; k < from + 8 && char_hex(at(text, k)) >= 0; k++) {
		if (v > 255 || (!hex && !char_is_digit(text.p[k])))
			break;
		v = v * (hex ? 16 : 10) + char_hex(text.p[k]);
	}
	if (k == from || at(text, k) != ';' || v > 127)
		return read_plain(text, i, c);
	*c = (char)v;
	return k + 1 - i;
}

static size_t read_xml(struct str text, size_t i, char *c)
{
	static const struct {
		const char *reference;
		char c;
	} references[] = {
		{ "&amp;", '&' },  { "&lt;", '<' },    { "&gt;", '>' },
		{ "&quot;", '"' }, { "&apos;", '\'' },
	};

	if (text.p[i] != '&')
		return read_plain(text, i, c);
	if (at(text, i + 1) == '#')
		return read_numeric_reference(text, i, c);
	for (size_t k = 0; k < COUNT(references); k++) {
		if (!str_starts(str_sub(text, i, text.n), str(references[k].reference)))
			continue;
		*c = references[k].c;
		return strlen(references[k].reference);
	}
	return read_plain(text, i, c);
}

/* Quoted pairs of HTTP; JSON writes quote and backslash the same way. */
static size_t read_quoted_pair(struct str text, size_t i, char *c)
{
	if (text.p[i] != '\\' || i + 1 == text.n)
		return read_plain(text, i, c);
	*c = text.p[i + 1];
	return 2;
}

static size_t (*const readers[])(struct str text, size_t i, char *c) = {
	read_plain, read_percent, read_form, read_xml, read_quoted_pair,
};

static void mark_secret(const struct scan *s, struct str secret)
{
	for (size_t r = 0; r < COUNT(readers); r++) {
		for (size_t from = 0; from < s->text.n; from++) {
			size_t i = from, matched = 0;
			char c;

			while (matched < secret.n && i < s->text.n) {
				i += readers[r](s->text, i, &c);
				if (c != secret.p[matched])
					break;
				matched++;
			}
			if (matched == secret.n)
				mark(s, from, i);
		}
	}
}

/* The characters of Base64 that stand for secret alone when before octets precede it in its group
 * of three: those that mix in a neighbour's bits are left out.  Returns how many.
 */
static size_t base64_core(struct str secret, size_t before, char *out)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t first = (before * 8 + 5) / 6, last = (before + secret.n) * 8 / 6, n = 0;

	for (size_t k = first; k < last; k++) {
		unsigned v = 0;

		for (size_t bit = k * 6; bit < k * 6 + 6; bit++) {
			unsigned c = (unsigned char)secret.p[bit / 8 - before];

			v = v << 1 | (c >> (7 - bit % 8) & 1u);
		}
		out[n++] = alphabet[v];
	}
	return n;
}

/* Both alphabets of RFC 4648. */
static bool same_base64(char have, char want)
{
	return have == want || (have == '-' && want == '+') || (have == '_' && want == '/');
}

/* Under four characters a chance match is too likely. */
static void mark_base64(const struct scan *s, const char *core, size_t n)
{
	for (size_t from = 0; n >= 4 && from + n <= s->text.n; from++) {
		size_t k = 0;

		while (k < n && same_base64(s->text.p[from + k], core[k]))
			k++;
		if (k == n)
			mark(s, from, from + n);
	}
}

static bool mark_registered(const struct scan *s, struct str secret)
{
	char *core = mem_alloc(secret.n * 2);

	if (!core)
		return false;
	mark_secret(s, secret);
	for (size_t before = 0; before < 3; before++)
		mark_base64(s, core, base64_core(secret, before, core));
	mem_free(core);
	return true;
}

/* --- credentials by their syntax ---
 *
 * Each rule looks for its credentials at start and returns how far it has read, so that no text,
 * however odd, is read again and again.
 */

static size_t skip_blank(struct str text, size_t i)
{
	while (at(text, i) == ' ' || at(text, i) == '\t')
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
	for (to = from; char_is_tchar(at(s->text, to)) || at(s->text, to) == '/'; to++)
		if (s->text.p[to] == '\'')
			break;
	if (is_word(str_sub(s->text, from, to - from)))
		return start;
	while (at(s->text, to) == '=')
		to++;
	if (to - from < PAYLOAD_MIN) /* "Basic 200" */
		return start;
	mark(s, from, to);
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
	mark(s, i, end);
	return end;
}

/* response="<hex>" of Digest; fewer than eight hex digits give nothing away, and "response=upper"
 * in prose stays readable.
 */
static size_t mark_response(const struct scan *s, size_t start)
{
	size_t i = start + strlen("response"), from, digits = 0;
	char quote;

	if (!word_starts(s->text, start, "response"))
		return start;
	i = skip_blank(s->text, i);
	if (at(s->text, i) != '=')
		return start;
	i = skip_blank(s->text, i + 1);
	quote = at(s->text, i);
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
		mark(s, from, i);
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

/* <Password> in any prefix, up to its end tag. */
static size_t mark_password(const struct scan *s, size_t start)
{
	size_t i = start + 1, from, end;

	if (s->text.p[start] != '<')
		return start;
	while (char_is_tchar(at(s->text, i)))
		i++;
	if (at(s->text, i) == ':')
		i++;
	else
		i = start + 1;
	if (!str_starts(str_sub(s->text, i, s->text.n), STR("Password")))
		return start;
	i += strlen("Password");
	if (!strchr(" \t\r\n>", at(s->text, i)))
		return start;
	from = tag_end(s->text, i);
	if (s->text.p[from - 1] == '>' && s->text.p[from - 2] == '/')
		return from;
	end = str_find(str_sub(s->text, from, s->text.n), STR("</"));
	end = end == (size_t)-1 ? s->text.n : from + end;
	mark(s, from, end);
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
		mark(s, i, end);
		return end;
	}
	return start;
}

static size_t (*const syntax[])(const struct scan *s, size_t start) = {
	mark_basic, mark_authorization, mark_response, mark_password, mark_cookie,
};

static void mark_syntax(const struct scan *s)
{
	for (size_t k = 0; k < COUNT(syntax); k++) {
		size_t i = 0;

		while (i < s->text.n) {
			size_t read_to = syntax[k](s, i);

			i = read_to > i ? read_to : i + 1;
		}
	}
}

int redact_add(struct redactor *r, struct str secret)
{
	if (secret.n < 3 || secret.n > INT_MAX / 8 || r->n == COUNT(r->secret))
		return -1;
	r->secret[r->n++] = secret;
	return 0;
}

static struct str write_redacted(const struct scan *s, struct arena *a)
{
	const struct str label = STR("[redacted]");
	size_t n = 0;
	char *out;

	for (size_t i = 0; i < s->text.n; i++)
		if (!s->marked[i])
			n++;
		else if (i == 0 || !s->marked[i - 1])
			n += label.n;
	out = arena_alloc(a, n + 1);
	if (!out)
		return STR("");
	n = 0;
	for (size_t i = 0; i < s->text.n; i++) {
		if (!s->marked[i]) {
			out[n++] = s->text.p[i];
		} else if (i == 0 || !s->marked[i - 1]) {
			memcpy(out + n, label.p, label.n);
			n += label.n;
		}
	}
	return str_n(out, n);
}

/* Without memory nothing is written rather than a secret. */
struct str redact(const struct redactor *r, struct arena *a, struct str text)
{
	struct scan s = { .text = text };
	struct str out = STR("");
	bool ok = true;

	if (r->off || text.n == 0)
		return text;
	s.marked = mem_alloc(text.n);
	for (size_t i = 0; s.marked && ok && i < r->n; i++)
		ok = mark_registered(&s, r->secret[i]);
	if (!s.marked || !ok) {
		a->failed = true;
		mem_free(s.marked);
		return out;
	}
	mark_syntax(&s);
	out = memchr(s.marked, 1, text.n) ? write_redacted(&s, a) : text;
	mem_free(s.marked);
	return out;
}

#include "base/redact_scan.h"

#include "base/mem.h"

#include <limits.h>

#define LEARNT_MIN 8 /* octets: shorter ones are too likely to stand somewhere by chance */

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
	int high = char_hex(scan_at(text, i + 1)), low = char_hex(scan_at(text, i + 2));

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
	bool hex = char_lower(scan_at(text, i + 2)) == 'x';
	size_t from = i + (hex ? 3 : 2), k = from;
	int v = 0;

	for (; k < from + 8 && char_hex(scan_at(text, k)) >= 0; k++) {
		if (v > 255 || (!hex && !char_is_digit(text.p[k])))
			break;
		v = v * (hex ? 16 : 10) + char_hex(text.p[k]);
	}
	if (k == from || scan_at(text, k) != ';' || v > 127)
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
	if (scan_at(text, i + 1) == '#')
		return read_numeric_reference(text, i, c);
	for (size_t k = 0; k < COUNT(references); k++) {
		if (!str_starts(str_sub(text, i, text.n), str(references[k].reference)))
			continue;
		*c = references[k].c;
		return strlen(references[k].reference);
	}
	return read_plain(text, i, c);
}

/* How often something may be escaped again, by those who quote what was escaped: a hostile text
 * must not be read to its end at each octet.
 */
#define AGAIN_MAX 16

/* The end of what stands for '&' before i, however often it was escaped: "&amp;amp;#71;". */
static size_t past_ampersands(struct str text, size_t i)
{
	static const char *const spelt[] = { "amp;", "#38;", "#x26;" };
	size_t from;

	for (int depth = 0; depth < AGAIN_MAX; depth++) {
		from = i;
		for (size_t k = 0; k < COUNT(spelt) && i == from; k++)
			if (str_istarts(str_sub(text, i, text.n), str(spelt[k])))
				i += strlen(spelt[k]);
		if (i == from)
			break;
	}
	return i;
}

static size_t read_xml_again(struct str text, size_t i, char *c)
{
	size_t end = text.p[i] == '&' ? past_ampersands(text, i + 1) : i + 1, n;
	char reference[16] = "&";
	struct str rest = str_sub(text, end, sizeof(reference) - 1);

	*c = text.p[i];
	if (*c != '&' || !rest.n)
		return end - i;
	memcpy(reference + 1, rest.p, rest.n);
	n = read_xml(str_n(reference, 1 + rest.n), 0, c);
	return end + n - 1 - i;
}

/* "%252547" */
static size_t read_percent_again(struct str text, size_t i, char *c)
{
	size_t end = i + 1;
	int high, low;

	*c = text.p[i];
	if (*c != '%')
		return 1;
	for (int depth = 0; depth < AGAIN_MAX; depth++)
		if (scan_at(text, end) == '2' && scan_at(text, end + 1) == '5')
			end += 2;
	high = char_hex(scan_at(text, end));
	low = char_hex(scan_at(text, end + 1));
	if (high < 0 || low < 0)
		return end - i;
	*c = (char)(high * 16 + low);
	return end + 2 - i;
}

/* Quoted pairs of HTTP; JSON writes quote and backslash the same way. */
static size_t read_quoted_pair(struct str text, size_t i, char *c)
{
	if (text.p[i] != '\\' || i + 1 == text.n)
		return read_plain(text, i, c);
	*c = text.p[i + 1];
	return 2;
}

/* "\\u002d" of JSON and JavaScript. */
static size_t read_unicode_escape(struct str text, size_t i, char *c)
{
	int v = 0;

	if (text.p[i] != '\\' || scan_at(text, i + 1) != 'u')
		return read_plain(text, i, c);
	for (size_t k = i + 2; k < i + 6; k++) {
		int digit = char_hex(scan_at(text, k));

		if (digit < 0 || v > 7) /* past 0x7f it would not be one octet */
			return read_plain(text, i, c);
		v = v * 16 + digit;
	}
	*c = (char)v;
	return 6;
}

/* "\\\\u002d" and "\\\\\\/": each writer doubles the backslashes of the one before. */
static size_t read_backslashes(struct str text, size_t i, char *c)
{
	size_t end = i, n;

	while (end < text.n && text.p[end] == '\\' && end - i < AGAIN_MAX)
		end++;
	if (end - i < 2 || end == text.n)
		return read_plain(text, i, c);
	n = read_unicode_escape(text, end - 1, c);
	if (n > 1)
		return end - 1 + n - i;
	*c = text.p[end];
	return end + 1 - i;
}

/* A dump: "47723379", in either case. */
static size_t read_hex(struct str text, size_t i, char *c)
{
	int high = char_hex(text.p[i]), low = char_hex(scan_at(text, i + 1));

	if (high < 0 || low < 0) {
		*c = '\0';
		return 1;
	}
	*c = (char)(high * 16 + low);
	return 2;
}

static const struct reader {
	size_t (*read)(struct str text, size_t i, char *c);
	size_t least; /* octets of a secret: shorter ones are there by chance */
} readers[] = {
	{ read_plain, 0 },         { read_percent, 0 },     { read_form, 0 },
	{ read_xml, 0 },           { read_quoted_pair, 0 }, { read_unicode_escape, 0 },
	{ read_percent_again, 0 }, { read_xml_again, 0 },   { read_backslashes, 0 },
	{ read_hex, 4 },
};

static void mark_secret(const struct scan *s, struct str secret)
{
	for (size_t r = 0; r < COUNT(readers); r++) {
		for (size_t from = 0; secret.n >= readers[r].least && from < s->text.n; from++) {
			size_t i = from, matched = 0;
			char c;

			while (matched < secret.n && i < s->text.n) {
				i += readers[r].read(s->text, i, &c);
				if (c != secret.p[matched])
					break;
				matched++;
			}
			if (matched == secret.n)
				scan_mark(s, from, i);
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
			scan_mark(s, from, from + n);
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

int redact_add(struct redactor *r, struct str secret)
{
	if (secret.n < 3 || secret.n > INT_MAX / 8 || r->n == COUNT(r->secret))
		return -1;
	r->secret[r->n++] = secret;
	return 0;
}

bool redact_finds(struct str text, struct str secret)
{
	struct scan s = { text, text.n ? mem_alloc(text.n) : NULL };
	bool found =
		secret.n && s.marked && mark_registered(&s, secret) && memchr(s.marked, 1, text.n);

	mem_free(s.marked);
	return found;
}

/* A cookie is sent back among others, and by its value alone. */
static void learn_value(struct redactor *r, struct str run)
{
	while (run.n) {
		struct str part = str_trim(str_cut(&run, ';')), value = part;

		str_cut(&value, '=');
		if (value.n < LEARNT_MIN)
			value = part;
		if (value.n >= LEARNT_MIN && redact_add(r, value))
			return;
	}
}

void redact_learn(struct redactor *r, struct str sent)
{
	struct scan s = { sent, sent.n ? mem_alloc(sent.n) : NULL };

	if (!s.marked)
		return;
	scan_syntax(&s);
	for (size_t i = 0, end; i < sent.n; i = end + 1) {
		for (end = i; end < sent.n && s.marked[end]; end++)
			;
		learn_value(r, str_sub(sent, i, end - i));
	}
	mem_free(s.marked);
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
	scan_syntax(&s);
	out = memchr(s.marked, 1, text.n) ? write_redacted(&s, a) : text;
	mem_free(s.marked);
	return out;
}

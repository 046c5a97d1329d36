#include "base/str.h"

bool char_is_alpha(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool char_is_tchar(char c)
{
	return char_is_alpha(c) || char_is_digit(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

char char_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

int char_hex(char c)
{
	if (char_is_digit(c))
		return c - '0';
	c = char_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_ieq(struct str a, struct str b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (char_lower(a.p[i]) != char_lower(b.p[i]))
			return false;
	return true;
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq(str_n(s.p, prefix.n), prefix);
}

bool str_istarts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_ieq(str_n(s.p, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq(str_sub(s, s.n - suffix.n, suffix.n), suffix);
}

size_t str_find(struct str s, struct str needle)
{
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (str_eq(str_sub(s, i, needle.n), needle))
			return i;
	return (size_t)-1;
}

size_t str_ifind(struct str s, struct str needle)
{
	for (size_t i = 0; i + needle.n <= s.n; i++)
		if (str_ieq(str_sub(s, i, needle.n), needle))
			return i;
	return (size_t)-1;
}

size_t str_chr(struct str s, char c)
{
	const char *at = s.n ? memchr(s.p, c, s.n) : NULL;

	return at ? (size_t)(at - s.p) : (size_t)-1;
}

struct str str_sub(struct str s, size_t from, size_t n)
{
	if (from > s.n)
		from = s.n;
	if (n > s.n - from)
		n = s.n - from;
	return (struct str){ s.p ? s.p + from : NULL, n };
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
	while (s.n && is_space(s.p[0]))
		s = str_sub(s, 1, s.n);
	while (s.n && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct str str_word(struct str *rest)
{
	struct str word;
	size_t n = 0;

	while (rest->n && is_space(rest->p[0]))
		*rest = str_sub(*rest, 1, rest->n);
	while (n < rest->n && !is_space(rest->p[n]))
		n++;
	word = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return word;
}

struct str str_cut(struct str *rest, char sep)
{
	size_t at = str_chr(*rest, sep);
	struct str head = str_sub(*rest, 0, at);

	*rest = str_sub(*rest, at == (size_t)-1 ? rest->n : at + 1, rest->n);
	return head;
}

bool str_has_word(struct str list, struct str word)
{
	for (struct str w = str_word(&list); w.n; w = str_word(&list))
		if (str_eq(w, word))
			return true;
	return false;
}

int str_to_u64(struct str s, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;

	if (s.n == 0)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		uint64_t digit = (uint64_t)(s.p[i] - '0');

		if (!char_is_digit(s.p[i]) || digit > max || v > (max - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*out = v;
	return 0;
}

int str_to_ms(struct str s, int64_t *ms)
{
	static const struct {
		const char *suffix;
		int64_t ms;
	} units[] = {
		{ "", 1000 },   { "ms", 1 },      { "s", 1000 },
		{ "m", 60000 }, { "h", 3600000 }, { "d", 86400000 },
	};
	int64_t sign = s.n && s.p[0] == '-' ? -1 : 1;
	size_t digits = 0;
	uint64_t n;

	if (s.n && (s.p[0] == '-' || s.p[0] == '+'))
		s = str_sub(s, 1, s.n);
	while (digits < s.n && char_is_digit(s.p[digits]))
		digits++;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!str_eq(str_sub(s, digits, s.n), str(units[i].suffix)))
			continue;
		if (str_to_u64(str_sub(s, 0, digits), (uint64_t)(INT64_MAX / units[i].ms), &n))
			return -1;
		*ms = sign * (int64_t)n * units[i].ms;
		return 0;
	}
	return -1;
}

/* On a mismatch go back to the last star and let it take one octet more. */
bool str_glob(struct str s, struct str pattern)
{
	size_t i = 0, k = 0, star = (size_t)-1, star_i = 0;

	while (i < s.n) {
		if (k < pattern.n && pattern.p[k] == '*') {
			star = k++;
			star_i = i;
		} else if (k < pattern.n && (pattern.p[k] == '?' || pattern.p[k] == s.p[i])) {
			i++;
			k++;
		} else if (star != (size_t)-1) {
			k = star + 1;
			i = ++star_i;
		} else {
			return false;
		}
	}
	while (k < pattern.n && pattern.p[k] == '*')
		k++;
	return k == pattern.n;
}

/* Lead octets of RFC 3629 section 4, with the range of the octet that follows. */
static const struct {
	uint8_t first, last, n, low, high;
} utf8_leads[] = {
	{ 0x00, 0x7f, 1, 0, 0 },       { 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf }, { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* Length of the well-formed sequence at the start of s; 0 when there is none. */
static size_t utf8_sequence(struct str s)
{
	const uint8_t *c = (const uint8_t *)s.p;

	for (size_t i = 0; i < sizeof(utf8_leads) / sizeof(utf8_leads[0]); i++) {
		if (c[0] < utf8_leads[i].first || c[0] > utf8_leads[i].last)
			continue;
		if (utf8_leads[i].n > s.n)
			return 0;
		for (size_t k = 1; k < utf8_leads[i].n; k++) {
			uint8_t low = k == 1 ? utf8_leads[i].low : 0x80;
			uint8_t high = k == 1 ? utf8_leads[i].high : 0xbf;

			if (c[k] < low || c[k] > high)
				return 0;
		}
		return utf8_leads[i].n;
	}
	return 0;
}

bool str_is_utf8(struct str s)
{
	while (s.n) {
		size_t n = utf8_sequence(s);

		if (n == 0)
			return false;
		s = str_sub(s, n, s.n);
	}
	return true;
}

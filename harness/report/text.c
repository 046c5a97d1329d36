#include "report/report.h"

#include <stdio.h>

/* The character at the start of s: its length, or 0 when the octets are no UTF-8 (RFC 3629). */
static size_t decode(struct str s, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	static const struct {
		uint8_t first, last, n;
	} leads[] = { { 0, 0x7f, 1 }, { 0xc2, 0xdf, 2 }, { 0xe0, 0xef, 3 }, { 0xf0, 0xf4, 4 } };
	uint8_t lead = (uint8_t)s.p[0];
	size_t n = 0;

	for (size_t i = 0; i < COUNT(leads); i++)
		if (lead >= leads[i].first && lead <= leads[i].last)
			n = leads[i].n;
	if (n == 0 || n > s.n)
		return 0;
	*c = n == 1 ? lead : lead & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if (((uint8_t)s.p[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | ((uint8_t)s.p[i] & 0x3f);
	}
	if (*c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return n;
}

/* What must not stand as it is, in order.  The ranges from U+200E on do not break XML, but they
 * reorder or break the line that a person reads.
 */
static const struct {
	uint32_t first, last;
	bool shown; /* as "#x1B"; false: U+FFFD */
} unfit[] = {
	{ 0x00, 0x08, true },      { 0x0b, 0x1f, true },     { 0x7f, 0x9f, true },
	{ 0x200e, 0x200f, true },  { 0x2028, 0x202e, true }, { 0x2066, 0x2069, true },
	{ 0xfdd0, 0xfdef, false },
};

/* Length of a whole CSI sequence (ECMA-48 5.4) at the start of s, 7 or 8 bit; 0 when there is none.
 */
static size_t csi_length(struct str s)
{
	size_t i = 2;

	if (!str_starts(s, STR("\x1b[")) && !str_starts(s, STR("\xc2\x9b")))
		return 0;
	while (i < s.n && s.p[i] >= 0x30 && s.p[i] <= 0x3f)
		i++;
	while (i < s.n && s.p[i] >= 0x20 && s.p[i] <= 0x2f)
		i++;
	return i < s.n && s.p[i] >= 0x40 && s.p[i] <= 0x7e ? i + 1 : 0;
}

/* Take one character off *s; what is written for it goes to piece. */
static struct str next_piece(struct str *s, char piece[static 16])
{
	static const struct str replacement = { "\xef\xbf\xbd", 3 };
	struct str out = *s;
	uint32_t c = 0;
	size_t n = csi_length(*s);

	if (n || str_starts(*s, STR("\r\n"))) {
		*s = str_sub(*s, n ? n : 1, s->n);
		return STR("");
	}
	n = decode(*s, &c);
	out.n = n;
	*s = str_sub(*s, n ? n : 1, s->n);
	if (n == 0 || (c & 0xfffe) == 0xfffe)
		return replacement;
	for (size_t i = 0; i < COUNT(unfit); i++) {
		if (c < unfit[i].first || c > unfit[i].last)
			continue;
		if (!unfit[i].shown)
			return replacement;
		snprintf(piece, 16, "#x%02X", (unsigned)c);
		return str(piece);
	}
	return out;
}

struct str text_clean(struct arena *a, struct str octets, size_t max_bytes)
{
	struct str note = arena_fmt(a, "... (cut, %zu octets in all)", octets.n), rest = octets;
	size_t room = octets.n < max_bytes / 6 ? octets.n * 6 : max_bytes, n = 0, keep = 0;
	char *out = arena_alloc(a, room + 1), piece[16];

	if (!out)
		return STR("");
	if (note.n > max_bytes)
		note.n = 0;
	while (rest.n) {
		struct str p = next_piece(&rest, piece);

		if (p.n > room - n) {
			if (note.n)
				memcpy(out + keep, note.p, note.n);
			return str_n(out, keep + note.n);
		}
		if (p.n)
			memcpy(out + n, p.p, p.n);
		n += p.n;
		if (n <= max_bytes - note.n)
			keep = n;
	}
	return str_n(out, n);
}

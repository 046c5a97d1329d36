#include "soap/spell_pen.h"

static void add_name(struct pen *p, const char *prefix, const char *name)
{
	buf_puts(&p->b, prefix);
	if (*prefix && *name)
		buf_char(&p->b, ':');
	buf_puts(&p->b, name);
}

void pen_open(struct pen *p, const char *prefix, const char *name)
{
	buf_char(&p->b, '<');
	add_name(p, prefix, name);
}

void pen_raw_attribute(struct pen *p, const char *prefix, const char *name, struct str value)
{
	bool single = p->quotes == 1 || (p->quotes == 2 && p->n_attribute % 2);

	p->n_attribute++;
	buf_puts(&p->b, p->in_tags == 2 ? "\n\t" : " ");
	add_name(p, prefix, name);
	buf_puts(&p->b, p->in_tags == 3 ? " = " : "=");
	buf_char(&p->b, single ? '\'' : '"');
	buf_str(&p->b, value);
	buf_char(&p->b, single ? '\'' : '"');
}

void pen_attribute(struct pen *p, const char *prefix, const char *name, struct str value)
{
	struct buf escaped DEFER(buf_free);

	buf_init(&escaped, PEN_MAX);
	buf_xml(&escaped, value);
	if (!buf_ok(&escaped))
		p->b.failed = true;
	pen_raw_attribute(p, prefix, name, buf_view(&escaped));
}

void pen_namespace(struct pen *p, const char *prefix, const char *uri)
{
	pen_attribute(p, "xmlns", prefix, str(uri));
}

/* White space that the grammar has in front of ">" (XML 1.0, 3.1). */
static void add_end(struct pen *p)
{
	static const char *const spaces[] = { "", " ", "\n", "" };

	buf_puts(&p->b, spaces[p->in_tags]);
}

void pen_content(struct pen *p)
{
	add_end(p);
	buf_char(&p->b, '>');
	p->depth++;
}

void pen_close(struct pen *p, const char *prefix, const char *name)
{
	p->depth--;
	buf_puts(&p->b, "</");
	add_name(p, prefix, name);
	add_end(p);
	buf_char(&p->b, '>');
}

void pen_nothing(struct pen *p, const char *prefix, const char *name)
{
	if (p->empty == 1) {
		pen_content(p);
		pen_close(p, prefix, name);
		return;
	}
	buf_puts(&p->b, p->empty == 2 ? " />" : "/>");
}

void pen_between(struct pen *p)
{
	static const char *const breaks[] = { "", "\n", "\r\n", " \t " };

	buf_puts(&p->b, breaks[p->between]);
	for (int i = 0; i < p->depth && p->between; i++)
		buf_puts(&p->b, "  ");
}

/* --- text --- */

static void add_cdata(struct pen *p, struct str text)
{
	size_t at;

	buf_puts(&p->b, "<![CDATA[");
	while ((at = str_find(text, STR("]]>"))) != (size_t)-1) {
		buf_str(&p->b, str_sub(text, 0, at + 2));
		buf_puts(&p->b, "]]><![CDATA[");
		text = str_sub(text, at + 2, text.n);
	}
	buf_str(&p->b, text);
	buf_puts(&p->b, "]]>");
}

/* Octets above ASCII stay: a reference names a character, and they are parts of one. */
static void add_references(struct pen *p, struct str text, const char *format)
{
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] >= 0x80)
			buf_char(&p->b, text.p[i]);
		else if (format[2] == 'x')
			buf_fmt(&p->b, "&#x%x;", (unsigned)text.p[i]);
		else
			buf_fmt(&p->b, "&#%u;", (unsigned)text.p[i]);
	}
}

/* Somewhere near the middle, and not within a character of UTF-8. */
static size_t middle(struct str s)
{
	size_t i = s.n / 2;

	while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80)
		i++;
	return i;
}

void pen_text(struct pen *p, enum pen_text how, struct str text)
{
	size_t half = middle(text);
	struct str head = str_sub(text, 0, half), tail = str_sub(text, half, text.n);

	switch (how) {
	case TEXT_CDATA:
		add_cdata(p, text);
		return;
	case TEXT_DECIMAL:
		add_references(p, text, "&#u");
		return;
	case TEXT_HEX:
		add_references(p, text, "&#x");
		return;
	case TEXT_FIRST_HEX:
		add_references(p, str_sub(text, 0, 1), "&#x");
		buf_xml(&p->b, str_sub(text, 1, text.n));
		return;
	case TEXT_TWO_CDATA:
		add_cdata(p, head);
		add_cdata(p, tail);
		return;
	case TEXT_HALF_CDATA:
		buf_xml(&p->b, head);
		add_cdata(p, tail);
		return;
	case TEXT_PLAIN:
	case TEXTS:
		break;
	}
	buf_xml(&p->b, text);
}

/* --- encodings --- */

static void add_unit(struct buf *b, uint32_t unit, bool big)
{
	char high = (char)(unit >> 8), low = (char)(unit & 0xff);

	buf_char(b, big ? high : low);
	buf_char(b, big ? low : high);
}

/* One character of well-formed UTF-8 off *rest. */
static uint32_t take_character(struct str *rest)
{
	static const unsigned char masks[] = { 0x7f, 0, 0x1f, 0x0f, 0x07 };
	unsigned char first = (unsigned char)rest->p[0];
	size_t n = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t c = first & masks[n == 1 ? 0 : n];

	for (size_t i = 1; i < n && i < rest->n; i++)
		c = c << 6 | ((unsigned char)rest->p[i] & 0x3f);
	*rest = str_sub(*rest, n, rest->n);
	return c;
}

struct str pen_utf16(struct arena *a, struct str text, bool big)
{
	struct buf b DEFER(buf_free);

	buf_init(&b, 2 * PEN_MAX);
	add_unit(&b, 0xfeff, big);
	while (text.n) {
		uint32_t c = take_character(&text);

		if (c < 0x10000) {
			add_unit(&b, c, big);
			continue;
		}
		add_unit(&b, 0xd800 | (c - 0x10000) >> 10, big);
		add_unit(&b, 0xdc00 | ((c - 0x10000) & 0x3ff), big);
	}
	if (!buf_ok(&b))
		a->failed = true;
	return arena_str(a, buf_view(&b));
}

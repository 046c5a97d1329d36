#include "report/html.h"

void html_put(struct html *h, const char *markup)
{
	buf_puts(&h->b, markup);
}

void html_fmt(struct html *h, const char *markup, ...)
{
	va_list ap;

	va_start(ap, markup);
	buf_vfmt(&h->b, markup, ap);
	va_end(ap);
}

void html_own(struct html *h, struct str text)
{
	buf_xml(&h->b, write_own(&h->one, text, 2000));
}

void html_told(struct html *h, struct str text, size_t max_bytes)
{
	buf_xml(&h->b, write_line(&h->one, h->o->redactor, text, max_bytes));
}

static void open_tag(struct html *h, const char *tag, const char *name)
{
	if (name)
		html_fmt(h, "<%s class=\"%s\">", tag, name);
	else
		html_fmt(h, "<%s>", tag);
}

void html_own_in(struct html *h, const char *tag, const char *name, struct str text)
{
	if (!text.n)
		return;
	open_tag(h, tag, name);
	html_own(h, text);
	html_fmt(h, "</%s>\n", tag);
}

void html_told_in(struct html *h, const char *tag, const char *name, struct str text)
{
	if (!text.n)
		return;
	open_tag(h, tag, name);
	html_told(h, text, 2000);
	html_fmt(h, "</%s>\n", tag);
}

void html_prose_in(struct html *h, const char *tag, struct str text)
{
	struct str rest = write_line(&h->one, h->o->redactor, text, 4000);

	html_fmt(h, "<%s>", tag);
	for (;;) {
		size_t from = str_chr(rest, '`'), n;
		struct str behind = str_sub(rest, from + 1, rest.n);

		n = from == (size_t)-1 ? from : str_chr(behind, '`');
		if (n == (size_t)-1)
			break;
		buf_xml(&h->b, str_sub(rest, 0, from));
		html_put(h, "<code>");
		buf_xml(&h->b, str_sub(behind, 0, n));
		html_put(h, "</code>");
		rest = str_sub(behind, n + 1, behind.n);
	}
	buf_xml(&h->b, rest);
	html_fmt(h, "</%s>\n", tag);
}

void html_row(struct html *h, const char *label, struct str text)
{
	if (!text.n)
		return;
	html_fmt(h, "<div><dt>%s</dt>", label);
	html_told_in(h, "dd", NULL, text);
	html_put(h, "</div>\n");
}

void html_token(struct html *h, struct str text)
{
	for (size_t i = 0; i < text.n && i < 120; i++) {
		char c = text.p[i];
		bool plain = char_is_alpha(c) || char_is_digit(c) || c == '.' || c == '-';

		buf_char(&h->b, plain ? c : '_');
	}
}

void html_mark_word(struct html *h, const char *word, size_t n)
{
	html_fmt(h, "<b class=\"v v-%s\">", word);
	if (n)
		html_fmt(h, "%zu ", n);
	html_fmt(h, "%s</b> ", word);
}

void html_mark(struct html *h, enum verdict v, size_t n)
{
	html_mark_word(h, verdict_name(v), n);
}

void html_plural(struct html *h, size_t n, const char *one, const char *many)
{
	html_fmt(h, "%zu %s", n, n == 1 ? one : many);
}

struct str html_duration(struct arena *a, int64_t s)
{
	static const struct {
		int64_t s;
		const char *name, *below;
	} units[] = { { 86400, "d", "h" }, { 3600, "h", "min" }, { 60, "min", "s" } };
	static const int64_t below[] = { 3600, 60, 1 };

	for (size_t i = 0; i < COUNT(units); i++) {
		int64_t rest = s % units[i].s / below[i];

		if (s < units[i].s)
			continue;
		if (!rest)
			return arena_fmt(a, "%" PRId64 " %s", s / units[i].s, units[i].name);
		return arena_fmt(a, "%" PRId64 " %s %" PRId64 " %s", s / units[i].s, units[i].name,
				 rest, units[i].below);
	}
	return arena_fmt(a, "%" PRId64 " s", s);
}

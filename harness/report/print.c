#include "report/print.h"

#define ROW_INDENT  14
#define ARENA_MAX   (64u << 20)
#define MIN_COLUMNS 40

static const char *const styles[] = {
	[STYLE_PLAIN] = "",        [STYLE_BOLD] = "\x1b[1m",   [STYLE_GOOD] = "\x1b[32m",
	[STYLE_WARN] = "\x1b[33m", [STYLE_BAD] = "\x1b[1;31m", [STYLE_ODD] = "\x1b[35m",
};

void print_start(struct printer *p, FILE *f, const struct redactor *r,
		 const struct console_options *o)
{
	*p = (struct printer){ .f = f, .redactor = r, .colour = o->colour, .width = o->width };
	if (p->width == 0)
		p->width = 100;
	if (p->width < MIN_COLUMNS)
		p->width = MIN_COLUMNS;
	arena_init(&p->a, ARENA_MAX);
}

void print_end(struct printer *p)
{
	arena_free(&p->a);
}

void print_styled(struct printer *p, enum print_style style, const char *word)
{
	bool on = p->colour && style != STYLE_PLAIN;

	fprintf(p->f, "%s%s%s", on ? styles[style] : "", word, on ? "\x1b[0m" : "");
}

/* Characters, of valid UTF-8: near enough to columns. */
static int columns(struct str s)
{
	int n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ((uint8_t)s.p[i] & 0xc0) != 0x80;
	return n;
}

/* CI services obey "::name::" at the start of a line and "##[name]" or "##vso[" anywhere in it, and
 * a device must not be able to command them: such a word is parted.
 */
static void print_word(FILE *f, struct str w)
{
	if (str_starts(w, STR("::"))) {
		fputs(": ", f);
		w = str_sub(w, 1, w.n);
	}
	for (size_t at; (at = str_find(w, STR("##"))) != (size_t)-1;) {
		fwrite(w.p, 1, at + 1, f);
		fputc(' ', f);
		w = str_sub(w, at + 1, w.n);
	}
	fwrite(w.p, 1, w.n, f);
}

bool print_commands_ci(struct str text)
{
	while (text.n) {
		struct str line = str_trim(str_cut(&text, '\n'));

		if (str_starts(line, STR("::")) || str_find(line, STR("##")) != (size_t)-1)
			return true;
	}
	return false;
}

void print_wrapped(struct printer *p, int column, int indent, struct str text)
{
	bool first = true;

	for (struct str w = str_word(&text); w.n; w = str_word(&text)) {
		int n = columns(w);

		if (!first && column + 1 + n > p->width) {
			fprintf(p->f, "\n%*s", indent, "");
			column = indent;
		} else if (!first) {
			fputc(' ', p->f);
			column++;
		}
		print_word(p->f, w);
		column += n;
		first = false;
	}
	fputc('\n', p->f);
}

void print_row(struct printer *p, const char *label, struct str text)
{
	fprintf(p->f, "%-*s", ROW_INDENT, label ? label : "");
	print_wrapped(p, ROW_INDENT, ROW_INDENT, text);
}

#include "report/diff.h"

#define WORDS_MAX 4096       /* of one message */
#define CELLS_MAX (1u << 21) /* of the table below */

/* A word, and the field or element that it belongs to: `nc` of `nc=00000001`, `Created` of the text
 * of <wsu:Created>, `Host` of that field's value.
 */
struct word {
	struct str text, field;
	bool apart;  /* not in the other message */
	size_t gone; /* words of the control that are missing before it */
	size_t gone_from;
};

struct words {
	struct word *v;
	size_t n;
};

static bool is_break(char c)
{
	return c != '\0' && strchr(" \t\n\"<>,;", c);
}

/* "=" ends a name, but not where it pads Base64 or stands before a quote. */
static bool ends_name(struct str s, size_t at)
{
	return s.p[at] == '=' && at + 1 < s.n && s.p[at + 1] != '=' && !is_break(s.p[at + 1]);
}

static size_t word_length(struct str s)
{
	size_t n = 1;

	if (is_break(s.p[0]) || ends_name(s, 0))
		return 1;
	while (n < s.n && !is_break(s.p[n]) && !ends_name(s, n))
		n++;
	return n;
}

static struct str local_name(struct str name)
{
	size_t colon = str_chr(name, ':');

	return colon == (size_t)-1 ? name : str_sub(name, colon + 1, name.n);
}

/* Where the reading is: which element, which field, and what stood before. */
struct place {
	struct str element, field, before;
	bool line_start, marker; /* marker: in a line of X-Countersign, which is all one value */
};

static void place_word(struct place *p, struct str word, struct str rest)
{
	char next = rest.n ? rest.p[0] : '\0', last = word.p[word.n - 1];

	if (str_eq(word, STR("\n")))
		p->marker = false;
	if (p->marker)
		return;
	if (str_eq(word, STR("\n")) || str_eq(word, STR(">")))
		p->field = p->element;
	else if (str_eq(p->before, STR("<")))
		p->field = p->element = local_name(word);
	else if (p->line_start && last == ':')
		p->field = str_sub(word, 0, word.n - 1);
	else if (last == '=' && next == '"')
		p->field = local_name(str_sub(word, 0, word.n - 1));
	else if (next == '=' && !is_break(word.p[0]))
		p->field = local_name(word);
	p->marker = p->line_start && str_ieq(word, STR("X-Countersign:"));
	p->line_start = str_eq(word, STR("\n"));
	p->before = word;
}

static bool read_words(struct arena *a, struct str text, struct words *out)
{
	struct place place = { .line_start = true };

	*out = (struct words){ arena_array(a, struct word, WORDS_MAX), 0 };
	while (out->v && text.n) {
		struct str word = str_sub(text, 0, word_length(text));

		if (out->n == WORDS_MAX)
			return false;
		text = str_sub(text, word.n, text.n);
		place_word(&place, word, text);
		out->v[out->n++] = (struct word){ .text = word, .field = place.field };
	}
	return out->v;
}

/* --- what is apart --- */

struct span {
	struct word *v;
	size_t n;
};

/* Lengths of the longest common subsequences of all ends, (x.n + 1) * (y.n + 1) of them. */
static uint16_t *common_lengths(struct arena *a, struct span x, struct span y)
{
	size_t row = y.n + 1;
	uint16_t *len = arena_array(a, uint16_t, (x.n + 1) * row);

	for (size_t i = x.n; len && i-- > 0;) {
		for (size_t k = y.n; k-- > 0;) {
			uint16_t down = len[(i + 1) * row + k], right = len[i * row + k + 1];

			len[i * row + k] = str_eq(x.v[i].text, y.v[k].text)
						   ? (uint16_t)(len[(i + 1) * row + k + 1] + 1)
					   : down > right ? down
							  : right;
		}
	}
	return len;
}

static void mark_apart(struct arena *a, struct span x, struct span y, size_t y_from)
{
	size_t i = 0, k = 0, row = y.n + 1;
	const uint16_t *len = (x.n + 1) * row <= CELLS_MAX ? common_lengths(a, x, y) : NULL;

	while (len && i < x.n && k < y.n) {
		if (str_eq(x.v[i].text, y.v[k].text)) {
			i++;
			k++;
		} else if (len[(i + 1) * row + k] >= len[i * row + k + 1]) {
			x.v[i++].apart = true;
		} else {
			if (!x.v[i].gone++)
				x.v[i].gone_from = y_from + k;
			k++;
		}
	}
	for (; i < x.n; i++)
		x.v[i].apart = true;
}

static void compare(struct arena *a, struct words *text, const struct words *control)
{
	struct span x = { text->v, text->n }, y = { control->v, control->n };
	size_t from = 0;

	while (from < x.n && from < y.n && str_eq(x.v[from].text, y.v[from].text))
		from++;
	while (x.n > from && y.n > from && str_eq(x.v[x.n - 1].text, y.v[y.n - 1].text)) {
		x.n--;
		y.n--;
	}
	x = (struct span){ x.v + from, x.n - from };
	y = (struct span){ y.v + from, y.n - from };
	if (!x.n && y.n && from < text->n) { /* only left out */
		text->v[from].gone = y.n;
		text->v[from].gone_from = from;
	}
	if (x.n)
		mark_apart(a, x, y, from);
}

/* --- what it means --- */

static bool same_name(struct str x, struct str y)
{
	size_t i = 0, k = 0;

	for (;;) {
		while (i < x.n && x.p[i] == '-')
			i++;
		while (k < y.n && y.p[k] == '-')
			k++;
		if (i == x.n || k == y.n)
			return i == x.n && k == y.n && i > 0;
		if (char_lower(x.p[i++]) != char_lower(y.p[k++]))
			return false;
	}
}

static bool is_named(struct str field, const struct str *named, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (same_name(field, named[i]))
			return true;
	return false;
}

/* What a correct client makes anew for each request. */
static bool is_fresh(struct str field)
{
	static const char *const fresh[] = { "nonce",    "cnonce",  "nc",
					     "response", "created", "expires",
					     "password", "opaque",  "content-length",
					     "date",     "id",      "x-countersign" };

	for (size_t i = 0; i < COUNT(fresh); i++)
		if (same_name(field, str(fresh[i])))
			return true;
	return false;
}

static enum diff_kind kind_of(const struct word *w, const struct str *named, size_t n_named)
{
	if (!w->apart)
		return DIFF_SAME;
	return !is_fresh(w->field) || is_named(w->field, named, n_named) ? DIFF_DEVIATION
									 : DIFF_FRESH;
}

static bool is_value(const struct word *w)
{
	char last = w->text.p[w->text.n - 1];

	return !is_break(last) && last != '=' && last != ':' &&
	       !same_name(local_name(w->text), w->field) && w->text.p[0] != '/';
}

static void put_piece(struct diff *d, enum diff_kind kind, struct str text)
{
	struct diff_piece *last = d->n ? &d->piece[d->n - 1] : NULL;

	if (last && last->kind == kind && last->text.p + last->text.n == text.p)
		last->text.n += text.n;
	else
		d->piece[d->n++] = (struct diff_piece){ kind, text };
}

static struct str words_text(const struct words *w, size_t from, size_t n)
{
	const struct str last = w->v[from + n - 1].text;

	return str_n(w->v[from].text.p, (size_t)(last.p + last.n - w->v[from].text.p));
}

/* What was replaced is seen in the control; only what was left out stands here as well. */
static bool left_out(const struct words *text, size_t i)
{
	return text->v[i].gone && !text->v[i].apart && (i == 0 || !text->v[i - 1].apart);
}

struct diff diff_messages(struct arena *a, struct str text, struct str control,
			  const struct str *named, size_t n_named)
{
	struct words words, other;
	struct diff d = { 0 };

	if (!read_words(a, text, &words) || !read_words(a, control, &other)) {
		d.piece = arena_new(a, struct diff_piece);
		if (d.piece)
			d.piece[d.n++] = (struct diff_piece){ DIFF_SAME, text };
		return d;
	}
	if (control.p)
		compare(a, &words, &other);
	d.piece = arena_array(a, struct diff_piece, 2 * words.n + 1);
	for (size_t i = 0; d.piece && i < words.n; i++) {
		const struct word *w = &words.v[i];
		enum diff_kind kind = kind_of(w, named, n_named);

		if (left_out(&words, i))
			put_piece(&d, DIFF_REMOVED, words_text(&other, w->gone_from, w->gone));
		if (is_value(w) && is_named(w->field, named, n_named))
			kind = DIFF_DEVIATION;
		put_piece(&d, kind, w->text);
	}
	return d;
}

#include "report/markdown.h"

static bool is_word(struct str text, size_t i)
{
	return i < text.n && (char_is_alpha(text.p[i]) || char_is_digit(text.p[i]));
}

/* Inside a word these mean nothing, nor does the end of a sentence, and a reader of the source sees
 * ids as they are; "www." would make a link of what follows (GFM 6.9), and "1. " a list.
 */
static bool plain_inside(struct str text, size_t i)
{
	bool before = i > 0 && is_word(text, i - 1), after = is_word(text, i + 1);

	if (text.p[i] == '.')
		return before && !str_ieq(str_sub(text, i >= 3 ? i - 3 : i, 3), STR("www")) &&
		       (after || char_is_alpha(text.p[i - 1]));
	return (text.p[i] == '-' || text.p[i] == '_') && before && after;
}

static bool plain(struct str text, size_t i)
{
	char c = text.p[i];

	if ((uint8_t)c >= 0x80 || c == ' ' || is_word(text, i))
		return true;
	return c && (strchr(",;?'()/%=\"", c) || plain_inside(text, i));
}

void markdown_text(struct buf *b, struct str text)
{
	for (size_t i = 0; i < text.n; i++) {
		if (plain(text, i))
			buf_char(b, text.p[i]);
		else
			buf_fmt(b, "&#%d;", text.p[i]);
		/* References are read before "@name" and "#1" become links. */
		if (text.p[i] == '@' || text.p[i] == '#')
			buf_puts(b, "<wbr>");
	}
}

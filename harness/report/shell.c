#include "report/shell.h"

static bool is_printable(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x20 || (unsigned char)s.p[i] > 0x7e)
			return false;
	return true;
}

static void quoted_octet(struct buf *b, unsigned char c)
{
	static const struct {
		char c;
		const char *text;
	} escapes[] = {
		{ '\n', "\\n" }, { '\r', "\\r" }, { '\t', "\\t" }, { '\'', "\\'" }, { '\\', "\\\\" }
	};

	for (size_t i = 0; i < COUNT(escapes); i++) {
		if ((unsigned char)escapes[i].c != c)
			continue;
		buf_puts(b, escapes[i].text);
		return;
	}
	if (c < 0x20 || c > 0x7e)
		buf_fmt(b, "\\x%02x", c);
	else
		buf_char(b, (char)c);
}

static bool is_bare(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_is_alpha(s.p[i]) && !char_is_digit(s.p[i]) &&
		    !strchr("-_./:@%+,", s.p[i]))
			return false;
	return s.n > 0;
}

bool shell_word(struct buf *b, struct str text)
{
	bool printable = is_printable(text);

	if (memchr(text.p ? text.p : "", '\0', text.n))
		return false;
	if (is_bare(text)) {
		buf_str(b, text);
		return true;
	}
	buf_puts(b, printable ? "'" : "$'");
	for (size_t i = 0; i < text.n; i++) {
		if (printable && text.p[i] == '\'')
			buf_puts(b, "'\\''");
		else if (printable)
			buf_char(b, text.p[i]);
		else
			quoted_octet(b, (unsigned char)text.p[i]);
	}
	buf_char(b, '\'');
	return true;
}

/* The redactor masks what stands between <Password> and its end tag, and in a command that is a
 * variable: so the name of the element is one too, and the redactor need not trust this file.
 */
static const char password_tag[] = "Password";

static bool literal(struct buf *b, struct str text)
{
	while (text.n) {
		size_t at = str_find(text, str(password_tag));
		bool tag =
			at != (size_t)-1 && at && (text.p[at - 1] == ':' || text.p[at - 1] == '<');
		size_t end = at == (size_t)-1 ? text.n : tag ? at : at + strlen(password_tag);

		if (end && !shell_word(b, str_sub(text, 0, end)))
			return false;
		if (tag) {
			buf_puts(b, "\"$tag\"");
			end += strlen(password_tag);
		}
		text = str_sub(text, end, text.n);
	}
	return true;
}

bool shell_template(struct buf *b, struct str text, const struct shell_variable *v, size_t n)
{
	while (text.n) {
		size_t first = text.n, length = 0;
		const char *name = NULL;

		for (size_t i = 0; i < n; i++) {
			size_t at = v[i].octets.n ? str_find(text, v[i].octets) : (size_t)-1;

			if (at == (size_t)-1 || at > first ||
			    (at == first && v[i].octets.n <= length))
				continue;
			first = at;
			length = v[i].octets.n;
			name = v[i].name;
		}
		if (first && !literal(b, str_sub(text, 0, first)))
			return false;
		if (name)
			buf_fmt(b, "\"$%s\"", name);
		text = str_sub(text, first + length, text.n);
	}
	return true;
}

#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Octets of the UTF-8 sequence that starts with c; 1 for anything that starts none. */
static size_t utf8_length(unsigned char c)
{
	return c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
}

/* A sequence that was cut at the end goes away as a whole. */
static void drop_cut_tail(char *text)
{
	size_t n = strlen(text), lead = n;

	while (lead > 0 && n - lead < 3 && ((unsigned char)text[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead > 0 && utf8_length((unsigned char)text[lead - 1]) > n - lead + 1)
		text[lead - 1] = '\0';
}

static void one_line(char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x20 || c == 0x7f)
			*text = '?';
	}
}

/* Takes text that may be too long for err->text. */
static void store(struct err *err, const char *text, size_t n)
{
	size_t room = sizeof(err->text) - 1;
	size_t kept = n < room ? n : room;

	memcpy(err->text, text, kept);
	err->text[kept] = '\0';
	if (n > kept)
		drop_cut_tail(err->text);
	one_line(err->text);
}

/* The text may quote err->text itself, hence the copy. */
int err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	char text[sizeof(err->text) + 4];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	err->code = code;
	store(err, text, strlen(text));
	return -1;
}

int err_system(struct err *err, enum err_code code, int number, const char *fmt, ...)
{
	char what[256], why[128] = "";
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(what, sizeof(what), fmt, ap) < 0)
		what[0] = '\0';
	va_end(ap);
	if (strerror_r(number, why, sizeof(why)))
		why[0] = '\0';
	return err_set(err, code, "%s: %s", what, why);
}

int err_prefix(struct err *err, const char *fmt, ...)
{
	char text[2 * sizeof(err->text) + 4];
	size_t n, old = strlen(err->text);
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(err->text), fmt, ap) < 0)
		text[0] = '\0';
	va_end(ap);
	drop_cut_tail(text);
	n = strlen(text);
	memcpy(text + n, ": ", 2);
	memcpy(text + n + 2, err->text, old);
	store(err, text, n + 2 + old);
	return -1;
}

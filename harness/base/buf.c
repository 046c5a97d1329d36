#include "base/buf.h"

#include "base/mem.h"

#include <stdio.h>

void buf_init(struct buf *b, size_t max_bytes)
{
	*b = (struct buf){ .max_bytes = max_bytes };
}

void buf_free(struct buf *b)
{
	mem_free(b->p);
	*b = (struct buf){ .max_bytes = b->max_bytes };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->failed = b->no_memory = false;
	if (b->p)
		b->p[0] = '\0';
}

/* Make room for n octets more and a NUL. */
static bool reserve(struct buf *b, size_t n)
{
	size_t room = b->room ? b->room : 64;
	char *p;

	if (b->failed)
		return false;
	if (b->max_bytes < b->n || n > b->max_bytes - b->n || b->n + n == SIZE_MAX) {
		b->failed = true;
		return false;
	}
	if (b->n + n < b->room)
		return true;
	while (room <= b->n + n)
		room = room > SIZE_MAX / 2 ? b->n + n + 1 : room * 2;
	p = mem_grow(b->p, room);
	if (!p) {
		b->failed = b->no_memory = true;
		return false;
	}
	b->p = p;
	b->room = room;
	return true;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	if (!reserve(b, n))
		return;
	if (n)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_str(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void buf_puts(struct buf *b, const char *s)
{
	buf_str(b, str(s));
}

void buf_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_vfmt(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	if (n < 0)
		b->failed = true;
	if (n >= 0 && reserve(b, (size_t)n)) {
		vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vfmt(b, fmt, ap);
	va_end(ap);
}

void buf_xml(struct buf *b, struct str s)
{
	static const char special[] = "&<>\"'";
	static const char *const references[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&apos;" };

	for (size_t i = 0; i < s.n; i++) {
		const char *at = s.p[i] ? strchr(special, s.p[i]) : NULL;

		if (at)
			buf_puts(b, references[at - special]);
		else
			buf_char(b, s.p[i]);
	}
}

bool buf_ok(const struct buf *b)
{
	return !b->failed;
}

struct str buf_view(const struct buf *b)
{
	return (struct str){ b->p ? b->p : "", b->n };
}

int buf_check(const struct buf *b, const char *what, struct err *err)
{
	if (!b->failed)
		return 0;
	if (b->no_memory)
		return err_set(err, ERR_NOMEM, "no memory for %s", what);
	return err_set(err, ERR_LIMIT, "%s is longer than %zu octets", what, b->max_bytes);
}

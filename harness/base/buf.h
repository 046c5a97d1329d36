/* buf.h - a growing run of octets with a cap that is stated at the start.
 *
 * Failure is sticky: after the cap or an allocation failed, every call is a no-op and buf_ok()
 * is false, so a writer checks once, at its end.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>

struct buf {
	char *p; /* always NUL-terminated when not NULL */
	size_t n, room;
	size_t max_bytes;
	bool failed, no_memory; /* no_memory: an allocation failed, not the cap */
};

void buf_init(struct buf *b, size_t max_bytes);
void buf_free(struct buf *b);  /* NULL-safe members; b can be used again after buf_init */
void buf_clear(struct buf *b); /* length 0, failure forgotten, memory kept */
void buf_add(struct buf *b, const void *p, size_t n);
void buf_str(struct buf *b, struct str s);
void buf_puts(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_fmt(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vfmt(struct buf *b, const char *fmt, va_list ap) PRINTF(2, 0);
/* s with & < > " ' written as XML references; other octets as they are. */
void buf_xml(struct buf *b, struct str s);
bool buf_ok(const struct buf *b);
struct str buf_view(const struct buf *b); /* valid until the next write */
/* 0, or -1 with ERR_LIMIT or ERR_NOMEM and "what" in the text. */
int buf_check(const struct buf *b, const char *what, struct err *err) MUST_CHECK;

#endif

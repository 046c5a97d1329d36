/* arena.h - memory that lives as long as a case (or a run): allocate often, free once.
 *
 * Failure is sticky like in buf.h: string functions then give the empty view, arena_alloc gives
 * NULL, and arena_ok() is false.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t total_bytes, max_bytes;
	bool failed;
};

void arena_init(struct arena *a, size_t max_bytes);
void arena_free(struct arena *a); /* a can be used again after arena_init */
/* Zeroed memory, aligned for any type; NULL on failure. */
void *arena_alloc(struct arena *a, size_t bytes) MUST_CHECK;
#define arena_new(a, type)      ((type *)arena_alloc((a), sizeof(type)))
#define arena_array(a, type, n) ((type *)arena_alloc_n((a), sizeof(type), (n)))
void *arena_alloc_n(struct arena *a, size_t size, size_t n) MUST_CHECK;
/* Copies; a NUL follows the octets so that .p can be given to C functions. */
struct str arena_str(struct arena *a, struct str s);
struct str arena_fmt(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
struct str arena_vfmt(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0);
struct str arena_concat(struct arena *a, struct str x, struct str y);
bool arena_ok(const struct arena *a);
int arena_check(const struct arena *a, struct err *err) MUST_CHECK; /* -1, ERR_NOMEM */

#endif

#include "base/arena.h"

#include "base/mem.h"

#include <stdalign.h>
#include <stdio.h>

#define BLOCK_BYTES 8192

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	alignas(max_align_t) char octets[];
};

void arena_init(struct arena *a, size_t max_bytes)
{
	*a = (struct arena){ .max_bytes = max_bytes };
}

void arena_free(struct arena *a)
{
	struct arena_block *next;

	for (struct arena_block *b = a->head; b; b = next) {
		next = b->next;
		mem_free(b);
	}
	*a = (struct arena){ .max_bytes = a->max_bytes };
}

/* What does not fit well gets a block of its own behind the head, so that the head's rest stays
 * in use.
 */
static struct arena_block *add_block(struct arena *a, size_t bytes)
{
	bool large = bytes > BLOCK_BYTES / 4;
	size_t room = large ? bytes : BLOCK_BYTES;
	struct arena_block *b = mem_alloc(sizeof(*b) + room);

	if (!b)
		return NULL;
	b->room = room;
	if (large && a->head) {
		b->next = a->head->next;
		a->head->next = b;
	} else {
		b->next = a->head;
		a->head = b;
	}
	return b;
}

static void *fail(struct arena *a)
{
	a->failed = true;
	return NULL;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *b = a->head;
	size_t rounded;
	void *p;

	if (a->failed || bytes > SIZE_MAX / 2)
		return fail(a);
	rounded = (bytes + align - 1) / align * align;
	if (rounded == 0)
		rounded = align;
	if (a->max_bytes < a->total_bytes || rounded > a->max_bytes - a->total_bytes)
		return fail(a);
	if (!b || rounded > b->room - b->used) {
		b = add_block(a, rounded);
		if (!b)
			return fail(a);
	}
	p = b->octets + b->used; /* mem_alloc zeroed it */
	b->used += rounded;
	a->total_bytes += rounded;
	return p;
}

void *arena_alloc_n(struct arena *a, size_t size, size_t n)
{
	if (size && n > SIZE_MAX / size)
		return fail(a);
	return arena_alloc(a, size * n);
}

struct str arena_str(struct arena *a, struct str s)
{
	return arena_concat(a, s, (struct str){ NULL, 0 });
}

struct str arena_concat(struct arena *a, struct str x, struct str y)
{
	char *p =
		x.n < SIZE_MAX / 4 && y.n < SIZE_MAX / 4 ? arena_alloc(a, x.n + y.n + 1) : fail(a);

	if (!p)
		return (struct str){ "", 0 };
	if (x.n)
		memcpy(p, x.p, x.n);
	if (y.n)
		memcpy(p + x.n, y.p, y.n);
	return (struct str){ p, x.n + y.n };
}

struct str arena_vfmt(struct arena *a, const char *fmt, va_list ap)
{
	struct str out = { "", 0 };
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	p = n < 0 ? fail(a) : arena_alloc(a, (size_t)n + 1);
	if (p) {
		vsnprintf(p, (size_t)n + 1, fmt, again);
		out = str_n(p, (size_t)n);
	}
	va_end(again);
	return out;
}

struct str arena_fmt(struct arena *a, const char *fmt, ...)
{
	struct str out;
	va_list ap;

	va_start(ap, fmt);
	out = arena_vfmt(a, fmt, ap);
	va_end(ap);
	return out;
}

bool arena_ok(const struct arena *a)
{
	return !a->failed;
}

int arena_check(const struct arena *a, struct err *err)
{
	if (!a->failed)
		return 0;
	return err_set(err, ERR_NOMEM, "no memory (%zu of at most %zu octets are in use)",
		       a->total_bytes, a->max_bytes);
}

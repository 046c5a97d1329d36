#include "base/mem.h"

#include <stdbool.h>
#include <stdlib.h>

/* Only tests write this, before they start anything that allocates. */
static long allocations_left = -1;

static bool may_allocate(void)
{
	if (allocations_left < 0)
		return true;
	if (allocations_left == 0)
		return false;
	allocations_left--;
	return true;
}

/* One octet at least: an empty allocation must not look like a failure. */
static size_t not_zero(size_t bytes)
{
	return bytes ? bytes : 1;
}

void *mem_alloc(size_t bytes)
{
	return may_allocate() ? calloc(1, not_zero(bytes)) : NULL;
}

void *mem_grow(void *p, size_t bytes)
{
	return may_allocate() ? realloc(p, not_zero(bytes)) : NULL;
}

void mem_free(void *p)
{
	free(p);
}

void mem_fail_after(long n)
{
	allocations_left = n;
}

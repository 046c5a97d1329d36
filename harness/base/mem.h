/* mem.h - the one allocator, so that a test can make the i-th allocation fail. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_alloc(size_t bytes);         /* zeroed; NULL on failure */
void *mem_grow(void *p, size_t bytes); /* realloc; p stays valid on failure */
void mem_free(void *p);
/* Tests only: let n allocations succeed, then fail each one; -1 turns it off. */
void mem_fail_after(long n);

#endif

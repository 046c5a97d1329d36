/* check.h - what the unit tests of base/ and auth/ share: cmocka, an arena, and views compared. */
#ifndef TESTS_CHECK_H
#define TESTS_CHECK_H

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static struct arena arena;
static struct err err;

static int check_setup(void **state)
{
	(void)state;
	arena_init(&arena, 16u << 20);
	err = (struct err){ .code = ERR_NONE };
	return 0;
}

static int check_teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

#define CHECK(test) cmocka_unit_test_setup_teardown(test, check_setup, check_teardown)

/* label says which row of a table it is. */
static inline void check_view(struct str got, struct str want, const char *label)
{
	if (!str_eq(got, want))
		print_error("%s: got \"%.*s\", want \"%.*s\"\n", label, STR_ARG(got),
			    STR_ARG(want));
	assert_true(str_eq(got, want));
}

#define check_str(got, want) check_view((got), STR(want), #got)

#endif

/* mem, arena, buf and err: caps, sticky failure, alignment. */
#include "check.h"

#include "base/buf.h"
#include "base/mem.h"

static void allocator_fails_on_demand(void **state)
{
	void *p, *q;

	(void)state;
	mem_fail_after(1);
	p = mem_alloc(0);
	assert_non_null(p);
	assert_null(mem_alloc(1));
	assert_null(mem_grow(p, 100));
	mem_fail_after(-1);
	q = mem_grow(p, 100);
	assert_non_null(q);
	mem_free(q);
	mem_free(NULL);
}

static void arena_aligns_and_zeroes(void **state)
{
	(void)state;
	for (size_t n = 1; n < 3000; n += 37) {
		unsigned char *p = arena_alloc(&arena, n);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
}

static void arena_cap_is_sticky(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1000);
	assert_non_null(arena_alloc(&a, 900));
	assert_int_equal(arena_check(&a, &err), 0);
	assert_null(arena_alloc(&a, 200));
	assert_null(arena_alloc(&a, 1));
	check_str(arena_str(&a, STR("x")), "");
	check_str(arena_fmt(&a, "%d", 1), "");
	assert_false(arena_ok(&a));
	assert_int_equal(arena_check(&a, &err), -1);
	assert_int_equal(err.code, ERR_NOMEM);
	arena_free(&a);
	arena_init(&a, 1000);
	check_str(arena_str(&a, STR("x")), "x");
	arena_free(&a);
}

static void arena_refuses_overflow(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, SIZE_MAX);
	assert_null(arena_alloc_n(&a, SIZE_MAX / 2, 3));
	assert_false(arena_ok(&a));
	arena_free(&a);
	arena_init(&a, SIZE_MAX);
	assert_null(arena_alloc(&a, SIZE_MAX));
	arena_free(&a);
}

static void arena_large_blocks(void **state)
{
	char *small, *large;

	(void)state;
	small = arena_alloc(&arena, 10);
	assert_non_null(small);
	memcpy(small, "0123456789", 10);
	large = arena_alloc(&arena, 1u << 20);
	assert_non_null(large);
	memset(large, 'x', 1u << 20);
	assert_ptr_equal(arena_alloc(&arena, 10), small + 16); /* the first block is still in use */
	assert_memory_equal(small, "0123456789", 10);
}

static void arena_text(void **state)
{
	struct str s = arena_str(&arena, STR("a\0b"));

	(void)state;
	check_str(s, "a\0b");
	assert_int_equal(s.p[3], '\0');
	check_str(arena_fmt(&arena, "%s=%d", "nc", 7), "nc=7");
	check_str(arena_concat(&arena, STR("ab"), STR("cd")), "abcd");
	check_str(arena_concat(&arena, (struct str){ NULL, 0 }, STR("")), "");
}

static void buf_grows_to_its_cap(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 200);
	check_str(buf_view(&b), "");
	for (int i = 0; i < 100; i++)
		buf_puts(&b, "ab");
	assert_true(buf_ok(&b));
	assert_int_equal(buf_view(&b).n, 200);
	assert_int_equal(b.p[200], '\0');
	buf_char(&b, 'x');
	assert_false(buf_ok(&b));
	buf_add(&b, "", 0);
	assert_int_equal(buf_check(&b, "the answer", &err), -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.text, "the answer is longer than 200 octets");
	buf_clear(&b);
	buf_fmt(&b, "%d-%s", 5, "x");
	check_str(buf_view(&b), "5-x");
	assert_int_equal(buf_check(&b, "it", &err), 0);
	buf_free(&b);
	buf_free(&b);
}

static void buf_without_memory(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	mem_fail_after(0);
	buf_str(&b, STR("x"));
	mem_fail_after(-1);
	assert_int_equal(buf_check(&b, "it", &err), -1);
	assert_int_equal(err.code, ERR_NOMEM);
	buf_free(&b);
}

static void buf_xml_escapes(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	buf_xml(&b, STR("<a b='\"&\0\">"));
	check_str(buf_view(&b), "&lt;a b=&apos;&quot;&amp;\0&quot;&gt;");
	buf_free(&b);
}

static void err_texts(void **state)
{
	char longer[600];

	(void)state;
	assert_int_equal(err_set(&err, ERR_PARSE, "a\nb\x7f %d", 5), -1);
	assert_string_equal(err.text, "a?b? 5");
	assert_int_equal(err_prefix(&err, "%s:%d", "file", 3), -1);
	assert_string_equal(err.text, "file:3: a?b? 5");
	assert_int_equal(err.code, ERR_PARSE);
	assert_int_equal(err_set(&err, ERR_IO, "again: %s", err.text), -1);
	assert_string_equal(err.text, "again: file:3: a?b? 5");
	/* 510 octets and a euro sign of three: the sign does not fit, and goes as a whole. */
	memset(longer, 'x', 510);
	memcpy(longer + 510, "\xe2\x82\xac", 4);
	(void)err_set(&err, ERR_IO, "%s", longer);
	assert_int_equal(strlen(err.text), 510);
	memcpy(longer + 508, "\xe2\x82\xac", 4);
	(void)err_set(&err, ERR_IO, "%s", longer);
	assert_int_equal(strlen(err.text), 511);
	assert_true(str_is_utf8(str(err.text)));
	(void)err_prefix(&err, "%s", longer);
	assert_int_equal(strlen(err.text), 511);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(allocator_fails_on_demand), CHECK(arena_aligns_and_zeroes),
		CHECK(arena_cap_is_sticky),       CHECK(arena_refuses_overflow),
		CHECK(arena_large_blocks),        CHECK(arena_text),
		CHECK(buf_grows_to_its_cap),      CHECK(buf_without_memory),
		CHECK(buf_xml_escapes),           CHECK(err_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

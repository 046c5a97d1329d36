/* vectors_json_fuzzer.c - any octets as JSON: as a value, as a file of vectors, and as what an
 * adapter writes.
 */
#include "cli/vectors_drive.h"
#include "cli/vectors_json.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void arena_drop(struct arena *a)
{
	arena_free(a);
}

static bool inside(struct str part, struct str whole)
{
	return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

/* What is written lies in the text, what is meant is UTF-8, and members are as many as counted. */
static void check_value(const struct jv *v, struct str text)
{
	size_t n = 0;

	if (!inside(v->raw, text) || !v->raw.n || v->kind > JV_OBJECT)
		abort();
	if (!str_is_utf8(jv_text(v)) || (v->kind == JV_STRING) != (jv_text(v).p != NULL))
		abort();
	for (const struct jv *one = jv_first(v); one; one = one->next, n++) {
		if (jv_is(v, JV_OBJECT) && jv_find(v, one->key) != one)
			abort();
		check_value(one, v->raw);
	}
	if (n != jv_count(v))
		abort();
}

/* What was read once reads again from what it was read from. */
static void check_again(struct arena *a, const struct jv *v)
{
	const struct jv *again;
	struct err err = { 0 };

	if (jv_read(a, v->raw, &again, &err) || again->kind != v->kind || again->n != v->n ||
	    !str_eq(again->text, v->text))
		abort();
}

static void as_value(struct arena *a, struct str text)
{
	const struct jv *v;
	struct err err = { 0 };

	if (jv_read(a, text, &v, &err)) {
		if (!err.code || !err.text[0])
			abort(); /* a failure says why */
		return;
	}
	check_value(v, text);
	check_again(a, v);
}

/* Our own code answers whatever keeps to the shape of a file. */
static void as_file(struct arena *a, struct str text)
{
	struct vector_set s = { 0 };
	struct err err = { 0 };
	struct vector_result *result;

	arena_init(&s.a, 64u << 20);
	if (vectors_add(&s, STR("x.json"), text, &err) == 0) {
		result = arena_array(a, struct vector_result, s.n);
		if (result && vectors_own(&s, NULL, a, result, &err) && !err.code)
			abort();
	} else if (!err.code || !err.text[0]) {
		abort();
	}
	vectors_free(&s);
}

static void as_lines(struct arena *a, struct str text)
{
	struct adapter_hello hello;
	struct answer answer;
	struct str id;
	struct err err = { 0 };

	if (adapter_hello_read(a, text, &hello, &err) == 0 && !hello.name.n)
		abort();
	if (adapter_answer_read(a, text, &id, &answer, &err) == 0 && answer.kind != ANSWER_GIVEN &&
	    !answer.why.p)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a DEFER(arena_drop);
	struct str text = str_n(data, size);

	arena_init(&a, 64u << 20);
	as_value(&a, text);
	as_file(&a, text);
	as_lines(&a, text);
	return 0;
}

/* Vectors a second through our own code, on one core: the files are read again in each round.
 *
 * The second figure is what an adapter costs on our side: a request written, an answer read and
 * judged, without the child process.
 */
#include "cli/vectors_drive.h"

#include <stdio.h>
#include <time.h>

#define ROUNDS 40

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int fail(const struct err *err)
{
	fprintf(stderr, "bench_vectors: %s\n", err->text);
	return 1;
}

/* One round: read, compute, compare.  Gives the number of vectors, or 0. */
static size_t own_round(const char *only, struct err *err)
{
	struct vector_set s;
	struct arena keep;
	size_t n = 0;

	arena_init(&keep, 64u << 20);
	if (vectors_load(&s, NULL, 0, err) == 0) {
		struct vector_result *result = arena_array(&keep, struct vector_result, s.n);
		bool *selected = arena_array(&keep, bool, s.n);

		for (size_t i = 0; selected && i < s.n; i++) {
			selected[i] = !only || str_eq(s.v[i].file->name, str(only));
			n += selected[i];
		}
		if (!result || vectors_own(&s, selected, &keep, result, err))
			n = 0;
	}
	vectors_free(&s);
	arena_free(&keep);
	return n;
}

static int bench_load(struct err *err)
{
	double start_s = now_s(), took_s;
	size_t n = 0;

	for (int i = 0; i < ROUNDS; i++) {
		struct vector_set s;

		if (vectors_load(&s, NULL, 0, err))
			return -1;
		n += s.n;
		vectors_free(&s);
	}
	took_s = now_s() - start_s;
	printf("vectors, reading alone   %8.0f a second, %5.2f us each\n", (double)n / took_s,
	       took_s * 1e6 / (double)n);
	return 0;
}

static int bench_own(const char *only, struct err *err)
{
	double start_s = now_s(), took_s;
	size_t n = 0;

	for (int i = 0; i < ROUNDS; i++) {
		size_t one = own_round(only, err);

		if (!one)
			return -1;
		n += one;
	}
	took_s = now_s() - start_s;
	printf("vectors, %-25s %8.0f a second, %5.2f us each\n", only ? only : "all",
	       (double)n / took_s, took_s * 1e6 / (double)n);
	return 0;
}

/* A request out, and "unsupported" in: the shortest answer. */
static int exchange_one(const struct vector *v, struct arena *keep, struct err *err)
{
	struct vector_result result;
	struct answer got;
	struct buf line DEFER(buf_free);
	struct arena a;
	struct str id;
	int bad;

	buf_init(&line, CHILD_LINE_MAX);
	if (adapter_request(v, (struct str){ NULL, 0 }, &line, err))
		return -1;
	arena_init(&a, 1u << 20);
	bad = adapter_answer_read(&a,
				  arena_fmt(&a, "{\"id\":\"%.*s\",\"valid\":true}", STR_ARG(v->id)),
				  &id, &got, err) ||
	      vector_judge(&a, keep, v, &got, &result, err);
	arena_free(&a);
	return bad;
}

static int bench_adapter(struct err *err)
{
	struct vector_set s;
	struct arena keep;
	double start_s, took_s;
	int bad;

	arena_init(&keep, 256u << 20);
	bad = vectors_load(&s, NULL, 0, err);
	start_s = now_s();
	for (int round = 0; round < ROUNDS && !bad; round++)
		for (size_t i = 0; i < s.n && !bad; i++)
			bad = exchange_one(&s.v[i], &keep, err);
	took_s = now_s() - start_s;
	printf("adapter, our side         %5.2f us each\n", took_s * 1e6 / (double)(ROUNDS * s.n));
	vectors_free(&s);
	arena_free(&keep);
	return bad;
}

int main(int argc, char **argv)
{
	struct err err = { 0 };

	if (bench_load(&err) || bench_own(argc > 1 ? argv[1] : NULL, &err) || bench_adapter(&err))
		return fail(&err);
	return 0;
}

#include "suite/parse.h"

/* How many variants there are; 0 when more than the cap. */
static size_t product(const struct suite_case *c)
{
	size_t n = 1;

	for (size_t i = 0; i < c->n_axis; i++) {
		n *= c->axis[i].n;
		if (n > SUITE_VARIANT_MAX)
			return 0;
	}
	return n;
}

/* "id[skew=-1h,form=short]" */
static struct str variant_id(struct arena *a, const struct suite_variant *v)
{
	struct str id = v->c->id;

	for (size_t i = 0; i < v->c->n_axis; i++) {
		const struct suite_axis *x = &v->c->axis[i];

		id = arena_fmt(a, "%.*s%c%.*s=%.*s", STR_ARG(id), i ? ',' : '[', STR_ARG(x->name),
			       STR_ARG(x->value[v->choice[i]]));
	}
	return v->c->n_axis ? arena_concat(a, id, STR("]")) : id;
}

/* The nth choice: the last axis runs fastest. */
static int variant_fill(struct arena *a, const struct suite_case *c, size_t nth,
			struct suite_variant *v, struct err *err)
{
	v->c = c;
	v->choice = arena_array(a, size_t, c->n_axis + 1);
	if (!v->choice)
		return arena_check(a, err);
	for (size_t i = c->n_axis; i-- > 0;) {
		v->choice[i] = nth % c->axis[i].n;
		nth /= c->axis[i].n;
	}
	v->id = variant_id(a, v);
	return 0;
}

int suite_expand(struct arena *a, const struct suite_case *c, struct suite_variant **out, size_t *n,
		 struct err *err)
{
	size_t count = product(c);

	if (!count)
		return err_set(err, ERR_LIMIT, "more variants of %.*s than %d, expected fewer",
			       STR_ARG(c->id), SUITE_VARIANT_MAX);
	*n = 0;
	*out = arena_array(a, struct suite_variant, count);
	if (!*out)
		return arena_check(a, err);
	for (; *n < count; ++*n) {
		if (variant_fill(a, c, *n, &(*out)[*n], err))
			return -1;
	}
	return arena_check(a, err);
}

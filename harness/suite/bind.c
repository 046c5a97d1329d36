/* Axes: what "$name" stands for, and whether every variant's values are in their domains. */
#include "suite/parse.h"

#include "base/buf.h"

#define NONE ((size_t)-1)

size_t bind_find(struct str text, size_t from)
{
	for (size_t i = from; i + 1 < text.n; i++) {
		if (text.p[i] == '$' && text.p[i + 1] >= 'a' && text.p[i + 1] <= 'z')
			return i;
	}
	return NONE;
}

static bool has_x(const struct suite_case *c)
{
	return c->measure && c->measure->sample == SAMPLE_NONE;
}

size_t bind_axis(const struct suite_case *c, struct str text, size_t dollar, size_t *name_n)
{
	struct str rest = str_sub(text, dollar + 1, text.n);
	size_t best = NONE;

	*name_n = 0;
	for (size_t i = 0; i < c->n_axis; i++) {
		if (c->axis[i].name.n > *name_n && str_starts(rest, c->axis[i].name)) {
			best = i;
			*name_n = c->axis[i].name.n;
		}
	}
	if (best == NONE && has_x(c) && str_starts(rest, STR("x"))) {
		best = c->n_axis;
		*name_n = 1;
	}
	return best;
}

struct str suite_bind(struct arena *a, const struct suite_variant *v, struct str text,
		      struct str x_value)
{
	size_t from = 0, dollar = bind_find(text, 0);
	struct str out = STR("");

	if (dollar == NONE)
		return text;
	for (; dollar != NONE; dollar = bind_find(text, dollar + 1)) {
		size_t name_n, axis = bind_axis(v->c, text, dollar, &name_n);
		bool is_x = axis == v->c->n_axis;

		if (axis == NONE || (is_x && !x_value.p))
			continue;
		out = arena_concat(a, out, str_sub(text, from, dollar - from));
		out = arena_concat(a, out,
				   is_x ? x_value : v->c->axis[axis].value[v->choice[axis]]);
		from = dollar + 1 + name_n;
	}
	return arena_concat(a, out, str_sub(text, from, text.n));
}

struct str suite_measure_text(struct arena *a, const struct suite_measure *m, int64_t x)
{
	return arena_fmt(a, "%lld%s", (long long)x, str_eq(m->unit, STR("s")) ? "s" : "");
}

int suite_wait_ms(struct str text, int64_t *ms)
{
	uint64_t seconds;
	int64_t sum = 0;

	if (str_to_u64(text, INT64_MAX / 1000, &seconds) == 0) {
		*ms = (int64_t)seconds * 1000;
		return 0;
	}
	if (!text.n)
		return -1;
	while (text.n > 0) {
		size_t digits = 0, n;
		int64_t part;

		while (digits < text.n && char_is_digit(text.p[digits]))
			digits++;
		for (n = digits; n < text.n && char_is_alpha(text.p[n]);)
			n++;
		if (!digits || n == digits || str_to_ms(str_sub(text, 0, n), &part) ||
		    part > INT64_MAX - sum)
			return -1;
		sum += part;
		text = str_sub(text, n, text.n);
	}
	*ms = sum;
	return 0;
}

/* --- at load --- */

struct binder {
	const struct xml_file *f;
	const struct suite_case *c;
	struct arena *a; /* scratch */
	struct suite_variant *v;
	size_t n;
};

static int unknown_axis(const struct binder *b, const xmlNode *node, struct str at, struct err *err)
{
	struct buf names DEFER(buf_free);

	buf_init(&names, sizeof(err->text));
	for (size_t i = 0; i < b->c->n_axis; i++)
		buf_fmt(&names, " $%.*s", STR_ARG(b->c->axis[i].name));
	if (has_x(b->c))
		buf_puts(&names, " $x");
	return xml_error(b->f, node, err, "unknown axis in \"%.*s\", expected one of%s",
			 STR_ARG(str_sub(at, 0, 80)), names.n ? names.p : " none");
}

static int refs_check(const struct binder *b, const xmlNode *node, struct str text, struct err *err)
{
	for (size_t i = bind_find(text, 0); i != NONE; i = bind_find(text, i + 1)) {
		size_t n;

		if (bind_axis(b->c, text, i, &n) == NONE)
			return unknown_axis(b, node, str_sub(text, i, text.n), err);
	}
	return 0;
}

static int variant_check(const struct binder *b, const struct suite_variant *v,
			 const struct element_rule *e, struct str name, struct str value,
			 struct err *err)
{
	const struct suite_measure *m = has_x(b->c) ? b->c->measure : NULL;
	int64_t x[] = { m ? m->low : 0, m ? m->high : 0 };

	for (size_t i = 0; i < (m ? COUNT(x) : 1); i++) {
		struct str bound = suite_bind(
			b->a, v, value, m ? suite_measure_text(b->a, m, x[i]) : (struct str){ 0 });

		if (arena_check(b->a, err))
			return -1;
		if (value_check(e, name, bound, err))
			return err_prefix(err, "%.*s", STR_ARG(v->id));
	}
	return 0;
}

static int attributes_bind(const struct binder *b, const xmlNode *node,
			   const struct element_rule *e, struct err *err)
{
	for (const xmlAttr *attr = node->properties; attr; attr = attr->next) {
		struct str name = str((const char *)attr->name);
		struct str value = xml_attr_value(b->a, attr);

		if (arena_check(b->a, err))
			return -1;
		if (bind_find(value, 0) == NONE)
			continue; /* walk.c has checked it */
		if (refs_check(b, node, value, err))
			return -1;
		for (size_t i = 0; i < b->n; i++) {
			if (variant_check(b, &b->v[i], e, name, value, err))
				return err_prefix(err, "%.*s:%d", STR_ARG(b->f->name),
						  xml_line(node));
		}
	}
	return 0;
}

/* Two deep: <send> and what is in it, <challenge> and its offers. */
static int element_bind(const struct binder *b, const xmlNode *node,
			const struct element_rule *rule, struct err *err)
{
	if (attributes_bind(b, node, rule, err))
		return -1;
	for (const xmlNode *n = xml_child(node, NULL); n; n = xml_child(node, n)) {
		const struct element_rule *e = child_find(rule, str((const char *)n->name));

		if (e->content == CONTENT_RAW) {
			if (refs_check(b, n, xml_inner(b->a, n), err))
				return -1;
		} else if (attributes_bind(b, n, e, err)) {
			return -1;
		}
	}
	return 0;
}

/* Which element of a case may hold an axis; NULL: it may not. */
static const struct element_rule *binding_rule(const struct suite_case *c, const xmlNode *n)
{
	if (c->client)
		return child_find(&client_case_rule, str((const char *)n->name));
	return xml_is(n, "send") ? &send_rule : NULL;
}

int bind_check(const struct xml_file *f, const xmlNode *node, const struct suite_case *c,
	       struct err *err)
{
	struct arena a DEFER(arena_free);
	struct binder b = { .f = f, .c = c, .a = &a };

	arena_init(&a, SUITE_ARENA_MAX);
	if (suite_expand(&a, c, &b.v, &b.n, err))
		return err_prefix(err, "%.*s:%d", STR_ARG(f->name), c->line);
	for (const xmlNode *n = xml_child(node, NULL); n; n = xml_child(node, n)) {
		const struct element_rule *e = binding_rule(c, n);

		if (e && e->content == CONTENT_ELEMENTS && element_bind(&b, n, e, err))
			return -1;
	}
	return 0;
}

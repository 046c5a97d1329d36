/* target.c - one resource, or nearly, in the spellings that a careless check of the path misses. */
#include "engine/internal.h"

/* Where the path ends. */
static size_t path_end(struct str target)
{
	size_t query = str_chr(target, '?');

	return query == (size_t)-1 ? target.n : query;
}

static struct str insert(struct arena *a, struct str s, size_t at, struct str piece)
{
	return arena_concat(a, arena_concat(a, str_sub(s, 0, at), piece), str_sub(s, at, s.n));
}

static struct str double_slash(struct arena *a, struct str t)
{
	return insert(a, t, 0, STR("/"));
}

static struct str dot_segment(struct arena *a, struct str t)
{
	return insert(a, t, 0, STR("/."));
}

static struct str parent_segment(struct arena *a, struct str t)
{
	return insert(a, t, 0, STR("/x/.."));
}

/* RFC 3986 6.2.2.2: the same resource. */
static struct str encoded(struct arena *a, struct str t)
{
	for (size_t i = 0; i < path_end(t); i++)
		if (char_is_alpha(t.p[i]))
			return arena_fmt(a, "%.*s%%%02x%.*s", (int)i, t.p,
					 (unsigned)(unsigned char)t.p[i], (int)(t.n - i - 1),
					 t.p + i + 1);
	return t;
}

static struct str upper(struct arena *a, struct str t)
{
	char *p = arena_alloc(a, t.n + 1);

	for (size_t i = 0; p && i < t.n; i++)
		p[i] = i < path_end(t) && t.p[i] >= 'a' && t.p[i] <= 'z'
			       ? (char)(t.p[i] - 'a' + 'A')
			       : t.p[i];
	return p ? str_n(p, t.n) : t;
}

static struct str trailing_slash(struct arena *a, struct str t)
{
	return insert(a, t, path_end(t), STR("/"));
}

static struct str parameter(struct arena *a, struct str t)
{
	return insert(a, t, path_end(t), STR(";x=1"));
}

static struct str nul(struct arena *a, struct str t)
{
	return insert(a, t, path_end(t), STR("%00"));
}

static const struct {
	const char *word;
	struct str (*spell)(struct arena *a, struct str target);
} spellings[] = {
	{ "double-slash", double_slash },
	{ "dot-segment", dot_segment },
	{ "parent-segment", parent_segment },
	{ "encoded", encoded },
	{ "upper", upper },
	{ "trailing-slash", trailing_slash },
	{ "parameter", parameter },
	{ "nul", nul },
};

int target_spell(struct arena *a, struct str origin, struct str word, struct str *target,
		 struct err *err)
{
	struct str right = *target;

	if (str_eq(word, STR("absolute"))) /* RFC 9112 3.2.2 */
		*target = arena_concat(a, origin, right);
	for (size_t i = 0; i < COUNT(spellings); i++)
		if (str_eq(word, str(spellings[i].word)))
			*target = spellings[i].spell(a, right);
	if (!arena_ok(a))
		return arena_check(a, err);
	if (str_eq(*target, right))
		return err_set(err, ERR_INPUT, "the target %.*s has no such spelling",
			       STR_ARG(right));
	return 0;
}

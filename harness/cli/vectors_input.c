/* The inputs of a vector: text, or octets in hex under the same name with "_hex" behind it. */
#include "cli/vectors.h"

#include "auth/verify.h"
#include "cli/vectors_json.h"

bool vector_is_hex(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (char_hex(s.p[i]) < 0)
			return false;
	return s.p && s.n % 2 == 0;
}

struct str vector_unhex(struct arena *a, struct str hex)
{
	char *p = vector_is_hex(hex) ? arena_alloc(a, hex.n / 2 + 1) : NULL;

	for (size_t i = 0; p && i < hex.n / 2; i++)
		p[i] = (char)(char_hex(hex.p[2 * i]) << 4 | char_hex(hex.p[2 * i + 1]));
	return str_n(p, p ? hex.n / 2 : 0);
}

/* name, or name with "_hex" behind it. */
static const struct jv *member(const struct jv *object, struct str name, bool *hex)
{
	for (const struct jv *m = jv_first(object); m; m = m->next) {
		*hex = m->key.n == name.n + 4;
		if ((m->key.n != name.n && !*hex) || m->key.p[0] != name.p[0] ||
		    memcmp(m->key.p, name.p, name.n) != 0)
			continue;
		if (!*hex || memcmp(m->key.p + name.n, "_hex", 4) == 0)
			return m;
	}
	*hex = false;
	return NULL;
}

static struct str value_of(struct arena *a, const struct jv *value, bool hex)
{
	return hex && value ? vector_unhex(a, jv_text(value)) : jv_text(value);
}

struct str vector_member(struct arena *a, const struct jv *object, const char *name)
{
	bool hex = false;
	const struct jv *value = member(object, str(name), &hex);

	return value_of(a, value, hex);
}

static const struct jv *find(const struct vector *v, const char *name, bool *hex)
{
	const struct jv *value = member(v->test, str(name), hex);

	return value ? value : member(v->group, str(name), hex);
}

struct str vector_input(struct arena *a, const struct vector *v, const char *name)
{
	bool hex;
	const struct jv *value = find(v, name, &hex);

	return value_of(a, value, hex);
}

size_t vector_inputs(struct arena *a, const struct vector *v, const char *name, struct str **list)
{
	bool hex;
	const struct jv *value = find(v, name, &hex);
	size_t n = 0;

	*list = arena_array(a, struct str, jv_count(value) + 1);
	for (const struct jv *one = jv_first(value); *list && one; one = one->next)
		(*list)[n++] = value_of(a, one, hex);
	return n;
}

struct str vector_words(struct arena *a, const struct vector *v, const char *name)
{
	struct str *list, out = STR("");
	size_t n = vector_inputs(a, v, name, &list);

	if (n == 1)
		return list[0];
	for (size_t i = 0; i < n; i++)
		out = arena_fmt(a, "%.*s %.*s", STR_ARG(out), STR_ARG(list[i]));
	return out;
}

size_t vector_accounts(struct arena *a, const struct vector *v, struct account **list)
{
	bool hex;
	const struct jv *value = find(v, "accounts", &hex);
	size_t n = 0;

	*list = arena_array(a, struct account, jv_count(value) + 1);
	for (const struct jv *one = jv_first(value); *list && one; one = one->next, n++) {
		(*list)[n].user = vector_member(a, one, "username");
		(*list)[n].password = vector_member(a, one, "password");
	}
	return n;
}

const struct jv *vector_expected(const struct vector *v)
{
	return jv_get(v->test, "expected");
}

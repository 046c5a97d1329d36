/* The inputs of a vector: text, or octets in hex under the same name with "_hex" behind it. */
#include "cli/vectors.h"

#include "auth/verify.h"

#include <jansson.h>
#include <stdio.h>

static struct str text_of(const json_t *value)
{
	return str_n(json_string_value(value), json_string_length(value));
}

struct str vector_unhex(struct arena *a, struct str hex)
{
	char *p = arena_alloc(a, hex.n / 2 + 1);

	for (size_t i = 0; p && i < hex.n / 2; i++)
		p[i] = (char)(char_hex(hex.p[2 * i]) << 4 | char_hex(hex.p[2 * i + 1]));
	return p ? str_n(p, hex.n / 2) : STR("");
}

static json_t *member(const json_t *object, const char *name, bool *hex)
{
	json_t *value = json_object_get(object, name);
	char longer[64];

	*hex = false;
	if (value)
		return value;
	*hex = true;
	snprintf(longer, sizeof(longer), "%s_hex", name);
	return json_object_get(object, longer);
}

struct str vector_member(struct arena *a, const struct json_t *object, const char *name)
{
	bool hex = false;
	const json_t *value = a ? member(object, name, &hex) : json_object_get(object, name);
	struct str text = text_of(value);

	return hex && value ? vector_unhex(a, text) : text;
}

/* body_hex is always in hex. */
static json_t *find(const struct vector *v, const char *name, bool *hex)
{
	json_t *value = member(v->test, name, hex);

	return value ? value : member(v->group, name, hex);
}

struct str vector_input(struct arena *a, const struct vector *v, const char *name)
{
	bool hex;
	const json_t *value = find(v, name, &hex);
	struct str text = text_of(value);

	return hex && value ? vector_unhex(a, text) : text;
}

size_t vector_inputs(struct arena *a, const struct vector *v, const char *name, struct str **list)
{
	bool hex;
	const json_t *value = find(v, name, &hex);
	size_t n = json_array_size(value);

	*list = arena_array(a, struct str, n + 1);
	for (size_t i = 0; *list && i < n; i++) {
		struct str text = text_of(json_array_get(value, i));

		(*list)[i] = hex ? vector_unhex(a, text) : text;
	}
	return *list ? n : 0;
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
	const json_t *value = find(v, "accounts", &hex);
	size_t n = json_array_size(value);

	*list = arena_array(a, struct account, n + 1);
	for (size_t i = 0; *list && i < n; i++) {
		const json_t *one = json_array_get(value, i);

		(*list)[i].user = vector_member(a, one, "username");
		(*list)[i].password = vector_member(a, one, "password");
	}
	return *list ? n : 0;
}

const struct json_t *vector_expected(const struct vector *v)
{
	return json_object_get(v->test, "expected");
}

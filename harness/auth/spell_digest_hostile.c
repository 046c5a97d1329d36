/* Digest credentials that prove nothing, mutated.  None of the bases holds a right response. */
#include "auth/deviate.h"
#include "auth/spell_parts.h"

#include <stdio.h>

enum {
	BASE,
	RESPONSE,
	NONCE,
	USERNAME,
	REALM,
	URI,
	NC,
	QOP,
	CNONCE,
	ALGORITHM,
	TWICE,
	SCHEME,
	LIST,
	CUT,
	FLIP,
	FLIP_2,
	FIELDS,
	POINTS
};

#define COMPARE "rfc7616#3.6.compare rfc2617#3.3.compare"

/* Mutations of one value, in the order of value_texts. */
#define VALUE_WORDS(name)                                                                          \
	SPELL_WORDS(name " left out", name " empty", name " of 4 KiB",                             \
		    name " of format directives", name " of only an asterisk",                     \
		    name " with %00 behind it", name " of a zero",                                 \
		    name " with an open quote inside", name " of octets that are not UTF-8",       \
		    name " cut to a half")

#define VALUE(point, text) [point] = { .name = text, .clause = COMPARE, .words = VALUE_WORDS(text) }

static const struct spell_point points[] = {
	[BASE] = { .name = "base",
		   .clause = COMPARE,
		   .words = SPELL_WORDS("the empty password", "the first part of the password",
					"an unknown name", "a right response with a digit changed",
					"a right response that is cut", "an empty response") },
	VALUE(RESPONSE, "response"),
	VALUE(NONCE, "nonce"),
	VALUE(USERNAME, "username"),
	VALUE(REALM, "realm"),
	VALUE(URI, "uri"),
	VALUE(NC, "nc"),
	VALUE(QOP, "qop"),
	VALUE(CNONCE, "cnonce"),
	VALUE(ALGORITHM, "algorithm"),
	[TWICE] = { .name = "twice",
		    .clause = COMPARE,
		    .words = SPELL_WORDS("response twice", "username twice", "nonce twice",
					 "an empty response in front of the other") },
	[SCHEME] = { .name = "scheme", .clause = COMPARE, .words = SPELL_WRONG_SCHEME_WORDS },
	[LIST] = { .name = "list",
		   .clause = COMPARE,
		   .words = SPELL_WORDS("no commas", "semicolons for commas",
					"a quoted-string that does not end", "300 empty members",
					"40 unknown parameters", "single quotes",
					"two equals signs") },
	[CUT] = { .name = "cut", .clause = COMPARE, .words = SPELL_CUT_WORDS },
	[FLIP] = { .name = "flip", .clause = COMPARE, .words = SPELL_FLIP_WORDS, .repeat = 62 },
	[FLIP_2] = { .name = "flip-2", .clause = COMPARE, .words = SPELL_FLIP_WORDS, .repeat = 62 },
	[FIELDS] = { .name = "fields",
		     .clause = COMPARE,
		     .words = SPELL_WORDS("the field twice", "an empty field before it",
					  "a field of another scheme behind it") },
};
_Static_assert(COUNT(points) == POINTS, "one row per point");
const struct spell_grammar spell_digest_hostile = { MECH_DIGEST, true, points, POINTS };

/* --- values --- */

static struct str mutate(struct arena *a, struct str v, unsigned choice)
{
	switch (choice) {
	case 2:
		return STR("");
	case 3:
		return arena_concat(a, v, spell_repeat(a, STR("A"), 4096));
	case 4:
		return STR("%s%n%x%d");
	case 5:
		return STR("*");
	case 6:
		return arena_concat(a, v, STR("%00"));
	case 7:
		return STR("0");
	case 8:
		return arena_concat(a, v, STR("\", response=\""));
	case 9:
		return arena_concat(a, v, STR("\xff\xfe\xc0\x80"));
	case 10:
		return str_sub(v, 0, v.n / 2);
	}
	return v;
}

static void mutate_values(struct craft *c, const uint8_t *choice)
{
	for (size_t point = RESPONSE; point <= ALGORITHM; point++) {
		struct craft_param *p = digest_param(c, str(points[point].name));

		if (!p || !choice[point])
			continue;
		p->omit = choice[point] == 1;
		p->value = mutate(c->a, p->value, choice[point]);
	}
}

static int add_twice(struct craft *c, unsigned choice, struct err *err)
{
	static const char *const names[] = { "response", "username", "nonce" };
	const struct craft_param empty = { .name = STR("response"), .quoted = true };
	struct craft_param *p;

	if (!choice)
		return 0;
	if (choice > COUNT(names))
		return digest_insert(c, 0, empty, err);
	p = digest_param(c, str(names[choice - 1]));
	return p ? digest_insert(c, c->digest.n_param, *p, err) : 0;
}

/* --- the field --- */

static struct str quotes_replaced(struct arena *a, struct str v)
{
	struct str copy = arena_str(a, v);

	for (size_t i = 0; i < copy.n; i++)
		if (copy.p[i] == '"')
			((char *)(uintptr_t)copy.p)[i] = '\'';
	return copy;
}

static struct str mutate_list(struct arena *a, struct str v, unsigned choice)
{
	switch (choice) {
	case 3:
		return arena_concat(a, v, STR(", x=\"open"));
	case 4:
		return arena_concat(a, spell_repeat(a, STR(","), 300), v);
	case 5:
		return arena_concat(a, spell_repeat(a, STR("x=1, "), 40), v);
	case 6:
		return quotes_replaced(a, v);
	}
	return v;
}

int spell_write_digest_hostile(struct craft *c, const uint8_t *choice, struct http_fields *out,
			       struct err *err)
{
	struct digest_craft *d = &c->digest;
	struct str value;

	mutate_values(c, choice);
	if (add_twice(c, choice[TWICE], err))
		return -1;
	if (choice[LIST] == 1 || choice[LIST] == 2)
		d->separator = choice[LIST] == 1 ? STR(" ") : STR("; ");
	if (choice[LIST] == 7)
		d->equals = STR("==");
	d->scheme = STR("");
	if (digest_write(c, &value, err))
		return -1;
	value = mutate_list(c->a, value, choice[LIST]);
	value = arena_concat(c->a, spell_wrong_scheme("Digest", choice[SCHEME], c->a), value);
	value = spell_flipped(c->a, spell_cut(value, choice[CUT]), choice[FLIP], choice[FLIP_2]);
	spell_add_fields(c->a, out, value, choice[FIELDS], STR("Basic Og=="));
	return 0;
}

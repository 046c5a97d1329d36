/* Spellings of Basic credentials, and what the fields of both schemes have in common.
 *
 * token68 has one spelling only (RFC 7617 2, RFC 4648 4: padded), so the grammar is small.
 */
#include "auth/base64.h"
#include "auth/deviate.h"
#include "auth/spell_parts.h"

/* --- shared --- */

const char *spell_field_name(unsigned choice)
{
	static const char *const names[] = { "Authorization", "authorization", "AUTHORIZATION" };

	return names[choice];
}

struct str spell_scheme(const char *name, unsigned choice, struct arena *a)
{
	struct str plain = str(name);

	switch (choice) {
	case 1:
		return text_lower(a, plain);
	case 2:
		return text_upper(a, plain);
	case 3:
		return text_mixed(a, plain);
	}
	return plain;
}

const char *spell_space(unsigned choice)
{
	static const char *const spaces[] = { " ", "  ", "     " };

	return spaces[choice];
}

const char *spell_tail(unsigned choice)
{
	static const char *const tails[] = { "", " ", "\t" };

	return tails[choice];
}

struct str spell_wrong_scheme(const char *name, unsigned choice, struct arena *a)
{
	/* "@" stands for the name. */
	static const char *const forms[] = {
		"@ ", "", "@ @ ", "@x ", "Bearer ", "Negotiate ", "@, "
	};
	struct str rest, out = STR("");

	if (choice >= COUNT(forms))
		return arena_concat(a, spell_repeat(a, str(name), 512), STR(" "));
	rest = str(forms[choice]);
	while (rest.n) {
		bool more = str_chr(rest, '@') != (size_t)-1;

		out = arena_concat(a, out, str_cut(&rest, '@'));
		if (more)
			out = arena_concat(a, out, str(name));
	}
	return out;
}

struct str spell_cut(struct str value, unsigned quarters)
{
	return quarters ? str_sub(value, 0, value.n * quarters / 4) : value;
}

void spell_add_fields(struct arena *a, struct http_fields *out, struct str value, unsigned how,
		      struct str other)
{
	const struct str name = STR("Authorization");

	if (how == 2)
		http_add(a, out, name, STR(""));
	http_add(a, out, name, value);
	if (how == 1)
		http_add(a, out, name, value);
	if (how == 3)
		http_add(a, out, name, other);
}

struct str spell_flipped(struct arena *a, struct str value, unsigned first, unsigned second)
{
	struct str copy = arena_str(a, value);

	if (copy.n && first)
		spell_flip((char *)(uintptr_t)copy.p, 0, copy.n, first);
	if (copy.n && second)
		spell_flip((char *)(uintptr_t)copy.p, 0, copy.n, second);
	return copy;
}

/* --- legal --- */

enum { FIELD, SCHEME, SPACE, TAIL, FOLD };

static const struct spell_point legal[] = {
	[FIELD] = { .name = "field",
		    .clause = "rfc9110#5.1.field-case",
		    .words = SPELL_FIELD_WORDS },
	[SCHEME] = { .name = "scheme",
		     .clause = "rfc7617#2.scheme-case rfc2617#1.2.scheme-case",
		     .words = SPELL_SCHEME_WORDS },
	[SPACE] = { .name = "space",
		    .clause = "rfc9110#11.4.credentials",
		    .words = SPELL_SPACE_WORDS },
	[TAIL] = { .name = "tail", .clause = "rfc9110#5.5.outer-space", .words = SPELL_TAIL_WORDS },
	[FOLD] = { .name = "fold",
		   .clause = "rfc9112#5.2.obs-fold",
		   .words = SPELL_WORDS("the field folded behind the scheme"),
		   .optional = true },
};
const struct spell_grammar spell_basic_legal = { MECH_BASIC, false, legal, COUNT(legal) };

int spell_write_basic(struct craft *c, const uint8_t *choice, struct http_fields *out,
		      struct err *err)
{
	struct str value = spell_scheme("Basic", choice[SCHEME], c->a);

	(void)err;
	value = arena_concat(c->a, value, str(spell_space(choice[SPACE])));
	if (choice[FOLD])
		value = arena_concat(c->a, value, STR("\r\n "));
	value = arena_concat(c->a, value, c->basic.payload);
	value = arena_concat(c->a, value, str(spell_tail(choice[TAIL])));
	http_add(c->a, out, str(spell_field_name(choice[FIELD])), value);
	return 0;
}

/* --- hostile --- */

enum { BASE, PAIR, PAYLOAD, WRONG_SCHEME, CUT, FLIP, FLIP_2, FIELDS };

#define VALIDATE "rfc7617#2.validate rfc2617#2.basic"

static const struct spell_point hostile[] = {
	[BASE] = { .name = "base",
		   .clause = VALIDATE,
		   .words = SPELL_WORDS("the empty password", "the first part of the password",
					"an unknown name", "an empty name") },
	[PAIR] = { .name = "pair",
		   .clause = VALIDATE,
		   .words = SPELL_WORDS("no colon", "a NUL behind the pair", "a NUL in front",
					"a pair of 8 KiB", "format directives", "only a colon",
					"nothing before Base64", "octets that are not UTF-8") },
	[PAYLOAD] = { .name = "payload",
		      .clause = VALIDATE,
		      .words = SPELL_WORDS("Base64 without its last letter", "half of the Base64",
					   "one pad too many", "a letter behind the Base64",
					   "Base64 twice", "a space inside of the Base64",
					   "no Base64", "a percent sign in the Base64",
					   "Base64 between quotes", "only pads") },
	[WRONG_SCHEME] = { .name = "scheme",
			   .clause = VALIDATE,
			   .words = SPELL_WRONG_SCHEME_WORDS },
	[CUT] = { .name = "cut", .clause = VALIDATE, .words = SPELL_CUT_WORDS },
	[FLIP] = { .name = "flip", .clause = VALIDATE, .words = SPELL_FLIP_WORDS, .repeat = 62 },
	[FLIP_2] = { .name = "flip-2",
		     .clause = VALIDATE,
		     .words = SPELL_FLIP_WORDS,
		     .repeat = 62 },
	[FIELDS] = { .name = "fields",
		     .clause = VALIDATE,
		     .words = SPELL_WORDS("the field twice", "an empty field before it",
					  "a field of another scheme behind it") },
};
const struct spell_grammar spell_basic_hostile = { MECH_BASIC, true, hostile, COUNT(hostile) };

static struct str mutate_pair(struct craft *c, unsigned choice)
{
	const struct basic_craft *b = &c->basic;

	switch (choice) {
	case 1:
		return arena_concat(c->a, b->user, b->password);
	case 2:
		return arena_concat(c->a, b->pair, str_n("\0x", 2));
	case 3:
		return arena_concat(c->a, str_n("\0", 1), b->pair);
	case 4:
		return arena_concat(c->a, b->pair, spell_repeat(c->a, STR("A"), 8192));
	case 5:
		return arena_concat(c->a, b->pair, STR("%s%n%x"));
	case 6:
		return STR(":");
	case 7:
		return STR("");
	case 8:
		return arena_concat(c->a, b->pair, STR("\xff\xfe\xc0\x80"));
	}
	return b->pair;
}

static struct str mutate_payload(struct arena *a, struct str p, unsigned choice)
{
	switch (choice) {
	case 1:
		return str_sub(p, 0, p.n ? p.n - 1 : 0);
	case 2:
		return str_sub(p, 0, p.n / 2);
	case 3:
		return arena_concat(a, p, STR("="));
	case 4:
		return arena_concat(a, p, STR("Q"));
	case 5:
		return base64_encode(a, p);
	case 6:
		return text_insert(a, p, p.n / 2, STR(" "));
	case 7:
		return STR("");
	case 8:
		return text_insert(a, p, p.n / 2, STR("%3D"));
	case 9:
		return arena_concat(a, arena_concat(a, STR("\""), p), STR("\""));
	case 10:
		return STR("====");
	}
	return p;
}

int spell_write_basic_hostile(struct craft *c, const uint8_t *choice, struct http_fields *out,
			      struct err *err)
{
	struct str value = base64_encode(c->a, mutate_pair(c, choice[PAIR]));

	(void)err;
	value = mutate_payload(c->a, value, choice[PAYLOAD]);
	value = arena_concat(c->a, spell_wrong_scheme("Basic", choice[WRONG_SCHEME], c->a), value);
	value = spell_flipped(c->a, spell_cut(value, choice[CUT]), choice[FLIP], choice[FLIP_2]);
	spell_add_fields(c->a, out, value, choice[FIELDS],
			 STR("Digest username=\"x\", response=\"\""));
	return 0;
}

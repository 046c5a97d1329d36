/* spell.c - what all grammars of spellings share: drawing, words, and how a spelling is written
 * down.
 */
#include "auth/spell.h"

#include "auth/deviate.h"
#include "auth/spell_parts.h"

#include <inttypes.h>
#include <stdio.h>

unsigned spell_choices(const struct spell_point *p)
{
	unsigned n = 0;

	while (p->words[n])
		n++;
	return n + p->repeat;
}

const char *spell_words(const struct spell_point *p, unsigned choice)
{
	unsigned n = spell_choices(p) - p->repeat;

	return p->words[choice <= n ? choice - 1 : n - 1];
}

static struct str grammar_name(const struct spell_grammar *g)
{
	static const char *const names[MECHANISMS][2] = {
		[MECH_BASIC] = { "spelling.basic", "hostile.basic" },
		[MECH_DIGEST] = { "spelling.digest", "hostile.digest" },
		[MECH_TOKEN] = { "spelling.token", "hostile.token" },
	};

	return str(names[g->mech][g->hostile]);
}

/* Most points stay plain, so that a spelling has a few oddities at a time and many spellings have
 * the same one.
 */
static uint8_t draw_choice(const struct spell_grammar *g, size_t i, struct rng *r)
{
	const struct spell_point *p = &g->point[i];
	bool base = g->hostile && i == 0;
	uint64_t one_in = g->hostile || p->optional ? 10 : 5;

	if (base)
		return (uint8_t)rng_below(r, spell_choices(p) + 1);
	if (rng_below(r, one_in))
		return 0;
	return (uint8_t)(1 + rng_below(r, spell_choices(p)));
}

int spell_draw(const struct spell_grammar *g, struct str seed, uint64_t index, unsigned attempt,
	       struct spelling *out, struct err *err)
{
	char number[48];
	uint8_t octets[HASH_MAX];
	struct rng r;

	*out = (struct spelling){ { 0 } };
	snprintf(number, sizeof(number), "%" PRIu64 ":%u", index, attempt);
	if (hash_parts(HASH_SHA256,
		       HASH_PARTS(seed, STR(":"), grammar_name(g), STR(":"), str(number)), octets,
		       err))
		return -1;
	rng_seed(&r, octets);
	for (size_t i = 0; i < g->n; i++)
		out->choice[i] = draw_choice(g, i, &r);
	return 0;
}

bool spell_is_plain(const struct spell_grammar *g, const struct spelling *s)
{
	for (size_t i = 0; i < g->n; i++)
		if (s->choice[i])
			return false;
	return true;
}

bool spell_has(const struct spell_grammar *g, const struct spelling *s, const struct spelling *part)
{
	for (size_t i = 0; i < g->n; i++)
		if (part->choice[i] && part->choice[i] != s->choice[i])
			return false;
	return true;
}

struct str spell_text(struct arena *a, const struct spell_grammar *g, const struct spelling *s)
{
	struct str out = { 0 };

	for (size_t i = 0; i < g->n; i++)
		if (s->choice[i])
			out = arena_fmt(a, "%.*s%s%s", STR_ARG(out), out.n ? ", " : "",
					spell_words(&g->point[i], s->choice[i]));
	if (out.n)
		return out;
	return g->hostile ? STR("a plain wrong password") : STR("the plain spelling");
}

struct str spell_format(struct arena *a, const struct spell_grammar *g, const struct spelling *s)
{
	struct str out = STR("");

	for (size_t i = 0; i < g->n; i++)
		if (s->choice[i])
			out = arena_fmt(a, "%.*s%s%s=%u", STR_ARG(out), out.n ? " " : "",
					g->point[i].name, s->choice[i]);
	return out;
}

static int parse_choice(const struct spell_grammar *g, struct str word, struct spelling *out,
			struct err *err)
{
	struct str rest = word, name = str_cut(&rest, '=');
	uint64_t choice;

	for (size_t i = 0; i < g->n; i++) {
		if (!str_eq(name, str(g->point[i].name)))
			continue;
		if (str_to_u64(rest, spell_choices(&g->point[i]), &choice) || choice == 0)
			return err_set(err, ERR_INPUT, "choice \"%.*s\": expected %s=1 to %s=%u",
				       STR_ARG(word), g->point[i].name, g->point[i].name,
				       spell_choices(&g->point[i]));
		if (out->choice[i])
			return err_set(err, ERR_INPUT, "choice \"%.*s\": expected %s once",
				       STR_ARG(word), g->point[i].name);
		out->choice[i] = (uint8_t)choice;
		return 0;
	}
	return err_set(err, ERR_INPUT, "choice \"%.*s\": %.*s has no such point",
		       (int)(word.n < 80 ? word.n : 80), word.p, STR_ARG(grammar_name(g)));
}

int spell_parse(const struct spell_grammar *g, struct str text, struct spelling *out,
		struct err *err)
{
	struct str rest = text, word;

	*out = (struct spelling){ { 0 } };
	while ((word = str_word(&rest)).n)
		if (parse_choice(g, word, out, err))
			return -1;
	return 0;
}

/* --- bases of hostile spellings: none of them holds the proof of a password --- */

static const struct {
	enum mechanism mech;
	const char *name, *value;
} bases[] = {
	{ MECH_BASIC, "password", "wrong" },  { MECH_BASIC, "password", "empty" },
	{ MECH_BASIC, "password", "prefix" }, { MECH_BASIC, "user", "unknown" },
	{ MECH_BASIC, "user", "empty" },      { MECH_DIGEST, "password", "wrong" },
	{ MECH_DIGEST, "password", "empty" }, { MECH_DIGEST, "password", "prefix" },
	{ MECH_DIGEST, "user", "unknown" },   { MECH_DIGEST, "response", "altered" },
	{ MECH_DIGEST, "response", "short" }, { MECH_DIGEST, "response", "empty" },
	{ MECH_TOKEN, "password", "wrong" },  { MECH_TOKEN, "password", "empty" },
	{ MECH_TOKEN, "password", "prefix" }, { MECH_TOKEN, "user", "unknown" },
	{ MECH_TOKEN, "digest", "altered" },  { MECH_TOKEN, "digest", "empty" },
};

size_t spell_base(const struct spell_grammar *g, const struct spelling *s,
		  struct deviate out[static 1])
{
	size_t left = s->choice[0];

	for (size_t i = 0; g->hostile && i < COUNT(bases); i++) {
		if (bases[i].mech != g->mech || left--)
			continue;
		out->d = deviation_find(g->mech, str(bases[i].name));
		out->value = str(bases[i].value);
		return 1;
	}
	return 0;
}

/* --- octets --- */

void spell_flip(char *octets, size_t from, size_t to, unsigned at)
{
	size_t i;

	if (to <= from)
		return;
	i = from + (size_t)at * 2654435761u % (to - from);
	for (unsigned bit = at; bit < at + 8; bit++) {
		unsigned char c = (unsigned char)(octets[i] ^ (1 << bit % 8));

		if (c >= 0x20 && c != 0x7f) {
			octets[i] = (char)c;
			return;
		}
	}
}

struct str spell_repeat(struct arena *a, struct str text, size_t n)
{
	char *p = arena_alloc(a, text.n * n + 1);

	for (size_t i = 0; p && i < n; i++)
		memcpy(p + i * text.n, text.p, text.n);
	return p ? str_n(p, text.n * n) : STR("");
}

/* --- HTTP --- */

int spell_fields(struct craft *c, const struct spell_grammar *g, const struct spelling *s,
		 struct http_fields *out, struct err *err)
{
	static int (*const writers[MECH_DIGEST + 1][2])(struct craft *, const uint8_t *,
							struct http_fields *, struct err *) = {
		[MECH_BASIC] = { spell_write_basic, spell_write_basic_hostile },
		[MECH_DIGEST] = { spell_write_digest, spell_write_digest_hostile },
	};

	if (writers[g->mech][g->hostile](c, s->choice, out, err))
		return -1;
	return arena_check(c->a, err);
}

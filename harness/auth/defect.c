#include "auth/verify.h"

static const struct {
	const char *name, *text;
} defects[] = {
#define X(name, text) [DEFECT_##name] = { #name, text },
	DEFECTS(X)
#undef X
};
_Static_assert(COUNT(defects) == DEFECT_COUNT, "one row per enum defect");
_Static_assert(DEFECT_COUNT <= 128, "struct defects has two words");

static uint64_t bit(enum defect which)
{
	return (uint64_t)1 << (which % 64);
}

void defect_set(struct defects *d, enum defect which)
{
	d->w[which / 64] |= bit(which);
}

void defect_clear(struct defects *d, enum defect which)
{
	d->w[which / 64] &= ~bit(which);
}

bool defect_has(const struct defects *d, enum defect which)
{
	return d->w[which / 64] & bit(which);
}

bool defects_any(const struct defects *d)
{
	return d->w[0] || d->w[1];
}

struct defects defects_minus(struct defects a, struct defects b)
{
	return (struct defects){ { a.w[0] & ~b.w[0], a.w[1] & ~b.w[1] } };
}

struct defects defects_plus(struct defects a, struct defects b)
{
	return (struct defects){ { a.w[0] | b.w[0], a.w[1] | b.w[1] } };
}

const char *defect_name(enum defect d)
{
	return defects[d].name;
}

const char *defect_text(enum defect d)
{
	return defects[d].text;
}

struct str defects_text(struct arena *a, struct defects d)
{
	struct str out = STR("");

	for (int i = 0; i < DEFECT_COUNT; i++) {
		if (!defect_has(&d, (enum defect)i))
			continue;
		if (out.n)
			out = arena_concat(a, out, STR(" "));
		out = arena_concat(a, out, str(defects[i].name));
	}
	return out;
}

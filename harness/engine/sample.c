#include "engine/sample.h"

#include <stdlib.h>

#define NONCE_OCTETS 512  /* of a nonce that are looked at */
#define PAIRS_MAX    1000 /* SAMPLE_MAX rounds */

_Static_assert(PAIRS_MAX >= SAMPLE_MAX, "a place for each round");

static void add(struct sample_result *out, const char *name, int64_t value, const char *unit)
{
	out->more[out->n_more++] = (struct measured_number){ name, value, unit };
}

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t sample_median(int64_t *v, size_t n)
{
	if (!n)
		return 0;
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

/* Digit by digit: the square of a number in [1, 2) is in [2, 4) where the next binary digit of its
 * logarithm is 1.
 */
int64_t sample_log2_milli(uint64_t n)
{
	const uint64_t one = UINT64_C(1) << 31;
	int64_t whole = 0, digits = 0;
	uint64_t x;

	while (n >> whole > 1)
		whole++;
	x = whole > 31 ? n >> (whole - 31) : n << (31 - whole);
	for (int i = 0; i < 16; i++) {
		x = x * x >> 31;
		digits *= 2;
		if (x >= 2 * one) {
			x /= 2;
			digits++;
		}
	}
	return whole * 1000 + digits * 1000 / 65536;
}

/* --- nonces --- */

struct nonces {
	struct str v[SAMPLE_MAX];
	size_t n, shortest, longest;
};

static void collect(struct nonces *l, const struct observation *o, size_t n)
{
	*l = (struct nonces){ .shortest = SIZE_MAX };
	for (size_t i = 0; i < n && l->n < SAMPLE_MAX; i++) {
		if (!o[i].nonce.p)
			continue;
		l->v[l->n++] = o[i].nonce;
		l->shortest = o[i].nonce.n < l->shortest ? o[i].nonce.n : l->shortest;
		l->longest = o[i].nonce.n > l->longest ? o[i].nonce.n : l->longest;
	}
}

static int64_t count_repeats(const struct nonces *l)
{
	int64_t repeats = 0;

	for (size_t i = 1; i < l->n; i++) {
		bool again = false;

		for (size_t j = 0; j < i && !again; j++)
			again = str_eq(l->v[i], l->v[j]);
		repeats += again;
	}
	return repeats;
}

/* How many different octets stand at a position; behind the end counts as one more. */
static int variety(const struct nonces *l, size_t at)
{
	bool seen[257] = { false };
	int n = 0;

	for (size_t i = 0; i < l->n; i++) {
		size_t octet = at < l->v[i].n ? (unsigned char)l->v[i].p[at] : 256;

		n += !seen[octet];
		seen[octet] = true;
	}
	return n;
}

/* Of all positions, or only of those that vary. */
static int count_characters(const struct nonces *l, bool varying)
{
	bool seen[256] = { false };
	int n = 0;

	for (size_t at = 0; at < l->longest; at++) {
		if (varying && variety(l, at) < 2)
			continue;
		for (size_t i = 0; i < l->n; i++) {
			size_t octet = at < l->v[i].n ? (unsigned char)l->v[i].p[at] : 256;

			if (octet == 256 || seen[octet])
				continue;
			seen[octet] = true;
			n++;
		}
	}
	return n;
}

/* How many different ones to expect when n draws are made from so many characters. */
static double expected_variety(int characters, size_t n)
{
	double unseen = 1;

	for (size_t i = 0; i < n; i++)
		unseen *= 1 - 1.0 / characters;
	return characters * (1 - unseen);
}

/* Few samples do not show all characters, even where any may stand: two thirds of what chance would
 * show are taken for all.
 */
static int64_t bits_milli(const struct nonces *l, size_t at, int characters)
{
	int different = variety(l, at);

	if (different * 3 >= expected_variety(characters, l->n) * 2 && different < characters)
		different = characters;
	return sample_log2_milli((uint64_t)different);
}

/* --- parts of nonces that rise with time --- */

static int rank_ascii(char c)
{
	return (unsigned char)c;
}

/* The digits of Base64 stand in another order than their octets. */
static int rank_base64(char c)
{
	const struct str digits = STR("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789+/");
	size_t at = str_chr(digits, c);

	return at == (size_t)-1 ? -1 : (int)at;
}

struct rising {
	size_t from, octets; /* the part that tells one nonce from the next; 0: none rises */
	size_t pairs;        /* neighbours that it tells apart */
};

/* From start on: each nonce compared with the one before it, until one is smaller. */
static struct rising rising_from(const struct nonces *l, size_t start, int (*rank)(char c))
{
	bool decided[SAMPLE_MAX] = { false };
	size_t end = l->shortest < NONCE_OCTETS ? l->shortest : NONCE_OCTETS, last = 0;
	struct rising r = { 0 };

	for (size_t at = start; at < end; at++) {
		size_t more = 0;

		for (size_t i = 1; i < l->n; i++) {
			int step = rank(l->v[i].p[at]) - rank(l->v[i - 1].p[at]);

			if (decided[i])
				continue;
			if (step < 0)
				return r;
			decided[i] = step > 0;
			more += step > 0;
		}
		if (!more)
			continue;
		if (!r.pairs)
			r.from = at;
		last = at;
		r.pairs += more;
		r.octets = last - r.from + 1;
	}
	return r;
}

static struct rising rising_part(const struct nonces *l)
{
	int (*const ranks[])(char c) = { rank_ascii, rank_base64 };
	struct rising best = { 0 };

	for (size_t k = 0; k < COUNT(ranks); k++)
		for (size_t i = 0; i < l->shortest && i < NONCE_OCTETS; i++) {
			struct rising r = rising_from(l, i, ranks[k]);

			if (r.pairs > best.pairs)
				best = r;
		}
	return best;
}

static void nonce_entropy(const struct observation *o, size_t n, struct sample_result *out)
{
	struct nonces l;
	int64_t milli = 0, varying = 0;
	struct rising rising;
	int characters;

	collect(&l, o, n);
	out->known = l.n >= 2;
	out->why = "fewer than two answers had a nonce";
	if (!out->known)
		return;
	characters = count_characters(&l, true);
	for (size_t at = 0; at < l.longest && at < NONCE_OCTETS; at++) {
		bool varies = variety(&l, at) > 1;

		varying += varies;
		milli += varies ? bits_milli(&l, at, characters) : 0;
	}
	rising = rising_part(&l);
	out->value = milli / 1000;
	add(out, "samples", (int64_t)l.n, "nonces");
	add(out, "shortest", (int64_t)l.shortest, "octets");
	add(out, "longest", (int64_t)l.longest, "octets");
	add(out, "charset", count_characters(&l, false), "characters");
	add(out, "repeats", count_repeats(&l), "nonces");
	add(out, "varying", varying, "positions");
	add(out, "rising", (int64_t)rising.octets, "octets");
	if (rising.octets)
		add(out, "rising-from", (int64_t)rising.from + 1, "position");
}

/* --- times --- */

static void time_difference(const struct observation *o, size_t n, struct sample_result *out)
{
	int64_t first[PAIRS_MAX], second[PAIRS_MAX], apart[PAIRS_MAX], median;
	size_t pairs = 0;

	for (size_t i = 0; i + 1 < n && pairs < PAIRS_MAX; i += 2, pairs++) {
		first[pairs] = o[i].done_ms - o[i].sent_ms;
		second[pairs] = o[i + 1].done_ms - o[i + 1].sent_ms;
		apart[pairs] = second[pairs] - first[pairs];
	}
	out->known = pairs > 0;
	out->why = "there is no pair of answers";
	median = out->value = sample_median(apart, pairs);
	for (size_t i = 0; i < pairs; i++)
		apart[i] = apart[i] > median ? apart[i] - median : median - apart[i];
	add(out, "pairs", (int64_t)pairs, "pairs");
	add(out, "unknown-user", sample_median(first, pairs), "ms");
	add(out, "wrong-password", sample_median(second, pairs), "ms");
	add(out, "spread", sample_median(apart, pairs), "ms");
}

/* --- lock-outs --- */

static void lock_out(const struct observation *o, size_t n, struct sample_result *out)
{
	size_t wrong = 0;
	bool told, locked, over;
	int64_t from;

	while (wrong < n && o[wrong].step == 0)
		wrong++;
	out->known = wrong && wrong < n;
	out->why = "there are too few answers";
	if (!out->known)
		return;
	told = o[wrong - 1].outcome == OUTCOME_LOCKED;
	over = o[n - 1].outcome == OUTCOME_ACCEPTED;
	locked = told || !over || n - wrong > 1;
	from = o[wrong - 1].done_ms;
	out->value = (int64_t)wrong;
	out->at_limit = !locked;
	out->unfinished = !over;
	/* Not told: it was one of these, nobody knows which. */
	add(out, "told", told, "yes-or-no");
	if (locked)
		add(out, over ? "duration" : "duration-at-least", (o[n - 1].sent_ms - from) / 1000,
		    "s");
}

/* --- what a bare request costs --- */

static void bare_cost(const struct observation *o, size_t n, struct sample_result *out)
{
	int64_t bare = 0, counted;

	for (size_t i = 0; i < n; i++)
		bare += o[i].step == 1;
	out->known = n >= 2 && bare && o[0].attempts >= 0 && o[n - 1].attempts >= 0;
	out->why = "the answers do not say how many attempts are left";
	if (!out->known)
		return;
	/* One of them is the wrong password itself. */
	counted = o[0].attempts - o[n - 1].attempts - 1;
	counted = counted > 0 ? counted : 0;
	out->value = (counted + bare - 1) / bare;
	add(out, "requests", bare, "requests");
	add(out, "counted", counted, "failed-logins");
}

void sample_evaluate(enum sample_kind k, const struct observation *o, size_t n,
		     struct sample_result *out)
{
	static void (*const kinds[SAMPLES])(const struct observation *, size_t,
					    struct sample_result *) = {
		[SAMPLE_NONCE_ENTROPY] = nonce_entropy,
		[SAMPLE_TIME_DIFFERENCE] = time_difference,
		[SAMPLE_LOCK_OUT] = lock_out,
		[SAMPLE_BARE_COST] = bare_cost,
	};

	*out = (struct sample_result){ .why = "" };
	kinds[k](o, n, out);
}

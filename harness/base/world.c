#include "base/world.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

int64_t world_mono_ms(const struct world *w)
{
	return w->mono_ms(w->ctx);
}

int64_t world_wall_ms(const struct world *w)
{
	return w->wall_ms(w->ctx);
}

void world_random(const struct world *w, void *out, size_t n)
{
	w->random(w->ctx, out, n);
}

static int64_t clock_ms(clockid_t id)
{
	struct timespec t = { 0 };

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_mono_ms(void *ctx)
{
	(void)ctx;
	return clock_ms(CLOCK_MONOTONIC);
}

static int64_t real_wall_ms(void *ctx)
{
	(void)ctx;
	return clock_ms(CLOCK_REALTIME);
}

/* Weak randomness would be worse than none: nonces and passwords are made of it. */
static void real_random(void *ctx, void *out, size_t n)
{
	uint8_t *p = out;

	(void)ctx;
	while (n) {
		ssize_t got = getrandom(p, n, 0);

		if (got < 0 && errno != EINTR)
			abort();
		if (got > 0) {
			p += got;
			n -= (size_t)got;
		}
	}
}

struct world world_real(void)
{
	return (struct world){ real_mono_ms, real_wall_ms, real_random, NULL };
}

void rng_seed(struct rng *r, const uint8_t seed[static 32])
{
	uint64_t any = 0;

	for (size_t i = 0; i < 4; i++) {
		r->s[i] = 0;
		for (size_t k = 0; k < 8; k++)
			r->s[i] |= (uint64_t)seed[8 * i + k] << (8 * k);
		any |= r->s[i];
	}
	if (!any) /* the one state that xoshiro never leaves */
		r->s[0] = 1;
}

static uint64_t rotate(uint64_t x, int k)
{
	return (x << k) | (x >> (64 - k));
}

/* xoshiro256** 1.0 of D. Blackman and S. Vigna, https://prng.di.unimi.it/ */
uint64_t rng_next(struct rng *r)
{
	uint64_t *s = r->s;
	uint64_t out = rotate(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return out;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
	uint64_t reject = (UINT64_MAX - n + 1) % n; /* 2^64 mod n */
	uint64_t v;

	do
		v = rng_next(r);
	while (v < reject);
	return v % n;
}

void rng_fill(struct rng *r, void *out, size_t n)
{
	uint8_t *p = out;

	for (size_t i = 0; i < n;) {
		uint64_t v = rng_next(r);

		for (size_t k = 0; k < 8 && i < n; k++, i++)
			p[i] = (uint8_t)(v >> (8 * k));
	}
}

/* splitmix64, which the authors of xoshiro recommend to fill its state. */
static uint64_t split_mix(uint64_t *x)
{
	uint64_t z = *x += 0x9e3779b97f4a7c15u;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

void virtual_world_init(struct virtual_world *v, int64_t wall_ms, uint64_t seed)
{
	*v = (struct virtual_world){ .wall_ms = wall_ms };
	for (size_t i = 0; i < COUNT(v->rng.s); i++)
		v->rng.s[i] = split_mix(&seed);
}

void virtual_world_advance(struct virtual_world *v, int64_t ms)
{
	v->mono_ms += ms;
	v->wall_ms += ms;
}

static int64_t virtual_mono_ms(void *ctx)
{
	return ((struct virtual_world *)ctx)->mono_ms;
}

static int64_t virtual_wall_ms(void *ctx)
{
	return ((struct virtual_world *)ctx)->wall_ms;
}

static void virtual_random(void *ctx, void *out, size_t n)
{
	rng_fill(&((struct virtual_world *)ctx)->rng, out, n);
}

struct world world_virtual(struct virtual_world *v)
{
	return (struct world){ virtual_mono_ms, virtual_wall_ms, virtual_random, v };
}

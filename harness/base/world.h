/* world.h - time and chance, injected once.  Nothing below wire/ and cli/ asks the system. */
#ifndef BASE_WORLD_H
#define BASE_WORLD_H

#include "base/err.h"
#include "base/str.h"

struct world {
	int64_t (*mono_ms)(void *ctx); /* milliseconds, never goes back, arbitrary origin */
	int64_t (*wall_ms)(void *ctx); /* milliseconds since 1970-01-01T00:00:00Z */
	void (*random)(void *ctx, void *out, size_t n);
	void *ctx;
};

int64_t world_mono_ms(const struct world *w);
int64_t world_wall_ms(const struct world *w);
void world_random(const struct world *w, void *out, size_t n);

/* The system's clocks and getrandom(2). */
struct world world_real(void);

/* A deterministic generator (xoshiro256**).  Not for secrets: for choices that must replay. */
struct rng {
	uint64_t s[4];
};
void rng_seed(struct rng *r, const uint8_t seed[static 32]);
uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n); /* 0..n-1, n > 0 */
void rng_fill(struct rng *r, void *out, size_t n);

/* A clock that moves only when told to, and a generator: the tests' and selftest's world. */
struct virtual_world {
	int64_t mono_ms, wall_ms;
	struct rng rng;
};
void virtual_world_init(struct virtual_world *v, int64_t wall_ms, uint64_t seed);
void virtual_world_advance(struct virtual_world *v, int64_t ms);
struct world world_virtual(struct virtual_world *v); /* borrows v */

#endif

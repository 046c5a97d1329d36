/* Clocks and generators. */
#include "check.h"

#include "base/world.h"

/* First outputs of xoshiro256** from the state 1, 2, 3, 4: the reference implementation's, as the
 * rand_xoshiro crate quotes them too.
 */
static void generator_is_xoshiro(void **state)
{
	static const uint64_t want[] = { 11520, 0, 1509978240, 1215971899390074240u };
	uint8_t seed[32] = { [0] = 1, [8] = 2, [16] = 3, [24] = 4 };
	struct rng r;

	(void)state;
	rng_seed(&r, seed);
	for (size_t i = 0; i < COUNT(want); i++)
		assert_true(rng_next(&r) == want[i]);
}

static void generator_leaves_zero(void **state)
{
	uint8_t seed[32] = { 0 };
	struct rng r;
	uint64_t any = 0;

	(void)state;
	rng_seed(&r, seed);
	for (int i = 0; i < 10; i++)
		any |= rng_next(&r);
	assert_true(any != 0);
}

static void below_covers_its_range(void **state)
{
	struct virtual_world v;
	int seen[7] = { 0 };

	(void)state;
	virtual_world_init(&v, 0, 42);
	for (int i = 0; i < 1000; i++) {
		uint64_t k = rng_below(&v.rng, COUNT(seen));

		assert_true(k < COUNT(seen));
		seen[k]++;
	}
	for (size_t i = 0; i < COUNT(seen); i++)
		assert_in_range(seen[i], 80, 220);
	assert_true(rng_below(&v.rng, 1) == 0);
}

static void virtual_world_replays(void **state)
{
	struct virtual_world v, same, other;
	struct world w;
	char x[21], y[21], z[21];

	(void)state;
	virtual_world_init(&v, 1000, 7);
	virtual_world_init(&same, 1000, 7);
	virtual_world_init(&other, 1000, 8);
	w = world_virtual(&v);
	world_random(&w, x, sizeof(x));
	w = world_virtual(&same);
	world_random(&w, y, sizeof(y));
	w = world_virtual(&other);
	world_random(&w, z, sizeof(z));
	assert_memory_equal(x, y, sizeof(x));
	assert_memory_not_equal(x, z, sizeof(x));
	w = world_virtual(&v);
	assert_int_equal(world_mono_ms(&w), 0);
	virtual_world_advance(&v, 250);
	assert_int_equal(world_mono_ms(&w), 250);
	assert_int_equal(world_wall_ms(&w), 1250);
}

static void real_world(void **state)
{
	struct world w = world_real();
	int64_t before = world_mono_ms(&w);
	char x[64] = { 0 }, y[64] = { 0 };

	(void)state;
	world_random(&w, x, sizeof(x));
	world_random(&w, y, sizeof(y));
	assert_memory_not_equal(x, y, sizeof(x));
	assert_true(world_mono_ms(&w) >= before);
	assert_true(world_wall_ms(&w) > 1600000000000); /* September 2020 */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(generator_is_xoshiro),
		CHECK(generator_leaves_zero),
		CHECK(below_covers_its_range),
		CHECK(virtual_world_replays),
		CHECK(real_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

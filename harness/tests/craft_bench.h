/* craft_bench.h - one client, one challenge, one request, for the tests of auth/craft.h. */
#ifndef TESTS_CRAFT_BENCH_H
#define TESTS_CRAFT_BENCH_H

#include "auth/craft.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define NOW_MS INT64_C(1787393472000) /* 2026-08-22T10:11:12Z */

/* The same seed gives the same credentials. */
struct bench {
	struct arena arena;
	struct virtual_world virtual;
	struct world world;
	struct craft_in in;
	struct craft_memory memory;
	struct craft craft;
	struct err err;
};

static inline void seed(struct bench *b)
{
	virtual_world_init(&b->virtual, NOW_MS, 7);
	b->world = world_virtual(&b->virtual);
	b->in.world = &b->world;
}

static inline void bench_init(struct bench *b)
{
	*b = (struct bench){
		.in = {
			.account = { STR("admin"), STR("Sesame7") },
			.wrong_user = STR("nobody"),
			.wrong_password = STR("Sesame8"),
			.device_unix_ms = NOW_MS,
			.request = { .method = STR("POST"),
				     .target = STR("/onvif/device_service?x=1"),
				     .body = STR("<e/>") },
			.origin = STR("http://192.0.2.1:80"),
		},
		.memory = {
			.has_digest = true,
			.challenge = {
				.realm = STR("camera"),
				.nonce = STR("40348f31eb8ea656bdf1d4704b054064"),
				.opaque = STR("5ccc069c403ebaf9"),
				.algorithm = STR("MD5"),
				.alg = HASH_MD5,
				.has_opaque = true,
				.has_qop = true,
				.qop_auth = true,
				.qop_auth_int = true,
			},
		},
	};
	arena_init(&b->arena, 8u << 20);
	seed(b);
}

static inline void bench_free(struct bench *b)
{
	arena_free(&b->arena);
}

/* Deviations as "name=value" separated by spaces. */
static inline int craft(struct bench *b, enum mechanism mech, const char *deviations_text)
{
	struct deviate v[8];
	struct str rest = str(deviations_text), word;
	size_t n = 0;

	b->err = (struct err){ 0 };
	while ((word = str_word(&rest)).n) {
		struct str name = str_cut(&word, '=');

		v[n] = (struct deviate){ deviation_find(mech, name), word };
		assert_non_null(v[n].d);
		n++;
	}
	return craft_credentials(&b->craft, &b->arena, mech, &b->in, &b->memory, v, n, &b->err);
}

static inline void good(struct bench *b, enum mechanism mech, const char *deviations_text)
{
	if (craft(b, mech, deviations_text))
		fail_msg("%s: %s", deviations_text, b->err.text);
}

static inline void bad(struct bench *b, enum mechanism mech, const char *deviations_text)
{
	struct craft_memory before = b->memory;

	assert_int_equal(craft(b, mech, deviations_text), -1);
	assert_int_equal(b->err.code, ERR_INPUT);
	assert_true(b->err.text[0] != '\0');
	assert_memory_equal(&before, &b->memory, sizeof(before));
}

static inline void is_text(struct str got, const char *want)
{
	if (!str_eq(got, str(want)))
		fail_msg("got  %.*s\nwant %s", STR_ARG(got), want);
}

#endif

/* swarm_bench.h - one case of drawn spellings on the reference device, for t_swarm.c and
 * t_replay.c. */
#ifndef TESTS_SWARM_BENCH_H
#define TESTS_SWARM_BENCH_H

#include "cli/lab.h"
#include "cli/replay.h"
#include "engine/internal.h"
#include "soap/spell_token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct catalogue catalogue;

static inline int load(void **state)
{
	struct err err = { 0 };

	(void)state;
	return catalogue_load(&catalogue, NULL, &err);
}

static inline int unload(void **state)
{
	(void)state;
	catalogue_free(&catalogue);
	return 0;
}

struct bench {
	struct run_result r;
	struct lab lab;
};

static struct profile_rule all_rule = { .document = { "*", 1 } };
static struct profile everything = { .id = { "everything", 10 }, .rule = &all_rule, .n_rule = 1 };

static inline void bench_run(struct bench *b, const char *persona, const char *fault,
			     const char *only, uint64_t n)
{
	struct err err = { 0 };

	for (int l = LEVEL_MEASURE + 1; l < LEVEL_COUNT; l++)
		all_rule.gate[l] = true;
	all_rule.note[LEVEL_MEASURE] = true;
	b->lab.catalogue = &catalogue;
	b->lab.profile = &everything;
	b->lab.device.persona = persona_find(str(persona));
	b->lab.device.n_fault = fault != NULL;
	b->lab.device.fault[0] = fault ? fault_find(str(fault)) : NULL;
	b->lab.engine.only[0] = str(only);
	b->lab.engine.n_only = 1;
	b->lab.engine.spellings = b->lab.engine.hostile = n;
	arena_init(&b->r.a, 512u << 20);
	if (lab_run(&b->lab, &b->r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(b->r.n_variant, 1);
}

static inline void bench_free(struct bench *b)
{
	arena_free(&b->r.a);
}

static inline void is_verdict(const struct bench *b, enum verdict want)
{
	const struct variant_result *v = &b->r.variant[0];

	if (v->verdict != want)
		fail_msg("%s, want %s: %.*s", verdict_name(v->verdict), verdict_name(want),
			 STR_ARG(v->message));
}

static inline const struct swarm_result *swarm(const struct bench *b)
{
	assert_non_null(b->r.variant[0].swarm);
	return b->r.variant[0].swarm;
}

static inline void is_text(struct str got, const char *want)
{
	if (!str_eq(got, str(want)))
		fail_msg("got  %.*s\nwant %s", STR_ARG(got), want);
}

#endif

/* Repeated steps, and samples: measures that collect answers in place of searching. */
#include "suite/parse.h"

static const struct {
	const char *name;
	size_t steps;
} samples[SAMPLES] = {
	[SAMPLE_NONE] = { "", 0 },
	[SAMPLE_NONCE_ENTROPY] = { "nonce-entropy", 1 },
	[SAMPLE_TIME_DIFFERENCE] = { "time-difference", 2 },
	[SAMPLE_LOCK_OUT] = { "lock-out", 2 },
	[SAMPLE_BARE_COST] = { "bare-cost", 3 },
};

enum sample_kind suite_sample_kind(struct str name)
{
	for (size_t i = SAMPLE_NONE + 1; i < SAMPLES; i++) {
		if (str_eq(name, str(samples[i].name)))
			return (enum sample_kind)i;
	}
	return SAMPLE_NONE;
}

const char *suite_sample_name(enum sample_kind k)
{
	return samples[k].name;
}

size_t suite_sample_steps(enum sample_kind k)
{
	return samples[k].steps;
}

/* "any" is no such list: it takes a lock as it takes everything. */
bool suite_awaits_lock(const struct suite_case *c)
{
	for (size_t i = 0; i < c->n_step; i++) {
		unsigned expect = c->step[i].expect;

		if ((expect & OUTCOME_BIT(OUTCOME_LOCKED)) &&
		    (expect & OUTCOME_SET_ANSWERED) != OUTCOME_SET_ANSWERED)
			return true;
	}
	return false;
}

int64_t suite_repeat(struct arena *a, const struct suite_variant *v, const struct suite_step *s,
		     struct str x_value)
{
	uint64_t n = 1;

	if (s->repeat.p && str_to_u64(suite_bind(a, v, s->repeat, x_value), REPEAT_MAX, &n))
		n = 1; /* the loader has checked it */
	return (int64_t)n;
}

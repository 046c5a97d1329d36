#include "cli/shard.h"

#include <stdlib.h>

/* Where services say it. */
static const struct {
	const char *index, *total;
	int first; /* they count from here */
} services[] = {
	{ "CI_NODE_INDEX", "CI_NODE_TOTAL", 1 },
	{ "JOB_COMPLETION_INDEX", "COUNTERSIGN_SHARDS", 0 },
};

static int set(struct shard *out, struct str index, struct str total, int first, struct err *err)
{
	uint64_t i, n;

	if (str_to_u64(total, SHARDS_MAX, &n) || n == 0 || str_to_u64(index, SHARDS_MAX, &i) ||
	    i < (uint64_t)first || i >= n + (uint64_t)first)
		return err_set(err, ERR_INPUT,
			       "shard %.*s of %.*s: expected %d to N-%d of N, at most %d",
			       STR_ARG(index), STR_ARG(total), first, 1 - first, SHARDS_MAX);
	*out = (struct shard){ (int)i - first + 1, (int)n };
	return 0;
}

static int from_environment(struct shard *out, struct err *err)
{
	for (size_t i = 0; i < COUNT(services); i++) {
		struct str index = str(getenv(services[i].index)),
			   total = str(getenv(services[i].total));

		if (!index.n)
			continue;
		if (!total.n)
			return err_set(err, ERR_INPUT,
				       "--shard auto: %s is there without %s, expected both",
				       services[i].index, services[i].total);
		if (set(out, index, total, services[i].first, err) == 0)
			return 0;
		return err_prefix(err, "--shard auto: %s, %s", services[i].index,
				  services[i].total);
	}
	/* GitLab gives a job that is not parallel a total of 1, and no index. */
	if (str_eq(str(getenv("CI_NODE_TOTAL")), STR("1"))) {
		*out = (struct shard){ 1, 1 };
		return 0;
	}
	return err_set(err, ERR_INPUT,
		       "--shard auto: nothing in the environment, expected CI_NODE_INDEX and "
		       "CI_NODE_TOTAL, or JOB_COMPLETION_INDEX and COUNTERSIGN_SHARDS");
}

int shard_read(const struct options *o, struct shard *out, struct err *err)
{
	struct str rest = o->shard, index;

	*out = (struct shard){ 0 };
	if (!o->shard.p)
		return 0;
	if (str_eq(o->shard, STR("auto")))
		return from_environment(out, err);
	index = str_cut(&rest, '/');
	if (set(out, index, rest, 1, err) == 0)
		return 0;
	return err_set(err, ERR_INPUT, "--shard %.*s: expected I/N with I from 1 to N, or auto",
		       STR_ARG(o->shard));
}

int shard_budget(const struct shard *s, const struct options *o, struct failure_budget *b,
		 struct err *err)
{
	if (s->total < 2 || b->unlimited)
		return 0;
	if (b->in_row)
		return err_set(err, ERR_INPUT,
			       "--failures %.*s: no machine knows of the failed logins of the "
			       "others, expected COUNT/DURATION with --shard",
			       STR_ARG(o->failures));
	b->count /= s->total;
	return 0;
}

/* shard.h - which part of the work --shard gives to this machine. */
#ifndef CLI_SHARD_H
#define CLI_SHARD_H

#include "cli/options.h"
#include "engine/engine.h"

#define SHARDS_MAX 1000

/* "2/5"; "auto": CI_NODE_INDEX and CI_NODE_TOTAL of GitLab, which count from 1, or
 * JOB_COMPLETION_INDEX of Kubernetes, which counts from 0, with COUNTERSIGN_SHARDS.  Not given:
 * total 0.  -1 with ERR_INPUT.
 */
int shard_read(const struct options *o, struct shard *out, struct err *err) MUST_CHECK;

/* Several machines log in to one account, and none knows of the others' failures: each gets its
 * part of the cap.  -1 with ERR_INPUT for a cap that cannot be parted.
 */
int shard_budget(const struct shard *s, const struct options *o, struct failure_budget *b,
		 struct err *err) MUST_CHECK;

#endif

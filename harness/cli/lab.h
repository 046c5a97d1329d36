/* lab.h - a run against a reference device in the same process, on a virtual clock. */
#ifndef CLI_LAB_H
#define CLI_LAB_H

#include "device/device.h"
#include "engine/engine.h"

struct lab {
	const struct catalogue *catalogue;
	const struct profile *profile;
	struct device_options device;
	struct engine_options engine; /* url, account, catalogue and profile are filled in */
	const volatile sig_atomic_t *interrupted; /* may be NULL */
};

/* Judge it; r->a must be initialised, r is filled.  The device's first account is used unless
 * engine.account is set.  Everything is the same again with the same seed.
 */
int lab_run(const struct lab *lab, struct run_result *r, struct err *err) MUST_CHECK;

/* The profile that selects every case: whatever it cites gates, but measures, which are noted. */
const struct profile *lab_everything(void);

#define LAB_WALL_MS                                                                                \
	INT64_C(1767225600000) /* 2026-01-01T00:00:00Z: where the virtual clock starts */

#endif

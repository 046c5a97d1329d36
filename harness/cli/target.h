/* target.h - who is judged: a URL, or the built-in device when none is given. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "cli/secret.h"
#include "device/device.h"
#include "wire/wire.h"

struct target {
	struct arena a;
	bool built_in, http_kind, tls, loopback, lab;
	struct str url;
	const char *profile; /* the one that fits when none is asked for */
	struct str user, password;
	struct secret secret;
	int connections;
	struct virtual_world clock; /* of the built-in device: a wait costs nothing */
	struct world world;
	struct device *device;
	struct wire_hub *hub; /* of many targets; NULL: none */
	struct wire *wire;    /* free it before the engine, which owns what flies */
};

/* The built-in device that --persona, --fault and its other options ask for. */
int target_device(struct device_options *out, const struct options *o, struct err *err) MUST_CHECK;
/* Resolve everything but send nothing.  -1 with ERR_INPUT for what the user can mend.  *t must stay
 * where it is, since t->world borrows t->clock.
 */
int target_open(struct target *t, const struct options *o, struct err *err) MUST_CHECK;
void target_drop_wire(struct target *t);
void target_close(struct target *t);

#endif

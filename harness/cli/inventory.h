/* inventory.h - the devices of --targets: an INI file, a section for each.
 *
 *	[gate-2]
 *	url           = http://192.0.2.10/onvif/device_service
 *	user          = admin
 *	password-file = gate-2.secret
 *
 * Entries are those options of countersign run that differ from device to device, and url,
 * password-env, vendor and model.  A device without url is the built-in one.  Files are named from
 * the folder of the inventory; passwords never stand in it.
 */
#ifndef CLI_INVENTORY_H
#define CLI_INVENTORY_H

#include "cli/options.h"

#define INVENTORY_MAX         (4u << 20) /* octets of the file */
#define INVENTORY_DEVICES_MAX 10000

struct inventory_device {
	struct str name;          /* also of its folder: letters, digits and ._-, at most 60 */
	struct str slug;          /* the name as reports need it: [a-z0-9-] */
	struct str vendor, model; /* as the owner calls it; .p NULL: not given */
	struct str host;          /* "http://host:port"; .p NULL: the built-in device */
	struct options o;         /* of its run */
	int line;                 /* of its section */
};

struct inventory {
	struct str file;
	struct inventory_device *device;
	size_t n;
};

/* base: what the command line says, for devices that do not say otherwise.  -1 with ERR_INPUT and
 * "file:line: what, expected what"; path and base's texts are borrowed.
 */
int inventory_read(struct arena *a, struct str path, const struct options *base,
		   struct inventory *out, struct err *err) MUST_CHECK;
int inventory_parse(struct arena *a, struct str path, struct str text, const struct options *base,
		    struct inventory *out, struct err *err) MUST_CHECK;

/* The device of that name, or NULL with ERR_INPUT and the name that was probably meant. */
const struct inventory_device *inventory_find(struct arena *a, const struct inventory *v,
					      struct str name, struct err *err) MUST_CHECK;

#endif

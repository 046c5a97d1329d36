/* What can be planted in the scripted client. */
#include "client/actor_parts.h"

#define PLAIN(id, name, help) { name, help, false },
#define ONVIF(id, name, help) { name, help, true },

const struct client_fault client_faults[] = {
#include "client/fault_rows.h"
	{ NULL, NULL, false },
};

_Static_assert(COUNT(client_faults) == PLANTED_COUNT + 1, "the rows are the faults, in order");

const struct client_fault *client_fault_find(struct str name)
{
	for (const struct client_fault *f = client_faults; f->name; f++) {
		if (str_eq(name, str(f->name)))
			return f;
	}
	return NULL;
}

#include "wire/wire.h"

static const char *const names[] = {
	[WIRE_PENDING] = "pending",       [WIRE_ANSWERED] = "answered",
	[WIRE_MALFORMED] = "malformed",   [WIRE_CLOSED] = "closed",
	[WIRE_TIMEOUT] = "timeout",       [WIRE_TLS] = "tls",
	[WIRE_UNRESOLVED] = "unresolved",
};
_Static_assert(COUNT(names) == WIRE_UNRESOLVED + 1, "one name per enum wire_fate");

const char *wire_fate_name(enum wire_fate f)
{
	return names[f];
}

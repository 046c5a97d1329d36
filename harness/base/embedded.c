#include "base/embedded.h"

struct str embedded_find(const struct embedded_file *table, struct str name)
{
	for (const struct embedded_file *e = table; e->name; e++)
		if (str_eq(str(e->name), name))
			return str_n(e->octets, e->n);
	return (struct str){ 0 };
}

/* inventory_fuzzer.c - any octets as an inventory, and so as an INI file. */
#include "cli/inventory.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void arena_drop(struct arena *a)
{
	arena_free(a);
}

/* Names become folders, and a device is somewhere. */
static void look_at(const struct inventory_device *d)
{
	if (!d->name.n || d->name.p[0] == '.' || memchr(d->name.p, '/', d->name.n) ||
	    d->slug.n != d->name.n || d->line < 1 || d->o.n_operand > 1 ||
	    (d->o.n_operand == 0) != !d->host.p || (!d->host.p && !d->o.persona.p))
		__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct options base = { .user = STR("admin") };
	struct arena a DEFER(arena_drop);
	struct inventory v;
	struct err err = { .code = ERR_NONE };

	arena_init(&a, 256u << 20);
	if (inventory_parse(&a, STR("f"), str_n((const char *)data, size), &base, &v, &err)) {
		if (err.code == ERR_NONE || strncmp(err.text, "f:", 2))
			__builtin_trap();
		return 0;
	}
	if (!v.n)
		__builtin_trap();
	for (size_t i = 0; i < v.n; i++)
		look_at(&v.device[i]);
	return 0;
}

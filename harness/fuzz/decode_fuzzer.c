/* decode_fuzzer.c - pasted text of any kind, explained with a password and without. */
#include "cli/decode.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void arena_drop(struct arena *a)
{
	arena_free(a);
}

/* Every finding has its words; a decoding without an item is an error. */
static void explain(struct str octets, struct str password)
{
	const struct decode_ask ask = { .file = STR("f"),
					.user = STR("admin"),
					.password = password,
					.has_at = password.n > 0,
					.at_unix_ms = 1284623445000 };
	struct arena a DEFER(arena_drop);
	struct decoding d;
	struct err err = { .code = ERR_NONE };

	arena_init(&a, 256u << 20);
	if (decode(&a, octets, &ask, &d, &err)) {
		if (err.code == ERR_NONE || !err.text[0])
			__builtin_trap();
		return;
	}
	if (!d.n)
		__builtin_trap();
	for (size_t i = 0; i < d.n; i++)
		for (size_t k = 0; k < d.item[i].n_finding; k++)
			if (!d.item[i].finding[k].text.n || !d.item[i].finding[k].name[0])
				__builtin_trap();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	explain(str_n(data, size), STR("userpassword"));
	explain(str_n(data, size), (struct str){ NULL, 0 });
	return 0;
}

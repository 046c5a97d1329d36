/* archive_fuzzer.c - a bundle from a stranger, as tar.gz and as tar: read into memory, no more. */
#include "bundle/pack.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct pack_caps caps = { .octets = 8u << 20, .files = 64, .ratio = 64 };

static void list(struct str tar)
{
	struct bundle_files f;
	struct err err = { 0 };
	struct arena a;
	struct buf again;

	arena_init(&a, 32u << 20);
	buf_init(&again, 32u << 20);
	/* What was read can be written. */
	if (pack_list(&a, tar, &caps, &f, &err) == 0 && pack_tar(&f, &again, &err))
		__builtin_trap();
	buf_free(&again);
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct err err = { 0 };
	struct buf tar;

	buf_init(&tar, caps.octets);
	if (pack_gunzip(str_n(data, size), &caps, &tar, &err) == 0)
		list(buf_view(&tar));
	buf_free(&tar);
	list(str_n(data, size));
	return 0;
}

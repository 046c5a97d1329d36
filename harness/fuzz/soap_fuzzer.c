/* soap_fuzzer.c - envelopes from outside: read, and ask everything of what was read. */
#include "soap/soap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void arena_drop(struct arena *a)
{
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a DEFER(arena_drop);
	struct soap_message m;
	struct err err = { 0 };
	int64_t ms;

	arena_init(&a, 64u << 20);
	if (soap_read(&a, str_n(data, size), &m, &err))
		return 0;
	(void)soap_is_not_authorized(&m);
	(void)soap_attempts_left(m.reason);
	(void)soap_says_locked(m.reason);
	(void)soap_leaf_text(&m, "Time", "Hour");
	if (soap_device_time(&m, &ms, &err) == 0 && ms == INT64_MIN)
		return 1;
	return 0;
}

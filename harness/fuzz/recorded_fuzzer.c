/* recorded_fuzzer.c - octets of a folder of evidence: read them as a request and as a response. */
#include "wire/recorded.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void arena_drop(struct arena *a)
{
	arena_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a DEFER(arena_drop);
	struct str octets = str_n(data, size);
	struct http_request q;
	struct http_response r;
	struct err err = { 0 };

	arena_init(&a, 64u << 20);
	if (!recorded_request(&a, octets, &q, &err) && (q.method.n + q.target.n + q.body.n > size ||
							q.body.p + q.body.n != octets.p + octets.n))
		__builtin_trap();
	if (!recorded_response(&a, octets, &r, &err) &&
	    (r.status < 101 || r.status > 599 || r.body.n > size))
		__builtin_trap();
	if (!recorded_masked_response(&a, octets, STR("[]"), &r, &err) &&
	    (r.status < 101 || r.status > 599 || r.body.n > size))
		__builtin_trap();
	return 0;
}

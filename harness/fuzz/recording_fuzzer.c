/* recording_fuzzer.c - recorded conversations: an HTTP Archive, or packets as tshark tells them,
 * read and heard. */
#include "report/recordings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void arena_drop(struct arena *a)
{
	arena_free(a);
}

static void hear(const struct recording *rec)
{
	const struct account account = { STR("admin"), STR("secure"), 0 };
	const struct told told = { .times = 1, .user = account.user, .password = account.password };
	struct conversation c;
	struct err err = { 0 };

	if (conversation_init(&c, NULL, &account, &told, &err))
		return;
	for (size_t i = 0; i < rec->n && i < 50; i++) {
		const struct recorded_exchange *x = &rec->v[i];
		const struct hearing at = { .connection = x->connection,
					    .mono_ms = x->wall_ms,
					    .wall_ms = x->wall_ms,
					    .device_ms = x->wall_ms };
		struct heard *h = conversation_hear(&c, &at, &x->request);

		if (h)
			conversation_say(&c, h, x->response.status ? &x->response : NULL, 0,
					 x->response.status < 400);
		if (x->response.status && (x->response.status < 100 || x->response.status > 599))
			__builtin_trap();
	}
	conversation_free(&c);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a DEFER(arena_drop);
	struct str text = str_n(data, size);
	struct recording rec;
	struct err err = { 0 };
	int bad;

	arena_init(&a, 64u << 20);
	bad = str_starts(str_trim(text), STR("["))
		      ? recording_capture(&a, STR("fuzz"), text, &rec, &err)
		      : recording_har(&a, STR("fuzz"), text, &rec, &err);
	if (bad ? !err.text[0] : recording_close(&rec, &a, &err) && !err.text[0])
		__builtin_trap();
	if (!bad && rec.n)
		hear(&rec);
	return 0;
}

/* client_fuzzer.c - octets of a client, against the device of a client case.
 *
 * The first two octets choose the case, the third is ORed: 1 SOAP, 2 the marker, 4 one URL.  Behind
 * them stand requests, parted by RS (0x1e): a digit for the connection, "!" in front of the target
 * for the other origin, "METHOD target", lines of fields, an empty line and the body.  "$N" is the
 * nonce of the latest challenge.
 *
 * Nobody here knows the password: whatever comes, no credentials are right.  libFuzzer sees what is
 * compared, and tries it: nonces and password are others for each input, by a sum over its octets.
 */
#include "client/run.h"

#define REQUESTS  40
#define CASE_ROOM (32u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct catalogue *cases(void)
{
	static struct catalogue k;
	static bool loaded;
	struct err err;

	if (!loaded && catalogue_load(&k, NULL, &err))
		__builtin_trap();
	loaded = true;
	return &k;
}

static struct str filled(struct arena *a, struct str text, struct str nonce)
{
	size_t at = str_find(text, STR("$N"));

	if (at == (size_t)-1)
		return text;
	return arena_fmt(a, "%.*s%.*s%.*s", STR_ARG(str_sub(text, 0, at)), STR_ARG(nonce),
			 STR_ARG(str_sub(text, at + 2, text.n)));
}

static struct str latest_nonce(struct play *p)
{
	const struct conversation *c = play_conversation(p);

	for (size_t i = c->n; i-- > 0;)
		if (c->v[i]->n_digest)
			return c->v[i]->digest[0].nonce;
	return STR("");
}

static void send_one(struct play *p, struct arena *a, struct str text)
{
	uint64_t connection = text.n && char_is_digit(text.p[0]) ? (uint64_t)text.p[0] : 0;
	struct str rest = str_sub(text, connection ? 1 : 0, text.n), line, nonce = latest_nonce(p);
	struct http_request in = { .body = STR("") };
	struct http_response out;
	int origin = 0;

	line = str_cut(&rest, '\n');
	in.method = str_cut(&line, ' ');
	if (str_starts(line, STR("!")))
		origin = 1;
	in.target = str_sub(line, (size_t)origin, line.n);
	while (rest.n) {
		struct str value = str_cut(&rest, '\n'), name;

		if (!value.n)
			break;
		name = str_cut(&value, ':');
		http_add(a, &in.fields, name, filled(a, str_trim(value), nonce));
	}
	in.body = rest;
	if (play_request(p, a, connection, origin, &in, &out) == DEVICE_ANSWERED &&
	    (out.status < 100 || out.status > 599))
		__builtin_trap();
}

/* What can be seen of it holds, whatever came. */
static void look(struct play *p, bool soap)
{
	const struct conversation *c = play_conversation(p);

	if (c->n > HEARD_MAX || c->a.total_bytes > CONVERSATION_BYTES)
		__builtin_trap();
	for (size_t i = 0; i < c->n; i++) {
		const struct heard *h = c->v[i];

		if (h->right)
			__builtin_trap();
		/* What needs no credentials is the time, and its like; elsewhere is anything. */
		if (h->granted && !h->origin && !soap)
			__builtin_trap();
	}
}

static void judge(struct arena *a, struct play *p)
{
	const struct conversation *c = play_conversation(p);
	struct variant_result r = { .variant = c->variant };

	client_verdict(a, &c, 1, catalogue_profile(cases(), STR("client-rfc7616")), &r);
	if (r.verdict >= VERDICTS || r.n_step > c->n || r.deciding >= (int)r.n_step ||
	    (r.verdict != VERDICT_PASS && arena_ok(a) && !r.message.n))
		__builtin_trap();
}

/* FNV-1a */
static uint64_t sum_of(struct str octets)
{
	uint64_t sum = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < octets.n; i++)
		sum = (sum ^ (uint8_t)octets.p[i]) * UINT64_C(0x100000001b3);
	return sum;
}

static struct str password_of(struct arena *a, const struct world *world)
{
	uint64_t drawn[2];

	world_random(world, drawn, sizeof(drawn));
	return arena_fmt(a, "%llx-%llx", (unsigned long long)drawn[0],
			 (unsigned long long)drawn[1]);
}

static void play_case(struct arena *a, const struct suite_case *c, unsigned how, struct str octets)
{
	struct play_options o = { .account = { .user = STR("countersign") },
				  .origin = STR("http://127.0.0.1:4711"),
				  .other_origin = STR("http://127.0.0.1:4712"),
				  .path = how & 4 ? STR("") : STR("/c/1"),
				  .soap = how & 1,
				  .marker = how & 2,
				  .run = STR("0123456789abcdef") };
	struct virtual_world clock;
	struct world world;
	struct suite_variant *v;
	struct play *p;
	struct err err;
	size_t n;

	virtual_world_init(&clock, INT64_C(1790000000000), sum_of(octets));
	world = world_virtual(&clock);
	o.account.password = password_of(a, &world);
	if (suite_expand(a, c, &v, &n, &err) || !n)
		__builtin_trap();
	o.variant = &v[(how >> 3) % n];
	p = play_new(&o, &world, &err);
	if (!p)
		__builtin_trap();
	for (size_t i = 0; i < REQUESTS && octets.n; i++)
		send_one(p, a, str_cut(&octets, 0x1e));
	look(p, o.soap);
	judge(a, p);
	play_free(p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct catalogue *k = cases();
	const struct suite_case *c;
	struct arena a;

	if (size < 3)
		return 0;
	c = &k->client[((size_t)data[0] << 8 | data[1]) % k->n_client];
	/* Those that have a password of their own say it in the catalogue; watchers serve nothing.
	 */
	if (!c->client->n_turn || setting_of(&c->client->call, "password").p)
		return 0;
	arena_init(&a, CASE_ROOM);
	play_case(&a, c, data[2], str_n((const char *)data + 3, size - 3));
	arena_free(&a);
	return 0;
}

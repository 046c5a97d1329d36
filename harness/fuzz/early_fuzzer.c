/* early_fuzzer.c - the server that answers by heads reads octets of a client.
 *
 * The first octet says in what pieces they come; behind it stands one request.  In pieces it is
 * read as it is in whole: the same head or the same refusal, the same content, the same rest.
 */
#include "device/early_parts.h"

#define ROOM (8u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
	struct arena a;
	struct buf in;
	struct early_head head;
	struct early_body body;
	size_t scanned;
	bool has_head;
	int why; /* 1: more has to come */
};

static void consume_head(struct reading *r)
{
	memmove(r->in.p, r->in.p + r->head.bytes, r->in.n - r->head.bytes);
	r->in.n -= r->head.bytes;
	r->body = (struct early_body){ .chunked = r->head.chunked, .length = r->head.length };
	r->has_head = true;
}

static void hear(struct reading *r, struct str octets)
{
	/* Behind a whole request stands the next one. */
	buf_add(&r->in, octets.p, octets.n);
	if (r->why != 1)
		return;
	if (!r->has_head) {
		r->why = early_head_read(&r->a, buf_view(&r->in), &r->scanned, &r->head);
		if (r->why)
			return;
		consume_head(r);
	}
	r->why = early_body_read(&r->body, &r->in);
}

static void begin(struct reading *r)
{
	*r = (struct reading){ .why = 1 };
	arena_init(&r->a, ROOM);
	buf_init(&r->in, ROOM);
}

static void end(struct reading *r)
{
	arena_free(&r->a);
	buf_free(&r->in);
}

static bool same(const struct reading *a, const struct reading *b)
{
	if (a->why != b->why || a->has_head != b->has_head)
		return false;
	if (!a->has_head)
		return true;
	return str_eq(a->head.in.method, b->head.in.method) &&
	       str_eq(a->head.in.target, b->head.in.target) &&
	       a->head.in.fields.n == b->head.in.fields.n && a->head.expects == b->head.expects &&
	       (a->why ||
		(a->body.done == b->body.done && str_eq(buf_view(&a->in), buf_view(&b->in))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct reading whole, pieces;
	size_t piece = size ? 1u + data[0] % 64 : 1;
	struct str octets = str_n((const char *)data + (size > 0), size ? size - 1 : 0);

	begin(&whole);
	begin(&pieces);
	hear(&whole, octets);
	for (size_t i = 0; i < octets.n; i += piece)
		hear(&pieces, str_sub(octets, i, piece));
	if (!same(&whole, &pieces) || whole.body.done > EARLY_BODY_MAX)
		__builtin_trap();
	end(&whole);
	end(&pieces);
	return 0;
}

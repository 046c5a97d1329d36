/* actor_expect.c - content that is announced first: RFC 9110 10.1.1. */
#include "client/actor_parts.h"

#define LARGE       (1u << 20) /* as libcurl has it */
#define AGAIN_TIMES 4

static bool is_worth_it(const struct actor *k, const struct http_request *in)
{
	if (has(k, PLANTED_EXPECT_WITHOUT_CONTENT))
		return true;
	/* What SOAP stacks of one maker do with every envelope. */
	return in->body.n > (k->o->soap ? 0 : LARGE);
}

void actor_expect(struct actor *k, struct http_request *in)
{
	if (is_worth_it(k, in) && !k->no_expect)
		http_add(k->a, &in->fields, STR("Expect"), STR("100-continue"));
}

int actor_head(struct actor *k, int origin, uint64_t connection, const struct http_request *in,
	       struct http_response *out)
{
	struct http_request head = *in;

	if (!k->o->head || !in->body.n || !http_get(&in->fields, "Expect").p)
		return 0;
	head.body = STR("");
	switch (k->o->head(k->o->ctx, k->a, connection, origin, &head, out)) {
	case HEAD_FINAL:
		return 1;
	case HEAD_CLOSES:
		return -1;
	case HEAD_WAIT:
		return has(k, PLANTED_EXPECT_WAITS) ? -1 : 0;
	case HEAD_CONTINUE:
		break;
	}
	return 0;
}

bool actor_unexpect(struct actor *k, const struct http_request *in)
{
	if (!http_get(&in->fields, "Expect").p || has(k, PLANTED_EXPECT_417_STOPS))
		return false;
	if (has(k, PLANTED_EXPECT_417_AGAIN))
		return ++k->expects_again <= AGAIN_TIMES;
	k->no_expect = true;
	return true;
}

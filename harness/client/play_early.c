/* play_early.c - what a request is told before its content comes: RFC 9110 10.1.1. */
#include "client/play_parts.h"

#define HEAD_MAX (1u << 20) /* octets that a head takes */

/* The operation that Content-Type names; NULL: none. */
static const struct soap_operation *action_of(const struct http_request *in)
{
	struct str type = http_get(&in->fields, "Content-Type");
	size_t at = str_ifind(type, STR("action="));
	struct str action, name;

	if (at == (size_t)-1)
		return NULL;
	action = str_trim(str_sub(type, at + strlen("action="), type.n));
	if (str_starts(action, STR("\"")))
		action = str_sub(action, 1, action.n);
	action = str_cut(&action, '"');
	do
		name = str_cut(&action, '/');
	while (action.n);
	return soap_operation_find(name);
}

/* Does the head tell who calls, and for what?  A token is in the envelope, and auth-int is over it.
 */
static bool tells_all(struct play *p, const struct http_request *head)
{
	struct str field = http_get(&head->fields, "Authorization");
	const struct soap_operation *op = action_of(head);

	if (str_ifind(field, STR("auth-int")) != (size_t)-1)
		return false;
	if (!p->o.soap)
		return true;
	for (size_t i = 0; i < p->client->n_turn; i++)
		if (!p->client->turn[i].grant &&
		    play_turn_offers(p, &p->client->turn[i], OFFER_TOKEN))
			return false;
	return op && op->access != ACCESS_PRE_AUTH;
}

bool play_answers_early(struct play *p, struct arena *a, const struct heard *h, enum reply reply)
{
	struct str early = play_early(p, a);

	if (!p->o.heads || !h->expects || !h->has_content || h->origin)
		return false;
	if (reply == REPLY_REFUSED)
		return true;
	return reply == REPLY_CHALLENGE &&
	       (str_eq(early, STR("keep")) || str_eq(early, STR("close"))) &&
	       tells_all(p, &h->request);
}

bool play_is_early(const struct suite_client *c)
{
	for (size_t i = 0; i < c->n_turn; i++)
		if (setting_of(&c->turn[i].set, "early").p)
			return true;
	return false;
}

/* --- a head --- */

static void remember(struct play *p, uint64_t connection, const struct http_request *in)
{
	struct waiting *w = &p->waiting;

	arena_free(&w->a);
	*w = (struct waiting){ .connection = connection,
			       .mono_ms = world_mono_ms(p->world),
			       .wall_ms = world_wall_ms(p->world),
			       .device_ms = play_clock_ms(p) };
	arena_init(&w->a, HEAD_MAX);
	w->head.method = arena_str(&w->a, in->method);
	w->head.target = arena_str(&w->a, in->target);
	for (size_t i = 0; i < in->fields.n; i++)
		http_add(&w->a, &w->head.fields, arena_str(&w->a, in->fields.v[i].name),
			 arena_str(&w->a, in->fields.v[i].value));
	w->is = arena_ok(&w->a);
}

/* By what is heard of it now: else it is forgotten, and heard again with its content. */
static bool answered(struct play *p, const struct answer_context *c)
{
	size_t turn = p->turn;
	int64_t right = p->answered;
	bool issued = p->issued;
	enum reply reply = play_decide(p, c->a, c->h);

	if (play_answers_early(p, c->a, c->h, reply)) {
		play_reply(p, c, reply);
		return true;
	}
	p->turn = turn;
	p->answered = right;
	p->issued = issued;
	conversation_forget(&p->said, c->h);
	return false;
}

enum head_answer play_head(struct play *p, struct arena *a, uint64_t connection, int origin,
			   const struct http_request *in, struct http_response *out)
{
	struct answer_context c = { .a = a, .out = out };

	*out = (struct http_response){ .status = 200 };
	if (origin || !p->o.heads || !play_is_early(p->client))
		return HEAD_CONTINUE;
	if (str_eq(play_early(p, a), STR("never"))) {
		remember(p, connection, in);
		return HEAD_WAIT;
	}
	c.h = play_hear(p, connection, origin, in);
	if (!c.h || !answered(p, &c))
		return HEAD_CONTINUE;
	return arena_ok(a) ? HEAD_FINAL : HEAD_CLOSES;
}

bool play_content(struct play *p, uint64_t connection, struct str octets)
{
	return conversation_content(&p->said, connection, octets);
}

void play_end(struct play *p)
{
	struct waiting *w = &p->waiting;
	const struct hearing at = { .connection = w->connection,
				    .mono_ms = w->mono_ms,
				    .wall_ms = w->wall_ms,
				    .device_ms = w->device_ms };
	struct heard *h = w->is ? conversation_hear(&p->said, &at, &w->head) : NULL;

	w->is = false;
	if (!h)
		return;
	h->unasked = true;
	conversation_say(&p->said, h, NULL, 0, false);
}

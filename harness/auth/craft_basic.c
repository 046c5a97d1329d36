/* Basic, RFC 7617 section 2. */
#include "auth/base64.h"
#include "auth/deviate.h"

static int start(struct craft *c, struct err *err)
{
	const struct craft_account *account = &c->in->account;

	if (str_chr(account->user, ':') != (size_t)-1)
		return err_set(err, ERR_INPUT, "a user-id with a colon cannot be sent by Basic");
	c->basic = (struct basic_craft){
		.scheme = STR("Basic"),
		.space = STR(" "),
		.user = account->user,
		.password = account->password,
	};
	return 0;
}

int basic_hash(struct craft *c, struct err *err)
{
	struct basic_craft *b = &c->basic;

	b->pair = arena_concat(c->a, arena_concat(c->a, b->user, STR(":")), b->password);
	b->payload = base64_encode(c->a, b->pair);
	return arena_check(c->a, err);
}

int basic_write(struct craft *c, struct str *out, struct err *err)
{
	const struct basic_craft *b = &c->basic;

	*out = arena_concat(c->a, arena_concat(c->a, b->scheme, b->space), b->payload);
	return arena_check(c->a, err);
}

static int write_field(struct craft *c, struct err *err)
{
	c->n_field = 1;
	return basic_write(c, &c->field[0], err);
}

static void remember(struct craft *c)
{
	(void)c; /* Basic has no state */
}

const struct crafter basic_crafter = { start, basic_hash, write_field, remember };

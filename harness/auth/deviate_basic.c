/* What can be wrong, or unusual, with Basic credentials (RFC 7617). */
#include "auth/base64.h"
#include "auth/deviate.h"

int deviate_basic_user(struct craft *c, struct str value, struct err *err)
{
	return deviate_user(c, value, &c->basic.user, err);
}

int deviate_basic_password(struct craft *c, struct str value, struct err *err)
{
	return deviate_password(c, value, &c->basic.password, err);
}

int deviate_basic_overlong(struct craft *c, struct str value, struct err *err)
{
	struct str text = text_overlong(c->a);

	if (str_eq(value, STR("user")))
		c->basic.user = text;
	else
		c->basic.password = text;
	return arena_check(c->a, err);
}

int deviate_basic_scheme(struct craft *c, struct str value, struct err *err)
{
	static const struct {
		const char *value, *scheme, *space;
	} forms[] = {
		{ "omit", "", "" },
		{ "two-spaces", "Basic", "  " },
		{ "tab", "Basic", "\t" },
		{ "glued", "Basic", "" },
	};

	if (deviate_letters(c->a, value, &c->basic.scheme) == 0)
		return 0;
	for (size_t i = 0; i < COUNT(forms); i++) {
		if (str_eq(value, str(forms[i].value))) {
			c->basic.scheme = str(forms[i].scheme);
			c->basic.space = str(forms[i].space);
			return 0;
		}
	}
	return err_set(err, ERR_INTERNAL, "no such scheme");
}

/* --- payload --- */

static int no_colon(struct craft *c, struct str argument, struct err *err)
{
	struct basic_craft *b = &c->basic;

	(void)argument;
	b->pair = arena_concat(c->a, b->user, b->password);
	b->payload = base64_encode(c->a, b->pair);
	/* What is left would be right if the password had a colon itself. */
	return str_chr(b->pair, ':') == (size_t)-1
		       ? 0
		       : err_set(err, ERR_INPUT, "the password has a colon itself");
}

static int bad_padding(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	c->basic.payload = arena_concat(c->a, c->basic.payload, STR("="));
	return arena_check(c->a, err);
}

static int no_padding(struct craft *c, struct str argument, struct err *err)
{
	struct str *payload = &c->basic.payload;

	(void)argument;
	if (!str_ends(*payload, STR("=")))
		return err_set(err, ERR_INPUT, "these credentials need no padding");
	while (str_ends(*payload, STR("=")))
		payload->n--;
	return 0;
}

/* A decoder that stops at the padding sees the right credentials. */
static int junk_after_padding(struct craft *c, struct str argument, struct err *err)
{
	struct str *payload = &c->basic.payload;

	(void)argument;
	if (!str_ends(*payload, STR("=")))
		*payload = arena_concat(c->a, *payload, STR("="));
	*payload = arena_concat(c->a, *payload, STR("junk"));
	return arena_check(c->a, err);
}

static int insert(struct craft *c, struct str piece, struct err *err)
{
	c->basic.payload =
		text_insert(c->a, c->basic.payload, text_middle(c->basic.payload), piece);
	return arena_check(c->a, err);
}

static int space_inside(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return insert(c, STR(" "), err);
}

/* A decoder that skips what it does not know sees the right credentials. */
static int not_base64(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return insert(c, STR("!"), err);
}

static int empty(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->basic.payload = c->basic.space = STR("");
	return 0;
}

static int trailing_param(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	c->basic.payload = arena_concat(c->a, c->basic.payload, STR(", foo=\"bar\""));
	return arena_check(c->a, err);
}

/* RFC 4648 section 5 in place of section 4. */
static int url_alphabet(struct craft *c, struct str argument, struct err *err)
{
	struct str payload = c->basic.payload;

	(void)argument;
	for (size_t i = 0; i < payload.n; i++)
		if (payload.p[i] == '+' || payload.p[i] == '/')
			payload = text_replace(c->a, payload, i, payload.p[i] == '+' ? '-' : '_');
	if (payload.p == c->basic.payload.p)
		return err_set(err, ERR_INPUT, "both alphabets write these credentials alike");
	c->basic.payload = payload;
	return arena_check(c->a, err);
}

static int doubled(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	c->basic.payload = base64_encode(c->a, c->basic.payload);
	return arena_check(c->a, err);
}

static int plain(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	if (str_chr(c->basic.pair, '\0') != (size_t)-1)
		return err_set(err, ERR_INPUT, "these credentials cannot stand in a field");
	c->basic.payload = c->basic.pair;
	return 0;
}

int deviate_basic_payload(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "no-colon", no_colon },
		{ "bad-padding", bad_padding },
		{ "no-padding", no_padding },
		{ "junk-after-padding", junk_after_padding },
		{ "space-inside", space_inside },
		{ "empty", empty },
		{ "not-base64", not_base64 },
		{ "trailing-param", trailing_param },
		{ "url-alphabet", url_alphabet },
		{ "doubled", doubled },
		{ "plain", plain },
	};

	return RUN(actions);
}

int deviate_basic_fields(struct craft *c, struct str value, struct err *err)
{
	struct craft other = *c;
	struct str wrong;

	if (deviate_wrong_password(c, &other.basic.password, err) || basic_hash(&other, err) ||
	    basic_write(&other, &wrong, err))
		return -1;
	deviate_pair(value, c->field[0], wrong, c->field);
	c->n_field = 2;
	return 0;
}

/* Deviations of Digest after hashing: which parameters are written, and how (RFC 9110 11.4). */
#include "auth/deviate.h"

static int need_param(struct craft *c, struct str name, struct craft_param **out, struct err *err)
{
	*out = digest_param(c, name);
	return *out ? 0 : err_set(err, ERR_INPUT, "these credentials have no such parameter");
}

/* --- response --- */

static int response_upper(struct craft *c, struct str argument, struct err *err)
{
	struct str *response = &digest_param(c, STR("response"))->value;
	struct str upper = text_upper(c->a, *response);

	(void)argument;
	if (str_eq(upper, *response))
		return err_set(err, ERR_INPUT, "this response has no letter");
	*response = upper;
	return 0;
}

static int response_altered(struct craft *c, struct str argument, struct err *err)
{
	struct str *response = &digest_param(c, STR("response"))->value;
	size_t last = response->n - 1;

	(void)argument;
	*response = text_replace(c->a, *response, last, response->p[last] == '0' ? '1' : '0');
	return arena_check(c->a, err);
}

static int response_short(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	digest_param(c, STR("response"))->value.n--;
	return 0;
}

/* As long as a smaller hash would be: what a buffer made for MD5 keeps of SHA-256. */
static int response_half(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	digest_param(c, STR("response"))->value.n /= 2;
	return 0;
}

static int response_long(struct craft *c, struct str argument, struct err *err)
{
	struct str *response = &digest_param(c, STR("response"))->value;

	(void)argument;
	*response = arena_concat(c->a, *response, STR("0"));
	return arena_check(c->a, err);
}

static int response_empty(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	digest_param(c, STR("response"))->value = STR("");
	return 0;
}

int deviate_digest_response(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "upper", response_upper }, { "altered", response_altered },
		{ "short", response_short }, { "half", response_half },
		{ "long", response_long },   { "empty", response_empty },
	};
	struct craft_param *p;

	if (need_param(c, STR("response"), &p, err))
		return -1;
	if (!p->value.n)
		return err_set(err, ERR_INPUT, "the response is empty already");
	return RUN(actions);
}

/* --- which parameters --- */

int deviate_digest_omit(struct craft *c, struct str value, struct err *err)
{
	struct craft_param *p;

	if (need_param(c, value, &p, err))
		return -1;
	p->omit = true;
	return 0;
}

int deviate_digest_overlong(struct craft *c, struct str value, struct err *err)
{
	struct craft_param *p;

	if (need_param(c, value, &p, err))
		return -1;
	p->value = text_overlong(c->a);
	return arena_check(c->a, err);
}

int deviate_digest_duplicate(struct craft *c, struct str value, struct err *err)
{
	struct craft_param *p;

	if (need_param(c, value, &p, err))
		return -1;
	return digest_insert(c, (size_t)(p - c->digest.param) + 1, *p, err);
}

int deviate_digest_duplicate_wrong(struct craft *c, struct str value, struct err *err)
{
	struct craft_param *p, second;

	if (need_param(c, value, &p, err))
		return -1;
	second = *p;
	if (!str_eq(value, STR("username")))
		second.value = text_alter(c->a, p->value);
	else if (deviate_user(c, STR("unknown"), &second.value, err))
		return -1;
	return digest_insert(c, (size_t)(p - c->digest.param) + 1, second, err);
}

/* RFC 9110 11.2: a recipient takes a token and a quoted-string alike. */
int deviate_digest_quote(struct craft *c, struct str value, struct err *err)
{
	struct craft_param *p;

	if (need_param(c, value, &p, err))
		return -1;
	p->quoted = true;
	return 0;
}

int deviate_digest_unquote(struct craft *c, struct str value, struct err *err)
{
	struct craft_param *p;

	if (need_param(c, value, &p, err))
		return -1;
	if (!text_is_token(p->value))
		return err_set(err, ERR_INPUT, "\"%.*s\" cannot be a token", STR_ARG(p->value));
	p->quoted = false;
	return 0;
}

/* RFC 9110 5.6.4: a recipient takes "\a" as "a". */
int deviate_digest_escape(struct craft *c, struct str value, struct err *err)
{
	struct craft_param *p;
	struct str out = STR("\"");

	(void)value;
	if (need_param(c, STR("username"), &p, err))
		return -1;
	if (!p->value.n)
		return err_set(err, ERR_INPUT, "the username is empty");
	for (size_t i = 0; i < p->value.n; i++) {
		bool is_ascii = (unsigned char)p->value.p[i] < 0x80;

		out = arena_concat(c->a, out, is_ascii ? STR("\\") : STR(""));
		out = arena_concat(c->a, out, str_sub(p->value, i, 1));
	}
	p->value = arena_concat(c->a, out, STR("\""));
	p->raw = true;
	return arena_check(c->a, err);
}

/* RFC 7616 3.4: unknown parameters are ignored. */
int deviate_digest_extra(struct craft *c, struct str value, struct err *err)
{
	bool comma = str_eq(value, STR("unknown-comma"));
	struct craft_param p = { .name = STR("foo"),
				 .value = comma ? STR("bar, baz") : STR("bar"),
				 .quoted = comma };

	return digest_insert(c, c->digest.n_param, p, err);
}

/* --- how they are written --- */

static int reversed(struct craft *c, struct str argument, struct err *err)
{
	struct digest_craft *d = &c->digest;

	(void)argument;
	(void)err;
	for (size_t i = 0; i < d->n_param / 2; i++) {
		struct craft_param p = d->param[i];

		d->param[i] = d->param[d->n_param - 1 - i];
		d->param[d->n_param - 1 - i] = p;
	}
	return 0;
}

static int response_first(struct craft *c, struct str argument, struct err *err)
{
	struct digest_craft *d = &c->digest;
	struct craft_param *p, response;

	(void)argument;
	if (need_param(c, STR("response"), &p, err))
		return -1;
	response = *p;
	memmove(d->param + 1, d->param, (size_t)(p - d->param) * sizeof(*p));
	d->param[0] = response;
	return 0;
}

int deviate_digest_order(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "reversed", reversed },
		{ "response-first", response_first },
	};

	return RUN(actions);
}

/* Last of its stage: the other rows find parameters by their usual names. */
int deviate_digest_names(struct craft *c, struct str value, struct err *err)
{
	struct digest_craft *d = &c->digest;

	for (size_t i = 0; i < d->n_param; i++)
		deviate_letters(c->a, value, &d->param[i].name);
	return arena_check(c->a, err);
}

int deviate_digest_scheme(struct craft *c, struct str value, struct err *err)
{
	if (deviate_letters(c->a, value, &c->digest.scheme))
		c->digest.scheme = STR("");
	return arena_check(c->a, err);
}

struct spelling {
	const char *value, *text;
};

static struct str spelling_find(const struct spelling *s, size_t n, struct str value)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(value, str(s[i].value)))
			return str(s[i].text);
	return STR("");
}

int deviate_digest_separator(struct craft *c, struct str value, struct err *err)
{
	static const struct spelling separators[] = {
		{ "none", " " },
		{ "tight", "," },
		{ "spaced", " , " },
		{ "tab", ",\t" },
		{ "empty-members", ", , " },
		{ "semicolon", "; " },
	};

	(void)err;
	c->digest.separator = spelling_find(separators, COUNT(separators), value);
	return 0;
}

/* RFC 9110 11.2: "bad" white space around "=", which a recipient takes. */
int deviate_digest_equals(struct craft *c, struct str value, struct err *err)
{
	static const struct spelling equals[] = { { "spaced", " = " }, { "tab", "\t=\t" } };

	(void)err;
	c->digest.equals = spelling_find(equals, COUNT(equals), value);
	return 0;
}

/* --- two fields --- */

int deviate_digest_fields(struct craft *c, struct str value, struct err *err)
{
	struct digest_inputs hash = c->digest.hash;
	char hex[HASH_HEX_MAX];
	struct craft other = *c;
	struct str wrong;
	bool found = false;

	if (deviate_wrong_password(c, &hash.password, err) || digest_response(&hash, hex, err))
		return -1;
	for (size_t i = 0; i < other.digest.n_param; i++) {
		struct craft_param *p = &other.digest.param[i];

		if (str_ieq(p->name, STR("response"))) {
			p->value = arena_str(c->a, str(hex));
			found = true;
		}
	}
	if (!found)
		return err_set(err, ERR_INPUT, "these credentials have no response");
	if (digest_write(&other, &wrong, err))
		return -1;
	deviate_pair(value, c->field[0], wrong, c->field);
	c->n_field = 2;
	return 0;
}

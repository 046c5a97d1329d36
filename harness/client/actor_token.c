/* actor_token.c - envelopes of the scripted client, with a UsernameToken where one is wanted. */
#include "client/actor_parts.h"

#include "auth/datetime.h"

#define LIFE_MS (5 * 60 * 1000)

/* What auth/craft.h can deviate by, by the fault that it is. */
static const struct {
	enum planted fault;
	const char *name, *value; /* NULL: padded() */
} deviating[] = {
	{ PLANTED_TOKEN_NONCE_UNDECODED, "nonce", "undecoded" },
	{ PLANTED_TOKEN_NONCE_SHORT, "nonce", "bytes:4" },
	{ PLANTED_TOKEN_NONCE_MISSING, "omit", "nonce" },
	{ PLANTED_TOKEN_CREATED_MISSING, "omit", "created" },
	{ PLANTED_TOKEN_CREATED_LOCAL, "created", "+9h" },
	{ PLANTED_TOKEN_CREATED_PADDED, "created", NULL },
	{ PLANTED_TOKEN_CREATED_ZONE, "created", "zone:540" },
	{ PLANTED_TOKEN_CREATED_NO_ZONE, "created", "no-zone" },
	{ PLANTED_TOKEN_HEX, "digest", "hex" },
	{ PLANTED_TOKEN_ORDER, "digest", "swapped" },
	{ PLANTED_TOKEN_SHA256, "digest", "sha256" },
	{ PLANTED_TOKEN_TEXT, "type", "text" },
	{ PLANTED_TEXT_FIRST, "type", "text" },
	{ PLANTED_TOKEN_CREATED_FINE, "created", "fraction9" },
	{ PLANTED_TOKEN_NO_TYPE, "type", "missing" },
	{ PLANTED_TOKEN_WRONG_TYPE, "type", "suffix" },
	{ PLANTED_TOKEN_WRONG_ENCODING, "encoding-type", "foreign" },
	{ PLANTED_TOKEN_WRONG_NAMESPACE, "namespace", "draft" },
	{ PLANTED_TOKEN_CREATED_WSSE, "namespace", "wsu-missing" },
	{ PLANTED_TOKEN_NAME_LAST, "order", "username-last" },
	{ PLANTED_TOKEN_TWICE, "tokens", "two-same" },
	{ PLANTED_TOKEN_NONCE_REUSED, "nonce", "same" },
	{ PLANTED_TOKEN_NONCE_PER_SECOND, "nonce", "same" },
};

/* Is the fault one of this token?  The first nonce of all is a fresh one. */
static bool applies(struct actor *k, enum planted fault)
{
	int64_t now_s = world_wall_ms(k->o->world) / 1000;
	bool same_second = now_s == k->last_token_s;

	if (!has(k, fault))
		return false;
	k->last_token_s = now_s;
	if (fault == PLANTED_TOKEN_NONCE_PER_SECOND)
		return k->tokens.has_token && same_second;
	return fault != PLANTED_TOKEN_NONCE_REUSED || k->tokens.has_token;
}

/* ONVIF Core 8.3.6 has the time open to all, so that Created can be of the device's clock. */
static int64_t created_ms(const struct actor *k)
{
	return world_wall_ms(k->o->world) + (has(k, PLANTED_TOKEN_CREATED_HOST) ? 0 : k->offset_ms);
}

/* Pretty-printed XML: with white space, and hashed with it. */
static struct str padded(struct actor *k)
{
	return arena_fmt(k->a, "= %.*s ", STR_ARG(datetime_format(k->a, created_ms(k), 0)));
}

/* The name as it stands between its tags, for a client that pastes texts into XML. */
static struct str unescaped(struct actor *k, struct str security)
{
	const struct str open = STR("<wsse:Username>"), close = STR("</wsse:Username>");
	size_t from = str_find(security, open), to = str_find(security, close);

	if (from == (size_t)-1 || to == (size_t)-1)
		return security;
	return arena_fmt(k->a, "%.*s%.*s%.*s", STR_ARG(str_sub(security, 0, from + open.n)),
			 STR_ARG(k->o->told.user), STR_ARG(str_sub(security, to, security.n)));
}

/* WSS SOAP Message Security 1.1 section 10: many stacks put one beside the token. */
static struct str timestamp(struct actor *k)
{
	int64_t ms = has(k, PLANTED_TIMESTAMP_HOST) ? world_wall_ms(k->o->world) : created_ms(k);
	int64_t life_ms = has(k, PLANTED_TIMESTAMP_EXPIRED) ? -LIFE_MS : LIFE_MS;
	struct str created = arena_fmt(k->a, "<wsu:Created>%.*s</wsu:Created>",
				       STR_ARG(datetime_format(k->a, ms, 0)));
	struct str expires = arena_fmt(k->a, "<wsu:Expires>%.*s</wsu:Expires>",
				       STR_ARG(datetime_format(k->a, ms + life_ms, 0)));
	bool first = has(k, PLANTED_TIMESTAMP_EXPIRES_FIRST);
	struct str one = arena_fmt(k->a, "<wsu:Timestamp xmlns:wsu=\"%s\">%.*s%.*s</wsu:Timestamp>",
				   UT_NS_WSU, STR_ARG(first ? expires : created),
				   STR_ARG(first ? created : expires));

	return has(k, PLANTED_TIMESTAMP_TWICE) ? arena_concat(k->a, one, one) : one;
}

/* As the last child of Security. */
static struct str with_timestamp(struct actor *k, struct str security)
{
	size_t end = str_find(security, STR("</wsse:Security>"));

	if (end == (size_t)-1)
		return security;
	return arena_fmt(k->a, "%.*s%.*s%.*s", STR_ARG(str_sub(security, 0, end)),
			 STR_ARG(timestamp(k)), STR_ARG(str_sub(security, end, security.n)));
}

static struct str password_of(struct actor *k)
{
	struct str password = k->o->told.password;

	return has(k, PLANTED_TOKEN_LATIN1) ? actor_latin1(k->a, password) : password;
}

static int security_of(struct actor *k, struct str *security, struct err *err)
{
	const struct craft_in in = {
		.account = { k->o->told.user, password_of(k) },
		.wrong_user = STR("nobody"),
		.wrong_password = STR("wrong"),
		.device_unix_ms = created_ms(k),
		.world = k->o->world,
	};
	struct deviate deviate[1];
	struct craft c = { 0 };
	size_t n = 0;

	for (size_t i = 0; i < COUNT(deviating); i++)
		if (applies(k, deviating[i].fault))
			deviate[n++] = (struct deviate){
				deviation_find(MECH_TOKEN, str(deviating[i].name)),
				deviating[i].value ? str(deviating[i].value) : padded(k)
			};
	if (craft_credentials(&c, k->a, MECH_TOKEN, &in, &k->tokens, deviate, n, err))
		return -1;
	*security = with_timestamp(k, c.token.security);
	if (has(k, PLANTED_XML_UNESCAPED))
		*security = unescaped(k, *security);
	if (has(k, PLANTED_SECURITY_TWICE))
		*security = arena_concat(k->a, *security, *security);
	return 0;
}

static struct str addressing(struct actor *k, const struct soap_operation *op)
{
	struct str one = arena_fmt(k->a,
				   "<a:Action xmlns:a=\"http://www.w3.org/2005/08/addressing\">"
				   "%s/%s</a:Action>",
				   op->ns, op->name);

	return has(k, PLANTED_ADDRESSING_TWICE) ? arena_concat(k->a, one, one) : one;
}

int actor_envelope(struct actor *k, const struct soap_operation *op, bool token, struct str *xml,
		   struct err *err)
{
	struct soap_parts parts = { .ns = has(k, PLANTED_SOAP_11) ? SOAP_NS_11 : SOAP_NS_12 };

	if (token && security_of(k, &parts.security, err))
		return -1;
	parts.security = arena_concat(k->a, addressing(k, op), parts.security);
	*xml = soap_envelope_of(k->a, op, &parts);
	return arena_check(k->a, err);
}

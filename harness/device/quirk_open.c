/* quirk_open.c - doors that stand open: requests that are let in without right credentials. */
#include "device/internal.h"

static bool has(struct str s, const char *piece)
{
	return str_ifind(s, str(piece)) != (size_t)-1;
}

/* What a router takes away before it looks for the resource, and the check of credentials does
 * not.
 */
static struct str cleaned(struct call *c, struct str path)
{
	const struct device *d = c->d;
	size_t at;

	if (d->on[OPEN_DOUBLE_SLASH] && str_starts(path, STR("//")))
		return str_sub(path, 1, path.n);
	if (d->on[OPEN_PARAMETER] && (at = str_chr(path, ';')) != (size_t)-1)
		return str_sub(path, 0, at);
	if (d->on[OPEN_ENCODED] && str_starts(path, STR("/.")))
		return str_sub(path, 2, path.n);
	if (d->on[OPEN_ENCODED] && str_starts(path, STR("/x/..")))
		return str_sub(path, 5, path.n);
	return path;
}

void quirk_open_path(struct call *c)
{
	struct str path = cleaned(c, c->path);

	c->open = !str_eq(path, c->path);
	c->path = path;
}

/* RFC 7239 and its forerunners: what any client may write about its own address. */
static bool says_loopback(const struct http_fields *f)
{
	static const char *const names[] = { "X-Forwarded-For", "X-Real-IP",        "Forwarded",
					     "X-Client-IP",     "X-Originating-IP", "Client-IP" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (has(http_get(f, names[i]), "127.0.0.1"))
			return true;
	return false;
}

static bool method_is(const struct call *c, const char *name)
{
	return str_eq(c->in->method, str(name));
}

static bool is_known_method(const struct call *c)
{
	return method_is(c, "GET") || method_is(c, "HEAD") || method_is(c, "POST");
}

static bool at_media(const struct call *c)
{
	return str_eq(c->path, STR("/onvif/media_service"));
}

bool quirk_open(const struct call *c)
{
	const struct device *d = c->d;
	struct str cookie = http_get(&c->in->fields, "Cookie");
	const struct {
		enum behaviour behaviour;
		bool applies;
	} doors[] = {
		{ OPEN_HEAD, method_is(c, "HEAD") },
		{ OPEN_POST, method_is(c, "POST") },
		{ OPEN_UNKNOWN_METHOD, !is_known_method(c) },
		{ OPEN_SECOND_PATH, at_media(c) },
		{ OPEN_FORWARDED, says_loopback(&c->in->fields) },
		{ OPEN_COOKIE, has(cookie, d->cookie) },
		{ OPEN_COOKIE_USER, has(cookie, "uid=admin") },
		{ OPEN_ABSOLUTE, str_istarts(c->in->target, STR("http")) },
		{ OPEN_CONNECTION, c->connection == d->opened },
	};

	for (size_t i = 0; i < COUNT(doors); i++)
		if (d->on[doors[i].behaviour] && doors[i].applies)
			return true;
	return c->open;
}

bool quirk_present_enough(const struct call *c)
{
	bool users = c->op && strcmp(c->op->name, "GetUsers") == 0;

	return (c->d->on[PRESENT_ENOUGH] && users) ||
	       (c->d->on[PRESENT_ENOUGH_SECOND] && at_media(c));
}

/* Too many requests without credentials, as every handshake begins with one. */
bool quirk_bare_limit(struct call *c, bool with_credentials)
{
	struct device *d = c->d;
	bool reached = d->on[BARE_LIMIT] && d->bare >= d->value[BARE_LIMIT];

	d->bare = with_credentials ? 0 : d->bare + 1;
	return with_credentials && reached;
}

/* quirk_soap.c - faulty readers of whole SOAP messages: other envelopes, methods and queries, and
 * document types.  All of them let in who should not be, or break on what is merely unusual.
 */
#include "device/internal.h"

/* --- calls that are served without a look at credentials --- */

static bool serve(struct call *c, struct str name)
{
	const struct soap_operation *op = soap_operation_find(name);

	if (!op)
		return false;
	c->is_soap = true;
	c->op = op;
	c->access = op->access;
	c->decision = GRANTED;
	respond(c);
	return true;
}

/* "?GetUsers" and "?op=GetUsers", as frameworks map a GET to an operation. */
static bool serve_query(struct call *c)
{
	struct str rest = c->in->target, pair;

	str_cut(&rest, '?');
	while (rest.n) {
		struct str value;

		pair = str_cut(&rest, '&');
		value = pair;
		str_cut(&value, '=');
		if (serve(c, pair) || serve(c, value))
			return true;
	}
	return false;
}

bool quirk_soap_method(struct call *c)
{
	const struct device *d = c->d;

	if (d->on[GET_OPEN] && str_eq(c->in->method, STR("GET")))
		return serve_query(c);
	if (d->on[METHOD_OPEN] && c->in->body.n &&
	    soap_read(c->a, c->in->body, &c->soap, &c->err) == 0)
		return serve(c, c->soap.body_name);
	return false;
}

/* "<GetUsers xmlns=...": the name of the first element. */
static struct str first_element(struct str body)
{
	struct str rest = body, name;

	str_cut(&rest, '<');
	name = rest;
	for (size_t i = 0; i < rest.n; i++) {
		if (!char_is_alpha(rest.p[i]))
			return str_sub(name, 0, i);
	}
	return name;
}

bool quirk_soap_envelope(struct call *c, bool readable)
{
	const struct device *d = c->d;

	if (!readable)
		return d->on[ENVELOPE_NONE_OPEN] && serve(c, first_element(c->in->body));
	if (c->soap.version == 11 && d->on[SOAP_11_OPEN])
		return serve(c, c->soap.body_name);
	if (c->soap.version == 0 && d->on[ENVELOPE_FOREIGN_OPEN])
		return serve(c, str_sub(first_element(str_sub(c->in->body,
							      str_find(c->in->body, STR("Body>")),
							      c->in->body.n)),
					0, 64));
	if (c->soap.version != 12 && d->on[VERSION_SENDER]) {
		respond_fault(c, 400, "Sender", "NotAuthorized", STR("not an Envelope"));
		return true;
	}
	return false;
}

/* --- magic words --- */

bool quirk_soap_magic(const struct call *c)
{
	static const char *const words[] = { "auth=YWRtaW46MTEK", "loginuse=" };

	for (size_t i = 0; c->d->on[MAGIC_QUERY] && i < COUNT(words); i++) {
		if (str_find(c->in->target, str(words[i])) != (size_t)-1)
			return true;
	}
	return false;
}

/* --- document types --- */

static struct str replaced(struct arena *a, struct str text, struct str what, struct str with)
{
	size_t at = str_find(text, what);

	if (at == (size_t)-1)
		return text;
	return arena_fmt(a, "%.*s%.*s%.*s", STR_ARG(str_sub(text, 0, at)), STR_ARG(with),
			 STR_ARG(str_sub(text, at + what.n, text.n)));
}

/* What stands between the first pair of quotes behind a word; .p NULL when there is none. */
static struct str quoted_behind(struct str text, const char *word)
{
	size_t at = str_find(text, str(word)), quote;

	if (at == (size_t)-1)
		return (struct str){ 0 };
	text = str_sub(text, at + strlen(word), text.n);
	for (quote = 0; quote < text.n && text.p[quote] != '"' && text.p[quote] != '\'';)
		quote++;
	if (quote == text.n)
		return (struct str){ 0 };
	return str_sub(text, quote + 1, str_chr(str_sub(text, quote + 1, text.n), text.p[quote]));
}

/* The body as a reader has it that takes document types for its instructions. */
static struct str expanded(struct call *c, struct str body)
{
	size_t begin = str_find(body, STR("<!DOCTYPE")), end = str_find(body, STR("<s:Envelope"));
	struct str head, type, value;

	if (begin == (size_t)-1 || end == (size_t)-1 || end < begin)
		return body;
	head = str_sub(body, begin, end - begin);
	body = arena_concat(c->a, str_sub(body, 0, begin), str_sub(body, end, body.n));
	value = quoted_behind(head, "<!ENTITY u");
	if (str_find(head, STR("SYSTEM")) != (size_t)-1)
		value = STR("");
	type = quoted_behind(head, "<!ATTLIST");
	if (type.p)
		body = replaced(c->a, body, STR(":Password>"),
				arena_fmt(c->a, ":Password Type=\"%.*s\">", STR_ARG(type)));
	return value.p ? replaced(c->a, body, STR("&u;"), value) : body;
}

int quirk_soap_expand(struct call *c)
{
	struct http_request *seen = arena_new(c->a, struct http_request);

	if (!seen)
		return arena_check(c->a, &c->err);
	*seen = *c->in;
	if (c->d->on[DTD_PROCESSED])
		seen->body = expanded(c, seen->body);
	if (c->d->on[ENTITY_DROPPED] && str_find(seen->body, STR("<!DOCTYPE")) == (size_t)-1)
		seen->body = replaced(c->a, seen->body, STR("&u;"), STR(""));
	c->in = seen;
	return arena_check(c->a, &c->err);
}

/* --- XML that is hard to read --- */

size_t quirk_soap_depth(struct str body)
{
	size_t depth = 0, deepest = 0;

	for (size_t i = 0; i + 1 < body.n; i++) {
		char next = body.p[i + 1];

		if (body.p[i] == '<' && next == '/')
			depth -= depth > 0;
		else if (body.p[i] == '<' && next != '!' && next != '?')
			depth++;
		else if (body.p[i] == '/' && next == '>')
			depth -= depth > 0;
		deepest = depth > deepest ? depth : deepest;
	}
	return deepest;
}

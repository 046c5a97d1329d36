/* Deviations around a UsernameToken: what stands beside it, and what attacks on XML do to it.  All
 * payloads are tiny: one entity that expands to the user name, one that names nothing at all.
 */
#include "auth/datetime.h"
#include "auth/deviate.h"

#include "base/buf.h"

/* --- Timestamp beside the token: WSS core 10 --- */

#define WSU_CREATED "<u:Created>%.*s</u:Created>"
#define WSU_EXPIRES "<u:Expires>%.*s</u:Expires>"

/* What a Timestamp says, in seconds from the device's now. */
struct timestamp_row {
	const char *value,
		*form; /* form: C created, c created without zone, E expires, G garbage */
	int created_s, expires_s;
	int times; /* how often the element comes */
};

static struct str timestamp_part(struct craft *c, char part, const struct timestamp_row *r)
{
	int64_t now_ms = c->in->device_unix_ms;
	struct str created = datetime_format(c->a, now_ms + r->created_s * (int64_t)1000, 0);
	struct str expires = datetime_format(c->a, now_ms + r->expires_s * (int64_t)1000, 0);

	if (part == 'E')
		return arena_fmt(c->a, WSU_EXPIRES, STR_ARG(expires));
	if (part == 'G')
		created = STR("yesterday");
	return arena_fmt(c->a, WSU_CREATED, STR_ARG(created));
}

int deviate_token_timestamp(struct craft *c, struct str value, struct err *err)
{
	static const struct timestamp_row rows[] = {
		{ "fresh", "CE", 0, 300, 1 },
		{ "created-only", "C", 0, 0, 1 },
		{ "short", "CE", 0, 10, 1 },
		{ "expired", "CE", -3600, -3300, 1 },
		{ "just-expired", "CE", -400, -330, 1 },
		{ "future", "CE", 3600, 3900, 1 },
		{ "reversed", "CE", 0, -600, 1 },
		{ "two", "CE", 0, 300, 2 },
		{ "two-created", "CCE", 0, 300, 1 },
		{ "two-expires", "CEE", 0, 300, 1 },
		{ "no-created", "E", 0, 300, 1 },
		{ "garbage", "GE", 0, 300, 1 },
	};
	struct str one = STR("");

	for (size_t i = 0; i < COUNT(rows); i++) {
		if (!str_eq(value, str(rows[i].value)))
			continue;
		for (const char *part = rows[i].form; *part; part++)
			one = arena_concat(c->a, one, timestamp_part(c, *part, &rows[i]));
		one = arena_fmt(c->a, "<u:Timestamp xmlns:u=\"" UT_NS_WSU "\">%.*s</u:Timestamp>",
				STR_ARG(one));
		c->token.beside = rows[i].times > 1 ? arena_concat(c->a, one, one) : one;
	}
	return arena_check(c->a, err);
}

/* --- another header block beside Security: SOAP 1.2 part 1, 5.2 --- */

#define BLOCK  "<x:Routing xmlns:x=\"urn:example:routing\""
#define NOBODY "urn:example:role:somebody-else"

int deviate_token_beside(struct craft *c, struct str value, struct err *err)
{
	static const struct {
		const char *value, *xml;
	} rows[] = {
		{ "unknown", BLOCK ">north</x:Routing>" },
		{ "unknown-optional", BLOCK " s:mustUnderstand=\"false\">north</x:Routing>" },
		{ "unknown-relay", BLOCK " s:relay=\"true\">north</x:Routing>" },
		{ "unknown-mandatory", BLOCK " s:mustUnderstand=\"true\">north</x:Routing>" },
		{ "unknown-mandatory-1", BLOCK " s:mustUnderstand=\"1\">north</x:Routing>" },
		{ "unknown-mandatory-next",
		  BLOCK " s:mustUnderstand=\"true\" s:role=\"http://www.w3.org/2003/05/"
			"soap-envelope/role/next\">north</x:Routing>" },
		{ "mandatory-elsewhere",
		  BLOCK " s:mustUnderstand=\"true\" s:role=\"" NOBODY "\">north</x:Routing>" },
		{ "mandatory-for-nobody",
		  BLOCK " s:mustUnderstand=\"true\" s:role=\"http://www.w3.org/2003/05/"
			"soap-envelope/role/none\">north</x:Routing>" },
		{ "addressing", "<w:MessageID xmlns:w=\"http://www.w3.org/2005/08/addressing\">"
				"urn:uuid:00000000-0000-4000-8000-000000000001</w:MessageID>" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(value, str(rows[i].value)))
			c->token.security = arena_concat(c->a, c->token.security, str(rows[i].xml));
	return arena_check(c->a, err);
}

/* --- document types and entities: SOAP 1.2 part 1, 5 has none --- */

static struct str entity_name(struct arena *a, struct str text)
{
	(void)text;
	return arena_str(a, STR("&u;"));
}

static struct str entity_behind(struct arena *a, struct str text)
{
	return arena_concat(a, token_escape(a, text), STR("&u;"));
}

/* Written anew, with the name in that form. */
static int rewrite(struct craft *c, struct str (*form)(struct arena *a, struct str text),
		   struct err *err)
{
	struct str token;

	c->token.formed_child = form ? STR("Username") : STR("");
	c->token.child_form = form;
	if (token_element(c, &token, err))
		return -1;
	return token_security(c, token, &c->token.security, err);
}

static int doctype(struct craft *c, struct str subset, struct err *err)
{
	c->token.prologue = arena_fmt(c->a, "<!DOCTYPE s:Envelope%s%.*s%s>\n", subset.n ? " [" : "",
				      STR_ARG(subset), subset.n ? "]" : "");
	return arena_check(c->a, err);
}

static int bare_doctype(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return doctype(c, STR(""), err);
}

/* A name between quotes in an entity declaration: what would end it early has no place there. */
static int plain_name(struct craft *c, struct err *err)
{
	struct str user = c->token.sent.username;

	for (size_t i = 0; i < user.n; i++)
		if (memchr("\"'&%<", user.p[i], 5))
			return err_set(err, ERR_INPUT, "the name cannot stand in an entity");
	return 0;
}

static int internal_entity(struct craft *c, struct str argument, struct err *err)
{
	struct str subset =
		arena_fmt(c->a, "<!ENTITY u \"%.*s\">", STR_ARG(c->token.sent.username));

	(void)argument;
	return plain_name(c, err) || rewrite(c, entity_name, err) || doctype(c, subset, err);
}

/* A URN that nobody resolves: what counts is whether the rest is accepted. */
static int external_entity(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return rewrite(c, entity_behind, err) ||
	       doctype(c, STR("<!ENTITY u SYSTEM \"urn:example:nothing\">"), err);
}

static int parameter_entity(struct craft *c, struct str argument, struct err *err)
{
	struct str subset = arena_fmt(c->a, "<!ENTITY %% p \"<!ENTITY u '%.*s'>\"> %%p;",
				      STR_ARG(c->token.sent.username));

	(void)argument;
	return plain_name(c, err) || rewrite(c, entity_name, err) || doctype(c, subset, err);
}

/* The document type gives Password its Type. */
static int default_attribute(struct craft *c, struct str argument, struct err *err)
{
	struct str type = c->token.sent.password_type;
	struct str subset = arena_fmt(c->a, "<!ATTLIST %.*s:Password Type CDATA \"%.*s\">",
				      STR_ARG(c->token.wsse_prefix), STR_ARG(type));

	(void)argument;
	c->token.sent.password_type = (struct str){ 0 };
	return rewrite(c, NULL, err) || doctype(c, subset, err);
}

static int undeclared_entity(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return rewrite(c, entity_behind, err);
}

/* --- tokens that stand where none is read --- */

static int wrapped(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	c->token.security =
		arena_fmt(c->a, "<x:Signed xmlns:x=\"urn:example:signed\">%.*s</x:Signed>",
			  STR_ARG(c->token.security));
	return arena_check(c->a, err);
}

/* Two blocks deep in a Security element that is for the device. */
static int in_security(struct craft *c, struct str argument, struct err *err)
{
	struct str token;

	(void)argument;
	if (token_element(c, &token, err))
		return -1;
	token = arena_fmt(c->a, "<x:Assertion xmlns:x=\"urn:example:x\">%.*s</x:Assertion>",
			  STR_ARG(token));
	return token_security(c, token, &c->token.security, err);
}

/* The right token inside one with a wrong password. */
static int nested(struct craft *c, struct str argument, struct err *err)
{
	struct craft outer = *c;
	struct str inner, token, nonce;

	(void)argument;
	if (deviate_wrong_password(c, &outer.token.password_hashed, err) ||
	    token_fresh_nonce(c, 16, &nonce, err))
		return -1;
	token_use_nonce(&outer, nonce);
	if (token_hash(&outer, err) || token_element(c, &inner, err))
		return -1;
	outer.token.after = inner;
	if (token_element(&outer, &token, err))
		return -1;
	return token_security(c, token, &c->token.security, err);
}

/* --- right tokens in XML that is hard to read --- */

static int repeat(struct craft *c, struct buf *b, const char *piece, int times, struct err *err)
{
	(void)c;
	for (int i = 0; i < times; i++)
		buf_puts(b, piece);
	return buf_check(b, "the attack", err);
}

static int deep_as(struct craft *c, int depth, struct err *err)
{
	struct buf b DEFER(buf_free);

	buf_init(&b, 64u << 10);
	if (repeat(c, &b, "<d>", depth, err) || repeat(c, &b, "</d>", depth, err))
		return -1;
	c->token.after = arena_str(c->a, buf_view(&b));
	return rewrite(c, NULL, err);
}

static int deep(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return deep_as(c, 32, err);
}

static int deeper(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return deep_as(c, 500, err);
}

static int long_name(struct craft *c, struct str argument, struct err *err)
{
	struct buf b DEFER(buf_free);

	(void)argument;
	buf_init(&b, 64u << 10);
	buf_char(&b, '<');
	if (repeat(c, &b, "name", 256, err))
		return -1;
	buf_puts(&b, " xmlns=\"urn:example:x\"/>");
	c->token.after = arena_str(c->a, buf_view(&b));
	return rewrite(c, NULL, err);
}

static int long_attribute(struct craft *c, struct str argument, struct err *err)
{
	struct buf b DEFER(buf_free);

	(void)argument;
	buf_init(&b, 64u << 10);
	buf_puts(&b, "<x:Note xmlns:x=\"urn:example:x\" text=\"");
	if (repeat(c, &b, "text", 1024, err))
		return -1;
	buf_puts(&b, "\"/>");
	c->token.after = arena_str(c->a, buf_view(&b));
	return rewrite(c, NULL, err);
}

static int many_children(struct craft *c, struct str argument, struct err *err)
{
	struct buf b DEFER(buf_free);

	(void)argument;
	buf_init(&b, 64u << 10);
	if (repeat(c, &b, "<x:Note xmlns:x=\"urn:example:x\"/>", 100, err))
		return -1;
	c->token.after = arena_str(c->a, buf_view(&b));
	return rewrite(c, NULL, err);
}

int deviate_token_attack(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "doctype", bare_doctype },
		{ "internal-entity", internal_entity },
		{ "external-entity", external_entity },
		{ "parameter-entity", parameter_entity },
		{ "default-attribute", default_attribute },
		{ "undeclared-entity", undeclared_entity },
		{ "wrapped", wrapped },
		{ "in-security", in_security },
		{ "nested", nested },
		{ "deep", deep },
		{ "deeper", deeper },
		{ "long-name", long_name },
		{ "long-attribute", long_attribute },
		{ "many-children", many_children },
	};

	return RUN(actions) ? -1 : 0;
}

/* WS-Security UsernameToken: UTP 1.1 section 3.1, ONVIF Core 5.9.5. */
#include "auth/base64.h"
#include "auth/datetime.h"
#include "auth/deviate.h"

#include "base/buf.h"

#define NONCE_BYTES 16
#define XML_BYTES   (256u << 10)

int token_fresh_nonce(struct craft *c, size_t bytes, struct str *octets, struct err *err)
{
	char *p = arena_alloc(c->a, bytes + 1);

	*octets = STR("");
	if (!p)
		return arena_check(c->a, err);
	world_random(c->in->world, p, bytes);
	/* Servers that stop at a NUL are common, and have cases of their own: a control is not to
	 * fail by chance.
	 */
	for (size_t i = 0; i < bytes; i++)
		p[i] = p[i] ? p[i] : 'N';
	*octets = str_n(p, bytes);
	return 0;
}

void token_use_nonce(struct craft *c, struct str octets)
{
	c->token.nonce_value = c->token.nonce_octets = octets;
	c->token.sent.nonce = base64_encode(c->a, octets);
}

/* UTP 3.1: Created is hashed exactly as it is written. */
void token_use_created(struct craft *c, struct str text)
{
	c->token.sent.created = c->token.created_hashed = text;
}

struct str token_escape(struct arena *a, struct str text)
{
	struct buf b DEFER(buf_free);
	struct str rest = text;

	buf_init(&b, XML_BYTES);
	/* A carriage return that stands for itself would be read as a line feed (XML 1.0, 2.11). */
	for (size_t at; (at = str_chr(rest, '\r')) != (size_t)-1;
	     rest = str_sub(rest, at + 1, rest.n)) {
		buf_xml(&b, str_sub(rest, 0, at));
		buf_puts(&b, "&#xD;");
	}
	buf_xml(&b, rest);
	if (!buf_ok(&b))
		a->failed = true;
	return arena_str(a, buf_view(&b));
}

static struct str plain(struct arena *a, const char *child, struct str text)
{
	(void)child;
	return token_escape(a, text);
}

static int start(struct craft *c, struct err *err)
{
	struct token_craft *t = &c->token;
	struct str nonce;

	*t = (struct token_craft){
		.sent = {
			.username = c->in->account.user,
			.password_type = STR(UT_TYPE_DIGEST),
			.nonce_encoding = STR(UT_ENCODING_BASE64),
			.wsu_created = true,
		},
		.password_hashed = c->in->account.password,
		.text = c->in->token_text,
		.created_ms = c->in->device_unix_ms,
		.wsse_prefix = STR("wsse"),
		.wsu_prefix = STR("wsu"),
		.wsse_ns = STR(UT_NS_WSSE),
		.wsu_ns = STR(UT_NS_WSU),
		.must_understand = STR("true"),
		.soap_prefix = STR("s"),
		.quote = '"',
		.children = STR("Username Password Nonce Created"),
		.text_form = plain,
	};
	if (t->text)
		t->sent.password_type = STR(UT_TYPE_TEXT);
	if (token_fresh_nonce(c, NONCE_BYTES, &nonce, err))
		return -1;
	token_use_nonce(c, nonce);
	token_use_created(c, datetime_format(c->a, t->created_ms, 0));
	return arena_check(c->a, err);
}

int token_hash(struct craft *c, struct err *err)
{
	struct token_craft *t = &c->token;

	if (!t->text)
		return ut_password_digest(c->a, t->nonce_octets, t->created_hashed,
					  t->password_hashed, &t->sent.password, err);
	t->sent.password = t->password_hashed;
	return 0;
}

/* One child of the UsernameToken on its way out. */
struct child {
	const char *name;
	struct str text;
	const char *attribute;
	struct str attribute_value; /* .p NULL: without the attribute */
	bool wsu;
};

static void add_attribute(struct buf *b, const struct token_craft *t, struct str prefix,
			  const char *name, struct str value)
{
	buf_char(b, ' ');
	buf_str(b, prefix);
	if (prefix.n && *name)
		buf_char(b, ':');
	buf_puts(b, name);
	buf_char(b, '=');
	buf_char(b, t->quote);
	buf_xml(b, value);
	buf_char(b, t->quote);
}

static void add_namespace(struct buf *b, const struct token_craft *t, struct str prefix,
			  struct str ns)
{
	char name[64] = "";

	if (prefix.n < sizeof(name) && prefix.n)
		memcpy(name, prefix.p, prefix.n);
	add_attribute(b, t, STR("xmlns"), name, ns);
}

static void add_name(struct buf *b, struct str prefix, const char *local)
{
	buf_str(b, prefix);
	if (prefix.n)
		buf_char(b, ':');
	buf_puts(b, local);
}

/* XML 1.0, 2.2: no control characters but tab, line feed and carriage return. */
static int check_xml(const char *name, struct str text, struct err *err)
{
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] < 0x20 && !memchr("\t\n\r", text.p[i], 3))
			return err_set(err, ERR_INPUT, "octet %02x in %s cannot stand in XML",
				       (unsigned char)text.p[i], name);
	if (!str_is_utf8(text))
		return err_set(err, ERR_INPUT, "%s is not UTF-8 and cannot stand in XML", name);
	return 0;
}

static struct str child_text(struct craft *c, const struct child *child)
{
	const struct token_craft *t = &c->token;

	if (t->child_form && str_eq(t->formed_child, str(child->name)))
		return t->child_form(c->a, child->text);
	return t->text_form(c->a, child->name, child->text);
}

static int add_child(struct craft *c, struct buf *b, const struct child *child, struct err *err)
{
	const struct token_craft *t = &c->token;
	bool foreign = str_eq(t->foreign_child, str(child->name));
	struct str prefix = foreign ? STR("f") : child->wsu ? t->wsu_prefix : t->wsse_prefix;

	if (check_xml(child->name, child->text, err))
		return -1;
	buf_char(b, '<');
	add_name(b, prefix, child->name);
	if (foreign)
		add_namespace(b, t, prefix, STR("urn:example:foreign"));
	else if (t->redeclare)
		add_namespace(b, t, prefix, child->wsu ? t->wsu_ns : t->wsse_ns);
	if (child->attribute_value.p)
		add_attribute(b, t, STR(""), child->attribute, child->attribute_value);
	buf_char(b, '>');
	buf_str(b, child_text(c, child));
	buf_puts(b, "</");
	add_name(b, prefix, child->name);
	buf_char(b, '>');
	return 0;
}

static int add_children(struct craft *c, struct buf *b, struct err *err)
{
	const struct username_token *u = &c->token.sent;
	const struct str none = { NULL, 0 };
	const struct child child[] = {
		{ "Username", u->username, "", none, false },
		{ "Password", u->password, "Type", u->password_type, false },
		{ "Nonce", u->nonce, "EncodingType", u->nonce_encoding, false },
		{ "Created", u->created, "", none, u->wsu_created },
	};
	struct str rest = c->token.children, word;
	int others = 0;

	while ((word = str_word(&rest)).n) {
		bool other = str_eq(word, c->token.other_child) && others++ == c->token.other_at;

		for (size_t i = 0; i < COUNT(child); i++) {
			struct child one = child[i];

			if (other)
				one.text = c->token.other_text;
			if (str_eq(word, str(one.name)) && add_child(c, b, &one, err))
				return -1;
		}
	}
	return 0;
}

int token_element(struct craft *c, struct str *out, struct err *err)
{
	const struct token_craft *t = &c->token;
	struct buf b DEFER(buf_free);

	buf_init(&b, XML_BYTES);
	buf_char(&b, '<');
	add_name(&b, t->wsse_prefix, "UsernameToken");
	buf_str(&b, t->attributes);
	buf_char(&b, '>');
	buf_str(&b, t->before);
	if (add_children(c, &b, err))
		return -1;
	buf_str(&b, t->after);
	buf_puts(&b, "</");
	add_name(&b, t->wsse_prefix, "UsernameToken");
	buf_char(&b, '>');
	if (buf_check(&b, "the UsernameToken", err))
		return -1;
	*out = arena_str(c->a, buf_view(&b));
	return arena_check(c->a, err);
}

int token_security(struct craft *c, struct str inside, struct str *out, struct err *err)
{
	const struct token_craft *t = &c->token;
	struct buf b DEFER(buf_free);

	buf_init(&b, XML_BYTES);
	buf_char(&b, '<');
	add_name(&b, t->wsse_prefix, "Security");
	add_namespace(&b, t, t->wsse_prefix, t->wsse_ns);
	add_namespace(&b, t, t->wsu_prefix, t->wsu_ns);
	if (t->must_understand.p)
		add_attribute(&b, t, t->soap_prefix, "mustUnderstand", t->must_understand);
	if (t->actor.p)
		add_attribute(&b, t, t->soap_prefix, "role", t->actor);
	buf_char(&b, '>');
	buf_str(&b, t->beside);
	buf_str(&b, inside);
	buf_puts(&b, "</");
	add_name(&b, t->wsse_prefix, "Security");
	buf_char(&b, '>');
	if (buf_check(&b, "the Security header", err))
		return -1;
	*out = arena_str(c->a, buf_view(&b));
	return arena_check(c->a, err);
}

static int write_security(struct craft *c, struct err *err)
{
	struct str token;

	if (token_element(c, &token, err))
		return -1;
	return token_security(c, token, &c->token.security, err);
}

static void remember(struct craft *c)
{
	struct craft_memory *m = c->memory;
	const struct token_craft *t = &c->token;

	if (str_has_word(t->children, STR("Nonce"))) {
		m->has_token = true;
		m->token_nonce = t->nonce_value;
	}
	if (str_has_word(t->children, STR("Created")))
		m->created = t->sent.created;
}

const struct crafter token_crafter = { start, token_hash, write_security, remember };

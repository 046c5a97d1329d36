/* Deviations of a UsernameToken in how it is written as XML (WSS core, BSP 1.1). */
#include "auth/datetime.h"
#include "auth/deviate.h"

#include "base/buf.h"

#define ROLE_12    "http://www.w3.org/2003/05/soap-envelope/role/"
#define ROLE_OTHER "urn:example:role:somebody-else"

int deviate_token_encoding_type(struct craft *c, struct str value, struct err *err)
{
	(void)err;
	/* UTP 3.1: without the attribute it is Base64. */
	c->token.sent.nonce_encoding = str_eq(value, STR("omit"))
					       ? (struct str){ NULL, 0 }
					       : STR("urn:example:encoding#HexBinary");
	return 0;
}

/* "username" to "Username". */
int deviate_token_duplicate(struct craft *c, struct str value, struct err *err)
{
	struct token_craft *t = &c->token;
	struct str rest = t->children, out = STR(""), word;
	bool found = false;

	while ((word = str_word(&rest)).n) {
		out = arena_fmt(c->a, "%.*s %.*s", STR_ARG(out), STR_ARG(word));
		if (str_ieq(word, value)) {
			out = arena_fmt(c->a, "%.*s %.*s", STR_ARG(out), STR_ARG(word));
			found = true;
		}
	}
	if (!found)
		return err_set(err, ERR_INPUT, "there is none to be doubled");
	t->children = out;
	return arena_check(c->a, err);
}

/* secext 1.0: the children of a UsernameToken come in any order. */
int deviate_token_order(struct craft *c, struct str value, struct err *err)
{
	struct token_craft *t = &c->token;
	struct str rest = t->children, front = STR(""), back = STR(""), word;
	bool reverse = str_eq(value, STR("reversed"));

	while ((word = str_word(&rest)).n) {
		if (reverse)
			front = arena_fmt(c->a, "%.*s %.*s", STR_ARG(word), STR_ARG(front));
		else if (str_eq(word, STR("Username")))
			back = word;
		else
			front = arena_fmt(c->a, "%.*s %.*s", STR_ARG(front), STR_ARG(word));
	}
	t->children = arena_fmt(c->a, "%.*s %.*s", STR_ARG(front), STR_ARG(back));
	return arena_check(c->a, err);
}

/* --- how texts are written --- */

static struct str as_cdata(struct arena *a, const char *child, struct str text)
{
	struct str out = STR("<![CDATA["), rest = text;
	size_t at;

	(void)child;
	while ((at = str_find(rest, STR("]]>"))) != (size_t)-1) {
		out = arena_concat(a, out, str_sub(rest, 0, at + 2));
		out = arena_concat(a, out, STR("]]><![CDATA["));
		rest = str_sub(rest, at + 2, rest.n);
	}
	return arena_concat(a, arena_concat(a, out, rest), STR("]]>"));
}

static struct str as_charrefs(struct arena *a, const char *child, struct str text)
{
	struct buf b DEFER(buf_free);

	(void)child;
	buf_init(&b, 256u << 10);
	for (size_t i = 0; i < text.n; i++) {
		if ((unsigned char)text.p[i] < 0x80)
			buf_fmt(&b, "&#x%X;", (unsigned)text.p[i]);
		else
			buf_char(&b, text.p[i]);
	}
	if (!buf_ok(&b))
		a->failed = true;
	return arena_str(a, buf_view(&b));
}

/* xsd:base64Binary and xsd:dateTime collapse white space; a name does not.  A plaintext password
 * does not either, but then no digest is sent.
 */
static struct str with_whitespace(struct arena *a, const char *child, struct str text)
{
	struct str out = token_escape(a, text);

	if (strcmp(child, "Username") == 0)
		return out;
	return arena_concat(a, arena_concat(a, STR("\n      "), out), STR("\n    "));
}

static struct str with_comment(struct arena *a, const char *child, struct str text)
{
	size_t middle = text_middle(text);
	struct str tail = token_escape(a, str_sub(text, middle, text.n));

	if (strcmp(child, "Username") != 0)
		return token_escape(a, text);
	tail = arena_concat(a, STR("<!-- not the end -->"), tail);
	return arena_concat(a, token_escape(a, str_sub(text, 0, middle)), tail);
}

int deviate_token_text(struct craft *c, struct str value, struct err *err)
{
	static const struct {
		const char *value;
		struct str (*form)(struct arena *a, const char *child, struct str text);
	} forms[] = {
		{ "cdata", as_cdata },
		{ "charref", as_charrefs },
		{ "whitespace", with_whitespace },
		{ "comment", with_comment },
	};

	if (c->token.text && str_eq(value, STR("whitespace")))
		return err_set(err, ERR_INPUT, "white space would belong to a plaintext password");
	for (size_t i = 0; i < COUNT(forms); i++)
		if (str_eq(value, str(forms[i].value)))
			c->token.text_form = forms[i].form;
	return 0;
}

/* --- names --- */

int deviate_token_namespace(struct craft *c, struct str value, struct err *err)
{
	struct token_craft *t = &c->token;
	const struct {
		const char *value;
		struct str wsse_ns, wsu_ns;
	} rows[] = {
		{ "wrong", STR("urn:example:secext"), t->wsu_ns },
		{ "draft", STR("http://schemas.xmlsoap.org/ws/2003/06/secext"),
		  STR("http://schemas.xmlsoap.org/ws/2003/06/utility") },
		{ "wsu-wrong", t->wsse_ns, STR("urn:example:utility") },
	};

	(void)err;
	if (str_eq(value, STR("wsu-missing")))
		t->sent.wsu_created = false;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (str_eq(value, str(rows[i].value))) {
			t->wsse_ns = rows[i].wsse_ns;
			t->wsu_ns = rows[i].wsu_ns;
		}
	}
	return 0;
}

/* XML namespaces: a prefix means nothing but what it is bound to. */
int deviate_token_prefix(struct craft *c, struct str value, struct err *err)
{
	static const struct {
		const char *value, *wsse, *wsu;
		bool redeclare;
	} rows[] = {
		{ "default", "", "wsu", false },
		{ "odd", "_a.b-1", "SOAP-ENV", false },
		{ "swapped", "wsu", "wsse", false },
		{ "redeclared", "wsse", "wsu", true },
	};

	(void)err;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (str_eq(value, str(rows[i].value))) {
			c->token.wsse_prefix = str(rows[i].wsse);
			c->token.wsu_prefix = str(rows[i].wsu);
			c->token.redeclare = rows[i].redeclare;
		}
	}
	return 0;
}

/* --- attributes of Security --- */

int deviate_token_must_understand(struct craft *c, struct str value, struct err *err)
{
	(void)err;
	c->token.must_understand = str_eq(value, STR("omit")) ? (struct str){ NULL, 0 } : value;
	return 0;
}

int deviate_token_actor(struct craft *c, struct str value, struct err *err)
{
	static const struct {
		const char *value, *role;
	} rows[] = {
		{ "other", ROLE_OTHER },
		{ "none", ROLE_12 "none" },
		{ "next", ROLE_12 "next" },
		{ "ultimate", ROLE_12 "ultimateReceiver" },
		{ "empty", "" },
	};

	(void)err;
	for (size_t i = 0; i < COUNT(rows); i++)
		if (str_eq(value, str(rows[i].value)))
			c->token.actor = str(rows[i].role);
	return 0;
}

int deviate_token_quotes(struct craft *c, struct str value, struct err *err)
{
	(void)value;
	(void)err;
	c->token.quote = '\'';
	return 0;
}

/* --- more elements --- */

static int extra_child(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->token.after = STR("<x:Note xmlns:x=\"urn:example:note\">unknown</x:Note>");
	return 0;
}

static int extra_id(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	(void)err;
	c->token.attributes = STR(" xmlns:u=\"" UT_NS_WSU "\" u:Id=\"token-1\"");
	return 0;
}

static int timestamp(struct craft *c, int64_t created_ms, struct err *err)
{
	const int64_t life_ms = 5 * 60 * 1000;
	struct str created = datetime_format(c->a, created_ms, 0);
	struct str expires = datetime_format(c->a, created_ms + life_ms, 0);

	c->token.beside =
		arena_fmt(c->a,
			  "<u:Timestamp xmlns:u=\"" UT_NS_WSU "\"><u:Created>%.*s</u:Created>"
			  "<u:Expires>%.*s</u:Expires></u:Timestamp>",
			  STR_ARG(created), STR_ARG(expires));
	return arena_check(c->a, err);
}

static int extra_timestamp(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return timestamp(c, c->in->device_unix_ms, err);
}

static int extra_timestamp_expired(struct craft *c, struct str argument, struct err *err)
{
	(void)argument;
	return timestamp(c, c->in->device_unix_ms - 60 * 60 * 1000, err);
}

int deviate_token_extra(struct craft *c, struct str value, struct err *err)
{
	static const struct action actions[] = {
		{ "child", extra_child },
		{ "timestamp", extra_timestamp },
		{ "timestamp-expired", extra_timestamp_expired },
		{ "id", extra_id },
	};

	return RUN(actions);
}

/* --- two tokens, two headers --- */

/* The token as it is, and one with a wrong password and a nonce of its own, in the order of value.
 */
static int two_tokens(struct craft *c, struct str value, struct str out[static 2], struct err *err)
{
	struct craft other = *c;
	struct str right, wrong, nonce;

	if (deviate_wrong_password(c, &other.token.password_hashed, err) ||
	    token_fresh_nonce(c, c->token.nonce_value.n, &nonce, err))
		return -1;
	token_use_nonce(&other, nonce);
	if (token_hash(&other, err) || token_element(c, &right, err) ||
	    token_element(&other, &wrong, err))
		return -1;
	deviate_pair(value, right, wrong, out);
	return 0;
}

int deviate_token_tokens(struct craft *c, struct str value, struct err *err)
{
	struct str two[2];

	if (two_tokens(c, value, two, err))
		return -1;
	return token_security(c, arena_concat(c->a, two[0], two[1]), &c->token.security, err);
}

/* One header is for us, and one for somebody else. */
static int for_two(struct craft *c, bool right_is_ours, struct err *err)
{
	struct craft theirs = *c;
	struct str two[2], header[2];

	theirs.token.actor = STR(ROLE_OTHER);
	if (two_tokens(c, STR("two-right-wrong"), two, err) ||
	    token_security(c, two[right_is_ours ? 0 : 1], &header[0], err) ||
	    token_security(&theirs, two[right_is_ours ? 1 : 0], &header[1], err))
		return -1;
	c->token.security = arena_concat(c->a, header[1], header[0]);
	return arena_check(c->a, err);
}

int deviate_token_headers(struct craft *c, struct str value, struct err *err)
{
	struct str two[2], header[2];

	if (!str_starts(value, STR("two-")))
		return for_two(c, str_eq(value, STR("right-ours")), err);
	if (two_tokens(c, value, two, err) || token_security(c, two[0], &header[0], err) ||
	    token_security(c, two[1], &header[1], err))
		return -1;
	c->token.security = arena_concat(c->a, header[0], header[1]);
	return arena_check(c->a, err);
}

/* --- place --- */

int deviate_token_place(struct craft *c, struct str value, struct err *err)
{
	struct token_craft *t = &c->token;

	if (str_eq(value, STR("body"))) {
		t->body_extra = t->security;
		t->security = STR("");
		return 0;
	}
	if (str_find(t->security, STR("--")) != (size_t)-1)
		return err_set(err, ERR_INPUT, "\"--\" cannot stand in an XML comment");
	t->security = arena_fmt(c->a, "<!-- %.*s -->", STR_ARG(t->security));
	return arena_check(c->a, err);
}

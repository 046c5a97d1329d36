/* Deviations of one child of a UsernameToken: how its text is written, and what stands beside it.
 * Values name the child as the case language does: "nonce" is Nonce.
 */
#include "auth/base64.h"
#include "auth/datetime.h"
#include "auth/deviate.h"

/* "nonce" to "Nonce"; empty for anything else. */
static struct str child_of(struct str word)
{
	static const char *const names[] = { "Username", "Password", "Nonce", "Created" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (str_ieq(word, str(names[i])))
			return str(names[i]);
	return STR("");
}

static int needs_child(struct craft *c, struct str child, struct err *err)
{
	if (child.n && str_has_word(c->token.children, child))
		return 0;
	return err_set(err, ERR_INPUT, "the token has no such child");
}

/* --- the same text, in pieces --- */

static struct str in_pieces(struct arena *a, struct str text, const char *before, const char *after)
{
	size_t middle = text_middle(text);
	struct str head = token_escape(a, str_sub(text, 0, middle));
	struct str tail = token_escape(a, str_sub(text, middle, text.n));

	return arena_fmt(a, "%.*s%s%.*s%s", STR_ARG(head), before, STR_ARG(tail), after);
}

static struct str split_comment(struct arena *a, struct str text)
{
	return in_pieces(a, text, "<!-- x -->", "");
}

static struct str split_cdata(struct arena *a, struct str text)
{
	if (str_find(text, STR("]]>")) != (size_t)-1)
		return token_escape(a, text);
	return in_pieces(a, text, "<![CDATA[", "]]>");
}

static struct str split_charref(struct arena *a, struct str text)
{
	size_t middle = text_middle(text);
	struct str head = token_escape(a, str_sub(text, 0, middle));

	if (middle >= text.n || (unsigned char)text.p[middle] >= 0x80)
		return token_escape(a, text);
	return arena_fmt(a, "%.*s&#x%X;%.*s", STR_ARG(head), (unsigned)text.p[middle],
			 STR_ARG(token_escape(a, str_sub(text, middle + 1, text.n))));
}

/* --- the right text, and more behind it --- */

static struct str append_comment(struct arena *a, struct str text)
{
	return arena_concat(a, token_escape(a, text), STR("<!-- x -->x"));
}

static struct str append_cdata(struct arena *a, struct str text)
{
	return arena_concat(a, token_escape(a, text), STR("<![CDATA[x]]>"));
}

static struct str append_charref(struct arena *a, struct str text)
{
	return arena_concat(a, token_escape(a, text), STR("&#x78;"));
}

static struct str append_element(struct arena *a, struct str text)
{
	return arena_concat(a, token_escape(a, text), STR("<x xmlns=\"urn:example:x\"/>x"));
}

/* "comment-nonce": that form of that child. */
static int form_child(struct craft *c, struct str value, bool append, struct err *err)
{
	static const struct {
		const char *form;
		struct str (*split)(struct arena *a, struct str text);
		struct str (*append)(struct arena *a, struct str text);
	} forms[] = {
		{ "comment", split_comment, append_comment },
		{ "cdata", split_cdata, append_cdata },
		{ "charref", split_charref, append_charref },
		{ "element", NULL, append_element },
	};
	struct str rest = value, form = str_cut(&rest, '-');

	c->token.formed_child = child_of(rest);
	for (size_t i = 0; i < COUNT(forms); i++)
		if (str_eq(form, str(forms[i].form)))
			c->token.child_form = append ? forms[i].append : forms[i].split;
	return needs_child(c, c->token.formed_child, err);
}

int deviate_token_split(struct craft *c, struct str value, struct err *err)
{
	return form_child(c, value, false, err);
}

int deviate_token_append(struct craft *c, struct str value, struct err *err)
{
	return form_child(c, value, true, err);
}

/* --- nothing in it --- */

/* The child is there; a client that sends it so hashes nothing in its place. */
int deviate_token_blank(struct craft *c, struct str value, struct err *err)
{
	struct token_craft *t = &c->token;
	struct str child = child_of(value), space = STR("\n  ");

	if (needs_child(c, child, err))
		return -1;
	if (str_eq(child, STR("Nonce")))
		t->nonce_octets = STR("");
	if (str_eq(child, STR("Created")))
		t->created_hashed = STR("");
	if (token_hash(c, err))
		return -1;
	*(str_eq(child, STR("Username"))   ? &t->sent.username
	  : str_eq(child, STR("Password")) ? &t->sent.password
	  : str_eq(child, STR("Nonce"))    ? &t->sent.nonce
					   : &t->sent.created) = space;
	return 0;
}

/* --- of another namespace --- */

int deviate_token_child_namespace(struct craft *c, struct str value, struct err *err)
{
	c->token.foreign_child = child_of(value);
	return needs_child(c, c->token.foreign_child, err);
}

/* --- twice, and not the same --- */

/* Another value that could stand there: a stranger's name, a wrong proof, a fresh nonce, a second
 * before.
 */
static int other_text(struct craft *c, struct str child, struct str *out, struct err *err)
{
	const struct token_craft *t = &c->token;
	struct str octets;

	if (token_fresh_nonce(c, t->nonce_value.n ? t->nonce_value.n : 16, &octets, err))
		return -1;
	*out = str_eq(child, STR("Username"))   ? c->in->wrong_user
	       : str_eq(child, STR("Password")) ? text_alter(c->a, t->sent.password)
	       : str_eq(child, STR("Nonce"))    ? base64_encode(c->a, octets)
						: datetime_format(c->a, t->created_ms - 1000, 0);
	return arena_check(c->a, err);
}

static int two_different(struct craft *c, struct str value, int at, struct err *err)
{
	struct token_craft *t = &c->token;

	t->other_child = child_of(value);
	t->other_at = at;
	if (other_text(c, t->other_child, &t->other_text, err))
		return -1;
	return deviate_token_duplicate(c, value, err);
}

int deviate_token_duplicate_wrong(struct craft *c, struct str value, struct err *err)
{
	return two_different(c, value, 1, err);
}

int deviate_token_duplicate_wrong_first(struct craft *c, struct str value, struct err *err)
{
	return two_different(c, value, 0, err);
}

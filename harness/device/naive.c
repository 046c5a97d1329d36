/* naive.c - a token read by searching strings.  Only faults use it: it sees tokens in comments, in
 * the body, under any namespace and role, and it ends a text at the first "<".
 */
#include "device/internal.h"

static bool ends_name(char c)
{
	return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The first start tag with that local name: *tag from its "<" to its ">", *rest behind it. */
static bool tag_find(struct str *rest, struct str local, struct str *tag)
{
	for (size_t i = 0; i < rest->n; i++) {
		struct str name = str_sub(*rest, i + 1, rest->n), prefix;
		size_t n = 0, end;

		if (rest->p[i] != '<')
			continue;
		while (n < name.n && !ends_name(name.p[n]))
			n++;
		name.n = n;
		if (str_chr(name, ':') != (size_t)-1) {
			prefix = str_cut(&name, ':');
			if (prefix.n && prefix.p[0] == '/')
				continue;
		}
		end = str_chr(str_sub(*rest, i, rest->n), '>');
		if (!str_eq(name, local) || end == (size_t)-1)
			continue;
		*tag = str_sub(*rest, i, end + 1);
		*rest = str_sub(*rest, i + end + 1, rest->n);
		return true;
	}
	return false;
}

static struct str attribute(struct str tag, const char *name)
{
	size_t at = str_find(tag, str(name));
	struct str value;
	char quote;

	if (at == (size_t)-1)
		return (struct str){ 0 };
	value = str_sub(tag, at + strlen(name), tag.n);
	if (value.n < 2 || (value.p[0] != '"' && value.p[0] != '\''))
		return (struct str){ 0 };
	quote = value.p[0];
	value = str_sub(value, 1, value.n);
	return str_cut(&value, quote);
}

static struct str unescape(struct arena *a, struct str s)
{
	static const struct {
		struct str reference;
		char c;
	} map[] = {
		{ { "&amp;", 5 }, '&' },  { { "&lt;", 4 }, '<' },    { { "&gt;", 4 }, '>' },
		{ { "&quot;", 6 }, '"' }, { { "&apos;", 6 }, '\'' },
	};
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < s.n;) {
		size_t k = 0;

		while (k < COUNT(map) && !str_starts(str_sub(s, i, s.n), map[k].reference))
			k++;
		p[n++] = k < COUNT(map) ? map[k].c : s.p[i];
		i += k < COUNT(map) ? map[k].reference.n : 1;
	}
	return p ? str_n(p, n) : STR("");
}

static struct str child(struct arena *a, struct str inside, const char *name, struct str *tag,
			int *count)
{
	struct str first = { 0 }, rest = inside, t;

	while (tag_find(&rest, str(name), &t)) {
		struct str text = rest;

		if ((*count)++ > 0)
			continue;
		*tag = t;
		first = str_ends(t, STR("/>")) ? STR("") : unescape(a, str_cut(&text, '<'));
	}
	return first;
}

bool naive_token(struct arena *a, struct str *rest, struct username_token *t)
{
	struct str tag = STR(""), inside;
	size_t end;

	*t = (struct username_token){ 0 };
	if (!tag_find(rest, STR("UsernameToken"), &tag))
		return false;
	end = str_find(*rest, STR("UsernameToken>"));
	inside = str_sub(*rest, 0, end == (size_t)-1 ? rest->n : end);
	*rest = str_sub(*rest, inside.n + (end == (size_t)-1 ? 0 : strlen("UsernameToken>")),
			rest->n);
	t->username = child(a, inside, "Username", &tag, &t->n_username);
	t->password = child(a, inside, "Password", &tag, &t->n_password);
	if (t->n_password)
		t->password_type = attribute(tag, "Type=");
	t->nonce = child(a, inside, "Nonce", &tag, &t->n_nonce);
	t->created = child(a, inside, "Created", &tag, &t->n_created);
	t->wsu_created = true;
	return true;
}

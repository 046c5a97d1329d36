#include "auth/verify_parts.h"

/* Path and query behind scheme "://" authority; an absolute URI without a path means "/". */
static struct str without_authority(struct str uri)
{
	size_t at = str_find(uri, STR("://")), i;

	if (at == (size_t)-1 || at == 0 || !char_is_alpha(uri.p[0]))
		return uri;
	for (i = 0; i < at; i++)
		if (!char_is_alpha(uri.p[i]) && !char_is_digit(uri.p[i]) &&
		    !strchr("+-.", uri.p[i]))
			return uri;
	for (i = at + 3; i < uri.n && uri.p[i] != '/' && uri.p[i] != '?'; i++)
		;
	return str_sub(uri, i, uri.n);
}

static bool is_unreserved(int c)
{
	return char_is_alpha((char)c) || char_is_digit((char)c) || (c && strchr("-._~", c));
}

/* The next unit off *s: an octet, or 256 plus the octet for one that must stay encoded. */
static int next_unit(struct str *s)
{
	int high, low, c = (unsigned char)s->p[0];

	high = c == '%' && s->n > 2 ? char_hex(s->p[1]) : -1;
	low = high >= 0 ? char_hex(s->p[2]) : -1;
	*s = str_sub(*s, low >= 0 ? 3 : 1, s->n);
	if (low < 0)
		return c;
	c = high * 16 + low;
	return is_unreserved(c) ? c : 256 + c;
}

static bool same_units(struct str a, struct str b)
{
	while (a.n && b.n)
		if (next_unit(&a) != next_unit(&b))
			return false;
	return a.n == b.n;
}

enum uri_match verify_uri(struct str target, struct str uri)
{
	struct str a = without_authority(target), b = without_authority(uri);
	bool a_query = str_chr(a, '?') != (size_t)-1, b_query = str_chr(b, '?') != (size_t)-1;
	struct str a_path = str_cut(&a, '?'), b_path = str_cut(&b, '?');

	if (a_path.n == 0 && target.n) /* RFC 3986 6.2.3 */
		a_path = STR("/");
	if (b_path.n == 0 && uri.n && uri.p[0] != '?')
		b_path = STR("/");
	if (!same_units(a_path, b_path))
		return URI_OTHER_PATH;
	return a_query == b_query && same_units(a, b) ? URI_SAME : URI_OTHER_QUERY;
}

int verify_ext_value(struct arena *a, struct str text, struct str *out, struct err *err)
{
	struct str rest = text, charset = str_cut(&rest, '\'');
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	if (!p)
		return err_set(err, ERR_NOMEM, "no memory for username*");
	if (!str_ieq(charset, STR("UTF-8")) || str_chr(rest, '\'') == (size_t)-1)
		return err_set(err, ERR_PARSE, "username* is no ext-value in UTF-8");
	str_cut(&rest, '\''); /* the language */
	for (size_t i = 0; i < rest.n; i++) {
		int high = i + 2 < rest.n ? char_hex(rest.p[i + 1]) : -1;
		int low = high >= 0 ? char_hex(rest.p[i + 2]) : -1;

		if (rest.p[i] != '%' && char_is_tchar(rest.p[i]) && !strchr("*'", rest.p[i])) {
			p[n++] = rest.p[i];
		} else if (rest.p[i] == '%' && low >= 0) {
			p[n++] = (char)(high * 16 + low);
			i += 2;
		} else {
			return err_set(err, ERR_PARSE, "username*: octet %zu is no value-char", i);
		}
	}
	*out = str_n(p, n);
	if (!str_is_utf8(*out))
		return err_set(err, ERR_PARSE, "username* is not UTF-8");
	return 0;
}

/* variant.c - loose comparisons of names and passwords.
 *
 * The verifier compares exactly.  A loose device is made by asking it again with accounts as the
 * device would have them: a password cut to what it looks at, in other letters, empty.  Where the
 * password is visible (Basic, PasswordText), the comparison itself is loose.
 */
#include "device/internal.h"

#include "auth/base64.h"

static struct str letters(struct arena *a, struct str s, int form)
{
	struct str out = arena_str(a, s);
	char *p = arena_alloc(a, s.n + 1);

	for (size_t i = 0; p && i < s.n; i++) {
		bool is_lower = s.p[i] == char_lower(s.p[i]);
		bool up = form == 0 ? is_lower : form == 1 ? true : form == 2 ? false : i == 0;

		p[i] = s.p[i];
		if (char_is_alpha(s.p[i]))
			p[i] = up ? (char)(char_lower(s.p[i]) - 'a' + 'A') : char_lower(s.p[i]);
	}
	return p ? str_n(p, s.n) : out;
}

/* The password as this device would compare it; false when there is no i-th way. */
typedef bool variant_fn(struct call *c, size_t i, struct str given, struct str *password);

static bool any_of_basic(struct call *c, size_t i, struct str given, struct str *password)
{
	(void)c;
	if (i > 0 || !given.p)
		return false;
	*password = given;
	return true;
}

static bool prefix(struct call *c, size_t i, struct str given, struct str *password)
{
	size_t n = (size_t)c->d->value[PASSWORD_PREFIX];

	if (i + n >= password->n + 1)
		return false;
	if (i == 0 && given.p && given.n >= n &&
	    str_eq(str_sub(given, 0, n), str_sub(*password, 0, n)))
		*password = given;
	else
		*password = str_sub(*password, 0, n + i);
	return true;
}

static bool letter_case(struct call *c, size_t i, struct str given, struct str *password)
{
	if (i > 3)
		return false;
	if (given.p && str_ieq(given, *password))
		*password = given;
	else
		*password = letters(c->a, *password, (int)i);
	return true;
}

static bool no_password(struct call *c, size_t i, struct str given, struct str *password)
{
	(void)c, (void)given;
	*password = STR("");
	return i == 0;
}

static bool trimmed(struct call *c, size_t i, struct str given, struct str *password)
{
	struct str behind = arena_concat(c->a, *password, STR(" "));

	(void)given;
	*password = i == 0 ? behind : arena_concat(c->a, STR(" "), behind);
	return i < 2;
}

static bool line_end(struct call *c, size_t i, struct str given, struct str *password)
{
	(void)given;
	*password = arena_concat(c->a, *password, STR("\r\n"));
	return i == 0;
}

/* What a conversion to ASCII makes of UTF-8: "?" for each character that it does not know, or
 * nothing.
 */
static bool ascii(struct call *c, size_t i, struct str *password, bool question)
{
	char *p = arena_alloc(c->a, password->n + 1);
	size_t n = 0;

	for (size_t k = 0; p && k < password->n; k++) {
		unsigned char octet = (unsigned char)password->p[k];

		if (octet < 0x80)
			p[n++] = password->p[k];
		else if (question && (octet & 0xc0) != 0x80)
			p[n++] = '?';
	}
	if (p)
		*password = str_n(p, n);
	return p && i == 0;
}

static bool lossy(struct call *c, size_t i, struct str given, struct str *password)
{
	(void)given;
	return ascii(c, i, password, true);
}

static bool ascii_only(struct call *c, size_t i, struct str given, struct str *password)
{
	(void)given;
	return ascii(c, i, password, false);
}

static const struct {
	enum behaviour behaviour;
	variant_fn *fn;
} variants[] = {
	{ BASIC_ANY_PASSWORD, any_of_basic },
	{ PASSWORD_PREFIX, prefix },
	{ PASSWORD_CASE, letter_case },
	{ PASSWORD_EMPTY, no_password },
	{ PASSWORD_TRIMMED, trimmed },
	{ PASSWORD_LINE_END, line_end },
	{ PASSWORD_LOSSY, lossy },
	{ PASSWORD_ASCII, ascii_only },
};

static void user_variant(const struct device *d, struct str user, struct account out[LEVELS])
{
	for (size_t k = 0; k < LEVELS; k++) {
		if (d->on[USER_CASE] && user.p && str_ieq(out[k].user, user))
			out[k].user = user;
	}
}

/* Accounts that the device has beside its own. */
static bool account_variant(const struct device *d, struct str user, struct account out[LEVELS])
{
	struct account *first = &out[LEVEL_ADMINISTRATOR];

	if (d->on[ACCOUNT_BUILT_IN])
		first->user = first->password = STR("primana");
	else if (d->on[ACCOUNT_NULL] && user.n)
		*first = (struct account){ user, d->value[ACCOUNT_NULL] ? STR("") : STR("(null)"),
					   LEVEL_ADMINISTRATOR };
	else if (d->on[USER_ANY] && user.p)
		first->user = user;
	else
		return false;
	return true;
}

bool variant_accounts(struct call *c, size_t i, struct str user, struct str given,
		      struct account out[LEVELS])
{
	const struct device *d = c->d;
	bool any = false;

	memcpy(out, d->account, sizeof(d->account));
	if (i == 0 && account_variant(d, user, out))
		return true;
	user_variant(d, user, out);
	if (i == 0 && d->on[USER_CASE])
		return true;
	i -= d->on[USER_CASE] ? 1 : 0;
	for (size_t k = 0; k < LEVELS; k++) {
		for (size_t v = 0; v < COUNT(variants); v++) {
			if (d->on[variants[v].behaviour] &&
			    variants[v].fn(c, i, given, &out[k].password)) {
				any = true;
				break;
			}
		}
	}
	return any;
}

struct str variant_basic_password(struct call *c, const struct http_request *seen)
{
	struct str field = http_get(&seen->fields, "Authorization"), octets;
	struct err ignored = { 0 };

	if (!str_istarts(field, STR("Basic ")) ||
	    base64_decode(c->a, str_trim(str_sub(field, 6, field.n)), &octets, &ignored))
		return (struct str){ 0 };
	str_cut(&octets, ':');
	return octets.p ? octets : STR("");
}

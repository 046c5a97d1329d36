#include "auth/deviate.h"

/* A copy that may be written to; NULL when the arena failed. */
static char *writable(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (p && s.n)
		memcpy(p, s.p, s.n);
	return p;
}

static char char_upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static char char_swap(char c)
{
	return c == char_lower(c) ? char_upper(c) : char_lower(c);
}

static struct str map(struct arena *a, struct str s, char (*fn)(char))
{
	char *p = writable(a, s);

	for (size_t i = 0; p && i < s.n; i++)
		p[i] = fn(p[i]);
	return p ? str_n(p, s.n) : STR("");
}

struct str text_lower(struct arena *a, struct str s)
{
	return map(a, s, char_lower);
}

struct str text_upper(struct arena *a, struct str s)
{
	return map(a, s, char_upper);
}

struct str text_mixed(struct arena *a, struct str s)
{
	char *p = writable(a, s);

	for (size_t i = 0; p && i < s.n; i++)
		p[i] = i % 2 ? char_lower(p[i]) : char_upper(p[i]);
	return p ? str_n(p, s.n) : STR("");
}

struct str text_insert(struct arena *a, struct str s, size_t at, struct str piece)
{
	struct str head = arena_concat(a, str_sub(s, 0, at), piece);

	return arena_concat(a, head, str_sub(s, at, s.n));
}

struct str text_replace(struct arena *a, struct str s, size_t at, char c)
{
	char *p = writable(a, s);

	if (!p)
		return STR("");
	if (at < s.n)
		p[at] = c;
	return str_n(p, s.n);
}

struct str text_overlong(struct arena *a)
{
	const size_t n = 2000; /* and less than a field may have */
	char *p = arena_alloc(a, n);

	if (p)
		memset(p, 'A', n);
	return p ? str_n(p, n) : STR("");
}

struct str text_hex(struct arena *a, struct str octets)
{
	static const char digits[] = "0123456789abcdef";
	char *p = arena_alloc(a, 2 * octets.n + 1);

	for (size_t i = 0; p && i < octets.n; i++) {
		unsigned octet = (unsigned char)octets.p[i];

		p[2 * i] = digits[octet >> 4];
		p[2 * i + 1] = digits[octet & 15];
	}
	return p ? str_n(p, 2 * octets.n) : STR("");
}

/* The characters among which one of a text may be exchanged without changing what the text looks
 * like: a hex text stays hex, a digit a digit.
 */
static struct str family(struct str s, char c)
{
	static const struct str whole[] = { { "0123456789", 10 },
					    { "0123456789abcdef", 16 },
					    { "0123456789ABCDEF", 16 } };
	static const struct str kind[] = { { "0123456789", 10 },
					   { "abcdefghijklmnopqrstuvwxyz", 26 },
					   { "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 26 } };

	for (size_t k = 0; k < COUNT(whole); k++) {
		size_t i = 0;

		while (i < s.n && str_chr(whole[k], s.p[i]) != (size_t)-1)
			i++;
		if (i == s.n)
			return whole[k];
	}
	for (size_t k = 0; k < COUNT(kind); k++)
		if (str_chr(kind[k], c) != (size_t)-1)
			return kind[k];
	return STR("");
}

/* Before Base64 padding the last character holds bits that a decoder drops: its whole quantum is
 * left alone.
 */
static size_t changeable(struct str s)
{
	return s.n > 4 && s.n % 4 == 0 && s.p[s.n - 1] == '=' ? s.n - 4 : s.n;
}

struct str text_alter(struct arena *a, struct str s)
{
	for (size_t i = changeable(s); i > 0; i--) {
		struct str set = family(s, s.p[i - 1]);
		size_t at = set.n ? str_chr(set, s.p[i - 1]) : 0;

		if (set.n)
			return text_replace(a, s, i - 1, set.p[(at + 1) % set.n]);
	}
	return arena_concat(a, s, STR("x"));
}

int text_foreign(struct craft *c, struct str s, struct str *out, struct err *err)
{
	size_t n = changeable(s);
	bool changed = false;
	char *p = writable(c->a, s);

	for (size_t i = 0; p && i < n; i++) {
		struct str set = family(s, s.p[i]);
		uint32_t random;

		if (!set.n)
			continue;
		world_random(c->in->world, &random, sizeof(random));
		p[i] = set.p[random % set.n];
		changed = true;
	}
	*out = s;
	if (!p)
		return arena_check(c->a, err);
	if (!changed)
		return err_set(err, ERR_INPUT, "there is no letter or digit to change");
	*out = str_n(p, s.n);
	if (str_eq(*out, s))
		*out = text_alter(c->a, s);
	return 0;
}

size_t text_middle(struct str s)
{
	size_t i = s.n / 2;

	while (i < s.n && ((unsigned char)s.p[i] & 0xc0) == 0x80)
		i++;
	return i;
}

bool text_is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_is_tchar(s.p[i]))
			return false;
	return s.n > 0;
}

int deviate_letters(struct arena *a, struct str value, struct str *text)
{
	static const struct {
		const char *value;
		struct str (*fn)(struct arena *a, struct str s);
	} forms[] = { { "lower", text_lower }, { "upper", text_upper }, { "mixed", text_mixed } };

	for (size_t i = 0; i < COUNT(forms); i++) {
		if (str_eq(value, str(forms[i].value))) {
			*text = forms[i].fn(a, *text);
			return 0;
		}
	}
	return 1;
}

void deviate_pair(struct str value, struct str right, struct str wrong, struct str out[static 2])
{
	bool wrong_first = str_eq(value, STR("two-wrong-right"));

	out[0] = wrong_first ? wrong : right;
	out[1] = wrong_first || str_eq(value, STR("two-same")) ? right : wrong;
}

/* --- names and passwords --- */

/* What a value makes of the right text. */
static struct str swapped(struct arena *a, struct str right)
{
	return map(a, right, char_swap);
}

static struct str nothing(struct arena *a, struct str right)
{
	(void)a;
	(void)right;
	return STR("");
}

static struct str cut(struct arena *a, struct str right)
{
	size_t n = right.n;

	(void)a;
	while (n > 0 && ((unsigned char)right.p[n - 1] & 0xc0) == 0x80)
		n--;
	return str_sub(right, 0, n ? n - 1 : 0);
}

static struct str with_nul(struct arena *a, struct str right)
{
	return arena_concat(a, right, STR("\0junk"));
}

static struct str with_space(struct arena *a, struct str right)
{
	return arena_concat(a, right, STR(" "));
}

static struct str padded(struct arena *a, struct str right)
{
	return arena_concat(a, STR(" "), with_space(a, right));
}

static struct str with_line_end(struct arena *a, struct str right)
{
	return arena_concat(a, right, STR("\r\n"));
}

/* What a lossy conversion makes of UTF-8: one "?" for each character outside of ASCII, or none. */
static struct str without_utf8(struct arena *a, struct str s, bool question)
{
	char *p = arena_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x80)
			p[n++] = s.p[i];
		else if (question && (c & 0xc0) != 0x80)
			p[n++] = '?';
	}
	return p ? str_n(p, n) : STR("");
}

static struct str questioned(struct arena *a, struct str right)
{
	return without_utf8(a, right, true);
}

static struct str ascii_only(struct arena *a, struct str right)
{
	return without_utf8(a, right, false);
}

static const struct {
	const char *value;
	struct str (*fn)(struct arena *a, struct str right);
} spellings[] = {
	{ "case", swapped },
	{ "empty", nothing },
	{ "prefix", cut },
	{ "nul-appended", with_nul },
	{ "trailing-space", with_space },
	{ "padded", padded },
	{ "line-end", with_line_end },
	{ "question", questioned },
	{ "ascii", ascii_only },
};

static int respell(struct craft *c, struct str value, struct str right, struct str given,
		   struct str *out, struct err *err)
{
	bool found = false;
	struct str argument;
	uint64_t bytes = 0;

	*out = given;
	for (size_t i = 0; i < COUNT(spellings); i++) {
		if (str_eq(value, str(spellings[i].value))) {
			*out = spellings[i].fn(c->a, right);
			found = true;
		}
	}
	if (!found && deviation_value(STR("bytes:NUMBER"), value, &argument)) {
		if (str_to_u64(argument, SIZE_MAX, &bytes) || bytes >= right.n)
			return err_set(err, ERR_INPUT, "it has no more octets than that");
		*out = str_sub(right, 0, (size_t)bytes);
	} else if (!found && str_starts(value, STR("=")))
		*out = str_sub(value, 1, value.n);
	else if (!found && !given.n)
		return err_set(err, ERR_INPUT, "no wrong one is known");
	if (!arena_ok(c->a))
		return arena_check(c->a, err);
	if (str_eq(*out, right))
		return err_set(err, ERR_INPUT, "that is the right one");
	return 0;
}

/* As long as asked for, and of letters that may stand anywhere: the wrong name over and over. */
static int long_user(struct craft *c, struct str value, struct str *out, struct err *err)
{
	struct str number = str_sub(value, strlen("bytes:"), value.n), wrong = c->in->wrong_user;
	uint64_t bytes = 0;
	char *p;

	if (str_to_u64(number, 4096, &bytes) || !wrong.n)
		return err_set(err, ERR_INPUT, "no wrong one of that length is known");
	p = arena_alloc(c->a, (size_t)bytes + 1);
	for (size_t i = 0; p && i < bytes; i++)
		p[i] = wrong.p[i % wrong.n];
	*out = str_n(p, p ? (size_t)bytes : 0);
	if (p && str_eq(*out, c->in->account.user))
		return err_set(err, ERR_INPUT, "that is the right one");
	return arena_check(c->a, err);
}

int deviate_user(struct craft *c, struct str value, struct str *out, struct err *err)
{
	if (str_starts(value, STR("bytes:")))
		return long_user(c, value, out, err);
	return respell(c, value, c->in->account.user, c->in->wrong_user, out, err);
}

int deviate_password(struct craft *c, struct str value, struct str *out, struct err *err)
{
	return respell(c, value, c->in->account.password, c->in->wrong_password, out, err);
}

int deviate_wrong_password(struct craft *c, struct str *out, struct err *err)
{
	return deviate_password(c, STR("wrong"), out, err);
}

/* Passwords that are not quite the right one, and small helpers of the hypotheses. */
#include "auth/nearly.h"

#define NO_STR ((struct str){ NULL, 0 })

struct str nearly_hex(struct arena *a, struct str octets)
{
	char *p = arena_alloc(a, 2 * octets.n + 1);

	for (size_t i = 0; p && i < octets.n; i++) {
		p[2 * i] = "0123456789abcdef"[(uint8_t)octets.p[i] >> 4];
		p[2 * i + 1] = "0123456789abcdef"[(uint8_t)octets.p[i] & 15];
	}
	return p ? str_n(p, 2 * octets.n) : STR("");
}

struct str nearly_percent_decoded(struct arena *a, struct str text)
{
	char *p = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < text.n; i++) {
		int high = i + 2 < text.n && text.p[i] == '%' ? char_hex(text.p[i + 1]) : -1;
		int low = high >= 0 ? char_hex(text.p[i + 2]) : -1;

		p[n++] = (char)(low >= 0 ? high << 4 | low : text.p[i]);
		i += low >= 0 ? 2 : 0;
	}
	return p ? str_n(p, n) : STR("");
}

struct str nearly_case(struct arena *a, struct str text, bool upper)
{
	char *p = arena_alloc(a, text.n + 1);

	for (size_t i = 0; p && i < text.n; i++) {
		char low = char_lower(text.p[i]);

		p[i] = (char)(upper && low >= 'a' && low <= 'z' ? low - 'a' + 'A' : low);
	}
	return p ? str_n(p, text.n) : STR("");
}

/* --- slips --- */

static struct str with_lf(struct arena *a, struct str password)
{
	return arena_concat(a, password, STR("\n"));
}

static struct str with_crlf(struct arena *a, struct str password)
{
	return arena_concat(a, password, STR("\r\n"));
}

static struct str trimmed(struct arena *a, struct str password)
{
	(void)a;
	return str_trim(password);
}

static struct str empty(struct arena *a, struct str password)
{
	(void)a, (void)password;
	return STR("");
}

/* U+0080 to U+00FF as one octet each; .p NULL where a character has none. */
static struct str latin1(struct arena *a, struct str password)
{
	char *p = arena_alloc(a, password.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < password.n; i++) {
		uint8_t c = (uint8_t)password.p[i];
		bool pair = (c == 0xc2 || c == 0xc3) && i + 1 < password.n;

		if (c >= 0x80 && !pair)
			return NO_STR;
		if (pair)
			c = (uint8_t)((c & 3) << 6 | ((uint8_t)password.p[++i] & 0x3f));
		p[n++] = (char)c;
	}
	return p ? str_n(p, n) : NO_STR;
}

/* UTF-8 read as ISO 8859-1 and written as UTF-8 once more. */
static struct str utf8_twice(struct arena *a, struct str password)
{
	char *p = arena_alloc(a, 2 * password.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < password.n; i++) {
		uint8_t c = (uint8_t)password.p[i];

		if (c >= 0x80)
			p[n++] = (char)(0xc0 | c >> 6);
		p[n++] = (char)(c >= 0x80 ? 0x80 | (c & 0x3f) : c);
	}
	return p ? str_n(p, n) : NO_STR;
}

/* Of ASCII only: each octet with a NUL behind it. */
static struct str utf16(struct arena *a, struct str password)
{
	char *p = arena_alloc(a, 2 * password.n + 1);

	for (size_t i = 0; p && i < password.n; i++)
		p[2 * i] = password.p[i];
	return p ? str_n(p, 2 * password.n) : NO_STR;
}

static struct str percent_encoded(struct arena *a, struct str password)
{
	char *p = arena_alloc(a, 3 * password.n + 1);
	size_t n = 0;

	for (size_t i = 0; p && i < password.n; i++) {
		char c = password.p[i];

		if (char_is_alpha(c) || char_is_digit(c) || (c && strchr("-._~", c))) {
			p[n++] = c;
			continue;
		}
		p[n++] = '%';
		p[n++] = "0123456789ABCDEF"[(uint8_t)c >> 4];
		p[n++] = "0123456789ABCDEF"[(uint8_t)c & 15];
	}
	return p ? str_n(p, n) : NO_STR;
}

static struct str xml_escaped(struct arena *a, struct str password)
{
	static const struct {
		char c;
		const char *name;
	} names[] = { { '&', "&amp;" }, { '<', "&lt;" }, { '>', "&gt;" }, { '"', "&quot;" } };
	struct str out = STR("");

	for (size_t i = 0; i < password.n; i++) {
		struct str piece = str_sub(password, i, 1);

		for (size_t k = 0; k < COUNT(names); k++)
			if (names[k].c == password.p[i])
				piece = str(names[k].name);
		out = arena_concat(a, out, piece);
	}
	return out;
}

static struct str hashed(struct arena *a, enum hash_alg alg, struct str password)
{
	char hex[HASH_HEX_MAX];
	struct err ignored;

	if (hash_joined_hex(alg, &password, 1, hex, &ignored))
		return NO_STR;
	return arena_str(a, str(hex));
}

static struct str md5_hex(struct arena *a, struct str password)
{
	return hashed(a, HASH_MD5, password);
}

static struct str sha1_hex(struct arena *a, struct str password)
{
	return hashed(a, HASH_SHA1, password);
}

static struct str lower(struct arena *a, struct str password)
{
	return nearly_case(a, password, false);
}

static struct str upper(struct arena *a, struct str password)
{
	return nearly_case(a, password, true);
}

#define CUT(n)                                                                                     \
	static struct str cut_##n(struct arena *a, struct str password)                            \
	{                                                                                          \
		(void)a;                                                                           \
		return str_sub(password, 0, n);                                                    \
	}
CUT(8)
CUT(12)
CUT(15)
CUT(16)
CUT(20)
CUT(31)
CUT(32)

#define CUT_ROW(n)                                                                                 \
	{                                                                                          \
		{ "password-cut-" #n,                                                              \
		  "only the first " #n " octets of the password were taken: a field "              \
		  "or a buffer is too short",                                                      \
		  "RFC 7616 section 3.4.2" },                                                      \
			cut_##n                                                                    \
	}

const struct password_slip password_slips[] = {
	{ { "password-lf",
	    "a line feed belongs to the password: it was read from a file or from "
	    "echo without -n",
	    "RFC 7616 section 3.4.2" },
	  with_lf },
	{ { "password-crlf", "CR and LF belong to the password: it was read from a file of Windows",
	    "RFC 7616 section 3.4.2" },
	  with_crlf },
	{ { "password-trimmed", "the password lost the white space around it",
	    "RFC 7616 section 3.4.2" },
	  trimmed },
	{ { "password-empty", "the password is empty: the client had none when it answered",
	    "RFC 7616 section 3.4.2" },
	  empty },
	{ { "password-latin1",
	    "the password is in ISO 8859-1, not UTF-8: a client that heeds no "
	    "charset",
	    "RFC 7616 section 4" },
	  latin1 },
	{ { "password-utf8-twice", "the password was encoded to UTF-8 twice",
	    "RFC 7616 section 4" },
	  utf8_twice },
	{ { "password-utf16",
	    "the password is in UTF-16: the string of a platform was hashed as "
	    "it lies in memory",
	    "UTP 1.1 section 3.1" },
	  utf16 },
	{ { "password-percent-encoded",
	    "the password is percent-encoded: it was taken out of a "
	    "URL without decoding it",
	    "RFC 3986 section 2.1" },
	  percent_encoded },
	{ { "password-xml-escaped", "the password was escaped for XML before it was hashed",
	    "UTP 1.1 section 3.1" },
	  xml_escaped },
	{ { "password-md5",
	    "the MD5 of the password, in hex, stands in for it: a client that has "
	    "the database of a web page",
	    "RFC 7616 section 3.4.2" },
	  md5_hex },
	{ { "password-sha1", "the SHA-1 of the password, in hex, stands in for it",
	    "UTP 1.1 section 3.1" },
	  sha1_hex },
	{ { "password-lower-case", "the password is in small letters", "RFC 7616 section 3.4.2" },
	  lower },
	{ { "password-upper-case", "the password is in capitals", "RFC 7616 section 3.4.2" },
	  upper },
	CUT_ROW(8),
	CUT_ROW(12),
	CUT_ROW(15),
	CUT_ROW(16),
	CUT_ROW(20),
	CUT_ROW(31),
	CUT_ROW(32),
	{ .make = NULL },
};

#include "auth/base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct str base64_encode(struct arena *a, struct str octets)
{
	size_t groups = octets.n / 3 + (octets.n % 3 != 0);
	char *p = octets.n < SIZE_MAX / 4 ? arena_alloc(a, groups * 4 + 1) : NULL, *at = p;

	if (!p) {
		a->failed = true;
		return STR("");
	}
	for (size_t i = 0; i < octets.n; i += 3) {
		size_t left = octets.n - i;
		uint32_t v = (uint32_t)(uint8_t)octets.p[i] << 16;

		v |= left > 1 ? (uint32_t)(uint8_t)octets.p[i + 1] << 8 : 0;
		v |= left > 2 ? (uint32_t)(uint8_t)octets.p[i + 2] : 0;
		*at++ = alphabet[v >> 18];
		*at++ = alphabet[v >> 12 & 63];
		*at++ = left > 1 ? alphabet[v >> 6 & 63] : '=';
		*at++ = left > 2 ? alphabet[v & 63] : '=';
	}
	return str_n(p, groups * 4);
}

static int wrong(struct err *err, size_t offset, const char *what)
{
	return err_set(err, ERR_PARSE, "Base64: %s at offset %zu", what, offset);
}

/* Value of a character, or -1. */
static int value(char c)
{
	const char *at = c ? strchr(alphabet, c) : NULL;

	return at ? (int)(at - alphabet) : -1;
}

/* How many '=' end the text. */
static size_t padding(struct str text)
{
	size_t n = 0;

	while (n < 2 && n < text.n && text.p[text.n - 1 - n] == '=')
		n++;
	return n;
}

int base64_decode(struct arena *a, struct str text, struct str *octets, struct err *err)
{
	size_t pad = padding(text), n = text.n - pad, out_n = n / 4 * 3 + (pad ? 3 - pad : 0);
	char *p = arena_alloc(a, out_n + 1), *at = p;
	uint32_t v = 0;

	if (!p)
		return err_set(err, ERR_NOMEM, "no memory to decode Base64");
	for (size_t i = 0; i < n; i++) {
		int six = value(text.p[i]);

		if (six < 0)
			return wrong(err, i, text.p[i] == '=' ? "padding" : "a foreign character");
		v = v << 6 | (uint32_t)six;
		if (i % 4 == 3)
			for (int shift = 16; shift >= 0; shift -= 8)
				*at++ = (char)(v >> shift & 255);
	}
	if (text.n % 4)
		return wrong(err, text.n, "missing padding");
	/* RFC 4648 3.5: bits that no octet uses are zero. */
	if ((pad == 1 && (v & 3)) || (pad == 2 && (v & 15)))
		return wrong(err, n - 1, "unused bits that are set");
	if (pad == 1)
		*at++ = (char)(v >> 10 & 255);
	if (pad)
		*at++ = (char)(pad == 1 ? v >> 2 & 255 : v >> 4 & 255);
	*octets = str_n(p, (size_t)(at - p));
	return 0;
}

struct str base64_decode_loosely(struct arena *a, struct str text)
{
	char *p = arena_alloc(a, text.n / 4 * 3 + 4), *at = p;
	size_t n = 0;
	uint32_t v = 0;

	for (size_t i = 0; p && i < text.n; i++) {
		char c = text.p[i] == '-' ? '+' : text.p[i] == '_' ? '/' : text.p[i];

		if (c == '=' && n)
			break;
		if (value(c) < 0)
			continue;
		v = v << 6 | (uint32_t)value(c);
		if (n++ % 4) /* each character but the first of four completes an octet */
			*at++ = (char)(v >> (2 * (4 - n % 4) % 8) & 255);
	}
	return p ? str_n(p, (size_t)(at - p)) : STR("");
}

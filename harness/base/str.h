/* str.h - a borrowed run of octets.  Never owns, never NUL-terminated, may contain NUL. */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct str {
	const char *p;
	size_t n; /* octets */
};

/* A literal, also as an initialiser. */
#define STR(lit) ((struct str){ "" lit, sizeof(lit) - 1 })

/* For printf: printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

/* View a NUL-terminated string; NULL gives the empty view. */
static inline struct str str(const char *s)
{
	return (struct str){ s, s ? strlen(s) : 0 };
}

static inline struct str str_n(const void *p, size_t n)
{
	return (struct str){ p, n };
}

/* ASCII only, whatever the locale. */
bool char_is_alpha(char c);
bool char_is_digit(char c);
bool char_is_tchar(char c); /* RFC 9110 5.6.2 */
char char_lower(char c);
int char_hex(char c); /* 0..15, or -1 */

bool str_eq(struct str a, struct str b);
bool str_ieq(struct str a, struct str b); /* ASCII case folded */
bool str_starts(struct str s, struct str prefix);
bool str_istarts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
/* Index of the first occurrence, or (size_t)-1. */
size_t str_find(struct str s, struct str needle);
size_t str_ifind(struct str s, struct str needle);
size_t str_chr(struct str s, char c);
struct str str_sub(struct str s, size_t from, size_t n); /* clamped */
struct str str_trim(struct str s);                       /* SP, HTAB, CR, LF at both ends */

/* Take the next word of a space-separated list off *rest; the empty view at the end. */
struct str str_word(struct str *rest);
/* Take everything up to the first sep (or all) off *rest; sep itself is dropped. */
struct str str_cut(struct str *rest, char sep);
/* Is word one of the words of a space-separated list? */
bool str_has_word(struct str list, struct str word);

/* A decimal number without sign that fills s; -1 when s is anything else or exceeds max. */
int str_to_u64(struct str s, uint64_t max, uint64_t *out);
/* A duration "10", "-90s", "+10m", "1h", "2d", "250ms" (no unit means seconds); -1 if not one. */
int str_to_ms(struct str s, int64_t *ms);
/* Does s match a glob of '*' and '?' ? */
bool str_glob(struct str s, struct str pattern);
/* Is s well-formed UTF-8 (no surrogates, no overlong forms)? */
bool str_is_utf8(struct str s);

#endif

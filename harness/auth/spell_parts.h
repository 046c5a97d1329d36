/* spell_parts.h - what spell*.c share.  Nobody else includes this. */
#ifndef AUTH_SPELL_PARTS_H
#define AUTH_SPELL_PARTS_H

#include "auth/spell.h"
#include "base/buf.h"

#define SPELL_FIELD_MAX (128u << 10) /* octets of one header line */

#define SPELL_WORDS(...) ((const char *const[]){ __VA_ARGS__, NULL })

typedef int spell_writer(struct craft *c, const uint8_t *choice, struct http_fields *out,
			 struct err *err);
spell_writer spell_write_basic, spell_write_basic_hostile;
spell_writer spell_write_digest, spell_write_digest_hostile;

/* Choices that the schemes have in common; each takes the choice of its point. */
const char *spell_field_name(unsigned choice); /* "Authorization" */
struct str spell_scheme(const char *name, unsigned choice, struct arena *a);
const char *spell_space(unsigned choice); /* behind the scheme */
const char *spell_tail(unsigned choice);  /* behind the value */
struct str spell_wrong_scheme(const char *name, unsigned choice, struct arena *a);
/* Mutate a whole value: cut at quarters, flip bits. */
struct str spell_cut(struct str value, unsigned quarters);
struct str spell_flipped(struct arena *a, struct str value, unsigned first, unsigned second);
/* Authorization, once (0), twice (1), behind an empty one (2), or before one of another scheme (3).
 */
void spell_add_fields(struct arena *a, struct http_fields *out, struct str value, unsigned how,
		      struct str other);

#define SPELL_FIELD_WORDS                                                                          \
	SPELL_WORDS("the name of the field in lower case", "the name of the field in upper case")
#define SPELL_SCHEME_WORDS                                                                         \
	SPELL_WORDS("the scheme in lower case", "the scheme in upper case",                        \
		    "the scheme in mixed case")
#define SPELL_SPACE_WORDS                                                                          \
	SPELL_WORDS("two spaces behind the scheme", "five spaces behind the scheme")
#define SPELL_TAIL_WORDS                                                                           \
	SPELL_WORDS("a space at the end of the field", "a tab at the end of the field")
#define SPELL_WRONG_SCHEME_WORDS                                                                   \
	SPELL_WORDS("no scheme", "the scheme twice", "letters glued to the scheme",                \
		    "scheme Bearer", "scheme Negotiate", "a comma behind the scheme",              \
		    "a long scheme")
#define SPELL_CUT_WORDS                                                                            \
	SPELL_WORDS("the field cut to a quarter", "the field cut to a half",                       \
		    "the field cut to three quarters")
#define SPELL_FLIP_WORDS SPELL_WORDS("a bit flipped")

#endif

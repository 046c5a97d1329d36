/* deviate.h - what craft*.c, deviation.c and deviate_*.c share.  Nobody else includes this. */
#ifndef AUTH_DEVIATE_H
#define AUTH_DEVIATE_H

#include "auth/craft.h"

/* --- values of the case language --- */

/* Does value belong to one word of a row's values?  A word is the value itself or an open domain:
 * "=LITERAL", "DURATION", "bytes:NUMBER".  argument is what fills the open part, or empty.
 */
bool deviation_value(struct str word, struct str value, struct str *argument);

/* One value of a row and what it does; value may name an open domain. */
struct action {
	const char *value;
	int (*run)(struct craft *c, struct str argument, struct err *err);
};
int action_run(const struct action *table, size_t n, struct craft *c, struct str value,
	       struct err *err) MUST_CHECK;
#define RUN(table) action_run(table, COUNT(table), c, value, err)

/* --- text (deviate_text.c): copies in the arena; on failure the arena is, and text is "" --- */

struct str text_lower(struct arena *a, struct str s);
struct str text_upper(struct arena *a, struct str s);
struct str text_mixed(struct arena *a, struct str s); /* "Digest" -> "DiGeSt" */
struct str text_insert(struct arena *a, struct str s, size_t at, struct str piece);
struct str text_replace(struct arena *a, struct str s, size_t at, char c);
struct str text_hex(struct arena *a, struct str octets);
/* Another text of the same length, characters and Base64 padding: its last character changed where
 * that changes what a Base64 decoder gives.  Without letters and digits an "x" is appended.
 */
struct str text_alter(struct arena *a, struct str s);
/* Random text of the same length and characters; never s.  ERR_INPUT without letters and digits. */
int text_foreign(struct craft *c, struct str s, struct str *out, struct err *err) MUST_CHECK;
size_t text_middle(struct str s); /* between two characters of UTF-8, near the middle */
bool text_is_token(struct str s); /* RFC 9110 5.6.2 */

/* Names and passwords of all mechanisms, by value. */
int deviate_user(struct craft *c, struct str value, struct str *out, struct err *err) MUST_CHECK;
int deviate_password(struct craft *c, struct str value, struct str *out,
		     struct err *err) MUST_CHECK;
/* "lower", "upper", "mixed": 0, or 1 when value is something else. */
int deviate_letters(struct arena *a, struct str value, struct str *text);
/* Values two-right-wrong, two-wrong-right and two-same of two texts, in order. */
void deviate_pair(struct str value, struct str right, struct str wrong, struct str out[static 2]);
int deviate_wrong_password(struct craft *c, struct str *out, struct err *err) MUST_CHECK;

/* --- the correct client (craft_basic.c, craft_digest.c, craft_token.c) --- */

/* The steps of one mechanism, between which the stages run. */
struct crafter {
	int (*start)(struct craft *c, struct err *err); /* a correct client's values */
	int (*hash)(struct craft *c, struct err *err);  /* what follows from the values */
	int (*write)(struct craft *c, struct err *err); /* field[0], or token.security */
	void (*remember)(struct craft *c);
};
extern const struct crafter basic_crafter, digest_crafter, token_crafter;

/* Authorization value from the parts as they are now. */
int basic_write(struct craft *c, struct str *out, struct err *err) MUST_CHECK;
int basic_hash(struct craft *c, struct err *err) MUST_CHECK;

int digest_write(struct craft *c, struct str *out, struct err *err) MUST_CHECK;
/* The first parameter of that name that is to be written; NULL when there is none. */
struct craft_param *digest_param(struct craft *c, struct str name);
int digest_insert(struct craft *c, size_t at, struct craft_param p, struct err *err) MUST_CHECK;
/* Hash and send nonce, with the nc and the session that belong to it. */
void digest_use_nonce(struct craft *c, struct str nonce);
/* The highest nc that was sent with nonce; 0 when it is new. */
uint64_t digest_last_nc(const struct craft_memory *m, struct str nonce);
struct str digest_last_nonce(const struct craft_memory *m);
struct str digest_nc_text(struct arena *a, uint64_t nc); /* "0000000a" */
int digest_nc_number(struct str text, uint64_t *nc);     /* -1: not one */

/* sent.password from what is hashed. */
int token_hash(struct craft *c, struct err *err) MUST_CHECK;
void token_use_nonce(struct craft *c, struct str octets);
int token_fresh_nonce(struct craft *c, size_t bytes, struct str *octets,
		      struct err *err) MUST_CHECK;
void token_use_created(struct craft *c, struct str text);
/* "<wsse:UsernameToken>...", and the Security element around inside. */
int token_element(struct craft *c, struct str *out, struct err *err) MUST_CHECK;
int token_security(struct craft *c, struct str inside, struct str *out, struct err *err) MUST_CHECK;
/* A text as character data of XML. */
struct str token_escape(struct arena *a, struct str text);

/* --- the rows' functions; each is described by its row in deviation.c --- */

#define DEVIATION_FUNCTIONS(X)                                                                     \
	X(basic_user)                                                                              \
	X(basic_password)                                                                          \
	X(basic_scheme)                                                                            \
	X(basic_payload) X(basic_fields) X(digest_user) X(digest_password) X(digest_realm) X(      \
		digest_nonce) X(digest_nc) X(digest_nc_form) X(digest_cnonce) X(digest_qop)        \
		X(digest_algorithm) X(digest_method) X(digest_uri) X(digest_body) X(               \
			digest_opaque) X(digest_response) X(digest_omit) X(digest_duplicate)       \
			X(digest_duplicate_wrong) X(digest_quote) X(digest_unquote) X(             \
				digest_escape) X(digest_extra) X(digest_order) X(digest_names)     \
				X(digest_scheme) X(digest_separator) X(digest_equals) X(           \
					digest_fields) X(token_user) X(token_password)             \
					X(token_type) X(token_nonce) X(token_created) X(           \
						token_omit) X(token_digest) X(token_encoding_type) \
						X(token_duplicate) X(token_order) X(token_text) X( \
							token_namespace) X(token_prefix)           \
							X(token_must_understand) X(token_actor) X( \
								token_quotes) X(token_extra)       \
								X(token_tokens) X(token_headers)   \
									X(token_place)

#define X(name) int deviate_##name(struct craft *c, struct str value, struct err *err) MUST_CHECK;
DEVIATION_FUNCTIONS(X)
#undef X

#endif

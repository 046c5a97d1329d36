/* deviate.h - what craft*.c, deviation.c and deviate_*.c share.  Nobody else includes this. */
#ifndef AUTH_DEVIATE_H
#define AUTH_DEVIATE_H

#include "auth/craft.h"

/* --- values of the case language --- */

/* Does value belong to one word of a row's values?  A word is the value itself or an open domain:
 * "=LITERAL", "DURATION", "bytes:NUMBER" and the like.  argument is what fills the open part, or
 * empty.
 */
bool deviation_value(struct str word, struct str value, struct str *argument);
int deviation_minutes(struct str text, int *minutes); /* -1: no zone of xsd:dateTime */

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
struct str text_overlong(struct arena *a); /* more than a buffer for one value has room for */
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

typedef int deviate_fn(struct craft *c, struct str value, struct err *err);
deviate_fn deviate_basic_user;
deviate_fn deviate_basic_password;
deviate_fn deviate_basic_overlong;
deviate_fn deviate_basic_scheme;
deviate_fn deviate_basic_payload;
deviate_fn deviate_basic_fields;
deviate_fn deviate_digest_password;
deviate_fn deviate_digest_user;
deviate_fn deviate_digest_realm;
deviate_fn deviate_digest_nonce;
deviate_fn deviate_digest_nc;
deviate_fn deviate_digest_nc_form;
deviate_fn deviate_digest_cnonce;
deviate_fn deviate_digest_qop;
deviate_fn deviate_digest_algorithm;
deviate_fn deviate_digest_method;
deviate_fn deviate_digest_uri;
deviate_fn deviate_digest_body;
deviate_fn deviate_digest_opaque;
deviate_fn deviate_digest_response;
deviate_fn deviate_digest_omit;
deviate_fn deviate_digest_overlong;
deviate_fn deviate_digest_duplicate;
deviate_fn deviate_digest_duplicate_wrong;
deviate_fn deviate_digest_quote;
deviate_fn deviate_digest_unquote;
deviate_fn deviate_digest_escape;
deviate_fn deviate_digest_extra;
deviate_fn deviate_digest_order;
deviate_fn deviate_digest_names;
deviate_fn deviate_digest_scheme;
deviate_fn deviate_digest_separator;
deviate_fn deviate_digest_equals;
deviate_fn deviate_digest_fields;
deviate_fn deviate_token_user;
deviate_fn deviate_token_password;
deviate_fn deviate_token_type;
deviate_fn deviate_token_nonce;
deviate_fn deviate_token_created;
deviate_fn deviate_token_omit;
deviate_fn deviate_token_digest;
deviate_fn deviate_token_encoding_type;
deviate_fn deviate_token_duplicate;
deviate_fn deviate_token_order;
deviate_fn deviate_token_text;
deviate_fn deviate_token_namespace;
deviate_fn deviate_token_prefix;
deviate_fn deviate_token_must_understand;
deviate_fn deviate_token_actor;
deviate_fn deviate_token_quotes;
deviate_fn deviate_token_extra;
deviate_fn deviate_token_tokens;
deviate_fn deviate_token_headers;
deviate_fn deviate_token_place;
deviate_fn deviate_token_split;
deviate_fn deviate_token_append;
deviate_fn deviate_token_blank;
deviate_fn deviate_token_child_namespace;
deviate_fn deviate_token_duplicate_wrong;
deviate_fn deviate_token_duplicate_wrong_first;
deviate_fn deviate_token_timestamp;
deviate_fn deviate_token_beside;
deviate_fn deviate_token_attack;

#endif

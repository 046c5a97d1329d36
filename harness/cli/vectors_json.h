/* vectors_json.h - JSON texts read into an arena (RFC 8259), for vector files and answers.
 *
 * jansson takes twenty microseconds to build what one vector needs; this takes one.  A text is read
 * once, its strings are borrowed where they have no escapes, and nothing is freed singly.
 */
#ifndef CLI_VECTORS_JSON_H
#define CLI_VECTORS_JSON_H

#include "base/arena.h"

enum jv_kind { JV_NULL, JV_FALSE, JV_TRUE, JV_NUMBER, JV_STRING, JV_LIST, JV_OBJECT };

struct jv {
	enum jv_kind kind;
	struct str key;  /* in an object; as text */
	struct str text; /* of a string: what is meant, UTF-8; of a number: as written */
	struct str raw;  /* as written */
	size_t n;        /* members of a list or object */
	struct jv *child, *next;
};

/* The text must outlive the values.  Depth at most 32.  A key that comes twice in an object is an
 * error.  -1 with ERR_PARSE and the line, or ERR_NOMEM.
 */
int jv_read(struct arena *a, struct str text, const struct jv **out, struct err *err) MUST_CHECK;

/* A member; NULL when v is NULL, no object, or has none of that name. */
const struct jv *jv_get(const struct jv *v, const char *key);
const struct jv *jv_find(const struct jv *v, struct str key);
/* Text of a string, .p NULL for everything else and for NULL. */
struct str jv_text(const struct jv *v);
/* Members in order: the first, then .next; NULL for what is neither list nor object. */
const struct jv *jv_first(const struct jv *v);
size_t jv_count(const struct jv *v);
bool jv_is(const struct jv *v, enum jv_kind kind);

#endif

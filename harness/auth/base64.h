/* base64.h - RFC 4648 section 4. */
#ifndef AUTH_BASE64_H
#define AUTH_BASE64_H

#include "base/arena.h"

/* With padding, never wrapped. */
struct str base64_encode(struct arena *a, struct str octets);

/* Strict: alphabet only, padding exactly as needed, unused bits zero (RFC 4648 3.2, 3.3, 3.5).
 * -1 with ERR_PARSE and the offset of what is wrong.
 */
int base64_decode(struct arena *a, struct str text, struct str *octets, struct err *err) MUST_CHECK;

/* What a careless decoder makes of it: foreign characters are skipped, '-' and '_' read as '+' and
 * '/', and the first '=' after anything ends it.  For explanations, never for acceptance.
 */
struct str base64_decode_loosely(struct arena *a, struct str text);

#endif

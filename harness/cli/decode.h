/* decode.h - pasted headers, exchanges and envelopes: what they say, what matches, what nearly
 * does.
 */
#ifndef CLI_DECODE_H
#define CLI_DECODE_H

#include "base/http.h"
#include "report/decoding.h"

#define DECODE_MAX_BYTES  (1u << 20) /* of an input */
#define DECODE_MAX_PIECES 256

struct decode_ask {
	struct str file;           /* for messages */
	struct str user, password; /* password .p NULL: none was given */
	bool user_given;
	bool has_at;
	int64_t at_unix_ms; /* when the credentials arrived */
};

/* Read octets and judge all that is in them.  Everything lives in a or is borrowed from octets.  -1
 * with ERR_INPUT and file:line where there is nothing to decode, or what is none of the forms.
 */
int decode(struct arena *a, struct str octets, const struct decode_ask *ask, struct decoding *out,
	   struct err *err) MUST_CHECK;

#endif

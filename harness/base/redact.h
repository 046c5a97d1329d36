/* redact.h - the one place that removes secrets from what is written (design, section 8).
 *
 * Registered secrets are replaced wherever they stand, plain, percent-encoded, XML-escaped, as JSON
 * escapes them, in hex or in Base64; credentials are masked by their syntax too: the payload of
 * Basic, response= and rspauth= of Digest, the text of wsse:Password, the values of Cookie and
 * Set-Cookie.
 */
#ifndef BASE_REDACT_H
#define BASE_REDACT_H

#include "base/arena.h"

struct redactor {
	struct str secret[40];
	size_t n;
	bool off; /* --evidence=full */
};

/* The view is borrowed and must outlive r; empty secrets and those of under 3 octets are refused
 * (masking them would shred the text), then -1.
 */
int redact_add(struct redactor *r, struct str secret);
/* Add what a request holds by its syntax, so that an answer that repeats it elsewhere is masked,
 * too: for a copy of the redactor that serves for this answer.  sent is borrowed.
 */
void redact_learn(struct redactor *r, struct str sent);
/* Does the secret stand in text, in one of the forms that redact() knows?  Nothing goes by syntax.
 */
bool redact_finds(struct str text, struct str secret);
/* A copy of text with secrets replaced by "[redacted]"; text itself when nothing was found. */
struct str redact(const struct redactor *r, struct arena *a, struct str text);

#endif

/* dsse.h - a DSSE envelope (protocol and envelope 1.0) with one signature.
 *
 * Reading takes only the octets that writing gives, so that nothing in an envelope can change
 * unseen: white space, the order of members, the spelling of Base64.
 */
#ifndef BUNDLE_DSSE_H
#define BUNDLE_DSSE_H

#include "bundle/sign.h"

#define DSSE_IN_TOTO "application/vnd.in-toto+json"

struct dsse {
	struct str payload, keyid, sig; /* decoded */
};

/* What is signed: "DSSEv1 SP length SP type SP length SP payload". */
struct str dsse_pae(struct arena *a, struct str payload);
int dsse_sign(struct arena *a, const struct signer *s, struct str payload, struct str *text,
	      struct err *err) MUST_CHECK;
/* -1 with ERR_PARSE; no signature is checked. */
int dsse_read(struct arena *a, struct str text, struct dsse *out, struct err *err) MUST_CHECK;

#endif

/* spell_token.h - spellings of a UsernameToken: whole envelopes, drawn from a grammar.
 *
 * What XML 1.0, its namespaces and the UsernameToken profile call the same message.  Comments, byte
 * order marks and UTF-16 are marked optional: XML has every processor read them (4.3.3, 2.5), and
 * many servers look at the charset alone.
 */
#ifndef SOAP_SPELL_TOKEN_H
#define SOAP_SPELL_TOKEN_H

#include "auth/spell.h"
#include "soap/soap.h"

extern const struct spell_grammar spell_token_legal, spell_token_hostile;

/* The grammar of one mechanism. */
const struct spell_grammar *spell_grammar(enum mechanism mech, bool hostile);

struct spell_envelope {
	struct str octets;
	struct str content_type;
};
/* The envelope of op with the token of c, which was crafted as a correct client does, or from the
 * base of a hostile spelling.
 */
int spell_envelope(struct craft *c, const struct soap_operation *op, const struct spell_grammar *g,
		   const struct spelling *s, struct spell_envelope *out,
		   struct err *err) MUST_CHECK;

#endif

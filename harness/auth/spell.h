/* spell.h - the many spellings of the same credentials, drawn from a grammar; and credentials that
 * are mutated so that no server may take them.
 *
 * A grammar is a table of choice points.  A spelling is one choice for each point; 0 everywhere is
 * the plain spelling of a correct client, or, in a hostile grammar, of one with a wrong password.
 * Setting choices back to 0 makes a spelling smaller, and it stays one of the grammar.
 *
 * The points of a legal grammar are what a clause has every recipient accept; those that are marked
 * optional are legal to send, and a clause lets a server refuse them.  Several Authorization fields
 * are not among them: the field is no list (RFC 9110 5.3).
 */
#ifndef AUTH_SPELL_H
#define AUTH_SPELL_H

#include "auth/craft.h"

#define SPELL_POINTS 40

struct spell_point {
	const char *name;         /* in replay files: "names" */
	const char *clause;       /* anchors of requirements.xml, the first one before all */
	const char *const *words; /* what choice 1, 2, ... does, for reports; ended by NULL */
	unsigned repeat;          /* more choices, that go by the last words: bit flips */
	bool optional;            /* a server may refuse it */
};

struct spell_grammar {
	enum mechanism mech;
	bool hostile;
	const struct spell_point *point;
	size_t n;
};

struct spelling {
	uint8_t choice[SPELL_POINTS];
};

/* Choices of a point besides the plain one. */
unsigned spell_choices(const struct spell_point *p);
const char *spell_words(const struct spell_point *p, unsigned choice); /* choice > 0 */

/* Number index of the spellings of one seed: SHA-256(seed ":" grammar ":" index ":" attempt).  A
 * further attempt is made where the verifier does not agree that the mutation is one.
 */
int spell_draw(const struct spell_grammar *g, struct str seed, uint64_t index, unsigned attempt,
	       struct spelling *out, struct err *err) MUST_CHECK;
bool spell_is_plain(const struct spell_grammar *g, const struct spelling *s);
/* Does s make all choices that part makes? */
bool spell_has(const struct spell_grammar *g, const struct spelling *s,
	       const struct spelling *part);
/* "parameter names in upper case, nc as a quoted-string"; "the plain spelling". */
struct str spell_text(struct arena *a, const struct spell_grammar *g, const struct spelling *s);
/* "names=1 quote-nc=1", and back; -1 with ERR_INPUT and what was expected. */
struct str spell_format(struct arena *a, const struct spell_grammar *g, const struct spelling *s);
int spell_parse(const struct spell_grammar *g, struct str text, struct spelling *out,
		struct err *err) MUST_CHECK;

/* --- HTTP --- */

extern const struct spell_grammar spell_basic_legal, spell_basic_hostile;
extern const struct spell_grammar spell_digest_legal, spell_digest_hostile;

/* What the craft of a hostile spelling starts from: the first point of its grammar.  Gives how many
 * deviations; 0 for a legal grammar.
 */
size_t spell_base(const struct spell_grammar *g, const struct spelling *s,
		  struct deviate out[static 1]);

/* The header lines of a craft of that mechanism, spelled that way. */
int spell_fields(struct craft *c, const struct spell_grammar *g, const struct spelling *s,
		 struct http_fields *out, struct err *err) MUST_CHECK;

/* --- shared by the writers of hostile octets --- */

/* Change one bit of a place that at (1..63) picks between from and to, so that no control character
 * comes about.
 */
void spell_flip(char *octets, size_t from, size_t to, unsigned at);
/* Nothing, or text n times. */
struct str spell_repeat(struct arena *a, struct str text, size_t n);

#endif

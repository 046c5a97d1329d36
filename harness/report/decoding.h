/* decoding.h - what countersign decode says of pasted credentials, challenges and exchanges. */
#ifndef REPORT_DECODING_H
#define REPORT_DECODING_H

#include "report/report.h"

enum decoded_weight { DECODED_WRONG, DECODED_NOTE, DECODED_RIGHT, DECODED_WEIGHTS };
const char *decoded_weight_name(enum decoded_weight w); /* "wrong" */

#define DECODED_FACTS    24
#define DECODED_FINDINGS 40

/* One thing that was found in the input.  Views are borrowed; nothing in it may be a secret, nor
 * what was computed with one.
 */
struct decoded_item {
	size_t line;      /* of the input, from 1 */
	const char *kind; /* "Digest credentials" */
	struct decoded_fact {
		const char *name; /* "realm" */
		struct str value;
	} fact[DECODED_FACTS];
	struct decoded_finding {
		enum decoded_weight weight;
		const char *name; /* "nonce-undecoded": stable, for programs */
		struct str text;
		const char *clause; /* "" when there is none */
	} finding[DECODED_FINDINGS];
	size_t n_fact, n_finding;
};

struct decoding {
	struct str file;
	struct decoded_item *item;
	size_t n, room;
};

/* A new item; NULL when memory is short, which the arena remembers. */
struct decoded_item *decoding_item(struct arena *a, struct decoding *d, size_t line,
				   const char *kind);
/* Past the caps of an item nothing is added; a fact with .p NULL is none. */
void decoding_fact(struct decoded_item *item, const char *name, struct str value);
void decoding_find(struct decoded_item *item, enum decoded_weight weight, const char *name,
		   struct str text, const char *clause);
size_t decoding_count(const struct decoding *d, enum decoded_weight weight);

void console_decoding(FILE *f, const struct decoding *d, const struct redactor *redactor,
		      const struct console_options *o);
/* reports/decode.schema.json. */
int report_decoding(const struct decoding *d, const struct report_options *o, const char *path,
		    struct err *err) MUST_CHECK;

#endif

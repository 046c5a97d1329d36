/* card.h - bundle.json: what the bundle is about, on one page. */
#ifndef BUNDLE_CARD_H
#define BUNDLE_CARD_H

#include "bundle/bundle.h"
#include "bundle/papers.h"

/* -1 with ERR_INPUT when the run cannot be certified and no draft is wanted; unfit: why, reasons
 * parted by line feeds.
 */
int card_write(struct arena *a, const struct bundle_options *o, const struct papers *r,
	       struct str *text, struct str *unfit, struct err *err) MUST_CHECK;
/* Does bundle.json say what the results say?  -1 with ERR_PARSE. */
int card_check(const json_t *card, const struct papers *r, struct err *err) MUST_CHECK;
/* The firmware as bundle.json has it: an object, or null. */
const json_t *card_firmware(const json_t *card);
/* Texts of a list, cleaned, parted by line feeds. */
struct str card_lines(struct arena *a, const json_t *list);

#endif

/* html.h - the parts of the HTML report (internal to report/).
 *
 * One file that needs nothing else: style and script come from reports/html/ and are named by their
 * hashes in the page's content security policy, so that no markup that a device might smuggle in
 * could run or load anything.  It is XML as well as HTML.  Markup is written with html_put and
 * html_fmt, everything else with html_own, html_told and html_octets, which escape.
 */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "report/write.h"

#include "base/buf.h"
#include "base/embedded.h"

#include <inttypes.h>

/* All variants of one case, by verdict; what is waived counts as nothing else. */
struct html_case {
	const struct suite_case *c;
	size_t *index; /* into r->variant */
	size_t n;
	size_t count[VERDICTS], waived;
};

struct html {
	struct buf b;     /* the document */
	struct arena a;   /* of the whole document */
	struct arena one; /* of one finding or case, emptied after it */
	const struct run_result *r;
	const struct report_options *o;
	struct html_case *c; /* in the order in which they first come */
	size_t n_case;
	size_t octets; /* of exchanges shown so far */
};

/* "page.css" and "page.js" of reports/html/.  Neither holds a character that XML would escape: its
 * hash is of what stands there.
 */
extern const struct embedded_file html_page[];

/* --- html_pen.c --- */

void html_put(struct html *h, const char *markup);
/* Markup with numbers in it; never with text that is not ours. */
void html_fmt(struct html *h, const char *markup, ...) PRINTF(2, 3);
/* The catalogue's words: cleaned and escaped, on one line. */
void html_own(struct html *h, struct str text);
/* What the run brought in: redacted, cleaned, escaped, on one line. */
void html_told(struct html *h, struct str text, size_t max_bytes);
/* <tag class="name">text</tag>, of the catalogue's or the run's words; nothing for empty text. */
void html_own_in(struct html *h, const char *tag, const char *name, struct str text);
void html_told_in(struct html *h, const char *tag, const char *name, struct str text);
/* The same for a paragraph with `code` in it. */
void html_prose_in(struct html *h, const char *tag, struct str text);
/* <dt>label</dt><dd>text</dd>; nothing for empty text. */
void html_row(struct html *h, const char *label, struct str text);
/* text as an attribute's value that only names: what is no letter, digit, "." or "-" is "_". */
void html_token(struct html *h, struct str text);
/* The verdict as a small mark; n > 0: with a count before it. */
void html_mark(struct html *h, enum verdict v, size_t n);
/* Any word that is ours as such a mark. */
void html_mark_word(struct html *h, const char *word, size_t n);
/* "one case", "3 cases" */
void html_plural(struct html *h, size_t n, const char *one, const char *many);
/* "4 min 54 s" */
struct str html_duration(struct arena *a, int64_t s);

/* --- html_group.c --- */

/* Fill h->c; failure shows in arena_ok(&h->a). */
void html_group(struct html *h);
/* Never begun, since the run ended before: one cause for all of them. */
bool html_left_over(const struct html *h, const struct variant_result *v);
/* "[skew=-1h]" of a variant's id; empty when its case has no axis. */
struct str html_binding(const struct variant_result *v);
/* The measure of that property; NULL when the run has none. */
const struct variant_result *html_measured(const struct html *h, const char *property);
/* How a clause of that level counts under the run's profile. */
struct html_weight {
	bool spoken, gates;
} html_weight(const struct html *h, struct str anchor, enum level l);

/* --- a part of the page each --- */

void html_head(struct html *h);     /* html_head.c: the verdict, what it rests on, a cause */
void html_card(struct html *h);     /* html_card.c: how the target authenticates */
void html_pictures(struct html *h); /* html_picture.c: windows and lives */
void html_findings(struct html *h); /* html_finding.c */
void html_coverage(struct html *h); /* html_coverage.c: the requirements */
void html_numbers(struct html *h);  /* html_cases.c: all measures */
void html_cases(struct html *h);    /* html_cases.c: all cases, with their search */
void html_foot(struct html *h);     /* html_head.c */

/* --- html_evidence.c --- */

/* The steps of a variant, its controls among them; octets: with what was sent and received. */
void html_evidence(struct html *h, const struct variant_result *v, bool octets);

#endif

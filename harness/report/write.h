/* write.h - what the writers of reports share.  Text that a run brought in (answers, messages,
 * names that a device gave) passes write_text or write_line; the catalogue's own words are public
 * and only cleaned, since ids must stay what they are even if somebody's password is "token".
 */
#ifndef REPORT_WRITE_H
#define REPORT_WRITE_H

#include "report/report.h"

#define WRITE_MESSAGE 200   /* octets of one-line messages and names */
#define WRITE_BODY    16384 /* octets of a JUnit body */
/* challenges of one answer: a target may send thousands */
#define WRITE_CHALLENGES 16

/* Redacted and cleaned; cleaning may join what an escape sequence parted, so it is redacted twice.
 */
struct str write_text(struct arena *a, const struct redactor *r, struct str octets,
		      size_t max_bytes);
/* The same on one line: line feeds and tabs become spaces. */
struct str write_line(struct arena *a, const struct redactor *r, struct str octets,
		      size_t max_bytes);
/* The catalogue's words on one line. */
struct str write_own(struct arena *a, struct str text, size_t max_bytes);

/* A redactor for the answer to s: it knows what the request held, whatever the answer does with it.
 * Borrows s->sent.
 */
struct redactor write_redactor(const struct redactor *r, const struct step_result *s);

/* Empty a scratch arena; that it failed is remembered in keep. */
void write_recycle(struct arena *scratch, struct arena *keep);
/* "1.500": seconds with three digits, whatever the locale; negative counts as 0. */
struct str write_seconds(struct arena *a, int64_t ms);
/* The one-line message of a variant; never empty. */
struct str write_message(struct arena *a, const struct redactor *r, const struct variant_result *v,
			 size_t max_bytes);
/* "waived until 2027-01-31 by lab, T-1: reason"; only of a variant that is waived. */
struct str write_waiver(struct arena *a, const struct redactor *r, const struct variant_result *v);
/* "challenged 401, 12 ms" */
struct str write_step_answer(struct arena *a, const struct step_result *s);
/* "rfc7616#3.4.nc (RFC 7616 section 3.4)": the anchor, and where it comes from when that is known.
 */
struct str write_clause(struct arena *a, const struct run_result *r, const struct cite *cite);
/* "Digest realm="r" qop="auth"", on one line: what tells devices apart, and no nonce. */
struct str write_challenge_line(struct arena *a, const struct redactor *r,
				const struct challenge *c);
/* The command that sends a finding again: lines, .p NULL when v is none. */
struct str write_curl(struct arena *a, const struct redactor *redactor, const struct run_result *r,
		      const struct variant_result *v);
/* Did any variant exchange something with the target? */
bool write_anything_ran(const struct run_result *r);
/* Never begun, since the run ended before: one cause for all of them. */
/* A finding that a report tells: not waived, and not left over. */
bool write_told(const struct run_result *r, const struct variant_result *v);
bool write_left_over(const struct run_result *r, const struct variant_result *v);
/* It judges a client, and not a target. */
bool write_is_client(const struct run_result *r);
/* What the run comes to, as one word. */
enum verdict write_overall(const struct run_result *r);
/* "token.skew.past" and "295 s"; a value at the search's bound is "at least 604800 s". */
struct str write_number(struct arena *a, const struct measured_number *m); /* "32 octets" */
struct str write_measure(struct arena *a, const struct variant_result *v);

#endif

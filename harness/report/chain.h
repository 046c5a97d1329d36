/* chain.h - the certificates of a target, as reports tell them (internal to report/). */
#ifndef REPORT_CHAIN_H
#define REPORT_CHAIN_H

#include "report/json.h"
#include "report/record_file.h"

#define CHAIN_FILE "tls-chain.pem" /* in the folder of --results */

/* Was there one?  Of a target over plain http there is none. */
bool chain_told(const struct tls_chain *c);
/* "issued by itself, expired" at that time; empty: nothing to say. */
struct str chain_notes(struct arena *a, const struct tls_certificate *c, int64_t at_ms);
/* "2026-08-22T10:11:12Z to 2027-08-22T10:11:12Z"; empty: not known. */
struct str chain_times(struct arena *a, const struct tls_certificate *c);
/* "and 3 more"; empty: all are there. */
struct str chain_left_off(struct arena *a, const struct tls_chain *c);
/* PEM of one that is kept and holds nothing that is a secret elsewhere; else .p NULL. */
struct str chain_pem(struct arena *a, const struct redactor *r, const struct tls_certificate *c);

/* The member "tls" of a survey, and the way back. */
json_t *chain_json(struct json_writer *w, const struct tls_chain *c);
int chain_read(const struct record_file *f, const json_t *o, struct tls_chain *out,
	       struct err *err) MUST_CHECK;

#endif

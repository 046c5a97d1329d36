/* check_parts.h - what check*.c share.  Nobody else but their test includes this. */
#ifndef CLIENT_CHECK_PARTS_H
#define CLIENT_CHECK_PARTS_H

#include "client/check.h"

/* All of what was heard. */
typedef struct check_finding check_all_fn(const struct check_view *w);
/* One request of c alone.  NOT_SHOWN: it says nothing; its why may be .p NULL. */
typedef struct check_finding check_one_fn(const struct check_view *w, const struct conversation *c,
					  const struct heard *h);

/* A row per client_checks, in their order: one of the two functions. */
struct check_row {
	const char *name;
	check_all_fn *all;
	check_one_fn *one;
	unsigned has;        /* of requests with one of these; 0: of every request */
	const char *missing; /* why nothing was shown, where one has no better reason */
};
extern const struct check_row check_rows[]; /* CLIENT_CHECKS */

/* --- findings --- */

struct check_finding check_holds(void);
struct check_finding check_unseen(const char *why); /* NULL: the row's missing */
/* "expected ..., got ...". */
struct check_finding check_broken(const struct check_view *w, const struct heard *at,
				  const char *fmt, ...) PRINTF(3, 4);
/* A check of single requests: the first that breaks it; else it holds where one has shown it. */
struct check_finding check_each(const struct check_view *w, const struct check_row *row);

/* --- what a request says --- */

/* Of Digest credentials; .p NULL when it is absent. */
struct str check_param(const struct heard *h, const char *name);
/* For messages: in quotes, cut, without control characters; "none" when .p is NULL. */
struct str check_quoted(const struct check_view *w, struct str s);
/* The challenge that Digest credentials are for: the one that they name, or the only one of the
 * latest answer when they name none; NULL when neither is there.
 */
const struct digest_challenge *check_challenge(const struct conversation *c, const struct heard *h);
/* The latest answer before h with a Digest challenge (any: with any challenge, or a token asked
 * for); NULL: none. */
const struct heard *check_latest(const struct conversation *c, const struct heard *h, bool any);
/* h is in c: its index. */
size_t check_index(const struct conversation *c, const struct heard *h);
/* The request that began the Digest session of h, going back over nextnonces: RFC 7616 3.6. */
const struct heard *check_session(const struct conversation *c, const struct heard *h);
/* The client is known to know that algorithm: MD5, one that the case needs, or one that it used. */
bool check_knows(const struct check_view *w, enum hash_alg alg, bool session);
/* The response of h with the account that the client was told, and nonce-prime and cnonce-prime of
 * that request (NULL: its own): is it what was sent? */
bool check_response(const struct conversation *c, const struct heard *h, const struct heard *prime);
bool check_asks_time(const struct heard *h); /* GetSystemDateAndTime */

/* --- one function per check --- */

check_one_fn judge_digest_grammar, judge_digest_quoted, judge_digest_unquoted, judge_digest_escapes,
	judge_digest_complete, judge_digest_hash, judge_digest_nc_form, judge_digest_cnonce_length,
	judge_digest_opaque, judge_digest_realm, judge_digest_uri, judge_digest_username,
	judge_digest_algorithm, judge_digest_qop_single, judge_digest_qop_present,
	judge_digest_qop_absent, judge_digest_latest, judge_digest_pairing, judge_digest_strongest,
	judge_digest_first, judge_digest_userhash, judge_digest_userhash_absent,
	judge_digest_session_kept;
check_all_fn judge_digest_nc_first, judge_digest_nc_counts, judge_digest_nc_per_nonce,
	judge_digest_cnonce_fresh, judge_digest_cnonce_unpredictable, judge_digest_next_nonce,
	judge_digest_repeats;
check_one_fn judge_one_authorization, judge_no_basic, judge_no_cleartext, judge_no_credentials,
	judge_no_early_credentials, judge_no_userinfo, judge_basic_payload, judge_body,
	judge_content_length, judge_same_request, judge_expect_content, judge_expect_in_sync;
check_all_fn judge_no_credentials_elsewhere, judge_tries, judge_requests, judge_ends_well,
	judge_ends_badly, judge_expect_retried, judge_expect_goes_on;
check_one_fn judge_token_digest, judge_token_type, judge_token_encoding, judge_token_username,
	judge_token_complete, judge_token_nonce_length, judge_token_created_form,
	judge_token_created_near, judge_token_created_fraction, judge_token_timestamp,
	judge_token_timestamp_near, judge_token_namespaces, judge_token_no_text, judge_token_one,
	judge_token_name_first, judge_token_not_with_digest, judge_token_none_on_time,
	judge_soap_well_formed, judge_soap_content_type, judge_soap_addressing_once;
check_one_fn judge_device_challenged, judge_device_challenge_form, judge_device_nonce_fresh,
	judge_device_wrong_refused, judge_device_right_accepted, judge_device_stale,
	judge_device_nc_once, judge_device_token_once, judge_device_no_text, judge_device_rspauth;
check_all_fn judge_token_nonce_fresh, judge_time_asked, judge_time_asked_again;

#endif

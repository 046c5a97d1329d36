/* nearly_digest.h - what nearly_digest*.c share.  Nobody else includes this. */
#ifndef AUTH_NEARLY_DIGEST_H
#define AUTH_NEARLY_DIGEST_H

#include "auth/nearly.h"

/* One response under suspicion; failure and a hit are sticky. */
struct digest_attempt {
	struct arena *a;
	const struct nearly_digest *n;
	struct err *err;
	struct str detail;
	bool hit, failed;
};

/* Would it be right with these inputs?  detail is kept when it would. */
void digest_way_try(struct digest_attempt *t, const struct digest_inputs *in, struct str detail);

/* One mistake each; nearly_digest.c says which. */
void digest_way_upper_case(struct digest_attempt *t);
void digest_way_cut_or_longer(struct digest_attempt *t);
void digest_way_without_query(struct digest_attempt *t);
void digest_way_other_uri(struct digest_attempt *t);
void digest_way_decoded_uri(struct digest_attempt *t);
void digest_way_other_method(struct digest_attempt *t);
void digest_way_body_not_hashed(struct digest_attempt *t);
void digest_way_other_body(struct digest_attempt *t);
void digest_way_body_hashed(struct digest_attempt *t);
void digest_way_escaped(struct digest_attempt *t);
void digest_way_quotes_hashed(struct digest_attempt *t);
void digest_way_other_realm(struct digest_attempt *t);
void digest_way_other_nonce(struct digest_attempt *t);
void digest_way_user_in_other_case(struct digest_attempt *t);
void digest_way_empty_name(struct digest_attempt *t);
void digest_way_other_user(struct digest_attempt *t);
void digest_way_session_missing(struct digest_attempt *t);
void digest_way_session_unsaid(struct digest_attempt *t);
void digest_way_session_octets(struct digest_attempt *t);
void digest_way_other_algorithm(struct digest_attempt *t);
void digest_way_qop_left_out(struct digest_attempt *t);
void digest_way_qop_unsaid(struct digest_attempt *t);
void digest_way_qop_of_list(struct digest_attempt *t);
void digest_way_unpadded_nc(struct digest_attempt *t);
void digest_way_other_nc(struct digest_attempt *t);
void digest_way_without_cnonce(struct digest_attempt *t);
void digest_way_password_is_a1(struct digest_attempt *t);

#endif

/* verify_parts.h - what verify*.c share.  Nobody else includes this. */
#ifndef AUTH_VERIFY_PARTS_H
#define AUTH_VERIFY_PARTS_H

#include "auth/verify.h"

/* One set of HTTP credentials in judgement. */
struct judge {
	struct arena *a;
	const struct verify_policy *policy;
	const struct http_request *request;
	struct challenge credentials;
	struct verify_result *out;
	struct err *err;
};

int verify_basic(struct judge *j) MUST_CHECK;
int verify_digest(struct judge *j) MUST_CHECK;

/* Octet for octet; NULL when there is none. */
const struct account *verify_account(const struct verify_policy *p, struct str user);

/* Do uri and target name one resource?  scheme://authority in front of either is not compared, and
 * percent-encoded octets count as what they stand for where RFC 3986 6.2.2 says so.
 */
enum uri_match { URI_SAME, URI_OTHER_QUERY, URI_OTHER_PATH };
enum uri_match verify_uri(struct str target, struct str uri);

/* An ext-value in UTF-8 (RFC 8187 3.2.1); -1 with ERR_PARSE or ERR_NOMEM. */
int verify_ext_value(struct arena *a, struct str text, struct str *out, struct err *err) MUST_CHECK;

#endif

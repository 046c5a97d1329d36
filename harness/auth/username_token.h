/* username_token.h - the arithmetic of WS-Security UsernameToken (UTP 1.0 and 1.1, section 3.1). */
#ifndef AUTH_USERNAME_TOKEN_H
#define AUTH_USERNAME_TOKEN_H

#include "auth/hash.h"
#include "base/arena.h"

#define UT_TYPE_TEXT                                                                               \
	"http://docs.oasis-open.org/wss/2004/01/"                                                  \
	"oasis-200401-wss-username-token-profile-1.0#PasswordText"
#define UT_TYPE_DIGEST                                                                             \
	"http://docs.oasis-open.org/wss/2004/01/"                                                  \
	"oasis-200401-wss-username-token-profile-1.0#PasswordDigest"
#define UT_ENCODING_BASE64                                                                         \
	"http://docs.oasis-open.org/wss/2004/01/"                                                  \
	"oasis-200401-wss-soap-message-security-1.0#Base64Binary"
#define UT_NS_WSSE                                                                                 \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define UT_NS_WSU                                                                                  \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"

/* Base64(SHA-1(nonce octets + created + password)); nonce is decoded, may contain NUL, and each
 * part may be empty.
 */
int ut_password_digest(struct arena *a, struct str nonce_octets, struct str created,
		       struct str password, struct str *base64, struct err *err) MUST_CHECK;

/* The children of one UsernameToken as read from an envelope; .p NULL means absent. */
struct username_token {
	struct str username, password, password_type, nonce, nonce_encoding, created;
	/* How often each child came: anything above 1 is a defect. */
	int n_username, n_password, n_nonce, n_created;
	bool wsu_created; /* Created in the utility namespace */
};

#endif

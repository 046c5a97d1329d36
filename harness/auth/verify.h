/* verify.h - judge credentials from the octets that arrived.
 *
 * The reference device decides with this, and the engine asks it before a probe is sent whether the
 * probe is wrong (or right) in the way its case says.  It shares no code with craft.h beyond
 * hashing: one mistake must not be able to hide in both.
 *
 * The answer is a set of defects, everything that is wrong at once, not a yes or no: a device
 * policy (or a planted fault) is a mask over it.  Freshness and replay need memory and are added by
 * the device: DEFECT_NONCE_*, DEFECT_NC_* except the form, DEFECT_TOKEN_REPLAYED, DEFECT_CREATED_*.
 */
#ifndef AUTH_VERIFY_H
#define AUTH_VERIFY_H

#include "auth/digest.h"
#include "auth/username_token.h"
#include "base/http.h"

/* name, text: what is wrong, in the words of a report */
#define DEFECTS(X)                                                                                 \
	/* of every scheme */                                                                      \
	X(SYNTAX, "the credentials break the grammar of RFC 9110 11.4")                            \
	X(TWO_FIELDS, "more than one Authorization field")                                         \
	X(SCHEME, "a scheme that is not offered")                                                  \
	X(USER_UNKNOWN, "no account of that name")                                                 \
	X(PASSWORD, "the password (or what proves it) is wrong")                                   \
	/* Basic, RFC 7617 */                                                                      \
	X(BASIC_BASE64, "not strict Base64")                                                       \
	X(BASIC_PADDING, "octets after the padding, or wrong padding")                             \
	X(BASIC_NO_COLON, "no colon between user-id and password")                                 \
	X(BASIC_NUL, "a NUL in user-id or password; the part before it would be right")            \
	X(BASIC_PARAM, "parameters behind the token68")                                            \
	/* Digest, RFC 7616 */                                                                     \
	X(NO_COMMA, "parameters are not parted by commas")                                         \
	X(DUPLICATE, "a parameter comes twice")                                                    \
	X(NO_USERNAME, "username is missing")                                                      \
	X(NO_REALM, "realm is missing")                                                            \
	X(NO_NONCE, "nonce is missing")                                                            \
	X(NO_URI, "uri is missing")                                                                \
	X(NO_RESPONSE, "response is missing")                                                      \
	X(NO_CNONCE, "qop without cnonce")                                                         \
	X(NO_NC, "qop without nc")                                                                 \
	X(NO_QOP, "qop was offered and is missing")                                                \
	X(QOP_NOT_OFFERED, "a qop that was not offered")                                           \
	X(ALGORITHM_NOT_OFFERED, "an algorithm that was not offered")                              \
	X(ALGORITHM_UNKNOWN, "an algorithm that nobody registered")                                \
	X(USERNAME_BOTH, "username and username* together")                                        \
	X(REALM, "another realm than the challenge's, hashed as sent")                             \
	X(OPAQUE, "opaque is not the challenge's")                                                 \
	X(URI_OTHER, "uri names another resource than the request line")                           \
	X(URI_QUERY, "uri lacks the query of the request line, or has another")                    \
	X(METHOD, "the hash is right for another method")                                          \
	X(BODY, "the hash is right for another body (auth-int)")                                   \
	X(RESPONSE_FORM, "response is not lower-case hex of the algorithm's length")               \
	X(RESPONSE_UPPER, "response is right but in upper-case hex")                               \
	X(RESPONSE_PREFIX, "response is a right value cut short or made longer")                   \
	X(RESPONSE_EMPTY, "response is empty")                                                     \
	X(NC_FORM, "nc is not exactly eight lower-case hex digits")                                \
	X(NC_ZERO, "nc is 00000000")                                                               \
	X(NONCE_EMPTY, "nonce is empty")                                                           \
	X(NONCE_UNKNOWN, "a nonce that was not issued")                                            \
	X(NONCE_STALE, "a nonce whose life is over")                                               \
	X(NC_REUSED, "an nc that was used with this nonce")                                        \
	X(NC_LOWER, "an nc below one that was used with this nonce, itself unused")                \
	/* UsernameToken, UTP 1.0/1.1 and ONVIF Core 5.9.5 */                                      \
	X(TOKEN_TWO, "more than one UsernameToken")                                                \
	X(TOKEN_TWO_HEADERS, "more than one Security header for the same actor")                   \
	X(TOKEN_DUPLICATE, "a child of the UsernameToken comes twice")                             \
	X(TOKEN_NO_USERNAME, "no Username")                                                        \
	X(TOKEN_NO_PASSWORD, "no Password")                                                        \
	X(TOKEN_NO_NONCE, "no Nonce, or an empty one")                                             \
	X(TOKEN_NO_CREATED, "no Created, or an empty one")                                         \
	X(TOKEN_TEXT, "a plaintext password (Type PasswordText)")                                  \
	X(TOKEN_NO_TYPE, "Password without Type, which means plaintext")                           \
	X(TOKEN_TYPE, "a Type neither text nor digest, or a right digest without its Type")        \
	X(TOKEN_NONCE_BASE64, "Nonce is not Base64")                                               \
	X(TOKEN_ENCODING, "Nonce has a foreign EncodingType")                                      \
	X(TOKEN_NONCE_UNDECODED, "the digest is right for the nonce's Base64 text")                \
	X(TOKEN_DIGEST_FORM, "the digest is not Base64 of 20 octets")                              \
	X(TOKEN_DIGEST_NO_NONCE, "the digest is right without the nonce")                          \
	X(TOKEN_DIGEST_NO_CREATED, "the digest is right without Created")                          \
	X(TOKEN_DIGEST_PLAIN, "the plaintext password under Type PasswordDigest")                  \
	X(TOKEN_REPLAYED, "a nonce that was used before")                                          \
	X(CREATED_FORM, "Created is not an xsd:dateTime")                                          \
	X(CREATED_NO_ZONE, "Created has no zone")                                                  \
	X(CREATED_NAMESPACE, "Created is not in the wsu namespace")                                \
	X(CREATED_PAST, "Created is too long ago")                                                 \
	X(CREATED_FUTURE, "Created is in the future")                                              \
	X(TIMESTAMP_FORM, "a Timestamp that comes twice, has not one Created, or ends before it")  \
	X(TIMESTAMP_EXPIRED, "a Timestamp that has expired")                                       \
	X(TOKEN_MISPLACED, "the token does not stand in the SOAP header")                          \
	X(TOKEN_NAMESPACE, "Security in a foreign namespace")                                      \
	X(TOKEN_ACTOR, "the Security header is addressed to somebody else")                        \
	/* of the whole request */                                                                 \
	X(NO_CREDENTIALS, "no credentials")

enum defect {
#define X(name, text) DEFECT_##name,
	DEFECTS(X)
#undef X
		DEFECT_COUNT
};

/* Two words of 64 defects each would be needed past 64: keep the set opaque. */
struct defects {
	uint64_t w[2];
};
void defect_set(struct defects *d, enum defect which);
void defect_clear(struct defects *d, enum defect which);
bool defect_has(const struct defects *d, enum defect which);
bool defects_any(const struct defects *d);
struct defects defects_minus(struct defects a, struct defects b);
struct defects defects_plus(struct defects a, struct defects b);
const char *defect_name(enum defect d); /* "NC_REUSED" */
const char *defect_text(enum defect d);
/* "NC_REUSED PASSWORD", for messages and tests. */
struct str defects_text(struct arena *a, struct defects d);

struct account {
	struct str user, password;
	int level; /* enum user_level of device/, 0 administrator */
};

/* What the verifier knows of the server side. */
struct verify_policy {
	const struct account *account;
	size_t n_account;
	struct str realm;
	bool offer_basic, offer_digest;
	unsigned algs; /* 1 << enum hash_alg, offered; -sess forms: algs_sess */
	unsigned algs_sess;
	bool qop_auth, qop_auth_int; /* offered; none: RFC 2069 form is expected */
	struct str opaque;           /* .p NULL: none was sent, none is expected */
};

/* What one Authorization header says, and what is wrong with it. */
struct verify_result {
	struct defects defects;
	const struct account *account; /* named by the credentials; NULL when unknown */
	struct str user;               /* as read */
	/* Digest only */
	struct str nonce, cnonce;
	uint64_t nc; /* 0 when there is none */
	bool has_nc;
	enum digest_qop qop;
	enum hash_alg alg;
	bool session;
	struct digest_inputs inputs; /* what was hashed, for rspauth */
};

/* Judge the Authorization fields of a request (0, 1 or more of them).  -1 only for ERR_NOMEM,
 * ERR_LIMIT, ERR_CRYPTO.  Spelling that RFC 9110 11.2 has a recipient accept (token or
 * quoted-string, case of names, white space, list oddities) is no defect. When the hash does not
 * match, the nearest explanation is looked for: another method, an empty body, upper-case hex, a
 * cut value; only without one it is DEFECT_PASSWORD.  A realm, uri, algorithm or qop other than the
 * server's is hashed as sent, and is a defect of its own.
 */
int verify_http(struct arena *a, const struct verify_policy *p, const struct http_request *r,
		struct verify_result *out, struct err *err) MUST_CHECK;

/* Judge one UsernameToken.  Created's place in time is not judged; its form is.  created receives
 * the instant when the form is right.  User names and plaintext passwords are compared as they are;
 * Nonce, Created and the digest are trimmed first (XSD white space collapse).
 */
struct token_result {
	struct defects defects;
	const struct account *account;
	struct str user, nonce_octets;
	int64_t created_unix_ms;
	bool has_created;
};
int verify_token(struct arena *a, const struct verify_policy *p, const struct username_token *t,
		 struct token_result *out, struct err *err) MUST_CHECK;

#endif

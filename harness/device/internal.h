/* internal.h - the insides of the reference device.  Private to device/.
 *
 * A request becomes a struct call; judge_http and judge_token say what is wrong with its
 * credentials, decide puts the layers in order, respond writes the answer.  A planted fault is a
 * set of defects that is let through, a behaviour that one of these looks up, or both.
 */
#ifndef DEVICE_INTERNAL_H
#define DEVICE_INTERNAL_H

#include "device/device.h"
#include "soap/soap.h"

/* What a fault can switch on.  Each is read at one place. */
enum behaviour {
	BEHAVE_WELL,
	/* nonces and nonce counts: judge_http.c */
	NONCE_FIXED,
	NONCE_PREFIX_COMPARED, /* value: how many octets */
	NONCE_OF_CONNECTION,
	NONCE_OF_PATH,
	NONCE_ONE_SHOT,
	NONCE_LIFE, /* value: ms */
	NONCE_USES, /* value: how often a nonce serves */
	NONCE_COUNTED,
	NONCE_TIMED,
	NC_WINDOW, /* value: how far below the highest */
	NC_STRICT,
	STALE_NEVER,
	STALE_LIES,
	STALE_AT_FIRST,
	/* how an Authorization field is read: quirk_http.c */
	DUPLICATE_FIRST,
	DUPLICATE_LAST,
	FIELDS_FIRST,
	FIELDS_LAST,
	BASIC_BARE,
	NC_DECIMAL,
	URI_QUERY_REFUSED,
	AUTH_INT_REFUSED,
	SHA256_REFUSED,
	QUOTED_REFUSED,
	UNQUOTED_REFUSED,
	SCHEME_CASE_REFUSED,
	NAME_CASE_REFUSED,
	UNKNOWN_PARAM_REFUSED,
	SPACE_AT_EQUALS_REFUSED,
	EMPTY_MEMBER_REFUSED,
	ORDER_REFUSED,
	TIGHT_COMMA_REFUSED,
	COMMA_IN_STRING_REFUSED,
	QUOTED_PAIR_REFUSED,
	ALGORITHM_REQUIRED,
	ALGORITHM_CASE_REFUSED,
	SPACES_REFUSED,
	BASIC_PLAIN,
	STAR_REFUSED,
	USERHASH_REFUSED,
	SESSION_REFUSED,
	SESSION_SECOND_REFUSED,
	SHA512_256_REFUSED,
	AUTH_INT_EMPTY_REFUSED,
	QOP_REQUIRED,
	UTF8_REFUSED,
	COLON_REFUSED,
	COOKIE_REQUIRED,
	HEAD_REFUSED,
	URI_ESCAPED_REFUSED,
	CNONCE_LIMIT, /* value: octets */
	URI_ABSOLUTE_REFUSED,
	/* names and passwords: variant.c */
	BASIC_ANY_PASSWORD,
	PASSWORD_PREFIX, /* value: how many octets count */
	PASSWORD_CASE,
	PASSWORD_EMPTY,
	PASSWORD_TRIMMED,
	USER_CASE,
	USER_ANY,
	PASSWORD_LINE_END,
	PASSWORD_LOSSY,
	PASSWORD_ASCII,
	ACCOUNT_BUILT_IN,
	ACCOUNT_NULL, /* value: whether it is empty, and not "(null)" */
	/* a hash that is looked at in part, or made otherwise: judge_http.c */
	RESPONSE_HALF,
	SESSION_UNHASHED,
	NC_BY_CNONCE,
	NEAR_TOLD,
	NEXT_NONCE_REFUSED,
	/* challenges: challenges.c */
	CHALLENGE_NO_NONCE,
	CHALLENGE_NO_REALM,
	CHALLENGE_NO_QOP,
	CHALLENGE_ALGORITHM_QUOTED,
	CHALLENGE_QOP_UNQUOTED,
	CHALLENGE_STALE_QUOTED,
	CHALLENGE_REALM_UNQUOTED,
	CHALLENGE_UNTERMINATED,
	CHALLENGE_ALGORITHM_TWICE,
	CHALLENGE_PARAM_TWICE,
	CHALLENGE_MISSING,
	BASIC_ONLY,
	BASIC_TOO,
	MD5_NOT_OFFERED,
	NONCE_WITH_QUOTE,
	CHALLENGE_NOT_ON_HEAD,
	CHALLENGE_CHARSET_ODD,
	CHALLENGE_USERHASH_ODD,
	/* other answers: respond.c */
	REFUSAL_STATUS, /* value: status of refused credentials */
	FAULT_STATUS,   /* value: status of a refused token */
	FAULT_NO_SUBCODE,
	FAULT_UNBOUND,
	FAULT_RECEIVER,
	FAULT_SOAP_11,
	FAULT_HTML,
	USER_ENUMERATION,
	USER_TIMING,  /* value: ms that a known name takes longer */
	USER_LIMIT,   /* value: octets */
	HEADER_LIMIT, /* value: octets of one field: device.c */
	RSPAUTH_WRONG,
	INFO_NO_CNONCE,
	INFO_QUOTED,
	INFO_UNQUOTED,
	INFO_NC_SHORT,
	INFO_QOP_OTHER,
	INFO_ON_REFUSAL,
	/* the whole answer: quirk_answer.c */
	REFUSAL_CLOSES,
	LONG_FIELD_CLOSES, /* value: octets */
	REFUSAL_ECHOES,
	ANSWER_PUBLIC,
	COOKIE_LOOSE,
	HSTS_MISSING,
	EMPTY_POST_400,
	EXPECT_REFUSED,
	CHUNKED_REFUSED,
	ABSOLUTE_FORM_REFUSED,
	/* doors that stand open: quirk_open.c */
	OPEN_HEAD,
	OPEN_POST,
	OPEN_UNKNOWN_METHOD,
	OPEN_SECOND_PATH,
	OPEN_DOUBLE_SLASH,
	OPEN_ENCODED,
	OPEN_PARAMETER,
	OPEN_FORWARDED,
	OPEN_COOKIE,
	OPEN_COOKIE_USER,
	OPEN_CONNECTION,
	OPEN_ABSOLUTE,
	PRESENT_ENOUGH,
	PRESENT_ENOUGH_SECOND,
	BARE_LIMIT, /* value: so many without credentials in a row */
	/* who may do what, and which layer counts: decide.c */
	ANONYMOUS_GETUSERS,
	PRE_AUTH_CLOSED,
	TOKEN_AFTER_HTTP_IGNORED,
	HTTP_WITH_TOKEN_IGNORED,
	ANONYMOUS_CLASS, /* value: enum access_class, open to all */
	PRE_AUTH_JUDGES, /* value: 1 refuses right credentials too */
	MUST_UNDERSTAND_IGNORED,
	MUST_UNDERSTAND_OF_OTHERS,
	UNKNOWN_ACTION_401,
	ARGUMENT_NOT_AUTHORIZED,
	XADDR_USERINFO,
	CAPABILITIES_SILENT,
	TOKEN_MALFORMED_500,
	SECURITY_IS_ENOUGH,
	/* how a message is read: quirk_soap.c */
	GET_OPEN,
	METHOD_OPEN,
	SOAP_11_OPEN,
	ENVELOPE_FOREIGN_OPEN,
	ENVELOPE_NONE_OPEN,
	VERSION_SENDER,
	MAGIC_QUERY,
	DTD_PROCESSED,
	ENTITY_DROPPED,
	XML_DEEP_500,
	/* tokens: judge_token.c */
	CREATED_LOCAL, /* value: minutes east */
	CREATED_ZONE_IGNORED,
	TOKEN_TYPE_OPEN,
	TOKEN_TEXT_OPEN,
	CREATED_WINDOW, /* value: ms */
	TOKEN_NONCE_BURNT,
	TOKEN_NONCE_WITH_CREATED,
	TOKEN_CACHE_SIZE, /* value: entries */
	TOKEN_CACHE_LIFE, /* value: ms */
	TOKEN_TEXT_REFUSED,
	/* how a token is read: quirk_token.c */
	TOKEN_FRACTION_REFUSED,
	TOKEN_OFFSET_REFUSED,
	TOKEN_TYPE_SUFFIX,
	TOKEN_NONCE_LIMIT, /* value: octets */
	TOKEN_NONCE_NUL,
	TOKEN_PREFIX,
	TOKEN_ORDER_REFUSED,
	TOKEN_CDATA_REFUSED,
	TOKEN_SPACE_REFUSED,
	TOKEN_REFERENCE_REFUSED,
	TOKEN_UNKNOWN_CHILD_REFUSED,
	TOKEN_ENCODING_REQUIRED,
	TOKEN_QUOTES_REFUSED,
	TOKEN_TIMESTAMP_REFUSED,
	TOKEN_OPTIONAL_IGNORED,
	TOKEN_IN_BODY,
	TOKEN_ANY_NAMESPACE,
	TOKEN_ANY_ACTOR,
	TOKEN_IN_COMMENT,
	TOKEN_COMMENT_ENDS,
	TOKEN_FRACTION_LIMIT, /* value: digits */
	TOKEN_PLUS_REFUSED,
	TOKEN_ROLE_REFUSED,
	TOKEN_OTHERS_REFUSED,
	TOKEN_BESIDE_REFUSED,
	TOKEN_DEPTH_LIMIT, /* value: levels of elements */
	TOKEN_SIZE_LIMIT,  /* value: octets of the message */
	TOKEN_SPLIT_REFUSED,
	TOKEN_FIRST_TEXT,
	TOKEN_DUPLICATE_LAST,
	TOKEN_CHILD_ANY_NAMESPACE,
	TOKEN_WRAPPED,
	TOKEN_NESTED,
	TOKEN_ANY_OF_TWO,
	SECURITY_ANY_OF_TWO,
	/* the environment: environment.c; value: the request at which it begins, or a count */
	ENV_LOCKOUT,
	ENV_LOCKOUT_SILENT,
	BARE_COUNTED, /* value: attempts at most */
	ENV_REBOOT,
	ENV_CLOCK_STEP,
	ENV_DROPS,
	ENV_WRONG_HOST,
	ENV_SILENT,
	BEHAVIOURS
};

/* --- what the device remembers --- */

#define DEVICE_NONCES 1024 /* issued; the oldest is forgotten first */
#define DEVICE_TOKENS 4096 /* nonces of accepted tokens */
#define NONCE_HEX     32
#define PATH_OF_NONCE 64

struct nonce {
	char text[NONCE_HEX + 1];
	int64_t issued_ms;   /* monotonic */
	uint64_t top, used;  /* highest nc that was used; bit i: top - i was used */
	uint64_t connection; /* that it was issued on */
	int64_t uses;
	char path[PATH_OF_NONCE];
	char cnonce[NONCE_HEX + 1]; /* the last one that came with it, cut */
	bool next;                  /* was named in nextnonce */
};

struct token_seen {
	uint8_t key[HASH_MAX]; /* SHA-256 of the nonce's octets */
	int64_t until_ms;      /* of the device's clock; INT64_MAX when time is not checked */
};

struct lock {
	int failures;
	int64_t until_ms; /* monotonic; 0: open */
};

struct device {
	const struct persona *persona;
	const struct world *world;
	struct arena own;
	struct account account[LEVELS];
	bool anonymous, ignore_time;
	int64_t clock_offset_ms; /* persona, option and ENV_CLOCK_STEP together */
	struct defects ignore;
	bool on[BEHAVIOURS];
	int64_t value[BEHAVIOURS];
	struct nonce *nonce;
	size_t n_nonce; /* issued so far */
	struct token_seen *token;
	size_t n_token;
	char opaque[NONCE_HEX + 1];
	char cookie[NONCE_HEX + 1];
	uint64_t opened; /* the connection of the last request that was granted */
	int64_t bare;    /* requests without credentials since the last with some */
	/* environment.c */
	uint64_t requests;
	struct lock lock[LEVELS + 1]; /* per account; the last: names that no account has */
	bool rebooted, stepped;
	int64_t down_until_ms;
	int64_t counted;  /* failed logins since the last success, whoever's: BARE_COUNTED */
	int64_t delay_ms; /* that the last answer took longer than others */
};

int64_t device_clock_ms(const struct device *d); /* its own, as GetSystemDateAndTime says */

/* --- one request --- */

enum decision {
	GRANTED,
	NO_CREDENTIALS,
	HTTP_REFUSED,
	TOKEN_REFUSED,
	NOT_UNDERSTOOD, /* a mandatory header */
	FORBIDDEN,      /* proved who it is, and may not */
	LOCKED,
	BROKEN /* the judge itself failed: c->err */
};

struct http_judgement {
	struct verify_result v;
	struct defects left; /* after what is let through */
	struct nonce *nonce; /* NULL when the device does not know it */
	bool digest;
	bool qop;     /* credentials with an nc that counts */
	bool stale;   /* nothing wrong but the age (or count) of the nonce */
	bool bad_uri; /* nothing wrong but uri: RFC 7616 3.4.6 asks for a 400 */
};

struct token_judgement {
	struct token_result v;
	struct defects left;
};

struct call {
	struct device *d;
	struct arena *a;
	uint64_t connection;
	const struct http_request *in;
	struct http_response *out;
	struct str path;                 /* of the target: no query, no origin */
	struct soap_message soap;        /* of a SOAP request */
	bool is_soap;                    /* the answer is SOAP */
	const struct soap_operation *op; /* NULL: unknown, or no SOAP */
	enum access_class access;
	enum decision decision;
	const struct account *account; /* when GRANTED by credentials */
	struct str user;               /* as named by refused credentials */
	bool user_unknown;             /* refused, and no account has the name */
	bool near;                     /* refused, and the password was nearly right */
	struct defects token_left;     /* of a refused token */
	struct http_judgement http;
	bool open;   /* a planted door */
	bool closes; /* without an answer */
	struct err err;
};

/* decide.c: fills decision and what belongs to it. */
void decide(struct call *c);

/* judge_http.c.  -1 with c->err for failures of memory and cryptography. */
int judge_http(struct call *c) MUST_CHECK;
/* The credentials were right: their nc is used up. */
void judge_http_accept(struct call *c);
struct verify_policy device_policy(const struct device *d, const struct account account[LEVELS]);
bool device_offers_basic(const struct device *d);
bool device_offers_digest(const struct device *d);
bool device_offers_http(const struct device *d);

/* judge_token.c */
bool token_present(struct call *c);
int judge_token(struct call *c, struct token_judgement *out) MUST_CHECK;
void judge_timestamp(const struct call *c, struct defects *out); /* judge_timestamp.c */

/* memory.c: nonces and tokens */
struct nonce *nonce_issue(struct call *c);
struct nonce *nonce_find(const struct call *c, struct str text);
bool nonce_used(const struct device *d, const struct nonce *n, uint64_t nc);
void nonce_use(struct nonce *n, uint64_t nc);
bool token_seen(const struct device *d, struct str octets, int64_t created_ms);
void token_remember(struct device *d, struct str octets, int64_t created_ms);
void memory_forget(struct device *d);

/* quirk_http.c: the request as a faulty reader sees it; what such a reader refuses. */
int quirk_http_read(struct call *c, struct http_request *seen) MUST_CHECK;
bool quirk_http_refuses(struct call *c, const struct http_request *seen);

/* quirk_open.c: the path as a careless router sees it; is the request open to everybody, or to
 * everybody with some Authorization field?
 */
void quirk_open_path(struct call *c);
bool quirk_open(const struct call *c);
bool quirk_present_enough(const struct call *c);
bool quirk_bare_limit(struct call *c, bool with_credentials);

/* quirk_answer.c: messages that are refused for their framing; fields and faults of the whole
 * answer.
 */
bool quirk_refuses_message(struct call *c);
void quirk_answer(struct call *c);

/* variant.c: loose comparisons.  The accounts as a faulty device would compare them, the i-th way:
 * given is the password as sent, .p NULL when it is not visible.  False when there is no such way.
 */
bool variant_accounts(struct call *c, size_t i, struct str user, struct str given,
		      struct account out[LEVELS]);
struct str variant_basic_password(struct call *c, const struct http_request *seen);

/* quirk_token.c */
bool quirk_token_refuses(struct call *c, const struct username_token *t,
			 const struct token_result *v);
/* Credentials that only a faulty device would take for a token: false when there are none. */
bool quirk_token_elsewhere(struct call *c, struct username_token *t);
/* The token as a faulty reader sees it. */
struct username_token quirk_token_read(struct call *c);

/* naive.c: the next token by searching strings, as no device should; *rest moves behind it. */
bool naive_token(struct arena *a, struct str *rest, struct username_token *t);

/* quirk_soap.c.  True: the call was answered. */
bool quirk_soap_method(struct call *c);
bool quirk_soap_envelope(struct call *c, bool readable);
bool quirk_soap_magic(const struct call *c);
/* c->in becomes what a reader of document types sees. */
int quirk_soap_expand(struct call *c) MUST_CHECK;
size_t quirk_soap_depth(struct str body);

/* environment.c */
enum device_answer environment_enter(struct call *c, bool *done);
bool environment_locked(struct call *c, struct str user);
void environment_failed(struct call *c, struct str user);
void environment_bare(struct call *c); /* a 401 to a request without credentials */
void environment_succeeded(struct call *c, const struct account *account);
/* What a refusal says about tries and locks; empty when it says nothing. */
struct str environment_hint(struct call *c);

/* challenges.c */
void challenges_add(struct call *c, bool stale);
void info_add(struct call *c); /* Authentication-Info, RFC 7616 3.5 */

/* operations.c: XML of the answer; .p NULL when the device has none. */
struct str operation_answer(struct call *c);

/* respond.c */
void respond(struct call *c); /* by decision */
void respond_fault(struct call *c, int status, const char *code, const char *subcode,
		   struct str reason);
void respond_text(struct call *c, int status, struct str text);
void respond_header(struct call *c, const char *name, struct str value);

/* --- listen.c --- */

/* A socket that listens at "127.0.0.1:0" or "[::1]:8000", its host and port; -1 with err. */
int device_socket(struct str text, struct str *host, int *port, struct arena *a, struct err *err);
struct str device_origin(struct arena *a, struct str host, int port); /* "http://[::1]:8000" */

#endif

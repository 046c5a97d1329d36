/* conversation.h - what one client said and was told while one client case was served, or what a
 * record holds of it: the only thing that checks and verdicts look at.
 *
 * A conversation is filled in two strokes per request: conversation_hear() judges what came by what
 * was said before, conversation_say() notes the answer, whose challenges the next request may
 * answer.  Live, client/play.c makes the answer; from a record it is the recorded one.  So a
 * verdict is the same either way.
 */
#ifndef CLIENT_CONVERSATION_H
#define CLIENT_CONVERSATION_H

#include "auth/verify.h"
#include "base/http.h"
#include "soap/soap.h"
#include "suite/suite.h"

#define HEARD_MAX          2000         /* requests of one conversation; more are counted only */
#define CONVERSATION_BYTES (8u << 20)   /* octets that one keeps */
#define TOKEN_WINDOW_MS    (300 * 1000) /* a Created further off is refused: WSS-UT 1.1 3.1 */

/* What a request brings; ORed. */
enum credentials_kind {
	HAS_BASIC = 1 << 0,
	HAS_DIGEST = 1 << 1,
	HAS_TOKEN = 1 << 2,
	HAS_OTHER = 1 << 3, /* an Authorization of another scheme, or an unreadable one */
};

/* One request and its answer.  Views are of the conversation's arena. */
struct heard {
	uint64_t connection;
	int origin; /* 0: the device; 1: the other one, to which a grant may redirect */
	int call;   /* which of the URLs that the client was given, from 1; 0: none of them */
	int64_t mono_ms, wall_ms;
	int64_t device_ms; /* by the clock that the device shows */
	struct http_request request;
	struct http_response response; /* status 0: closed without one */

	/* --- what it says --- */
	unsigned has;                   /* enum credentials_kind */
	size_t n_authorization;         /* fields */
	struct challenge authorization; /* the first one, as written; scheme.n 0: none readable */
	bool is_soap;                   /* a readable envelope */
	struct str soap_problem; /* a body that looks like XML and is no SOAP; .p NULL none */
	struct soap_message soap;

	/* --- Expect: 100-continue, RFC 9110 10.1.1 --- */
	bool expects;     /* it waits for 100 Continue, as it says */
	bool has_content; /* some came, or some was announced */
	bool early;       /* the answer came before the content, of which request.body came after */
	struct str beyond; /* what came then and is not the content that was given */
	bool unasked;      /* no 100 came; with status 0 no content either */

	/* --- what it is worth --- */
	/* The answer whose challenge (or nextnonce) the Digest credentials name by their nonce; for
	 * other credentials the latest answer with a challenge; NULL: none before it. */
	const struct heard *answers;
	const struct digest_challenge *to; /* of answers, by nonce and algorithm; NULL: none */
	struct verify_result http;         /* with HAS_BASIC or HAS_DIGEST */
	struct token_result token;         /* with HAS_TOKEN */
	struct defects defects;            /* of both */
	bool offered; /* each kind that it brings was offered (Basic and tokens: or not yet asked)
		       */
	bool right;   /* credentials, offered, and nothing wrong with them that a server refuses */
	struct str why; /* not right: what is wrong, in words, with the likely mistake; .p NULL */

	/* --- what was answered --- */
	int turn; /* index of the turn that the answer plays; n_turn: granted behind the last */
	bool granted;
	struct challenge_list challenge; /* of the answer */
	struct digest_challenge *digest; /* the readable Digest ones among them, in order */
	size_t n_digest;
	bool offers_basic, offers_token;
	struct str next_nonce; /* of Authentication-Info; .p NULL none */
};

/* What the client was told to do: the <call> of the case, bound. */
struct told {
	int times;         /* calls in one session */
	struct str method; /* .p NULL: its own (GET, or POST of SOAP) */
	struct str target; /* path and query of its first URL, as it is written in a request */
	struct str body;   /* .p NULL: its own */
	struct str user, password; /* that it was given: password may be a wrong one */
};

struct conversation {
	struct arena a;
	const struct suite_variant *variant; /* NULL: of a record without a case */
	struct account account;              /* that the device has: with the right password */
	struct told told;
	struct heard **v;
	size_t n;
	size_t lost;   /* requests past HEARD_MAX or CONVERSATION_BYTES */
	bool recorded; /* of a record without cases: the device is the judged one's own */
	/* How the command ended, where there was one. */
	bool command, timed_out;
	int status;         /* exit status; -1: by a signal */
	struct str printed; /* the end of its standard error; may be empty */
};

/* variant, account and told are borrowed views, copied where they are text.  account->password.p
 * NULL: nobody knows it, so that whatever it proves is taken to be right.
 */
int conversation_init(struct conversation *c, const struct suite_variant *variant,
		      const struct account *account, const struct told *told,
		      struct err *err) MUST_CHECK;
void conversation_free(struct conversation *c); /* zeroed is fine */

/* When and where a request came. */
struct hearing {
	uint64_t connection;
	int origin, call;
	int64_t mono_ms, wall_ms, device_ms;
};
/* NULL when it is past the caps (counted in lost) or memory is short. */
struct heard *conversation_hear(struct conversation *c, const struct hearing *at,
				const struct http_request *in);
/* turn and granted as in struct heard.  out NULL: closed without an answer. */
void conversation_say(struct conversation *c, struct heard *h, const struct http_response *out,
		      int turn, bool granted);

/* It was judged by its head alone, and will come again with its content: as if it had not come. */
void conversation_forget(struct conversation *c, const struct heard *h);
/* Octets behind the early answer on that connection.  False: they are no content any more, since
 * another request begins among them.
 */
bool conversation_content(struct conversation *c, uint64_t connection, struct str octets);
/* The first line of another request that begins in the midst of such content, behind so many
 * octets; .p NULL: none. */
struct str heard_stray(const struct heard *h, size_t *octets);

/* "POST /onvif/device_service, Digest nc=00000002": one line. */
struct str heard_summary(struct arena *a, const struct heard *h);

#endif

/* actor_parts.h - what the files of the scripted client share.  Nobody else includes this. */
#ifndef CLIENT_ACTOR_PARTS_H
#define CLIENT_ACTOR_PARTS_H

#include "auth/craft.h"
#include "client/actor.h"
#include "soap/soap.h"

#define PLAIN(id, name, help) PLANTED_##id,
#define ONVIF(id, name, help) PLANTED_##id,
enum planted {
#include "client/fault_rows.h"
	PLANTED_COUNT
};
#undef PLAIN
#undef ONVIF

/* How the device wants to be talked to, as far as is known. */
enum actor_mode { ANONYMOUS, BY_DIGEST, BY_BASIC, BY_TOKEN };

/* One Digest challenge, and its qop as it was read. */
struct actor_offer {
	struct digest_challenge ch;
	struct str qop;
};

/* What one answer offers. */
struct actor_offers {
	struct actor_offer *digest;
	size_t n_digest;
	bool basic;
	bool token;   /* a fault says that a token is missing */
	bool foreign; /* its body is no SOAP */
};

struct actor {
	const struct actor_options *o;
	struct arena *a;
	int planted; /* enum planted; -1: none */
	uint64_t connection;
	bool connected; /* an answer has come over it, and it was not closed */
	enum actor_mode mode;
	/* Digest: the challenge that is answered, and how often it was. */
	struct actor_offer offer;
	uint64_t nc;
	struct str session_nonce, session_cnonce; /* -sess: of its start; .p NULL: not begun */
	struct digest_inputs sent;                /* of the last request */
	/* Tokens and the device's clock. */
	struct craft_memory tokens;
	int64_t last_token_s; /* when the last one was made */
	int64_t offset_ms;    /* of the device's clock; 0 while it is not known */
	/* What faults remember. */
	struct str first_nonce, first_realm, first_target;
	uint64_t requests; /* with Digest credentials */
	bool seen_401;
	bool no_expect; /* 417 came */
	unsigned expects_again;
};

static inline bool has(const struct actor *k, enum planted fault)
{
	return k->planted == (int)fault;
}

/* actor_read.c: the challenges of an answer, and the fault in its body. */
void actor_read(struct actor *k, const struct http_response *r, struct actor_offers *out);
/* -1: it is no SOAP that the client reads. */
int actor_read_soap(struct actor *k, struct str body, struct soap_message *m);
/* The value of a parameter without the scheme: Authentication-Info.  .p NULL: none. */
struct str actor_info(struct actor *k, const struct http_response *r, const char *name);

/* actor_choose.c: takes up what it can answer; false when there is nothing. */
bool actor_choose(struct actor *k, const struct actor_offers *offers);
/* The strongest Digest challenge; NULL when there is none that can be answered. */
const struct actor_offer *actor_strongest(struct actor *k, const struct actor_offers *offers);
/* To answer this one from now on. */
void actor_take(struct actor *k, const struct actor_offer *offer,
		const struct actor_offers *offers);

/* actor_digest.c, actor_basic.c: the value of Authorization. */
int actor_digest(struct actor *k, const struct http_request *in, struct str *field,
		 struct err *err) MUST_CHECK;
int actor_basic(struct actor *k, struct str *field, struct err *err) MUST_CHECK;
/* UTF-8 as Latin-1, with "?" for what is not in it. */
struct str actor_latin1(struct arena *a, struct str text);
/* Is the answer to the last request the device's, and what nonce is next?  False: it is not. */
bool actor_heed_info(struct actor *k, const struct http_response *r);

/* actor_expect.c: "Expect: 100-continue" where its content is worth it. */
void actor_expect(struct actor *k, struct http_request *in);
/* What comes before the content of such a request: 1 an answer, 0 it is to be sent, -1 never. */
int actor_head(struct actor *k, int origin, uint64_t connection, const struct http_request *in,
	       struct http_response *out);
/* After 417: is the request to be sent again? */
bool actor_unexpect(struct actor *k, const struct http_request *in);

/* actor_token.c: the envelope of an operation. */
int actor_envelope(struct actor *k, const struct soap_operation *op, bool token, struct str *xml,
		   struct err *err) MUST_CHECK;

#endif

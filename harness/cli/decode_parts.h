/* decode_parts.h - what decode*.c share.  Nobody else includes this. */
#ifndef CLI_DECODE_PARTS_H
#define CLI_DECODE_PARTS_H

#include "auth/nearly.h"
#include "auth/verify.h"
#include "cli/decode.h"

enum piece_kind {
	PIECE_REQUEST,
	PIECE_RESPONSE,
	PIECE_CREDENTIALS, /* the value of an Authorization field */
	PIECE_CHALLENGES,  /* the value of a WWW-Authenticate field */
	PIECE_INFO,        /* the value of an Authentication-Info field */
	PIECE_XML
};

struct piece {
	enum piece_kind kind;
	size_t line;
	struct str value; /* a field's value, or XML */
	struct http_request request;
	struct http_response response;
};

struct pieces {
	struct piece *v;
	size_t n;
};

/* The parts of an input, in order.  -1 with ERR_INPUT and the line in front: "7: ...". */
int decode_split(struct arena *a, struct str octets, struct pieces *out,
		 struct err *err) MUST_CHECK;

/* A transcript of curl -v without its marks, line by line; octets themselves when it is none. */
struct str decode_unmark(struct arena *a, struct str octets);
/* The content of chunks at the front of rest, and how many octets they took; false: none. */
bool decode_unchunk(struct arena *a, struct str rest, struct str *body, size_t *taken);

/* One input under way. */
struct decoder {
	struct arena *a;
	const struct decode_ask *ask;
	struct decoding *out;
	struct err *err;
	struct str octets;                  /* the whole input */
	struct str response_body;           /* behind the head that is read now */
	struct challenge_list offered;      /* what the last response or field offered */
	const struct http_request *request; /* that the credentials stand in; NULL: alone */
	struct digest_inputs answered;      /* what the last Digest credentials hashed */
	bool has_answered;
	int64_t seen_unix_ms; /* when the request arrived: --at, or Date of the response */
	bool has_seen;
};

int decode_credentials(struct decoder *d, size_t line, struct str value,
		       const char *where) MUST_CHECK;
int decode_challenges(struct decoder *d, size_t line, const struct str *field, size_t n,
		      const char *where) MUST_CHECK;
int decode_info(struct decoder *d, size_t line, struct str value) MUST_CHECK;
/* An envelope, a Security block or a UsernameToken.  must: it is an error when it is none. */
int decode_xml(struct decoder *d, size_t line, struct str xml, bool must) MUST_CHECK;

/* The line of the input that a view of it starts in; fallback for a view of something else. */
size_t decode_line(const struct decoder *d, struct str view, size_t fallback);

/* "name" and "text" of defects as findings; clause of the scheme. */
void decode_defects(struct decoder *d, struct decoded_item *item, struct defects defects,
		    const char *clause);
/* Memory for hypotheses alone: hostile input is long, and they copy it often. */
#define DECODE_SCRATCH_MAX (256u << 20)
void decode_drop(struct arena *a); /* for DEFER */

/* What nearly matched, or that nothing does. */
void decode_nearly(struct decoder *d, struct decoded_item *item, const struct nearly *n,
		   const char *clause);

#endif

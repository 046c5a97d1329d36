/* soap.h - ONVIF's SOAP 1.2 envelopes: written, and read from hostile octets. */
#ifndef SOAP_SOAP_H
#define SOAP_SOAP_H

#include "auth/username_token.h"
#include "base/arena.h"
#include "base/http.h"

#define SOAP_NS_12  "http://www.w3.org/2003/05/soap-envelope"
#define SOAP_NS_11  "http://schemas.xmlsoap.org/soap/envelope/"
#define SOAP_NS_TER "http://www.onvif.org/ver10/error"
#define SOAP_NS_TDS "http://www.onvif.org/ver10/device/wsdl"
#define SOAP_NS_TRT "http://www.onvif.org/ver10/media/wsdl"
#define SOAP_MAX    (1u << 20) /* octets of an envelope that are read */

/* Access classes, ONVIF Core 5.9.4.3. */
enum access_class {
	ACCESS_PRE_AUTH,
	ACCESS_READ_SYSTEM,
	ACCESS_READ_SYSTEM_SENSITIVE,
	ACCESS_READ_SYSTEM_SECRET,
	ACCESS_WRITE_SYSTEM,
	ACCESS_UNRECOVERABLE,
	ACCESS_READ_MEDIA,
	ACCESS_ACTUATE
};

/* The operations that the harness knows: a table in operation.c. */
struct soap_operation {
	const char *name; /* as in the WSDL: "GetDeviceInformation" */
	const char *ns;   /* SOAP_NS_TDS or SOAP_NS_TRT */
	enum access_class access;
	const char *arguments; /* XML inside the request element, "" mostly */
	bool safe;             /* reads only: the harness may send it to a real device */
};
extern const struct soap_operation soap_operations[]; /* ended by name NULL */
const struct soap_operation *soap_operation_find(struct str name);

/* "<?xml ...><s:Envelope ...><s:Header>security</s:Header><s:Body>...</s:Body></s:Envelope>".
 * security and body_extra are raw XML or empty; without security there is no Header element.
 */
struct str soap_envelope(struct arena *a, const struct soap_operation *op, struct str security,
			 struct str body_extra);

/* The same, with what no correct client sends. */
struct soap_parts {
	struct str security, body_extra; /* raw XML or empty */
	struct str prologue;             /* raw XML before the Envelope */
	const char *ns;                  /* of the Envelope; NULL: that of SOAP 1.2 */
};
struct str soap_envelope_of(struct arena *a, const struct soap_operation *op,
			    const struct soap_parts *parts);
/* "application/soap+xml; charset=utf-8; action=\"ns/name\"" */
struct str soap_content_type(struct arena *a, const struct soap_operation *op);

/* A parsed envelope.  Views live in the arena that soap_read was given. */
struct soap_message {
	int version;                   /* 11 or 12; 0: an Envelope of a foreign namespace */
	struct str body_ns, body_name; /* first element in Body; empty when there is none */
	bool is_fault;
	struct str fault_code; /* local name: "Sender"; SOAP 1.1: of faultcode */
	struct str fault_code_ns;
	struct str subcode[4], subcode_ns[4]; /* outermost first; an unbound prefix gives ns "" */
	size_t n_subcode;
	struct str unbound; /* the first of these codes whose prefix is not declared, as written */
	struct str reason;  /* text of the first Reason/Text, or faultstring */
	/* Credentials: */
	int n_security, n_token;      /* Security blocks for us; UsernameTokens in them */
	struct username_token token;  /* of the first */
	bool token_in_body;           /* a UsernameToken stands outside the Header */
	bool security_foreign;        /* a Security element in a namespace that is not secext 1.0 */
	bool security_elsewhere;      /* a Security block addressed to another role */
	bool must_understand_unknown; /* a header that we do not know, with mustUnderstand true */
	bool must_understand_security; /* mustUnderstand true on a Security block for us */
	/* The whole tree, flattened: local name and text of each leaf element, in document order.
	 */
	struct soap_leaf {
		struct str name, parent, grandparent, text;
	} * leaf;
	size_t n_leaf;
};

/* Read an envelope.  No DTD, no entity beyond the five, no network, depth at most 64, SOAP_MAX
 * octets. -1 with ERR_PARSE (a line and what is wrong) when it is not well-formed XML (namespaces
 * included) or not an Envelope; ERR_LIMIT past a cap; ERR_NOMEM.
 */
int soap_read(struct arena *a, struct str octets, struct soap_message *out,
	      struct err *err) MUST_CHECK;

/* Text of the first leaf of that name (below parent when not NULL); .p NULL when there is none. */
struct str soap_leaf_text(const struct soap_message *m, const char *parent, const char *name);

/* UTCDateTime of a GetSystemDateAndTimeResponse as milliseconds; -1 with ERR_PARSE. */
int soap_device_time(const struct soap_message *m, int64_t *unix_ms, struct err *err) MUST_CHECK;

/* Is it env:Sender / ter:NotAuthorized (ONVIF Core 5.8.2.2), by namespace? */
bool soap_is_not_authorized(const struct soap_message *m);

/* A SOAP 1.2 fault envelope; subcode_local is in the ter namespace. */
struct str soap_fault_envelope(struct arena *a, const char *code, const char *subcode_local,
			       struct str reason);
/* A response envelope around raw body XML. */
struct str soap_response_envelope(struct arena *a, struct str body_xml);

/* "You still have 3 attempts" -> 3; -1 when a fault text names no count of remaining tries.
 * Reads digits that stand within a few words of attempt, tries, retries, times, remain, left.
 */
int soap_attempts_left(struct str text);
/* Does the text say that the account or address is locked, or to wait? */
bool soap_says_locked(struct str text);
/* "The account is locked for 30 minutes" -> 1800; -1 when no number stands before a unit of time.
 */
int64_t soap_lock_seconds(struct str text);

#endif

/* respond.c - what the device says, by what it decided. */
#include "device/internal.h"

#define NOT_AUTHORIZED "Sender not Authorized"

void respond_header(struct call *c, const char *name, struct str value)
{
	http_add(c->a, &c->out->fields, str(name), value);
}

static void body(struct call *c, int status, const char *type, struct str octets)
{
	c->out->status = status;
	c->out->body = octets;
	respond_header(c, "Content-Type", str(type));
}

void respond_text(struct call *c, int status, struct str text)
{
	body(c, status, "text/plain; charset=utf-8", text);
}

/* The right fault, or one with the planted flaw. */
static struct str fault_text(struct call *c, const char *code, const char *subcode,
			     struct str reason)
{
	const struct device *d = c->d;

	if (d->on[FAULT_SOAP_11])
		return arena_fmt(c->a,
				 "<S:Envelope xmlns:S=\"%s\"><S:Body><S:Fault><faultcode>S:Client"
				 "</faultcode><faultstring>%.*s</faultstring></S:Fault></S:Body>"
				 "</S:Envelope>",
				 SOAP_NS_11, STR_ARG(reason));
	if (d->on[FAULT_UNBOUND])
		return arena_fmt(
			c->a,
			"<s:Envelope xmlns:s=\"%s\"><s:Body><s:Fault><s:Code><s:Value>"
			"s:%s</s:Value><s:Subcode><s:Value>ter:%s</s:Value></s:Subcode>"
			"</s:Code><s:Reason><s:Text xml:lang=\"en\">%.*s</s:Text></s:Reason>"
			"</s:Fault></s:Body></s:Envelope>",
			SOAP_NS_12, code, subcode ? subcode : "", STR_ARG(reason));
	return soap_fault_envelope(c->a, d->on[FAULT_RECEIVER] ? "Receiver" : code,
				   d->on[FAULT_NO_SUBCODE] ? NULL : subcode, reason);
}

void respond_fault(struct call *c, int status, const char *code, const char *subcode,
		   struct str reason)
{
	if (c->d->on[FAULT_HTML])
		body(c, status, "text/html", STR("<html><body>Not authorized</body></html>\n"));
	else
		body(c, status, "application/soap+xml; charset=utf-8",
		     fault_text(c, code, subcode, reason));
}

/* The same words for a wrong password and an unknown name, or a list of names could be tried. */
static struct str refusal_reason(struct call *c)
{
	struct str hint = environment_hint(c);

	if (c->user_unknown && c->d->on[USER_ENUMERATION])
		return STR("There is no user of that name");
	if (c->near)
		return STR("The password is too short");
	if (!hint.n)
		return STR(NOT_AUTHORIZED);
	return arena_concat(c->a, STR(NOT_AUTHORIZED ". "), hint);
}

/* A refusal's body: a fault where the client speaks SOAP. */
static void refuse(struct call *c, int status)
{
	struct str reason = refusal_reason(c);

	if (c->d->on[USER_LIMIT] && c->user.n > (size_t)c->d->value[USER_LIMIT])
		respond_text(c, 400, STR("bad request\n"));
	else if (c->is_soap)
		respond_fault(c, status, "Sender", "NotAuthorized", reason);
	else
		respond_text(c, status, arena_concat(c->a, reason, STR("\n")));
}

static int planted_status(const struct call *c, enum behaviour which, int right)
{
	return c->d->on[which] ? (int)c->d->value[which] : right;
}

static void on_granted(struct call *c)
{
	struct str answer;

	if (c->is_soap && c->op && strcmp(c->op->name, "GetStreamUri") == 0) {
		/* The harness asks for a profile that no device has. */
		respond_fault(c, 400, "Sender",
			      c->d->on[ARGUMENT_NOT_AUTHORIZED] ? "NotAuthorized" : "InvalidArgVal",
			      STR("No such profile"));
	} else if (c->is_soap && c->op) {
		answer = operation_answer(c);
		body(c, 200, "application/soap+xml; charset=utf-8",
		     soap_response_envelope(c->a, answer));
	} else if (c->is_soap && c->in->body.n && c->d->on[UNKNOWN_ACTION_401]) {
		refuse(c, 401);
		challenges_add(c, false);
	} else if (c->is_soap && c->in->body.n) {
		/* SOAP 1.2 part 2, 7.5.2.2: env:Receiver goes with 500. */
		respond_fault(c, 500, "Receiver", "ActionNotSupported",
			      STR("Optional Action Not Implemented"));
	} else if (c->is_soap) {
		/* ONVIF Core 5.8.3: no SOAP message, so no fault either. */
		respond_text(c, 400, STR("no SOAP message\n"));
	} else if (c->d->persona->soap) {
		/* As little as begins and ends an image. */
		body(c, 200, "image/jpeg", STR("\xff\xd8\xff\xd9"));
	} else if (str_eq(c->in->method, STR("OPTIONS"))) {
		c->out->status = 204;
		respond_header(c, "Allow", STR("GET, HEAD, POST, PUT, OPTIONS"));
	} else {
		respond_text(c, 200, STR("You are who you say you are.\n"));
	}
	info_add(c);
}

/* ONVIF Core 5.9.1: without credentials 401 where HTTP authentication is offered, else 400 and a
 * fault.
 */
static void on_no_credentials(struct call *c)
{
	if (!device_offers_http(c->d)) {
		refuse(c, planted_status(c, FAULT_STATUS, 400));
		return;
	}
	refuse(c, 401);
	challenges_add(c, c->d->on[STALE_AT_FIRST]);
}

static void on_http_refused(struct call *c)
{
	if (c->http.bad_uri) {
		refuse(c, 400); /* RFC 7616 3.4.6 */
		return;
	}
	if (c->d->on[REFUSAL_STATUS] && !c->http.stale) {
		refuse(c, (int)c->d->value[REFUSAL_STATUS]);
		return;
	}
	refuse(c, 401);
	challenges_add(c, c->http.stale);
	if (c->d->on[INFO_ON_REFUSAL])
		info_add(c);
}

/* ONVIF Core 5.9.1 has 401 only for HTTP credentials; at the WS level a refusal is a fault of the
 * sender, and SOAP 1.2 part 2, 7.5.2.2 sends that with 400.
 */
static void on_token_refused(struct call *c)
{
	if (c->d->on[TOKEN_MALFORMED_500] &&
	    (defect_has(&c->token_left, DEFECT_TOKEN_NONCE_BASE64) ||
	     defect_has(&c->token_left, DEFECT_CREATED_FORM))) {
		respond_fault(c, 500, "Receiver", NULL, STR("java.lang.NullPointerException"));
		return;
	}
	refuse(c, planted_status(c, FAULT_STATUS, 400));
}

static void on_not_understood(struct call *c)
{
	respond_fault(c, 500, "MustUnderstand", NULL, STR("SOAP header blocks not understood"));
}

/* RFC 9110 15.5.4: who asks is proved, and other credentials would be needed.  A 401 would send
 * Digest clients round in circles.  The fault is ONVIF's: "the sender is not authorized"
 * (Core 5.8.2.2; ter:OperationProhibited is for what the device permits to nobody).
 */
static void on_forbidden(struct call *c)
{
	refuse(c, 403);
}

static void on_locked(struct call *c)
{
	if (c->http.v.user.p)
		on_http_refused(c);
	else
		on_token_refused(c);
}

static void on_broken(struct call *c)
{
	int status = c->err.code == ERR_LIMIT ? 400 : 500;

	c->out->fields = (struct http_fields){ 0 };
	respond_text(c, status, STR("the request could not be judged\n"));
}

void respond(struct call *c)
{
	static void (*const by_decision[])(struct call * c) = {
		[GRANTED] = on_granted,
		[NO_CREDENTIALS] = on_no_credentials,
		[HTTP_REFUSED] = on_http_refused,
		[TOKEN_REFUSED] = on_token_refused,
		[NOT_UNDERSTOOD] = on_not_understood,
		[FORBIDDEN] = on_forbidden,
		[LOCKED] = on_locked,
		[BROKEN] = on_broken,
	};

	by_decision[c->decision](c);
}

/* check_soap.c - what the SOAP of an answer must hold. */
#include "engine/check_soap.h"

#define FAIL(...) return *why = arena_fmt(x->a, __VA_ARGS__), 1

static int check_fault_code(const struct check_context *x, const char *code, bool any_version,
			    struct str *why)
{
	const struct soap_message *m = &x->answer->message;
	bool soap = str_eq(m->fault_code_ns, str(SOAP_NS_12)) ||
		    (any_version && str_eq(m->fault_code_ns, str(SOAP_NS_11)));

	if (!x->answer->has_message || !m->is_fault)
		FAIL("the answer is no SOAP fault");
	if (!soap || !str_eq(m->fault_code, str(code)))
		FAIL("the fault's Code is %.*s", STR_ARG(m->fault_code));
	return 0;
}

int check_fault_must_understand(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return check_fault_code(x, "MustUnderstand", false, why);
}

int check_fault_version(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return check_fault_code(x, "VersionMismatch", true, why);
}

int check_fault_receiver(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return check_fault_code(x, "Receiver", false, why);
}

/* ONVIF Core 5.8.2.4: errors of the inside are kept inside. */
int check_not_internal(const struct check_context *x, struct str value, struct str *why)
{
	const struct soap_message *m = &x->answer->message;

	(void)value;
	if (x->answer->status >= 500)
		FAIL("the status is %d", x->answer->status);
	if (x->answer->has_message && m->is_fault && str_eq(m->fault_code, STR("Receiver")))
		FAIL("the fault is the receiver's: %.*s", STR_ARG(m->reason));
	return 0;
}

/* ONVIF Core 8.1.2.3: attributes of Security in GetServiceCapabilities, xsd:boolean. */
static int says(const struct check_context *x, const char *name, struct str *why)
{
	static const char *const values[] = { "=\"true\"", "='true'", "=\"1\"", "='1'" };
	struct str body = x->answer->response->body;

	for (size_t i = 0; i < COUNT(values); i++) {
		if (str_find(body, arena_fmt(x->a, "%s%s", name, values[i])) != (size_t)-1)
			return 0;
	}
	FAIL("the capabilities do not say %s=\"true\"", name);
}

int check_says_digest(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return says(x, "HttpDigest", why);
}

int check_says_token(const struct check_context *x, struct str value, struct str *why)
{
	(void)value;
	return says(x, "UsernameToken", why);
}

int check_no_data(const struct check_context *x, struct str value, struct str *why)
{
	const struct soap_message *m = &x->answer->message;

	(void)value;
	if (x->answer->has_message && !m->is_fault && m->body_name.n)
		FAIL("the answer is %.*s", STR_ARG(m->body_name));
	return 0;
}

/* RFC 9110 4.2.4: "http://user:password@host/". */
int check_no_userinfo(const struct check_context *x, struct str value, struct str *why)
{
	const struct soap_message *m = &x->answer->message;

	(void)value;
	for (size_t i = 0; x->answer->has_message && i < m->n_leaf; i++) {
		struct str uri = m->leaf[i].text;
		size_t at = str_find(uri, STR("://"));
		struct str authority = str_sub(uri, at + 3, uri.n);

		if (at != (size_t)-1 && str_chr(str_cut(&authority, '/'), '@') != (size_t)-1)
			FAIL("a URI in %.*s holds credentials", STR_ARG(m->leaf[i].name));
	}
	return 0;
}

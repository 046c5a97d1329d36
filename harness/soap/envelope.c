#include "soap/soap.h"

#include "base/buf.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define ENVELOPE "<s:Envelope xmlns:s=\"" SOAP_NS_12 "\">"

struct str soap_envelope_of(struct arena *a, const struct soap_operation *op,
			    const struct soap_parts *parts)
{
	/* The operation's element sets the default namespace for its arguments. */
	struct str call = *op->arguments ? arena_fmt(a, "<%s xmlns=\"%s\">%s</%s>", op->name,
						     op->ns, op->arguments, op->name)
					 : arena_fmt(a, "<%s xmlns=\"%s\"/>", op->name, op->ns);
	struct str header = STR(""), head;

	if (parts->security.n)
		header = arena_concat(a, arena_concat(a, STR("<s:Header>"), parts->security),
				      STR("</s:Header>"));
	head = arena_fmt(a, XML_HEAD "%.*s<s:Envelope xmlns:s=\"%s\">", STR_ARG(parts->prologue),
			 parts->ns ? parts->ns : SOAP_NS_12);
	header = arena_concat(a, head, header);
	call = arena_concat(a, arena_concat(a, STR("<s:Body>"), call), parts->body_extra);
	return arena_concat(a, arena_concat(a, header, call), STR("</s:Body></s:Envelope>"));
}

struct str soap_envelope(struct arena *a, const struct soap_operation *op, struct str security,
			 struct str body_extra)
{
	struct soap_parts parts = { .security = security, .body_extra = body_extra };

	return soap_envelope_of(a, op, &parts);
}

struct str soap_content_type(struct arena *a, const struct soap_operation *op)
{
	return arena_fmt(a, "application/soap+xml; charset=utf-8; action=\"%s/%s\"", op->ns,
			 op->name);
}

/* A reason may quote what came from outside. */
static struct str escape(struct arena *a, struct str s)
{
	struct buf out DEFER(buf_free);

	buf_init(&out, SOAP_MAX);
	buf_xml(&out, s);
	return buf_ok(&out) ? arena_str(a, buf_view(&out)) : STR("");
}

struct str soap_fault_envelope(struct arena *a, const char *code, const char *subcode_local,
			       struct str reason)
{
	struct str subcode = STR(""), head;

	if (subcode_local && *subcode_local)
		subcode = arena_fmt(a, "<s:Subcode><s:Value>ter:%s</s:Value></s:Subcode>",
				    subcode_local);
	head = arena_fmt(a,
			 XML_HEAD "<s:Envelope xmlns:s=\"" SOAP_NS_12 "\" xmlns:ter=\"" SOAP_NS_TER
				  "\"><s:Body><s:Fault><s:Code><s:Value>s:%s</s:Value>%.*s"
				  "</s:Code><s:Reason><s:Text xml:lang=\"en\">",
			 code, STR_ARG(subcode));
	return arena_concat(a, arena_concat(a, head, escape(a, reason)),
			    STR("</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"));
}

struct str soap_response_envelope(struct arena *a, struct str body_xml)
{
	struct str head = arena_concat(a, STR(XML_HEAD ENVELOPE "<s:Body>"), body_xml);

	return arena_concat(a, head, STR("</s:Body></s:Envelope>"));
}

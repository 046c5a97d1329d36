/* operations.c - what the operations answer.  Nothing that writes changes anything. */
#include "device/internal.h"

#include "auth/datetime.h"
#include "base/buf.h"

#define TT "xmlns:tt=\"http://www.onvif.org/ver10/schema\""

static struct str date_and_time(struct call *c)
{
	struct str t = datetime_format(c->a, device_clock_ms(c->d), 0);
	/* "2026-08-22T10:11:12Z"; the schema wants plain numbers, where zeros in front are fine. */
	struct str time = arena_fmt(c->a,
				    "<tt:Time><tt:Hour>%.*s</tt:Hour><tt:Minute>%.*s</tt:Minute>"
				    "<tt:Second>%.*s</tt:Second></tt:Time>",
				    STR_ARG(str_sub(t, 11, 2)), STR_ARG(str_sub(t, 14, 2)),
				    STR_ARG(str_sub(t, 17, 2)));
	struct str date = arena_fmt(c->a,
				    "<tt:Date><tt:Year>%.*s</tt:Year><tt:Month>%.*s</tt:Month>"
				    "<tt:Day>%.*s</tt:Day></tt:Date>",
				    STR_ARG(str_sub(t, 0, 4)), STR_ARG(str_sub(t, 5, 2)),
				    STR_ARG(str_sub(t, 8, 2)));

	return arena_fmt(c->a,
			 "<SystemDateAndTime " TT "><tt:DateTimeType>Manual</tt:DateTimeType>"
			 "<tt:DaylightSavings>false</tt:DaylightSavings><tt:TimeZone><tt:TZ>UTC0"
			 "</tt:TZ></tt:TimeZone><tt:UTCDateTime>%.*s%.*s</tt:UTCDateTime>"
			 "</SystemDateAndTime>",
			 STR_ARG(time), STR_ARG(date));
}

static struct str users(struct call *c)
{
	static const char *const levels[LEVELS] = { "Administrator", "Operator", "User" };
	struct buf out DEFER(buf_free);

	buf_init(&out, 1u << 16);
	for (size_t i = 0; i < LEVELS; i++) {
		buf_puts(&out, "<User " TT "><tt:Username>");
		buf_xml(&out, c->d->account[i].user);
		buf_fmt(&out, "</tt:Username><tt:UserLevel>%s</tt:UserLevel></User>", levels[i]);
	}
	return buf_ok(&out) ? arena_str(c->a, buf_view(&out)) : STR("");
}

/* Where a service is, as this client reaches the device. */
static struct str xaddr(struct call *c, const char *path)
{
	return arena_fmt(c->a, "http://%s%.*s%s", c->d->on[XADDR_USERINFO] ? "admin:secure@" : "",
			 STR_ARG(http_get(&c->in->fields, "Host")), path);
}

static struct str services(struct call *c)
{
	static const char service[] =
		"<Service><Namespace>%s</Namespace><XAddr>%.*s</XAddr><Version>"
		"<tt:Major " TT ">26</tt:Major><tt:Minor " TT ">6</tt:Minor></Version></Service>";
	struct str device =
		arena_fmt(c->a, service, SOAP_NS_TDS, STR_ARG(xaddr(c, "/onvif/device_service")));
	struct str media =
		arena_fmt(c->a, service, SOAP_NS_TRT, STR_ARG(xaddr(c, "/onvif/media_service")));

	return arena_concat(c->a, device, media);
}

static struct str capabilities(struct call *c)
{
	return arena_fmt(c->a,
			 "<Capabilities " TT "><tt:Device><tt:XAddr>%.*s</tt:XAddr></tt:Device>"
			 "<tt:Media><tt:XAddr>%.*s</tt:XAddr></tt:Media></Capabilities>",
			 STR_ARG(xaddr(c, "/onvif/device_service")),
			 STR_ARG(xaddr(c, "/onvif/media_service")));
}

/* Which ways to authenticate there are: ONVIF Core 8.1.2.3. */
static struct str service_capabilities(struct call *c)
{
	bool digest = device_offers_digest(c->d), token = c->d->persona->token_digest;

	if (c->d->on[CAPABILITIES_SILENT])
		digest = token = false;
	return arena_fmt(
		c->a,
		"<Capabilities><Network/><Security UsernameToken=\"%s\" HttpDigest=\"%s\"/>"
		"<System/></Capabilities>",
		token ? "true" : "false", digest ? "true" : "false");
}

static const struct {
	const char *name, *xml;
	struct str (*fn)(struct call *c);
} answers[] = {
	{ "GetSystemDateAndTime", NULL, date_and_time },
	{ "GetUsers", NULL, users },
	{ "GetDeviceInformation",
	  "<Manufacturer>Countersign</Manufacturer><Model>Reference device</Model>"
	  "<FirmwareVersion>" COUNTERSIGN_VERSION "</FirmwareVersion><SerialNumber>0</SerialNumber>"
	  "<HardwareId>none</HardwareId>",
	  NULL },
	{ "GetHostname",
	  "<HostnameInformation><tt:FromDHCP " TT ">false</tt:FromDHCP><tt:Name " TT
	  ">reference</tt:Name></HostnameInformation>",
	  NULL },
	{ "GetServices", NULL, services },
	{ "GetCapabilities", NULL, capabilities },
	{ "GetServiceCapabilities", NULL, service_capabilities },
	{ "GetWsdlUrl", "<WsdlUrl>https://www.onvif.org/profiles/specifications/</WsdlUrl>", NULL },
	{ "GetEndpointReference", "<GUID>urn:uuid:00000000-0000-4000-8000-000000000000</GUID>",
	  NULL },
	{ "GetScopes",
	  "<Scopes><tt:ScopeDef " TT ">Fixed</tt:ScopeDef><tt:ScopeItem " TT
	  ">onvif://www.onvif.org/name/reference</tt:ScopeItem></Scopes>",
	  NULL },
	{ "GetNTP", "<NTPInformation><tt:FromDHCP " TT ">false</tt:FromDHCP></NTPInformation>",
	  NULL },
	{ "GetDNS", "<DNSInformation><tt:FromDHCP " TT ">false</tt:FromDHCP></DNSInformation>",
	  NULL },
	{ "GetNetworkProtocols",
	  "<NetworkProtocols><tt:Name " TT ">HTTP</tt:Name><tt:Enabled " TT ">true</tt:Enabled>"
	  "<tt:Port " TT ">80</tt:Port></NetworkProtocols>",
	  NULL },
	{ "GetSystemLog", "<SystemLog><tt:String " TT ">nothing happened</tt:String></SystemLog>",
	  NULL },
};

struct str operation_answer(struct call *c)
{
	struct str inside = STR("");

	for (size_t i = 0; i < COUNT(answers); i++) {
		if (strcmp(answers[i].name, c->op->name) == 0)
			inside = answers[i].fn ? answers[i].fn(c) : str(answers[i].xml);
	}
	return arena_fmt(c->a, "<%sResponse xmlns=\"%s\">%.*s</%sResponse>", c->op->name, c->op->ns,
			 STR_ARG(inside), c->op->name);
}

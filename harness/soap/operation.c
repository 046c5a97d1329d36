#include "soap/soap.h"

#define TT "http://www.onvif.org/ver10/schema"

/* Access classes: ONVIF Core, annex of the access classes per operation (READ_MEDIA: Media 5.2).
 * The first protected one is the default of the harness: every user level may call it.
 */
const struct soap_operation soap_operations[] = {
	{ "GetDeviceInformation", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetUsers", SOAP_NS_TDS, ACCESS_READ_SYSTEM_SECRET, "", true },
	{ "GetSystemDateAndTime", SOAP_NS_TDS, ACCESS_PRE_AUTH, "", true },
	{ "GetCapabilities", SOAP_NS_TDS, ACCESS_PRE_AUTH, "<Category>All</Category>", true },
	{ "GetServices", SOAP_NS_TDS, ACCESS_PRE_AUTH,
	  "<IncludeCapability>false</IncludeCapability>", true },
	{ "GetServiceCapabilities", SOAP_NS_TDS, ACCESS_PRE_AUTH, "", true },
	{ "GetWsdlUrl", SOAP_NS_TDS, ACCESS_PRE_AUTH, "", true },
	{ "GetHostname", SOAP_NS_TDS, ACCESS_PRE_AUTH, "", true },
	{ "GetEndpointReference", SOAP_NS_TDS, ACCESS_PRE_AUTH, "", true },
	{ "GetNetworkInterfaces", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetNetworkProtocols", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetScopes", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetNTP", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetDNS", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetSystemLog", SOAP_NS_TDS, ACCESS_READ_SYSTEM_SECRET, "<LogType>Access</LogType>",
	  true },
	{ "SetHostname", SOAP_NS_TDS, ACCESS_WRITE_SYSTEM, "<Name>camera</Name>", false },
	{ "CreateUsers", SOAP_NS_TDS, ACCESS_WRITE_SYSTEM,
	  "<User><Username xmlns=\"" TT "\">guest</Username>"
	  "<Password xmlns=\"" TT "\">guest-secret</Password>"
	  "<UserLevel xmlns=\"" TT "\">User</UserLevel></User>",
	  false },
	{ "SetSystemFactoryDefault", SOAP_NS_TDS, ACCESS_UNRECOVERABLE,
	  "<FactoryDefault>Soft</FactoryDefault>", false },
	{ "GetProfiles", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ NULL, NULL, ACCESS_PRE_AUTH, NULL, false },
};

const struct soap_operation *soap_operation_find(struct str name)
{
	for (const struct soap_operation *op = soap_operations; op->name; op++) {
		if (str_eq(str(op->name), name))
			return op;
	}
	return NULL;
}

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
	{ "GetNetworkDefaultGateway", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetZeroConfiguration", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetDynamicDNS", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetDiscoveryMode", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetIPAddressFilter", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetRemoteUser", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetUserRoles", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetDot11Capabilities", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetGeoLocation", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetSystemUris", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetAuthFailureWarningConfiguration", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetAuthFailureWarningOptions", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetPasswordComplexityConfiguration", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetPasswordComplexityOptions", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetPasswordHistoryConfiguration", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
	{ "GetRelayOutputs", SOAP_NS_TDS, ACCESS_READ_MEDIA, "", true },
	{ "GetStorageConfigurations", SOAP_NS_TDS, ACCESS_READ_MEDIA, "", true },
	{ "GetAccessPolicy", SOAP_NS_TDS, ACCESS_READ_SYSTEM_SECRET, "", true },
	/* What ONVIF does not define: a device has to say so, and to nobody but its users. */
	{ "GetNothingAtAll", SOAP_NS_TDS, ACCESS_READ_SYSTEM, "", true },
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
	{ "GetVideoSources", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetAudioSources", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetAudioOutputs", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetVideoSourceConfigurations", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetVideoEncoderConfigurations", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetAudioSourceConfigurations", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetAudioEncoderConfigurations", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetMetadataConfigurations", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetVideoAnalyticsConfigurations", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	{ "GetOSDs", SOAP_NS_TRT, ACCESS_READ_MEDIA, "", true },
	/* Of a profile that no device has. */
	{ "GetStreamUri", SOAP_NS_TRT, ACCESS_READ_MEDIA,
	  "<StreamSetup><Stream xmlns=\"" TT "\">RTP-Unicast</Stream><Transport xmlns=\"" TT "\">"
	  "<Protocol>RTSP</Protocol></Transport></StreamSetup>"
	  "<ProfileToken>countersign-no-such-profile</ProfileToken>",
	  true },
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

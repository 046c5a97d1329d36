/* device.h - for soapcpp2: the least of an ONVIF device service that can be authenticated against.
 * SOAP 1.2, WS-Security from gSOAP's own import; names of elements are those of devicemgmt.wsdl.
 */
#import "soap12.h"
#import "wsse.h"

//gsoap tt schema namespace: http://www.onvif.org/ver10/schema
//gsoap tt schema form: qualified
//gsoap tds service name: device
//gsoap tds service namespace: http://www.onvif.org/ver10/device/wsdl
//gsoap tds schema form: qualified

struct tt__Time {
	int Hour 1;
	int Minute 1;
	int Second 1;
};

struct tt__Date {
	int Year 1;
	int Month 1;
	int Day 1;
};

struct tt__DateTime {
	struct tt__Time Time 1;
	struct tt__Date Date 1;
};

struct tt__SystemDateTime {
	char *DateTimeType 1;
	enum xsd__boolean { false_, true_ } DaylightSavings 1;
	struct tt__DateTime UTCDateTime 1;
};

struct tt__User {
	char *Username 1;
	char *UserLevel 1;
};

struct tt__DeviceCapabilities {
	char *XAddr 1;
};

struct tt__Capabilities {
	struct tt__DeviceCapabilities Device 1;
};

struct tt__OnvifVersion {
	int Major 1;
	int Minor 1;
};

struct tt__HostnameInformation {
	enum xsd__boolean FromDHCP 1;
	char *Name 0;
};

struct tt__Scope {
	char *ScopeDef 1;
	char *ScopeItem 1;
};

struct tt__NetworkInterface {
	@char *token 1;
	enum xsd__boolean Enabled 1;
};

struct tds__Service {
	char *Namespace 1;
	char *XAddr 1;
	struct tt__OnvifVersion Version 1;
};

struct tds__SecurityCapabilities {
	@enum xsd__boolean UsernameToken 0;
	@enum xsd__boolean HttpDigest 0;
};

/* Network and System have attributes only, and all of them are optional. */
struct tds__NoCapabilities {
	int __none;
};

struct tds__DeviceServiceCapabilities {
	struct tds__NoCapabilities Network 1;
	struct tds__SecurityCapabilities Security 1;
	struct tds__NoCapabilities System 1;
};

struct tds__GetSystemDateAndTimeResponse {
	struct tt__SystemDateTime SystemDateAndTime 1;
};

struct tds__GetCapabilitiesResponse {
	struct tt__Capabilities Capabilities 1;
};

struct tds__GetServicesResponse {
	struct tds__Service Service 1;
};

struct tds__GetServiceCapabilitiesResponse {
	struct tds__DeviceServiceCapabilities Capabilities 1;
};

struct tds__GetHostnameResponse {
	struct tt__HostnameInformation HostnameInformation 1;
};

struct tds__GetDeviceInformationResponse {
	char *Manufacturer 1;
	char *Model 1;
	char *FirmwareVersion 1;
	char *SerialNumber 1;
	char *HardwareId 1;
};

struct tds__GetUsersResponse {
	int __sizeUser;
	struct tt__User *User;
};

struct tds__GetScopesResponse {
	struct tt__Scope Scopes 1;
};

struct tds__GetNetworkInterfacesResponse {
	struct tt__NetworkInterface NetworkInterfaces 1;
};

int tds__GetSystemDateAndTime(struct tds__GetSystemDateAndTimeResponse *out);

int tds__GetCapabilities(char *Category, struct tds__GetCapabilitiesResponse *out);

int tds__GetServices(enum xsd__boolean IncludeCapability, struct tds__GetServicesResponse *out);

int tds__GetServiceCapabilities(struct tds__GetServiceCapabilitiesResponse *out);

int tds__GetHostname(struct tds__GetHostnameResponse *out);

int tds__GetDeviceInformation(struct tds__GetDeviceInformationResponse *out);

int tds__GetUsers(struct tds__GetUsersResponse *out);

int tds__GetScopes(struct tds__GetScopesResponse *out);

int tds__GetNetworkInterfaces(struct tds__GetNetworkInterfacesResponse *out);

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

struct tds__GetSystemDateAndTimeResponse {
	struct tt__SystemDateTime SystemDateAndTime 1;
};

struct tds__GetCapabilitiesResponse {
	struct tt__Capabilities Capabilities 1;
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

int tds__GetSystemDateAndTime(struct tds__GetSystemDateAndTimeResponse *out);

int tds__GetCapabilities(char *Category, struct tds__GetCapabilitiesResponse *out);

int tds__GetDeviceInformation(struct tds__GetDeviceInformationResponse *out);

int tds__GetUsers(struct tds__GetUsersResponse *out);

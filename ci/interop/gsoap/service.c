/* service.c - an ONVIF device service as one writes it with gSOAP: a thread for each connection,
 * WS-Security by the wsse plugin, its faults left as they come.  Prints its port, then serves until
 * it is killed.
 *
 * The operations of class PRE_AUTH (ONVIF Core 5.9.4.3) are open; the others ask for a
 * UsernameToken, text or digest.
 */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

#include "device.nsmap"
#include "soapH.h"
#include "wsseapi.h"

#define USER     "admin"
#define PASSWORD "secure"

/* SOAP_OK, or the fault of a name or password that is wrong. */
static int verify(struct soap *soap, const char *user)
{
	if (strcmp(user, USER) != 0)
		return soap_wsse_fault(soap, wsse__FailedAuthentication, NULL);
	if (soap_wsse_verify_Timestamp(soap))
		return soap->error;
	return soap_wsse_verify_Password(soap, PASSWORD);
}

/* The beginning of each protected operation, as the documentation of the plugin has it ("User Name
 * Tokens"): its two returns leave the operation, not a function of ours.
 */
#define AUTHENTICATE(soap)                                                                         \
	do {                                                                                       \
		const char *user = soap_wsse_get_Username(soap);                                   \
                                                                                                   \
		if (!user) {                                                                       \
			soap_wsse_delete_Security(soap);                                           \
			return (soap)->error;                                                      \
		}                                                                                  \
		if (verify(soap, user)) {                                                          \
			soap_wsse_delete_Security(soap);                                           \
			return (soap)->error;                                                      \
		}                                                                                  \
		soap_wsse_delete_Security(soap);                                                   \
	} while (0)

int tds__GetSystemDateAndTime(struct soap *soap, struct tds__GetSystemDateAndTimeResponse *out)
{
	struct tt__SystemDateTime *now = &out->SystemDateAndTime;
	time_t seconds = time(NULL);
	struct tm utc;

	gmtime_r(&seconds, &utc);
	now->DateTimeType = soap_strdup(soap, "NTP");
	now->UTCDateTime.Time.Hour = utc.tm_hour;
	now->UTCDateTime.Time.Minute = utc.tm_min;
	now->UTCDateTime.Time.Second = utc.tm_sec;
	now->UTCDateTime.Date.Year = utc.tm_year + 1900;
	now->UTCDateTime.Date.Month = utc.tm_mon + 1;
	now->UTCDateTime.Date.Day = utc.tm_mday;
	return SOAP_OK;
}

int tds__GetCapabilities(struct soap *soap, char *category,
			 struct tds__GetCapabilitiesResponse *out)
{
	(void)category;
	out->Capabilities.Device.XAddr = soap_strdup(soap, soap->endpoint);
	return SOAP_OK;
}

int tds__GetServices(struct soap *soap, enum xsd__boolean with_capabilities,
		     struct tds__GetServicesResponse *out)
{
	(void)with_capabilities;
	out->Service.Namespace = soap_strdup(soap, "http://www.onvif.org/ver10/device/wsdl");
	out->Service.XAddr = soap_strdup(soap, soap->endpoint);
	out->Service.Version.Major = 2;
	return SOAP_OK;
}

int tds__GetServiceCapabilities(struct soap *soap, struct tds__GetServiceCapabilitiesResponse *out)
{
	(void)soap;
	out->Capabilities.Security.UsernameToken = true_;
	return SOAP_OK;
}

int tds__GetHostname(struct soap *soap, struct tds__GetHostnameResponse *out)
{
	out->HostnameInformation.Name = soap_strdup(soap, "interop");
	return SOAP_OK;
}

int tds__GetDeviceInformation(struct soap *soap, struct tds__GetDeviceInformationResponse *out)
{
	AUTHENTICATE(soap);
	out->Manufacturer = soap_strdup(soap, "gSOAP");
	out->Model = soap_strdup(soap, "wsse");
	out->FirmwareVersion = soap_strdup(soap, GSOAP_VERSION_TEXT);
	out->SerialNumber = soap_strdup(soap, "1");
	out->HardwareId = soap_strdup(soap, "1");
	return SOAP_OK;
}

int tds__GetUsers(struct soap *soap, struct tds__GetUsersResponse *out)
{
	AUTHENTICATE(soap);
	out->User = soap_malloc(soap, sizeof(*out->User));
	if (!out->User)
		return soap->error = SOAP_EOM;
	out->__sizeUser = 1;
	out->User->Username = soap_strdup(soap, USER);
	out->User->UserLevel = soap_strdup(soap, "Administrator");
	return SOAP_OK;
}

int tds__GetScopes(struct soap *soap, struct tds__GetScopesResponse *out)
{
	AUTHENTICATE(soap);
	out->Scopes.ScopeDef = soap_strdup(soap, "Fixed");
	out->Scopes.ScopeItem = soap_strdup(soap, "onvif://www.onvif.org/name/interop");
	return SOAP_OK;
}

int tds__GetNetworkInterfaces(struct soap *soap, struct tds__GetNetworkInterfacesResponse *out)
{
	AUTHENTICATE(soap);
	out->NetworkInterfaces.token = soap_strdup(soap, "lo");
	out->NetworkInterfaces.Enabled = true_;
	return SOAP_OK;
}

static void *serve(void *argument)
{
	struct soap *soap = argument;

	soap_serve(soap);
	soap_destroy(soap);
	soap_end(soap);
	soap_free(soap);
	return NULL;
}

static int accept_all(struct soap *soap)
{
	while (soap_valid_socket(soap_accept(soap))) {
		struct soap *own = soap_copy(soap);
		pthread_t thread;

		if (!own || pthread_create(&thread, NULL, serve, own) != 0)
			return 1;
		pthread_detach(thread);
	}
	soap_print_fault(soap, stderr);
	return 1;
}

int main(void)
{
	struct soap *soap = soap_new1(SOAP_XML_INDENT | SOAP_IO_KEEPALIVE);
	struct sockaddr_in at;
	socklen_t size = sizeof(at);
	SOAP_SOCKET listening;

	soap->recv_timeout = soap->send_timeout = 10;
	soap->max_keep_alive = 1000;
	soap_register_plugin(soap, soap_wsse);
	listening = soap_bind(soap, "127.0.0.1", 0, 64);
	if (!soap_valid_socket(listening) ||
	    getsockname(listening, (struct sockaddr *)&at, &size)) {
		soap_print_fault(soap, stderr);
		return 1;
	}
	printf("%d\n", ntohs(at.sin_port));
	fflush(stdout);
	return accept_all(soap);
}

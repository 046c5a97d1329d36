/* gSOAP with its plugins: wsse for a UsernameToken, httpda for Digest when the scheme says so. */
#include "device.nsmap"
#include "soapH.h"
#include "wsseapi.h"

#include "case.h"
#include "httpda.h"

static int call_once(struct soap *soap, const char *url)
{
	struct tds__GetDeviceInformationResponse out;

	return soap_call_tds__GetDeviceInformation(soap, url, NULL, &out);
}

static int token(void *soap, const char *url)
{
	soap_wsse_add_UsernameTokenDigest(soap, NULL, told("USERNAME", ""), told("PASSWORD", ""));
	return call_once(soap, url);
}

/* As the plugin's manual has it: credentials are saved when the realm is known, and stay.  A call
 * that is challenged is made again, once.
 */
static int digest(void *it, const char *url)
{
	static struct http_da_info info;
	static int saved;
	struct soap *soap = it;
	int status;

	if (saved)
		http_da_restore(soap, &info);
	status = call_once(soap, url);
	if (status != 401)
		return status;
	/* Released it would forget the challenge that has just come. */
	saved = 1;
	http_da_save(soap, &info, soap->authrealm, told("USERNAME", ""), told("PASSWORD", ""));
	return call_once(soap, url);
}

int main(void)
{
	const char *scheme = told("SCHEME", "any");
	struct soap *soap;
	int status;

	if (strcmp(scheme, "basic") == 0)
		return cannot("sends Basic unasked or not at all");
	soap = soap_new1(SOAP_IO_KEEPALIVE | SOAP_C_UTFSTRING);
	soap->recv_timeout = soap->send_timeout = 20;
	soap_register_plugin(soap, soap_wsse);
	soap_register_plugin(soap, http_da);
	status = run(strcmp(scheme, "digest") == 0 ? digest : token, soap);
	if (soap->error)
		soap_print_fault(soap, stderr);
	soap_destroy(soap);
	soap_end(soap);
	soap_free(soap);
	return status;
}

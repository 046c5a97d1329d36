/* libonvif: what it does with a camera that it has discovered, then who the camera is.  The answer
 * to the discovery is put in, so that nothing is sent to a network.
 */
#include <onvif.h>

#include "case.h"

#define ADDRESSING "http://schemas.xmlsoap.org/ws/2004/08/addressing"
#define DISCOVERY  "http://schemas.xmlsoap.org/ws/2005/04/discovery"
#define SOAP       "http://www.w3.org/2003/05/soap-envelope"

static const char match[] =
	"<s:Envelope xmlns:s=\"" SOAP "\" xmlns:a=\"" ADDRESSING "\" xmlns:d=\"" DISCOVERY "\">"
	"<s:Body><d:ProbeMatches><d:ProbeMatch><d:Scopes>onvif://www.onvif.org/name/device"
	"</d:Scopes><d:XAddrs>%s</d:XAddrs></d:ProbeMatch></d:ProbeMatches></s:Body></s:Envelope>";

static struct OnvifSession session;
static struct OnvifData camera;

static int refused(const char *operation)
{
	fprintf(stderr, "%s: %s\n", operation, camera.last_error);
	return -1;
}

static int call(void *known, const char *url)
{
	int *is_known = known;

	if (!*is_known) {
		*is_known = 1;
		session.len[0] = snprintf(session.buf[0], sizeof(session.buf[0]), match, url);
		prepareOnvifData(0, &session, &camera);
		snprintf(camera.username, sizeof(camera.username), "%s", told("USERNAME", ""));
		snprintf(camera.password, sizeof(camera.password), "%s", told("PASSWORD", ""));
		if (getCapabilities(&camera))
			return refused("GetCapabilities");
	}
	return getDeviceInformation(&camera) ? refused("GetDeviceInformation") : 0;
}

int main(void)
{
	int is_known = 0;
	const char *scheme = told("SCHEME", "any");

	if (!strcmp(scheme, "digest") || !strcmp(scheme, "basic"))
		return cannot("knows UsernameToken only");
	if (!one_url())
		return cannot("a camera has one device service");
	if (strlen(told("PASSWORD", "")) >= sizeof(camera.password) ||
	    strlen(told("USERNAME", "")) >= sizeof(camera.username))
		return cannot("takes names and passwords of less than 128 octets");
	return run(call, &is_known);
}

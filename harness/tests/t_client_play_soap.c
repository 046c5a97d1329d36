/* The device of a client case that speaks SOAP: faults, clocks, tokens, addresses. */
#include "play_lab.h"

#define PLAIN ">GET /c/1/1"
#define ENVELOPE(head, body)                                                                       \
	"\n\n<s:Envelope xmlns:s='" SOAP_NS_12 "'><s:Header>" head "</s:Header><s:Body>" body      \
	"</s:Body></s:Envelope>"
#define SERVICE      ">POST /c/1/1/onvif/device_service"
#define DEVICE(name) "<" name " xmlns='http://www.onvif.org/ver10/device/wsdl'/>"
#define ASK(name)    SERVICE ENVELOPE("", DEVICE(name))
#define TOKEN(say)   SERVICE ENVELOPE("%" say "%", DEVICE("GetDeviceInformation"))
#define NOW          "2026-09-21T14:13:20Z" /* LAB_WALL */
#define FOR_TOKENS   "<challenge><token/></challenge>" CHECKS
#define CAPABILITIES                                                                               \
	SERVICE ENVELOPE("", "<GetCapabilities xmlns='http://www.onvif.org/ver10/device/wsdl'>"    \
			     "<Category>All</Category></GetCapabilities>")

static const struct stage_row soap[] = {
	{ "a token alone: 400, a fault and no challenge",
	  FOR_TOKENS,
	  { ASK("GetDeviceInformation"), "=400", "-WWW-Authenticate", "+ter:NotAuthorized",
	    "+Sender not Authorized", TOKEN("nonce " NOW), "=200",
	    "+GetDeviceInformationResponse" } },
	{ "a nonce again is for a check",
	  FOR_TOKENS,
	  { TOKEN("nonce " NOW), "=200", TOKEN("nonce " NOW), "=200" } },
	{ "too long ago, by the device's clock",
	  "<clock offset='+1h'/>" FOR_TOKENS,
	  { TOKEN("a " NOW), "=400", TOKEN("b 2026-09-21T15:13:20Z"), "=200",
	    TOKEN("c 2026-09-21T15:08:19Z"), "=400", TOKEN("d 2026-09-21T15:18:21Z"), "=400",
	    TOKEN("e 2026-09-21T15:08:20Z"), "=200" } },
	{ "the clock jumps behind the first grant",
	  "<call times='2'/><clock jump='-1d'/>" FOR_TOKENS,
	  { ASK("GetSystemDateAndTime"), "+<tt:Day>21</tt:Day>", TOKEN("a " NOW), "=200",
	    TOKEN("b " NOW), "=400", ASK("GetSystemDateAndTime"), "+<tt:Day>20</tt:Day>",
	    TOKEN("c 2026-09-20T14:13:20Z"), "=200" } },
	{ "the time asks nobody",
	  FOR_TOKENS,
	  { ASK("GetSystemDateAndTime"), "=200", "+<tt:UTCDateTime>", "+<tt:Hour>14</tt:Hour>",
	    "*1h", ASK("GetSystemDateAndTime"), "+<tt:Hour>15</tt:Hour>" } },
	{ "time=challenged",
	  "<clock time='challenged'/>" FOR_TOKENS,
	  { ASK("GetSystemDateAndTime"), "=400", "+NotAuthorized", "-UTCDateTime" } },
	{ "time=refused: whoever asks",
	  "<clock time='refused'/>" FOR_TOKENS,
	  { ASK("GetSystemDateAndTime"), "=400", "+NotAuthorized", TOKEN("a " NOW), "=200" } },
	{ "time=daylight: UTC stays what it is",
	  "<clock time='daylight'/>" FOR_TOKENS,
	  { ASK("GetSystemDateAndTime"), "=200", "+<tt:DaylightSavings>true",
	    "+<tt:TZ>CET-1CEST,M3.5.0,M10.5.0/3</tt:TZ>", "+<tt:Hour>14</tt:Hour>" } },
	{ "time=no-utc",
	  "<clock time='no-utc'/>" FOR_TOKENS,
	  { ASK("GetSystemDateAndTime"), "=200", "-UTCDateTime", "+<tt:LocalDateTime>" } },
	{ "addresses are those of the case",
	  FOR_TOKENS,
	  { CAPABILITIES, "=200", "+/c/1/1/onvif/device_service<",
	    "-:4711/onvif/device_service<" } },
	{ "a fault of WS-Security",
	  "<challenge fault='failed-authentication'><token/></challenge>" CHECKS,
	  { ASK("GetDeviceInformation"), "=400", "+wsse:FailedAuthentication",
	    "-ter:", "+The security token could not be authenticated or authorized" } },
	{ "a fault without subcode, its reason",
	  "<challenge fault='sender' reason='Not &lt;you&gt;'><token/></challenge>" CHECKS,
	  { ASK("GetDeviceInformation"), "=400", "-Subcode", "+Not &lt;you&gt;" } },
	{ "the prefix of the case, in faults and answers",
	  "<challenge prefix='env'><token/></challenge>" CHECKS,
	  { ASK("GetDeviceInformation"), "=400", "+<env:Envelope", "+xmlns:env=\"",
	    "+>env:Sender</env:Value>", "-<s:", "-</s:", "-xmlns:s=", TOKEN("a " NOW), "=200",
	    "+<env:Envelope", "+</env:Envelope>", "-<s:", "-xmlns:s=" } },
	{ "Digest and a token: a fault with 401",
	  "<challenge><digest/><token/></challenge>" CHECKS,
	  { ASK("GetDeviceInformation"), "=401", "+WWW-Authenticate: Digest", "+ter:NotAuthorized",
	    TOKEN("a " NOW), "=200" } },
	{ "a fault, whatever came", FOR_TOKENS, { PLAIN, "=400", "+ter:NotAuthorized" } },
	{ "what nobody knows is not open",
	  FOR_TOKENS,
	  { SERVICE ENVELOPE("", "<x:GetSystemDateAndTimes xmlns:x='urn:x'/>"), "=400" } },
};

static void speaks_soap(void **state)
{
	(void)state;
	stage_rows(soap, COUNT(soap), (struct play_options){ .soap = true });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(speaks_soap),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

/* gSOAP's httpda plugin, its source included so that nonces and nc can be put in. */
#include "httpda.c"

#include "gsoap.h"

#define OPAQUE "5ccc069c403ebaf9" /* it always sends one; a vector without one gets it back */

static json_t *respond(json_t *q)
{
	struct soap *soap = start(http_da);
	struct http_da_data *data = soap_lookup_plugin(soap, http_da_id);
	const char *why = only_asks(q, "SHA-512-256") ? "knows no SHA-512-256" : cannot_send(q);

	if (why)
		return unsupported(why);
	read_challenges(soap, q);
	data->fposthdr = take;
	data->nc = strtoul(string(q, "nc"), NULL, 16);
	return send_again(soap, q);
}

/* What the plugin cannot be told to do, or NULL.  It offers MD5 and auth-int in any case. */
static const char *lack(json_t *q, const char *value)
{
	if (strstr(value, "userhash=true") || strstr(value, "SHA-512-256") ||
	    (strstr(value, "username*=") && !strstr(value, "username=")))
		return "knows neither userhash, nor username*, nor SHA-512-256";
	if (strstr(value, "qop=auth-int") && !lists(q, "qop", "auth-int"))
		return "always offers auth-int";
	if (!strstr(value, "SHA-256") && !lists(q, "algorithms", "MD5"))
		return "always offers MD5";
	if (!json_array_size(json_object_get(q, "qop")))
		return "always offers qop";
	return accounts_have_nul(q) ? "takes C strings" : NULL;
}

static int right(void *ctx, const char *name, const char *password)
{
	struct soap *soap = ctx;
	return soap->userid && strcmp(soap->userid, name) == 0 &&
	       http_da_verify_method(soap, soap->user, password) == SOAP_OK;
}

/* As the plugin's documentation has it: realm and name are compared by the application. */
static json_t *verify(json_t *q)
{
	struct soap *soap = start(http_da);
	const char *opaque = json_object_get(q, "opaque") ? text(q, "opaque") : OPAQUE;

	if (lack(q, text(q, "authorization")))
		return unsupported(lack(q, text(q, "authorization")));
	soap->user = (void *)string(q, "method");
	http_da_session = NULL;
	http_da_session_start(text(q, "realm"), text(q, "nonce"), opaque);
	receive_request(soap, q, opaque == OPAQUE ? ", opaque=\"" OPAQUE "\"" : "");
	return verdict(is_realm(soap, text(q, "realm")) && any_account(q, right, soap));
}

SERVE("gsoap-httpda", "cnonce", { "digest.respond", respond }, { "digest.verify", verify })

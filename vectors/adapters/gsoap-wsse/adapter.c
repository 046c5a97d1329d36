/* gSOAP's wsse plugin, its source included so that its store of used tokens can be emptied between
 * requests.  The clock is put in; nonces are the plugin's own.
 */
#include "wsseapi.c"

#include "clock.h"

static json_t *create(json_t *q)
{
	struct soap *soap = start(soap_wsse);
	_wsse__UsernameToken *t;

	if (has_nul(q))
		return unsupported("takes C strings");
	if (strcmp(string(q, "type"), "PasswordDigest") != 0)
		return unsupported("writes neither Nonce nor Created beside PasswordText");
	if (set_clock(q, "created"))
		return unsupported("takes a time_t");
	soap_wsse_add_UsernameTokenDigest_at(soap, NULL, text(q, "username"), text(q, "password"),
					     now);
	t = soap->header->wsse__Security->UsernameToken;
	if (strcmp(text(q, "created"), t->wsu__Created) != 0)
		return unsupported("writes Created in whole seconds and Z");
	return json_pack("{s:s, s:s, s:s, s:s, s:s}", "username", t->Username, "password",
			 t->Password->__item, "type", t->Password->Type, "nonce", t->Nonce->__item,
			 "created", t->wsu__Created);
}

static const char *user;
static int right(void *soap, const char *name, const char *password)
{
	return !strcmp(name, user) && soap_wsse_verify_Password(soap, password) == SOAP_OK;
}

/* As the plugin's documentation ends "User Name Tokens": the name, then its password. */
static json_t *verify(json_t *q)
{
	struct soap *soap = start(soap_wsse);
	_wsse__UsernameToken *t;

	if (accounts_have_nul(q))
		return unsupported("takes C strings");
	set_clock(q, "now");
	soap_wsse_session = NULL;
	if (receive_envelope(soap, text(q, "envelope")) || !(user = soap_wsse_get_Username(soap)) ||
	    soap_wsse_verify_Timestamp(soap))
		return verdict(0);
	t = soap_wsse_UsernameToken(soap, NULL);
	if (t->Password && !lists(q, "types", "PasswordText") &&
	    (!t->Password->Type || strcmp(t->Password->Type, wsse_PasswordDigestURI) != 0))
		return verdict(0);
	if (t->Nonce && lists(q, "seen", t->Nonce->__item)) /* used: what it accepted before */
		any_account(q, right, soap);
	return verdict(any_account(q, right, soap));
}

SERVE("gsoap-wsse", "nonce", { "usernametoken.create", create }, { "usernametoken.verify", verify })

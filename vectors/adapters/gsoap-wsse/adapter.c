/* adapter.c - gSOAP's wsse plugin, whose source is included so that its store of used tokens can be
 * emptied between requests.  The clock is put in; nonces are the plugin's own.
 */
#include "wsseapi.c"

#include "lines.h"
#include "token.nsmap"

static time_t now;

/* Takes the place of the C library's for all code of this program. */
time_t time(time_t *out)
{
	if (out)
		*out = now;
	return now;
}

static time_t seconds(json_t *request, const char *name)
{
	struct soap *soap = soap_new();
	char *text = octets(request, name, NULL);
	time_t at = -1;

	if (soap_s2dateTime(soap, text, &at))
		at = -1;
	free(text);
	soap_free(soap);
	return at;
}

static json_t *created(struct soap *soap, json_t *request)
{
	struct _wsse__UsernameToken *token = soap->header->wsse__Security->UsernameToken;
	char *wanted = octets(request, "created", NULL);
	json_t *reply;

	if (strcmp(wanted, token->wsu__Created) != 0)
		reply = unsupported("writes Created in whole seconds and Z");
	else
		reply = json_pack("{s:s, s:s, s:s, s:s, s:s}", "username", token->Username,
				  "password", token->Password->__item, "type",
				  token->Password->Type, "nonce", token->Nonce->__item, "created",
				  token->wsu__Created);
	free(wanted);
	return reply ? reply : refused("the token is not UTF-8");
}

static json_t *create(json_t *request)
{
	struct soap *soap = soap_new1(SOAP_C_UTFSTRING);
	char *name = octets(request, "username", NULL),
	     *password = octets(request, "password", NULL);
	const char *type = json_string_value(json_object_get(request, "type"));
	json_t *reply;

	now = seconds(request, "created");
	soap_register_plugin(soap, soap_wsse);
	if (has_nul(request, "username") || has_nul(request, "password")) {
		reply = unsupported("takes C strings");
	} else if (strcmp(type, "PasswordDigest") != 0) {
		reply = unsupported("writes neither Nonce nor Created beside PasswordText");
	} else if (now == -1) {
		reply = unsupported("takes a time_t");
	} else {
		soap_wsse_add_UsernameTokenDigest_at(soap, NULL, name, password, now);
		reply = created(soap, request);
	}
	free(name);
	free(password);
	soap_destroy(soap);
	soap_end(soap);
	soap_free(soap);
	return reply;
}

/* Reads the whole envelope, and keeps its header. */
static int receive(struct soap *soap, const char *envelope)
{
	soap->is = envelope;
	return soap_begin_recv(soap) || soap_envelope_begin_in(soap) || soap_recv_header(soap) ||
	       soap_body_begin_in(soap) || soap_ignore_element(soap) || soap_body_end_in(soap) ||
	       soap_envelope_end_in(soap) || soap_end_recv(soap);
}

static int holds(json_t *list, const char *wanted)
{
	size_t i;
	json_t *one;

	json_array_foreach(list, i, one)
	{
		if (wanted && strcmp(json_string_value(one), wanted) == 0)
			return 1;
	}
	return 0;
}

/* As the plugin's documentation ends "User Name Tokens": the name, then its password. */
static int accepted(struct soap *soap, json_t *request)
{
	const char *user = soap_wsse_get_Username(soap);
	_wsse__UsernameToken *token = soap_wsse_UsernameToken(soap, NULL);
	int replay, valid = 0;
	size_t i;
	json_t *account;

	if (!user || soap_wsse_verify_Timestamp(soap))
		return 0;
	if (token->Password && !holds(json_object_get(request, "types"), "PasswordText") &&
	    (!token->Password->Type || strcmp(token->Password->Type, wsse_PasswordDigestURI) != 0))
		return 0;
	/* What was used before is for the plugin what it accepted before. */
	replay = token->Nonce && holds(json_object_get(request, "seen"), token->Nonce->__item);
	json_array_foreach(json_object_get(request, "accounts"), i, account)
	{
		char *name = octets(account, "username", NULL);
		char *password = octets(account, "password", NULL);

		if (!valid && strcmp(name, user) == 0) {
			if (replay)
				soap_wsse_verify_Password(soap, password);
			valid = soap_wsse_verify_Password(soap, password) == SOAP_OK;
		}
		free(name);
		free(password);
	}
	return valid;
}

static json_t *verify(json_t *request)
{
	struct soap *soap;
	char *envelope;
	int valid;

	if (accounts_have_nul(request))
		return unsupported("takes C strings");
	soap = soap_new1(SOAP_C_UTFSTRING);
	envelope = octets(request, "envelope", NULL);
	soap_set_namespaces(soap, namespaces);
	soap_register_plugin(soap, soap_wsse);
	now = seconds(request, "now");
	soap_wsse_session = NULL;
	valid = !receive(soap, envelope) && accepted(soap, request);
	soap_destroy(soap);
	soap_end(soap);
	soap_free(soap);
	free(envelope);
	return verdict(valid);
}

static const struct operation operations[] = {
	{ "usernametoken.create", create },
	{ "usernametoken.verify", verify },
	{ NULL, NULL },
};

int main(void)
{
	setenv("TZ", "UTC", 1); /* gSOAP reads a time without a zone as one of its own zone */
	return serve("gsoap-wsse", "nonce", operations);
}

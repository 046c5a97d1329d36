/* adapter.c - gSOAP's httpda plugin, whose source is included so that the nonce that a server issued
 * and the nc of a client can be put in.  Messages come from memory; cnonces are the plugin's own.
 */
#include "httpda.c"

#include "lines.h"
#include "token.nsmap"

static const struct {
	const char *name;
	int status; /* what gSOAP calls the method */
} methods[] = {
	{ "POST", SOAP_POST }, { "GET", SOAP_GET },   { "PUT", SOAP_PUT },
	{ "HEAD", SOAP_HEAD }, { "DELETE", SOAP_DEL }, { "OPTIONS", SOAP_OPTIONS },
};

static int status_of(json_t *request)
{
	const char *name = json_string_value(json_object_get(request, "method"));

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		if (name && strcmp(name, methods[i].name) == 0)
			return methods[i].status;
	}
	return 0;
}

static struct soap *start(void)
{
	struct soap *soap = soap_new1(SOAP_C_UTFSTRING);

	soap_set_namespaces(soap, namespaces);
	soap_register_plugin(soap, http_da);
	return soap;
}

static void end(struct soap *soap)
{
	soap_destroy(soap);
	soap_end(soap);
	soap_free(soap);
}

static char *sent; /* the value of Authorization */

static int keep(struct soap *soap, const char *key, const char *value)
{
	if (key && strcmp(key, "Authorization") == 0 && value)
		sent = strdup(value);
	return SOAP_OK;
}

/* The fields of a 401, as the plugin reads them one by one. */
static void read_challenges(struct soap *soap, json_t *request)
{
	json_t *hex = json_object_get(request, "www_authenticate_hex"), *one;
	json_t *list = hex ? hex : json_object_get(request, "www_authenticate");
	size_t i;

	json_array_foreach(list, i, one)
	{
		char *copy = strdup(json_string_value(one));

		if (hex)
			from_hex(json_string_value(one), copy);
		soap->fparsehdr(soap, "WWW-Authenticate", copy);
		free(copy);
	}
}

/* What the plugin does when a request is sent again: its hooks see the body, then the fields. */
static void ask(struct soap *soap, json_t *request, char *name, char *password)
{
	struct http_da_data *data = soap_lookup_plugin(soap, http_da_id);
	int size;
	char *body = octets(request, "body_hex", NULL), *raw = malloc(strlen(body) + 1);
	char *uri = octets(request, "uri", NULL);

	size = from_hex(body, raw);
	soap->userid = name;
	soap->passwd = password;
	soap->status = status_of(request);
	soap->mode = SOAP_IO_BUFFER;
	snprintf(soap->path, sizeof(soap->path), "%s", uri);
	data->fposthdr = keep;
	data->nc = strtoul(json_string_value(json_object_get(request, "nc")), NULL, 16);
	soap->fprepareinitsend(soap);
	if (size && soap->fpreparesend)
		soap->fpreparesend(soap, raw, size);
	soap->fposthdr(soap, "Authorization", NULL);
	free(body);
	free(raw);
	free(uri);
}

static json_t *respond(json_t *request)
{
	struct soap *soap = start();
	char *name = octets(request, "username", NULL), *password = octets(request, "password", NULL);
	json_t *reply;

	free(sent);
	sent = NULL;
	read_challenges(soap, request);
	if (has_nul(request, "username") || has_nul(request, "password"))
		reply = unsupported("takes C strings");
	else if (!status_of(request))
		reply = unsupported("knows no such method");
	else {
		ask(soap, request, name, password);
		reply = sent ? json_pack("{s:s}", "authorization", sent) :
			       refused("sent no Authorization");
	}
	free(name);
	free(password);
	end(soap);
	return reply ? reply : refused("the answer is not UTF-8");
}

/* The request as it stands on the wire, to be freed. */
static char *message(json_t *request)
{
	char *value = octets(request, "authorization", NULL);
	char *uri = octets(request, "uri", NULL);
	char *body = octets(request, "body_hex", NULL), *raw = malloc(strlen(body) + 1), *text;
	int head, size = from_hex(body, raw);

	text = malloc(strlen(value) + strlen(uri) + strlen(body) + 256);
	head = sprintf(text,
		       "%s %s HTTP/1.1\r\nHost: h\r\nAuthorization: %s\r\n"
		       "Content-Type: text/xml\r\nContent-Length: %d\r\n\r\n",
		       json_string_value(json_object_get(request, "method")), uri, value, size);
	memcpy(text + head, raw, size + 1);
	free(value);
	free(uri);
	free(body);
	free(raw);
	return text;
}

/* As the plugin's documentation has it: realm and name are compared by the application. */
static int accepted(struct soap *soap, json_t *request)
{
	const char *method = json_string_value(json_object_get(request, "method"));
	char *realm = octets(request, "realm", NULL);
	int valid = 0, right_realm = soap->authrealm && strcmp(soap->authrealm, realm) == 0;
	size_t i, length;
	json_t *account;

	soap_http_get_body(soap, &length);
	soap_end_recv(soap);
	json_array_foreach(json_object_get(request, "accounts"), i, account)
	{
		char *name = octets(account, "username", NULL);
		char *password = octets(account, "password", NULL);

		if (!valid && right_realm && soap->userid && strcmp(soap->userid, name) == 0)
			valid = http_da_verify_method(soap, method, password) == SOAP_OK;
		free(name);
		free(password);
	}
	free(realm);
	return valid;
}

static json_t *verify(json_t *request)
{
	struct soap *soap;
	char *text, *realm, *nonce, *opaque;
	int valid;

	if (!json_object_get(request, "opaque"))
		return unsupported("always sends opaque, and wants it back");
	if (json_array_size(json_object_get(request, "qop")) == 0)
		return unsupported("always offers qop");
	soap = start();
	realm = octets(request, "realm", NULL);
	nonce = octets(request, "nonce", NULL);
	opaque = octets(request, "opaque", NULL);
	text = message(request);
	http_da_session = NULL;
	http_da_session_start(realm, nonce, opaque);
	soap->is = text;
	soap_begin_recv(soap); /* ends with SOAP_GET or the like for what has no body */
	valid = accepted(soap, request);
	end(soap);
	free(text);
	free(realm);
	free(nonce);
	free(opaque);
	return verdict(valid);
}

static const struct operation operations[] = {
	{ "digest.respond", respond },
	{ "digest.verify", verify },
	{ NULL, NULL },
};

int main(void)
{
	return serve("gsoap-httpda", "cnonce", operations);
}

/* adapter.c - gSOAP's httpda plugin, whose source is included so that the nonce that a server
 * issued and the nc of a client can be put in.  Messages come from memory; cnonces are the plugin's
 * own.
 */
#include "httpda.c"

#include "lines.h"
#include "token.nsmap"

static const struct {
	const char *name;
	int status; /* what gSOAP calls the method */
} methods[] = {
	{ "POST", SOAP_POST }, { "GET", SOAP_GET },    { "PUT", SOAP_PUT },
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

/* Without a socket gSOAP would write its answers to standard output. */
static int discard(struct soap *soap, const char *octets, size_t size)
{
	(void)soap;
	(void)octets;
	(void)size;
	return SOAP_OK;
}

static struct soap *start(void)
{
	struct soap *soap = soap_new1(SOAP_C_UTFSTRING);

	soap_set_namespaces(soap, namespaces);
	soap_register_plugin(soap, http_da);
	soap->fsend = discard;
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

/* The plugin passes over such challenges; alone they leave it without an answer. */
static int wants_sha512(json_t *request)
{
	json_t *list = json_object_get(request, "www_authenticate");
	const char *only = json_string_value(json_array_get(list, 0));

	return json_array_size(list) == 1 && only && strstr(only, "SHA-512-256");
}

static json_t *respond(json_t *request)
{
	struct soap *soap = start();
	char *name = octets(request, "username", NULL),
	     *password = octets(request, "password", NULL);
	json_t *reply;

	free(sent);
	sent = NULL;
	read_challenges(soap, request);
	if (has_nul(request, "username") || has_nul(request, "password"))
		reply = unsupported("takes C strings");
	else if (!status_of(request))
		reply = unsupported("knows no such method");
	else if (strlen(json_string_value(json_object_get(request, "uri"))) >= sizeof(soap->path))
		reply = unsupported("takes targets of less than 1024 octets");
	else if (wants_sha512(request))
		reply = unsupported("knows no SHA-512-256");
	else {
		ask(soap, request, name, password);
		reply = sent ? output("authorization", sent) : refused("sent no Authorization");
	}
	free(name);
	free(password);
	end(soap);
	return reply;
}

/* The plugin always sends opaque and wants it back.  Where the vector has none, a client that was
 * sent one adds it.
 */
#define OPAQUE "5ccc069c403ebaf9"

static int offers(json_t *request, const char *list, const char *wanted)
{
	size_t i;
	json_t *one;

	json_array_foreach(json_object_get(request, list), i, one)
	{
		if (strcmp(json_string_value(one), wanted) == 0)
			return 1;
	}
	return 0;
}

/* What the plugin cannot be told to do, or NULL.  It offers MD5 and auth-int in any case. */
static const char *lack(json_t *request, const char *value)
{
	if (strstr(value, "userhash=true"))
		return "knows no userhash";
	if (strstr(value, "username*=") && !strstr(value, "username="))
		return "knows no username*";
	if (strstr(value, "SHA-512-256"))
		return "knows no SHA-512-256";
	if (!json_array_size(json_object_get(request, "qop")))
		return "always offers qop";
	if (strstr(value, "qop=auth-int") && !offers(request, "qop", "auth-int"))
		return "always offers auth-int";
	if (!strstr(value, "SHA-256") && !offers(request, "algorithms", "MD5"))
		return "always offers MD5";
	return NULL;
}

static int lacks(json_t *request, const char **why)
{
	char *value = octets(request, "authorization", NULL);

	*why = lack(request, value);
	free(value);
	return *why != NULL;
}

/* The request as it stands on the wire: the head, then the body, as a socket would give them. */
static struct wire {
	char *part[2];
	int size[2];
	int next;
} wire;

static size_t receive(struct soap *soap, char *to, size_t room)
{
	size_t n;

	(void)soap;
	if (wire.next == 2)
		return 0;
	n = (size_t)wire.size[wire.next] < room ? (size_t)wire.size[wire.next] : room;
	memcpy(to, wire.part[wire.next], n);
	wire.part[wire.next] += n;
	wire.size[wire.next] -= (int)n;
	if (wire.size[wire.next] == 0)
		wire.next++;
	return n ? n : receive(soap, to, room);
}

/* Fills wire; what is allocated lives until the program ends, which is soon. */
static void write_request(json_t *request)
{
	char *value = octets(request, "authorization", NULL);
	char *uri = octets(request, "uri", NULL), *body = octets(request, "body_hex", NULL);
	const char *opaque = json_object_get(request, "opaque") ? "" : ", opaque=\"" OPAQUE "\"";
	char *head = malloc(strlen(value) + strlen(uri) + 256);

	wire.part[1] = malloc(strlen(body) + 1);
	wire.size[1] = from_hex(body, wire.part[1]);
	wire.part[0] = head;
	wire.size[0] = sprintf(head,
			       "%s %s HTTP/1.1\r\nHost: h\r\nAuthorization: %s%s\r\n"
			       "Content-Type: text/xml\r\nContent-Length: %d\r\n\r\n",
			       json_string_value(json_object_get(request, "method")), uri, value,
			       opaque, wire.size[1]);
	wire.next = 0;
	free(value);
	free(uri);
	free(body);
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
	char *realm, *nonce, *opaque;
	const char *why;
	int valid;

	if (accounts_have_nul(request))
		return unsupported("takes C strings");
	if (lacks(request, &why))
		return unsupported(why);
	soap = start();
	realm = octets(request, "realm", NULL);
	nonce = octets(request, "nonce", NULL);
	opaque = json_object_get(request, "opaque") ? octets(request, "opaque", NULL)
						    : strdup(OPAQUE);
	write_request(request);
	http_da_session = NULL;
	http_da_session_start(realm, nonce, opaque);
	soap->frecv = receive;
	soap_begin_recv(soap); /* ends with SOAP_GET or the like for what has no body */
	valid = accepted(soap, request);
	end(soap);
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

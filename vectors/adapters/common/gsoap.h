/* gsoap.h - what gSOAP's adapters share: a context with a plugin, and messages from memory. */
#ifndef GSOAP_H
#define GSOAP_H

#include "lines.h"
#include "token.nsmap"

/* The program: what it is called, what it draws itself, and its operations. */
#define SERVE(library, own, ...)                                                                   \
	int main(void)                                                                             \
	{                                                                                          \
		const struct operation all[] = { __VA_ARGS__, { NULL, NULL } };                    \
		return serve(library, GSOAP_VERSION_TEXT, own, all);                               \
	}

/* Without a socket gSOAP would write its answers to standard output. */
static int discard(struct soap *soap, const char *octets, size_t size)
{
	(void)soap;
	(void)octets;
	(void)size;
	return SOAP_OK;
}

static void release_soap(void *soap)
{
	soap_destroy(soap);
	soap_end(soap);
	soap_free(soap);
}

static struct soap *start(int (*plugin)(struct soap *, struct soap_plugin *, void *))
{
	struct soap *soap = keep(soap_new1(SOAP_C_UTFSTRING), release_soap);

	soap_set_namespaces(soap, namespaces);
	soap_register_plugin(soap, plugin);
	soap->fsend = discard;
	return soap;
}

static const struct {
	const char *name;
	int status; /* what gSOAP calls the method */
} methods[] = {
	{ "POST", SOAP_POST }, { "GET", SOAP_GET },    { "PUT", SOAP_PUT },
	{ "HEAD", SOAP_HEAD }, { "DELETE", SOAP_DEL }, { "OPTIONS", SOAP_OPTIONS },
};

static int status_of(json_t *q)
{
	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		if (strcmp(string(q, "method"), methods[i].name) == 0)
			return methods[i].status;
	}
	return 0;
}

/* Reads a whole envelope, and keeps its header. */
static int receive_envelope(struct soap *soap, const char *envelope)
{
	soap->is = envelope;
	return soap_begin_recv(soap) || soap_envelope_begin_in(soap) || soap_recv_header(soap) ||
	       soap_body_begin_in(soap) || soap_ignore_element(soap) || soap_body_end_in(soap) ||
	       soap_envelope_end_in(soap) || soap_end_recv(soap);
}

/* A request as it stands on the wire: the head, then the body, as a socket would give them. */
static struct wire {
	const char *part[2];
	size_t size[2];
	int next;
} wire;

static size_t receive(struct soap *soap, char *to, size_t room)
{
	size_t n;

	(void)soap;
	if (wire.next == 2)
		return 0;
	n = wire.size[wire.next] < room ? wire.size[wire.next] : room;
	memcpy(to, wire.part[wire.next], n);
	wire.part[wire.next] += n;
	wire.size[wire.next] -= n;
	if (wire.size[wire.next] == 0)
		wire.next++;
	return n ? n : receive(soap, to, room);
}

static void receive_request(struct soap *soap, json_t *q, const char *more)
{
	const char *value = text(q, "authorization"), *uri = text(q, "uri");
	char *head = keep(malloc(strlen(value) + strlen(uri) + strlen(more) + 256), free);
	int size;
	size_t length;
	const char *body = octets(q, "body", &size);

	sprintf(head,
		"%s %s HTTP/1.1\r\nHost: h\r\nAuthorization: %s%s\r\n"
		"Content-Type: text/xml\r\nContent-Length: %d\r\n\r\n",
		string(q, "method"), uri, value, more, size);
	wire = (struct wire){ { head, body }, { strlen(head), (size_t)size }, 0 };
	soap->frecv = receive;
	soap_begin_recv(soap); /* ends with SOAP_GET or the like for what has no body */
	soap_http_get_body(soap, &length);
	soap_end_recv(soap);
}

static int is_realm(struct soap *soap, const char *realm)
{
	return soap->authrealm && strcmp(soap->authrealm, realm) == 0;
}

/* --- as a client --- */

/* Why a plugin cannot be asked this at all, or NULL. */
static const char *cannot_send(json_t *q)
{
	if (has_nul(q))
		return "takes C strings";
	if (!status_of(q))
		return "knows no such method";
	if (strlen(string(q, "uri")) >= sizeof(((struct soap *)0)->path))
		return "takes targets of less than 1024 octets";
	return NULL;
}

/* Whether there is one challenge, of this algorithm. */
static int only_asks(json_t *q, const char *algorithm)
{
	json_t *fields = json_object_get(q, "www_authenticate");

	return json_array_size(fields) == 1 &&
	       strstr(json_string_value(json_array_get(fields, 0)), algorithm);
}

static char *sent; /* the value of Authorization */

static int take(struct soap *soap, const char *key, const char *value)
{
	if (key && strcmp(key, "Authorization") == 0 && value)
		sent = keep(strdup(value), free);
	return SOAP_OK;
}

/* The fields of a 401, as a plugin reads them one by one. */
static void read_challenges(struct soap *soap, json_t *q)
{
	json_t *hex = json_object_get(q, "www_authenticate_hex"), *one;
	json_t *list = hex ? hex : json_object_get(q, "www_authenticate");
	size_t i;

	json_array_foreach(list, i, one)
	{
		const char *value = json_string_value(one);
		char *copy = hex ? unhex(value, NULL) : keep(strdup(value), free);

		soap->fparsehdr(soap, "WWW-Authenticate", copy);
	}
}

/* What a plugin does when a request is sent again: its hooks see the body, then the fields. */
static json_t *send_again(struct soap *soap, json_t *q)
{
	int size;
	char *body = octets(q, "body", &size);

	sent = NULL;
	soap->userid = text(q, "username");
	soap->passwd = text(q, "password");
	soap->status = status_of(q);
	soap->mode = SOAP_IO_BUFFER;
	snprintf(soap->path, sizeof(soap->path), "%s", text(q, "uri"));
	soap->fprepareinitsend(soap);
	if (size && soap->fpreparesend)
		soap->fpreparesend(soap, body, size);
	soap->fposthdr(soap, "Authorization", NULL);
	return sent ? output("authorization", sent) : refused("sent no Authorization");
}

#endif

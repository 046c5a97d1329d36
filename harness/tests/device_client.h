/* device_client.h - a small client of the reference device, for its tests.
 *
 * It runs scripts: steps parted by "|", each a list of words.
 *
 *	anon, basic, digest, token	the credentials; several may stand together
 *	b:NAME=VALUE d:... t:...	a deviation of one of them (auth/craft.h)
 *	op=GetUsers as=viewer wait=6m conn=2 path=/onvif/media_service query int sha256 sess
 *	get head post method=PROBE	another method
 *	h:NAME=VALUE			a field
 *	cookies next			those that answers have set; the nextnonce of the last
 *					answer
 *	fresh				a new challenge first
 *	soap11				an envelope of SOAP 1.1
 *	bare				Basic without its scheme
 *	body=TEXT			that body, whatever it is
 */
#ifndef TESTS_DEVICE_CLIENT_H
#define TESTS_DEVICE_CLIENT_H

#include "auth/craft.h"
#include "device/device.h"
#include "soap/soap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define CLIENT_START_MS INT64_C(1787392862000) /* 2026-08-22T10:01:02Z */

struct client {
	struct arena arena;
	struct virtual_world time, chance; /* the device's world; the client's own randomness */
	struct world world, own;
	struct device *device;
	const struct persona *persona;
	struct craft_memory memory;
	enum device_answer answer; /* of the last step */
	struct http_response response;
	struct str cookie;        /* of the last answer that set one */
	struct soap_message soap; /* of the response, when it is one */
	bool is_soap;
};

static void client_open(struct client *c, const char *persona, const char *fault, bool ignore_time)
{
	struct device_options o = { .persona = persona_find(str(persona)),
				    .ignore_time = ignore_time };
	struct err err = { 0 };

	*c = (struct client){ .persona = o.persona };
	assert_non_null(o.persona);
	if (fault) {
		o.fault[o.n_fault++] = fault_find(str(fault));
		assert_non_null(o.fault[0]);
	}
	arena_init(&c->arena, 256u << 20);
	virtual_world_init(&c->time, CLIENT_START_MS, 1);
	virtual_world_init(&c->chance, 0, 2);
	c->world = world_virtual(&c->time);
	c->own = world_virtual(&c->chance);
	c->device = device_new(&o, &c->world, &err);
	if (!c->device)
		fail_msg("%s", err.text);
}

static void client_close(struct client *c)
{
	device_free(c->device);
	arena_free(&c->arena);
}

/* --- one step --- */

struct client_step {
	bool basic, digest, token, query, auth_int, sha256, sess, fresh, bare, cookies, next,
		soap11;
	struct http_fields field;
	uint64_t connection;
	struct str method, path, user, body;
	const struct soap_operation *op;
	struct deviate deviate[MECHANISMS][4];
	size_t n_deviate[MECHANISMS];
};

static bool client_flag(struct client_step *s, struct str word)
{
	const struct {
		const char *name;
		bool *flag;
	} flags[] = {
		{ "basic", &s->basic }, { "digest", &s->digest },   { "token", &s->token },
		{ "query", &s->query }, { "int", &s->auth_int },    { "sha256", &s->sha256 },
		{ "fresh", &s->fresh }, { "bare", &s->bare },       { "sess", &s->sess },
		{ "next", &s->next },   { "cookies", &s->cookies }, { "soap11", &s->soap11 },
	};

	for (size_t i = 0; i < COUNT(flags); i++) {
		if (str_eq(word, str(flags[i].name))) {
			*flags[i].flag = true;
			return true;
		}
	}
	return str_eq(word, STR("anon"));
}

static void client_deviation(struct client_step *s, struct str word)
{
	enum mechanism mech = word.p[0] == 'b'   ? MECH_BASIC
			      : word.p[0] == 'd' ? MECH_DIGEST
						 : MECH_TOKEN;
	struct str value = str_sub(word, 2, word.n), name = str_cut(&value, '=');
	struct deviate *d = &s->deviate[mech][s->n_deviate[mech]++];

	d->d = deviation_find(mech, name);
	d->value = value;
	if (!d->d)
		fail_msg("no deviation %.*s", STR_ARG(word));
}

static void client_setting(struct client *c, struct client_step *s, struct str word)
{
	struct str value = word, name = str_cut(&value, '=');
	int64_t ms = 0;

	if (str_eq(name, STR("op")))
		s->op = soap_operation_find(value);
	else if (str_eq(name, STR("as")))
		s->user = value;
	else if (str_eq(name, STR("path")))
		s->path = value;
	else if (str_eq(name, STR("body")))
		s->body = value;
	else if (str_eq(name, STR("get")) || str_eq(name, STR("head")))
		s->method = name.p[0] == 'g' ? STR("GET") : STR("HEAD");
	else if (str_eq(name, STR("method")))
		s->method = value;
	else if (str_eq(name, STR("conn")))
		assert_int_equal(str_to_u64(value, 99, &s->connection), 0);
	else if (str_eq(name, STR("wait")) && str_to_ms(value, &ms) == 0)
		virtual_world_advance(&c->time, ms);
	else
		fail_msg("\"%.*s\" is no word of a script", STR_ARG(word));
	assert_non_null(s->op);
}

static struct client_step client_step_read(struct client *c, struct str text)
{
	struct client_step s = {
		.method = c->persona->soap ? STR("POST") : STR("GET"),
		.path = str(device_path(c->device)),
		.op = soap_operation_find(STR("GetDeviceInformation")),
		.user = persona_user(c->persona),
		.connection = 1,
	};
	struct str word;

	while ((word = str_word(&text)).n) {
		if (word.n > 2 && word.p[0] == 'h' && word.p[1] == ':') {
			struct str value = str_sub(word, 2, word.n), name = str_cut(&value, '=');

			http_add(&c->arena, &s.field, name, value);
		} else if (word.n > 2 && word.p[1] == ':')
			client_deviation(&s, word);
		else if (!client_flag(&s, word))
			client_setting(c, &s, word);
	}
	return s;
}

static struct str client_password(const struct client *c, struct str user)
{
	return str_eq(user, persona_user(c->persona)) ? persona_password(c->persona)
	       : str_eq(user, STR("operator"))        ? STR("op-secret")
						      : STR("view-secret");
}

static void client_send(struct client *c, const struct client_step *s, struct http_request *r)
{
	struct err ignored = { 0 };

	struct str cookie;

	c->answer = device_handle(c->device, &c->arena, s->connection, r, &c->response);
	cookie = http_get(&c->response.fields, "Set-Cookie");
	if (cookie.p)
		c->cookie = str_cut(&cookie, ';');
	c->is_soap = c->answer == DEVICE_ANSWERED &&
		     soap_read(&c->arena, c->response.body, &c->soap, &ignored) == 0;
}

/* Ask without credentials and take a challenge of the wanted algorithm. */
static void client_ask(struct client *c, const struct client_step *s, struct http_request bare)
{
	struct str field[8];
	struct challenge_list list = { 0 };
	struct digest_challenge d;
	struct err err = { 0 };
	size_t n;

	bare.fields = (struct http_fields){ 0 };
	client_send(c, s, &bare);
	n = http_all(&c->response.fields, "WWW-Authenticate", field, COUNT(field));
	c->memory.has_digest = false;
	if (challenge_parse(&c->arena, field, n, &list, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < list.n && !c->memory.has_digest; i++) {
		if (digest_challenge_read(&list.v[i], &d, &err) ||
		    (d.alg == HASH_SHA256) != s->sha256 || d.session != s->sess)
			continue;
		c->memory.challenge = d;
		c->memory.has_digest = true;
		c->memory.nc = 0;
	}
}

/* -1 when a deviation does not apply to these credentials. */
static int client_craft(struct client *c, const struct client_step *s, const struct http_request *r,
			enum mechanism mech, struct craft *out)
{
	struct craft_in in = {
		.account = { s->user, client_password(c, s->user) },
		.wrong_user = STR("nobody"),
		.wrong_password = STR("sesame"),
		.device_unix_ms = c->time.wall_ms + c->persona->clock_offset_ms,
		.world = &c->own,
		.request = *r,
		.origin = STR("http://camera:80"),
		.qop_auth_int = s->auth_int,
	};
	struct err err = { 0 };

	if (craft_credentials(out, &c->arena, mech, &in, &c->memory, s->deviate[mech],
			      s->n_deviate[mech], &err) == 0)
		return 0;
	if (err.code != ERR_INPUT)
		fail_msg("%s", err.text);
	return -1;
}

static void client_add_fields(struct client *c, const struct client_step *s, struct http_request *r,
			      const struct craft *craft)
{
	for (size_t i = 0; i < craft->n_field; i++) {
		struct str value = craft->field[i];

		if (s->bare)
			value = str_sub(value, strlen("Basic "), value.n);
		http_add(&c->arena, &r->fields, STR("Authorization"), value);
	}
}

static struct str client_next_nonce(const struct client *c)
{
	struct str field = http_get(&c->response.fields, "Authentication-Info");
	size_t at = str_find(field, STR("nextnonce=\""));
	struct str rest = str_sub(field, at + strlen("nextnonce=\""), field.n);

	assert_true(at != (size_t)-1);
	return str_cut(&rest, '"');
}

/* -1 when a deviation does not apply; then nothing was sent. */
static int client_step_send(struct client *c, const struct client_step *s)
{
	struct http_request r = { .method = s->method, .target = s->path, .fields = s->field };
	bool post = c->persona->soap && !str_eq(s->method, STR("GET")) &&
		    !str_eq(s->method, STR("HEAD"));
	struct craft craft = { 0 };

	if (s->query)
		r.target = arena_concat(&c->arena, s->path, STR("?x=1"));
	/* A token would be used up by asking with it. */
	if (post)
		r.body = soap_envelope(&c->arena, s->op, STR(""), STR(""));
	if (s->digest && (s->fresh || !c->memory.has_digest))
		client_ask(c, s, r);
	if (s->next)
		c->memory.challenge.nonce = client_next_nonce(c);
	if (s->token && client_craft(c, s, &r, MECH_TOKEN, &craft))
		return -1;
	if (post) {
		struct soap_parts parts = { .security = craft.token.security,
					    .body_extra = craft.token.body_extra,
					    .prologue = craft.token.prologue,
					    .ns = s->soap11 ? SOAP_NS_11 : NULL };

		r.body = soap_envelope_of(&c->arena, s->op, &parts);
	}
	if (s->body.p)
		r.body = s->body;
	if (s->digest && c->memory.has_digest) {
		if (client_craft(c, s, &r, MECH_DIGEST, &craft))
			return -1;
		client_add_fields(c, s, &r, &craft);
	}
	if (s->cookies && c->cookie.p)
		http_add(&c->arena, &r.fields, STR("Cookie"), c->cookie);
	if (s->basic) {
		if (client_craft(c, s, &r, MECH_BASIC, &craft))
			return -1;
		client_add_fields(c, s, &r, &craft);
	}
	client_send(c, s, &r);
	return 0;
}

static void client_step_run(struct client *c, struct str text)
{
	struct client_step s = client_step_read(c, text);

	if (client_step_send(c, &s))
		fail_msg("\"%.*s\" does not apply", STR_ARG(text));
}

/* A request with one deviation; -1 when it does not apply. */
static inline int client_try(struct client *c, enum mechanism mech, const struct deviate *one)
{
	struct client_step s = client_step_read(c, str(mechanism_name(mech)));

	s.deviate[mech][s.n_deviate[mech]++] = *one;
	s.query = mech == MECH_DIGEST;
	return client_step_send(c, &s);
}

static inline void client_run(struct client *c, const char *script)
{
	struct str rest = str(script);

	while (rest.n)
		client_step_run(c, str_cut(&rest, '|'));
}

static inline bool client_accepted(const struct client *c)
{
	return c->answer == DEVICE_ANSWERED && c->response.status == 200 &&
	       !(c->is_soap && c->soap.is_fault);
}

static inline bool client_stale(const struct client *c)
{
	struct str field = http_get(&c->response.fields, "WWW-Authenticate");

	return str_ifind(field, STR("stale=true")) != (size_t)-1;
}

#endif

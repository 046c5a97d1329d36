/* actor_script.h - what the tests of the scripted client share: a device that follows a script. */
#ifndef TESTS_ACTOR_SCRIPT_H
#define TESTS_ACTOR_SCRIPT_H

#include "check.h"

#include "auth/base64.h"
#include "client/actor.h"
#include "soap/soap.h"

#define ORIGIN   "http://127.0.0.1:4711"
#define SENT_MAX 64
#define WALL_MS  INT64_C(1767225600000)

/* What a device says, one after the other; the last answer stays. */
struct script {
	struct {
		int status;
		const char *field, *value; /* NULL: none */
		struct str body;
	} answer[8];
	size_t n;
	struct http_request sent[SENT_MAX];
	int origin[SENT_MAX];
	size_t n_sent;
};

static inline int answer(void *ctx, struct arena *a, uint64_t connection, int origin,
			 const struct http_request *in, struct http_response *out)
{
	struct script *s = ctx;
	size_t i = s->n_sent < s->n ? s->n_sent : s->n - 1;

	(void)connection;
	assert_true(s->n_sent < SENT_MAX);
	s->sent[s->n_sent] = *in;
	s->origin[s->n_sent++] = origin;
	*out = (struct http_response){ .status = s->answer[i].status, .body = s->answer[i].body };
	if (s->answer[i].field)
		http_add(a, &out->fields, str(s->answer[i].field), str(s->answer[i].value));
	return 0;
}

static inline void challenge(struct script *s, const char *text)
{
	s->answer[s->n].status = 401;
	s->answer[s->n].field = "WWW-Authenticate";
	s->answer[s->n++].value = text;
}

static inline void grant(struct script *s)
{
	s->answer[s->n++].status = 200;
}

static inline void grant_with(struct script *s, const char *field, const char *value)
{
	s->answer[s->n].field = field;
	s->answer[s->n].value = value;
	grant(s);
}

static inline struct actor_options options(const char *fault)
{
	struct actor_options o = { .told = { .times = 1,
					     .target = STR("/dir/index.html"),
					     .user = STR("Mufasa"),
					     .password = STR("Circle of Life") },
				   .origin = { STR(ORIGIN), STR("http://127.0.0.1:4712") },
				   .send = answer };

	if (fault) {
		o.fault = client_fault_find(str(fault));
		assert_non_null(o.fault);
		o.soap = o.fault->soap;
	}
	return o;
}

static inline int run(struct script *s, struct actor_options *o)
{
	struct virtual_world clock;
	struct world world;

	virtual_world_init(&clock, WALL_MS, 1);
	world = world_virtual(&clock);
	o->world = &world;
	o->ctx = s;
	return actor_run(o, &arena);
}

static inline struct str time_response(int hour)
{
	return soap_response_envelope(
		&arena, arena_fmt(&arena,
				  "<R xmlns=\"urn:x\"><UTCDateTime><Time><Hour>%d</Hour><Minute>0"
				  "</Minute><Second>0</Second></Time><Date><Year>2026</Year>"
				  "<Month>1</Month><Day>1</Day></Date></UTCDateTime></R>",
				  hour));
}

static inline void onvif_answer(struct script *s, int status, struct str body)
{
	s->answer[s->n].body = body;
	s->answer[s->n++].status = status;
}

static inline void onvif_script(struct script *s)
{
	onvif_answer(s, 200, time_response(5));
	onvif_answer(s, 400,
		     soap_fault_envelope(&arena, "Sender", "NotAuthorized", STR("other words")));
	onvif_answer(s, 200, soap_response_envelope(&arena, STR("<R xmlns=\"urn:x\"/>")));
}

#endif

/* Recorded conversations of the reference device: its planted faults are found in them, and nothing
 * is found in those of the right one. */
#include "check.h"

#include "client/actor.h"
#include "client/recording.h"
#include "cli/lab.h"
#include "device/device.h"

#define ORIGIN        "http://192.0.2.10:80"
#define EXCHANGES_MAX 400

/* Somebody who listens between clients and a device. */
struct tap {
	struct device *device;
	struct virtual_world clock;
	struct world world;
	struct recording rec;
	uint64_t connection;
	const char *name, *value; /* a parameter that is bent on its way; NULL: none */
	size_t keep;              /* of its octets */
};

static struct catalogue catalogue;

static int open_catalogue(void **state)
{
	struct err why;

	(void)state;
	return catalogue_load(&catalogue, NULL, &why);
}

static int close_catalogue(void **state)
{
	(void)state;
	catalogue_free(&catalogue);
	return 0;
}

/* --- what is recorded --- */

static struct str changed(struct str text, const char *name, const char *value, size_t keep)
{
	size_t at = str_find(text, str(name)), end;

	if (at == (size_t)-1)
		return text;
	at += strlen(name);
	end = at + str_chr(str_sub(text, at, text.n), '"');
	return arena_fmt(&arena, "%.*s%s%.*s", (int)(at + keep), text.p, value,
			 STR_ARG(str_sub(text, end, text.n)));
}

static struct http_request bend(const struct tap *t, const struct http_request *in)
{
	struct http_request out = *in;

	out.fields = (struct http_fields){ 0 };
	for (size_t i = 0; i < in->fields.n; i++) {
		struct str field = in->fields.v[i].value;

		if (t->name && str_ieq(in->fields.v[i].name, STR("Authorization")))
			field = changed(field, t->name, t->value, t->keep);
		http_add(&arena, &out.fields, in->fields.v[i].name, field);
	}
	return out;
}

static int through(void *ctx, struct arena *a, uint64_t connection, int origin,
		   const struct http_request *in, struct http_response *out)
{
	struct tap *t = ctx;
	struct recorded_exchange *x = &t->rec.v[t->rec.n++];
	const struct http_request sent = bend(t, in);
	enum device_answer answer;

	(void)a;
	(void)origin;
	assert_true(t->rec.n < EXCHANGES_MAX);
	virtual_world_advance(&t->clock, 2);
	*out = (struct http_response){ .status = 0 };
	answer = device_handle(t->device, &arena, connection, &sent, out);
	*x = (struct recorded_exchange){ .connection = connection + 1,
					 .server = STR("192.0.2.10:80"),
					 .wall_ms = t->clock.wall_ms,
					 .request = sent,
					 .response = *out };
	return answer == DEVICE_ANSWERED ? 0 : -1;
}

static void tap_open(struct tap *t, const struct fault *fault, const char *persona)
{
	struct device_options o = { .persona = persona_find(str(persona)) };

	*t = (struct tap){ .connection = 0 };
	if (fault)
		o.fault[o.n_fault++] = fault;
	virtual_world_init(&t->clock, LAB_WALL_MS, 1);
	t->world = world_virtual(&t->clock);
	t->device = device_new(&o, &t->world, &err);
	assert_non_null(t->device);
	t->rec.v = arena_array(&arena, struct recorded_exchange, EXCHANGES_MAX);
	t->rec.format = STR("test");
}

static void call(struct tap *t, const char *user, const char *password, const char *client_fault)
{
	struct actor_options o = { .told = { .times = 2,
					     .target = STR("/onvif/device_service?x=1"),
					     .user = str(user),
					     .password = str(password) },
				   .soap = true,
				   .origin = { STR(ORIGIN), STR("http://192.0.2.11") },
				   .send = through,
				   .ctx = t,
				   .world = &t->world };

	o.fault = client_fault ? client_fault_find(str(client_fault)) : NULL;
	assert_true(!client_fault || o.fault);
	if (str_eq(str(device_path(t->device)), STR("/"))) {
		o.soap = false;
		o.told.target = STR("/");
	}
	actor_run(&o, &arena);
}

/* The last request that was accepted; NULL: none. */
static const struct http_request *last_good(const struct tap *t)
{
	for (size_t i = t->rec.n; i-- > 0;)
		if (t->rec.v[i].response.status == 200 &&
		    (http_get(&t->rec.v[i].request.fields, "Authorization").p ||
		     str_find(t->rec.v[i].request.body, STR("UsernameToken")) != (size_t)-1))
			return &t->rec.v[i].request;
	return NULL;
}

/* The same request once more. */
static void again(struct tap *t)
{
	const struct http_request *good = last_good(t);
	struct http_response out;

	if (good)
		through(t, &arena, 1000 + t->connection++, 0, good, &out);
}

/* A client that gets one parameter wrong. */
static void bent(struct tap *t, const char *name, const char *value, size_t keep)
{
	t->name = name;
	t->value = value;
	t->keep = keep;
	call(t, "admin", "secure", NULL);
	t->name = NULL;
}

/* What an afternoon on a network brings: right and wrong passwords, replays, mistakes. */
static void afternoon(struct tap *t)
{
	call(t, "admin", "secure", NULL);
	again(t);
	bent(t, "response=\"", "", 0);
	call(t, "admin", "secure", NULL);
	bent(t, "response=\"", "", 8);
	call(t, "admin", "secure", NULL);
	bent(t, "username=\"", "nobody", 0);
	call(t, "admin", "secure", NULL);
	call(t, "admin", "wrong", NULL);
	call(t, "admin", "secure", NULL);
	call(t, "admin", "secure", "token-text");
	call(t, "admin", "secure", "token-only");
	again(t);
	call(t, "admin", "secure", NULL);
}

/* --- what is found --- */

static const struct variant_result *judged(struct tap *t, struct run_result *r, const char *id,
					   bool password)
{
	struct client_options o = { .catalogue = &catalogue, .profile = lab_everything() };

	if (password)
		o.account = (struct account){ STR("admin"), STR("secure"), 0 };
	*r = (struct run_result){ .n_variant = 0 };
	arena_init(&r->a, 256u << 20);
	if (recording_close(&t->rec, &arena, &err) || recording_judge(&t->rec, &o, r, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < r->n_variant; i++)
		if (str_eq(r->variant[i].variant->id, str(id)))
			return &r->variant[i];
	return NULL;
}

static const char *persona_of(const struct fault *f)
{
	return f && f->persona ? f->persona : "onvif";
}

static void check_case(const struct suite_case *c, const struct fault *f, const char *persona)
{
	struct tap t;
	struct run_result r;
	const struct variant_result *v;

	tap_open(&t, f, persona);
	afternoon(&t);
	v = judged(&t, &r, c->id.p, true);
	assert_non_null(v);
	if (f && v->verdict != VERDICT_FAIL)
		print_error("fault %s of %s: %.*s is %s: %.*s\n", f->name, persona, STR_ARG(c->id),
			    verdict_name(v->verdict), STR_ARG(v->message));
	if (!f && v->verdict == VERDICT_FAIL)
		print_error("clean %s: %.*s: %.*s\n", persona, STR_ARG(c->id), STR_ARG(v->message));
	assert_int_equal(v->verdict == VERDICT_FAIL, f != NULL);
	arena_free(&r.a);
	device_free(t.device);
	check_teardown(NULL);
	check_setup(NULL);
}

static void planted_faults_of_the_device_are_found(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < catalogue.n_client; i++) {
		const struct suite_case *c = &catalogue.client[i];
		struct str rest = c->kills;

		if (c->client->observed != OBSERVE_DEVICE)
			continue;
		for (struct str w = str_word(&rest); w.n; w = str_word(&rest)) {
			const struct fault *f = fault_find(w);

			assert_non_null(f);
			check_case(c, f, persona_of(f));
			check_case(c, NULL, persona_of(f));
			n++;
		}
	}
	assert_true(n >= 15);
}

static void nothing_is_made_up_without_a_password(void **state)
{
	struct tap t;
	struct run_result r;
	const struct variant_result *v;

	(void)state;
	tap_open(&t, NULL, "onvif");
	afternoon(&t);
	v = judged(&t, &r, "client-recorded.hash", false);
	assert_non_null(v);
	assert_int_equal(v->verdict, VERDICT_SKIP);
	assert_true(str_find(v->message, STR("--password-file")) != (size_t)-1);
	arena_free(&r.a);
	device_free(t.device);
}

static void the_client_of_a_recording_is_judged(void **state)
{
	static const struct {
		const char *fault, *id;
	} rows[] = {
		{ NULL, "client-recorded.nc" },
		{ "token-nonce-undecoded", "client-recorded.token.digest" },
		{ "token-text", "client-recorded.token.type" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct tap t;
		struct run_result r;
		const struct variant_result *v;

		tap_open(&t, NULL, rows[i].fault ? "token-only" : "onvif");
		call(&t, "admin", "secure", rows[i].fault);
		v = judged(&t, &r, rows[i].id, true);
		assert_non_null(v);
		if (v->verdict != (rows[i].fault ? VERDICT_FAIL : VERDICT_PASS))
			print_error("%s: %s %.*s\n", rows[i].id, verdict_name(v->verdict),
				    STR_ARG(v->message));
		assert_int_equal(v->verdict, rows[i].fault ? VERDICT_FAIL : VERDICT_PASS);
		arena_free(&r.a);
		device_free(t.device);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		CHECK(planted_faults_of_the_device_are_found),
		CHECK(nothing_is_made_up_without_a_password),
		CHECK(the_client_of_a_recording_is_judged),
	};

	return cmocka_run_group_tests(tests, open_catalogue, close_catalogue);
}

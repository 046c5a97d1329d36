/* What the client of a case is told: what to speak, and where. */
#include "suite_lab.h"

#include "client/play.h"

#define SUITE(children)                                                                            \
	"<client-suite family='x' title='X'>\n" LAB_CASE("", children) "</client-suite>\n"
#define DIGEST "<digest/>"
#define BASIC  "<basic/>"
#define OTHER  "<other text='Newauth'/>"
#define TOKEN  "<token/>"

struct stage {
	struct catalogue k;
	struct suite_variant *variant;
	struct virtual_world clock;
	struct world world;
	struct play *play;
};

static void open_stage(struct stage *s, const char *xml, bool soap)
{
	struct play_options o = { .origin = STR("http://h"), .path = STR("/c/1"), .soap = soap };
	struct err err = { 0 };
	size_t n;

	lab_init(&s->k);
	lab_add(&s->k, "client/x.xml", xml);
	assert_int_equal(suite_expand(&s->k.a, s->k.client, &s->variant, &n, &err), 0);
	o.variant = s->variant;
	virtual_world_init(&s->clock, 1790000000000, 1);
	s->world = world_virtual(&s->clock);
	s->play = play_new(&o, &s->world, &err);
	if (!s->play)
		fail_msg("%s", err.text);
}

static void close_stage(struct stage *s)
{
	play_free(s->play);
	arena_free(&s->k.a);
}

/* Of several challenges a client of HTTP chooses; a library of SOAP has to be told. */
static void it_is_told_what_to_speak(void **state)
{
	static const struct {
		const char *xml, *http, *soap;
	} rows[] = {
		{ SUITE("<challenge/>"), "digest", "digest" },
		{ SUITE("<challenge>" BASIC "</challenge>"), "basic", "basic" },
		{ SUITE("<challenge>" OTHER "</challenge>"), "any", "any" },
		{ SUITE("<challenge>" TOKEN "</challenge>"), "usernametoken", "usernametoken" },
		{ SUITE("<challenge>" BASIC DIGEST "</challenge>"), "any", "digest" },
		{ SUITE("<challenge>" OTHER DIGEST "</challenge>"), "any", "digest" },
		{ SUITE("<challenge>" DIGEST TOKEN "</challenge>"), "any", "any" },
		{ SUITE("<observe/><check is='no-userinfo'/>"), "any", "any" },
	};

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(rows); i++) {
		struct stage s;

		open_stage(&s, rows[i / 2].xml, i % 2);
		lab_str(play_scheme(s.play), i % 2 ? rows[i / 2].soap : rows[i / 2].http);
		close_stage(&s);
	}
}

static void of_soap_all_calls_are_to_one_service(void **state)
{
	static const char *const urls[][2] = {
		{ "http://h/c/1/1", "http://h/c/1/2" },
		{ "http://h/c/1/1/onvif/device_service", "http://h/c/1/1/onvif/device_service" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct stage s;
		struct str *url;
		size_t n;

		open_stage(&s, SUITE("<call times='2'/><challenge/>"), i == 1);
		url = play_urls(s.play, &s.k.a, &n);
		assert_int_equal(n, 2);
		lab_str(url[0], urls[i][0]);
		lab_str(url[1], urls[i][1]);
		close_stage(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_told_what_to_speak),
		cmocka_unit_test(of_soap_all_calls_are_to_one_service),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

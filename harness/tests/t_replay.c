/* Files that repeat one drawn spelling: written, read again, and refused where they are none. */
#include "swarm_bench.h"

static void test_replay_round_trip(void **state)
{
	struct bench b = { .r = { .exchanges = 0 } }, again = b, clean = b;
	struct redactor redactor = { .n = 0 };
	struct replay replay;
	struct arena a;
	struct err err = { 0 };
	struct str text;

	(void)state;
	arena_init(&a, 4u << 20);
	bench_run(&b, "onvif", "username-unchecked", "hostile.digest", 300);
	is_verdict(&b, VERDICT_FAIL);
	text = replay_text(&a, &redactor, &b.r, &b.r.variant[0], &swarm(&b)->group[0]);
	assert_true(str_starts(text, STR("countersign-replay 1\ncase hostile.digest\nchoices ")));
	if (replay_parse(&a, STR("x"), text, &replay, &err))
		fail_msg("%s", err.text);
	is_text(replay.case_id, "hostile.digest");
	assert_true(str_eq(replay.choices, swarm(&b)->group[0].choices));
	assert_int_equal(spell_parse(&spell_digest_hostile, replay.choices, &replay.spelling, &err),
			 0);
	again.lab.engine.replay = clean.lab.engine.replay = &replay.spelling;
	bench_run(&again, "onvif", "username-unchecked", "hostile.digest", 0);
	is_verdict(&again, VERDICT_FAIL);
	assert_int_equal(swarm(&again)->total, 1);
	assert_true(str_eq(swarm(&again)->group[0].choices, swarm(&b)->group[0].choices));
	bench_run(&clean, "onvif", NULL, "hostile.digest", 0);
	is_verdict(&clean, VERDICT_PASS);
	bench_free(&b);
	bench_free(&again);
	bench_free(&clean);
	arena_free(&a);
}

/* Octets of all kinds in what was sent: the file stays text, and reads again. */
static void test_replay_of_hostile_octets(void **state)
{
	char octets[512];
	struct spell_group g = { .choices = STR("flip=3"), .line = STR("accepts: a\nb") };
	struct suite_case c = { .id = STR("hostile.basic") };
	struct suite_variant variant = { .c = &c };
	struct variant_result v = { .variant = &variant };
	struct run_result r = { .seed = STR("a\r\ncase x") };
	struct redactor redactor = { .n = 0 };
	struct replay replay;
	struct arena a;
	struct err err = { 0 };
	struct str text;

	(void)state;
	arena_init(&a, 4u << 20);
	for (size_t i = 0; i < sizeof(octets); i++)
		octets[i] = (char)(i & 255);
	g.sent = str_n(octets, sizeof(octets));
	text = replay_text(&a, &redactor, &r, &v, &g);
	assert_true(text.n > 0);
	for (size_t i = 0; i < text.n; i++)
		assert_true(text.p[i] == '\n' || (text.p[i] >= ' ' && text.p[i] <= '~'));
	if (replay_parse(&a, STR("x"), text, &replay, &err))
		fail_msg("%s", err.text);
	is_text(replay.case_id, "hostile.basic");
	is_text(replay.choices, "flip=3");
	arena_free(&a);
}

static void test_unreadable_replays(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ "", "f:1: this is no replay file, expected \"countersign-replay 1\"" },
		{ "countersign-replay 2\ncase a\nchoices b\n",
		  "f:1: this is no replay file, expected \"countersign-replay 1\"" },
		{ "countersign-replay 1\n", "f:1: the file ends, expected a case and choices" },
		{ "countersign-replay 1\ncase hostile.digest\n",
		  "f:2: the file ends, expected a case and choices" },
		{ "countersign-replay 1\ncase a\ncase b\nchoices\n",
		  "f:3: another case or choices, expected each once" },
		{ "countersign-replay 1\nnonsense\n",
		  "f:2: expected case ID, choices NAME=N..., sent TEXT or # REMARK" },
		{ "countersign-replay 1\ncase a\x01\n",
		  "f:2: an octet that cannot be printed, expected \\xNN for it" },
	};
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 16);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct replay replay;
		struct err err = { 0 };

		assert_int_equal(replay_parse(&a, STR("f"), str(rows[i].text), &replay, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_string_equal(err.text, rows[i].want);
	}
	arena_free(&a);
}

static void open_text(const char *text, const char *want)
{
	char path[] = "replay_test_XXXXXX";
	int fd = mkstemp(path);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "w");
	struct replay replay;
	struct arena a;
	struct err err = { 0 };

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	arena_init(&a, 4u << 20);
	assert_int_equal(replay_open(&a, str(path), &catalogue, &replay, &err), want ? -1 : 0);
	if (want)
		assert_non_null(strstr(err.text, want));
	arena_free(&a);
	remove(path);
}

static void test_replays_that_fit_no_case(void **state)
{
	(void)state;
	open_text("countersign-replay 1\ncase hostile.digest\nchoices base=1 nonce=2\n", NULL);
	open_text("countersign-replay 1\r\ncase hostile.digest\r\nchoices\r\n", NULL);
	open_text("countersign-replay 1\ncase digest.order\nchoices\n",
		  "case digest.order, expected one of drawn spellings");
	open_text("countersign-replay 1\ncase no.such\nchoices\n", "case no.such, expected");
	open_text("countersign-replay 1\ncase hostile.digest\nchoices base=200\n",
		  "choice \"base=200\": expected base=1 to base=6");
	open_text("countersign-replay 1\ncase hostile.basic\nchoices nonce=1\n",
		  "hostile.basic has no such point");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replay_round_trip),
		cmocka_unit_test(test_replay_of_hostile_octets),
		cmocka_unit_test(test_unreadable_replays),
		cmocka_unit_test(test_replays_that_fit_no_case),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

/* Drawn spellings from end to end: what is shrunk to what, the same for each seed, however many
 * connections; hostile ones, and files that repeat them.
 */
#include "cli/lab.h"
#include "cli/replay.h"
#include "engine/internal.h"
#include "soap/spell_token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static struct catalogue catalogue;

static int load(void **state)
{
	struct err err = { 0 };

	(void)state;
	return catalogue_load(&catalogue, NULL, &err);
}

static int unload(void **state)
{
	(void)state;
	catalogue_free(&catalogue);
	return 0;
}

/* --- shrinking, on a target that is no more than a predicate --- */

struct fake {
	const struct spell_grammar *g;
	const char *refuses[3]; /* any of these sets of choices, all of one together */
	int asked;
};

static bool fake_refuses(struct fake *f, const struct spelling *s)
{
	f->asked++;
	for (size_t i = 0; i < COUNT(f->refuses) && f->refuses[i]; i++) {
		struct spelling part;
		struct err err = { 0 };

		assert_int_equal(spell_parse(f->g, str(f->refuses[i]), &part, &err), 0);
		if (spell_has(f->g, s, &part))
			return true;
	}
	return false;
}

static void shrinks_to(struct fake *f, const char *from, const char *want)
{
	struct arena a;
	struct spelling s;
	struct shrink shrink;
	struct err err = { 0 };
	struct str got;

	arena_init(&a, 1 << 16);
	assert_int_equal(spell_parse(f->g, str(from), &s, &err), 0);
	assert_true(fake_refuses(f, &s));
	f->asked = 0;
	shrink_start(&shrink, f->g, &s);
	while (shrink_next(&shrink))
		shrink_told(&shrink, fake_refuses(f, &shrink.trial));
	got = spell_format(&a, f->g, &shrink.now);
	if (!str_eq(got, str(want)))
		fail_msg("%s: got %.*s, want %s", from, STR_ARG(got), want);
	arena_free(&a);
}

static void test_shrinks_to_one_choice(void **state)
{
	struct fake f = { .g = &spell_digest_legal, .refuses = { "names=1" } };

	(void)state;
	shrinks_to(&f, "scheme=2 names=1 quote-nc=1 order=7 fold=1 tail=2", "names=1");
	assert_true(f.asked <= 10);
	shrinks_to(&f, "names=1", "names=1");
	assert_int_equal(f.asked, 0); /* plain is the control */
}

static void test_shrinks_to_a_pair(void **state)
{
	struct fake f = { .g = &spell_digest_legal, .refuses = { "names=2 escape=1" } };

	(void)state;
	shrinks_to(&f, "space=1 names=2 escape=1 extra=3 tail=1", "names=2 escape=1");
}

static void test_required_choices_outweigh_optional_ones(void **state)
{
	struct fake f = { .g = &spell_digest_legal, .refuses = { "fold=1", "names=1" } };

	(void)state;
	shrinks_to(&f, "names=1 fold=1", "names=1");
	shrinks_to(&f, "names=2 fold=1", "fold=1");
}

static void test_hostile_shrinks_to_the_plain_wrong_password(void **state)
{
	struct fake f = { .g = &spell_digest_hostile, .refuses = { "" } };

	(void)state;
	shrinks_to(&f, "base=2 nonce=3 flip=9", "");
}

/* --- on the reference device --- */

struct bench {
	struct run_result r;
	struct lab lab;
	struct str only;
};

static struct profile_rule all_rule = { .document = { "*", 1 } };
static struct profile everything = { .id = { "everything", 10 }, .rule = &all_rule, .n_rule = 1 };

static void bench_run(struct bench *b, const char *persona, const char *fault, const char *only,
		      uint64_t n)
{
	struct err err = { 0 };

	for (int l = LEVEL_MEASURE + 1; l < LEVEL_COUNT; l++)
		all_rule.gate[l] = true;
	all_rule.note[LEVEL_MEASURE] = true;
	b->lab.catalogue = &catalogue;
	b->lab.profile = &everything;
	b->lab.device.persona = persona_find(str(persona));
	b->lab.device.n_fault = fault != NULL;
	b->lab.device.fault[0] = fault ? fault_find(str(fault)) : NULL;
	b->lab.engine.only[0] = str(only);
	b->lab.engine.n_only = 1;
	b->lab.engine.spellings = b->lab.engine.hostile = n;
	arena_init(&b->r.a, 512u << 20);
	if (lab_run(&b->lab, &b->r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(b->r.n_variant, 1);
}

static void bench_free(struct bench *b)
{
	arena_free(&b->r.a);
}

static void is_verdict(const struct bench *b, enum verdict want)
{
	const struct variant_result *v = &b->r.variant[0];

	if (v->verdict != want)
		fail_msg("%s, want %s: %.*s", verdict_name(v->verdict), verdict_name(want),
			 STR_ARG(v->message));
}

static const struct swarm_result *swarm(const struct bench *b)
{
	assert_non_null(b->r.variant[0].swarm);
	return b->r.variant[0].swarm;
}

static void is_text(struct str got, const char *want)
{
	if (!str_eq(got, str(want)))
		fail_msg("got  %.*s\nwant %s", STR_ARG(got), want);
}

static void test_right_spellings_pass(void **state)
{
	static const char *const rows[][2] = {
		{ "http", "spelling.basic" },       { "http", "spelling.digest" },
		{ "onvif", "spelling.digest" },     { "sarix", "spelling.digest" },
		{ "token-only", "spelling.token" }, { "sarix-ldap", "spelling.token" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench b = { .r = { .exchanges = 0 } };

		bench_run(&b, rows[i][0], NULL, rows[i][1], 1000);
		is_verdict(&b, VERDICT_PASS);
		assert_int_equal(swarm(&b)->asked, 1000);
		assert_int_equal(swarm(&b)->hits, 0);
		assert_true(b.r.exchanges < 1100);
		bench_free(&b);
	}
}

static void test_hostile_spellings_are_refused(void **state)
{
	static const char *const rows[][2] = {
		{ "http", "hostile.basic" },
		{ "http", "hostile.digest" },
		{ "onvif", "hostile.digest" },
		{ "token-only", "hostile.token" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench b = { .r = { .exchanges = 0 } };

		bench_run(&b, rows[i][0], NULL, rows[i][1], 1000);
		is_verdict(&b, VERDICT_PASS);
		assert_int_equal(swarm(&b)->asked, 1000);
		/* Each with a control behind it. */
		assert_true(b.r.exchanges >= 2000);
		assert_true(b.r.variant[0].failed_logins >= 1000);
		bench_free(&b);
	}
}

static void test_refusals_are_shrunk_and_counted(void **state)
{
	struct bench b = { .r = { .exchanges = 0 } };
	const struct variant_result *v;

	(void)state;
	bench_run(&b, "onvif", "names-case-refused", "spelling.digest", 500);
	is_verdict(&b, VERDICT_FAIL);
	v = &b.r.variant[0];
	assert_int_equal(swarm(&b)->n_group, 2);
	assert_int_equal(swarm(&b)->group[0].count + swarm(&b)->group[1].count, swarm(&b)->hits);
	assert_true(swarm(&b)->hits > 50 && swarm(&b)->hits < 150);
	is_text(v->cite->clause, "rfc9110#11.2.names-case");
	assert_true(str_find(v->message, STR("refuses: parameter names in upper case (RFC 9110 "
					     "section 11.2), ")) != (size_t)-1);
	/* A control and a probe for each way, the probe with its octets. */
	assert_int_equal(v->n_step, 4);
	assert_string_equal(v->step[0].role, "control");
	assert_int_equal(v->step[0].outcome, OUTCOME_ACCEPTED);
	assert_string_equal(v->step[1].role, "probe");
	assert_true(v->step[1].outcome != OUTCOME_ACCEPTED);
	assert_true(str_eq(v->step[1].sent, swarm(&b)->group[0].sent));
	bench_free(&b);
}

static void test_hits_of_hostile_spellings(void **state)
{
	struct bench b = { .r = { .exchanges = 0 } };

	(void)state;
	bench_run(&b, "onvif", "response-empty-accepted", "hostile.digest", 300);
	is_verdict(&b, VERDICT_FAIL);
	assert_true(swarm(&b)->n_group >= 1);
	for (size_t i = 0; i < swarm(&b)->n_group; i++)
		assert_true(str_starts(swarm(&b)->group[i].line, STR("accepts: ")));
	bench_free(&b);
}

static void same_results(const struct bench *x, const struct bench *y, bool octets)
{
	const struct variant_result *v = &x->r.variant[0], *w = &y->r.variant[0];

	assert_int_equal(v->verdict, w->verdict);
	assert_true(str_eq(v->message, w->message));
	assert_int_equal(v->swarm->n_group, w->swarm->n_group);
	for (size_t i = 0; i < v->swarm->n_group; i++) {
		assert_true(str_eq(v->swarm->group[i].line, w->swarm->group[i].line));
		assert_true(str_eq(v->swarm->group[i].choices, w->swarm->group[i].choices));
		if (octets)
			assert_true(str_eq(v->swarm->group[i].sent, w->swarm->group[i].sent));
	}
}

static void test_one_seed_one_result(void **state)
{
	static const char *const rows[][2] = {
		{ "empty-member-refused", "spelling.digest" },
		{ "password-prefix-accepted", "hostile.digest" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bench a = { .lab = { .engine = { .seed = STR("7") } } };
		struct bench again = a, many = a, other = a;

		many.lab.engine.connections = 16;
		other.lab.engine.seed = STR("8");
		bench_run(&a, "onvif", rows[i][0], rows[i][1], 400);
		bench_run(&again, "onvif", rows[i][0], rows[i][1], 400);
		bench_run(&many, "onvif", rows[i][0], rows[i][1], 400);
		bench_run(&other, "onvif", rows[i][0], rows[i][1], 400);
		is_verdict(&a, VERDICT_FAIL);
		same_results(&a, &again, true);
		/* Nonces depend on the order of the answers, findings do not. */
		same_results(&a, &many, false);
		assert_false(
			str_eq(a.r.variant[0].swarm->summary, other.r.variant[0].swarm->summary));
		bench_free(&a);
		bench_free(&again);
		bench_free(&many);
		bench_free(&other);
	}
}

/* What is no fault of the spelling: nonces that serve once, lost connections, a lock. */
static void test_nonces_that_serve_once(void **state)
{
	struct bench b = { .r = { .exchanges = 0 } }, h = b;

	(void)state;
	bench_run(&b, "onvif", "nonce-one-shot", "spelling.digest", 200);
	is_verdict(&b, VERDICT_PASS);
	bench_run(&h, "onvif", "nonce-one-shot", "hostile.digest", 200);
	is_verdict(&h, VERDICT_PASS);
	bench_free(&b);
	bench_free(&h);
}

static void test_trouble_of_the_target_is_no_finding(void **state)
{
	static const char *const faults_of[] = { "env-drops", "env-reboot", "env-lockout",
						 "env-lockout-silent", "env-silent" };
	static const char *const cases[] = { "spelling.digest", "hostile.digest", "hostile.token" };

	(void)state;
	for (size_t i = 0; i < COUNT(faults_of); i++) {
		for (size_t k = 0; k < COUNT(cases); k++) {
			struct bench b = { .r = { .exchanges = 0 } };
			enum verdict v;

			bench_run(&b, "onvif", faults_of[i], cases[k], 200);
			v = b.r.variant[0].verdict;
			if (v != VERDICT_PASS && v != VERDICT_INCONCLUSIVE)
				fail_msg("%s %s: %s: %.*s", faults_of[i], cases[k], verdict_name(v),
					 STR_ARG(b.r.variant[0].message));
			bench_free(&b);
		}
	}
}

/* --- who may be sent hostile octets --- */

static enum reason skip_reason(bool lab, bool loopback, enum risk risk, uint64_t n)
{
	struct run_result r = { .exchanges = 0 };
	struct virtual_world clock;
	struct world world;
	struct err err = { 0 };
	struct engine_options o = { .catalogue = &catalogue,
				    .profile = &everything,
				    .url = STR("http://192.0.2.1/"),
				    .account = { STR("admin"), STR("secure") },
				    .only = { STR("hostile.digest") },
				    .n_only = 1,
				    .lab = lab,
				    .loopback = loopback,
				    .risk = risk,
				    .hostile = n,
				    .seed = STR("1") };
	struct engine *e;
	enum reason why;

	virtual_world_init(&clock, LAB_WALL_MS, 1);
	world = world_virtual(&clock);
	arena_init(&r.a, 64u << 20);
	e = engine_new(&o, &world, &r, &err);
	assert_non_null(e);
	assert_int_equal(r.n_variant, 1);
	why = r.variant[0].reason;
	engine_free(e);
	arena_free(&r.a);
	return why;
}

static void test_hostile_only_on_a_bench(void **state)
{
	(void)state;
	assert_int_equal(skip_reason(false, false, RISK_SAFE, 10), REASON_RISK);
	assert_int_equal(skip_reason(true, false, RISK_SAFE, 0), REASON_RISK);
	assert_int_equal(skip_reason(true, false, RISK_SAFE, 10), REASON_NONE);
	assert_int_equal(skip_reason(false, true, RISK_SAFE, 10), REASON_NONE);
	assert_int_equal(skip_reason(false, false, RISK_UNSAFE, 10), REASON_NONE);
}

/* --- replay files --- */

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
		cmocka_unit_test(test_shrinks_to_one_choice),
		cmocka_unit_test(test_shrinks_to_a_pair),
		cmocka_unit_test(test_required_choices_outweigh_optional_ones),
		cmocka_unit_test(test_hostile_shrinks_to_the_plain_wrong_password),
		cmocka_unit_test(test_right_spellings_pass),
		cmocka_unit_test(test_hostile_spellings_are_refused),
		cmocka_unit_test(test_refusals_are_shrunk_and_counted),
		cmocka_unit_test(test_hits_of_hostile_spellings),
		cmocka_unit_test(test_one_seed_one_result),
		cmocka_unit_test(test_nonces_that_serve_once),
		cmocka_unit_test(test_trouble_of_the_target_is_no_finding),
		cmocka_unit_test(test_hostile_only_on_a_bench),
		cmocka_unit_test(test_replay_round_trip),
		cmocka_unit_test(test_replay_of_hostile_octets),
		cmocka_unit_test(test_unreadable_replays),
		cmocka_unit_test(test_replays_that_fit_no_case),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

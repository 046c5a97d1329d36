/* Drawn spellings from end to end: what is shrunk to what, the same for each seed, however many
 * connections; and hostile ones.
 */
#include "swarm_bench.h"

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

static void test_silence_is_counted(void **state)
{
	struct bench b = { .r = { .exchanges = 0 } };

	(void)state;
	bench_run(&b, "http", "env-drops", "hostile.digest", 200);
	is_verdict(&b, VERDICT_PASS);
	assert_true(swarm(&b)->unanswered > 0 && swarm(&b)->unanswered < 100);
	assert_true(str_find(swarm(&b)->summary, STR(" without an answer")) != (size_t)-1);
	bench_free(&b);
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
		cmocka_unit_test(test_silence_is_counted),
		cmocka_unit_test(test_hostile_only_on_a_bench),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

/* Steps from outside: what is asked of the engine one by one, and what it tells. */
#include "cli/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TOLD_MAX 16

static struct catalogue catalogue;

static int setup(void **state)
{
	struct err err = { 0 };

	(void)state;
	return catalogue_load(&catalogue, NULL, &err);
}

static int teardown(void **state)
{
	(void)state;
	catalogue_free(&catalogue);
	return 0;
}

struct script {
	const char *const *step; /* <send>, "" a new case; ended by NULL */
	struct arena a;
	struct suite_case c;
	struct suite_variant variant;
	struct open_case open;
	struct told {
		enum verdict verdict;
		enum reason reason;
		enum outcome outcome;
		size_t controls, challenges;
		char credentials[8];
		int failed_logins;
	} told[TOLD_MAX];
	size_t n_told;
};

static enum open_next next(void *ctx)
{
	struct script *s = ctx;
	const char *step = *s->step;
	struct err err = { 0 };

	if (!step)
		return OPEN_OVER;
	s->step++;
	if (!*step)
		return OPEN_NEW;
	if (suite_send_read(&s->a, STR("test"), str(step), &s->c, &err))
		fail_msg("%s", err.text);
	s->open.unsaid = !strstr(step, "expect");
	return OPEN_STEP;
}

static void tell(void *ctx, const struct open_told *t)
{
	struct script *s = ctx;
	struct told *told = &s->told[s->n_told++];

	assert_true(s->n_told <= TOLD_MAX);
	*told = (struct told){ t->verdict, t->reason, t->outcome, 0, 0, "", t->failed_logins };
	snprintf(told->credentials, sizeof(told->credentials), "%s",
		 t->credentials ? t->credentials : "-");
	for (size_t i = 0; i < t->n_step; i++) {
		told->controls += strcmp(t->step[i].role, "control") == 0;
		told->challenges += strcmp(t->step[i].role, "challenge") == 0;
	}
}

static void script_free(struct script *s)
{
	arena_free(&s->a);
}

/* Runs the steps on the device with that fault (NULL: none). */
static void run(struct script *s, struct lab *lab, const char *fault, const char *const *step)
{
	struct run_result r = { .exchanges = 0 };
	struct err err = { 0 };

	*s = (struct script){ .step = step };
	arena_init(&s->a, 16u << 20);
	arena_init(&r.a, 64u << 20);
	s->c.step = arena_array(&s->a, struct suite_step, OPEN_STEPS);
	s->c.id = STR("open");
	s->variant = (struct suite_variant){ .c = &s->c, .id = s->c.id };
	s->open = (struct open_case){
		.variant = &s->variant, .c = &s->c, .next = next, .tell = tell, .ctx = s
	};
	lab->catalogue = &catalogue;
	lab->profile = lab_everything();
	lab->device.persona = persona_find(STR("onvif"));
	lab->device.n_fault = fault != NULL;
	lab->device.fault[0] = fault ? fault_find(str(fault)) : NULL;
	lab->engine.open = &s->open;
	if (lab_run(lab, &r, &err))
		fail_msg("%s", err.text);
	assert_int_equal(r.n_variant, 0);
	arena_free(&r.a);
}

static void is_told(const struct script *s, size_t i, enum verdict v, enum outcome o,
		    const char *credentials, size_t controls)
{
	assert_true(i < s->n_told);
	assert_int_equal(s->told[i].verdict, v);
	assert_int_equal(s->told[i].outcome, o);
	assert_string_equal(s->told[i].credentials, credentials);
	assert_int_equal(s->told[i].controls, controls);
}

static void refusals_stand_between_controls(void **state)
{
	static const char *const steps[] = {
		"<send/>",
		"<send><digest nonce='same' nc='same'/></send>",
		"<send><digest password='wrong'/></send>",
		"<send><anonymous/></send>",
		"<send replay='1'/>",
		NULL,
	};
	struct script s DEFER(script_free) = { .step = NULL };
	struct lab lab = { .engine = { .lab = true } };

	(void)state;
	run(&s, &lab, NULL, steps);
	assert_int_equal(s.n_told, 5);
	is_told(&s, 0, VERDICT_PASS, OUTCOME_ACCEPTED, "right", 0);
	is_told(&s, 1, VERDICT_PASS, OUTCOME_STALE, "right", 2);
	is_told(&s, 2, VERDICT_PASS, OUTCOME_CHALLENGED, "wrong", 2);
	is_told(&s, 3, VERDICT_PASS, OUTCOME_CHALLENGED, "-", 2);
	is_told(&s, 4, VERDICT_PASS, OUTCOME_STALE, "-", 2);
	assert_int_equal(s.told[0].challenges, 1);
	assert_int_equal(s.told[1].challenges, 0);
}

static void what_was_not_expected_is_told_as_such(void **state)
{
	static const char *const steps[] = {
		"<send/>",
		"<send><digest nonce='same' nc='same'/></send>",
		"<send expect='refused'><digest nonce='same' nc='same'/></send>",
		"",
		"<send expect='challenged'><digest password='wrong'/></send>",
		NULL,
	};
	struct script s DEFER(script_free) = { .step = NULL };
	struct lab lab = { .engine = { .lab = true } };

	(void)state;
	run(&s, &lab, "nc-unchecked", steps);
	assert_int_equal(s.n_told, 4);
	is_told(&s, 1, VERDICT_PASS, OUTCOME_ACCEPTED, "right", 2);
	is_told(&s, 2, VERDICT_FAIL, OUTCOME_ACCEPTED, "right", 2);
	assert_int_equal(s.told[2].reason, REASON_DECISION);
	is_told(&s, 3, VERDICT_PASS, OUTCOME_CHALLENGED, "wrong", 2);
	assert_int_equal(s.told[3].challenges, 1); /* the case before is forgotten */
}

/* A probe that is not what it is said to be is an error of the step. */
static void a_deviation_that_changes_nothing_is_an_error(void **state)
{
	static const char *const steps[] = {
		"<send expect='refused'><digest names='upper'/></send>",
		"<send expect='accepted'><digest password='wrong'/></send>",
		"<send/>",
		NULL,
	};
	struct script s DEFER(script_free) = { .step = NULL };
	struct lab lab = { .engine = { .lab = true } };

	(void)state;
	run(&s, &lab, NULL, steps);
	assert_int_equal(s.n_told, 3);
	assert_int_equal(s.told[1].verdict, VERDICT_ERROR);
	is_told(&s, 2, VERDICT_PASS, OUTCOME_ACCEPTED, "right", 0);
}

/* A target that locks silently: what cannot be proved is not told as a refusal. */
static void a_lock_proves_nothing(void **state)
{
	static const char *const steps[] = {
		"<send><digest password='wrong'/></send>",
		"<send><digest password='wrong'/></send>",
		"<send><digest password='wrong'/></send>",
		"<send><digest password='wrong'/></send>",
		"<send><digest password='wrong'/></send>",
		"<send><digest password='wrong'/></send>",
		NULL,
	};
	struct script s DEFER(script_free) = { .step = NULL };
	struct lab lab = { .engine = { .lab = true } };

	(void)state;
	run(&s, &lab, "env-lockout-silent", steps);
	for (size_t i = 0; i < s.n_told; i++)
		if (s.told[i].verdict == VERDICT_PASS)
			assert_int_equal(s.told[i].controls, 2);
	assert_true(s.n_told < 6 || s.told[5].verdict == VERDICT_INCONCLUSIVE);
}

static void what_is_no_send_is_refused(void **state)
{
	static const struct {
		const char *xml, *gist;
	} rows[] = {
		{ "<case/>", "<case>, expected <send>" },
		{ "<send><digest nonse='x'/></send>", "unknown attribute \"nonse\"" },
		{ "<send wait='$x'/>", "an axis, expected values" },
		{ "<send replay='1'/>", "expected a step before this one" },
		{ "<send", "-:1: " },
	};
	struct suite_step room[2] = { { .line = 0 } };
	struct suite_case c = { .step = room };
	struct arena a;

	(void)state;
	arena_init(&a, 1u << 20);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };

		assert_int_equal(suite_send_read(&a, STR("-"), str(rows[i].xml), &c, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_non_null(strstr(err.text, rows[i].gist));
		assert_int_equal(c.n_step, 0);
	}
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_stand_between_controls),
		cmocka_unit_test(what_was_not_expected_is_told_as_such),
		cmocka_unit_test(a_deviation_that_changes_nothing_is_an_error),
		cmocka_unit_test(a_lock_proves_nothing),
		cmocka_unit_test(what_is_no_send_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}

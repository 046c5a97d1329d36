/* Outcomes, levels and risks by name, and sets of outcomes. */
#include "suite_lab.h"

static unsigned parsed(const char *words)
{
	struct err err = { 0 };
	unsigned set = 0;

	if (outcome_set_parse(str(words), &set, &err))
		fail_msg("%s", err.text);
	return set;
}

static void a_word_is_its_outcome(void **state)
{
	(void)state;
	for (enum outcome o = 0; o < OUTCOMES; o++)
		assert_int_equal(parsed(outcome_name(o)), OUTCOME_BIT(o));
	assert_string_equal(outcome_name(OUTCOME_NOT_AUTHORIZED), "not-authorized");
	assert_string_equal(outcome_name(OUTCOME_TIMEOUT), "timeout");
}

static void refused_is_the_six(void **state)
{
	(void)state;
	assert_int_equal(parsed("refused"),
			 parsed("challenged stale not-authorized fault bad-request forbidden"));
	assert_int_equal(parsed("refused") & parsed("accepted locked malformed error"), 0);
}

static void any_is_what_was_answered(void **state)
{
	(void)state;
	assert_int_equal(parsed("any"), parsed("accepted refused locked malformed error"));
	assert_int_equal(parsed("any") & parsed("closed timeout"), 0);
}

static void an_unknown_word_is_named(void **state)
{
	struct err err = { 0 };
	unsigned set = 7;

	(void)state;
	assert_int_equal(outcome_set_parse(STR("refused stole"), &set, &err), -1);
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.text,
			    "\"stole\" is not an outcome, expected one of refused any accepted "
			    "challenged stale not-authorized fault bad-request forbidden locked "
			    "malformed error closed timeout");
	assert_int_equal(outcome_set_parse(STR("  "), &set, &err), -1);
	assert_int_equal(set, 7);
}

static void text_parses_back(void **state)
{
	static const unsigned all =
		OUTCOME_SET_ANSWERED | OUTCOME_BIT(OUTCOME_CLOSED) | OUTCOME_BIT(OUTCOME_TIMEOUT);
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (unsigned set = 1; set <= all; set++) {
		struct err err = { 0 };
		unsigned again = 0;

		assert_int_equal(outcome_set_parse(outcome_set_text(&a, set), &again, &err), 0);
		assert_int_equal(again, set);
		arena_free(&a);
		arena_init(&a, 1 << 20);
	}
	lab_str(outcome_set_text(&a, parsed("refused")), "refused");
	lab_str(outcome_set_text(&a, parsed("any")), "any");
	lab_str(outcome_set_text(&a, parsed("stale challenged")), "challenged stale");
	lab_str(outcome_set_text(&a, parsed("refused closed")), "refused closed");
	arena_free(&a);
}

static void levels_and_risks_have_names(void **state)
{
	(void)state;
	assert_string_equal(level_name(LEVEL_MEASURE), "measure");
	assert_string_equal(level_name(LEVEL_MUST), "must");
	assert_true(LEVEL_MUST > LEVEL_SHOULD && LEVEL_SHOULD > LEVEL_HARDENING);
	for (enum level l = 0; l < LEVEL_COUNT; l++)
		assert_int_equal(level_read(str(level_name(l))), l);
	assert_string_equal(risk_name(RISK_SAFE), "safe");
	assert_string_equal(risk_name(RISK_INTRUSIVE), "intrusive");
	assert_string_equal(risk_name(RISK_UNSAFE), "unsafe");
}

static void features_are_found_by_name(void **state)
{
	(void)state;
	assert_int_equal(suite_feature_index(STR("onvif")), 0);
	assert_int_equal(suite_feature_index(STR("digest.sha")), -1);
	assert_int_equal(suite_feature_index(STR("")), -1);
	for (int i = 0; suite_features[i].name; i++) {
		assert_int_equal(suite_feature_index(str(suite_features[i].name)), i);
		assert_true(strlen(suite_features[i].help) > 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_is_its_outcome),
		cmocka_unit_test(refused_is_the_six),
		cmocka_unit_test(any_is_what_was_answered),
		cmocka_unit_test(an_unknown_word_is_named),
		cmocka_unit_test(text_parses_back),
		cmocka_unit_test(levels_and_risks_have_names),
		cmocka_unit_test(features_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

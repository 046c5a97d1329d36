/* Profiles: what they say of a case. */
#include "suite_lab.h"

#define PROFILE(children)                                                                          \
	"<profile id='p' kind='onvif'><title>T</title><about>A</about>" children "</profile>"

static const char suite[] = LAB_OPEN
	"<case id='x.both' rev='1'>" LAB_TEXTS "<cite clause='d#1' level='hardening'/>"
	"<cite clause='e#1' level='must'/><cite clause='e#2' level='should'/><send/></case>"
	"<case id='x.soft' rev='1'>" LAB_TEXTS "<cite clause='d#1' level='may'/>"
	"<cite clause='d#2' level='hardening'/><send/></case>" LAB_CLOSE;

struct bench {
	struct catalogue k;
	const struct suite_case *both, *soft;
};

static void bench_open(struct bench *b, const char *profile)
{
	lab_load(&b->k, suite);
	lab_add(&b->k, "profiles/p.xml", profile);
	b->both = &b->k.c[0];
	b->soft = &b->k.c[1];
}

static struct case_standing standing(const struct bench *b, const struct suite_case *c)
{
	return profile_standing(&b->k.profile[0], c);
}

static void a_profile_is_read(void **state)
{
	struct bench b;
	const struct profile *p;

	(void)state;
	bench_open(&b,
		   PROFILE("<gate document='d' levels='must should'/>"
			   "<note document='d' levels='may'/><note document='*' levels='measure'/>"
			   "<except cases='x.s*' reason='because'/>"));
	p = catalogue_profile(&b.k, STR("p"));
	assert_non_null(p);
	lab_str(p->title, "T");
	lab_str(p->about, "A");
	lab_str(p->kind, "onvif");
	lab_str(p->file, "profiles/p.xml");
	assert_int_equal(p->n_rule, 2);
	assert_true(p->rule[0].gate[LEVEL_MUST] && p->rule[0].gate[LEVEL_SHOULD]);
	assert_false(p->rule[0].gate[LEVEL_MAY] || p->rule[0].note[LEVEL_MUST]);
	assert_true(p->rule[0].note[LEVEL_MAY]);
	lab_str(p->rule[1].document, "*");
	assert_int_equal(p->n_exception, 1);
	assert_null(catalogue_profile(&b.k, STR("q")));
	catalogue_free(&b.k);
}

static void the_strongest_gate_counts(void **state)
{
	struct bench b;
	struct case_standing s;

	(void)state;
	bench_open(&b, PROFILE("<gate document='*' levels='must should hardening'/>"));
	s = standing(&b, b.both);
	assert_true(s.gates);
	assert_ptr_equal(s.cite, &b.both->cite[1]);
	assert_null(s.excepted.p);
	s = standing(&b, b.soft);
	assert_true(s.gates);
	assert_ptr_equal(s.cite, &b.soft->cite[1]);
	catalogue_free(&b.k);
}

static void a_gate_beats_a_stronger_note(void **state)
{
	struct bench b;
	struct case_standing s;

	(void)state;
	bench_open(&b, PROFILE("<note document='*' levels='must should hardening'/>"
			       "<gate document='d' levels='hardening'/>"));
	s = standing(&b, b.both);
	assert_true(s.gates);
	assert_ptr_equal(s.cite, &b.both->cite[0]);
	catalogue_free(&b.k);
}

static void a_document_speaks_before_all(void **state)
{
	struct bench b;
	struct case_standing s;

	(void)state;
	bench_open(&b, PROFILE("<gate document='*' levels='must'/>"
			       "<note document='e' levels='must'/>"));
	s = standing(&b, b.both);
	assert_false(s.gates);
	assert_ptr_equal(s.cite, &b.both->cite[1]);
	s = standing(&b, b.soft);
	assert_null(s.cite);
	assert_false(s.gates);
	catalogue_free(&b.k);
}

static void an_exception_says_why(void **state)
{
	struct bench b;
	struct case_standing s;

	(void)state;
	bench_open(&b, PROFILE("<gate document='*' levels='must may'/>"
			       "<except cases='x.s*' reason='because'/>"));
	s = standing(&b, b.soft);
	assert_null(s.cite);
	lab_str(s.excepted, "because");
	s = standing(&b, b.both);
	assert_non_null(s.cite);
	assert_null(s.excepted.p);
	catalogue_free(&b.k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_profile_is_read),
		cmocka_unit_test(the_strongest_gate_counts),
		cmocka_unit_test(a_gate_beats_a_stronger_note),
		cmocka_unit_test(a_document_speaks_before_all),
		cmocka_unit_test(an_exception_says_why),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

/* X-Countersign is beside what is judged: with it or without it a run is the same, and one seed
 * gives the same octets.
 */
#include "cli/lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#define RUN_MAX (256u << 20)

static struct catalogue catalogue;

static void judge(struct run_result *r, const char *persona, const char *seed, bool no_marker)
{
	struct lab lab = { .catalogue = &catalogue,
			   .profile = lab_everything(),
			   .device = { .persona = persona_find(str(persona)) },
			   .engine = { .seed = str(seed),
				       .risk = RISK_UNSAFE,
				       .slow = true,
				       .spellings = 20,
				       .hostile = 20,
				       .keep_octets = true,
				       .no_marker = no_marker } };
	struct err err = { 0 };

	*r = (struct run_result){ .exit_code = 0 };
	arena_init(&r->a, RUN_MAX);
	if (lab_run(&lab, r, &err))
		fail_msg("%s", err.text);
	assert_true(r->count[VERDICT_PASS] > 100);
}

static bool is_marked(struct str octets)
{
	return str_find(octets, STR("\r\nX-Countersign: ")) != (size_t)-1;
}

/* Octets without the marker, in r's arena. */
static struct str stripped(struct run_result *r, struct str octets)
{
	size_t from = str_find(octets, STR("\r\nX-Countersign: ")), n;
	struct str rest;

	if (from == (size_t)-1)
		return octets;
	rest = str_sub(octets, from + 2, octets.n);
	n = str_find(rest, STR("\r\n"));
	return arena_concat(&r->a, str_sub(octets, 0, from), str_sub(rest, n, rest.n));
}

static void compare(struct run_result *a, struct run_result *b, bool strip)
{
	size_t steps = 0;

	assert_int_equal(a->n_variant, b->n_variant);
	for (size_t i = 0; i < a->n_variant; i++) {
		const struct variant_result *x = &a->variant[i], *y = &b->variant[i];

		assert_int_equal(x->verdict, y->verdict);
		assert_int_equal(x->value, y->value);
		assert_true(str_eq(x->message, y->message));
		assert_int_equal(x->n_step, y->n_step);
		for (size_t k = 0; k < x->n_step; k++, steps++) {
			struct str one = x->step[k].sent, other = y->step[k].sent;

			if (strip) { /* a case of its own has a field of that name as well */
				one = stripped(a, one);
				other = stripped(b, other);
			}
			if (!str_eq(one, other))
				fail_msg("%.*s: %.*s\n%.*s", STR_ARG(x->variant->id), STR_ARG(one),
					 STR_ARG(other));
		}
	}
	assert_true(steps > 500);
}

static void one_seed_sends_the_same_octets(void **state)
{
	struct run_result a, b, c;

	(void)state;
	judge(&a, "onvif", "1", false);
	judge(&b, "onvif", "1", false);
	judge(&c, "onvif", "2", false);
	compare(&a, &b, false);
	assert_string_equal(a.id, b.id);
	assert_string_not_equal(a.id, c.id);
	assert_int_equal(strlen(a.id), 16);
	arena_free(&a.a);
	arena_free(&b.a);
	arena_free(&c.a);
}

static void with_it_or_without_a_run_is_the_same(void **state)
{
	static const char *const names[] = { "onvif", "http" };
	struct run_result a, b;

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		judge(&a, names[i], "1", false);
		judge(&b, names[i], "1", true);
		assert_true(a.marked);
		assert_false(b.marked);
		assert_int_equal(a.exchanges, b.exchanges);
		compare(&a, &b, true);
		arena_free(&a.a);
		arena_free(&b.a);
	}
}

static bool counts_octets(const struct suite_case *c)
{
	return c->measure && str_eq(c->measure->unit, STR("octets"));
}

/* Numbers of the controls that went without, at most one; everything else is marked. */
static void one_control_goes_without(void **state)
{
	struct run_result r;
	int64_t bare = 0;

	(void)state;
	judge(&r, "onvif", "1", false);
	for (size_t i = 0; i < r.n_variant; i++)
		for (size_t k = 0; k < r.variant[i].n_step; k++) {
			const struct step_result *s = &r.variant[i].step[k];

			if (is_marked(s->sent) || counts_octets(r.variant[i].variant->c))
				continue;
			assert_string_equal(s->role, "control");
			assert_true(!bare || bare == s->number);
			bare = s->number;
		}
	assert_true(bare > 0);
	arena_free(&r.a);
}

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_seed_sends_the_same_octets),
		cmocka_unit_test(with_it_or_without_a_run_is_the_same),
		cmocka_unit_test(one_control_goes_without),
	};

	return cmocka_run_group_tests(tests, load, unload);
}

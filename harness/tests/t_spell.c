/* Every spelling of the legal grammars is right to the verifier, and every hostile one wrong, over
 * thousands of draws; each point and choice of a grammar does something; what is drawn can be
 * written down and read again.
 */
#include "craft_bench.h"

#include "auth/verify.h"
#include "soap/spell_token.h"

#include <stdio.h>

#define DRAWS 3000

/* One drawn spelling as it would be sent. */
struct letter {
	struct http_request request;
	struct spell_envelope envelope;
};

static const struct soap_operation *operation(void)
{
	return soap_operation_find(STR("GetDeviceInformation"));
}

/* -1 when the base gives no room (a short password has no prefix). */
static int write_letter(struct bench *b, const struct spell_grammar *g, const struct spelling *s,
			struct letter *out)
{
	struct deviate base;
	size_t n = spell_base(g, s, &base);

	*out = (struct letter){ .request = b->in.request };
	b->memory.nc = 0;
	if (craft_credentials(&b->craft, &b->arena, g->mech, &b->in, &b->memory, &base, n, &b->err))
		return -1;
	if (g->mech == MECH_TOKEN)
		return spell_envelope(&b->craft, operation(), g, s, &out->envelope, &b->err);
	return spell_fields(&b->craft, g, s, &out->request.fields, &b->err);
}

static struct defects judge_token(struct bench *b, const struct verify_policy *p,
				  const struct letter *l)
{
	struct soap_message m;
	struct token_result token = { 0 };
	struct err err = { 0 };

	if (soap_read(&b->arena, l->envelope.octets, &m, &err)) {
		defect_set(&token.defects, DEFECT_TOKEN_MISPLACED);
		snprintf(b->err.text, sizeof(b->err.text), "%s", err.text);
		return token.defects;
	}
	assert_int_equal(verify_token(&b->arena, p, &m.token, &token, &err), 0);
	if (m.n_token != 1 || m.n_security != 1 || m.token_in_body || m.security_foreign ||
	    m.security_elsewhere)
		defect_set(&token.defects, DEFECT_TOKEN_MISPLACED);
	return token.defects;
}

/* As a server reads it: fields without the white space around them, and unfolded. */
static void receive(struct bench *b, struct http_request *r)
{
	for (size_t i = 0; i < r->fields.n; i++)
		r->fields.v[i].value = str_trim(arena_str(&b->arena, r->fields.v[i].value));
}

static struct defects judge_letter(struct bench *b, const struct spell_grammar *g, struct letter *l)
{
	const struct digest_challenge *d = &b->memory.challenge;
	struct account account = { b->in.account.user, b->in.account.password, 0 };
	struct verify_policy p = { .account = &account,
				   .n_account = 1,
				   .realm = d->realm,
				   .offer_basic = true,
				   .offer_digest = true,
				   .algs = 1u << d->alg,
				   .qop_auth = d->qop_auth,
				   .qop_auth_int = d->qop_auth_int,
				   .opaque = d->opaque };
	struct verify_result r;
	struct err err = { 0 };

	if (g->mech == MECH_TOKEN)
		return judge_token(b, &p, l);
	receive(b, &l->request);
	assert_int_equal(verify_http(&b->arena, &p, &l->request, &r, &err), 0);
	return r.defects;
}

/* Judge one spelling in a bench of its own: defects in words, "" for none, "-" for no room. */
static void judge_one(const struct spell_grammar *g, const struct spelling *s, char *out,
		      size_t room)
{
	struct bench b;
	struct letter l;

	bench_init(&b);
	if (write_letter(&b, g, s, &l)) {
		assert_int_equal(b.err.code, ERR_INPUT);
		snprintf(out, room, "-");
	} else {
		struct defects d = judge_letter(&b, g, &l);

		snprintf(out, room, "%.*s", STR_ARG(defects_text(&b.arena, d)));
	}
	assert_true(arena_ok(&b.arena));
	bench_free(&b);
}

static void say(const struct spell_grammar *g, const struct spelling *s, const char *what)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	fail_msg("%s %.*s: %s", mechanism_name(g->mech), STR_ARG(spell_text(&a, g, s)), what);
	arena_free(&a);
}

static void each_grammar(bool hostile, void (*run)(const struct spell_grammar *g))
{
	for (int m = 0; m < MECHANISMS; m++) {
		const struct spell_grammar *g = spell_grammar((enum mechanism)m, hostile);

		assert_true(g->mech == (enum mechanism)m && g->hostile == hostile);
		assert_true(g->n <= SPELL_POINTS);
		run(g);
	}
}

/* --- thousands of draws --- */

static void draw_legal(const struct spell_grammar *g)
{
	char defects[512];
	struct err err = { 0 };

	for (uint64_t i = 0; i < DRAWS; i++) {
		struct spelling s;

		assert_int_equal(spell_draw(g, STR("legal"), i, 0, &s, &err), 0);
		judge_one(g, &s, defects, sizeof(defects));
		if (*defects)
			say(g, &s, defects);
	}
}

static void test_legal_is_right(void **state)
{
	(void)state;
	each_grammar(false, draw_legal);
}

static void draw_hostile(const struct spell_grammar *g)
{
	char defects[512];
	struct err err = { 0 };

	for (uint64_t i = 0; i < DRAWS; i++) {
		struct spelling s;

		assert_int_equal(spell_draw(g, STR("hostile"), i, 0, &s, &err), 0);
		judge_one(g, &s, defects, sizeof(defects));
		if (!*defects)
			say(g, &s, "the verifier finds it right");
	}
}

static void test_hostile_is_wrong(void **state)
{
	(void)state;
	each_grammar(true, draw_hostile);
}

/* --- each choice alone --- */

static struct str octets_of(struct bench *b, const struct spell_grammar *g,
			    const struct spelling *s)
{
	struct letter l;
	struct str out = STR("");

	if (write_letter(b, g, s, &l))
		return out;
	for (size_t i = 0; i < l.request.fields.n; i++) {
		out = arena_concat(&b->arena, out, l.request.fields.v[i].name);
		out = arena_concat(&b->arena, out, STR(":"));
		out = arena_concat(&b->arena, out, l.request.fields.v[i].value);
	}
	return g->mech == MECH_TOKEN ? l.envelope.octets : out;
}

/* It says what it does, cites a clause, and changes the octets. */
static void each_choice(const struct spell_grammar *g)
{
	for (size_t i = 0; i < g->n; i++) {
		const struct spell_point *p = &g->point[i];

		assert_true(str_chr(str(p->clause), '#') != (size_t)-1);
		for (unsigned k = 1; k <= spell_choices(p); k++) {
			struct spelling plain = { { 0 } }, s = { { 0 } };
			struct bench x, y;

			s.choice[i] = (uint8_t)k;
			bench_init(&x);
			bench_init(&y);
			if (str_eq(octets_of(&x, g, &plain), octets_of(&y, g, &s)))
				say(g, &s, "the octets are the plain ones");
			bench_free(&x);
			bench_free(&y);
		}
	}
}

static void test_each_choice_changes_octets(void **state)
{
	(void)state;
	each_grammar(false, each_choice);
	each_grammar(true, each_choice);
}

static void each_legal_choice(const struct spell_grammar *g)
{
	char defects[512];

	for (size_t i = 0; i < g->n; i++) {
		for (unsigned k = 1; k <= spell_choices(&g->point[i]); k++) {
			struct spelling s = { { 0 } };

			s.choice[i] = (uint8_t)k;
			judge_one(g, &s, defects, sizeof(defects));
			if (*defects)
				say(g, &s, defects);
		}
	}
}

static void test_each_legal_choice_is_right(void **state)
{
	(void)state;
	each_grammar(false, each_legal_choice);
}

/* No hostile base holds the proof of a password, so no repair of what follows can give one. */
static void each_base(const struct spell_grammar *g)
{
	char defects[512];

	for (unsigned k = 0; k <= spell_choices(&g->point[0]); k++) {
		struct spelling s = { { (uint8_t)k } };
		struct deviate d;

		assert_int_equal(spell_base(g, &s, &d), 1);
		assert_non_null(d.d);
		judge_one(g, &s, defects, sizeof(defects));
		if (!*defects || strcmp(defects, "-") == 0)
			say(g, &s, "no defect, or no room");
	}
}

static void test_each_base_is_wrong(void **state)
{
	(void)state;
	each_grammar(true, each_base);
}

/* --- the same seed, the same octets --- */

static void same_seed(const struct spell_grammar *g)
{
	struct err err = { 0 };
	size_t differ = 0;

	for (uint64_t i = 0; i < 200; i++) {
		struct spelling s, again, other;
		struct bench x, y;

		assert_int_equal(spell_draw(g, STR("a"), i, 0, &s, &err), 0);
		assert_int_equal(spell_draw(g, STR("a"), i, 0, &again, &err), 0);
		assert_int_equal(spell_draw(g, STR("b"), i, 0, &other, &err), 0);
		assert_memory_equal(&s, &again, sizeof(s));
		differ += memcmp(&s, &other, sizeof(s)) != 0;
		bench_init(&x);
		bench_init(&y);
		assert_true(str_eq(octets_of(&x, g, &s), octets_of(&y, g, &again)));
		bench_free(&x);
		bench_free(&y);
	}
	assert_true(differ > 100);
}

static void test_same_seed_same_octets(void **state)
{
	(void)state;
	each_grammar(false, same_seed);
	each_grammar(true, same_seed);
}

/* Every choice is drawn sooner or later. */
static void all_drawn(const struct spell_grammar *g)
{
	bool seen[SPELL_POINTS][256] = { { false } };
	struct err err = { 0 };

	for (uint64_t i = 0; i < 30000; i++) {
		struct spelling s;

		assert_int_equal(spell_draw(g, STR("all"), i, 0, &s, &err), 0);
		for (size_t k = 0; k < g->n; k++)
			seen[k][s.choice[k]] = true;
	}
	for (size_t k = 0; k < g->n; k++)
		for (unsigned c = 0; c <= spell_choices(&g->point[k]); c++)
			if (!seen[k][c])
				fail_msg("%s=%u is never drawn", g->point[k].name, c);
}

static void test_all_choices_are_drawn(void **state)
{
	(void)state;
	each_grammar(false, all_drawn);
	each_grammar(true, all_drawn);
}

/* --- written down --- */

static void round_trip(const struct spell_grammar *g)
{
	struct arena a;
	struct err err = { 0 };

	arena_init(&a, 8u << 20);
	for (uint64_t i = 0; i < 500; i++) {
		struct spelling s, back;

		assert_int_equal(spell_draw(g, STR("trip"), i, 0, &s, &err), 0);
		assert_int_equal(spell_parse(g, spell_format(&a, g, &s), &back, &err), 0);
		assert_memory_equal(&s, &back, sizeof(s));
		assert_true(spell_has(g, &s, &back));
	}
	arena_free(&a);
}

static void test_written_and_read_again(void **state)
{
	(void)state;
	each_grammar(false, round_trip);
	each_grammar(true, round_trip);
}

static void test_unreadable_choices(void **state)
{
	static const char *const bad_texts[] = {
		"names",
		"names=",
		"names=0",
		"names=3",
		"names=-1",
		"nose=1",
		"names=x",
		"=1",
		"names=1 names=2",
		"names=1=1",
		"names=99999999999999999999",
	};
	struct spelling s;

	(void)state;
	for (size_t i = 0; i < COUNT(bad_texts); i++) {
		struct err err = { 0 };

		assert_int_equal(spell_parse(&spell_digest_legal, str(bad_texts[i]), &s, &err), -1);
		assert_int_equal(err.code, ERR_INPUT);
		assert_non_null(strstr(err.text, "choice \""));
	}
}

static void test_words(void **state)
{
	struct arena a;
	struct spelling s = { { 0 } };
	struct err err = { 0 };

	(void)state;
	arena_init(&a, 1 << 16);
	assert_true(spell_is_plain(&spell_digest_legal, &s));
	is_text(spell_text(&a, &spell_digest_legal, &s), "the plain spelling");
	is_text(spell_text(&a, &spell_digest_hostile, &s), "a plain wrong password");
	assert_int_equal(
		spell_parse(&spell_digest_legal, STR("names=1 quote-nc=1 order=20"), &s, &err), 0);
	is_text(spell_text(&a, &spell_digest_legal, &s),
		"parameter names in upper case, nc as a quoted-string, the parameters in another "
		"order");
	assert_false(spell_is_plain(&spell_digest_legal, &s));
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_legal_is_right),
		cmocka_unit_test(test_hostile_is_wrong),
		cmocka_unit_test(test_each_choice_changes_octets),
		cmocka_unit_test(test_each_legal_choice_is_right),
		cmocka_unit_test(test_each_base_is_wrong),
		cmocka_unit_test(test_same_seed_same_octets),
		cmocka_unit_test(test_all_choices_are_drawn),
		cmocka_unit_test(test_written_and_read_again),
		cmocka_unit_test(test_unreadable_choices),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A challenge has the octets that suites/client/README.md says, "What a challenge is made of". */
#include "play_lab.h"

#include "client/play_parts.h"

/* Offers without a suite: kind, then name and value in turns. */
struct offer_row {
	enum offer_kind kind;
	const char *set[24];
	const char *text; /* "$N" nonce, "$O" opaque; NULL: none */
};

#define REST "nonce=\"$N\", opaque=\"$O\", algorithm=MD5, qop=\"auth\""
#define TWO  "opaque", "omit", "algorithm", "omit", "qop", "omit"

static const struct offer_row rows[] = {
	{ OFFER_DIGEST, { NULL }, "Digest realm=\"countersign\", " REST },
	/* values */
	{ OFFER_DIGEST, { "realm", "x" }, "Digest realm=\"x\", " REST },
	{ OFFER_DIGEST, { "realm", "" }, "Digest realm=\"\", " REST },
	{ OFFER_DIGEST, { "realm", "a\"b\\c" }, "Digest realm=\"a\\\"b\\\\c\", " REST },
	{ OFFER_DIGEST, { "realm", "omit" }, "Digest " REST },
	{ OFFER_DIGEST, { "realm", "=omit" }, "Digest realm=\"omit\", " REST },
	{ OFFER_DIGEST, { "realm", "==" }, "Digest realm=\"=\", " REST },
	{ OFFER_DIGEST, { "realm", "long:5" }, "Digest realm=\"rrrrr\", " REST },
	{ OFFER_DIGEST, { "realm", "x", "nonce", "n", TWO }, "Digest realm=\"x\", nonce=\"n\"" },
	{ OFFER_DIGEST, { "realm", "x", "nonce", "omit", TWO }, "Digest realm=\"x\"" },
	{ OFFER_DIGEST,
	  { "realm", "x", "nonce", "long:3", TWO },
	  "Digest realm=\"x\", nonce=\"rrr\"" },
	{ OFFER_DIGEST,
	  { "nonce", "n", "opaque", "" },
	  "Digest realm=\"countersign\", nonce=\"n\", opaque=\"\", algorithm=MD5, qop=\"auth\"" },
	{ OFFER_DIGEST,
	  { "domain", "/ http://x/" },
	  "Digest realm=\"countersign\", domain=\"/ http://x/\", " REST },
	{ OFFER_DIGEST,
	  { "stale", "TRUE" },
	  "Digest realm=\"countersign\", nonce=\"$N\", opaque=\"$O\", stale=TRUE, algorithm=MD5, "
	  "qop=\"auth\"" },
	{ OFFER_DIGEST,
	  { "algorithm", "SHA-256-sess", "qop", "auth,auth-int" },
	  "Digest realm=\"countersign\", nonce=\"$N\", opaque=\"$O\", algorithm=SHA-256-sess, "
	  "qop=\"auth,auth-int\"" },
	{ OFFER_DIGEST,
	  { "algorithm", "a b" },
	  "Digest realm=\"countersign\", nonce=\"$N\", opaque=\"$O\", algorithm=\"a b\", "
	  "qop=\"auth\"" },
	{ OFFER_DIGEST,
	  { "charset", "UTF-8", "userhash", "true" },
	  "Digest realm=\"countersign\", " REST ", charset=UTF-8, userhash=true" },
	{ OFFER_DIGEST,
	  { "extra", "auth-param=\"x\"" },
	  "Digest realm=\"countersign\", " REST ", auth-param=\"x\"" },
	/* spellings */
	{ OFFER_DIGEST,
	  { "scheme", "lower", "realm", "x", TWO },
	  "digest realm=\"x\", nonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "scheme", "upper", "realm", "x", TWO },
	  "DIGEST realm=\"x\", nonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "scheme", "mixed", "realm", "x", TWO },
	  "dIgEsT realm=\"x\", nonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "names", "upper", "realm", "x", TWO },
	  "Digest REALM=\"x\", NONCE=\"$N\"" },
	{ OFFER_DIGEST,
	  { "names", "mixed", "realm", "x", TWO },
	  "Digest rEaLm=\"x\", nOnCe=\"$N\"" },
	{ OFFER_DIGEST,
	  { "order", "reversed", "realm", "x" },
	  "Digest qop=\"auth\", algorithm=MD5, opaque=\"$O\", nonce=\"$N\", realm=\"x\"" },
	{ OFFER_DIGEST, { "order", "rotated", "realm", "x" }, "Digest " REST ", realm=\"x\"" },
	{ OFFER_DIGEST,
	  { "order", "qop-first", "realm", "x", "qop", "omit", "opaque", "omit" },
	  "Digest realm=\"x\", nonce=\"$N\", algorithm=MD5" },
	{ OFFER_DIGEST,
	  { "order", "reversed", "realm", "x", "extra", "e=1", TWO },
	  "Digest nonce=\"$N\", realm=\"x\", e=1" },
	{ OFFER_DIGEST,
	  { "commas", "tight", "realm", "x", TWO },
	  "Digest realm=\"x\",nonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "commas", "wide", "realm", "x", TWO },
	  "Digest realm=\"x\"   ,   nonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "commas", "tabs", "realm", "x", TWO },
	  "Digest realm=\"x\"\t,\tnonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "commas", "leading", "realm", "x", TWO },
	  "Digest , realm=\"x\", nonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "commas", "trailing", "realm", "x", TWO },
	  "Digest realm=\"x\", nonce=\"$N\" , " },
	{ OFFER_DIGEST,
	  { "commas", "empty", "realm", "x", TWO },
	  "Digest realm=\"x\", , ,nonce=\"$N\"" },
	{ OFFER_DIGEST,
	  { "equals", "spaced", "realm", "x", TWO },
	  "Digest realm = \"x\", nonce = \"$N\"" },
	{ OFFER_DIGEST,
	  { "quotes", "none", "realm", "x" },
	  "Digest realm=x, nonce=$N, opaque=$O, algorithm=MD5, qop=auth" },
	{ OFFER_DIGEST,
	  { "quotes", "none", "realm", "x y", TWO },
	  "Digest realm=\"x y\", nonce=$N" },
	{ OFFER_DIGEST, { "quotes", "none", "realm", "", TWO }, "Digest realm=\"\", nonce=$N" },
	{ OFFER_DIGEST,
	  { "quotes", "all", "realm", "x", "stale", "true" },
	  "Digest realm=\"x\", nonce=\"$N\", opaque=\"$O\", stale=\"true\", algorithm=\"MD5\", "
	  "qop=\"auth\"" },
	{ OFFER_DIGEST,
	  { "quotes", "pairs", "realm", "a-1B", "nonce", "0x", TWO },
	  "Digest realm=\"\\a-1\\B\", nonce=\"0\\x\"" },
	/* other kinds */
	{ OFFER_BASIC, { NULL }, "Basic realm=\"countersign\"" },
	{ OFFER_BASIC,
	  { "charset", "UTF-8", "extra", "a=b" },
	  "Basic realm=\"countersign\", charset=\"UTF-8\", a=b" },
	{ OFFER_BASIC,
	  { "scheme", "upper", "names", "upper", "equals", "spaced", "quotes", "none", "order",
	    "reversed", "commas", "tight", "charset", "UTF-8" },
	  "BASIC CHARSET = UTF-8,REALM = countersign" },
	{ OFFER_BASIC, { "realm", "omit" }, "Basic " },
	{ OFFER_TOKEN, { NULL }, NULL },
	{ OFFER_OTHER, { "text", "Negotiate" }, "Negotiate" },
	{ OFFER_OTHER, { "text", "X n={nonce}, y" }, "X n=$N, y" },
	{ OFFER_OTHER, { "text", "" }, "" },
};

static struct suite_offer offer_of(struct suite_setting *room, enum offer_kind kind,
				   const char *const *set)
{
	struct suite_offer o = { .kind = kind, .set = { room, 0 } };

	for (size_t i = 0; set[i]; i += 2)
		room[o.set.n++] = (struct suite_setting){ str(set[i]), str(set[i + 1]) };
	return o;
}

static struct stage stage;

static int stage_setup(void **state)
{
	check_setup(state);
	stage_init(&stage, STAGE_CASE("", "<challenge/>" CHECKS), 0,
		   (struct play_options){ .marker = false });
	return 0;
}

static int stage_teardown(void **state)
{
	stage_free(&stage);
	return check_teardown(state);
}

static struct str filled(const char *text)
{
	struct str out = str(text), mark = STR("$O");
	size_t at = str_find(out, mark);

	stage.nonce[0] = str(stage.p->nonce);
	if (at != (size_t)-1)
		out = arena_fmt(&arena, "%.*s%s%.*s", STR_ARG(str_sub(out, 0, at)), stage.p->opaque,
				STR_ARG(str_sub(out, at + 2, out.n)));
	return stage_filled(&stage, out);
}

static void each_setting_has_its_octets(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct suite_setting room[12];
		struct suite_offer o = offer_of(room, rows[i].kind, rows[i].set);
		struct str got = offer_text(stage.p, &arena, &o, STALE_AS_SET);
		const char *label = rows[i].set[0] ? rows[i].set[0] : "nothing set";

		assert_int_equal(!got.p, !rows[i].text);
		check_view(got, rows[i].text ? filled(rows[i].text) : got, label);
	}
}

/* stale is what the play says, whatever the case has set. */
static void stale_can_be_forced(void **state)
{
	static const struct {
		const char *set[4];
		enum staleness how;
		bool there, value;
	} stales[] = {
		{ { "stale", "true" }, STALE_AS_SET, true, true },
		{ { "stale", "false" }, STALE_AS_SET, true, false },
		{ { NULL }, STALE_AS_SET, false, false },
		{ { NULL }, STALE_TRUE, true, true },
		{ { "stale", "false" }, STALE_TRUE, true, true },
		{ { "stale", "omit" }, STALE_TRUE, true, true },
		{ { "stale", "true" }, STALE_ABSENT, false, false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(stales); i++) {
		struct suite_setting room[4];
		struct suite_offer o = offer_of(room, OFFER_DIGEST, stales[i].set);
		struct str text = offer_text(stage.p, &arena, &o, stales[i].how);
		struct challenge_list all;
		struct digest_challenge d;

		assert_int_equal(challenge_parse(&arena, &text, 1, &all, &err), 0);
		assert_int_equal(digest_challenge_read(&all.v[0], &d, &err), 0);
		assert_int_equal(d.stale, stales[i].value);
		assert_int_equal(challenge_param(&all.v[0], "stale") != NULL, stales[i].there);
	}
}

/* A nonce is new each time, unless it is to be the same. */
static void nonces_are_drawn(void **state)
{
	static const char *const same[] = { "nonce", "same", NULL }, *const none[] = { NULL };
	struct suite_setting room[2];
	const struct suite_offer fresh = offer_of(room, OFFER_DIGEST, none);
	const struct suite_offer again = offer_of(room, OFFER_DIGEST, same);
	struct str one = offer_text(stage.p, &arena, &fresh, STALE_AS_SET);
	struct str two = offer_text(stage.p, &arena, &fresh, STALE_AS_SET);

	(void)state;
	assert_false(str_eq(one, two));
	check_view(offer_text(stage.p, &arena, &again, STALE_AS_SET), two, "nonce=same");
}

static void lengths_have_a_limit(void **state)
{
	static const char *const all[][3] = {
		{ "realm", "long:65537", NULL },
		{ "realm", "long:", NULL },
		{ "realm", "long:-1", NULL },
		{ "realm", "long:18446744073709551616", NULL },
	};
	static const char *const most[] = { "realm", "long:65536", NULL };
	struct suite_setting room[2];
	struct suite_offer o = offer_of(room, OFFER_BASIC, most);

	(void)state;
	assert_int_equal(offer_text(stage.p, &arena, &o, STALE_AS_SET).n, 65536 + 14);
	for (size_t i = 0; i < COUNT(all); i++) {
		o = offer_of(room, OFFER_BASIC, all[i]);
		check_str(offer_text(stage.p, &arena, &o, STALE_AS_SET), "Basic realm=\"\"");
	}
}

/* --- each spelling is read back --- */

struct dimension {
	const char *name, *word[8];
};

static const struct dimension spellings[] = {
	{ "scheme", { NULL, "lower", "upper", "mixed" } },
	{ "names", { NULL, "upper", "mixed" } },
	{ "order", { NULL, "reversed", "rotated", "qop-first" } },
	{ "commas", { NULL, "tight", "wide", "tabs", "leading", "trailing", "empty" } },
	{ "equals", { NULL, "spaced" } },
	{ "quotes", { NULL, "none", "all", "pairs" } },
};
static const size_t choices[] = { 4, 3, 3, 7, 2, 4 };
#define COMBINATIONS (4 * 3 * 3 * 7 * 2 * 4)

/* What a client shall read: names and values, as they are set. */
static const char *const values[][20] = {
	{ "realm", "countersign", "nonce", "n", "opaque", "o", "algorithm", "MD5", "qop", "auth" },
	{ "realm", "a \"b\\\" c, d=e", "nonce", "0/+=,", "opaque", "", "algorithm", "SHA-256",
	  "qop", "auth-int, auth", "domain", "/ /x", "stale", "TRUE", "charset", "UTF-8",
	  "userhash", "true" },
	{ "realm", "M\xc3\xbcller\\", "nonce", "\\\\", "opaque", "\"", "algorithm", "MD5-sess",
	  "qop", "auth" },
};

static void check_read_back(struct str text, const char *const *set, size_t n)
{
	struct challenge_list all;
	struct str both = arena_fmt(&arena, "%.*s, %.*s", STR_ARG(text), STR_ARG(text));

	assert_int_equal(challenge_parse(&arena, &both, 1, &all, &err), 0);
	if (all.n != 2 || all.v[0].problems || all.v[1].problems)
		fail_msg("%.*s: %zu challenges", STR_ARG(both), all.n);
	for (size_t c = 0; c < all.n; c++) {
		assert_true(challenge_is(&all.v[c], "Digest"));
		assert_int_equal(all.v[c].n_param, n / 2);
		for (size_t i = 0; i < n; i += 2) {
			const struct auth_param *p = challenge_param(&all.v[c], set[i]);

			assert_non_null(p);
			check_view(p->value, str(set[i + 1]), text.p);
		}
	}
}

static void each_spelling_is_read_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMBINATIONS * COUNT(values); i++) {
		const char *const *value = values[i / COMBINATIONS];
		const char *set[40] = { NULL };
		struct suite_setting room[20];
		struct suite_offer o;
		size_t n = 0, n_value, left = i % COMBINATIONS;

		while (n < COUNT(values[0]) && value[n]) {
			set[n] = value[n];
			n++;
		}
		n_value = n;
		for (size_t d = 0; d < COUNT(spellings); d++) {
			const char *word = spellings[d].word[left % choices[d]];

			left /= choices[d];
			if (!word)
				continue;
			set[n++] = spellings[d].name;
			set[n++] = word;
		}
		o = offer_of(room, OFFER_DIGEST, set);
		check_read_back(offer_text(stage.p, &arena, &o, STALE_AS_SET), set, n_value);
		if (i % 500 == 0) {
			arena_free(&arena);
			arena_init(&arena, 16u << 20);
		}
	}
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(each_setting_has_its_octets),
		STAGED(stale_can_be_forced),
		STAGED(nonces_are_drawn),
		STAGED(lengths_have_a_limit),
		STAGED(each_spelling_is_read_back),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

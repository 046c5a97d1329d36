/* What lint finds, each finding by its exact text. */
#include "suite_lab.h"

static const char *const faults[] = { "one", "two", "?weather", NULL };

#define REQUIREMENTS                                                                               \
	"<requirements><document id='d' title='D'>\n"                                              \
	"<requirement anchor='d#1' level='must' source='S'>t</requirement>\n"                      \
	"<requirement anchor='d#2' level='should' source='S' uncased='why'>t</requirement>\n"      \
	"</document></requirements>"
#define PROFILE                                                                                    \
	"<profile id='p' kind='any'><title>T</title><about>A</about>"                              \
	"<gate document='d' levels='must'/><note document='*' levels='measure'/></profile>"

/* Lint suite, with requirements and a profile beside it; the findings are one text of lines. */
static struct str findings(struct arena *a, const char *suite, const char *requirements,
			   const char *profile)
{
	struct lint_finding *f;
	struct str text = STR("");
	struct catalogue k;
	struct err err = { 0 };
	size_t n, lines = 0;

	lab_load(&k, suite);
	lab_add(&k, "requirements.xml", requirements);
	lab_add(&k, "profiles/p.xml", profile);
	if (catalogue_lint(&k, faults, NULL, a, &f, &n, &err))
		fail_msg("%s", err.text);
	for (; f; f = f->next, lines++)
		text = arena_fmt(a, "%.*s%.*s\n", STR_ARG(text), STR_ARG(f->text));
	assert_int_equal(lines, n);
	catalogue_free(&k);
	return text;
}

static void expect_findings(const char *suite, const char *want)
{
	struct arena a;

	arena_init(&a, 1 << 20);
	lab_str(findings(&a, suite, REQUIREMENTS, PROFILE), want);
	arena_free(&a);
}

#define GOOD                               "kills='one two' failures='1' needs='digest token'"
#define EXPECT(want, attributes, children) expect_findings(LAB_SUITE(attributes, children), want)

static void a_good_catalogue_has_none(void **state)
{
	(void)state;
	EXPECT("", GOOD, "<send/><send expect='refused'><digest nonce='same' nc='same'/></send>");
	EXPECT("", GOOD,
	       "<axis name='p' values='wrong prefix'/>"
	       "<send expect='refused'><token password='$p'/></send>");
	EXPECT("", GOOD, "<send expect='refused'><anonymous/></send>");
	EXPECT("", GOOD, "<send><digest names='upper'/></send>");
}

/* Clauses of the grammar that the case does not cite, and what spellings go with. */
static void spellings(void **state)
{
	struct arena a;
	struct str got;

	(void)state;
	arena_init(&a, 1 << 20);
	got = findings(&a, LAB_SUITE(GOOD, "<spellings of='basic' kind='hostile'/>"), REQUIREMENTS,
		       PROFILE);
	assert_true(str_find(got, STR("no cite of \"rfc7617#2.validate\", expected it for point "
				      "payload")) != (size_t)-1);
	assert_true(str_find(got, STR("spellings of basic, expected needs=\"basic\"")) !=
		    (size_t)-1);
	assert_true(str_find(got, STR("hostile spellings, expected failures=\"1\" and "
				      "risk=\"unsafe\"")) != (size_t)-1);
	got = findings(&a,
		       LAB_SUITE(GOOD, "<axis name='p' values='a'/><spellings of='digest' "
				       "kind='legal'/>"),
		       REQUIREMENTS, PROFILE);
	assert_true(str_find(got, STR("right credentials with failures, expected none")) !=
		    (size_t)-1);
	assert_true(str_find(got, STR("spellings with axes or a measure, expected neither")) !=
		    (size_t)-1);
	assert_true(str_find(got, STR("spellings of digest, expected")) == (size_t)-1);
	arena_free(&a);
}

static void ids(void **state)
{
	(void)state;
	expect_findings(LAB_OPEN "<case id='y.a' rev='0' " GOOD ">" LAB_TEXTS LAB_CITE
				 "<send/></case>\n<case id='xy.a' rev='1'>" LAB_TEXTS LAB_CITE
				 "<send/></case>\n<case id='y.a' rev='1'>" LAB_TEXTS LAB_CITE
				 "<send/></case>" LAB_CLOSE,
			"x.xml:2: case \"y.a\", expected an id that begins with \"x.\"\n"
			"x.xml:2: rev=\"0\", expected 1 or more\n"
			"x.xml:4: case \"xy.a\", expected an id that begins with \"x.\"\n"
			"x.xml:6: case \"y.a\", expected an id that begins with \"x.\"\n"
			"x.xml:6: another case \"y.a\", expected each id once\n");
}

static void cites(void **state)
{
	(void)state;
	EXPECT("x.xml:2: cite of unknown \"d#9\", expected an anchor of a requirement\n", GOOD,
	       "<cite clause='d#9' level='may'/><send/>");
	EXPECT("x.xml:2: \"d#2\" is cited as must, expected its own level, should\n"
	       "requirements.xml:3: \"d#2\" is uncased, but x.a cites it, expected one or the "
	       "other\n",
	       GOOD, "<cite clause='d#2' level='must'/><send/>");
	EXPECT("x.xml:2: \"d#1\" is cited twice, expected once\n", GOOD,
	       "<cite clause='d#1' level='hardening'/><send/>");
}

static void kills_and_faults(void **state)
{
	(void)state;
	EXPECT("x.xml:2: kills \"one\" twice, expected once\n"
	       "x.xml:2: kills unknown \"three\", expected a planted fault\n",
	       "kills='one three two one'", "<send/>");
	EXPECT("kills:0: no case names fault \"two\", expected one\n", "kills='one'", "<send/>");
}

static void needs(void **state)
{
	(void)state;
	EXPECT("x.xml:2: \"qop\" is in needs and unless, expected one or the other\n"
	       "x.xml:2: needs \"basic\" twice, expected once\n",
	       "kills='one two' needs='qop basic basic' unless='tls qop'", "<send/>");
	EXPECT("x.xml:4: <digest> in a case that does not need it, expected needs=\"digest\"\n",
	       "kills='one two' needs='token'", "<send><digest/></send>");
	EXPECT("", "kills='one two' needs='digest.md5'", "<send><digest use='MD5'/></send>");
}

/* The environment may be named, and need not be. */
static void environments(void **state)
{
	(void)state;
	EXPECT("", "kills='one two weather' needs='basic'", "<send/>");
	EXPECT("x.xml:2: kills unknown \"wether\", expected a planted fault\n",
	       "kills='one two wether' needs='basic'", "<send/>");
}

static void repetitions(void **state)
{
	(void)state;
	EXPECT("", GOOD " slow='yes'", "<send repeat='101'/>");
	EXPECT("x.xml:2: a step is sent 101 times, expected slow=\"yes\"\n", GOOD,
	       "<send repeat='101'/>");
	EXPECT("x.xml:2: slow, but no step waits for more than 10 s, expected no slow\n",
	       GOOD " slow='yes'", "<send repeat='100'/>");
	EXPECT("", GOOD, "<send/><send replay='1' expect='refused'/>");
	EXPECT("", GOOD,
	       "<axis name='n' values='1 9'/><send><header name='a' length='$n'/></send>"
	       "<send repeat='$n'/>");
}

#define LOCK_OUT                                                                                   \
	"<cite clause='d#1' level='measure'/>"                                                     \
	"<sample property='p' unit='u' of='lock-out'/>"                                            \
	"<send repeat='9' until='locked' expect='refused locked'><token password='wrong'/></send>" \
	"<send/></case>" LAB_CLOSE

static void lock_outs(void **state)
{
	(void)state;
	expect_findings(
		LAB_OPEN "<case id='x.a' rev='1' risk='unsafe' " GOOD ">" LAB_TEXTS LOCK_OUT, "");
	expect_findings(LAB_OPEN "<case id='x.a' rev='1' " GOOD ">" LAB_TEXTS LOCK_OUT,
			"x.xml:2: a step expects a lock, expected risk=\"unsafe\"\n");
	EXPECT("x.xml:2: a step expects a lock, expected <sample of=\"lock-out\">\n",
	       GOOD " risk='unsafe'", "<send expect='locked'><token password='wrong'/></send>");
	/* Whoever takes any answer does not wait for a lock. */
	EXPECT("", GOOD, "<send expect='any'><token password='wrong'/></send>");
}

static void axes(void **state)
{
	(void)state;
	EXPECT("x.xml:2: axis \"b\" is not used, expected \"$b\" in a step\n", GOOD,
	       "<axis name='a' values='1h'/><axis name='b' values='1h'/>"
	       "<send expect='any'><token created='$a'/></send>");
	/* Each place that may use one. */
	EXPECT("", GOOD,
	       "<axis name='a' values='GetUsers'/><axis name='b' values='GET'/>"
	       "<axis name='c' values='q'/><axis name='d' values='1s'/><axis name='e' values='N'/>"
	       "<axis name='f' values='v'/><axis name='g' values='s'/><axis name='h' values='401'/>"
	       "<axis name='i' values='MD5'/><send operation='$a' method='$b' query='$c' wait='$d'>"
	       "<digest use='$i'/><header name='$e' value='x'/><header name='x' value='$f'/>"
	       "<security>$g</security><check is='status' value='$h'/></send>");
	EXPECT("x.xml:2: axis \"x\" beside a measure, expected another name\n"
	       "x.xml:2: the measure is not used, expected \"$x\" in a step\n"
	       "x.xml:2: a measure cites \"d#1\" as must, expected measure\n",
	       GOOD,
	       "<axis name='x' values='1h'/><measure property='p' unit='s' low='0' high='9'"
	       " resolution='1'/><send><token created='-$x'/></send>");
}

static void slowness(void **state)
{
	(void)state;
	EXPECT("x.xml:2: a step waits for 11 s, expected slow=\"yes\"\n", GOOD,
	       "<send wait='11s'/>");
	EXPECT("", GOOD, "<send wait='10s'/><send wait='10s'/>");
	EXPECT("x.xml:2: slow, but no step waits for more than 10 s, expected no slow\n",
	       GOOD " slow='yes'", "<send wait='10s'/>");
	EXPECT("x.xml:2: a step waits for 60 s, expected slow=\"yes\"\n", GOOD,
	       "<axis name='w' values='1s 1m 2s'/><send wait='$w'/>");
	expect_findings(LAB_OPEN
			"<case id='x.a' rev='1' " GOOD ">" LAB_TEXTS
			"<cite clause='d#1' level='measure'/><measure property='p' unit='s' low='0'"
			" high='1h' resolution='1'/><send wait='$x'/></case>" LAB_CLOSE,
			"x.xml:2: a step waits for 3600 s, expected slow=\"yes\"\n");
}

static void expectations(void **state)
{
	(void)state;
	EXPECT("x.xml:4: a refusal of a correct request, expected a deviation that is wrong\n",
	       GOOD, "<send expect='refused'/>");
	EXPECT("x.xml:4: wrong credentials are to be accepted, expected refused or any, or a "
	       "deviation that is right\n",
	       GOOD, "<send><digest password='wrong'/></send>");
	EXPECT("", GOOD, "<send expect='any'><digest password='wrong'/></send>");
	EXPECT("", GOOD, "<send expect='refused'><digest/><header name='a' value='b'/></send>");
	/* Together they are right: only the verifier can tell. */
	EXPECT("", GOOD, "<send><token type='text' omit='nonce-created'/></send>");
}

/* It takes a text that demands it to refuse what the specifications allow. */
static void refusals_of_right_spellings(void **state)
{
	(void)state;
	EXPECT("", GOOD, "<send expect='challenged'><digest names='upper'/></send>");
	expect_findings(LAB_OPEN "<case id='x.a' rev='1' " GOOD ">" LAB_TEXTS
				 "<cite clause='d#1' level='hardening'/>\n"
				 "<send expect='challenged'><digest names='upper'/></send></case>\n"
				 "<case id='x.b' rev='1'>" LAB_TEXTS LAB_CITE
				 "<send/></case>" LAB_CLOSE,
			"x.xml:3: a refusal of an unusual but right spelling, expected a deviation "
			"that is wrong, or a cite of must or should\n");
}

static void failures(void **state)
{
	static const char want[] =
		"x.xml:4: wrong credentials without failures, expected failures=\"1\" or more\n";

	(void)state;
	EXPECT(want, "kills='one two' needs='token'",
	       "<send expect='refused'><token password='wrong'/></send>");
	EXPECT(want, "kills='one two' needs='token'",
	       "<axis name='p' values='same empty'/><send/>"
	       "<send expect='any'><token nonce='$p'/></send>");
	EXPECT("", "kills='one two' needs='token'",
	       "<send/><send expect='refused'><token nonce='same'/></send>");
}

static void memory_of_earlier_steps(void **state)
{
	(void)state;
	EXPECT("x.xml:4: nc=\"same\" in the first step with digest, expected one before it\n", GOOD,
	       "<send expect='any'><digest nc='same'/></send>");
	EXPECT("", GOOD, "<send><digest/></send><send expect='any'><digest nc='same'/></send>");
	EXPECT("x.xml:4: nonce=\"same\" in the first step with token, expected one before it\n",
	       GOOD, "<send/><send expect='any'><token nonce='same'/></send>");
}

static void operations(void **state)
{
	(void)state;
	for (const struct soap_operation *o = soap_operations; o->name; o++) {
		struct arena a;
		struct str suite, want;

		arena_init(&a, 1 << 20);
		suite = arena_fmt(&a,
				  LAB_SUITE(GOOD, "<axis name='o' values='GetUsers %s'/>"
						  "<send operation='$o'/>"),
				  str_eq(str(o->name), STR("GetUsers")) ? "GetHostname" : o->name);
		want = o->safe ? STR("")
			       : arena_fmt(&a,
					   "x.xml:4: %s is more than reading, expected "
					   "risk=\"intrusive\" or \"unsafe\"\n",
					   o->name);
		expect_findings(suite.p, want.n ? want.p : "");
		arena_free(&a);
	}
}

static void requirements(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	lab_str(findings(&a, LAB_SUITE(GOOD, "<send/>"),
			 "<requirements><document id='d' title='D'>\n"
			 "<requirement anchor='d#1' level='must' source='S'>t</requirement>\n"
			 "<requirement anchor='d#3' level='must' source='S'>t</requirement>\n"
			 "<requirement anchor='d#1' level='must' source='S'>t</requirement>\n"
			 "</document></requirements>",
			 PROFILE),
		"requirements.xml:3: no case cites \"d#3\", expected one or uncased=\"reason\"\n"
		"requirements.xml:4: another requirement \"d#1\", expected each anchor once\n");
	arena_free(&a);
}

static void profiles(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	lab_str(findings(&a, LAB_SUITE(GOOD, "<send/>"), REQUIREMENTS,
			 "<profile id='p' kind='any'><title>T</title><about>A</about>"
			 "<gate document='e' levels='must'/><note document='*' levels='may'/>"
			 "<except cases='z.*' reason='r'/></profile>"),
		"profiles/p.xml:1: unknown document \"e\", expected one that requirements are of\n"
		"profiles/p.xml:1: \"z.*\" matches no case, expected at least one\n"
		"profiles/p.xml:1: profile \"p\" selects no case, expected at least one\n");
	arena_free(&a);
}

static void two_profiles_of_one_id(void **state)
{
	struct lint_finding *f;
	struct catalogue k;
	struct err err;
	struct arena a;
	size_t n;

	(void)state;
	arena_init(&a, 1 << 20);
	lab_load(&k, LAB_SUITE(GOOD, "<send/>"));
	lab_add(&k, "requirements.xml", REQUIREMENTS);
	lab_add(&k, "profiles/p.xml", PROFILE);
	lab_add(&k, "profiles/q.xml", PROFILE);
	/* Without names of faults, kills are not looked at. */
	assert_int_equal(catalogue_lint(&k, NULL, NULL, &a, &f, &n, &err), 0);
	assert_int_equal(n, 1);
	lab_str(f->text, "profiles/q.xml:1: another profile \"p\", expected each id once");
	catalogue_free(&k);
	arena_free(&a);
}

static void no_memory_is_an_error(void **state)
{
	struct lint_finding *f;
	struct catalogue k;
	struct err err = { 0 };
	struct arena a;
	size_t n;

	(void)state;
	arena_init(&a, 64);
	lab_load(&k, LAB_SUITE("", "<send/>"));
	assert_int_equal(catalogue_lint(&k, faults, NULL, &a, &f, &n, &err), -1);
	assert_int_equal(err.code, ERR_NOMEM);
	catalogue_free(&k);
	arena_free(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_catalogue_has_none),
		cmocka_unit_test(ids),
		cmocka_unit_test(spellings),
		cmocka_unit_test(cites),
		cmocka_unit_test(kills_and_faults),
		cmocka_unit_test(needs),
		cmocka_unit_test(axes),
		cmocka_unit_test(environments),
		cmocka_unit_test(repetitions),
		cmocka_unit_test(lock_outs),
		cmocka_unit_test(slowness),
		cmocka_unit_test(expectations),
		cmocka_unit_test(refusals_of_right_spellings),
		cmocka_unit_test(failures),
		cmocka_unit_test(memory_of_earlier_steps),
		cmocka_unit_test(operations),
		cmocka_unit_test(requirements),
		cmocka_unit_test(profiles),
		cmocka_unit_test(two_profiles_of_one_id),
		cmocka_unit_test(no_memory_is_an_error),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

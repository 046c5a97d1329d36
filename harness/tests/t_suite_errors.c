/* What is wrong in a file is said with its line, and with what was expected. */
#include "suite_lab.h"

struct row {
	const char *file, *xml, *text;
};

static void expect_errors(const struct row *row, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err err = { 0 };
		struct catalogue k;

		lab_init(&k);
		if (!suite_parse_memory(&k, lab_schemas, str(row[i].file), str(row[i].xml), &err))
			fail_msg("accepted: %s", row[i].xml);
		if (err.code != ERR_INPUT || strcmp(err.text, row[i].text) != 0)
			fail_msg("\n got %d %s\nwant %d %s", err.code, err.text, ERR_INPUT,
				 row[i].text);
		catalogue_free(&k);
	}
}

#define SUITE(text, ...)                                                                           \
	{                                                                                          \
		"x.xml", LAB_SUITE(__VA_ARGS__), "x.xml:" text                                     \
	}

static void xml_that_is_broken(void **state)
{
	static const struct row rows[] = {
		{ "x.xml", "", "x.xml:1: Document is empty" },
		{ "x.xml", "<suite>\n<case>\n</suite>",
		  "x.xml:3: Opening and ending tag mismatch: case line 2 and suite" },
		{ "x.xml", "<suite>&nbsp;</suite>", "x.xml:1: Entity 'nbsp' not defined" },
		{ "x.xml", "<suite>\n<w:a/></suite>",
		  "x.xml:2: Namespace prefix w on a is not defined" },
		{ "x.xml", "<suite family='\xff'/>", "x.xml:1: not text in UTF-8, expected XML" },
		{ "x.xml", "<?xml version='1.0'?>\n<!DOCTYPE suite [<!ENTITY a 'b'>]><suite/>",
		  "x.xml:2: a DOCTYPE, expected none" },
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

static void names_that_are_unknown(void **state)
{
	static const struct row rows[] = {
		SUITE("4: unknown attribute \"nonse\" of <basic>, expected one of user password "
		      "scheme "
		      "payload overlong fields",
		      "", "<send><basic nonse='same'/></send>"),
		SUITE("2: unknown attribute \"need\" of <case>, expected one of id rev needs "
		      "unless "
		      "failures risk slow kills field",
		      "need='qop'", "<send/>"),
		SUITE("4: unknown attribute \"x\" of <anonymous>, expected none", "",
		      "<send><anonymous x=''/></send>"),
		SUITE("4: unknown attribute \"lang\" of <send>, expected one of expect operation "
		      "method query path target envelope wait "
		      "connection challenge content cookies repeat until replay",
		      "", "<send xml:lang='en'/>"),
		SUITE("4: unknown element <digset> in <send>, expected <anonymous> <basic> "
		      "<digest> "
		      "<token> <header> <security> <check>",
		      "", "<send><digset/></send>"),
		SUITE("4: unknown element <send> in <case>, expected <title> <why> <remedy> <cite> "
		      "<axis> <measure> <sample> <spellings> <send>",
		      "", "<a:send xmlns:a='urn:a'/>"),
		SUITE("4: unknown element <b> in <digest>, expected none", "",
		      "<send><digest><b/></digest></send>"),
		{ "x.xml", "<suit/>", "x.xml:1: <suit>, expected <suite>" },
		{ "profiles/x.xml", "<suite/>", "profiles/x.xml:1: <suite>, expected <profile>" },
		{ "requirements.xml", "<profile/>",
		  "requirements.xml:1: <profile>, expected <requirements>" },
		{ "requirements/a.xml", "<suite/>",
		  "requirements/a.xml:1: <suite>, expected <requirements>" },
		{ "field.xml", "<suite/>", "field.xml:1: <suite>, expected <field>" },
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

/* The table of deviations is the list of what is expected. */
static void an_unknown_deviation_is_told_the_table(void **state)
{
	static const char start[] =
		"x.xml:5: unknown attribute \"nonse\" of <digest>, expected one of "
		"use ";
	struct err err = { 0 };
	struct catalogue k;
	struct str list;

	(void)state;
	lab_init(&k);
	assert_int_equal(suite_parse_memory(
				 &k, lab_schemas, STR("x.xml"),
				 STR(LAB_SUITE("", "<send>\n<digest nonse='same'/></send>")), &err),
			 -1);
	assert_true(str_starts(str(err.text), str(start)));
	list = str_sub(str(err.text), sizeof(start) - 1, sizeof(err.text));
	for (const struct deviation *d = deviations; d->name; d++) {
		if (d->mech == MECH_DIGEST)
			assert_true(str_has_word(list, str(d->name)));
	}
	catalogue_free(&k);
}

static void structure_that_is_wrong(void **state)
{
	static const struct row rows[] = {
		SUITE("4: text in <send>, expected <anonymous> <basic> <digest> <token> <header> "
		      "<security> <check>",
		      "", "<send>now</send>"),
		SUITE("5: <axis> behind <send> in <case>, expected <title> <why> <remedy> <cite> "
		      "<axis> <measure> <sample> <spellings> <send>",
		      "", "<send/>\n<axis name='a' values='1'/>"),
		SUITE("4: another <security> in <send>, expected one", "",
		      "<send><security/><security/></send>"),
		SUITE("4: Did not expect element send there, expected what schema/suite.rng allows",
		      "", "<spellings of='basic' kind='legal'/><send/>"),
		SUITE("4: kind=\"kind\": expected one of legal hostile", "",
		      "<spellings of='basic' kind='kind'/>"),
		SUITE("4: <spellings> without \"of\", expected one", "",
		      "<spellings kind='legal'/>"),
		SUITE("2: <case> without <send>, expected one", "", ""),
		SUITE("4: <anonymous> with credentials, expected one or the other", "",
		      "<send><anonymous/><basic/></send>"),
		SUITE("4: <header> without \"value\", expected one, or a length", "",
		      "<send><header name='a'/></send>"),
		{ "x.xml",
		  "<suite family='x' title='X'><case id='x.a' rev='1'>\n<title> </title>"
		  "<why>W</why><remedy>R</remedy>" LAB_CITE "<send/></case></suite>",
		  "x.xml:2: <title> is empty, expected text" },
		{ "x.xml",
		  "<suite family='x' title='X'><case id='x.a' rev='1'>\n<title><b/></title>"
		  "<why>W</why><remedy>R</remedy>" LAB_CITE "<send/></case></suite>",
		  "x.xml:2: unknown element <b> in <title>, expected text" },
		{ "x.xml", LAB_OPEN "<case id='x.a' rev='1'/>" LAB_CLOSE,
		  "x.xml:2: <case> without <title>, expected one" },
		{ "x.xml", LAB_OPEN "<case id='x.a'/>" LAB_CLOSE,
		  "x.xml:2: <case> without \"rev\", expected one" },
		{ "x.xml",
		  LAB_OPEN "<case id='x.a' rev='1'><title>T</title><why>W</why>" LAB_CITE
			   "<send/></case>" LAB_CLOSE,
		  "x.xml:2: <case> without <remedy>, expected one" },
		{ "x.xml", "<suite family='x' title='X'/>",
		  "x.xml:1: <suite> without <case>, expected one" },
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

static void values_of_a_case(void **state)
{
	static const struct row rows[] = {
		SUITE("2: needs=\"digset\": expected one of onvif http challenge digest.offered "
		      "basic.offered digest digest.md5 digest.sha-256 digest.sha-512-256 "
		      "digest.sess "
		      "qop qop.auth-int no-qop opaque basic token token.text token-only clock get "
		      "post "
		      "second-path tls plain rspauth letters "
		      "several-algorithms userhash charset non-ascii colon",
		      "needs='qop digset'", "<send/>"),
		SUITE("2: unless=\" \": expected at least one word", "unless=' '", "<send/>"),
		SUITE("2: failures=\"-1\": expected a number up to 1000000", "failures='-1'",
		      "<send/>"),
		SUITE("2: risk=\"none\": expected one of safe intrusive unsafe", "risk='none'",
		      "<send/>"),
		SUITE("2: slow=\"\": expected one of yes no", "slow=''", "<send/>"),
		SUITE("2: kills=\"a,b\": expected letters, digits, dots and hyphens", "kills='a,b'",
		      "<send/>"),
		SUITE("4: level=\"shall\": expected one of must should may hardening measure", "",
		      "<cite clause='a#1' level='shall'/><send/>"),
		SUITE("4: clause=\"a\": expected an anchor such as rfc7616#3.4.nc", "",
		      "<cite clause='a' level='must'/><send/>"),
		{ "x.xml", LAB_OPEN "<case id='Nonce' rev='1'/>" LAB_CLOSE,
		  "x.xml:2: id=\"Nonce\": expected an id such as digest.nc.reused" },
		{ "x.xml", "<suite family='X y' title='X'/>",
		  "x.xml:1: family=\"X y\": expected lower-case letters, digits and hyphens" },
		{ "x.xml", "<suite family='x' title=''/>",
		  "x.xml:1: title=\"\": expected some text" },
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

static void values_of_a_step(void **state)
{
	static const struct row rows[] = {
		SUITE("4: expect=\"stole\": \"stole\" is not an outcome, expected one of refused "
		      "any "
		      "accepted challenged stale not-authorized fault bad-request forbidden locked "
		      "malformed error closed timeout",
		      "", "<send expect='stole'/>"),
		SUITE("4: operation=\"Reboot\": expected an operation of the device or media "
		      "service, "
		      "such as GetUsers",
		      "", "<send operation='Reboot'/>"),
		SUITE("4: method=\"G ET\": expected a token of RFC 9110 section 5.6.2", "",
		      "<send method='G ET'/>"),
		SUITE("4: query=\"a b\": expected a query without spaces and #", "",
		      "<send query='a b'/>"),
		SUITE("4: path=\"third\": expected one of first second", "",
		      "<send path='third'/>"),
		SUITE("4: wait=\"soon\": expected a duration such as 5m10s", "",
		      "<send wait='soon'/>"),
		SUITE("4: value=\"a??b\": expected a value on one line", "",
		      "<send><header name='a' value='a&#13;&#10;b'/></send>"),
		SUITE("4: is=\"qop\": expected a check of suites/README.md, such as challenge.qop",
		      "", "<send><check is='qop'/></send>"),
		SUITE("4: check status without value, expected a number", "",
		      "<send><check is='status'/></send>"),
		SUITE("4: check rspauth with a value, expected none", "",
		      "<send><check is='rspauth' value='1'/></send>"),
		SUITE("4: use=\"MD4\": expected one of MD5 MD5-sess SHA-256 SHA-256-sess "
		      "SHA-512-256 "
		      "SHA-512-256-sess strongest",
		      "", "<send><digest use='MD4'/></send>"),
		SUITE("5: nc=\"sam\": expected one of: same lower skip zero high ahead:1 "
		      "to ahead:4096 behind:1 to behind:4096 or =TEXT",
		      "", "<send>\n<digest nc='sam'/></send>"),
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

static void repetitions(void **state)
{
	static const struct row rows[] = {
		SUITE("4: repeat=\"10001\": expected a number up to 10000", "",
		      "<send repeat='10001'/>"),
		SUITE("4: x.a: repeat=\"10001\": expected a number up to 10000", "",
		      "<measure property='p' unit='u' low='0' high='10001' resolution='1'/>"
		      "<send repeat='$x'/>"),
		SUITE("4: until=\"soon\": \"soon\" is not an outcome, expected one of refused any "
		      "accepted challenged stale not-authorized fault bad-request forbidden locked "
		      "malformed error closed timeout",
		      "", "<send repeat='2' until='soon'/>"),
		SUITE("4: until=\"accepted\", expected a repeat, and outcomes of expect", "",
		      "<send until='accepted'/>"),
		SUITE("4: until=\"locked\", expected a repeat, and outcomes of expect", "",
		      "<send repeat='2' until='locked'/>"),
		SUITE("4: replay=\"1\", expected a step before this one", "", "<send replay='1'/>"),
		SUITE("4: replay=\"0\", expected a step before this one", "",
		      "<send/><send replay='0'/>"),
		SUITE("4: replay with something to send, expected the octets alone", "",
		      "<send/><send replay='1'><anonymous/></send>"),
		SUITE("4: <header> without \"value\", expected one, or a length", "",
		      "<send><header name='a'/></send>"),
		SUITE("4: length=\"65537\": expected a number of octets up to 65536", "",
		      "<send><header name='a' length='65537'/></send>"),
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

static void axes_and_measures(void **state)
{
	static const struct row rows[] = {
		SUITE("5: unknown axis in \"$skw\", expected one of $skew", "",
		      "<axis name='skew' values='1h'/>\n<send><token created='-$skw'/></send>"),
		SUITE("4: unknown axis in \"$x</a>\", expected one of none", "",
		      "<send><security><a>$x</a></security></send>"),
		SUITE("5: x.a[skew=1y]: created=\"-1y\": expected one of: a duration such as -10m "
		      "same empty no-zone offset offset-zero fraction3 fraction9 date-only garbage "
		      "lower "
		      "leap no-seconds month-13 month-0 day-32 february-30 hour-25 minute-60 space "
		      "slashes basic short-year epoch comma dot-only zone-tight zone-hours "
		      "zone-far "
		      "zone-name zone-twice trailing plus-year zone:-840 to zone:840 wall:-840 to "
		      "wall:840 fraction:1 to "
		      "fraction:64 or =TEXT",
		      "",
		      "<axis name='skew' values='1h 1y'/>\n<send><token created='-$skew'/></send>"),
		SUITE("4: x.a[w=soon]: wait=\"soon\": expected a duration such as 5m10s", "",
		      "<axis name='w' values='1s soon'/><send wait='$w'/>"),
		SUITE("4: expect=\"$e\": \"$e\" is not an outcome, expected one of refused any "
		      "accepted challenged stale not-authorized fault bad-request forbidden locked "
		      "malformed error closed timeout",
		      "", "<axis name='e' values='refused'/><send expect='$e'/>"),
		SUITE("5: another axis \"a\", expected one of each name", "",
		      "<axis name='a' values='1'/>\n<axis name='a' values='2'/><send/>"),
		SUITE("4: \"1\" stands twice in axis \"a\", expected each value once", "",
		      "<axis name='a' values='1 2 1'/><send/>"),
		SUITE("4: high=\"7w\": expected a number, or a duration such as 7d", "",
		      "<measure property='p' unit='s' low='0' high='7w' resolution='1'/><send/>"),
		SUITE("4: low=\"10ms\": expected whole seconds", "",
		      "<measure property='p' unit='s' low='10ms' high='1' resolution='1'/><send/>"),
		SUITE("4: high=\"7d\": expected a number", "",
		      "<measure property='p' unit='uses' low='0' high='7d' "
		      "resolution='1'/><send/>"),
		SUITE("4: low above high, expected low first", "",
		      "<measure property='p' unit='s' low='2' high='1' resolution='1'/><send/>"),
		SUITE("4: <measure> and <sample> in a case, expected one of them", "",
		      "<measure property='p' unit='u' low='0' high='1' resolution='1'/><sample "
		      "property='p' unit='u' of='lock-out'/><send/><send/>"),
		SUITE("4: of=\"guess\": expected one of nonce-entropy time-difference lock-out "
		      "bare-cost",
		      "", "<sample property='p' unit='u' of='guess'/><send/>"),
		SUITE("4: n=\"1001\": expected a number up to 1000", "",
		      "<sample property='p' unit='u' of='lock-out' n='1001'/><send/><send/>"),
		SUITE("4: n=\"0\", expected 1 or more", "",
		      "<sample property='p' unit='u' of='lock-out' n='0'/><send/><send/>"),
		SUITE("2: a sample of time-difference with 1 <send>, expected 2", "",
		      "<sample property='p' unit='ms' of='time-difference'/><send/>"),
		SUITE("4: unknown axis in \"$x\", expected one of none", "",
		      "<sample property='p' unit='u' of='nonce-entropy'/><send repeat='$x'/>"),
		SUITE("4: resolution of 0, expected more", "",
		      "<measure property='p' unit='s' low='0' high='1' resolution='0'/><send/>"),
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

#define PROFILE "<profile id='p' kind='onvif'>\n<title>T</title><about>A</about>\n"
#define REQUIRE "<requirements><document id='d' title='D'>\n"

#define FIELD_ROW(attributes, want)                                                                \
	{                                                                                          \
		"field.xml",                                                                       \
			"<field><group id='DGN' title='T'>\n<row " attributes                      \
			">t</row></group></field>",                                                \
			"field.xml:2: " want                                                       \
	}

static void faults_from_the_field(void **state)
{
	static const struct row rows[] = {
		FIELD_ROW("id='DGN-1' side='lib' link='https://x.org/'",
			  "side=\"lib\": expected one of device server both client"),
		FIELD_ROW("id='DGN-1' side='both'", "<row> without \"link\", expected one"),
		FIELD_ROW("id='dgn-1' side='both' link='https://x.org/'",
			  "id=\"dgn-1\": expected a row such as DGN-09"),
		FIELD_ROW("id='DGN-' side='both' link='https://x.org/'",
			  "id=\"DGN-\": expected a row such as DGN-09"),
		FIELD_ROW("id='QOP-1' side='both' link='https://x.org/'",
			  "row \"QOP-1\", expected one of \"DGN-...\""),
		FIELD_ROW("id='DGNA-1' side='both' link='https://x.org/'",
			  "row \"DGNA-1\", expected one of \"DGN-...\""),
		FIELD_ROW("id='DGN-1' side='both' link='file:///x'",
			  "link=\"file:///x\": expected a link that begins with https://"),
		FIELD_ROW("id='DGN-1' side='both' link='https://x.org/a b'",
			  "link=\"https://x.org/a b\": expected a link that begins with https://"),
		FIELD_ROW("id='DGN-1' side='both' link='https://x.org/' cve='CVE-2011-1 2012-1'",
			  "cve=\"2012-1\": expected a number such as CVE-2011-1184"),
		FIELD_ROW("id='DGN-1' side='both' link='https://x.org/' cve='CVE-11-1'",
			  "cve=\"CVE-11-1\": expected a number such as CVE-2011-1184"),
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

static void profiles_and_requirements(void **state)
{
	static const struct row rows[] = {
		{ "profiles/p.xml", "<profile id='p' kind='rtsp'/>",
		  "profiles/p.xml:1: kind=\"rtsp\": expected one of onvif http any client" },
		{ "profiles/p.xml", PROFILE "<gate document='D' levels='must'/></profile>",
		  "profiles/p.xml:3: document=\"D\": expected the id of a document, such as "
		  "rfc7616, "
		  "or *" },
		{ "profiles/p.xml", PROFILE "<gate document='*' levels='must shall'/></profile>",
		  "profiles/p.xml:3: levels=\"shall\": expected one of must should may hardening "
		  "measure" },
		{ "profiles/p.xml",
		  PROFILE
		  "<gate document='d' levels='must'/>\n<note document='d' levels='may must'/>"
		  "</profile>",
		  "profiles/p.xml:4: must of \"d\" stands twice, expected gate or note once" },
		{ "profiles/p.xml", PROFILE "<except cases='a b' reason='r'/></profile>",
		  "profiles/p.xml:3: cases=\"a b\": expected a pattern of case ids, such as "
		  "token.text.*" },
		{ "requirements.xml",
		  REQUIRE "<requirement anchor='d#1' level='must'>t</requirement></document>"
			  "</requirements>",
		  "requirements.xml:2: <requirement> without \"source\", expected one" },
		{ "requirements.xml",
		  REQUIRE
		  "<requirement anchor='e#1' level='must' source='s'>t</requirement></document>"
		  "</requirements>",
		  "requirements.xml:2: anchor \"e#1\", expected one of \"d#...\"" },
		/* What only the schema says. */
		{ "profiles/p.xml",
		  "<profile id='p' kind='any'>\n<about>A</about>\n<title>T</title></profile>",
		  "profiles/p.xml:2: Did not expect element about there, expected what "
		  "schema/profile.rng allows" },
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

static void a_file_has_a_cap(void **state)
{
	struct arena a;
	struct catalogue k;
	struct err err = { 0 };
	char *text;

	(void)state;
	arena_init(&a, 2 * SUITE_FILE_MAX);
	text = arena_alloc(&a, SUITE_FILE_MAX + 1);
	assert_non_null(text);
	memset(text, ' ', SUITE_FILE_MAX + 1);
	lab_init(&k);
	assert_int_equal(suite_parse_memory(&k, lab_schemas, STR("x.xml"),
					    str_n(text, SUITE_FILE_MAX + 1), &err),
			 -1);
	assert_int_equal(err.code, ERR_LIMIT);
	assert_string_equal(err.text, "x.xml: 1048577 octets, expected at most 1048576");
	assert_int_equal(suite_parse_memory(&k, lab_schemas, STR("x.xml"),
					    str_n(text, SUITE_FILE_MAX), &err),
			 -1);
	assert_int_equal(err.code, ERR_INPUT);
	text[0] = '\0';
	assert_int_equal(suite_parse_memory(&k, lab_schemas, STR("x.xml"), str_n(text, 1), &err),
			 -1);
	assert_string_equal(err.text, "x.xml:1: not text in UTF-8, expected XML");
	catalogue_free(&k);
	arena_free(&a);
}

/* Entities cannot multiply: the DOCTYPE ends the parse before its subset is read. */
static void the_laughs_are_refused(void **state)
{
	static const struct row rows[] = {
		{ "x.xml",
		  "<!DOCTYPE s [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;'>"
		  "<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]>\n<suite family='&c;&c;&c;' title='t'/>",
		  "x.xml:1: a DOCTYPE, expected none" },
		{ "x.xml", "<!DOCTYPE s SYSTEM 'file:///etc/passwd'>\n<suite/>",
		  "x.xml:1: a DOCTYPE, expected none" },
	};

	(void)state;
	expect_errors(rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xml_that_is_broken),
		cmocka_unit_test(names_that_are_unknown),
		cmocka_unit_test(an_unknown_deviation_is_told_the_table),
		cmocka_unit_test(structure_that_is_wrong),
		cmocka_unit_test(values_of_a_case),
		cmocka_unit_test(values_of_a_step),
		cmocka_unit_test(repetitions),
		cmocka_unit_test(axes_and_measures),
		cmocka_unit_test(faults_from_the_field),
		cmocka_unit_test(profiles_and_requirements),
		cmocka_unit_test(a_file_has_a_cap),
		cmocka_unit_test(the_laughs_are_refused),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

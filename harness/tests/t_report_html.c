/* The page: XML as well as HTML, harmless whatever a device said, with everything that counts. */
#include "run_fixture.h"

#include "engine/cause.h"
#include "report/html.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

static char *text_of(struct run_fixture *f, size_t *n)
{
	struct err err = { 0 };

	if (report_html(&f->r, &f->o, f->path, &err))
		fail_msg("%s", err.text);
	return run_fixture_read(f, n);
}

/* The page as XML: an open tag that hostile text closed would end it. */
static xmlDocPtr page(struct run_fixture *f)
{
	size_t n;
	char *text = text_of(f, &n);
	xmlDocPtr doc = xmlReadMemory(text, (int)n, "report.html", NULL, XML_PARSE_NONET);

	assert_non_null(doc);
	free(text);
	return doc;
}

static size_t count(xmlDocPtr doc, const char *path)
{
	xmlXPathContextPtr context = xmlXPathNewContext(doc);
	xmlXPathObjectPtr found;
	size_t n;

	xmlXPathRegisterNs(context, (const xmlChar *)"h",
			   (const xmlChar *)"http://www.w3.org/1999/xhtml");
	found = xmlXPathEvalExpression((const xmlChar *)path, context);
	assert_non_null(found);
	n = found->nodesetval ? (size_t)found->nodesetval->nodeNr : 0;
	xmlXPathFreeObject(found);
	xmlXPathFreeContext(context);
	return n;
}

/* They are hashed as they stand, and read as HTML or as XML. */
static void style_and_script_need_no_escapes(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct embedded_file *e = html_page; e->name; e++, n++)
		for (size_t i = 0; i < e->n; i++)
			if (strchr("<&\r", e->octets[i]))
				fail_msg("%s: octet %zu is \"%c\"", e->name, i, e->octets[i]);
	assert_int_equal(n, 2);
	assert_true(embedded_find(html_page, STR("page.css")).n > 0);
	assert_true(embedded_find(html_page, STR("page.js")).n > 0);
	assert_null(embedded_find(html_page, STR("page")).p);
}

static void the_parts_of_the_page_are_there(void **state)
{
	static const struct {
		const char *path;
		size_t n;
	} parts[] = {
		{ "//h:meta[@http-equiv='Content-Security-Policy']", 1 },
		{ "//h:style", 1 },
		{ "//h:script", 1 },
		{ "//h:h1[.='Fail']", 1 },
		{ "//h:section[@id='device']//h:caption", 4 },
		{ "//h:td[@class='sum']", 2 },
		{ "//h:section[@id='device']//h:div[.='issued by itself, expired']", 1 },
		{ "//h:section[@id='failures']/h:details[@open]", 2 },
		{ "//h:section[@id='errors']/h:details", 1 },
		{ "//h:section[@id='warnings']/h:details", 2 },
		{ "//h:section[@id='numbers']//h:tr", 1 },
		{ "//h:section[@id='cases']//h:details[@class='case']", FIXTURE_CASES },
		{ "//h:section[@id='cases']//h:li[@data-v]", FIXTURE_VARIANTS },
		{ "//h:li[contains(@class,'deciding')]//h:em", 2 + 2 + 5 + 1 },
	};
	struct run_fixture f;
	xmlDocPtr doc;

	(void)state;
	run_fixture_start(&f, STR("one & two"));
	doc = page(&f);
	for (size_t i = 0; i < COUNT(parts); i++)
		if (count(doc, parts[i].path) != parts[i].n)
			fail_msg("%s: %zu", parts[i].path, count(doc, parts[i].path));
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

static void the_words_of_a_finding_are_there(void **state)
{
	static const char *const words[] = {
		"A nonce count is used once.",
		"rfc7616#3.4.nc (RFC 7616 section 3.4)",
		"A captured request would work a second time.",
		"Keep the highest nc &amp; answer &lt;401&gt; to a repeat.",
		"<p class=\"message\">one &amp; two</p>",
		"<em>expected challenged</em>",
		"2.300 s behind ours, to within 0.500 s",
		"2026-08-22T10:11:12Z, 54 exchanges in 4.212 s",
		"<b>2</b> fail",
	};
	struct run_fixture f;
	size_t n;
	char *text;

	(void)state;
	run_fixture_start(&f, STR("one & two"));
	text = text_of(&f, &n);
	for (size_t i = 0; i < COUNT(words); i++)
		if (!strstr(text, words[i]))
			fail_msg("not in the page: %s", words[i]);
	free(text);
	run_fixture_end(&f);
}

/* Octets that try to leave every place that text may stand in. */
static const char breakout[] = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>"
			       "</pre></style></title>-->]]>&amp;\x1b[31m\xff\xfe javascript:";

static void assert_harmless(struct str hostile)
{
	static const char *const never[] = {
		"//h:script[contains(.,'alert')]",  "//h:img", "//@onerror", "//@style", "//@src",
		"//@href[contains(.,'javascript')]"
	};
	struct run_fixture f;
	xmlDocPtr doc;
	size_t n;
	char *text;

	run_fixture_start(&f, hostile);
	f.r.cause = f.r.budget = hostile;
	f.profile.title = f.profile.about = f.requirement.text = hostile;
	for (size_t i = 0; i < FIXTURE_CASES; i++)
		f.c[i].title = f.c[i].why = f.c[i].remedy = f.c[i].family = f.c[i].id = hostile;
	doc = page(&f);
	for (size_t i = 0; i < COUNT(never); i++)
		if (count(doc, never[i]))
			fail_msg("%s stands in the page", never[i]);
	assert_int_equal(count(doc, "//h:script"), 1);
	assert_int_equal(count(doc, "/h:html/h:body//h:details[@class='case']"), FIXTURE_CASES);
	xmlFreeDoc(doc);
	text = text_of(&f, &n);
	assert_null(memchr(text, 0x1b, n));
	assert_null(memchr(text, 0, n));
	assert_true(str_is_utf8(str_n(text, n)));
	free(text);
	run_fixture_end(&f);
}

static void hostile_text_never_becomes_markup(void **state)
{
	(void)state;
	assert_harmless(hostile_text);
	assert_harmless(str_n(breakout, sizeof(breakout) - 1));
}

static void a_secret_never_gets_out(void **state)
{
	struct run_fixture f;
	size_t n;
	char *text;

	(void)state;
	run_fixture_start(&f, STR("was s3cret<Pa55 or s3c\x1b[0mret<Pa55 or s3cret&lt;Pa55 here"));
	assert_int_equal(redact_add(&f.redactor, STR("s3cret<Pa55")), 0);
	f.r.cause = f.r.target;
	text = text_of(&f, &n);
	assert_non_null(strstr(text, "was [redacted] or [redacted] or [redacted] here"));
	assert_null(strstr(text, "s3cret"));
	assert_null(strstr(text, "Pa55"));
	free(text);
	run_fixture_end(&f);
}

static void one_result_gives_the_same_octets_twice(void **state)
{
	struct run_fixture f;
	size_t n, m;
	char *one, *two;

	(void)state;
	run_fixture_start(&f, hostile_text);
	one = text_of(&f, &n);
	two = text_of(&f, &m);
	assert_int_equal(n, m);
	assert_memory_equal(one, two, n);
	free(one);
	free(two);
	run_fixture_end(&f);
}

/* Thirty octets in each place, or sixteen thousand: the page must not grow with them. */
static void long_octets_are_cut(void **state)
{
	char *lots = malloc(16384);
	struct run_fixture f;
	xmlDocPtr doc;
	size_t n;
	char *text;

	(void)state;
	assert_non_null(lots);
	memset(lots, 'x', 16384);
	run_fixture_start(&f, str_n(lots, 16384));
	doc = page(&f);
	xmlFreeDoc(doc);
	text = text_of(&f, &n);
	assert_true(n < 1u << 20);
	assert_non_null(strstr(text, "octets in all)"));
	free(text);
	run_fixture_end(&f);
	free(lots);
}

static void each_exit_status_has_its_word(void **state)
{
	static const struct {
		int status;
		const char *word;
	} words[] = { { 0, "Fail, as before" }, { 1, "Fail" },           { 2, "Interrupted" },
		      { 3, "Error" },           { 5, "Nothing judged" }, { 6, "Inconclusive" } };
	struct run_fixture f;

	(void)state;
	run_fixture_start(&f, STR("one"));
	for (size_t i = 0; i < COUNT(words); i++) {
		char heading[64];
		size_t n;
		char *text;

		f.r.exit_code = words[i].status;
		snprintf(heading, sizeof(heading), "<h1>%s</h1>", words[i].word);
		text = text_of(&f, &n);
		if (!strstr(text, heading))
			fail_msg("no %s", heading);
		free(text);
	}
	run_fixture_end(&f);
}

static void assert_heading(struct run_fixture *f, const char *word)
{
	char heading[64];
	size_t n;
	char *text = text_of(f, &n);

	snprintf(heading, sizeof(heading), "<h1>%s</h1>", word);
	if (!strstr(text, heading))
		fail_msg("no %s", heading);
	free(text);
}

/* With a baseline, status 0 says that nothing got worse. */
static void a_pass_is_told_from_what_was_there_before(void **state)
{
	struct run_fixture f;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.exit_code = 0;
	assert_heading(&f, "Fail, as before");
	f.r.count[VERDICT_FAIL] = 0;
	assert_heading(&f, "Inconclusive, as before");
	f.r.count[VERDICT_INCONCLUSIVE] = 0;
	assert_heading(&f, "Pass, with warnings");
	f.r.count[VERDICT_WARN] = 0;
	assert_heading(&f, "Pass");
	run_fixture_end(&f);
}

static void what_is_waived_stands_apart(void **state)
{
	const struct waiver_note note = { hostile_text, STR("CAM-118"), STR("lab"),
					  STR("2027-01-31"), 7 };
	struct waiver_report report = { .n_problem = 1 };
	struct str problem = STR("waivers.ini:12: expired <yesterday>");
	struct run_fixture f;
	xmlDocPtr doc;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.result[3].waiver = &note;
	f.r.count[VERDICT_FAIL]--;
	f.r.waived = 1;
	report.problem = &problem;
	f.r.waivers = &report;
	doc = page(&f);
	assert_int_equal(count(doc, "//h:section[@id='failures']/h:details"), 1);
	assert_int_equal(count(doc, "//h:section[@id='waived-failures']/h:details"), 1);
	assert_int_equal(count(doc, "//h:dd[contains(.,'CAM-118, lab, until 2027-01-31; line 7')]"),
			 1);
	assert_int_equal(count(doc, "//h:a[@data-pick='waived']"), 1);
	assert_int_equal(count(doc, "//h:button[@data-verdict='waived']"), 1);
	assert_int_equal(count(doc, "//h:li[@data-v='waived']"), 1);
	assert_int_equal(count(doc, "//h:section[@id='waivers']//h:li[contains(.,'<yesterday>')]"),
			 1);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

static void a_named_cause_comes_with_what_to_do(void **state)
{
	const struct cause cause = { .title = STR("The clock is an hour & more ahead"),
				     .what = hostile_text,
				     .todo = { STR("Set it."),
					       STR("See `explain <it>`, not ` this.") },
				     .n_todo = 2 };
	struct run_fixture f;
	xmlDocPtr doc;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.cause_page = &cause;
	doc = page(&f);
	assert_int_equal(count(doc, "//h:section[@id='cause']/h:h2[contains(.,'hour & more')]"), 1);
	assert_int_equal(count(doc, "//h:section[@id='cause']/h:ol/h:li"), 2);
	assert_int_equal(count(doc, "//h:li[.='See explain <it>, not ` this.']/h:code"), 1);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

static void a_run_that_judged_nothing_names_its_cause(void **state)
{
	struct run_fixture f;
	xmlDocPtr doc;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.cause = STR("the password of admin is wrong: try --user");
	f.r.exit_code = 6;
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++)
		f.result[i].n_step = 0;
	doc = page(&f);
	assert_int_equal(count(doc, "//h:section[@id='cause']/h:p[contains(.,'try --user')]"), 1);
	assert_int_equal(count(doc, "//h:section[@id='inconclusive']"), 0);
	assert_int_equal(count(doc, "//h:section[@id='requirements']"), 0);
	xmlFreeDoc(doc);
	f.r.n_variant = 0;
	memset(f.r.count, 0, sizeof(f.r.count));
	doc = page(&f);
	assert_int_equal(count(doc, "//h:details[@class='case']"), 0);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

/* The windows of 294 s behind and a day ahead, on the scale of the picture. */
static void the_window_is_drawn_to_scale(void **state)
{
	struct run_fixture f;
	struct suite_measure future;
	struct suite_case c;
	size_t n;
	char *text;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.result[17].value = 300;
	future = (struct suite_measure){ .property = STR("token.skew.future"), .unit = STR("s") };
	c = f.c[3];
	c.measure = &future;
	f.variant[0].c = &c;
	f.result[0].measured = f.result[0].at_limit = true;
	f.result[0].value = 86400;
	text = text_of(&f, &n);
	/* Three steps of 36 to the left of 240, six to its right. */
	assert_non_null(strstr(text, "<rect class=\"window\" x=\"132\" y=\"50\" width=\"324\""));
	assert_non_null(strstr(text, "at least 1 d</text>"));
	assert_non_null(strstr(text, "5 min</text>"));
	free(text);
	run_fixture_end(&f);
}

static void what_cannot_be_written_is_an_error(void **state)
{
	struct err err = { 0 };
	struct run_fixture f;

	(void)state;
	run_fixture_start(&f, STR("one"));
	assert_int_equal(report_html(&f.r, &f.o, "/dev/full", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(style_and_script_need_no_escapes),
		cmocka_unit_test(the_parts_of_the_page_are_there),
		cmocka_unit_test(the_words_of_a_finding_are_there),
		cmocka_unit_test(hostile_text_never_becomes_markup),
		cmocka_unit_test(a_secret_never_gets_out),
		cmocka_unit_test(one_result_gives_the_same_octets_twice),
		cmocka_unit_test(long_octets_are_cut),
		cmocka_unit_test(each_exit_status_has_its_word),
		cmocka_unit_test(a_pass_is_told_from_what_was_there_before),
		cmocka_unit_test(what_is_waived_stands_apart),
		cmocka_unit_test(a_named_cause_comes_with_what_to_do),
		cmocka_unit_test(a_run_that_judged_nothing_names_its_cause),
		cmocka_unit_test(the_window_is_drawn_to_scale),
		cmocka_unit_test(what_cannot_be_written_is_an_error),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	xmlCleanupParser();
	return failed;
}

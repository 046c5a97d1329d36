/* JUnit: valid, counted, unique, harmless; whatever a device said. */
#include "run_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/xmlschemas.h>
#include <locale.h>

static xmlDocPtr written(struct run_fixture *f)
{
	struct err err = { 0 };
	xmlDocPtr doc;
	size_t n;
	char *text;

	if (report_junit(&f->r, &f->o, f->path, &err))
		fail_msg("%s", err.text);
	text = run_fixture_read(f, &n);
	doc = xmlReadMemory(text, (int)n, "report.xml", NULL, XML_PARSE_NONET);
	assert_non_null(doc);
	free(text);
	return doc;
}

static void assert_our_dialect(xmlDocPtr doc)
{
	xmlRelaxNGParserCtxtPtr parser = xmlRelaxNGNewParserCtxt(SOURCE_DIR "/reports/junit.rng");
	xmlRelaxNGPtr schema = xmlRelaxNGParse(parser);
	xmlRelaxNGValidCtxtPtr valid;

	assert_non_null(schema);
	valid = xmlRelaxNGNewValidCtxt(schema);
	assert_int_equal(xmlRelaxNGValidateDoc(valid, doc), 0);
	xmlRelaxNGFreeValidCtxt(valid);
	xmlRelaxNGFree(schema);
	xmlRelaxNGFreeParserCtxt(parser);
}

/* Jenkins' schema is not ours to ship; where a copy is at hand it must hold as well. */
static void assert_jenkins_dialect(xmlDocPtr doc)
{
	const char *shared = getenv("COUNTERSIGN_SHARED");
	xmlSchemaParserCtxtPtr parser;
	xmlSchemaValidCtxtPtr valid;
	xmlSchemaPtr schema;
	char path[1024];

	if (!shared || !*shared)
		return;
	snprintf(path, sizeof(path), "%s/facts/junit-10.xsd", shared);
	parser = xmlSchemaNewParserCtxt(path);
	schema = xmlSchemaParse(parser);
	assert_non_null(schema);
	valid = xmlSchemaNewValidCtxt(schema);
	assert_int_equal(xmlSchemaValidateDoc(valid, doc), 0);
	xmlSchemaFreeValidCtxt(valid);
	xmlSchemaFree(schema);
	xmlSchemaFreeParserCtxt(parser);
}

static bool is(xmlNodePtr n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && xmlStrEqual(n->name, (const xmlChar *)name);
}

static size_t count(xmlNodePtr n, const char *name)
{
	size_t found = 0;

	for (; n; n = n->next)
		found += is(n, name) + count(n->children, name);
	return found;
}

static void assert_counts(xmlNodePtr n)
{
	static const struct {
		const char *attribute, *element;
	} counted[] = {
		{ "tests", "testcase" },
		{ "failures", "failure" },
		{ "errors", "error" },
		{ "skipped", "skipped" },
	};

	for (size_t i = 0; i < COUNT(counted); i++) {
		xmlChar *said = xmlGetProp(n, (const xmlChar *)counted[i].attribute);
		char have[32];

		if (!said) {
			assert_true(is(n, "testsuites")); /* it has no skipped= */
			continue;
		}
		snprintf(have, sizeof(have), "%zu", count(n->children, counted[i].element));
		assert_string_equal((char *)said, have);
		xmlFree(said);
	}
}

static void walk(xmlNodePtr n, void (*visit)(xmlNodePtr n))
{
	for (; n; n = n->next) {
		visit(n);
		walk(n->children, visit);
	}
}

/* One CI service shows the message, another the body alone. */
static void visit_finding(xmlNodePtr n)
{
	xmlChar *message, *body;

	if (!is(n, "failure") && !is(n, "error") && !is(n, "skipped"))
		return;
	message = xmlGetProp(n, (const xmlChar *)"message");
	body = xmlNodeGetContent(n);
	assert_true(str_starts(str((char *)body), str((char *)message)));
	assert_int_equal(body[xmlStrlen(message)], '\n');
	assert_true(xmlStrlen(body) <= 16384);
	xmlFree(message);
	xmlFree(body);
}

static void visit_case(xmlNodePtr n)
{
	if (!is(n, "testcase"))
		return;
	assert_true(count(n->children, "system-out") <= 1);
	assert_true(count(n->children, "failure") + count(n->children, "error") +
			    count(n->children, "skipped") <=
		    1);
}

static void visit_suite(xmlNodePtr n)
{
	if (is(n, "testsuite") || is(n, "testsuites"))
		assert_counts(n);
}

static void assert_unique_names(xmlNodePtr root)
{
	xmlChar *name[200];
	size_t n = 0;

	for (xmlNodePtr suite = root->children; suite; suite = suite->next)
		for (xmlNodePtr c = suite->children; c; c = c->next)
			if (is(c, "testcase") && n < COUNT(name))
				name[n++] = xmlGetProp(c, (const xmlChar *)"name");
	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++)
			assert_false(xmlStrEqual(name[i], name[k]));
	for (size_t i = 0; i < n; i++)
		xmlFree(name[i]);
}

static void assert_sound(xmlDocPtr doc)
{
	xmlNodePtr root = xmlDocGetRootElement(doc);

	assert_our_dialect(doc);
	assert_jenkins_dialect(doc);
	walk(root, visit_suite);
	walk(root, visit_case);
	walk(root, visit_finding);
	assert_unique_names(root);
}

static void a_plain_run_is_valid(void **state)
{
	struct run_fixture f;
	xmlDocPtr doc;

	(void)state;
	run_fixture_start(&f, STR("expected refused, got accepted (200)"));
	doc = written(&f);
	assert_sound(doc);
	assert_int_equal(count(xmlDocGetRootElement(doc), "testcase"), FIXTURE_VARIANTS);
	assert_int_equal(count(xmlDocGetRootElement(doc), "testsuite"), FIXTURE_CASES);
	assert_int_equal(count(xmlDocGetRootElement(doc), "failure"), 2);
	assert_int_equal(count(xmlDocGetRootElement(doc), "error"), 6);
	assert_int_equal(count(xmlDocGetRootElement(doc), "skipped"), 6);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

static void hostile_text_in_every_field_is_valid_and_harmless(void **state)
{
	struct run_fixture f;
	xmlDocPtr doc;
	size_t n;
	char *text;

	(void)state;
	run_fixture_start(&f, hostile_text);
	f.r.cause = hostile_text;
	for (size_t i = 0; i < FIXTURE_CASES; i++)
		f.c[i].title = f.c[i].why = f.c[i].remedy = hostile_text;
	f.c[0].family = hostile_text;
	doc = written(&f);
	assert_sound(doc);
	text = run_fixture_read(&f, &n);
	assert_null(strstr(text, "[[ATTACHMENT"));
	assert_null(strstr(text, "CDATA"));
	assert_null(memchr(text, 0x1b, n));
	assert_non_null(strstr(text, "]]&gt;"));
	free(text);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

static void long_texts_are_cut_and_long_names_stay_unique(void **state)
{
	char *lots = malloc(40000);
	struct run_fixture f;
	xmlDocPtr doc;

	(void)state;
	assert_non_null(lots);
	memset(lots, 'x', 40000);
	run_fixture_start(&f, str_n(lots, 40000));
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++)
		f.variant[i].id = str_n(lots, 300 + i);
	doc = written(&f);
	assert_sound(doc);
	assert_int_equal(count(xmlDocGetRootElement(doc), "testcase"), FIXTURE_VARIANTS);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
	free(lots);
}

static char *text_of(struct run_fixture *f)
{
	struct err err = { 0 };
	size_t n;

	assert_int_equal(report_junit(&f->r, &f->o, f->path, &err), 0);
	return run_fixture_read(f, &n);
}

static void the_words_of_the_dialect_are_there(void **state)
{
	static const char *const words[] = {
		"<testsuites name=\"countersign\" tests=\"18\" failures=\"2\" errors=\"6\" ",
		"errors=\"6\" time=\"27.000\">",
		"name=\"digest.nc.reused[skew=-3h] A nonce count that was already used is",
		"classname=\"countersign.digest\" time=\"1.500\"",
		"timestamp=\"2026-08-22T10:11:12\"",
		"<property name=\"run.started\" value=\"2026-08-22T10:11:12Z\"/>",
		"<property name=\"profile\" value=\"onvif-core\"/>",
		"<property name=\"dut.model\" value=\"one &amp; two\"/>",
		"<property name=\"tool\" value=\"countersign 0.1.0\"/>",
		"<failure message=\"one &amp; two\" type=\"RequirementViolation\">one &amp; two\n",
		">one &amp; two\n clause: rfc7616#3.4.nc (RFC 7616 section 3.4)\n level: must\n",
		" why: A captured request would work a second time.\n",
		" remedy: Keep the highest nc &amp; answer &lt;401&gt; to a repeat.\n",
		" &gt; 2. probe: one &amp; two -&gt; accepted 200, 12 ms\n",
		" controls: 2 of 2 accepted\n",
		"<skipped message=\"N/A: one &amp; two\">N/A: one &amp; two\n",
		"type=\"Transport\"",
		"type=\"Precondition\"",
		"type=\"Internal\"",
		"[[PROPERTY|requirement=rfc7616#3.4.nc]]\n",
		"[[PROPERTY|verdict=warn]]\n",
		"[[PROPERTY|measure.token.skew.past=295 s]]\n",
		"[[PROPERTY|measure.token.skew.past.spread=3 s]]\n",
		"[[PROPERTY|measure.token.skew.past.lowest=-4 s]]\n",
		"<system-out>WARN token.created.skewed[skew=-1h]: one &amp; two\n",
	};
	struct run_fixture f;
	char *text;

	(void)state;
	run_fixture_start(&f, STR("one & two"));
	text = text_of(&f);
	for (size_t i = 0; i < COUNT(words); i++)
		if (!strstr(text, words[i]))
			fail_msg("not in the report: %s\n%s", words[i], text);
	free(text);
	run_fixture_end(&f);
}

static void a_broken_hardening_is_a_weakness_and_silence_a_timeout(void **state)
{
	struct run_fixture f;
	char *text;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.cite.level = LEVEL_HARDENING;
	f.result[11].outcome = OUTCOME_TIMEOUT;
	text = text_of(&f);
	assert_non_null(strstr(text, "type=\"SecurityWeakness\""));
	assert_null(strstr(text, "type=\"RequirementViolation\""));
	assert_non_null(strstr(text, "type=\"Timeout\""));
	free(text);
	run_fixture_end(&f);
}

/* "1,500" is what a German locale would make of it, and consumers would read 1500 seconds. */
static void numbers_do_not_follow_the_locale(void **state)
{
	struct run_fixture f;
	char *text;

	(void)state;
	setlocale(LC_ALL, "de_DE.UTF-8"); /* where it is installed */
	run_fixture_start(&f, STR("one"));
	f.result[0].took_ms = 1234567;
	f.result[1].took_ms = -5;
	text = text_of(&f);
	assert_non_null(strstr(text, "time=\"1234.567\""));
	assert_non_null(strstr(text, "time=\"0.000\""));
	assert_null(strstr(text, "time=\"1,"));
	setlocale(LC_ALL, "C");
	free(text);
	run_fixture_end(&f);
}

static void a_run_that_judged_nothing_is_one_error_with_its_cause(void **state)
{
	struct run_fixture f;
	xmlDocPtr doc;
	char *text;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.cause = STR("the password of admin is wrong: try --user");
	f.r.cause_reason = REASON_STOPPED;
	for (size_t i = 0; i < FIXTURE_VARIANTS; i++)
		f.result[i].n_step = 0;
	doc = written(&f);
	assert_sound(doc);
	assert_int_equal(count(xmlDocGetRootElement(doc), "testcase"), 1);
	assert_int_equal(count(xmlDocGetRootElement(doc), "error"), 1);
	xmlFreeDoc(doc);
	text = text_of(&f);
	assert_non_null(strstr(text,
			       "<error message=\"the password of admin is wrong: try --user\" "
			       "type=\"Precondition\">the password of admin"));
	free(text);
	f.r.cause = (struct str){ 0 };
	f.r.n_variant = 0;
	doc = written(&f);
	assert_sound(doc);
	assert_int_equal(count(xmlDocGetRootElement(doc), "error"), 1);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

static void a_run_that_stopped_midway_tells_both(void **state)
{
	struct run_fixture f;
	xmlDocPtr doc;

	(void)state;
	run_fixture_start(&f, STR("one"));
	f.r.cause = STR("the account is locked");
	f.r.cause_reason = REASON_LOCKED;
	doc = written(&f);
	assert_sound(doc);
	assert_int_equal(count(xmlDocGetRootElement(doc), "testcase"), FIXTURE_VARIANTS + 1);
	xmlFreeDoc(doc);
	run_fixture_end(&f);
}

static void a_secret_never_gets_out(void **state)
{
	struct run_fixture f;
	char *text;

	(void)state;
	run_fixture_start(&f, STR("was s3cret<Pa55 or s3c\x1b[0mret<Pa55 or s3cret&lt;Pa55 here"));
	assert_int_equal(redact_add(&f.redactor, STR("s3cret<Pa55")), 0);
	f.r.cause = f.r.target;
	text = text_of(&f);
	assert_non_null(strstr(text, "was [redacted] or [redacted] or [redacted] here"));
	assert_null(strstr(text, "s3cret"));
	assert_null(strstr(text, "Pa55"));
	free(text);
	run_fixture_end(&f);
}

static void what_cannot_be_written_is_an_error(void **state)
{
	struct err err = { 0 };
	struct run_fixture f;

	(void)state;
	run_fixture_start(&f, STR("one"));
	assert_int_equal(report_junit(&f.r, &f.o, "/dev/full", &err), -1);
	assert_int_equal(err.code, ERR_IO);
	run_fixture_end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plain_run_is_valid),
		cmocka_unit_test(hostile_text_in_every_field_is_valid_and_harmless),
		cmocka_unit_test(long_texts_are_cut_and_long_names_stay_unique),
		cmocka_unit_test(the_words_of_the_dialect_are_there),
		cmocka_unit_test(a_broken_hardening_is_a_weakness_and_silence_a_timeout),
		cmocka_unit_test(numbers_do_not_follow_the_locale),
		cmocka_unit_test(a_run_that_judged_nothing_is_one_error_with_its_cause),
		cmocka_unit_test(a_run_that_stopped_midway_tells_both),
		cmocka_unit_test(a_secret_never_gets_out),
		cmocka_unit_test(what_cannot_be_written_is_an_error),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	xmlCleanupParser();
	return failed;
}

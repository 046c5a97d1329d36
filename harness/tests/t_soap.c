/* Envelopes as devices and clients write them, and as nobody should. */
#include "soap/soap.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ENV(header, body)                                                                          \
	STR("<e:Envelope xmlns:e=\"" SOAP_NS_12 "\"><e:Header>" header "</e:Header><e:Body>" body  \
	    "</e:Body></e:Envelope>")
#define SECURITY(attributes, inside)                                                               \
	"<w:Security xmlns:w=\"" UT_NS_WSSE "\" " attributes ">" inside "</w:Security>"
#define TOKEN(inside)                                                                              \
	"<w:UsernameToken xmlns:w=\"" UT_NS_WSSE "\" xmlns:u=\"" UT_NS_WSU "\">" inside            \
	"</w:UsernameToken>"

static struct arena arena;
static struct err err;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 64u << 20);
	err = (struct err){ 0 };
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct soap_message must_read(struct str octets)
{
	struct soap_message m;

	if (soap_read(&arena, octets, &m, &err))
		fail_msg("%s", err.text);
	return m;
}

static void refused(struct str octets, enum err_code code, const char *why)
{
	struct soap_message m;

	assert_int_equal(soap_read(&arena, octets, &m, &err), -1);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, why))
		fail_msg("\"%s\" does not say \"%s\"", err.text, why);
}

#define assert_str(s, lit)                                                                         \
	do {                                                                                       \
		struct str s_ = (s);                                                               \
		assert_non_null(s_.p);                                                             \
		assert_string_equal(arena_str(&arena, s_).p, lit);                                 \
	} while (0)

static void test_written_is_read(void **state)
{
	const struct soap_operation *op = soap_operation_find(STR("GetServices"));
	struct str text;
	struct soap_message m;

	(void)state;
	text = soap_envelope(&arena, op, STR(SECURITY("", TOKEN("<w:Username>a</w:Username>"))),
			     STR("<x/>"));
	m = must_read(text);
	assert_int_equal(m.version, 12);
	assert_str(m.body_name, "GetServices");
	assert_str(m.body_ns, SOAP_NS_TDS);
	assert_int_equal(m.n_token, 1);
	assert_str(m.token.username, "a");
	assert_str(soap_leaf_text(&m, "GetServices", "IncludeCapability"), "false");
	assert_null(soap_leaf_text(&m, NULL, "Nothing").p);
	assert_str(soap_content_type(&arena, op),
		   "application/soap+xml; charset=utf-8; action=\"" SOAP_NS_TDS "/GetServices\"");
	/* Without credentials there is no Header at all. */
	text = soap_envelope(&arena, op, STR(""), STR(""));
	assert_true(str_find(text, STR("Header")) == (size_t)-1);
}

static void test_token_is_read(void **state)
{
	struct soap_message m = must_read(
		ENV(SECURITY("e:mustUnderstand=\"true\"",
			     TOKEN("<w:Username>ad<!-- no -->m<![CDATA[i<]]>&amp;n</w:Username>"
				   "<w:Password Type=\"T\"> p </w:Password>"
				   "<w:Nonce EncodingType=\"E\">bm9uY2U=</w:Nonce>"
				   "<u:Created>2026-01-01T00:00:00Z</u:Created>"
				   "<x:Username xmlns:x=\"urn:x\">other</x:Username>")),
		    "<GetUsers xmlns=\"" SOAP_NS_TDS "\"/>"));

	(void)state;
	assert_str(m.token.username, "admi<&n");
	assert_str(m.token.password, " p ");
	assert_str(m.token.password_type, "T");
	assert_str(m.token.nonce, "bm9uY2U=");
	assert_str(m.token.nonce_encoding, "E");
	assert_str(m.token.created, "2026-01-01T00:00:00Z");
	assert_true(m.token.wsu_created);
	assert_int_equal(m.token.n_username, 1);
	assert_true(m.must_understand_security);
	assert_false(m.must_understand_unknown);
	assert_false(m.token_in_body);
}

static void test_token_counts(void **state)
{
	struct soap_message m = must_read(
		ENV(SECURITY("", TOKEN("<w:Username>a</w:Username><w:Username>b</w:Username>"
				       "<w:Created>x</w:Created>") TOKEN("")) SECURITY("", ""),
		    ""));

	(void)state;
	assert_int_equal(m.n_security, 2);
	assert_int_equal(m.n_token, 2);
	assert_int_equal(m.token.n_username, 2);
	assert_str(m.token.username, "a");
	assert_int_equal(m.token.n_created, 1);
	assert_false(m.token.wsu_created);
	assert_null(m.token.nonce.p);
	assert_null(m.token.password_type.p);
	assert_int_equal(m.body_name.n, 0);
}

static void test_security_of_others(void **state)
{
	static const struct {
		const char *role;
		bool ours;
	} row[] = {
		{ "http://www.w3.org/2003/05/soap-envelope/role/next", true },
		{ "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver", true },
		{ "http://www.w3.org/2003/05/soap-envelope/role/none", false },
		{ "urn:another:node", false },
	};
	struct soap_message m;

	(void)state;
	for (size_t i = 0; i < COUNT(row); i++) {
		m = must_read(
			arena_fmt(&arena,
				  "<e:Envelope xmlns:e=\"%s\"><e:Header><w:Security "
				  "xmlns:w=\"%s\" e:role=\"%s\">" TOKEN(
					  "") "</w:Security></e:Header><e:Body/></e:Envelope>",
				  SOAP_NS_12, UT_NS_WSSE, row[i].role));
		assert_int_equal(m.n_token, row[i].ours);
		assert_int_equal(m.security_elsewhere, !row[i].ours);
	}
	m = must_read(ENV("<Security xmlns=\"urn:draft\">" TOKEN("") "</Security>", ""));
	assert_true(m.security_foreign);
	assert_int_equal(m.n_token, 0);
	assert_false(m.token_in_body);
	m = must_read(ENV("", TOKEN("")));
	assert_true(m.token_in_body);
	assert_int_equal(m.n_token, 0);
}

static void test_must_understand(void **state)
{
	(void)state;
	assert_true(must_read(ENV("<x xmlns=\"urn:x\" e:mustUnderstand=\"1\"/>", ""))
			    .must_understand_unknown);
	assert_false(must_read(ENV("<x xmlns=\"urn:x\" e:mustUnderstand=\"0\"/>", ""))
			     .must_understand_unknown);
	assert_false(must_read(ENV("<x xmlns=\"urn:x\" e:mustUnderstand=\"1\" "
				   "e:role=\"urn:another\"/>",
				   ""))
			     .must_understand_unknown);
	assert_false(must_read(ENV("<To xmlns=\"http://www.w3.org/2005/08/addressing\" "
				   "e:mustUnderstand=\"1\">here</To>",
				   ""))
			     .must_understand_unknown);
}

static void test_faults(void **state)
{
	struct soap_message m = must_read(
		soap_fault_envelope(&arena, "Sender", "NotAuthorized", STR("<not> \"you\" & me")));

	(void)state;
	assert_true(m.is_fault);
	assert_true(soap_is_not_authorized(&m));
	assert_str(m.reason, "<not> \"you\" & me");
	assert_str(m.fault_code, "Sender");
	assert_str(m.subcode_ns[0], SOAP_NS_TER);
	assert_int_equal(m.unbound.n, 0);

	m = must_read(soap_fault_envelope(&arena, "Receiver", "NotAuthorized", STR("")));
	assert_false(soap_is_not_authorized(&m));
	m = must_read(soap_fault_envelope(&arena, "MustUnderstand", NULL, STR("no")));
	assert_int_equal(m.n_subcode, 0);
	/* The prefix is not bound: the same text, another name. */
	m = must_read(ENV("", "<e:Fault><e:Code><e:Value>e:Sender</e:Value><e:Subcode><e:Value>"
			      "ter:NotAuthorized</e:Value></e:Subcode></e:Code></e:Fault>"));
	assert_int_equal(m.n_subcode, 1);
	assert_str(m.subcode[0], "NotAuthorized");
	assert_str(m.subcode_ns[0], "");
	assert_str(m.unbound, "ter:NotAuthorized");
	assert_false(soap_is_not_authorized(&m));
	/* Another prefix, the same name; the right subcode may be the inner one. */
	m = must_read(ENV("", "<e:Fault><e:Code><e:Value> e:Sender </e:Value><e:Subcode><e:Value>"
			      "e:x</e:Value><e:Subcode><e:Value xmlns:q=\"" SOAP_NS_TER
			      "\">q:NotAuthorized</e:Value></e:Subcode></e:Subcode></e:Code>"
			      "</e:Fault>"));
	assert_true(soap_is_not_authorized(&m));
}

static void test_fault_11(void **state)
{
	struct soap_message m = must_read(
		STR("<S:Envelope xmlns:S=\"" SOAP_NS_11 "\"><S:Body><S:Fault><faultcode>S:Client"
		    "</faultcode><faultstring>no</faultstring></S:Fault></S:Body></S:Envelope>"));

	(void)state;
	assert_int_equal(m.version, 11);
	assert_true(m.is_fault);
	assert_str(m.fault_code, "Client");
	assert_str(m.fault_code_ns, SOAP_NS_11);
	assert_str(m.reason, "no");
}

static void test_hostile_is_refused(void **state)
{
	struct str deep = STR("");

	(void)state;
	refused(STR(""), ERR_PARSE, "no XML");
	refused(STR("HTTP"), ERR_PARSE, "line 1");
	refused(STR("<html/>"), ERR_PARSE, "not an Envelope");
	refused(STR("<e:Envelope/>"), ERR_PARSE, "line 1");
	refused(ENV("", "&undeclared;"), ERR_PARSE, "undeclared");
	refused(STR("<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>"), ERR_PARSE, "document type");
	refused(STR("<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>"), ERR_PARSE, "document type");
	refused(STR("\n\n<a>\n</b>"), ERR_PARSE, "line 4");
	refused(ENV("", "\0"), ERR_PARSE, "line 1");
	for (int i = 0; i < 70; i++)
		deep = arena_concat(&arena, deep, STR("<d>"));
	for (int i = 0; i < 70; i++)
		deep = arena_concat(&arena, deep, STR("</d>"));
	refused(arena_fmt(&arena, "<Envelope>%.*s</Envelope>", STR_ARG(deep)), ERR_LIMIT, "deeper");
}

static void test_caps(void **state)
{
	size_t n = SOAP_MAX + 1;
	char *p = arena_alloc(&arena, n);

	(void)state;
	assert_non_null(p);
	memset(p, ' ', n);
	refused(str_n(p, n), ERR_LIMIT, "octets");
	/* The whole of it in the smallest elements there are. */
	memcpy(p, "<Envelope>", 10);
	for (size_t at = 10; at + 4 + 11 <= SOAP_MAX; at += 4)
		memcpy(p + at, "<a/>", 4);
	memcpy(p + SOAP_MAX - 11, "</Envelope>", 11);
	refused(str_n(p, SOAP_MAX), ERR_LIMIT, "elements");
}

static struct str date_and_time(const char *utc)
{
	return arena_fmt(
		&arena,
		"<e:Envelope xmlns:e=\"%s\"><e:Body><R><LocalDateTime><Time><Hour>1</Hour>"
		"<Minute>1</Minute><Second>1</Second></Time><Date><Year>2001</Year><Month>1"
		"</Month><Day>1</Day></Date></LocalDateTime>%s</R></e:Body></e:Envelope>",
		SOAP_NS_12, utc);
}

static void test_device_time(void **state)
{
	struct soap_message m = must_read(date_and_time(
		"<UTCDateTime><Time><Hour>10</Hour><Minute> 1 </Minute><Second>2</Second></Time>"
		"<Date><Year>2026</Year><Month>8</Month><Day>22</Day></Date></UTCDateTime>"));
	int64_t ms = 0;

	(void)state;
	assert_int_equal(soap_device_time(&m, &ms, &err), 0);
	assert_int_equal(ms, 1787392862000);
	m = must_read(date_and_time(""));
	assert_int_equal(soap_device_time(&m, &ms, &err), -1);
	assert_int_equal(err.code, ERR_PARSE);
	m = must_read(date_and_time(
		"<UTCDateTime><Time><Hour>10</Hour><Minute>1</Minute><Second>2</Second></Time>"
		"<Date><Year>2026</Year><Month>2</Month><Day>30</Day></Date></UTCDateTime>"));
	assert_int_equal(soap_device_time(&m, &ms, &err), -1);
}

static void test_operations(void **state)
{
	size_t n = 0;

	(void)state;
	for (const struct soap_operation *op = soap_operations; op->name; op++, n++) {
		assert_ptr_equal(soap_operation_find(str(op->name)), op);
		/* What the harness may send to a real device reads only. */
		if (op->safe)
			assert_true(op->access != ACCESS_WRITE_SYSTEM &&
				    op->access != ACCESS_UNRECOVERABLE &&
				    op->access != ACCESS_ACTUATE);
		must_read(soap_envelope(&arena, op, STR(""), STR("")));
	}
	assert_true(n >= 19);
	assert_null(soap_operation_find(STR("getusers")));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_written_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_token_is_read, setup, teardown),
		cmocka_unit_test_setup_teardown(test_token_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_security_of_others, setup, teardown),
		cmocka_unit_test_setup_teardown(test_must_understand, setup, teardown),
		cmocka_unit_test_setup_teardown(test_faults, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fault_11, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_is_refused, setup, teardown),
		cmocka_unit_test_setup_teardown(test_caps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_device_time, setup, teardown),
		cmocka_unit_test_setup_teardown(test_operations, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What is in a suite file stands in the structs. */
#include "suite_lab.h"

#include "base/mem.h"

static const char full[] =
	"<?xml version='1.0' encoding='UTF-8'?>\n"
	"<!-- A comment is no text. -->\n"
	"<suite family='x' title='X' xmlns:w='urn:w'>\n"
	"<case id='x.a.b-1' rev='3' needs='clock  token digest' unless='tls' failures='2'\n"
	"  risk='intrusive' slow='yes' kills='one two' field='DGN-09 ACL-01'>\n"
	"<title> A  title\n\ton two lines </title>\n"
	"<why>Less &lt; more &amp; <![CDATA[<b>]]></why>\n"
	"<remedy>R</remedy>\n"
	"<cite clause='d#1.2.word' level='hardening'/><cite clause='e#name' level='must'/>\n"
	"<axis name='skew' values='-1d  +10m'/><axis name='s' values='wrong empty prefix'/>\n"
	"<send/>\n"
	"<send expect='challenged stale' operation='GetUsers' method='GET' query='a=1&amp;b'\n"
	"  path='second' wait='5m10s' connection='new' challenge='fresh'>\n"
	"<digest use='MD5-sess' nonce='same' nc='=00000001'/><token created='$skew' "
	"password='$s'/>\n"
	"<header name='X-Y' value=' v '/><header name='Z' value=''/>\n"
	"<security><w:a b='1'>t<c/></w:a></security>\n"
	"<check is='status' value='401'/><check is='rspauth'/>\n"
	"</send>\n"
	"<send expect='refused'><anonymous/></send>\n"
	"</case>\n"
	"<case id='x.c' rev='1'><title>T</title><why>W</why><remedy>R</remedy>\n"
	"<cite clause='d#1' level='may'/><send/></case>\n"
	"</suite>\n";

static void a_case_is_read(void **state)
{
	struct catalogue k;
	const struct suite_case *c;

	(void)state;
	lab_load(&k, full);
	assert_int_equal(k.n_case, 2);
	c = catalogue_case(&k, STR("x.a.b-1"));
	assert_ptr_equal(c, &k.c[0]);
	lab_str(c->family, "x");
	lab_str(c->file, "x.xml");
	assert_int_equal(c->line, 5);
	assert_int_equal(c->rev, 3);
	lab_str(c->title, "A title on two lines");
	lab_str(c->why, "Less < more & <b>");
	lab_str(c->remedy, "R");
	lab_str(c->needs, "clock  token digest");
	lab_str(c->unless, "tls");
	lab_str(c->kills, "one two");
	lab_str(c->field, "DGN-09 ACL-01");
	assert_int_equal(c->failures, 2);
	assert_int_equal(c->risk, RISK_INTRUSIVE);
	assert_true(c->slow);
	assert_true(c->has_mech);
	assert_int_equal(c->mech, MECH_TOKEN);
	assert_null(c->measure);
	assert_null(catalogue_case(&k, STR("x.a.b")));
	catalogue_free(&k);
}

static void cites_and_axes_are_read(void **state)
{
	struct catalogue k;
	const struct suite_case *c;

	(void)state;
	lab_load(&k, full);
	c = &k.c[0];
	assert_int_equal(c->n_cite, 2);
	lab_str(c->cite[0].clause, "d#1.2.word");
	assert_int_equal(c->cite[0].level, LEVEL_HARDENING);
	assert_int_equal(c->cite[1].level, LEVEL_MUST);
	assert_int_equal(c->n_axis, 2);
	lab_str(c->axis[0].name, "skew");
	assert_int_equal(c->axis[0].n, 2);
	lab_str(c->axis[0].value[1], "+10m");
	assert_int_equal(c->axis[1].n, 3);
	lab_str(c->axis[1].value[2], "prefix");
	catalogue_free(&k);
}

static void a_bare_step_is_all_default(void **state)
{
	struct catalogue k;
	const struct suite_step *s;

	(void)state;
	lab_load(&k, full);
	assert_int_equal(k.c[0].n_step, 3);
	s = &k.c[0].step[0];
	assert_int_equal(s->line, 12);
	assert_int_equal(s->expect, OUTCOME_BIT(OUTCOME_ACCEPTED));
	assert_null(s->operation.p);
	assert_null(s->method.p);
	assert_null(s->query.p);
	assert_null(s->path.p);
	assert_null(s->wait.p);
	assert_null(s->security.p);
	assert_false(s->connection.p || s->new_challenge || s->anonymous);
	assert_true(s->bare_credentials);
	assert_int_equal(s->n_credentials + s->n_check + s->header.n, 0);
	s = &k.c[0].step[2];
	assert_true(s->anonymous);
	assert_false(s->bare_credentials);
	assert_int_equal(s->expect, OUTCOME_SET_REFUSED);
	catalogue_free(&k);
}

static void a_full_step_is_read(void **state)
{
	struct catalogue k;
	const struct suite_step *s;

	(void)state;
	lab_load(&k, full);
	s = &k.c[0].step[1];
	assert_int_equal(s->expect, OUTCOME_BIT(OUTCOME_CHALLENGED) | OUTCOME_BIT(OUTCOME_STALE));
	lab_str(s->operation, "GetUsers");
	lab_str(s->method, "GET");
	lab_str(s->query, "a=1&b");
	lab_str(s->path, "second");
	lab_str(s->wait, "5m10s");
	assert_true(s->connection.p && s->new_challenge);
	assert_int_equal(s->header.n, 2);
	lab_str(s->header.v[0].name, "X-Y");
	lab_str(s->header.v[1].value, "");
	/* A prefix that is declared above comes along. */
	lab_str(s->security, "<w:a xmlns:w=\"urn:w\" b=\"1\">t<c/></w:a>");
	assert_int_equal(s->n_check, 2);
	lab_str(s->check[0].name, "status");
	lab_str(s->check[0].value, "401");
	assert_int_equal(s->check[0].line, 18);
	assert_null(s->check[1].value.p);
	catalogue_free(&k);
}

static void credentials_are_read_in_order(void **state)
{
	struct catalogue k;
	const struct suite_step *s;

	(void)state;
	lab_load(&k, full);
	s = &k.c[0].step[1];
	assert_int_equal(s->n_credentials, 2);
	assert_int_equal(s->credentials[0].mech, MECH_DIGEST);
	lab_str(s->credentials[0].use, "MD5-sess");
	assert_int_equal(s->credentials[0].n_deviation, 2);
	assert_ptr_equal(s->credentials[0].deviation[1].d, deviation_find(MECH_DIGEST, STR("nc")));
	lab_str(s->credentials[0].deviation[1].value, "=00000001");
	assert_int_equal(s->credentials[1].mech, MECH_TOKEN);
	assert_null(s->credentials[1].use.p);
	lab_str(s->credentials[1].deviation[0].value, "$skew");
	assert_int_equal(k.c[1].has_mech, false);
	assert_int_equal(k.c[1].risk, RISK_SAFE);
	catalogue_free(&k);
}

static void a_measure_is_read(void **state)
{
	struct catalogue k;
	const struct suite_measure *m;
	struct arena a;

	(void)state;
	lab_load(&k, LAB_OPEN
		 "<case id='x.a' rev='1'><title>T</title><why>W</why>" LAB_CITE
		 "<measure property='token.skew.past' unit='s' low='0' high='7d' resolution='5s'"
		 " parallel='yes'/><send><token created='-$x'/></send></case>" LAB_CLOSE);
	m = k.c[0].measure;
	assert_non_null(m);
	lab_str(m->property, "token.skew.past");
	lab_str(m->unit, "s");
	assert_int_equal(m->low, 0);
	assert_int_equal(m->high, 604800);
	assert_int_equal(m->resolution, 5);
	assert_true(m->parallel);
	assert_null(k.c[0].remedy.p);
	arena_init(&a, 4096);
	lab_str(suite_measure_text(&a, m, 90), "90s");
	arena_free(&a);
	catalogue_free(&k);
}

static void a_sample_is_read(void **state)
{
	struct catalogue k;
	const struct suite_measure *m;
	const struct suite_step *s;

	(void)state;
	lab_load(&k, LAB_SUITE("", "<sample property='lock' unit='u' of='lock-out' n='3'/>"
				   "<send repeat='20' until='locked' expect='refused locked'>"
				   "<header name='a' value='bc' length='9'/></send>"
				   "<send replay='1'/>"));
	m = k.c[0].measure;
	s = k.c[0].step;
	assert_int_equal(m->sample, SAMPLE_LOCK_OUT);
	assert_string_equal(suite_sample_name(m->sample), "lock-out");
	assert_int_equal(m->rounds, 3);
	lab_str(m->property, "lock");
	lab_str(s[0].repeat, "20");
	assert_int_equal(s[0].until, OUTCOME_BIT(OUTCOME_LOCKED));
	lab_str(s[0].length[0], "9");
	assert_int_equal(s[0].replay, 0);
	assert_int_equal(s[1].replay, 1);
	assert_true(suite_awaits_lock(&k.c[0]));
	catalogue_free(&k);
}

static void repetitions_are_bound(void **state)
{
	struct suite_variant *v;
	struct catalogue k;
	struct err err;
	struct arena a;
	size_t n;

	(void)state;
	lab_load(&k, LAB_SUITE("", "<measure property='p' unit='u' low='0' high='50'"
				   " resolution='1' loss='ends'/><send/><send repeat='$x'/>"
				   "<send repeat='7' expect='any'/>"));
	arena_init(&a, 1 << 16);
	assert_int_equal(suite_expand(&a, &k.c[0], &v, &n, &err), 0);
	assert_true(k.c[0].measure->loss_ends);
	assert_int_equal(suite_repeat(&a, v, &k.c[0].step[0], STR("30")), 1);
	assert_int_equal(suite_repeat(&a, v, &k.c[0].step[1], STR("30")), 30);
	assert_int_equal(suite_repeat(&a, v, &k.c[0].step[1], STR("0")), 0);
	assert_int_equal(suite_repeat(&a, v, &k.c[0].step[2], STR("30")), 7);
	assert_false(suite_awaits_lock(&k.c[0]));
	arena_free(&a);
	catalogue_free(&k);
}

static void other_units_are_plain_numbers(void **state)
{
	struct catalogue k;
	struct arena a;

	(void)state;
	lab_load(&k, LAB_SUITE("", "<measure property='n' unit='octets' low='1' high='4096'"
				   " resolution='16'/><send><token nonce='bytes:$x'/></send>"));
	assert_int_equal(k.c[0].measure->high, 4096);
	assert_false(k.c[0].measure->parallel);
	arena_init(&a, 4096);
	lab_str(suite_measure_text(&a, k.c[0].measure, 16), "16");
	arena_free(&a);
	catalogue_free(&k);
}

static void files_add_up(void **state)
{
	struct catalogue k;

	(void)state;
	lab_load(&k, full);
	lab_add(&k, "y.xml",
		"<suite family='y' title='Y'><case id='y.a' rev='1'>" LAB_TEXTS LAB_CITE
		"<send/></case></suite>");
	assert_int_equal(k.n_case, 3);
	lab_str(k.c[0].id, "x.a.b-1");
	lab_str(catalogue_case(&k, STR("y.a"))->file, "y.xml");
	catalogue_free(&k);
}

static void requirements_are_read(void **state)
{
	struct catalogue k;
	const struct requirement *r;

	(void)state;
	lab_init(&k);
	lab_add(&k, "requirements.xml",
		"<requirements><document id='rfc7616' title='D'>\n"
		"<requirement anchor='rfc7616#3.4.nc' level='may' source='RFC 7616 section 3.4'>\n"
		"  in our\n  words </requirement>\n"
		"<requirement anchor='rfc7616#http-digest' level='must' source='S' uncased='why'>t"
		"</requirement></document>\n"
		"<document id='e' title='E'><requirement anchor='e#5.9.1' level='should' "
		"source='S'>u"
		"</requirement></document></requirements>");
	assert_int_equal(k.n_requirement, 3);
	r = catalogue_requirement(&k, STR("rfc7616#3.4.nc"));
	assert_non_null(r);
	lab_str(r->document, "rfc7616");
	lab_str(r->section, "3.4");
	lab_str(r->text, "in our words");
	lab_str(r->source, "RFC 7616 section 3.4");
	lab_str(r->file, "requirements.xml");
	assert_int_equal(r->level, LEVEL_MAY);
	assert_int_equal(r->line, 2);
	assert_null(r->uncased.p);
	lab_str(k.requirement[1].section, "http-digest");
	lab_str(k.requirement[1].uncased, "why");
	lab_str(k.requirement[2].section, "5.9.1");
	assert_null(catalogue_requirement(&k, STR("e#5.9")));
	catalogue_free(&k);
}

/* Whatever allocation of ours fails, the load says so and nothing leaks. */
static void memory_may_run_out_anywhere(void **state)
{
	struct err err = { 0 };
	int failed = -1;

	(void)state;
	for (long n = 0; n < 2000 && failed; n++) {
		struct catalogue k;

		lab_init(&k);
		mem_fail_after(n);
		failed = suite_parse_memory(&k, lab_schemas, STR("x.xml"), str(full), &err);
		mem_fail_after(-1);
		if (failed)
			assert_int_equal(err.code, ERR_NOMEM);
		catalogue_free(&k);
	}
	assert_int_equal(failed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_case_is_read),
		cmocka_unit_test(cites_and_axes_are_read),
		cmocka_unit_test(a_bare_step_is_all_default),
		cmocka_unit_test(a_full_step_is_read),
		cmocka_unit_test(credentials_are_read_in_order),
		cmocka_unit_test(a_measure_is_read),
		cmocka_unit_test(a_sample_is_read),
		cmocka_unit_test(repetitions_are_bound),
		cmocka_unit_test(other_units_are_plain_numbers),
		cmocka_unit_test(files_add_up),
		cmocka_unit_test(requirements_are_read),
		cmocka_unit_test(memory_may_run_out_anywhere),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

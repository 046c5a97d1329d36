/* The catalogue of faults from the field: how it is read, what stands for a row, and what lint
 * finds.
 */
#include "suite_lab.h"

#define FIELD(rows) "<field><group id='DGN' title='Digest'>\n" rows "</group></field>"
#define ROW(id, side, more)                                                                        \
	"<row id='" id "' side='" side "' link='https://example.org/1' " more ">t</row>\n"
#define REQUIREMENTS                                                                               \
	"<requirements><document id='d' title='D'>\n"                                              \
	"<requirement anchor='d#1' level='must' source='S'>t</requirement>\n"                      \
	"<requirement anchor='d#2' level='may' source='S' uncased='why'>t</requirement>\n"         \
	"<requirement anchor='d#3' level='may' source='S'>t</requirement>\n"                       \
	"</document></requirements>"
#define CASE(id, field)                                                                            \
	"<case id='x." id "' rev='1' field='" field "'>\n" LAB_TEXTS LAB_CITE "<send/></case>\n"

static void load(struct catalogue *k, const char *cases, const char *field)
{
	lab_load(k, cases);
	lab_add(k, "requirements/d.xml", REQUIREMENTS);
	lab_add(k, "field.xml", field);
}

static void rows_are_read(void **state)
{
	const struct field_row *r;
	struct catalogue k;

	(void)state;
	load(&k, LAB_SUITE("", "<send/>"),
	     "<field><group id='DGN' title='Digest'>\n<row id='DGN-09' side='both' "
	     "link='https://example.org/1#x' cve='CVE-2011-1184 CVE-2012-5885'>\n in our\n words "
	     "</row></group><group id='QOP' title='Q'>\n" ROW("QOP-1", "client", "")
		     ROW("QOP-2", "device", "uncased='why'")
			     ROW("QOP-3", "server", "") "</group></field>");
	assert_int_equal(k.n_field, 4);
	r = catalogue_field(&k, STR("DGN-09"));
	assert_non_null(r);
	lab_str(r->group, "Digest");
	lab_str(r->text, "in our words");
	lab_str(r->link, "https://example.org/1#x");
	lab_str(r->file, "field.xml");
	assert_int_equal(r->line, 2);
	assert_int_equal(r->side, FIELD_BOTH);
	assert_null(r->uncased.p);
	assert_ptr_equal(catalogue_field(&k, STR("CVE-2012-5885")), r);
	assert_null(catalogue_field(&k, STR("CVE-2012-588")));
	lab_str(k.field[1].group, "Q");
	assert_int_equal(k.field[1].side, FIELD_CLIENT);
	assert_int_equal(k.field[2].side, FIELD_DEVICE);
	lab_str(k.field[2].uncased, "why");
	assert_int_equal(k.field[3].side, FIELD_SERVER);
	lab_str(k.requirement[0].title, "D");
	catalogue_free(&k);
}

static void the_cases_of_a_row_come_in_order(void **state)
{
	const struct suite_case *c;
	struct catalogue k;

	(void)state;
	load(&k, LAB_OPEN CASE("a", "DGN-1 DGN-2") CASE("b", "DGN-11") CASE("c", "DGN-1") LAB_CLOSE,
	     FIELD(ROW("DGN-1", "device", "")));
	c = catalogue_answering(&k, STR("DGN-1"), NULL);
	assert_non_null(c);
	lab_str(c->id, "x.a");
	c = catalogue_answering(&k, STR("DGN-1"), c);
	assert_non_null(c);
	lab_str(c->id, "x.c");
	assert_null(catalogue_answering(&k, STR("DGN-1"), c));
	assert_null(catalogue_answering(&k, STR("DGN"), NULL));
	c = catalogue_citing(&k, STR("d#1"), &k.c[1]);
	assert_ptr_equal(c, &k.c[2]);
	assert_null(catalogue_citing(&k, STR("d#1"), c));
	assert_null(catalogue_citing(&k, STR("d#2"), NULL));
	catalogue_free(&k);
}

static void each_row_is_covered_somehow(void **state)
{
	struct catalogue k;

	(void)state;
	load(&k, LAB_OPEN CASE("a", "DGN-1 DGN-2") LAB_CLOSE,
	     FIELD(ROW("DGN-1", "device", "") ROW("DGN-2", "client", "") ROW("DGN-3", "client", "")
			   ROW("DGN-4", "both", "uncased='why'") ROW("DGN-5", "server", "")));
	assert_int_equal(field_covered(&k, &k.field[0]), COVERED_CASE);
	assert_int_equal(field_covered(&k, &k.field[1]), COVERED_GAP);
	assert_int_equal(field_covered(&k, &k.field[2]), COVERED_GAP);
	assert_int_equal(field_covered(&k, &k.field[3]), COVERED_REASON);
	assert_int_equal(field_covered(&k, &k.field[4]), COVERED_GAP);
	assert_int_equal(requirement_covered(&k, &k.requirement[0]), COVERED_CASE);
	assert_int_equal(requirement_covered(&k, &k.requirement[1]), COVERED_REASON);
	assert_int_equal(requirement_covered(&k, &k.requirement[2]), COVERED_GAP);
	catalogue_free(&k);
}

static void expect_findings(const char *cases, const char *field, const char *want)
{
	struct lint_finding *f;
	struct str text = STR("");
	struct catalogue k;
	struct err err = { 0 };
	struct arena a;
	size_t n;

	arena_init(&a, 1 << 20);
	load(&k, cases, field);
	if (catalogue_lint(&k, NULL, NULL, &a, &f, &n, &err))
		fail_msg("%s", err.text);
	for (; f; f = f->next)
		text = arena_fmt(&a, "%.*s%.*s\n", STR_ARG(text), STR_ARG(f->text));
	lab_str(text, want);
	catalogue_free(&k);
	arena_free(&a);
}

#define GAP "requirements/d.xml:4: no case cites \"d#3\", expected one or uncased=\"reason\"\n"

static void lint_finds_what_is_not_covered(void **state)
{
	(void)state;
	expect_findings(LAB_OPEN CASE("a", "DGN-1 DGN-2") LAB_CLOSE,
			FIELD(ROW("DGN-1", "device", "") ROW("DGN-2", "client", "")
				      ROW("DGN-3", "client", "uncased='why'")
					      ROW("DGN-4", "both", "uncased='why'")),
			GAP "field.xml:3: no case of clients answers \"DGN-2\", expected one or "
			    "uncased=\"reason\"\n");
	expect_findings(
		LAB_OPEN CASE("a", "DGN-3") LAB_CLOSE,
		FIELD(ROW("DGN-1", "device", "") ROW("DGN-2", "both", "") ROW(
			"DGN-3", "device", "uncased='why'") ROW("DGN-3", "device", "")
			      ROW("DGN-4", "client", "uncased='why'") ROW("DGN-5", "client", "")),
		GAP
		"field.xml:2: no case answers \"DGN-1\", expected one or uncased=\"reason\"\n"
		"field.xml:3: no case answers \"DGN-2\", expected one or uncased=\"reason\"\n"
		"field.xml:4: \"DGN-3\" is uncased, but x.a answers it, expected one or the other\n"
		"field.xml:5: another row \"DGN-3\", expected each id once\n"
		"field.xml:7: no case of clients answers \"DGN-5\", expected one or "
		"uncased=\"reason\"\n");
}

/* What a device is asked says nothing of the client that has the same fault. */
static void lint_finds_the_half_of_a_row(void **state)
{
	(void)state;
	expect_findings(LAB_OPEN CASE("a", "DGN-1 DGN-2") LAB_CLOSE,
			FIELD(ROW("DGN-1", "device", "") ROW("DGN-2", "both", "")),
			GAP
			"field.xml:3: no case of clients answers \"DGN-2\", whose side is both, "
			"expected one\n");
}

static void lint_finds_unknown_rows(void **state)
{
	(void)state;
	expect_findings(
		LAB_OPEN CASE("a", "DGN-1 DGN-2 DGN-1 CVE-2011-1184 CVE-2011-1185") LAB_CLOSE,
		FIELD(ROW("DGN-1", "device", "cve='CVE-2011-1184'")),
		"x.xml:2: field \"DGN-1\" twice, expected once\n"
		"x.xml:2: field of unknown \"DGN-2\", expected a row of the field catalogue\n"
		"x.xml:2: field of unknown \"CVE-2011-1185\", expected a row of the field "
		"catalogue\n" GAP);
	/* A number of a vulnerability alone does not answer its row. */
	expect_findings(
		LAB_OPEN CASE("a", "CVE-2011-1184") LAB_CLOSE,
		FIELD(ROW("DGN-1", "device", "cve='CVE-2011-1184'")),
		GAP "field.xml:2: no case answers \"DGN-1\", expected one or uncased=\"reason\"\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_read),
		cmocka_unit_test(the_cases_of_a_row_come_in_order),
		cmocka_unit_test(each_row_is_covered_somehow),
		cmocka_unit_test(lint_finds_what_is_not_covered),
		cmocka_unit_test(lint_finds_the_half_of_a_row),
		cmocka_unit_test(lint_finds_unknown_rows),
	};

	return cmocka_run_group_tests(tests, lab_setup, lab_teardown);
}

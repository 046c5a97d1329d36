/* suites/schema/suite.rng says what the tables say: deviations, features, checks, outcomes. */
#include "suite_lab.h"

#include <stdio.h>

#include <libxml/parser.h>

static xmlDoc *schema;

static int schema_open(void **state)
{
	struct str text = embedded_find(embedded_files, STR("schema/suite.rng"));

	schema = text.p ? xmlReadMemory(text.p, (int)text.n, NULL, NULL, XML_PARSE_NONET) : NULL;
	return schema ? lab_setup(state) : -1;
}

static int schema_close(void **state)
{
	xmlFreeDoc(schema);
	return lab_teardown(state);
}

static bool has_name(const xmlNode *n, const char *element, const char *name)
{
	xmlChar *value = xmlGetProp((xmlNode *)n, BAD_CAST "name");
	bool same = xmlStrEqual(n->name, BAD_CAST element) && xmlStrEqual(value, BAD_CAST name);

	xmlFree(value);
	return same;
}

/* The first <element name="name"> (or <attribute>, <define>) below top. */
static const xmlNode *find(const xmlNode *top, const char *element, const char *name)
{
	for (const xmlNode *n = xml_child(top, NULL); n; n = xml_child(top, n)) {
		const xmlNode *below = has_name(n, element, name) ? n : find(n, element, name);

		if (below)
			return below;
	}
	return NULL;
}

/* Words with a number behind them: the pattern in the schema, the word in the table, an example. */
static const struct {
	const char *pattern, *word, *example;
} numbered[] = {
	{ "bytes:[0-9]+", "bytes:NUMBER", "bytes:8" },
	{ "ahead:[0-9]+", "ahead:NUMBER", "ahead:8" },
	{ "behind:[0-9]+", "behind:NUMBER", "behind:8" },
	{ "fraction:[0-9]+", "fraction:NUMBER", "fraction:3" },
	{ "zone:[+\\-]?[0-9]+", "zone:MINUTES", "zone:-330" },
	{ "wall:[+\\-]?[0-9]+", "wall:MINUTES", "wall:330" },
};

static struct str pattern_word(struct str pattern)
{
	for (size_t i = 0; i < COUNT(numbered); i++) {
		if (str_eq(pattern, str(numbered[i].pattern)))
			return str(numbered[i].word);
	}
	return STR("unknown pattern");
}

/* How the schema writes an open domain of the table. */
static struct str word_of(struct arena *a, const xmlNode *n)
{
	if (xmlStrEqual(n->name, BAD_CAST "value"))
		return xml_text(a, n);
	if (has_name(n, "ref", "literal"))
		return STR("=LITERAL");
	if (has_name(n, "ref", "duration"))
		return STR("DURATION");
	if (xmlStrEqual(n->name, BAD_CAST "data"))
		return pattern_word(xml_text(a, xml_child(n, NULL)));
	return (struct str){ 0 }; /* "$axis" */
}

/* All values below n, as one list of words. */
static struct str values_of(struct arena *a, const xmlNode *top)
{
	struct str list = STR("");

	for (const xmlNode *n = xml_child(top, NULL); n; n = xml_child(top, n)) {
		struct str word = word_of(a, n);

		if (!word.p)
			word = values_of(a, n);
		if (word.n)
			list = arena_fmt(a, "%.*s%s%.*s", STR_ARG(list), list.n ? " " : "",
					 STR_ARG(word));
	}
	return list;
}

static void deviations_are_those_of_the_table(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (const struct deviation *d = deviations; d->name; d++) {
		const xmlNode *e =
			find(xmlDocGetRootElement(schema), "element", mechanism_name(d->mech));
		const xmlNode *attribute = e ? find(e, "attribute", d->name) : NULL;

		if (!attribute)
			fail_msg("the schema has no \"%s\" of <%s>", d->name,
				 mechanism_name(d->mech));
		lab_str(values_of(&a, attribute), d->values);
	}
	arena_free(&a);
}

static size_t count_attributes(const xmlNode *top)
{
	size_t n = 0;

	for (const xmlNode *c = xml_child(top, NULL); c; c = xml_child(top, c))
		n += xmlStrEqual(c->name, BAD_CAST "attribute") ? 1 : count_attributes(c);
	return n;
}

static void the_schema_has_no_more_deviations(void **state)
{
	(void)state;
	for (enum mechanism m = 0; m < MECHANISMS; m++) {
		size_t rows = m == MECH_DIGEST; /* use="" */

		for (const struct deviation *d = deviations; d->name; d++)
			rows += d->mech == m;
		assert_int_equal(count_attributes(find(xmlDocGetRootElement(schema), "element",
						       mechanism_name(m))),
				 rows);
	}
}

static void every_value_can_be_written(void **state)
{
	(void)state;
	for (const struct deviation *d = deviations; d->name; d++) {
		struct str rest = str(d->values);

		for (struct str w = str_word(&rest); w.n > 0; w = str_word(&rest)) {
			const char *value = str_eq(w, STR("DURATION")) ? "-1h" : NULL;
			char xml[512];
			struct catalogue k;

			for (size_t i = 0; i < COUNT(numbered); i++) {
				if (str_eq(w, str(numbered[i].word)))
					value = numbered[i].example;
			}
			snprintf(xml, sizeof(xml),
				 LAB_OPEN "<case id='x.a' rev='1'>" LAB_TEXTS LAB_CITE
					  "<send><%s %s='%.*s'/></send></case>" LAB_CLOSE,
				 mechanism_name(d->mech), d->name,
				 value ? (int)strlen(value) : (int)w.n, value ? value : w.p);
			lab_load(&k, xml);
			assert_ptr_equal(k.c[0].step[0].credentials[0].deviation[0].d, d);
			catalogue_free(&k);
		}
	}
}

static void features_are_those_of_the_table(void **state)
{
	struct str list = STR("");
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (const struct suite_feature *f = suite_features; f->name; f++)
		list = arena_fmt(&a, "%.*s%s%s", STR_ARG(list), list.n ? " " : "", f->name);
	lab_str(values_of(&a, find(xmlDocGetRootElement(schema), "define", "features")), list.p);
	arena_free(&a);
}

static void checks_are_those_of_the_table(void **state)
{
	struct str list = STR("");
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (const char *const *name = suite_check_names; *name; name++)
		list = arena_fmt(&a, "%.*s%s%s", STR_ARG(list), list.n ? " " : "", *name);
	lab_str(values_of(&a, find(find(xmlDocGetRootElement(schema), "element", "check"),
				   "attribute", "is")),
		list.p);
	arena_free(&a);
}

static void outcomes_are_those_of_the_table(void **state)
{
	struct str list = STR("");
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (enum outcome o = 0; o < OUTCOMES; o++)
		list = arena_fmt(&a, "%.*s%s ", STR_ARG(list), outcome_name(o));
	list = arena_concat(&a, list, STR("refused any"));
	lab_str(values_of(&a, find(xmlDocGetRootElement(schema), "define", "outcome")), list.p);
	arena_free(&a);
}

/* Attributes of the other elements: the walk's table and the schema name the same ones. */
static void compare_attributes(const struct element_rule *e)
{
	const xmlNode *element = find(xmlDocGetRootElement(schema), "element", e->name);
	size_t rows = 0;

	assert_non_null(element);
	for (const struct attribute_rule *a = e->attribute; a && a->name; a++, rows++) {
		if (!find(element, "attribute", a->name))
			fail_msg("the schema has no \"%s\" of <%s>", a->name, e->name);
	}
	/* Elements inside <case> are written in place: they have no attributes of their own. */
	if (!e->deviates && e->content == CONTENT_ELEMENTS)
		assert_int_equal(count_attributes(element), rows);
	for (const struct child_rule *c = e->child; c && c->element; c++)
		compare_attributes(c->element);
}

static void the_walk_and_the_schema_agree(void **state)
{
	(void)state;
	compare_attributes(&suite_rule);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(deviations_are_those_of_the_table),
		cmocka_unit_test(the_schema_has_no_more_deviations),
		cmocka_unit_test(every_value_can_be_written),
		cmocka_unit_test(features_are_those_of_the_table),
		cmocka_unit_test(checks_are_those_of_the_table),
		cmocka_unit_test(outcomes_are_those_of_the_table),
		cmocka_unit_test(the_walk_and_the_schema_agree),
	};

	return cmocka_run_group_tests(tests, schema_open, schema_close);
}

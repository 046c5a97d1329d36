/* suites/schema/client.rng and personas.rng say what the tables say; a wrong file gives one error.
 */
#include "suite_lab.h"

#include <stdio.h>

#include <libxml/parser.h>

static xmlDoc *cases, *personas;

static xmlDoc *schema_read(const char *name)
{
	struct str text = embedded_find(embedded_files, str(name));

	return text.p ? xmlReadMemory(text.p, (int)text.n, NULL, NULL, XML_PARSE_NONET) : NULL;
}

static int schemas_open(void **state)
{
	cases = schema_read("schema/client.rng");
	personas = schema_read("schema/personas.rng");
	return cases && personas ? lab_setup(state) : -1;
}

static int schemas_close(void **state)
{
	xmlFreeDoc(cases);
	xmlFreeDoc(personas);
	return lab_teardown(state);
}

/* --- the schema --- */

static bool is(const xmlNode *n, const char *element)
{
	return xmlStrEqual(n->name, BAD_CAST element);
}

static struct str name_of(struct arena *a, const xmlNode *n)
{
	return xml_attr(a, n, "name");
}

/* The first <what name="name"> below top; what is referred to does not stand there. */
static const xmlNode *find(struct arena *a, const xmlNode *top, const char *what, const char *name)
{
	const xmlNode *hit = NULL;

	for (const xmlNode *n = xml_child(top, NULL); n && !hit; n = xml_child(top, n))
		hit = is(n, what) && str_eq(name_of(a, n), str(name)) ? n : find(a, n, what, name);
	return hit;
}

/* Names of what stands in an element: its attributes, or its child elements. */
struct names {
	struct arena *a;
	const xmlNode *grammar;
	const char *what; /* "attribute" or "element" */
	struct str list;
	struct str optional; /* those of it that may be left out */
};

static void gather(struct names *g, const xmlNode *top, bool optional)
{
	for (const xmlNode *n = xml_child(top, NULL); n; n = xml_child(top, n)) {
		struct str name = name_of(g->a, n);
		struct str *lists[] = { &g->list, optional ? &g->optional : NULL };

		for (size_t i = 0; is(n, g->what) && i < 2; i++) {
			if (lists[i])
				*lists[i] = arena_fmt(g->a, "%.*s %.*s", STR_ARG(*lists[i]),
						      STR_ARG(name));
		}
		if (is(n, "ref"))
			gather(g, find(g->a, g->grammar, "define", name.p), optional);
		else if (!is(n, "attribute") && !is(n, "element"))
			gather(g, n, optional || is(n, "optional"));
	}
}

static struct names names_in(struct arena *a, const xmlNode *grammar, const xmlNode *element,
			     const char *what)
{
	struct names g = { a, grammar, what, STR(""), STR("") };

	gather(&g, element, false);
	return g;
}

static size_t words_in(struct str list)
{
	size_t n = 0;

	while (str_word(&list).n)
		n++;
	return n;
}

/* All <value>s below n, as words. */
static struct str values_in(struct arena *a, const xmlNode *top)
{
	struct str list = STR("");

	for (const xmlNode *n = xml_child(top, NULL); n; n = xml_child(top, n)) {
		struct str word = is(n, "value") ? xml_text(a, n) : values_in(a, n);

		if (word.n)
			list = arena_fmt(a, "%.*s%s%.*s", STR_ARG(list), list.n ? " " : "",
					 STR_ARG(word));
	}
	return list;
}

/* An attribute of an element, or of what it refers to. */
static const xmlNode *attribute_of(struct arena *a, const xmlNode *grammar, const xmlNode *element,
				   const char *name)
{
	static const char *const shared[] = { "answer", "spelling" };
	const xmlNode *hit = find(a, element, "attribute", name);

	for (size_t i = 0; !hit && i < COUNT(shared); i++)
		hit = find(a, find(a, grammar, "define", shared[i]), "attribute", name);
	return hit;
}

/* --- what is compared --- */

static void compare_attributes(struct arena *a, const xmlNode *grammar, const xmlNode *element,
			       const struct element_rule *e)
{
	struct names g = names_in(a, grammar, element, "attribute");
	size_t rows = 0;

	for (const struct attribute_rule *r = e->attribute; r && r->name; r++, rows++) {
		if (!str_has_word(g.list, str(r->name)))
			fail_msg("the schema has no \"%s\" of <%s>", r->name, e->name);
		if (str_has_word(g.optional, str(r->name)) == r->required)
			fail_msg("\"%s\" of <%s> is %s", r->name, e->name,
				 r->required ? "optional" : "required");
		if (r->words)
			lab_str(values_in(a, attribute_of(a, grammar, element, r->name)), r->words);
	}
	assert_int_equal(words_in(g.list), rows);
}

static void compare(struct arena *a, const xmlNode *grammar, const struct element_rule *e)
{
	const xmlNode *element = find(a, grammar, "element", e->name);
	struct names g;
	size_t rows = 0;

	if (!element)
		fail_msg("the schema has no <%s>", e->name);
	compare_attributes(a, grammar, element, e);
	g = names_in(a, grammar, element, "element");
	for (const struct child_rule *c = e->child; c && c->element; c++, rows++) {
		if (!str_has_word(g.list, str(c->element->name)))
			fail_msg("the schema has no <%s> in <%s>", c->element->name, e->name);
		compare(a, grammar, c->element);
	}
	assert_int_equal(words_in(g.list), rows);
}

static void the_walk_and_the_schemas_agree(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	compare(&a, xmlDocGetRootElement(cases), &client_rule);
	compare(&a, xmlDocGetRootElement(personas), &personas_rule);
	arena_free(&a);
}

static void words_are_those_of_the_tables(void **state)
{
	struct str checks = STR(""), features = STR("");
	const xmlNode *grammar = xmlDocGetRootElement(cases);
	struct arena a;

	(void)state;
	arena_init(&a, 1 << 20);
	for (int i = 0; i < CLIENT_CHECKS; i++)
		checks = arena_fmt(&a, "%.*s%s%s", STR_ARG(checks), i ? " " : "",
				   client_checks[i].name);
	for (const struct client_feature *f = client_features; f->name; f++)
		features = arena_fmt(&a, "%.*s%s%s", STR_ARG(features), features.n ? " " : "",
				     f->name);
	lab_str(values_in(&a, find(&a, find(&a, grammar, "element", "check"), "attribute", "is")),
		checks.p);
	lab_str(values_in(&a, find(&a, grammar, "define", "features")), features.p);
	arena_free(&a);
}

static void every_check_can_be_written(void **state)
{
	(void)state;
	for (const struct client_check_name *k = client_checks; k->name; k++) {
		char xml[512];
		struct catalogue c;

		snprintf(xml, sizeof(xml),
			 "<client-suite family='x' title='X'><case id='x.a' rev='1'>" LAB_TEXTS
				 LAB_CITE "<challenge/><check is='%s'%s/></case></client-suite>",
			 k->name, k->valued ? " value='8'" : "");
		lab_init(&c);
		lab_add(&c, "client/x.xml", xml);
		assert_int_equal(c.n_client, 1);
		lab_str(c.client[0].client->check[0].name, k->name);
		catalogue_free(&c);
	}
}

/* --- what is wrong in a file is said with its line --- */

struct row {
	const char *file, *xml, *text;
};

#define CASE(text, attributes, children)                                                           \
	{                                                                                          \
		"client/x.xml",                                                                    \
			"<client-suite family='x' title='X'>\n" LAB_CASE(                          \
				attributes, children) "</client-suite>",                           \
			"client/x.xml:" text                                                       \
	}
#define OFFERS "<digest> <basic> <token> <other>"

static const struct row rows[] = {
	{ "client/x.xml", "<suite/>", "client/x.xml:1: <suite>, expected <client-suite>" },
	{ "client/x.xml", "<client-suite family='x' title='X'/>",
	  "client/x.xml:1: <client-suite> without <case>, expected one" },
	{ "client/personas.xml", "<client-suite/>",
	  "client/personas.xml:1: <client-suite>, expected <personas>" },
	CASE("2: <case> without <challenge>, expected one", "", ""),
	CASE("4: unknown element <send> in <case>, expected <title> <why> <remedy> <cite> <axis> "
	     "<call> <clock> <observe> <challenge> <grant> <check>",
	     "", "<send/>"),
	CASE("4: unknown element <nonce> in <challenge>, expected " OFFERS, "",
	     "<challenge><nonce/></challenge>"),
	CASE("4: unknown attribute \"nonse\" of <digest>, expected one of realm nonce opaque "
	     "algorithm qop stale domain charset userhash extra scheme names order commas equals "
	     "quotes",
	     "", "<challenge><digest nonse='x'/></challenge>"),
	CASE("4: commas=\"many\": expected one of tight wide tabs leading trailing empty", "",
	     "<challenge><digest commas='many'/></challenge>"),
	CASE("4: expect=\"maybe\": expected one of answered right unanswered any", "",
	     "<challenge expect='maybe'/>"),
	CASE("4: early=\"yes\": expected one of keep close refused never", "",
	     "<challenge early='yes'/>"),
	CASE("4: length=\"1228801\": expected a number of octets up to 1228800", "",
	     "<call length='1228801'/><challenge/>"),
	CASE("4: is=\"digest.nc\": expected a check of suites/client/README.md, such as "
	     "digest.nc-first",
	     "", "<challenge/><check is='digest.nc'/>"),
	CASE("4: check tries without value, expected a number", "",
	     "<challenge/><check is='tries'/>"),
	CASE("4: check digest.hash with a value, expected none", "",
	     "<challenge/><check is='digest.hash' value='1'/>"),
	CASE("4: value=\"few\": expected a number up to 1000000", "",
	     "<challenge/><check is='tries' value='few'/>"),
	CASE("2: needs=\"digset\": expected one of http soap command calls told basic digest "
	     "digest.no-qop digest.auth-int digest.sess digest.sha-256 digest.sha-512-256 "
	     "digest.userhash token body expect repeats time",
	     "needs='digset'", "<challenge/>"),
	CASE("2: nothing is asked of the client, expected a <check>, or a <challenge> that is to "
	     "be answered or not",
	     "", "<challenge expect='any'/>"),
	CASE("2: <grant> before the first <challenge>, expected it behind one", "",
	     "<grant/><challenge/>"),
	CASE("2: <observe> with something of its own to serve, expected checks alone", "",
	     "<call times='2'/><observe/><check is='no-basic'/>"),
	{ "client/personas.xml",
	  "<personas><persona id='a' title='A' source='file:///x'><challenge/></persona>"
	  "</personas>",
	  "client/personas.xml:1: source=\"file:///x\": expected a link that begins with "
	  "https://" },
	{ "client/personas.xml",
	  "<personas><persona id='a' title='A' source='https://x.org/'>\n<challenge "
	  "expect='any'/></persona></personas>",
	  "client/personas.xml:2: unknown attribute \"expect\" of <challenge>, expected one of "
	  "status fields connection body fault reason prefix" },
};

static void a_wrong_file_gives_one_clear_error(void **state)
{
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct err err = { 0 };
		struct catalogue k;

		lab_init(&k);
		if (!suite_parse_memory(&k, lab_schemas, str(rows[i].file), str(rows[i].xml), &err))
			print_error("accepted: %s\n", rows[i].xml);
		if (err.code != ERR_INPUT || strcmp(err.text, rows[i].text) != 0) {
			print_error(" got %d %s\nwant %d %s\n", err.code, err.text, ERR_INPUT,
				    rows[i].text);
			bad++;
		}
		catalogue_free(&k);
	}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_walk_and_the_schemas_agree),
		cmocka_unit_test(words_are_those_of_the_tables),
		cmocka_unit_test(every_check_can_be_written),
		cmocka_unit_test(a_wrong_file_gives_one_clear_error),
	};

	return cmocka_run_group_tests(tests, schemas_open, schemas_close);
}

/* suite_lab.h - suites as literals, for the tests of suite/. */
#ifndef TESTS_SUITE_LAB_H
#define TESTS_SUITE_LAB_H

#include "suite/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* One case of family "x": HEAD(attributes of <case>) children TAIL. */
#define LAB_OPEN  "<suite family='x' title='X'>\n"
#define LAB_CLOSE "</suite>\n"
#define LAB_TEXTS "<title>T</title><why>W</why><remedy>R</remedy>"
#define LAB_CITE  "<cite clause='d#1' level='must'/>\n"
#define LAB_CASE(attributes, children)                                                             \
	"<case id='x.a' rev='1' " attributes ">\n" LAB_TEXTS LAB_CITE children "</case>\n"
#define LAB_SUITE(attributes, children)                                                            \
	LAB_OPEN LAB_CASE(attributes, children)                                                    \
	LAB_CLOSE

static struct schemas *lab_schemas;

static inline int lab_setup(void **state)
{
	struct err why;

	(void)state;
	lab_schemas = schemas_new(&why);
	return lab_schemas ? 0 : -1;
}

static inline int lab_teardown(void **state)
{
	(void)state;
	schemas_free(lab_schemas);
	return 0;
}

static inline void lab_init(struct catalogue *k)
{
	*k = (struct catalogue){ 0 };
	arena_init(&k->a, SUITE_ARENA_MAX);
}

/* Read one more file into k, which must succeed. */
static inline void lab_add(struct catalogue *k, const char *name, const char *xml)
{
	struct err why = { 0 };

	if (suite_parse_memory(k, lab_schemas, str(name), str(xml), &why))
		fail_msg("%s", why.text);
}

static inline void lab_load(struct catalogue *k, const char *xml)
{
	lab_init(k);
	lab_add(k, "x.xml", xml);
}

static inline void lab_str(struct str got, const char *want)
{
	if (!str_eq(got, str(want)))
		fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

#endif

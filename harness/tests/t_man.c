/* The manual pages: every element of the language has its sentence, and no sentence is left over.
 */
#include "cli/help.h"
#include "cli/man.h"
#include "suite/language.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

#define PAGE_MAX (1 << 18)

static size_t told;
static const char *(*meaning)(struct str element, struct str attribute);

static void element(void *ctx, const struct language_element *e)
{
	const struct deviation *d = deviations;

	(void)ctx;
	told++;
	if (!meaning(str(e->name), STR("")))
		fail_msg("no sentence for <%s>", e->name);
	while (d->name && !(e->deviates && d->mech == e->mech))
		d++;
	assert_true(!e->deviates || d->name);
}

static void attribute(void *ctx, const struct language_attribute *a)
{
	(void)ctx;
	told++;
	if (!meaning(str(a->element), str(a->name)))
		fail_msg("no sentence for %s.%s", a->element, a->name);
	assert_true(*a->domain);
	assert_null(strstr(a->domain, "expected"));
}

static void every_part_of_the_language_has_a_sentence(void **state)
{
	const struct language_reader r = { element, attribute, NULL };

	(void)state;
	told = 0;
	meaning = man_meaning;
	language_walk(&r);
	assert_int_equal(told, man_meanings());
	told = 0;
	meaning = man_client_meaning;
	language_walk_client(&r);
	assert_int_equal(told, man_client_meanings());
}

static char *page(void (*print)(FILE *f))
{
	char *text = malloc(PAGE_MAX);
	FILE *f = tmpfile();
	size_t n;

	assert_non_null(text);
	assert_non_null(f);
	print(f);
	rewind(f);
	n = fread(text, 1, PAGE_MAX - 1, f);
	assert_int_equal(fclose(f), 0);
	text[n] = '\0';
	return text;
}

static void pages_hold_the_tables(void **state)
{
	char *suite = page(help_man_suite), *program = page(help_man);

	(void)state;
	assert_non_null(strstr(suite, ".SS <digest>\n"));
	assert_non_null(strstr(suite, ".B cnonce\n"));
	assert_non_null(strstr(suite, ".B failures\n"));
	assert_non_null(strstr(suite, ".B digest.sha\\-256\n"));
	assert_non_null(strstr(suite, "Mandatory: one of must should may hardening measure.\n"));
	assert_non_null(strstr(suite, ".SS <client-suite>\n"));
	assert_non_null(strstr(suite, ".B digest.nc\\-first\n"));
	assert_non_null(strstr(program, "\\fB\\-\\-print\\-config\\fR"));
	assert_non_null(strstr(program, ".SS countersign wait "));
	assert_non_null(strstr(program, ".I countersign.ini\n"));
	free(suite);
	free(program);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_part_of_the_language_has_a_sentence),
		cmocka_unit_test(pages_hold_the_tables),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

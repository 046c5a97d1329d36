/* suite_fuzzer.c - any octets as a file of the case language: read, and lint what was read. */
#include "suite/parse.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *root, *name;
} kinds[] = {
	{ "<requirements", "requirements.xml" },
	{ "<profile", "profiles/x.xml" },
	{ "<field", "field.xml" },
	{ "", "x.xml" },
};

static struct str name_of(struct str text)
{
	size_t i = 0;

	while (str_find(text, str(kinds[i].root)) == (size_t)-1)
		i++;
	return str(kinds[i].name);
}

/* Each finding is one line that begins with its place. */
static void lint(const struct catalogue *k)
{
	struct lint_finding *f;
	struct arena a;
	struct err err = { 0 };
	size_t n;

	arena_init(&a, SUITE_ARENA_MAX);
	if (!catalogue_lint(k, NULL, NULL, &a, &f, &n, &err)) {
		for (; f; f = f->next) {
			if (str_chr(f->text, ':') == (size_t)-1)
				abort();
		}
	}
	arena_free(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct schemas *schemas;
	struct str text = str_n(data, size);
	struct err err = { 0 };
	struct catalogue k = { 0 };

	if (!schemas)
		schemas = schemas_new(&err);
	if (!schemas)
		abort();
	arena_init(&k.a, SUITE_ARENA_MAX);
	if (!suite_parse_memory(&k, schemas, name_of(text), text, &err))
		lint(&k);
	else if (!err.code || !err.text[0])
		abort(); /* a failure says why */
	catalogue_free(&k);
	return 0;
}

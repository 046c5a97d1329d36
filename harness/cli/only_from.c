#include "cli/only_from.h"

#include "report/report.h"

#define FILE_MAX (4u << 20)

static bool has_variant(const struct suite_case *c, struct str id, struct err *err)
{
	struct suite_variant *v = NULL;
	struct arena a;
	bool found = false;
	size_t n = 0;

	arena_init(&a, FILE_MAX);
	if (suite_expand(&a, c, &v, &n, err) == 0)
		for (size_t i = 0; i < n && !found; i++)
			found = str_eq(v[i].id, id);
	arena_free(&a);
	return found;
}

static bool is_known(const struct catalogue *c, struct str id, struct err *err)
{
	struct str rest = id, stem = str_cut(&rest, '[');
	const struct suite_case *it = catalogue_case(c, stem);

	return it && (stem.n == id.n || has_variant(it, id, err));
}

int only_from_read(struct arena *a, struct str path, const struct catalogue *c, struct str **id,
		   size_t *n, struct err *err)
{
	struct str text, rest;
	size_t lines = 1;
	int number = 0;

	if (file_read(a, path, FILE_MAX, "ids of cases", &text, err))
		return -1;
	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	*n = 0;
	*id = arena_array(a, struct str, lines);
	if (!*id)
		return arena_check(a, err);
	for (rest = text; rest.n;) {
		struct str line = str_trim(str_cut(&rest, '\n'));

		number++;
		if (!line.n || line.p[0] == '#')
			continue;
		if (!is_known(c, line, err))
			return err_set(
				err, ERR_INPUT,
				"%.*s:%d: \"%.*s\" is no case, expected an id of countersign "
				"list --json",
				STR_ARG(path), number, STR_ARG(str_sub(line, 0, 120)));
		(*id)[(*n)++] = line;
	}
	return *n ? 0
		  : err_set(err, ERR_INPUT, "%.*s:1: nothing, expected ids of cases",
			    STR_ARG(path));
}

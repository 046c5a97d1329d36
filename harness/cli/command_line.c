#include "cli/command_line.h"

#include "auth/challenge.h"

static struct str add_word(struct arena *a, struct str line, struct str word)
{
	bool plain = word.n > 0;

	for (size_t k = 0; k < word.n; k++)
		plain = plain && (char_is_tchar(word.p[k]) || strchr("/:,=@", word.p[k])) &&
			!strchr("'*&|$`!#", word.p[k]);
	return arena_fmt(a, plain ? "%.*s %.*s" : "%.*s '%.*s'", STR_ARG(line), STR_ARG(word));
}

/* What the environment or a file has said, as the argument that says the same. */
static struct str add_default(struct arena *a, struct str line, const struct options *o,
			      const struct option_row *row)
{
	const struct option_source *from = &o->source[row - option_rows];
	const struct option_list one = { .v = { from->text }, .n = 1 };
	const struct option_list *all = &one;

	if (from->layer == LAYER_BUILT_IN || from->layer == LAYER_ARGUMENTS ||
	    row->reach > REACH_CARE)
		return line;
	if (row->type == OPTION_LIST)
		all = (const struct option_list *)((const char *)o + row->offset);
	for (size_t i = 0; i < all->n; i++)
		line = add_word(a, line, arena_fmt(a, "--%s=%.*s", row->name, STR_ARG(all->v[i])));
	return line;
}

struct str command_line(struct arena *a, const struct cli *cli)
{
	struct str line = STR("countersign");

	for (int i = 1; i < cli->argc; i++)
		line = add_word(a, line, str(cli->argv[i]));
	for (const struct option_row *r = option_rows; r->name; r++)
		line = add_default(a, line, &cli->o, r);
	return line;
}

#include "engine/cause.h"

#include "base/embedded.h"
#include "engine/result.h"

extern const struct embedded_file cause_pages[]; /* in order of the ids, which are their names */

const char *cause_id(size_t i)
{
	return cause_pages[i].name;
}

struct str cause_text(struct str id)
{
	return embedded_find(cause_pages, id);
}

/* What stands below a heading of the second level, up to the next. */
static struct str section(struct str page, const char *heading)
{
	size_t at = str_find(page, str(heading));

	if (at == (size_t)-1)
		return STR("");
	page = str_sub(page, at + strlen(heading), page.n);
	return str_trim(str_sub(page, 0, str_find(page, STR("\n## "))));
}

/* "3. Advice": its number and the text behind it; 0 when the line starts no advice. */
static size_t advice_starts(struct str line)
{
	return line.n > 3 && char_is_digit(line.p[0]) && str_starts(str_sub(line, 1, 2), STR(". "))
		       ? 3
		       : 0;
}

static void read_todo(struct arena *a, struct str list, struct cause *out)
{
	while (list.n) {
		struct str line = str_trim(str_cut(&list, '\n'));
		size_t skip = advice_starts(line);

		if (skip && out->n_todo < CAUSE_TODO_MAX)
			out->todo[out->n_todo++] = str_sub(line, skip, line.n);
		else if (line.n && out->n_todo)
			out->todo[out->n_todo - 1] = arena_fmt(
				a, "%.*s %.*s", STR_ARG(out->todo[out->n_todo - 1]), STR_ARG(line));
	}
}

static struct str joined(struct arena *a, struct str found, struct str paragraph)
{
	struct str out = found.n ? arena_concat(a, found, STR(" ")) : STR("");

	while (paragraph.n) {
		struct str line = str_cut(&paragraph, '\n');

		if (!line.n)
			break; /* the first paragraph only */
		out = arena_fmt(a, "%.*s%.*s%s", STR_ARG(out), STR_ARG(line),
				paragraph.n && paragraph.p[0] != '\n' ? " " : "");
	}
	return out;
}

int cause_read(struct arena *a, struct str id, struct str found, struct cause *out)
{
	struct str page = cause_text(id), rest = page, title = str_cut(&rest, '\n');

	*out = (struct cause){ .id = id };
	if (!str_starts(title, STR("# ")))
		return -1;
	out->title = str_sub(title, 2, title.n);
	out->what = joined(a, found, section(page, "\n## What is behind it\n"));
	read_todo(a, section(page, "\n## What to do\n"), out);
	return out->what.n > found.n + 1 && out->n_todo && arena_ok(a) ? 0 : -1;
}

void cause_name(struct run_result *r, const char *id, struct str found)
{
	struct cause *c;

	if (r->cause_page || !id)
		return;
	c = arena_new(&r->a, struct cause);
	if (c && cause_read(&r->a, str(id), found, c) == 0)
		r->cause_page = c;
}

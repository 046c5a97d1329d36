/* How the command ended. */
#include "client/check_parts.h"

/* The last line that it printed. */
static struct str last_line(struct str printed)
{
	struct str line = STR("");

	printed = str_trim(printed);
	while (printed.n)
		line = str_cut(&printed, '\n');
	return line;
}

static struct check_finding ends(const struct check_view *w, bool well)
{
	struct check_finding all = check_unseen("no command was run whose end could be seen");

	for (size_t i = 0; i < w->n; i++) {
		const struct conversation *c = w->c[i];
		struct str line = last_line(c->printed);

		if (!c->command)
			continue;
		if (c->timed_out)
			return check_broken(w, NULL, "expected exit status %s, got no end in time",
					    well ? "0" : "other than 0");
		/* A crash says neither. */
		if (c->status < 0)
			return check_broken(w, NULL, "expected exit status %s, got a signal",
					    well ? "0" : "other than 0");
		if ((c->status == 0) != well)
			return check_broken(w, NULL, "expected exit status %s, got %d%s%.*s",
					    well ? "0" : "other than 0", c->status,
					    line.n ? ", and printed: " : "",
					    STR_ARG(line.n ? check_quoted(w, line) : line));
		all = check_holds();
	}
	return all;
}

struct check_finding judge_ends_well(const struct check_view *w)
{
	return ends(w, true);
}

struct check_finding judge_ends_badly(const struct check_view *w)
{
	return ends(w, false);
}

/* config_print.c - what holds for a command, and who said it. */
#include "cli/command.h"
#include "cli/config.h"

#include "base/buf.h"
#include "base/redact.h"
#include "report/report.h"

#include <stdlib.h>

#define PRINT_MAX  (4u << 20)
#define VALUE_MAX  4000
#define REMARK_COL 40

static struct str words_of(struct arena *a, const struct option_list *list)
{
	struct str all = STR("");

	for (size_t i = 0; i < list->n; i++)
		all = arena_fmt(a, "%.*s%s%.*s", STR_ARG(all), i ? " " : "", STR_ARG(list->v[i]));
	return all;
}

static struct str value_of(struct arena *a, const struct options *o, const struct option_row *row)
{
	const void *field = (const char *)o + row->offset;

	if (row->type == OPTION_LIST)
		return words_of(a, field);
	if (row->type == OPTION_SWITCH)
		return *(const bool *)field ? STR("yes") : STR("no");
	return o->source[row - option_rows].text;
}

static void print_row(FILE *f, struct arena *a, const struct redactor *hide,
		      const struct options *o, const struct option_row *row)
{
	const struct option_source *s = &o->source[row - option_rows];
	struct str value = text_clean(a, redact(hide, a, value_of(a, o, row)), VALUE_MAX);
	struct str line =
		arena_fmt(a, "%s%s = %.*s", value.n ? "" : ";", row->name, STR_ARG(value));
	struct str place = s->place.n ? s->place : value.n ? STR("built-in") : STR("not set");

	fprintf(f, "%.*s%*s ; %.*s\n", STR_ARG(line),
		line.n < REMARK_COL ? (int)(REMARK_COL - line.n) : 0, "", STR_ARG(place));
}

static void print_password(FILE *f, const struct options *o)
{
	const char *password = getenv("COUNTERSIGN_PASSWORD");
	const char *from = o->password_file.p      ? "of password-file"
			   : o->netrc_file.p       ? "of netrc-file"
			   : password && *password ? "of COUNTERSIGN_PASSWORD"
						   : "not given";

	fprintf(f, "; the password: %s; it is never shown\n", from);
}

int config_print(FILE *f, const struct options *o, enum command_id command, struct err *err)
{
	struct redactor hide = { 0 };
	const char *password = getenv("COUNTERSIGN_PASSWORD");
	struct arena a;
	int bad;

	arena_init(&a, PRINT_MAX);
	if (password && *password && redact_add(&hide, str(password)))
		fputs("; a password of under 3 octets cannot be masked\n", f);
	fprintf(f,
		"; what holds for countersign %s: arguments, then environment, then files, then "
		"what is built in\n; files: %.*s\n",
		commands[command].name, STR_ARG(o->config_files.n ? o->config_files : STR("none")));
	if (option_find(STR("password-file"), command))
		print_password(f, o);
	fprintf(f, "[%s]\n", commands[command].name);
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands >> command & 1 && r->reach <= REACH_CARE)
			print_row(f, &a, &hide, o, r);
	bad = arena_check(&a, err);
	arena_free(&a);
	return bad;
}

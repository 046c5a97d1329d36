#include "cli/config.h"

#include "cli/command.h"
#include "cli/ini.h"
#include "report/report.h"

#include <stdlib.h>
#include <unistd.h>

#define ARENA_MAX (4u << 20)

/* One layer at work. */
struct reading {
	struct config *c;
	struct options *o;
	enum command_id command;
	struct str path;         /* of a file */
	enum option_layer layer; /* its section [defaults] */
	bool found;              /* it lay there, nobody has named it */
};

static bool reads_config(enum command_id command)
{
	return option_find(STR("config"), command) != NULL;
}

/* --- names --- */

/* The row that a name means outside of a command's own section. */
static const struct option_row *first_row(struct str name)
{
	for (const struct option_row *r = option_rows; r->name; r++)
		if (str_eq(name, str(r->name)))
			return r;
	return NULL;
}

struct str config_variable(struct arena *a, const struct option_row *row)
{
	struct str name = arena_fmt(a, "COUNTERSIGN_%s", row->name);
	char *p = arena_alloc(a, name.n + 1);

	for (size_t i = 0; p && i < name.n; i++) {
		char c = name.p[i];

		p[i] = (char)(c == '-' ? '_' : c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
	}
	return str_n(p, p ? name.n : 0);
}

/* --- one value --- */

/* The parser's words are of arguments: "--risk x: expected ...". */
static int blame(struct str place, struct err *err)
{
	char text[sizeof(err->text)];

	snprintf(text, sizeof(text), "%s", err->text);
	err_set(err, err->code, "%.*s: %s", STR_ARG(place), text + 2 * !strncmp(text, "--", 2));
	return -1;
}

static int set(struct options *o, const struct option_row *row, struct str value,
	       enum option_layer layer, struct str place, struct err *err)
{
	struct str rest = value, word;

	if (row->type != OPTION_LIST)
		return options_set(o, row, value, layer, place, err) ? blame(place, err) : 0;
	word = str_word(&rest);
	do {
		if (options_set(o, row, word, layer, place, err))
			return blame(place, err);
		word = str_word(&rest);
	} while (word.n);
	return 0;
}

/* --- a file --- */

static int unknown_entry(struct str place, struct str name, int command, struct err *err)
{
	const char *names[OPTION_ROWS_MAX], *near, *why = option_refused(name);
	size_t n = 0;

	if (str_eq(name, STR("password")))
		why = "a password in this file goes wherever the file goes: use password-file = "
		      "FILE, netrc-file = FILE or the variable COUNTERSIGN_PASSWORD";
	if (why)
		return err_set(err, ERR_INPUT, "%.*s: no entry %.*s: %s", STR_ARG(place),
			       STR_ARG(name), why);
	for (const struct option_row *r = option_rows; r->name; r++)
		if ((command < 0 || r->commands >> command & 1) && r->reach <= REACH_CARE)
			names[n++] = r->name;
	near = nearest(name, names, n);
	return err_set(err, ERR_INPUT,
		       "%.*s: no entry \"%.*s\", expected the name of an option%s%s%s%s%s",
		       STR_ARG(place), STR_ARG(str_sub(name, 0, 60)), command < 0 ? "" : " of ",
		       command < 0 ? "" : commands[command].name, near ? "; did you mean " : "",
		       near ? near : "", near ? "?" : "");
}

static int check_reach(const struct reading *r, const struct option_row *row, struct str place,
		       struct err *err)
{
	if (row->reach > REACH_CARE)
		return err_set(err, ERR_INPUT,
			       "%.*s: %s is of one call, expected it among the arguments%s",
			       STR_ARG(place), row->name,
			       row->reach == REACH_ENVIRONMENT ? " or in the environment" : "");
	if (row->reach == REACH_CARE && r->found)
		return err_set(err, ERR_INPUT,
			       "%.*s: %s makes a run less safe, expected it among the arguments, "
			       "in the environment, or in a file that --config names",
			       STR_ARG(place), row->name);
	return 0;
}

/* command is that of the section, -1 for [defaults].  What is for another command is but checked.
 */
static int take_entry(const struct reading *r, int command, const struct ini_entry *e,
		      struct options *scratch, struct err *err)
{
	struct str place = arena_fmt(&r->c->a, "%.*s:%d", STR_ARG(r->path), e->line);
	const struct option_row *row =
		command < 0 ? first_row(e->name) : option_find(e->name, (enum command_id)command);
	bool ours = row && row->commands >> r->command & 1 &&
		    (command < 0 || command == (int)r->command);

	if (!row)
		return unknown_entry(place, e->name, command, err);
	if (check_reach(r, row, place, err))
		return -1;
	return set(ours ? r->o : scratch, row, e->value, r->layer + (command >= 0), place, err);
}

/* -1: [defaults]; COMMANDS: none of both. */
static int section_command(struct str name)
{
	int i = 0;

	if (str_eq(name, STR("defaults")))
		return -1;
	while (i < COMMANDS &&
	       !(reads_config((enum command_id)i) && str_eq(name, str(commands[i].name))))
		i++;
	return i;
}

static int unknown_section(const struct reading *r, const struct ini_section *s, struct err *err)
{
	const char *names[COMMANDS + 1] = { "defaults" }, *near;
	size_t n = 1;

	for (int i = 0; i < COMMANDS; i++)
		if (reads_config((enum command_id)i))
			names[n++] = commands[i].name;
	near = nearest(s->name, names, n);
	return err_set(err, ERR_INPUT,
		       "%.*s:%d: no section [%.*s], expected [defaults] or the name of a "
		       "command%s%s%s",
		       STR_ARG(r->path), s->line, STR_ARG(str_sub(s->name, 0, 60)),
		       near ? "; did you mean [" : "", near ? near : "", near ? "]?" : "");
}

/* The sections of one kind, since that of the command overrules [defaults] wherever it stands. */
static int take_sections(const struct reading *r, const struct ini_file *f, bool defaults,
			 struct options *scratch, struct err *err)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct ini_section *s = &f->section[i];
		int command = section_command(s->name);

		if (!s->name.p) /* it is empty */
			continue;
		if (command == COMMANDS)
			return unknown_section(r, s, err);
		*scratch = (struct options){ 0 };
		for (size_t k = 0; k < s->n && (command < 0) == defaults; k++)
			if (take_entry(r, command, &s->entry[k], scratch, err))
				return -1;
	}
	return 0;
}

static int take_file(const struct reading *r, struct err *err)
{
	struct options *scratch = arena_new(&r->c->a, struct options);
	struct ini_file f;
	struct str text;

	if (!scratch)
		return arena_check(&r->c->a, err);
	if (file_read(&r->c->a, r->path, CONFIG_MAX, "a file of defaults", &text, err) ||
	    ini_read(&r->c->a, r->path, text, &f, err) ||
	    take_sections(r, &f, true, scratch, err) || take_sections(r, &f, false, scratch, err))
		return -1;
	r->o->config_files = arena_fmt(&r->c->a, "%.*s%s%.*s", STR_ARG(r->o->config_files),
				       r->o->config_files.n ? ", " : "", STR_ARG(r->path));
	return 0;
}

/* XDG Base Directory Specification: $HOME/.config when the variable is not set, or relative. */
static struct str user_file(struct arena *a)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (xdg && *xdg == '/')
		return arena_fmt(a, "%s/countersign/countersign.ini", xdg);
	if (home && *home == '/')
		return arena_fmt(a, "%s/.config/countersign/countersign.ini", home);
	return STR("");
}

static int take_found(struct reading r, struct str path, enum option_layer layer, bool found,
		      struct err *err)
{
	if (!path.n || access(path.p, F_OK))
		return 0;
	r.path = path;
	r.layer = layer;
	r.found = found;
	return take_file(&r, err);
}

/* asked: what the arguments say of files. */
static int take_files(const struct reading *r, const struct options *asked, struct err *err)
{
	const char *off = getenv("COUNTERSIGN_NO_CONFIG"), *named = getenv("COUNTERSIGN_CONFIG");
	struct reading one = *r;

	if (asked->no_config && asked->config.p)
		return err_set(err, ERR_INPUT, "--config and --no-config: one of the two");
	one.layer = LAYER_FILE;
	one.path = asked->config.p ? asked->config : str(named);
	if (asked->no_config || (!asked->config.p && off && *off && strcmp(off, "no") != 0))
		return 0;
	if (one.path.n)
		return take_file(&one, err);
	if (take_found(*r, user_file(&r->c->a), LAYER_USER, false, err))
		return -1;
	return take_found(*r, STR("countersign.ini"), LAYER_FILE, true, err);
}

/* --- the environment --- */

static int take_environment(const struct reading *r, struct err *err)
{
	for (const struct option_row *row = option_rows; row->name; row++) {
		struct str name;
		const char *value;

		if (!(row->commands >> r->command & 1) || row->reach == REACH_ARGUMENTS ||
		    first_row(str(row->name)) != row)
			continue;
		name = config_variable(&r->c->a, row);
		value = name.p ? getenv(name.p) : NULL;
		if (value && *value &&
		    set(r->o, row, arena_str(&r->c->a, str(value)), LAYER_ENVIRONMENT, name, err))
			return -1;
	}
	return arena_check(&r->c->a, err);
}

/* --- what takes the place of what --- */

/* Options that do not go together: what was said in a higher layer takes the other away, as it
 * would take its own default.  In one layer they stay, and are told of.
 */
static const struct {
	const char *name, *drops;
} instead[] = {
	{ "password-file", "netrc-file" },
	{ "netrc-file", "password-file" },
	{ "lab", "failures" },
	{ "persona", "kind" },
};

static bool in_environment(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

/* Variables that are no option's, but speak of the same. */
static const struct {
	const char *variable, *drops;
} spoken[] = {
	{ "COUNTERSIGN_PASSWORD", "password-file" },
	{ "COUNTERSIGN_PASSWORD", "netrc-file" },
	{ "NO_COLOR", "colour" },
	{ "FORCE_COLOR", "colour" },
};

/* Defaults for devices say nothing of the built-in one, and the other way round.  Arguments are
 * told of instead.
 */
static const struct {
	const char *name;
	bool with_url;
} elsewhere[] = {
	{ "user", true },     { "password-file", true }, { "netrc-file", true },
	{ "failures", true }, { "persona", false },      { "fault", false },
};

/* A section of a command and [defaults] are one file. */
static int rank(enum option_layer layer)
{
	return layer == LAYER_USER_COMMAND || layer == LAYER_FILE_COMMAND ? (int)layer - 1
									  : (int)layer;
}

/* The URL is the last operand, and may be left away; an inventory is a list of URLs. */
static bool has_url(const struct options *o, enum command_id command)
{
	const struct option_row *targets = option_find(STR("targets"), command);

	return o->n_operand > commands[command].least ||
	       (targets && o->source[targets - option_rows].layer != LAYER_BUILT_IN);
}

/* A list of devices that is a default makes room for the one that is asked for.  In the arguments
 * both are told of, and --device has its section in that list.
 */
static void settle_list(struct options *o, enum command_id command)
{
	const struct option_row *row = option_find(STR("targets"), command);

	if (row && o->n_operand > commands[command].least && !o->device.p &&
	    o->source[row - option_rows].layer < LAYER_ARGUMENTS)
		options_reset(o, row);
}

static void settle_target(struct options *o, enum command_id command)
{
	for (size_t i = 0; i < COUNT(elsewhere); i++) {
		const struct option_row *row = option_find(str(elsewhere[i].name), command);

		if (row && elsewhere[i].with_url != has_url(o, command) &&
		    o->source[row - option_rows].layer < LAYER_ARGUMENTS)
			options_reset(o, row);
	}
}

static void settle(struct options *o, enum command_id command)
{
	settle_list(o, command);
	if (option_find(STR("password-file"), command))
		settle_target(o, command);
	for (size_t i = 0; i < COUNT(instead); i++) {
		const struct option_row *by = option_find(str(instead[i].name), command);
		const struct option_row *row = option_find(str(instead[i].drops), command);

		if (by && row && o->source[row - option_rows].layer != LAYER_BUILT_IN &&
		    rank(o->source[by - option_rows].layer) >
			    rank(o->source[row - option_rows].layer))
			options_reset(o, row);
	}
	for (size_t i = 0; i < COUNT(spoken); i++) {
		const struct option_row *row = option_find(str(spoken[i].drops), command);

		if (row && in_environment(spoken[i].variable) &&
		    o->source[row - option_rows].layer < LAYER_ENVIRONMENT)
			options_reset(o, row);
	}
}

int config_parse(struct config *c, struct options *out, enum command_id command, int argc,
		 char *const *argv, struct err *err)
{
	struct reading r = { .c = c, .o = out, .command = command };
	struct options *asked;

	arena_init(&c->a, ARENA_MAX);
	if (!reads_config(command))
		return options_parse(out, command, argc, argv, err);
	asked = arena_new(&c->a, struct options);
	if (!asked)
		return arena_check(&c->a, err);
	if (options_parse(asked, command, argc, argv, err) || options_init(out, command, err))
		return -1;
	if (!asked->help && (take_files(&r, asked, err) || take_environment(&r, err)))
		return -1;
	if (options_arguments(out, command, argc, argv, err))
		return -1;
	settle(out, command);
	return arena_check(&c->a, err);
}

void config_free(struct config *c)
{
	arena_free(&c->a);
}

#include "cli/options.h"

#include <stdlib.h>

#define NUMBER_MAX 256 /* the wire has no more connections */
#define COUNT_MAX  10000000

/* --- what was probably meant --- */

#define WORD_MAX 40

/* Edit distance (insert, delete, change, swap counted as two), for short words. */
static size_t distance(struct str a, struct str b)
{
	size_t row[WORD_MAX + 1];

	if (a.n > WORD_MAX || b.n > WORD_MAX)
		return WORD_MAX;
	for (size_t k = 0; k <= b.n; k++)
		row[k] = k;
	for (size_t i = 0; i < a.n; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t k = 0; k < b.n; k++) {
			size_t change = diagonal + (a.p[i] != b.p[k]);
			size_t least = row[k] < row[k + 1] ? row[k] + 1 : row[k + 1] + 1;

			diagonal = row[k + 1];
			row[k + 1] = change < least ? change : least;
		}
	}
	return row[b.n];
}

const char *nearest(struct str word, const char *const *name, size_t n)
{
	size_t best = word.n / 3 + 2;
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		struct str candidate = str(name[i]);
		/* A beginning is near too: "--pass" for "--password-file". */
		size_t d =
			word.n >= 3 && str_starts(candidate, word) ? 1 : distance(word, candidate);

		if (d < best) {
			best = d;
			found = name[i];
		}
	}
	return found;
}

/* --- options that do not exist on purpose --- */

static const struct {
	const char *name, *text;
} refused[] = {
	{ "password", "a password in the arguments can be read by everybody on this machine: use "
		      "--password-file FILE (or - for standard input), --netrc-file FILE or the "
		      "variable COUNTERSIGN_PASSWORD" },
	{ "color", "it is spelt --colour here; NO_COLOR and FORCE_COLOR are heeded too" },
	{ "version", "it stands alone: countersign --version" },
};

const char *option_refused(struct str name)
{
	for (size_t i = 0; i < COUNT(refused); i++)
		if (str_eq(name, str(refused[i].name)))
			return refused[i].text;
	return NULL;
}

static int unknown_option(struct str name, enum command_id command, struct err *err)
{
	const char *names[OPTION_ROWS_MAX];
	const char *near, *why = option_refused(name);
	size_t n = 0;

	if (why)
		return err_set(err, ERR_INPUT, "no option --%.*s: %s", STR_ARG(name), why);
	for (const struct option_row *r = option_rows; r->name && n < COUNT(names); r++)
		if (r->commands >> command & 1)
			names[n++] = r->name;
	near = nearest(name, names, n);
	if (near)
		return err_set(err, ERR_INPUT, "unknown option --%.*s, did you mean --%s?",
			       STR_ARG(name), near);
	return err_set(err, ERR_INPUT, "unknown option --%.*s", STR_ARG(name));
}

/* --- values --- */

static int set_switch(const struct option_row *row, struct str value, bool *out, struct err *err)
{
	static const char yes[] = "yes true on 1", no[] = "no false off 0";

	*out = !value.p || (value.n && str_has_word(str(yes), value));
	if (*out || (value.n && str_has_word(str(no), value)))
		return 0;
	return err_set(err, ERR_INPUT, "--%s %.*s: expected yes or no", row->name, STR_ARG(value));
}

static int set_choice(const struct option_row *row, struct str value, struct str *out,
		      struct err *err)
{
	if (!value.n || !str_has_word(str(row->choices), value))
		return err_set(err, ERR_INPUT, "--%s %.*s: expected one of %s", row->name,
			       STR_ARG(value), row->choices);
	*out = value;
	return 0;
}

static int set_list(const struct option_row *row, struct str value, struct option_list *out,
		    struct err *err)
{
	if (out->n == OPTIONS_LIST_MAX)
		return err_set(err, ERR_INPUT, "--%s more than %d times", row->name,
			       OPTIONS_LIST_MAX);
	out->v[out->n++] = value;
	return 0;
}

static int set_number(const struct option_row *row, struct str value, int64_t *out, struct err *err)
{
	int max = row->type == OPTION_COUNT ? COUNT_MAX : NUMBER_MAX;
	uint64_t n;

	if (str_to_u64(value, (uint64_t)max, &n) || n == 0)
		return err_set(err, ERR_INPUT, "--%s %.*s: expected a number from 1 to %d",
			       row->name, STR_ARG(value), max);
	*out = (int64_t)n;
	return 0;
}

static int set_duration(const struct option_row *row, struct str value, int64_t *out,
			struct err *err)
{
	int64_t ms, least = row->type == OPTION_DURATION ? 1 : INT64_MIN;

	if (str_to_ms(value, &ms) || ms < least)
		return err_set(err, ERR_INPUT, "--%s %.*s: expected a duration such as 10s or %s",
			       row->name, STR_ARG(value), least == 1 ? "2m" : "-1h");
	*out = ms;
	return 0;
}

static void *field_of(struct options *o, const struct option_row *row)
{
	return (char *)o + row->offset;
}

static int set_value(struct options *o, const struct option_row *row, struct str value,
		     struct err *err)
{
	void *field = field_of(o, row);

	if (row->type != OPTION_SWITCH && !value.n)
		return err_set(err, ERR_INPUT, "--%s needs a value: --%s %s", row->name, row->name,
			       row->argument);
	switch (row->type) {
	case OPTION_SWITCH:
		return set_switch(row, value, field, err);
	case OPTION_TEXT:
		*(struct str *)field = value;
		return 0;
	case OPTION_CHOICE:
		return set_choice(row, value, field, err);
	case OPTION_LIST:
		return set_list(row, value, field, err);
	case OPTION_NUMBER:
	case OPTION_COUNT:
		return set_number(row, value, field, err);
	case OPTION_DURATION:
	case OPTION_OFFSET:
		return set_duration(row, value, field, err);
	}
	return err_set(err, ERR_INTERNAL, "--%s has no type", row->name);
}

int options_set(struct options *o, const struct option_row *row, struct str value,
		enum option_layer layer, struct str place, struct err *err)
{
	struct option_source *s = &o->source[row - option_rows];

	if (row->type == OPTION_LIST && s->layer < layer)
		((struct option_list *)field_of(o, row))->n = 0;
	if (set_value(o, row, value, err))
		return -1;
	if (row->given && layer != LAYER_BUILT_IN)
		*(bool *)((char *)o + row->given) = true;
	*s = (struct option_source){ layer, value, place };
	return 0;
}

void options_reset(struct options *o, const struct option_row *row)
{
	static const size_t size[] = {
		[OPTION_SWITCH] = sizeof(bool),       [OPTION_TEXT] = sizeof(struct str),
		[OPTION_CHOICE] = sizeof(struct str), [OPTION_LIST] = sizeof(struct option_list),
		[OPTION_NUMBER] = sizeof(int64_t),    [OPTION_COUNT] = sizeof(int64_t),
		[OPTION_DURATION] = sizeof(int64_t),  [OPTION_OFFSET] = sizeof(int64_t),
	};
	struct err unused;

	memset(field_of(o, row), 0, size[row->type]);
	o->source[row - option_rows] = (struct option_source){ .text = str(row->fallback) };
	if (row->given)
		*(bool *)((char *)o + row->given) = false;
	if (row->fallback && set_value(o, row, str(row->fallback), &unused))
		memset(field_of(o, row), 0, size[row->type]); /* a test reads each fallback */
}

const struct option_row *option_find(struct str name, enum command_id command)
{
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands >> command & 1 && str_eq(name, str(r->name)))
			return r;
	return NULL;
}

static int set_words(struct options *o, const struct option_row *row, struct str value,
		     struct err *err)
{
	struct str rest = value, word;

	((struct option_list *)(void *)((char *)o + row->offset))->n = 0;
	while ((word = str_word(&rest)).n)
		if (set_value(o, row, word, err))
			return -1;
	return 0;
}

int options_entry(struct options *o, enum command_id command, const char *name, struct str value,
		  struct err *err)
{
	const struct option_row *row = option_find(str(name), command);
	int bad;

	if (!row)
		return err_set(err, ERR_INTERNAL, "no option --%s", name);
	if (row->type == OPTION_SWITCH && !value.n)
		bad = err_set(err, ERR_INPUT, "%s: expected yes or no", name);
	else if (row->type == OPTION_LIST && value.n)
		bad = set_words(o, row, value, err);
	else
		bad = set_value(o, row, value, err);
	if (!bad && row->given)
		*(bool *)((char *)o + row->given) = true;
	if (bad && str_starts(str(err->text), STR("--")))
		memmove(err->text, err->text + 2, strlen(err->text + 2) + 1);
	return bad;
}

/* --- the parser --- */

struct cursor {
	int argc;
	char *const *argv;
	int i;
};

/* One option is at hand; its value is attached or is the next argument. */
static int take(struct options *o, const struct option_row *row, struct str attached,
		struct cursor *at, struct err *err)
{
	struct str value = attached;

	if (row->type != OPTION_SWITCH && !attached.p && at->i < at->argc)
		value = str(at->argv[at->i++]);
	return options_set(o, row, value, LAYER_ARGUMENTS, STR("arguments"), err);
}

static int long_option(struct options *o, enum command_id command, struct str argument,
		       struct cursor *at, struct err *err)
{
	struct str rest = str_sub(argument, 2, argument.n), attached = { 0 };
	struct str name = str_cut(&rest, '=');
	const struct option_row *r = option_find(name, command);

	if (name.n + 2 < argument.n)
		attached = rest;
	return r ? take(o, r, attached, at, err) : unknown_option(name, command, err);
}

static const struct option_row *by_letter(char c, enum command_id command)
{
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->commands >> command & 1 && r->letter == c)
			return r;
	return NULL;
}

/* "-q", "-qn", "-u NAME", "-uNAME" */
static int short_options(struct options *o, enum command_id command, struct str argument,
			 struct cursor *at, struct err *err)
{
	for (size_t i = 1; i < argument.n; i++) {
		const struct option_row *r = by_letter(argument.p[i], command);
		struct str attached = { 0 };

		if (!r)
			return err_set(err, ERR_INPUT, "unknown option -%c", argument.p[i]);
		if (r->type != OPTION_SWITCH && i + 1 < argument.n)
			attached = str_sub(argument, i + 1, argument.n);
		if (take(o, r, attached, at, err))
			return -1;
		if (r->type != OPTION_SWITCH)
			return 0;
	}
	return 0;
}

static int operand(struct options *o, struct str argument, struct err *err)
{
	if (o->n_operand == OPTIONS_OPERAND_MAX)
		return err_set(err, ERR_INPUT, "too many arguments at \"%.*s\"", STR_ARG(argument));
	o->operand[o->n_operand++] = argument;
	return 0;
}

int options_init(struct options *o, enum command_id command, struct err *err)
{
	*o = (struct options){ 0 };
	for (const struct option_row *r = option_rows; r->name; r++)
		if (r->fallback && r->commands >> command & 1 &&
		    options_set(o, r, str(r->fallback), LAYER_BUILT_IN, STR("built-in"), err))
			return -1;
	return 0;
}

int options_arguments(struct options *out, enum command_id command, int argc, char *const *argv,
		      struct err *err)
{
	struct cursor at = { argc, argv, 0 };
	bool only_operands = false;

	while (at.i < argc) {
		struct str argument = str(argv[at.i++]);
		bool option = !only_operands && argument.n > 1 && argument.p[0] == '-';
		int bad;

		if (option && str_eq(argument, STR("--"))) {
			only_operands = true;
			continue;
		}
		if (!option)
			bad = operand(out, argument, err);
		else if (argument.p[1] == '-')
			bad = long_option(out, command, argument, &at, err);
		else
			bad = short_options(out, command, argument, &at, err);
		if (bad)
			return -1;
	}
	return 0;
}

int options_parse(struct options *out, enum command_id command, int argc, char *const *argv,
		  struct err *err)
{
	if (options_init(out, command, err))
		return -1;
	return options_arguments(out, command, argc, argv, err);
}

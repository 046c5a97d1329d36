/* completion_words.c - names that come out of the catalogue and the tables. */
#include "cli/completion.h"

#include "device/device.h"
#include "engine/cause.h"
#include "soap/soap.h"

/* --- kinds of words --- */

static void print_cases(const struct catalogue *c, FILE *f)
{
	for (size_t i = 0; i < c->n_case; i++)
		fprintf(f, "%.*s\n", STR_ARG(c->c[i].id));
}

static void print_client_cases(const struct catalogue *c, FILE *f)
{
	for (size_t i = 0; i < c->n_client; i++)
		fprintf(f, "%.*s\n", STR_ARG(c->client[i].id));
}

static void print_profiles_of(const struct catalogue *c, FILE *f, bool clients)
{
	for (size_t i = 0; i < c->n_profile; i++)
		if (str_eq(c->profile[i].kind, STR("client")) == clients)
			fprintf(f, "%.*s\n", STR_ARG(c->profile[i].id));
}

static void print_profiles(const struct catalogue *c, FILE *f)
{
	print_profiles_of(c, f, false);
}

static void print_client_profiles(const struct catalogue *c, FILE *f)
{
	print_profiles_of(c, f, true);
}

static void print_client_personas(const struct catalogue *c, FILE *f)
{
	for (size_t i = 0; i < c->n_persona; i++)
		fprintf(f, "%.*s\n", STR_ARG(c->persona[i].id));
}

static void print_causes(const struct catalogue *c, FILE *f)
{
	(void)c;
	for (size_t i = 0; cause_id(i); i++)
		fprintf(f, "%s\n", cause_id(i));
}

static void print_commands(const struct catalogue *c, FILE *f)
{
	(void)c;
	for (size_t i = 0; i < COMMANDS; i++)
		fprintf(f, "%s\n", commands[i].name);
}

static void print_faults(const struct catalogue *c, FILE *f)
{
	(void)c;
	for (const struct fault *one = faults; one->name; one++)
		fprintf(f, "%s\n", one->name);
}

static void print_features(const struct catalogue *c, FILE *f)
{
	(void)c;
	for (const struct suite_feature *one = suite_features; one->name; one++)
		fprintf(f, "%s\n", one->name);
}

static void print_operations(const struct catalogue *c, FILE *f)
{
	(void)c;
	for (const struct soap_operation *op = soap_operations; op->name; op++)
		if (op->safe && op->access != ACCESS_PRE_AUTH)
			fprintf(f, "%s\n", op->name);
}

static void print_pages(const struct catalogue *c, FILE *f)
{
	(void)c;
	for (size_t i = 0; docs_page(i); i++)
		fprintf(f, "%s\n", docs_page(i));
}

static void print_personas(const struct catalogue *c, FILE *f)
{
	(void)c;
	for (const struct persona *p = personas; p->name; p++)
		fprintf(f, "%s\n", p->name);
}

static const struct {
	const char *name;
	void (*print)(const struct catalogue *c, FILE *f);
	bool catalogue; /* it must be loaded */
} kinds[] = {
	{ "cases", print_cases, true },
	{ "causes", print_causes, false },
	{ "commands", print_commands, false },
	{ "faults", print_faults, false },
	{ "features", print_features, false },
	{ "operations", print_operations, false },
	{ "pages", print_pages, false },
	{ "personas", print_personas, false },
	{ "profiles", print_profiles, true },
	{ "client-cases", print_client_cases, true },
	{ "client-personas", print_client_personas, true },
	{ "client-profiles", print_client_profiles, true },
};

int completion_words(const struct options *o, struct str kind, FILE *f, bool *known,
		     struct err *err)
{
	struct catalogue c = { 0 };
	size_t i = 0;

	while (i < COUNT(kinds) && !str_eq(kind, str(kinds[i].name)))
		i++;
	*known = i < COUNT(kinds);
	if (!*known)
		return 0;
	if (kinds[i].catalogue && cli_catalogue(o, &c, err))
		return -1;
	kinds[i].print(&c, f);
	if (kinds[i].catalogue)
		catalogue_free(&c);
	return 0;
}

/* --- what takes which --- */

static const struct {
	const char *option;
	unsigned commands; /* 0: all */
	const char *asked;
} values[] = {
	{ "profile", 0, "profiles" },
	{ "profile", 1u << CMD_LIST, "profiles client-profiles" },
	{ "profile", 1u << CMD_CLIENT, "client-profiles" },
	{ "only", 1u << CMD_RUN, "cases" },
	{ "only", 1u << CMD_CLIENT, "client-cases" },
	{ "only", 1u << CMD_SELFTEST, "faults" },
	{ "skip", 0, "cases" },
	{ "skip", 1u << CMD_CLIENT, "client-cases" },
	{ "operation", 0, "operations" },
	{ "persona", 0, "personas" },
	{ "persona", 1u << CMD_CLIENT, "client-personas" },
	{ "fault", 0, "faults" },
};

static bool names_files(const char *argument)
{
	static const char *const hints[] = { "FILE", "DIR", ".json", ".ini", "BUNDLE", "FOLDER" };

	for (size_t i = 0; argument && i < COUNT(hints); i++)
		if (strstr(argument, hints[i]))
			return true;
	return false;
}

struct completion completion_of_option(const struct option_row *row, enum command_id command)
{
	struct completion c = { "", "", names_files(row->argument) };

	if (row->choices)
		c.choices = row->choices;
	for (size_t i = 0; i < COUNT(values); i++)
		if (str_eq(str(row->name), str(values[i].option)) &&
		    (!values[i].commands || values[i].commands >> command & 1))
			c.asked = values[i].asked;
	return c;
}

struct completion completion_of_operands(enum command_id command)
{
	static const struct completion operands[COMMANDS] = {
		[CMD_LIST] = { .asked = "cases client-cases" },
		[CMD_EXPLAIN] = { .asked = "cases client-cases causes" },
		[CMD_DOCS] = { .asked = "pages" },
		[CMD_HELP] = { .asked = "commands" },
		[CMD_COMPLETION] = { .choices = "bash zsh fish" },
		[CMD_WAIVERS] = { .choices = "suggest check" },
	};
	struct completion c = operands[command];

	c.choices = c.choices ? c.choices : "";
	c.asked = c.asked ? c.asked : "";
	c.files = names_files(commands[command].operands);
	return c;
}

/* --- for all scripts --- */

struct str completion_gist(const char *help)
{
	struct str text = str(help);
	size_t end = text.n;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == ';' || (text.p[i] == '(' && i < end))
			end = i < end ? i : end;
	return str_trim(str_sub(text, 0, end));
}

void completion_escape(FILE *f, struct str text, const char *special, const char *quote)
{
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\'') {
			fputs(quote, f);
			continue;
		}
		if (strchr(special, text.p[i]))
			fputc('\\', f);
		fputc(text.p[i], f);
	}
}

#include "cli/command.h"
#include "cli/coverage.h"
#include "cli/help.h"
#include "cli/list_targets.h"

#include "report/report.h"

#include <stdio.h>

/* --- words of the language --- */

#define WORD_COLUMNS 28

static void print_word(const char *word, const char *help)
{
	printf("%-*s ", WORD_COLUMNS, word);
	help_wrap(stdout, WORD_COLUMNS + 1, WORD_COLUMNS + 1, str(help));
}

static int list_features(const struct options *o)
{
	for (const struct suite_feature *f = suite_features; f->name && !o->clients; f++)
		print_word(f->name, f->help);
	for (const struct client_feature *f = client_features; f->name && o->clients; f++)
		print_word(f->name, f->help);
	return EXIT_GOOD;
}

static int list_checks(const struct options *o)
{
	for (const char *const *name = suite_check_names; *name && !o->clients; name++)
		printf("%s\n", *name);
	for (const struct client_check_name *c = client_checks; c->name && o->clients; c++)
		print_word(c->name, c->help);
	return EXIT_GOOD;
}

/* --- cases --- */

/* In capitals when it decides, as it is when it is noted. */
static void print_level(const struct case_standing *s)
{
	char word[16];
	size_t n = 0;

	snprintf(word, sizeof(word), "%s", s->cite ? level_name(s->cite->level) : "-");
	for (; s->gates && word[n]; n++)
		if (word[n] >= 'a' && word[n] <= 'z')
			word[n] = (char)(word[n] - 'a' + 'A');
	printf("%-9s ", word);
}

static void print_case(const struct suite_case *c, const struct profile *p)
{
	struct case_standing s = profile_standing(p, c);

	printf("%-40.*s ", STR_ARG(c->id));
	print_level(&s);
	printf("%.*s%s\n", STR_ARG(c->title), c->slow ? " (slow)" : "");
}

/* A profile for clients is about cases of clients, and --client alone means the common one. */
static const struct profile *profile_of(const struct options *o, const struct catalogue *c,
					struct err *err)
{
	struct str usual = o->clients ? STR("client-rfc7616") : STR("onvif-core");
	struct str name = o->profile.p ? o->profile : usual;
	const struct profile *p = catalogue_profile(c, name);

	if (!p)
		err_set(err, ERR_INPUT, "--profile %.*s: no such profile", STR_ARG(name));
	if (!p || !o->clients || str_eq(p->kind, STR("client")))
		return p;
	err_set(err, ERR_INPUT, "--profile %.*s: expected one for clients beside --client",
		STR_ARG(name));
	return NULL;
}

static int list(const struct options *o, const struct catalogue *c, struct err *err)
{
	const struct profile *p = profile_of(o, c, err);
	bool of_clients = p && str_eq(p->kind, STR("client"));
	const struct suite_case *all = of_clients ? c->client : c->c;
	size_t n_all = of_clients ? c->n_client : c->n_case, n = 0;

	if (!p)
		return -1;
	for (size_t i = 0; i < n_all; i++) {
		if (!list_wanted(o, all[i].id))
			continue;
		n++;
		if (!o->as_json)
			print_case(&all[i], p);
		else if (report_case(stdout, p, &all[i], err))
			return -1;
	}
	if (!n)
		return err_set(err, ERR_INPUT, "no case matches%s",
			       of_clients ? "" : "; those of clients are listed by --client");
	if (!o->as_json)
		printf("%zu cases under profile %.*s\n", n, STR_ARG(p->id));
	return 0;
}

int cmd_list(const struct cli *cli)
{
	struct catalogue c = { 0 };
	struct err err = { 0 };
	int status = EXIT_GOOD;

	if (cli->o.features)
		return list_features(&cli->o);
	if (cli->o.checks)
		return list_checks(&cli->o);
	if (cli->o.targets.p)
		return list_targets(&cli->o, &err) ? cli_fail(&err) : EXIT_GOOD;
	if (cli_catalogue(&cli->o, &c, &err))
		return cli_fail(&err);
	if ((cli->o.coverage ? list_coverage : list)(&cli->o, &c, &err))
		status = cli_fail(&err);
	catalogue_free(&c);
	return status;
}

#include "cli/command.h"
#include "cli/coverage.h"
#include "cli/list_targets.h"

#include "report/report.h"

#include <stdio.h>

static void list_features(void)
{
	for (const struct suite_feature *f = suite_features; f->name; f++)
		printf("%-20s %s\n", f->name, f->help);
}

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

static int list(const struct options *o, const struct catalogue *c, struct err *err)
{
	struct str name = o->profile.p ? o->profile : STR("onvif-core");
	const struct profile *p = catalogue_profile(c, name);
	size_t n = 0;

	if (!p)
		return err_set(err, ERR_INPUT, "--profile %.*s: no such profile", STR_ARG(name));
	for (size_t i = 0; i < c->n_case; i++) {
		if (!list_wanted(o, c->c[i].id))
			continue;
		n++;
		if (!o->as_json)
			print_case(&c->c[i], p);
		else if (report_case(stdout, p, &c->c[i], err))
			return -1;
	}
	if (!n)
		return err_set(err, ERR_INPUT, "no case matches");
	if (!o->as_json)
		printf("%zu cases under profile %.*s\n", n, STR_ARG(p->id));
	return 0;
}

int cmd_list(const struct cli *cli)
{
	struct catalogue c = { 0 };
	struct err err = { 0 };
	int status = EXIT_GOOD;

	if (cli->o.features) {
		list_features();
		return EXIT_GOOD;
	}
	if (cli->o.targets.p)
		return list_targets(&cli->o, &err) ? cli_fail(&err) : EXIT_GOOD;
	if (cli_catalogue(&cli->o, &c, &err))
		return cli_fail(&err);
	if ((cli->o.coverage ? list_coverage : list)(&cli->o, &c, &err))
		status = cli_fail(&err);
	catalogue_free(&c);
	return status;
}

#include "cli/command.h"

#include "client/actor.h"
#include "device/device.h"
#include "suite/suite.h"

#include <stdio.h>

#define FAULTS_MAX 512

/* The names of all planted bugs, ended by NULL.  A lock-out or a reboot is no bug that a case has
 * to catch, but a measure may be about it.
 */
static void fault_names(struct arena *a, const char *names[static FAULTS_MAX])
{
	size_t n = 0;

	for (const struct fault *f = faults; f->name && n + 1 < FAULTS_MAX; f++) {
		bool optional = f->kind == FAULT_ENVIRONMENT;

		names[n++] = arena_fmt(a, "%s%s", optional ? "?" : "", f->name).p;
	}
	names[n] = NULL;
}

static void client_fault_names(const char *names[static FAULTS_MAX])
{
	size_t n = 0;

	for (const struct client_fault *f = client_faults; f->name && n + 1 < FAULTS_MAX; f++)
		names[n++] = f->name;
	names[n] = NULL;
}

static int lint(const struct catalogue *c, struct arena *a)
{
	const char *names[FAULTS_MAX], *client_names[FAULTS_MAX];
	struct lint_finding *finding;
	struct err err = { 0 };
	size_t n;

	fault_names(a, names);
	client_fault_names(client_names);
	if (arena_check(a, &err))
		return cli_fail(&err);
	if (catalogue_lint(c, names, client_names, a, &finding, &n, &err))
		return cli_fail(&err);
	for (; finding; finding = finding->next)
		printf("%.*s\n", STR_ARG(finding->text));
	printf("%zu cases, %zu requirements, %zu faults from the field, %zu profiles: %zu "
	       "finding%s\n",
	       c->n_case, c->n_requirement, c->n_field, c->n_profile, n, n == 1 ? "" : "s");
	return n ? EXIT_USAGE : EXIT_GOOD;
}

int cmd_lint(const struct cli *cli)
{
	struct catalogue c = { 0 };
	struct err err = { 0 };
	struct arena a;
	int status;

	if (cli_catalogue(&cli->o, &c, &err))
		return cli_fail(&err);
	arena_init(&a, 64u << 20);
	status = lint(&c, &a);
	arena_free(&a);
	catalogue_free(&c);
	return status;
}

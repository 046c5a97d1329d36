/* What no schema can say of a catalogue: each rule reports all that it finds. */
#include "suite/lint.h"

#include <stdio.h>

void lint_add(struct lint *l, struct str file, int line, const char *fmt, ...)
{
	struct lint_finding *f = arena_new(l->a, struct lint_finding);
	struct str what;
	va_list ap;

	va_start(ap, fmt);
	what = arena_vfmt(l->a, fmt, ap);
	va_end(ap);
	if (!f)
		return; /* arena_check() at the end says so */
	f->text = arena_fmt(l->a, "%.*s:%d: %.*s", STR_ARG(file), line, STR_ARG(what));
	*l->last = f;
	l->last = &f->next;
	l->n++;
}

bool lint_is_fault(const struct lint *l, struct str name)
{
	for (const char *const *f = l->fault_names; *f; f++) {
		if (str_eq(name, str(**f == '?' ? *f + 1 : *f)))
			return true;
	}
	return false;
}

/* --- faults --- */

static bool is_killed(const struct suite_case *c, size_t n, struct str fault)
{
	for (size_t i = 0; i < n; i++) {
		if (str_has_word(c[i].kills, fault))
			return true;
	}
	return false;
}

/* A fault that no case names proves nothing: it belongs to no file, so the first one is said. */
static void lint_faults(struct lint *l, const struct suite_case *c, size_t n)
{
	for (const char *const *f = l->fault_names; f && *f; f++) {
		if (**f != '?' && !is_killed(c, n, str(*f)))
			lint_add(l, STR("kills"), 0, "no case names fault \"%s\", expected one",
				 *f);
	}
}

/* --- requirements --- */

static void lint_requirements(struct lint *l)
{
	for (size_t i = 0; i < l->k->n_requirement; i++) {
		const struct requirement *r = &l->k->requirement[i];
		const struct suite_case *c = catalogue_citing(l->k, r->anchor, NULL);

		if (catalogue_requirement(l->k, r->anchor) != r)
			lint_add(l, r->file, r->line,
				 "another requirement \"%.*s\", expected each anchor once",
				 STR_ARG(r->anchor));
		if (!c && !r->uncased.p)
			lint_add(l, r->file, r->line,
				 "no case cites \"%.*s\", expected one or uncased=\"reason\"",
				 STR_ARG(r->anchor));
		if (c && r->uncased.p)
			lint_add(
				l, r->file, r->line,
				"\"%.*s\" is uncased, but %.*s cites it, expected one or the other",
				STR_ARG(r->anchor), STR_ARG(c->id));
	}
}

/* --- the catalogue of faults from the field --- */

static bool is_answered_by_a_client_case(const struct lint *l, const struct field_row *r)
{
	const struct suite_case *c = NULL;

	while ((c = catalogue_answering(l->k, r->id, c)))
		if (c->client)
			return true;
	return false;
}

static void lint_row(struct lint *l, const struct field_row *r)
{
	const struct suite_case *c = catalogue_answering(l->k, r->id, NULL);

	if (catalogue_field(l->k, r->id) != r)
		lint_add(l, r->file, r->line, "another row \"%.*s\", expected each id once",
			 STR_ARG(r->id));
	if (field_covered(l->k, r) == COVERED_GAP)
		lint_add(l, r->file, r->line,
			 "no case%s answers \"%.*s\", expected one or uncased=\"reason\"",
			 r->side == FIELD_CLIENT ? " of clients" : "", STR_ARG(r->id));
	/* A case of devices does not stand for the half of the fault that is the client's. */
	if (c && r->side == FIELD_BOTH && !is_answered_by_a_client_case(l, r))
		lint_add(l, r->file, r->line,
			 "no case of clients answers \"%.*s\", whose side is both, expected one",
			 STR_ARG(r->id));
	if (c && r->uncased.p)
		lint_add(l, r->file, r->line,
			 "\"%.*s\" is uncased, but %.*s answers it, expected one or the other",
			 STR_ARG(r->id), STR_ARG(c->id));
}

/* --- profiles --- */

static bool is_document(const struct catalogue *k, struct str id)
{
	for (size_t i = 0; i < k->n_requirement; i++) {
		if (str_eq(k->requirement[i].document, id))
			return true;
	}
	return str_eq(id, STR("*"));
}

static bool matches_case(const struct catalogue *k, struct str pattern)
{
	for (size_t i = 0; i < k->n_case; i++) {
		if (str_glob(k->c[i].id, pattern))
			return true;
	}
	for (size_t i = 0; i < k->n_client; i++) {
		if (str_glob(k->client[i].id, pattern))
			return true;
	}
	return false;
}

static bool selects_case(const struct catalogue *k, const struct profile *p)
{
	bool of_clients = str_eq(p->kind, STR("client"));
	const struct suite_case *c = of_clients ? k->client : k->c;

	for (size_t i = 0; i < (of_clients ? k->n_client : k->n_case); i++) {
		if (profile_standing(p, &c[i]).cite)
			return true;
	}
	return false;
}

static void lint_profile(struct lint *l, const struct profile *p)
{
	if (catalogue_profile(l->k, p->id) != p)
		lint_add(l, p->file, p->line, "another profile \"%.*s\", expected each id once",
			 STR_ARG(p->id));
	for (size_t i = 0; i < p->n_rule; i++) {
		if (!is_document(l->k, p->rule[i].document))
			lint_add(l, p->file, p->line,
				 "unknown document \"%.*s\", expected one that requirements are of",
				 STR_ARG(p->rule[i].document));
	}
	for (size_t i = 0; i < p->n_exception; i++) {
		if (!matches_case(l->k, p->exception[i].pattern))
			lint_add(l, p->file, p->line,
				 "\"%.*s\" matches no case, expected at least one",
				 STR_ARG(p->exception[i].pattern));
	}
	if (!selects_case(l->k, p))
		lint_add(l, p->file, p->line,
			 "profile \"%.*s\" selects no case, expected at least one", STR_ARG(p->id));
}

int catalogue_lint(const struct catalogue *c, const char *const *fault_names,
		   const char *const *client_fault_names, struct arena *a,
		   struct lint_finding **out, size_t *n, struct err *err)
{
	struct lint l = { .k = c, .fault_names = fault_names, .a = a, .last = out };

	*out = NULL;
	for (size_t i = 0; i < c->n_case; i++) {
		if (lint_case(&l, &c->c[i], err))
			return -1;
	}
	lint_faults(&l, c->c, c->n_case);
	for (size_t i = 0; i < c->n_client; i++) {
		l.fault_names = c->client[i].client->observed == OBSERVE_DEVICE
					? fault_names
					: client_fault_names;
		if (lint_client_case(&l, &c->client[i], err))
			return -1;
	}
	l.fault_names = client_fault_names;
	lint_faults(&l, c->client, c->n_client);
	lint_requirements(&l);
	for (size_t i = 0; i < c->n_field; i++)
		lint_row(&l, &c->field[i]);
	for (size_t i = 0; i < c->n_profile; i++)
		lint_profile(&l, &c->profile[i]);
	*n = l.n;
	return arena_check(a, err);
}

/* language.c - the tables of grammar.c and grammar_client.c, told to somebody who knows no libxml2.
 */
#include "suite/language.h"

#include "suite/parse.h"

#include <stdio.h>

#define ELEMENTS_MAX 64

struct walk {
	const struct language_reader *r;
	const struct element_rule *seen[ELEMENTS_MAX];
	size_t n;
	size_t own; /* from here on an element is known by its name */
};

static bool is_new(struct walk *w, const struct element_rule *e)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->seen[i] == e || (i >= w->own && str_eq(str(w->seen[i]->name), str(e->name))))
			return false;
	if (w->n < ELEMENTS_MAX)
		w->seen[w->n++] = e;
	return true;
}

/* An open domain says what it is when it refuses something. */
static void tell_attribute(struct walk *w, const struct element_rule *e,
			   const struct attribute_rule *a)
{
	const struct str expected = STR("expected ");
	char one_of[sizeof(((struct err *)0)->text)];
	struct language_attribute told = {
		e->name, a->name, a->required, a->list, a->bound, "text"
	};
	struct err err = { 0 };

	if (a->words) {
		snprintf(one_of, sizeof(one_of), "one of %s", a->words);
		told.domain = one_of;
	} else if (a->check && a->check(STR("\n"), &err) && str_starts(str(err.text), expected)) {
		told.domain = err.text + expected.n;
	}
	w->r->attribute(w->r->ctx, &told);
}

static void tell(struct walk *w, const struct element_rule *e, const char *parent,
		 const struct child_rule *as)
{
	const struct language_element told = {
		e->name, parent, !as || as->required, as && as->repeated, e->deviates, e->mech
	};

	if (!is_new(w, e))
		return;
	w->r->element(w->r->ctx, &told);
	for (const struct attribute_rule *a = e->attribute; a && a->name; a++)
		tell_attribute(w, e, a);
	/* The grammar is seven deep at most, and has no circle. */
	for (const struct child_rule *c = e->child; c && c->element; c++)
		tell(w, c->element, e->name, c);
}

void language_walk(const struct language_reader *r)
{
	struct walk w = { .r = r, .own = ELEMENTS_MAX };

	tell(&w, &suite_rule, "", NULL);
	tell(&w, &profile_rule, "", NULL);
}

static void say_nothing(void *ctx, const struct language_element *e)
{
	(void)ctx;
	(void)e;
}

static void say_no_attribute(void *ctx, const struct language_attribute *a)
{
	(void)ctx;
	(void)a;
}

void language_walk_client(const struct language_reader *r)
{
	static const struct language_reader silent = { say_nothing, say_no_attribute, NULL };
	struct walk w = { .r = &silent, .own = ELEMENTS_MAX };

	tell(&w, &suite_rule, "", NULL);
	w.r = r;
	w.own = w.n;
	tell(&w, &client_rule, "", NULL);
	tell(&w, &personas_rule, "", NULL);
}

/* The rules about one client case. */
#include "suite/lint.h"

#include "suite/parse.h"

static bool settings_use(const struct suite_case *c, const struct suite_settings *s, size_t axis)
{
	for (size_t i = 0; i < s->n; i++) {
		if (lint_text_uses(c, s->v[i].value, axis))
			return true;
	}
	return false;
}

static bool turn_uses(const struct suite_case *c, const struct suite_turn *t, size_t axis)
{
	for (size_t i = 0; i < t->n_offer; i++) {
		if (settings_use(c, &t->offer[i].set, axis))
			return true;
	}
	return settings_use(c, &t->set, axis);
}

static bool client_uses(const struct suite_case *c, size_t axis)
{
	const struct suite_client *k = c->client;

	for (size_t i = 0; i < k->n_turn; i++) {
		if (turn_uses(c, &k->turn[i], axis))
			return true;
	}
	for (size_t i = 0; i < k->n_check; i++) {
		if (lint_text_uses(c, k->check[i].value, axis))
			return true;
	}
	return settings_use(c, &k->call, axis) || settings_use(c, &k->clock, axis);
}

static void lint_client_axes(struct view *w)
{
	for (size_t i = 0; i < w->c->n_axis; i++) {
		if (!client_uses(w->c, i))
			ADD(w, w->c->line, "axis \"%.*s\" is not used, expected \"$%.*s\" below it",
			    STR_ARG(w->c->axis[i].name), STR_ARG(w->c->axis[i].name));
	}
}

/* A case that turns on a feature would wait for itself. */
static void lint_provides(struct view *w)
{
	struct str rest = w->c->client->provides;

	for (struct str f = str_word(&rest); f.n > 0; f = str_word(&rest)) {
		if (str_has_word(w->c->needs, f))
			ADD(w, w->c->line, "needs and provides \"%.*s\", expected one of them",
			    STR_ARG(f));
	}
}

static void lint_client_checks(struct view *w)
{
	const struct suite_client *k = w->c->client;

	for (size_t i = 0; i < k->n_check; i++) {
		for (size_t n = 0; n < i; n++) {
			if (str_eq(k->check[i].name, k->check[n].name))
				ADD(w, k->check[i].line, "check %.*s twice, expected once",
				    STR_ARG(k->check[i].name));
		}
	}
}

/* A check that no wrong client turns red may not look at anything. */
static void lint_client_kills(struct view *w)
{
	if (w->l->fault_names && !w->c->kills.n)
		ADD(w, w->c->line, "kills nothing, expected a planted fault of a client");
}

int lint_client_case(struct lint *l, const struct suite_case *c, struct err *err)
{
	static void (*const rules[])(struct view *) = {
		lint_id,          lint_cites,    lint_kills,         lint_field,        lint_needs,
		lint_client_axes, lint_provides, lint_client_checks, lint_client_kills,
	};
	struct arena a DEFER(arena_free);
	struct view w = { .l = l, .c = c, .a = &a };

	arena_init(&a, SUITE_ARENA_MAX);
	if (suite_expand(&a, c, &w.v, &w.n, err))
		return -1;
	for (size_t i = 0; i < COUNT(rules); i++)
		rules[i](&w);
	return arena_check(&a, err);
}

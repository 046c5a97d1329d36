/* swarm_end.c - from what a swarm found to a verdict and its words. */
#include "engine/internal.h"

#include <inttypes.h>

/* The cites of the case that a point's clauses name: how they count is the case's affair. */
static size_t cites_of(const struct suite_case *c, const struct spell_point *p, struct cite *out,
		       const struct cite **own, size_t room)
{
	struct str rest = str(p->clause), word;
	size_t n = 0;

	while ((word = str_word(&rest)).n)
		for (size_t i = 0; i < c->n_cite && n < room; i++) {
			if (!str_eq(c->cite[i].clause, word))
				continue;
			own[n] = &c->cite[i];
			out[n++] = c->cite[i];
		}
	return n;
}

/* A refusal of several oddities at once weighs as its weakest. */
static bool weaker(const struct case_standing *a, const struct spell_group *g)
{
	if (!a->cite || !g->cite)
		return g->cite != NULL;
	if (a->gates != g->gates)
		return g->gates;
	return a->cite->level < g->cite->level;
}

static void weigh_point(struct engine *e, const struct suite_case *c, const struct spell_point *p,
			struct spell_group *g, bool first)
{
	struct cite cites[4];
	const struct cite *own[4];
	struct suite_case one = { .id = c->id, .cite = cites };
	struct case_standing standing;

	one.n_cite = cites_of(c, p, cites, own, COUNT(cites));
	standing = profile_standing(e->o.profile, &one);
	if (!first && !weaker(&standing, g))
		return;
	g->cite = standing.cite ? own[standing.cite - cites] : NULL;
	g->gates = standing.gates;
}

/* An acceptance breaks what the case itself is about, whatever was mutated. */
static void weigh(struct engine *e, const struct variant_result *r, struct spell_group *g)
{
	const struct spell_grammar *grammar = r->swarm->g;
	bool first = true;

	if (grammar->hostile) {
		g->cite = r->cite;
		g->gates = r->gates;
		return;
	}
	for (size_t i = 0; i < grammar->n; i++) {
		if (!g->part.choice[i])
			continue;
		weigh_point(e, r->variant->c, &grammar->point[i], g, first);
		first = false;
	}
}

static struct str clause_of(struct engine *e, const struct swarm_result *found,
			    const struct spell_group *g)
{
	struct str clause = { 0 };
	const struct requirement *q;

	for (size_t i = 0; i < found->g->n && !clause.n; i++)
		if (g->part.choice[i])
			clause = str(found->g->point[i].clause);
	clause = g->cite ? g->cite->clause : str_word(&clause);
	q = catalogue_requirement(e->o.catalogue, clause);
	return q ? q->source : clause;
}

static void put_in_words(struct engine *e, const struct swarm_result *found, struct spell_group *g)
{
	const char *verb = found->g->hostile ? "accepts"
			   : g->optional     ? "may refuse, and does"
					     : "refuses";

	g->line = arena_fmt(&e->r->a, "%s: %.*s (%.*s), %" PRIu64 " of %" PRIu64 " spellings", verb,
			    STR_ARG(g->words), STR_ARG(clause_of(e, found, g)), g->count,
			    found->total);
}

static enum verdict verdict_of(const struct spell_group *g)
{
	if (g->optional || !g->cite || g->cite->level == LEVEL_MEASURE)
		return VERDICT_PASS;
	return g->gates ? VERDICT_FAIL : VERDICT_WARN;
}

/* The one that decides: the worst, and of those the first. */
static void decide(struct variant_result *r)
{
	const struct swarm_result *found = r->swarm;

	r->verdict = VERDICT_PASS;
	for (size_t i = 0; i < found->n_group; i++) {
		const struct spell_group *g = &found->group[i];
		enum verdict v = verdict_of(g);

		if (v <= r->verdict)
			continue;
		r->verdict = v;
		r->cite = g->cite;
		r->gates = g->gates;
		r->deciding = (int)(2 * i + 1);
	}
	r->reason = r->verdict == VERDICT_PASS ? REASON_NONE : REASON_DECISION;
	if (r->verdict == VERDICT_PASS && found->not_repeated) {
		r->verdict = VERDICT_INCONCLUSIVE;
		r->reason = REASON_CONTROL;
	}
}

static void summarise(struct engine *e, struct swarm_result *found)
{
	uint64_t good = found->asked - found->hits;
	struct arena *a = &e->r->a;

	found->summary =
		arena_fmt(a, "%" PRIu64 " %s spellings of %s: %" PRIu64 " %s", found->asked,
			  found->g->hostile ? "hostile" : "legal", mechanism_name(found->g->mech),
			  good, found->g->hostile ? "refused" : "accepted");
	if (found->hits)
		found->summary = arena_fmt(
			a, "%.*s, %" PRIu64 " %s in %zu way%s%s", STR_ARG(found->summary),
			found->hits, found->g->hostile ? "accepted" : "refused", found->n_group,
			found->n_group == 1 ? "" : "s", found->more ? " and more" : "");
	if (found->unanswered)
		found->summary = arena_fmt(a, "%.*s; %" PRIu64 " without an answer",
					   STR_ARG(found->summary), found->unanswered);
	if (found->not_repeated)
		found->summary = arena_fmt(a, "%.*s; %" PRIu64 " did not come again",
					   STR_ARG(found->summary), found->not_repeated);
}

struct str swarm_message(struct engine *e, const struct swarm_result *found)
{
	struct str message = found->summary;

	for (size_t i = 0; i < found->n_group; i++)
		message = arena_fmt(&e->r->a, "%.*s; %.*s", STR_ARG(message),
				    STR_ARG(found->group[i].line));
	return message;
}

void swarm_judge(struct engine *e, struct variant_result *r)
{
	struct swarm_result *found = r->swarm;

	for (size_t i = 0; i < found->n_group; i++) {
		weigh(e, r, &found->group[i]);
		put_in_words(e, found, &found->group[i]);
	}
	summarise(e, found);
	decide(r);
	r->message = swarm_message(e, found);
}

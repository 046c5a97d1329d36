#include "suite/suite.h"

enum weight { IGNORED, NOTED, GATING };

/* What one rule says of a level; "*" speaks only where the document's own rule is silent. */
static enum weight rule_weight(const struct profile *p, struct str document, enum level l)
{
	for (size_t i = 0; i < p->n_rule; i++) {
		const struct profile_rule *r = &p->rule[i];

		if (!str_eq(r->document, document))
			continue;
		return r->gate[l] ? GATING : r->note[l] ? NOTED : IGNORED;
	}
	return IGNORED;
}

static enum weight cite_weight(const struct profile *p, const struct cite *c)
{
	struct str rest = c->clause;
	enum weight own = rule_weight(p, str_cut(&rest, '#'), c->level);

	return own != IGNORED ? own : rule_weight(p, STR("*"), c->level);
}

struct case_standing profile_standing(const struct profile *p, const struct suite_case *c)
{
	struct case_standing s = { 0 };
	enum weight best = IGNORED;

	for (size_t i = 0; i < p->n_exception; i++) {
		if (str_glob(c->id, p->exception[i].pattern)) {
			s.excepted = p->exception[i].reason;
			return s;
		}
	}
	for (size_t i = 0; i < c->n_cite; i++) {
		enum weight w = cite_weight(p, &c->cite[i]);

		if (w == IGNORED || w < best)
			continue;
		if (w == best && s.cite && c->cite[i].level <= s.cite->level)
			continue;
		best = w;
		s.cite = &c->cite[i];
	}
	s.gates = best == GATING;
	return s;
}

/* shrink.c - the smallest difference that still does it: choices are set back to the plain one at a
 * time, in rounds, until a round leaves all of them.
 */
#include "engine/internal.h"

void shrink_start(struct shrink *s, const struct spell_grammar *g, const struct spelling *from)
{
	*s = (struct shrink){ .g = g, .now = *from };
}

/* The optional points come first: what remains without them weighs more. */
static bool is_turn_of(const struct shrink *s, size_t at)
{
	return s->g->point[at % s->g->n].optional == (at < s->g->n);
}

bool shrink_next(struct shrink *s)
{
	for (;;) {
		size_t i = s->at % s->g->n;

		if (s->at == 2 * s->g->n) {
			if (!s->smaller)
				return false;
			s->at = 0;
			s->smaller = false;
			continue;
		}
		s->at++;
		if (!is_turn_of(s, s->at - 1) || !s->now.choice[i])
			continue;
		s->trial = s->now;
		s->trial.choice[i] = 0;
		/* The plain right spelling is the control, which was accepted. */
		if (s->g->hostile || !spell_is_plain(s->g, &s->trial))
			return true;
	}
}

void shrink_told(struct shrink *s, bool still)
{
	if (!still)
		return;
	s->now = s->trial;
	s->smaller = true;
}

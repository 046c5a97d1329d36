/* measure.c - find the largest value that still ends as expected, to a stated resolution.
 *
 * Each round splits the bracket into equal parts and tries the points between: one point for a
 * search that costs nothing but requests (bisection), several at once for a search that waits.
 */
#include "engine/internal.h"

#include "base/mem.h"

struct measure *measure_new(struct engine *e, struct variant_result *r)
{
	struct measure *m = mem_alloc(sizeof(*m));

	if (!m) {
		engine_stop(e, REASON_HARNESS, "out of memory");
		return NULL;
	}
	m->result = r;
	m->m = r->variant->c->measure;
	m->good = m->m->low;
	m->bad = m->m->high;
	m->next = e->measures;
	e->measures = m;
	return m;
}

void measure_free(struct measure *m)
{
	mem_free(m);
}

struct str measure_text(struct trial *t)
{
	bool seconds = str_eq(t->measure->m->unit, STR("s"));

	return arena_fmt(&t->a, "%lld%s", (long long)t->x_value, seconds ? "s" : "");
}

static void try_point(struct engine *e, struct measure *m, int64_t value)
{
	struct trial *t = trial_new(e, m->result);

	if (!t)
		return;
	t->measure = m;
	t->x_value = value;
	t->x = measure_text(t);
	m->point[m->n_point] = value;
	m->got[m->n_point++] = -1;
}

static void measure_end(struct engine *e, struct measure *m, enum verdict v, enum reason why,
			struct str message)
{
	struct variant_result *r = m->result;

	m->done = true;
	r->verdict = v;
	r->reason = why;
	r->message = arena_str(&e->r->a, message);
	r->deciding = -1;
	variant_finish(e, r);
}

static void measured(struct engine *e, struct measure *m)
{
	struct variant_result *r = m->result;
	struct arena *a = &e->r->a;
	const struct suite_measure *s = m->m;

	r->measured = true;
	r->value = m->good;
	r->at_limit = !m->have_bad;
	if (!m->have_good) {
		r->value = 0;
		measure_end(e, m, VERDICT_PASS, REASON_NONE,
			    arena_fmt(a, "%.*s: not even %lld %.*s", STR_ARG(s->property),
				      (long long)s->low, STR_ARG(s->unit)));
		return;
	}
	measure_end(e, m, VERDICT_PASS, REASON_NONE,
		    r->at_limit ? arena_fmt(a, "%.*s: at least %lld %.*s", STR_ARG(s->property),
					    (long long)m->good, STR_ARG(s->unit))
				: arena_fmt(a, "%.*s: %lld %.*s (%lld is too much)",
					    STR_ARG(s->property), (long long)m->good,
					    STR_ARG(s->unit), (long long)m->bad));
}

void measure_round(struct engine *e, struct measure *m)
{
	const struct suite_measure *s = m->m;
	int64_t points = s->parallel ? MEASURE_POINTS : 1;
	int64_t span;

	m->n_point = 0;
	if (!m->have_good) {
		try_point(e, m, s->low);
		if (s->parallel)
			try_point(e, m, s->high);
		return;
	}
	if (!m->have_bad && !m->have_high) {
		try_point(e, m, s->high);
		return;
	}
	span = m->bad - m->good;
	if (!m->have_bad || span <= s->resolution) {
		measured(e, m);
		return;
	}
	if (points > span - 1)
		points = span - 1;
	for (int64_t i = 1; i <= points; i++)
		try_point(e, m, m->good + span * i / (points + 1));
}

static void take(struct measure *m, int64_t value, bool good)
{
	if (good && (!m->have_good || value > m->good)) {
		m->good = value;
		m->have_good = true;
		m->have_high = m->have_high || value == m->m->high;
	}
	if (!good && (!m->have_bad || value < m->bad)) {
		m->bad = value;
		m->have_bad = true;
	}
}

void measure_point_done(struct engine *e, struct trial *t)
{
	struct measure *m = t->measure;
	bool open = false;

	m->result->failed_logins += t->failed_logins;
	t->failed_logins = 0;
	if (m->done)
		return;
	if (t->verdict >= VERDICT_SKIP) {
		measure_end(e, m, t->verdict, t->reason, t->message);
		return;
	}
	for (size_t i = 0; i < m->n_point; i++) {
		if (m->point[i] == t->x_value)
			m->got[i] = t->verdict == VERDICT_PASS || t->reason == REASON_FORM;
		open = open || m->got[i] < 0;
	}
	if (open)
		return;
	for (size_t i = 0; i < m->n_point; i++)
		take(m, m->point[i], m->got[i] == 1);
	if (!m->have_good && m->have_bad) /* not even the lowest: nothing to search */
		measured(e, m);
	else
		measure_round(e, m);
}

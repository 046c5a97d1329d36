/* measure.c - find the largest value that still ends as expected, to a stated resolution.
 *
 * Each round splits the bracket into equal parts and tries the points between: one point for a
 * search that costs nothing but requests (bisection), several at once for a search that waits.  A
 * search that counts, with repeat="$x" in its last step, needs no second point: where the first one
 * ended is the number.  A sample is one trial, and sample.c reckons with what it saw.
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
	if (m->last) {
		if (m->last->n_steps > STEPS_OF_MEASURE)
			m->last->n_steps = STEPS_OF_MEASURE;
		trial_copy_steps(e, m->last, r);
	}
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

static const struct suite_step *last_step(const struct measure *m)
{
	const struct suite_case *c = m->result->variant->c;

	return &c->step[c->n_step - 1];
}

static bool counts(const struct measure *m)
{
	return str_eq(last_step(m)->repeat, STR("$x"));
}

/* n points, the ends included. */
static void try_evenly(struct engine *e, struct measure *m, int64_t n)
{
	int64_t span = m->m->high - m->m->low;

	n = n > span + 1 ? span + 1 : n;
	for (int64_t i = 0; i < n; i++)
		try_point(e, m, n == 1 ? m->m->low : m->m->low + span * i / (n - 1));
}

/* Side by side all over the range, since what is good above need not be good below. */
static void first_round(struct engine *e, struct measure *m)
{
	m->begun = true;
	if (m->m->sample)
		try_point(e, m, 0);
	else if (counts(m))
		try_point(e, m, m->m->high);
	else
		try_evenly(e, m, m->m->parallel ? MEASURE_POINTS : 1);
}

void measure_round(struct engine *e, struct measure *m)
{
	const struct suite_measure *s = m->m;
	int64_t points = s->parallel ? MEASURE_POINTS : 1;
	int64_t span = m->bad - m->good;

	m->n_point = 0;
	if (!m->begun) {
		first_round(e, m);
	} else if (!m->have_good) {
		measured(e, m); /* not even the lowest: nothing to search */
	} else if (!m->have_bad && m->good < s->high) {
		try_point(e, m, s->high);
	} else if (!m->have_bad || span <= s->resolution) {
		measured(e, m);
	} else {
		points = points > span - 1 ? span - 1 : points;
		for (int64_t i = 1; i <= points; i++)
			try_point(e, m, m->good + span * i / (points + 1));
	}
}

/* The bracket lies below whatever is bad. */
static void take(struct measure *m)
{
	for (size_t i = 0; i < m->n_point; i++) {
		if (m->got[i] == 1 || (m->have_bad && m->point[i] > m->bad))
			continue;
		m->bad = m->point[i];
		m->have_bad = true;
	}
	for (size_t i = 0; i < m->n_point; i++) {
		if (m->got[i] != 1 || (m->have_bad && m->point[i] > m->bad) ||
		    (m->have_good && m->point[i] < m->good))
			continue;
		m->good = m->point[i];
		m->have_good = true;
	}
}

/* The step that counts ended at its nth time: all before that were as expected. */
static void take_count(struct measure *m, const struct trial *t)
{
	m->have_bad = true;
	m->bad = t->iteration + 1;
	m->good = t->iteration;
	m->have_good = m->good >= m->m->low;
}

/* --- samples --- */

static struct str sample_text(struct arena *a, const struct suite_measure *s,
			      const struct sample_result *n)
{
	struct str text =
		arena_fmt(a, "%.*s: %s%lld %.*s", STR_ARG(s->property),
			  n->at_limit ? "at least " : "", (long long)n->value, STR_ARG(s->unit));

	for (size_t i = 0; i < n->n_more; i++)
		text = arena_fmt(a, "%.*s, %s %lld", STR_ARG(text), n->more[i].name,
				 (long long)n->more[i].value);
	return text;
}

static void sampled(struct engine *e, struct measure *m, const struct trial *t)
{
	struct variant_result *r = m->result;
	struct arena *a = &e->r->a;
	struct sample_result n;

	if (t->verdict == VERDICT_FAIL) {
		measure_end(e, m, VERDICT_PASS, REASON_NONE,
			    arena_fmt(a, "%.*s: no number: %.*s", STR_ARG(m->m->property),
				      STR_ARG(t->message)));
		return;
	}
	sample_evaluate(m->m->sample, t->seen, t->n_seen, &n);
	if (!n.known) {
		measure_end(e, m, VERDICT_SKIP, REASON_NOT_OFFERED, str(n.why));
		return;
	}
	r->measured = true;
	r->value = n.value;
	r->at_limit = n.at_limit;
	r->more = arena_array(a, struct measured_number, SAMPLE_NUMBERS);
	if (r->more) {
		memcpy(r->more, n.more, n.n_more * sizeof(*r->more));
		r->n_more = n.n_more;
	}
	measure_end(e, m, VERDICT_PASS, REASON_NONE, sample_text(a, m->m, &n));
	if (n.unfinished)
		engine_stop(e, REASON_LOCKED,
			    "the lock-out that was provoked to be measured has not ended yet");
}

void measure_point_done(struct engine *e, struct trial *t)
{
	struct measure *m = t->measure;
	bool good = t->verdict == VERDICT_PASS || t->reason == REASON_FORM, open = false;

	m->result->failed_logins += t->failed_logins;
	t->failed_logins = 0;
	if (m->done)
		return;
	m->last = t;
	if (t->verdict >= VERDICT_SKIP) {
		measure_end(e, m, t->verdict, t->reason, t->message);
		return;
	}
	if (m->m->sample) {
		sampled(e, m, t);
		return;
	}
	for (size_t i = 0; i < m->n_point; i++) {
		if (m->point[i] == t->x_value)
			m->got[i] = good;
		open = open || m->got[i] < 0;
	}
	if (open)
		return;
	if (!good && counts(m) && &t->c->step[t->step] == last_step(m))
		take_count(m, t);
	else
		take(m);
	measure_round(e, m);
}

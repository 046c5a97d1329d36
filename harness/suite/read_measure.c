/* A measure: a search over $x, or a sample. */
#include "suite/parse.h"

/* Durations become seconds where the unit is the second; other units are plain numbers. */
static int limit_read(struct str s, struct str unit, int64_t *out)
{
	uint64_t n;

	if (!str_eq(unit, STR("s"))) {
		if (str_to_u64(s, INT64_MAX, &n))
			return -1;
		*out = (int64_t)n;
		return 0;
	}
	if (str_to_ms(s, out) || *out % 1000 != 0)
		return -1;
	*out /= 1000;
	return 0;
}

static int new_measure(struct reader *r, const xmlNode *node, struct err *err)
{
	struct suite_measure *m;

	if (r->c->measure)
		return xml_error(r->f, node, err,
				 "<measure> and <sample> in a case, expected one of them");
	m = arena_new(r->a, struct suite_measure);
	if (!m)
		return arena_check(r->a, err);
	m->property = xml_attr(r->a, node, "property");
	m->unit = xml_attr(r->a, node, "unit");
	r->c->measure = m;
	return 0;
}

int measure_read(struct reader *r, const xmlNode *node, struct err *err)
{
	static const char *const names[] = { "low", "high", "resolution" };
	struct suite_measure *m;

	if (new_measure(r, node, err))
		return -1;
	m = r->c->measure;
	m->loss_ends = xml_attr(r->a, node, "loss").p != NULL;
	m->parallel = str_eq(xml_attr(r->a, node, "parallel"), STR("yes"));
	for (size_t i = 0; i < COUNT(names); i++) {
		struct str s = xml_attr(r->a, node, names[i]);
		int64_t *out[] = { &m->low, &m->high, &m->resolution };

		if (limit_read(s, m->unit, out[i]))
			return xml_error(r->f, node, err, "%s=\"%.*s\": expected %s", names[i],
					 STR_ARG(s),
					 str_eq(m->unit, STR("s")) ? "whole seconds" : "a number");
	}
	if (m->low > m->high)
		return xml_error(r->f, node, err, "low above high, expected low first");
	if (m->resolution <= 0)
		return xml_error(r->f, node, err, "resolution of 0, expected more");
	return 0;
}

int sample_read(struct reader *r, const xmlNode *node, struct err *err)
{
	struct str rounds = xml_attr(r->a, node, "n");

	if (new_measure(r, node, err))
		return -1;
	r->c->measure->sample = suite_sample_kind(xml_attr(r->a, node, "of"));
	r->c->measure->rounds = rounds.p ? number_read(rounds) : 1;
	if (r->c->measure->rounds < 1)
		return xml_error(r->f, node, err, "n=\"0\", expected 1 or more");
	return 0;
}

int measure_check(const struct reader *r, const xmlNode *node, struct err *err)
{
	const struct suite_measure *m = r->c->measure;

	if (!m || !m->sample || r->c->n_step == suite_sample_steps(m->sample))
		return 0;
	return xml_error(r->f, node, err, "a sample of %s with %zu <send>, expected %zu",
			 suite_sample_name(m->sample), r->c->n_step, suite_sample_steps(m->sample));
}

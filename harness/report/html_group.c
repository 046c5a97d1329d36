#include "report/html.h"

static struct html_case *find_case(struct html *h, const struct suite_case *c)
{
	for (size_t i = h->n_case; i-- > 0;) /* variants of a case mostly stand together */
		if (h->c[i].c == c)
			return &h->c[i];
	h->c[h->n_case] = (struct html_case){ .c = c };
	return &h->c[h->n_case++];
}

void html_group(struct html *h)
{
	const struct run_result *r = h->r;

	h->c = arena_array(&h->a, struct html_case, r->n_variant + 1);
	for (size_t i = 0; h->c && i < r->n_variant; i++) {
		struct html_case *c = find_case(h, r->variant[i].variant->c);

		c->n++;
		if (r->variant[i].waiver)
			c->waived++;
		else
			c->count[r->variant[i].verdict]++;
	}
	for (size_t i = 0; i < h->n_case; i++) {
		h->c[i].index = arena_array(&h->a, size_t, h->c[i].n);
		if (!h->c[i].index) {
			h->n_case = 0;
			return;
		}
		h->c[i].n = 0;
	}
	for (size_t i = 0; h->n_case && i < r->n_variant; i++) {
		struct html_case *c = find_case(h, r->variant[i].variant->c);

		c->index[c->n++] = i;
	}
}

bool html_left_over(const struct html *h, const struct variant_result *v)
{
	return h->r->cause.p && v->n_step == 0 &&
	       (v->verdict == VERDICT_INCONCLUSIVE || v->verdict == VERDICT_ERROR);
}

const struct variant_result *html_measured(const struct html *h, const char *property)
{
	for (size_t i = 0; i < h->r->n_variant; i++) {
		const struct variant_result *v = &h->r->variant[i];
		const struct suite_measure *m = v->variant->c->measure;

		if (v->measured && m && str_eq(m->property, str(property)))
			return v;
	}
	return NULL;
}

struct html_weight html_weight(const struct html *h, struct str anchor, enum level l)
{
	struct cite cite = { anchor, l };
	/* profile_standing weighs cases: one that cites nothing else. */
	const struct suite_case only = { .cite = &cite, .n_cite = 1 };
	struct case_standing s = { 0 };

	if (h->r->profile)
		s = profile_standing(h->r->profile, &only);
	return (struct html_weight){ s.cite != NULL, s.gates };
}

struct str html_binding(const struct variant_result *v)
{
	size_t at = str_chr(v->variant->id, '[');

	return at == (size_t)-1 ? STR("") : str_sub(v->variant->id, at, v->variant->id.n);
}

/* Which cases stand for a row. */
#include "suite/suite.h"

/* All cases, those of clients last; NULL at the end. */
static const struct suite_case *behind(const struct catalogue *c, const struct suite_case *after)
{
	const struct suite_case *first = c->n_client ? c->client : NULL;

	if (!after)
		return c->n_case ? c->c : first;
	if (c->n_case && after == &c->c[c->n_case - 1])
		return first;
	if (first && after == &first[c->n_client - 1])
		return NULL;
	return after + 1;
}

static bool cites(const struct suite_case *c, struct str anchor)
{
	for (size_t i = 0; i < c->n_cite; i++) {
		if (str_eq(c->cite[i].clause, anchor))
			return true;
	}
	return false;
}

const struct suite_case *catalogue_citing(const struct catalogue *c, struct str anchor,
					  const struct suite_case *after)
{
	for (const struct suite_case *p = behind(c, after); p; p = behind(c, p)) {
		if (cites(p, anchor))
			return p;
	}
	return NULL;
}

const struct suite_case *catalogue_answering(const struct catalogue *c, struct str row,
					     const struct suite_case *after)
{
	const struct field_row *r = catalogue_field(c, row);
	bool of_clients = r && r->side == FIELD_CLIENT;

	for (const struct suite_case *p = behind(c, after); p; p = behind(c, p)) {
		if ((p->client || !of_clients) && str_has_word(p->field, row))
			return p;
	}
	return NULL;
}

const struct field_row *catalogue_field(const struct catalogue *c, struct str word)
{
	for (size_t i = 0; i < c->n_field; i++) {
		if (str_eq(c->field[i].id, word) || str_has_word(c->field[i].cve, word))
			return &c->field[i];
	}
	return NULL;
}

const char *field_side_name(enum field_side s)
{
	static const char *const names[] = {
		[FIELD_DEVICE] = "device",
		[FIELD_SERVER] = "server",
		[FIELD_BOTH] = "both",
		[FIELD_CLIENT] = "client",
	};

	_Static_assert(COUNT(names) == FIELD_SIDES, "one name per side");
	return names[s];
}

enum covered requirement_covered(const struct catalogue *c, const struct requirement *r)
{
	if (catalogue_citing(c, r->anchor, NULL))
		return COVERED_CASE;
	return r->uncased.p ? COVERED_REASON : COVERED_GAP;
}

enum covered field_covered(const struct catalogue *c, const struct field_row *r)
{
	if (catalogue_answering(c, r->id, NULL))
		return COVERED_CASE;
	return r->uncased.p ? COVERED_REASON : COVERED_GAP;
}

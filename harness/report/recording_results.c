/* recording_results.c - the evidence of countersign client, as a recording. */
#include "report/recordings.h"

#include "wire/recorded.h"

static bool host_of(const struct http_request *in, struct str *out)
{
	*out = http_get(&in->fields, "Host");
	return out->n > 0;
}

static int read_step(struct arena *a, const struct record *record, const struct recorded_case *c,
		     size_t i, struct recorded_exchange *x, struct err *err)
{
	const struct step_result *s = &c->v.step[i];
	struct err why = { 0 };

	*x = (struct recorded_exchange){ .connection = (uint64_t)s->connection,
					 .wall_ms = s->wall_ms,
					 .variant = c->id,
					 .run = str(record->run.id),
					 .number = (uint64_t)s->number,
					 .cut = c->step[i].cut };
	if (!s->sent.p || recorded_request(a, s->sent, &x->request, &why))
		return err_set(err, ERR_INPUT,
			       "%.*s: the request of step %zu is not there, expected a folder of "
			       "--results with --evidence full",
			       STR_ARG(c->file), i + 1);
	if (s->status && recorded_response(a, s->received, &x->response, &why))
		x->cut = true;
	if (!host_of(&x->request, &x->server))
		x->server = record->run.target;
	return 0;
}

static size_t count(const struct record *record)
{
	size_t n = 0;

	for (size_t i = 0; i < record->n; i++)
		n += record->c[i].v.n_step;
	return n;
}

int recording_results(struct arena *a, const struct record *record, struct recording *out,
		      struct err *err)
{
	*out = (struct recording){ .format = STR("results") };
	out->v = arena_array(a, struct recorded_exchange, count(record) + 1);
	out->end = arena_array(a, struct recorded_end, record->n + 1);
	if (!out->v || !out->end)
		return arena_check(a, err);
	for (size_t i = 0; i < record->n; i++) {
		const struct recorded_case *c = &record->c[i];

		if (c->v.end)
			out->end[out->n_end++] = (struct recorded_end){ c->id, *c->v.end };
		for (size_t k = 0; k < c->v.n_step; k++)
			if (read_step(a, record, c, k, &out->v[out->n++], err))
				return -1;
	}
	return arena_check(a, err);
}

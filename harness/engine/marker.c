/* marker.c - X-Countersign: case;run;n, so that the target's own log can be laid beside the report.
 *
 * A target must not behave differently for it.  One bare request of the survey and one control go
 * without, and a difference that is seen twice ends the run.
 */
#include "engine/internal.h"

#include <inttypes.h>
#include <stdio.h>

int marker_start(struct engine *e, struct err *err)
{
	struct run_result *r = e->r;
	char start[24], hex[HASH_HEX_MAX];

	snprintf(start, sizeof(start), "%" PRId64, r->started_wall_ms);
	if (hash_joined_hex(HASH_SHA256, HASH_PARTS(r->seed, STR("id"), str(start)), hex, err))
		return -1;
	snprintf(r->id, sizeof(r->id), "%.16s", hex);
	r->marked = !e->o.no_marker;
	return 0;
}

/* RFC 9110 5.5: visible ASCII; and the semicolon parts the three. */
static struct str fit(struct arena *a, struct str who)
{
	char *p = arena_alloc(a, who.n + 1);

	for (size_t i = 0; p && i < who.n; i++)
		p[i] = who.p[i] > ' ' && who.p[i] < 0x7f && who.p[i] != ';' ? who.p[i] : '_';
	return str_n(p, p ? who.n : 0);
}

void marker_add(const struct engine *e, const struct exchange *x, struct http_request *r,
		struct str who)
{
	if (!e->r->marked || http_get(&r->fields, MARKER).p)
		return;
	http_add(x->a, &r->fields, STR(MARKER),
		 arena_fmt(x->a, "%.*s;%s;%" PRId64, STR_ARG(fit(x->a, who)), e->r->id,
			   exchange_number(x)));
}

bool marker_fits(const struct suite_case *c)
{
	return !c->measure || !str_eq(c->measure->unit, STR("octets"));
}

void marker_stop(struct engine *e, struct str with, struct str without)
{
	char text[600];

	snprintf(text, sizeof(text),
		 "the target answers one request differently with the field " MARKER
		 " (%.*s) and without (%.*s): run with --no-marker",
		 STR_ARG(str_sub(with, 0, 160)), STR_ARG(str_sub(without, 0, 160)));
	engine_stop(e, REASON_CONTROL, text);
}

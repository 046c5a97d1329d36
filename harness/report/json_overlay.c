/* json_overlay.c - what lies over the findings: waivers, and the cause behind them. */
#include "report/json.h"

json_t *json_waiver(struct json_writer *w, const struct waiver_note *n)
{
	json_t *o;

	if (!n)
		return json_null();
	o = json_object();
	json_put_optional(w, o, "reason", n->reason);
	json_put_optional(w, o, "ticket", n->ticket);
	json_put_optional(w, o, "owner", n->owner);
	json_put_own(w, o, "until", n->until);
	json_put_int(w, o, "line", n->line);
	return o;
}

json_t *json_waivers(struct json_writer *w, const struct waiver_report *r)
{
	json_t *o, *problems;

	if (!r)
		return json_null();
	o = json_object();
	problems = json_array();
	json_put_optional(w, o, "file", r->file);
	for (size_t i = 0; i < r->n_problem; i++)
		json_append_text(w, problems, r->problem[i]);
	json_put(w, o, "problems", problems);
	json_put_int(w, o, "elsewhere", (int64_t)r->elsewhere);
	return o;
}

json_t *json_cause_page(struct json_writer *w, const struct cause *c)
{
	json_t *o, *todo;

	if (!c)
		return json_null();
	o = json_object();
	todo = json_array();
	json_put_own(w, o, "id", c->id);
	json_put_own(w, o, "title", c->title);
	json_put_optional(w, o, "what", c->what);
	for (size_t i = 0; i < c->n_todo; i++)
		json_append_own(w, todo, c->todo[i]);
	json_put(w, o, "todo", todo);
	return o;
}

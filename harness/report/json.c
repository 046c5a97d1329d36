/* json.c - the master record of a run.  reports/results.schema.json says what its fields mean. */
#include "report/json.h"

#include "auth/datetime.h"

#include <stdlib.h>

#define FORMAT      1    /* rises when a reader must change */
#define TEXT_MAX    4096 /* octets of a message, or of the octets of an exchange */
#define SCRATCH_MAX (256u << 20)

void json_put(struct json_writer *w, json_t *object, const char *key, json_t *value)
{
	w->failed |= json_object_set_new(object, key, value) != 0;
}

void json_append(struct json_writer *w, json_t *array, json_t *value)
{
	w->failed |= json_array_append_new(array, value) != 0;
}

static json_t *string(struct str s)
{
	return json_stringn(s.p ? s.p : "", s.n);
}

void json_put_text(struct json_writer *w, json_t *object, const char *key, struct str text,
		   size_t max_bytes)
{
	json_put(w, object, key, string(write_text(&w->a, w->redactor, text, max_bytes)));
}

void json_put_optional(struct json_writer *w, json_t *object, const char *key, struct str text)
{
	if (text.p)
		json_put_text(w, object, key, text, TEXT_MAX);
	else
		json_put(w, object, key, json_null());
}

void json_put_own(struct json_writer *w, json_t *object, const char *key, struct str text)
{
	json_put(w, object, key, string(text_clean(&w->a, text, TEXT_MAX)));
}

void json_put_int(struct json_writer *w, json_t *object, const char *key, int64_t value)
{
	json_put(w, object, key, json_integer(value));
}

void json_put_bool(struct json_writer *w, json_t *object, const char *key, bool value)
{
	json_put(w, object, key, json_boolean(value));
}

void json_append_text(struct json_writer *w, json_t *array, struct str text)
{
	json_append(w, array, string(write_text(&w->a, w->redactor, text, TEXT_MAX)));
}

void json_append_own(struct json_writer *w, json_t *array, struct str text)
{
	json_append(w, array, string(text_clean(&w->a, text, TEXT_MAX)));
}

static void put_time(struct json_writer *w, json_t *o, const char *key, int64_t unix_ms)
{
	if (unix_ms)
		json_put_own(w, o, key, datetime_format(&w->a, unix_ms, 3));
	else
		json_put(w, o, key, json_null());
}

json_t *json_step(struct json_writer *w, const struct step_result *s)
{
	json_t *o = json_object();

	json_put_int(w, o, "number", s->number);
	json_put_own(w, o, "role", str(s->role ? s->role : "step"));
	json_put(w, o, "step", s->step >= 0 ? json_integer(s->step) : json_null());
	json_put_own(w, o, "expect", outcome_set_text(&w->a, s->expect));
	json_put_own(w, o, "outcome", str(outcome_name(s->outcome)));
	json_put(w, o, "status", s->status ? json_integer(s->status) : json_null());
	json_put_own(w, o, "fate", str(wire_fate_name(s->fate)));
	json_put_optional(w, o, "why", s->why.n ? s->why : (struct str){ 0 });
	json_put_int(w, o, "sent_ms", s->sent_ms);
	json_put_int(w, o, "took_ms", s->took_ms);
	put_time(w, o, "wall", s->wall_ms);
	put_time(w, o, "device", s->device_ms);
	json_put_int(w, o, "sent_bytes", (int64_t)s->sent_bytes);
	json_put_int(w, o, "received_bytes", (int64_t)s->received_bytes);
	json_put_text(w, o, "summary", s->summary, TEXT_MAX);
	if (s->connection)
		json_put_int(w, o, "connection", (int64_t)(s->connection & INT64_MAX));
	return o;
}

/* The octets are evidence of a finding; of a pass they would only be bulk. */
static json_t *step(struct json_writer *w, const struct step_result *s, bool octets)
{
	json_t *o = json_step(w, s);
	struct redactor own;
	struct str received;

	if (!octets)
		return o;
	own = write_redactor(w->redactor, s);
	received = write_text(&w->a, &own, s->received, TEXT_MAX);
	json_put_text(w, o, "sent", s->sent, TEXT_MAX);
	json_put(w, o, "received", string(received));
	return o;
}

json_t *json_step_octets(struct json_writer *w, const struct step_result *s)
{
	return step(w, s, true);
}

static json_t *steps(struct json_writer *w, const struct variant_result *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n_step; i++)
		json_append(w, list, step(w, &v->step[i], v->verdict != VERDICT_PASS));
	return list;
}

static json_t *numbers(struct json_writer *w, const struct variant_result *v)
{
	json_t *list = json_array();

	for (size_t i = 0; i < v->n_more; i++) {
		json_t *o = json_object();

		json_put_own(w, o, "name", str(v->more[i].name));
		json_put_int(w, o, "value", v->more[i].value);
		json_put_own(w, o, "unit", str(v->more[i].unit));
		json_append(w, list, o);
	}
	return list;
}

static json_t *measure(struct json_writer *w, const struct variant_result *v)
{
	const struct suite_measure *m = v->variant->c->measure;
	json_t *o;

	if (!v->measured || !m)
		return json_null();
	o = json_object();
	json_put_own(w, o, "property", m->property);
	json_put_int(w, o, "value", v->value);
	json_put_own(w, o, "unit", m->unit);
	json_put_bool(w, o, "at_limit", v->at_limit);
	json_put(w, o, "more", numbers(w, v));
	return o;
}

static void put_seed(struct json_writer *w, json_t *o, const struct rng_seed *seed)
{
	char hex[2 * sizeof(seed->octets) + 1];

	for (size_t i = 0; i < sizeof(seed->octets); i++)
		snprintf(hex + 2 * i, 3, "%02x", seed->octets[i]);
	json_put_own(w, o, "seed", str(hex));
}

static void put_case(struct json_writer *w, json_t *o, const struct variant_result *v)
{
	const struct suite_case *c = v->variant->c;

	json_put_own(w, o, "id", v->variant->id);
	json_put_own(w, o, "case", c->id);
	json_put_own(w, o, "family", c->family);
	json_put_int(w, o, "rev", c->rev);
	json_put_own(w, o, "title", c->title);
	json_put_own(w, o, "why", c->why);
	json_put_own(w, o, "remedy", c->remedy);
}

static void put_decision(struct json_writer *w, json_t *o, const struct variant_result *v)
{
	json_put_own(w, o, "verdict", str(verdict_name(v->verdict)));
	json_put_own(w, o, "reason", str(reason_name(v->reason)));
	json_put_bool(w, o, "gates", v->gates);
	json_put(w, o, "clause",
		 v->cite ? string(text_clean(&w->a, v->cite->clause, TEXT_MAX)) : json_null());
	json_put(w, o, "level", v->cite ? json_string(level_name(v->cite->level)) : json_null());
	json_put(w, o, "outcome",
		 v->has_outcome ? json_string(outcome_name(v->outcome)) : json_null());
	json_put_text(w, o, "message", v->message, TEXT_MAX);
	json_put_optional(w, o, "form", v->form);
	json_put(w, o, "waiver", json_waiver(w, v->waiver));
	json_put(w, o, "deciding", v->deciding >= 0 ? json_integer(v->deciding) : json_null());
}

static void put_curl(struct json_writer *w, json_t *o, struct str command)
{
	if (command.p)
		json_put(w, o, "curl", string(text_clean(&w->a, command, WRITE_BODY)));
	else
		json_put(w, o, "curl", json_null());
}

static void put_end(struct json_writer *w, json_t *variant, const struct command_end *end)
{
	json_t *o = json_object();

	json_put_bool(w, o, "timed_out", end->timed_out);
	json_put(w, o, "status", end->status < 0 ? json_null() : json_integer(end->status));
	json_put_text(w, o, "printed", end->printed, TEXT_MAX);
	json_put(w, variant, "end", o);
}

json_t *json_variant(struct json_writer *w, const struct variant_result *v)
{
	json_t *o = json_object();

	put_case(w, o, v);
	put_decision(w, o, v);
	json_put_int(w, o, "failed_logins", v->failed_logins);
	json_put(w, o, "measure", measure(w, v));
	json_put_int(w, o, "started_ms", v->started_ms);
	json_put_int(w, o, "took_ms", v->took_ms);
	put_seed(w, o, &v->seed);
	put_curl(w, o, write_curl(&w->a, w->redactor, w->r, v));
	if (v->end)
		put_end(w, o, v->end);
	return o;
}

json_t *json_variant_whole(struct json_writer *w, const struct variant_result *v)
{
	json_t *o = json_variant(w, v);

	json_put(w, o, "steps", steps(w, v));
	return o;
}

static json_t *variant(struct json_writer *w, const struct variant_result *v)
{
	write_recycle(&w->a, &w->keep);
	return json_variant_whole(w, v);
}

static json_t *variants(struct json_writer *w)
{
	json_t *list = json_array();

	for (size_t i = 0; i < w->r->n_variant; i++)
		json_append(w, list, variant(w, &w->r->variant[i]));
	return list;
}

json_t *json_counts(struct json_writer *w)
{
	json_t *o = json_object();

	for (int i = 0; i < VERDICTS; i++)
		json_put_int(w, o, verdict_name((enum verdict)i), (int64_t)w->r->count[i]);
	json_put_int(w, o, "waived", (int64_t)w->r->waived);
	return o;
}

json_t *json_cause(struct json_writer *w)
{
	json_t *o;

	if (!w->r->cause.p)
		return json_null();
	o = json_object();
	json_put_own(w, o, "reason", str(reason_name(w->r->cause_reason)));
	json_put_text(w, o, "text", w->r->cause, TEXT_MAX);
	return o;
}

static json_t *shard(const struct run_result *r)
{
	if (!r->shard.total)
		return json_null();
	return json_pack("{s:i, s:i}", "index", r->shard.index, "total", r->shard.total);
}

static json_t *place(struct json_writer *w)
{
	const struct inventory_place *p = &w->r->place;
	json_t *o;

	if (!p->total)
		return json_null();
	o = json_object();
	json_put_own(w, o, "device", p->device);
	json_put_optional(w, o, "vendor", p->vendor);
	json_put_optional(w, o, "model", p->model);
	json_put_int(w, o, "index", p->index);
	json_put_int(w, o, "total", p->total);
	return o;
}

static json_t *record(struct json_writer *w, const struct report_options *o)
{
	const struct run_result *r = w->r;
	json_t *root = json_object();

	json_put_int(w, root, "format", FORMAT);
	json_put_text(w, root, "tool", o->tool, TEXT_MAX);
	json_put_text(w, root, "command", o->command, TEXT_MAX);
	json_put_bool(w, root, "certify", o->certify);
	json_put_text(w, root, "target", r->target, TEXT_MAX);
	json_put_own(w, root, "kind", r->kind);
	json_put_text(w, root, "user", r->user, TEXT_MAX);
	json_put(w, root, "profile",
		 r->profile ? string(text_clean(&w->a, r->profile->id, TEXT_MAX)) : json_null());
	json_put(w, root, "catalogue_sha256",
		 r->catalogue ? json_string(r->catalogue->sha256) : json_null());
	json_put_text(w, root, "seed", r->seed, TEXT_MAX);
	json_put_own(w, root, "run", str(r->id));
	json_put_bool(w, root, "marked", r->marked);
	json_put_own(w, root, "started", datetime_format(&w->a, r->started_wall_ms, 3));
	json_put_int(w, root, "took_ms", r->took_ms);
	json_put(w, root, "shard", shard(r));
	json_put(w, root, "inventory", place(w));
	json_put(w, root, "survey", json_survey(w, &r->survey));
	json_put(w, root, "client", json_client(w, r));
	json_put(w, root, "counts", json_counts(w));
	json_put_int(w, root, "failed_logins", r->failed_logins);
	json_put_int(w, root, "exchanges", (int64_t)r->exchanges);
	json_put(w, root, "cause", json_cause(w));
	json_put(w, root, "cause_page", json_cause_page(w, r->cause_page));
	json_put(w, root, "waivers", json_waivers(w, r->waivers));
	json_put_optional(w, root, "budget", r->budget);
	json_put_int(w, root, "exit_code", r->exit_code);
	json_put(w, root, "variants", variants(w));
	return root;
}

json_t *json_run(const struct run_result *r, const struct report_options *o, struct err *err)
{
	struct json_writer w = { .redactor = o->redactor, .r = r };
	json_t *root;

	arena_init(&w.a, SCRATCH_MAX);
	arena_init(&w.keep, 0);
	root = record(&w, o);
	write_recycle(&w.a, &w.keep);
	if (root && !w.failed && arena_ok(&w.keep))
		return root;
	json_decref(root);
	err_set(err, ERR_NOMEM, "no memory for the JSON report");
	return NULL;
}

int json_write(const json_t *root, const char *path, struct err *err)
{
	char *dump = root ? json_dumps(root, JSON_INDENT(1)) : NULL;
	size_t n = dump ? strlen(dump) : 0;
	int bad;

	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for the JSON report");
	dump[n] = '\n'; /* in place of the NUL */
	bad = file_replace(path, str_n(dump, n + 1), err);
	free(dump);
	return bad;
}

int json_finish(struct json_writer *w, json_t *root, const char *path, struct err *err)
{
	bool good = root && !w->failed && arena_ok(&w->a);
	int bad = json_write(good ? root : NULL, path, err);

	json_decref(root);
	arena_free(&w->a);
	return bad ? -1 : 0;
}

int report_json(const struct run_result *r, const struct report_options *o, const char *path,
		struct err *err)
{
	json_t *root = json_run(r, o, err);
	int bad = !root || json_write(root, path, err);

	json_decref(root);
	return bad ? -1 : 0;
}

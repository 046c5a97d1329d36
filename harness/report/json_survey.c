#include "report/chain.h"

#define FIELD_MAX 1024 /* octets of one field that a device sent */

static json_t *features(struct json_writer *w, const struct survey *s)
{
	json_t *list = json_array();

	for (int i = 0; i < 64 && suite_features[i].name; i++)
		if (s->features >> i & 1)
			json_append_own(w, list, str(suite_features[i].name));
	return list;
}

/* Of a run that judges a client: what was run, and what it showed; else null. */
json_t *json_client(struct json_writer *w, const struct run_result *r)
{
	json_t *o, *list;

	if (!write_is_client(r))
		return json_null();
	o = json_object();
	list = json_array();
	json_put_optional(w, o, "command", r->client_command);
	for (int i = 0; i < 64 && client_features[i].name; i++)
		if (r->client_features >> i & 1)
			json_append_own(w, list, str(client_features[i].name));
	json_put(w, o, "features", list);
	return o;
}

static json_t *problems(struct json_writer *w, unsigned set)
{
	static const struct {
		unsigned bit;
		const char *name;
	} names[] = {
		{ CHALLENGE_DUPLICATE, "duplicate" },
		{ CHALLENGE_SYNTAX, "syntax" },
		{ CHALLENGE_NO_COMMA, "no-comma" },
	};
	json_t *list = json_array();

	for (size_t i = 0; i < COUNT(names); i++)
		if (set & names[i].bit)
			json_append_own(w, list, str(names[i].name));
	return list;
}

static json_t *parameters(struct json_writer *w, const struct challenge *c)
{
	json_t *list = json_array();

	for (size_t i = 0; i < c->n_param; i++) {
		json_t *o = json_object();

		json_put_text(w, o, "name", c->param[i].name, FIELD_MAX);
		json_put_text(w, o, "value", c->param[i].value, FIELD_MAX);
		json_put_bool(w, o, "quoted", c->param[i].quoted);
		json_append(w, list, o);
	}
	return list;
}

static json_t *challenges(struct json_writer *w, const struct challenge_list *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++) {
		const struct challenge *c = &l->v[i];
		json_t *o = json_object();

		json_put_text(w, o, "scheme", c->scheme, FIELD_MAX);
		json_put(w, o, "problems", problems(w, c->problems));
		json_put(w, o, "parameters", parameters(w, c));
		json_put_text(w, o, "text", c->text, FIELD_MAX);
		json_append(w, list, o);
	}
	return list;
}

static json_t *mechanisms(struct json_writer *w, const struct survey *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < s->n_mechanism; i++) {
		json_t *o = json_object();

		json_put_text(w, o, "name", s->mechanism[i].name, FIELD_MAX);
		json_put_text(w, o, "answer", s->mechanism[i].answer, FIELD_MAX);
		json_put_bool(w, o, "accepted", s->mechanism[i].accepted);
		json_append(w, list, o);
	}
	return list;
}

static json_t *clock_card(struct json_writer *w, const struct survey *s)
{
	json_t *o;

	if (!s->has_clock)
		return json_null();
	o = json_object();
	json_put_int(w, o, "offset_ms", s->clock_offset_ms);
	json_put_int(w, o, "quality_ms", s->clock_quality_ms);
	json_put_text(w, o, "source", s->clock_source, FIELD_MAX);
	return o;
}

static json_t *identity(struct json_writer *w, const struct survey *s)
{
	static const char *const names[] = { "manufacturer", "model", "firmware", "serial" };
	json_t *o = json_object();

	_Static_assert(COUNT(names) == COUNT(s->identity), "one name per part of the identity");
	for (size_t i = 0; i < COUNT(names); i++)
		json_put_optional(w, o, names[i], s->identity[i]);
	return o;
}

static json_t *anonymous(struct json_writer *w, enum outcome outcome, int status)
{
	json_t *o;

	if (!status)
		return json_null();
	o = json_object();
	json_put_own(w, o, "outcome", str(outcome_name(outcome)));
	json_put_int(w, o, "status", status);
	return o;
}

static json_t *endpoint(struct json_writer *w, const struct survey_endpoint *e)
{
	json_t *o;

	if (!e->path.p)
		return json_null();
	o = json_object();
	json_put_text(w, o, "path", e->path, FIELD_MAX);
	json_put(w, o, "anonymous", anonymous(w, e->anonymous, e->anonymous_status));
	json_put(w, o, "challenges", challenges(w, &e->challenge));
	return o;
}

json_t *json_survey(struct json_writer *w, const struct survey *s)
{
	json_t *o = json_object();

	json_put_bool(w, o, "done", s->done);
	json_put_optional(w, o, "operation", s->operation);
	json_put(w, o, "anonymous", anonymous(w, s->anonymous, s->anonymous_status));
	json_put(w, o, "challenges", challenges(w, &s->challenge));
	json_put(w, o, "mechanisms", mechanisms(w, s));
	json_put(w, o, "features", features(w, s));
	json_put(w, o, "clock", clock_card(w, s));
	json_put_int(w, o, "round_trip_ms", s->round_trip_ms);
	json_put_optional(w, o, "server", s->server);
	json_put_optional(w, o, "bare_cost", s->bare_cost);
	json_put(w, o, "identity", identity(w, s));
	json_put(w, o, "second", endpoint(w, &s->second));
	json_put(w, o, "tls", chain_json(w, &s->tls));
	return o;
}

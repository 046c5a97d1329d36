/* record_survey.c - what json_survey.c wrote, read again. */
#include "report/chain.h"

#define LIST_MAX 256

static int read_clock(const struct record_file *f, const json_t *o, struct survey *s,
		      struct err *err)
{
	const int64_t most = INT64_C(9000000000000000);

	s->has_clock = json_is_object(o);
	if (!s->has_clock)
		return 0;
	return record_int(f, o, "offset_ms", 0, -most, most, &s->clock_offset_ms, err) ||
			       record_int(f, o, "quality_ms", 0, 0, most, &s->clock_quality_ms,
					  err) ||
			       record_text(f, o, "source", 0, &s->clock_source, err)
		       ? -1
		       : 0;
}

static int read_anonymous(const struct record_file *f, const json_t *o, enum outcome *to,
			  int *to_status, struct err *err)
{
	int outcome;
	int64_t status;

	if (!json_is_object(o))
		return 0;
	if (record_word(f, o, "outcome", 0, outcome_at, OUTCOMES, &outcome, err) ||
	    record_int(f, o, "status", 0, 0, 599, &status, err))
		return -1;
	*to = (enum outcome)outcome;
	*to_status = (int)status;
	return 0;
}

static int read_mechanisms(const struct record_file *f, const json_t *o, struct survey *s,
			   struct err *err)
{
	const json_t *list;

	if (record_array(f, o, "mechanisms", 0, COUNT(s->mechanism), &list, err))
		return -1;
	s->n_mechanism = json_array_size(list);
	for (size_t i = 0; i < s->n_mechanism; i++) {
		const json_t *m = json_array_get(list, i);

		if (record_text(f, m, "name", i, &s->mechanism[i].name, err) ||
		    record_text(f, m, "answer", i, &s->mechanism[i].answer, err) ||
		    record_bool(f, m, "accepted", i, &s->mechanism[i].accepted, err))
			return -1;
	}
	return 0;
}

static int read_features(const struct record_file *f, const json_t *o, struct survey *s,
			 struct err *err)
{
	const json_t *list;

	if (record_array(f, o, "features", 0, LIST_MAX, &list, err))
		return -1;
	for (size_t i = 0; i < json_array_size(list); i++) {
		int bit = suite_feature_index(str(json_string_value(json_array_get(list, i))));

		if (bit >= 0) /* one that this version does not know says nothing to it */
			s->features |= UINT64_C(1) << bit;
	}
	return 0;
}

static int read_challenges(const struct record_file *f, const json_t *o, struct challenge_list *out,
			   struct err *err)
{
	struct str text[16];
	const json_t *list;
	struct err ignored = { 0 };
	size_t n;

	if (record_array(f, o, "challenges", 0, COUNT(text), &list, err))
		return -1;
	n = json_array_size(list);
	for (size_t i = 0; i < n; i++)
		if (record_text(f, json_array_get(list, i), "text", i, &text[i], err))
			return -1;
	if (challenge_parse(f->a, text, n, out, &ignored))
		*out = (struct challenge_list){ 0 };
	return 0;
}

static int read_endpoint(const struct record_file *f, const json_t *o, struct survey_endpoint *e,
			 struct err *err)
{
	if (!json_is_object(o))
		return 0;
	return record_text(f, o, "path", 0, &e->path, err) ||
			       read_anonymous(f, json_object_get(o, "anonymous"), &e->anonymous,
					      &e->anonymous_status, err) ||
			       read_challenges(f, o, &e->challenge, err)
		       ? -1
		       : 0;
}

static int read_identity(const struct record_file *f, const json_t *o, struct survey *s,
			 struct err *err)
{
	static const char *const names[] = { "manufacturer", "model", "firmware", "serial" };

	_Static_assert(COUNT(names) == COUNT(s->identity), "one name per part of the identity");
	for (size_t i = 0; i < COUNT(names); i++)
		if (record_optional(f, o, names[i], 0, &s->identity[i], err))
			return -1;
	return 0;
}

int record_survey(const struct record_file *f, const json_t *o, struct survey *out, struct err *err)
{
	if (!json_is_object(o))
		return record_wrong(f, "survey", 0, "an object", err);
	return record_bool(f, o, "done", 0, &out->done, err) ||
			       record_optional(f, o, "operation", 0, &out->operation, err) ||
			       record_optional(f, o, "server", 0, &out->server, err) ||
			       record_optional(f, o, "bare_cost", 0, &out->bare_cost, err) ||
			       read_endpoint(f, json_object_get(o, "second"), &out->second, err) ||
			       chain_read(f, json_object_get(o, "tls"), &out->tls, err) ||
			       record_int(f, o, "round_trip_ms", 0, 0, INT32_MAX,
					  &out->round_trip_ms, err) ||
			       read_anonymous(f, json_object_get(o, "anonymous"), &out->anonymous,
					      &out->anonymous_status, err) ||
			       read_challenges(f, o, &out->challenge, err) ||
			       read_mechanisms(f, o, out, err) || read_features(f, o, out, err) ||
			       read_clock(f, json_object_get(o, "clock"), out, err) ||
			       read_identity(f, json_object_get(o, "identity"), out, err)
		       ? -1
		       : 0;
}

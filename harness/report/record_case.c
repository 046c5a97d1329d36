/* record_case.c - one case.json and the octets beside it. */
#include "report/record_file.h"

#include "auth/datetime.h"
#include "auth/hash.h"

#include <fcntl.h>
#include <unistd.h>

#define COUNT_MOST  INT64_C(1000000000)
#define MOMENT_MOST INT64_C(9000000000000000)

static const char *fate_at(int i)
{
	return wire_fate_name((enum wire_fate)i);
}

static const char *const roles[] = { "control", "challenge", "probe", "time", "call" };

static const char *role_at(int i)
{
	return roles[i];
}

static void close_folder(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* --- what the manifest sums --- */

/* The sum of path; NULL when it has none. */
static const char *sum_of(struct record_sums *s, const char *path)
{
	size_t n = json_array_size(s->files);

	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(s->files, (s->at + i) % n);
		const char *name = json_string_value(json_object_get(o, "path"));

		if (!name || strcmp(name, path) != 0)
			continue;
		s->at = (s->at + i + 1) % n;
		return json_string_value(json_object_get(o, "sha256"));
	}
	return NULL;
}

bool record_altered(struct record_sums *s, struct str path, struct str text)
{
	char hex[HASH_HEX_MAX];
	const char *sum;
	struct err err = { 0 };

	if (!s->manifest)
		return false;
	sum = sum_of(s, path.p);
	return !sum || hash_joined_hex(HASH_SHA256, &text, 1, hex, &err) || strcmp(sum, hex) != 0;
}

/* --- one case --- */

/* "03-probe.request": nothing that leads elsewhere. */
static bool is_file_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!char_is_alpha(s.p[i]) && !char_is_digit(s.p[i]) && s.p[i] != '-' &&
		    (s.p[i] != '.' || !i))
			return false;
	return s.n > 0 && s.n < 100;
}

static int read_octets(struct record_reader *c, const json_t *o, const char *key, size_t i,
		       struct str *out, struct err *err)
{
	struct arena *a = c->f.a;
	struct str name, path;

	*out = (struct str){ 0 };
	if (record_optional(&c->f, o, key, i, &name, err))
		return -1;
	if (!name.p)
		return 0;
	if (!is_file_name(name))
		return record_wrong(&c->f, key, i, "the name of a file beside this one", err);
	path = arena_concat(a, c->path, name);
	if (record_slurp(a, c->folder, path, false, RECORD_OCTETS_MAX, out, err))
		return -1;
	c->out->step[i].altered |= record_altered(c->sums, path, *out);
	return 0;
}

/* How many octets there were, and whether all were kept. */
static int read_counts(struct record_reader *c, const json_t *o, size_t i, struct step_result *s,
		       struct err *err)
{
	const struct {
		const char *bytes, *kept;
		size_t *out;
	} rows[] = {
		{ "sent_bytes", "sent_kept", &s->sent_bytes },
		{ "received_bytes", "received_kept", &s->received_bytes },
	};

	for (size_t k = 0; k < COUNT(rows); k++) {
		int64_t bytes, kept;

		if (record_int(&c->f, o, rows[k].bytes, i, 0, COUNT_MOST, &bytes, err) ||
		    record_int(&c->f, o, rows[k].kept, i, 0, COUNT_MOST, &kept, err))
			return -1;
		*rows[k].out = (size_t)bytes;
		c->out->step[i].cut |= kept < bytes;
	}
	return 0;
}

int record_moment(struct str text, int64_t *unix_ms)
{
	struct datetime t;
	struct err ignored = { 0 };

	if (datetime_parse(text, &t, &ignored))
		return -1;
	*unix_ms = t.unix_ms;
	return 0;
}

/* In UTC; null: not known. */
static int read_moment(struct record_reader *c, const json_t *o, const char *key, size_t i,
		       int64_t *out, struct err *err)
{
	struct str text;

	*out = 0;
	if (record_optional(&c->f, o, key, i, &text, err))
		return -1;
	if (text.p && record_moment(text, out))
		return record_wrong(&c->f, key, i, "a moment of UTC or null", err);
	return 0;
}

static int read_step_index(struct record_reader *c, const json_t *o, size_t i,
			   struct step_result *s, struct err *err)
{
	int64_t step = -1;

	if (!json_is_null(json_object_get(o, "step")) &&
	    record_int(&c->f, o, "step", i, 0, RECORD_STEPS_MAX, &step, err))
		return -1;
	s->step = (int)step;
	return 0;
}

static int read_step(struct record_reader *c, const json_t *o, size_t i, struct err *err)
{
	struct step_result *s = &c->out->v.step[i];
	struct str expect;
	int role, outcome, fate;
	int64_t status = 0, number, connection = 0;

	if (record_word(&c->f, o, "role", i, role_at, COUNT(roles), &role, err) ||
	    record_word(&c->f, o, "outcome", i, outcome_at, OUTCOMES, &outcome, err) ||
	    record_word(&c->f, o, "fate", i, fate_at, WIRE_UNRESOLVED + 1, &fate, err) ||
	    record_text(&c->f, o, "expect", i, &expect, err) ||
	    record_text(&c->f, o, "summary", i, &s->summary, err) ||
	    record_optional(&c->f, o, "why", i, &s->why, err) ||
	    record_int(&c->f, o, "number", i, 0, COUNT_MOST, &number, err) ||
	    record_int(&c->f, o, "sent_ms", i, 0, MOMENT_MOST, &s->sent_ms, err) ||
	    record_int(&c->f, o, "took_ms", i, 0, MOMENT_MOST, &s->took_ms, err) ||
	    read_moment(c, o, "wall", i, &s->wall_ms, err) ||
	    read_moment(c, o, "device", i, &s->device_ms, err) ||
	    read_step_index(c, o, i, s, err) || read_counts(c, o, i, s, err))
		return -1;
	if (outcome_set_parse(expect, &s->expect, err))
		return record_wrong(&c->f, "expect", i, "words of outcomes", err);
	if (!json_is_null(json_object_get(o, "status")) &&
	    record_int(&c->f, o, "status", i, 100, 599, &status, err))
		return -1;
	if (json_object_get(o, "connection") &&
	    record_int(&c->f, o, "connection", i, 0, INT64_MAX, &connection, err))
		return -1;
	s->role = roles[role];
	s->outcome = (enum outcome)outcome;
	s->fate = (enum wire_fate)fate;
	s->status = (int)status;
	s->number = number;
	s->connection = (uint64_t)connection;
	return read_octets(c, o, "request", i, &s->sent, err) ||
			       read_octets(c, o, "response", i, &s->received, err)
		       ? -1
		       : 0;
}

static int read_steps(struct record_reader *c, struct err *err)
{
	struct recorded_case *out = c->out;
	const json_t *list;

	if (record_array(&c->f, c->f.root, "steps", 0, RECORD_STEPS_MAX, &list, err))
		return -1;
	out->v.n_step = json_array_size(list);
	out->v.step = arena_array(c->f.a, struct step_result, out->v.n_step + 1);
	out->step = arena_array(c->f.a, struct recorded_step, out->v.n_step + 1);
	if (!out->v.step || !out->step)
		return arena_check(c->f.a, err);
	for (size_t i = 0; i < out->v.n_step; i++)
		if (read_step(c, json_array_get(list, i), i, err))
			return -1;
	return 0;
}

static int read_deciding(struct record_reader *c, struct err *err)
{
	struct variant_result *v = &c->out->v;
	int64_t deciding = -1;

	if (!json_is_null(json_object_get(c->f.root, "deciding")) &&
	    record_int(&c->f, c->f.root, "deciding", 0, 0, (int64_t)v->n_step - 1, &deciding, err))
		return -1;
	v->deciding = (int)deciding;
	return 0;
}

static int read_measure(struct record_reader *c, struct err *err)
{
	struct variant_result *v = &c->out->v;
	const json_t *o = json_object_get(c->f.root, "measure");

	if (!json_is_object(o))
		return 0;
	v->measured = true;
	return record_int(&c->f, o, "value", 0, INT64_MIN, INT64_MAX, &v->value, err) ||
			       record_bool(&c->f, o, "at_limit", 0, &v->at_limit, err)
		       ? -1
		       : 0;
}

static int read_decision(struct record_reader *c, struct err *err)
{
	struct variant_result *v = &c->out->v;
	const json_t *o = c->f.root;
	int verdict, reason, outcome = 0;
	int64_t failed = 0;

	if (record_word(&c->f, o, "verdict", 0, verdict_at, VERDICTS, &verdict, err) ||
	    record_word(&c->f, o, "reason", 0, reason_at, REASONS, &reason, err) ||
	    record_bool(&c->f, o, "gates", 0, &v->gates, err) ||
	    record_text(&c->f, o, "message", 0, &v->message, err) ||
	    record_optional(&c->f, o, "form", 0, &v->form, err) ||
	    record_int(&c->f, o, "failed_logins", 0, 0, COUNT_MOST, &failed, err) ||
	    record_int(&c->f, o, "started_ms", 0, 0, MOMENT_MOST, &v->started_ms, err) ||
	    record_int(&c->f, o, "took_ms", 0, 0, MOMENT_MOST, &v->took_ms, err))
		return -1;
	v->has_outcome = json_is_string(json_object_get(o, "outcome"));
	if (v->has_outcome &&
	    record_word(&c->f, o, "outcome", 0, outcome_at, OUTCOMES, &outcome, err))
		return -1;
	v->verdict = (enum verdict)verdict;
	v->reason = (enum reason)reason;
	v->outcome = (enum outcome)outcome;
	v->failed_logins = (int)failed;
	return 0;
}

/* How the command of a client ended, where one was run. */
static int read_end(struct record_reader *c, struct err *err)
{
	const json_t *o = json_object_get(c->f.root, "end");
	struct command_end *end = arena_new(c->f.a, struct command_end);
	int64_t status = -1;

	if (!end)
		return arena_check(c->f.a, err);
	if (!o)
		return 0;
	if (record_bool(&c->f, o, "timed_out", 0, &end->timed_out, err) ||
	    record_text(&c->f, o, "printed", 0, &end->printed, err))
		return -1;
	if (!json_is_null(json_object_get(o, "status")) &&
	    record_int(&c->f, o, "status", 0, 0, 255, &status, err))
		return -1;
	end->status = (int)status;
	c->out->v.end = end;
	return 0;
}

int record_read_case(struct record_reader *c, struct err *err)
{
	struct recorded_case *out = c->out;
	int64_t rev;

	if (record_parse(&c->f, err) || record_format(&c->f, err) ||
	    record_text(&c->f, c->f.root, "id", 0, &out->id, err) ||
	    record_text(&c->f, c->f.root, "case", 0, &out->case_id, err) ||
	    record_int(&c->f, c->f.root, "rev", 0, 1, 1000000, &rev, err))
		return -1;
	out->rev = (int)rev;
	out->file = c->f.name;
	out->waived = json_is_object(json_object_get(c->f.root, "waiver"));
	return read_decision(c, err) || read_steps(c, err) || read_deciding(c, err) ||
			       read_measure(c, err) || read_end(c, err)
		       ? -1
		       : 0;
}

int record_case(struct arena *a, struct str path, struct recorded_case *out, struct err *err)
{
	struct record_sums none = { 0 };
	struct record_reader c = { .f = { .a = a, .name = path }, .sums = &none, .out = out };
	int folder DEFER(close_folder) = -1;
	size_t slash = path.n;
	int bad;

	*out = (struct recorded_case){ .rev = 0 };
	while (slash && path.p[slash - 1] != '/')
		slash--;
	folder = open(slash ? arena_str(a, str_sub(path, 0, slash)).p : ".",
		      O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	c.folder = folder;
	bad = record_slurp(a, AT_FDCWD, path, true, RECORD_JSON_MAX, &c.f.text, err) ||
	      record_read_case(&c, err);
	record_close(&c.f);
	return bad ? -1 : 0;
}

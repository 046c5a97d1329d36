#include "report/record_file.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define FORMAT      1
#define FILES_MAX   2000000
#define COUNT_MOST  INT64_C(1000000000)
#define MOMENT_MOST INT64_C(9000000000000000)

static void close_file(struct record_file *f)
{
	record_close(f);
}

static void close_folder(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

int record_format(const struct record_file *f, struct err *err)
{
	int64_t format;

	return record_int(f, f->root, "format", 0, FORMAT, FORMAT, &format, err);
}

/* --- the folder --- */

/* evidence/<variant>/case.json, and nothing else. */
static bool is_case_path(struct str path)
{
	struct str rest = path, top = str_cut(&rest, '/'), name = str_cut(&rest, '/');

	return str_eq(top, STR("evidence")) && name.n && name.p[0] != '.' &&
	       str_eq(rest, STR("case.json"));
}

static int read_member(struct record *r, struct arena *a, int folder, struct str dir,
		       struct str path, struct record_sums *sums, struct err *err)
{
	struct recorded_case *one = &r->c[r->n];
	struct record_reader c = {
		.f = { .a = a, .name = arena_fmt(a, "%.*s/%.*s", STR_ARG(dir), STR_ARG(path)) },
		.folder = folder,
		.path = str_sub(path, 0, path.n - strlen("case.json")),
		.sums = sums,
		.out = one
	};
	size_t at = sums->at;
	int bad;

	*one = (struct recorded_case){ .rev = 0 };
	if (record_slurp(a, folder, path, false, RECORD_JSON_MAX, &c.f.text, err))
		return -1;
	one->altered = record_altered(sums, path, c.f.text);
	sums->at = at; /* its octets stand before it */
	bad = record_read_case(&c, err);
	record_close(&c.f);
	r->n += !bad;
	return bad;
}

static int read_cases(struct record *r, struct arena *a, int folder, struct str dir,
		      struct record_sums *sums, struct err *err)
{
	size_t n = json_array_size(sums->files), cases = 0;

	for (size_t i = 0; i < n; i++) {
		const char *p =
			json_string_value(json_object_get(json_array_get(sums->files, i), "path"));

		if (!p)
			return record_wrong(sums->manifest, "path", i, "the path of a file", err);
		cases += is_case_path(str(p));
	}
	if (cases > RECORD_CASES_MAX)
		return record_wrong(sums->manifest, "files", 0, "at most 100000 cases", err);
	r->c = arena_array(a, struct recorded_case, cases + 1);
	if (!r->c)
		return arena_check(a, err);
	for (size_t i = 0, first = 0; i < n; i++) {
		struct str path = str(
			json_string_value(json_object_get(json_array_get(sums->files, i), "path")));

		if (!is_case_path(path))
			continue;
		sums->at = first;
		if (read_member(r, a, folder, dir, arena_str(a, path), sums, err))
			return -1;
		first = i + 1;
	}
	return 0;
}

static int read_manifest(struct record *r, const struct record_file *f, struct err *err)
{
	static const char *const kinds[] = { "redacted", "full", "none" };
	const json_t *o = f->root;
	struct str started, id;
	bool known = false;

	if (record_format(f, err) || record_text(f, o, "target", 0, &r->run.target, err) ||
	    record_text(f, o, "kind", 0, &r->run.kind, err) ||
	    record_text(f, o, "user", 0, &r->run.user, err) ||
	    record_text(f, o, "seed", 0, &r->run.seed, err) ||
	    record_text(f, o, "run", 0, &id, err) ||
	    record_text(f, o, "started", 0, &started, err) ||
	    record_text(f, o, "evidence", 0, &r->evidence, err) ||
	    record_optional(f, o, "profile", 0, &r->profile, err) ||
	    record_optional(f, o, "catalogue_sha256", 0, &r->catalogue_sha256, err))
		return -1;
	for (size_t i = 0; i < COUNT(kinds); i++)
		known = known || str_eq(r->evidence, str(kinds[i]));
	if (!known)
		return record_wrong(f, "evidence", 0, "redacted, full or none", err);
	if (record_moment(started, &r->run.started_wall_ms))
		return record_wrong(f, "started", 0, "a moment of UTC", err);
	memcpy(r->run.id, id.p, id.n < sizeof(r->run.id) ? id.n : sizeof(r->run.id) - 1);
	return 0;
}

static int read_cause(struct record *r, const struct record_file *f, struct err *err)
{
	const json_t *o = json_object_get(f->root, "cause");
	int reason;

	if (record_optional(f, f->root, "budget", 0, &r->run.budget, err))
		return -1;
	if (!json_is_object(o))
		return 0;
	if (record_word(f, o, "reason", 0, reason_at, REASONS, &reason, err) ||
	    record_text(f, o, "text", 0, &r->run.cause, err))
		return -1;
	r->run.cause_reason = (enum reason)reason;
	return 0;
}

static int read_results(struct record *r, struct arena *a, int folder, struct str dir,
			struct err *err)
{
	struct record_file f DEFER(
		close_file) = { .a = a, .name = arena_fmt(a, "%.*s/results.json", STR_ARG(dir)) };
	int64_t failed, exchanges;

	if (record_slurp(a, folder, STR("results.json"), false, RECORD_JSON_MAX, &f.text, err) ||
	    record_parse(&f, err) || record_format(&f, err) ||
	    record_int(&f, f.root, "took_ms", 0, 0, MOMENT_MOST, &r->run.took_ms, err) ||
	    record_int(&f, f.root, "failed_logins", 0, 0, COUNT_MOST, &failed, err) ||
	    record_int(&f, f.root, "exchanges", 0, 0, COUNT_MOST, &exchanges, err) ||
	    read_cause(r, &f, err))
		return -1;
	r->run.failed_logins = (int)failed;
	r->run.exchanges = (size_t)exchanges;
	return record_survey(&f, json_object_get(f.root, "survey"), &r->run.survey, err);
}

int record_open(struct arena *a, struct str dir, struct record *out, struct err *err)
{
	int folder DEFER(close_folder) =
		open(arena_str(a, dir).p, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct record_file f DEFER(
		close_file) = { .a = a, .name = arena_fmt(a, "%.*s/manifest.json", STR_ARG(dir)) };
	struct record_sums sums = { .manifest = &f };

	*out = (struct record){ .n = 0 };
	if (folder < 0)
		return err_set(err, ERR_INPUT, "%.*s: no folder, expected one of run --results",
			       STR_ARG(dir));
	if (record_slurp(a, folder, STR("manifest.json"), false, RECORD_JSON_MAX, &f.text, err))
		return err_prefix(err, "%.*s: ", STR_ARG(dir));
	if (record_parse(&f, err) || read_manifest(out, &f, err) ||
	    record_array(&f, f.root, "files", 0, FILES_MAX, &sums.files, err))
		return -1;
	if (read_results(out, a, folder, dir, err))
		return -1;
	return read_cases(out, a, folder, dir, &sums, err);
}

/* --- findings --- */

static int add_finding(const struct record_file *f, const json_t *o, size_t i,
		       struct recorded_findings *out, bool any, struct err *err)
{
	struct recorded_finding *one = &out->v[out->n];
	int verdict;
	int64_t rev;

	if (record_text(f, o, "id", i, &one->id, err) ||
	    record_word(f, o, "verdict", i, verdict_at, VERDICTS, &verdict, err) ||
	    record_int(f, o, "rev", i, 1, 1000000, &rev, err))
		return -1;
	one->verdict = (enum verdict)verdict;
	one->rev = (int)rev;
	out->n += any || one->verdict == VERDICT_FAIL || one->verdict == VERDICT_WARN;
	return 0;
}

int record_findings(struct arena *a, struct str path, struct recorded_findings *out,
		    struct err *err)
{
	struct record_file f DEFER(close_file) = { .a = a, .name = path };
	const json_t *list = NULL;
	size_t n = 1;
	bool whole;

	*out = (struct recorded_findings){ .n = 0 };
	if (record_slurp(a, AT_FDCWD, path, true, RECORD_JSON_MAX, &f.text, err) ||
	    record_parse(&f, err) || record_format(&f, err) ||
	    record_optional(&f, f.root, "profile", 0, &out->profile, err))
		return -1;
	whole = json_object_get(f.root, "variants") != NULL;
	if (whole && record_array(&f, f.root, "variants", 0, RECORD_CASES_MAX, &list, err))
		return -1;
	n = whole ? json_array_size(list) : 1;
	out->v = arena_array(a, struct recorded_finding, n + 1);
	if (!out->v)
		return arena_check(a, err);
	for (size_t i = 0; i < n; i++)
		if (add_finding(&f, whole ? json_array_get(list, i) : f.root, i, out, !whole, err))
			return -1;
	return 0;
}

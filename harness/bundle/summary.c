/* summary.c - what bundle.json and the statement repeat of a run's results. */
#include "bundle/papers.h"

#include "auth/datetime.h"
#include "base/buf.h"

#define PLAN_MAX (16u << 20)

static size_t count_of(const struct papers *r, const char *verdict)
{
	json_t *v;
	size_t i, n = 0;

	json_array_foreach(r->variants, i, v) n += papers_is(v, verdict);
	return n;
}

const char *papers_result(const struct papers *r)
{
	json_int_t status = json_integer_value(json_object_get(r->results, "exit_code"));

	if (status != 0 || count_of(r, "fail") || count_of(r, "inconclusive") ||
	    count_of(r, "error"))
		return "FAILED";
	return count_of(r, "warn") ? "WARNED" : "PASSED";
}

/* What was to be judged, in which order: the same plan has the same hash. */
static json_t *plan(const struct papers *r, struct err *err)
{
	char hex[BUNDLE_SHA256] = "";
	struct buf text;
	json_t *v;
	size_t i;
	int bad;

	buf_init(&text, PLAN_MAX);
	json_array_foreach(r->variants, i, v)
		buf_fmt(&text, "%s %lld\n", papers_text(v, "id"),
			(long long)json_integer_value(json_object_get(v, "rev")));
	bad = buf_check(&text, "the plan", err) || files_sha256(buf_view(&text), hex, err);
	buf_free(&text);
	return bad ? NULL
		   : json_pack("{s:s, s:i, s:s}", "what",
			       "SHA-256 of a line \"id rev\" for each variant", "variants",
			       (int)json_array_size(r->variants), "sha256", hex);
}

/* How many of each verdict there are: counted, not copied. */
static json_t *counts(const struct papers *r)
{
	static const char *const names[] = {
		"pass", "warn", "fail", "skip", "inconclusive", "error"
	};
	json_t *o = json_object();

	for (size_t i = 0; i < COUNT(names); i++)
		json_object_set_new(o, names[i], json_integer((json_int_t)count_of(r, names[i])));
	return o;
}

static json_t *waivers(const struct papers *r)
{
	json_t *list = json_array(), *v;
	size_t i;

	json_array_foreach(r->variants, i, v) if (json_is_object(json_object_get(v, "waiver")))
		json_array_append_new(list, json_pack("{s:O, s:O}", "id", json_object_get(v, "id"),
						      "waiver", json_object_get(v, "waiver")));
	return list;
}

static json_t *when(int64_t ms)
{
	struct arena a;
	json_t *text;

	arena_init(&a, 4096);
	text = json_string(datetime_format(&a, ms, 3).p);
	arena_free(&a);
	return text;
}

json_t *papers_summary(const struct papers *r, struct err *err)
{
	static const char *const copied[] = { "tool",    "command", "target",          "kind",
					      "profile", "seed",    "catalogue_sha256" };
	json_t *o = json_object(), *p = plan(r, err);

	for (size_t i = 0; i < COUNT(copied); i++)
		json_object_set(o, copied[i], json_object_get(r->results, copied[i]));
	json_object_set_new(o, "plan", p);
	json_object_set_new(o, "started", when(r->start_ms));
	json_object_set_new(o, "ended", when(r->end_ms));
	json_object_set_new(o, "counts", counts(r));
	json_object_set_new(o, "result", json_string(papers_result(r)));
	json_object_set(o, "evidence", json_object_get(r->manifest, "evidence"));
	json_object_set_new(o, "waivers", waivers(r));
	if (json_object_size(o) == COUNT(copied) + 7)
		return o;
	json_decref(o);
	if (p)
		err_set(err, ERR_NOMEM, "no memory for a summary");
	return NULL;
}

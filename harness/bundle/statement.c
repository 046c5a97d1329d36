#include "bundle/statement.h"

#include <stdlib.h>

static json_t *descriptor(const char *name, const char *sha256)
{
	return json_pack("{s:s, s:{s:s}}", "name", name, "digest", "sha256", sha256);
}

static json_t *subjects(const struct statement_facts *f)
{
	json_t *list = json_array();

	if (json_is_object(f->firmware))
		json_array_append_new(list, descriptor(papers_text(f->firmware, "name"),
						       papers_text(f->firmware, "sha256")));
	json_array_append_new(list, descriptor(BUNDLE_SUMS, f->sums));
	json_array_append_new(list, descriptor(BUNDLE_P7S, f->p7s));
	return list;
}

static json_t *configuration(const struct papers *r)
{
	return json_pack(
		"[o, {s:s, s:o}]",
		descriptor("catalogue", papers_text(r->results, "catalogue_sha256")), "name",
		"profile", "uri",
		json_sprintf("urn:countersign:profile:%s", papers_text(r->results, "profile")));
}

static json_t *tests(const struct papers *r, const char *verdict)
{
	json_t *list = json_array(), *v;
	size_t i;

	json_array_foreach(r->variants, i, v) if (papers_is(v, verdict))
		json_array_append(list, json_object_get(v, "id"));
	return list;
}

/* The predicate knows no test without a verdict, but takes further members. */
static json_t *predicate(const struct papers *r)
{
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o}", "result", papers_result(r),
			 "configuration", configuration(r), "passedTests", tests(r, "pass"),
			 "warnedTests", tests(r, "warn"), "failedTests", tests(r, "fail"),
			 "inconclusiveTests", tests(r, "inconclusive"), "skippedTests",
			 tests(r, "skip"));
}

int statement_write(struct arena *a, const struct statement_facts *f, struct str *text,
		    struct err *err)
{
	json_t *root DEFER(papers_drop_json) = json_pack(
		"{s:s, s:o, s:s, s:o}", "_type", "https://in-toto.io/Statement/v1", "subject",
		subjects(f), "predicateType", "https://in-toto.io/attestation/test-result/v0.1",
		"predicate", predicate(f->papers));
	char *dump = root ? json_dumps(root, JSON_COMPACT) : NULL;

	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for the statement");
	*text = arena_str(a, str(dump));
	free(dump);
	return arena_check(a, err);
}

struct str statement_digest(struct arena *a, struct str payload, const char *subject)
{
	json_t *root DEFER(papers_drop_json) =
		json_loadb(payload.p ? payload.p : "", payload.n, JSON_REJECT_DUPLICATES, NULL);
	json_t *one;
	size_t i;

	json_array_foreach(
		json_object_get(root, "subject"), i,
		one) if (strcmp(papers_text(one, "name"), subject) ==
			 0) return arena_str(a, str(papers_text(json_object_get(one, "digest"),
								"sha256")));
	return STR("");
}

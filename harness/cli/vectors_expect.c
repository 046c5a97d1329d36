#include "cli/vectors_report.h"

#include <jansson.h>

/* What an entry makes of one result. */
static enum vector_verdict expected_verdict(enum vector_verdict verdict)
{
	static const enum vector_verdict map[VECTOR_COUNT] = {
		[VECTOR_NONE] = VECTOR_NONE,
		[VECTOR_PASS] = VECTOR_STALE,
		[VECTOR_FAIL] = VECTOR_EXPECTED,
		[VECTOR_ERROR] = VECTOR_EXPECTED,
		[VECTOR_UNSUPPORTED] = VECTOR_UNSUPPORTED,
		[VECTOR_EXPECTED] = VECTOR_EXPECTED,
		[VECTOR_STALE] = VECTOR_STALE,
	};

	return map[verdict];
}

static void apply(struct vector_result *result, struct str reason, struct arena *keep)
{
	enum vector_verdict verdict = expected_verdict(result->verdict);

	if (verdict == VECTOR_EXPECTED && result->verdict != VECTOR_EXPECTED)
		result->message =
			arena_fmt(keep, "%.*s [%.*s]", STR_ARG(reason), STR_ARG(result->message));
	if (verdict == VECTOR_STALE)
		result->message = arena_fmt(keep, "passes, and is listed as a divergence: %.*s",
					    STR_ARG(reason));
	result->verdict = verdict;
}

static int apply_entry(struct vectors_run *r, const char *path, const json_t *entry, bool strict,
		       struct arena *keep, struct err *err)
{
	struct str id = str(json_string_value(json_object_get(entry, "id")));
	struct str reason = str(json_string_value(json_object_get(entry, "reason")));
	bool any = false;

	if (!id.n || !reason.n)
		return err_set(err, ERR_INPUT, "%s: findings: each has an id and a reason", path);
	for (size_t i = 0; i < r->set->n; i++) {
		if (!str_glob(r->set->v[i].id, id))
			continue;
		any = true;
		apply(&r->result[i], reason, keep);
	}
	if (!any && strict)
		return err_set(err, ERR_INPUT, "%s: %.*s matches no vector", path, STR_ARG(id));
	return arena_check(keep, err);
}

int vectors_expect(struct vectors_run *r, const char *path, bool strict, struct arena *keep,
		   struct err *err)
{
	json_error_t at;
	json_t *root = json_load_file(path, JSON_REJECT_DUPLICATES, &at), *entry;
	json_t *findings = json_object_get(root, "findings");
	int bad = 0;
	size_t i;

	if (!root)
		return err_set(err, ERR_INPUT, "%s:%d: %s", path, at.line, at.text);
	if (!json_is_array(findings))
		bad = err_set(err, ERR_INPUT, "%s: findings: a list is expected", path);
	json_array_foreach(findings, i, entry)
	{
		bad = bad ? bad : apply_entry(r, path, entry, strict, keep, err);
	}
	json_decref(root);
	return bad;
}

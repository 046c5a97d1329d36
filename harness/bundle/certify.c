#include "bundle/certify.h"

#include "bundle/papers.h"

#define NAMED_MAX 20 /* cases named; the rest is counted */

static void add(json_t *list, const char *text)
{
	json_array_append_new(list, json_string(text));
}

/* --- how the run was called and built --- */

static void of_call(const struct papers *r, json_t *list)
{
	static const struct {
		const char *option, *reason;
	} unfit[] = {
		{ "--only", "--only: a filter chose the cases" },
		{ "--skip", "--skip: a filter left out cases" },
		{ "--waivers", "--waivers: findings could be waived" },
		{ "--suites", "--suites: the cases are not those of this program" },
	};
	struct str command = str(papers_text(r->results, "command"));

	if (!json_is_true(json_object_get(r->results, "certify")))
		add(list, "the run was made without --certify");
	for (struct str word = str_word(&command); word.n; word = str_word(&command)) {
		struct str option = word;

		option = str_cut(&option, '=');
		if (str_starts(option, STR("'")))
			option = str_sub(option, 1, option.n);
		for (size_t i = 0; i < COUNT(unfit); i++)
			if (str_eq(option, str(unfit[i].option)))
				add(list, unfit[i].reason);
		if (str_starts(word, STR("-o")))
			add(list, "-o: a filter chose the cases");
	}
}

const char *certify_build(const char *tool)
{
	struct str text = str(tool);

	if (str_find(text, STR("+dirty")) != (size_t)-1)
		return "the program was built from changed sources (+dirty)";
	if (str_find(text, STR("(commit ")) == (size_t)-1)
		return "the program does not know the commit that it was built from";
	return NULL;
}

static void of_build(const struct papers *r, json_t *list)
{
	const char *reason = certify_build(papers_text(r->results, "tool"));

	if (reason)
		add(list, reason);
}

/* --- what came of it --- */

bool certify_gap(const char *reason)
{
	static const char *const gaps[] = { "budget", "slow", "risk", "cleartext", "stopped" };

	for (size_t i = 0; i < COUNT(gaps); i++)
		if (strcmp(reason, gaps[i]) == 0)
			return true;
	return false;
}

static bool is_mandatory_skip(const json_t *v)
{
	return papers_is(v, "skip") && json_is_true(json_object_get(v, "gates")) &&
	       certify_gap(papers_text(v, "reason"));
}

static bool is_inconclusive(const json_t *v)
{
	return papers_is(v, "inconclusive");
}

static bool is_error(const json_t *v)
{
	return papers_is(v, "error");
}

static bool is_waived(const json_t *v)
{
	return json_is_object(json_object_get(v, "waiver"));
}

static const struct gap {
	const char *words;
	bool (*is)(const json_t *variant);
} gaps[] = {
	{ "a mandatory case was skipped", is_mandatory_skip },
	{ "inconclusive", is_inconclusive },
	{ "an error of the harness", is_error },
	{ "waived", is_waived },
};

static void of_variants(const struct papers *r, const struct gap *gap, json_t *list)
{
	size_t i, n = 0;
	json_t *v;

	json_array_foreach(r->variants, i, v)
	{
		if (!gap->is(v) || ++n > NAMED_MAX)
			continue;
		json_array_append_new(list, json_sprintf("%s: %s (%s)", papers_text(v, "id"),
							 gap->words, papers_text(v, "reason")));
	}
	if (n > NAMED_MAX)
		json_array_append_new(list,
				      json_sprintf("%zu more: %s", n - NAMED_MAX, gap->words));
}

static void of_results(const struct papers *r, json_t *list)
{
	json_int_t status = json_integer_value(json_object_get(r->results, "exit_code"));
	json_t *cause = json_object_get(r->results, "cause");

	if (json_is_object(cause))
		json_array_append_new(
			list, json_sprintf("the run ended early: %s", papers_text(cause, "text")));
	else if (status != 0 && status != 1)
		json_array_append_new(list,
				      json_sprintf("the run ended with status %d", (int)status));
	for (size_t i = 0; i < COUNT(gaps); i++)
		of_variants(r, &gaps[i], list);
}

static void of_evidence(const struct papers *r, json_t *list)
{
	const char *evidence = papers_text(r->manifest, "evidence");

	if (strcmp(evidence, "redacted") != 0)
		json_array_append_new(list, json_sprintf("evidence is %s, expected redacted: who "
							 "has no evidence cannot judge again, and "
							 "what is not redacted holds passwords",
							 evidence));
}

json_t *certify_reasons(const struct papers *r)
{
	json_t *list = json_array();

	of_call(r, list);
	of_build(r, list);
	of_evidence(r, list);
	of_results(r, list);
	return list;
}

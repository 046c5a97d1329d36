#include "engine/result.h"

static const char *const verdicts[VERDICTS] = {
	[VERDICT_PASS] = "pass",
	[VERDICT_WARN] = "warn",
	[VERDICT_FAIL] = "fail",
	[VERDICT_SKIP] = "skip",
	[VERDICT_INCONCLUSIVE] = "inconclusive",
	[VERDICT_ERROR] = "error",
};

static const char *const reasons[REASONS] = {
	[REASON_NONE] = "none",
	[REASON_DECISION] = "decision",
	[REASON_FORM] = "form",
	[REASON_CHECK] = "check",
	[REASON_OUTCOME] = "outcome",
	[REASON_NOT_OFFERED] = "not-offered",
	[REASON_BUDGET] = "budget",
	[REASON_SLOW] = "slow",
	[REASON_RISK] = "risk",
	[REASON_CLEARTEXT] = "cleartext",
	[REASON_EXCEPTED] = "excepted",
	[REASON_NOT_REACHED] = "not-reached",
	[REASON_CONTROL] = "control",
	[REASON_LOCKED] = "locked",
	[REASON_UNREACHABLE] = "unreachable",
	[REASON_CLOCK] = "clock",
	[REASON_STOPPED] = "stopped",
	[REASON_INTERRUPTED] = "interrupted",
	[REASON_HARNESS] = "harness",
};

const char *verdict_name(enum verdict v)
{
	return verdicts[v];
}

const char *reason_name(enum reason r)
{
	return reasons[r];
}

/* A skip for want of budget leaves a gating question open: design, section 8. */
static bool budget_leaves_a_gap(const struct run_result *r)
{
	for (size_t i = 0; i < r->n_variant; i++)
		if (r->variant[i].verdict == VERDICT_SKIP && r->variant[i].gates &&
		    r->variant[i].reason == REASON_BUDGET)
			return true;
	return false;
}

int run_exit_code(const struct run_result *r, bool strict, bool interrupted)
{
	size_t ran = r->count[VERDICT_PASS] + r->count[VERDICT_WARN] + r->count[VERDICT_FAIL] +
		     r->waived;

	/* 4 (usage) never gets here; then 3 > 2 > 1 > 6 > 5 > 0. */
	if (r->count[VERDICT_ERROR])
		return 3;
	if (interrupted)
		return 2;
	if (r->waivers && r->waivers->n_problem)
		return 1;
	if (r->count[VERDICT_FAIL] || (strict && r->count[VERDICT_WARN]))
		return 1;
	if (r->count[VERDICT_INCONCLUSIVE] || r->cause.p || budget_leaves_a_gap(r))
		return 6;
	return ran ? 0 : 5;
}

int exit_code_worse(int a, int b)
{
	static const int order[] = { 0, 5, 6, 1, 2, 3, 4 };
	int worse = a;

	for (size_t i = 0; i < COUNT(order); i++)
		if (order[i] == a || order[i] == b)
			worse = order[i];
	return worse;
}

const char *verdict_at(int i)
{
	return verdict_name((enum verdict)i);
}

const char *reason_at(int i)
{
	return reason_name((enum reason)i);
}

const char *outcome_at(int i)
{
	return outcome_name((enum outcome)i);
}

#include "report/compare.h"

const char *change_name(enum change c)
{
	static const char *const names[CHANGES] = {
		[CHANGE_REGRESSED] = "regressed", [CHANGE_INCONCLUSIVE] = "newly inconclusive",
		[CHANGE_OTHER] = "changed",       [CHANGE_REV] = "rev changed",
		[CHANGE_DRIFTED] = "drifted",     [CHANGE_WAIVED] = "newly waived",
		[CHANGE_FIXED] = "fixed",         [CHANGE_NEW] = "new",
		[CHANGE_GONE] = "gone",
	};

	return names[c];
}

/* What is known of a variant, from nothing to the worst. */
enum standing { ABSENT, OPEN, GOOD, WEAK, WAIVED, BAD };

static enum standing standing(const struct ledger_row *r)
{
	static const enum standing of[VERDICTS] = {
		[VERDICT_PASS] = GOOD,   [VERDICT_WARN] = WEAK,         [VERDICT_FAIL] = BAD,
		[VERDICT_SKIP] = ABSENT, [VERDICT_INCONCLUSIVE] = OPEN, [VERDICT_ERROR] = OPEN,
	};

	if (!r)
		return ABSENT;
	return r->waived ? WAIVED : of[r->verdict];
}

/* Without overflow, whatever a file says. */
static uint64_t apart(int64_t x, int64_t y)
{
	return x > y ? (uint64_t)x - (uint64_t)y : (uint64_t)y - (uint64_t)x;
}

static bool drifted(const struct ledger_row *x, const struct ledger_row *y, int64_t percent)
{
	uint64_t size = apart(x->value, 0), moved = apart(x->value, y->value);

	if (!x->measured || !y->measured)
		return x->measured != y->measured;
	if (x->at_limit != y->at_limit || !str_eq(x->unit, y->unit))
		return true;
	return moved > 1 &&
	       moved > size / 100 * (uint64_t)percent + size % 100 * (uint64_t)percent / 100;
}

static bool same_finding(const struct ledger_row *x, const struct ledger_row *y)
{
	return x->reason == y->reason && x->has_outcome == y->has_outcome &&
	       (!x->has_outcome || x->outcome == y->outcome);
}

/* Both were judged, by the same revision of the case.  CHANGES: nothing changed. */
static enum change of_verdicts(const struct comparison *c, const struct ledger_row *x,
			       const struct ledger_row *y)
{
	enum standing before = standing(x), after = standing(y);

	if (before == after) {
		if (before == GOOD || before == WAIVED || same_finding(x, y))
			return drifted(x, y, c->drift_percent) ? CHANGE_DRIFTED : CHANGES;
		return CHANGE_OTHER;
	}
	if (after == WAIVED)
		return CHANGE_WAIVED;
	if (before == WAIVED && y->verdict == x->verdict)
		return CHANGE_OTHER; /* the finding is the old one, and no longer waived */
	return after > before ? CHANGE_REGRESSED : CHANGE_FIXED;
}

static enum change of_rows(const struct comparison *c, const struct ledger_row *x,
			   const struct ledger_row *y)
{
	enum standing before = standing(x), after = standing(y);

	if (after == ABSENT)
		return before == ABSENT ? CHANGES : CHANGE_GONE;
	if (after == OPEN)
		return before == OPEN ? CHANGES : CHANGE_INCONCLUSIVE;
	if (before == ABSENT || before == OPEN)
		return CHANGE_NEW;
	return x->rev != y->rev ? CHANGE_REV : of_verdicts(c, x, y);
}

static int order(struct str x, struct str y)
{
	int o = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return o ? o : (x.n > y.n) - (x.n < y.n);
}

/* The next pair of two sorted lists; one side may be NULL. */
static struct change_row next_pair(const struct comparison *c, size_t *i, size_t *k)
{
	const struct ledger_row *x = *i < c->before->n ? &c->before->row[*i] : NULL;
	const struct ledger_row *y = *k < c->after->n ? &c->after->row[*k] : NULL;
	int o = !x ? 1 : !y ? -1 : order(x->id, y->id);

	*i += o <= 0;
	*k += o >= 0;
	return (struct change_row){ .before = o <= 0 ? x : NULL, .after = o >= 0 ? y : NULL };
}

int compare(struct arena *a, const struct ledger *before, const struct ledger *after,
	    int64_t drift_percent, struct comparison *out, struct err *err)
{
	size_t most = before->n + after->n, start[CHANGES] = { 0 };
	struct change_row *found = arena_array(a, struct change_row, most + 1);

	*out = (struct comparison){ .before = before,
				    .after = after,
				    .row = arena_array(a, struct change_row, most + 1),
				    .drift_percent = drift_percent };
	if (!found || !out->row)
		return arena_check(a, err);
	for (size_t i = 0, k = 0; i < before->n || k < after->n;) {
		struct change_row r = next_pair(out, &i, &k);

		r.kind = of_rows(out, r.before, r.after);
		if (r.kind == CHANGES) {
			out->same++;
			continue;
		}
		out->count[r.kind]++;
		found[out->n++] = r;
	}
	for (int kind = 1; kind < CHANGES; kind++)
		start[kind] = start[kind - 1] + out->count[kind - 1];
	for (size_t i = 0; i < out->n; i++)
		out->row[start[found[i].kind]++] = found[i];
	return 0;
}

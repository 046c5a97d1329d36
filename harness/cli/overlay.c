#include "cli/overlay.h"

#include "cli/command.h"
#include "cli/waiver_file.h"

int overlay_open(struct overlay *v, struct arena *a, const struct options *o, struct err *err)
{
	v->has_waivers = o->waivers.p;
	v->has_baseline = o->baseline.p;
	if (v->has_waivers && waiver_file_open(a, o->waivers, &v->waivers, err))
		return -1;
	return v->has_baseline ? ledger_read(a, o->baseline, &v->baseline, err) : 0;
}

/* Old failures do not count against a baseline; what got worse does, whatever gates. */
static int status_against(const struct overlay *v, const struct run_result *r, int status,
			  bool interrupted)
{
	struct run_result judged = *r;

	if (v->comparison.count[CHANGE_REGRESSED])
		return status == EXIT_INTERNAL || status == EXIT_INTERRUPTED ? status
									     : EXIT_NONCONFORMING;
	if (status != EXIT_NONCONFORMING)
		return status;
	judged.count[VERDICT_PASS] += judged.count[VERDICT_FAIL];
	judged.count[VERDICT_FAIL] = 0;
	return run_exit_code(&judged, false, interrupted);
}

int overlay_apply(struct overlay *v, struct arena *a, const struct options *o, struct run_result *r,
		  bool interrupted, struct err *err)
{
	struct ledger *now = arena_new(a, struct ledger);

	if (v->has_waivers)
		waivers_apply(&v->waivers, r);
	r->exit_code = run_exit_code(r, o->strict, interrupted);
	if (!v->has_baseline)
		return 0;
	if (!now)
		return arena_check(a, err);
	if (ledger_of_run(a, r, now, err) ||
	    compare(a, &v->baseline, now, o->drift, &v->comparison, err))
		return -1;
	r->exit_code = status_against(v, r, r->exit_code, interrupted);
	return 0;
}

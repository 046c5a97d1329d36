#include "report/fleet_parts.h"

#include "base/mem.h"

#include <stdlib.h>

#define TEXT_MAX_BYTES ((size_t)2 << 30)

struct fleet_report *fleet_report_new(struct str tool, struct str title, struct err *err)
{
	struct fleet_report *f = mem_alloc(sizeof(*f));

	if (!f) {
		err_set(err, ERR_NOMEM, "no memory for the reports of many devices");
		return NULL;
	}
	arena_init(&f->a, TEXT_MAX_BYTES);
	f->tool = arena_str(&f->a, tool);
	f->title = write_own(&f->a, title, WRITE_MESSAGE);
	return f;
}

void fleet_report_free(struct fleet_report *f)
{
	if (!f)
		return;
	arena_free(&f->a);
	mem_free(f);
}

/* --- a device --- */

/* Worst first; within one, what gates. */
static int badness(const struct variant_result *v)
{
	static const int by_verdict[VERDICTS] = {
		[VERDICT_ERROR] = 8,
		[VERDICT_FAIL] = 6,
		[VERDICT_INCONCLUSIVE] = 4,
		[VERDICT_WARN] = 2,
	};

	if (v->waiver || !by_verdict[v->verdict])
		return 0;
	return by_verdict[v->verdict] + v->gates;
}

static struct str finding(struct arena *a, const struct report_options *o,
			  const struct variant_result *v)
{
	static const char *const words[VERDICTS] = { [VERDICT_ERROR] = "ERROR",
						     [VERDICT_FAIL] = "FAIL",
						     [VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
						     [VERDICT_WARN] = "WARN" };

	return arena_fmt(a, "%s %.*s: %.*s", words[v->verdict],
			 STR_ARG(write_own(a, v->variant->id, WRITE_MESSAGE)),
			 STR_ARG(write_message(a, o->redactor, v, WRITE_MESSAGE)));
}

/* Variants of one case say much the same: each case once. */
static bool told(const struct variant_result *const *v, size_t n, const struct suite_case *c)
{
	for (size_t i = 0; i < n; i++)
		if (v[i]->variant->c == c)
			return true;
	return false;
}

static void find_worst(struct fleet_report *f, struct fleet_device *d, const struct run_result *r,
		       const struct report_options *o)
{
	const struct variant_result *worst[FLEET_FINDINGS];
	size_t all = 0, n = 0;

	for (size_t i = 0; i < r->n_variant; i++)
		all += write_told(r, &r->variant[i]) && badness(&r->variant[i]);
	for (int level = 9; level > 0; level--)
		for (size_t i = 0; i < r->n_variant && n < FLEET_FINDINGS; i++) {
			const struct variant_result *v = &r->variant[i];

			if (badness(v) == level && write_told(r, v) &&
			    !told(worst, n, v->variant->c))
				worst[n++] = v;
		}
	for (size_t i = 0; i < n; i++)
		d->finding[i] = finding(&f->a, o, worst[i]);
	d->n_finding = n;
	d->more = all - n;
}

static struct str identity(struct fleet_report *f, const struct run_result *r,
			   const struct report_options *o)
{
	const struct inventory_place *p = &r->place;
	struct str vendor = p->vendor.p ? p->vendor : r->survey.identity[0];
	struct str model = p->model.p ? p->model : r->survey.identity[1];
	struct str line = arena_fmt(&f->a, "%.*s %.*s %.*s", STR_ARG(vendor), STR_ARG(model),
				    STR_ARG(r->survey.identity[2]));

	return write_line(&f->a, o->redactor, str_trim(line), WRITE_MESSAGE);
}

static struct fleet_device *add_device(struct fleet_report *f)
{
	size_t room = f->room ? 2 * f->room : 64;
	struct fleet_device *more;

	if (f->n == f->room) {
		more = arena_array(&f->a, struct fleet_device, room);
		if (!more)
			return NULL;
		if (f->n)
			memcpy(more, f->device, f->n * sizeof(*more));
		f->device = more;
		f->room = room;
	}
	return &f->device[f->n++];
}

static void fill(struct fleet_report *f, struct fleet_device *d, const struct run_result *r,
		 const struct report_options *o)
{
	struct arena *a = &f->a;

	d->name = write_line(a, o->redactor, r->place.device.p ? r->place.device : r->target,
			     WRITE_MESSAGE);
	d->target = write_line(a, o->redactor, r->target, WRITE_MESSAGE);
	d->identity = identity(f, r, o);
	d->profile = r->profile ? write_own(a, r->profile->id, WRITE_MESSAGE) : STR("");
	if (r->cause.p)
		d->cause = write_line(a, o->redactor, r->cause, 2 * WRITE_MESSAGE);
	else if (r->cause_page)
		d->cause = write_own(a, r->cause_page->title, WRITE_MESSAGE);
	memcpy(d->count, r->count, sizeof(d->count));
	d->waived = r->waived;
	d->variants = r->n_variant;
	d->exit_code = r->exit_code;
	d->failed_logins = r->failed_logins;
	d->took_ms = r->took_ms;
	d->index = r->place.index;
	d->total = r->place.total;
	find_worst(f, d, r, o);
}

int fleet_report_add_record(struct fleet_report *f, const json_t *run, struct err *err)
{
	char *dump = run ? json_dumps(run, JSON_INDENT(1)) : NULL;

	if (!dump)
		return err_set(err, ERR_NOMEM, "no memory for the JSON report");
	f->device[f->n - 1].json = arena_str(&f->a, str(dump));
	free(dump);
	return arena_check(&f->a, err);
}

static int add_json(struct fleet_report *f, const struct run_result *r,
		    const struct report_options *o, struct err *err)
{
	json_t *run = json_run(r, o, err);
	int bad = !run || fleet_report_add_record(f, run, err);

	json_decref(run);
	return bad;
}

static int add_junit(struct fleet_report *f, const struct run_result *r,
		     const struct report_options *o, struct err *err)
{
	struct fleet_device *d = &f->device[f->n - 1];
	struct junit j = { .r = r, .o = o, .device = d->name };
	int bad;

	buf_init(&j.b, TEXT_MAX_BYTES);
	bad = junit_suites(&j, &f->tally, &f->suites, err);
	d->junit = arena_str(&f->a, buf_view(&j.b));
	buf_free(&j.b);
	return bad || arena_check(&f->a, err) ? -1 : 0;
}

int fleet_report_add(struct fleet_report *f, const struct run_result *r,
		     const struct report_options *o, unsigned parts, struct str link,
		     struct err *err)
{
	struct fleet_device *d = add_device(f);

	if (!d)
		return arena_check(&f->a, err);
	fill(f, d, r, o);
	if (link.p)
		d->link = arena_str(&f->a, link);
	if ((parts & FLEET_JUNIT && add_junit(f, r, o, err)) ||
	    (parts & FLEET_JSON && add_json(f, r, o, err)) ||
	    (parts & FLEET_TAP && fleet_report_add_tap(f, r, o, err)))
		return -1;
	return arena_check(&f->a, err);
}

int fleet_report_problem(struct fleet_report *f, struct str text, struct err *err)
{
	size_t room = f->room_problem ? 2 * f->room_problem : 16;

	if (f->n_problem == f->room_problem) {
		struct str *more = arena_array(&f->a, struct str, room);

		if (!more)
			return arena_check(&f->a, err);
		if (f->n_problem)
			memcpy(more, f->problem, f->n_problem * sizeof(*more));
		f->problem = more;
		f->room_problem = room;
	}
	f->problem[f->n_problem++] = write_own(&f->a, text, 2 * WRITE_MESSAGE);
	return arena_check(&f->a, err);
}

/* --- all of them --- */

const struct fleet_device *fleet_report_devices(const struct fleet_report *f, size_t *n)
{
	*n = f->n;
	return f->device;
}

int fleet_report_status(const struct fleet_report *f)
{
	int status = f->n ? 0 : 5;

	for (size_t i = 0; i < f->n; i++)
		status = exit_code_worse(status, f->device[i].exit_code);
	return f->n_problem ? exit_code_worse(status, 6) : status;
}

void fleet_totals(const struct fleet_report *f, size_t count[static VERDICTS], size_t *waived)
{
	memset(count, 0, VERDICTS * sizeof(count[0]));
	*waived = 0;
	for (size_t i = 0; i < f->n; i++) {
		*waived += f->device[i].waived;
		for (int v = 0; v < VERDICTS; v++)
			count[v] += f->device[i].count[v];
	}
}

const char *fleet_word(const struct fleet_device *d, enum verdict *as)
{
	static const struct {
		const char *word;
		enum verdict as;
	} words[] = {
		{ "PASS", VERDICT_PASS },
		{ "FAIL", VERDICT_FAIL },
		{ "INTERRUPTED", VERDICT_INCONCLUSIVE },
		{ "ERROR", VERDICT_ERROR },
		{ "ERROR", VERDICT_ERROR },
		{ "NOTHING", VERDICT_INCONCLUSIVE },
		{ "INCONCLUSIVE", VERDICT_INCONCLUSIVE },
	};
	size_t i = (size_t)d->exit_code < COUNT(words) ? (size_t)d->exit_code : 3;

	*as = words[i].as;
	return words[i].word;
}

static int by_place(const void *a, const void *b)
{
	const struct fleet_device *x = a, *y = b;
	struct str p = x->name, q = y->name;
	int order;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	order = memcmp(p.p ? p.p : "", q.p ? q.p : "", p.n < q.n ? p.n : q.n);
	return order ? order : (p.n > q.n) - (p.n < q.n);
}

void fleet_report_sort(struct fleet_report *f)
{
	if (f->n)
		qsort(f->device, f->n, sizeof(*f->device), by_place);
}

int report_fleet_junit(const struct fleet_report *r, const char *path, struct err *err)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, TEXT_MAX_BYTES);
	for (size_t i = 0; i < r->n; i++)
		buf_str(&b, r->device[i].junit);
	return buf_check(&b, "the JUnit report", err) ||
			       junit_document(buf_view(&b), &r->tally, path, err)
		       ? -1
		       : 0;
}

int report_fleet_json(const struct fleet_report *r, const char *path, struct err *err)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, TEXT_MAX_BYTES);
	buf_fmt(&b, "{\n\"format\": 1,\n\"tool\": \"%.*s\",\n\"exit_code\": %d,\n\"runs\": [\n",
		STR_ARG(r->tool), fleet_report_status(r));
	for (size_t i = 0; i < r->n; i++) {
		buf_puts(&b, i ? ",\n" : "");
		buf_str(&b, r->device[i].json);
	}
	buf_puts(&b, "\n]\n}\n");
	return buf_check(&b, "the JSON report", err) || file_replace(path, buf_view(&b), err) ? -1
											      : 0;
}

#include "report/merge.h"

#include "base/mem.h"
#include "report/fleet_parts.h"
#include "report/load.h"

#include <stdlib.h>

#define RUN_MAX   ((size_t)1 << 30)
#define PARTS_MAX 20000
#define SHARDS    1000 /* of one device; --shard knows no more */

/* One run of one file. */
struct part {
	struct str path;
	json_t *run;
	int index, total; /* of its shard; total 0: whole */
	struct str device, target, kind, user;
};

struct merge {
	struct arena a;
	struct part *part;
	size_t n, room, runs;
	json_t *only; /* the joined run when there is one device */
	const struct catalogue *catalogue;
};

struct merge *merge_new(struct err *err)
{
	struct merge *m = mem_alloc(sizeof(*m));

	if (!m)
		err_set(err, ERR_NOMEM, "no memory for results");
	else
		arena_init(&m->a, RUN_MAX);
	return m;
}

void merge_free(struct merge *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->n; i++)
		json_decref(m->part[i].run);
	json_decref(m->only);
	arena_free(&m->a);
	mem_free(m);
}

/* --- files --- */

static struct str member(const json_t *o, const char *name)
{
	const json_t *v = json_object_get(o, name);

	return json_is_string(v) ? str_n(json_string_value(v), json_string_length(v)) : STR("");
}

static int number(const json_t *o, const char *name)
{
	json_int_t n = json_integer_value(json_object_get(o, name));

	return n > 0 && n <= 1000000 ? (int)n : 0;
}

static struct part *new_part(struct merge *m)
{
	size_t room = m->room ? 2 * m->room : 64;
	struct part *more;

	if (m->n < m->room)
		return &m->part[m->n];
	more = arena_array(&m->a, struct part, room);
	if (!more)
		return NULL;
	if (m->n)
		memcpy(more, m->part, m->n * sizeof(*more));
	m->part = more;
	m->room = room;
	return &m->part[m->n];
}

static int add_run(struct merge *m, const struct load *l, json_t *run, struct err *err)
{
	const json_t *shard = json_object_get(run, "shard");
	struct part *p;

	if (load_check(l, run, err))
		return -1;
	if (m->n == PARTS_MAX)
		return err_set(err, ERR_INPUT, "more than %d runs", PARTS_MAX);
	p = new_part(m);
	if (!p)
		return arena_check(&m->a, err);
	*p = (struct part){ .path = l->path,
			    .run = json_incref(run),
			    .index = number(shard, "index"),
			    .total = number(shard, "total"),
			    .device = member(json_object_get(run, "inventory"), "device"),
			    .target = member(run, "target"),
			    .kind = member(run, "kind"),
			    .user = member(run, "user") };
	m->n++;
	if (json_is_object(shard) && (!p->index || p->index > p->total || p->total > SHARDS))
		return load_wrong(l, (struct str){ 0 }, "shard",
				  "index from 1 to total, and a total of at most 1000", err);
	return 0;
}

static int add_text(struct merge *m, const struct load *l, struct err *err)
{
	json_t *root DEFER(load_drop) = load_parse(l, err);
	const json_t *runs = json_object_get(root, "runs");

	if (!root)
		return -1;
	if (!json_is_array(runs))
		return add_run(m, l, root, err);
	for (size_t i = 0; i < json_array_size(runs); i++)
		if (add_run(m, l, json_array_get(runs, i), err))
			return -1;
	return 0;
}

int merge_add(struct merge *m, struct str path, struct err *err)
{
	struct load l = { .path = path };
	struct arena a; /* of the text */
	int bad;

	arena_init(&a, MERGE_FILE_MAX + 65536);
	l.a = &a;
	bad = file_read(&a, path, MERGE_FILE_MAX, "a results.json", &l.text, err) ||
	      add_text(m, &l, err);
	arena_free(&a);
	return bad ? -1 : 0;
}

/* --- parts of one device --- */

/* By device, then shard: parts that belong together stand together. */
static int order_text(struct str x, struct str y)
{
	int order = memcmp(x.p, y.p, x.n < y.n ? x.n : y.n);

	return order ? order : (x.n > y.n) - (x.n < y.n);
}

static int order_device(const struct part *x, const struct part *y)
{
	const struct str pairs[][2] = { { x->device, y->device },
					{ x->target, y->target },
					{ x->kind, y->kind },
					{ x->user, y->user } };

	for (size_t i = 0; i < COUNT(pairs); i++) {
		int order = order_text(pairs[i][0], pairs[i][1]);

		if (order)
			return order;
	}
	return 0;
}

static int by_device(const void *a, const void *b)
{
	const struct part *x = a, *y = b;
	int order = order_device(x, y);

	return order ? order : (x->index > y->index) - (x->index < y->index);
}

static int differ(const struct part *x, const struct part *y, const char *what, struct err *err)
{
	return err_set(err, ERR_INPUT,
		       "%.*s: %s of %.*s is not that of %.*s, expected parts of one run",
		       STR_ARG(y->path), what, STR_ARG(y->target), STR_ARG(x->path));
}

static int check_pair(const struct part *x, const struct part *y, struct err *err)
{
	if (!str_eq(member(x->run, "profile"), member(y->run, "profile")))
		return differ(x, y, "the profile", err);
	if (!str_eq(member(x->run, "catalogue_sha256"), member(y->run, "catalogue_sha256")))
		return differ(x, y, "the catalogue", err);
	if (x->total && y->total && x->total != y->total)
		return differ(x, y, "the number of shards", err);
	if (x->index == y->index || !x->total || !y->total)
		return err_set(err, ERR_INPUT,
			       "%.*s: %.*s was judged in %.*s too%s, expected each part once",
			       STR_ARG(y->path), STR_ARG(y->target), STR_ARG(x->path),
			       y->index && x->index == y->index ? " as the same shard" : "");
	return 0;
}

/* Of counts, none of which is below 0: a file may say anything. */
static void add_number(json_t *to, const json_t *from, const char *name)
{
	json_int_t x = json_integer_value(json_object_get(to, name)),
		   y = json_integer_value(json_object_get(from, name));

	x = x > 0 ? x : 0;
	y = y > 0 ? y : 0;
	json_object_set_new(to, name, json_integer(x > INT64_MAX - y ? INT64_MAX : x + y));
}

static void add_counts(json_t *to, const json_t *from)
{
	json_t *counts = json_object_get(to, "counts");

	for (int i = 0; i < VERDICTS; i++)
		add_number(counts, json_object_get(from, "counts"), verdict_name((enum verdict)i));
	add_number(counts, json_object_get(from, "counts"), "waived");
}

/* The first that has one. */
static void take_first(json_t *to, const json_t *from, const char *name)
{
	json_t *v = json_object_get(from, name);

	if (v && !json_is_null(v) && json_is_null(json_object_get(to, name)))
		json_object_set(to, name, v);
}

static bool has_text(const json_t *list, const json_t *text)
{
	for (size_t i = 0; i < json_array_size(list); i++)
		if (json_equal(json_array_get(list, i), text))
			return true;
	return false;
}

/* A waiver of all parts has its problems in each. */
static void add_waivers(json_t *to, const json_t *from)
{
	json_t *list = json_object_get(json_object_get(to, "waivers"), "problems");
	const json_t *more = json_object_get(json_object_get(from, "waivers"), "problems");

	for (size_t i = 0; list && i < json_array_size(more); i++)
		if (!has_text(list, json_array_get(more, i)))
			json_array_append(list, json_array_get(more, i));
}

/* A shard without a case says 5, and the others judged all the same. */
static int status_of(const json_t *run)
{
	int status = (int)json_integer_value(json_object_get(run, "exit_code"));

	return status == 5 && !json_array_size(json_object_get(run, "variants")) ? 0 : status;
}

static void add_part(json_t *to, const json_t *from)
{
	static const char *const firsts[] = { "cause", "cause_page", "budget", "waivers" };
	json_int_t took = json_integer_value(json_object_get(from, "took_ms"));
	int status = exit_code_worse(status_of(to), status_of(from));

	/* That a shard is empty is no cause of the whole. */
	for (size_t i = 0; i < COUNT(firsts); i++)
		if (json_array_size(json_object_get(from, "variants")))
			take_first(to, from, firsts[i]);
	add_waivers(to, from);
	add_counts(to, from);
	add_number(to, from, "failed_logins");
	add_number(to, from, "exchanges");
	if (took > json_integer_value(json_object_get(to, "took_ms")))
		json_object_set_new(to, "took_ms", json_integer(took));
	json_object_set_new(to, "exit_code", json_integer(status));
	json_array_extend(json_object_get(to, "variants"), json_object_get(from, "variants"));
}

/* "2, 5"; .n 0: none. */
static struct str missing(struct merge *m, const struct part *p, size_t n)
{
	struct str out = STR("");
	size_t have = 0;

	for (int i = 1; i <= p->total; i++) {
		if (have < n && p[have].index == i)
			have++;
		else
			out = arena_fmt(&m->a, "%.*s%s%d", STR_ARG(out), out.n ? ", " : "", i);
	}
	return out;
}

static void tell_missing(struct merge *m, json_t *run, const struct part *p, struct str which)
{
	struct str text =
		arena_fmt(&m->a, "of %d shards these are missing: %.*s", p->total, STR_ARG(which));
	json_t *cause = json_pack("{s:s, s:s%}", "reason", reason_name(REASON_STOPPED), "text",
				  text.p, text.n);

	if (cause && json_is_null(json_object_get(run, "cause")))
		json_object_set(run, "cause", cause);
	json_decref(cause);
	json_object_set_new(run, "exit_code", json_integer(exit_code_worse(status_of(run), 6)));
}

/* --- the order of the catalogue --- */

struct place {
	json_t *variant;
	size_t rank, at;
};

static int by_place(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

static size_t rank_of(const struct catalogue *c, const json_t *variant)
{
	const struct suite_case *found = c ? catalogue_case(c, member(variant, "case")) : NULL;

	return found ? (size_t)(found - c->c) : SIZE_MAX;
}

static int sort_variants(struct merge *m, json_t *run, struct err *err)
{
	json_t *list = json_object_get(run, "variants"), *sorted = json_array();
	size_t n = json_array_size(list);
	struct place *p = arena_array(&m->a, struct place, n + 1);

	for (size_t i = 0; p && i < n; i++) {
		json_t *v = json_array_get(list, i);

		p[i] = (struct place){ v, rank_of(m->catalogue, v), i };
	}
	if (p && n)
		qsort(p, n, sizeof(*p), by_place);
	for (size_t i = 0; p && i < n; i++)
		json_array_append(sorted, p[i].variant);
	if (json_array_size(sorted) != n || json_object_set_new(run, "variants", sorted))
		return err_set(err, ERR_NOMEM, "no memory for the joined results");
	return 0;
}

/* --- all --- */

/* The parts p[0..n) of one device; takes a reference for the caller. */
static json_t *join(struct merge *m, const struct part *p, size_t n, struct err *err)
{
	json_t *run;
	struct str which = missing(m, p, n);

	for (size_t i = 1; i < n; i++)
		if (check_pair(&p[i - 1], &p[i], err))
			return NULL;
	if (!p->total)
		return json_incref(p->run);
	run = json_deep_copy(p->run);
	if (run && !json_array_size(json_object_get(run, "variants")))
		json_object_set_new(run, "cause", json_null());
	for (size_t i = 1; run && i < n; i++)
		add_part(run, p[i].run);
	if (run && which.n)
		tell_missing(m, run, p, which);
	if (run)
		json_object_set_new(run, "shard", json_null());
	if (run && sort_variants(m, run, err) == 0)
		return run;
	if (!err->code)
		err_set(err, ERR_NOMEM, "no memory for the joined results");
	json_decref(run);
	return NULL;
}

static int report(struct merge *m, json_t *run, struct fleet_report *f, unsigned parts,
		  struct err *err)
{
	static const struct redactor none = { .n = 0 };
	const struct report_options how = { .redactor = &none, .tool = STR("countersign") };
	struct arena a;
	struct load l = { .a = &a, .catalogue = m->catalogue };
	struct run_result r;
	int bad;

	arena_init(&a, RUN_MAX);
	bad = load_run(&l, run, &r, err) ||
	      fleet_report_add(f, &r, &how, parts & ~(unsigned)FLEET_JSON, (struct str){ 0 },
			       err) ||
	      (parts & FLEET_JSON && fleet_report_add_record(f, run, err));
	arena_free(&a);
	return bad;
}

/* Devices of the inventory that no file has. */
static int tell_missing_devices(struct merge *m, struct fleet_report *f, struct err *err)
{
	const json_t *first = m->n ? json_object_get(m->part[0].run, "inventory") : NULL;
	int total = number(first, "total");
	bool *have = arena_array(&m->a, bool, (size_t)total + 1);
	struct str which = STR("");
	int n = 0;

	if (!have)
		return arena_check(&m->a, err);
	for (size_t i = 0; i < m->n; i++) {
		const json_t *in = json_object_get(m->part[i].run, "inventory");

		if (number(in, "total") != total)
			return err_set(err, ERR_INPUT,
				       "%.*s: an inventory of %d devices, and of %d in %.*s, "
				       "expected parts of one",
				       STR_ARG(m->part[i].path), number(in, "total"), total,
				       STR_ARG(m->part[0].path));
		if (number(in, "index") <= total)
			have[number(in, "index")] = true;
	}
	for (int i = 1; i <= total; i++) {
		n += !have[i];
		if (!have[i] && n <= 20)
			which = arena_fmt(&m->a, "%.*s%s%d", STR_ARG(which), n > 1 ? ", " : "", i);
	}
	if (!n)
		return arena_check(&m->a, err);
	return fleet_report_problem(
		f,
		arena_fmt(&m->a, "%d of the %d devices of the inventory are missing: number %.*s%s",
			  n, total, STR_ARG(which), n > 20 ? ", ..." : ""),
		err);
}

int merge_join(struct merge *m, const struct catalogue *c, struct fleet_report *f, unsigned parts,
	       struct err *err)
{
	size_t n;

	m->catalogue = c;
	if (m->n) /* a shard may have got no device */
		qsort(m->part, m->n, sizeof(*m->part), by_device);
	for (size_t i = 0; i < m->n; i += n) {
		json_t *run;
		int bad;

		for (n = 1; i + n < m->n && !order_device(&m->part[i], &m->part[i + n]);)
			n++;
		run = join(m, &m->part[i], n, err);
		if (!run)
			return -1;
		bad = report(m, run, f, parts, err);
		json_decref(m->only);
		m->only = run;
		m->runs++;
		if (bad)
			return -1;
	}
	return tell_missing_devices(m, f, err);
}

size_t merge_runs(const struct merge *m)
{
	return m->runs;
}

int merge_json(const struct merge *m, const char *path, struct err *err)
{
	return json_write(m->only, path, err);
}

int merge_write(const struct merge *m, const struct report_options *o, merge_writer *write,
		const char *path, struct err *err)
{
	struct arena a;
	struct load l = { .a = &a, .catalogue = m->catalogue };
	struct run_result r;
	int bad;

	arena_init(&a, RUN_MAX);
	bad = load_run(&l, m->only, &r, err) || write(&r, o, path, err);
	arena_free(&a);
	return bad ? -1 : 0;
}

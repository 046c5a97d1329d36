#include "cli/command.h"

#include "cli/terminal.h"
#include "cli/vectors_drive.h"
#include "cli/vectors_report.h"
#include "report/report.h"

#define KEEP_MAX (256u << 20)

/* --- which ones --- */

static bool matches(const struct option_list *only, struct str id)
{
	for (size_t i = 0; i < only->n; i++)
		if (str_glob(id, only->v[i]))
			return true;
	return only->n == 0;
}

static int select_vectors(const struct options *o, const struct vector_set *s, bool *selected,
			  struct err *err)
{
	for (size_t i = 0; i < s->n; i++)
		selected[i] = matches(&o->only, s->v[i].id);
	for (size_t k = 0; k < o->only.n; k++) {
		size_t i = 0;

		while (i < s->n && !str_glob(s->v[i].id, o->only.v[k]))
			i++;
		if (i == s->n)
			return err_set(err, ERR_INPUT, "--only %.*s matches no vector",
				       STR_ARG(o->only.v[k]));
	}
	return 0;
}

/* --- the run --- */

static void show_progress(void *ctx, size_t done)
{
	if (done % 16 == 0)
		fprintf(stderr, "\r%zu of %zu\x1b[K", done, *(size_t *)ctx);
}

static int drive(const struct options *o, struct vectors_run *r, struct arena *keep,
		 const struct world *world, struct err *err)
{
	struct drive d = { .set = r->set,
			   .selected = r->selected,
			   .command = o->client.p ? o->client.p : o->adapter.p,
			   .timeout_ms = o->timeout_ms,
			   .world = world,
			   .keep = keep,
			   .result = r->result };
	size_t total = r->set->n;

	if (!o->quiet && terminal_watched(stderr)) {
		d.progress = show_progress;
		d.ctx = &total;
	}
	if ((o->client.p ? vectors_drive_client : vectors_drive)(&d, err))
		return -1;
	if (d.progress)
		fputs("\r\x1b[K", stderr);
	r->adapter = text_clean(keep, d.hello.name, 100);
	r->version = text_clean(keep, d.hello.version, 100);
	return arena_check(keep, err);
}

static int judge(const struct options *o, struct vectors_run *r, struct arena *keep,
		 struct err *err)
{
	struct world world = world_real();
	int64_t start_ms = world_mono_ms(&world);
	bool strict = o->n_operand == 0 && o->only.n == 0;

	if (o->adapter.p && o->client.p)
		return err_set(err, ERR_INPUT, "--adapter and --client: expected one of them");
	r->started_wall_ms = world_wall_ms(&world);
	if (o->adapter.p || o->client.p ? drive(o, r, keep, &world, err)
					: vectors_own(r->set, r->selected, keep, r->result, err))
		return -1;
	r->took_ms = world_mono_ms(&world) - start_ms;
	return o->expect.p ? vectors_expect(r, o->expect.p, strict, keep, err) : 0;
}

static int report(const struct options *o, const struct vectors_run *r, struct err *err)
{
	bool taken = str_eq(o->junit, STR("-")) || str_eq(o->json, STR("-"));

	vectors_print(taken ? stderr : stdout, r, o->quiet);
	if (o->junit.p && vectors_junit(r, o->junit.p, err))
		return -1;
	return o->json.p ? vectors_json(r, o->json.p, err) : 0;
}

static enum exit_status status_of(const struct vectors_run *r)
{
	if (r->count[VECTOR_FAIL] || r->count[VECTOR_ERROR] || r->count[VECTOR_STALE])
		return EXIT_NONCONFORMING;
	return r->count[VECTOR_PASS] || r->count[VECTOR_EXPECTED] ? EXIT_GOOD : EXIT_NOTHING;
}

static int check(const struct options *o, struct vector_set *s, struct arena *keep,
		 enum exit_status *status, struct err *err)
{
	bool *selected = arena_array(keep, bool, s->n + 1);
	struct vectors_run r = { .set = s,
				 .selected = selected,
				 .result = arena_array(keep, struct vector_result, s->n + 1) };

	if (arena_check(keep, err) || select_vectors(o, s, selected, err) ||
	    judge(o, &r, keep, err))
		return -1;
	vectors_count(&r);
	*status = status_of(&r);
	return report(o, &r, err);
}

int cmd_vectors(const struct cli *cli)
{
	enum exit_status status = EXIT_INTERNAL;
	struct err err = { 0 };
	struct vector_set s;
	struct arena keep;
	int bad;

	arena_init(&keep, KEEP_MAX);
	bad = vectors_load(&s, cli->o.operand, cli->o.n_operand, &err) ||
	      check(&cli->o, &s, &keep, &status, &err);
	vectors_free(&s);
	arena_free(&keep);
	return bad ? cli_fail(&err) : (int)status;
}

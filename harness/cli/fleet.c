#include "cli/fleet.h"

#include "base/mem.h"
#include "cli/certify.h"
#include "cli/fleet_writer.h"
#include "cli/interrupt.h"
#include "cli/reports.h"
#include "cli/shard.h"
#include "cli/terminal.h"

#include <stdlib.h>

#define FLEET_MAX (1u << 30)

static void drop_fleet(struct fleet *f)
{
	writer_end(f);
	for (size_t i = 0; f->lanes && i < f->n_lane; i++)
		lane_close(&f->lanes[i]);
	mem_free(f->lanes);
	wire_hub_free(f->hub);
	fleet_report_free(f->report);
	catalogue_free(&f->catalogue);
	arena_free(&f->a);
}

/* --- preparation --- */

/* What is of one device only. */
static int check_options(const struct options *o, struct err *err)
{
	const struct {
		const char *option, *why;
		bool given;
	} refused[] = {
		{ "a URL", "the inventory has them", o->n_operand > 0 },
		{ "--persona", "an entry of the inventory is for that", o->persona.p },
		{ "--fault", "an entry of the inventory is for that", o->fault.n > 0 },
		{ "--har -", "a folder is expected", str_eq(o->har, STR("-")) },
		{ "--pcapng -", "a folder is expected", str_eq(o->pcapng, STR("-")) },
		{ "--events", "they are those of one device", o->events.p },
		{ "--only-from -", "standard input serves one device",
		  str_eq(o->only_from, STR("-")) },
		{ "--baseline", "an entry of the inventory is for that", o->baseline.p },
		{ "--password-file -", "standard input serves one device",
		  str_eq(o->password_file, STR("-")) },
		{ "--netrc-file -", "standard input serves one device",
		  str_eq(o->netrc_file, STR("-")) },
	};

	for (size_t i = 0; i < COUNT(refused); i++)
		if (refused[i].given)
			return err_set(err, ERR_INPUT, "--targets goes without %s: %s",
				       refused[i].option, refused[i].why);
	return 0;
}

/* What each run is told: all reports are those of the fleet. */
static struct options base_options(const struct options *o)
{
	struct options base = *o;

	base.html = base.junit = base.json = base.targets = base.shard = (struct str){ 0 };
	base.quiet = true;
	return base;
}

static int choose_output(struct fleet *f, struct err *err)
{
	const struct options *o = &f->cli->o;
	struct options files = *o;
	struct str page = { 0 };
	bool taken;

	files.results = files.har = files.pcapng = (struct str){ 0 }; /* a part for each device */
	if (o->results.p)
		page = arena_fmt(&f->a, "%.*s/index.html", STR_ARG(o->results));
	if (reports_on_stdout(o, &taken, err) || (!o->dry_run && reports_check(&files, err)))
		return -1;
	if (!o->dry_run && page.p && file_check(page.p, err)) {
		err->code = ERR_INPUT;
		return err_prefix(err, "--results");
	}
	f->out = taken ? stderr : stdout;
	f->console = (struct console_options){ terminal_colour(o->colour, f->out),
					       terminal_width(f->out) };
	f->parts = (o->junit.p || o->results.p ? (unsigned)FLEET_JUNIT : 0) |
		   (o->json.p ? (unsigned)FLEET_JSON : 0) | (o->tap.p ? (unsigned)FLEET_TAP : 0);
	return 0;
}

/* Every second of two, every third of three: parts of one size. */
static bool is_ours(const struct fleet *f, size_t device)
{
	return !f->shard.total || (int)(device % (size_t)f->shard.total) == f->shard.index - 1;
}

/* Every device is opened once before the first is asked: what a user can mend is told first. */
static int rehearse(struct fleet *f, struct err *err)
{
	for (size_t i = 0; i < f->inventory.n; i++) {
		if (!is_ours(f, i)) {
			f->started[i] = true;
			continue;
		}
		f->selected++;
		if (lane_open(&f->lanes[0], f, &f->inventory.device[i], err) ||
		    (!f->cli->o.dry_run && lane_check_files(&f->lanes[0], f, err)))
			return -1;
		if (f->cli->o.dry_run && !f->lanes[0].s.nothing) {
			fprintf(f->out, "[%.*s]\n", STR_ARG(f->inventory.device[i].name));
			f->lanes[0].s.out = f->out;
			session_print_dry_run(&f->lanes[0].s);
		}
		lane_close(&f->lanes[0]);
	}
	return 0;
}

static int prepare(struct fleet *f, struct err *err)
{
	const struct options *o = &f->cli->o;
	const struct options base = base_options(o);

	if (certify_check(o, cli_tool, stderr, err) || check_options(o, err) ||
	    shard_read(o, &f->shard, err) || choose_output(f, err) ||
	    inventory_read(&f->a, o->targets, &base, &f->inventory, err) ||
	    cli_catalogue(o, &f->catalogue, err))
		return -1;
	f->world = world_real();
	f->n_lane = (size_t)o->lanes;
	f->lanes = mem_alloc(f->n_lane * sizeof(*f->lanes));
	f->started = arena_array(&f->a, bool, f->inventory.n);
	if (!f->lanes || !f->started)
		return err_set(err, ERR_NOMEM, "no memory for %zu devices", f->inventory.n);
	f->report = fleet_report_new(
		str(cli_tool), arena_fmt(&f->a, "Countersign: %.*s", STR_ARG(o->targets)), err);
	f->hub = f->report ? wire_hub_new(&f->world, err) : NULL;
	return f->hub ? rehearse(f, err) : -1;
}

/* --- lanes --- */

static bool is_busy(const struct fleet *f, struct str host)
{
	for (size_t i = 0; host.p && i < f->n_lane; i++)
		if (f->lanes[i].d && f->lanes[i].d->host.p && str_ieq(f->lanes[i].d->host, host))
			return true;
	return false;
}

static const struct inventory_device *next_device(struct fleet *f)
{
	while (f->next < f->inventory.n && f->started[f->next])
		f->next++;
	for (size_t i = f->next; i < f->inventory.n; i++) {
		if (f->started[i] || is_busy(f, f->inventory.device[i].host))
			continue;
		f->started[i] = true;
		return &f->inventory.device[i];
	}
	return NULL;
}

static int fill_lanes(struct fleet *f, struct err *err)
{
	for (size_t i = 0; i < f->n_lane; i++) {
		const struct inventory_device *d;

		if (f->lanes[i].d || !(d = next_device(f)))
			continue;
		if (lane_open(&f->lanes[i], f, d, err))
			return -1;
	}
	return 0;
}

static void tell_progress(struct fleet *f)
{
	if (f->cli->o.quiet || !terminal_watched(stderr))
		return;
	fprintf(stderr, "\r\x1b[K%zu of %zu devices judged", f->done, f->selected);
	if (f->done == f->selected)
		fputs("\r\x1b[K", stderr);
	fflush(stderr);
}

/* Gives how long it may wait; 0 when something came. */
static int64_t judge(struct fleet *f, struct lane *l)
{
	bool came = lane_turn(l);

	if (!lane_over(l))
		return came ? 0 : engine_wait_ms(l->s.engine);
	lane_judge(l);
	writer_give(f, l);
	return INT64_MAX; /* the writer wakes us */
}

static int64_t turn_lane(struct fleet *f, struct lane *l)
{
	const enum lane_state state = writer_state(f, l);

	if (state == LANE_JUDGING)
		return judge(f, l);
	if (state == LANE_WRITING)
		return INT64_MAX;
	lane_close(l);
	f->done++;
	tell_progress(f);
	return 0;
}

/* One turn of every lane.  wait_ms: until one of them has something to send. */
static size_t turn(struct fleet *f, int64_t *wait_ms)
{
	size_t alive = 0;

	*wait_ms = 1000;
	for (size_t i = 0; i < f->n_lane; i++) {
		int64_t ms;

		if (!f->lanes[i].d)
			continue;
		alive++;
		ms = turn_lane(f, &f->lanes[i]);
		*wait_ms = ms < *wait_ms ? ms : *wait_ms;
	}
	return alive;
}

static int drive(struct fleet *f, struct err *err)
{
	int64_t wait_ms;

	for (;;) {
		if (fill_lanes(f, err))
			return -1;
		if (!turn(f, &wait_ms))
			return 0;
		if (wire_hub_wait(f->hub, wait_ms, err))
			return -1;
	}
}

/* --- the end --- */

static const struct {
	const char *what, *file; /* in the folder of --results */
	size_t offset;           /* of the path in struct options; 0: none */
	int (*write)(const struct fleet_report *r, const char *path, struct err *err);
} outputs[] = {
	{ "page of all devices", NULL, offsetof(struct options, html), report_fleet_html },
	{ "JUnit report", NULL, offsetof(struct options, junit), report_fleet_junit },
	{ "results", NULL, offsetof(struct options, json), report_fleet_json },
	{ "page of Markdown", NULL, offsetof(struct options, markdown), report_fleet_markdown },
	{ "TAP report", NULL, offsetof(struct options, tap), report_fleet_tap },
	{ "JUnit report", "TEST-countersign.xml", 0, report_fleet_junit },
	{ "page of all devices", "index.html", 0, report_fleet_html },
};

static void write_reports(struct fleet *f)
{
	const struct options *o = &f->cli->o;

	for (size_t i = 0; i < COUNT(outputs); i++) {
		struct err err = { 0 };
		struct str path = { 0 };

		if (outputs[i].file && o->results.p)
			path = arena_fmt(&f->a, "%.*s/%s", STR_ARG(o->results), outputs[i].file);
		else if (!outputs[i].file)
			path = *(const struct str *)((const char *)o + outputs[i].offset);
		if (!path.p)
			continue;
		if (outputs[i].write(f->report, path.p, &err)) {
			fprintf(stderr, "countersign: %s\n", err.text);
			f->failed = true;
		} else if (!o->quiet && !str_eq(path, STR("-"))) {
			fprintf(f->out, "%s: %.*s\n", outputs[i].what, STR_ARG(path));
		}
	}
}

/* A job of GitHub Actions gets the page appended to its summary; that never fails a run. */
static void write_github(const struct fleet *f)
{
	struct str on = str(getenv("GITHUB_ACTIONS")), path = str(getenv("GITHUB_STEP_SUMMARY"));
	struct err err = { 0 };

	if (str_eq(on, STR("true")) && path.n && !f->cli->o.markdown.p &&
	    github_fleet_summary(f->report, path.p, &err))
		fprintf(stderr, "countersign: %s\n", err.text);
}

static int finish(struct fleet *f, bool failed)
{
	int status;

	fleet_report_sort(f->report);
	console_fleet(f->out, f->report, &f->console);
	write_reports(f);
	write_github(f);
	fflush(f->out);
	status = fleet_report_status(f->report);
	return failed || f->failed ? exit_code_worse(status, EXIT_INTERNAL) : status;
}

int fleet_run(const struct cli *cli)
{
	struct fleet f DEFER(drop_fleet) = { .cli = cli };
	struct err err = { 0 };
	bool failed;

	arena_init(&f.a, FLEET_MAX);
	if (prepare(&f, &err))
		return cli_fail(&err);
	if (cli->o.dry_run)
		return EXIT_GOOD;
	if (!cli->o.quiet)
		fprintf(f.out, "%zu of %zu devices of %.*s, %zu at a time\n", f.selected,
			f.inventory.n, STR_ARG(cli->o.targets), f.n_lane);
	interrupt_catch();
	failed = writer_start(&f, &err) || drive(&f, &err);
	writer_end(&f);
	if (failed)
		fprintf(stderr, "countersign: %s\n", err.text);
	return finish(&f, failed);
}

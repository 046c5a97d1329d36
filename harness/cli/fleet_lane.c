#include "cli/fleet_lane.h"

#include "cli/certify.h"
#include "cli/interrupt.h"

#include <stdlib.h>
#include <unistd.h>

#define BURST 64 /* exchanges of a device in memory before the others get their turn */

/* --- begin --- */

static void place(struct lane *l, const struct fleet *f)
{
	const struct inventory_device *d = l->d;

	l->s.r.place =
		(struct inventory_place){ d->name, d->vendor, d->model,
					  (int)(d - f->inventory.device) + 1, (int)f->inventory.n };
}

int lane_open(struct lane *l, struct fleet *f, const struct inventory_device *d, struct err *err)
{
	*l = (struct lane){ .d = d };
	l->s = (struct session){ .cli = f->cli, .o = &d->o, .shared = &f->catalogue };
	l->s.target.hub = f->hub;
	if (session_open(&l->s, err) == 0) {
		place(l, f);
		return 0;
	}
	session_close(&l->s);
	l->d = NULL;
	return err_prefix(err, "%.*s:%d: [%.*s]", STR_ARG(f->inventory.file), d->line,
			  STR_ARG(d->name));
}

void lane_close(struct lane *l)
{
	if (l->d)
		session_close(&l->s);
	l->d = NULL;
}

/* --- on its way --- */

bool lane_over(const struct lane *l)
{
	return l->failed || l->s.nothing || engine_finished(l->s.engine);
}

bool lane_turn(struct lane *l)
{
	struct session *s = &l->s;
	bool built_in = s->target.built_in, came = true, any = false;

	if (interrupted && !lane_over(l))
		engine_stop(s->engine, REASON_INTERRUPTED, "interrupted");
	for (int i = 0; i < BURST && !lane_over(l) && (came || built_in); i++) {
		int64_t wait_ms = built_in ? engine_wait_ms(s->engine) : 0;

		l->failed =
			engine_round(s->engine, s->target.wire, wait_ms, &came, &l->failure) != 0;
		any = any || came || built_in;
	}
	return any;
}

/* --- the end --- */

static void complain(struct lane *l, struct fleet *f, const struct err *err)
{
	fprintf(stderr, "countersign: %.*s: %s\n", STR_ARG(l->d->name), err->text);
	f->failed = true;
}

static struct str folder_of(struct fleet *f, const struct lane *l)
{
	struct str dir = f->cli->o.results;

	return dir.p ? arena_fmt(&f->a, "%.*s/%.*s", STR_ARG(dir), STR_ARG(l->d->name))
		     : (struct str){ 0 };
}

/* The best page that its folder has. */
static struct str link_of(struct fleet *f, const struct lane *l, struct str folder)
{
	static const char *const pages[] = { "report.html", "results.json" };

	for (size_t i = 0; i < COUNT(pages); i++)
		if (access(arena_fmt(&f->a, "%.*s/%s", STR_ARG(folder), pages[i]).p, R_OK) == 0)
			return arena_fmt(&f->a, "%.*s/%s", STR_ARG(l->d->name), pages[i]);
	return (struct str){ 0 };
}

/* As session.c does, in a folder of this device: two may find the same. */
static void save_replays(struct lane *l, struct fleet *f)
{
	struct str dir = f->cli->o.replay_dir;
	struct session *s = &l->s;
	struct err err = { 0 };

	dir = arena_fmt(&f->a, "%.*s/%.*s", STR_ARG(dir.p ? dir : STR(".")), STR_ARG(l->d->name));
	if (replay_save(&s->r.a, &s->redactor, &s->r, dir, f->cli->o.replay_dir.p,
			f->cli->o.quiet ? NULL : f->out, &err) < 0)
		complain(l, f, &err);
}

void lane_judge(struct lane *l)
{
	target_drop_wire(&l->s.target);
	if (!l->s.nothing)
		engine_end(l->s.engine, l->failed ? &l->failure : NULL);
}

static void conclude(struct lane *l, struct fleet *f)
{
	if (l->s.nothing)
		return;
	if (l->failed)
		complain(l, f, &l->failure);
	session_judged(&l->s, l->failed);
	certify_end(l->s.o, &l->s.r, f->out);
	save_replays(l, f);
}

/* A file for each device in the folder that the option names. */
static const struct {
	const char *option, *ending;
	size_t offset; /* of the folder in struct options */
	int (*write)(const struct run_result *r, const struct report_options *how, const char *path,
		     struct err *err);
} files[] = {
	{ "har", "har", offsetof(struct options, har), report_har },
	{ "pcapng", "pcapng", offsetof(struct options, pcapng), report_pcapng },
};

static struct str file_of(struct fleet *f, const struct lane *l, size_t i)
{
	struct str dir = *(const struct str *)((const char *)&f->cli->o + files[i].offset);

	return dir.p ? arena_fmt(&f->a, "%.*s/%.*s.%s", STR_ARG(dir), STR_ARG(l->d->name),
				 files[i].ending)
		     : (struct str){ 0 };
}

int lane_check_files(const struct lane *l, struct fleet *f, struct err *err)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct str path = file_of(f, l, i);

		if (!path.p || file_check(path.p, err) == 0)
			continue;
		err->code = ERR_INPUT;
		return err_prefix(err, "--%s", files[i].option);
	}
	return 0;
}

static void write_files(struct lane *l, struct fleet *f, const struct report_options *how)
{
	for (size_t i = 0; i < COUNT(files); i++) {
		struct str path = file_of(f, l, i);
		struct err err = { 0 };

		if (path.p && files[i].write(&l->s.r, how, path.p, &err))
			complain(l, f, &err);
	}
}

void lane_write(struct lane *l, struct fleet *f)
{
	struct str folder = folder_of(f, l), link = { 0 };
	struct report_options how;
	struct err err = { 0 };

	conclude(l, f);
	how = l->s.how;
	if (folder.p && report_results(&l->s.r, &how, folder.p, &err))
		complain(l, f, &err);
	write_files(l, f, &how);
	if (folder.p)
		link = link_of(f, l, folder);
	if (fleet_report_add(f->report, &l->s.r, &how, f->parts, link, &err))
		complain(l, f, &err);
}

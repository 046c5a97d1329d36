#include "cli/session.h"

#include "cli/certify.h"
#include "cli/command_line.h"
#include "cli/interrupt.h"
#include "cli/lab.h"
#include "cli/only_from.h"
#include "cli/reports.h"
#include "cli/shard.h"
#include "cli/terminal.h"

#define RESULT_MAX (512u << 20)

void session_close(struct session *s)
{
	target_drop_wire(&s->target);
	engine_free(s->engine);
	target_close(&s->target);
	if (!s->shared)
		catalogue_free(&s->catalogue);
	arena_free(&s->r.a);
}

/* --- preparation --- */

static int choose_profile(struct session *s, struct err *err)
{
	struct str name = s->o->profile.p                   ? s->o->profile
			  : s->again && s->again->profile.p ? s->again->profile
							    : str(s->target.profile);
	const struct profile *p = catalogue_profile(&s->catalogue, name);
	struct str kind = s->target.http_kind ? STR("http") : STR("onvif"), known = STR("");

	for (size_t i = 0; i < s->catalogue.n_profile; i++)
		known = arena_fmt(&s->target.a, "%.*s %.*s", STR_ARG(known),
				  STR_ARG(s->catalogue.profile[i].id));
	if (!p)
		return err_set(err, ERR_INPUT, "--profile %.*s: expected one of%.*s", STR_ARG(name),
			       STR_ARG(known));
	if (!str_eq(p->kind, kind) && !str_eq(p->kind, STR("any")))
		return err_set(err, ERR_INPUT,
			       "profile %.*s is for --kind %.*s, the target is %.*s", STR_ARG(name),
			       STR_ARG(p->kind), STR_ARG(kind));
	s->engine_options.profile = p;
	return 0;
}

/* Right credentials go with it: only what reads may be asked. */
static int check_operation(struct session *s, struct err *err)
{
	struct str name = s->o->operation, known = STR("");
	const struct soap_operation *op = soap_operation_find(name);

	if (!name.p)
		return 0;
	if (s->target.http_kind)
		return err_set(err, ERR_INPUT,
			       "--operation %.*s: a target of --kind http has no operations",
			       STR_ARG(name));
	if (op && op->safe)
		return 0;
	for (op = soap_operations; op->name; op++)
		if (op->safe && op->access != ACCESS_PRE_AUTH)
			known = arena_fmt(&s->target.a, "%.*s %s", STR_ARG(known), op->name);
	return err_set(err, ERR_INPUT, "--operation %.*s: expected one of%.*s", STR_ARG(name),
		       STR_ARG(known));
}

static struct str draw_seed(struct session *s)
{
	struct world real = world_real();
	uint64_t seed;

	world_random(&real, &seed, sizeof(seed));
	return arena_fmt(&s->target.a, "%016llx", (unsigned long long)seed);
}

static enum risk risk_of(struct str name)
{
	enum risk r = RISK_SAFE;

	for (int i = RISK_SAFE; i <= RISK_UNSAFE; i++)
		if (str_eq(name, str(risk_name((enum risk)i))))
			r = (enum risk)i;
	return r;
}

static enum evidence evidence_of(struct str name)
{
	enum evidence e = EVIDENCE_REDACTED;

	for (int i = EVIDENCE_REDACTED; i <= EVIDENCE_NONE; i++)
		if (str_eq(name, str(evidence_name((enum evidence)i))))
			e = (enum evidence)i;
	return e;
}

static bool wants_octets(const struct options *o)
{
	bool folder = o->results.p && evidence_of(o->evidence) != EVIDENCE_NONE;

	return folder || o->har.p || o->pcapng.p;
}

/* What the survey taught is a secret before its first word is told. */
static void progress(void *ctx, const struct run_result *r, size_t done, size_t total)
{
	struct session *s = ctx;

	if (r->survey.done)
		session_mask_realms(s);
	events_phase(&s->events, r, &s->how);
	session_progress(s, r, done, total);
}

static void finished(void *ctx, const struct variant_result *v)
{
	struct session *s = ctx;

	if (s->r.survey.done)
		session_mask_realms(s);
	events_finished(&s->events, &s->r, &s->how, v);
}

static int fill_engine_options(struct session *s, struct err *err)
{
	const struct options *o = s->o;
	const struct target *t = &s->target;
	struct engine_options *e = &s->engine_options;

	e->catalogue = &s->catalogue;
	e->url = t->url;
	e->http_kind = t->http_kind;
	e->account = (struct craft_account){ t->user, t->password };
	e->operation = o->operation;
	memcpy(e->only, o->only.v, sizeof(e->only));
	memcpy(e->skip, o->skip.v, sizeof(e->skip));
	e->n_only = o->only.n;
	e->n_skip = o->skip.n;
	e->slow = o->slow || t->built_in;
	e->cleartext = o->cleartext || t->loopback || t->tls;
	e->lab = t->lab;
	e->risk = risk_of(o->risk);
	e->connections = t->connections;
	e->loopback = t->loopback;
	e->tls = t->tls;
	e->no_marker = o->no_marker;
	e->keep_octets = wants_octets(o);
	e->seed = o->seed.p ? o->seed : draw_seed(s);
	e->survey_only = s->survey_only && !s->drive;
	e->spent = (int)o->spent;
	e->shard = s->shard;
	e->spellings = (uint64_t)o->spellings;
	e->hostile = (uint64_t)o->hostile;
	e->progress = progress;
	e->progress_ctx = s;
	e->finished = finished;
	if (failure_budget_parse(o->failures.p ? o->failures
				 : t->lab      ? STR("none")
					       : STR("3/30m"),
				 &e->budget, err))
		return -1;
	return check_operation(s, err) || choose_profile(s, err) ? -1 : 0;
}

_Static_assert(sizeof(((struct options *)0)->only.v) == sizeof(((struct engine_options *)0)->only),
	       "as many patterns as the engine takes");

/* A report on stdout leaves stderr to people. */
static int choose_output(struct session *s, struct err *err)
{
	bool events = s->drive || str_eq(s->o->events, STR("-")), taken;

	if (reports_on_stdout(s->o, &taken, err) || (!s->o->dry_run && reports_check(s->o, err)))
		return -1;
	if (events && taken)
		return err_set(err, ERR_INPUT, "standard output holds the events: no report on -");
	taken = taken || events;
	s->out = taken ? stderr : stdout;
	s->console = (struct console_options){ terminal_colour(s->o->colour, s->out),
					       terminal_width(s->out) };
	return 0;
}

/* Whoever names a case wants it sent, however long it takes; a profile that does not ask for it is
 * no reason not to.
 */
static int choose_again(struct session *s, struct err *err)
{
	struct engine_options *e = &s->engine_options;
	const struct again *a = s->again;

	if (!a)
		return 0;
	e->exact = a->id;
	e->n_exact = a->n;
	e->slow = true;
	if (a->spelled)
		e->replay = &a->replay.spelling;
	for (size_t i = 0; i < a->n; i++) {
		struct str rest = a->id[i];
		const struct suite_case *c = catalogue_case(&s->catalogue, str_cut(&rest, '['));

		if (!c)
			return err_set(err, ERR_INPUT,
				       "%.*s is no case; countersign list shows all",
				       STR_ARG(a->id[i]));
		if (!profile_standing(e->profile, c).cite)
			e->profile = lab_everything();
	}
	return 0;
}

/* The ids of --only-from. */
static int choose_exact(struct session *s, struct err *err)
{
	struct engine_options *e = &s->engine_options;
	struct str *id = NULL;

	if (!s->o->only_from.p)
		return 0;
	if (str_eq(s->o->only_from, STR("-")) && str_eq(s->o->password_file, STR("-")))
		return err_set(err, ERR_INPUT,
			       "--only-from - and --password-file -: one of the two");
	if (only_from_read(&s->r.a, s->o->only_from, &s->catalogue, &id, &e->n_exact, err))
		return -1;
	e->exact = id;
	return 0;
}

static int choose_drive(struct session *s, struct err *err)
{
	struct engine_options *e = &s->engine_options;

	if (str_eq(s->o->password_file, STR("-")))
		return err_set(err, ERR_INPUT, "--password-file -: standard input holds the steps");
	e->connections = 1; /* the order of exchanges is the program's */
	e->keep_octets = true;
	e->open = drive_open(s->drive, &s->r, &s->how, err);
	s->events.f = stdout;
	return e->open ? 0 : -1;
}

/* A catalogue is read-only, so that a copy of its head serves as well. */
static int choose_catalogue(struct session *s, struct err *err)
{
	if (s->shared)
		s->catalogue = *s->shared;
	return s->shared ? 0 : cli_catalogue(s->o, &s->catalogue, err);
}

static int prepare(struct session *s, struct err *err)
{
	if (target_open(&s->target, s->o, err) || choose_catalogue(s, err))
		return -1;
	session_mask_password(s);
	if (fill_engine_options(s, err) ||
	    shard_budget(&s->shard, s->o, &s->engine_options.budget, err) || choose_exact(s, err))
		return -1;
	if (choose_again(s, err) || overlay_open(&s->overlay, &s->r.a, s->o, err))
		return -1;
	s->how = (struct report_options){ .redactor = &s->redactor,
					  .tool = str(cli_tool),
					  .command = command_line(&s->target.a, s->cli),
					  .evidence = evidence_of(s->o->evidence),
					  .certify = s->o->certify };
	s->events.waivers = s->overlay.has_waivers ? &s->overlay.waivers : NULL;
	return s->drive ? choose_drive(s, err) : events_open(&s->events, s->o, err);
}

/* --- reports --- */

static void write_reports(struct session *s)
{
	if (reports_write(s->o, &s->r, &s->how, s->o->quiet ? NULL : s->out))
		s->r.exit_code = EXIT_INTERNAL;
	if (events_close(&s->events, &s->r, &s->how))
		s->r.exit_code = EXIT_INTERNAL;
}

/* What was taken that must never be is kept for another look, whoever asked for it. */
static void save_replays(struct session *s)
{
	struct str dir = s->o->replay_dir.p ? s->o->replay_dir : STR(".");
	struct err err = { 0 };

	if (s->again)
		return;
	if (replay_save(&s->r.a, &s->redactor, &s->r, dir, s->o->replay_dir.p,
			s->o->quiet ? NULL : s->out, &err) < 0) {
		fprintf(stderr, "countersign: %s\n", err.text);
		s->r.exit_code = EXIT_INTERNAL;
	}
}

static int finish(struct session *s)
{
	session_mask_realms(s);
	session_print_end(s);
	if (s->again)
		s->r.exit_code = session_print_again(s);
	if (s->overlay.comparison.after)
		console_comparison(s->out, &s->overlay.comparison, &s->redactor, &s->console);
	certify_end(s->o, &s->r, s->out);
	save_replays(s);
	write_reports(s);
	fflush(s->out);
	return s->r.exit_code;
}

/* --- the run --- */

/* Patterns and profile have no case in common: told like any other run that judged nothing. */
static int nothing_selected(struct session *s, const struct err *err)
{
	fprintf(stderr, "countersign: %s\n", err->text);
	s->r.cause = arena_str(&s->r.a, str(err->text));
	s->r.exit_code = EXIT_NOTHING;
	events_begin(&s->events, &s->r, &s->how);
	write_reports(s);
	return s->r.exit_code;
}

/* A signal that came when all was judged has interrupted nothing. */
static bool was_interrupted(const struct session *s)
{
	return s->r.cause.p && s->r.cause_reason == REASON_INTERRUPTED;
}

static int survey_status(const struct session *s, bool failed)
{
	if (failed)
		return EXIT_INTERNAL;
	if (was_interrupted(s))
		return EXIT_INTERRUPTED;
	return s->r.cause.p ? EXIT_INCONCLUSIVE : EXIT_GOOD;
}

static int judged_status(struct session *s, bool failed)
{
	struct err err = { 0 };

	if (!failed &&
	    overlay_apply(&s->overlay, &s->r.a, s->o, &s->r, was_interrupted(s), &err) == 0)
		return s->r.exit_code;
	if (!failed)
		fprintf(stderr, "countersign: %s\n", err.text);
	return EXIT_INTERNAL;
}

static int drive(struct session *s)
{
	struct err err = { 0 };
	bool failed = engine_drive(s->engine, s->target.wire, &interrupted, &err) != 0;

	session_clear_line(s);
	if (failed)
		fprintf(stderr, "countersign: %s\n", err.text);
	if (s->survey_only) {
		s->r.n_variant = 0; /* none was asked for */
		memset(s->r.count, 0, sizeof(s->r.count));
		s->r.exit_code = survey_status(s, failed);
	} else {
		s->r.exit_code = judged_status(s, failed);
	}
	return finish(s);
}

void session_judged(struct session *s, bool failed)
{
	s->r.exit_code = judged_status(s, failed);
	session_mask_realms(s);
}

static int open_engine(struct session *s, struct err *err)
{
	if (prepare(s, err))
		return -1;
	s->engine = engine_new(&s->engine_options, &s->target.world, &s->r, err);
	s->nothing = !s->engine && err->code == ERR_INPUT && s->r.variant && !s->r.n_variant;
	s->r.in_memory = s->target.built_in;
	return s->engine ? 0 : -1;
}

int session_open(struct session *s, struct err *err)
{
	arena_init(&s->r.a, RESULT_MAX);
	if (open_engine(s, err) == 0)
		return 0;
	if (!s->nothing)
		return -1;
	s->r.cause = arena_str(&s->r.a, str(err->text));
	s->r.exit_code = EXIT_NOTHING;
	return 0;
}

static int run(struct session *s)
{
	struct err err = { 0 };

	arena_init(&s->r.a, RESULT_MAX);
	if (s->cli->place)
		s->r.place = *s->cli->place;
	if (shard_read(s->o, &s->shard, &err) || certify_check(s->o, cli_tool, stderr, &err) ||
	    choose_output(s, &err))
		return cli_fail(&err);
	if (open_engine(s, &err))
		return s->nothing ? nothing_selected(s, &err) : cli_fail(&err);
	if (s->o->dry_run) {
		session_print_dry_run(s);
		return EXIT_GOOD;
	}
	interrupt_catch();
	session_print_start(s);
	events_begin(&s->events, &s->r, &s->how);
	return drive(s);
}

int session_run(const struct cli *cli, bool survey_only)
{
	struct session s DEFER(
		session_close) = { .cli = cli, .o = &cli->o, .survey_only = survey_only };

	return run(&s);
}

int session_again(const struct cli *cli, const struct again *again)
{
	struct session s DEFER(session_close) = { .cli = cli, .o = &cli->o, .again = again };

	return run(&s);
}

int session_drive(const struct cli *cli)
{
	struct drive d DEFER(drive_close) = { .n = 0 };
	struct session s DEFER(
		session_close) = { .cli = cli, .o = &cli->o, .survey_only = true, .drive = &d };

	return run(&s);
}

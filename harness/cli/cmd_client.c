/* cmd_client.c - judge a client: from the options to the reports. */
#include "cli/client_lab.h"
#include "cli/command.h"
#include "cli/command_line.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/overlay.h"
#include "cli/reports.h"
#include "cli/secret.h"
#include "cli/terminal.h"
#include "report/write.h"

#include <stdlib.h>

#define HELP_INDENT 26
#define RESULT_MAX  ((size_t)1 << 30)
#define WAIT_MS     200  /* between two looks at a signal */
#define QUIET_MS    2000 /* of silence, when the case has come to its end */

struct session {
	const struct cli *cli;
	const struct options *o;
	struct world world;
	struct catalogue catalogue;
	struct redactor redactor;
	struct secret secret;
	struct overlay overlay;
	struct report_options how;
	struct console_options console;
	struct client_options options;
	struct run_result r;
	struct client_server *server;
	struct client_run *run;
	FILE *out;
	bool line_shown;
};

static void session_drop(struct session *s)
{
	client_server_stop(s->server);
	client_run_free(s->run);
	arena_free(&s->r.a);
	catalogue_free(&s->catalogue);
	secret_wipe(&s->secret);
}

/* --- from the options --- */

static int list_personas(const struct catalogue *c)
{
	for (size_t i = 0; i < c->n_persona; i++) {
		printf("%-24.*s  ", STR_ARG(c->persona[i].id));
		help_wrap(stdout, HELP_INDENT, HELP_INDENT, c->persona[i].title);
	}
	return EXIT_GOOD;
}

static int choose_profile(struct session *s, struct err *err)
{
	bool soap = s->o->kind_given && str_eq(s->o->kind, STR("onvif"));
	struct str name = s->o->profile;
	const struct profile *p;

	if (!name.p)
		name = soap ? STR("client-onvif") : STR("client-rfc7616");
	p = catalogue_profile(&s->catalogue, name);
	if (!p || !str_eq(p->kind, STR("client")))
		return err_set(err, ERR_INPUT,
			       "--profile %.*s: expected one for clients, such as client-rfc7616, "
			       "client-rfc2617 or client-onvif",
			       STR_ARG(name));
	s->options.profile = p;
	s->options.soap = s->o->kind_given ? soap : str_eq(p->id, STR("client-onvif"));
	return 0;
}

static int choose_persona(struct session *s, struct err *err)
{
	struct str name = s->o->persona;

	if (!name.p)
		return 0;
	s->options.persona = catalogue_persona(&s->catalogue, name);
	if (s->options.persona)
		return 0;
	return err_set(err, ERR_INPUT,
		       "--persona %.*s: unknown; countersign client --list-personas has them",
		       STR_ARG(name));
}

/* Ours, unless somebody has an account that a recorder is to be configured with. */
static int choose_account(struct session *s, struct err *err)
{
	const char *told = getenv("COUNTERSIGN_PASSWORD"); /* empty: a job that has none to tell */
	bool password = s->o->password_file.p || s->o->password_env.p || (told && *told);
	struct account *a = &s->options.account;

	if (!s->o->user_given && !password)
		return 0;
	*a = play_account();
	if (s->o->user_given)
		a->user = s->o->user;
	if (!password)
		return 0;
	if (secret_find(&s->secret, s->o, STR(""), err))
		return -1;
	a->password = s->secret.password;
	if (redact_add(&s->redactor, a->password))
		fprintf(stderr, "countersign: a password of under 3 octets cannot be masked\n");
	return 0;
}

static struct str seed(struct session *s)
{
	uint64_t drawn;

	if (s->o->seed.p)
		return s->o->seed;
	world_random(&s->world, &drawn, sizeof(drawn));
	return arena_fmt(&s->r.a, "%016llx", (unsigned long long)drawn);
}

static void choose_cases(struct session *s)
{
	struct client_options *k = &s->options;

	k->catalogue = &s->catalogue;
	memcpy(k->only, s->o->only.v, sizeof(k->only));
	memcpy(k->skip, s->o->skip.v, sizeof(k->skip));
	k->n_only = s->o->only.n;
	k->n_skip = s->o->skip.n;
	k->command = k->told = k->calls = s->o->exec.p != NULL;
	k->one_url = s->o->one_url || !s->o->exec.p;
	k->marker = !s->o->no_marker;
	k->seed = seed(s);
}

_Static_assert(sizeof(((struct options *)0)->only.v) == sizeof(((struct client_options *)0)->only),
	       "as many patterns as a run takes");

static int choose_output(struct session *s, struct err *err)
{
	bool taken;

	if (reports_on_stdout(s->o, &taken, err) || reports_check(s->o, err))
		return -1;
	s->out = taken ? stderr : stdout;
	s->console = (struct console_options){ terminal_colour(s->o->colour, s->out),
					       terminal_width(s->out) };
	s->how = (struct report_options){ .redactor = &s->redactor,
					  .tool = str(cli_tool),
					  .command = command_line(&s->r.a, s->cli),
					  .evidence = str_eq(s->o->evidence, STR("full"))
							      ? EVIDENCE_FULL
						      : str_eq(s->o->evidence, STR("none"))
							      ? EVIDENCE_NONE
							      : EVIDENCE_REDACTED };
	return 0;
}

static int prepare(struct session *s, struct err *err)
{
	if (choose_profile(s, err) || choose_persona(s, err) || choose_account(s, err) ||
	    choose_output(s, err) || overlay_open(&s->overlay, &s->r.a, s->o, err))
		return -1;
	choose_cases(s);
	s->server = client_server_start(s->o->listen, &s->world, &s->r.a, err);
	if (!s->server)
		return -1;
	s->options.origin = client_server_origin(s->server, 0);
	s->options.other_origin = client_server_origin(s->server, 1);
	s->options.early_origin = client_server_early(s->server);
	s->r.client_command = s->o->exec;
	s->run = client_run_new(&s->options, &s->world, &s->r, err);
	return s->run ? 0 : -1;
}

/* --- one case --- */

static void say_end(struct conversation *said, const struct client_end *end)
{
	said->command = true;
	said->timed_out = end->timed_out;
	said->status = end->status;
	said->printed = arena_str(&said->a, str_n(end->last, end->n_last));
}

static int by_command(struct session *s, struct served *served, struct err *err)
{
	struct client_end end;
	int failed;

	client_server_play(s->server, served);
	failed = client_exec(s->o->exec.p, served, s->o->timeout_ms, &s->world, &end, err);
	client_server_play(s->server, NULL);
	if (!failed)
		say_end(play_conversation(served->play), &end);
	return failed;
}

/* The first case waits for a client as long as it takes, the others for a few of its silences. */
static bool has_ended(struct session *s, int64_t began_ms, bool first)
{
	struct client_server_state state = client_server_state(s->server);
	int64_t now_ms = world_mono_ms(&s->world);

	if (!state.requests)
		return !first && now_ms - began_ms > 6 * s->o->timeout_ms;
	return now_ms - state.last_ms > (state.over ? QUIET_MS : s->o->timeout_ms);
}

static void by_hand(struct session *s, struct served *served, bool first)
{
	const struct suite_case *c = served->variant->c;
	int64_t began_ms = world_mono_ms(&s->world);

	/* Served before it is said: whoever reads the line may call at once. */
	client_server_play(s->server, served);
	if (!s->o->quiet)
		fprintf(s->out, "%.*s: %.*s\n", STR_ARG(served->variant->id), STR_ARG(c->title));
	fflush(s->out);
	while (!interrupted && !has_ended(s, began_ms, first))
		client_server_wait(s->server, WAIT_MS);
	client_server_play(s->server, NULL);
}

static void clear_line(struct session *s)
{
	if (s->line_shown)
		fputs("\r\x1b[K", stderr);
	s->line_shown = false;
}

static void show_progress(struct session *s, const struct served *served)
{
	if (s->o->quiet || !s->o->exec.p || !terminal_watched(stderr))
		return;
	fprintf(stderr, "\r\x1b[K%zu of %zu: %.*s", served->index + 1, s->r.n_variant,
		STR_ARG(served->variant->id));
	fflush(stderr);
	s->line_shown = true;
}

static int judge_all(struct session *s, struct err *err)
{
	struct served *served = NULL;
	bool first = true;

	while (!interrupted && (served = client_run_next(s->run))) {
		show_progress(s, served);
		if (!s->o->exec.p)
			by_hand(s, served, first);
		else if (by_command(s, served, err))
			return -1;
		/* What an interruption cut short proves nothing. */
		if (!interrupted)
			client_run_done(s->run, served);
		first = false;
	}
	return 0;
}

/* --- all --- */

static void print_start(struct session *s)
{
	struct account a = s->options.account.user.p ? s->options.account : play_account();

	if (s->o->quiet)
		return;
	fprintf(s->out, "profile %.*s, %zu variants; seed %.*s\n", STR_ARG(s->options.profile->id),
		s->r.n_variant, STR_ARG(s->options.seed));
	if (s->o->exec.p)
		return;
	fprintf(s->out, "Let the client call %.*s%s as %.*s",
		STR_ARG(client_server_origin(s->server, 0)),
		s->options.soap ? "/onvif/device_service" : "/", STR_ARG(a.user));
	if (!s->secret.password.p)
		fprintf(s->out, " with password %.*s", STR_ARG(a.password));
	fputs(". The cases come one after the other; an interrupt ends.\n", s->out);
	fflush(s->out);
}

/* A command that cannot be run skips everything, and nobody would see why. */
static void say_never_called(struct session *s)
{
	for (size_t i = 0; i < s->r.n_variant && !s->r.exchanges && s->o->exec.p; i++) {
		const struct variant_result *v = &s->r.variant[i];
		struct str text;

		if (!v->end || v->reason != REASON_NOT_REACHED)
			continue;
		text = write_line(&s->r.a, &s->redactor, v->message, 400);
		fprintf(stderr, "countersign: %.*s\n", STR_ARG(text));
		return;
	}
}

static int finish(struct session *s)
{
	struct err err = { 0 };

	clear_line(s);
	client_run_end(s->run, interrupted);
	if (overlay_apply(&s->overlay, &s->r.a, s->o, &s->r, interrupted, &err)) {
		fprintf(stderr, "countersign: %s\n", err.text);
		s->r.exit_code = EXIT_INTERNAL;
	}
	console_findings(s->out, &s->r, &s->redactor, &s->console);
	console_totals(s->out, &s->r, &s->console);
	if (!interrupted)
		say_never_called(s);
	if (s->overlay.comparison.after)
		console_comparison(s->out, &s->overlay.comparison, &s->redactor, &s->console);
	if (reports_write(s->o, &s->r, &s->how, s->o->quiet ? NULL : s->out))
		s->r.exit_code = EXIT_INTERNAL;
	fflush(s->out);
	return s->r.exit_code;
}

int cmd_client(const struct cli *cli)
{
	struct session s DEFER(session_drop) = { .cli = cli, .o = &cli->o, .world = world_real() };
	struct err err = { 0 };

	arena_init(&s.r.a, RESULT_MAX);
	if (cli_catalogue(s.o, &s.catalogue, &err))
		return cli_fail(&err);
	if (s.o->list_personas)
		return list_personas(&s.catalogue);
	if (prepare(&s, &err))
		return cli_fail(&err);
	interrupt_catch();
	print_start(&s);
	if (judge_all(&s, &err)) {
		fprintf(stderr, "countersign: %s\n", err.text);
		return EXIT_INTERNAL;
	}
	return finish(&s);
}

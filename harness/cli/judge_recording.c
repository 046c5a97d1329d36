/* judge_recording.c - a recorded conversation, judged on both sides: nothing is sent. */
#include "cli/judge.h"

#include "cli/command_line.h"
#include "cli/overlay.h"
#include "cli/recording.h"
#include "cli/reports.h"
#include "cli/secret.h"
#include "cli/terminal.h"

#include <stdlib.h>

#define RESULT_MAX ((size_t)1 << 30)

struct session {
	const struct cli *cli;
	const struct options *o;
	const struct record *record; /* NULL: it is no folder */
	struct world world;
	struct catalogue catalogue;
	struct redactor redactor;
	struct secret secret;
	struct overlay overlay;
	struct arena a; /* of the recording */
	struct recording recording;
	struct client_options options;
	struct run_result r;
	FILE *out;
};

static void drop(struct session *s)
{
	arena_free(&s->r.a);
	arena_free(&s->a);
	catalogue_free(&s->catalogue);
	secret_wipe(&s->secret);
}

static int choose_profile(struct session *s, struct err *err)
{
	struct str name = s->o->profile;
	bool soap = s->o->kind_given ? str_eq(s->o->kind, STR("onvif")) : s->recording.soap;

	if (!name.p && s->record)
		name = s->record->profile;
	if (!name.p)
		name = soap ? STR("client-onvif") : STR("client-rfc7616");
	s->options.profile = catalogue_profile(&s->catalogue, name);
	s->options.soap = soap;
	if (s->options.profile && str_eq(s->options.profile->kind, STR("client")))
		return 0;
	return err_set(err, ERR_INPUT,
		       "--profile %.*s: expected one for clients, such as client-rfc7616, "
		       "client-rfc2617 or client-onvif",
		       STR_ARG(name));
}

static int choose_persona(struct session *s, struct err *err)
{
	struct str name = s->o->persona;

	s->options.persona = name.p ? catalogue_persona(&s->catalogue, name) : NULL;
	if (!name.p || s->options.persona)
		return 0;
	return err_set(err, ERR_INPUT,
		       "--persona %.*s: unknown; countersign client --list-personas has them",
		       STR_ARG(name));
}

/* That of a run of cases is made up; of others it is known, or not. */
static int choose_account(struct session *s, struct err *err)
{
	bool password =
		s->o->password_file.p || s->o->password_env.p || getenv("COUNTERSIGN_PASSWORD");
	struct account *a = &s->options.account;

	if (s->recording.run.n && (password || s->o->user_given))
		*a = play_account();
	if (s->o->user_given)
		a->user = s->o->user;
	else if (password && !s->recording.run.n)
		return err_set(err, ERR_INPUT, "a password without --user: expected both");
	if (!password)
		return 0;
	if (secret_find(&s->secret, s->o, STR(""), err))
		return -1;
	a->password = s->secret.password;
	if (redact_add(&s->redactor, a->password))
		fprintf(stderr, "countersign: a password of under 3 octets cannot be masked\n");
	return 0;
}

static void choose_cases(struct session *s)
{
	struct client_options *k = &s->options;

	k->catalogue = &s->catalogue;
	memcpy(k->only, s->o->only.v, sizeof(k->only));
	memcpy(k->skip, s->o->skip.v, sizeof(k->skip));
	k->n_only = s->o->only.n;
	k->n_skip = s->o->skip.n;
}

static void print_start(const struct session *s)
{
	const struct recording *rec = &s->recording;

	if (s->o->quiet)
		return;
	fprintf(s->out, "%.*s of %zu exchanges", STR_ARG(rec->format), rec->n - rec->others);
	if (rec->run.n)
		fprintf(s->out, " of run %.*s", STR_ARG(rec->run));
	if (rec->others)
		fprintf(s->out, " (%zu others are left out)", rec->others);
	if (rec->n_tls + rec->n_http2)
		fprintf(s->out, " (%zu connections of TLS or HTTP/2 cannot be read)",
			rec->n_tls + rec->n_http2);
	fprintf(s->out, ", profile %.*s, %zu variants\n", STR_ARG(s->options.profile->id),
		s->r.n_variant);
	if (!rec->run.n && !s->options.account.password.p)
		fputs("no password is given (--user, --password-file): what it takes to recompute "
		      "responses is skipped\n",
		      s->out);
}

static int finish(struct session *s, struct err *err)
{
	const struct console_options console = { terminal_colour(s->o->colour, s->out),
						 terminal_width(s->out) };
	const struct report_options how = { .redactor = &s->redactor,
					    .tool = str(cli_tool),
					    .command = command_line(&s->r.a, s->cli),
					    .evidence = str_eq(s->o->evidence, STR("full"))
								? EVIDENCE_FULL
							: str_eq(s->o->evidence, STR("none"))
								? EVIDENCE_NONE
								: EVIDENCE_REDACTED };

	if (overlay_apply(&s->overlay, &s->r.a, s->o, &s->r, false, err))
		return -1;
	print_start(s);
	console_findings(s->out, &s->r, &s->redactor, &console);
	console_totals(s->out, &s->r, &console);
	if (s->overlay.comparison.after)
		console_comparison(s->out, &s->overlay.comparison, &s->redactor, &console);
	if (reports_write(s->o, &s->r, &how, s->o->quiet ? NULL : s->out))
		s->r.exit_code = EXIT_INTERNAL;
	return 0;
}

static int judge(struct session *s, const struct recorded_file *file, struct err *err)
{
	bool taken;

	if (reports_on_stdout(s->o, &taken, err) || reports_check(s->o, err) ||
	    recording_read(&s->a, file, s->record, &s->world, &s->recording, err) ||
	    choose_profile(s, err) || choose_persona(s, err) || choose_account(s, err) ||
	    overlay_open(&s->overlay, &s->r.a, s->o, err))
		return -1;
	s->out = taken ? stderr : stdout;
	choose_cases(s);
	if (recording_judge(&s->recording, &s->options, &s->r, err))
		return -1;
	return finish(s, err);
}

int judge_recording(const struct cli *cli, const struct recorded_file *file,
		    const struct record *record)
{
	struct session s DEFER(drop) = { .cli = cli, .o = &cli->o, .record = record };
	struct err err = { 0 };

	arena_init(&s.a, RESULT_MAX);
	arena_init(&s.r.a, RESULT_MAX);
	s.world = world_real();
	if (cli_catalogue(s.o, &s.catalogue, &err) || judge(&s, file, &err))
		return cli_fail(&err);
	fflush(s.out);
	return s.r.exit_code;
}

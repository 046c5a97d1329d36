#include "cli/session.h"

#include "cli/terminal.h"

#include <inttypes.h>

void session_print_start(struct session *s)
{
	const struct options *o = s->o;

	if (o->quiet)
		return;
	if (o->config_files.n)
		fprintf(s->out, "defaults of %.*s\n", STR_ARG(o->config_files));
	if (!s->target.built_in) {
		fprintf(s->out, "seed %.*s\n", STR_ARG(s->engine_options.seed));
		return;
	}
	fprintf(s->out, "Asking the built-in device");
	for (size_t i = 0; i < o->fault.n; i++)
		fprintf(s->out, "%s%.*s",
			i ? ", " : " with a planted fault: ", STR_ARG(o->fault.v[i]));
	fprintf(s->out,
		", since there is no URL; its time is virtual, so waits cost nothing.\n"
		"seed %.*s\n\n",
		STR_ARG(s->engine_options.seed));
}

void session_print_card(struct session *s)
{
	if (s->card_printed || s->o->quiet)
		return;
	s->card_printed = true;
	session_clear_line(s);
	console_survey(s->out, &s->r, &s->redactor, &s->console);
	fputc('\n', s->out);
	fflush(s->out);
}

/* "5m10s": the largest two units that say it. */
static struct str duration(struct arena *a, int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *unit, *next_unit;
		int64_t next_ms;
	} units[] = {
		{ 86400000, "d", "h", 3600000 },
		{ 3600000, "h", "m", 60000 },
		{ 60000, "m", "s", 1000 },
	};

	for (size_t i = 0; i < COUNT(units); i++)
		if (ms >= units[i].ms)
			return arena_fmt(a, "%" PRId64 "%s%" PRId64 "%s", ms / units[i].ms,
					 units[i].unit, ms % units[i].ms / units[i].next_ms,
					 units[i].next_unit);
	return arena_fmt(a, "%" PRId64 " s", (ms + 999) / 1000);
}

static void print_cost(struct session *s, const struct engine_plan *p)
{
	fprintf(s->out, "plan: profile %.*s, %zu cases in %zu variants; ",
		STR_ARG(s->engine_options.profile->id), p->cases, p->variants);
	if (p->failed_logins)
		fprintf(s->out, "up to %d failed logins; ", p->failed_logins);
	else
		fprintf(s->out, "no failed login; ");
	if (p->longest_wait_ms)
		fprintf(s->out, "longest wait %.*s%s\n",
			STR_ARG(duration(&s->target.a, p->longest_wait_ms)),
			s->target.built_in ? " (virtual)" : "");
	else
		fputs("no wait\n", s->out);
	if (p->skipped_budget)
		fprintf(s->out, "plan: %zu variants are beyond the cap on failed logins\n",
			p->skipped_budget);
}

void session_print_plan(struct session *s)
{
	struct engine_plan plan = engine_plan(s->engine);

	if (s->o->quiet || s->survey_only || s->r.cause.p)
		return;
	session_clear_line(s);
	print_cost(s, &plan);
	fputc('\n', s->out);
	fflush(s->out);
}

static int64_t longest_wait_ms(struct session *s, const struct suite_variant *v)
{
	int64_t sum = 0, ms;

	for (size_t i = 0; i < v->c->n_step; i++) {
		struct str wait = v->c->step[i].wait;

		if (wait.p && str_to_ms(suite_bind(&s->r.a, v, wait, STR("0s")), &ms) == 0)
			sum += ms;
	}
	return sum;
}

/* Nothing was asked, so what the target lacks is not known: all that could be run is counted. */
void session_print_dry_run(struct session *s)
{
	const struct suite_case *last = NULL;
	struct engine_plan p = { 0 };

	for (size_t i = 0; i < s->r.n_variant; i++) {
		const struct variant_result *v = &s->r.variant[i];
		int64_t wait = longest_wait_ms(s, v->variant);

		if (v->verdict == VERDICT_SKIP) {
			fprintf(s->out, "- %.*s: %.*s\n", STR_ARG(v->variant->id),
				STR_ARG(v->message));
			continue;
		}
		fprintf(s->out, "  %.*s", STR_ARG(v->variant->id));
		if (v->variant->c->failures)
			fprintf(s->out, "  (failed logins: %d)", v->variant->c->failures);
		if (wait)
			fprintf(s->out, "  (waits %.*s)", STR_ARG(duration(&s->target.a, wait)));
		fputc('\n', s->out);
		p.cases += v->variant->c != last;
		last = v->variant->c;
		p.variants++;
		p.failed_logins += v->variant->c->failures;
		if (wait > p.longest_wait_ms)
			p.longest_wait_ms = wait;
	}
	print_cost(s, &p);
	fprintf(s->out,
		"Nothing was sent. The survey will skip what the target does not offer%s.\n",
		s->target.lab ? "" : ", and --failures caps the failed logins");
}

/* Called for each variant that is done, and once with nothing new when the survey is over. */
void session_progress(void *ctx, const struct run_result *r, size_t done, size_t total)
{
	struct session *s = ctx;

	if (done == s->last_done && r->survey.done && !s->card_printed) {
		session_print_card(s);
		session_print_plan(s);
	}
	s->last_done = done;
	if (!r->survey.done || s->o->quiet || !terminal_watched(stderr))
		return;
	fprintf(stderr, "\r\x1b[K%zu of %zu judged", done, total);
	fflush(stderr);
	s->line_shown = true;
}

void session_clear_line(struct session *s)
{
	if (s->line_shown)
		fputs("\r\x1b[K", stderr);
	s->line_shown = false;
}

/* What a newcomer wants to know now. */
static void print_next(const struct session *s)
{
	if (!s->target.built_in || s->o->quiet)
		return;
	fputs("\nThat was the built-in device. Yours: first look at it, which costs no failed "
	      "login "
	      "with the right\npassword, then judge it:\n"
	      "  countersign survey http://HOST/onvif/device_service --user NAME --password-file "
	      "FILE\n"
	      "  countersign run http://HOST/onvif/device_service --user NAME --password-file "
	      "FILE\n",
	      s->out);
	if (!s->o->fault.n)
		fputs("What a finding looks like: countersign run --fault "
		      "token-ignored-after-http\n",
		      s->out);
}

void session_print_end(struct session *s)
{
	session_clear_line(s);
	session_print_card(s);
	if (s->survey_only && s->r.cause.p)
		console_findings(s->out, &s->r, &s->redactor, &s->console);
	if (s->survey_only)
		return;
	console_findings(s->out, &s->r, &s->redactor, &s->console);
	console_totals(s->out, &s->r, &s->console);
	print_next(s);
}

static const struct {
	const char *word;
	int status;
} again_words[VERDICTS] = {
	[VERDICT_PASS] = { "fixed", EXIT_GOOD },
	[VERDICT_WARN] = { "still failing", EXIT_NONCONFORMING },
	[VERDICT_FAIL] = { "still failing", EXIT_NONCONFORMING },
	[VERDICT_SKIP] = { "cannot", EXIT_INCONCLUSIVE },
	[VERDICT_INCONCLUSIVE] = { "cannot", EXIT_INCONCLUSIVE },
	[VERDICT_ERROR] = { "cannot", EXIT_INCONCLUSIVE },
};

/* The worst of all: what still fails, then what cannot be told. */
int session_print_again(struct session *s)
{
	bool failing = false, cannot = s->r.cause.p || !s->r.n_variant;
	struct arena a;

	arena_init(&a, 16u << 20);
	for (size_t i = 0; i < s->r.n_variant; i++) {
		const struct variant_result *v = &s->r.variant[i];
		struct str text = text_clean(&a, redact(&s->redactor, &a, v->message), 400);

		failing = failing || again_words[v->verdict].status == EXIT_NONCONFORMING;
		cannot = cannot || again_words[v->verdict].status == EXIT_INCONCLUSIVE;
		fprintf(s->out, "%s: %.*s: %.*s\n", again_words[v->verdict].word,
			STR_ARG(v->variant->id), STR_ARG(text));
	}
	arena_free(&a);
	if (s->r.exit_code == EXIT_INTERNAL || s->r.exit_code == EXIT_INTERRUPTED)
		return s->r.exit_code;
	return failing ? EXIT_NONCONFORMING : cannot ? EXIT_INCONCLUSIVE : EXIT_GOOD;
}

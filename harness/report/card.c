/* card.c - what the survey learnt, as a card. */
#include "report/chain.h"
#include "report/print.h"

#include "base/buf.h"

#include <inttypes.h>

#define FIELD_MAX 300

static struct str line(struct printer *p, struct str s)
{
	return write_line(&p->a, p->redactor, s, FIELD_MAX);
}

static void optional_row(struct printer *p, const char *label, struct str text)
{
	text = line(p, text);
	if (text.n)
		print_row(p, label, text);
}

static void device_row(struct printer *p, const struct survey *s)
{
	static const char *const before[] = { "", "", "firmware ", "serial " };
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, 4096);
	for (size_t i = 0; i < COUNT(s->identity); i++) {
		struct str part = line(p, s->identity[i]);

		if (part.n)
			buf_fmt(&b, "%s%s%.*s",
				b.n == 0 ? ""
				: i > 1  ? ", "
					 : " ",
				before[i], STR_ARG(part));
	}
	optional_row(p, "device", buf_view(&b));
}

static void operation_row(struct printer *p, const struct survey *s)
{
	struct str operation = line(p, s->operation);

	if (!operation.n)
		return;
	if (s->anonymous_status)
		operation = arena_fmt(&p->a, "%.*s; without credentials it answers %s (%d)",
				      STR_ARG(operation), outcome_name(s->anonymous),
				      s->anonymous_status);
	print_row(p, "operation", operation);
}

static void challenge_rows(struct printer *p, const char *label, const struct challenge_list *l)
{
	for (size_t i = 0; i < l->n && i < WRITE_CHALLENGES; i++)
		print_row(p, i == 0 ? label : NULL,
			  write_challenge_line(&p->a, p->redactor, &l->v[i]));
	if (l->n > WRITE_CHALLENGES)
		print_row(p, NULL, arena_fmt(&p->a, "and %zu more", l->n - WRITE_CHALLENGES));
}

/* The same of another path: servers put other code, and other challenges, behind it. */
static void second_rows(struct printer *p, const struct survey_endpoint *e)
{
	struct str path = line(p, e->path);

	if (!path.n)
		return;
	if (e->anonymous_status)
		path = arena_fmt(&p->a, "%.*s; without credentials it answers %s (%d)",
				 STR_ARG(path), outcome_name(e->anonymous), e->anonymous_status);
	print_row(p, "second path", path);
	challenge_rows(p, "challenges", &e->challenge);
}

/* Of eight digits, so that a line can end between them. */
static struct str in_groups(struct printer *p, struct str hex)
{
	struct str out = { 0 };

	for (hex = line(p, hex); hex.n; hex = str_sub(hex, 8, hex.n))
		out = arena_fmt(&p->a, "%.*s %.*s", STR_ARG(out), STR_ARG(str_sub(hex, 0, 8)));
	return out;
}

/* What it is, never whether that is good: a client decides whom it trusts. */
static void certificate_rows(struct printer *p, const struct run_result *r)
{
	const struct tls_chain *c = &r->survey.tls;

	for (size_t i = 0; i < c->n; i++) {
		const struct tls_certificate *one = &c->v[i];
		struct str notes = chain_notes(&p->a, one, r->started_wall_ms),
			   times = chain_times(&p->a, one);

		print_row(p, i == 0 ? "certificate" : NULL,
			  arena_fmt(&p->a, "%.*s%s%.*s", STR_ARG(line(p, one->subject)),
				    notes.n ? "; " : "", STR_ARG(notes)));
		print_row(p, NULL,
			  arena_fmt(&p->a, "by %.*s%s%.*s", STR_ARG(line(p, one->issuer)),
				    times.n ? "; " : "", STR_ARG(times)));
		print_row(p, NULL,
			  arena_fmt(&p->a, "SHA-256%.*s", STR_ARG(in_groups(p, one->sha256))));
	}
	if (c->left_off)
		print_row(p, c->n ? NULL : "certificate", chain_left_off(&p->a, c));
}

static void mechanism_rows(struct printer *p, const struct survey *s)
{
	for (size_t i = 0; i < s->n_mechanism; i++)
		print_row(p, i == 0 ? "credentials" : NULL,
			  arena_fmt(&p->a, "%.*s: %.*s", STR_ARG(line(p, s->mechanism[i].name)),
				    STR_ARG(line(p, s->mechanism[i].answer))));
}

static void clock_row(struct printer *p, const struct survey *s)
{
	int64_t ms = s->clock_offset_ms;

	if (!s->has_clock)
		return;
	print_row(p, "clock",
		  arena_fmt(&p->a, "%.*s s %s ours (+/- %.*s s, by %.*s)",
			    STR_ARG(write_seconds(&p->a, ms < 0 ? -ms : ms)),
			    ms < 0 ? "behind" : "ahead of",
			    STR_ARG(write_seconds(&p->a, s->clock_quality_ms)),
			    STR_ARG(line(p, s->clock_source))));
}

static void feature_row(struct printer *p, const struct survey *s)
{
	struct buf b DEFER(buf_free) = { 0 };

	buf_init(&b, 4096);
	for (int i = 0; i < 64 && suite_features[i].name; i++)
		if (s->features >> i & 1)
			buf_fmt(&b, "%s ", suite_features[i].name);
	if (b.n)
		print_row(p, "features", buf_view(&b));
}

void console_survey(FILE *f, const struct run_result *r, const struct redactor *redactor,
		    const struct console_options *o)
{
	const struct survey *s = &r->survey;
	struct printer p;

	print_start(&p, f, redactor, o);
	optional_row(&p, "target", r->target);
	device_row(&p, s);
	optional_row(&p, "server", s->server);
	operation_row(&p, s);
	challenge_rows(&p, "challenges", &s->challenge);
	mechanism_rows(&p, s);
	clock_row(&p, s);
	if (s->done)
		print_row(&p, "round trip", arena_fmt(&p.a, "%" PRId64 " ms", s->round_trip_ms));
	optional_row(&p, "bare request", s->bare_cost);
	second_rows(&p, &s->second);
	certificate_rows(&p, r);
	feature_row(&p, s);
	print_end(&p);
}

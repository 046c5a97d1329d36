#include "report/write.h"

#include "report/curl.h"

#include <inttypes.h>

#define INCONCLUSIVE_STATUS 6   /* of run_exit_code */
#define CHALLENGE_WORD      300 /* octets of a scheme, name or value */

struct str write_text(struct arena *a, const struct redactor *r, struct str octets,
		      size_t max_bytes)
{
	struct str clean = text_clean(a, redact(r, a, octets), octets.n * 6 + 64);

	return text_clean(a, redact(r, a, clean), max_bytes);
}

static struct str one_line(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);

	if (!p)
		return STR("");
	for (size_t i = 0; i < s.n; i++)
		p[i] = s.p[i] == '\n' || s.p[i] == '\t' ? ' ' : s.p[i];
	return str_trim(str_n(p, s.n));
}

struct str write_line(struct arena *a, const struct redactor *r, struct str octets,
		      size_t max_bytes)
{
	struct str line = one_line(a, write_text(a, r, octets, octets.n * 6 + 64));

	return text_clean(a, redact(r, a, line), max_bytes);
}

struct str write_own(struct arena *a, struct str text, size_t max_bytes)
{
	return one_line(a, text_clean(a, text, max_bytes));
}

struct redactor write_redactor(const struct redactor *r, const struct step_result *s)
{
	struct redactor own = *r;

	if (!own.off)
		redact_learn(&own, s->sent);
	return own;
}

void write_recycle(struct arena *scratch, struct arena *keep)
{
	keep->failed |= scratch->failed;
	arena_free(scratch);
}

struct str write_seconds(struct arena *a, int64_t ms)
{
	if (ms < 0)
		ms = 0;
	return arena_fmt(a, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

struct str write_message(struct arena *a, const struct redactor *r, const struct variant_result *v,
			 size_t max_bytes)
{
	struct str line = write_line(a, r, v->message, max_bytes);

	if (line.n)
		return line;
	return arena_fmt(a, "%s: %s", verdict_name(v->verdict), reason_name(v->reason));
}

struct str write_waiver(struct arena *a, const struct redactor *r, const struct variant_result *v)
{
	const struct waiver_note *n = v->waiver;

	return write_line(a, r,
			  arena_fmt(a, "waived until %.*s by %.*s, %.*s: %.*s", STR_ARG(n->until),
				    STR_ARG(n->owner), STR_ARG(n->ticket), STR_ARG(n->reason)),
			  1000);
}

struct str write_step_answer(struct arena *a, const struct step_result *s)
{
	if (s->status)
		return arena_fmt(a, "%s %d, %" PRId64 " ms", outcome_name(s->outcome), s->status,
				 s->took_ms);
	return arena_fmt(a, "%s, %" PRId64 " ms", outcome_name(s->outcome), s->took_ms);
}

struct str write_clause(struct arena *a, const struct run_result *r, const struct cite *cite)
{
	const struct requirement *q =
		r->catalogue ? catalogue_requirement(r->catalogue, cite->clause) : NULL;
	struct str clause = write_own(a, cite->clause, 200);

	if (!q || !q->source.n)
		return clause;
	return arena_fmt(a, "%.*s (%.*s)", STR_ARG(clause),
			 STR_ARG(write_own(a, q->source, WRITE_MESSAGE)));
}

struct str write_curl(struct arena *a, const struct redactor *redactor, const struct run_result *r,
		      const struct variant_result *v)
{
	struct str command = v->curl.p ? v->curl : curl_command_of(a, redactor, r, v);

	return command.p ? write_text(a, redactor, command, WRITE_BODY) : command;
}

/* The parameters that tell devices apart; nonces do not. */
static bool worth_showing(const struct auth_param *param)
{
	static const char *const names[] = { "realm",   "algorithm", "qop",   "stale",
					     "charset", "userhash",  "domain" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (str_ieq(param->name, str(names[i])))
			return true;
	return false;
}

struct str write_challenge_line(struct arena *a, const struct redactor *r,
				const struct challenge *c)
{
	struct str out = write_line(a, r, c->scheme, CHALLENGE_WORD);

	for (size_t i = 0; i < c->n_param; i++)
		if (worth_showing(&c->param[i]))
			out = arena_fmt(a, "%.*s %.*s=%.*s", STR_ARG(out),
					STR_ARG(write_line(a, r, c->param[i].name, CHALLENGE_WORD)),
					STR_ARG(write_line(a, r, c->param[i].raw, CHALLENGE_WORD)));
	return c->problems ? arena_fmt(a, "%.*s (malformed)", STR_ARG(out)) : out;
}

static bool began(const struct variant_result *v)
{
	return v->n_step > 0 || (v->swarm && v->swarm->asked > 0);
}

bool write_anything_ran(const struct run_result *r)
{
	for (size_t i = 0; i < r->n_variant; i++)
		if (began(&r->variant[i]))
			return true;
	return false;
}

bool write_left_over(const struct run_result *r, const struct variant_result *v)
{
	return r->cause.p && !began(v) &&
	       (v->verdict == VERDICT_INCONCLUSIVE || v->verdict == VERDICT_ERROR);
}

bool write_told(const struct run_result *r, const struct variant_result *v)
{
	return !v->waiver && !write_left_over(r, v);
}

bool write_is_client(const struct run_result *r)
{
	return str_eq(r->kind, STR("client"));
}

enum verdict write_overall(const struct run_result *r)
{
	static const enum verdict order[] = { VERDICT_ERROR, VERDICT_FAIL, VERDICT_INCONCLUSIVE,
					      VERDICT_WARN, VERDICT_PASS };

	if (r->waivers && r->waivers->n_problem && !r->count[VERDICT_ERROR])
		return VERDICT_FAIL;
	/* The status knows of gating cases that the budget kept from running. */
	if ((r->cause.n || r->exit_code == INCONCLUSIVE_STATUS) && !r->count[VERDICT_ERROR] &&
	    !r->count[VERDICT_FAIL])
		return VERDICT_INCONCLUSIVE;
	for (size_t i = 0; i < COUNT(order); i++)
		if (r->count[order[i]])
			return order[i];
	return VERDICT_SKIP;
}

struct str write_number(struct arena *a, const struct measured_number *m)
{
	return arena_fmt(a, "%" PRId64 " %s", m->value, m->unit);
}

struct str write_measure(struct arena *a, const struct variant_result *v)
{
	const struct suite_measure *m = v->variant->c->measure;

	return arena_fmt(a, "%s%" PRId64 " %.*s", v->at_limit ? "at least " : "", v->value,
			 STR_ARG(write_own(a, m ? m->unit : STR(""), 40)));
}

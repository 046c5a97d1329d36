#include "cli/exact.h"

#include "cli/target.h"
#include "engine/rejudge.h"
#include "report/report.h"
#include "wire/recorded.h"

#include <stdio.h>

#define MASK "[redacted]"

struct exact {
	struct arena a;
	struct target target;
	const struct recorded_case *c;
	enum outcome outcome; /* of the last request */
	enum wire_fate fate;
};

static void drop(struct exact *x)
{
	target_close(&x->target);
	arena_free(&x->a);
}

static bool is_sent(const struct step_result *s)
{
	return strcmp(s->role, "control") != 0;
}

/* Why the octets cannot go again; NULL: they can. */
static const char *obstacle(const struct recorded_case *c)
{
	if (c->v.deciding < 0)
		return "no single request decides it";
	for (size_t i = 0; i < c->v.n_step; i++) {
		const struct step_result *s = &c->v.step[i];

		if (!is_sent(s))
			continue;
		if (!s->sent.p || c->step[i].cut)
			return "its octets were not kept in full";
		if (str_find(s->sent, STR(MASK)) != (size_t)-1)
			return "its octets are masked: a run with --evidence full keeps them as "
			       "they were";
	}
	return NULL;
}

/* Host and Content-Length are the wire's own. */
static void without_own_fields(struct http_fields *f)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (!str_ieq(f->v[i].name, STR("Host")) &&
		    !str_ieq(f->v[i].name, STR("Content-Length")))
			f->v[n++] = f->v[i];
	f->n = n;
}

static int send_one(struct exact *x, const struct step_result *s, struct err *err)
{
	struct wire *w = x->target.wire;
	struct exchange sent = { .a = &x->a, .fresh_connection = true }, *done = NULL;

	if (recorded_request(&x->a, s->sent, &sent.request, err))
		return -1;
	without_own_fields(&sent.request.fields);
	if (w->ops->submit(w, &sent, err))
		return -1;
	while (!done)
		if (w->ops->next(w, 1000, &done, err)) {
			target_drop_wire(&x->target); /* it has borrowed what ends here */
			return -1;
		}
	x->outcome = outcome_of(&sent, !x->target.http_kind);
	x->fate = sent.fate;
	return 0;
}

static int send_all(struct exact *x, struct err *err)
{
	for (int i = 0; i <= x->c->v.deciding; i++)
		if (is_sent(&x->c->v.step[i]) && send_one(x, &x->c->v.step[i], err))
			return -1;
	return arena_check(&x->a, err);
}

static int say(struct exact *x, const char *word, const char *text, int status)
{
	printf("%s: %.*s: %s\n", word, STR_ARG(text_clean(&x->a, x->c->id, 400)), text);
	return status;
}

static int conclude(struct exact *x)
{
	const struct step_result *s = &x->c->v.step[x->c->v.deciding];
	bool listed = s->expect & OUTCOME_BIT(x->outcome);
	bool answered = x->fate == WIRE_ANSWERED || x->fate == WIRE_MALFORMED;
	struct str text = arena_fmt(
		&x->a,
		"expected %.*s, got %s; the octets are those of then, so that a nonce or Created "
		"may be refused for its age alone",
		STR_ARG(outcome_set_text(&x->a, s->expect)), outcome_name(x->outcome));

	if (listed)
		return say(x, "fixed", text.p, EXIT_GOOD);
	return answered ? say(x, "still failing", text.p, EXIT_NONCONFORMING)
			: say(x, "cannot", text.p, EXIT_INCONCLUSIVE);
}

int exact_replay(const struct cli *cli, const struct recorded_case *c)
{
	struct exact x DEFER(drop) = { .c = c };
	const char *why = obstacle(c);
	struct err err = { 0 };

	arena_init(&x.a, 64u << 20);
	if (why)
		return say(&x, "cannot", why, EXIT_INCONCLUSIVE);
	if (target_open(&x.target, &cli->o, &err) || send_all(&x, &err))
		return cli_fail(&err);
	return conclude(&x);
}

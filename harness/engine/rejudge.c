#include "engine/rejudge.h"

#include "engine/internal.h"
#include "wire/recorded.h"

#define MASK "[redacted]"

static const char *const kept_texts[KEPTS] = {
	[KEPT_NOT] = "judged anew",
	[KEPT_UNJUDGED] = "it was not judged then either",
	[KEPT_NO_CASE] = "the catalogue has no such case any more",
	[KEPT_OTHER_STEPS] = "the case has other steps now",
	[KEPT_SEARCH] = "a search or a draw is more than its octets",
	[KEPT_NO_OCTETS] = "its octets are not all there",
	[KEPT_MASKED] = "what decides is masked, or needs the password",
};

const char *kept_text(enum kept k)
{
	return kept_texts[k];
}

enum outcome outcome_of(struct exchange *x, bool soap)
{
	struct answer an;

	answer_read(&an, x, soap && str_eq(x->request.method, STR("POST")));
	return an.outcome;
}

/* One case on its way through its steps, as a trial was. */
struct walk {
	const struct rejudge *j;
	const struct rejudge_case *c;
	const struct suite_case *now;
	struct variant_result *after;
	struct session session;
	struct str why;
	enum kept kept;
	bool blind; /* a check could not be made */
	/* as in struct trial */
	enum verdict verdict;
	enum reason reason;
	struct str message, form;
	const struct cite *form_cite;
	int last_step; /* that was probed; -1 none */
	bool over;     /* a step decided */
	bool controlled, wants_control;
	size_t controls;
};

static void differs(struct walk *w, struct str what)
{
	w->why = w->why.n ? arena_fmt(w->j->a, "%.*s; %.*s", STR_ARG(w->why), STR_ARG(what)) : what;
}

/* --- the octets of one step as an exchange --- */

static bool is_masked(const struct walk *w, const struct exchange *x)
{
	return w->j->masked && str_find(x->received_octets, STR(MASK)) != (size_t)-1;
}

static int read_exchange(struct walk *w, const struct step_result *s, struct exchange *x)
{
	struct err err = { 0 };

	*x = (struct exchange){ .a = w->j->a, .fate = s->fate };
	x->sent_octets = s->sent;
	x->received_octets = s->received;
	if (s->fate != WIRE_ANSWERED) {
		size_t n = s->why.n < sizeof(x->why) ? s->why.n : sizeof(x->why) - 1;

		memcpy(x->why, s->why.p ? s->why.p : "", n);
	} else if (!s->received.p) {
		return -1;
	} else if (is_masked(w, x)) {
		if (recorded_masked_response(w->j->a, s->received, STR(MASK), &x->response, &err))
			return -1;
	} else if (recorded_response(w->j->a, s->received, &x->response, &err)) {
		x->fate = WIRE_MALFORMED;
		memcpy(x->why, err.text, strnlen(err.text, sizeof(x->why) - 1));
	}
	return s->sent.p ? recorded_request(w->j->a, s->sent, &x->request, &err) : -1;
}

/* --- steps --- */

static void conclude(struct walk *w, enum verdict v, enum reason why, struct str message)
{
	w->verdict = v;
	w->reason = why;
	w->message = message;
	w->over = true;
}

static void walk_control(struct walk *w, const struct answer *an)
{
	if (an->outcome != OUTCOME_ACCEPTED) {
		conclude(w, VERDICT_INCONCLUSIVE, REASON_CONTROL,
			 arena_fmt(w->j->a, "a control was not accepted: %.*s",
				   STR_ARG(answer_text(w->j->a, an))));
		return;
	}
	w->controlled = true;
	w->wants_control = false;
	w->controls++;
}

static void walk_challenge(struct walk *w, const struct answer *an)
{
	session_remember(&w->session, w->j->a, an);
	if (an->outcome != OUTCOME_CHALLENGED && an->outcome != OUTCOME_STALE)
		conclude(w, VERDICT_INCONCLUSIVE, REASON_CONTROL,
			 arena_fmt(w->j->a, "no challenge to answer: %.*s",
				   STR_ARG(answer_text(w->j->a, an))));
}

static void note_expectation(struct walk *w, const struct step_result *s,
			     const struct suite_step *now, const struct answer *an)
{
	struct arena *a = w->j->a;

	if (s->expect != now->expect)
		differs(w, arena_fmt(a, "step %d was to be %.*s and now is to be %.*s", s->step + 1,
				     STR_ARG(outcome_set_text(a, s->expect)),
				     STR_ARG(outcome_set_text(a, now->expect))));
	if (s->outcome != an->outcome)
		differs(w,
			arena_fmt(a, "step %d was told as %s and its octets are %.*s", s->step + 1,
				  outcome_name(s->outcome), STR_ARG(answer_text(a, an))));
}

static void walk_probe(struct walk *w, size_t i, const struct exchange *x, const struct answer *an)
{
	const struct step_result *s = &w->c->before->step[i];
	const struct suite_step *now = &w->now->step[s->step];
	struct built built = { .request = x->request };
	struct check_context cx = { an, &w->session, &built, w->j->a, &w->blind, false };
	struct step_judgement j;
	bool refused = an->outcome != OUTCOME_ACCEPTED, good;
	bool many = suite_repeat(w->j->a, w->after->variant, now, (struct str){ 0 }) > 1;

	cx.masked = is_masked(w, x);
	note_expectation(w, s, now, an);
	if (refused && !(now->expect & OUTCOME_BIT(OUTCOME_ACCEPTED)) && !w->controlled) {
		conclude(w, VERDICT_INCONCLUSIVE, REASON_CONTROL,
			 STR("no control stands before it in the evidence"));
		return;
	}
	j = judge_step(now, an, &cx);
	judge_form(w->j->profile, &j);
	session_remember(&w->session, w->j->a, an);
	good = j.verdict == VERDICT_PASS || j.reason == REASON_FORM;
	if (j.reason == REASON_FORM) {
		w->form = j.form;
		w->form_cite = j.cite;
	}
	w->after->outcome = an->outcome;
	w->after->has_outcome = true;
	w->after->deciding = (int)i;
	if (j.verdict != VERDICT_PASS || w->verdict == VERDICT_PASS)
		w->message = j.message;
	if (j.verdict != VERDICT_PASS) {
		w->verdict = j.verdict;
		w->reason = j.reason;
	}
	w->last_step = s->step;
	w->wants_control = refused && !(good && many);
	w->controlled = w->controlled && !refused;
	w->over = !good;
}

static void walk_step(struct walk *w, size_t i)
{
	const struct step_result *s = &w->c->before->step[i];
	struct exchange x = { .fate = s->fate };
	struct answer an;
	bool control = strcmp(s->role, "control") == 0;

	/* Behind the step that decides stands the control that proves it. */
	if (w->over && !control)
		return;
	if (!control && (s->step < 0 || (size_t)s->step >= w->now->n_step)) {
		w->kept = KEPT_OTHER_STEPS;
		return;
	}
	if ((w->c->cut && w->c->cut[i]) || read_exchange(w, s, &x)) {
		w->kept = is_masked(w, &x) ? KEPT_MASKED : KEPT_NO_OCTETS;
		return;
	}
	answer_read(&an, &x, w->j->soap && str_eq(x.request.method, STR("POST")));
	/* A mask may take more than a secret, a tag of XML for one. */
	if (is_masked(w, &x) && an.outcome == OUTCOME_MALFORMED && s->outcome != an.outcome) {
		w->kept = KEPT_MASKED;
		return;
	}
	if (control)
		walk_control(w, &an);
	else if (strcmp(s->role, "challenge") == 0)
		walk_challenge(w, &an);
	else
		walk_probe(w, i, &x, &an);
}

/* Steps that are left out by repeat="0" are none. */
static bool all_were_sent(const struct walk *w)
{
	for (size_t i = (size_t)(w->last_step + 1); i < w->now->n_step; i++)
		if (suite_repeat(w->j->a, w->after->variant, &w->now->step[i], (struct str){ 0 }) >
		    0)
			return false;
	return w->last_step >= 0;
}

static void walk_end(struct walk *w)
{
	if (w->verdict >= VERDICT_SKIP)
		return;
	if (w->wants_control)
		conclude(w, VERDICT_INCONCLUSIVE, REASON_CONTROL,
			 STR("no control stands behind it in the evidence"));
	else if (!w->over && !all_were_sent(w))
		conclude(w, VERDICT_INCONCLUSIVE, REASON_STOPPED,
			 STR("what decided then conforms now, and the steps behind it were not "
			     "sent"));
}

/* --- the case --- */

/* What stays and what is today's. */
static void weigh_anew(struct variant_result *after, const struct case_standing *standing)
{
	bool form = after->reason == REASON_FORM;

	after->cite = standing->cite ? standing->cite : &after->variant->c->cite[0];
	after->gates = standing->gates && !form;
	if (form || (after->verdict != VERDICT_FAIL && after->verdict != VERDICT_WARN))
		return;
	after->verdict = judge_weight(after, VERDICT_FAIL);
	if (after->verdict == VERDICT_PASS)
		after->reason = REASON_NONE;
}

static enum kept before_steps(const struct rejudge_case *c)
{
	const struct variant_result *v = c->before;

	if (!v->variant)
		return KEPT_NO_CASE;
	if (v->variant->c->measure || v->variant->c->spellings)
		return KEPT_SEARCH;
	if (v->verdict >= VERDICT_SKIP)
		return KEPT_UNJUDGED;
	return v->n_step ? KEPT_NOT : KEPT_NO_OCTETS;
}

static enum kept walk_case(struct walk *w, const struct case_standing *standing)
{
	struct variant_result *after = w->after;

	for (size_t i = 0; i < w->c->before->n_step && w->kept == KEPT_NOT; i++)
		walk_step(w, i);
	if (w->kept != KEPT_NOT)
		return w->kept;
	/* A check that cannot be made anew says what it said. */
	if (w->blind && w->verdict < VERDICT_FAIL)
		return KEPT_MASKED;
	walk_end(w);
	after->cite = standing->cite;
	after->gates = standing->gates;
	judge_result(after, w->j->a, w->verdict, w->reason,
		     w->controls ? judge_proof(w->j->a, w->controls, w->message) : w->message);
	if (w->reason == REASON_FORM) {
		after->form = w->form;
		after->cite = w->form_cite;
		after->gates = false;
	} else {
		after->form = (struct str){ 0 };
	}
	return KEPT_NOT;
}

static void leave_out(struct variant_result *after, struct str reason)
{
	after->verdict = VERDICT_SKIP;
	after->reason = REASON_EXCEPTED;
	after->gates = false;
	after->message = reason;
	after->form = (struct str){ 0 };
}

enum kept rejudge(const struct rejudge *j, const struct rejudge_case *c,
		  struct variant_result *after, struct str *why)
{
	struct case_standing standing = { 0 };
	struct variant_result judged = *c->before;
	struct walk w = { .j = j, .c = c, .after = &judged, .last_step = -1 };
	enum kept kept = before_steps(c);

	*after = *c->before;
	*why = STR("");
	if (kept == KEPT_NO_CASE)
		return kept;
	w.now = after->variant->c;
	standing = profile_standing(j->profile, w.now);
	if (!standing.cite) {
		leave_out(after, standing.excepted.p ? standing.excepted
						     : STR("the profile does not ask for it"));
		return KEPT_NOT;
	}
	if (kept == KEPT_NOT)
		kept = walk_case(&w, &standing);
	*why = w.why;
	if (kept == KEPT_NOT) {
		bool same = judged.verdict == after->verdict && judged.reason == after->reason;

		if (same) { /* its words say more: they are of the unmasked octets */
			judged.message = after->message;
			judged.form = after->form;
		}
		*after = judged;
	} else {
		weigh_anew(after, &standing);
	}
	return kept;
}

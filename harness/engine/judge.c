/* judge.c - from an answer to a verdict: what was expected, what came, and in which form. */
#include "engine/internal.h"

static bool refusal(enum outcome o)
{
	unsigned refused = 0;
	struct err err = { 0 };

	return !outcome_set_parse(STR("refused"), &refused, &err) && (refused & OUTCOME_BIT(o));
}

/* The step asks for a refusal, of whatever kind. */
static bool any_refusal_will_do(unsigned expect)
{
	unsigned refused = 0;
	struct err err = { 0 };

	return !outcome_set_parse(STR("refused"), &refused, &err) && (expect & refused) == refused;
}

/* A 4xx that lets nobody in, however broken its form: the decision is a refusal. */
static bool refused_in_substance(const struct answer *an)
{
	return an->outcome == OUTCOME_MALFORMED && an->status >= 400 && an->status < 500;
}

/* The clauses that a wrong form breaks. */
#define CITE(clause, level)                                                                        \
	{                                                                                          \
		{ clause, sizeof(clause) - 1 }, level                                              \
	}
static const struct cite challenge_cite = CITE("rfc9110#11.6.1.challenge", LEVEL_MUST);
static const struct cite status_cite = CITE("rfc9110#11.4.invalid", LEVEL_SHOULD);
static const struct cite fault_cite = CITE("onvif-core#5.8.2.2.not-authorized", LEVEL_MUST);
#undef CITE

/* SOAP 1.2 part 1, 2.6 and 5.4.7, and ONVIF Core 5.8.2.2: an envelope of another version, one that
 * is no well-formed message, and a header that is not understood end a message before anybody asks
 * whose it is, so the faults that say so are no answers about credentials.
 */
static bool is_about_the_envelope(const struct soap_message *m)
{
	return str_eq(m->fault_code, STR("MustUnderstand")) ||
	       str_eq(m->fault_code, STR("VersionMismatch")) ||
	       (m->n_subcode && str_eq(m->subcode[0], STR("WellFormed")));
}

/* The form of a right refusal, judged apart from the decision (design, section 6). */
static void form_of_refusal(struct step_judgement *j, struct arena *a, const struct answer *an)
{
	if (refused_in_substance(an)) {
		j->form = arena_fmt(a, "refused, but in a broken form: %.*s", STR_ARG(an->why));
		j->cite = &challenge_cite;
	} else if (an->status == 401 && !an->challenge.n) {
		j->form = STR("refused, but the 401 carries no challenge");
		j->cite = &challenge_cite;
	} else if (an->outcome == OUTCOME_FORBIDDEN) {
		j->form = STR(
			"refused, but with 403, which is for valid credentials without the right; "
			"401 tells a client to try others");
		j->cite = &status_cite;
	} else if (an->outcome == OUTCOME_FAULT && !is_about_the_envelope(&an->message)) {
		struct str sub = an->message.n_subcode ? an->message.subcode[0] : STR("no Subcode");

		j->form = arena_fmt(a,
				    "refused, but with fault %.*s / %.*s in place of env:Sender / "
				    "ter:NotAuthorized",
				    STR_ARG(an->message.fault_code), STR_ARG(sub));
		j->cite = &fault_cite;
	}
}

static void unexpected(struct step_judgement *j, struct arena *a, unsigned expect,
		       const struct answer *an)
{
	bool wants_refusal = !(expect & OUTCOME_BIT(OUTCOME_ACCEPTED));
	bool refused = refusal(an->outcome) || refused_in_substance(an);

	j->verdict = VERDICT_FAIL;
	j->reason = wants_refusal && refused ? REASON_OUTCOME : REASON_DECISION;
	j->message = arena_fmt(a, "expected %.*s, got %.*s", STR_ARG(outcome_set_text(a, expect)),
			       STR_ARG(answer_text(a, an)));
}

struct step_judgement judge_step(const struct suite_step *s, const struct answer *an,
				 const struct check_context *cx)
{
	struct step_judgement j = { .verdict = VERDICT_PASS };
	struct arena *a = cx->a;
	bool listed = s->expect & OUTCOME_BIT(an->outcome);

	j.message = arena_fmt(a, "%.*s", STR_ARG(answer_text(a, an)));
	if (!listed && !(any_refusal_will_do(s->expect) && refused_in_substance(an))) {
		unexpected(&j, a, s->expect, an);
		return j;
	}
	for (size_t i = 0; i < s->n_check; i++) {
		struct str why = { 0 };

		if (!check_run(&s->check[i], cx, &why))
			continue;
		j.verdict = VERDICT_FAIL;
		j.reason = REASON_CHECK;
		j.message = arena_fmt(a, "%.*s does not hold: %.*s", STR_ARG(s->check[i].name),
				      STR_ARG(why));
		return j;
	}
	if (an->outcome != OUTCOME_ACCEPTED && any_refusal_will_do(s->expect) && !s->n_check)
		form_of_refusal(&j, a, an);
	if (j.form.p) {
		j.verdict = VERDICT_WARN;
		j.reason = REASON_FORM;
	}
	return j;
}

/* Does the profile speak of this clause at all? */
bool judge_cares(const struct profile *p, const struct cite *cite)
{
	struct cite one = *cite;
	struct suite_case c = { .cite = &one, .n_cite = 1 };

	return profile_standing(p, &c).cite;
}

void judge_form(const struct profile *p, struct step_judgement *j)
{
	if (j->reason != REASON_FORM || judge_cares(p, j->cite))
		return;
	j->verdict = VERDICT_PASS;
	j->reason = REASON_NONE;
}

struct str judge_proof(struct arena *a, size_t controls, struct str message)
{
	if (!controls)
		return arena_str(a, message);
	return arena_fmt(a, "%.*s; %s accepted", STR_ARG(message),
			 controls == 1 ? "the control beside it was"
				       : "the controls before and after it were");
}

void judge_result(struct variant_result *r, struct arena *a, enum verdict v, enum reason why,
		  struct str message)
{
	r->verdict = judge_weight(r, v);
	r->reason = r->verdict == VERDICT_PASS ? REASON_NONE : why;
	r->message = v == VERDICT_FAIL && r->verdict == VERDICT_PASS
			     ? arena_fmt(a, "observed: %.*s", STR_ARG(message))
			     : arena_str(a, message);
}

/* What a broken assertion comes to under the profile: design, sections 5 and 6. */
enum verdict judge_weight(const struct variant_result *r, enum verdict v)
{
	if (v != VERDICT_FAIL)
		return v;
	if (r->cite && r->cite->level == LEVEL_MEASURE)
		return VERDICT_PASS;
	return r->gates ? VERDICT_FAIL : VERDICT_WARN;
}

/* second.c - the survey's questions about a second endpoint: the media service.
 *
 * Devices serve it by other code than the device service, and often with other challenges.
 */
#include "engine/survey.h"

/* Where it is, if it is on the same host; GetCapabilities needs no credentials. */
bool media_arises(struct engine *e, struct survey_task *s)
{
	s->step = (struct suite_step){ .operation = STR("GetCapabilities"), .anonymous = true };
	return !e->o.http_kind;
}

void media_answered(struct engine *e, struct survey_task *s, const struct answer *an,
		    const struct exchange *x)
{
	struct url_parts u;
	struct err err = { 0 };
	struct str addr;

	(void)s;
	(void)x;
	if (an->outcome != OUTCOME_ACCEPTED)
		return;
	addr = soap_leaf_text(&an->message, "Media", "XAddr");
	if (!addr.p || url_parse(str_trim(addr), &u, &err) || str_eq(u.target, e->url.target))
		return;
	e->r->survey.second.path = arena_str(&e->r->a, u.target);
}

/* The bare request, whose challenges the card shows.  With Digest it is the one that any answer to
 * a challenge needs before it, so only other mechanisms send one request more for it.
 */
bool open_arises(struct engine *e, struct survey_task *s)
{
	s->step = (struct suite_step){ .path = STR("second"), .anonymous = true };
	return e->r->survey.second.path.p;
}

void open_answered(struct engine *e, struct survey_task *s, const struct answer *an,
		   const struct exchange *x)
{
	struct survey_endpoint *second = &e->r->survey.second;

	(void)s;
	(void)x;
	second->anonymous = an->outcome;
	second->anonymous_status = an->status;
	second->challenge = survey_challenges(e, an);
}

bool second_arises(struct engine *e, struct survey_task *s)
{
	const struct survey_endpoint *second = &e->r->survey.second;
	struct err err = { 0 };

	if (!second->path.p)
		return false;
	s->step = (struct suite_step){ .path = STR("second"),
				       .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };
	survey_ask_with(s, e->mech, (struct str){ 0 });
	if (e->mech != MECH_DIGEST || !session_take(&s->session, &s->a, &second->challenge, &err))
		return true;
	/* Nothing to answer: open to all, or closed to what the first endpoint takes. */
	feature_set(e, "second-path", second->anonymous == OUTCOME_ACCEPTED);
	return false;
}

void second_answered(struct engine *e, struct survey_task *s, const struct answer *an,
		     const struct exchange *x)
{
	(void)s;
	(void)x;
	feature_set(e, "second-path", an->outcome == OUTCOME_ACCEPTED);
}

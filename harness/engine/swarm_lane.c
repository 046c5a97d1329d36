/* swarm_lane.c - one client of a swarm: it keeps a session, sends a spelling or a control, and
 * tells the swarm how it was answered.
 */
#include "engine/swarm.h"

#define RENEWALS 1 /* of a challenge, for one errand */
#define LOSSES   1 /* of a connection, before it counts as the answer */
#define CONTROLS 3 /* refused ones, before the swarm gives up */

void lane_free(struct lane *l)
{
	arena_free(&l->a);
}

void lane_begin(struct lane *l, enum errand errand)
{
	l->errand = errand;
	l->renewed = l->lost = 0;
}

static bool needs_challenge(const struct lane *l)
{
	return l->s->g->mech == MECH_DIGEST &&
	       (!l->has_challenge || !l->session.memory.has_digest ||
		(l->fresh_each_time && l->session.memory.nc));
}

/* --- the request --- */

static int build_bare(struct engine *e, struct lane *l, struct arena *a, struct err *err)
{
	const struct suite_step plain = { .expect = OUTCOME_BIT(OUTCOME_ACCEPTED) };

	return build_request(e, &plain, NULL, (struct binding){ 0 }, &l->session, a, true,
			     &l->built, err);
}

/* Draw until the verifier agrees; a spelling on its way to be smaller is simply no hit then. */
static enum spelled build_probe(struct engine *e, struct lane *l, struct arena *a, struct err *err)
{
	struct swarm *s = l->s;
	struct asked *asked = &s->asked[l->index];

	for (;;) {
		enum spelled done = spelled_request(e, s->g, &l->spelling, &l->session, &l->a, a,
						    &l->built, err);

		if (done != SPELLED_WRONGLY || s->shrinking || !s->g->hostile ||
		    asked->attempt + 1 >= ATTEMPTS || e->o.replay)
			return done;
		asked->attempt++;
		*err = (struct err){ 0 };
		if (swarm_draw(e, s, l->index, &l->spelling, err))
			return SPELLED_NOT;
	}
}

static enum spelled build(struct engine *e, struct lane *l, struct arena *a, struct err *err)
{
	if (l->asking)
		return build_bare(e, l, a, err) ? SPELLED_NOT : SPELLED;
	if (l->errand == ERRAND_CONTROL)
		return spelled_request(e, l->s->g, NULL, &l->session, &l->a, a, &l->built, err);
	return build_probe(e, l, a, err);
}

struct exchange *lane_send(struct engine *e, struct lane *l)
{
	struct exchange *x = exchange_new(e, OWNER_SWARM, l);
	struct swarm *s = l->s;
	struct err err = { 0 };
	enum spelled done;

	if (!x)
		return NULL;
	if (l->epoch != e->epoch)
		l->has_challenge = false;
	l->epoch = e->epoch;
	l->asking = needs_challenge(l);
	done = build(e, l, x->a, &err);
	if (done == SPELLED) {
		x->request = l->built.request;
		marker_add(e, x, &x->request, s->result->variant->id);
		x->fresh_connection = l->lost > 0;
		l->in_flight = true;
		return x;
	}
	exchange_free(x);
	if (done == SPELLED_WRONGLY && s->shrinking)
		swarm_told(e, s, l, false, NULL, NULL);
	else
		swarm_give_up(e, s, VERDICT_ERROR, REASON_HARNESS,
			      arena_str(&e->r->a, str(err.text)));
	return NULL;
}

/* --- the answer --- */

/* Take a new challenge into a new arena: the old one's memory goes. */
static int renew(struct lane *l, const struct challenge_list *list)
{
	struct arena a;
	struct session s = { 0 };
	struct err err = { 0 };

	arena_init(&a, TRIAL_ARENA_MAX);
	if (session_take(&s, &a, list, &err)) {
		arena_free(&a);
		return -1;
	}
	arena_free(&l->a);
	l->a = a;
	l->session = s;
	l->has_challenge = true;
	return 0;
}

static bool is_gone(const struct answer *an)
{
	return an->outcome == OUTCOME_CLOSED || an->outcome == OUTCOME_TIMEOUT;
}

/* Right credentials that were refused: for an old nonce, which any client would answer by itself?
 */
static bool again_with_new_nonce(struct lane *l, const struct answer *an)
{
	bool challenged = an->outcome == OUTCOME_CHALLENGED || an->outcome == OUTCOME_STALE;
	bool used = l->session.memory.nc > 1 || an->outcome == OUTCOME_STALE;

	if (l->s->g->mech != MECH_DIGEST || !challenged || !used || l->renewed >= RENEWALS)
		return false;
	if (renew(l, &an->challenge))
		return false;
	l->renewed++;
	l->was_stale = an->outcome == OUTCOME_STALE;
	return true;
}

/* Accepted with a new nonce, and the old one was not called stale: the target's nonces serve once.
 */
static void note_one_shot(struct lane *l)
{
	if (l->renewed && !l->was_stale && l->session.memory.nc == 1)
		l->fresh_each_time = true;
}

static void control_refused(struct engine *e, struct lane *l, const struct answer *an)
{
	struct str text = answer_text(&e->r->a, an);

	l->has_challenge = false;
	if (++l->refused_controls >= CONTROLS) {
		swarm_give_up(
			e, l->s, VERDICT_INCONCLUSIVE, REASON_CONTROL,
			arena_fmt(&e->r->a, "the control was not accepted: %.*s", STR_ARG(text)));
		return;
	}
	lane_begin(l, ERRAND_CONTROL);
	doctor_call(e, NULL, is_gone(an) ? REASON_UNREACHABLE : REASON_CONTROL, text);
}

static void own_control_done(struct engine *e, struct lane *l, const struct exchange *x,
			     const struct answer *an)
{
	if (an->outcome != OUTCOME_ACCEPTED) {
		if (again_with_new_nonce(l, an))
			l->stale_control = true;
		else
			control_refused(e, l, an);
		return;
	}
	l->refused_controls = 0;
	note_one_shot(l);
	swarm_told(e, l->s, l, true, x, an);
}

static void probe_done(struct engine *e, struct lane *l, const struct exchange *x,
		       const struct answer *an)
{
	bool hostile = l->s->g->hostile, accepted = an->outcome == OUTCOME_ACCEPTED;

	if (accepted && !hostile)
		note_one_shot(l);
	/* Mutated octets may cost the connection: the control tells whether that was all. */
	if (!hostile && is_gone(an) && l->lost < LOSSES) {
		l->lost++;
		l->has_challenge = false;
		doctor_call(e, NULL, REASON_UNREACHABLE, answer_text(&e->r->a, an));
		return;
	}
	if (!hostile && !accepted && again_with_new_nonce(l, an))
		return;
	if (is_gone(an))
		l->has_challenge = false;
	if (!l->s->shrinking)
		l->s->asked[l->index].gone = is_gone(an);
	swarm_told(e, l->s, l, accepted == hostile, x, an);
}

static void challenge_done(struct engine *e, struct lane *l, const struct answer *an)
{
	bool came = an->outcome == OUTCOME_CHALLENGED || an->outcome == OUTCOME_STALE;

	if (!came || renew(l, &an->challenge))
		control_refused(e, l, an);
}

void swarm_done(struct engine *e, void *lane, struct exchange *x)
{
	struct lane *l = lane;
	struct answer an;

	l->in_flight = false;
	answer_read(&an, x, !e->o.http_kind);
	if (!l->asking && engine_counts_as_failure(&an))
		l->s->result->failed_logins++;
	if (engine_watch(e, &an, !l->asking) || l->s->finished)
		return;
	if (l->asking)
		challenge_done(e, l, &an);
	else if (l->errand == ERRAND_CONTROL)
		own_control_done(e, l, x, &an);
	else
		probe_done(e, l, x, &an);
}

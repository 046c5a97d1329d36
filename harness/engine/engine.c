/* engine.c - the scheduler: who may send next, and who gets an answer. */
#include "engine/internal.h"

#include "base/mem.h"
#include <stdio.h>

#define TRIALS_MAX 256 /* alive at once, parked ones included */

void engine_disturb(struct engine *e, enum reason why)
{
	e->epoch++;
	e->epoch_reason = why;
	for (struct control *k = e->controls; k; k = k->next) {
		k->has_challenge = false;
		k->ok_start = 0;
		k->bad = k->hopeless = false;
	}
}

void engine_stop(struct engine *e, enum reason why, const char *cause)
{
	if (e->stopped)
		return;
	e->stopped = true;
	e->r->cause = arena_str(&e->r->a, str(cause));
	e->r->cause_reason = why;
}

void variant_finish(struct engine *e, struct variant_result *r)
{
	size_t i = (size_t)(r - e->r->variant);

	if (e->variant_done[i])
		return;
	e->variant_done[i] = true;
	e->r->count[r->verdict]++;
	if (r->started_ms)
		r->took_ms = world_mono_ms(e->world) - r->started_ms;
	e->n_done++;
	if (e->o.finished)
		e->o.finished(e->o.progress_ctx, r);
	if (e->o.progress)
		e->o.progress(e->o.progress_ctx, e->r, e->n_done, e->r->n_variant);
}

/* --- life --- */

static void draw(void *ctx, void *out, size_t n)
{
	struct engine *e = ctx;

	rng_fill(&e->rng, out, n);
}

static int64_t pass_mono(void *ctx)
{
	return world_mono_ms(((struct engine *)ctx)->world);
}

static int64_t pass_wall(void *ctx)
{
	return world_wall_ms(((struct engine *)ctx)->world);
}

/* Nonces must not come again in a second run of one seed (the target remembers them), so the start
 * of the run is mixed in; with the virtual clock it is always the same, and so are all octets.
 */
static void seed_rng(struct engine *e, struct str what)
{
	char start[24];
	uint8_t seed[HASH_MAX];
	struct err err = { 0 };

	snprintf(start, sizeof(start), "%lld", (long long)e->r->started_wall_ms);
	if (hash_parts(HASH_SHA256, HASH_PARTS(e->r->seed, STR(":"), what, STR(":"), str(start)),
		       seed, &err))
		world_random(e->world, seed, sizeof(seed));
	rng_seed(&e->rng, seed);
}

static int make_account(struct engine *e, struct err *err)
{
	struct arena *a = &e->r->a;
	struct str wrong = arena_str(a, e->o.account.password);
	char *p = (char *)(uintptr_t)wrong.p;

	/* Another first octet, so that a device that compares only a prefix refuses it all the
	 * same. */
	if (wrong.n)
		p[0] = p[0] == 'x' ? 'y' : 'x';
	else
		wrong = STR("x");
	e->in = (struct craft_in){
		.account = e->o.account,
		.wrong_user = STR("countersign-nobody"),
		.wrong_password = wrong,
		.world = &e->craft_world,
		.origin = e->url.origin,
	};
	return arena_check(a, err);
}

struct engine *engine_new(const struct engine_options *o, const struct world *world,
			  struct run_result *r, struct err *err)
{
	struct engine *e = mem_alloc(sizeof(*e));

	if (!e) {
		err_set(err, ERR_NOMEM, "no memory for a run");
		return NULL;
	}
	e->o = *o;
	e->world = world;
	e->r = r;
	/* "Never two in a row" needs one at a time. */
	if (e->o.connections < 1 || (e->o.budget.in_row && !e->o.lab))
		e->o.connections = 1;
	e->craft_world = (struct world){ pass_mono, pass_wall, draw, e };
	r->target = arena_str(&r->a, o->url);
	r->kind = o->http_kind ? STR("http") : STR("onvif");
	r->user = arena_str(&r->a, o->account.user);
	r->seed = arena_str(&r->a, o->seed);
	r->profile = o->profile;
	r->shard = o->shard;
	r->catalogue = o->catalogue;
	r->started_wall_ms = world_wall_ms(world);
	e->started_ms = world_mono_ms(world);
	seed_rng(e, STR("run"));
	if (url_parse(r->target, &e->url, err) || marker_start(e, err) || make_account(e, err) ||
	    plan_make(e, err) || !(e->survey = survey_new(e))) {
		if (!err->code)
			err_set(err, ERR_NOMEM, "no memory for the survey");
		engine_free(e);
		return NULL;
	}
	return e;
}

void engine_free(struct engine *e)
{
	if (!e)
		return;
	flights_free(e);
	while (e->trials) {
		struct trial *t = e->trials;

		e->trials = t->next;
		trial_free(t);
	}
	while (e->controls) {
		struct control *k = e->controls;

		e->controls = k->next;
		control_free(k);
	}
	while (e->measures) {
		struct measure *m = e->measures;

		e->measures = m->next;
		measure_free(m);
	}
	swarm_free(e->swarm);
	survey_free(e->survey);
	mem_free(e);
}

/* --- what may be sent now --- */

static void reap(struct engine *e)
{
	struct trial **at = &e->trials;

	while (*at) {
		struct trial *t = *at;

		if (t->phase != PHASE_END) {
			at = &t->next;
			continue;
		}
		*at = t->next;
		trial_free(t);
	}
}

static struct exchange *next_of_trials(struct engine *e)
{
	struct exchange *x = NULL;

	for (struct trial *t = e->trials; t && !x && !e->stopped; t = t->next)
		x = trial_next(e, t);
	reap(e);
	return x;
}

static int busy_trials(const struct engine *e)
{
	int n = 0;

	for (const struct trial *t = e->trials; t; t = t->next)
		n += t->phase != PHASE_PARKED;
	return n;
}

static size_t all_trials(const struct engine *e)
{
	size_t n = 0;

	for (const struct trial *t = e->trials; t; t = t->next)
		n++;
	return n;
}

/* Those that run alone wait for the others, and the others for them. */
static bool has_room(const struct engine *e, const struct suite_case *c)
{
	if (all_trials(e) >= TRIALS_MAX)
		return false;
	if (plan_is_alone(c))
		return !e->trials && !e->in_flight;
	return !e->trials || !plan_is_alone(e->trials->c);
}

/* Take the next variant off the queue; false when there is none. */
static bool start_variant(struct engine *e)
{
	struct variant_result *r;
	struct measure *m;

	if (e->o.open)
		return open_start(e);
	if (e->next_queue == e->n_queue || !has_room(e, e->queue[e->next_queue]->variant->c))
		return false;
	r = e->queue[e->next_queue];
	if (r->variant->c->spellings && e->trials)
		return false;
	e->next_queue++;
	/* The plan counted what cases may cost; unexpected refusals cost too. */
	if (plan_over_budget(e, r->variant->c, e->r->failed_logins)) {
		plan_skip_budget(e, r);
		return true;
	}
	r->started_ms = world_mono_ms(e->world);
	if (r->variant->c->spellings)
		return (e->swarm = swarm_new(e, r)) != NULL;
	if (!r->variant->c->measure)
		return trial_new(e, r);
	m = measure_new(e, r);
	if (m)
		measure_round(e, m);
	return m;
}

static struct exchange *next_of_cases(struct engine *e)
{
	struct exchange *x;

	for (;;) {
		x = control_next(e);
		if (x || e->stopped)
			return x;
		if (e->swarm && !swarm_finished(e->swarm))
			return swarm_next(e, e->swarm);
		swarm_free(e->swarm);
		e->swarm = NULL;
		x = next_of_trials(e);
		if (x || e->stopped)
			return x;
		x = control_next(e); /* a trial may just have asked for one */
		if (x || e->stopped || e->doctor.phase != DOCTOR_IDLE)
			return x;
		if (busy_trials(e) >= e->o.connections || !start_variant(e))
			return NULL;
	}
}

static void survey_over(struct engine *e)
{
	e->surveyed = true;
	if (e->o.survey_only || e->stopped)
		e->next_queue = e->n_queue;
	else
		plan_after_survey(e);
	if (e->o.progress)
		e->o.progress(e->o.progress_ctx, e->r, e->n_done, e->r->n_variant);
}

static struct exchange *pick(struct engine *e)
{
	struct exchange *x;

	if (!e->surveyed) {
		x = survey_next(e, e->survey);
		if (x || !survey_finished(e->survey))
			return x;
		survey_over(e);
	}
	if (e->stopped || e->o.survey_only)
		return NULL;
	if (e->doctor.phase != DOCTOR_IDLE)
		return doctor_next(e);
	return next_of_cases(e);
}

struct exchange *engine_next(struct engine *e)
{
	struct exchange *x;

	if (e->stopped || e->in_flight >= e->o.connections)
		return NULL;
	x = pick(e);
	if (!x)
		return NULL;
	e->in_flight++;
	((struct owner *)x->owner)->start = ++e->sequence;
	return x;
}

/* --- answers --- */

static void to_survey(struct engine *e, void *p, struct exchange *x)
{
	survey_done_exchange(e, p, x);
}

static void to_control(struct engine *e, void *p, struct exchange *x)
{
	control_done(e, p, x);
}

static void to_trial(struct engine *e, void *p, struct exchange *x)
{
	trial_done(e, p, x);
}

static void to_swarm(struct engine *e, void *p, struct exchange *x)
{
	swarm_done(e, p, x);
}

static void to_doctor(struct engine *e, void *p, struct exchange *x)
{
	(void)p;
	doctor_done(e, x);
}

static void (*const receivers[])(struct engine *e, void *p, struct exchange *x) = {
	[OWNER_SURVEY] = to_survey, [OWNER_CONTROL] = to_control, [OWNER_TRIAL] = to_trial,
	[OWNER_DOCTOR] = to_doctor, [OWNER_SWARM] = to_swarm,
};

void engine_done(struct engine *e, struct exchange *x)
{
	struct owner *o = x->owner;

	e->in_flight--;
	e->sequence++;
	e->r->exchanges++;
	if (e->r->exchanges > e->exchanges_max + e->swarm_exchanges)
		engine_stop(e, REASON_HARNESS, "more exchanges than any plan needs: a loop");
	if (!e->stopped)
		receivers[o->kind](e, o->p, x);
	exchange_free(x);
}

int64_t engine_wait_ms(const struct engine *e)
{
	int64_t now = world_mono_ms(e->world), least = 1000;

	if (e->doctor.phase == DOCTOR_PAUSE)
		return e->doctor.wake_ms > now ? e->doctor.wake_ms - now : 0;
	if (!e->in_flight && e->trials)
		least = INT64_MAX;
	for (const struct trial *t = e->trials; t; t = t->next)
		if (t->phase == PHASE_PARKED && t->wake_ms - now < least)
			least = t->wake_ms > now ? t->wake_ms - now : 0;
	return least == INT64_MAX ? 1000 : least;
}

bool engine_finished(const struct engine *e)
{
	if (e->stopped)
		return true;
	return e->surveyed && !e->in_flight && !e->trials && !e->swarm &&
	       e->next_queue == e->n_queue && e->doctor.phase == DOCTOR_IDLE &&
	       (!e->o.open || e->open_over);
}

struct engine_plan engine_plan(const struct engine *e)
{
	return e->plan;
}

/* --- the loop --- */

/* Whatever has no verdict yet was not decided: say so, each by itself. */
static void settle(struct engine *e)
{
	if (e->swarm)
		swarm_give_up(e, e->swarm, VERDICT_INCONCLUSIVE,
			      e->r->cause.p ? e->r->cause_reason : REASON_STOPPED,
			      e->r->cause.p ? e->r->cause : STR("the run stopped"));
	for (size_t i = 0; i < e->r->n_variant && !e->o.survey_only; i++) {
		struct variant_result *r = &e->r->variant[i];

		if (e->variant_done[i])
			continue;
		r->verdict =
			e->r->cause_reason == REASON_HARNESS ? VERDICT_ERROR : VERDICT_INCONCLUSIVE;
		r->reason = e->r->cause.p ? e->r->cause_reason : REASON_STOPPED;
		r->message = e->r->cause.p ? arena_fmt(&e->r->a, "not decided: %.*s",
						       STR_ARG(e->r->cause))
					   : STR("not decided: the run stopped");
		variant_finish(e, r);
	}
	e->r->took_ms = world_mono_ms(e->world) - e->started_ms;
	cause_look(e->r);
}

int engine_round(struct engine *e, struct wire *w, int64_t wait_ms, bool *came, struct err *err)
{
	struct exchange *x;

	*came = false;
	while ((x = engine_next(e)))
		if (w->ops->submit(w, x, err))
			return -1;
	if (engine_finished(e))
		return 0;
	x = NULL;
	if (w->ops->next(w, wait_ms, &x, err))
		return -1;
	if (x)
		engine_done(e, x);
	*came = x != NULL;
	return 0;
}

void engine_end(struct engine *e, const struct err *failed)
{
	if (failed)
		engine_stop(e, REASON_HARNESS, failed->text);
	settle(e);
}

int engine_drive(struct engine *e, struct wire *w, const volatile sig_atomic_t *interrupted,
		 struct err *err)
{
	bool came;
	int failed = 0;

	while (!failed && !engine_finished(e)) {
		if (interrupted && *interrupted)
			engine_stop(e, REASON_INTERRUPTED, "interrupted");
		failed = engine_round(e, w, engine_wait_ms(e), &came, err);
	}
	engine_end(e, failed ? err : NULL);
	return failed;
}

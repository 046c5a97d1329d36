/* plan.c - what is run, in which order, and what it may cost. */
#include "engine/internal.h"

#include <stdio.h>
#include <stdlib.h>

/* --- order --- */

enum order {
	ORDER_SLOW,
	ORDER_ANONYMOUS,
	ORDER_ACCEPTED,
	ORDER_STATE,
	ORDER_MEASURE,
	ORDER_WRONG,
	ORDER_ALONE,
	ORDER_SPELLINGS, /* alone, when everything else is over */
	ORDER_HOSTILE,
	ORDER_LOCK /* whatever came after it would find a locked account */
};

bool plan_is_alone(const struct suite_case *c)
{
	if (!c->measure)
		return false;
	for (size_t i = 0; i < c->n_step; i++)
		if (c->step[i].repeat.p)
			return true;
	return c->measure->sample != SAMPLE_NONE;
}

static enum order order_of(const struct suite_case *c)
{
	bool anonymous = true, accepted = true;

	if (c->spellings)
		return c->spellings->hostile ? ORDER_HOSTILE : ORDER_SPELLINGS;
	for (size_t i = 0; i < c->n_step; i++) {
		const struct suite_step *s = &c->step[i];

		anonymous = anonymous && s->anonymous && !s->header.n;
		accepted = accepted && (s->expect & OUTCOME_BIT(OUTCOME_ACCEPTED));
	}
	if (suite_awaits_lock(c))
		return ORDER_LOCK;
	if (plan_is_alone(c))
		return ORDER_ALONE;
	if (c->slow) /* first, so that its wait runs beside everything else */
		return ORDER_SLOW;
	if (anonymous)
		return ORDER_ANONYMOUS;
	if (c->measure)
		return ORDER_MEASURE;
	if (accepted)
		return ORDER_ACCEPTED;
	return c->failures ? ORDER_WRONG : ORDER_STATE;
}

static int by_order(const void *a, const void *b)
{
	const struct variant_result *x = *(struct variant_result *const *)a;
	const struct variant_result *y = *(struct variant_result *const *)b;
	enum order i = order_of(x->variant->c), j = order_of(y->variant->c);

	if (i != j)
		return i < j ? -1 : 1;
	/* With a budget, what gates goes first; else the order of the catalogue. */
	if (i == ORDER_WRONG && x->gates != y->gates)
		return x->gates ? -1 : 1;
	return x < y ? -1 : x > y;
}

/* --- selection --- */

static bool matches(const struct str *pattern, size_t n, const struct suite_variant *v)
{
	for (size_t i = 0; i < n; i++)
		if (str_glob(v->id, pattern[i]) || str_glob(v->c->id, pattern[i]))
			return true;
	return false;
}

static bool is_exact(const struct engine *e, const struct suite_variant *v)
{
	for (size_t i = 0; i < e->o.n_exact; i++)
		if (str_eq(v->id, e->o.exact[i]) || str_eq(v->c->id, e->o.exact[i]))
			return true;
	return false;
}

static int pattern_used(const struct engine *e, struct str pattern, const char *option,
			struct err *err)
{
	const struct catalogue *c = e->o.catalogue;
	struct arena a;
	bool used = false;

	arena_init(&a, TRIAL_ARENA_MAX);
	for (size_t i = 0; i < c->n_case && !used; i++) {
		struct suite_variant *v = NULL;
		size_t n = 0;

		used = str_glob(c->c[i].id, pattern);
		if (used || suite_expand(&a, &c->c[i], &v, &n, err))
			continue;
		for (size_t j = 0; j < n; j++)
			used = used || str_glob(v[j].id, pattern);
	}
	arena_free(&a);
	if (used)
		return 0;
	return err_set(err, ERR_INPUT, "%s %.*s matches no case; countersign list shows all",
		       option, STR_ARG(pattern));
}

void plan_skip(struct engine *e, struct variant_result *r, enum reason why, struct str message)
{
	r->verdict = VERDICT_SKIP;
	r->reason = why;
	r->message = message;
	variant_finish(e, r);
}

static void seed_of(const struct engine *e, const struct suite_case *c, struct rng_seed *out)
{
	const struct str part[] = { e->r->seed, STR(":"), c->id };
	struct err err = { 0 };

	if (hash_parts(HASH_SHA256, part, COUNT(part), out->octets, &err))
		memset(out, 0, sizeof(*out));
}

/* Room for all variants first: results do not move once their addresses are out. */
static size_t count_variants(const struct catalogue *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_case; i++) {
		size_t product = 1;

		for (size_t j = 0; j < c->c[i].n_axis; j++)
			product *= c->c[i].axis[j].n;
		n += product;
	}
	return n;
}

/* Why a case of spellings that was named is not run; .p NULL: it is. */
static struct str spellings_missing(const struct engine *e, const struct suite_case *c)
{
	if (!swarm_total(e, c))
		return c->spellings->hostile
			       ? STR("it sends as many mutated requests as --hostile N says")
			       : STR("it sends as many spellings as --spellings N says");
	if (c->spellings->hostile && !e->o.lab && !e->o.loopback && c->risk > e->o.risk)
		return STR("it sends mutated requests, for a device on a bench: --lab allows that");
	return (struct str){ 0 };
}

/* Everything that a case's own attributes have against running it. */
static enum reason obstacle(struct engine *e, const struct suite_case *c, struct str *why)
{
	if (c->spellings) {
		*why = spellings_missing(e, c);
		return why->p ? REASON_RISK : REASON_NONE;
	}
	if (c->risk > e->o.risk) {
		*why = arena_fmt(&e->r->a, "its risk is %s; --risk %s runs it", risk_name(c->risk),
				 risk_name(c->risk));
		return REASON_RISK;
	}
	*why = STR("it takes minutes; --slow runs it");
	return c->slow && !e->o.slow ? REASON_SLOW : REASON_NONE;
}

int shard_of_case(struct str case_id, int total)
{
	uint8_t sum[HASH_MAX];
	struct err ignored = { 0 };
	uint64_t n = 0;

	if (hash_parts(HASH_SHA256, &case_id, 1, sum, &ignored))
		return 1;
	for (size_t i = 0; i < sizeof(n); i++)
		n = n << 8 | sum[i];
	return (int)(n % (uint64_t)total) + 1;
}

static bool in_shard(const struct engine *e, const struct suite_case *c)
{
	const struct shard *s = &e->o.shard;

	return !s->total || shard_of_case(c->id, s->total) == s->index;
}

static int add_case(struct engine *e, const struct suite_case *c, struct err *err)
{
	struct case_standing standing = profile_standing(e->o.profile, c);
	struct suite_variant *v = NULL;
	struct str obstacle_text = { 0 };
	enum reason why;
	size_t n = 0;

	if ((!standing.cite && !standing.excepted.p) || !in_shard(e, c))
		return 0;
	if (c->spellings && !swarm_total(e, c) && !e->o.n_only && !e->o.n_exact)
		return 0; /* nobody asked */
	if (suite_expand(&e->r->a, c, &v, &n, err))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct variant_result *r = &e->r->variant[e->r->n_variant];

		if ((e->o.n_exact && !is_exact(e, &v[i])) ||
		    (e->o.n_only && !matches(e->o.only, e->o.n_only, &v[i])) ||
		    matches(e->o.skip, e->o.n_skip, &v[i]))
			continue;
		e->r->n_variant++;
		r->variant = &v[i];
		r->cite = standing.cite ? standing.cite : &c->cite[0];
		r->gates = standing.gates;
		r->deciding = -1;
		seed_of(e, c, &r->seed);
		why = obstacle(e, c, &obstacle_text);
		if (standing.excepted.p)
			plan_skip(e, r, REASON_EXCEPTED,
				  arena_fmt(&e->r->a, "the profile leaves it out: %.*s",
					    STR_ARG(standing.excepted)));
		else if (why != REASON_NONE)
			plan_skip(e, r, why, obstacle_text);
		else
			e->queue[e->n_queue++] = r;
	}
	return 0;
}

int plan_make(struct engine *e, struct err *err)
{
	const struct catalogue *c = e->o.catalogue;
	size_t room = count_variants(c) + 1;

	for (size_t i = 0; i < e->o.n_only; i++)
		if (pattern_used(e, e->o.only[i], "--only", err))
			return -1;
	for (size_t i = 0; i < e->o.n_skip; i++)
		if (pattern_used(e, e->o.skip[i], "--skip", err))
			return -1;
	e->r->variant = arena_array(&e->r->a, struct variant_result, room);
	e->queue = arena_array(&e->r->a, struct variant_result *, room);
	e->variant_done = arena_array(&e->r->a, bool, room);
	if (!e->r->variant || !e->queue || !e->variant_done)
		return arena_check(&e->r->a, err);
	for (size_t i = 0; i < c->n_case && !e->o.open; i++)
		if (add_case(e, &c->c[i], err))
			return -1;
	if (!e->r->n_variant && !e->o.survey_only && !e->o.open)
		return err_set(err, ERR_INPUT,
			       "nothing is selected: profile %.*s and the patterns have no case in "
			       "common%s",
			       STR_ARG(e->o.profile->id), e->o.shard.total ? " in this shard" : "");
	qsort(e->queue, e->n_queue, sizeof(*e->queue), by_order);
	e->exchanges_max = EXCHANGES_PER_VARIANT * (e->r->n_variant + 1);
	return 0;
}

/* --- after the survey --- */

static bool lacks(struct engine *e, const struct suite_case *c, struct str *which)
{
	struct str rest = c->needs, word;
	char name[64];

	while ((word = str_word(&rest)).n) {
		snprintf(name, sizeof(name), "%.*s", STR_ARG(word));
		*which = word;
		if (!feature_has(e, name))
			return true;
	}
	rest = c->unless;
	while ((word = str_word(&rest)).n) {
		snprintf(name, sizeof(name), "%.*s", STR_ARG(word));
		*which = arena_fmt(&e->r->a, "anything but %.*s", STR_ARG(word));
		if (feature_has(e, name))
			return true;
	}
	return false;
}

/* Is there a Digest challenge of that algorithm? */
static bool survey_offers(const struct challenge_list *l, struct str use)
{
	for (size_t i = 0; i < l->n; i++) {
		struct digest_challenge d;
		struct err ignored = { 0 };

		if (!digest_challenge_read(&l->v[i], &d, &ignored) &&
		    (str_ieq(str(digest_algorithm_name(d.alg, d.session)), use) ||
		     str_eq(use, STR("strongest"))))
			return true;
	}
	return false;
}

static struct str help_of(struct str feature)
{
	int i = suite_feature_index(feature);

	return i < 0 ? feature : str(suite_features[i].help);
}

/* The evidence for a skip: what was asked and how the target answered. */
static struct str evidence(struct engine *e)
{
	const struct survey *s = &e->r->survey;
	struct str text = arena_fmt(&e->r->a, "a bare %.*s got %d %s", STR_ARG(s->operation),
				    s->anonymous_status, outcome_name(s->anonymous));

	for (size_t i = 0; i < s->n_mechanism; i++)
		text = arena_fmt(&e->r->a, "%.*s, %.*s %.*s", STR_ARG(text),
				 STR_ARG(s->mechanism[i].name), STR_ARG(s->mechanism[i].answer));
	return text;
}

/* What one variant sends that another does not: its algorithm, its method, its path. */
static bool step_lacks(struct engine *e, const struct suite_variant *v, const struct suite_step *s,
		       struct str *which)
{
	static const struct {
		const char *method, *feature;
	} methods[] = { { "GET", "get" }, { "HEAD", "get" }, { "POST", "post" } };
	struct str method = suite_bind(&e->r->a, v, s->method, (struct str){ 0 });
	struct str path = suite_bind(&e->r->a, v, s->path, (struct str){ 0 });

	for (size_t i = 0; i < s->n_credentials; i++) {
		*which = suite_bind(&e->r->a, v, s->credentials[i].use, (struct str){ 0 });
		if (which->p && !survey_offers(&e->r->survey.challenge, *which))
			return true;
	}
	for (size_t i = 0; i < COUNT(methods); i++) {
		*which = str(methods[i].feature);
		if (str_eq(method, str(methods[i].method)) && !s->anonymous &&
		    !feature_has(e, methods[i].feature))
			return true;
	}
	*which = STR("second-path");
	return str_eq(path, STR("second")) && !feature_has(e, "second-path");
}

static bool variant_lacks(struct engine *e, const struct suite_variant *v, struct str *which)
{
	for (size_t i = 0; i < v->c->n_step; i++)
		if (step_lacks(e, v, &v->c->step[i], which))
			return true;
	return false;
}

static bool sends_basic(const struct suite_case *c)
{
	for (size_t i = 0; i < c->n_step; i++) {
		const struct suite_step *s = &c->step[i];

		for (size_t j = 0; j < s->n_credentials; j++)
			if (s->credentials[j].mech == MECH_BASIC)
				return true;
		if (s->bare_credentials && c->has_mech && c->mech == MECH_BASIC)
			return true;
	}
	return false;
}

static bool needs_clear_password(const struct suite_case *c)
{
	return sends_basic(c) || str_has_word(c->needs, STR("token.text"));
}

/* $x at its largest, or nothing. */
static struct str most_x(const struct suite_case *c, struct arena *a)
{
	return c->measure && !c->measure->sample
		       ? suite_measure_text(a, c->measure, c->measure->high)
		       : (struct str){ 0 };
}

static int64_t longest_wait(const struct suite_variant *v, struct arena *a)
{
	struct str x = most_x(v->c, a);
	int64_t sum = 0, ms;

	for (size_t i = 0; i < v->c->n_step; i++) {
		const struct suite_step *s = &v->c->step[i];

		if (s->wait.p && !suite_wait_ms(suite_bind(a, v, s->wait, x), &ms))
			sum += ms * suite_repeat(a, v, s, x);
	}
	return sum;
}

/* Requests of the steps that are repeated, with challenges and controls, in all rounds. */
static size_t repeated_exchanges(const struct suite_variant *v, struct arena *a)
{
	const struct suite_measure *m = v->c->measure;
	int64_t rounds = !m ? 1 : m->sample ? m->rounds : 1, sum = 0;

	for (int64_t span = m && !m->sample ? m->high - m->low : 0; span; span /= 2)
		rounds++;
	for (size_t i = 0; i < v->c->n_step; i++)
		sum += 4 * suite_repeat(a, v, &v->c->step[i], most_x(v->c, a));
	return (size_t)(sum * rounds);
}

void plan_after_survey(struct engine *e)
{
	size_t kept = 0;
	const struct suite_case *last = NULL;
	struct str evidence_text = evidence(e);

	e->plan = (struct engine_plan){ 0 };
	for (size_t i = 0; i < e->n_queue; i++) {
		struct variant_result *r = e->queue[i];
		const struct suite_case *c = r->variant->c;
		struct str which = { 0 };
		int64_t wait_ms;

		bool clear =
			needs_clear_password(c) && !e->o.tls && !e->o.loopback && !e->o.cleartext;

		if (lacks(e, c, &which) || clear || variant_lacks(e, r->variant, &which)) {
			plan_skip(
				e, r, clear ? REASON_CLEARTEXT : REASON_NOT_OFFERED,
				clear ? STR("it sends the password in clear over http; --cleartext "
					    "allows "
					    "that")
				      : arena_fmt(&e->r->a, "needs %.*s (%.*s): %.*s",
						  STR_ARG(which), STR_ARG(help_of(which)),
						  STR_ARG(evidence_text)));
			continue;
		}
		/* What the survey spent counts too. */
		if (plan_over_budget(e, c, e->r->failed_logins + e->plan.failed_logins)) {
			plan_skip_budget(e, r);
			continue;
		}
		e->queue[kept++] = r;
		e->plan.variants++;
		e->plan.cases += c != last;
		e->plan.failed_logins += plan_cost(e, c);
		e->exchanges_max += repeated_exchanges(r->variant, &e->r->a);
		wait_ms = longest_wait(r->variant, &e->r->a);
		if (wait_ms > e->plan.longest_wait_ms)
			e->plan.longest_wait_ms = wait_ms;
		last = c;
	}
	e->n_queue = kept;
}

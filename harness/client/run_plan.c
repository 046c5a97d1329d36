/* run_plan.c - which cases a run that judges a client has. */
#include "client/run_parts.h"

static uint64_t features_of(struct str words)
{
	uint64_t set = 0;

	for (struct str w = str_word(&words); w.n; w = str_word(&words))
		set |= UINT64_C(1) << client_feature_index(w);
	return set;
}

bool run_has(const struct client_run *k, struct str feature)
{
	return k->features & features_of(feature);
}

void run_provide(struct client_run *k, struct str words)
{
	k->features |= features_of(words);
}

/* --- selection --- */

static bool matches(const struct str *pattern, size_t n, const struct suite_variant *v)
{
	for (size_t i = 0; i < n; i++)
		if (str_glob(v->id, pattern[i]) || str_glob(v->c->id, pattern[i]))
			return true;
	return false;
}

static int pattern_used(const struct client_run *k, struct str pattern, const char *option,
			struct err *err)
{
	for (size_t i = 0; i < k->o.catalogue->n_client; i++)
		for (size_t j = 0; j < k->of[i].n; j++)
			if (matches(&pattern, 1, &k->of[i].v[j]))
				return 0;
	return err_set(err, ERR_INPUT,
		       "%s %.*s matches no client case; countersign list --client "
		       "shows all",
		       option, STR_ARG(pattern));
}

static int patterns_used(const struct client_run *k, struct err *err)
{
	for (size_t i = 0; i < k->o.n_only; i++)
		if (pattern_used(k, k->o.only[i], "--only", err))
			return -1;
	for (size_t i = 0; i < k->o.n_skip; i++)
		if (pattern_used(k, k->o.skip[i], "--skip", err))
			return -1;
	return 0;
}

bool run_is_provider(const struct suite_case *c)
{
	return c->client->provides.n > 0;
}

static bool is_asked(const struct client_run *k, const struct suite_variant *v)
{
	return !k->o.n_only || matches(k->o.only, k->o.n_only, v);
}

static bool is_wanted(const struct client_run *k, const struct suite_case *c)
{
	return features_of(c->client->provides) & k->wanted;
}

static bool any_is_asked(const struct client_run *k, size_t number)
{
	for (size_t i = 0; i < k->of[number].n; i++) {
		const struct suite_variant *v = &k->of[number].v[i];

		if (is_asked(k, v) && !matches(k->o.skip, k->o.n_skip, v))
			return true;
	}
	return false;
}

/* Whoever asks for one case gets those that show what it needs, too, and what those need. */
static void want(struct client_run *k)
{
	const struct catalogue *c = k->o.catalogue;
	uint64_t before;

	do {
		before = k->wanted;
		for (size_t i = 0; i < c->n_client; i++) {
			if (!profile_standing(k->o.profile, &c->client[i]).cite ||
			    (!any_is_asked(k, i) && !is_wanted(k, &c->client[i])))
				continue;
			k->wanted |= features_of(c->client[i].needs);
			k->wanted |= features_of(c->client[i].unless);
			k->wanted &= ~k->features;
		}
	} while (k->wanted != before);
}

void run_finish(struct client_run *k, size_t i)
{
	struct variant_result *v = &k->r->variant[i];

	k->done[i] = true;
	k->n_done++;
	k->r->count[v->verdict]++;
	if (k->o.finished)
		k->o.finished(k->o.ctx, v);
}

void run_skip(struct client_run *k, size_t i, enum reason why, struct str message)
{
	struct variant_result *v = &k->r->variant[i];

	v->verdict = VERDICT_SKIP;
	v->reason = why;
	v->message = message;
	run_finish(k, i);
}

/* Not for a run with cases of its own: what speaks of strangers.  And not for strangers: what would
 * have to be served.
 */
static bool is_meant(const struct client_run *k, const struct suite_client *c)
{
	bool strangers = k->o.recording && !k->o.recording->run.n;

	if (c->n_turn || c->observed == OBSERVE_RUN)
		return !strangers || !c->n_turn;
	return strangers || (c->observed == OBSERVE_RECORDING && k->o.of_recordings);
}

/* Is it to be in the results?  An exception of the profile is told to those who ask for it. */
static bool is_selected(const struct client_run *k, const struct case_standing *standing,
			const struct suite_variant *v)
{
	if (matches(k->o.skip, k->o.n_skip, v))
		return false;
	return is_asked(k, v) || (standing->cite && is_wanted(k, v->c));
}

static void add_case(struct client_run *k, size_t number)
{
	const struct suite_case *c = &k->o.catalogue->client[number];
	struct case_standing standing = profile_standing(k->o.profile, c);

	if ((!standing.cite && !standing.excepted.p) || !is_meant(k, c->client))
		return;
	for (size_t i = 0; i < k->of[number].n; i++) {
		struct variant_result *r = &k->r->variant[k->r->n_variant];
		const struct suite_variant *v = &k->of[number].v[i];

		if (!is_selected(k, &standing, v))
			continue;
		r->variant = v;
		r->cite = standing.cite ? standing.cite : &c->cite[0];
		r->gates = standing.gates;
		r->deciding = -1;
		k->asked[k->r->n_variant++] = is_asked(k, v);
		if (standing.excepted.p)
			run_skip(k, k->r->n_variant - 1, REASON_EXCEPTED,
				 arena_fmt(&k->r->a, "the profile leaves it out: %.*s",
					   STR_ARG(standing.excepted)));
	}
}

/* Room for all variants of the catalogue's client cases. */
static int expand(struct client_run *k, struct err *err)
{
	const struct catalogue *c = k->o.catalogue;
	struct arena *a = &k->r->a;
	size_t room = 1;

	k->of = arena_array(a, struct expansion, c->n_client + 1);
	for (size_t i = 0; k->of && i < c->n_client; i++) {
		if (suite_expand(a, &c->client[i], &k->of[i].v, &k->of[i].n, err))
			return -1;
		room += k->of[i].n;
	}
	k->r->variant = arena_array(a, struct variant_result, room);
	k->done = arena_array(a, bool, room);
	k->asked = arena_array(a, bool, room);
	k->play = arena_array(a, struct play *, room);
	return arena_check(a, err);
}

int run_plan(struct client_run *k, struct err *err)
{
	if (expand(k, err) || patterns_used(k, err))
		return -1;
	want(k);
	for (size_t i = 0; i < k->o.catalogue->n_client; i++)
		add_case(k, i);
	if (!k->r->n_variant)
		return err_set(err, ERR_INPUT,
			       "nothing selected: profile %.*s and the patterns "
			       "have no client case in common",
			       STR_ARG(k->o.profile->id));
	return arena_check(&k->r->a, err);
}

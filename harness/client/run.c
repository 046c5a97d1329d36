/* run.c - the cases of a run, one after the other. */
#include "client/run_parts.h"

#include "auth/hash.h"
#include "base/mem.h"

#include <stdio.h>

/* What all conversations of a run keep; past it each case has its minimum, so that a client that
 * never stops talking costs no more than its own verdicts.
 */
#define RUN_BYTES  (128u << 20)
#define CASE_BYTES (256u << 10)

/* --- life --- */

static int name_run(struct client_run *k, struct err *err)
{
	char hex[HASH_HEX_MAX];
	char when[32];
	struct str parts[] = { k->o.seed, STR("") };

	snprintf(when, sizeof(when), ":%lld", (long long)k->r->started_wall_ms);
	parts[1] = str(when);
	if (hash_joined_hex(HASH_SHA256, parts, COUNT(parts), hex, err))
		return -1;
	if (k->o.recording && k->o.recording->run.n == sizeof(k->r->id) - 1)
		memcpy(hex, k->o.recording->run.p, sizeof(k->r->id) - 1);
	memcpy(k->r->id, hex, sizeof(k->r->id) - 1);
	k->r->id[sizeof(k->r->id) - 1] = '\0';
	return 0;
}

static void fill_result(struct client_run *k)
{
	struct run_result *r = k->r;

	r->kind = STR("client");
	r->target = r->target.p ? r->target : k->o.origin;
	r->other_target = k->o.other_origin;
	r->user = k->o.account.user.p ? k->o.account.user : play_account().user;
	r->profile = k->o.profile;
	r->catalogue = k->o.catalogue;
	r->seed = k->o.seed;
	r->marked = k->o.marker;
	r->started_wall_ms = world_wall_ms(k->world);
	r->took_ms = -world_mono_ms(k->world); /* until the end adds its own */
}

struct client_run *client_run_new(const struct client_options *o, const struct world *world,
				  struct run_result *r, struct err *err)
{
	struct client_run *k = mem_alloc(sizeof(*k));

	if (!k) {
		err_set(err, ERR_NOMEM, "no memory for a run");
		return NULL;
	}
	*k = (struct client_run){ .o = *o, .world = world, .r = r };
	run_provide(k, o->soap ? STR("soap") : STR("http"));
	run_provide(k, o->command ? STR("command") : STR(""));
	run_provide(k, o->told ? STR("told") : STR(""));
	run_provide(k, o->calls ? STR("calls") : STR(""));
	run_provide(k, o->known);
	fill_result(k);
	if (run_plan(k, err) || name_run(k, err)) {
		client_run_free(k);
		return NULL;
	}
	return k;
}

void client_run_free(struct client_run *k)
{
	if (!k)
		return;
	for (size_t i = 0; k->play && i < k->r->n_variant; i++)
		play_free(k->play[i]);
	mem_free(k);
}

/* --- the next one --- */

/* A feature that the client lacks; .n 0: none. */
static struct str missing(const struct client_run *k, const struct suite_case *c)
{
	struct str rest = c->needs;

	for (struct str w = str_word(&rest); w.n; w = str_word(&rest))
		if (!run_has(k, w))
			return w;
	return STR("");
}

static struct str in_the_way(const struct client_run *k, const struct suite_case *c)
{
	struct str rest = c->unless;

	for (struct str w = str_word(&rest); w.n; w = str_word(&rest))
		if (run_has(k, w))
			return w;
	return STR("");
}

/* Could a case that is still to come show the feature?  Those that watch come too late. */
static bool may_come(const struct client_run *k, struct str feature)
{
	for (size_t i = 0; i < k->r->n_variant; i++) {
		const struct suite_client *c = k->r->variant[i].variant->c->client;

		if (!k->done[i] && c->n_turn && str_has_word(c->provides, feature))
			return true;
	}
	return false;
}

static struct str feature_help(struct str name)
{
	return str(client_features[client_feature_index(name)].help);
}

/* Skips what cannot be judged any more; true: it was skipped, or has to wait. */
static bool is_held_up(struct client_run *k, size_t i)
{
	const struct suite_case *c = k->r->variant[i].variant->c;
	struct str lacks = missing(k, c), moot = in_the_way(k, c);

	if (lacks.n && may_come(k, lacks))
		return true;
	if (lacks.n)
		run_skip(k, i, REASON_NOT_OFFERED,
			 arena_fmt(&k->r->a, "not shown of this client: %.*s (%.*s)",
				   STR_ARG(feature_help(lacks)), STR_ARG(lacks)));
	else if (moot.n)
		run_skip(k, i, REASON_NOT_OFFERED,
			 arena_fmt(&k->r->a, "not for this client: %.*s (%.*s)",
				   STR_ARG(feature_help(moot)), STR_ARG(moot)));
	return lacks.n || moot.n;
}

/* Those that watch wait for the end. */
static bool is_due(struct client_run *k, size_t i, bool provider)
{
	const struct suite_case *c = k->r->variant[i].variant->c;

	if (k->done[i] || !c->client->n_turn || run_is_provider(c) != provider)
		return false;
	return !is_held_up(k, i);
}

static void cap(const struct client_run *k, struct conversation *c)
{
	size_t kept = 0, left;

	for (size_t i = 0; i < k->r->n_variant; i++)
		if (k->play[i])
			kept += play_conversation(k->play[i])->a.total_bytes;
	left = kept < RUN_BYTES ? RUN_BYTES - kept : 0;
	if (c->a.max_bytes > left)
		c->a.max_bytes = left > CASE_BYTES ? left : CASE_BYTES;
}

static struct str path_of(const struct client_run *k, size_t i)
{
	if (k->o.recording)
		return recording_path(k->o.recording, k->r->variant[i].variant->id);
	return k->o.one_url ? STR("") : arena_fmt(&k->r->a, "/c/%zu", i + 1);
}

static struct served *serve(struct client_run *k, size_t i)
{
	bool early = play_is_early(k->r->variant[i].variant->c->client);
	struct play_options o = { .variant = k->r->variant[i].variant,
				  .persona = k->o.persona,
				  .account = k->o.account,
				  .heads = early && !k->o.one_url,
				  .origin = early && k->o.early_origin.n ? k->o.early_origin
									 : k->o.origin,
				  .other_origin = k->o.other_origin,
				  .path = path_of(k, i),
				  .soap = k->o.soap,
				  .marker = k->o.marker,
				  .run = str(k->r->id) };
	struct err err;

	k->play[i] = play_new(&o, k->world, &err);
	if (!k->play[i]) {
		k->r->variant[i].verdict = VERDICT_ERROR;
		k->r->variant[i].reason = REASON_HARNESS;
		k->r->variant[i].message = arena_str(&k->r->a, str(err.text));
		run_finish(k, i);
		return NULL;
	}
	cap(k, play_conversation(k->play[i]));
	k->r->variant[i].started_ms = world_mono_ms(k->world);
	k->served = (struct served){ k->r->variant[i].variant, k->play[i], i, o.path };
	return &k->served;
}

static struct served *next_of(struct client_run *k, bool provider)
{
	for (size_t i = 0; i < k->r->n_variant; i++) {
		struct served *s = is_due(k, i, provider) ? serve(k, i) : NULL;

		if (s)
			return s;
	}
	return NULL;
}

/* What is skipped may be what another case, before it in the order, has waited for. */
struct served *client_run_next(struct client_run *k)
{
	struct served *s;
	size_t done;

	do {
		done = k->n_done;
		s = next_of(k, true);
		s = s ? s : next_of(k, false);
	} while (!s && k->n_done > done);
	return s;
}

/* Nobody asked for its verdict: it is there for what it shows, and what it lacks is no finding. */
static void excuse(struct client_run *k, struct variant_result *v)
{
	struct str shows = v->variant->c->client->provides;

	if (v->verdict == VERDICT_PASS)
		return;
	v->verdict = VERDICT_SKIP;
	v->reason = REASON_NOT_OFFERED;
	v->message = arena_fmt(&k->r->a, "served only to see whether %s: %.*s",
			       feature_help(str_word(&shows)).p, STR_ARG(v->message));
}

/* This shows whatever becomes of the case. */
static bool expects(const struct conversation *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (c->v[i]->expects)
			return true;
	return false;
}

void client_run_done(struct client_run *k, struct served *s)
{
	struct variant_result *v = &k->r->variant[s->index];
	const struct conversation *c = play_conversation(s->play);

	v->took_ms = world_mono_ms(k->world) - v->started_ms;
	play_end(s->play);
	client_verdict(&k->r->a, &c, 1, k->o.profile, v);
	k->r->exchanges += c->n;
	/* One variant that goes well shows it: the others say where its limits are. */
	if (expects(c))
		run_provide(k, STR("expect"));
	if (v->verdict == VERDICT_PASS)
		run_provide(k, v->variant->c->client->provides);
	if (!k->asked[s->index])
		excuse(k, v);
	run_finish(k, s->index);
}

/* --- the end --- */

void client_run_watch(struct client_run *k, const struct conversation *const *c, size_t n)
{
	static const struct {
		unsigned has;
		const char *features;
	} shown[] = { { HAS_BASIC, "basic" }, { HAS_DIGEST, "digest" }, { HAS_TOKEN, "token" } };

	k->other = c;
	k->n_other = n;
	for (size_t i = 0; i < n; i++)
		for (size_t h = 0; h < c[i]->n; h++)
			for (size_t s = 0; s < COUNT(shown); s++)
				if (c[i]->v[h]->has & shown[s].has)
					run_provide(k, str(shown[s].features));
}

/* Whoever recorded a conversation had a device whose clock does not jump. */
static bool is_watched(const struct client_run *k, size_t i, bool recording)
{
	const struct suite_client *c = k->r->variant[i].variant->c->client;

	return k->play[i] && !(recording && setting_of(&c->clock, "jump").p);
}

/* All conversations that those of a kind watch. */
static size_t watched(const struct client_run *k, bool recording, const struct conversation **out)
{
	size_t n = 0;

	for (size_t i = 0; i < k->r->n_variant; i++)
		if (is_watched(k, i, recording))
			out[n++] = play_conversation(k->play[i]);
	for (size_t i = 0; i < k->n_other; i++)
		out[n++] = k->other[i];
	return n;
}

static void judge_watchers(struct client_run *k)
{
	const struct conversation **all = arena_array(&k->r->a, const struct conversation *,
						      k->r->n_variant + k->n_other + 1);

	for (size_t i = 0; all && i < k->r->n_variant; i++) {
		const struct suite_client *c = k->r->variant[i].variant->c->client;
		size_t n;

		if (k->done[i] || c->n_turn || is_held_up(k, i))
			continue;
		n = watched(k, c->observed == OBSERVE_RECORDING, all);
		client_verdict(&k->r->a, all, n, k->o.profile, &k->r->variant[i]);
		run_finish(k, i);
	}
}

void client_run_end(struct client_run *k, bool interrupted)
{
	if (!interrupted)
		judge_watchers(k);
	for (size_t i = 0; i < k->r->n_variant; i++) {
		struct variant_result *v = &k->r->variant[i];

		if (k->done[i])
			continue;
		v->verdict = VERDICT_INCONCLUSIVE;
		v->reason = REASON_INTERRUPTED;
		v->message = STR("the run was interrupted before it");
		run_finish(k, i);
	}
	k->r->client_features = k->features;
	k->r->took_ms += world_mono_ms(k->world);
}

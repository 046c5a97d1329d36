/* client_run_lab.h - whole runs of client cases as text, for the tests of run.c and verdict.c.
 *
 * What the client does in a case is a word; all that was found is one text, a line for each case in
 * the order of the results: "x.a fail decision: expected ...".
 */
#ifndef TESTS_CLIENT_RUN_LAB_H
#define TESTS_CLIENT_RUN_LAB_H

#include "check.h"
#include "suite_lab.h"

#include "client/actor.h"
#include "client/run.h"

#include <sysexits.h>

#define ORIGIN "http://127.0.0.1:4711"
#define OTHER  "http://127.0.0.1:4712"

/* A case of family "x" with a <cite> of its own. */
#define CASE_CITED(id, attributes, cite, children)                                                 \
	"<case id='x." id "' rev='1' " attributes ">" LAB_TEXTS cite children "</case>"
#define CASE(id, attributes, children) CASE_CITED(id, attributes, LAB_CITE, children)
#define SOUND                          "<check is='digest.hash'/>"

struct run_lab {
	const char *cases;
	const char *does; /* "x.a=wrong x.b=silent": words of client_habits; else "good" */
	const char *only, *skip, *known; /* globs, and words */
	bool stopped;                    /* the run is interrupted behind its first case */
	bool by_hand;                    /* no command is run */
	const struct profile *profile;   /* NULL: each must gates, each should is noted */
	const struct world *world;       /* of the run itself; NULL: a virtual one */
	struct catalogue k;
	struct run_result r;
	struct str order; /* in which the cases were served */
	size_t finished;
};

static const struct profile_rule run_lab_rule = {
	.document = { "*", 1 },
	.gate = { [LEVEL_MUST] = true },
	.note = { [LEVEL_SHOULD] = true, [LEVEL_MEASURE] = true },
};

static inline int run_lab_send(void *ctx, struct arena *a, uint64_t connection, int origin,
			       const struct http_request *in, struct http_response *out)
{
	return play_request(ctx, a, connection, origin, in, out) == DEVICE_ANSWERED ? 0 : -1;
}

/* One client, by what it does. */
struct client_habit {
	const char *name;
	bool silent, credulous; /* sends nothing; sends a name and password at once, in Basic */
	bool plain;             /* one request without credentials */
	bool many;              /* more requests than anybody reads */
	const char *password;   /* in place of the one it was given */
	const char *fault;
	int status;
	bool timed_out;
};

static const struct client_habit client_habits[] = {
	{ .name = "good" },
	{ .name = "silent", .silent = true },
	{ .name = "fails", .silent = true, .status = 1 },
	{ .name = "unable", .plain = true, .status = EX_UNAVAILABLE },
	{ .name = "unable-at-once", .silent = true, .status = EX_UNAVAILABLE },
	{ .name = "unable-at-last", .status = EX_UNAVAILABLE },
	{ .name = "plain", .plain = true, .status = 1 },
	{ .name = "wrong", .password = "not it" },
	{ .name = "credulous", .credulous = true },
	{ .name = "many", .many = true },
	{ .name = "killed", .plain = true, .status = -1 },
	{ .name = "slow", .plain = true, .timed_out = true },
	{ .name = "slow-wrong", .password = "not it", .timed_out = true },
	{ .name = "nc-short", .fault = "nc-short" },
	{ .name = "loses-body", .fault = "body-lost-on-retry" },
};

static inline const struct client_habit *habit_of(const struct run_lab *l, struct str id)
{
	struct str rest = str(l->does), word = STR("good");

	for (struct str w = str_word(&rest); w.n; w = str_word(&rest)) {
		struct str name = str_cut(&w, '=');

		if (str_eq(name, id))
			word = w;
	}
	for (size_t i = 0; i < COUNT(client_habits); i++)
		if (str_eq(word, str(client_habits[i].name)))
			return &client_habits[i];
	fail_msg("no habit %.*s", STR_ARG(word));
	return NULL;
}

static inline void habit_send(struct play *p, const struct client_habit *h)
{
	struct http_request in = { .method = STR("GET"), .target = STR("/c/1/1") };
	size_t n = h->many ? HEARD_MAX + 1 : !h->silent;

	if (h->credulous)
		http_add(&arena, &in.fields, STR("Authorization"), STR("Basic eDp5"));
	for (size_t i = 0; i < n; i++) {
		struct http_response out;
		struct arena a DEFER(arena_free);

		arena_init(&a, 1u << 20);
		(void)play_request(p, &a, 1, 0, &in, &out);
	}
}

static inline void habit_run(const struct run_lab *l, const struct served *s,
			     const struct world *world)
{
	const struct client_habit *h = habit_of(l, s->variant->id);
	struct conversation *c = play_conversation(s->play);
	struct actor_options o = { .told = c->told,
				   .origin = { STR(ORIGIN), STR(OTHER) },
				   .send = run_lab_send,
				   .ctx = s->play,
				   .world = world };
	int status = h->status;

	if (h->password)
		o.told.password = str(h->password);
	if (h->fault)
		o.fault = client_fault_find(str(h->fault));
	o.url = play_urls(s->play, &arena, &o.n_url);
	if (h->silent || h->plain || h->credulous || h->many)
		habit_send(s->play, h);
	else if (actor_run(&o, &arena) && !status)
		status = 1;
	c->command = !l->by_hand;
	c->status = status;
	c->timed_out = h->timed_out;
}

static inline void run_lab_finished(void *ctx, const struct variant_result *v)
{
	struct run_lab *l = ctx;

	assert_in_range(v->verdict, 0, VERDICTS - 1);
	l->finished++;
}

static inline struct client_options run_lab_options(struct run_lab *l)
{
	static struct profile usual;
	struct client_options o = { .catalogue = &l->k,
				    .profile = l->profile,
				    .command = !l->by_hand,
				    .told = true,
				    .calls = true,
				    .known = str(l->known),
				    .origin = STR(ORIGIN),
				    .other_origin = STR(OTHER),
				    .seed = STR("seed"),
				    .finished = run_lab_finished,
				    .ctx = l };
	struct str only = str(l->only), skip = str(l->skip);

	usual = (struct profile){ .id = STR("all"),
				  .kind = STR("client"),
				  .rule = (struct profile_rule *)(uintptr_t)&run_lab_rule,
				  .n_rule = 1 };
	o.profile = l->profile ? l->profile : &usual;
	for (struct str w = str_word(&only); w.n; w = str_word(&only))
		o.only[o.n_only++] = w;
	for (struct str w = str_word(&skip); w.n; w = str_word(&skip))
		o.skip[o.n_skip++] = w;
	return o;
}

static inline void run_lab_load(struct run_lab *l)
{
	lab_init(&l->k);
	lab_add(&l->k, "client/x.xml",
		arena_fmt(&arena, "<client-suite family='x' title='X'>%s</client-suite>", l->cases)
			.p);
	arena_init(&l->r.a, 16u << 20);
}

/* -1 with err. */
static inline int run_lab_play(struct run_lab *l)
{
	struct client_options o = run_lab_options(l);
	struct virtual_world clock;
	struct world world;
	struct client_run *k;
	struct served *s;

	virtual_world_init(&clock, INT64_C(1790000000000), 1);
	world = world_virtual(&clock);
	k = client_run_new(&o, l->world ? l->world : &world, &l->r, &err);
	if (!k)
		return -1;
	while ((s = client_run_next(k))) {
		l->order = arena_fmt(&arena, "%.*s%s%.*s", STR_ARG(l->order), l->order.n ? " " : "",
				     STR_ARG(s->variant->id));
		habit_run(l, s, &world);
		client_run_done(k, s);
		if (l->stopped)
			break;
	}
	client_run_end(k, l->stopped);
	client_run_free(k);
	return 0;
}

static inline struct str run_lab_text(const struct run_lab *l)
{
	struct str all = STR("");

	for (size_t i = 0; i < l->r.n_variant; i++) {
		const struct variant_result *v = &l->r.variant[i];

		all = arena_fmt(&arena, "%.*s%.*s %s%s%s%s%.*s\n", STR_ARG(all),
				STR_ARG(v->variant->id), verdict_name(v->verdict),
				v->reason ? " " : "", v->reason ? reason_name(v->reason) : "",
				v->reason ? ": " : "", STR_ARG(v->reason ? v->message : STR("")));
	}
	return all;
}

static inline void run_lab_free(struct run_lab *l)
{
	arena_free(&l->r.a);
	catalogue_free(&l->k);
}

/* The whole of it: what is found, and the order in which cases were served (NULL: any). */
static inline void run_lab_check(struct run_lab l, const char *order, const char *found)
{
	size_t sum = 0;

	run_lab_load(&l);
	if (run_lab_play(&l))
		fail_msg("%s", err.text);
	check_view(run_lab_text(&l), str(found), "found");
	if (order)
		check_view(l.order, str(order), "served");
	for (int v = 0; v < VERDICTS; v++)
		sum += (size_t)l.r.count[v];
	assert_int_equal(sum, l.r.n_variant);
	assert_int_equal(l.finished, l.r.n_variant);
	run_lab_free(&l);
}

#endif

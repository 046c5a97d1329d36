/* recording_judge.c - the verdicts of what was recorded, by the same turns and checks as live. */
#include "client/recording.h"

#include "auth/datetime.h"

#define SERVERS_MAX   256
#define SCRATCH_BYTES (16u << 20)

struct judging {
	const struct recording *rec;
	const struct client_options *o;
	struct run_result *r;
	int64_t now_ms; /* as it was when the exchange was recorded */
	struct rng rng;
	struct client_run *run;
	struct talk { /* with one server, without cases */
		struct str server;
		struct conversation said;
		int64_t ahead_ms; /* the device's clock, as far as it showed it */
		bool timed;
	} * talk;
	size_t n_talk;
};

/* --- the world as it was --- */

static int64_t wall_then(void *ctx)
{
	return ((struct judging *)ctx)->now_ms;
}

static void random_then(void *ctx, void *out, size_t n)
{
	rng_fill(&((struct judging *)ctx)->rng, out, n);
}

/* --- a case --- */

/* The first server of the case is the device; another one is where it was redirected to. */
static int origin_of(const struct judging *j, const struct recorded_exchange *x)
{
	for (size_t i = 0; i < j->rec->n; i++)
		if (str_eq(j->rec->v[i].variant, x->variant) && str_eq(j->rec->v[i].run, x->run))
			return !str_eq(j->rec->v[i].server, x->server);
	return 0;
}

static void tell_end(const struct judging *j, struct str variant, struct conversation *said)
{
	for (size_t i = 0; i < j->rec->n_end; i++) {
		const struct recorded_end *e = &j->rec->end[i];

		if (!str_eq(e->variant, variant))
			continue;
		said->command = true;
		said->timed_out = e->end.timed_out;
		said->status = e->end.status;
		said->printed = arena_str(&said->a, e->end.printed);
	}
}

static void inconclusive(struct variant_result *v, struct str message)
{
	v->verdict = VERDICT_INCONCLUSIVE;
	v->reason = REASON_CONTROL;
	v->message = message;
}

/* What cannot have been so: said in place of a verdict. */
static struct str replay_case(struct judging *j, struct served *s)
{
	struct arena a DEFER(arena_free);
	struct str problem = STR("");
	uint64_t seen = 0;

	arena_init(&a, SCRATCH_BYTES);
	for (size_t i = 0; i < j->rec->n; i++) {
		const struct recorded_exchange *x = &j->rec->v[i];
		const struct http_response *out = x->response.status ? &x->response : NULL;

		if (!str_eq(x->variant, s->variant->id) || !str_eq(x->run, j->rec->run))
			continue;
		j->now_ms = x->wall_ms;
		if (x->cut || x->number > ++seen)
			problem = STR("a part of it is missing in the record");
		if (!play_recorded(s->play, &a, x->connection, origin_of(j, x), &x->request, out) &&
		    !problem.n)
			problem = STR("the answers in the record are not those of this case: it "
				      "was run with another account (--user, --password-file), "
				      "another --persona, or another version");
	}
	return problem;
}

static void judge_cases(struct judging *j)
{
	struct served *s;

	while ((s = client_run_next(j->run))) {
		struct str problem = replay_case(j, s);

		tell_end(j, s->variant->id, play_conversation(s->play));
		client_run_done(j->run, s);
		if (!problem.n)
			continue;
		j->r->count[j->r->variant[s->index].verdict]--;
		j->r->count[VERDICT_INCONCLUSIVE]++;
		inconclusive(&j->r->variant[s->index], problem);
	}
}

/* --- without cases --- */

static struct talk *talk_with(struct judging *j, struct str server, struct err *err)
{
	const struct told told = { .times = 1,
				   .user = j->o->account.user,
				   .password = j->o->account.password };
	struct talk *t;

	for (size_t i = 0; i < j->n_talk; i++)
		if (str_eq(j->talk[i].server, server))
			return &j->talk[i];
	if (j->n_talk == SERVERS_MAX) {
		err_set(err, ERR_INPUT, "it speaks with more than %d servers: cut out some of them",
			SERVERS_MAX);
		return NULL;
	}
	t = &j->talk[j->n_talk];
	*t = (struct talk){ .server = server };
	if (conversation_init(&t->said, NULL, &j->o->account, &told, err))
		return NULL;
	t->said.recorded = true;
	j->n_talk++;
	return t;
}

/* The device's clock: what it says when it is asked, else the Date of its answers. */
static void learn_clock(struct talk *t, const struct recorded_exchange *x)
{
	struct arena a DEFER(arena_free);
	struct str date = http_get(&x->response.fields, "Date");
	struct soap_message m;
	struct err ignored;
	int64_t ms;

	arena_init(&a, SCRATCH_BYTES);
	if (x->wall_ms && x->response.status == 200 &&
	    str_find(x->response.body, STR("GetSystemDateAndTimeResponse")) != (size_t)-1 &&
	    !soap_read(&a, x->response.body, &m, &ignored) &&
	    !soap_device_time(&m, &ms, &ignored)) {
		t->ahead_ms = ms - x->wall_ms;
		t->timed = true;
	} else if (x->wall_ms && !t->timed && date.p && !datetime_parse_http(date, &ms, &ignored)) {
		t->ahead_ms = ms - x->wall_ms;
	}
}

static int listen_in(struct judging *j, struct err *err)
{
	j->talk = arena_array(&j->r->a, struct talk, SERVERS_MAX);
	if (!j->talk)
		return arena_check(&j->r->a, err);
	for (size_t i = 0; i < j->rec->n; i++) {
		const struct recorded_exchange *x = &j->rec->v[i];
		const struct http_response *out = x->response.status ? &x->response : NULL;
		struct talk *t = talk_with(j, x->server, err);
		struct hearing at = { .connection = x->connection,
				      .mono_ms = x->wall_ms,
				      .wall_ms = x->wall_ms };
		struct heard *h;

		if (!t)
			return -1;
		at.device_ms = x->wall_ms ? x->wall_ms + t->ahead_ms : 0;
		h = x->cut ? NULL : conversation_hear(&t->said, &at, &x->request);
		if (h)
			conversation_say(&t->said, h, out, 0,
					 out && out->status >= 200 && out->status < 400);
		learn_clock(t, x);
		j->now_ms = x->wall_ms > j->now_ms ? x->wall_ms : j->now_ms;
	}
	return 0;
}

static int judge_talks(struct judging *j, struct err *err)
{
	const struct conversation **all;

	if (listen_in(j, err))
		return -1;
	all = arena_array(&j->r->a, const struct conversation *, j->n_talk + 1);
	if (!all)
		return arena_check(&j->r->a, err);
	for (size_t i = 0; i < j->n_talk; i++)
		all[i] = &j->talk[i].said;
	client_run_watch(j->run, all, j->n_talk);
	return 0;
}

/* --- all --- */

static void drop(struct judging *j)
{
	client_run_free(j->run);
	for (size_t i = 0; i < j->n_talk; i++)
		conversation_free(&j->talk[i].said);
}

int recording_judge(const struct recording *rec, const struct client_options *o,
		    struct run_result *r, struct err *err)
{
	static const uint8_t seed[32] = { 1 };
	struct client_options own = *o;
	struct judging j DEFER(drop) = { .rec = rec, .o = &own, .r = r };
	const struct world world = { wall_then, wall_then, random_then, &j };

	own.recording = rec;
	own.soap = rec->soap || o->soap;
	own.command = own.told = own.calls = rec->by_path;
	own.one_url = !rec->by_path;
	own.marker = rec->run.n > 0;
	own.seed = rec->run.n ? rec->run : STR("0");
	own.origin = arena_concat(&r->a, STR("http://"), rec->v[0].server);
	own.other_origin = STR("http://elsewhere.invalid");
	rng_seed(&j.rng, seed);
	j.now_ms = rec->v[0].wall_ms;
	r->from_record = true;
	j.run = client_run_new(&own, &world, r, err);
	if (!j.run)
		return -1;
	if (rec->run.n)
		judge_cases(&j);
	else if (judge_talks(&j, err))
		return -1;
	client_run_end(j.run, false);
	r->exchanges = rec->n - rec->others;
	return arena_check(&r->a, err);
}

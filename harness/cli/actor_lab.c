#include "cli/actor_lab.h"

#include "base/mem.h"
#include "cli/lab.h"

#define ROUND_TRIP_MS 2
#define CASE_BYTES    (64u << 20) /* that one case may take of the actor's memory */

#define ORIGIN       STR("http://127.0.0.1:4711")
#define OTHER_ORIGIN STR("http://127.0.0.1:4712")

/* Between the actor and the play of one case. */
struct line {
	struct play *play;
	struct virtual_world *clock;
	uint64_t owing; /* the connection whose latest content was announced and not sent */
};

/* Where content is owed, octets are content, whatever the client means. */
static bool takes_as_content(struct line *l, struct arena *a, uint64_t connection,
			     const struct http_request *in, struct http_response *out)
{
	if (l->owing != connection)
		return false;
	l->owing = 0;
	play_content(l->play, connection, http_request_text(a, in));
	*out = (struct http_response){ .status = 400 };
	http_add(a, &out->fields, STR("Connection"), STR("close"));
	return true;
}

static enum head_answer head_over(void *ctx, struct arena *a, uint64_t connection, int origin,
				  const struct http_request *in, struct http_response *out)
{
	struct line *l = ctx;
	enum head_answer answer;

	if (takes_as_content(l, a, connection, in, out))
		return HEAD_FINAL;
	virtual_world_advance(l->clock, ROUND_TRIP_MS);
	answer = play_head(l->play, a, connection, origin, in, out);
	if (answer == HEAD_FINAL)
		l->owing = connection;
	return answer;
}

static int send_over(void *ctx, struct arena *a, uint64_t connection, int origin,
		     const struct http_request *in, struct http_response *out)
{
	struct line *l = ctx;
	enum device_answer answer;

	if (takes_as_content(l, a, connection, in, out))
		return 0;
	virtual_world_advance(l->clock, ROUND_TRIP_MS / 2);
	answer = play_request(l->play, a, connection, origin, in, out);
	virtual_world_advance(l->clock, ROUND_TRIP_MS / 2);
	return answer == DEVICE_ANSWERED ? 0 : -1;
}

/* The client is called for one case, as a command would be. */
static void call(const struct actor_lab *lab, const struct served *s, struct virtual_world *clock,
		 const struct world *world)
{
	struct arena a DEFER(arena_free);
	struct conversation *c = play_conversation(s->play);
	struct line line = { s->play, clock, 0 };
	struct actor_options o = { .fault = lab->fault,
				   .soap = lab->soap,
				   .told = c->told,
				   .origin = { ORIGIN, OTHER_ORIGIN },
				   .send = send_over,
				   .head = head_over,
				   .ctx = &line,
				   .world = world };

	arena_init(&a, CASE_BYTES);
	o.url = play_urls(s->play, &a, &o.n_url);
	c->command = true;
	c->status = actor_run(&o, &a);
}

static void drop_run(struct client_run **k)
{
	client_run_free(*k);
}

int actor_lab_run(const struct actor_lab *lab, struct run_result *r, struct err *err)
{
	struct virtual_world clock;
	struct world world;
	struct client_run *run DEFER(drop_run) = NULL;
	const struct client_options o = { .catalogue = lab->catalogue,
					  .profile = lab->profile,
					  .persona = lab->persona,
					  .soap = lab->soap,
					  .command = true,
					  .told = true,
					  .calls = true,
					  .of_recordings = true,
					  .known = lab->known,
					  .origin = ORIGIN,
					  .other_origin = OTHER_ORIGIN,
					  .seed = STR("countersign") };
	struct served *s;

	virtual_world_init(&clock, LAB_WALL_MS, 1);
	world = world_virtual(&clock);
	run = client_run_new(&o, &world, r, err);
	if (!run)
		return -1;
	while ((s = client_run_next(run))) {
		call(lab, s, &clock, &world);
		client_run_done(run, s);
	}
	client_run_end(run, false);
	return arena_check(&r->a, err);
}

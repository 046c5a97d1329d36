#include "cli/vectors_drive.h"

#include "cli/vectors_net.h"
#include "report/report.h"

#define SCRATCH_MAX (16u << 20)

/* The state of a drive.  Indexes are of vectors in the set. */
struct driver {
	struct drive *d;
	struct child child;
	bool running;
	struct net_server *server;     /* that the one in flight talks to */
	size_t next;                   /* first vector that was never sent */
	size_t flying[ADAPTER_WINDOW]; /* sent, in order, and not answered */
	size_t n_flying;
	size_t again[ADAPTER_WINDOW]; /* in flight when it failed: to be sent one at a time */
	size_t n_again;
	size_t row;       /* failures since the last answer */
	int64_t since_ms; /* of the last answer, or of the first request after it */
	size_t done;
};

static int64_t now_ms(const struct driver *r)
{
	return world_mono_ms(r->d->world);
}

static void count(struct driver *r)
{
	r->done++;
	if (r->d->progress)
		r->d->progress(r->d->ctx, r->done);
}

static void settle(struct driver *r, size_t i, enum vector_verdict verdict, struct str message)
{
	r->d->result[i] = (struct vector_result){ verdict, text_clean(r->d->keep, message, 400) };
	count(r);
}

static size_t op_index(const struct vector *v)
{
	return (size_t)(v->op - vector_ops);
}

static bool is_served(const struct driver *r, const struct vector *v)
{
	return r->d->hello.network && net_is_client(v->op);
}

/* Why the adapter cannot be asked this; .p NULL: it can. */
static struct str unaskable(struct driver *r, const struct vector *v)
{
	struct str why = { NULL, 0 };
	struct arena a;

	if (!r->d->hello.offers[op_index(v)])
		return STR("the adapter does not offer this operation");
	if (!is_served(r, v))
		return why;
	arena_init(&a, SCRATCH_MAX);
	why = net_unfit(&a, v); /* a literal */
	arena_free(&a);
	return why;
}

/* Pass over what is not selected and what the adapter cannot be asked. */
static bool has_next(struct driver *r)
{
	const struct vector_set *s = r->d->set;
	struct str why;

	for (; r->next < s->n; r->next++) {
		if (r->d->selected && !r->d->selected[r->next])
			continue;
		why = unaskable(r, &s->v[r->next]);
		if (!why.p)
			return true;
		settle(r, r->next, VECTOR_UNSUPPORTED, why);
	}
	return false;
}

/* --- failures --- */

static void stop_serving(struct driver *r)
{
	struct answer unused;
	struct arena a;

	arena_init(&a, SCRATCH_MAX);
	net_take(r->server, &a, &unused);
	r->server = NULL;
	arena_free(&a);
}

/* With one in flight it is known which one did it; with more they are asked again one by one. */
static void failed(struct driver *r, struct str what)
{
	child_stop(&r->child, false);
	stop_serving(r);
	r->running = false;
	r->row++;
	r->d->restarts++;
	if (r->n_flying == 1) {
		settle(r, r->flying[0], VECTOR_ERROR,
		       arena_fmt(r->d->keep, "the adapter %.*s", STR_ARG(what)));
	} else {
		/* What was to be sent again comes after these, which were sent before. */
		memmove(r->again + r->n_flying, r->again, r->n_again * sizeof(r->again[0]));
		memcpy(r->again, r->flying, r->n_flying * sizeof(r->again[0]));
		r->n_again += r->n_flying;
	}
	r->n_flying = 0;
}

static void give_up(struct driver *r, struct str why)
{
	for (size_t i = 0; i < r->n_again; i++)
		settle(r, r->again[i], VECTOR_ERROR, why);
	r->n_again = 0;
	for (; has_next(r); r->next++)
		settle(r, r->next, VECTOR_ERROR, why);
}

/* --- the handshake --- */

static int wait_line(struct driver *r, struct str *line, struct err *err)
{
	int64_t end_ms = now_ms(r) + r->d->timeout_ms;

	while (!child_line(&r->child, line)) {
		int64_t left_ms = end_ms - now_ms(r);

		if (left_ms <= 0)
			return err_set(err, ERR_TIMEOUT, "did not answer the hello within %d ms",
				       (int)r->d->timeout_ms);
		if (child_exchange(&r->child, left_ms, err))
			return -1;
	}
	return 0;
}

static int start(struct driver *r, struct err *err)
{
	struct adapter_hello hello;
	struct str line;

	if (child_start(&r->child, r->d->command, NULL, err))
		return -1;
	child_say(&r->child, STR("{\"hello\": 1, \"protocol\": 1}"));
	if (wait_line(r, &line, err) || adapter_hello_read(r->d->keep, line, &hello, err)) {
		child_stop(&r->child, false);
		return -1;
	}
	r->d->hello = hello;
	r->running = true;
	return 0;
}

/* --- requests and answers --- */

/* Over the network one at a time, each with a server of its own. */
static size_t window(const struct driver *r)
{
	return r->d->hello.network ? 1 : ADAPTER_WINDOW;
}

static int send_one(struct driver *r, size_t i, struct err *err)
{
	const struct vector *v = &r->d->set->v[i];
	struct str url = { NULL, 0 };
	struct arena a;
	int bad = 0;

	if (r->n_flying == 0)
		r->since_ms = now_ms(r);
	r->flying[r->n_flying++] = i;
	arena_init(&a, SCRATCH_MAX);
	if (is_served(r, v)) {
		r->server = net_serve(&a, v, &url, err);
		bad = r->server ? 0 : -1;
	}
	bad = bad || adapter_request(v, url, &r->child.to, err);
	arena_free(&a);
	return bad ? -1 : 0;
}

static int fill_window(struct driver *r, struct err *err)
{
	if (r->n_again) {
		size_t i = r->again[0];

		if (r->n_flying)
			return 0;
		r->n_again--;
		memmove(r->again, r->again + 1, r->n_again * sizeof(r->again[0]));
		return send_one(r, i, err);
	}
	while (r->n_flying < window(r) && has_next(r))
		if (send_one(r, r->next++, err))
			return -1;
	return 0;
}

/* Which of those in flight has this id?  n_flying: none. */
static size_t find_flying(const struct driver *r, struct str id)
{
	size_t k = 0;

	while (k < r->n_flying && !str_eq(r->d->set->v[r->flying[k]].id, id))
		k++;
	return k;
}

/* Answered before, then it is known whose fault it is; or nobody's id. */
static int unasked(struct driver *r, struct str id, struct err *err)
{
	const struct vector_set *s = r->d->set;

	for (size_t i = 0; i < s->n; i++)
		if (r->d->result[i].verdict != VECTOR_NONE && str_eq(s->v[i].id, id))
			r->d->result[i] =
				(struct vector_result){ VECTOR_ERROR,
							STR("the adapter answered this twice") };
	return err_set(err, ERR_PARSE, "answered what was not asked: id \"%.*s\"",
		       STR_ARG(str_sub(id, 0, 80)));
}

/* What was sent over the network, in place of what the adapter says of it. */
static int replace_answer(struct driver *r, struct arena *a, const struct vector *v,
			  struct answer *got, struct err *err)
{
	struct answer said = *got;
	struct str url = arena_str(a, got->url);
	size_t requests;

	if (got->kind == ANSWER_UNSUPPORTED || (!r->server && !url.n))
		return 0;
	if (!r->server)
		return net_ask(a, v, url, r->d->timeout_ms, r->d->world, got, err);
	requests = net_take(r->server, a, got);
	r->server = NULL;
	/* Its own words say more than that nothing came. */
	if (got->kind == ANSWER_REFUSED && said.kind == ANSWER_REFUSED)
		*got = said;
	else if (requests == 0)
		return err_set(err, ERR_IO, "the adapter asked for nothing");
	return 0;
}

static void judge(struct driver *r, struct arena *a, size_t i, struct answer *got, struct err *err)
{
	const struct vector *v = &r->d->set->v[i];
	struct vector_result *result = &r->d->result[i];

	got->own = r->d->hello.own;
	if (replace_answer(r, a, v, got, err) ||
	    (got->own ? net_judge : vector_judge)(a, r->d->keep, v, got, result, err))
		settle(r, i, VECTOR_ERROR, str(err->text));
	else
		count(r);
}

static int take_answer(struct driver *r, struct arena *a, struct str line, struct err *err)
{
	struct answer got;
	struct str id;
	size_t k;

	if (adapter_answer_read(a, line, &id, &got, err))
		return -1;
	k = find_flying(r, id);
	if (k == r->n_flying)
		return unasked(r, id, err);
	judge(r, a, r->flying[k], &got, err);
	stop_serving(r);
	r->n_flying--;
	memmove(r->flying + k, r->flying + k + 1, (r->n_flying - k) * sizeof(r->flying[0]));
	r->row = 0;
	r->since_ms = now_ms(r);
	return 0;
}

static int take_answers(struct driver *r, struct err *err)
{
	struct arena a;
	struct str line;
	int bad = 0;

	while (!bad && child_line(&r->child, &line)) {
		arena_init(&a, SCRATCH_MAX);
		bad = take_answer(r, &a, line, err);
		arena_free(&a);
	}
	return bad;
}

/* Something in flight, and nothing came for too long? */
static int check_time(const struct driver *r, int64_t *left_ms, struct err *err)
{
	*left_ms = r->since_ms + r->d->timeout_ms - now_ms(r);
	if (*left_ms > 0)
		return 0;
	return err_set(err, ERR_TIMEOUT, "did not answer within %d ms", (int)r->d->timeout_ms);
}

/* One turn.  What the adapter does wrong comes back as -1. */
static int turn(struct driver *r, struct err *err)
{
	int64_t left_ms;
	int bad;

	if (fill_window(r, err) || check_time(r, &left_ms, err))
		return -1;
	/* Answers that came before its end still count. */
	bad = child_exchange(&r->child, left_ms, err);
	return take_answers(r, bad ? &(struct err){ 0 } : err) || bad ? -1 : 0;
}

static void run(struct driver *r)
{
	struct err err = { 0 };

	while (r->n_again || r->n_flying || has_next(r)) {
		if (r->row >= ADAPTER_ROW_MAX) {
			give_up(r, STR("not asked: the adapter failed too often in a row"));
			return;
		}
		if (!r->running && start(r, &err)) {
			r->row++;
			child_stop(&r->child, false);
			continue;
		}
		if (turn(r, &err))
			failed(r, str(err.text));
	}
}

int vectors_drive(struct drive *d, struct err *err)
{
	struct driver r = { .d = d };

	if (start(&r, err)) {
		err->code = ERR_INPUT;
		return err_prefix(err, "--adapter %s", d->command);
	}
	run(&r);
	if (r.running)
		child_stop(&r.child, true);
	return arena_check(d->keep, err);
}

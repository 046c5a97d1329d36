/* A client under test as a command: run once for each vector, against a server of ours. */
#include "cli/vectors_drive.h"

#include "cli/vectors_net.h"
#include "report/report.h"

#include <sysexits.h>

#define SCRATCH_MAX    (16u << 20)
#define CLIENT_ROW_MAX 8 /* errors without an answer between, then it is given up */

/* One run of the command. */
struct client {
	struct drive *d;
	struct arena *a;
	const struct vector *v;
	struct child child;
	struct err end; /* how it ended; ERR_TIMEOUT: it did not */
};

/* --- what it is told --- */

/* The scheme is the beginning of the operation's name: basic, digest, usernametoken. */
static struct str scheme_of(const struct vector_op *op)
{
	struct str name = str(op->name);

	return str_cut(&name, '.');
}

static char **environment(struct client *c, struct str url)
{
	struct child_variable v[] = {
		{ "URL", url },
		{ "SCHEME", scheme_of(c->v->op) },
		{ "METHOD", vector_input(c->a, c->v, "method") },
		{ "USERNAME", vector_input(c->a, c->v, "username") },
		{ "PASSWORD", vector_input(c->a, c->v, "password") },
		{ "TYPE", vector_input(c->a, c->v, "type") },
	};

	if (!v[2].value.p)
		v[2].value = STR("GET");
	return child_environment(c->a, v, COUNT(v));
}

static bool has_nul(struct client *c, const char *input)
{
	return str_chr(vector_input(c->a, c->v, input), '\0') != (size_t)-1;
}

static struct str unfit(struct client *c)
{
	if (!net_is_client(c->v->op))
		return STR("a client is asked for answers only");
	if (has_nul(c, "username") || has_nul(c, "password"))
		return STR("a NUL cannot stand in a variable");
	return net_unfit(c->a, c->v);
}

/* --- its run --- */

/* The body goes to its input, which is closed then; what it prints is of no interest. */
static int turn(struct client *c, int64_t left_ms)
{
	struct child *child = &c->child;

	if (!child->to.n)
		child_end_input(child);
	buf_clear(&child->from);
	child->taken = 0;
	if (child_exchange(child, left_ms, &c->end) == 0)
		return 0;
	if (!child->pid)
		return -1;
	/* It reads no input, which is its right. */
	buf_clear(&child->to);
	return 0;
}

static void run(struct client *c)
{
	const struct world *w = c->d->world;
	int64_t end_ms = world_mono_ms(w) + c->d->timeout_ms;
	int64_t left_ms = c->d->timeout_ms;

	buf_str(&c->child.to, vector_input(c->a, c->v, "body"));
	while (left_ms > 0 && turn(c, left_ms) == 0)
		left_ms = end_ms - world_mono_ms(w);
	if (left_ms <= 0)
		err_set(&c->end, ERR_TIMEOUT, "did not end within %d ms", (int)c->d->timeout_ms);
	child_stop(&c->child, false);
}

/* --- what came of it --- */

static int judge(struct client *c, struct answer *got, size_t requests, int status,
		 struct vector_result *out, struct err *err)
{
	bool nothing = got->kind == ANSWER_REFUSED;

	if (nothing && status == EX_UNAVAILABLE) {
		got->kind = ANSWER_UNSUPPORTED;
		got->why = str(c->end.text);
	} else if (nothing && (requests == 0 || c->end.code == ERR_TIMEOUT)) {
		return err_set(err, ERR_IO, "the client %.*s, and %s", STR_ARG(got->why),
			       c->end.text);
	}
	return net_judge(c->a, c->d->keep, c->v, got, out, err);
}

static int ask(struct client *c, struct vector_result *out, struct err *err)
{
	struct answer got = { .kind = ANSWER_GIVEN };
	struct str url;
	struct net_server *server = net_serve(c->a, c->v, &url, err);
	char **told = server ? environment(c, url) : NULL;
	int started = told ? child_start(&c->child, c->d->command, told, err) : -1;
	size_t requests;

	if (started == 0)
		run(c);
	requests = net_take(server, c->a, &got);
	if (started)
		return -1;
	return judge(c, &got, requests, c->child.status, out, err);
}

/* The state of all runs. */
struct clients {
	struct drive *d;
	const struct vector_op *op; /* of the last */
	size_t row;                 /* errors of this operation without an answer between */
};

static struct vector_result one(struct clients *k, struct client *c, struct err *err)
{
	struct vector_result result = { .verdict = VECTOR_NONE };
	struct str why = unfit(c);

	if (why.p)
		return (struct vector_result){ VECTOR_UNSUPPORTED, why };
	if (k->op != c->v->op)
		k->row = 0;
	k->op = c->v->op;
	if (k->row == CLIENT_ROW_MAX)
		return (struct vector_result){
			VECTOR_ERROR, STR("not asked: the client failed too often in a row")
		};
	if (ask(c, &result, err))
		result = (struct vector_result){ VECTOR_ERROR, str(err->text) };
	k->row = result.verdict == VECTOR_ERROR ? k->row + 1 : 0;
	return result;
}

static void settle(struct clients *k, size_t i)
{
	struct arena a;
	struct client c = { .d = k->d, .a = &a, .v = &k->d->set->v[i] };
	struct vector_result result;
	struct err err = { 0 };

	arena_init(&a, SCRATCH_MAX);
	result = one(k, &c, &err);
	result.message = text_clean(k->d->keep, result.message, 400);
	k->d->result[i] = result;
	arena_free(&a);
}

/* "exec /usr/bin/curl --silent" is curl. */
static struct str program_of(struct str command)
{
	struct str name = str_word(&command);

	if (str_eq(name, STR("exec")))
		name = str_word(&command);
	while (str_chr(name, '/') != (size_t)-1)
		str_cut(&name, '/');
	return name;
}

int vectors_drive_client(struct drive *d, struct err *err)
{
	struct clients k = { .d = d };
	size_t done = 0;

	d->hello = (struct adapter_hello){ .name = program_of(str(d->command)), .network = true };
	for (size_t i = 0; i < d->set->n; i++) {
		if (d->selected && !d->selected[i])
			continue;
		settle(&k, i);
		if (d->progress)
			d->progress(d->ctx, ++done);
	}
	return arena_check(d->keep, err);
}

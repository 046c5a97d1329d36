/* client_exec.c - a client as a command: run once for each case. */
#include "cli/child.h"
#include "cli/client_lab.h"
#include "cli/interrupt.h"

#include <stdio.h>

#define SCRATCH_MAX (4u << 20)
#define LOOK_MS     200 /* between two looks at a signal */

struct run {
	struct arena a;
	struct conversation *said;
	struct str *url;
	size_t n_url;
	struct str urls; /* joined by blanks */
	struct str scheme;
	struct child child;
};

static void run_drop(struct run *r)
{
	arena_free(&r->a);
}

/* A word that the shell reads as it stands. */
static struct str quoted(struct arena *a, struct str s)
{
	struct buf out DEFER(buf_free);

	buf_init(&out, 1u << 20);
	buf_char(&out, '\'');
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '\'')
			buf_puts(&out, "'\\''");
		else
			buf_char(&out, s.p[i]);
	buf_char(&out, '\'');
	return arena_str(a, buf_view(&out));
}

/* All URLs, each a word of its own. */
static struct str quoted_urls(struct run *r)
{
	struct str all = STR("");

	for (size_t i = 0; i < r->n_url; i++)
		all = arena_fmt(&r->a, "%.*s%s%.*s", STR_ARG(all), i ? " " : "",
				STR_ARG(quoted(&r->a, r->url[i])));
	return all;
}

static struct str method_of(const struct run *r)
{
	const struct told *t = &r->said->told;

	if (t->method.p)
		return t->method;
	return t->body.p ? STR("POST") : STR("GET");
}

static struct str filled(struct run *r, const char *template)
{
	const struct {
		struct str mark, word;
	} marks[] = {
		{ STR("{url}"), quoted(&r->a, r->url[0]) },
		{ STR("{urls}"), quoted_urls(r) },
		{ STR("{user}"), quoted(&r->a, r->said->told.user) },
		{ STR("{password}"), quoted(&r->a, r->said->told.password) },
		{ STR("{method}"), quoted(&r->a, method_of(r)) },
		{ STR("{case}"), quoted(&r->a, r->said->variant->id) },
	};
	struct buf out DEFER(buf_free);
	struct str rest = str(template);

	buf_init(&out, 1u << 20);
	while (rest.n) {
		size_t i = 0;

		while (i < COUNT(marks) && !str_starts(rest, marks[i].mark))
			i++;
		if (i < COUNT(marks))
			buf_str(&out, marks[i].word);
		else
			buf_char(&out, rest.p[0]);
		rest = str_sub(rest, i < COUNT(marks) ? marks[i].mark.n : 1, rest.n);
	}
	return arena_str(&r->a, buf_view(&out));
}

static char **environment(struct run *r)
{
	const struct told *t = &r->said->told;
	const struct child_variable v[] = {
		{ "URL", r->url[0] },
		{ "URLS", r->urls },
		{ "SCHEME", r->scheme },
		{ "METHOD", method_of(r) },
		{ "USERNAME", t->user },
		{ "PASSWORD", t->password },
		{ "CASE", r->said->variant->id },
	};

	return child_environment(&r->a, v, COUNT(v));
}

/* It reads no input, or all of it; what it prints is of no interest but its last words. */
static void follow(struct run *r, int64_t timeout_ms, const struct world *world,
		   struct client_end *out)
{
	int64_t end_ms = world_mono_ms(world) + timeout_ms, left_ms = timeout_ms;
	struct err end = { 0 };
	struct str body = r->said->told.body;

	buf_str(&r->child.to, body.p ? body : STR(""));
	while (left_ms > 0 && !interrupted) {
		if (!r->child.to.n)
			child_end_input(&r->child);
		buf_clear(&r->child.from);
		r->child.taken = 0;
		if (child_exchange(&r->child, left_ms < LOOK_MS ? left_ms : LOOK_MS, &end)) {
			if (!r->child.pid)
				break;
			buf_clear(&r->child.to);
		}
		left_ms = end_ms - world_mono_ms(world);
	}
	out->timed_out = r->child.pid != 0;
	out->n_last = r->child.n_words;
	memcpy(out->last, r->child.words, r->child.n_words);
	child_stop(&r->child, false);
	out->status = r->child.status;
}

static int prepare(struct run *r, const struct served *served, struct err *err)
{
	arena_init(&r->a, SCRATCH_MAX);
	r->said = play_conversation(served->play);
	r->scheme = play_scheme(served->play);
	r->url = play_urls(served->play, &r->a, &r->n_url);
	for (size_t i = 0; i < r->n_url; i++)
		r->urls = arena_fmt(&r->a, "%.*s%s%.*s", STR_ARG(r->urls), i ? " " : "",
				    STR_ARG(r->url[i]));
	return arena_check(&r->a, err);
}

int client_exec(const char *template, const struct served *served, int64_t timeout_ms,
		const struct world *world, struct client_end *out, struct err *err)
{
	struct run r DEFER(run_drop) = { .n_url = 0 };
	char **told;
	struct str command;

	if (prepare(&r, served, err))
		return -1;
	command = filled(&r, template);
	told = environment(&r);
	if (arena_check(&r.a, err) || child_start(&r.child, command.p, told, err))
		return -1;
	*out = (struct client_end){ .status = -1 };
	follow(&r, timeout_ms, world, out);
	return 0;
}

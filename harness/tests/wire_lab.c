#include "wire_lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

void lab_open(struct lab *l, void (*script)(struct server *), const void *arg,
	      struct wire_options o)
{
	struct err err = { 0 };

	*l = (struct lab){ .world = world_real() };
	arena_init(&l->a, (size_t)64 * 1024 * 1024);
	server_start(&l->server, script, arg);
	if (!o.url.p)
		o.url = str(l->server.url);
	if (!o.connections)
		o.connections = 1;
	if (!o.timeout_ms)
		o.timeout_ms = LAB_TIMEOUT_MS;
	l->w = wire_http_new(&o, &l->world, &err);
	if (!l->w)
		fail_msg("%s", err.text);
}

void lab_close(struct lab *l)
{
	l->w->ops->free(l->w);
	server_stop(&l->server);
	arena_free(&l->a);
}

struct exchange *lab_exchange(struct lab *l, const char *method, const char *body)
{
	struct exchange *x = arena_new(&l->a, struct exchange);

	assert_non_null(x);
	x->a = &l->a;
	x->request.method = str(method);
	x->request.target = STR("/");
	x->request.body = str(body);
	return x;
}

void lab_field(struct exchange *x, const char *name, const char *value)
{
	http_add(x->a, &x->request.fields, str(name), str(value));
}

void lab_submit(struct lab *l, struct exchange *x)
{
	struct err err = { 0 };

	if (l->w->ops->submit(l->w, x, &err))
		fail_msg("submit: %s", err.text);
}

struct exchange *lab_next(struct lab *l)
{
	struct exchange *done;
	struct err err = { 0 };

	if (l->w->ops->next(l->w, (int64_t)2 * LAB_TIMEOUT_MS, &done, &err))
		fail_msg("next: %s", err.text);
	assert_non_null(done);
	return done;
}

void lab_send(struct lab *l, struct exchange *x)
{
	lab_submit(l, x);
	assert_ptr_equal(lab_next(l), x);
}

struct exchange *lab_post(struct lab *l, const char *body)
{
	struct exchange *x = lab_exchange(l, "POST", body);

	lab_send(l, x);
	return x;
}

void assert_str(struct str got, const char *want)
{
	if (!str_eq(got, str(want)))
		fail_msg("got \"%.*s\", want \"%s\"", STR_ARG(got), want);
}

bool has(struct str text, const char *part)
{
	return str_find(text, str(part)) != (size_t)-1;
}

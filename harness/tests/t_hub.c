/* One wait for wires to several targets. */
#include "wire_lab.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define LABS      5
#define OK_ANSWER "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

struct park {
	struct world world;
	struct wire_hub *hub;
	struct lab lab[LABS];
};

static void park_open(struct park *p, void (*script)(struct server *), struct wire_options o)
{
	struct err err = { 0 };

	p->world = world_real();
	p->hub = o.hub = wire_hub_new(&p->world, &err);
	assert_non_null(p->hub);
	for (size_t i = 0; i < LABS; i++)
		lab_open(&p->lab[i], script, NULL, o);
}

static void park_close(struct park *p)
{
	for (size_t i = 0; i < LABS; i++)
		lab_close(&p->lab[i]);
	wire_hub_free(p->hub);
}

/* What is finished on lab i by now, or NULL: does not wait. */
static struct exchange *done_of(struct park *p, size_t i)
{
	struct exchange *done = NULL;
	struct err err = { 0 };

	if (p->lab[i].w->ops->next(p->lab[i].w, 0, &done, &err))
		fail_msg("next: %s", err.text);
	return done;
}

/* Until want exchanges have finished; each lab's are counted in got. */
static void collect(struct park *p, size_t want, enum wire_fate fate, size_t got[LABS])
{
	struct err err = { 0 };
	const int64_t limit_ms = world_mono_ms(&p->world) + 2 * (int64_t)LAB_TIMEOUT_MS;

	while (want) {
		if (wire_hub_wait(p->hub, LAB_TIMEOUT_MS, &err))
			fail_msg("wait: %s", err.text);
		for (size_t i = 0; i < LABS; i++) {
			for (struct exchange *x; (x = done_of(p, i)) != NULL; want--) {
				assert_true(want > 0);
				assert_int_equal(x->fate, fate);
				assert_ptr_equal(x->owner, &p->lab[i]);
				got[i]++;
			}
		}
		assert_true(world_mono_ms(&p->world) < limit_ms);
	}
}

static void submit(struct park *p, size_t i, const char *body)
{
	struct exchange *x = lab_exchange(&p->lab[i], "POST", body);

	x->owner = &p->lab[i];
	lab_submit(&p->lab[i], x);
}

static void serve_all(struct server *s)
{
	int fd;

	while ((fd = server_accept(s)) >= 0) {
		while (server_read(s, fd) && server_send(s, fd, STR(OK_ANSWER)))
			;
		server_close(fd);
	}
}

/* Each wire gives back its own, on one connection that it keeps. */
static void every_wire_gets_its_own(void **state)
{
	struct park p;
	size_t got[LABS] = { 0 }, sum = 0;

	(void)state;
	park_open(&p, serve_all, (struct wire_options){ 0 });
	for (size_t i = 0; i < LABS; i++)
		for (size_t n = 0; n <= i; n++, sum++)
			submit(&p, i, "x");
	collect(&p, sum, WIRE_ANSWERED, got);
	for (size_t i = 0; i < LABS; i++)
		assert_int_equal(got[i], i + 1);
	park_close(&p);
	for (size_t i = 0; i < LABS; i++)
		assert_int_equal(p.lab[i].server.accepted, 1);
}

static void serve_silent(struct server *s)
{
	const int fd = server_accept(s);

	server_read(s, fd);
	server_wait_closed(fd);
}

/* The timers of all run at once: a wire's time-out is not told by another's sockets. */
static void silent_targets_time_out(void **state)
{
	struct park p;
	size_t got[LABS] = { 0 };

	(void)state;
	park_open(&p, serve_silent, (struct wire_options){ .timeout_ms = 30 });
	for (size_t i = 0; i < LABS; i++)
		submit(&p, i, "x");
	collect(&p, LABS, WIRE_TIMEOUT, got);
	for (size_t i = 0; i < LABS; i++)
		assert_int_equal(got[i], 1);
	park_close(&p);
}

/* No answer before all requests of this target are here: more sockets than a hub has at first. */
#define MANY 16

static void serve_together(struct server *s)
{
	int fd[MANY];

	for (size_t i = 0; i < COUNT(fd); i++) {
		fd[i] = server_accept(s);
		server_read(s, fd[i]);
	}
	for (size_t i = COUNT(fd); i-- > 0;)
		server_send(s, fd[i], STR(OK_ANSWER));
	for (size_t i = 0; i < COUNT(fd); i++)
		server_wait_closed(fd[i]);
}

static void many_sockets_are_waited_for(void **state)
{
	struct park p;
	size_t got[LABS] = { 0 };

	(void)state;
	assert_true(LABS * MANY > 64);
	park_open(&p, serve_together, (struct wire_options){ .connections = MANY });
	for (size_t n = 0; n < MANY; n++)
		for (size_t i = 0; i < LABS; i++)
			submit(&p, i, "x");
	collect(&p, (size_t)LABS * MANY, WIRE_ANSWERED, got);
	for (size_t i = 0; i < LABS; i++)
		assert_int_equal(got[i], MANY);
	park_close(&p);
}

/* A wire that goes in mid-transfer takes its sockets along, and the others go on. */
static void a_wire_leaves(void **state)
{
	struct park p;
	size_t got[LABS] = { 0 };
	struct err err = { 0 };

	(void)state;
	park_open(&p, serve_all, (struct wire_options){ 0 });
	for (size_t i = 0; i < LABS; i++)
		submit(&p, i, "x");
	assert_int_equal(wire_hub_wait(p.hub, LAB_TIMEOUT_MS, &err), 0);
	lab_close(&p.lab[2]);
	lab_open(&p.lab[2], serve_all, NULL, (struct wire_options){ .hub = p.hub });
	submit(&p, 2, "anew");
	collect(&p, LABS, WIRE_ANSWERED, got);
	for (size_t i = 0; i < LABS; i++)
		assert_int_equal(got[i], 1);
	park_close(&p);
}

static void an_idle_hub_waits_no_longer_than_told(void **state)
{
	struct park p;
	struct err err = { 0 };

	(void)state;
	park_open(&p, serve_all, (struct wire_options){ 0 });
	assert_int_equal(wire_hub_wait(p.hub, 0, &err), 0);
	assert_int_equal(wire_hub_wait(p.hub, -5, &err), 0); /* poll would wait for ever */
	for (size_t i = 0; i < LABS; i++)
		assert_null(done_of(&p, i));
	park_close(&p);
	wire_hub_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_wire_gets_its_own),
		cmocka_unit_test(silent_targets_time_out),
		cmocka_unit_test(many_sockets_are_waited_for),
		cmocka_unit_test(a_wire_leaves),
		cmocka_unit_test(an_idle_hub_waits_no_longer_than_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

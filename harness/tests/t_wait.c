/* Waiting for a device, on a clock that moves only when told to. */
#include "cli/wait.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <cmocka.h>

/* What becomes of each request in turn; the last one of a script is repeated. */
struct step {
	enum wire_fate fate;
	int status;
	int64_t takes_ms;
	const char *why;
};

struct fake {
	struct wire wire;
	struct virtual_world clock;
	const struct step *step;
	size_t n, at;
	struct exchange *x;
	int64_t ready_ms;
	int64_t asked_ms[64];
	size_t asked;
	volatile sig_atomic_t signal;
	int64_t signal_ms; /* 0: none */
};

static int fake_submit(struct wire *w, struct exchange *x, struct err *err)
{
	struct fake *f = (struct fake *)w;

	(void)err;
	assert_null(f->x);
	assert_true(str_eq(x->request.method, STR("GET")));
	assert_true(str_eq(x->request.target, STR("/onvif")));
	assert_int_equal(x->request.fields.n, 0); /* no credentials */
	assert_true(f->asked < COUNT(f->asked_ms));
	f->asked_ms[f->asked++] = f->clock.mono_ms;
	f->x = x;
	f->ready_ms = f->clock.mono_ms + f->step[f->at].takes_ms;
	return 0;
}

static int fake_next(struct wire *w, int64_t timeout_ms, struct exchange **done, struct err *err)
{
	struct fake *f = (struct fake *)w;
	int64_t until = f->clock.mono_ms + timeout_ms;

	(void)err;
	assert_true(timeout_ms > 0);
	*done = NULL;
	if (f->x && f->ready_ms <= until) {
		const struct step *s = &f->step[f->at];

		virtual_world_advance(&f->clock, f->ready_ms - f->clock.mono_ms);
		f->x->fate = s->fate;
		f->x->response.status = s->status;
		snprintf(f->x->why, sizeof(f->x->why), "%s", s->why ? s->why : "");
		*done = f->x;
		f->x = NULL;
		f->at += f->at + 1 < f->n;
	} else {
		virtual_world_advance(&f->clock, timeout_ms);
	}
	f->signal = f->signal_ms && f->clock.mono_ms >= f->signal_ms;
	return 0;
}

static void fake_free(struct wire *w)
{
	(void)w;
}

static const struct wire_ops fake_ops = { fake_submit, fake_next, fake_free };

static void run(struct fake *f, struct wait *w, FILE *log)
{
	struct wait_options o = { STR("/onvif"), 120000, 1000, &f->signal, log };
	struct world world = world_virtual(&f->clock);
	struct err err = { 0 };

	f->wire.ops = &fake_ops;
	if (wait_for(w, &f->wire, &world, &o, &err))
		fail_msg("%s", err.text);
}

#define FAKE(steps)                                                                                \
	struct fake f = { .step = (steps), .n = COUNT(steps) };                                    \
	struct wait w DEFER(wait_free) = { 0 };                                                    \
	(void)state;                                                                               \
	virtual_world_init(&f.clock, 0, 1);                                                        \
	f.clock.mono_ms = 5000

static void any_answer_ends_it(void **state)
{
	static const struct step steps[] = { { WIRE_ANSWERED, 500, 30, NULL } };
	FAKE(steps);

	run(&f, &w, NULL);
	assert_true(w.answered);
	assert_string_equal(w.saw, "500 Internal Server Error");
	assert_int_equal(w.tries, 1);
	assert_int_equal(w.took_ms, 30);
}

/* Refused at once, then no answer for five seconds, then octets that are no HTTP, then 401. */
static void a_device_that_boots_is_waited_for(void **state)
{
	static const struct step steps[] = {
		{ WIRE_CLOSED, 0, 0, "Connection refused" },
		{ WIRE_CLOSED, 0, 0, "Connection refused" },
		{ WIRE_TIMEOUT, 0, 5000, "nothing in 5 s" },
		{ WIRE_MALFORMED, 0, 10, "no status line" },
		{ WIRE_ANSWERED, 401, 20, NULL },
	};
	static const int64_t when[] = { 5000, 6000, 7000, 13000, 14010 };
	char text[500];
	FILE *log = tmpfile();
	FAKE(steps);

	assert_non_null(log);
	run(&f, &w, log);
	assert_true(w.answered);
	assert_string_equal(w.saw, "401 Unauthorized");
	assert_int_equal(w.tries, 5);
	assert_int_equal(w.took_ms, 9030);
	assert_int_equal(f.asked, COUNT(when));
	assert_memory_equal(f.asked_ms, when, sizeof(when));
	rewind(log);
	text[fread(text, 1, sizeof(text) - 1, log)] = '\0';
	assert_int_equal(fclose(log), 0);
	assert_string_equal(text, "     0.0 s  closed: Connection refused\n"
				  "     7.0 s  timeout: nothing in 5 s\n"
				  "     8.0 s  malformed: no status line\n");
}

static void the_time_ends(void **state)
{
	static const struct step steps[] = { { WIRE_UNRESOLVED, 0, 2500, "no such host" } };
	FAKE(steps);

	run(&f, &w, NULL);
	assert_false(w.answered);
	assert_string_equal(w.saw, "unresolved: no such host");
	assert_int_equal(w.tries, 35); /* 3.5 s each, the last from 119 s on */
	assert_int_equal(w.took_ms, 120000);
}

/* A request that is under way at the end is not waited for. */
static void the_end_is_kept_to_in_mid_request(void **state)
{
	static const struct step steps[] = { { WIRE_CLOSED, 0, 0, "refused" },
					     { WIRE_TIMEOUT, 0, 1000000, "?" } };
	FAKE(steps);

	run(&f, &w, NULL);
	assert_false(w.answered);
	assert_string_equal(w.saw, "closed: refused"); /* the last thing that is known */
	assert_int_equal(w.took_ms, 120000);
	assert_int_equal(w.tries, 2);
}

static void silence_is_told(void **state)
{
	static const struct step steps[] = { { WIRE_TIMEOUT, 0, 1000000, "?" } };
	FAKE(steps);

	run(&f, &w, NULL);
	assert_false(w.answered);
	assert_string_equal(w.saw, "no answer yet");
	assert_int_equal(w.took_ms, 120000);
}

static void a_signal_ends_it(void **state)
{
	static const struct step steps[] = { { WIRE_CLOSED, 0, 0, "refused" } };
	FAKE(steps);

	f.signal_ms = 7300; /* in a pause */
	run(&f, &w, NULL);
	assert_false(w.answered);
	assert_int_equal(w.tries, 3);
	assert_true(f.clock.mono_ms < 7300 + 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_answer_ends_it),
		cmocka_unit_test(a_device_that_boots_is_waited_for),
		cmocka_unit_test(the_time_ends),
		cmocka_unit_test(the_end_is_kept_to_in_mid_request),
		cmocka_unit_test(silence_is_told),
		cmocka_unit_test(a_signal_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

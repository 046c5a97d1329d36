#include "cli/transcript.h"

#include "cli/lab.h"
#include "report/report.h"

#include <stdio.h>

#define RUN_ARENA_MAX (256u << 20)
#define STEPS_SHOWN   6
#define OCTETS_SHOWN  2000 /* of one request */

static void print_octets(struct arena *a, struct str octets)
{
	struct str rest = text_clean(a, octets, OCTETS_SHOWN);

	while (rest.n) {
		struct str line = str_trim(str_cut(&rest, '\n'));

		printf("    %.*s\n", STR_ARG(line));
	}
}

static void print_steps(struct arena *a, const struct persona *p, const struct variant_result *v)
{
	size_t shown = 0;

	printf("\nAs sent for %.*s to the reference device (persona %s):\n",
	       STR_ARG(v->variant->id), p->name);
	for (size_t i = 0; i < v->n_step && shown < STEPS_SHOWN; i++, shown++) {
		const struct step_result *s = &v->step[i];

		printf("\n  %s: %.*s\n", s->role, STR_ARG(s->summary));
		print_octets(a, s->sent);
		printf("    => %d %s\n", s->status, outcome_name(s->outcome));
	}
	if (shown < v->n_step)
		printf("\n  ... and %zu more\n", v->n_step - shown);
}

static bool show_on(const struct catalogue *c, const struct suite_case *one,
		    const struct persona *p)
{
	struct lab lab = { .catalogue = c,
			   .profile = lab_everything(),
			   .device = { .persona = p },
			   .engine = { .only = { one->id },
				       .n_only = 1,
				       .risk = RISK_UNSAFE,
				       .no_marker = true,
				       .keep_octets = true } };
	struct run_result r = { 0 };
	struct err err = { 0 };
	bool shown = false;

	arena_init(&r.a, RUN_ARENA_MAX);
	if (!lab_run(&lab, &r, &err) && r.n_variant && r.variant[0].n_step) {
		print_steps(&r.a, p, &r.variant[0]);
		shown = true;
	}
	arena_free(&r.a);
	return shown;
}

void transcript_print(const struct catalogue *c, const struct suite_case *one)
{
	for (const struct persona *p = personas; p->name; p++)
		if (show_on(c, one, p))
			return;
}

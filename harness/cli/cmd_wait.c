#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/wait.h"

#include <inttypes.h>
#include <stdio.h>

#define TRY_MS 5000 /* an answer that takes longer is none: a device that boots drops packets */

static int report(const struct options *o, const struct wait *w)
{
	FILE *f = w->answered ? stdout : stderr;

	if (w->answered && o->quiet)
		return EXIT_GOOD;
	fprintf(f, "%s%.*s %s: %s, after %" PRId64 ".%" PRId64 " s and %d request%s\n",
		w->answered ? "" : "countersign: ", STR_ARG(o->operand[0]),
		w->answered ? "answers" : "does not answer", w->saw, w->took_ms / 1000,
		w->took_ms % 1000 / 100, w->tries, w->tries == 1 ? "" : "s");
	if (w->answered)
		return EXIT_GOOD;
	return interrupted ? EXIT_INTERRUPTED : EXIT_INCONCLUSIVE;
}

int cmd_wait(const struct cli *cli)
{
	const struct options *o = &cli->o;
	struct wire_options how = { .url = o->operand[0],
				    .timeout_ms = o->timeout_ms < TRY_MS ? o->timeout_ms : TRY_MS,
				    .connections = 1,
				    .ca_file = o->cacert.p,
				    .insecure = o->insecure };
	const struct world real = world_real();
	struct wait w DEFER(wait_free) = { 0 };
	struct url_parts url;
	struct err err = { 0 };
	struct wire *wire;
	int bad;

	if (url_parse(o->operand[0], &url, &err))
		return cli_fail(&err);
	wire = wire_http_new(&how, &real, &err);
	if (!wire)
		return cli_fail(&err);
	interrupt_catch();
	bad = wait_for(&w, wire, &real,
		       &(struct wait_options){ .target = url.target,
					       .timeout_ms = o->timeout_ms,
					       .interval_ms = o->interval_ms,
					       .interrupted = &interrupted,
					       .log = o->quiet ? NULL : stdout },
		       &err);
	wire->ops->free(wire);
	return bad ? cli_fail(&err) : report(o, &w);
}

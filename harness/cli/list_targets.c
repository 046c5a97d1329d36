#include "cli/coverage.h"
#include "cli/inventory.h"
#include "cli/list_targets.h"
#include "cli/target.h"

#include "report/report.h"

#include <stdio.h>

#define LIST_ARENA_MAX (256u << 20)

/* What a run would make of the section; what the arguments of that run have to say is NULL. */
static int line_of(const struct inventory *v, const struct inventory_device *d,
		   struct inventory_line *out, struct err *err)
{
	struct device_options built_in;
	const char *profile = str_eq(d->o.kind, STR("http")) ? "rfc7616" : "onvif-core";

	*out = (struct inventory_line){
		.place = { d->name, d->vendor, d->model, (int)(d - v->device) + 1, (int)v->n },
		.profile = d->o.profile,
	};
	if (!d->host.p) {
		if (target_device(&built_in, &d->o, err))
			return err_prefix(err, "%.*s:%d: [%.*s]", STR_ARG(v->file), d->line,
					  STR_ARG(d->name));
		out->kind = built_in.persona->soap ? STR("onvif") : STR("http");
		profile = built_in.persona->profile;
	} else {
		out->url = d->o.operand[0];
		out->user = d->o.user_given ? d->o.user : (struct str){ 0 };
		out->kind = d->o.kind_given ? d->o.kind : (struct str){ 0 };
	}
	if (!out->profile.p && out->kind.p)
		out->profile = str(profile);
	return 0;
}

static void print_line(const struct inventory_line *line)
{
	struct str kind = line->kind.p ? line->kind : STR("onvif");
	struct str profile = line->profile.p ? line->profile : STR("onvif-core");

	printf("%-20.*s %-6.*s %-20.*s %.*s\n", STR_ARG(line->place.device), STR_ARG(kind),
	       STR_ARG(profile), STR_ARG(line->url.p ? line->url : STR("built-in")));
}

int list_targets(const struct options *o, struct err *err)
{
	struct arena a DEFER(arena_free);
	struct options *base;
	struct inventory v;
	size_t n = 0;

	arena_init(&a, LIST_ARENA_MAX);
	base = arena_new(&a, struct options);
	if (!base)
		return arena_check(&a, err);
	/* The globs are no URLs, and what a run is not told it takes for what it usually is. */
	if (options_init(base, CMD_RUN, err))
		return -1;
	base->profile = o->profile;
	if (inventory_read(&a, o->targets, base, &v, err))
		return -1;
	for (size_t i = 0; i < v.n; i++) {
		struct inventory_line line;

		if (!list_wanted(o, v.device[i].name))
			continue;
		n++;
		if (line_of(&v, &v.device[i], &line, err))
			return -1;
		if (!o->as_json)
			print_line(&line);
		else if (report_inventory_line(stdout, &line, err))
			return -1;
	}
	if (!n)
		return err_set(err, ERR_INPUT, "no device matches");
	return 0;
}

#include "cli/device_park.h"

#include "cli/inventory.h"
#include "cli/target.h"

#include <stdio.h>

#define PARK_MAX (256u << 20)

struct parked {
	struct device *d;
	struct device_server *server;
};

struct park {
	struct arena a;
	struct inventory inventory;
	struct parked *v;
	size_t n; /* that were started */
};

static void drop_park(struct park *p)
{
	for (size_t i = 0; i < p->n; i++) {
		device_server_stop(p->v[i].server);
		device_free(p->v[i].d);
	}
	arena_free(&p->a);
}

/* As an inventory that countersign run takes; its passwords are known to everybody. */
static void print_section(const struct inventory_device *d, const struct device_options *o,
			  struct str url)
{
	struct str profile = d->o.profile.p ? d->o.profile : str(o->persona->profile);

	printf("[%.*s]\nurl = %.*s\nuser = %.*s\nkind = %s\nprofile = %.*s\n\n", STR_ARG(d->name),
	       STR_ARG(url), STR_ARG(persona_user(o->persona)), o->persona->soap ? "onvif" : "http",
	       STR_ARG(profile));
}

static int start(struct park *p, const struct inventory_device *d, const struct options *o,
		 const struct world *world, struct err *err)
{
	struct parked *at = &p->v[p->n];
	struct device_options options;
	struct str url;

	if (d->host.p)
		return err_set(err, ERR_INPUT, "%.*s:%d: [%.*s]: a url, expected a persona only",
			       STR_ARG(p->inventory.file), d->line, STR_ARG(d->name));
	if (target_device(&options, &d->o, err))
		return err_prefix(err, "%.*s:%d: [%.*s]", STR_ARG(p->inventory.file), d->line,
				  STR_ARG(d->name));
	at->d = device_new(&options, world, err);
	if (!at->d)
		return -1;
	p->n++;
	at->server = device_server_start(at->d, o->listen, &p->a, &url, err);
	if (!at->server)
		return -1;
	print_section(d, &options, url);
	return 0;
}

int device_park(const struct cli *cli, const struct world *world, struct err *err)
{
	struct park p DEFER(drop_park) = { .n = 0 };
	const struct options *o = &cli->o;
	sigset_t set;
	int number;

	if (o->persona.p || o->fault.n)
		return err_set(err, ERR_INPUT,
			       "--targets goes without --persona and --fault: they are entries of "
			       "the inventory");
	device_block_signals(&set);
	arena_init(&p.a, PARK_MAX);
	if (inventory_read(&p.a, o->targets, o, &p.inventory, err))
		return -1;
	p.v = arena_array(&p.a, struct parked, p.inventory.n);
	if (!p.v)
		return arena_check(&p.a, err);
	for (size_t i = 0; i < p.inventory.n; i++)
		if (start(&p, &p.inventory.device[i], o, world, err))
			return -1;
	puts("; end");
	fflush(stdout);
	sigwait(&set, &number);
	return 0;
}
